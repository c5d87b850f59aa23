"""Reads JSON bodies: the one place that knows what can be wrong with them. Does not know their content."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

Content = TypeVar("Content")


def read(body: bytes, form: Callable[[Any], Content]) -> Content | None:
    """The result of `form` for the JSON of a body; None if it is malformed: respond with 400."""
    try:
        return form(json.loads(body))
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return None

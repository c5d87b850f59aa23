"""Reading what was posted as JSON: the one place that knows what can be wrong with it. Not what is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

Content = TypeVar("Content")


def read(body: bytes, form: Callable[[Any], Content]) -> Content | None:
    """What `form` takes from the JSON of a body; None when it is not JSON or has another form: answer with 400."""
    try:
        return form(json.loads(body))
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return None

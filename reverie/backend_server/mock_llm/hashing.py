"""Choices that look random and are not: the same texts give the same choice, in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")


def number(below: int, *seed: object) -> int:
    """A whole number from 0 to `below` - 1."""
    text = "\x1f".join(map(str, seed))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") % below


def choose(options: Sequence[Option], *seed: object) -> Option:
    """One of the options. Raises ValueError when there are none."""
    if not options:
        raise ValueError("nothing to choose from")
    return options[number(len(options), *seed)]

"""Choices that look random but are deterministic: the same texts give the same choice in every process."""

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
    """One of the options."""
    return options[number(len(options), *seed)]


def rating(statement: str, name: str) -> int:
    """The poignancy of a statement, 1 to 10: low for objects and chores, higher for people, high for talks and news."""
    if "“" in statement or "conversing" in statement:
        return 4 + number(3, statement, name)
    if statement[:1].islower():
        return 1
    return (1 if statement.startswith(name) else 2) + number(2, statement, name)

"""Errors in a user's files, collected so that all can be reported at once.

Knows nothing about towns or people: a fault is a file, a place in it, what is wrong there and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """One error, in words for the person who wrote the file."""

    file: str
    where: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.file}: {self.where}: {self.wrong}. {self.remedy}{end}"


class BuildRefused(ValueError):
    """Nothing was built. `faults` contains every reason found; the text lists them, one per line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class FaultBook:
    """The faults noted in one file so far."""

    file: Path
    faults: list[Fault] = field(default_factory=list)

    def note(self, where: str, wrong: str, remedy: str) -> None:
        """Record one fault; both sentences without their period."""
        self.faults.append(Fault(str(self.file), where, wrong, remedy))


def refuse_if_any(*books: FaultBook) -> None:
    """Raise BuildRefused with the faults of all books, if there are any."""
    faults = [fault for book in books for fault in book.faults]
    if faults:
        raise BuildRefused(faults)


def nearest(word: str, known: Iterable[str]) -> str:
    """The remedy for a misspelled name: the known one that was probably meant, or all known ones."""
    choices = list(known)
    close = difflib.get_close_matches(word, choices, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known are: {', '.join(choices) or 'none'}"

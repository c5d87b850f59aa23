"""Reading a TOML file field by field: what is missing, mistyped or unknown becomes a fault, not an exception.

Knows TOML and types, not what the fields mean.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from build_faults import FaultBook, nearest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MISSING = object()


class Table:
    """One TOML table. Fields are taken by name and type; `close` notes those nobody asked for."""

    def __init__(self, entries: dict[str, Any], where: str, book: FaultBook) -> None:
        self.where = where
        self._entries = entries
        self._book = book
        self._asked: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        """The text of a field, blanks around it removed; "" (and a fault) when it is missing or empty."""
        value = self._take(key, str, "a text", _MISSING if default is None else default)
        if key in self._entries and value is not _MISSING and not value.strip():
            self._book.note(self.where, f"`{key}` is empty", "Write a text or remove the line")
        return "" if value is _MISSING else value.strip()

    def number(self, key: str, default: int | None = None, least: int = 0) -> int:
        """The whole number of a field; `least` (and a fault) when it is missing, not whole or too small."""
        value = self._take(key, int, "a whole number", _MISSING if default is None else default)
        if not isinstance(value, int):
            return least
        if value < least:
            self._book.note(self.where, f"`{key}` is {value}", f"Write a number of at least {least}")
        return value

    def flag(self, key: str) -> bool:
        """True or false; a missing field is false."""
        return bool(self._take(key, bool, "true or false", False))

    def moment(self, key: str) -> datetime | None:
        """A TOML date and time without a time zone; None (and a fault) when it is anything else."""
        value = self._take(key, datetime, "a date and time such as 2024-03-04T07:00:00", _MISSING)
        if not isinstance(value, datetime):
            return None
        if value.tzinfo is not None:
            self._book.note(self.where, f"`{key}` has a time zone", "Write it without: towns have one clock")
        return value

    def clock(self, key: str) -> str:
        """A time of day, "HH:MM"; "" when it is missing (or, with a fault, anything else)."""
        text = self.text(key, "")
        if not text or re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text):
            return text
        self._book.note(self.where, f"`{key}` is {text!r}", 'Write a time of day such as "06:30"')
        return ""

    def texts(self, key: str, default: list[str] | None = None) -> list[str]:
        """A list of texts; a missing field is `default`."""
        return [text.strip() for text in self._list(key, str, "texts", default or [])]

    def point(self, key: str) -> tuple[int, int]:
        """A pair `[x, y]`; (0, 0) (and a fault) when it is none."""
        pair = self._list(key, int, "two whole numbers, [x, y]", _MISSING)
        if len(pair) == 2:
            return pair[0], pair[1]
        if pair:
            self._book.note(self.where, f"`{key}` is {pair}", "Write two whole numbers: [x, y]")
        return 0, 0

    def names(self, key: str) -> dict[str, str]:
        """A table of sign = "name"; fields that are not texts are noted and left out."""
        table = self._take(key, dict, "a table", {})
        for sign, name in table.items():
            if not isinstance(name, str) or not name.strip():
                self._book.note(self.where, f"`{key}`: {sign} names nothing", f'Write {sign} = "its name"')
        return {sign: name.strip() for sign, name in table.items() if isinstance(name, str) and name.strip()}

    def table(self, key: str) -> Table:
        """The table of that name; empty (and a fault) when it is missing."""
        entries = self._take(key, dict, "a table", _MISSING)
        return Table({} if entries is _MISSING else entries, f"[{key}]", self._book)

    def tables(self, key: str) -> list[Table]:
        """The tables written as [[key]], named by their `name` or their number."""
        entries = self._list(key, dict, f"tables, each begun by [[{key}]]", _MISSING)
        return [
            Table(entry, f"{key} {entry.get('name') or number}", self._book) for number, entry in enumerate(entries, 1)
        ]

    def close(self) -> None:
        """Note every field that was never asked for: most are misspelt."""
        for key in self._entries:
            if key not in self._asked:
                self._book.note(
                    self.where,
                    f"`{key}` is not known here",
                    f"Check the spelling: {nearest(key, self._asked)}",
                )

    def _take(self, key: str, kind: type, kind_name: str, default: Any) -> Any:
        self._asked.append(key)
        if key not in self._entries:
            if default is _MISSING:
                self._book.note(self.where, f"`{key}` is missing", f"Add it: {kind_name}")
            return default
        value = self._entries[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self._book.note(self.where, f"`{key}` is {value!r}", f"Write {kind_name}")
            return default
        return value

    def _list(self, key: str, kind: type, kind_name: str, default: Any) -> list[Any]:
        values = self._take(key, list, f"a list of {kind_name}", default)
        if values is _MISSING:
            return []
        fitting = [value for value in values if isinstance(value, kind) and not isinstance(value, bool)]
        if len(fitting) < len(values):
            self._book.note(self.where, f"`{key}` is {values!r}", f"Write a list of {kind_name}")
        return fitting


def read_toml(book: FaultBook) -> Table | None:
    """The table of the whole file; None, with the reason noted in `book`, when it cannot be read."""
    try:
        return Table(tomllib.loads(_text_of(book.file)), "file", book)
    except FileNotFoundError:
        book.note("file", "it does not exist", "Check the path")
    except OSError as error:
        book.note("file", f"it cannot be read ({error.strerror})", "Check the path and its permissions")
    except UnicodeDecodeError as error:
        book.note("file", f"byte {error.start} is not UTF-8", "Save the file with the encoding UTF-8")
    except tomllib.TOMLDecodeError as error:
        book.note("file", f"it is not TOML ({error})", "Fix that line; https://toml.io shows the form")
    return None


def _text_of(file: Path) -> str:
    """TOML knows no byte order mark, Windows editors write one."""
    return file.read_text(encoding="utf-8-sig")

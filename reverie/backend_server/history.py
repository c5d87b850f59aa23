"""A history CSV: what an inner voice tells the personas before a simulation starts.

Knows the form (`Name,Whisper`, whispers separated by `;`) and where such files lie; nothing of what becomes of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import utils
from storage import StorageError

HEADER = ["Name", "Whisper"]


class HistoryError(StorageError):
    """The CSV cannot be used; the text says in which line, and what is wrong."""


def read(name: str, personas: Sequence[str]) -> dict[str, list[str]]:
    """The whispers of each persona, from `<maze>/<file>.csv` below the folder of the worlds.

    Raises:
        HistoryError: no such file, another header, an unknown persona, no whisper at all; nothing is read then.
    """
    try:
        with _file(name).open(encoding="utf-8-sig", newline="") as stream:
            whispers = _whispers(name, csv.reader(stream), personas)
    except (csv.Error, OSError, UnicodeDecodeError) as error:
        raise HistoryError(f"{name} cannot be read as a CSV file in UTF-8 ({error}).") from error
    if not whispers:
        raise HistoryError(f"{name} holds no whispers.")
    return whispers


def _file(name: str) -> Path:
    worlds = (Path(utils.__file__).resolve().parent / utils.maze_assets_loc).resolve()
    file = (worlds / name).resolve()
    if not file.is_relative_to(worlds) or file.suffix.lower() != ".csv":
        raise HistoryError(f"{name!r} is no CSV file of a world; give <maze>/<file>.csv, seen from {worlds}.")
    if not file.is_file():
        known = ", ".join(sorted(found.relative_to(worlds).as_posix() for found in worlds.glob("*/*.csv")))
        raise HistoryError(f"There is no file {name!r} in {worlds}. There: {known or 'none'}.")
    return file


def _whispers(name: str, rows: Iterable[list[str]], personas: Sequence[str]) -> dict[str, list[str]]:
    numbered = ((number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row))
    line, header = next(numbered, (1, []))
    if [cell.strip() for cell in header] != HEADER:
        raise HistoryError(f"{name}, row {line}: the header must be {','.join(HEADER)}, is {','.join(header)!r}.")
    whispers: dict[str, list[str]] = {}
    for line, (person, *cells) in numbered:
        if person.strip() not in personas:
            known = ", ".join(personas)
            raise HistoryError(f"{name}, row {line}: there is no persona {person.strip()!r}; there are: {known}.")
        for text in _separated(cells):
            whispers.setdefault(person.strip(), []).append(text)
    return whispers


def _separated(cells: Sequence[str]) -> list[str]:
    """The whispers in a row; a comma in them need not be quoted, since nothing comes after them."""
    texts = (text.strip() for text in ",".join(cells).split(";"))
    return [text for text in texts if text]

"""A history CSV: what an inner voice tells the personas before a simulation starts.

Knows the form (`Name,Whisper`, whispers separated by `;`) and where such files lie; nothing of what becomes of them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import utils
from storage import StorageError

COLUMNS = ("Name", "Whisper")


class HistoryError(StorageError):
    """The CSV cannot be used; the text says in which line, and what is wrong."""


def read(name: str, personas: Sequence[str]) -> dict[str, list[str]]:
    """The whispers of each persona, from `<maze>/<file>.csv` below the folder of the worlds.

    Raises:
        HistoryError: no such file, a missing column, an unknown persona; nothing is read then.
    """
    file = _file(name)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, skipinitialspace=True)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise HistoryError(f"{name}, line 1: the column {missing[0]!r} is missing; the header is Name,Whisper.")
        return _whispers(name, rows, personas)


def _file(name: str) -> Path:
    worlds = (Path(utils.__file__).resolve().parent / utils.maze_assets_loc).resolve()
    file = (worlds / name).resolve()
    if not file.is_relative_to(worlds) or file.suffix.lower() != ".csv":
        raise HistoryError(f"{name!r} is no CSV file of a world; give <maze>/<file>.csv, seen from {worlds}.")
    if not file.is_file():
        raise HistoryError(f"There is no file {name!r} in {worlds}.")
    return file


def _whispers(name: str, rows: csv.DictReader, personas: Sequence[str]) -> dict[str, list[str]]:
    whispers: dict[str, list[str]] = {}
    for row in rows:
        person = (row["Name"] or "").strip()
        if person not in personas:
            known = ", ".join(personas)
            raise HistoryError(f"{name}, line {rows.line_num}: there is no persona {person!r}; there are: {known}.")
        texts = [text.strip() for text in (row["Whisper"] or "").split(";")]
        whispers.setdefault(person, []).extend(text for text in texts if text)
    return whispers

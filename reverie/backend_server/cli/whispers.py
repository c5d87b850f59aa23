"""A history CSV: whispers to the personas, usually given before a simulation starts.

Knows the format (`Name,Whisper`, whispers separated by `;`) and where such files are, but not what whispers become.
Errors in a file name the line, as an editor counts lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import utils
from saves.text_files import UnusableFile, read_text

HEADER = ["Name", "Whisper"]
_HINT_ON_QUOTES = "Close each quotation mark, and write one within quoted text twice."


def read(name: str, personas: Sequence[str]) -> dict[str, list[str]]:
    """The whispers of each persona, from `<maze>/<file>.csv` below the folder of the worlds.

    Raises:
        UnusableFile: no such file, not UTF-8, a wrong header, an unknown persona, a row without a whisper column, an
            unclosed quote, or no whisper at all; then no whisper is used.
    """
    whispers = _whispers(name, _rows(name, read_text(_file(name), name, "CSV")), personas)
    if not whispers:
        raise UnusableFile(f"{name} contains no whispers.")
    return whispers


def separated(text: str) -> list[str]:
    """The whispers in a text, split at semicolons."""
    return [whisper for part in text.split(";") if (whisper := part.strip())]


def _file(name: str) -> Path:
    worlds = (Path(utils.__file__).resolve().parent / utils.maze_assets_loc).resolve()
    file = (worlds / name).resolve()
    if not file.is_relative_to(worlds) or file.suffix.lower() != ".csv":
        raise UnusableFile(f"{name!r} is not a CSV file of a world: give <maze>/<file>.csv, relative to {worlds}.")
    if not file.is_file():
        known = ", ".join(sorted(found.relative_to(worlds).as_posix() for found in worlds.glob("*/*.csv")))
        raise UnusableFile(f"There is no file {name!r} in {worlds}. Available: {known or 'none'}.")
    return file


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells) of each row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnusableFile(f"{name}, line {line}: {error}. {_HINT_ON_QUOTES}") from error


def _whispers(name: str, rows: Iterator[tuple[int, list[str]]], personas: Sequence[str]) -> dict[str, list[str]]:
    line, header = next(rows, (1, []))
    if [cell.strip().casefold() for cell in header] != [cell.casefold() for cell in HEADER]:
        raise UnusableFile(f"{name}, line {line}: the header must be {','.join(HEADER)}, not {','.join(header)!r}.")
    whispers: dict[str, list[str]] = {}
    for line, (first, *cells) in rows:
        person = first.strip()
        if person not in personas:
            known = ", ".join(personas)
            raise UnusableFile(f"{name}, line {line}: there is no persona {person!r}. Available: {known}.")
        if not cells:
            raise UnusableFile(f"{name}, line {line}: a comma and a whisper are missing after {person}.")
        # A comma in a whisper need not be quoted: the whisper is the last column.
        for whisper in separated(",".join(cells)):
            whispers.setdefault(person, []).append(whisper)
    return whispers

"""Reads lists: JSON, python text, numbered or bulleted lines, tables, "1) a 2) b", and commas as a last resort.

It knows how rows are told apart; it must not know what a row means.
"""

from __future__ import annotations

import re
from typing import Any

from .answer import (
    COMMENT_KEYS,
    DEEPEST,
    Unreadable,
    check_answered,
    check_no_error,
    key_of,
    plain,
    said,
    shown,
)
from .json_text import json_values
from .phrases import BOLD, MARKER, RULE, SENTENCE_END, is_heading, phrase, unended

# A number that opens a row inside a line: " 2) ", ", 3. ".
INNER_NUMBER = re.compile(r"(?<![\w:.])(\d{1,2})[.)）](?:(?=[^\s\d])| (?=\S))")
TIME_KEYS = frozenset({"time", "start", "when", "hour", "at", "starttime"})
# What parts the items of a list on one line.
COMMAS = re.compile(r"\s*[,;，；]\s*(?:and (?=\w))?")


def lines(value: Any) -> list[str]:
    """The rows of a list, each a clean phrase, in order; at least one. Headings and lead-ins are dropped.

    A single line without numbers or bullets is split into its sentences, or at its commas when it is only one.
    Raises Unreadable when there is no row.
    """
    rows = texts(value)
    if len(rows) == 1 and not isinstance(listed(value), list):
        rows = [row for part in _parts(rows[0]) if (row := unended(phrase(part)))] or rows
    return rows


def texts(value: Any) -> list[str]:
    """The rows of a list as clean phrases, never split at commas; at least one. Raises Unreadable when none."""
    found = listed(value)
    if isinstance(found, dict):
        found = [f"{key}: {item}" for key, item in found.items()] if _is_mapping(found) else [found]
    rows = [_item_text(item) for item in found] if isinstance(found, list) else raw_rows(found)
    rows = [clean for row in rows if (clean := unended(phrase(row)))]
    if not rows:
        raise Unreadable(f"a list is needed, was {shown(value)}")
    return rows


def items(value: Any) -> list[Any]:
    """The rows of a list as they came, some of them objects; [] when there is no list of any."""
    try:
        found = listed(value)
    except Unreadable:
        return []
    rows = list(found.values()) if isinstance(found, dict) and _is_mapping(found) else found
    rows = [rows] if isinstance(rows, dict) else rows
    return rows if isinstance(rows, list) and any(isinstance(row, dict) for row in rows) else []


def listed(value: Any, depth: int = DEEPEST) -> list | dict | str:
    """The list itself, out of any JSON around it; a lone object or a text when there is no list.

    Raises Unreadable for None, blanks, refusals and failed calls.
    """
    if isinstance(value, str):
        text = plain(value)
        found = next(json_values(text), None)
        if found is None or not depth:
            check_answered(text)
            return text
        return listed(found, depth - 1)
    if isinstance(value, dict):
        check_no_error(value)
        inner = _inner_list(value)
        return value if inner is None or not depth else listed(inner, depth - 1)
    return value if isinstance(value, list) else said(value)


def raw_rows(text: str) -> list[str]:
    """The rows of a text as they stand, with their numbers and bullets; headings and lead-ins dropped."""
    found = _without_header(text.split("\n"))
    kept = [line for line in found if line.strip() and not is_heading(line)]
    if len(kept) > 1:
        kept = [line for line in kept if not _is_bold(line)] or kept
    return [row for line in _marked(_joined(kept)) for row in _numbered_inside(line)]


def cells(row: str) -> list[str]:
    """The cells of a table's row; one cell when the row is no table's."""
    return [cell for part in row.split("|") if (cell := part.strip())]


def _parts(row: str) -> list[str]:
    """The sentences of a row, or what its commas divide when it is one statement."""
    ends = [end.end() for end in SENTENCE_END.finditer(row)]
    if ends and ends[0] < len(row):
        return [row[start:end] for start, end in zip([0, *ends], [*ends, len(row)], strict=True)]
    return [row] if row.endswith(("?", "？", "!", "！")) else COMMAS.split(row)


def _inner_list(answer: dict) -> list | dict | str | None:
    """The list in a wrapper such as {"tasks": [...]} or {"output": "1. ..."}; None when the object is a row."""
    if _is_mapping(answer):
        return None
    values = [value for key, value in answer.items() if key_of(key) not in COMMENT_KEYS] or list(answer.values())
    lists = [value for value in values if isinstance(value, list) and value]
    if lists and any(isinstance(value, str) for value in values):
        lists = [value for value in lists if any(isinstance(item, (dict, list)) for item in value)]
    if len(lists) > 1 and len(lists) == len(values):
        return None
    if lists:
        return lists[0]
    return values[0] if len(values) == 1 and isinstance(values[0], (str, dict)) else None


def _is_mapping(answer: dict) -> bool:
    """Whether the object maps times or numbers to rows ({"07:00": "wake up"})."""
    return bool(answer) and all(re.match(r"\W*\d", str(key)) for key in answer)


def _item_text(item: Any) -> str:
    if isinstance(item, dict):
        return _row_text(item)
    try:
        return said(item)
    except Unreadable:
        return ""


def _row_text(row: dict) -> str:
    """An object's row as text: "wake up at 07:00" of {"time": "07:00", "activity": "wake up"}."""
    values = {key_of(key): _item_text(value) for key, value in row.items() if key_of(key) not in COMMENT_KEYS}
    text = next((value for key, value in values.items() if key not in TIME_KEYS and value), "")
    time = next((value for key, value in values.items() if key in TIME_KEYS and value), "")
    return f"{text} at {time}" if text and time and time not in text else text or time


def _without_header(found: list[str]) -> list[str]:
    """A table's header is the row above its rule; both are dropped."""
    rules = {at for at, line in enumerate(found) if "|" in line and "-" in line and RULE.fullmatch(line)}
    return [line for at, line in enumerate(found) if at not in rules and at + 1 not in rules]


def _is_bold(line: str) -> bool:
    line = line.strip()
    return line.startswith(("**", "__")) and line.endswith(("**", "__")) and len(BOLD.findall(line)) == 2


def _joined(found: list[str]) -> list[str]:
    """A line that begins with a bracket goes on with the one before it: "(duration in minutes: 5)"."""
    rows: list[str] = []
    for line in found:
        if rows and line.lstrip().startswith(("(", "（")) and not MARKER.match(line.strip()):
            rows[-1] += " " + line.strip()
        else:
            rows.append(line)
    return rows


def _marked(found: list[str]) -> list[str]:
    """Where rows are numbered or bulleted, the lines around them are talk, but for a first row without its 1."""
    marks = [bool(MARKER.match(line.strip())) for line in found]
    if sum(marks) < 2:
        return found
    first = marks.index(True)
    lost_first = first > 0 and re.match(r"\W?2\D", found[first].strip())
    return [line for at, line in enumerate(found) if marks[at] or (lost_first and at == first - 1)]


def _numbered_inside(line: str) -> list[str]:
    """The rows of "1) a 2) b"; also without the 1, as when the question ended with it."""
    numbers = _numbers_in_turn(line)
    if len(numbers) < 2 and not (numbers and int(numbers[0][1]) == 2 and numbers[0].start() > 0):
        return [line]
    cuts = [0, *(found.start() for found in numbers), len(line)]
    return [line[start:end] for start, end in zip(cuts, cuts[1:], strict=False) if line[start:end].strip()]


def _numbers_in_turn(line: str) -> list[re.Match[str]]:
    """The numbers that count up from 1 or 2; others ("at 6. ") are content."""
    in_turn: list[re.Match[str]] = []
    for found in INNER_NUMBER.finditer(line):
        if int(found[1]) in ((int(in_turn[-1][1]) + 1,) if in_turn else (1, 2)):
            in_turn.append(found)
    return in_turn

"""Lists: JSON, numbered or bulleted lines, tables, "1) a 2) b", and commas as a last resort.

It knows how rows are separated; it must not know what a row means.
"""

from __future__ import annotations

import re
from typing import Any

from .phrases import BOLD, MARKER, RULE, SENTENCE_END, is_heading, phrase, unended
from .text import (
    COMMENT_KEYS,
    DEEPEST,
    ParseError,
    check_answered,
    check_no_error,
    key_of,
    opened,
    said,
    said_or_blank,
    shown,
)

# A number that opens a row inside a line: " 2) ", ", 3. ".
_INNER_NUMBER = re.compile(r"(?<![\w:.])(\d{1,2})[.)）](?:(?=[^\s\d])| (?=\S))")
# The separators of the items of a list on one line.
_COMMAS = re.compile(r"\s*[,;，；、،؛]\s*(?:and (?=\w))?")


def lines(value: Any) -> list[str]:
    """The rows of a list, each a clean phrase, in order; at least one. Headings and lead-ins are dropped.

    A single line without numbers or bullets is split into its sentences, or at its commas if it is only one.
    Raises ParseError if there is no row.
    """
    found = listed(value)
    if isinstance(found, dict):
        found = list(found.values())
    rows = _phrases(raw_rows(found) if isinstance(found, str) else map(said_or_blank, found))
    if len(rows) == 1 and isinstance(found, str):
        rows = _phrases(_parts(rows[0])) or rows
    if not rows:
        raise ParseError(f"a list is needed, was {shown(value)}")
    return rows


def listed(value: Any, depth: int = DEEPEST) -> list[Any] | dict[str, Any] | str:
    """The list itself, without any JSON around it; a single object or a text if there is no list.

    Raises ParseError for None, blanks, refusals and failed calls.
    """
    value = opened(value)
    if isinstance(value, dict):
        check_no_error(value)
        inner = _inner_list(value)
        return value if inner is None or not depth else listed(inner, depth - 1)
    if isinstance(value, str):
        check_answered(value)
        return value
    return value if isinstance(value, list) else said(value)


def raw_rows(text: str) -> list[str]:
    """The unchanged rows of a text, with their numbers and bullets; headings and lead-ins dropped."""
    kept = [line for line in _without_header(text.split("\n")) if line.strip() and not is_heading(line)]
    return [row for line in _marked(_joined(kept)) for row in _numbered_inside(line)]


def _phrases(rows: Any) -> list[str]:
    return [clean for row in rows if (clean := unended(phrase(row)))]


def _parts(row: str) -> list[str]:
    """The sentences of a row, or the parts between its commas if it is one statement."""
    ends = [end.end() for end in SENTENCE_END.finditer(row)]
    if ends and ends[0] < len(row):
        return [row[start:end] for start, end in zip([0, *ends], [*ends, len(row)], strict=True)]
    return [row] if row.endswith(("?", "？", "؟", "!", "！")) else _COMMAS.split(row)


def _inner_list(answer: dict[str, Any]) -> list[Any] | dict[str, Any] | str | None:
    """The list in a wrapper such as {"tasks": [...]} or {"output": "1. ..."}; None if the object is a row."""
    if answer and all(re.match(r"\W*\d", str(key)) for key in answer):  # {"07:00": "wake up"}
        return None
    values = [value for key, value in answer.items() if key_of(key) not in COMMENT_KEYS] or list(answer.values())
    lists = [value for value in values if isinstance(value, list) and value]
    if len(lists) == 1 and (len(values) == 1 or any(isinstance(item, (dict, list)) for item in lists[0])):
        return lists[0]
    return values[0] if len(values) == 1 and isinstance(values[0], (str, dict)) else None


def _without_header(found: list[str]) -> list[str]:
    """A table's header is the row above its rule; both are dropped."""
    rules = {at for at, line in enumerate(found) if "|" in line and "-" in line and RULE.fullmatch(line)}
    return [line for at, line in enumerate(found) if at not in rules and at + 1 not in rules]


def _joined(found: list[str]) -> list[str]:
    """Joins a line that begins with a bracket to the one before it: "(duration in minutes: 5)"."""
    rows: list[str] = []
    for line in found:
        if rows and line.lstrip().startswith(("(", "（")) and not MARKER.match(line.strip()):
            rows[-1] += " " + line.strip()
        else:
            rows.append(line)
    return rows


def _marked(found: list[str]) -> list[str]:
    """If rows are numbered or bulleted, drops the lines around them, except a first row without its 1."""
    marks = [bool(MARKER.match(BOLD.sub("", line).strip())) for line in found]
    if sum(marks) < 2:
        return found
    first = marks.index(True)
    lost_first = first > 0 and re.match(r"\W?2\D", found[first].strip())
    return [line for at, line in enumerate(found) if marks[at] or (lost_first and at == first - 1)]


def _numbered_inside(line: str) -> list[str]:
    """The rows of "1) a 2) b" with consecutive numbers; even without the 1, if the question ended with it."""
    numbers: list[re.Match[str]] = []
    for found in _INNER_NUMBER.finditer(line):
        if int(found[1]) in ((int(numbers[-1][1]) + 1,) if numbers else (1, 2)):
            numbers.append(found)
    if len(numbers) < 2 and not (numbers and int(numbers[0][1]) == 2 and numbers[0].start() > 0):
        return [line]
    cuts = [0, *(found.start() for found in numbers), len(line)]
    return [line[start:end] for start, end in zip(cuts, cuts[1:], strict=False) if line[start:end].strip()]

"""What somebody has done, seen and planned, told with when it was: `This morning I was tuning a fiddle.`

Knows memories and the time it is; nothing of a talk or of whom it is told to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from mock_llm.prompt import Remembered, clocks, date_text
from mock_llm.statements import is_person, planned

_SEEN = re.compile(r"(?P<who>[^\W\da-z_][^(]*?) is (?P<activity>\w+ing\b[^(]*)\((?P<task>\w+ing\b[^)]*)\)")
_ROW = re.compile(r"(?P<what>\w+ing\b.*) at (?P<hour>noon|\d[\d:]*[ap]m)$")
_HOUSEHOLD = re.compile(
    r"(?:getting|winding|having|eating|cooking|sleeping|resting|spending|taking|sitting|meeting|shopping|tidying|joining)\b"
)
_I_WAS = {
    "just now": "I was just",
    "this morning": "This morning I was",
    "earlier today": "Earlier today I was",
    "yesterday": "Yesterday I was",
    "lately": "Lately I have been",
}
_JUST, _NOON = 60, 12 * 60
_LATELY_DAYS = 3


def doings(name: str, memories: Iterable[Remembered], now: datetime | None) -> list[str]:
    """What `name` has done, the latest first."""
    return [f"{_I_WAS[when]} {task}." for who, when, task in _seen(memories, now) if who == name]


def sightings(names: tuple[str, str], memories: Iterable[Remembered], now: datetime | None) -> list[str]:
    """Where others than these two were today or yesterday, the latest first."""
    seen = [found for found in _seen(memories, now) if found[0] not in names and is_person(found[0])]
    return [f"I saw {who} {when}, {task}." for who, when, task in seen if when != "lately"]


def plans(memories: Iterable[Remembered], now: datetime | None) -> list[str]:
    """What is planned for the rest of the day, as far as a plan is remembered; nothing that everybody does."""
    if now is None:
        return []
    plans_ = filter(None, (planned(memory.text) for memory in memories))
    rows = [_ROW.match(row) for day, rows in plans_ if day == date_text(now.date()) for row in rows]
    ahead = [row for row in rows if row and clocks(row["hour"])[:1] > [_minute(now)]]
    return [f"At {row['hour']} I'll be {row['what']}." for row in ahead if not _HOUSEHOLD.match(row["what"])]


def _seen(memories: Iterable[Remembered], now: datetime | None) -> list[tuple[str, str, str]]:
    """(who, when, what) of what people did, as far as it may still be told; the latest first."""
    found = []
    for memory in memories:
        seen = _SEEN.match(memory.text)
        if seen and (when := _when(memory, now, bool(_HOUSEHOLD.match(seen["activity"])))):
            found.append((seen["who"], when, seen["task"]))
    return list(dict.fromkeys(reversed(found)))


def _when(memory: Remembered, now: datetime | None, is_household: bool) -> str:
    """How one says when something was; empty for what is past telling."""
    if now is None or memory.day is None or memory.minute is None:
        return "" if is_household else "lately"
    days = (now.date() - memory.day).days
    if days == 0 and _minute(now) - memory.minute <= _JUST:
        return "just now"
    if is_household or days > _LATELY_DAYS:
        return ""
    if days == 0:
        return "this morning" if memory.minute < _NOON <= _minute(now) else "earlier today"
    return "yesterday" if days == 1 else "lately"


def _minute(now: datetime) -> int:
    return now.hour * 60 + now.minute

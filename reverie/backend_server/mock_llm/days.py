"""Days: the usual day in the prompt, with the appointments of the date; and the rest of a day after a conversation.

Knows rows of minutes. A person's habits come from the prompt: its usual day, else the hours in the daily requirement,
in any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from mock_llm import appointments
from mock_llm.appointments import Appointment, the
from mock_llm.choices import choose
from mock_llm.prompt import Prompt, Row, clock, mentioned, times, without_times

_AT_HOME = re.compile(r"\b(?:home|house|bed|ready)\b")
_MEAL = re.compile(r"\b(?:lunch|dinner|supper|breakfast)\b")
# Activities without a place, and where they may take place.
_KINDS = (
    (re.compile(r"\b(?:walk|break)\b"), re.compile(r"\b(?:park|gardens?|green|square|pond)\b", re.I)),
    (re.compile(r"\b(?:errands?|shopping)\b"), re.compile(r"\b(?:grocery|shop|store|market)\b", re.I)),
    (_MEAL, re.compile(r"\b(?:cafe|café|bakery|pub|inn|restaurant|kettle)\b", re.I)),
)
_ONCE = re.compile(r"(?:will meet|wants? to go|wanting to go) ")  # on a single day, not on usual ones
_CLAUSE = re.compile(r"[,;.，；。、،]\s*|\band ")
_LONGEST, _FREE, _SHORTEST = 240, 90, 15


def day_plan(prompt: Prompt) -> dict[str, Any]:
    """Getting up, the hours, going to sleep."""
    rows: list[Row] = []
    for row in prompt.rows or _made(prompt):
        if rows and _ONCE.match(row.activity):
            rows[-1] = rows[-1]._replace(end=row.end)
        else:
            rows.append(row._replace(activity=_placed(row, rows, prompt)))
    schedule = _with(appointments.due(prompt, prompt.places), rows)
    return {"wake_up": clock(rows[0].start), "schedule": schedule, "sleep": clock(_told(prompt, "sleep", rows[-1].end))}


def refilled(prompt: Prompt) -> list[dict[str, str]]:
    """The plan for the time to fill, from its start on, with the appointments in it."""
    start, end = prompt.span
    rows = [row._replace(start=max(row.start, start)) for row in prompt.rows if row.end > start and row.start < end]
    if not rows or rows[0].start > start:
        rows.insert(0, Row(start, rows[0].start if rows else end, "taking a short break"))
    places = [found[1] for row in rows if (found := re.search(r" at (?:the )?([^(]+)", row.activity))]
    return _with(appointments.due(prompt, places), rows)


def _with(due: Sequence[Appointment], rows: Sequence[Row]) -> list[dict[str, str]]:
    """The rows with the appointments inserted; rows that become too short are left out."""
    merged = _merged([*rows, *(Row(a.start, a.end, a.activity) for a in due)], rows[0].start, rows[-1].end)
    kept = [row for row in merged if row.activity and (row.end - row.start >= _SHORTEST or not due)]
    return [{"start": clock(row.start), "activity": row.activity} for row in kept or rows]


def _merged(rows: Sequence[Row], first: int, last: int) -> list[Row]:
    """The minutes from first to last, later entries over earlier ones; free time has an empty activity."""
    day = [""] * last
    for start, end, activity in rows:
        start, end = max(start, first), min(end, last)
        day[start:end] = [activity] * max(0, end - start)
    found, at = [], first
    for activity, minutes in groupby(day[first:]):
        found.append(Row(at, at := at + len(list(minutes)), activity))
    return found


def _placed(row: Row, before: Sequence[Row], prompt: Prompt) -> str:
    """The activity with the name of a place: the one it means, one of its kind, or the last place, at work."""
    activity = row.activity
    named = mentioned(activity, prompt.places)
    if activity.startswith("opening ") and named and row.end - row.start > 60:
        return f"working at {the(named)}"
    if named or _AT_HOME.search(activity) or not activity.isascii():
        return activity
    for place in prompt.places:
        meant = rf"\bthe {re.escape(place.split(' ')[-1].lower())}\b"
        if re.search(meant, activity):
            return re.sub(meant, the(place), activity, count=1)
    kind = next((places for words, places in _KINDS if words.search(activity)), None)
    if fitting := [place for place in prompt.places if kind and kind.search(place)]:
        return f"{activity} at {the(choose(fitting, prompt.name, prompt.today, row.start // 240))}"
    done = (mentioned(row.activity, prompt.places) for row in reversed(before) if not _MEAL.search(row.activity))
    worked = next(filter(None, done), "") if not kind else ""
    return f"{activity} at {the(worked) if worked else 'home'}"


def _made(prompt: Prompt) -> Iterator[Row]:
    """A day from the hours in the identity sheet: habits, and between them meals and time at known places."""
    lifestyle = times(prompt.sheet("Lifestyle"))
    up = _told(prompt, "wake_up", next((minute for minute in lifestyle if 240 <= minute < 720), 420))
    bed = _told(prompt, "sleep", next((minute for minute in lifestyle if minute >= 1200), 1380))
    bed = bed if bed >= up + 480 else 1440
    lunch, dinner = max(up + 60, 720), min(1080, bed - 90)
    frame = [Row(up, up + 30, "getting ready for the day at home"), Row(up + 30, up + 60, "having breakfast at home")]
    frame += [Row(lunch, lunch + 45, "having lunch"), Row(dinner, dinner + 45, "having dinner at home")]
    frame += [Row(bed - 45, bed, "winding down at home")]
    public = [place for place in prompt.places if place != prompt.home[0] and "'s house" not in place]
    places = [place for place in public if place in prompt.sheet("Daily requirement")] or public or ["home"]
    for row in _merged([*frame, *_habits(prompt, up + 60, bed - 45)], up, bed):
        step = _LONGEST if row.activity else _FREE
        for start in range(row.start, row.end, step):
            free = f"spending time at {the(choose(places, prompt.name, prompt.today, start))}"
            yield Row(start, min(start + step, row.end), row.activity or free)


def _habits(prompt: Prompt, first: int, last: int) -> Iterator[Row]:
    """The clauses of the daily requirement that name an hour; each lasts an hour, or until the next hour it names."""
    for clause in _CLAUSE.split(prompt.sheet("Daily requirement")):
        hours = [minute for minute in times(clause) if first <= minute < last]
        activity = without_times(clause.removeprefix(prompt.name).strip())
        if hours and activity:
            end = hours[1] if len(hours) > 1 and hours[1] > hours[0] else hours[0] + 60
            yield Row(hours[0], min(end, last), activity)


def _told(prompt: Prompt, field: str, otherwise: int) -> int:
    """The usual hour of a field, according to the form of the answer."""
    found = re.search(rf'"{field}": .*, usually (\d\d):(\d\d)', prompt.text)
    return int(found[1]) * 60 + int(found[2]) if found else otherwise

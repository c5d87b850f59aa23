"""Days: the usual one that the prompt tells, with the appointments of the date; and the rest of one after a talk.

Knows rows of minutes. What somebody usually does comes from the prompt: its usual day, else the hours in the daily
requirement, in whatever language it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from mock_llm import appointments
from mock_llm.appointments import Appointment, the
from mock_llm.hashing import choose
from mock_llm.prompt import Prompt, Row, clock, times, without_times

_USUALLY = r'"{}": .*, usually (\d\d):(\d\d)'
_AT_HOME = re.compile(r"\b(?:home|house|bed|ready|winding down)\b")
_OUT = re.compile(r"\b(?:walk|break)")
_GREEN = re.compile(r"\b(?:park|gardens?|green|square|meadow|pond)\b", re.IGNORECASE)
_FOOD = re.compile(r"\b(?:cafe|café|bakery|pub|inn|restaurant|diner|tea|kettle)\b", re.IGNORECASE)
_MEAL = re.compile(r"\b(?:lunch|dinner|supper|breakfast)\b")
_SHOP = re.compile(r"\b(?:grocery|shop|store|market)\b", re.IGNORECASE)
_ERRAND = re.compile(r"\b(?:errands?|shopping|buying)\b")
_KINDS = ((_OUT, _GREEN), (_ERRAND, _SHOP), (_MEAL, _FOOD))
_DATED = re.compile(r"(?:will meet|wants? to go to|wanting to go to) ")
_CLAUSE = re.compile(r"[,;.，；。、،]\s*|\band ")
_LONGEST, _FREE, _SHORTEST = 240, 90, 15
_MORNING, _NIGHT = range(4 * 60, 12 * 60), 20 * 60


def day_plan(prompt: Prompt) -> dict[str, Any]:
    """Getting up, the hours, going to sleep."""
    rows = prompt.rows or list(_made(prompt))
    up, last = rows[0].start, rows[-1].end
    asleep = _usually(prompt, "sleep")
    placed: list[Row] = []
    for row in rows:
        if placed and _DATED.match(row.activity):
            placed[-1] = placed[-1]._replace(end=row.end)
        else:
            placed.append(row._replace(activity=_placed(row, placed, prompt)))
    due = appointments.due(prompt, appointments.texts_of(prompt), prompt.places)
    return {
        "wake_up": clock(up),
        "schedule": _schedule(placed, due),
        "sleep": clock(last if asleep is None else asleep),
    }


def refilled(prompt: Prompt) -> list[dict[str, str]]:
    """What was planned for the time to fill, from its start on, with the appointments that fall into it."""
    start, end = prompt.span
    rows = [row._replace(start=max(row.start, start)) for row in prompt.rows if row.end > start and row.start < end]
    if not rows or rows[0].start > start:
        rows.insert(0, Row(start, rows[0].start if rows else end, "taking a short break"))
    places = [found[1] for row in rows if (found := re.search(r" at (?:the )?([^(]+)", row.activity))]
    return _schedule(rows, appointments.due(prompt, appointments.texts_of(prompt), places))


def _schedule(rows: Sequence[Row], due: Sequence[Appointment]) -> list[dict[str, str]]:
    """The rows with the appointments in their place; what is too short to begin is left out."""
    first, last = rows[0].start, rows[-1].end
    day = [""] * last
    for start, end, activity in [*rows, *((a.start, a.end, a.activity) for a in due)]:
        start, end = max(start, first), min(end, last)
        day[start:end] = [activity] * max(0, end - start)
    found: list[tuple[int, str]] = []
    at = first
    for activity, minutes in groupby(day[first:]):
        length = len(list(minutes))
        if activity and (length >= _SHORTEST or not due or not found):
            found.append((at, activity))
        at += length
    return [{"start": clock(start), "activity": activity} for start, activity in found]


def _placed(row: Row, before: Sequence[Row], prompt: Prompt) -> str:
    """The activity with the name of a place: the one it means, one of its kind, or where one was before at work."""
    activity = row.activity
    named = [place for place in prompt.places if place in activity]
    if activity.startswith("opening ") and named and row.end - row.start > 60:
        return f"working at {the(named[0])}"
    if named or _AT_HOME.search(activity) or not activity.isascii():
        return activity
    for place in prompt.places:
        meant = rf"\bthe {re.escape(place.split(' ')[-1].lower())}\b"
        if re.search(meant, activity):
            return re.sub(meant, the(place), activity, count=1)
    kind = next((places for words, places in _KINDS if words.search(activity)), None)
    fitting = [place for place in prompt.places if kind and kind.search(place)]
    if fitting:
        return f"{activity} at {the(choose(fitting, prompt.name, prompt.today, row.start // 240))}"
    done = (row.activity for row in reversed(before) if not _MEAL.search(row.activity))
    worked = (the(place) for activity in done for place in prompt.places if place in activity)
    return f"{activity} at {'home' if kind else next(worked, 'home')}"


# Without a usual day


def _made(prompt: Prompt) -> Iterator[Row]:
    """A day from the hours that the sheet tells: its habits, and between them meals and what the persona is about."""
    up, bed = _bounds(prompt)
    habits = list(_habits(prompt, up, bed))
    day = [""] * bed
    for start, end, activity in [*_frame(up, bed), *habits]:
        day[start:end] = [activity] * (end - start)
    places = [place for place in prompt.places if place != prompt.home[0]] or ["home"]
    at = up
    for activity, minutes in groupby(day[up:]):
        length = len(list(minutes))
        step = _LONGEST if activity else _FREE
        for start in range(at, at + length, step):
            free = f"spending time at {choose(places, prompt.name, prompt.today, start)}"
            yield Row(start, min(start + step, at + length), activity or free)
        at += length


def _frame(up: int, bed: int) -> Iterator[Row]:
    yield Row(up, up + 30, "getting ready for the day at home")
    yield Row(up + 30, up + 60, "having breakfast at home")
    yield Row(max(up + 60, 720), max(up + 60, 720) + 45, "having lunch")
    yield Row(min(18 * 60, bed - 90), min(18 * 60, bed - 90) + 45, "having dinner at home")
    yield Row(bed - 45, bed, "winding down at home")


def _habits(prompt: Prompt, up: int, bed: int) -> Iterator[Row]:
    """The clauses of the daily requirement that name an hour; each lasts an hour, or until the next hour it names."""
    for clause in _CLAUSE.split(prompt.sheet("Daily requirement")):
        hours = [minute for minute in times(clause) if up + 60 <= minute < bed - 45]
        activity = without_times(clause.removeprefix(prompt.name).strip())
        if hours and activity:
            end = hours[1] if len(hours) > 1 and hours[1] > hours[0] else hours[0] + 60
            yield Row(hours[0], min(end, bed - 45), activity)


def _bounds(prompt: Prompt) -> tuple[int, int]:
    told = times(prompt.sheet("Lifestyle"))
    up, bed = _usually(prompt, "wake_up"), _usually(prompt, "sleep")
    up = next((minute for minute in told if minute in _MORNING), 7 * 60) if up is None else up
    late = [minute for minute in told if minute >= _NIGHT]
    bed = (late[0] if late else 23 * 60) if bed is None else bed
    return up, bed if bed >= up + 8 * 60 else 1440


def _usually(prompt: Prompt, field: str) -> int | None:
    found = re.search(_USUALLY.format(field), prompt.text)
    return int(found[1]) * 60 + int(found[2]) if found else None

"""A whole day from the identity of a persona: when it gets up and sleeps, and its habits.

Knows how lifestyles ("wakes up around 7am") and daily requirements are worded, in English; it is the fail-safe for an
answer, made without a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from persona.memory_structures.schedule import MINUTES_A_DAY, SLEEPING, Row
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import parsers

GETTING_READY = "getting ready for the day at home"
AN_HOUR = 60
LONGEST_STRETCH = 4 * AN_HOUR
MEAL = 45
_WAKE_UP, _DINNER, _BED = r"(?:wakes?|awakes?|gets?) up", r"dinner", r"(?:to bed|asleep)"
_BREAK, _WIND_DOWN = "taking a break", "winding down at home"
_BY_DAY = ("tidying up at home", "going for a walk", "running errands", "resting at home", "reading at home")
_IN_THE_EVENING = ("reading at home", "resting at home", "tidying up at home")
_EVENING = 18 * AN_HOUR

# Between two habits: "opens the cafe at 8am, eats lunch around noon and works until 5pm. She ..."
_CLAUSE_END = re.compile(r"([,;，；。]|\.(?=\s|\Z)| and )")
UNTIL = re.compile(r"\b(?:until|till|to)\b|到|至")
_OPEN_END = re.compile(r"\b(?:from|opens?|starts?|works?|working)\b")


class Habit(NamedTuple):
    """A habit, in minutes of the day; None for an unknown bound.

    goes_on: whether it lasts until the next habit ("works from 9am"), instead of an hour.
    """

    activity: str
    start: int | None
    end: int | None
    goes_on: bool


def told_wake_up_time(who: Scratch) -> int | None:
    """The minute at which the persona gets up, according to a field, else to its lifestyle."""
    return parsers.hour(who.wake_up) if who.wake_up else usual_minute(who.lifestyle, _WAKE_UP)


def told_bed_time(who: Scratch) -> int | None:
    """The minute at which the persona goes to sleep, according to the same; a small one is after midnight."""
    return parsers.hour(who.bed_time) if who.bed_time else usual_minute(who.lifestyle, _BED)


def wake_up_time(who: Scratch) -> int:
    """The same; a usual hour where it is not told, or where the lifestyle tells one that makes no sense."""
    return _sensible(told_wake_up_time(who), 7, range(24) if who.wake_up else range(3, 13))


def bed_time(who: Scratch) -> int:
    """The same; a usual hour where it is not told, or where the lifestyle tells one that makes no sense."""
    return _sensible(told_bed_time(who), 23, range(24) if who.bed_time else (*range(18, 24), *range(4)))


def end_of_day(bed: int, up: int) -> int:
    """The minute at which the waking day ends: midnight for people who go to sleep after it."""
    return bed if bed > up else MINUTES_A_DAY


def usual_minute(lifestyle: str, habit: str) -> int | None:
    """The minute of the day in a lifestyle ("... goes to bed around 11pm, ...") for a habit, given as a pattern."""
    told = re.search(
        rf"{habit}[^,.;]*?(\d{{1,2}}(?::\d\d)?\s*(?:[ap]\.?m\.?)?|midnight|noon)", lifestyle, re.IGNORECASE
    )
    return parsers.read_or(None, parsers.hour, told[1]) if told else None


def usual_day(who: Scratch, up: int) -> list[Row]:
    """Rows that sum to 1440: up, meals, what the persona usually does, free time, an evening at home, bed."""
    bed = end_of_day(bed_time(who), up)
    day = [""] * MINUTES_A_DAY
    for start, end, activity in _painted(who, up, bed):
        day[max(start, up) : min(end, bed)] = [activity] * max(0, min(end, bed) - max(start, up))
    _fill_free_time(day, up, bed)
    _split_long_stretches(day)
    day[:up], day[bed:] = [SLEEPING] * up, [SLEEPING] * (MINUTES_A_DAY - bed)
    return [(activity, len(list(minutes))) for activity, minutes in groupby(day)]


def _painted(who: Scratch, up: int, bed: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, activity), more certain ones after those that they cover."""
    habits = list(_with_bounds(_habits(who)))
    told = " ".join(activity for _, _, activity in habits)
    dinner = _sensible(usual_minute(who.lifestyle, _DINNER), 18, range(15, 23))
    if not habits:
        yield up + AN_HOUR, dinner, _phrase(who.daily_plan_req or who.currently, who) or "going about the day"
    yield from (habit for habit in habits if habit[1] - habit[0] > 2 * AN_HOUR)
    if "lunch" not in told:
        yield 12 * AN_HOUR, 12 * AN_HOUR + MEAL, "having lunch"
    if not re.search("dinner|supper", told):
        yield dinner, dinner + MEAL, "having dinner"
    yield from (habit for habit in habits if habit[1] - habit[0] <= 2 * AN_HOUR)
    first = min((start for start, _, _ in habits), default=bed)
    ready = min(AN_HOUR // 2, max(first - up, 20) // 2)
    yield up, up + ready, GETTING_READY
    if "breakfast" not in told:
        yield up + ready, up + 2 * ready, "having breakfast at home"
    yield bed - MEAL, bed, _WIND_DOWN


def _with_bounds(habits: list[Habit]) -> Iterator[tuple[int, int, str]]:
    """The habits with both bounds: one that goes on lasts until the next, others an hour at most."""
    before = 0
    for habit, after in zip(habits, [*habits, None][1:], strict=True):
        start = before if habit.start is None else habit.start
        following = after.start if after and after.start else start + LONGEST_STRETCH
        most = LONGEST_STRETCH if habit.goes_on else AN_HOUR
        end = habit.end or min(start + most, max(following, start + AN_HOUR // 2))
        if start < end:
            yield start, end, _doing(habit.activity)
        before = max(before, end)


def _fill_free_time(day: list[str], up: int, bed: int) -> None:
    """Two hours at most of one activity."""
    for turn, start in enumerate(at for at in range(up, bed) if not day[at]):
        options = _IN_THE_EVENING if start >= _EVENING else _BY_DAY
        length = next((n for n in range(1, 2 * AN_HOUR) if start + n >= bed or day[start + n]), 2 * AN_HOUR)
        day[start : start + length] = [options[turn % len(options)]] * length


def _split_long_stretches(day: list[str]) -> None:
    at = 0
    for activity, minutes in groupby(list(day)):
        length = len(list(minutes))
        parts = -(-length // LONGEST_STRETCH) if activity else 1
        for part in range(1, parts):
            start = at + length * part // parts // 15 * 15
            day[start : start + 30] = [_BREAK] * 30
        at += length


def _habits(who: Scratch) -> list[Habit]:
    """The activities with a time of day in the daily requirement, in its order."""
    found = []
    for clause in _clauses(who.daily_plan_req):
        times = parsers.times(clause)
        activity = _phrase(clause, who)
        if times and re.search(r"[^\W\d_]", activity):
            ends_only = len(times) == 1 and UNTIL.search(clause) and "from" not in clause
            start, end, *_ = [None, *times] if ends_only else [*times, None]
            found.append(Habit(activity, start, end, bool(_OPEN_END.search(clause))))
    return found


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text that name a time; one without is joined to the next ("buys beer and lemons at 9am")."""
    clause = ""
    for part in _CLAUSE_END.split(text):
        is_end = bool(_CLAUSE_END.fullmatch(part))
        if is_end and parsers.times(clause):
            yield clause
            clause = ""
        else:
            clause = part if is_end and part[0] in ".。" else clause + part
    if parsers.times(clause):
        yield clause


def _phrase(text: str, who: Scratch) -> str:
    """The text without the person's name in front, and without times."""
    names = "|".join(map(re.escape, (who.name, who.first_name)))
    text = re.sub(rf"^\W*(?:and |then )?(?:(?:{names}|he|she|they) )?", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:at|around|by|until|till)? ?(?:noon|midnight)\b", "", text)
    return parsers.read_or("", parsers.activity, text, who.name)


def _doing(phrase: str) -> str:
    """`eating lunch` for `eats lunch`; anything except a verb in the third person is unchanged."""
    verb, blank, rest = phrase.partition(" ")
    if not re.fullmatch(r"[a-z]{2,}s", verb) or verb.endswith("ss"):
        return phrase
    stem = re.sub(r"(?<=[sxzo])es$|(?<=[cs]h)es$|s$", "", verb)
    stem = {"ha": "have", "i": "be"}.get(stem, re.sub(r"ie$", "y", stem))
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", stem):
        stem += stem[-1]
    return f"{stem[:-1] if re.search('[^e]e$', stem) and len(stem) > 2 else stem}ing{blank}{rest}"


def _sensible(minute: int | None, hour: int, sensible: range | tuple[int, ...]) -> int:
    """The known minute of a habit if it is plausible; else the default."""
    return minute if minute is not None and minute // AN_HOUR in sensible else hour * AN_HOUR

"""The day of a persona: when it gets up, what fills its hours, when it goes to sleep. Asked once a day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationInfo
from pydantic.config import JsonDict

from persona.memory_structures.schedule import (
    MINUTES_A_DAY,
    SLEEPING,
    Entry,
    Row,
    Schedule,
    as_text,
    clock,
    entries,
    filled,
    is_sleep,
    merged,
)
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import parsers, prompt_text
from persona.prompt_template.questions.kinds import Clock, Minute
from persona.prompt_template.questions.question import Fault, Question
from persona.prompt_template.questions.usual_day import (
    GETTING_READY,
    UNTIL,
    bed_time,
    end_of_day,
    told_bed_time,
    told_wake_up_time,
    usual_day,
    wake_up_time,
)

MOST_MINUTES_FROM_USUAL = 4 * 60
LONGEST_ENTRY = 5 * 60
FEWEST_ACTIVITIES, MOST_ENTRIES = 6, 30
ASKED_FOR: JsonDict = {"minItems": 8, "maxItems": 16}
MOST_MINUTES_FROM_SAID = 2 * 60
MOST_MINUTES_BEFORE_FIRST = 30
MOST_STROKES = 8

_MORNING = range(4, 11)
_TO_BED = re.compile(r"\b(?:to bed|(?:go(?:es|ing)? to|falls?|falling) a?sleep)\b", re.IGNORECASE)
_EATING = r"\b(?:eat|eats|eating|has|have|having) (?:an? |her |his |their )?(?:\w+ )?"
_MEALS = {
    rf"{_EATING}breakfast\b": range(4, 13),
    rf"{_EATING}lunch\b": range(10, 17),
    rf"{_EATING}(?:dinner|supper)\b": range(16, 24),
}


class Start(BaseModel):
    """An activity with its start; it lasts until the next one."""

    start: Minute
    activity: str = Field(description="a short phrase without a time in it")


def rows_of(starts: Sequence[Start], first: int, end: int) -> list[Row]:
    """The rows that fill the minutes from `first` to `end`."""
    return filled([(start.start, start.activity) for start in starts], first, end) if end > first else []


class DayPlan(NamedTuple):
    """A day in broad strokes and in hours."""

    plan: tuple[str, ...]
    schedule: Schedule


def _is_near(minute: int, usual: int | None, most: int = MOST_MINUTES_FROM_USUAL) -> bool:
    apart = 0 if usual is None else abs(minute - usual) % MINUTES_A_DAY
    return min(apart, MINUTES_A_DAY - apart) < most


def _near(told: Callable[[Scratch], int | None]) -> AfterValidator:
    """The hours must not be the reverse of those in the lifestyle."""

    def check(minute: int, info: ValidationInfo[Day]) -> int:
        usual = told(info.context.who)
        if usual is not None and not _is_near(minute, usual):
            raise ValueError(f"it is usually around {clock(usual)}, was {clock(minute)}")
        return minute

    return AfterValidator(check)


def _in_order(value: Any, info: ValidationInfo[Day]) -> list[dict[str, Any]]:
    """The entries from getting up to going to sleep."""
    question = info.context
    up, bed = question.bounds
    starts = parsers.day_starts(value, up, bed, question.who.name)
    for before, after in zip(starts, starts[1:], strict=False):
        if after.minute < before.minute:  # of two with the same start the last one is used
            raise ValueError(
                f"each entry must start later than the one before it, but {after.activity!r} ({clock(after.minute)}) "
                f"follows {before.activity!r} ({clock(before.minute)})"
            )
    for start in starts:
        if reason := _why_not_then(start, up, bed):
            raise ValueError(f"{start.activity!r} has the start {clock(start.minute)}, but {reason}")
    return [{"start": start.minute, "activity": start.activity} for start in starts]


def _why_not_then(start: parsers.Start, up: int, bed: int) -> str | None:
    """The reason why an entry is implausible at its hour; people who get up late may have breakfast in the evening."""
    said = _said_minute(start)
    if said is not None and not _is_near(start.minute, said, MOST_MINUTES_FROM_SAID):
        return f"itself says {clock(said)}"
    if _TO_BED.search(start.activity):
        return f"the day ends at {clock(bed)}"
    meals = (hours for meal, hours in _MEALS.items() if re.search(meal, start.activity, re.IGNORECASE))
    hours = next(meals, range(24)) if up // 60 in _MORNING else range(24)
    return None if start.minute // 60 % 24 in hours else "that is not the time for it"


def _said_minute(start: parsers.Start) -> int | None:
    """The start in the text of an activity: it shows invented hours, as for "takes a walk around 5pm"."""
    words = str(start.row.get("activity", ""))
    said = parsers.times(words)
    return said[0] if said and not UNTIL.search(words) else None


@dataclass
class Day(Question[DayPlan]):
    """Getting up, broad strokes and hours of the persona's day; the schedule sums to 1440 minutes."""

    places: Sequence[str]

    template = "day_plan"
    max_tokens = 1500

    class Answer(BaseModel):
        wake_up: Annotated[Clock, _near(told_wake_up_time)] = Field(description="when {name} gets up{usual_up}")
        schedule: Annotated[list[Start], BeforeValidator(_in_order)] = Field(
            min_length=FEWEST_ACTIVITIES,
            max_length=MOST_ENTRIES,
            json_schema_extra=ASKED_FOR,
            description="in order from getting up to going to sleep, the first one starts when {name} gets up",
        )
        sleep: Annotated[Clock, _near(told_bed_time)] = Field(description="when {name} goes to sleep{usual_bed}")

    @property
    def bounds(self) -> tuple[int, int]:
        """When the day in the answer begins and ends; the usual hours if it does not say."""
        up = _minute(self.raw.get("wake_up"), told_wake_up_time(self.who), wake_up_time(self.who))
        return up, _minute(self.raw.get("sleep"), told_bed_time(self.who), bed_time(self.who))

    def words(self) -> Mapping[str, str]:
        """Includes the usual hours, since small models confuse the two in the lifestyle."""
        told = {"usual_up": told_wake_up_time(self.who), "usual_bed": told_bed_time(self.who)}
        usual = {word: "" if minute is None else f", usually {clock(minute)}" for word, minute in told.items()}
        return {"name": self.who.name, **usual}

    def inputs(self) -> Sequence[str]:
        return [self.who.date_text(), prompt_text.statements(self.places), self._usual_day()]

    def opened(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """A day without a field for its end may have an entry for it; otherwise it ends at the usual hour."""
        if "sleep" in raw:
            return raw
        bed = parsers.sleep_start(raw.get("schedule"), self.who.name)
        return {**raw, "sleep": clock(bed_time(self.who) if bed is None else bed)}

    def check(self, answer: Any) -> Iterator[Fault]:
        yield from (Fault("schedule", reason) for reason in why_no_day(self._rows(answer)))

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        up = read.get("wake_up", wake_up_time(self.who))
        starts = [Start(start=entry.start, activity=entry.activity) for entry in self._awake(up)]
        return {"wake_up": up, "sleep": bed_time(self.who), "schedule": starts}

    def value(self, answer: Any) -> DayPlan:
        rows = self._rows(answer)
        return DayPlan(broad_strokes(rows), tuple(rows))

    def _usual_day(self) -> str:
        """The habits in order, which small models cannot put together; "" if no hours are known.

        Only for prompts in English, since models would continue in that language.
        """
        up = told_wake_up_time(self.who)
        if up is None or self.language:
            return ""
        return f"\nA usual day of {self.who.name}, for a start:\n{as_text(self._awake(up))}\n"

    def _awake(self, up: int) -> list[Entry]:
        return [entry for entry in entries(usual_day(self.who, up)) if entry.activity != SLEEPING]

    def _rows(self, answer: Any) -> list[Row]:
        """The day from midnight to midnight."""
        up, bed = answer.wake_up, end_of_day(answer.sleep, answer.wake_up)
        starts = answer.schedule
        if starts[0].start - up > MOST_MINUTES_BEFORE_FIRST:
            starts = [Start(start=up, activity=GETTING_READY), *starts]
        rows = [(SLEEPING, up), *rows_of(starts, up, bed), (SLEEPING, MINUTES_A_DAY - bed)]
        return merged(row for row in rows if row[1])


def broad_strokes(rows: Sequence[Row]) -> tuple[str, ...]:
    """The activities that take up most of a day, each once with its first hour, in order."""
    starts: dict[str, int] = {}
    minutes: Counter[str] = Counter()
    for entry in entries(rows):
        if not is_sleep(entry.activity):
            starts.setdefault(entry.activity, entry.start)
            minutes[entry.activity] += entry.minutes
    longest = {activity for activity, _ in minutes.most_common(MOST_STROKES)}
    return tuple(f"{activity} at {clock(start)}" for activity, start in starts.items() if activity in longest)


def why_no_day(rows: Sequence[Row]) -> Iterator[str]:
    """The reasons why a readable day is implausible."""
    awake = [entry for entry in entries(rows) if not is_sleep(entry.activity)]
    for entry in awake:
        if entry.minutes > LONGEST_ENTRY:
            yield f"nobody does one thing for {entry.minutes / 60:.0f} hours ({entry.activity!r}): say what fills them"
    if len({entry.activity.casefold() for entry in awake}) < FEWEST_ACTIVITIES:
        yield f"there must be at least {FEWEST_ACTIVITIES} different activities"


def _minute(value: Any, told: int | None, otherwise: int) -> int:
    minute = parsers.read_or(otherwise, parsers.hour, value)
    return minute if _is_near(minute, told) else otherwise

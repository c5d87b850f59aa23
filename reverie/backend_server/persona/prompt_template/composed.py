"""Answers with parts that depend on each other (a day, a place, thoughts), and fail-safes made from what is known.

Knows the readers and what a persona is; asks nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import MINUTES_A_DAY, Entry, Row, is_sleep
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import readers
from persona.prompt_template.asking import Part, part
from persona.prompt_template.readers import Unreadable

if TYPE_CHECKING:
    from persona.cognitive_modules.places import Places

UNKNOWN_POIGNANCY = 4
SLEEPING = "sleeping"
_WAKE_UP, _DINNER, _BED = r"(?:wakes?|awakes?|gets?) up", r"dinner", r"(?:to bed|asleep)"
_AN_HOUR = 60
_MINUTES_TOO_FAR = 4 * _AN_HOUR
_EARLY = 7 * _AN_HOUR


class Thought(NamedTuple):
    """A sentence, the same as a triple, and how much it matters (1..10)."""

    text: str
    subject: str
    predicate: str
    object: str
    poignancy: int


# A day


def wake_up(value: Any, who: Scratch) -> int:
    """The minute of getting up; what the lifestyle says when the answer has none, or one far from it."""
    usual = usual_minute(who.lifestyle, _WAKE_UP)
    try:
        minute = readers.hour(value)
    except Unreadable:
        return _EARLY if usual is None else usual
    return minute if usual is None or abs(minute - usual) < _MINUTES_TOO_FAR else usual


def day(answer: Mapping[str, Any], who: Scratch) -> list[Row]:
    """The hours of a day that sum to 1440 minutes, asleep until the hour of getting up."""
    return readers.hourly(answer.get("schedule"), wake_up(answer.get("wake_up"), who), who.name)


def usual_day(who: Scratch) -> list[Row]:
    """A day from the persona's habits alone: up, breakfast, what it usually does, dinner, an evening at home, bed."""
    up = _habit(who, _WAKE_UP, 7, latest=12)
    bed = _habit(who, _BED, 23, earliest=18)
    dinner = _habit(who, _DINNER, 18, earliest=15, latest=22)
    until = (
        (SLEEPING, up),
        ("getting ready for the day and having breakfast", up + _AN_HOUR),
        (who.daily_plan_req or who.currently or "going about the usual day", min(dinner, bed)),
        ("having dinner", min(dinner + _AN_HOUR, bed)),
        ("relaxing at home", bed),
        (SLEEPING, MINUTES_A_DAY),
    )
    starts = (0, *(end for _, end in until))
    return [(activity, end - start) for (activity, end), start in zip(until, starts, strict=False) if end > start]


def _habit(who: Scratch, habit: str, usual: int, earliest: int = 0, latest: int = 24) -> int:
    """The minute of a habit; the usual hour when the lifestyle names none, or none that makes sense."""
    minute = usual_minute(who.lifestyle, habit)
    sensible = minute is not None and earliest * _AN_HOUR <= minute <= latest * _AN_HOUR
    return minute if sensible else usual * _AN_HOUR


def usual_minute(lifestyle: str, habit: str) -> int | None:
    """The minute of the day that a lifestyle ("... goes to bed around 11pm, ...") gives for a habit, a pattern."""
    match = re.search(rf"{habit}[^,.;]*?(\d{{1,2}}(?::\d\d)?\s*(?:[ap]\.?m\.?)?)", lifestyle, re.IGNORECASE)
    try:
        return readers.hour(match[1]) if match else None
    except Unreadable:
        return None


def refilled_parts(planned: Sequence[Entry], start: int, end: int, who: Scratch) -> tuple[Part, Part]:
    """How the hours after an interruption, and how much it matters, are read; nothing where no time is left to fill."""
    kept = [(e.activity, min(e.end, end) - max(e.start, start)) for e in planned if e.start < end and e.end > start]

    def rows(value: Any) -> list[Row]:
        return readers.schedule_block(value, start, end, who.name) if end > start else []

    return part("schedule", rows, lambda: kept), part("poignancy", rating_or_none, lambda: None)


# Tasks and actions

ACTION_FIELDS = (
    *("place", "room", "thing", "emoji", "predicate", "object"),
    *("thing_state", "thing_emoji", "poignancy", "thing_poignancy"),
)
_OF_THE_THING = ("thing_state", "thing_emoji", "thing_poignancy")


class Task(NamedTuple):
    """A task as a row of the schedule, with the action it is; None where that could not be read."""

    activity: str
    minutes: int
    action: PlannedAction | None


def tasks(value: Any, entry: Entry, places: Places, who: Scratch) -> list[Task]:
    """The tasks that fill an entry exactly; what cannot be read of one costs that one its action, no more.

    Raises:
        Unreadable: there is no task.
    """
    rows = readers.items(value)
    bare = [readers.without(row, ACTION_FIELDS) if isinstance(row, Mapping) else row for row in rows]
    texts = [_task_text(row, entry, who) for row in bare]
    answers = {text: row for text, row in zip(texts, rows, strict=True) if texts.count(text) == 1}
    found = []
    for text, minutes in readers.tasks(bare or value, entry.minutes, who.name):
        activity = _within(entry, text)
        found.append(Task(activity, minutes, _action_in(answers.get(text, {}), activity, places, who)))
    return found


def undivided(entry: Entry) -> list[Task]:
    """The entry as its only task."""
    return [Task(_within(entry, entry.activity), entry.minutes, None)]


def action_parts(places: Places, activity: str, who: Scratch) -> tuple[Part, ...]:
    """How the parts of an action are read from the fields of its answer."""
    return (
        Part("place", lambda answer: place(answer, places, activity), lambda: at_home(places, activity)),
        part("emoji", readers.emoji_of, lambda: "😴" if is_sleep(activity) else "🙂"),
        Part("triple", lambda answer: readers.triple(answer, who.name), lambda: (who.name, "is", activity)),
        part("thing_state", readers.activity, lambda: "being used"),
        part("thing_emoji", readers.emoji_of, lambda: "✨"),
        part("poignancy", rating_or_none, lambda: None),
        part("thing_poignancy", rating_or_none, lambda: None),
    )


def action_of(values: Mapping[str, Any], places: Places) -> PlannedAction:
    """The action that the parts make together."""
    sector, arena, thing = values["place"]
    _, predicate, object_ = values["triple"]
    return PlannedAction(
        places.address(sector, arena, thing),
        values["emoji"],
        predicate,
        object_,
        values["poignancy"],
        state_of(thing, values["thing_state"]) if thing else None,
        values["thing_emoji"] if thing else None,
        values["thing_poignancy"] if thing else None,
    )


def _action_in(row: Any, activity: str, places: Places, who: Scratch) -> PlannedAction | None:
    """The action that a row describes; None when a part of it is missing or cannot be read."""
    values: dict[str, Any] = {}
    try:
        answer = readers.fields(row, ACTION_FIELDS)
        for p in action_parts(places, activity, who):
            needless = p.name in _OF_THE_THING and values["place"][2] is None
            values[p.name] = None if needless else p.read(answer)
    except Unreadable:
        return None
    return action_of(values, places)


def _within(entry: Entry, task: str) -> str:
    return f"{entry.activity} ({task})"


def _task_text(row: Any, entry: Entry, who: Scratch) -> str:
    """The row's task as it stands in the schedule; "" when it has none."""
    try:
        return readers.tasks([row], entry.minutes, who.name)[0][0]
    except Unreadable:
        return ""


# A place


def place(answer: Mapping[str, Any], places: Places, activity: str) -> tuple[str, str, str | None]:
    """(sector, arena, object) among those offered; the object is None in a room without any.

    A room that was not offered is replaced by the first one of the place that was read, an object by the bed for sleep,
    else by the first one there.

    Raises:
        Unreadable: no place, room or thing offered can be recognised.
    """
    sector = _sector(answer, places)
    arena = _one_of(answer.get("room"), places.arenas(sector)) or _arena_of(answer.get("thing"), sector, places)
    arena = arena or places.arenas(sector)[0]
    things = places.objects(sector, arena)
    return sector, arena, _one_of(answer.get("thing"), things) or _first_choice(things, activity)


def at_home(places: Places, activity: str) -> tuple[str, str, str | None]:
    """Home: the bed for sleeping, else the first thing there."""
    sector, arena = places.home_parts()
    return sector, arena, _first_choice(places.objects(sector, arena), activity)


def state_of(thing: str, state: str) -> str:
    """The state of a thing, fit to follow "<thing> is": "The bed is being slept in" reads "being slept in"."""
    try:
        return readers.activity(state, thing)
    except Unreadable:
        return "being used"


def _first_choice(things: Sequence[str], activity: str) -> str | None:
    beds = [thing for thing in things if is_sleep(activity) and "bed" in thing.lower()]
    return next(iter([*beds, *things]), None)


def _sector(answer: Mapping[str, Any], places: Places) -> str:
    try:
        return readers.choice(answer.get("place"), places.sectors())
    except Unreadable:
        rooms = {arena: sector for sector in places.sectors() for arena in places.arenas(sector)}
        return rooms[readers.choice(answer.get("room"), list(rooms))]


def _arena_of(thing: Any, sector: str, places: Places) -> str | None:
    return next((a for a in places.arenas(sector) if _one_of(thing, places.objects(sector, a))), None)


def _one_of(value: Any, offered: Sequence[str]) -> str | None:
    try:
        return readers.choice(value, offered) if offered else None
    except Unreadable:
        return None


# Thoughts


def insights(value: Any, evidence_count: int, most: int, who: Scratch) -> list[tuple[Thought, list[int]]]:
    """Each insight with the indexes of its evidence; at most `most` of one question."""
    found = []
    of_question: Counter[Any] = Counter()
    for item in value if isinstance(value, list) else [value]:
        for text, evidence in _readable_insights(item, evidence_count):
            question = str(item.get("question")) if isinstance(item, Mapping) else len(found) // most
            of_question[question] += 1
            if of_question[question] <= most:
                found.append((thought(item, text, who), evidence))
    if not found:
        raise Unreadable("'insights' must be a list of objects with 'insight' and 'evidence'")
    return found


class Remark(NamedTuple):
    """Something to remember of a conversation, and how much it matters (1..10)."""

    text: str
    poignancy: int


def remark(answer: Mapping[str, Any], key: str, who: Scratch) -> Remark | None:
    """A sentence with its rating (`key`, `key_poignancy`), or None when the answer says that there is nothing."""
    value = answer.get(key)
    text = None if value is None or not str(value).strip() else readers.memo(value, who.name)
    return Remark(text, poignancy(answer.get(f"{key}_poignancy"))) if text else None


def thoughts(value: Any, texts: Sequence[str], who: Scratch) -> list[Thought]:
    """One thought for each text; a text whose thought cannot be read is thought as it stands."""
    items = value if isinstance(value, list) else [value]
    if len(items) != len(texts):
        raise Unreadable(f"'thoughts' must hold {len(texts)} thoughts")
    return [thought(item, _sentence_of(item, "thought") or text, who) for item, text in zip(items, texts, strict=True)]


def thought(item: Any, text: str, who: Scratch) -> Thought:
    """A thought; the parts of the answer's item that cannot be read are made from what is known."""
    parts = item if isinstance(item, Mapping) else {}
    subject = _sentence_of(parts, "subject") or who.name
    try:
        _, predicate, object_ = readers.triple(parts, subject)
    except Unreadable:
        predicate, object_ = "has in mind", text
    return Thought(text, subject, predicate, object_, poignancy(parts.get("poignancy")))


def rating_at(k: int, count: int, answer: Mapping[str, Any]) -> int:
    """The k-th of `count` ratings.

    Raises:
        Unreadable: it is missing or no rating.
    """
    rating = readers.ratings(answer.get("ratings"), count)[k]
    if rating is None:
        raise Unreadable(f"'ratings' must hold {count} whole numbers from 1 to 10, one for each statement")
    return rating


def rating_or_none(value: Any) -> int | None:
    """A rating; None, for asking when it is needed, when it cannot be read."""
    try:
        return readers.rating(value)
    except Unreadable:
        return None


def topic_or_none(value: Any, names: Sequence[str]) -> str | None:
    """What a conversation was about; None, for asking when it is needed, when it cannot be read."""
    try:
        return readers.topic(value, names)
    except Unreadable:
        return None


def poignancy(value: Any) -> int:
    """A rating, or what an everyday thing of some interest matters when there is none."""
    try:
        return readers.rating(value)
    except Unreadable:
        return UNKNOWN_POIGNANCY


def _readable_insights(item: Any, evidence_count: int) -> list[tuple[str, list[int]]]:
    try:
        return readers.insights([item] if isinstance(item, Mapping) else item, evidence_count)
    except Unreadable:
        return []


def _sentence_of(item: Any, key: str) -> str | None:
    try:
        return readers.sentence(item.get(key) if isinstance(item, Mapping) else item)
    except Unreadable:
        return None

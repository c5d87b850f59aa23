"""The next actions of a persona: an entry of its day split into tasks, each with its place and appearance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, ValidationInfo, WithJsonSchema, WrapValidator
from pydantic.config import JsonDict

from persona.memory_structures.places import Places
from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import MINUTES_A_DAY, Entry, as_text, between, clock, is_sleep
from persona.prompt_template import parsers
from persona.prompt_template.questions import spots
from persona.prompt_template.questions.kinds import Emoji, Minute, RatingOrNone, State, otherwise
from persona.prompt_template.questions.question import Question, Value
from persona.prompt_template.questions.spots import Spot

STEP = 5
STEPS_OFFERED = ((60, STEP), (120, 10), (240, 15))
"""Minutes between the starts offered for the tasks of an entry, by its length: small models take one after another,
which must bring them to its end."""
LONGEST_STEP = 30
ASKED_FOR: JsonDict = {"minItems": 3, "maxItems": 8}
IN_USE, SPARKLES = "being used", "✨"
ASLEEP, DOING = "😴", "🙂"
IN_BED = ("being slept in", ASLEEP, 1)


def _spot(value: Any, info: ValidationInfo[Action | Tasks]) -> Spot:
    of_task = getattr(info, "data", None) or {}
    return spots.spot(value, info.context.offer, info.context.activity_of(of_task.get("task", "")))


Place = Annotated[Spot, BeforeValidator(_spot), WithJsonSchema({"type": "string"})]
"""One of the spots in the question's `offer`, where the activity can be done."""


class Shown(BaseModel):
    """The place and the appearance of an action."""

    place: Place = Field(description='place, room and thing from the list, letter for letter, such as "{spot}"')
    emoji: Annotated[Emoji, otherwise(DOING)] = Field(description="one or two emoji for what is done")
    predicate: str = Field(description="the verb of it")
    object: str = Field(description='the rest of it, so that "{name} + predicate + object" is a statement')
    thing_state: Annotated[State, otherwise(IN_USE)] = Field(
        description="in two to four words, the state of the thing meanwhile"
    )
    thing_emoji: Annotated[Emoji, otherwise(SPARKLES)] = Field(description="one or two emoji for that state")
    poignancy: RatingOrNone = Field(description="from everyday to life-changing, how much it matters to {name}")
    thing_poignancy: RatingOrNone = Field(description="how much that state matters to {name}")


SHOWN = tuple(Shown.model_fields)


def completed(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The fields of an action by their names, from other divisions that models are known to use."""
    found = {**dict.fromkeys(SHOWN), **parsers.by_name(row, SHOWN)}
    _, predicate, object_ = parsers.read_or((None, None, None), parsers.triple, found, name)
    return {**found, "predicate": predicate, "object": object_}


def planned(shown: Any, places: Places) -> PlannedAction:
    """The action with its address; in a room without objects there is no object state."""
    spot = shown.place
    action = PlannedAction(places.address(*spot), shown.emoji, shown.predicate, shown.object, shown.poignancy)
    if spot.thing is None:
        return action
    return action._replace(
        thing_state=state_of(spot.thing, shown.thing_state),
        thing_emoji=shown.thing_emoji,
        thing_poignancy=shown.thing_poignancy,
    )


def state_of(thing: str, state: str) -> str:
    """The state of an object, to follow "<object> is": "The bed is being slept in" becomes "being slept in"."""
    return parsers.read_or(IN_USE, parsers.activity, state, thing)


def sleeping(activity: str, offer: Places) -> PlannedAction | None:
    """Sleep in the persona's own bed, which needs no question unless no object is recognized as a bed."""
    spot = spots.fitting(offer, activity)
    if spot.thing and not spots.is_bed(spot):
        return None
    return PlannedAction(offer.address(*spot), ASLEEP, "is", activity, 1, *(IN_BED if spot.thing else ()))


class _Placed(Question[Value]):
    """A question that offers places for an activity."""

    activity: str
    offer: Places

    def __post_init__(self) -> None:
        self.offer = spots.where(self.offer, self.activity)

    @property
    def spot(self) -> Spot:
        """The most suitable spot for the activity."""
        return spots.fitting(self.offer, self.activity)

    def words(self) -> Mapping[str, str]:
        return {"name": self.who.name, "spot": spots.as_text(self.spot)}

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {"place": [spots.as_text(spot) for spot in spots.offered(self.offer)]}


@dataclass
class Action(_Placed[PlannedAction]):
    """The place of an action, among those offered, and its appearance."""

    activity: str
    offer: Places
    here: str

    template = "action"
    Answer = Shown

    def inputs(self) -> Sequence[str]:
        return [self.here, self.activity, self.offer.as_text()]

    def activity_of(self, task: str) -> str:
        """The activity."""
        return self.activity

    def opened(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return completed(raw, self.who.name)

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        emoji = ASLEEP if is_sleep(self.activity) else DOING
        return {"place": self.spot, "emoji": emoji, "predicate": "is", "object": self.activity}

    def value(self, answer: Any) -> PlannedAction:
        return planned(answer, self.offer)


class Task(NamedTuple):
    """A task as a row of the schedule, with its action; None if that could not be read."""

    activity: str
    minutes: int
    action: PlannedAction | None


class _Begun(BaseModel):
    start: Minute
    task: str = Field(description="a short phrase")


class _ShownTask(Shown, _Begun):
    """A task with its action."""


def _action_or_none(row: Any, handler: Any, info: ValidationInfo) -> Any:
    """An unreadable action affects only its task: it is asked for separately when it is due."""
    try:
        return handler(row)
    except ValidationError:
        return _Begun.model_validate(row, context=info.context)


def _in_order(value: Any, info: ValidationInfo[Tasks]) -> list[dict[str, Any]]:
    """The tasks with starts on the five-minute marks of the entry."""
    question = info.context
    entry, name = question.entry, question.who.name
    found = parsers.task_starts(value, entry.start, entry.end, name, ignored=SHOWN)
    minutes = _spread([minute for minute, _, _ in found], entry, question.step)
    marks = [entry.start + (minute - entry.start + STEP // 2) // STEP * STEP for minute in minutes]
    rows = [
        {**completed(row, name), "start": mark, "task": task} for mark, (_, task, row) in zip(marks, found, strict=True)
    ]
    if reason := next(_why_no_tasks(rows, entry), None):
        raise ValueError(reason)
    return rows


def _spread(minutes: Sequence[int], entry: Entry, step: int) -> Sequence[int]:
    """The starts; if they only number the tasks, equal shares of the time.

    They only number them if two are the same, or if each is the next one offered and none is in the second half.
    """
    gaps = {after - before for before, after in zip(minutes, minutes[1:], strict=False)}
    are_together = min(gaps, default=1) == 0
    are_counted = bool(gaps) and gaps <= {STEP, step} and minutes[-1] - entry.start < entry.minutes // 2
    if not are_together and not are_counted:
        return minutes
    return [entry.start + entry.minutes * at // len(minutes) for at in range(len(minutes))]


def _why_no_tasks(rows: Sequence[Mapping[str, Any]], entry: Entry) -> Iterator[str]:
    """The reasons why readable tasks are implausible."""
    if rows[0]["start"] != entry.start:
        yield f"the first task must start at {clock(entry.start)}, was {clock(rows[0]['start'])}"
    half = -(-entry.minutes // (2 * STEP)) * STEP  # up to the next mark
    starts = [row["start"] for row in rows]
    if starts != sorted(set(starts)):
        yield "each task must start later than the one before it"
    for row, end in zip(rows, [*starts[1:], entry.end], strict=True):
        if end - row["start"] > half:
            yield (
                f"{row['task']!r} goes on from {clock(row['start'])} to {clock(end)}, more than half of the time; "
                f"say what else is done until {clock(entry.end)}"
            )
    for row, after in zip(rows, rows[1:], strict=False):
        if row["task"].casefold() == after["task"].casefold():
            yield f"{row['task']!r} stands twice in a row"


@dataclass
class Tasks(_Placed[list[Task]]):
    """The tasks that fill an entry of the schedule exactly, in minutes, each with its action if that could be read."""

    entry: Entry
    offer: Places
    here: str
    activity: str = field(init=False)

    template = "task_decomposition"
    max_tokens = 2500

    class Answer(BaseModel):
        tasks: Annotated[list[Annotated[_ShownTask, WrapValidator(_action_or_none)]], BeforeValidator(_in_order)] = (
            Field(json_schema_extra=ASKED_FOR, description="in order; the first one starts at {start}")
        )

    def __post_init__(self) -> None:
        self.activity = self.entry.activity
        super().__post_init__()

    @property
    def step(self) -> int:
        """Minutes between the starts offered."""
        return next((step for longest, step in STEPS_OFFERED if self.entry.minutes <= longest), LONGEST_STEP)

    def words(self) -> Mapping[str, str]:
        return {**super().words(), "start": clock(self.entry.start)}

    def inputs(self) -> Sequence[str]:
        entry = self.entry
        first, end = max(entry.start - 60, 0), min(entry.end + 60, MINUTES_A_DAY)
        around = as_text(between(self.who.f_daily_schedule_hourly_org, first, end))
        times = (clock(entry.start), clock(entry.end), str(entry.minutes))
        return [around, self.activity, *times, self.here, self.offer.as_text(), str(self.step)]

    def choices(self) -> Mapping[str, Sequence[str]]:
        marks = range(self.entry.start, self.entry.end, self.step)
        return {"start": [clock(mark) for mark in marks], **super().choices()}

    def activity_of(self, task: str) -> str:
        """A task as it is written in the schedule."""
        return self.activity if task.casefold() == self.activity.casefold() else f"{self.activity} ({task})"

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"tasks": [_Begun(start=self.entry.start, task=self.activity)]}

    def value(self, answer: Any) -> list[Task]:
        ends = [*(task.start for task in answer.tasks[1:]), self.entry.end]
        actions = (planned(task, self.offer) if isinstance(task, Shown) else None for task in answer.tasks)
        return [
            Task(self.activity_of(task.task), end - task.start, action)
            for task, end, action in zip(answer.tasks, ends, actions, strict=True)
        ]

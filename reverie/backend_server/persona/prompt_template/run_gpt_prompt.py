"""What is asked of the model, and what each answer means: one function a question.

Knows the templates, the readers and the fail-safes; not when a question is asked nor what becomes of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import (
    MINUTES_A_DAY,
    Entry,
    Row,
    Schedule,
    as_text,
    between,
    clock,
    is_sleep,
)
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import composed, readers, wording
from persona.prompt_template.asking import Part, Question, ask, part
from persona.prompt_template.composed import Task, Thought
from persona.prompt_template.model import Model
from persona.prompt_template.wording import Line

if TYPE_CHECKING:
    from persona.cognitive_modules.places import Places


class DayPlan(NamedTuple):
    """A day in broad strokes and in hours."""

    plan: tuple[str, ...]
    schedule: Schedule


class Identity(NamedTuple):
    """What a persona is about, and what the day has to contain."""

    currently: str
    daily_requirement: str


class Refilled(NamedTuple):
    """Rows for the time after an interruption, and how much that matters (1..10); None when nobody said."""

    rows: list[Row]
    poignancy: int | None


class Aftermath(NamedTuple):
    """What a persona takes away from a conversation, and the hours after it."""

    thoughts: list[Thought]
    hours: Refilled


class Said(NamedTuple):
    """A line of a conversation, "" for none; whether it is the last one; what the conversation was about, if told."""

    utterance: str
    end: bool
    about: str | None = None


class Opening(NamedTuple):
    """A speaker's first line, and what the speaker knows and feels about the listener."""

    relationship: str
    said: Said


def day_plan(model: Model, who: Scratch, places: Sequence[str]) -> DayPlan:
    """Wake-up hour, broad strokes and hours of the persona's day; the schedule sums to 1440 minutes."""
    values = ask(
        model,
        Question("day_plan", 1500),
        [who.identity_sheet(), who.name, who.date_text(), wording.statements(places)],
        who.name,
        ("wake_up", "plan", "schedule"),
        Part("schedule", lambda answer: composed.day(answer, who), lambda: composed.usual_day(who)),
        part("plan", readers.lines, list),
    )
    schedule = values["schedule"]
    return DayPlan(tuple(values["plan"] or [row[0] for row in schedule if not is_sleep(row[0])]), tuple(schedule))


def identity(model: Model, who: Scratch, remembered: Sequence[ConceptNode]) -> Identity:
    """What the persona is about from today on, from what it remembers."""
    values = ask(
        model,
        Question("identity", 500),
        [who.identity_sheet(), who.name, who.date_text(), wording.memories(remembered)],
        who.name,
        ("currently", "daily_requirement"),
        part("currently", readers.prose, lambda: who.currently),
        part("daily_requirement", readers.prose, lambda: who.daily_plan_req),
    )
    return Identity(**values)


def task_decomposition(model: Model, who: Scratch, entry: Entry, places: Places, here: str) -> list[Task]:
    """The tasks that fill an entry of the schedule exactly, in minutes, each with its action if that could be read."""
    around = between(who.f_daily_schedule_hourly_org, max(entry.start - 60, 0), min(entry.end + 60, MINUTES_A_DAY))
    return ask(
        model,
        Question("task_decomposition", 2500),
        [
            who.identity_sheet(),
            who.name,
            as_text(around),
            entry.activity,
            clock(entry.start),
            clock(entry.end),
            str(entry.minutes),
            here,
            places.as_text(),
        ],
        who.name,
        ("tasks",),
        part(
            "tasks",
            lambda value: composed.tasks(value, entry, places, who),
            lambda: composed.undivided(entry),
        ),
    )["tasks"]


def action(model: Model, who: Scratch, activity: str, places: Places, here: str) -> PlannedAction:
    """Where the persona does something, among the places offered, and how that looks."""
    values = ask(
        model,
        Question("action", 300),
        [who.identity_sheet(), who.name, here, activity, places.as_text()],
        who.name,
        composed.ACTION_FIELDS,
        *composed.action_parts(places, activity, who),
    )
    return composed.action_of(values, places)


def poignancy(model: Model, who: Scratch, statements: Sequence[str]) -> list[int]:
    """How much each statement matters to the persona, 1..10."""
    count = len(statements)
    rated = ask(
        model,
        Question("poignancy", 50 + 10 * count),
        [who.identity_sheet(), who.name, str(count), wording.numbered(statements), ", ".join(['"1 to 10"'] * count)],
        who.name,
        ("ratings",),
        *(
            Part(f"rating {k + 1}", partial(composed.rating_at, k, count), lambda: composed.UNKNOWN_POIGNANCY)
            for k in range(count)
        ),
    )
    return list(rated.values())


def decide_to_talk(
    model: Model, who: Scratch, other: Scratch, remembered: Sequence[ConceptNode], last_talk: str, talks_today: str
) -> bool:
    """Whether the persona starts a conversation; not, when the answer cannot be read."""
    return ask(
        model,
        Question("decide_to_talk", 100),
        [
            who.identity_sheet(),
            who.name,
            other.name,
            wording.memories(remembered),
            wording.time_now(who),
            last_talk,
            who.act_description,
            other.act_description,
            talks_today,
        ],
        who.name,
        ("answer",),
        part("answer", readers.yes_no, lambda: False),
    )["answer"]


def decide_to_wait(model: Model, who: Scratch, other: Scratch, place: str) -> bool:
    """Whether the persona waits until the other has finished with the place both want; it goes on when unclear."""
    option = ask(
        model,
        Question("decide_to_wait", 100),
        [
            who.identity_sheet(),
            who.name,
            other.name,
            who.act_description,
            other.act_description,
            place,
            f"{other.act_end:%H:%M}",
            wording.time_now(who),
        ],
        who.name,
        ("option",),
        part("option", lambda value: readers.option(value, 2), lambda: 2),
    )["option"]
    return option == 1


def first_utterance(
    model: Model,
    who: Scratch,
    listener: Scratch,
    *,
    remembered: Sequence[ConceptNode],
    place: str,
    last_talk: str,
    lines: Sequence[Line],
) -> Opening:
    """What the speaker makes of the listener, and its first line; one that cannot be read ends the conversation."""
    values = ask(
        model,
        Question("first_utterance", 500),
        [
            who.identity_sheet(),
            who.name,
            listener.name,
            wording.memories(remembered),
            _scene(who, listener, place),
            _doing(who, listener, lines),
            last_talk,
            wording.dialogue(lines),
        ],
        who.name,
        ("relationship", "utterance", "end", "about"),
        part("relationship", readers.prose, lambda: f"{who.name} knows {listener.name} by sight."),
        *_turn(who, listener),
    )
    return Opening(values["relationship"], Said(*values["turn"], values["about"]))


def utterance(
    model: Model,
    who: Scratch,
    listener: Scratch,
    *,
    relationship: str,
    in_mind: Sequence[ConceptNode],
    place: str,
    last_talk: str,
    lines: Sequence[Line],
) -> Said:
    """The speaker's next line; one that cannot be read ends the conversation."""
    values = ask(
        model,
        Question("utterance", 300),
        [
            who.identity_sheet(),
            who.name,
            listener.name,
            relationship,
            wording.memories(in_mind),
            _scene(who, listener, place),
            _doing(who, listener, lines),
            last_talk,
            wording.dialogue(lines),
        ],
        who.name,
        ("utterance", "end", "about"),
        *_turn(who, listener),
    )
    return Said(*values["turn"], values["about"])


def conversation_summary(model: Model, who: Scratch, partner: str, lines: Sequence[Line]) -> str:
    """What a conversation was about, as a phrase."""
    return ask(
        model,
        Question("conversation_summary", 100),
        [who.name, partner, wording.dialogue(lines)],
        who.name,
        ("about",),
        part("about", lambda value: readers.topic(value, (who.name, partner)), lambda: "this and that"),
    )["about"]


def schedule_after_reaction(
    model: Model, who: Scratch, planned: Sequence[Entry], interruption: str, start: int, end: int
) -> Refilled:
    """The minutes from `start` to `end` after an interruption; what was planned for them, if unclear."""
    values = ask(
        model,
        Question("schedule_after_reaction", 600),
        [who.identity_sheet(), who.name, as_text(planned), interruption, clock(start), clock(end)],
        who.name,
        ("schedule", "poignancy"),
        *composed.refilled_parts(planned, start, end, who),
    )
    return Refilled(values["schedule"], values["poignancy"])


def focal_points(model: Model, who: Scratch, latest: Sequence[ConceptNode], count: int) -> list[str]:
    """The questions a persona asks itself about its latest memories."""
    questions = ask(
        model,
        Question("focal_points", 300),
        [who.name, wording.memories(latest), str(count)],
        who.name,
        ("questions",),
        part("questions", readers.lines, lambda: [f"What matters most to {who.name} these days?"]),
    )["questions"]
    return questions[:count]


def insights(
    model: Model, who: Scratch, questions: Sequence[str], memories: Sequence[ConceptNode], count: int
) -> list[tuple[Thought, list[int]]]:
    """What the persona concludes about its questions, `count` insights for each, none when unclear.

    Args:
        memories: ordered by time.

    Returns:
        Each insight with the indexes of the memories it follows from.
    """
    found = ask(
        model,
        Question("insights", 1200 * len(questions)),
        [who.name, wording.numbered(questions), wording.numbered_memories(memories), str(count), wording.time_now(who)],
        who.name,
        ("insights",),
        part("insights", lambda value: composed.insights(value, len(memories), count, who), list),
    )["insights"]
    return found[: count * len(questions)]


def after_chat(
    model: Model, who: Scratch, partner: str, lines: Sequence[Line], planned: Sequence[Entry], start: int, end: int
) -> Aftermath:
    """What a persona takes away from a conversation, for its plans and as a memo, each only if there is one.

    With that the minutes from `start` to `end` after it; what was planned for them, if unclear.
    """
    values = ask(
        model,
        Question("after_chat", 1000),
        [
            who.identity_sheet(),
            who.name,
            partner,
            wording.dialogue(lines),
            as_text(planned),
            clock(start),
            clock(end),
        ],
        who.name,
        ("planning", "planning_poignancy", "memo", "memo_poignancy", "poignancy", "schedule"),
        Part("planning", lambda answer: composed.remark(answer, "planning", who), lambda: None),
        Part("memo", lambda answer: composed.remark(answer, "memo", who), lambda: None),
        *composed.refilled_parts(planned, start, end, who),
    )
    thoughts = [
        Thought(remark.text, who.name, predicate, partner, remark.poignancy)
        for remark, predicate in ((values["planning"], "plan with"), (values["memo"], "talk with"))
        if remark
    ]
    return Aftermath(thoughts, Refilled(values["schedule"], values["poignancy"]))


def whisper(model: Model, who: Scratch, whispers: Sequence[str]) -> list[Thought]:
    """Each whisper as a thought of the persona's own."""
    return ask(
        model,
        Question("whisper", 200 * len(whispers)),
        [who.identity_sheet(), who.name, wording.numbered(whispers), str(len(whispers))],
        who.name,
        ("thoughts",),
        part(
            "thoughts",
            lambda value: composed.thoughts(value, whispers, who),
            lambda: [composed.thought({}, text, who) for text in whispers],
        ),
    )["thoughts"]


def interview(model: Model, who: Scratch, remembered: Sequence[ConceptNode], place: str, lines: Sequence[Line]) -> str:
    """What the persona answers to an interviewer."""
    doing = who.act_description or "not doing anything yet"
    return ask(
        model,
        Question("interview", 500),
        [
            who.identity_sheet(),
            who.name,
            wording.memories(remembered),
            wording.dialogue(lines),
            f"It is {wording.time_now(who)}. {who.name} is {doing}, at {place}.",
        ],
        who.name,
        ("answer",),
        part("answer", lambda value: readers.utterance(value, who.name), lambda: "I would rather not say."),
    )["answer"]


def _turn(who: Scratch, listener: Scratch) -> tuple[Part, Part]:
    names = who.name, listener.name
    return (
        Part("turn", lambda answer: readers.turn(answer, who.name), lambda: ("", True)),
        part("about", lambda value: composed.topic_or_none(value, names), lambda: None),
    )


def _scene(who: Scratch, listener: Scratch, place: str) -> str:
    return f"{who.name} and {listener.name} are at {place}. It is {wording.time_now(who)}."


def _doing(who: Scratch, listener: Scratch, lines: Sequence[Line]) -> str:
    """Who came upon whom: the speaker of the first line began."""
    if not lines or lines[0][0] == who.name:
        return f"{who.name} was {who.act_description} when {listener.name} was around, {listener.act_description}."
    return f"{who.name} was {who.act_description} when {listener.name}, {listener.act_description}, came up."

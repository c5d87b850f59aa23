"""What is asked of the model, and what each answer means: one function a question.

Knows the templates, the readers and the fail-safes; not when a question is asked nor what becomes of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

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
from persona.prompt_template import composed, readers
from persona.prompt_template.asking import Part, Question, ask, part
from persona.prompt_template.composed import Thought
from persona.prompt_template.model import Model

if TYPE_CHECKING:
    from persona.cognitive_modules.places import Places

Line = tuple[str, str]

NOTHING = "- nothing in particular"
NOTHING_SAID = "(nothing yet)"


class DayPlan(NamedTuple):
    """A day in broad strokes and in hours."""

    plan: tuple[str, ...]
    schedule: Schedule


class Identity(NamedTuple):
    """What a persona is about, and what the day has to contain."""

    currently: str
    daily_requirement: str


class Action(NamedTuple):
    """Where an action takes place and how it shows; the thing's fields are None where there is no thing."""

    address: str
    emoji: str
    predicate: str
    object: str
    thing_state: str | None
    thing_emoji: str | None


class Said(NamedTuple):
    """A line of a conversation, "" for none, and whether nothing is left to say after it."""

    utterance: str
    end: bool


def day_plan(model: Model, who: Scratch, places: Sequence[str]) -> DayPlan:
    """Wake-up hour, broad strokes and hours of the persona's day; the schedule sums to 1440 minutes."""
    values = ask(
        model,
        Question("day_plan", 1500),
        [who.identity_sheet(), who.name, who.date_text(), _statements(places)],
        who.name,
        ("wake_up", "plan", "schedule"),
        Part("schedule", lambda answer: composed.day(answer, who), lambda: composed.usual_day(who)),
        part("plan", readers.lines, list),
    )
    schedule = values["schedule"]
    return DayPlan(tuple(values["plan"] or [row[0] for row in schedule if not is_sleep(row[0])]), tuple(schedule))


def identity(model: Model, who: Scratch, remembered: Sequence[str]) -> Identity:
    """What the persona is about from today on, from what it remembers."""
    values = ask(
        model,
        Question("identity", 500),
        [who.identity_sheet(), who.name, who.date_text(), _statements(remembered)],
        who.name,
        ("currently", "daily_requirement"),
        part("currently", readers.prose, lambda: who.currently),
        part("daily_requirement", readers.prose, lambda: who.daily_plan_req),
    )
    return Identity(**values)


def task_decomposition(model: Model, who: Scratch, entry: Entry) -> list[Row]:
    """The tasks that fill an entry of the schedule exactly, in minutes."""
    around = between(who.f_daily_schedule_hourly_org, max(entry.start - 60, 0), min(entry.end + 60, MINUTES_A_DAY))
    return ask(
        model,
        Question("task_decomposition", 1000),
        [
            who.identity_sheet(),
            who.name,
            as_text(around),
            entry.activity,
            clock(entry.start),
            clock(entry.end),
            str(entry.minutes),
        ],
        who.name,
        ("tasks",),
        part(
            "tasks",
            lambda value: readers.tasks(value, entry.minutes, who.name),
            lambda: [(entry.activity, entry.minutes)],
        ),
    )["tasks"]


def action(model: Model, who: Scratch, activity: str, places: Places, here: str) -> Action:
    """Where the persona does something, among the places offered, and how that looks."""
    values = ask(
        model,
        Question("action", 300),
        [who.identity_sheet(), who.name, here, activity, places.as_text()],
        who.name,
        ("place", "room", "thing", "emoji", "predicate", "object", "thing_state", "thing_emoji"),
        Part(
            "place", lambda answer: composed.place(answer, places, activity), lambda: composed.at_home(places, activity)
        ),
        part("emoji", readers.emoji_of, lambda: "😴" if is_sleep(activity) else "🙂"),
        Part("triple", lambda answer: readers.triple(answer, who.name), lambda: (who.name, "is", activity)),
        part("thing_state", readers.activity, lambda: "being used"),
        part("thing_emoji", readers.emoji_of, lambda: "✨"),
    )
    sector, arena, thing = values["place"]
    _, predicate, object_ = values["triple"]
    return Action(
        places.address(sector, arena, thing),
        values["emoji"],
        predicate,
        object_,
        composed.state_of(thing, values["thing_state"]) if thing else None,
        values["thing_emoji"] if thing else None,
    )


def poignancy(model: Model, who: Scratch, statements: Sequence[str]) -> list[int]:
    """How much each statement matters to the persona, 1..10."""
    count = len(statements)
    rated = ask(
        model,
        Question("poignancy", 50 + 10 * count),
        [who.identity_sheet(), who.name, str(count), _numbered(statements), ", ".join(['"1 to 10"'] * count)],
        who.name,
        ("ratings",),
        *(
            Part(f"rating {k + 1}", partial(composed.rating_at, k, count), lambda: composed.UNKNOWN_POIGNANCY)
            for k in range(count)
        ),
    )
    return list(rated.values())


def decide_to_talk(model: Model, who: Scratch, other: Scratch, remembered: Sequence[str], last_talk: str) -> bool:
    """Whether the persona starts a conversation; not, when the answer cannot be read."""
    return ask(
        model,
        Question("decide_to_talk", 100),
        [
            who.identity_sheet(),
            who.name,
            other.name,
            _statements(remembered),
            _time(who),
            last_talk,
            who.act_description,
            other.act_description,
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
            _time(who),
        ],
        who.name,
        ("option",),
        part("option", lambda value: readers.option(value, 2), lambda: 2),
    )["option"]
    return option == 1


def relationship(model: Model, who: Scratch, other: str, remembered: Sequence[str]) -> str:
    """What the persona knows and feels about the other, in a sentence or two."""
    return ask(
        model,
        Question("relationship", 250),
        [who.name, other, _statements(remembered)],
        who.name,
        ("relationship",),
        part("relationship", readers.prose, lambda: f"{who.name} knows {other} by sight."),
    )["relationship"]


def utterance(
    model: Model,
    who: Scratch,
    listener: Scratch,
    *,
    relationship: str,
    in_mind: Sequence[str],
    place: str,
    last_talk: str,
    lines: Sequence[Line],
) -> Said:
    """The speaker's next line; one that cannot be read ends the conversation."""
    doing = (
        f"{who.name} was {who.act_description} when {listener.name} was around, {listener.act_description}."
        if not lines or lines[0][0] == who.name
        else f"{who.name} was {who.act_description} when {listener.name}, {listener.act_description}, came up."
    )
    values = ask(
        model,
        Question("utterance", 300),
        [
            who.identity_sheet(),
            who.name,
            listener.name,
            relationship,
            _statements(in_mind),
            f"{who.name} and {listener.name} are at {place}. It is {_time(who)}.",
            doing,
            last_talk,
            _dialogue(lines),
        ],
        who.name,
        ("utterance", "end"),
        Part("turn", lambda answer: readers.turn(answer, who.name), lambda: ("", True)),
    )
    return Said(*values["turn"])


def conversation_summary(model: Model, who: Scratch, partner: str, lines: Sequence[Line]) -> str:
    """What a conversation was about, as a phrase."""
    return ask(
        model,
        Question("conversation_summary", 100),
        [who.name, partner, _dialogue(lines)],
        who.name,
        ("about",),
        part("about", lambda value: readers.topic(value, (who.name, partner)), lambda: "this and that"),
    )["about"]


def schedule_after_reaction(
    model: Model, who: Scratch, planned: Sequence[Entry], interruption: str, start: int, end: int
) -> list[Row]:
    """Rows that fill the minutes from `start` to `end` after an interruption; what was planned then, if unclear."""
    kept = [(e.activity, min(e.end, end) - max(e.start, start)) for e in planned if e.start < end and e.end > start]
    return ask(
        model,
        Question("schedule_after_reaction", 600),
        [who.identity_sheet(), who.name, as_text(planned), interruption, clock(start), clock(end)],
        who.name,
        ("schedule",),
        part(
            "schedule",
            lambda value: readers.schedule_block(value, start, end, who.name),
            lambda: kept,
        ),
    )["schedule"]


def focal_points(model: Model, who: Scratch, statements: Sequence[str], count: int) -> list[str]:
    """The questions a persona asks itself about its latest memories."""
    questions = ask(
        model,
        Question("focal_points", 300),
        [who.name, _statements(statements), str(count)],
        who.name,
        ("questions",),
        part("questions", readers.lines, lambda: [f"What matters most to {who.name} these days?"]),
    )["questions"]
    return questions[:count]


def insights(
    model: Model, who: Scratch, question: str, statements: Sequence[str], count: int
) -> list[tuple[Thought, list[int]]]:
    """What the persona concludes, each with the indexes of the statements it follows from; none when unclear."""
    found = ask(
        model,
        Question("insights", 1200),
        [who.name, question, _numbered(statements), str(count)],
        who.name,
        ("insights",),
        part("insights", lambda value: composed.insights(value, len(statements), who), list),
    )["insights"]
    return found[:count]


def after_chat(model: Model, who: Scratch, partner: str, lines: Sequence[Line]) -> list[Thought]:
    """What a persona takes away from a conversation: for its plans and as a memo, each only if there is one."""
    values = ask(
        model,
        Question("after_chat", 400),
        [who.identity_sheet(), who.name, partner, _dialogue(lines)],
        who.name,
        ("planning", "planning_poignancy", "memo", "memo_poignancy"),
        Part("planning", lambda answer: composed.remark(answer, "planning", who), lambda: None),
        Part("memo", lambda answer: composed.remark(answer, "memo", who), lambda: None),
    )
    return [
        Thought(remark.text, who.name, predicate, partner, remark.poignancy)
        for remark, predicate in ((values["planning"], "plan with"), (values["memo"], "talk with"))
        if remark
    ]


def whisper(model: Model, who: Scratch, whispers: Sequence[str]) -> list[Thought]:
    """Each whisper as a thought of the persona's own."""
    return ask(
        model,
        Question("whisper", 200 * len(whispers)),
        [who.identity_sheet(), who.name, _numbered(whispers), str(len(whispers))],
        who.name,
        ("thoughts",),
        part(
            "thoughts",
            lambda value: composed.thoughts(value, whispers, who),
            lambda: [composed.thought({}, text, who) for text in whispers],
        ),
    )["thoughts"]


def interview(model: Model, who: Scratch, remembered: Sequence[str], place: str, lines: Sequence[Line]) -> str:
    """What the persona answers to an interviewer."""
    return ask(
        model,
        Question("interview", 500),
        [
            who.identity_sheet(),
            who.name,
            _statements(remembered),
            _dialogue(lines),
            f"It is {_time(who)}. {who.name} is {who.act_description or 'not doing anything yet'}, at {place}.",
        ],
        who.name,
        ("answer",),
        part("answer", lambda value: readers.utterance(value, who.name), lambda: "I would rather not say."),
    )["answer"]


def _statements(texts: Sequence[str]) -> str:
    return "\n".join(f"- {text}" for text in texts) or NOTHING


def _numbered(texts: Sequence[str]) -> str:
    return "\n".join(f"{k}. {text}" for k, text in enumerate(texts, 1))


def _dialogue(lines: Sequence[Line]) -> str:
    return "\n".join(f"{speaker}: {line}" for speaker, line in lines) or NOTHING_SAID


def _time(who: Scratch) -> str:
    return f"{who.date_text()}, {who.now:%H:%M}"

"""A persona's short-term state: who it is, today's plan, what it does now, whom it talks to.

Knows the form of `scratch.json` and nothing of models, prompts or the map. Values are replaced, never changed in place:
that makes a snapshot of the whole state one shallow copy, and going back to it one assignment.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import MINUTES_A_DAY, Row, Schedule, minute_of_day, whole_day
from saves.game_time import TIME_FORMAT

Triple = tuple[str | None, str | None, str | None]

_TIMES = ("curr_time", "act_start_time", "chatting_end_time")
_SCHEDULES = ("f_daily_schedule", "f_daily_schedule_hourly_org")
_CLOCKS = ("wake_up", "bed_time")
_TRIPLES = ("act_event", "act_obj_event")
_KINDS: dict[str, tuple[type | tuple[type, ...], tuple[str, ...]]] = {
    "a text": (
        str,
        (
            "name",
            "innate",
            "learned",
            "currently",
            "lifestyle",
            "living_area",
            "daily_plan_req",
            "act_address",
            "act_description",
            "act_pronunciatio",
            "act_obj_description",
            "act_obj_pronunciatio",
            "chatting_with",
        ),
    ),
    "a whole number": (
        int,
        (
            "vision_r",
            "att_bandwidth",
            "retention",
            "importance_trigger_max",
            "importance_trigger_curr",
            "importance_ele_n",
            "act_poignancy",
            "act_obj_poignancy",
        ),
    ),
    "a number": ((int, float), ("recency_w", "relevance_w", "importance_w", "recency_decay")),
}
_FORMS = {
    **dict.fromkeys(_TIMES, "a time like 'May 06, 2024, 07:00:00'"),
    **dict.fromkeys(_SCHEDULES, "a list of [activity, minutes]"),
    **dict.fromkeys(_CLOCKS, "a time of day like '06:30'"),
    **dict.fromkeys(_TRIPLES, "[subject, predicate, object]"),
    "act_duration": "minutes, less than a year of them",
    "curr_tile": "[x, y]",
    "planned_path": "a list of [x, y]",
    "daily_req": "a list of texts",
    "chat": "a list of [speaker, line]",
    "chat_thoughts": "a list of [text, subject, predicate, object, poignancy]",
    "chatting_with_buffer": "an object {name: steps}",
    "planned_actions": "an object {activity: action}",
}
_MINUTES_A_YEAR = 366 * MINUTES_A_DAY
_REQUIRED = ("name", "age", "innate", "learned", "currently", "lifestyle", "living_area")


class CurrentTalk(NamedTuple):
    """A conversation that a persona is in."""

    partner: str
    lines: tuple[tuple[str, str], ...]
    start: datetime
    end: datetime


@dataclass
class Scratch:
    """The fields of `scratch.json`, in its order; times are datetimes, durations minutes, tiles (x, y)."""

    vision_r: int = 8
    att_bandwidth: int = 8
    retention: int = 8
    curr_time: datetime | None = None
    curr_tile: tuple[int, int] | None = None
    daily_plan_req: str = ""
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    age: int = 0
    innate: str = ""
    learned: str = ""
    currently: str = ""
    lifestyle: str = ""
    living_area: str = ""
    concept_forget: int = 100
    daily_reflection_time: int = 180
    daily_reflection_size: int = 5
    overlap_reflect_th: int = 4
    kw_strg_event_reflect_th: int = 10
    kw_strg_thought_reflect_th: int = 9
    recency_w: float = 1
    relevance_w: float = 1
    importance_w: float = 1
    recency_decay: float = 0.99
    importance_trigger_max: int = 150
    importance_trigger_curr: int = 150
    importance_ele_n: int = 0
    thought_count: int = 5
    daily_req: tuple[str, ...] = ()
    f_daily_schedule: Schedule = ()
    f_daily_schedule_hourly_org: Schedule = ()
    act_address: str | None = None
    act_start_time: datetime | None = None
    act_duration: int | None = None
    act_description: str | None = None
    act_pronunciatio: str | None = None
    act_event: Triple = (None, None, None)
    act_obj_description: str | None = None
    act_obj_pronunciatio: str | None = None
    act_obj_event: Triple = (None, None, None)
    chatting_with: str | None = None
    chat: tuple[tuple[str, str], ...] | None = None
    chatting_with_buffer: dict[str, int] = field(default_factory=dict)
    chatting_end_time: datetime | None = None
    act_path_set: bool = False
    planned_path: tuple[tuple[int, int], ...] = ()
    # Beyond the classic keys: what the model has already said of tasks still to come, of the action under way, and of
    # the conversation under way (thoughts that are stored when it ends).
    planned_actions: dict[str, PlannedAction] = field(default_factory=dict)
    act_poignancy: int | None = None
    act_obj_poignancy: int | None = None
    chat_thoughts: tuple[tuple[Any, ...], ...] = ()
    # When the persona usually gets up and goes to sleep, "HH:MM"; None where only its lifestyle tells.
    wake_up: str | None = None
    bed_time: str | None = None
    unknown_keys: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Scratch:
        """The state that `scratch.json` holds; keys it has beyond ours are kept for saving, null is the default.

        Who has no schedule has not lived yet, also when a base gives it a `curr_time`: its next day is its first.

        Raises:
            ValueError: a key that says who the persona is is missing, or a value has the wrong form.
        """
        missing = [key for key in _REQUIRED if saved.get(key) is None]
        if missing:
            raise ValueError(f"scratch.json lacks {', '.join(missing)}")
        known = {f.name for f in fields(cls)} - {"unknown_keys"}
        _check_types(saved)
        state = {key: _read_named(key, saved[key]) for key in saved if key in known and saved[key] is not None}
        rest = {key: value for key, value in saved.items() if key not in known}
        first_name, _, last_name = saved["name"].partition(" ")
        scratch = cls(**{"first_name": first_name, "last_name": last_name, **state}, unknown_keys=rest)
        if scratch.chatting_with and not (scratch.chat and scratch.chatting_end_time):
            scratch.chatting_with = scratch.chat = scratch.chatting_end_time = None
        if not scratch.f_daily_schedule:
            scratch.curr_time = None
        return scratch

    def to_json(self) -> dict[str, Any]:
        """The same keys and types as in `scratch.json`; hours that nobody told are left out."""
        untold = {key for key in _CLOCKS if getattr(self, key) is None}
        known = {f.name: _write(getattr(self, f.name)) for f in fields(self) if f.name not in {"unknown_keys", *untold}}
        return {**known, **self.unknown_keys}

    def snapshot(self) -> dict[str, Any]:
        """What `restore` goes back to."""
        return dict(vars(self))

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Back to the state of a snapshot."""
        vars(self).update(snapshot)

    # Who and when

    def identity_sheet(self) -> str:
        """The persona in a few lines, the head of most prompts."""
        return "\n".join(
            (
                f"Name: {self.name}",
                f"Age: {self.age}",
                f"Traits: {self.innate}",
                f"Background: {self.learned}",
                f"Currently: {self.currently}",
                f"Lifestyle: {self.lifestyle}",
                f"Home: {' > '.join(self.living_area.split(':')[1:])}",
                f"Daily requirement: {self.daily_plan_req}",
                f"Today: {self.date_text()}",
            )
        )

    def date_text(self) -> str:
        """`Monday, March 4, 2024`: the game date, without a padded day, on any platform."""
        return f"{date_in_words(self.now)}, {self.now.year}"

    @property
    def now(self) -> datetime:
        """The game time of this step.

        Raises:
            ValueError: the persona has not taken part in any step yet.
        """
        if self.curr_time is None:
            raise ValueError(f"{self.name} has no game time yet")
        return self.curr_time

    @property
    def tile(self) -> tuple[int, int]:
        """Where the persona stands in this step.

        Raises:
            ValueError: the persona has not taken part in any step yet.
        """
        if self.curr_tile is None:
            raise ValueError(f"{self.name} has no tile yet")
        return self.curr_tile

    @property
    def minute(self) -> int:
        """Minutes since midnight, now."""
        return minute_of_day(self.now)

    # The action

    def start_action(self, description: str, minutes: int, action: PlannedAction) -> None:
        """A new action from this minute on, of `minutes` minutes; a conversation that was going on is over.

        `scratch.json` has names of its own for what is seen of it, as the original code wants them.
        """
        self.act_address = action.address
        self.act_start_time = self.now.replace(second=0, microsecond=0)
        self.act_duration = minutes
        self.act_description = description
        self.act_pronunciatio = action.emoji
        self.act_event = (self.name, action.predicate, action.object)
        self.act_obj_description = action.thing_state
        self.act_obj_pronunciatio = action.thing_emoji
        self.act_obj_event = (None, None, None)
        if action.thing_state is not None:
            self.act_obj_event = (action.address, "is", action.thing_state)
        self.act_poignancy = action.poignancy
        self.act_obj_poignancy = action.thing_poignancy
        self.act_path_set = False
        self.planned_path = ()
        self.chatting_with = None
        self.chat = None
        self.chatting_end_time = None
        self.chat_thoughts = ()

    def start_chat(
        self,
        partner: str,
        lines: tuple[tuple[str, str], ...],
        buffer: int,
        thoughts: Iterable[tuple[Any, ...]] = (),
    ) -> None:
        """Marks the action just started as a conversation; `buffer` steps pass before the next with this partner.

        Args:
            thoughts: what is taken away from it when it ends: (text, subject, predicate, object, poignancy).
        """
        self.chatting_with = partner
        self.chat = lines
        self.chatting_end_time = self.act_end
        self.chat_thoughts = tuple(tuple(thought) for thought in thoughts)
        self.put_off_talk(partner, buffer)

    def put_off_talk(self, partner: str, buffer: int) -> None:
        """`buffer` steps pass before a talk with this partner may be thought of."""
        self.chatting_with_buffer = {**self.chatting_with_buffer, partner: buffer}

    @property
    def address(self) -> str:
        """Where the action takes place; "" without an action."""
        return self.act_address or ""

    @property
    def doing(self) -> str:
        """The action in words, also without one, and while the persona is still on its way to it."""
        if not self.act_description:
            return "not doing anything yet"
        return self.act_description if self.arrived or self.chatting_with else f"about to start {self.act_description}"

    @property
    def talk(self) -> CurrentTalk | None:
        """The conversation that goes on; None outside one."""
        if not self.chatting_with or self.chat is None or self.chatting_end_time is None or self.act_start_time is None:
            return None
        return CurrentTalk(self.chatting_with, self.chat, self.act_start_time, self.chatting_end_time)

    @property
    def act_end(self) -> datetime | None:
        """When the action is over; None without an action."""
        if self.act_start_time is None or not self.act_address:
            return None
        return self.act_start_time + timedelta(minutes=self.act_duration or 0)

    @property
    def act_finished(self) -> bool:
        """Whether it is time for the next action."""
        end = self.act_end
        return end is None or self.now >= end

    @property
    def arrived(self) -> bool:
        """Whether the persona stands where its action takes place."""
        return self.act_path_set and not self.planned_path

    def count_down_buffers(self) -> None:
        """One step less to wait before talking to each partner again."""
        if self.chatting_with_buffer:
            self.chatting_with_buffer = {
                partner: steps - 1 for partner, steps in self.chatting_with_buffer.items() if steps > 1
            }


def date_in_words(day: date) -> str:
    """`Monday, March 4`: without a padded day, on any platform."""
    return f"{day:%A, %B} {day.day}"


def _check_types(saved: Mapping[str, Any]) -> None:
    for what, (kind, keys) in _KINDS.items():
        for key in keys:
            if saved.get(key) is not None and not isinstance(saved[key], kind):
                raise ValueError(f"{key!r} in scratch.json must be {what}, is {reprlib.repr(saved[key])}")


def _read_named(key: str, value: Any) -> Any:
    """A value as the state holds it. Raises ValueError, naming the key, when it has another form."""
    try:
        return _read(key, value)
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{key!r} in scratch.json must be {_FORMS[key]}, is {reprlib.repr(value)}") from error


def _read(key: str, value: Any) -> Any:
    if key in _TIMES:
        return datetime.strptime(value, TIME_FORMAT) if value else None
    if key in _SCHEDULES:
        return whole_day(_row(row) for row in value or ())
    if key in _CLOCKS:
        return f"{datetime.strptime(value, '%H:%M'):%H:%M}"
    if key in _TRIPLES:
        return _triple(value) if value else (None, None, None)
    if key == "act_duration":
        return _minutes(value)
    if key == "curr_tile":
        return _tile(value) if value else None
    if key == "planned_path":
        return tuple(_tile(tile) for tile in value or ())
    if key == "daily_req":
        return tuple(str(part) for part in value or ())
    if key == "chat":
        return tuple((str(speaker), str(line)) for speaker, line in value) if value else None
    if key == "chat_thoughts":
        return tuple((text, s, p, o, int(poignancy)) for text, s, p, o, poignancy in value or ())
    if key == "chatting_with_buffer":
        return {partner: int(steps) for partner, steps in (value or {}).items()}
    if key == "planned_actions":
        return {activity: PlannedAction.from_json(action) for activity, action in (value or {}).items()}
    return value


def _minutes(value: Any) -> int:
    minutes = int(value)
    if not 0 <= minutes <= _MINUTES_A_YEAR:
        raise ValueError("no action takes so long")
    return minutes


def _triple(value: Any) -> Triple:
    subject, predicate, thing = value
    if isinstance(value, str) or not all(isinstance(part, str | None) for part in value):
        raise TypeError("the parts of an event are texts or null")
    return subject, predicate, thing


def _tile(value: Any) -> tuple[int, int]:
    x, y = value
    return int(x), int(y)


def _row(row: Any) -> Row:
    activity, minutes = row
    return str(activity), int(minutes)


def _write(value: Any) -> Any:
    if isinstance(value, PlannedAction):
        return value._asdict()
    if isinstance(value, dict):
        return {key: _write(part) for key, part in value.items()}
    if isinstance(value, datetime):
        return value.strftime(TIME_FORMAT)
    if isinstance(value, tuple):
        return [_write(part) for part in value]
    return value

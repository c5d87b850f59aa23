"""A persona's short-term state: who it is, today's plan, what it does now, whom it talks to.

Knows the format of `scratch.json` and nothing about models, prompts or the map. Values are replaced, never changed in
place: so a snapshot of the whole state is one shallow copy, and restoring it one assignment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import minute_of_day
from persona.memory_structures.scratch_form import (
    Buffers,
    Clock,
    Day,
    Lines,
    Minutes,
    Path,
    PlannedActions,
    Texts,
    Thoughts,
    Tile,
    Triple,
)
from saves.forms import Number, Text, Time, WholeNumber, complaint

_REQUIRED = ("name", "age", "innate", "learned", "currently", "lifestyle", "living_area")


class CurrentTalk(NamedTuple):
    """A conversation that a persona is in."""

    partner: str
    lines: tuple[tuple[str, str], ...]
    start: datetime
    end: datetime


@dataclass
class Scratch:
    """The fields of `scratch.json`, in its order; times are datetimes, durations minutes, tiles (x, y).

    `Any` marks values that only the original code reads, and the age, which is only shown.
    """

    vision_r: WholeNumber = 8
    att_bandwidth: WholeNumber = 8
    retention: WholeNumber = 8
    curr_time: Time = None
    curr_tile: Tile = None
    daily_plan_req: Text = ""
    name: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    age: Any = 0
    innate: Text = ""
    learned: Text = ""
    currently: Text = ""
    lifestyle: Text = ""
    living_area: Text = ""
    concept_forget: Any = 100
    daily_reflection_time: Any = 180
    daily_reflection_size: Any = 5
    overlap_reflect_th: Any = 4
    kw_strg_event_reflect_th: Any = 10
    kw_strg_thought_reflect_th: Any = 9
    recency_w: Number = 1
    relevance_w: Number = 1
    importance_w: Number = 1
    recency_decay: Number = 0.99
    importance_trigger_max: WholeNumber = 150
    importance_trigger_curr: WholeNumber = 150
    importance_ele_n: WholeNumber = 0
    thought_count: Any = 5
    daily_req: Texts = ()
    f_daily_schedule: Day = ()
    f_daily_schedule_hourly_org: Day = ()
    act_address: Text | None = None
    act_start_time: Time = None
    act_duration: Minutes | None = None
    act_description: Text | None = None
    act_pronunciatio: Text | None = None
    act_event: Triple = (None, None, None)
    act_obj_description: Text | None = None
    act_obj_pronunciatio: Text | None = None
    act_obj_event: Triple = (None, None, None)
    chatting_with: Text | None = None
    chat: Lines = None
    chatting_with_buffer: Buffers = field(default_factory=dict)
    chatting_end_time: Time = None
    act_path_set: bool = False
    planned_path: Path = ()
    # Beyond the classic keys: earlier answers about the next tasks, the current action, and the current conversation
    # (thoughts that are stored when it ends).
    planned_actions: PlannedActions = field(default_factory=dict)
    act_poignancy: WholeNumber | None = None
    act_obj_poignancy: WholeNumber | None = None
    chat_thoughts: Thoughts = ()
    # When the persona usually gets up and goes to sleep, "HH:MM"; None if only its lifestyle says so.
    wake_up: Clock | None = None
    bed_time: Clock | None = None
    unknown_keys: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Scratch:
        """The state in `scratch.json`; unknown keys are kept for saving, and null means the default.

        A persona without a schedule has not started yet, even if a base gives it a `curr_time`: its next day is its
        first.

        Raises:
            ValueError: a key of the identity is missing, or a value is malformed.
        """
        if missing := [key for key in _REQUIRED if saved.get(key) is None]:
            raise ValueError(f"scratch.json lacks {', '.join(missing)}")
        try:
            scratch = _FORM.validate_python(
                {key: told for key, told in saved.items() if key in _KEYS and told is not None}
            )
        except ValidationError as error:
            raise ValueError(complaint(error, "scratch.json")) from error
        scratch.unknown_keys = {key: value for key, value in saved.items() if key not in _KEYS}
        first_name, _, last_name = scratch.name.partition(" ")
        scratch.first_name, scratch.last_name = scratch.first_name or first_name, scratch.last_name or last_name
        if scratch.chatting_with and not (scratch.chat and scratch.chatting_end_time):
            scratch.chatting_with = scratch.chat = scratch.chatting_end_time = None
        if not scratch.f_daily_schedule:
            scratch.curr_time = None
        return scratch

    def to_json(self) -> dict[str, Any]:
        """The same keys and types as in `scratch.json`; unknown hours are left out."""
        untold = {key for key in ("wake_up", "bed_time") if getattr(self, key) is None}
        known = _FORM.dump_python(self, mode="json", exclude={"unknown_keys", *untold}, warnings=False)
        return {**known, **self.unknown_keys}

    def snapshot(self) -> dict[str, Any]:
        """The state that `restore` returns to."""
        return dict(vars(self))

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Restores the state of a snapshot."""
        vars(self).update(snapshot)

    # Identity and time

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
                f"Home: {', '.join(self.living_area.split(':')[1:])}",
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
        """The persona's tile in this step.

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
        """Starts an action of `minutes` minutes at this minute, which ends any conversation.

        Its appearance is stored under the names that the original code expects in `scratch.json`.
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

    def end_action(self, now: datetime) -> None:
        """Ends the action, so that the next step decides on another one. A conversation continues."""
        if self.act_start_time is not None and not self.chatting_with:
            self.act_duration = (now - self.act_start_time) // timedelta(minutes=1)

    def start_chat(
        self,
        partner: str,
        lines: tuple[tuple[str, str], ...],
        buffer: int,
        thoughts: Iterable[tuple[Any, ...]] = (),
    ) -> None:
        """Marks the action just started as a conversation; `buffer` steps pass before the next with this partner.

        Args:
            thoughts: to be remembered when it ends: (text, subject, predicate, object, poignancy).
        """
        self.chatting_with = partner
        self.chat = lines
        self.chatting_end_time = self.act_end
        self.chat_thoughts = tuple(tuple(thought) for thought in thoughts)
        self.put_off_talk(partner, buffer)

    def put_off_talk(self, partner: str, buffer: int) -> None:
        """`buffer` steps pass before a conversation with this partner is considered."""
        self.chatting_with_buffer = {**self.chatting_with_buffer, partner: buffer}

    @property
    def address(self) -> str:
        """Where the action takes place; "" without an action."""
        return self.act_address or ""

    @property
    def doing(self) -> str:
        """The action in words, even without one, and while the persona is still on its way to it."""
        if not self.act_description:
            return "not doing anything yet"
        return self.act_description if self.arrived or self.chatting_with else f"about to start {self.act_description}"

    @property
    def talk(self) -> CurrentTalk | None:
        """The current conversation; None if there is none."""
        if not self.chatting_with or self.chat is None or self.chatting_end_time is None or self.act_start_time is None:
            return None
        return CurrentTalk(self.chatting_with, self.chat, self.act_start_time, self.chatting_end_time)

    @property
    def act_end(self) -> datetime | None:
        """The end of the action; None without one."""
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
        """Whether the persona has reached the place of its action."""
        return self.act_path_set and not self.planned_path

    def count_down_buffers(self) -> None:
        """Counts down the steps before each partner may be talked to again."""
        if self.chatting_with_buffer:
            self.chatting_with_buffer = {
                partner: steps - 1 for partner, steps in self.chatting_with_buffer.items() if steps > 1
            }


def date_in_words(day: date) -> str:
    """`Monday, March 4`: without a padded day, on any platform."""
    return f"{day:%A, %B} {day.day}"


_FORM = TypeAdapter(Scratch)
_KEYS = {key.name for key in fields(Scratch)} - {"unknown_keys"}

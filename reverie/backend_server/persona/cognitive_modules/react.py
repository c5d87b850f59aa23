"""React: which people meet in a step, whether they talk or one waits, and how that changes their schedules."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from maze import Maze
from persona.cognitive_modules import converse, perceive, retrieve
from persona.cognitive_modules.execute import PERSONA, WAITING
from persona.cognitive_modules.perceive import CHAT_PREDICATE, Observation
from persona.memory_structures.places import in_words
from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import MINUTES_A_DAY, Entry, between, entry_at, is_sleep, replace
from persona.mind import Mind
from persona.parallel_map import ParallelMap, both
from persona.prompt_template.asking import ask
from persona.prompt_template.questions import AfterChat, HoursAfter, Refilled, Thought, WouldTalk, WouldWait

CHAT_BUFFER = 800
BUFFER_AFTER_NO = 90  # steps before a persona is asked again about somebody it did not want to talk to
PAUSE_AFTER_TALKS = timedelta(minutes=10)
"""For each conversation of the day so far, how long after the last one nobody begins to talk again: a model that always
wants to talk must not talk all day."""
WAITING_EMOJI = "⌛"
QUIET_HOUR = 23
MINUTES_REFILLED = 60
MOST_RELATED = 15


class Encounter(NamedTuple):
    """A persona that has noticed another and may react: start a conversation, or wait for the other to finish."""

    persona: Mind
    other: Mind
    seen: Observation
    may_talk: bool

    @property
    def names(self) -> set[str]:
        return {self.persona.name, self.other.name}

    @property
    def involved(self) -> set[str]:
        """The people who can have no other encounter; a person waited for is not involved."""
        return self.names if self.may_talk else {self.persona.name}


class Interruption(NamedTuple):
    """An unplanned action that a persona starts now."""

    description: str
    minutes: int
    action: PlannedAction


class Impression(NamedTuple):
    """A persona's view of new events: the poignancy of each, and whether it reacts to the person it noticed."""

    ratings: list[int]
    reacts: bool


def encounters(personas: Mapping[str, Mind], news: Mapping[str, Sequence[Observation]]) -> dict[str, Encounter]:
    """The other person about whom each persona decides: the nearest it may talk to or wait for.

    In roster order; people in no other encounter come first, and a persona that is decided about does not decide.

    Args:
        news: the new events, nearest first, of each persona that has any, in roster order.
    """
    found: dict[str, Encounter] = {}
    involved: set[str] = set()
    for name, seen in news.items():
        possible = [] if name in involved else list(_possible(personas[name], personas, seen))
        free = [encounter for encounter in possible if encounter.other.name not in involved]
        if possible:
            found[name] = (free or possible)[0]
            involved |= found[name].involved
    return found


def consider(persona: Mind, news: Sequence[Observation], encounter: Encounter | None, each: ParallelMap) -> Impression:
    """Asks for the poignancy of new events and whether the persona reacts; stores and does nothing yet."""
    if encounter is None:
        return Impression(perceive.rate_poignancy(persona, news), False)
    if encounter.may_talk:
        return _rate_and_decide_to_talk(encounter, news)
    rated = both(each, partial(perceive.rate_poignancy, persona, news), partial(_decide_to_wait, encounter))
    return Impression(*rated)


def disjoint(wanted: Iterable[Encounter]) -> list[Encounter]:
    """The encounters that can happen at the same time: conversations first, then waiting, in roster order.

    Nobody starts two reactions, and a person who is waited for starts none.
    """
    beginning: set[str] = set()
    waited_for: set[str] = set()
    chosen = []
    for encounter in sorted(wanted, key=lambda one: not one.may_talk):
        if not encounter.names & beginning and encounter.persona.name not in waited_for:
            chosen.append(encounter)
            beginning |= encounter.involved
            waited_for |= encounter.names - encounter.involved
    return chosen


def react(encounter: Encounter, maze: Maze, each: ParallelMap) -> None:
    """Lets the two talk, or the persona wait for the other."""
    persona, other = encounter.persona, encounter.other
    if encounter.may_talk:
        _talk(converse.Side(persona, other), converse.Side(other, persona), maze, each)
    else:
        _wait(persona, other)


def stay_silent(encounter: Encounter) -> None:
    """The persona, which did not want to talk, is not asked about the other again for a while."""
    if encounter.may_talk:
        encounter.persona.scratch.put_off_talk(encounter.other.name, BUFFER_AFTER_NO)


def _rate_and_decide_to_talk(encounter: Encounter, news: Sequence[Observation]) -> Impression:
    persona, other, seen, _ = encounter
    past = retrieve.related(persona, seen.keywords)
    remembered = retrieve.distinct((*past.events[:MOST_RELATED], *past.thoughts[:MOST_RELATED]))
    last, today = converse.last_chat_text(persona, other.name), converse.talks_today_text(persona)
    wants = False

    def rate(statements: Sequence[str]) -> list[int]:
        nonlocal wants
        # A list needs something in it: where all is known, the rating of who was seen is asked for, and not used.
        asked = statements or [seen.description]
        question = WouldTalk(persona.scratch, asked, other.scratch, remembered, last, today)
        ratings, wants = ask(persona.model, question, persona.name)
        return ratings if statements else []

    return Impression(perceive.rated(persona, news, rate), wants)


def _decide_to_wait(encounter: Encounter) -> bool:
    persona, other = encounter.persona, encounter.other
    place = in_words(persona.scratch.address)
    return ask(persona.model, WouldWait(persona.scratch, other.scratch, place), persona.name)


def _possible(persona: Mind, personas: Mapping[str, Mind], news: Sequence[Observation]) -> Iterator[Encounter]:
    """The people noticed with whom the rules allow a reaction, nearest first."""
    for seen in news:
        other = personas.get(seen.subject)
        if other is None or other is persona:
            continue
        if _may_talk(persona, other):
            yield Encounter(persona, other, seen, may_talk=True)
        elif _may_wait(persona, other):
            yield Encounter(persona, other, seen, may_talk=False)


def _may_talk(persona: Mind, other: Mind) -> bool:
    return (
        _can_react(persona)
        and _can_react(other)
        and WAITING not in other.scratch.address
        and not persona.scratch.chatting_with_buffer.get(other.name)
        and not _is_pausing(persona)
        and not _is_pausing(other)
    )


def _is_pausing(persona: Mind) -> bool:
    today = converse.talks_today(persona)
    if not today:
        return False
    ended = today[-1].created + timedelta(minutes=converse.minutes_of(today[-1].filling))
    return persona.scratch.now < ended + len(today) * PAUSE_AFTER_TALKS


def _may_wait(persona: Mind, other: Mind) -> bool:
    mine, theirs = persona.scratch, other.scratch
    return (
        _can_react(persona)
        and _can_react(other)
        and mine.act_address == theirs.act_address
        and other.scratch.arrived
        and bool(mine.planned_path or not mine.act_path_set)
        and not theirs.act_finished
    )


def _can_react(persona: Mind) -> bool:
    """Whether a persona has an action, is awake, in no conversation, and it is not the last hour of the day."""
    scratch = persona.scratch
    return bool(
        scratch.act_address
        and scratch.act_description
        and not is_sleep(scratch.act_description)
        and not scratch.chatting_with
        and scratch.now.hour != QUIET_HOUR
    )


def _talk(initiator: converse.Side, partner: converse.Side, maze: Maze, each: ParallelMap) -> None:
    initiator.prepare()
    talk = converse.converse(initiator, partner, maze, each)
    if talk.lines:
        each(lambda side: _enter_talk(side.speaker, side.listener, talk), (initiator, partner))


def _enter_talk(persona: Mind, partner: Mind, talk: converse.Talk) -> None:
    scratch = persona.scratch
    thoughts: list[Thought] = []

    def after_chat(planned: Sequence[Entry], start: int, end: int) -> Refilled:
        aftermath = ask(persona.model, AfterChat(scratch, partner.name, talk.lines, planned, start, end), persona.name)
        thoughts.extend(aftermath.thoughts)
        return aftermath.hours

    interruption = Interruption(
        talk.description,
        talk.minutes + bool(scratch.now.second),  # actions begin on the minute; a conversation keeps its length
        PlannedAction(f"{PERSONA} {partner.name}", converse.CHAT_EMOJI, CHAT_PREDICATE, partner.name),
    )
    _interrupt(persona, interruption, after_chat)
    scratch.start_chat(partner.name, talk.lines, CHAT_BUFFER, thoughts)


def _wait(persona: Mind, other: Mind) -> None:
    """Makes a persona stay where it is until the other has finished; the other is not affected."""
    scratch, until = persona.scratch, other.scratch.act_end or persona.scratch.now
    x, y = scratch.tile
    description = f"waiting to start {scratch.act_description}"
    minutes = math.ceil((until - scratch.now.replace(second=0, microsecond=0)).total_seconds() / 60)
    action = PlannedAction(f"{WAITING} {x} {y}", WAITING_EMOJI, "wait for", other.name)
    told = f"{description} when {other.name} has finished"
    _interrupt(
        persona,
        Interruption(description, minutes, action),
        lambda planned, start, end: ask(persona.model, HoursAfter(scratch, planned, told, start, end), persona.name),
    )


def _interrupt(persona: Mind, what: Interruption, refill: Callable[[Sequence[Entry], int, int], Refilled]) -> None:
    """Starts an unplanned action now: cuts the schedule there, and refills the time after it.

    Args:
        refill: returns the new entries for the plan between two minutes, a start and an end.
    """
    scratch = persona.scratch
    start = scratch.minute
    end = min(start + what.minutes, MINUTES_A_DAY)
    refilled_until = entry_at(scratch.f_daily_schedule, min(end + MINUTES_REFILLED, MINUTES_A_DAY - 1)).end
    planned = between(scratch.f_daily_schedule, start, refilled_until)
    rows, poignancy = refill(planned, end, refilled_until)
    day = [(what.description, end - start), *rows]
    scratch.f_daily_schedule = replace(scratch.f_daily_schedule, start, refilled_until, day)
    scratch.start_action(what.description, end - start, what.action._replace(poignancy=poignancy))

"""React: who meets whom in a step, whether they talk or one waits for the other, and what that does to their day."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from maze import Maze
from persona.cognitive_modules import converse, retrieve
from persona.cognitive_modules.execute import PERSONA, WAITING
from persona.cognitive_modules.perceive import CHAT_PREDICATE, Observation
from persona.memory_structures.places import in_words
from persona.memory_structures.schedule import MINUTES_A_DAY, Entry, between, entry_at, is_sleep, replace
from persona.memory_structures.scratch import Triple
from persona.mind import Mind
from persona.prompt_template.asking import ask
from persona.prompt_template.questions import AfterChat, HoursAfter, Refilled, Thought, WouldTalk, WouldWait
from persona.side_by_side import Each

CHAT_BUFFER = 800
BUFFER_AFTER_NO = 90  # steps in which somebody who did not want to talk to another is not asked again
CHAT_EMOJI, WAITING_EMOJI = "💬", "⌛"
QUIET_HOUR = 23
MINUTES_REFILLED = 60
MOST_RELATED = 15


class Encounter(NamedTuple):
    """A persona that has noticed another and may do something about it: start a talk, or else wait for it."""

    persona: Mind
    other: Mind
    seen: Observation
    news: Sequence[Observation]
    may_talk: bool

    @property
    def names(self) -> set[str]:
        return {self.persona.name, self.other.name}


class Interruption(NamedTuple):
    """Something unforeseen that a persona does from now on."""

    description: str
    minutes: int
    address: str
    emoji: str
    event: Triple


class Meetings:
    """Who meets whom in a step, in rounds of disjoint pairs, from what everyone has decided.

    In roster order everyone turns to the first free person it noticed and may react to; once, whatever comes of it. The
    pairs of a round do not touch each other's state. Who is in a conversation now is taken for this step.

    Args:
        news: the new events, nearest first, of each persona that has any, in roster order.
    """

    def __init__(self, personas: Mapping[str, Mind], news: Mapping[str, Sequence[Observation]]) -> None:
        self._personas = personas
        self._news = news
        self._waiting = [personas[name] for name in news]
        self._taken: set[str] = set()

    def next_pairs(self) -> list[Encounter]:
        """The next round; those whose people are all in one of its pairs wait for another. [] when nobody is left."""
        busy = set(self._taken)
        pairs, rest = [], []
        for persona in self._waiting:
            encounters = _encounters(persona, self._personas, self._news[persona.name])
            wanted = [encounter for encounter in encounters if not encounter.names & self._taken]
            free = [encounter for encounter in wanted if not encounter.names & busy]
            if free:
                pairs.append(free[0])
                busy |= free[0].names
            elif wanted:
                rest.append(persona)
        self._waiting = rest
        return pairs

    def take(self, pairs: Iterable[Encounter], happened: Iterable[bool]) -> None:
        """The people of the pairs in which something happened are no longer free."""
        for encounter, talked in zip(pairs, happened, strict=True):
            if talked:
                self._taken |= encounter.names


class Decision(NamedTuple):
    """Whether a persona wants to do what it may; one that may talk has its mind on the other already."""

    wants: bool
    side: converse.Side | None = None


def decide_reaction(encounter: Encounter, each: Each) -> Decision:
    """Asks whether the persona wants to talk, or to wait; nothing is done yet."""
    persona, other, _, news, may_talk = encounter
    if not may_talk:
        place = in_words(persona.scratch.act_address)
        return Decision(ask(persona.model, WouldWait(persona.scratch, other.scratch, place), persona.name))
    side = converse.Side(persona, other)
    wants, _ = each(lambda task: task(), (partial(_wants_to_talk, encounter), partial(side.prepare, coming=news)))
    return Decision(wants, side)


def _wants_to_talk(encounter: Encounter) -> bool:
    persona, other, seen, *_ = encounter
    past = retrieve.related(persona, seen.keywords)
    remembered = retrieve.distinct((*past.events[:MOST_RELATED], *past.thoughts[:MOST_RELATED]))
    last, today = converse.last_chat_text(persona, other.name), converse.talks_today_text(persona)
    return ask(persona.model, WouldTalk(persona.scratch, other.scratch, remembered, last, today), persona.name)


def react(encounter: Encounter, answered: Decision, maze: Maze, each: Each) -> bool:
    """Lets the two talk, or the persona wait for the other, if it wants to; True when words were spoken."""
    if not encounter.may_talk:
        if answered.wants:
            _wait(encounter.persona, encounter.other)
        return False
    if not answered.wants:
        encounter.persona.scratch.put_off_talk(encounter.other.name, BUFFER_AFTER_NO)
        return False
    return _talk(answered.side, converse.Side(encounter.other, encounter.persona), maze, each)


def _encounters(persona: Mind, personas: Mapping[str, Mind], news: Sequence[Observation]) -> Iterator[Encounter]:
    """The people noticed with whom the rules allow a reaction, nearest first."""
    for seen in news:
        other = personas.get(seen.subject)
        if other is None or other is persona:
            continue
        if _may_talk(persona, other):
            yield Encounter(persona, other, seen, news, may_talk=True)
        elif _may_wait(persona, other):
            yield Encounter(persona, other, seen, news, may_talk=False)


def _may_talk(persona: Mind, other: Mind) -> bool:
    return (
        _can_react(persona)
        and _can_react(other)
        and WAITING not in other.scratch.act_address
        and not persona.scratch.chatting_with_buffer.get(other.name)
    )


def _may_wait(persona: Mind, other: Mind) -> bool:
    mine, theirs = persona.scratch, other.scratch
    return (
        _can_react(persona)
        and _can_react(other)
        and mine.act_address == theirs.act_address
        and other.scratch.arrived
        and bool(mine.planned_path or not mine.act_path_set)
        and theirs.act_end > mine.now
    )


def _can_react(persona: Mind) -> bool:
    """Has an action, is awake and not in a conversation, and it is not the last hour of the day."""
    scratch = persona.scratch
    return bool(
        scratch.act_address
        and scratch.act_description
        and not is_sleep(scratch.act_description)
        and not scratch.chatting_with
        and scratch.now.hour != QUIET_HOUR
    )


def _talk(initiator: converse.Side, partner: converse.Side, maze: Maze, each: Each) -> bool:
    talk = converse.converse(initiator, partner, maze, each)
    if not talk.lines:
        return False
    each(lambda side: _enter_talk(side.speaker, side.listener, talk), (initiator, partner))
    return True


def _enter_talk(persona: Mind, partner: Mind, talk: converse.Talk) -> None:
    scratch = persona.scratch
    thoughts: list[Thought] = []

    def after_chat(planned: list[Entry], start: int, end: int) -> Refilled:
        aftermath = ask(persona.model, AfterChat(scratch, partner.name, talk.lines, planned, start, end), persona.name)
        thoughts.extend(aftermath.thoughts)
        return aftermath.hours

    interruption = Interruption(
        talk.description,
        talk.minutes + bool(scratch.now.second),  # actions begin with their minute; a talk lasts its time
        f"{PERSONA} {partner.name}",
        CHAT_EMOJI,
        (persona.name, CHAT_PREDICATE, partner.name),
    )
    _interrupt(persona, interruption, after_chat)
    scratch.start_chat(partner.name, talk.lines, CHAT_BUFFER, thoughts)


def _wait(persona: Mind, other: Mind) -> None:
    """Stays where it is until the other has finished; nobody is taken by that."""
    scratch, until = persona.scratch, other.scratch.act_end
    x, y = scratch.curr_tile
    description = f"waiting to start {scratch.act_description}"
    minutes = math.ceil((until - scratch.now.replace(second=0, microsecond=0)).total_seconds() / 60)
    event = persona.name, "wait for", other.name
    told = f"{description} when {other.name} has finished"
    _interrupt(
        persona,
        Interruption(description, minutes, f"{WAITING} {x} {y}", WAITING_EMOJI, event),
        lambda planned, start, end: ask(persona.model, HoursAfter(scratch, planned, told, start, end), persona.name),
    )


def _interrupt(persona: Mind, what: Interruption, refill: Callable[[list[Entry], int, int], Refilled]) -> None:
    """Starts something unforeseen now: the schedule is cut there, and the time after it filled anew.

    Args:
        refill: says what becomes of what was planned in the minutes from a start to an end.
    """
    scratch = persona.scratch
    start = scratch.minute
    end = min(start + what.minutes, MINUTES_A_DAY)
    refilled_until = entry_at(scratch.f_daily_schedule, min(end + MINUTES_REFILLED, MINUTES_A_DAY - 1)).end
    planned = between(scratch.f_daily_schedule, start, refilled_until)
    rows, poignancy = refill(planned, end, refilled_until)
    day = [(what.description, end - start), *rows]
    scratch.f_daily_schedule = replace(scratch.f_daily_schedule, start, refilled_until, day)
    scratch.start_action(
        address=what.address,
        minutes=end - start,
        description=what.description,
        pronunciatio=what.emoji,
        event=what.event,
        poignancy=poignancy,
    )

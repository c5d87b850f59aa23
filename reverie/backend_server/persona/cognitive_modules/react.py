"""React: who meets whom in a step, whether they talk or one waits for the other, and what that does to their day."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from maze import Maze
from persona.cognitive_modules import converse, retrieve
from persona.cognitive_modules.execute import PERSONA, WAITING
from persona.cognitive_modules.perceive import CHAT_PREDICATE
from persona.cognitive_modules.places import in_words
from persona.memory_structures.schedule import MINUTES_A_DAY, between, entry_at, is_sleep, replace
from persona.memory_structures.scratch import Triple
from persona.prompt_template import run_gpt_prompt as ask

if TYPE_CHECKING:
    from persona.memory_structures.associative_memory import ConceptNode
    from persona.persona import Persona

CHAT_BUFFER = 800
CHAT_EMOJI, WAITING_EMOJI = "💬", "⌛"
QUIET_HOUR = 23
MINUTES_REFILLED = 60
MOST_RELATED = 15

Each = Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]]


class Encounter(NamedTuple):
    """A persona that has noticed another and may do something about it."""

    persona: Persona
    other: Persona
    seen: ConceptNode
    react: Callable[[Encounter, Maze], bool]

    @property
    def names(self) -> set[str]:
        return {self.persona.name, self.other.name}


def meet(personas: Mapping[str, Persona], perceived: Mapping[str, list[ConceptNode]], maze: Maze, each: Each) -> None:
    """Lets those who noticed each other react, from what everyone has decided.

    In roster order everyone turns to the first free person it noticed and may react to; once, whatever comes of it. The
    pairs of a round do not touch each other's state, so `each` (a map over a list, in order) may run them at the same
    time. Who is in a conversation now is taken for this step.

    Args:
        perceived: the new events of each persona, nearest first.
    """
    waiting = list(personas.values())
    taken: set[str] = set()
    while waiting:
        pairs, waiting = _pairs(waiting, personas, perceived, taken)
        talked = each(lambda encounter: encounter.react(encounter, maze), pairs)
        for encounter, happened in zip(pairs, talked, strict=True):
            if happened:
                taken |= encounter.names


def _pairs(
    waiting: list[Persona],
    personas: Mapping[str, Persona],
    perceived: Mapping[str, list[ConceptNode]],
    taken: set[str],
) -> tuple[list[Encounter], list[Persona]]:
    """Disjoint encounters, and the personas who have to wait because all they may turn to are in one of these."""
    busy = set(taken)
    pairs, rest = [], []
    for persona in waiting:
        wanted = [e for e in _encounters(persona, personas, perceived[persona.name]) if not e.names & taken]
        free = [encounter for encounter in wanted if not encounter.names & busy]
        if free:
            pairs.append(free[0])
            busy |= free[0].names
        elif wanted:
            rest.append(persona)
    return pairs, rest


def _encounters(persona: Persona, personas: Mapping[str, Persona], perceived: list[ConceptNode]) -> Iterator[Encounter]:
    """The people noticed with whom the rules allow a reaction, nearest first."""
    for seen in perceived:
        other = personas.get(seen.subject)
        if other is None or other is persona:
            continue
        if _may_talk(persona, other):
            yield Encounter(persona, other, seen, _talk)
        elif _may_wait(persona, other):
            yield Encounter(persona, other, seen, _wait)


def _may_talk(persona: Persona, other: Persona) -> bool:
    return (
        _can_react(persona)
        and _can_react(other)
        and WAITING not in other.scratch.act_address
        and not persona.scratch.chatting_with_buffer.get(other.name)
    )


def _may_wait(persona: Persona, other: Persona) -> bool:
    mine, theirs = persona.scratch, other.scratch
    return (
        _can_react(persona)
        and _can_react(other)
        and mine.act_address == theirs.act_address
        and other.scratch.arrived
        and bool(mine.planned_path or not mine.act_path_set)
        and theirs.act_end > mine.now
    )


def _can_react(persona: Persona) -> bool:
    """Has an action, is awake and not in a conversation, and it is not the last hour of the day."""
    scratch = persona.scratch
    return bool(
        scratch.act_address
        and scratch.act_description
        and not is_sleep(scratch.act_description)
        and not scratch.chatting_with
        and scratch.now.hour != QUIET_HOUR
    )


def _talk(encounter: Encounter, maze: Maze) -> bool:
    """Asks whether the persona wants to talk and, if so, has the two talk; True when words were spoken."""
    persona, other, seen, _ = encounter
    past = retrieve.related(persona, seen)
    statements = retrieve.descriptions((*past.events[:MOST_RELATED], *past.thoughts[:MOST_RELATED]))
    last = converse.last_chat_text(persona, other.name)
    if not ask.decide_to_talk(persona.model, persona.scratch, other.scratch, statements, last):
        return False
    talk = converse.converse(persona, other, maze)
    if not talk.lines:
        return False
    for side, partner in ((persona, other), (other, persona)):
        _interrupt(
            side,
            talk.description,
            talk.minutes + bool(side.scratch.now.second),  # actions begin with their minute; a talk lasts its time
            address=f"{PERSONA} {partner.name}",
            emoji=CHAT_EMOJI,
            event=(side.name, CHAT_PREDICATE, partner.name),
            told=f"{talk.description} with {partner.name}",
        )
        side.scratch.start_chat(partner.name, talk.lines, CHAT_BUFFER)
    return True


def _wait(encounter: Encounter, maze: Maze) -> bool:
    """Asks whether the persona waits where it is until the other has finished; nobody is taken by that."""
    persona, other = encounter.persona, encounter.other
    scratch, until = persona.scratch, other.scratch.act_end
    if ask.decide_to_wait(persona.model, scratch, other.scratch, in_words(scratch.act_address)):
        x, y = scratch.curr_tile
        description = f"waiting to start {scratch.act_description}"
        _interrupt(
            persona,
            description,
            math.ceil((until - scratch.now.replace(second=0, microsecond=0)).total_seconds() / 60),
            address=f"{WAITING} {x} {y}",
            emoji=WAITING_EMOJI,
            event=(persona.name, "wait for", other.name),
            told=f"{description} when {other.name} has finished",
        )
    return False


def _interrupt(
    persona: Persona, description: str, minutes: int, *, address: str, emoji: str, event: Triple, told: str
) -> None:
    """Starts something unforeseen now: the schedule is cut there, and the time after it filled anew.

    Args:
        told: the interruption in words, for those who fill the time anew.
    """
    scratch = persona.scratch
    start = scratch.minute
    end = min(start + minutes, MINUTES_A_DAY)
    refilled_until = entry_at(scratch.f_daily_schedule, min(end + MINUTES_REFILLED, MINUTES_A_DAY - 1)).end
    planned = between(scratch.f_daily_schedule, start, refilled_until)
    rest = (
        ask.schedule_after_reaction(persona.model, scratch, planned, told, end, refilled_until)
        if refilled_until > end
        else ()
    )
    rows = [(description, end - start), *rest]
    scratch.f_daily_schedule = replace(scratch.f_daily_schedule, start, refilled_until, rows)
    scratch.start_action(address=address, minutes=end - start, description=description, pronunciatio=emoji, event=event)

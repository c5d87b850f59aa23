"""Converse: what two personas say to each other, each from its own memories, and the interview of one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from maze import Maze
from persona.cognitive_modules import retrieve
from persona.cognitive_modules.places import in_words
from persona.prompt_template import run_gpt_prompt as ask

if TYPE_CHECKING:
    from persona.persona import Persona

Line = tuple[str, str]

MOST_LINES = 16
CHARACTERS_A_SECOND = 8
SPOKEN_SECONDS_A_MINUTE = 30
ABOUT_THE_OTHER = 30
FOR_A_LINE = 12
LINES_IN_MIND = 4


class Talk(NamedTuple):
    """A conversation: its (speaker, line) pairs, what it was about, and how many minutes it takes."""

    lines: tuple[Line, ...]
    description: str
    minutes: int


class Side(NamedTuple):
    """A speaker with what it alone knows: its view of the listener."""

    speaker: Persona
    listener: Persona
    relationship: str


def converse(initiator: Persona, partner: Persona, maze: Maze) -> Talk:
    """Lets two personas talk, taking turns, until one has nothing left to say; at most 16 lines."""
    sides = [_side(initiator, partner), _side(partner, initiator)]
    lines: list[Line] = []
    while len(lines) < MOST_LINES:
        side = sides[len(lines) % 2]
        said = _next_line(side, maze, lines)
        if said.utterance:
            lines.append((side.speaker.name, said.utterance))
        if said.end or not said.utterance:
            break
    if not lines:
        return Talk((), "", 0)
    about = ask.conversation_summary(initiator.model, initiator.scratch, partner.name, lines)
    return Talk(tuple(lines), f"conversing about {about}", minutes_of(lines))


def minutes_of(lines: Sequence[Line]) -> int:
    """How long a conversation takes: ceil(characters / 8 / 30) minutes."""
    characters = sum(len(line) for _, line in lines)
    return math.ceil(characters / CHARACTERS_A_SECOND / SPOKEN_SECONDS_A_MINUTE)


def last_chat_text(persona: Persona, partner: str) -> str:
    """When and about what a persona last talked to another, in a sentence."""
    chat = persona.a_mem.last_chat_with(partner)
    if chat is None:
        return f"{persona.name} and {partner} have not talked before."
    when = f"{chat.created:%H:%M} on {chat.created:%B} {chat.created.day}"
    return f"{persona.name} and {partner} last talked at {when}: {chat.description}."


def interview(persona: Persona, lines: Sequence[Line]) -> str:
    """The persona's answer to the last line of an interview. The caller rewinds: nothing is remembered."""
    remembered = retrieve.descriptions(retrieve.by_focus(persona, [lines[-1][1]])[0])
    place = in_words(persona.scratch.act_address or persona.scratch.living_area)
    return ask.interview(persona.model, persona.scratch, remembered, place, lines)


def _side(speaker: Persona, listener: Persona) -> Side:
    remembered = retrieve.by_focus(speaker, [listener.name], ABOUT_THE_OTHER)[0]
    relationship = ask.relationship(speaker.model, speaker.scratch, listener.name, retrieve.descriptions(remembered))
    return Side(speaker, listener, relationship)


def _next_line(side: Side, maze: Maze, lines: Sequence[Line]) -> ask.Said:
    speaker, listener = side.speaker, side.listener
    focal_points = [side.relationship, f"{listener.name} is {listener.scratch.act_description}"]
    if lines:
        focal_points.append("\n".join(f"{name}: {line}" for name, line in lines[-LINES_IN_MIND:]))
    found = retrieve.by_focus(speaker, focal_points, FOR_A_LINE)
    in_mind = retrieve.descriptions(node for nodes in found for node in nodes)
    return ask.utterance(
        speaker.model,
        speaker.scratch,
        listener.scratch,
        relationship=side.relationship,
        in_mind=in_mind,
        place=in_words(maze.address(speaker.scratch.curr_tile, "arena")),
        last_talk=last_chat_text(speaker, listener.name),
        lines=lines,
    )

"""Converse: what two personas say to each other, each from its own memories, and the interview of one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from maze import Maze
from persona.cognitive_modules import retrieve
from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.places import in_words
from persona.mind import Mind
from persona.parallel_map import ParallelMap, both
from persona.prompt_template.asking import ask
from persona.prompt_template.questions import FirstLine, Interview, NextLine, Said, Summary

Line = tuple[str, str]

CHAT_EMOJI = "💬"  # also in place of "conversing about" in a town that has a language of its own
MOST_LINES = 16
CHARACTERS_A_SECOND = 8
SPOKEN_SECONDS_A_MINUTE = 30
ABOUT_THE_OTHER = 30
FOR_A_LINE = 10
LINES_IN_MIND = 4


class Talk(NamedTuple):
    """A conversation: its (speaker, line) pairs, what it was about, and how many minutes it takes."""

    lines: tuple[Line, ...]
    description: str
    minutes: int


@dataclass
class Side:
    """A speaker with its private view of the listener, "" before its first line.

    `focus` has the vectors of its focal points; they are requested while the other is still speaking.
    """

    speaker: Mind
    listener: Mind
    relationship: str = ""
    focus: Sequence[Sequence[float]] = ()

    def prepare(self, lines: Sequence[Line] = ()) -> None:
        """Gets the vectors of the focal points of the next line: the listener, their actions, the lines so far."""
        focal_points = [self.relationship or self.listener.name, doing(self.listener)]
        if lines:
            focal_points.append("\n".join(f"{name}: {line}" for name, line in lines[-LINES_IN_MIND:]))
        self.focus = retrieve.focus(self.speaker, focal_points)


def converse(initiator: Side, partner: Side, maze: Maze, each: ParallelMap) -> Talk:
    """Lets two personas talk, taking turns, until one has nothing left to say; at most 16 lines.

    While one speaks, the other gets the vectors of the earlier lines.

    Args:
        initiator: already prepared.
    """
    sides = (initiator, partner)
    lines: list[Line] = []
    about = None
    while len(lines) < MOST_LINES:
        side, other = sides[len(lines) % 2], sides[(len(lines) + 1) % 2]
        so_far = tuple(lines)
        said, _ = both(each, partial(_next_line, side, maze, so_far), partial(other.prepare, so_far))
        if said.utterance:
            lines.append((side.speaker.name, said.utterance))
            side.speaker.model.heard(side.speaker.name, other.speaker.name, said.utterance)
        if said.end or not said.utterance:
            about = said.about
            break
    speaker = initiator.speaker
    speaker.model.heard(speaker.name, partner.speaker.name, "")
    if not lines:
        return Talk((), "", 0)
    about = about or ask(speaker.model, Summary(speaker.scratch, partner.speaker.name, lines), speaker.name)
    said_of_it = f"{CHAT_EMOJI} {about}" if speaker.model.language else f"conversing about {about}"
    return Talk(tuple(lines), said_of_it, minutes_of(lines))


def doing(persona: Mind) -> str:
    """What a persona is doing, in a sentence."""
    return f"{persona.name} is {persona.scratch.doing}"


def minutes_of(lines: Sequence[Line]) -> int:
    """How long a conversation takes: ceil(characters / 8 / 30) minutes."""
    characters = sum(len(line) for _, line in lines)
    return math.ceil(characters / CHARACTERS_A_SECOND / SPOKEN_SECONDS_A_MINUTE)


def last_chat_text(persona: Mind, partner: str) -> str:
    """A sentence on when a persona last talked to another, and about what."""
    chat = persona.a_mem.last_chat_with(partner)
    if chat is None or persona.a_mem.withholds(chat):
        return f"{persona.name} and {partner} have not talked before."
    when = f"{chat.created:%H:%M} on {chat.created:%B} {chat.created.day}"
    return f"{persona.name} and {partner} last talked at {when}: {chat.description}."


def talks_today(persona: Mind) -> list[ConceptNode]:
    """The conversations of a persona on this day, oldest first."""
    return [chat for chat in persona.a_mem.chats() if chat.created.date() == persona.scratch.now.date()]


def talks_today_text(persona: Mind) -> str:
    """A sentence on how often a persona has talked on this day, and who with last."""
    today = [chat for chat in talks_today(persona) if not persona.a_mem.withholds(chat)]
    if not today:
        return f"{persona.name} has not talked to anybody today."
    times = "once" if len(today) == 1 else f"{len(today)} times"
    return f"{persona.name} has talked {times} today, last with {today[-1].object} at {today[-1].created:%H:%M}."


def interview(persona: Mind, lines: Sequence[Line]) -> str:
    """The persona's answer to the last line of an interview. The caller restores its state: nothing is remembered."""
    (remembered,) = recall(persona, [lines[-1][1]])
    return ask(persona.model, interview_question(persona, remembered, lines), persona.name)


def recall(persona: Mind, questions: Sequence[str]) -> list[list[ConceptNode]]:
    """The memories retrieved for each question of an interview, best first; one does not affect the next."""
    return [retrieve.distinct(nodes) for nodes in retrieve.by_focus(persona, questions)]


def interview_question(persona: Mind, remembered: Sequence[ConceptNode], lines: Sequence[Line]) -> Interview:
    """The last line of an interview, as the model is asked it."""
    place = in_words(persona.scratch.act_address or persona.scratch.living_area)
    return Interview(persona.scratch, remembered, place, lines)


def _next_line(side: Side, maze: Maze, lines: Sequence[Line]) -> Said:
    """The speaker's next line; only its own memories are in the prompt, including those about the last line."""
    speaker, listener = side.speaker, side.listener
    most = [FOR_A_LINE if side.relationship else ABOUT_THE_OTHER, *[FOR_A_LINE] * (len(side.focus) - 1)]
    found = retrieve.by_vectors(speaker, side.focus, most)
    if lines:
        found.append(retrieve.by_words(speaker, lines[-1][1], FOR_A_LINE))
    in_mind = retrieve.distinct(node for nodes in found for node in nodes)
    place, last = in_words(maze.address(speaker.scratch.tile, "arena")), last_chat_text(speaker, listener.name)
    asked = (speaker.scratch, listener.scratch, side.relationship, in_mind, place, last, lines)
    if side.relationship:
        return ask(speaker.model, NextLine(*asked), speaker.name)
    opening = ask(speaker.model, FirstLine(*asked), speaker.name)
    side.relationship = opening.relationship
    return opening.said

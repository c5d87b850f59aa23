"""Perceive: which events around a persona are new to it, how much they matter, and storing them.

Noticing happens in every step; it needs no model and is cheap. Only what is new is rated and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from maze import Event, Maze, Scene
from persona.memory_structures.associative_memory import Concept, ConceptNode
from persona.mind import Mind
from persona.prompt_template.asking import ask
from persona.prompt_template.questions import Poignancy

CHAT_PREDICATE = "chat with"
IDLE_POIGNANCY = 1
EVERYDAY = 3
"""Up to this poignancy for the person who does it, an action has the same poignancy for those who see it."""


class Observation(NamedTuple):
    """An event in the persona's own words; `poignancy` is its poignancy for the person who does it, if known."""

    subject: str
    predicate: str
    object: str
    description: str
    poignancy: int | None = None

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.subject, self.predicate, self.object

    @property
    def idle(self) -> bool:
        return (self.predicate, self.object) == ("is", "idle")

    @property
    def keywords(self) -> set[str]:
        """Who or what does something, and with what."""
        return {self.subject.split(":")[-1], self.object.split(":")[-1]}


def notice(persona: Mind, maze: Maze, scene: Scene) -> list[Observation]:
    """Learns the places in sight; returns the events that are new, nearest first.

    An event is new when it is not among the latest `retention` ones; at most `att_bandwidth` events are attended to.
    """
    scratch = persona.scratch
    tile = scratch.tile
    view = (tile, scene.in_sight(tile, scratch.vision_r))
    if view == persona.view_without_news:
        return []
    persona.s_mem.learn(maze.visible_places(tile, scratch.vision_r))
    news = _news(persona, scene)
    persona.view_without_news = None if news else view
    return news


def rate_poignancy(persona: Mind, news: Sequence[Observation]) -> list[int]:
    """The poignancy of each new event, 1..10: known ones are kept, the model is asked about all others."""

    def rate(statements: Sequence[str]) -> list[int]:
        return ask(persona.model, Poignancy(persona.scratch, statements), persona.name) if statements else []

    return rated(persona, news, rate)


def rated(persona: Mind, news: Sequence[Observation], rate: Callable[[Sequence[str]], list[int]]) -> list[int]:
    """The poignancy of each new event; `rate` is called once, with the descriptions that have no rating yet."""
    known = [_known_poignancy(persona, observation) for observation in news]
    asked = [observation.description for observation, poignancy in zip(news, known, strict=True) if poignancy is None]
    statements = list(dict.fromkeys(asked))
    ratings = dict(zip(statements, rate(statements), strict=True))
    return [
        ratings[observation.description] if poignancy is None else poignancy
        for observation, poignancy in zip(news, known, strict=True)
    ]


def remember(persona: Mind, news: Sequence[Observation], ratings: Sequence[int]) -> None:
    """Stores what is new with its rating, in order."""
    for observation, poignancy in zip(news, ratings, strict=True):
        _store(persona, observation, poignancy)


def remember_own_chat(persona: Mind) -> ConceptNode | None:
    """The memory of the persona's current conversation; stored now if it was not before."""
    if has_untold_chat(persona):
        own = [_in_words(persona, persona.action_event())]
        remember(persona, own, rate_poignancy(persona, own))
    return _told_chat(persona)


def has_untold_chat(persona: Mind) -> bool:
    """Whether its own conversation is not yet in memory: it is remembered however much else is in sight."""
    return persona.scratch.talk is not None and _told_chat(persona) is None


def _told_chat(persona: Mind) -> ConceptNode | None:
    """The memory of the persona's current conversation; None if it is not stored yet, or there is none."""
    talk = persona.scratch.talk
    last = persona.a_mem.last_chat_with(talk.partner) if talk else None
    return last if talk and last and last.created >= talk.start else None


def _news(persona: Mind, scene: Scene) -> list[Observation]:
    scratch = persona.scratch
    known = persona.a_mem.latest_triples(scratch.retention)
    near = scene.events_near(scratch.tile, scratch.vision_r)
    observations = [_in_words(persona, event) for _, event in near][: scratch.att_bandwidth]
    if has_untold_chat(persona):
        own = _in_words(persona, persona.action_event())
        observations = [own, *(observation for observation in observations if observation.triple != own.triple)]
    return [observation for observation in observations if observation.triple not in known]


def _in_words(persona: Mind, event: Event) -> Observation:
    """The event as a sentence; in another language than English, without English words in between."""
    name = event.subject.split(":")[-1]
    if not event.predicate:
        return Observation(event.subject, "is", "idle", f"{name} is idle")
    description = event.description or event.object or event.predicate
    link = ": " if persona.model.language else " is "
    text = description if description.startswith(f"{name} ") else f"{name}{link}{description}"
    return Observation(event.subject, event.predicate, event.object or description, text, event.poignancy)


def _known_poignancy(persona: Mind, observation: Observation) -> int | None:
    """The poignancy of an event, if known; None if the model has to be asked.

    It is 1 for an idle object; for the persona's own action and the object it uses, the rating in the answer that
    planned them; for the partner's side of its own conversation, that of the conversation. Any other event keeps the
    rating of the same day; and an action that is everyday to the person who does it has their low rating.
    """
    scratch = persona.scratch
    if observation.idle:
        return IDLE_POIGNANCY
    own = [_in_words(persona, event) for event in (persona.action_event(), persona.object_event()) if event]
    if observation.poignancy and observation in own:
        return observation.poignancy
    if (
        scratch.act_poignancy
        and observation.predicate == CHAT_PREDICATE
        and observation.subject == scratch.chatting_with
    ):
        return scratch.act_poignancy
    before = persona.a_mem.latest_event_saying(observation.description)
    if before and before.created.date() == scratch.now.date():
        return before.poignancy
    is_everyday = observation.poignancy is not None and observation.poignancy <= EVERYDAY
    return observation.poignancy if is_everyday else None


def _store(persona: Mind, observation: Observation, poignancy: int) -> None:
    scratch, memory = persona.scratch, persona.a_mem
    key = embedding_key(observation.description)
    concept = Concept(*observation.triple, observation.description, key, poignancy, observation.keywords)
    filling, talk = [], scratch.talk
    if talk and observation.subject == persona.name and observation.predicate == CHAT_PREDICATE:
        chat = _told_chat(persona) or memory.add_chat(concept, scratch.now, talk.lines)
        filling = [chat.node_id]
    scratch.importance_trigger_curr -= poignancy
    scratch.importance_ele_n += 1
    memory.add_event(concept, scratch.now, filling)
    persona.view_without_news = None  # what is new depends on the latest events


def embedding_key(description: str) -> str:
    """The text that is embedded: of "doing something large (a part of it)" the part."""
    start, end = description.find("("), description.rfind(")")
    return description[start + 1 : end].strip() if 0 <= start < end - 1 else description

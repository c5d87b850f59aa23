"""Perceive: which events around a persona are new to it, how much they matter, and storing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from maze import Event, Maze
from persona.cognitive_modules import retrieve
from persona.memory_structures.associative_memory import Concept, ConceptNode
from persona.prompt_template import run_gpt_prompt as ask

if TYPE_CHECKING:
    from persona.persona import Persona

CHAT_PREDICATE = "chat with"


class Sight(NamedTuple):
    """An event as the persona words it for itself."""

    subject: str
    predicate: str
    object: str
    description: str

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.subject, self.predicate, self.object

    @property
    def idle(self) -> bool:
        return (self.predicate, self.object) == ("is", "idle")


def perceive(persona: Persona, maze: Maze) -> list[ConceptNode]:
    """Learns the places in sight and stores the events that are new; returns their nodes, nearest first.

    An event is new when it is not among the latest `retention` ones; at most `att_bandwidth` events are attended to.
    """
    scratch = persona.scratch
    tile = scratch.curr_tile
    grown = persona.s_mem.learn(maze.visible_places(tile, scratch.vision_r))
    view = (tile, maze.arena_version(tile))
    if view == persona.view_without_news and not grown:
        return []
    news = _news(persona, maze)
    persona.view_without_news = None if news else view
    return _store(persona, news) if news else []


def remember_own_chat(persona: Persona) -> ConceptNode:
    """The memory of the conversation the persona is in; stored now if that has not been yet."""
    if has_untold_chat(persona):
        _store(persona, [_in_words(persona.action_event())])
    return persona.a_mem.last_chat_with(persona.scratch.chatting_with)


def _news(persona: Persona, maze: Maze) -> list[Sight]:
    scratch = persona.scratch
    known = persona.a_mem.latest_triples(scratch.retention)
    near = maze.events_near(scratch.curr_tile, scratch.vision_r)
    sights = list(dict.fromkeys(_in_words(event) for _, event in near))[: scratch.att_bandwidth]
    if has_untold_chat(persona):
        sights = list(dict.fromkeys([_in_words(persona.action_event()), *sights]))
    return [sight for sight in sights if sight.triple not in known]


def _in_words(event: Event) -> Sight:
    name = event.subject.split(":")[-1]
    if not event.predicate:
        return Sight(event.subject, "is", "idle", f"{name} is idle")
    description = event.description or event.object
    text = description if description.startswith(f"{name} ") else f"{name} is {description}"
    return Sight(event.subject, event.predicate, event.object or description, text)


def has_untold_chat(persona: Persona) -> bool:
    """Whether its own conversation is not yet in memory: it is remembered however much else there is to see."""
    scratch = persona.scratch
    if not scratch.chatting_with:
        return False
    last = persona.a_mem.last_chat_with(scratch.chatting_with)
    return last is None or last.created < scratch.act_start_time


def _store(persona: Persona, news: list[Sight]) -> list[ConceptNode]:
    ratings = _poignancies(persona, news)
    keys = [embedding_key(sight.description) for sight in news]
    retrieve.embed(persona, keys)
    return [_store_one(persona, *item) for item in zip(news, keys, ratings, strict=True)]


def _poignancies(persona: Persona, news: list[Sight]) -> list[int]:
    """An idle thing matters 1; the model is asked about all others at once."""
    asked = [sight.description for sight in news if not sight.idle]
    rated = iter(ask.poignancy(persona.model, persona.scratch, asked) if asked else ())
    return [1 if sight.idle else next(rated) for sight in news]


def _store_one(persona: Persona, sight: Sight, key: str, poignancy: int) -> ConceptNode:
    scratch, memory = persona.scratch, persona.a_mem
    words = {sight.subject.split(":")[-1], sight.object.split(":")[-1]}
    concept = Concept(*sight.triple, sight.description, key, poignancy, words)
    filling = []
    if scratch.chatting_with and sight.subject == persona.name and sight.predicate == CHAT_PREDICATE:
        if has_untold_chat(persona):
            memory.add_chat(concept, scratch.now, scratch.chat)
        filling = [memory.last_chat_with(scratch.chatting_with).node_id]
    scratch.importance_trigger_curr -= poignancy
    scratch.importance_ele_n += 1
    return memory.add_event(concept, scratch.now, filling)


def embedding_key(description: str) -> str:
    """The text that is embedded: of "doing something large (a part of it)" the part."""
    start, end = description.find("("), description.rfind(")")
    return description[start + 1 : end].strip() if 0 <= start < end - 1 else description

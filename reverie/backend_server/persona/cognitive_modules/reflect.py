"""Reflect: insights from what has mattered of late, and what a persona takes away from a conversation or a whisper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from persona.cognitive_modules import perceive, retrieve
from persona.cognitive_modules.plan import THOUGHT_LIFETIME
from persona.memory_structures.associative_memory import Concept, ConceptNode
from persona.prompt_template import run_gpt_prompt as ask

if TYPE_CHECKING:
    from persona.persona import Persona

FOCAL_POINTS = 3
INSIGHTS = 5


def reflect(persona: Persona, sec_per_step: int) -> None:
    """Looks back when the importance trigger is used up, and when a conversation ends with this step."""
    scratch = persona.scratch
    if scratch.importance_trigger_curr <= 0 and scratch.importance_ele_n:
        _look_back(persona)
        scratch.importance_trigger_curr = scratch.importance_trigger_max
        scratch.importance_ele_n = 0
    if scratch.chatting_with and scratch.now + timedelta(seconds=sec_per_step) >= scratch.chatting_end_time:
        _take_away(persona)


def think_over(persona: Persona, whispers: Sequence[str]) -> None:
    """Makes thoughts of what an inner voice tells the persona."""
    thoughts = ask.whisper(persona.model, persona.scratch, whispers)
    _remember(persona, [(thought, ()) for thought in thoughts])


def _look_back(persona: Persona) -> None:
    latest = sorted(persona.a_mem.candidates(), key=lambda node: (node.last_accessed, node.node_count))
    recent = latest[-persona.scratch.importance_ele_n :]
    statements = retrieve.descriptions(recent)
    questions = ask.focal_points(persona.model, persona.scratch, statements, FOCAL_POINTS)
    for question, in_mind in zip(questions, retrieve.by_focus(persona, questions), strict=True):
        memories = retrieve.distinct(in_mind)
        statements = [node.description for node in memories]
        found = ask.insights(persona.model, persona.scratch, question, statements, INSIGHTS)
        _remember(persona, [(thought, [memories[k] for k in evidence]) for thought, evidence in found])


def _take_away(persona: Persona) -> None:
    scratch = persona.scratch
    chat = perceive.remember_own_chat(persona)
    thoughts = ask.after_chat(persona.model, scratch, scratch.chatting_with, scratch.chat)
    _remember(persona, [(thought, [chat]) for thought in thoughts])


def _remember(persona: Persona, thoughts: Sequence[tuple[ask.Thought, Sequence[ConceptNode]]]) -> None:
    """Stores thoughts with their evidence: their embeddings in one request."""
    retrieve.embed(persona, [thought.text for thought, _ in thoughts])
    now = persona.scratch.now
    for thought, evidence in thoughts:
        words = {thought.subject, thought.predicate, thought.object}
        concept = Concept(
            thought.subject,
            thought.predicate,
            thought.object,
            thought.text,
            thought.text,
            thought.poignancy,
            words,
        )
        ids = [node.node_id for node in evidence]
        persona.a_mem.add_thought(concept, now, ids, expiration=now + THOUGHT_LIFETIME)

"""Reflect: insights from recent important memories, and the thoughts after a conversation or a whisper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from persona.cognitive_modules import perceive, retrieve
from persona.cognitive_modules.plan import THOUGHT_LIFETIME
from persona.memory_structures.associative_memory import Concept, ConceptNode
from persona.memory_structures.kinds import REFLECTION
from persona.mind import Mind
from persona.prompt_template.asking import ask
from persona.prompt_template.prompt_text import by_time
from persona.prompt_template.questions import FocalPoints, Insights, Thought, Whisper

FOCAL_POINTS = 3
INSIGHTS = 5


def is_due(persona: Mind, sec_per_step: int) -> bool:
    """Whether there is anything to reflect on in this step."""
    return _has_seen_enough(persona) or _chat_ends(persona, sec_per_step)


def reflect(persona: Mind, sec_per_step: int) -> None:
    """Reflects if the importance trigger is used up, and if a conversation ends with this step."""
    if _has_seen_enough(persona):
        _look_back(persona)
        persona.scratch.importance_trigger_curr = persona.scratch.importance_trigger_max
        persona.scratch.importance_ele_n = 0
    if _chat_ends(persona, sec_per_step):
        _take_away(persona)


def think_over(persona: Mind, whispers: Sequence[str]) -> None:
    """Turns the whispers of an inner voice into thoughts."""
    thoughts = ask(persona.model, Whisper(persona.scratch, whispers), persona.name)
    _remember(persona, [(thought, ()) for thought in thoughts])


def _has_seen_enough(persona: Mind) -> bool:
    if REFLECTION in persona.a_mem.withheld:
        return False
    return persona.scratch.importance_trigger_curr <= 0 and bool(persona.scratch.importance_ele_n)


def _chat_ends(persona: Mind, sec_per_step: int) -> bool:
    talk = persona.scratch.talk
    return talk is not None and persona.scratch.now + timedelta(seconds=sec_per_step) >= talk.end


def _look_back(persona: Mind) -> None:
    latest = sorted(persona.a_mem.candidates(), key=lambda node: (node.last_accessed, node.node_count))
    recent = latest[-persona.scratch.importance_ele_n :]
    asked = FocalPoints(persona.scratch, retrieve.distinct(recent), FOCAL_POINTS)
    questions = ask(persona.model, asked, persona.name)
    found = retrieve.by_focus(persona, questions)
    memories = by_time(retrieve.distinct(node for nodes in found for node in nodes))
    insights = ask(persona.model, Insights(persona.scratch, questions, memories, INSIGHTS), persona.name)
    _remember(persona, [(thought, [memories[k] for k in evidence]) for thought, evidence in insights])


def _take_away(persona: Mind) -> None:
    """Remembers what the ending conversation meant, as the persona saw it when the words were spoken."""
    chat = perceive.remember_own_chat(persona)
    _remember(persona, [(Thought(*thought), [chat] if chat else []) for thought in persona.scratch.chat_thoughts])


def _remember(persona: Mind, thoughts: Sequence[tuple[Thought, Sequence[ConceptNode]]]) -> None:
    """Stores thoughts with their evidence."""
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

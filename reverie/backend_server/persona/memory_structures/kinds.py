"""The kinds of memories that the generative agents paper takes away from people to see what each is good for (6.2).

Knows by what they are told apart; not what becomes of those that are taken away.
"""

from __future__ import annotations

from collections.abc import Mapping

from persona.memory_structures.concept_node import CHAT, THOUGHT, ConceptNode

OBSERVATION, PLANNING, REFLECTION = "observation", "planning", "reflection"
KINDS = (REFLECTION, PLANNING, OBSERVATION)
_PLANS = ("plan", "plan with")
"""The predicates of the day's plan, and of what a conversation means for coming plans."""


def kind_of(node: ConceptNode, others: Mapping[str, ConceptNode]) -> str:
    """The kind of a memory; `others` are those made before it, by id.

    A plan says so; a reflection is a thought that follows from other memories than a conversation. Everything else was
    observed: events, conversations and what was most interesting about them, whispers.
    """
    if node.type != THOUGHT:
        return OBSERVATION
    if node.predicate in _PLANS:
        return PLANNING
    evidence = [others[part].type for part in node.filling if part in others]
    return REFLECTION if any(kind != CHAT for kind in evidence) else OBSERVATION


def kinds_in(text: str) -> list[str]:
    """The kinds that a text names with commas between them, each once, in the order of KINDS; none in "".

    Raises:
        ValueError: it names something else.
    """
    named = {part.strip().lower() for part in text.split(",")} - {""}
    if unknown := sorted(named - set(KINDS)):
        raise ValueError(f"{unknown[0]!r} is no kind of memory; there are {', '.join(KINDS)}")
    return [kind for kind in KINDS if kind in named]

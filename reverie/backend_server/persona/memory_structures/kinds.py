"""The kinds of memories that the ablations of the generative agents paper withhold (section 6.2).

Knows how to tell them apart; not what happens to withheld ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from persona.memory_structures.concept_node import CHAT, THOUGHT, ConceptNode

OBSERVATION, PLANNING, REFLECTION = "observation", "planning", "reflection"
KINDS = (REFLECTION, PLANNING, OBSERVATION)
_PLANS = ("plan", "plan with")
"""The predicates of the day's plan, and of the meaning of a conversation for later plans."""


def kind_of(node: ConceptNode, others: Mapping[str, ConceptNode]) -> str:
    """The kind of a memory; `others` are earlier memories, by id.

    Plans have predicates of their own; a reflection is a thought with other evidence than a conversation. Everything
    else is an observation: events, conversations and the memos about them, whispers.
    """
    if node.type != THOUGHT:
        return OBSERVATION
    if node.predicate in _PLANS:
        return PLANNING
    evidence = [others[part].type for part in node.filling if part in others]
    return REFLECTION if any(kind != CHAT for kind in evidence) else OBSERVATION


def kinds_in(text: str) -> list[str]:
    """The kinds in a comma-separated text, each once, in the order of KINDS; none for "".

    Raises:
        ValueError: it names something else.
    """
    named = {part.strip().lower() for part in text.split(",")} - {""}
    if unknown := sorted(named - set(KINDS)):
        raise ValueError(f"{unknown[0]!r} is not a kind of memory; available: {', '.join(KINDS)}")
    return [kind for kind in KINDS if kind in named]

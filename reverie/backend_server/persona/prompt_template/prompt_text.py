"""The wording of a persona's knowledge in prompts: memories by day, dialogue, lists, times.

Knows the formats that the templates describe; not what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.scratch import Scratch, date_in_words

Line = tuple[str, str]

NOTHING = "- nothing in particular"
NOTHING_SAID = "(nothing yet)"


def statements(texts: Iterable[str]) -> str:
    """One `- statement` per line."""
    return "\n".join(f"- {text}" for text in texts) or NOTHING


def numbered(texts: Iterable[str]) -> str:
    """One `k. statement` per line, from 1 on."""
    return "\n".join(f"{k}. {text}" for k, text in enumerate(texts, 1))


def by_time(memories: Iterable[ConceptNode]) -> list[ConceptNode]:
    """Memories as prompts list them: the oldest first."""
    return sorted(memories, key=lambda node: node.node_count)


def memories(nodes: Iterable[ConceptNode]) -> str:
    """Memories by day, oldest first: `Monday, March 4:`, then one `- HH:MM statement` per line."""
    return _by_day(by_time(nodes), lambda _: "-") or NOTHING


def numbered_memories(nodes: Sequence[ConceptNode]) -> str:
    """The same with `k.` instead of the dash, counted from 1 through all days; the order is that of `by_time`."""
    places = {node.node_id: f"{k}." for k, node in enumerate(nodes, 1)}
    return _by_day(nodes, lambda node: places[node.node_id]) or NOTHING


def dialogue(lines: Iterable[Line]) -> str:
    """One `speaker: line` per line."""
    return "\n".join(f"{speaker}: {line}" for speaker, line in lines) or NOTHING_SAID


def time_now(who: Scratch) -> str:
    """`Monday, March 4, 2024, 09:30`."""
    return f"{who.date_text()}, {who.now:%H:%M}"


def _by_day(nodes: Sequence[ConceptNode], mark: Callable[[ConceptNode], str]) -> str:
    days = groupby(nodes, key=lambda node: node.created.date())
    return "\n".join(
        line
        for day, made in days
        for line in (
            f"{date_in_words(day)}:",
            *(f"{mark(node)} {node.created:%H:%M} {node.description}" for node in made),
        )
    )

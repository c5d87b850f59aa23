"""Explanations: the prompt, replies and memories behind each answer of a step, kept until a checkpoint contains it.

Knows what was asked and answered, and the memories shown with their scores; not how they are scored or saved.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from persona.memory_structures.associative_memory import ConceptNode
from persona.prompt_template import trace
from persona.prompt_template.llm_config import mask_keys

_DIGITS = 3


class Scores(NamedTuple):
    """Why a memory was retrieved: the parts of its score, each 0..1, and the score."""

    recency: float
    importance: float
    relevance: float
    score: float


_SCORES: ContextVar[Mapping[str, Scores]] = ContextVar("scores", default=MappingProxyType({}))
"""By node id, of the memories retrieved for the next question in this context."""


def note_scores(scores: Iterable[tuple[ConceptNode, Scores]]) -> None:
    """Notes the memories retrieved for the next question; for one retrieved several times, the best score."""
    best = dict(_SCORES.get())
    for node, scored in scores:
        if node.node_id not in best or scored.score > best[node.node_id].score:
            best[node.node_id] = scored
    _SCORES.set(best)


class Reply(NamedTuple):
    """A reply of the model and its usage; cost in USD as exact decimal text. None: unknown."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: str | None = None


@dataclass
class Explanation:
    """One question: its prompt, each reply with the text added to the prompt for it, and why none was used.

    memories: (node id, *scores) of those shown; without scores if they were not chosen by score.
    """

    persona: str
    purpose: str
    prompt: str
    memories: list[tuple[Any, ...]]
    replies: list[tuple[str, Reply]] = field(default_factory=list)
    fallback: str | None = None

    @classmethod
    def begun(cls, persona: str, purpose: str, prompt: str, shown: Sequence[ConceptNode]) -> Explanation:
        """The record of a question about to be asked, with the scores of the memories in its prompt."""
        scores = _SCORES.get()
        _SCORES.set({})
        return cls(persona, purpose, prompt, [(node.node_id, *scores.get(node.node_id, ())) for node in shown])

    def to_json(self, step: int) -> dict[str, Any]:
        """The record in the form of `saves/explanations.py`, with keys masked."""
        return {
            "step": step,
            "persona": self.persona,
            "purpose": self.purpose,
            "prompt": mask_keys(self.prompt),
            "replies": [
                {"again": mask_keys(again), **reply._asdict(), "text": mask_keys(reply.text)}
                for again, reply in self.replies
            ],
            "fallback": self.fallback,
            "memories": [[node, *(round(part, _DIGITS) for part in scores)] for node, *scores in self.memories],
        }


class Explanations:
    """The explanations of steps that no checkpoint contains yet. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[int, list[tuple[int, Explanation]]] = defaultdict(list)

    def begin(self, explanation: Explanation) -> None:
        """Adds one, which is completed while the question is asked; outside steps nothing is recorded."""
        step, asked = trace.STEP.get(), trace.ASKED.get()
        if step is not None:
            trace.ASKED.set(asked + 1)
            with self._lock:
                self._steps[step].append((asked, explanation))

    def before(self, step: int, roster: Sequence[str]) -> list[dict[str, Any]]:
        """Those of all steps before this one, by step, then in roster order, then as they were asked."""
        place = {name: k for k, name in enumerate(roster)}

        def order(kept: tuple[int, Explanation]) -> tuple[Any, ...]:
            asked, one = kept
            return place.get(one.persona, -1), asked, one.purpose, one.prompt, repr(one.replies)  # the last: at once

        return [
            explanation.to_json(number)
            for number in sorted(number for number in self._steps if number < step)
            for _, explanation in sorted(self._steps[number], key=order)
        ]

    def forget_before(self, step: int) -> None:
        """Removes those of the steps before this one, after a checkpoint."""
        with self._lock:
            self._steps = defaultdict(list, {number: kept for number, kept in self._steps.items() if number >= step})

    def rewind(self, step: int) -> None:
        """Removes those of this step and later ones, which will be repeated."""
        with self._lock:
            self._steps = defaultdict(list, {number: kept for number, kept in self._steps.items() if number < step})

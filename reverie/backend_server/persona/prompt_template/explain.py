"""Explanations: what each answer of a step was made of, kept until a checkpoint holds the step.

Knows what was asked and said, and which memories with which scores were shown; not how they are scored or written.
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
    """Why a memory came to mind: the parts of its score, each 0..1, and the score."""

    recency: float
    importance: float
    relevance: float
    score: float


_SCORES: ContextVar[Mapping[str, Scores]] = ContextVar("scores", default=MappingProxyType({}))
"""By node id, of the memories that came to mind for the question that is asked next in this context."""


def note_scores(scores: Iterable[tuple[ConceptNode, Scores]]) -> None:
    """These memories came to mind for the next question; of one that did so several times the best score counts."""
    best = dict(_SCORES.get())
    for node, scored in scores:
        if node.node_id not in best or scored.score > best[node.node_id].score:
            best[node.node_id] = scored
    _SCORES.set(best)


class Reply(NamedTuple):
    """What the model said, and what that used; cost in USD as exact decimal text. None: unknown."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: str | None = None


@dataclass
class Explanation:
    """One question: what was asked, each reply with what was added to the prompt for it, and why none was used.

    memories: (node id, *scores) of those shown, without scores where others than these decided.
    """

    persona: str
    purpose: str
    prompt: str
    memories: list[tuple[Any, ...]]
    replies: list[tuple[str, Reply]] = field(default_factory=list)
    fallback: str | None = None

    @classmethod
    def begun(cls, persona: str, purpose: str, prompt: str, shown: Sequence[ConceptNode]) -> Explanation:
        """Of a question that is about to be asked, with the scores of the memories it shows."""
        scores = _SCORES.get()
        _SCORES.set({})
        return cls(persona, purpose, prompt, [(node.node_id, *scores.get(node.node_id, ())) for node in shown])

    def to_json(self, step: int) -> dict[str, Any]:
        """As `saves/explanations.py` keeps it, without keys."""
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
    """Those of steps that no checkpoint holds yet. For several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[int, list[tuple[int, Explanation]]] = defaultdict(list)

    def begin(self, explanation: Explanation) -> None:
        """Keeps one, which is completed while the question is asked; outside of steps nothing is kept."""
        step, asked = trace.STEP.get(), trace.ASKED.get()
        if step is not None:
            trace.ASKED.set(asked + 1)
            with self._lock:
                self._steps[step].append((asked, explanation))

    def before(self, step: int, roster: Sequence[str]) -> list[dict[str, Any]]:
        """Those of all steps before this one, by step, then in the order of the roster, then as they were asked."""
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
        """A checkpoint holds the steps before this one."""
        with self._lock:
            self._steps = defaultdict(list, {number: kept for number, kept in self._steps.items() if number >= step})

    def rewind(self, step: int) -> None:
        """This step and those after it are done again."""
        with self._lock:
            self._steps = defaultdict(list, {number: kept for number, kept in self._steps.items() if number < step})

"""Retrieve: what a persona is reminded of by an event (shared keywords) or by a thought (a score)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from persona.memory_structures.associative_memory import EVENT, THOUGHT, ConceptNode
from persona.prompt_template import run_gpt_prompt as ask

if TYPE_CHECKING:
    from persona.persona import Persona

RECENCY, RELEVANCE, IMPORTANCE = 0.5, 3.0, 2.0


class Retrieved(NamedTuple):
    """A new event and the past events and thoughts that share a keyword with it, newest first."""

    event: ConceptNode
    events: list[ConceptNode]
    thoughts: list[ConceptNode]


def related(persona: Persona, perceived: Sequence[ConceptNode]) -> list[Retrieved]:
    """For each new event, the memories that share a keyword."""
    memory = persona.a_mem
    return [
        Retrieved(
            node,
            [past for past in memory.related(EVENT, node.keywords) if past is not node],
            memory.related(THOUGHT, node.keywords),
        )
        for node in perceived
    ]


def by_focus(persona: Persona, focal_points: Sequence[str], most: int = 30) -> list[list[ConceptNode]]:
    """For each focal point the `most` memories that come to mind first, best first; they count as thought of now.

    All focal points are scored on the memory as it stands before any of them. The score is that of the generative
    agents paper (section 4.1): recency, relevance and importance, each scaled to 0..1 over the candidates. Recency
    decays by rank, and the newest has rank 1, as the paper means it.
    """
    scratch, memory = persona.scratch, persona.a_mem
    candidates = memory.candidates()
    if not candidates or not focal_points:
        return [[] for _ in focal_points]
    fixed = scratch.recency_w * RECENCY * _scaled(_recency(candidates, scratch.recency_decay))
    fixed += scratch.importance_w * IMPORTANCE * _scaled(np.array([node.poignancy for node in candidates], float))
    embed(persona, [node.embedding_key for node in candidates])
    vectors = _unit(np.stack([memory.embeddings[node.embedding_key] for node in candidates]))
    found = []
    for focus in _unit(np.asarray(ask.embeddings(persona.model, scratch, list(focal_points)), dtype=np.float32)):
        scores = fixed + scratch.relevance_w * RELEVANCE * _scaled(vectors @ focus)
        found.append([candidates[i] for i in np.argsort(-scores, kind="stable")[:most]])
    for nodes in found:
        memory.touch(nodes, scratch.now)
    return found


def embed(persona: Persona, texts: Sequence[str]) -> None:
    """Makes sure that the memory holds the embeddings of these texts: one request for all that are missing."""
    missing = [text for text in dict.fromkeys(texts) if text not in persona.a_mem.embeddings]
    if missing:
        for text, vector in zip(missing, ask.embeddings(persona.model, persona.scratch, missing), strict=True):
            persona.a_mem.remember_embedding(text, vector)


def _recency(candidates: Sequence[ConceptNode], decay: float) -> np.ndarray:
    """`decay ** rank`, rank 1 for the memory thought of last; of equals the one made last is newer."""
    order = sorted(range(len(candidates)), key=lambda i: (candidates[i].last_accessed, i), reverse=True)
    recency = np.empty(len(candidates))
    recency[order] = float(decay) ** np.arange(1, len(candidates) + 1)
    return recency


def _scaled(values: np.ndarray) -> np.ndarray:
    """Min-max scaled to 0..1; all 0 when there is nothing to tell them apart."""
    spread = values.max() - values.min()
    return (values - values.min()) / spread if spread else np.zeros_like(values)


def _unit(vectors: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(norms == 0, 1, norms)

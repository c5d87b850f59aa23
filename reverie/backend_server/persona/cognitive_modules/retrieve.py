"""Retrieve: what a persona is reminded of by an event (shared keywords) or by a thought (a score)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from persona.memory_structures.associative_memory import EVENT, THOUGHT, ConceptNode
from persona.memory_structures.embeddings import Embeddings

if TYPE_CHECKING:
    from persona.persona import Persona

RECENCY, RELEVANCE, IMPORTANCE = 0.5, 3.0, 2.0


class Retrieved(NamedTuple):
    """The past events and thoughts that share a keyword with a new event, newest first."""

    events: list[ConceptNode]
    thoughts: list[ConceptNode]


def related(persona: Persona, event: ConceptNode) -> Retrieved:
    """The memories that share a keyword with a new event."""
    memory = persona.a_mem
    past = [node for node in memory.related(EVENT, event.keywords) if node is not event]
    return Retrieved(past, memory.related(THOUGHT, event.keywords))


def distinct(nodes: Iterable[ConceptNode]) -> list[ConceptNode]:
    """The memories without those that say the same as one before."""
    first: dict[str, ConceptNode] = {}
    for node in nodes:
        first.setdefault(node.description, node)
    return list(first.values())


def descriptions(nodes: Iterable[ConceptNode]) -> list[str]:
    """What the memories say, each statement once."""
    return [node.description for node in distinct(nodes)]


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
    keys = [node.embedding_key for node in candidates]
    points = persona.model.embed(focal_points, persona=persona.name)
    embed(persona, keys, len(points[0]))
    found = []
    for focus in points:
        scores = fixed + scratch.relevance_w * RELEVANCE * _scaled(memory.embeddings.similarities(keys, focus))
        found.append([candidates[i] for i in np.argsort(-scores, kind="stable")[:most]])
    for nodes in found:
        memory.touch(nodes, scratch.now)
    return found


def embed(persona: Persona, texts: Sequence[str], length: int = 0) -> None:
    """Makes sure that the memory holds the embeddings of these texts: one request for all that are missing.

    Vectors of another model, or not of the `length` that the model's vectors now have, are never compared with these:
    they are all made anew first.
    """
    store = persona.a_mem.embeddings
    if store.model != persona.model.embedding_model or not store.fits(length):
        store = _make_anew(persona)
    missing = [text for text in dict.fromkeys(texts) if text not in store]
    if missing:
        vectors = persona.model.embed(missing, persona=persona.name)
        if not store.fits(len(vectors[0])):
            store = _make_anew(persona)
        for text, vector in zip(missing, vectors, strict=True):
            store.add(text, vector)


def _make_anew(persona: Persona) -> Embeddings:
    """Replaces the vectors of all memories by the present model's."""
    texts = list(dict.fromkeys(node.embedding_key for node in persona.a_mem.nodes))
    vectors = persona.model.embed_anew(texts, persona=persona.name) if texts else []
    store = Embeddings(dict(zip(texts, vectors, strict=True)), persona.model.embedding_model)
    persona.a_mem.embeddings = store
    return store


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

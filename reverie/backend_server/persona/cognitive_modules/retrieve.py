"""Retrieve: a persona's memories that are relevant to an event (shared keywords) or to a focal point (a score)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import starmap
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from persona.memory_structures.associative_memory import EVENT, THOUGHT, ConceptNode
from persona.memory_structures.embeddings import Embeddings
from persona.mind import Mind
from persona.prompt_template.explain import Scores, note_scores
from persona.prompt_template.llm_config import FatalError

RECENCY, RELEVANCE, IMPORTANCE = 0.5, 3.0, 2.0


class Retrieved(NamedTuple):
    """The past events and thoughts that share a keyword with a new event, newest first."""

    events: list[ConceptNode]
    thoughts: list[ConceptNode]


def related(persona: Mind, keywords: Iterable[str]) -> Retrieved:
    """The memories that share one of the keywords of a new event."""
    keywords = list(keywords)
    return Retrieved(persona.a_mem.related(EVENT, keywords), persona.a_mem.related(THOUGHT, keywords))


def distinct(nodes: Iterable[ConceptNode]) -> list[ConceptNode]:
    """The memories, without duplicates of earlier ones."""
    first: dict[str, ConceptNode] = {}
    for node in nodes:
        first.setdefault(node.description, node)
    return list(first.values())


def by_focus(persona: Mind, focal_points: Sequence[str], most: int = 30) -> list[list[ConceptNode]]:
    """For each focal point the `most` highest-scored memories, best first; sets their `last_accessed` to now.

    Raises:
        LLMError: the model cannot be used, or its vectors cannot be compared with each other.
    """
    return by_vectors(persona, focus(persona, focal_points), [most] * len(focal_points)) or [[] for _ in focal_points]


def focus(persona: Mind, focal_points: Sequence[str]) -> list[Sequence[float]]:
    """The vectors of the focal points, for `by_vectors`; none for a persona without memories.

    Raises:
        LLMError: the model cannot be used, or its vectors cannot be compared with each other.
    """
    return _embed(persona, focal_points) if persona.a_mem.candidates() else []


def by_vectors(persona: Mind, points: Sequence[Sequence[float]], most: Sequence[int]) -> list[list[ConceptNode]]:
    """For each vector its `most` highest-scored memories, best first; sets their `last_accessed` to now.

    All are scored on the memory stream as it was before. The score is that of the generative agents paper
    (section 4.1): recency, relevance and importance, each scaled to 0..1 over the candidates. Recency decays by rank,
    and the newest has rank 1, as the paper intends.
    """
    scratch, memory = persona.scratch, persona.a_mem
    candidates = memory.candidates()
    if not candidates or not points:
        return [[] for _ in points]
    recency = _scaled(_recency(memory.last_accessed(), scratch.recency_decay))
    importance = _scaled(memory.poignancies())
    fixed = scratch.recency_w * RECENCY * recency + scratch.importance_w * IMPORTANCE * importance
    found = []
    for point, count in zip(points, most, strict=True):
        relevance = _scaled(memory.similarities(point))
        scores = fixed + scratch.relevance_w * RELEVANCE * relevance
        best = np.argsort(-scores, kind="stable")[:count]
        found.append([candidates[i] for i in best])
        parts = np.stack([part[best] for part in (recency, importance, relevance, scores)], axis=1).tolist()
        note_scores(zip(found[-1], starmap(Scores, parts), strict=True))
    for nodes in found:
        memory.touch(nodes, scratch.now)
    return found


def by_words(persona: Mind, text: str, most: int) -> list[ConceptNode]:
    """The memories that share the rarest words with a text, without the model; sets their `last_accessed` to now."""
    found = persona.a_mem.sharing_words(text, most)
    persona.a_mem.touch(found, persona.scratch.now)
    return found


def embed_memories(persona: Mind) -> None:
    """Makes sure that every memory has its vector, for readers of a save without a model: at most one request.

    Memories that came with vectors of another model keep them as long as none are added. Raises LLMError.
    """
    memory = persona.a_mem
    if memory.embeddings.model != persona.model.embedding_model and len(memory.nodes) == memory.loaded:
        return
    _embed(persona)


def _embed(persona: Mind, asked: Sequence[str] = ()) -> list[Sequence[float]]:
    """Gets the missing vectors of memories; returns the vectors of the given texts, from the same request."""
    _use_present_model(persona)
    missing = persona.a_mem.without_vector()
    texts = [*asked, *missing]
    vectors = persona.model.embed(texts, persona=persona.name) if texts else []
    points: list[Sequence[float]] = [*vectors[: len(asked)]]
    if vectors and not persona.a_mem.embeddings.fits(len(vectors[0])):
        _make_again(persona)
    _keep(persona.a_mem.embeddings, missing, vectors[len(asked) :])
    if not all(persona.a_mem.embeddings.fits(len(point)) for point in points):
        raise _of_no_use(persona.a_mem.embeddings)
    return points


def _use_present_model(persona: Mind) -> None:
    """Replaces the vectors of another or an unknown model: they are never compared with this model's."""
    store, model = persona.a_mem.embeddings, persona.model.embedding_model
    if store.model == model:
        return
    if len(store) or not store.model and persona.a_mem.loaded:
        _make_again(persona)
    else:
        persona.a_mem.embeddings = Embeddings(model=model)


def _make_again(persona: Mind) -> None:
    """Replaces the vectors of all memories by the current model's, and reports the cost."""
    texts = list(dict.fromkeys(node.embedding_key for node in persona.a_mem.nodes))
    store = Embeddings(model=persona.model.embedding_model)
    _keep(store, texts, persona.model.embed_again(texts, persona=persona.name))
    persona.a_mem.embeddings = store


def _keep(store: Embeddings, texts: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
    try:
        for text, vector in zip(texts, vectors, strict=True):
            store.add(text, vector)
    except ValueError as error:
        raise _of_no_use(store) from error


def _of_no_use(store: Embeddings) -> FatalError:
    return FatalError(
        f"{store.model} returns vectors of {store.dimensions} numbers and of other lengths, which cannot be compared. "
        "Name another model with LLM_EMBEDDING_MODEL."
    )


def _recency(last_accessed: npt.NDArray[np.float64], decay: float) -> npt.NDArray[np.float64]:
    """`decay ** rank`, with rank 1 for the last accessed memory; of equals, the one created last is newer."""
    order = np.argsort(last_accessed, kind="stable")[::-1]
    recency = np.empty(len(order))
    recency[order] = float(decay) ** np.arange(1, len(order) + 1)
    return recency


def _scaled(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Min-max scaled to 0..1; all 0 if all are equal."""
    spread = values.max() - values.min()
    return (values - values.min()) / spread if spread else np.zeros_like(values)

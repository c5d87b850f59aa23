"""Retrieve: the memories for events and focal points."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import doubles
from persona.cognitive_modules import retrieve
from persona.memory_structures.associative_memory import Concept
from persona.memory_structures.embeddings import Embeddings
from persona.persona import Persona
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError
from persona.prompt_template.model import Model
from scripted import START, ScriptedModel, persona
from small_world import BEN

PRESENT = "text-embedding-3-small"


@pytest.fixture
def model(monkeypatch):
    return ScriptedModel().install(monkeypatch)


@pytest.fixture
def ben(model):
    return persona(BEN)


def remember(someone, text, poignancy=3, minutes_ago=0, words=("fish",)):
    concept = Concept(someone.name, "sees", text, text, text, poignancy, words)
    return someone.a_mem.add_event(concept, START - timedelta(minutes=minutes_ago))


def test_an_event_retrieves_memories_with_a_common_keyword_newest_first(ben):
    old, other = remember(ben, "one fish"), remember(ben, "a boat", words=("boat",))
    late = remember(ben, "two fish")
    found = retrieve.related(ben, ["Fish"])
    assert found.events == [late, old]
    assert other not in found.events


def test_nothing_is_retrieved_from_an_empty_memory(ben, model):
    assert retrieve.by_focus(ben, ["fish"]) == [[]]
    assert model.embedded == []


def test_relevant_memories_come_first(ben):
    remember(ben, "zzzz")
    fish = remember(ben, "fish in the pond")
    assert retrieve.by_focus(ben, ["fish in the pond"])[0][0] is fish


def test_of_equally_relevant_memories_the_more_important_comes_first(ben):
    remember(ben, "fish a", poignancy=1)
    grave = remember(ben, "fish b", poignancy=9)
    remember(ben, "zzzz", poignancy=1)
    assert retrieve.by_focus(ben, ["fish"])[0][0] is grave


def test_of_equal_memories_the_last_accessed_comes_first(ben):
    for minutes, text in ((300, "fish a"), (10, "fish b"), (200, "fish c")):
        remember(ben, text, minutes_ago=minutes)
    assert [node.description for node in retrieve.by_focus(ben, ["fish"])[0]] == ["fish b", "fish c", "fish a"]


def test_only_the_best_are_returned_and_are_accessed_now(ben):
    for k in range(5):
        remember(ben, f"fish {k}", minutes_ago=60)
    (found,) = retrieve.by_focus(ben, ["fish"], most=2)
    assert len(found) == 2
    fresh = [node for node in ben.a_mem.events() if node.last_accessed == START]
    assert sorted(fresh, key=id) == sorted(found, key=id)


def test_several_focal_points_take_one_request_and_do_not_influence_each_other(ben, model):
    for k, text in enumerate(("fish", "boat", "lamp")):
        remember(ben, text, minutes_ago=k)
    together = retrieve.by_focus(ben, ["fish", "lamp"])
    assert len(model.embedded) == 1
    apart = persona(BEN)
    for k, text in enumerate(("fish", "boat", "lamp")):
        remember(apart, text, minutes_ago=k)
    assert [n.description for n in together[1]] == [n.description for n in retrieve.by_focus(apart, ["lamp"])[0]]


def test_idle_objects_are_not_retrieved(ben):
    remember(ben, "bed is idle")
    fish = remember(ben, "fish")
    assert retrieve.by_focus(ben, ["bed is idle"]) == [[fish]]


def test_memories_are_embedded_when_first_needed_in_one_request_with_the_focus(ben, model):
    for text in ("fish", "boat", "bed is idle"):
        remember(ben, text)
    retrieve.by_focus(ben, ["lamp", "pond"])
    for text in ("fish", "bread"):
        remember(ben, text)
    retrieve.by_focus(ben, ["lamp"])
    assert model.embedded == [["lamp", "pond", "fish", "boat", "bed is idle"], ["lamp", "bread"]]


def test_memories_can_be_embedded_in_advance_silently(ben, model, capsys):
    remember(ben, "fish")
    retrieve.embed_memories(ben)
    retrieve.embed_memories(ben)
    assert model.embedded == [["fish"]]
    assert ben.a_mem.without_vector() == []
    assert capsys.readouterr().out == ""


def saved_by_others(embeddings, model="another-model"):
    """A persona with two memories whose vectors are from another model."""
    before = persona(BEN)
    for text in ("fish", "boat"):
        remember(before, text)
    files = replace(before.files(), embeddings=embeddings, embedding_model=model)
    resumed = Persona(BEN.name, files, 7, Model(Client()))
    resumed.scratch.curr_time = START
    return resumed


@pytest.mark.parametrize(
    ("embeddings", "made_by"),
    [
        ({"fish": [1.0] * 27, "boat": [0.5] * 27}, "another-model"),
        ({"fish": [1.0] * 27, "boat": [0.5] * 27}, ""),
        ({"fish": [1.0, 2.0], "boat": [1.0, 2.0]}, PRESENT),
        ({"fish": [1.0] * 27}, "another-model"),
        ({}, ""),
    ],
    ids=["another model", "unknown model", "another length", "another model, not all", "missing"],
)
def test_incomparable_vectors_are_recomputed_once_with_a_message(model, capsys, embeddings, made_by):
    ben = saved_by_others(embeddings, made_by)
    assert [node.description for node in retrieve.by_focus(ben, ["fish"])[0]] == ["fish", "boat"]
    store = ben.a_mem.embeddings
    assert (store.model, store.dimensions, len(store)) == (PRESENT, 27, 2)
    assert capsys.readouterr().out == f"Recomputed 2 embeddings of Ben Moss with {PRESENT} ($0.0000).\n"
    model.embedded.clear()
    retrieve.by_focus(ben, ["fish"])
    assert model.embedded == [["fish"]]


def test_with_vectors_of_the_same_model_only_missing_ones_are_computed(model, capsys):
    ben = saved_by_others({"fish": [1.0] * 27}, PRESENT)
    retrieve.by_focus(ben, ["lamp"])
    assert model.embedded == [["lamp", "boat"]]
    assert capsys.readouterr().out == ""


def test_many_vectors_are_computed_256_per_request(monkeypatch, embedding):
    monkeypatch.setenv("OPENROUTER_API_KEY", "test")
    batches = [[[float(k), 1.0] for k in range(count)] for count in (256, 44, 1)]
    create = embedding(*(doubles.embedding_answer(batch) for batch in batches))
    ben = persona(BEN)
    for k in range(300):
        remember(ben, f"fish {k}")
    ben.a_mem.embeddings = Embeddings({"fish 0": [1.0, 2.0]}, "another-model")
    retrieve.by_focus(ben, ["fish"])
    assert [len(request["input"]) for request in create.requests] == [256, 44, 1]


def test_a_save_without_new_memories_does_not_recompute_foreign_vectors(model):
    ben = saved_by_others({"fish": [1.0] * 27})
    retrieve.embed_memories(ben)
    assert model.embedded == []
    remember(ben, "bread")
    retrieve.embed_memories(ben)
    assert model.embedded == [["fish", "boat", "bread"]]


@pytest.mark.parametrize(
    "lengths", [iter([3, 4, 5]), iter([3, 4, 3])], ids=["of the focus and the memories", "of the memories"]
)
def test_a_model_with_incomparable_vectors_stops_the_run(ben, monkeypatch, lengths):
    monkeypatch.setattr(ben.model, "embed", lambda texts, persona: [[1.0] * next(lengths) for _ in texts])
    remember(ben, "fish")
    with pytest.raises(FatalError, match="LLM_EMBEDDING_MODEL"):
        retrieve.by_focus(ben, ["fish"])


# The score, compared with a plain calculation of it

VECTORS = st.lists(st.integers(-3, 3), min_size=3, max_size=3)
MEMORIES = st.lists(
    st.tuples(
        st.sampled_from(["event", "thought", "chat", "idle"]),
        st.sampled_from("abcdefgh"),
        st.integers(1, 10),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=25,
)


def plainly(someone, vectors, focus, most):
    """Retrieval as described in the paper: every score of every memory computed separately."""
    scratch = someone.scratch
    nodes = [node for node in someone.a_mem.nodes if node.type != "chat" and "idle" not in node.embedding_key]
    newest_first = sorted(nodes, key=lambda node: (node.last_accessed, node.node_count), reverse=True)
    recency = scaled([scratch.recency_decay ** (newest_first.index(node) + 1) for node in nodes])
    importance = scaled([node.poignancy for node in nodes])
    relevance = scaled([cosine(vectors[node.embedding_key], focus) for node in nodes], np.float32)
    score = {
        node.node_id: scratch.recency_w * 0.5 * one
        + scratch.importance_w * 2.0 * two
        + scratch.relevance_w * 3.0 * three
        for node, one, two, three in zip(nodes, recency, importance, relevance, strict=True)
    }
    return sorted(nodes, key=lambda node: -score[node.node_id])[:most]


def cosine(vector, focus):
    lengths = np.float32(math.sqrt(sum(x * x for x in vector)) or 1) * np.float32(
        math.sqrt(sum(x * x for x in focus)) or 1
    )
    return np.float32(sum(x * y for x, y in zip(vector, focus, strict=True))) / lengths


def scaled(values, kind=float):
    least, most = min(values, default=0), max(values, default=0)
    return [kind((value - least) / (most - least)) if most != least else kind(0) for value in values]


@given(
    MEMORIES,
    st.lists(VECTORS, min_size=8, max_size=8),
    st.lists(VECTORS, min_size=1, max_size=2),
    st.sampled_from([0, 3]),
)
def test_retrieval_equals_a_naive_calculation(memories, vectors, focal_points, recency_w):
    ben = persona(BEN, relevance_w=2, recency_w=recency_w)
    of_text = dict(zip("abcdefgh", vectors, strict=True)) | {"idle": [1, 1, 1]}

    def embed(texts: Sequence[str], *, persona: str) -> list[list[float]]:
        return [of_text.get(text) or focal_points[int(text)] for text in texts]

    ben.model.embed = embed
    for kind, text, poignancy, minutes_ago, minutes_since in memories:
        key = "idle" if kind == "idle" else text
        told = Concept(ben.name, "is", text, text, key, poignancy, {text})
        kinds: dict[str, Callable[..., Any]] = {"thought": ben.a_mem.add_thought, "chat": ben.a_mem.add_chat}
        add = kinds.get(kind, ben.a_mem.add_event)
        node = add(told, START - timedelta(minutes=minutes_ago), ())
        ben.a_mem.touch([node], START - timedelta(minutes=minutes_since))
    expected = [plainly(ben, of_text, point, 7) for point in focal_points]
    assert retrieve.by_focus(ben, [str(k) for k in range(len(focal_points))], 7) == expected

"""Retrieve: what comes to mind."""

from datetime import timedelta

import pytest

from persona.cognitive_modules import retrieve
from persona.memory_structures.associative_memory import Concept
from persona.memory_structures.embeddings import Embeddings
from scripted import START, ScriptedModel, persona
from small_world import BEN


@pytest.fixture
def model(monkeypatch):
    return ScriptedModel().install(monkeypatch)


@pytest.fixture
def ben(model):
    return persona(BEN)


def remember(someone, text, poignancy=3, minutes_ago=0, words=("fish",)):
    retrieve.embed(someone, [text])
    concept = Concept(someone.name, "sees", text, text, text, poignancy, words)
    return someone.a_mem.add_event(concept, START - timedelta(minutes=minutes_ago))


def test_an_event_brings_back_what_shares_a_keyword_newest_first(ben):
    old, other = remember(ben, "one fish"), remember(ben, "a boat", words=("boat",))
    late, new = remember(ben, "two fish"), remember(ben, "three fish")
    found = retrieve.related(ben, new)
    assert found.events == [late, old]
    assert other not in found.events


def test_nothing_comes_to_mind_of_an_empty_memory(ben, model):
    assert retrieve.by_focus(ben, ["fish"]) == [[]]
    assert model.embedded == []


def test_what_is_about_the_focus_comes_first(ben):
    remember(ben, "zzzz")
    fish = remember(ben, "fish in the pond")
    assert retrieve.by_focus(ben, ["fish in the pond"])[0][0] is fish


def test_of_equally_fitting_memories_the_more_important_comes_first(ben):
    remember(ben, "fish a", poignancy=1)
    grave = remember(ben, "fish b", poignancy=9)
    remember(ben, "zzzz", poignancy=1)
    assert retrieve.by_focus(ben, ["fish"])[0][0] is grave


def test_of_equal_memories_the_one_thought_of_last_comes_first(ben):
    for minutes, text in ((300, "fish a"), (10, "fish b"), (200, "fish c")):
        remember(ben, text, minutes_ago=minutes)
    assert [node.description for node in retrieve.by_focus(ben, ["fish"])[0]] == ["fish b", "fish c", "fish a"]


def test_only_the_best_are_returned_and_they_count_as_thought_of_now(ben):
    for k in range(5):
        remember(ben, f"fish {k}", minutes_ago=60)
    (found,) = retrieve.by_focus(ben, ["fish"], most=2)
    assert len(found) == 2
    fresh = [node for node in ben.a_mem.events() if node.last_accessed == START]
    assert sorted(fresh, key=id) == sorted(found, key=id)


def test_several_focal_points_take_one_request_and_do_not_influence_each_other(ben, model):
    for k, text in enumerate(("fish", "boat", "lamp")):
        remember(ben, text, minutes_ago=k)
    model.embedded.clear()
    together = retrieve.by_focus(ben, ["fish", "lamp"])
    assert model.embedded == [["fish", "lamp"]]
    apart = persona(BEN)
    for k, text in enumerate(("fish", "boat", "lamp")):
        remember(apart, text, minutes_ago=k)
    assert [n.description for n in together[1]] == [n.description for n in retrieve.by_focus(apart, ["lamp"])[0]]


def test_idle_things_do_not_come_to_mind(ben):
    remember(ben, "bed is idle")
    fish = remember(ben, "fish")
    assert retrieve.by_focus(ben, ["bed is idle"]) == [[fish]]


def test_missing_embeddings_are_made_when_first_needed(ben, model):
    node = remember(ben, "fish")
    ben.a_mem.embeddings.truncate(0)
    assert retrieve.by_focus(ben, ["fish"]) == [[node]]
    assert model.embedded[-1] == ["fish"]


@pytest.mark.parametrize(
    "others",
    [
        Embeddings({"fish": [1.0, 2.0]}, "another-model"),
        Embeddings({"fish": [0.5] * 27}, ""),
        Embeddings({"fish": [1.0, 2.0]}, "text-embedding-3-small"),
        Embeddings({"fish": [1.0, 2.0], "boat": [1.0]}, "text-embedding-3-small"),
        Embeddings({}, ""),
    ],
    ids=["another model", "unknown model", "another length", "of several lengths", "missing"],
)
def test_vectors_that_cannot_be_compared_are_made_anew_and_that_is_said(ben, model, capsys, others):
    fish, boat = remember(ben, "fish"), remember(ben, "boat")
    ben.a_mem.embeddings = others
    assert retrieve.by_focus(ben, ["fish"])[0][0] is fish
    store = ben.a_mem.embeddings
    assert (store.model, store.dimensions, len(store)) == ("text-embedding-3-small", 27, 2)
    assert "Made 2 embeddings of Ben Moss anew, with text-embedding-3-small ($0.0000)." in capsys.readouterr().out
    assert boat.embedding_key in store

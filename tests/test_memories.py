"""The memory stream and the places known."""

from datetime import datetime, timedelta

import pytest

from persona.memory_structures.associative_memory import CHAT, EVENT, THOUGHT, AssociativeMemory, Concept
from persona.memory_structures.embeddings import Embeddings
from persona.memory_structures.spatial_memory import MemoryTree

NOW = datetime(2024, 3, 4, 9, 0)


def concept(text="the stove is being used", words=("stove", "being used"), predicate="is", object_="being used"):
    return Concept("small:house:kitchen:stove", predicate, object_, text, text, 3, words)


@pytest.fixture
def memory():
    return AssociativeMemory()


def test_nodes_are_numbered_over_all_kinds_and_by_kind(memory):
    memory.add_event(concept(), NOW)
    memory.add_chat(concept("a talk"), NOW, [("Ida", "Hello.")])
    node = memory.add_event(concept("the tap is dripping"), NOW)
    assert (node.node_id, node.node_count, node.type_count) == ("node_3", 3, 2)


def test_a_thought_is_one_deeper_than_its_deepest_evidence(memory):
    event = memory.add_event(concept(), NOW)
    first = memory.add_thought(concept("cooking is work"), NOW, [event.node_id])
    second = memory.add_thought(concept("work is good"), NOW, [first.node_id, event.node_id])
    assert (event.depth, first.depth, second.depth) == (0, 1, 2)


def test_memories_are_found_by_keyword_whatever_its_case_newest_first(memory):
    old = memory.add_event(concept(), NOW)
    new = memory.add_event(concept("the stove is hot", ("Stove", "hot")), NOW)
    assert memory.related(EVENT, ["STOVE", "hot"]) == [new, old]
    assert memory.related(THOUGHT, ["stove"]) == []


def test_the_last_chat_with_somebody_is_the_latest(memory):
    memory.add_chat(concept("talk one", ("Otto Vale",)), NOW, [("Otto Vale", "Hello.")])
    latest = memory.add_chat(concept("talk two", ("Otto Vale",)), NOW, [("Otto Vale", "Hello again.")])
    assert memory.last_chat_with("Otto Vale") is latest
    assert memory.last_chat_with("Nobody") is None


def test_only_the_latest_events_are_not_new(memory):
    memory.add_event(concept(object_="first"), NOW)
    memory.add_event(concept(object_="second"), NOW)
    assert memory.latest_triples(1) == {("small:house:kitchen:stove", "is", "second")}
    assert memory.latest_triples(0) == set()


def test_idle_things_and_talks_do_not_come_to_mind(memory):
    memory.add_event(concept("stove is idle", object_="idle"), NOW)
    memory.add_chat(concept("a talk"), NOW, [])
    thought = memory.add_thought(concept("the stove is old"), NOW)
    assert memory.candidates() == [thought]


def test_keywords_grow_stronger_except_with_idle_things(memory):
    memory.add_event(concept("stove is idle", ("stove", "idle"), object_="idle"), NOW)
    memory.add_event(concept(), NOW)
    assert memory.strength_to_json()["kw_strength_event"] == {"being used": 1, "stove": 1}


def saved(memory):
    return (
        memory.nodes_to_json(),
        {key: list(vector) for key, vector in memory.embeddings.to_json().items()},
        memory.strength_to_json(),
        memory.last_accessed_to_json(),
    )


def test_saving_and_loading_gives_the_same_memory(memory):
    chat = memory.add_chat(concept("a talk"), NOW, [("Ida", "Hello.")])
    event = memory.add_event(concept(), NOW, [chat.node_id])
    memory.add_thought(concept("t"), NOW, [event.node_id], NOW + timedelta(days=30))
    memory.embeddings.add("t", [0.1, 0.2])
    memory.touch([event], NOW + timedelta(hours=1))
    nodes, embeddings, strength, accessed = saved(memory)
    assert saved(AssociativeMemory(nodes, Embeddings(embeddings), strength, accessed)) == saved(memory)


def test_rewinding_forgets_what_came_after_the_mark(memory):
    event = memory.add_event(concept(), NOW)
    memory.embeddings.add("one", [1.0])
    before, mark = saved(memory), memory.mark()
    memory.touch([event], NOW + timedelta(hours=1))
    memory.touch([event], NOW + timedelta(hours=2))
    memory.add_thought(concept("a thought", ("stove", "new")), NOW, [event.node_id])
    memory.add_chat(concept("a talk"), NOW, [])
    memory.embeddings.add("two", [2.0])
    memory.rewind(mark)
    assert saved(memory) == before
    assert memory.related(THOUGHT, ["stove", "new"]) == memory.related(CHAT, ["stove"]) == []


def test_places_of_any_depth_are_learned_once():
    places = MemoryTree({"small": {"house": {"kitchen": ["stove"]}}})
    assert places.learn(["small:house:kitchen:sink", "small:park:meadow", "small:house"])
    assert not places.learn(["small:house:kitchen:sink", "small:park", ""])
    assert places.tree == {"small": {"house": {"kitchen": ["stove", "sink"]}, "park": {"meadow": []}}}
    assert places.knows("small:park:meadow")


def test_rewinding_places_leaves_the_tree_as_it_was():
    tree = {"small": {"house": {"kitchen": ["stove"]}}}
    places = MemoryTree(tree)
    mark = places.mark()
    places.learn(["small:house:cellar:shelf"])
    places.rewind(mark)
    assert places.addresses() == ["small", "small:house", "small:house:kitchen", "small:house:kitchen:stove"]
    assert tree == {"small": {"house": {"kitchen": ["stove"]}}}

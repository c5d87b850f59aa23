"""The memory stream and the known places."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import long_memories
from persona.memory_structures.associative_memory import CHAT, EVENT, THOUGHT, AssociativeMemory, Concept
from persona.memory_structures.embeddings import Embeddings
from persona.memory_structures.spatial_memory import MemoryTree
from saves.memory_log import with_gains

NOW = datetime(2024, 3, 4, 9, 0)


def concept(text="the stove is being used", words=("stove", "being used"), predicate="is", object_="being used"):
    return Concept("small:house:kitchen:stove", predicate, object_, text, text, 3, words)


def nodes_of(memory):
    """The content of `nodes.json`."""
    return dict(memory.contents().nodes)


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


def test_memories_are_found_by_keyword_in_any_case_newest_first(memory):
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


def test_the_latest_event_with_a_description_is_found(memory):
    memory.add_event(concept(), NOW)
    latest = memory.add_event(concept(), NOW)
    memory.add_thought(concept(), NOW)
    assert memory.latest_event_saying("the stove is being used") is latest
    assert memory.latest_event_saying("the stove") is None


def test_an_undone_event_is_no_longer_the_latest_with_its_description(memory):
    first, snapshot = memory.add_event(concept(), NOW), memory.snapshot()
    memory.add_event(concept(), NOW)
    memory.add_event(concept("the tap is dripping"), NOW)
    memory.restore(snapshot)
    assert memory.latest_event_saying("the stove is being used") is first
    assert memory.latest_event_saying("the tap is dripping") is None


def test_idle_objects_and_chats_are_not_retrieved(memory):
    memory.add_event(concept("stove is idle", object_="idle"), NOW)
    memory.add_chat(concept("a talk"), NOW, [])
    thought = memory.add_thought(concept("the stove is old"), NOW)
    assert memory.candidates() == [thought]


def test_entries_of_missing_memories_are_ignored(memory):
    node = memory.add_thought(concept("t"), NOW)
    later = "2023-05-06 09:00:00"
    again = AssociativeMemory(nodes_of(memory), last_accessed={"node_77": later, node.node_id: later})
    assert again.contents().last_accessed == {node.node_id: later}


def test_keywords_grow_stronger_except_from_idle_objects(memory):
    memory.add_event(concept("stove is idle", ("stove", "idle"), object_="idle"), NOW)
    memory.add_event(concept(), NOW)
    assert memory.contents().strength["kw_strength_event"] == {"being used": 1, "stove": 1}


def saved(memory):
    return (
        nodes_of(memory),
        {key: list(vector) for key, vector in memory.embeddings.items()},
        memory.contents().strength,
        memory.contents().last_accessed,
    )


def test_saving_and_loading_gives_the_same_memory(memory):
    chat = memory.add_chat(concept("a talk"), NOW, [("Ida", "Hello.")])
    event = memory.add_event(concept(), NOW, [chat.node_id])
    memory.add_thought(concept("t"), NOW, [event.node_id], NOW + timedelta(days=30))
    memory.embeddings.add("t", [0.1, 0.2])
    thought = memory.add_thought(concept("u", ("d", "a", "c", "b", "e")), NOW)
    memory.touch([thought, event], NOW + timedelta(hours=1))
    nodes, embeddings, strength, accessed = saved(memory)
    assert list(accessed) == [event.node_id, thought.node_id]
    assert nodes[thought.node_id]["keywords"] == ["a", "b", "c", "d", "e"]
    assert saved(AssociativeMemory(nodes, Embeddings(embeddings), strength, accessed)) == saved(memory)


def test_restoring_removes_memories_after_the_snapshot(memory):
    event = memory.add_event(concept(), NOW)
    memory.embeddings.add("one", [1.0])
    before, snapshot = saved(memory), memory.snapshot()
    memory.touch([event], NOW + timedelta(hours=1))
    memory.touch([event], NOW + timedelta(hours=2))
    memory.add_thought(concept("a thought", ("stove", "new")), NOW, [event.node_id])
    memory.add_chat(concept("a talk"), NOW, [])
    memory.embeddings.add("two", [2.0])
    assert saved(memory) != before
    memory.restore(snapshot)
    assert saved(memory) == before
    assert memory.related(THOUGHT, ["stove", "new"]) == memory.related(CHAT, ["stove"]) == []


def test_vectors_are_found_after_any_restore(memory):
    first = memory.add_event(concept("one"), NOW)
    snapshot = memory.snapshot()
    memory.embeddings.add("one", [1.0])
    assert memory.without_vector() == []
    memory.restore(snapshot)
    memory.add_event(concept("two"), NOW)
    memory.embeddings.add("two", [-1.0])
    assert memory.without_vector() == ["one"]
    memory.embeddings.add("one", [2.0])
    assert list(memory.similarities([3.0])) == [1.0, -1.0]
    assert memory.candidates()[0] is first


def test_scoring_a_memory_without_a_vector_is_an_error(memory):
    memory.add_event(concept("one"), NOW)
    memory.embeddings.add("two", [1.0])
    with pytest.raises(IndexError):
        memory.similarities([1.0])


def test_memories_without_a_vector_are_named_once_oldest_first(memory):
    for text in ("one", "two", "stove is idle", "one"):
        memory.add_event(concept(text), NOW)
    memory.add_chat(concept("a talk"), NOW, [])
    memory.embeddings.add("two", [1.0])
    assert memory.without_vector() == ["one", "stove is idle", "a talk"]


# What may happen to a memory within a step, and that steps may be taken back.

TEXTS = ("a", "b", "c", "d is idle")
HAPPENINGS = st.one_of(
    st.tuples(st.just("event"), st.sampled_from(TEXTS), st.integers(1, 10)),
    st.tuples(st.just("thought"), st.sampled_from(TEXTS), st.integers(1, 10)),
    st.tuples(st.just("chat"), st.sampled_from(TEXTS), st.integers(1, 10)),
    st.tuples(st.just("touch"), st.integers(0, 30), st.integers(1, 10)),
    st.tuples(st.just("embed"), st.sampled_from(TEXTS), st.integers(1, 10)),
    st.tuples(st.just("look"), st.none(), st.none()),
    st.tuples(st.just("embed again"), st.none(), st.integers(1, 10)),
)
STEPS = st.lists(st.tuples(st.lists(HAPPENINGS, max_size=6), st.booleans()), max_size=8)


def happen(memory, kind, what, number, now):
    if kind in ("event", "thought", "chat"):
        told = concept(what)._replace(poignancy=number)
        {"event": memory.add_event, "thought": memory.add_thought, "chat": memory.add_chat}[kind](told, now, ())
    elif kind == "touch" and memory.nodes:
        memory.touch([memory.nodes[what % len(memory.nodes)]], now)
    elif kind == "embed":
        memory.embeddings.add(what, [float(number), 1.0])
    elif kind == "embed again":
        keys = dict.fromkeys(node.embedding_key for node in memory.nodes)
        memory.embeddings = Embeddings({key: [float(number), float(k)] for k, key in enumerate(reversed(keys))}, "m")
    elif kind == "look":
        memory.without_vector()


def to_mind(memory):
    """Everything that retrieval uses of a memory."""
    nodes = [node.node_id for node in memory.candidates()]
    missing = memory.without_vector()
    similar = [] if missing or not nodes else memory.similarities([1.0, 2.0]).tolist()
    return nodes, missing, memory.poignancies().tolist(), memory.last_accessed().tolist(), similar


@given(STEPS)
def test_the_retrieval_index_equals_that_of_a_memory_loaded_from_the_same_files(steps):
    memory = AssociativeMemory()
    for minutes, (happenings, taken_back) in enumerate(steps):
        snapshot = memory.snapshot()
        for kind, what, number in happenings:
            happen(memory, kind, what, number, NOW + timedelta(minutes=minutes))
        if taken_back:
            memory.restore(snapshot)
        nodes, embeddings, strength, accessed = saved(memory)
        again = AssociativeMemory(nodes, Embeddings(embeddings, memory.embeddings.model), strength, accessed)
        assert to_mind(memory) == to_mind(again)
        latest = {text: again.latest_event_saying(text) for text in TEXTS}
        assert [node and node.node_id for node in latest.values()] == [
            found and found.node_id for found in map(memory.latest_event_saying, TEXTS)
        ]


def as_json(memory):
    """Everything a memory saves."""
    nodes, strength, accessed = memory.contents()
    return {"nodes": dict(nodes), "strength": strength, "last_accessed": accessed}


@given(st.lists(st.tuples(st.lists(HAPPENINGS, max_size=6), st.booleans(), st.booleans()), max_size=8))
def test_the_last_save_plus_the_news_is_everything(steps):
    memory = AssociativeMemory()
    saved: dict[str, dict] = {}
    for minutes, (happenings, taken_back, is_checkpoint) in enumerate(steps):
        snapshot = memory.snapshot()
        for kind, what, number in happenings:
            happen(memory, kind, what, number, NOW + timedelta(minutes=minutes))
        if taken_back:
            memory.restore(snapshot)
        if not is_checkpoint:
            continue
        news = memory.news()
        if news is None:
            saved = {"nodes.json": {}, "kw_strength.json": {}, "last_accessed.json": {}}
        line = dict(zip(saved, news or memory.contents(), strict=True))
        saved = {file: with_gains(file, content, [line]) for file, content in saved.items()}
        memory.note_saved()
        again = AssociativeMemory(
            saved["nodes.json"],
            strength=saved["kw_strength.json"],
            last_accessed=saved["last_accessed.json"],
        )
        assert json.dumps(as_json(again)) == json.dumps(as_json(memory))


def test_the_news_are_additions_and_changes_since_the_save(memory):
    old = memory.add_event(concept("old"), NOW)
    memory.add_event(concept("older", ("only here",)), NOW)
    assert memory.news() is None
    memory.note_saved()
    assert memory.news() == ({}, {}, {})
    new = memory.add_event(concept("new"), NOW)
    memory.touch([old], NOW + timedelta(hours=1))
    nodes, strength, accessed = memory.news()
    assert nodes == {new.node_id: memory.contents().nodes[new.node_id]}
    assert strength == {"kw_strength_event": {"being used": 2, "stove": 2}}
    assert accessed == {old.node_id: "2024-03-04 10:00:00"}
    memory.note_saved()
    assert memory.news() == ({}, {}, {})


def test_everything_is_saved_after_a_restore_past_the_last_save_or_with_new_vectors(memory):
    snapshot = memory.snapshot()
    memory.add_event(concept("one"), NOW)
    memory.note_saved()
    memory.restore(snapshot)
    assert memory.news() is None
    memory.note_saved()
    memory.embeddings = Embeddings({}, "another")
    assert memory.news() is None


def test_unknown_keys_in_the_files_are_kept():
    memory = AssociativeMemory()
    memory.add_event(concept(), NOW)
    nodes, _, strength, _ = saved(memory)
    nodes["node_1"]["mood"] = "calm"
    strength["kw_strength_chat"] = {"stove": 2}
    again = AssociativeMemory(nodes, strength=strength)
    again.add_event(concept("the tap is dripping"), NOW)
    assert nodes_of(again)["node_1"] == nodes["node_1"]
    assert again.contents().strength["kw_strength_chat"] == {"stove": 2}


def test_times_that_are_not_padded_are_read_too():
    node = AssociativeMemory()
    node.add_event(concept(), NOW)
    nodes = nodes_of(node)
    nodes["node_1"].update(created="2024-3-4 9:00:00", expiration="2024-4-3 9:00:00")
    read = nodes_of(AssociativeMemory(nodes))["node_1"]
    assert (read["created"], read["expiration"]) == ("2024-03-04 09:00:00", "2024-04-03 09:00:00")


def test_missing_keys_of_a_node_have_defaults():
    memory = AssociativeMemory()
    memory.add_event(concept(), NOW)
    node = nodes_of(memory)["node_1"]
    for key in ("type_count", "depth", "expiration", "embedding_key", "keywords", "filling"):
        del node[key]
    read = AssociativeMemory({"node_1": node}).nodes[0]
    assert (read.depth, read.expiration, read.embedding_key) == (0, None, read.description)
    assert (read.keywords, read.filling) == (frozenset(), ())


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("type", "dream", "'type' in node_1 in nodes.json must be event, thought or chat, is 'dream'"),
        ("description", None, "'description' in node_1 in nodes.json must be a text, is None"),
        ("poignancy", "much", "'poignancy' in node_1 in nodes.json must be a number, is 'much'"),
        ("created", "noon", "'created' in node_1 in nodes.json must be a time like '2024-05-06 07:00:00', is 'noon'"),
        ("keywords", [5], "'keywords' in node_1 in nodes.json must be a list of words"),
        ("filling", 5, "'filling' in node_1 in nodes.json must be a list"),
    ],
)
def test_a_malformed_node_is_refused_by_name(key, value, complaint):
    memory = AssociativeMemory()
    memory.add_event(concept(), NOW)
    nodes = nodes_of(memory)
    nodes["node_1"][key] = value
    with pytest.raises(ValueError, match=complaint):
        AssociativeMemory(nodes)


def test_a_node_without_its_content_is_refused_by_name():
    with pytest.raises(
        ValueError, match="node_1 in nodes.json lacks node_count, subject, predicate, object, description, poignancy"
    ):
        AssociativeMemory({"node_1": {"created": "2024-03-04 09:00:00", "type": "event"}})


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"strength": {"kw_strength_event": {"stove": "strong"}}}, "kw_strength.json is malformed"),
        ({"last_accessed": {"node_1": 5}}, "last_accessed.json is malformed"),
    ],
)
def test_malformed_files_about_memories_are_refused_by_name(files, complaint):
    memory = AssociativeMemory()
    memory.add_event(concept(), NOW)
    with pytest.raises(ValueError, match=complaint):
        AssociativeMemory(nodes_of(memory), **files)


@pytest.mark.parametrize("time", ["noon", "2024-03-04T09:00:00", "2024-03-04 09:00:60", "2024-03-04"])
def test_a_malformed_time_is_refused(memory, time):
    memory.add_event(concept(), NOW)
    nodes = nodes_of(memory)
    nodes["node_1"]["created"] = time
    with pytest.raises(ValueError):
        AssociativeMemory(nodes)


def test_the_benchmark_of_long_memories_names_every_figure():
    found = long_memories.figures(memories=30, dimensions=4)
    assert len(found) == 7
    assert all(figure > 0 for figure in found.values())


@pytest.mark.parametrize("things", [["stove", ["oven"]], ["stove", None]])
def test_a_place_whose_name_is_not_a_text_is_refused(things):
    with pytest.raises(ValueError, match=r"spatial_memory.json holds \['stove'"):
        MemoryTree({"small": {"house": {"kitchen": things}}})


def test_places_of_any_depth_are_learned_once():
    places = MemoryTree({"small": {"house": {"kitchen": ["stove"]}}})
    assert places.learn(["small:house:kitchen:sink", "small:park:meadow", "small:house"])
    assert not places.learn(["small:house:kitchen:sink", "small:park", ""])
    assert places.tree == {"small": {"house": {"kitchen": ["stove", "sink"]}, "park": {"meadow": []}}}
    assert places.knows("small:park:meadow")


def test_restoring_places_restores_the_tree():
    tree = {"small": {"house": {"kitchen": ["stove"]}}}
    places = MemoryTree(tree)
    snapshot = places.snapshot()
    places.learn(["small:house:cellar:shelf"])
    places.restore(snapshot)
    assert places.addresses() == ["small", "small:house", "small:house:kitchen", "small:house:kitchen:stove"]
    assert tree == {"small": {"house": {"kitchen": ["stove"]}}}

"""Perceive: the new events around a persona, and its memories of them."""

from datetime import datetime

import pytest

from maze import Event, Scene
from persona.cognitive_modules.perceive import embedding_key, notice, rate_poignancy, remember
from persona.memory_structures.associative_memory import CHAT, Concept
from persona.memory_structures.planned_action import PlannedAction
from scripted import ScriptedModel, persona, ratings
from small_world import ADA, BEN, BENS_HOUSE, CLEO, WORLD

ROOM = f"{WORLD}:{BENS_HOUSE}:main room"


@pytest.fixture(autouse=True)
def model(monkeypatch):
    return ScriptedModel(poignancy=ratings).install(monkeypatch)


@pytest.fixture
def ben():
    return persona(BEN)


@pytest.fixture
def in_a_talk(ben):
    """Ben, who talks to Cleo."""
    talk = PlannedAction("<persona> Cleo Dunn", "💬", "chat with", "Cleo Dunn", 8)
    ben.scratch.start_action("conversing about fish", 5, talk)
    ben.scratch.start_chat("Cleo Dunn", (("Ben Moss", "Eleven fish."), ("Cleo Dunn", "Lovely.")), 800)
    return ben


def perceive(someone, maze, scene=None):
    """The memories of a persona's new observations; without a scene, the map is empty."""
    news, known = notice(someone, maze, scene or Scene(maze, [])), len(someone.a_mem.events())
    remember(someone, news, rate_poignancy(someone, news))
    return list(someone.a_mem.events()[known:])


def talking(number, text="talking"):
    return Event(f"Guest {number}", "is", f"{text} {number}", f"{text} {number}")


def test_idle_objects_are_noticed_without_the_model(maze, model, ben):
    seen = perceive(ben, maze)
    assert {node.description for node in seen} == {"bed is idle", "desk is idle", "refrigerator is idle"}
    assert {node.poignancy for node in seen} == {1}
    assert model.asked == []


def test_new_events_are_rated_in_one_request_and_embedded_when_they_are_needed(maze, model, ben):
    scene = Scene(maze, [(CLEO.tile, talking(1)), (CLEO.tile, talking(2))])
    seen = perceive(ben, maze, scene)
    assert [n.description for n in seen if not n.description.endswith("idle")] == [
        "Guest 1 is talking 1",
        "Guest 2 is talking 2",
    ]
    assert len(model.asked) == 1
    assert model.embedded == []


def test_recently_seen_events_are_not_new(maze, ben):
    assert perceive(ben, maze)
    assert perceive(ben, maze) == []


def test_events_use_up_the_importance_trigger(maze, ben):
    scene = Scene(maze, [(CLEO.tile, talking(1))])
    perceive(ben, maze, scene)
    assert ben.scratch.importance_trigger_curr == 150 - 2 - 3
    assert ben.scratch.importance_ele_n == 4


def test_a_rating_is_kept_for_the_same_day(maze, model, ben):
    for step in range(3):
        scene = Scene(maze, [(CLEO.tile, talking(step % 2))])
        perceive(ben, maze, scene)
        for _ in range(9):
            ben.a_mem.add_event(Concept("gull", "is", "crying", "gull is crying", "gull", 1, {"gull"}), ben.scratch.now)
    assert len(model.asked) == 2
    assert [node.poignancy for node in ben.a_mem.events() if "talking 0" in node.description] == [2, 2]


def test_on_another_day_an_event_is_rated_again(maze, model, ben):
    for day in (6, 7):
        ben.scratch.curr_time = datetime(2024, 5, day, 9)
        scene = Scene(maze, [(CLEO.tile, talking(1))])
        perceive(ben, maze, scene)
        for k in range(9):
            ben.a_mem.add_event(Concept("gull", "is", f"{k}", f"gull is {k}", "gull", 1, {"gull"}), ben.scratch.now)
    assert len(model.asked) == 2


def test_the_personas_own_action_keeps_the_rating_of_its_plan(maze, model, ben):
    action = PlannedAction(f"{ROOM}:desk", "🐟", "count", "fish", 7, "covered with paper", "📄", 2)
    ben.scratch.start_action("counting fish", 30, action)
    ben.scratch.act_path_set = True
    used = ben.object_event()
    assert used
    scene = Scene(maze, [(BEN.tile, ben.action_event()), (BEN.tile, used)])
    rated = {node.description: node.poignancy for node in perceive(ben, maze, scene)}
    assert rated["Ben Moss is counting fish"] == 7
    assert rated["desk is covered with paper"] == 2
    assert model.asked == []


@pytest.mark.parametrize(("poignancy", "rated", "asked"), [(3, 3, 0), (4, 2, 1), (None, 2, 1)])
def test_an_unimportant_action_is_as_unimportant_to_observers(maze, model, poignancy, rated, asked, ben):
    scene = Scene(maze, [(CLEO.tile, talking(1)._replace(poignancy=poignancy))])
    seen = {node.subject: node.poignancy for node in perceive(ben, maze, scene)}
    assert seen["Guest 1"] == rated
    assert len(model.asked) == asked


def test_one_event_with_two_ratings_is_noticed_once(maze, ben):
    used = Event(f"{ROOM}:desk", "is", "being used", "being used", 1)
    scene = Scene(maze, [(CLEO.tile, used), (CLEO.tile, used._replace(poignancy=2))])
    assert [node.description for node in perceive(ben, maze, scene)].count("desk is being used") == 1


def test_the_partners_side_of_a_conversation_has_its_rating(maze, model, in_a_talk):
    cleos = Event("Cleo Dunn", "chat with", "Ben Moss", "conversing about fish", 4)
    scene = Scene(maze, [(CLEO.tile, cleos), (BEN.tile, in_a_talk.action_event())])
    seen = {node.subject: node.poignancy for node in perceive(in_a_talk, maze, scene)}
    assert (seen["Cleo Dunn"], seen["Ben Moss"]) == (8, 8)
    assert model.asked == []


def test_no_more_than_the_attention_bandwidth_is_noticed_nearest_first(maze):
    scene = Scene(maze, [((x, 1), talking(x)) for x in range(16, 21)])
    ben = persona(BEN, att_bandwidth=2)
    assert [node.subject for node in perceive(ben, maze, scene)] == ["Guest 20", f"{ROOM}:bed"]


def test_events_behind_a_wall_go_unnoticed(maze, ben):
    scene = Scene(maze, [(ADA.tile, talking(1))])
    assert all(node.subject != "Guest 1" for node in perceive(ben, maze, scene))


def test_places_in_sight_become_known(maze, ben):
    ben.scratch.curr_tile = (10, 6)
    perceive(ben, maze)
    assert ben.s_mem.knows(f"{WORLD}:Linden Park:garden")


def test_the_personas_own_conversation_is_remembered_with_its_lines_in_any_crowd(maze, in_a_talk):
    in_a_talk.scratch.att_bandwidth = 1
    scene = Scene(maze, [((20, 2), talking(n)) for n in range(12)] + [((20, 2), in_a_talk.action_event())])
    perceive(in_a_talk, maze, scene)
    chat = in_a_talk.a_mem.last_chat_with("Cleo Dunn")
    assert chat and chat.type == CHAT
    assert chat.filling == (("Ben Moss", "Eleven fish."), ("Cleo Dunn", "Lovely."))
    event = next(node for node in in_a_talk.a_mem.events() if node.predicate == "chat with")
    assert event.filling == (chat.node_id,)


@pytest.mark.parametrize(("guests", "seen_again"), [(1, 0), (12, 1)], ids=["at once", "after much else"])
def test_a_conversation_seen_again_is_stored_once(maze, in_a_talk, guests, seen_again):
    own = ((20, 2), in_a_talk.action_event())
    scene = Scene(maze, [own])
    perceive(in_a_talk, maze, scene)
    scene = Scene(maze, [((19, 2), talking(n)) for n in range(guests)])
    perceive(in_a_talk, maze, scene)
    scene = Scene(maze, [own])
    again = [node for node in perceive(in_a_talk, maze, scene) if node.predicate == "chat with"]
    (chat,) = in_a_talk.a_mem.chats()
    assert [node.filling for node in again] == [(chat.node_id,)] * seen_again


@pytest.mark.parametrize(
    ("description", "key"),
    [
        ("Ada is baking (kneading the dough)", "kneading the dough"),
        ("Ada is baking", "Ada is baking"),
        ("a smile :)", "a smile :)"),
        ("odd ()", "odd ()"),
    ],
)
def test_the_part_in_parentheses_is_embedded(description, key):
    assert embedding_key(description) == key

"""Tasks and actions: refused answers, and the places of actions."""

import json

import pytest
from hypothesis import given

from persona.memory_structures.places import Places
from persona.memory_structures.schedule import Entry
from persona.prompt_template import parsers
from persona.prompt_template.questions import Action, Tasks, spots
from persona.prompt_template.questions.actions import state_of
from question_cases import ANYTHING, PLACES, answer, busy
from reading import unreadable
from small_world import ADA

HOUR = Entry("baking", 480, 540)


# Tasks


def tasks_of(*starts):
    return {"tasks": [{"start": start, "task": task} for start, task in starts]}


IMPLAUSIBLE = {
    "late": ([("08:10", "kneading"), ("08:30", "shaping")], "the first task must start at 08:00"),
    "too long": (
        [("08:00", "kneading"), ("08:10", "shaping")],
        "'shaping' goes on from 08:10 to 09:00, more than half of the time",
    ),
    "twice": ([("08:00", "kneading"), ("08:30", "Kneading")], "stands twice in a row"),
    "out of order": ([("08:00", "kneading"), ("08:40", "shaping"), ("08:30", "baking")], "must start later"),
    "one for all": ([("08:00", "baking")], "more than half of the time"),
}


@pytest.mark.parametrize(("starts", "reason"), IMPLAUSIBLE.values(), ids=IMPLAUSIBLE)
def test_implausible_tasks_are_requested_again(starts, reason):
    (fault, *_) = Tasks(busy(ADA), HOUR, PLACES, "Inn").read(json.dumps(tasks_of(*starts)), {})
    assert reason in str(fault)


HALVES = {
    "starts": tasks_of(("08:00", "kneading"), ("08:28", "shaping")),
    "one start for all": tasks_of(("08:00", "kneading"), ("08:00", "shaping")),
    "one late start for all": tasks_of(("08:40", "kneading"), ("08:40", "shaping")),
    "mark by mark": tasks_of(("08:00", "kneading"), ("08:05", "shaping")),
    "lengths": {"tasks": [{"task": "kneading", "minutes": 30}, {"task": "shaping", "minutes": 30}]},
    "text": "1) Ada is kneading. (30 min)\n2) Ada is shaping. (30 min)",
}


@pytest.mark.parametrize("answered", HALVES.values(), ids=HALVES)
def test_tasks_fill_their_entry_from_its_five_minute_marks(monkeypatch, answered):
    found = answer(Tasks(busy(ADA), HOUR, PLACES, "Inn"), monkeypatch, answered)
    assert [(task.activity, task.minutes) for task in found] == [("baking (kneading)", 30), ("baking (shaping)", 30)]


@pytest.mark.parametrize(
    ("minutes", "offered"),
    [(30, ["08:00", "08:05"]), (120, ["08:00", "08:10"]), (240, ["08:00", "08:15"]), (300, ["08:00", "08:30"])],
)
def test_the_offered_starts_of_longer_entries_are_further_apart(minutes, offered):
    question = Tasks(busy(ADA), Entry("baking", 480, 480 + minutes), PLACES, "Inn")
    assert question.choices()["start"][:2] == offered
    assert len(question.choices()["start"]) <= 16


def test_tasks_with_consecutive_offered_starts_share_the_whole_time(monkeypatch):
    morning = Tasks(busy(ADA), Entry("baking", 480, 720), PLACES, "Inn")
    found = answer(morning, monkeypatch, tasks_of(("08:00", "kneading"), ("08:15", "shaping"), ("08:30", "baking")))
    assert [task.minutes for task in found] == [80, 80, 80]


def test_an_entry_that_cannot_be_split_keeps_its_name(monkeypatch):
    (whole,) = answer(Tasks(busy(ADA), HOUR, PLACES, "Inn"), monkeypatch, "{}")
    assert (whole.activity, whole.minutes) == ("baking", 60)


@pytest.mark.parametrize(
    ("activity", "sectors"),
    [
        ("baking at the Inn", ["Inn"]),
        ("resting at home", ["Ann Lee's house"]),
        ("going for a walk", ["Inn", "Ann Lee's house", "Park"]),
        ("talking about the Inn", ["Inn", "Ann Lee's house", "Park"]),
        ("reading in the park", ["Park"]),
    ],
)
def test_an_activity_that_names_a_place_is_offered_only_that_place(activity, sectors):
    for question in (
        Tasks(busy(ADA), Entry(activity, 480, 540), PLACES, "Inn"),
        Action(busy(ADA), activity, PLACES, ""),
    ):
        assert list(dict.fromkeys(place.partition(": ")[0] for place in question.choices()["place"])) == sectors


EVERYWHERE = {"Hill Park", "Corner Cafe", "Mill Park", "Ann Lee's house"}


@pytest.mark.parametrize(
    ("activity", "sectors"),
    [
        ("eating lunch at the cafe with guests", {"Corner Cafe"}),
        ("walking in the park", EVERYWHERE),
        ("working on the Corner Cafe menu", EVERYWHERE),
        ("phoning home at Corner Cafe", {"Corner Cafe", "Ann Lee's house"}),
        ("driving to cafe music", EVERYWHERE),
        ("talking about the cafe", EVERYWHERE),
    ],
)
def test_the_only_place_of_its_kind_needs_no_name(activity, sectors):
    places = Places("W", {name: {"room": ["table"]} for name in sorted(EVERYWHERE)}, "W:Ann Lee's house:room")
    assert set(spots.where(places, activity).sectors()) == sectors


def test_empty_is_accepted_as_a_verb_and_as_a_state(monkeypatch):
    shown = {"place": "Inn: hall: table", "emoji": "🍞", "predicate": "empty", "object": "basket"}
    action = answer(Action(busy(ADA), "baking", PLACES, "Inn"), monkeypatch, {**shown, "thing_state": "empty"})
    assert (action.predicate, action.object, action.thing_state) == ("empty", "basket", "empty")


def test_a_room_without_objects_needs_no_object_state(monkeypatch):
    shown = {"place": "Park: meadow", "emoji": "🌳", "predicate": "walks", "object": "about", "thing_state": ""}
    found = answer(Action(busy(ADA), "walking in the Park", PLACES, "Inn"), monkeypatch, shown, "{}")
    assert found.address == "W:Park:meadow:<random>"
    assert (found.thing_state, found.thing_emoji, found.thing_poignancy) == (None, None, None)
    assert found.emoji == "🌳"


# Places


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Inn: kitchen: stove", ("Inn", "kitchen", "stove")),
        ("the inn: Bar: a tap", ("Inn", "bar", "tap")),
        ("Inn > bar > tap", ("Inn", "bar", "tap")),
        ("Inn: cellar: stove", ("Inn", "kitchen", "stove")),
        ("Inn: cellar: barrel", ("Inn", "bar", "stool")),
        ("somewhere: bedroom: bed", ("Ann Lee's house", "bedroom", "bed")),
        ("room: shelf: desk", ("Ann Lee's house", "bedroom", "desk")),
        ("home", ("Ann Lee's house", "bedroom", "desk")),
        ("Ann's house", ("Ann Lee's house", "bedroom", "desk")),
        ("Park", ("Park", "meadow", None)),
        (["Inn: bar: tap"], ("Inn", "bar", "tap")),
    ],
)
def test_a_place_is_always_an_offered_one(text, spot):
    assert spots.spot(text, PLACES, "resting") == spot


def test_a_room_name_alone_means_the_place_in_the_activity_or_home():
    places = Places(
        "W", {"Hut": {"kitchen": ["pot"]}, "Inn": {"kitchen": ["stove"]}, "Pub": {"kitchen": ["sink"]}}, "W:Hut:kitchen"
    )
    assert spots.spot("kitchen", places, "cooking at the inn").sector == "Inn"
    assert spots.spot("kitchen", places, "cooking").sector == "Hut"


def test_a_room_without_an_object_gets_the_suitable_one_not_one_with_a_similar_name():
    places = Places("W", {"Hut": {"kitchen": ["kitchen sink", "dining table"]}}, "W:Hut:kitchen")
    assert spots.spot("Hut: kitchen", places, "eating breakfast").thing == "dining table"


def test_a_place_that_was_not_offered_is_refused():
    assert "letter for letter" in unreadable(spots.spot, "Atlantis: temple: altar", PLACES, "resting")


@given(ANYTHING)
def test_every_answer_gives_an_existing_place(value):
    try:
        found = spots.spot(value, PLACES, "resting")
    except parsers.ParseError:
        return
    assert found in spots.offered(PLACES)


@pytest.mark.parametrize(
    ("activity", "place"),
    [
        ("having breakfast at the Inn", "Ann Lee's house: bedroom: desk"),
        ("working at the Inn (walking in the Park)", "Inn: bar: tap"),
        ("eating dinner", "Ann Lee's house: bedroom: bed"),
        ("having lunch at home", "Ann Lee's house: bathroom: toilet"),
        ("having lunch at home", "Inn: bar: stool"),
    ],
)
def test_an_action_is_refused_where_it_cannot_happen(activity, place):
    assert unreadable(spots.spot, place, PLACES, activity)


def test_a_place_that_is_only_a_topic_does_not_determine_the_place():
    for activity in ("talking about the Inn", "parking the bike", "walking home from the Inn", "eating"):
        assert spots.spot("Ann Lee's house: bedroom: desk", PLACES, activity).arena == "bedroom"


@pytest.mark.parametrize(
    ("activity", "place"),
    [
        ("sleeping", "Ann Lee's house: bedroom: bed"),
        ("thinking", "Ann Lee's house: bedroom: desk"),
        ("cooking dinner at the Inn", "Inn: kitchen: stove"),
        ("taking a shower", "Ann Lee's house: bathroom: shower"),
        ("walking in the Park", "Park: meadow"),
    ],
)
def test_an_activity_without_a_place_gets_a_suitable_one(activity, place):
    assert spots.as_text(spots.fitting(PLACES, activity)) == place


def test_the_state_of_an_object_follows_its_name():
    states = {"The bed is being slept in": "being slept in", "unmade": "unmade", "the bed": "being used"}
    assert {state: state_of("bed", state) for state in states} == states


# In other languages

CHINESE_PLACES = Places(
    "W", {"河边咖啡馆": {"大厅": ["柜台", "座位"]}, "诺拉的家": {"卧室": ["床"]}}, "W:诺拉的家:卧室"
)


def test_a_place_in_another_language_is_found_in_the_activity():
    assert spots.spot("河边咖啡馆：大厅：柜台", CHINESE_PLACES, "在河边咖啡馆工作").thing == "柜台"
    assert unreadable(spots.spot, "诺拉的家: 卧室: 床", CHINESE_PLACES, "在河边咖啡馆工作")
    assert spots.spot("诺拉的家: 卧室: 床", CHINESE_PLACES, "和诺拉聊河边咖啡馆的事").thing == "床"  # it is only named


@pytest.mark.parametrize(
    ("place", "there", "about"),
    [
        ("المقهى", "يعمل في المقهى", "يتحدث عن المقهى"),
        ("カフェ", "カフェで働く", "カフェの話をする"),
        ("카페", "카페에서 일한다", "카페 이야기를 한다"),
        ("café rouge", "working at Café Rouge", "talking about Café Rouge"),
    ],
)
def test_in_other_languages_only_an_explicit_place_determines_the_place(place, there, about):
    places = Places("W", {"Home": {"room": ["desk"]}, place: {"hall": ["table"]}}, "W:Home:room")
    assert spots.where(places, there).sectors() == [place]
    assert spots.where(places, about).sectors() == ["Home", place]

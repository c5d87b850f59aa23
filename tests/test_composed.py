"""Answers whose parts depend on each other: places, days, thoughts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.cognitive_modules.places import Places
from persona.prompt_template import composed
from persona.prompt_template.readers import Unreadable
from scripted import persona
from small_world import ADA

PLACES = Places(
    "W",
    {
        "Inn": {"bar": ["stool", "tap"], "kitchen": ["stove"]},
        "Ann Lee's house": {"bedroom": ["desk", "bed"]},
        "Park": {"meadow": []},
    },
    "W:Ann Lee's house:bedroom",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"place": "Inn", "room": "kitchen", "thing": "stove"}, ("Inn", "kitchen", "stove")),
        ({"place": "the inn.", "room": "Bar", "thing": "a tap"}, ("Inn", "bar", "tap")),
        ({"place": "Inn", "room": "cellar", "thing": "stove"}, ("Inn", "kitchen", "stove")),
        ({"place": "Inn", "room": "cellar", "thing": "barrel"}, ("Inn", "bar", "stool")),
        ({"place": "somewhere", "room": "bedroom", "thing": "bed"}, ("Ann Lee's house", "bedroom", "bed")),
        ({"place": "Park"}, ("Park", "meadow", None)),
    ],
)
def test_a_place_is_always_one_that_was_offered(answer, place):
    assert composed.place(answer, PLACES, "resting") == place


def test_a_place_nobody_offered_cannot_be_read():
    with pytest.raises(Unreadable):
        composed.place({"place": "Atlantis", "room": "temple", "thing": "altar"}, PLACES, "resting")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("place", "room", "thing"), ANYTHING)))
def test_no_answer_leads_to_a_place_that_does_not_exist(answer):
    try:
        sector, arena, thing = composed.place(answer, PLACES, "resting")
    except Unreadable:
        return
    assert thing in (PLACES.objects(sector, arena) or [None])


def test_somebody_who_wants_to_sleep_goes_to_bed():
    assert composed.at_home(PLACES, "sleeping") == ("Ann Lee's house", "bedroom", "bed")
    assert composed.at_home(PLACES, "thinking") == ("Ann Lee's house", "bedroom", "desk")


@pytest.mark.parametrize(
    ("habit", "minute"), [(r"(?:wakes?) up", 360), (r"dinner", 1080), (r"to bed", 1320), (r"swims", None)]
)
def test_a_lifestyle_says_when_somebody_usually_does_something(habit, minute):
    assert composed.usual_minute(ADA.lifestyle, habit) == minute


@pytest.mark.parametrize(
    ("answer", "minute"),
    [("5:30", 330), ("9:30", 570), ("2am", 360), ("whenever", 360), (None, 360)],
    ids=["as usual", "a late Sunday", "in the night", "no hour", "missing"],
)
def test_getting_up_is_when_the_answer_says_unless_that_cannot_be(answer, minute):
    assert composed.wake_up(answer, persona(ADA).scratch) == minute


def test_an_unreadable_hour_of_getting_up_does_not_cost_the_schedule():
    schedule = [{"start": "06:00", "activity": "baking"}, {"start": "22:00", "activity": "sleeping"}]
    assert composed.day({"schedule": schedule}, persona(ADA).scratch) == [
        ("sleeping", 360),
        ("baking", 960),
        ("sleeping", 120),
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [("The bed is being slept in", "being slept in"), ("unmade", "unmade"), ("the bed", "being used")],
)
def test_the_state_of_a_thing_follows_its_name(state, shown):
    assert composed.state_of("bed", state) == shown


def test_who_sleeps_in_a_room_without_naming_a_thing_takes_the_bed():
    answer = {"place": "Ann Lee's house", "room": "bedroom", "thing": "floor"}
    assert composed.place(answer, PLACES, "sleeping") == ("Ann Lee's house", "bedroom", "bed")


@given(
    lifestyle=st.text(max_size=80)
    | st.from_regex(r"x goes to bed around \d{1,2}[ap]m, wakes up around \d{1,2}[ap]m", fullmatch=True)
)
def test_every_lifestyle_makes_a_whole_day(lifestyle):
    who = persona(ADA).scratch
    who.lifestyle = lifestyle
    day = composed.usual_day(who)
    assert sum(minutes for _, minutes in day) == 1440
    assert all(minutes > 0 and activity for activity, minutes in day)


@given(item=ANYTHING)
def test_a_thought_always_has_three_parts_and_a_rating(item):
    thought = composed.thought(item, "It rains.", persona(ADA).scratch)
    assert all(part.strip() for part in thought[:4])
    assert 1 <= thought.poignancy <= 10


@given(value=ANYTHING, count=st.integers(0, 5))
def test_insights_keep_only_evidence_there_is(value, count):
    try:
        found = composed.insights(value, count, 5, persona(ADA).scratch)
    except Unreadable:
        return
    assert found
    assert all(thought.text.strip() and all(0 <= k < count for k in evidence) for thought, evidence in found)


@pytest.mark.parametrize("nothing", [None, "", "none", "无"])
def test_nothing_to_remember_is_no_remark(nothing):
    assert composed.remark({"memo": nothing}, "memo", persona(ADA).scratch) is None

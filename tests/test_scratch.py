"""Scratch: the short-term state and its file."""

from datetime import datetime

import pytest

from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.scratch import Scratch

WHO = {
    "name": "Ida Brook",
    "first_name": "Ida",
    "last_name": "Brook",
    "age": 40,
    "innate": "calm",
    "learned": "Ida Brook keeps bees.",
    "currently": "Ida Brook is building a hive.",
    "lifestyle": "Ida Brook goes to bed around 10pm, wakes up around 6am, eats dinner around 6pm.",
    "living_area": "small:house:room",
}
NOON = datetime(2024, 3, 4, 12, 0, 10)


def acting(**state):
    scratch = Scratch.from_json({**WHO, **state})
    scratch.curr_time = NOON
    scratch.start_action("reading", 30, PlannedAction("small:house:room:desk", "📖", "read", "book"))
    return scratch


def test_a_scratch_without_identity_is_refused_by_key():
    lacking = {key: value for key, value in WHO.items() if key not in ("living_area", "age")}
    with pytest.raises(ValueError, match=r"^scratch.json lacks age, living_area$"):
        Scratch.from_json({**lacking, "innate": WHO["innate"]})


def test_saving_and_loading_gives_the_same_state():
    scratch = acting()
    scratch.start_chat("Otto Vale", (("Ida Brook", "Good day."),), 800)
    scratch.f_daily_schedule = (("reading", 1440),)
    scratch.planned_path = ((1, 2), (1, 3))
    scratch.curr_tile = (1, 1)
    scratch.planned_actions = {"baking": PlannedAction("a:b:c:stove", "🍞", "bake", "bread", 3, "hot", "🔥", None)}
    scratch.chat_thoughts = (("a text", "Ida Brook", "likes", "Otto Vale", 4),)
    again = Scratch.from_json(scratch.to_json())
    assert again == scratch


def test_unknown_keys_are_kept_and_times_are_written_in_the_classic_format():
    saved = acting(mood={"today": "fine"}).to_json()
    assert saved["mood"] == {"today": "fine"}
    assert saved["curr_time"] == "March 04, 2024, 12:00:10"


def test_an_action_begins_and_ends_on_the_minute():
    scratch = acting()
    assert scratch.act_start_time == datetime(2024, 3, 4, 12, 0)
    scratch.curr_time = datetime(2024, 3, 4, 12, 29, 50)
    assert not scratch.act_finished
    scratch.curr_time = datetime(2024, 3, 4, 12, 30)
    assert scratch.act_finished
    idle = Scratch.from_json(WHO)
    idle.curr_time = NOON
    assert idle.act_finished


def test_a_new_action_ends_a_conversation():
    scratch = acting()
    scratch.start_chat("Otto Vale", (("Ida Brook", "Good day."),), 800)
    scratch.start_action("b", 1, PlannedAction("a", "c", "is", "b"))
    assert (scratch.chatting_with, scratch.chat, scratch.chatting_end_time) == (None, None, None)
    assert scratch.chatting_with_buffer == {"Otto Vale": 800}


def test_buffers_count_down_and_vanish():
    scratch = acting(chatting_with_buffer={"Otto Vale": 2})
    scratch.count_down_buffers()
    assert scratch.chatting_with_buffer == {"Otto Vale": 1}
    scratch.count_down_buffers()
    assert scratch.chatting_with_buffer == {}


def test_a_persona_has_arrived_at_the_end_of_its_path():
    scratch = acting()
    assert not scratch.arrived
    scratch.act_path_set, scratch.planned_path = True, ((1, 1),)
    assert not scratch.arrived
    scratch.planned_path = ()
    assert scratch.arrived


def test_restoring_undoes_everything_since_the_snapshot():
    scratch = acting()
    before, snapshot = scratch.to_json(), scratch.snapshot()
    scratch.start_chat("Otto Vale", (("Ida Brook", "Good day."),), 800)
    scratch.importance_trigger_curr -= 9
    scratch.restore(snapshot)
    assert scratch.to_json() == before


def test_the_identity_sheet_has_the_unpadded_date_and_the_home():
    assert "Today: Monday, March 4, 2024" in acting().identity_sheet()
    assert "Home: house, room" in acting().identity_sheet()


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([["sleeping", 400], ["nothing", 0], ["working", 50]], (("sleeping", 400), ("working", 1040))),
        ([["sleeping", 400], ["working", 2000]], (("sleeping", 400), ("working", 1040))),
        ([], ()),
    ],
    ids=["too short, with an empty row", "too long", "none"],
)
def test_a_saved_day_is_completed(rows, day):
    assert Scratch.from_json({**WHO, "f_daily_schedule": rows}).f_daily_schedule == day


@pytest.mark.parametrize(
    ("key", "value", "form"),
    [
        ("vision_r", "8", "a whole number, is '8'"),
        ("vision_r", True, "a whole number, is True"),
        ("act_description", 5, "a text, is 5"),
        ("lifestyle", [], r"a text, is \[\]"),
        ("recency_w", "1", "a number, is '1'"),
        ("curr_time", "noon", "a time like 'May 06, 2024, 07:00:00', is 'noon'"),
        ("act_event", ["a", "b"], r"\[subject, predicate, object\], is"),
        ("act_event", ["a", 1, "b"], r"\[subject, predicate, object\], is"),
        ("act_event", "abc", r"\[subject, predicate, object\], is 'abc'"),
        ("act_duration", 10**20, "minutes, less than a year of them, is 1000"),
        ("act_duration", -1, "minutes, less than a year of them, is -1"),
        ("act_duration", float("nan"), "minutes, less than a year of them, is nan"),
        ("curr_tile", [1], r"\[x, y\], is \[1\]"),
        ("planned_path", [[1, "b"]], r"a list of \[x, y\], is"),
        ("f_daily_schedule", [["sleeping"]], r"a list of \[activity, minutes\], is"),
        ("daily_req", 5, "a list of texts, is 5"),
        ("chat", [["Ida"]], r"a list of \[speaker, line\], is"),
        ("chat_thoughts", [["a", "b"]], r"a list of \[text, subject, predicate, object, poignancy\], is"),
        ("chatting_with_buffer", {"Otto": "soon"}, r"an object {name: steps}, is"),
        ("planned_actions", {"reading": {"address": "a"}}, r"an object {activity: action}, is"),
    ],
)
def test_a_malformed_value_is_refused_by_name_with_the_expected_format(key, value, form):
    with pytest.raises(ValueError, match=f"^'{key}' in scratch.json must be {form}"):
        Scratch.from_json({**WHO, key: value})


def test_several_faults_are_reported_together():
    with pytest.raises(ValueError, match=r"^'vision_r' in .*, is 'far'; 'retention' in .*, is 'long'$"):
        Scratch.from_json({**WHO, "retention": "long", "vision_r": "far"})


@pytest.mark.parametrize("key", ["retention", "daily_plan_req", "importance_trigger_curr", "planned_path", "act_event"])
def test_null_means_the_default(key):
    assert Scratch.from_json({**WHO, key: None}) == Scratch.from_json(WHO)


def test_missing_first_and_last_names_are_taken_from_the_name():
    scratch = Scratch.from_json({key: value for key, value in WHO.items() if key not in ("first_name", "last_name")})
    assert (scratch.first_name, scratch.last_name) == ("Ida", "Brook")


@pytest.mark.parametrize(("rows", "time"), [([], None), ([["working", 1440]], NOON)])
def test_a_clock_without_a_schedule_does_not_count_as_started(rows, time):
    scratch = Scratch.from_json({**WHO, "curr_time": "March 04, 2024, 12:00:10", "f_daily_schedule": rows})
    assert scratch.curr_time == time


def test_a_conversation_without_its_lines_is_over():
    assert Scratch.from_json({**WHO, "chatting_with": "Otto Vale", "chat": None}).chatting_with is None

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


def test_a_scratch_without_a_name_is_refused_by_key():
    with pytest.raises(ValueError, match="living_area"):
        Scratch.from_json({key: value for key, value in WHO.items() if key != "living_area"})


def test_saving_and_loading_gives_the_same_state():
    scratch = acting()
    scratch.start_chat("Otto Vale", (("Ida Brook", "Good day."),), 800)
    scratch.f_daily_schedule = (("reading", 1440),)
    scratch.planned_path = ((1, 2), (1, 3))
    again = Scratch.from_json(scratch.to_json())
    assert again == scratch


def test_keys_of_others_survive():
    scratch = Scratch.from_json({**WHO, "mood": {"today": "fine"}})
    assert scratch.to_json()["mood"] == {"today": "fine"}


def test_times_are_written_in_the_classic_form():
    assert acting().to_json()["curr_time"] == "March 04, 2024, 12:00:10"


def test_an_action_begins_with_its_minute_and_ends_on_one():
    scratch = acting()
    assert scratch.act_start_time == datetime(2024, 3, 4, 12, 0)
    scratch.curr_time = datetime(2024, 3, 4, 12, 29, 50)
    assert not scratch.act_finished
    scratch.curr_time = datetime(2024, 3, 4, 12, 30)
    assert scratch.act_finished


def test_somebody_without_an_action_is_ready_for_one():
    scratch = Scratch.from_json(WHO)
    scratch.curr_time = NOON
    assert scratch.act_finished


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


def test_arriving_takes_a_path_that_was_walked_to_its_end():
    scratch = acting()
    assert not scratch.arrived
    scratch.act_path_set, scratch.planned_path = True, ((1, 1),)
    assert not scratch.arrived
    scratch.planned_path = ()
    assert scratch.arrived


def test_rewinding_undoes_everything_since_the_mark():
    scratch = acting()
    before, mark = scratch.to_json(), scratch.snapshot()
    scratch.start_chat("Otto Vale", (("Ida Brook", "Good day."),), 800)
    scratch.importance_trigger_curr -= 9
    scratch.restore(mark)
    assert scratch.to_json() == before


def test_the_identity_sheet_names_the_day_without_padding():
    assert "Today: Monday, March 4, 2024" in acting().identity_sheet()


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([["sleeping", 400], ["nothing", 0], ["working", 50]], (("sleeping", 400), ("working", 1040))),
        ([["sleeping", 400], ["working", 2000]], (("sleeping", 400), ("working", 1040))),
        ([], ()),
    ],
    ids=["too short, with an empty row", "too long", "none"],
)
def test_a_saved_day_is_made_whole(rows, day):
    assert Scratch.from_json({**WHO, "f_daily_schedule": rows}).f_daily_schedule == day


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("vision_r", "8"),
        ("act_description", 5),
        ("act_event", ["a", "b"]),
        ("act_event", ["a", 1, "b"]),
        ("recency_w", "1"),
        ("act_duration", 10**20),
        ("act_duration", float("nan")),
        ("lifestyle", []),
    ],
)
def test_a_value_of_another_type_is_refused(key, value):
    with pytest.raises(ValueError, match=f"'{key}' in scratch.json must be"):
        Scratch.from_json({**WHO, key: value})


@pytest.mark.parametrize("key", ["retention", "daily_plan_req", "importance_trigger_curr", "planned_path", "act_event"])
def test_null_is_the_default(key):
    assert Scratch.from_json({**WHO, key: None}) == Scratch.from_json(WHO)


def test_first_and_last_name_are_taken_from_the_name_where_they_are_missing():
    scratch = Scratch.from_json({key: value for key, value in WHO.items() if key not in ("first_name", "last_name")})
    assert (scratch.first_name, scratch.last_name) == ("Ida", "Brook")


def test_who_has_a_clock_but_no_schedule_has_not_lived_yet():
    scratch = Scratch.from_json({**WHO, "curr_time": "March 04, 2024, 12:00:00", "f_daily_schedule": []})
    assert scratch.curr_time is None


def test_who_has_a_schedule_goes_on_at_its_time():
    scratch = Scratch.from_json(
        {**WHO, "curr_time": "March 04, 2024, 12:00:10", "f_daily_schedule": [["working", 1440]]}
    )
    assert scratch.curr_time == NOON


def test_a_conversation_without_its_lines_is_none():
    assert Scratch.from_json({**WHO, "chatting_with": "Otto Vale", "chat": None}).chatting_with is None


def test_the_identity_sheet_says_where_home_is():
    assert "Home: house > room" in acting().identity_sheet()

"""Schedules: rows of (activity, minutes) that fill a day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.memory_structures.schedule import (
    MINUTES_A_DAY,
    Entry,
    as_text,
    between,
    clock,
    entries,
    entry_at,
    is_sleep,
    replace,
)

DAY = (("sleeping", 420), ("breakfast", 60), ("work", 480), ("dinner", 60), ("sleeping", 420))


@st.composite
def days(draw):
    cuts = sorted(draw(st.sets(st.integers(1, MINUTES_A_DAY - 1), max_size=12)))
    edges = [0, *cuts, MINUTES_A_DAY]
    return tuple((f"activity {i}", end - start) for i, (start, end) in enumerate(zip(edges, edges[1:], strict=False)))


def test_entries_follow_each_other_from_midnight():
    assert [(e.start, e.end) for e in entries(DAY)] == [(0, 420), (420, 480), (480, 960), (960, 1020), (1020, 1440)]


def test_the_current_entry_ends_where_the_next_begins():
    assert entry_at(DAY, 419).activity == "sleeping"
    assert entry_at(DAY, 420) == Entry("breakfast", 420, 480)


def test_a_schedule_that_ends_early_stays_at_its_last_entry():
    assert entry_at((("resting", 60),), 600).activity == "resting"


def test_an_empty_schedule_has_no_entry():
    with pytest.raises(ValueError, match="empty schedule"):
        entry_at((), 0)


def test_a_block_must_fill_its_time():
    with pytest.raises(ValueError, match="30 minutes"):
        replace(DAY, 600, 630, [("a chat", 20)])


@given(days(), st.integers(0, MINUTES_A_DAY - 1), st.integers(1, 200))
def test_replacing_a_block_keeps_the_day_whole_without_empty_rows(day, start, minutes):
    end = min(start + minutes, MINUTES_A_DAY)
    changed = replace(day, start, end, [("a chat", end - start)])
    assert sum(m for _, m in changed) == MINUTES_A_DAY
    assert all(m > 0 for _, m in changed)
    assert entry_at(changed, start) == Entry("a chat", start, end)


@given(days(), st.integers(0, MINUTES_A_DAY), st.integers(0, MINUTES_A_DAY))
def test_a_part_of_the_day_is_covered_without_gaps(day, one, other):
    start, end = sorted((one, other))
    part = between(day, start, end)
    assert sum(entry.minutes for entry in part) == end - start
    assert all(entry.minutes > 0 for entry in part)


def test_times_are_written_as_on_a_clock():
    assert [clock(0), clock(425), clock(1440)] == ["00:00", "07:05", "24:00"]
    assert as_text([Entry("breakfast", 420, 480)]) == "07:00 - 08:00 breakfast"


@pytest.mark.parametrize(
    ("activity", "asleep"),
    [
        ("going to sleep", True),
        ("goes to sleep", True),
        ("fast asleep", True),
        ("writing a paper on sleep", False),
        ("is sleeping in", True),
        ("sleeping", True),
        ("Sleep", True),
        ("reading", False),
        (None, False),
    ],
)
def test_sleep_is_recognized_by_its_word(activity, asleep):
    assert is_sleep(activity) is asleep

"""What the parsers of tasks, days and parts of days make of how they are written.

Knows the parsers' promises by example; the forms seen in the wild are in test_parsers_answers.py.
"""

from __future__ import annotations

import pytest

import reading
from reading import unreadable

NORA = "Nora Quill"


def clock_rows(rows):
    """Rows of a day as "07:00 breakfast"."""
    minute, result = 0, []
    for activity, minutes in rows:
        result.append(f"{minute // 60:02d}:{minute % 60:02d} {activity}")
        minute += minutes
    return result


# Tasks


@pytest.mark.parametrize(
    "value",
    [
        {"reading": 20, "swimming": 40},
        [{"task": "reading", "minutes": 20}, {"task": "swimming", "minutes": "40 min"}],
        [
            {"subtask": "reading", "minutes_left": 40, "duration_minutes": 20},
            {"subtask": "swimming", "duration_minutes": 40},
        ],
        [{"task": "reading", "time": "20 minutes"}, {"task": "swimming", "time": "40"}],
        '{"tasks": [{"task": "Nora is reading", "minutes": 20}, {"task": "swimming", "duration": "2/3 hour"}]}',
        [{"start": "07:00", "end": "07:20", "task": "reading"}, {"start": "07:20", "end": "08:00", "task": "swimming"}],
        [["reading", 20], ["swimming", 40]],
        ["reading (20 min)", "swimming"],
        "reading: 20\nswimming: 40",
        "reading - 20 min\nswimming - 40 min",
        "20 min: reading\n40 min: swimming",
        "07:00 - 07:20: reading\n07:20 - 08:00: swimming",
        "1. reading [20]\n2. swimming (40)",
        "| # | Task | Min |\n|---|---|---|\n| 1 | reading | 20 |\n| 2 | swimming | 40 |",
        "Here are the tasks:\n\n1. **reading** - 20 minutes\n2. **swimming** - 40 minutes\n\nTotal: 60 minutes",
    ],
)
def test_tasks_are_read_with_their_lengths(value):
    assert reading.tasks(value, 60, NORA) == [("reading", 20), ("swimming", 40)]


def test_tasks_too_long_are_cut():
    assert reading.tasks("1) reading (50 min)\n2) writing (50 min)\n3) tea (50 min)", 60) == [
        ("reading", 50),
        ("writing", 10),
    ]


def test_tasks_too_short_are_made_up_by_the_last():
    assert reading.tasks("1) reading (10 min)\n2) writing (10 min)", 60) == [("reading", 10), ("writing", 50)]


def test_task_lengths_become_multiples_of_the_step_and_the_last_takes_the_rest():
    assert reading.tasks("1) reading (7 min)\n2) writing (1 min)\n3) tea (9 min)", 22) == [
        ("reading", 5),
        ("writing", 5),
        ("tea", 12),
    ]


def test_a_block_shorter_than_a_step_is_one_task():
    assert reading.tasks("1) reading\n2) writing", 3) == [("reading", 3)]


# Days


@pytest.mark.parametrize(
    "value",
    [
        [{"start": "07:00", "activity": "breakfast"}, {"start": "13:00", "activity": "work"}],
        [{"hour": 7, "activity": "breakfast"}, {"hour": "1 pm", "activity": "work"}],
        {"schedule": [{"time": "07:00 - 13:00", "activity": "breakfast"}, {"time": "13:00", "task": "work"}]},
        {"07:00": "breakfast", "13:00": "work"},
        [["07:00", "breakfast"], ["13:00", "work"]],
        ["07:00 breakfast", "13:00 work"],
        "07:00 - 13:00: breakfast, slowly. She likes it.\n1:00: work",
        "| Time | Activity |\n|---|---|\n| 7:00 AM | breakfast |\n| 1:00 PM | work |",
        "- **7 AM** – breakfast\n- 1 PM to 11 PM: work",
        "7:00 am breakfast, 1:00 pm work",
        "[07:00 AM] Activity: Nora is breakfast\n[01:00 PM] Activity: Nora is work",
        "早上7点：breakfast\n下午1点：work",
        [
            {"activity": "sleeping", "minutes": 420},
            {"activity": "breakfast", "minutes": 360},
            {"activity": "work", "minutes": 99},
        ],
    ],
)
def test_a_day_is_read(value):
    assert clock_rows(reading.hourly(value, 420, NORA)) == ["00:00 sleeping", "07:00 breakfast", "13:00 work"]


def test_a_day_begins_when_its_person_wakes():
    rows = reading.hourly([{"start": "06:00", "activity": "sleeping"}, {"start": "09:00", "activity": "tea"}], 480)
    assert clock_rows(rows) == ["00:00 sleeping", "08:00 tea"]


def test_equal_hours_of_a_day_are_one():
    rows = reading.hourly("07:00 work\n08:00 Work\n09:00 tea", 420)
    assert rows == [("sleeping", 420), ("work", 120), ("tea", 900)]


def test_afternoon_hours_without_pm_follow_noon():
    rows = reading.hourly("9:00 shop\n12:00 lunch\n1:00 shop\n6:00 dinner\n10:00 sleeping", 540)
    assert clock_rows(rows) == [
        "00:00 sleeping",
        "09:00 shop",
        "12:00 lunch",
        "13:00 shop",
        "18:00 dinner",
        "22:00 sleeping",
    ]


def test_what_a_day_says_of_the_time_after_midnight_is_left_out():
    rows = reading.hourly("17:00 pub\n23:00 closing\n00:30 walking home\n01:00 sleeping", 600)
    assert clock_rows(rows) == ["00:00 sleeping", "10:00 pub", "23:00 closing"]


def test_rows_of_a_day_that_cannot_be_read_cost_only_themselves():
    value = [
        {"start": "07:00", "activity": "tea"},
        {"start": "soon", "activity": "x"},
        {"start": "09:00", "activity": ""},
    ]
    assert reading.hourly(value, 420) == [("sleeping", 420), ("tea", 1020)]


def test_a_day_without_times_is_unreadable():
    assert "07:00" in unreadable(reading.hourly, "She loves trains.", 420)


# Parts of a day


@pytest.mark.parametrize(
    ("value", "start", "end", "rows"),
    [
        ("09:00 ~ 10:00 -- reading\n10:00 ~ 11:00 -- writing", 540, 660, [("reading", 60), ("writing", 60)]),
        ("9:00 - talking\n9:20 - writing", 1260, 1320, [("talking", 20), ("writing", 40)]),
        ("08:30 ~ 09:30 -- reading\n09:30 ~ 12:00 -- writing", 540, 660, [("reading", 30), ("writing", 90)]),
        ("09:10 -- reading\n09:05 -- talking", 540, 660, [("talking", 10), ("reading", 110)]),
        ("23:30 ~ 00:30 -- napping\n00:30 ~ 01:00 -- up", 1410, 60, [("napping", 60), ("up", 30)]),
        (
            [{"activity": "talking", "minutes": 20}, {"activity": "tea", "minutes": 5}],
            540,
            600,
            [("talking", 20), ("tea", 40)],
        ),
    ],
)
def test_a_part_of_a_day_is_read(value, start, end, rows):
    assert reading.schedule_block(value, start, end) == rows


def test_rows_outside_the_part_are_unreadable():
    assert unreadable(reading.schedule_block, "12:00 ~ 13:00 -- lunch", 540, 660)

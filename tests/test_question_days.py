"""A day: how it is read, when it is refused, and the usual day as its fail-safe."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.memory_structures.schedule import clock, entries
from persona.prompt_template.questions import Day
from persona.prompt_template.questions.day import why_no_day
from persona.prompt_template.questions.usual_day import usual_day, usual_minute, wake_up_time
from question_cases import answer, busy
from scripted import DAY
from small_world import ADA

SHORT_DAY = 10 * 60
USUAL = DAY["schedule"]


def day(**changed):
    return {**DAY, **changed}


def rows(*starts):
    return [{"start": start, "activity": activity} for start, activity in starts]


def why_not(answered):
    question = Day(busy(ADA), ["Corner Cafe"])
    return "; ".join(map(str, question.read(json.dumps(answered), {})))


def test_a_good_day_is_read_from_midnight_to_midnight(monkeypatch):
    found = answer(Day(busy(ADA), ["Corner Cafe"]), monkeypatch, DAY)
    assert [(clock(entry.start), entry.activity) for entry in entries(found.schedule)][:3] == [
        ("00:00", "sleeping"),
        ("06:00", "having breakfast"),
        ("08:00", "baking at the Corner Cafe"),
    ]
    assert found.schedule[-1] == ("sleeping", 120)
    assert found.plan[0] == "having breakfast at 06:00"


def test_the_prompt_has_a_usual_day_if_the_hours_are_known():
    question = Day(busy(ADA), [])
    assert "for a start:\n06:00 - 06:30 getting ready for the day at home\n" in question.prompt()
    unknown = Day(busy(ADA), [])
    unknown.who.lifestyle = "Ada Finch does as she likes."
    assert "A usual day" not in unknown.prompt()


def test_a_day_whose_last_entry_is_sleep_needs_no_sleep_field(monkeypatch):
    without = {"wake_up": "06:00", "schedule": [*USUAL, {"start": "21:00", "activity": "going to sleep"}]}
    assert answer(Day(busy(ADA), []), monkeypatch, without).schedule[-1] == ("sleeping", 180)


def test_entries_after_going_to_bed_are_left_out(monkeypatch):
    late = rows(("22:00", "going to bed"), ("12:00", "lunch"), ("23:00", "reading"))
    found = answer(Day(busy(ADA), []), monkeypatch, day(schedule=USUAL + late))
    assert found.schedule[-2:] == (("reading", 180), ("sleeping", 120))


HOURLY = rows(*[(f"{6 + k:02d}:00", f"doing {'abcdef'[k]} things") for k in range(6)])
ECHO = rows(("20:00", "Plan the whole day of Ada Finch for Monday, May 6, 2024."))
IN_BED = rows(("17:00", "goes to sleep"), ("19:00", "reading"))
WALK, DINNER = rows(("20:00", "walking by the harbor around 5pm")), rows(("06:30", "eats dinner at home"))
IMPLAUSIBLE = {
    "up at noon": (day(wake_up="13:00"), "wake_up: it is usually around 06:00, was 13:00"),
    "asleep at noon": (day(sleep="12:00"), "sleep: it is usually around 22:00"),
    "too few entries": (day(schedule=USUAL[:3] + USUAL[4:]), "at least 6"),
    "one activity": (day(schedule=rows(*[(f"{7 + k:02d}:00", "working") for k in range(12)])), "6 different"),
    "out of order": (day(schedule=USUAL[:5] + USUAL[3:]), "must start later than"),
    "an echo": (day(schedule=USUAL + ECHO), "repeats"),
    "eleven hours": (day(schedule=HOURLY), "for 11 hours ('doing f things')"),
    "two times": (
        day(schedule=USUAL + WALK),
        "'walking by the harbor' has the start 20:00, but itself says 17:00",
    ),
    "in bed by day": (
        day(schedule=USUAL[:5] + IN_BED),
        "'goes to sleep' has the start 17:00, but the day ends at 22:00",
    ),
    "dinner in the morning": (
        day(schedule=DINNER + USUAL[1:]),
        "'eats dinner at home' has the start 06:30, but that is not the time for it",
    ),
}


@pytest.mark.parametrize(("answered", "reason"), IMPLAUSIBLE.values(), ids=IMPLAUSIBLE)
def test_an_implausible_day_is_requested_again(answered, reason):
    assert reason in why_not(answered)


def test_a_corrected_day_is_accepted(monkeypatch):
    found = answer(Day(busy(ADA), []), monkeypatch, day(schedule=HOURLY), DAY)
    assert ("baking at the Corner Cafe", 240) in found.schedule


def test_an_activity_may_say_when_it_ends_or_about_when_it_begins():
    told = rows(("20:00", "reading until 9:30pm"), ("21:30", "having tea around 9pm"))
    assert why_not(day(schedule=[*USUAL, *told])) == ""


def test_a_late_first_entry_is_preceded_by_getting_ready(monkeypatch):
    found = answer(Day(busy(ADA), []), monkeypatch, day(schedule=USUAL[1:] + rows(("20:00", "reading"))))
    assert found.schedule[:3] == (
        ("sleeping", 360),
        ("getting ready for the day at home", 120),
        ("baking at the Corner Cafe", 240),
    )


def test_a_night_worker_may_get_up_late():
    question = Day(busy(ADA), [])
    question.who.lifestyle = "Ada Finch goes to bed around 9am, wakes up around 4pm."
    evening = [{"start": f"{16 + k}:00", "activity": f"doing {'abcdefgh'[k]} things"} for k in range(8)]
    assert question.read(json.dumps({"wake_up": "16:30", "sleep": "08:30", "schedule": evening}), {}) == []


def test_an_implausible_day_falls_back_to_the_usual_one(monkeypatch):
    found = answer(Day(busy(ADA), []), monkeypatch, {"wake_up": "05:30", "schedule": rows(("05:30", "breakfast"))})
    assert found.schedule[0] == ("sleeping", 330)
    assert found.schedule[-1] == ("sleeping", 120)
    assert not list(why_no_day(found.schedule))


REQUIREMENT = (
    "Ada Finch opens the Corner Cafe at 8am, eats lunch at the cafe around noon with her guests and works at the "
    "counter until 5pm. She takes a walk in the park around 5pm and buys flour and eggs at the shop from 6pm until 7pm."
)


def test_the_usual_day_keeps_known_habits():
    ada = busy(ADA)
    ada.daily_plan_req = REQUIREMENT
    usual = {clock(entry.start): entry.activity for entry in entries(usual_day(ada, 360))}
    assert usual["06:00"] == "getting ready for the day at home"
    assert usual["08:00"] == "opening the Corner Cafe"
    assert usual["12:00"] == "eating lunch at the cafe with her guests"
    assert usual["13:00"] == "working at the counter"
    assert usual["17:00"] == "taking a walk in the park"
    assert usual["18:00"] == "buying flour and eggs at the shop"
    assert usual["22:00"] == "sleeping"


@pytest.mark.parametrize(("told", "end"), [("reads from 9am", 720), ("reads at 9am", 600), ("works at 9am", 720)])
def test_a_habit_without_an_end_lasts_until_the_next_habit(told, end):
    ada = busy(ADA)
    ada.daily_plan_req = f"Ada Finch {told} and eats lunch at noon."
    (habit,) = [entry for entry in entries(usual_day(ada, 360)) if entry.start == 540]
    assert habit.end == end


@given(
    lifestyle=st.text(max_size=80)
    | st.from_regex(r"x goes to bed around \d{1,2}[ap]m, wakes up around \d{1,2}[ap]m", fullmatch=True),
    requirement=st.text(max_size=80)
    | st.from_regex(r"([a-z]{2,9} (at|from|until) \d{1,2}[ap]m[,. ]){0,6}", fullmatch=True),
)
def test_every_lifestyle_makes_a_whole_and_plausible_day(lifestyle, requirement):
    who = busy(ADA)
    who.lifestyle, who.daily_plan_req = lifestyle, requirement
    usual = usual_day(who, wake_up_time(who))
    assert sum(minutes for _, minutes in usual) == 1440
    assert all(minutes > 0 and activity for activity, minutes in usual)
    awake = sum(minutes for what, minutes in usual if what != "sleeping")
    assert awake < SHORT_DAY or not list(why_no_day(usual))


def test_the_hour_of_a_habit_is_found_in_the_lifestyle():
    hours = {r"(?:wakes?) up": 360, r"dinner": 1080, r"to bed": 1320, r"swims": None}
    assert {habit: usual_minute(ADA.lifestyle, habit) for habit in hours} == hours


def test_a_day_in_another_language_has_its_times_of_waking_and_sleeping(monkeypatch):
    told = [("06:00", "起床"), ("07:00", "吃早饭"), ("09:00", "在河边咖啡馆工作"), ("12:00", "吃午饭")]
    told += [("13:00", "在公园散步"), ("17:00", "看书"), ("22:00", "في السرير")]
    found = answer(Day(busy(ADA), []), monkeypatch, {"wake_up": "06:00", "sleep": "22:00", "schedule": rows(*told)})
    assert found.schedule[:2] == (("sleeping", 360), ("起床", 60))
    assert found.schedule[-2:] == (("看书", 300), ("sleeping", 120))

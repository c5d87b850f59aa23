"""What the mock model answers to each of our prompts, and how its days, talks, thoughts and vectors hold together."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mock_llm
import utils
from mock_llm.vectors import DIMENSIONS, vector
from mock_llm_prompts import (
    DAYS,
    INPUTS,
    NAME,
    NOTHING,
    OTHER,
    REQUIREMENT,
    TODAY,
    TOMORROW,
    ask,
    ask_with,
    conversation,
    places_offered,
    render,
    sheet,
    spot,
)
from persona.memory_structures.scratch import Scratch
from persona.prompt_template.questions import QUESTIONS
from persona.prompt_template.questions.question import TEMPLATES


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


# Every prompt


@pytest.mark.parametrize("template", sorted(path.stem for path in TEMPLATES.glob("*.txt")))
def test_every_template_gets_the_fields_it_asks_for(template: str) -> None:
    prompt = render(template, *INPUTS[template])

    assert list(json.loads(mock_llm.answer([("user", prompt)]))) == list(QUESTIONS[template].Answer.model_fields)


@pytest.mark.parametrize("template", sorted(INPUTS))
def test_a_question_asked_again_gets_the_answer_of_the_question(template: str) -> None:
    prompt = ("user", render(template, *INPUTS[template]))
    first = mock_llm.answer([prompt])
    again = [prompt, ("assistant", first), ("user", "That could not be used. Answer the task again, with JSON only.")]

    assert mock_llm.answer(again) == first


@given(st.text(max_size=300))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    assert mock_llm.answer([("user", text)])


@pytest.mark.parametrize("template", sorted(INPUTS))
def test_a_prompt_with_odd_names_and_empty_parts_gets_an_answer(template: str) -> None:
    odd = [value.replace(NAME, "李 (明) [x]*").replace(OTHER, "Zoë +?") for value in INPUTS[template]]

    assert ask(template, *odd)


def test_a_strange_prompt_gets_an_answer_in_the_form_of_its_example() -> None:
    prompt = 'Rate it.\nOutput the response in json.\nExample output json:\n{"output": "5"}'

    assert json.loads(mock_llm.answer([("user", prompt)])) == {"output": "5"}


def test_a_strange_prompt_that_wants_an_output_field_gets_one() -> None:
    assert set(json.loads(mock_llm.answer([("user", 'Answer as {"output": <text>}.')]))) == {"output"}


# The day


def test_a_day_goes_from_getting_up_to_bed_in_rising_hours() -> None:
    day = ask_with("day_plan")
    starts = [minutes(row["start"]) for row in day["schedule"]]

    assert day["wake_up"] == day["schedule"][0]["start"] == "06:30"
    assert starts == sorted(set(starts))
    assert day["schedule"][-1] == {"start": "23:00", "activity": "sleeping"}


def test_only_the_night_counts_as_sleep() -> None:
    assert [row["activity"] for row in ask_with("day_plan")["schedule"] if "sleep" in row["activity"]] == ["sleeping"]


def test_the_usual_work_and_meals_have_their_hours_and_places() -> None:
    day = {row["start"]: row["activity"] for row in ask_with("day_plan")["schedule"]}

    assert day["08:00"] == "working at the Blue Bakery"
    assert day["12:00"] == "eating lunch at the Blue Bakery"
    assert day["18:00"] == "cooking and eating dinner at home"


def test_nobody_works_longer_than_two_and_a_half_hours_on_end() -> None:
    rows = ask_with("day_plan")["schedule"]
    lasting = [minutes(after["start"]) - minutes(row["start"]) for row, after in zip(rows, rows[1:], strict=False)]

    assert max(lasting) <= 150


def test_different_people_and_days_have_different_free_hours() -> None:
    plans = {
        json.dumps(
            ask_with("day_plan", i0=sheet(name, usual=REQUIREMENT.replace(NAME, name), today=today), i1=name, i2=today)[
                "schedule"
            ]
        )
        for name in (NAME, OTHER)
        for today in (TODAY, TOMORROW)
    }

    assert len(plans) == 4


@pytest.mark.parametrize(
    ("usual", "start", "activity"),
    [
        ("Ada Bell opens the Blue Bakery at 7am.", "07:00", "opening the Blue Bakery"),
        ("She reads at the bakery from 9am and goes back to the bakery at 2pm.", "14:00", "reading at the Blue Bakery"),
        ("Ada works at the bakery from 9am to 11am and works again from 1pm.", "13:00", "working at the Blue Bakery"),
        ("In the evening she sits in the Old Oak Pub until 9pm.", "19:30", "sitting at the Old Oak Pub"),
        ("Ada Bell takes a walk in Larch Park around 5:30pm.", "17:30", "taking a walk at Larch Park"),
        ("Ada Bell paints at home between 1pm and 3pm.", "13:00", "painting at home"),
    ],
)
def test_habits_are_read_from_prose(usual: str, start: str, activity: str) -> None:
    schedule = ask_with("day_plan", i0=sheet(usual=usual))["schedule"]

    assert {"start": start, "activity": activity} in schedule


def test_an_appointment_is_kept_on_its_day_and_on_no_other() -> None:
    appointment = f"{NAME} will meet {OTHER} at Larch Park on {TOMORROW}, at 5pm."
    kept = {"start": "17:00", "activity": f"meeting {OTHER} at Larch Park"}

    assert kept in ask_with("day_plan", i0=sheet(currently=appointment, today=TOMORROW))["schedule"]
    assert kept not in ask_with("day_plan", i0=sheet(currently=appointment, today=TODAY))["schedule"]


def test_an_occasion_of_ones_own_is_hosted_on_its_day() -> None:
    schedule = ask_with("day_plan", i0=sheet(today="Wednesday, May 8, 2024"))["schedule"]

    assert {"start": "14:00", "activity": "hosting the kite festival at Larch Park"} in schedule


@pytest.mark.parametrize("lifestyle", ["goes to bed around 1am, wakes up around 9am.", "lives quietly.", ""])
def test_late_and_unknown_hours_still_make_a_day(lifestyle: str) -> None:
    starts = [minutes(row["start"]) for row in ask_with("day_plan", i0=sheet(lifestyle=lifestyle))["schedule"]]

    assert starts == sorted(set(starts))
    assert len(starts) > 5


def test_after_an_interruption_the_plan_goes_on_where_it_stood() -> None:
    assert ask_with("schedule_after_reaction")["schedule"] == [
        {"start": "09:20", "activity": "selling bread"},
        {"start": "10:00", "activity": "resting"},
    ]


def test_a_talk_that_came_between_matters_more_than_waiting() -> None:
    talk, waiting = (
        ask_with("schedule_after_reaction", i3=between)["poignancy"]
        for between in (f"conversing about rafts with {OTHER}", f"waiting to start baking when {OTHER} has finished")
    )

    assert waiting <= 2 < 4 <= talk <= 6


def test_time_that_no_plan_covers_is_filled_after_an_interruption() -> None:
    assert ask_with("schedule_after_reaction", i2=NOTHING)["schedule"][0]["start"] == "09:20"


# Tasks


@pytest.mark.parametrize("minutes_", [5, 15, 30, 37, 45, 60, 90, 150, 400])
@pytest.mark.parametrize("activity", ["having breakfast at home", "working at the Blue Bakery", "solving a riddle"])
def test_tasks_fill_the_entry_exactly(activity: str, minutes_: int) -> None:
    tasks = ask_with("task_decomposition", i3=activity, i4="08:00", i6=str(minutes_))["tasks"]
    starts = [minutes(task["start"]) - minutes("08:00") for task in tasks]

    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(start % 5 == 0 and start < minutes_ for start in starts)
    assert len({task["task"] for task in tasks}) == len(tasks) <= 8


def test_an_hour_has_at_least_three_tasks() -> None:
    assert len(ask_with("task_decomposition")["tasks"]) >= 3


def test_a_meal_is_eaten() -> None:
    for start in ("07:00", "07:30", "08:00"):
        tasks = ask_with("task_decomposition", i3="having breakfast at home", i4=start, i6="30")["tasks"]
        assert "eating breakfast at the table" in [task["task"] for task in tasks]


# Places


@pytest.mark.parametrize(
    ("action", "place", "room", "thing"),
    [
        ("sleeping", "Ada Bell's house", "bedroom", "bed"),
        ("having breakfast at home (frying eggs on the stove)", "Ada Bell's house", "kitchen", "stove"),
        ("getting ready for the day at home (taking a warm shower)", "Ada Bell's house", "bathroom", "shower"),
        ("eating lunch at the Blue Bakery (eating a bowl of soup at a table)", "Blue Bakery", "shop", "seating"),
        ("eating lunch at the Blue Bakery (paying at the counter)", "Blue Bakery", "shop", "bakery counter"),
        ("working at the Blue Bakery (kneading dough)", "Blue Bakery", "bakehouse", "bread oven"),
        ("working at the Blue Bakery (counting the change behind the counter)", "Blue Bakery", "shop",
         "behind the bakery counter"),
        ("taking a walk at Larch Park (sitting on a bench in the sun)", "Larch Park", "lawn", "park bench"),
        ("spending the evening at the Old Oak Pub (sipping a cider at a table)", "Old Oak Pub", "pub", "pub seating"),
        ("sipping a cider", "Blue Bakery", "shop", "seating"),
    ],
)  # fmt: skip
def test_an_action_goes_where_it_belongs(action: str, place: str, room: str, thing: str) -> None:
    chosen = ask_with("action", i3=action)

    assert spot(chosen) == (place, room, thing)


def test_one_sleeps_in_ones_own_room_of_a_shared_house() -> None:
    spots = "- Lodge: Ivo Lund's room (bed); Ada Bell's room (bed); attic (bed)"

    assert spot(ask_with("action", i3="sleeping", i4=spots))[1] == "Ada Bell's room"


def test_a_room_without_things_has_none() -> None:
    assert ask_with("action", i3="resting", i4="- Larch Park: shed")["place"] == "Larch Park: shed"


def test_an_action_is_told_as_a_statement() -> None:
    chosen = ask_with("action")

    assert (chosen["predicate"], chosen["object"]) == ("is frying", "eggs")


def test_the_thing_in_use_is_described_in_two_to_four_words() -> None:
    for action in ("sleeping", "having lunch at the Blue Bakery", "working at the Blue Bakery (kneading dough)"):
        assert 2 <= len(ask_with("action", i3=action)["thing_state"].split()) <= 4


# What matters


def test_each_statement_is_rated_and_talk_matters_more_than_chores() -> None:
    statements = [
        f"{NAME} is washing cups",
        "stove is heating a pan",
        f"{NAME} is conversing about a raft",
        f"{OTHER} is planning a wedding",
    ]
    numbered = "\n".join(f"{k}. {text}" for k, text in enumerate(statements, 1))
    chores, thing, talk, wedding = ask_with("poignancy", i2="4", i3=numbered)["ratings"]

    assert thing == 1 <= chores <= 2 < 4 <= talk <= 6 < wedding <= 10


def test_insights_are_distinct_and_their_evidence_is_among_the_memories() -> None:
    insights = ask_with("insights")["insights"]

    assert len({insight["insight"] for insight in insights}) == len(insights) >= 1
    assert insights[0]["evidence"] == [1, 3]
    assert all(1 <= k <= 3 for insight in insights for k in insight["evidence"])
    assert all(insight[key] for insight in insights for key in ("insight", "subject", "predicate", "object"))


def test_an_insight_that_is_remembered_already_is_not_thought_again() -> None:
    first = ask_with("insights")["insights"][0]["insight"]
    memories = f"{INPUTS['insights'][2]}\n4. {first}"

    assert first not in [insight["insight"] for insight in ask_with("insights", i3=memories)["insights"]]


def test_without_memories_there_is_still_an_insight_without_evidence() -> None:
    assert ask_with("insights", i3=NOTHING)["insights"][0]["evidence"] == []


def test_focal_points_ask_about_the_people_of_the_memories() -> None:
    questions = ask_with("focal_points")["questions"]

    assert len(questions) == 3
    assert OTHER in questions[0]


@pytest.mark.parametrize("memories", [NOTHING, "- bed is idle"])
def test_there_are_always_as_many_focal_points_as_asked(memories: str) -> None:
    assert len(set(ask_with("focal_points", i2=memories)["questions"])) == 3


def test_a_whisper_becomes_a_thought_about_the_persona() -> None:
    row, mill = (thought["thought"] for thought in ask_with("whisper")["thoughts"])

    assert row == "Ada Bell is learning to row."
    assert mill == "Ada Bell knows that the mill is for sale."


def test_an_interview_is_answered_in_the_first_person_from_what_is_known() -> None:
    assert ask_with("interview")["answer"].startswith("I'm preparing a kite festival at Larch Park")


def test_what_is_not_known_is_not_answered() -> None:
    answer = ask_with("interview", i3="Interviewer: Which planet weighs most?")["answer"]

    assert re.search("don't know|can't tell", answer)


# Meeting


@pytest.mark.parametrize(
    ("doing", "talk"),
    [("eating a pear", True), ("getting up and ready for the day at home", False), ("taking a warm shower", False)],
)
def test_people_talk_unless_one_is_busy(doing: str, talk: bool) -> None:
    assert ask_with("decide_to_talk", i8=doing)["talk"] is talk


def test_what_is_new_is_rated_with_the_decision_to_talk() -> None:
    news = f"1. {OTHER} is eating a pear\n2. the stove is idle"
    assert len(ask_with("decide_to_talk", i2="2", i3=news)["ratings"]) == 2


def test_what_only_one_can_use_is_waited_for() -> None:
    assert ask_with("decide_to_wait") == {"wait": True}


def test_at_what_many_can_use_one_mostly_goes_on_at_once() -> None:
    waits = [
        ask_with("decide_to_wait", i3=f"eating dish {k}", i5="Small World:hut:hall:table")["wait"] for k in range(40)
    ]

    assert 0 < sum(waits) < 20


# Talking


def test_conversations_have_four_to_eight_lines_and_each_line_is_new() -> None:
    talks = [conversation(day) for day in DAYS]

    assert {len(talk) for talk in talks} <= set(range(4, 9))
    assert all(len({line for _, line in talk}) == len(talk) for talk in talks)


def test_both_tell_their_news_in_the_first_person() -> None:
    spoken = " ".join(line for _, line in conversation(TODAY))

    assert "I'm preparing a kite festival at Larch Park" in spoken
    assert "I'm building a raft out of old doors." in spoken


def test_news_of_a_third_person_is_passed_on() -> None:
    heard = f"- {NAME} heard from Mia Roth that Mia Roth is selling the old mill."
    talks = [" ".join(line for _, line in conversation(day, heard)) for day in DAYS]

    assert any("I hear that Mia Roth is selling the old mill." in talk for talk in talks)


def test_a_meeting_proposed_in_a_talk_is_planned_by_both() -> None:
    talk = next(talk for talk in map(conversation, DAYS) if any("Shall we meet" in line for _, line in talk))
    lines = "\n".join(f"{who}: {line}" for who, line in talk)
    mine = ask_with("after_chat", i3=lines)["planning"]
    theirs = ask_with("after_chat", i0=sheet(OTHER), i1=OTHER, i2=NAME, i3=lines)["planning"]

    assert mine.startswith(f"{NAME} will meet {OTHER} at ")
    assert theirs.startswith(f"{OTHER} will meet {NAME} at ")


def test_a_talk_without_an_appointment_changes_no_plan() -> None:
    assert ask_with("after_chat")["planning"] == ""


def test_the_others_news_is_kept_in_the_third_person() -> None:
    assert ask_with("after_chat")["memo"] == (
        "Ada Bell heard from Ivo Lund that Ivo Lund is building a raft out of old doors near the mill."
    )


def test_an_invitation_is_planned_for_by_the_invited() -> None:
    line = f"{NAME}: I'm preparing a kite festival at Larch Park on May 8, 2024 from 2pm to 5pm."
    planned = ask_with("after_chat", i0=sheet(OTHER), i1=OTHER, i2=NAME, i3=line)["planning"]
    revised = ask_with("identity", i0=sheet(OTHER, "Ivo Lund is fine."), i1=OTHER, i3=f"- {planned}")["currently"]
    day = ask_with("day_plan", i0=sheet(OTHER, revised, today="Wednesday, May 8, 2024"), i1=OTHER)

    assert {"start": "14:00", "activity": "joining the kite festival at Larch Park"} in day["schedule"]


def test_what_a_talk_was_about_is_a_short_phrase() -> None:
    about = ask_with("conversation_summary")["about"]

    assert about == "building a raft"


def test_small_talk_was_about_the_day() -> None:
    assert ask_with("conversation_summary", i3=f"{NAME}: Hello!")["about"] == "how the day is going"


# Who one is


def test_identity_keeps_what_holds_and_adds_what_was_promised() -> None:
    promise = f"{NAME} will meet {OTHER} at Larch Park on {TOMORROW}, at 5pm."
    revised = ask_with("identity", i0=sheet(today=TOMORROW), i3=f"- {promise}\n- bed is idle")

    assert "kite festival" in revised["currently"]
    assert revised["daily_requirement"] == f"{REQUIREMENT} {promise}"


def test_what_took_place_is_looked_back_on_for_some_days_only() -> None:
    after = ask_with("identity", i0=sheet(today="Thursday, May 9, 2024"))["currently"]
    later = ask_with("identity", i0=sheet(currently=after, today="Monday, May 13, 2024"))["currently"]

    assert after.startswith("Ada Bell is glad that the kite festival of May 8, 2024 went well.")
    assert "kite festival" not in later


# Vectors


def nearness(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(vector(one), vector(other), strict=True))


@given(st.text(max_size=200))
def test_a_vector_has_unit_length_whatever_the_text(text: str) -> None:
    values = vector(text)

    assert len(values) == DIMENSIONS
    assert math.isclose(math.hypot(*values), 1, abs_tol=1e-4)


def test_texts_with_words_in_common_are_nearer() -> None:
    text = "Ada Bell is baking rye bread"

    assert nearness(text, "Ada bakes bread") > nearness(text, "Ada is asleep") > nearness(text, "a raft on the lake")


def test_texts_without_blanks_between_words_can_be_near() -> None:
    assert nearness("今天去公园散步", "去公园散步吧") > nearness("今天去公园散步", "晚上喝咖啡")


# The cast of the town


def cast() -> list[Path]:
    return sorted(Path(utils.fs_storage, "base_willow_bend_n3", "personas").iterdir())


@pytest.mark.parametrize("folder", cast(), ids=lambda folder: folder.name)
def test_everybody_in_town_has_a_full_day_at_many_places(folder: Path) -> None:
    memory = folder / "bootstrap_memory"
    who = Scratch.from_json(json.loads((memory / "scratch.json").read_text(encoding="utf-8")))
    who.curr_time = datetime(2024, 3, 4)
    ((_, tree),) = json.loads((memory / "spatial_memory.json").read_text(encoding="utf-8")).items()
    rows = ask("day_plan", who.identity_sheet(), who.name, who.date_text(), "\n".join(f"- {s}" for s in tree))[
        "schedule"
    ]
    visited, tasks_done, here = set(), 0, "the street"
    for row, after in zip(rows, rows[1:], strict=False):
        length = minutes(after["start"]) - minutes(row["start"])
        tasks = ask(
            "task_decomposition", who.identity_sheet(), who.name, "", row["activity"], row["start"], after["start"],
            str(length), here, places_offered(tree),
        )["tasks"]  # fmt: skip
        here = " > ".join(spot(tasks[-1])[:2])
        visited |= set(map(spot, tasks))
        tasks_done += len(tasks)

    assert 45 <= tasks_done <= 80
    assert len({place for place, _, _ in visited}) >= 4
    assert len({(place, room) for place, room, _ in visited}) >= 6

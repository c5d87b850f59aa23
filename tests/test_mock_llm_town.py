"""An offline town is worth watching: usual days, talks that pass on news, and kept appointments."""

from __future__ import annotations

import re

import pytest

from mock_llm_prompts import (
    FESTIVAL,
    PLACES,
    TREE,
    WORK,
    ada,
    answered,
    ivo,
    kept_of,
    memory,
    mia,
    somebody,
    talk,
)
from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import Entry
from persona.prompt_template.questions import (
    Action,
    Day,
    FocalPoints,
    HoursAfter,
    Insights,
    Interview,
    Revision,
    Tasks,
    Whisper,
    WouldTalk,
    WouldWait,
)

CHINESE = somebody(
    "李明",
    "李明正在准备风筝节，时间是2024年5月8日14点到17点，地点在Larch Park。他希望大家都来。",
    "李明上午9点在Blue Bakery工作，中午12点吃午饭，下午3点去Larch Park散步。",
    lifestyle="晚上11点睡觉，早上7点起床。",
)
ARABIC = somebody("سارة حداد", "سارة حداد تكتب كتابا عن النهر.", "تعمل سارة حداد في المكتبة 9:00.", lifestyle="")


def day_of(who) -> dict[str, str]:
    """Start -> activity."""
    return {row["start"]: row["activity"] for row in answered(Day(who, list(TREE)))["schedule"]}


# Days


def test_a_day_follows_the_habits():
    plan = answered(Day(ada(), list(TREE)))
    day = day_of(ada())
    assert (plan["wake_up"], plan["sleep"]) == ("06:30", "23:00")
    assert day["08:00"] == "working at the Blue Bakery"
    assert day["12:00"] == "eating lunch at the Blue Bakery"
    assert list(day) == sorted(day)


def test_an_activity_without_a_place_gets_one_of_a_fitting_kind():
    walker = somebody("Ada Bell", "", "Ada Bell goes for a walk at 9am, has lunch at noon and paints from 2pm to 4pm.")
    day = day_of(walker)
    assert day["09:00"].endswith(" at Larch Park")
    assert re.search("Blue Bakery|Old Oak Pub", day["12:00"])


@pytest.mark.parametrize("who", [CHINESE, ARABIC, somebody("Ada Bell", "", "", lifestyle="")], ids=lambda who: who.name)
def test_a_day_is_planned_without_english_habits_too(who):
    assert len(day_of(who)) >= 6


def test_habits_are_read_in_any_language_with_hours_in_digits():
    day = day_of(CHINESE)
    assert answered(Day(CHINESE, list(TREE)))["wake_up"] == "07:00"
    assert "Blue Bakery工作" in day["09:00"]
    assert "Larch Park散步" in day["15:00"]


@pytest.mark.parametrize(("day", "is_held"), [(7, False), (8, True), (9, False)])
def test_an_occasion_is_held_on_its_day_and_on_no_other(day: int, is_held: bool):
    assert (day_of(ada(day=day)).get("14:00") == "hosting the kite festival at Larch Park") is is_held


def test_after_an_interruption_the_plan_continues():
    planned = [Entry("baking", 480, 540), Entry("selling bread", 540, 600), Entry("resting", 600, 660)]
    after = answered(HoursAfter(ada(), planned, "a talk", 560, 630))
    assert after["schedule"] == [
        {"start": "09:20", "activity": "selling bread"},
        {"start": "10:00", "activity": "resting"},
    ]


# Tasks and places


@pytest.mark.parametrize("activity", ["having breakfast at home", "working at the Blue Bakery", "在Larch Park散步"])
def test_tasks_fill_the_entry_in_its_place(activity: str):
    place = next((place for place in TREE if place in activity), "Ada Bell's house")
    for minutes in (5, 10, 15, 30, 37, 45, 60, 90, 150, 300):
        tasks = answered(Tasks(ada(), Entry(activity, 480, 480 + minutes), PLACES, "the street"))["tasks"]
        assert len(tasks) >= min(3, max(1, minutes // 5))
        assert {task["place"].partition(":")[0] for task in tasks} == {place}


@pytest.mark.parametrize(
    ("activity", "spot"),
    [
        ("getting ready for the day at home (taking a shower)", "Ada Bell's house: bathroom: shower"),
        ("getting ready for the day at home (making the bed)", "Ada Bell's house: bedroom: bed"),
        ("taking a walk at Larch Park (watching the birds)", "Larch Park: lawn: park bench"),
        ("spending the evening at the Old Oak Pub (ordering a drink)", "Old Oak Pub: pub: bar counter"),
    ],
)
def test_an_action_gets_a_suitable_place(activity: str, spot: str):
    assert answered(Action(ada(), activity, PLACES, "the street"))["place"] == spot


def test_nobody_works_in_the_bathroom_or_in_bed():
    for start in range(360, 1200, 30):
        tasks = answered(Tasks(ada(), Entry("solving a riddle", start, start + 90), PLACES, "the street"))["tasks"]
        assert not [task for task in tasks if re.search("toilet|shower|: bed$", task["place"])]


def test_people_wait_for_objects_that_only_one_can_use():
    one, other = ada(), ivo()
    for who in (one, other):
        who.start_action("taking a shower", 9, PlannedAction("a:b:c:shower", "🚿", "b", "c"))
    assert answered(WouldWait(one, other, "house > bathroom > shower"))["wait"] is True


# Talks


@pytest.fixture(scope="module")
def kept() -> dict[str, list[str]]:
    """Ada's and Ivo's memories of their talk."""
    lines = talk(ada(), ivo(), {})
    return {who.name: kept_of(who, other.name, lines) for who, other in ((ada(), ivo()), (ivo(), ada()))}


def test_both_tell_their_news_in_the_words_of_the_prompt_and_say_goodbye():
    lines = talk(ada(), ivo(), {})
    said = " ".join(words for _, words in lines)
    assert f"“{FESTIVAL}”" in said
    assert "“Ivo Lund is building a raft out of old doors.”" in said
    assert 4 <= len(lines) <= 10
    assert len({words for _, words in lines}) == len(lines)


@pytest.mark.parametrize("starter", [ada(), CHINESE, ARABIC], ids=lambda who: who.name)
def test_news_reaches_people_through_others(starter):
    first = talk(starter, ivo(), {})
    heard = kept_of(ivo(), starter.name, first)
    second = talk(ivo(), mia(), {"Ivo Lund": heard})
    reached = " ".join(kept_of(mia(), "Ivo Lund", second))
    (news, *_) = re.findall("“([^”]+)”", first[0][1])
    assert f"{starter.name} told me: “{news}”" in " ".join(words for _, words in second) or news in reached
    assert news in reached


def test_news_is_not_told_twice(kept):
    again = " ".join(words for _, words in talk(ada(), ivo(), kept))
    assert FESTIVAL not in again
    assert "raft" not in again


def test_people_talk_if_they_have_news_but_not_in_the_shower():
    in_the_shower = ivo()
    in_the_shower.act_description = "getting ready for the day at home (taking a shower)"
    for other, talks in ((ivo(), True), (in_the_shower, False)):
        asked = WouldTalk(ada(), ["Ivo Lund is here"], other, [], "They have not talked.", "Not today.")
        assert answered(asked)["talk"] is talks


# Appointments


def revised_day_of(who, remembered) -> dict[str, str]:
    """The day of a persona whose identity is updated before planning it."""
    who.daily_plan_req = answered(Revision(who, [memory(text) for text in remembered]))["daily_requirement"]
    return day_of(who)


def test_both_remember_and_keep_an_appointment(kept):
    adas, ivos = (revised_day_of(who, kept[who.name]).items() for who in (ada(day=7), ivo(day=7)))
    (hour,) = (start for start, activity in adas if activity == "meeting Ivo Lund at Larch Park")
    assert [start for start, activity in ivos if activity == "meeting Ada Bell at Larch Park"] == [hour]


def test_nobody_agrees_to_two_appointments_at_the_same_time():
    first = talk(ada(), ivo(), {})
    (hour, *_) = re.findall(r"tomorrow at (\S+)\?", " ".join(words for _, words in first))
    promised = f"Ivo Lund will meet Mia Roth at the Old Oak Pub on Tuesday, May 7, 2024, at {hour}."
    lines = talk(ada(), ivo(), {"Ivo Lund": [promised]})
    assert not [text for text in kept_of(ivo(), "Ada Bell", lines) if f"at {hour}." in text]


def test_people_who_have_heard_of_an_occasion_go_there(kept):
    assert revised_day_of(ivo(day=8), kept["Ivo Lund"])["14:00"] == "attending the kite festival at Larch Park"


def test_past_appointments_are_removed_from_the_identity_and_habits_are_kept():
    promise = "Ada Bell will meet Ivo Lund at Larch Park on Tuesday, May 7, 2024, at 5pm."
    who = ada(day=9)
    who.daily_plan_req = f"{WORK} {promise}"
    revised = answered(Revision(who, []))
    assert revised == {"currently": "Ada Bell hopes that everybody comes.", "daily_requirement": WORK}


# Thoughts


MEMORIES = [
    memory("Ivo Lund is building a raft (sawing)"),
    memory("Ada Bell is working at the Blue Bakery (baking)"),
    memory("Ivo Lund is building a raft (nailing)"),
    memory("Ada Bell told Ivo Lund about tea and heard from Ivo Lund: “Ivo Lund is building a raft.”"),
]


def test_insights_state_recurring_things_and_name_their_evidence():
    questions = ["What is Ivo Lund busy with?", "What does Ada Bell like?"]
    found = answered(Insights(ada(), questions, MEMORIES, 5))["insights"]
    (raft,) = (row for row in found if (row["subject"], row["object"]) == ("Ivo Lund", "building a raft"))
    assert raft["evidence"] == [1, 3]
    assert {insight["question"] for insight in found} == {1, 2}
    assert len({insight["insight"] for insight in found}) == len(found)


def test_a_remembered_insight_is_not_repeated():
    question = ["What is Ivo Lund busy with?"]
    first = answered(Insights(ada(), question, MEMORIES, 5))["insights"]
    again = answered(Insights(ada(), question, [*MEMORIES, *(memory(row["insight"]) for row in first)], 5))["insights"]
    assert not {row["insight"] for row in first} & {row["insight"] for row in again}


def test_the_requested_number_of_focal_points_is_returned():
    for memories in ([], MEMORIES):
        assert len(set(answered(FocalPoints(ada(), memories, 3))["questions"])) == 3


@pytest.mark.parametrize(
    ("whisper", "kept"),
    [
        ("The mill is for sale.", "The mill is for sale."),
        ("You saw a fox in Larch Park", "Ada Bell saw a fox in Larch Park"),
        ("You are giving a supper.", "Ada Bell is giving a supper."),
        ("你喜欢风筝", "你喜欢风筝"),
    ],
)
def test_a_whisper_becomes_a_first_person_thought_that_is_passed_on(whisper: str, kept: str):
    (thought,) = answered(Whisper(ada(), [whisper]))["thoughts"]
    assert thought["thought"] == f"Ada Bell has this in mind: “{kept}”"
    assert f"“{kept}”" in " ".join(words for _, words in talk(ada(), ivo(), {"Ada Bell": [thought["thought"]]}))


@pytest.mark.parametrize(
    ("question", "answer"),
    [("Tell me about the kite festival!", FESTIVAL), ("Which planet weighs most?", "I don't know that.")],
)
def test_an_interview_is_answered_from_memories(question: str, answer: str):
    assert answer in answered(Interview(ada(), [], "Larch Park", [("Interviewer", question)]))["answer"]

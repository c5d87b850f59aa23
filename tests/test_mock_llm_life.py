"""How the mock model's towns live: names kept whole, English that is English, occasions that end, talks that go on."""

from __future__ import annotations

import re

import pytest

from mock_llm import talk_words
from mock_llm.persons import first_person
from mock_llm_prompts import (
    INPUTS,
    NAME,
    NOTHING,
    OTHER,
    REQUIREMENT,
    TODAY,
    TOMORROW,
    ask_with,
    remembered,
    sheet,
    spot,
)

# Names, persons, dates


@pytest.mark.parametrize(
    ("usual", "start", "activity"),
    [
        ("Ada Bell eats lunch at the Gull and Anchor around noon.", "12:00", "eating lunch at the Gull and Anchor"),
        ("Ada Bell opens the Gull and Anchor at 8am.", "08:00", "opening the Gull and Anchor"),
        ("Ada Bell works at the Boatyard from 8am to 10am.", "08:00", "working at Lund's Boatyard"),
        ("Ada Bell takes a stroll over Harbour Green at 8am.", "08:00", "taking a stroll over Harbour Green"),
        ("Ada Bell mends the green boat from 8am to 9am.", "08:00", "mending the green boat"),
    ],
)
def test_names_of_places_stay_whole(usual: str, start: str, activity: str) -> None:
    places = "- Ada Bell's house\n- The Gull and Anchor\n- Lund's Boatyard\n- Harbour Green"
    schedule = ask_with("day_plan", i0=sheet(usual=usual, currently="Ada Bell is well."), i3=places)["schedule"]

    assert {"start": start, "activity": activity} in schedule


@pytest.mark.parametrize(
    ("told", "spoken"),
    [
        ("Ada Bell found a letter and is writing to its owner.", "I found a letter and am writing to its owner."),
        ("She has lost her dog and is looking for it.", "I have lost my dog and am looking for it."),
        ("Ada asks all she meets about it and still needs help.", "I ask all I meet about it and still need help."),
        ("Ada Bell doesn't like rain but loves snow.", "I don't like rain but love snow."),
        ("Ada Bell bakes bread, sells it and wants to rest.", "I bake bread, sell it and want to rest."),
        ("Her sister is visiting in May.", "My sister is visiting in May."),
    ],
)  # fmt: skip
def test_what_one_is_about_is_told_in_the_first_person(told: str, spoken: str) -> None:
    assert first_person(told, NAME) == spoken


@pytest.mark.parametrize(
    "told",
    [
        "Ada Bell helps Ivo Lund with his raft.",
        "Ada Bell and Ivo Lund are building a raft.",
        "Ada Bell lives with a man who paints and is ill.",
        "Ada Bell is repairing their grandfather's boat.",
        "Ada Bell sells books and drinks at the market.",
    ],
)
def test_what_cannot_be_told_safely_in_the_first_person_is_not(told: str) -> None:
    assert first_person(told, NAME) is None


@pytest.mark.parametrize(
    ("said", "memo"),
    [
        (
            "I found a letter in a wall and am writing to its owner.",
            "heard from Ivo Lund that Ivo Lund found a letter in a wall and is writing to its owner.",
        ),
        (
            "I'm repairing my grandfather's boat in the old shed.",
            "heard from Ivo Lund: “I'm repairing my grandfather's boat in the old shed.”",
        ),
        ("I hear that Mia Roth is selling the old mill.", "heard from Ivo Lund that Mia Roth is selling the old mill."),
    ],
)
def test_what_cannot_be_reported_safely_is_kept_as_it_was_said(said: str, memo: str) -> None:
    assert ask_with("after_chat", i3=f"{OTHER}: {said}")["memo"] == f"{NAME} {memo}"


@pytest.mark.parametrize(
    ("whisper", "thought"),
    [
        (
            "You have known Ivo Lund for ten years and you are good friends",
            "Ada Bell has known Ivo Lund for ten years and they are good friends.",
        ),
        ("You found a key and you want to know what it opens", "Ada Bell found a key and wants to know what it opens."),
        ("You like tea and Ivo likes you", "Ada Bell has in mind “You like tea and Ivo likes you”."),
    ],
)
def test_whispers_become_whole_sentences(whisper: str, thought: str) -> None:
    assert ask_with("whisper", i2=f"1. {whisper}", i3="1")["thoughts"][0]["thought"] == thought


RACE = "Ada Bell wants to organise a boat race on June 12, 2025 from 2pm to 5pm at Harbour Green."


@pytest.mark.parametrize(
    "told",
    [
        RACE,
        "Ada Bell is planning a boat race at Harbour Green on 12 June 2025 from 2pm until 5pm.",
        "Ada Bell invites everybody to a boat race at Harbour Green on June 12 between 2pm and 5pm.",
    ],
)
def test_any_sentence_with_a_day_hours_and_a_place_is_an_occasion(told: str) -> None:
    there = ask_with("day_plan", i0=sheet(currently=told, today="Thursday, June 12, 2025"))["schedule"]

    assert {"start": "14:00", "activity": "hosting the boat race at Harbour Green"} in there


def test_who_is_told_of_an_occasion_goes_there() -> None:
    planned = ask_with(
        "after_chat", i0=sheet(OTHER, today="Tuesday, June 10, 2025"), i1=OTHER, i2=NAME,
        i3=f"{NAME}: {first_person(RACE, NAME)}",
    )["planning"]  # fmt: skip

    assert planned == (f"{OTHER} plans to go to the boat race at Harbour Green on June 12, 2025 from 2pm to 5pm.")


def test_each_part_of_a_merged_promise_keeps_its_own_day() -> None:
    merged = (
        f"{NAME} will meet {OTHER} at Larch Park on {TOMORROW}, at 5pm and plans to go to the boat race at "
        "Harbour Green on May 6, 2024 from 2pm to 4pm."
    )
    today, tomorrow = (
        [row["activity"] for row in ask_with("day_plan", i0=sheet(currently=merged, today=day))["schedule"]]
        for day in (TODAY, TOMORROW)
    )

    assert "joining the boat race at Harbour Green" in today
    assert "joining the boat race at Harbour Green" not in tomorrow
    assert f"meeting {OTHER} at Larch Park" in tomorrow
    assert f"meeting {OTHER} at Larch Park" not in today


def test_an_occasion_is_not_announced_once_it_has_begun() -> None:
    talks = {
        hour: ask_with(
            "utterance",
            i0=sheet(today="Wednesday, May 8, 2024"),
            i5=f"{NAME} and {OTHER} are at Larch Park. It is Wednesday, May 8, 2024, {hour}.",
            i8=f"{OTHER}: Hello, Ada! How is your day going?",
        )["utterance"]
        for hour in ("12:00", "15:00", "20:00")
    }

    assert [hour for hour, line in talks.items() if "kite festival" in line] == ["12:00"]


# Talks that go on


def next_line(said: str, in_mind: str = NOTHING, last: str = "", **changed: str) -> str:
    """What Ada says after a greeting, her answer and this line of Ivo's."""
    lines = f"{OTHER}: Hello, Ada!\n{NAME}: Hello, Ivo!\n{OTHER}: {said}"
    last = last or f"{NAME} and {OTHER} have not talked before."
    return ask_with("utterance", i4=in_mind, i7=last, i8=lines, **changed)["utterance"]


def test_what_one_remembers_having_told_is_not_told_again() -> None:
    told = f"- {NAME} told {OTHER} about preparing a kite festival."

    assert "kite festival" in next_line("How nice.")
    assert "kite festival" not in next_line("How nice.", in_mind=told)


def test_what_the_last_talk_was_about_is_not_told_again() -> None:
    last = f"{NAME} and {OTHER} last talked at 09:00 on May 6: {NAME} is conversing about preparing a kite festival."

    assert "kite festival" not in next_line("How nice.", last=last)


@pytest.mark.parametrize(
    ("said", "fitting"),
    [
        ("My brother died in spring.", talk_words.ON_SAD_NEWS),
        ("Otherwise all is quiet with me.", talk_words.ON_QUIET),
        ("How are you getting on with preparing a kite festival?", talk_words.IT_GOES),
        ("Who else knows about it?", dict(talk_words.QUESTIONS)["Who else knows about it?"]),
        ("I'm glad that the boat race went well.", talk_words.ON_GOOD_ENDS),
    ],
)
def test_an_answer_fits_what_was_said(said: str, fitting: tuple[str, ...]) -> None:
    assert next_line(said).startswith(fitting)


def test_the_relationship_tells_what_was_talked_about_and_promised() -> None:
    promise = f"{NAME} will meet {OTHER} at Larch Park on {TOMORROW}, at 5pm."
    told = ask_with("first_utterance", i3=remembered(f"{NAME} told {OTHER} about the mill.", promise))["relationship"]

    assert f"{NAME} told {OTHER} about the mill." in told
    assert promise in told


def test_an_appointment_that_stands_is_not_made_again() -> None:
    promise = f"- {NAME} will meet {OTHER} at Larch Park on {TOMORROW}, at 5pm."

    def proposals(in_mind: str) -> list[str]:
        talks = ("\n".join((f"{OTHER}: {k}", f"{NAME}: a", f"{OTHER}: b", f"{NAME}: c")) for k in range(40))
        said = [ask_with("utterance", i4=in_mind, i8=f"{talk}\n{OTHER}: d")["utterance"] for talk in talks]
        said += [
            ask_with("utterance", i4=in_mind, i8=f"{OTHER}: {k}\n{NAME}: a\n{OTHER}: b")["utterance"] for k in range(40)
        ]
        return [line for line in said if "Shall we meet" in line]

    assert proposals(NOTHING)
    assert not proposals(promise)


def test_another_hour_is_proposed_when_one_has_promised_that_one() -> None:
    promise = f"{NAME} will meet Mia Roth at Larch Park on {TOMORROW}, at 4pm."
    usual = f"{REQUIREMENT} {promise}"
    asked = "Let's talk about it at leisure. Shall we meet at Larch Park tomorrow at 4pm?"
    answers = set()
    for opening in map(str, range(40)):
        lines = f"{OTHER}: {opening}\n{NAME}: a\n{OTHER}: b\n{NAME}: c\n{OTHER}: {asked}"
        answers.add(ask_with("utterance", i0=sheet(usual=usual), i8=lines)["utterance"])
    proposed = [answer for answer in answers if "Shall we meet" in answer]

    assert proposed
    assert not [answer for answer in proposed if "at 4pm" in answer]


def test_meetings_are_proposed_only_where_the_prompt_names_a_place() -> None:
    usual = "Ada Bell works in the fields from 8am to 4pm."
    lines = [ask_with("utterance", i0=sheet(usual=usual, currently="Ada Bell is well."),
                      i8=f"{OTHER}: {k}\n{NAME}: a\n{OTHER}: b")["utterance"] for k in range(40)]  # fmt: skip

    assert not [line for line in lines if "Shall we meet" in line]


# Answers from what is known


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What are you doing today?", "Today I have this in mind: working at the Blue Bakery at 8am"),
        ("How old are you?", "I'm 40 years old."),
        ("What do you do for a living?", "I bake bread and row on the lake."),
        ("Who is Ivo Lund?", "Ivo Lund is building a raft."),
        ("What are your plans these days?", "I'm preparing a kite festival"),
        ("What is your name?", "My name is Ada Bell."),
    ],
)
def test_plain_questions_have_plain_answers(question: str, answer: str) -> None:
    told = ask_with("interview", i2=f"- {OTHER} is building a raft", i3=f"Interviewer: {question}")["answer"]

    assert told.startswith(answer)


def test_nobody_is_known_who_is_not_remembered() -> None:
    assert "don't know" in ask_with("interview", i3="Interviewer: Who is Karl Ott?")["answer"]


def test_news_from_two_people_about_one_name_are_put_together() -> None:
    memories = (
        f"1. {NAME} heard from Ivo Lund that a plate on the organ reads for Berta.\n"
        f"2. {NAME} heard from Mia Roth that the letters were written by Berta Kern."
    )
    found = ask_with("insights", i2=f"What is {OTHER} busy with these days?", i3=memories)["insights"]

    assert found[0]["insight"] == f"{NAME} sees that what Ivo Lund and Mia Roth told both has to do with Berta."
    assert found[0]["evidence"] == [1, 2]


# Places and jobs


@pytest.mark.parametrize("task", ["eating at the table", "dozing off in an armchair", "chopping onions in the kitchen"])
def test_nobody_eats_or_rests_in_the_bathroom(task: str) -> None:
    spots = "- Ada Bell's house: room (bed, toilet, stove); bathroom (toilet, shower)"

    assert spot(ask_with("action", i3=f"resting at home ({task})", i4=spots))[2] in ("bed", "stove")


@pytest.mark.parametrize("thing", ["archive boxes", "shelves", "garden tools"])
def test_the_state_of_many_things_has_no_verb_of_its_own(thing: str) -> None:
    state = ask_with("action", i3="working at the Yard (searching)", i4=f"- Yard: shed ({thing})")["thing_state"]

    assert state == "in good use"


def test_sweeping_shows_a_broom_and_no_knife() -> None:
    assert ask_with("action", i3="tidying up at home (sweeping the kitchen floor)")["emoji"] == "🧹"


@pytest.mark.parametrize(
    ("activity", "never"),
    [
        ("serving guests at the Old Oak Pub", "darts|ordering|cider"),
        ("keeping the bar at the Old Oak Pub", "darts|ordering|cider"),
        ("selling fish at the market", "flour|apples|ordering"),
        ("sitting on a green bench at Harbour Green", "sofa|armchair|radio"),
    ],
)
def test_tasks_fit_the_job_and_the_place(activity: str, never: str) -> None:
    tasks = {
        task["task"]
        for start in range(24)
        for task in ask_with("task_decomposition", i3=activity, i4=f"{start:02d}:00", i6="120")["tasks"]
    }

    assert not [task for task in tasks if re.search(never, task)]


def test_a_shop_deals_in_what_its_keeper_sells() -> None:
    keeper = sheet().replace("bakes bread and rows on the lake", "sells fish at the harbour")
    tasks = ask_with("task_decomposition", i0=keeper, i3="working at the market stall", i6="240")["tasks"]

    assert any("fish" in task["task"] for task in tasks)


def test_what_went_well_is_told_without_its_date() -> None:
    glad = "Ada Bell is glad that the kite festival of May 8, 2024 went well."
    line = ask_with(
        "utterance", i0=sheet(currently=glad, today="Thursday, May 9, 2024"), i8=f"{OTHER}: Hello, Ada! What is new?"
    )["utterance"]

    assert line.endswith("I'm glad that the kite festival went well.")


# Tasks with their places


@pytest.mark.parametrize("activity", ["having breakfast at home", "working at the Blue Bakery", "resting at home"])
def test_a_task_shows_as_the_action_would_from_where_the_task_before_took_place(activity: str) -> None:
    here = INPUTS["task_decomposition"][7]
    for task in ask_with("task_decomposition", i3=activity)["tasks"]:
        action = ask_with("action", i2=here, i3=f"{activity} ({task['task']})")
        assert {key: task[key] for key in action} == action
        here = " > ".join(spot(task)[:2])


def test_a_task_and_its_thing_matter_as_much_as_if_they_were_noticed() -> None:
    for task in ask_with("task_decomposition", i3="conversing about a wedding at the Old Oak Pub")["tasks"]:
        seen = [
            f"{NAME} is conversing about a wedding at the Old Oak Pub ({task['task']})",
            f"{spot(task)[2]} is {task['thing_state']}",
        ]
        rated = ask_with("poignancy", i2="2", i3="\n".join(f"{k}. {text}" for k, text in enumerate(seen, 1)))
        assert rated["ratings"] == [task["poignancy"], task["thing_poignancy"]]


@pytest.mark.parametrize(
    ("line", "place", "room", "thing"),
    [
        ("- Fish & Chips: hall (counter, table); yard", "Fish & Chips", "hall", "table"),
        ("- Inn (new): dining room (old) (stage, table (oak))", "Inn (new)", "dining room (old)", "table (oak)"),
        ("- Mill: attic", "Mill", "attic", ""),
        ("- Mill: (upper) floor (table)", "Mill", "(upper) floor", "table"),
    ],
)  # fmt: skip
def test_places_are_read_whole_whatever_their_names_hold(line: str, place: str, room: str, thing: str) -> None:
    chosen = ask_with("action", i3="eating at the table", i4=line)

    assert spot(chosen) == (place, room, thing)


def test_one_sleeps_in_the_room_that_the_sheet_calls_home() -> None:
    spots = "- Mill Lodge: front room (bed); back room (bed); attic (bed)"
    for room in ("front room", "back room", "attic"):
        at_home = sheet().replace(f"Home: {NAME}'s house > bedroom", f"Home: Mill Lodge > {room}")
        assert spot(ask_with("action", i0=at_home, i3="sleeping", i4=spots))[1] == room


# Memories by day


NOW = f"{NAME} and {OTHER} are at Larch Park > lawn. It is {TODAY}, 14:00."
DID = f"{NAME} is mending the old boat (tarring a plank)"


@pytest.mark.parametrize(
    ("day", "clock", "told"),
    [
        ("Monday, May 6", "13:20", "I was just tarring a plank."),
        ("Monday, May 6", "09:00", "This morning I was tarring a plank."),
        ("Monday, May 6", "12:30", "Earlier today I was tarring a plank."),
        ("Sunday, May 5", "13:50", "Yesterday I was tarring a plank."),
        ("Saturday, May 4", "13:50", "Lately I have been tarring a plank."),
        ("Monday, April 29", "13:50", None),
    ],
)
def test_what_one_has_done_is_told_with_when_it_was(day: str, clock: str, told: str | None) -> None:
    said = all_said(remembered(DID, day=day, clock=clock))

    assert {line for line in said if "tarring" in line} == ({told} if told else set())


def test_household_matters_are_told_within_the_hour_only() -> None:
    supper = f"{NAME} is having supper at home (stirring the soup)"

    assert any("stirring" in line for line in all_said(remembered(supper, clock="13:30")))
    assert not any("stirring" in line for line in all_said(remembered(supper, clock="12:30")))


def test_others_seen_of_late_are_spoken_of() -> None:
    seen = "Mia Roth is mending the old boat (tarring a plank)"

    assert "I saw Mia Roth yesterday, tarring a plank." in all_said(remembered(seen, day="Sunday, May 5"))
    assert not any("Mia" in line for line in all_said(remembered(seen, day="Thursday, May 2")))


def test_what_is_planned_for_later_is_spoken_of() -> None:
    plan = f"The plan of {NAME} for {TODAY}: baking bread at 8am; painting the shed at 4pm; sleeping at 11pm"
    said = all_said(remembered(plan, clock="00:00"))

    assert {line for line in said if line.startswith("At ")} == {"At 4pm I'll be painting the shed."}


def test_news_is_passed_on_as_long_as_it_is_news() -> None:
    heard = f"{NAME} heard from Mia Roth that Mia Roth is selling the old mill."

    assert any("old mill" in line for line in all_said(remembered(heard, day="Friday, May 3")))
    assert not any("old mill" in line for line in all_said(remembered(heard, day="Monday, April 29")))


def test_what_the_listener_has_been_heard_to_talk_about_is_not_told_to_it() -> None:
    overheard = remembered(f"{OTHER} is conversing about preparing a kite festival", day="Saturday, May 4")

    assert "kite festival" in next_line("How nice.")
    assert "kite festival" not in next_line("How nice.", in_mind=overheard)


def test_what_was_told_days_ago_stays_told() -> None:
    memory = remembered(f"{NAME} told {OTHER} about preparing a kite festival.", day="Monday, April 22")
    opening = ask_with("first_utterance", i3=memory, i7=f"{OTHER}: Hello, Ada!")

    assert "kite festival" in opening["relationship"]
    assert "kite festival" not in opening["utterance"]
    assert "kite festival" not in next_line("How nice.", i3=opening["relationship"])


def test_what_one_has_heard_before_is_no_news_to_one() -> None:
    heard = remembered(f"{NAME} heard from Mia Roth that Ivo Lund is building a raft.", day="Sunday, May 5")
    line = next_line("I'm building a raft out of old doors.", in_mind=heard)

    assert line.startswith(talk_words.ON_KNOWN)


@pytest.mark.parametrize(
    ("last", "greeting"),
    [
        ("last talked at 09:00 on May 6", "We meet again."),
        ("last talked at 09:00 on May 3", "I haven't seen you since Friday."),
        ("last talked at 09:00 on April 20", "It has been a while."),
    ],
)
def test_a_greeting_knows_when_the_two_last_met(last: str, greeting: str) -> None:
    opening = ask_with("first_utterance", i4=NOW, i6=f"{NAME} and {OTHER} {last}: {NAME} is conversing about tea.")

    assert greeting in opening["utterance"]


def test_a_second_talk_on_a_day_is_a_short_one() -> None:
    last = f"{NAME} and {OTHER} last talked at 09:00 on May 6: {NAME} is conversing about tea."
    lines = [f"{OTHER}: {{k}}", f"{NAME}: a", f"{OTHER}: b", f"{NAME}: c"]
    so_far = ["\n".join(lines).format(k=k) for k in range(30)]

    assert all(ask_with("utterance", i7=last, i8=talk)["end"] for talk in so_far)


def test_those_who_had_an_appointment_greet_each_other_by_it() -> None:
    promise = remembered(f"{NAME} will meet {OTHER} at Larch Park on {TODAY}, at 2pm.")
    opening = ask_with("first_utterance", i3=promise, i4=NOW)

    assert "Here we are, as we said." in opening["utterance"]


def all_said(in_mind: str) -> set[str]:
    """The sentences of Ada's next lines at 14:00, whatever the talk had been about, with these memories in mind."""
    said = set()
    for k in range(60):
        lines = f"{OTHER}: {k}\n{NAME}: Hello!\n{OTHER}: Long may it stay so."
        line = ask_with("utterance", i0=sheet(currently=""), i4=in_mind, i5=NOW, i6="", i8=lines)
        said |= set(re.split(r"(?<=[.!?]) ", line["utterance"]))
    return said


# Reflection and days


def test_every_question_gets_as_many_insights_as_asked_and_none_comes_twice() -> None:
    found = ask_with("insights")["insights"]

    assert [insight["question"] for insight in found] == [1, 1, 1, 2, 2, 2]
    assert len({insight["insight"] for insight in found}) == 6


def test_what_comes_back_on_several_days_is_seen_as_such() -> None:
    memories = (
        f"Sunday, May 5:\n4. 09:00 {OTHER} is building a raft (sawing)\n"
        f"Monday, May 6:\n5. 09:10 {OTHER} is building a raft (nailing)"
    )
    found = ask_with("insights", i3=memories)["insights"]

    lasting = [insight["evidence"] for insight in found if "day after day" in insight["insight"]]
    assert lasting == [[4, 5]]


def test_a_promise_kept_yesterday_leaves_the_requirement_and_what_recurs_stays() -> None:
    promise = f"{NAME} will meet {OTHER} at Larch Park on {TODAY}, at 5pm."
    revised = ask_with("identity", i0=sheet(usual=f"{REQUIREMENT} {promise}", today=TOMORROW))

    assert revised["daily_requirement"] == REQUIREMENT

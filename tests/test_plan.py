"""Plan: the day, its tasks, and the current action."""

from datetime import datetime

import pytest

from persona.cognitive_modules import plan
from persona.memory_structures.schedule import MINUTES_A_DAY
from scripted import DAY, ScriptedModel, one_by_one, persona, tasks
from small_world import ADA, ADAS_HOUSE, CAFE, PEOPLE, WORLD

HOMES = {person.name: person.home for person in PEOPLE}
ACTION = {
    "place": f"{CAFE}: cafe: cafe counter",
    "emoji": "🥖",
    "predicate": "bake",
    "object": "bread",
    "thing_state": "covered in flour",
    "thing_emoji": "✨",
    "poignancy": 3,
    "thing_poignancy": 1,
}


@pytest.fixture
def model(monkeypatch):
    identity = {"currently": "Ada Finch is opening a bakery.", "daily_requirement": "Ada Finch signs a lease."}
    return ScriptedModel(day_plan=DAY, identity=identity, task_decomposition=tasks, action=ACTION).install(monkeypatch)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (None, datetime(2024, 5, 6, 7), "First day"),
        (datetime(2024, 5, 6, 23, 59, 50), datetime(2024, 5, 7), "New day"),
        (datetime(2024, 5, 6, 7), datetime(2024, 5, 6, 7, 0, 10), None),
    ],
)
def test_a_day_begins_with_the_first_step_and_with_each_date(before, now, kind):
    assert plan.kind_of_day(before, now) == kind


@pytest.fixture
def first_day(maze, model):
    """A persona with its first day planned."""
    ada = persona(ADA)
    plan.plan_day(ada, maze, HOMES, plan.FIRST_DAY)
    return ada


def test_a_first_day_is_planned_in_hours_that_fill_it(first_day, model):
    scratch = first_day.scratch
    schedule = scratch.f_daily_schedule
    assert sum(minutes for _, minutes in schedule) == MINUTES_A_DAY
    assert schedule[0] == ("sleeping", 360)
    assert ("having breakfast", 120) in schedule
    assert scratch.f_daily_schedule_hourly_org == schedule
    assert scratch.daily_req[0] == "having breakfast at 06:00"
    assert len(scratch.daily_req) == 6
    assert scratch.currently == ADA.currently
    assert model.prompts("identity") == []


def test_the_plan_becomes_a_thought_that_fades_after_a_month(first_day):
    (thought,) = first_day.a_mem.thoughts()
    assert (thought.subject, thought.predicate, thought.poignancy) == ("Ada Finch", "plan", 5)
    assert "serving guests at 13:00" in thought.description
    assert thought.expiration and (thought.expiration - thought.created).days == 30


def test_a_new_day_brings_the_persona_up_to_date_before_planning_it(maze, model):
    ada = persona(ADA)
    plan.plan_day(ada, maze, HOMES, plan.NEW_DAY)
    assert ada.scratch.currently == "Ada Finch is opening a bakery."
    assert ada.scratch.daily_plan_req == "Ada Finch signs a lease."
    assert "Ada Finch is opening a bakery." in model.prompts("day plan")[0]


def acting(maze, *rows, at=(9, 0), **scratch):
    """A persona with these rows as its schedule, which starts the action of an hour."""
    ada = persona(ADA, datetime(2024, 5, 6, *at))
    ada.scratch.f_daily_schedule = ada.scratch.f_daily_schedule_hourly_org = rows
    vars(ada.scratch).update(scratch)
    plan.determine_action(ada, maze, HOMES, one_by_one)
    return ada


def test_the_next_entries_are_split_into_tasks_except_sleep(maze, model):
    ada = acting(maze, ("sleeping", 480), ("baking", 90), ("serving", 60), ("reading", 600), ("sleeping", 210))
    rows = ada.scratch.f_daily_schedule
    assert rows[:6] == (
        ("sleeping", 480),
        ("baking (first half)", 45),
        ("baking (second half)", 45),
        ("serving (first half)", 30),
        ("serving (second half)", 30),
        ("reading", 600),
    )
    assert sum(minutes for _, minutes in rows) == MINUTES_A_DAY


def test_tasks_are_not_split_again(maze, model):
    ada = acting(maze, ("sleeping", 480), ("baking", 240), ("reading", 720))
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert len(model.prompts("task decomposition")) == 1


def test_nothing_that_starts_after_eleven_at_night_is_split(maze, model):
    acting(maze, ("reading", 1380), ("stargazing", 60), at=(23, 10))
    assert model.prompts("task decomposition") == []


def test_the_action_is_the_entry_under_way_until_it_ends(maze, model):
    scratch = acting(maze, ("sleeping", 480), ("baking", 90), ("reading", 870)).scratch
    assert scratch.act_description == "baking (second half)"
    assert scratch.act_end == datetime(2024, 5, 6, 9, 30)
    assert scratch.act_address == f"{WORLD}:{CAFE}:cafe:cafe counter"
    assert scratch.act_event == ("Ada Finch", "bake", "bread")
    assert scratch.act_obj_event == (scratch.act_address, "is", "covered in flour")
    assert (scratch.act_pronunciatio, scratch.act_obj_pronunciatio) == ("🥖", "✨")


@pytest.mark.parametrize("place", ["Atlantis: temple", "somewhere: kitchen"], ids=["not offered", "a known room"])
def test_a_place_that_was_not_offered_becomes_a_suitable_one_at_home(place, maze, model):
    model.answers["action"] = ACTION | {"place": place}
    ada = acting(maze, ("sleeping", 480), ("baking", 960))
    assert ada.scratch.act_address.startswith(f"{WORLD}:{ADAS_HOUSE}:kitchen:")


def test_the_place_of_sleep_is_not_asked_for(maze, model):
    scratch = acting(maze, ("sleeping", 480), ("reading", 960), at=(3, 0)).scratch
    assert scratch.act_address == f"{WORLD}:{ADAS_HOUSE}:bedroom:bed"
    assert scratch.act_obj_event == (scratch.act_address, "is", "being slept in")
    assert model.asked == []


# What the answer with the tasks already says of each of them

SERVING = {"task": "serving soup", **ACTION, "emoji": "🍲", "predicate": "serve", "object": "soup"}
SETTING_UP = {**SERVING, "task": "setting up"}
WASHING = {"task": "washing up", "place": f"{ADAS_HOUSE}: kitchen: stove", "emoji": "🫧"}
WORKDAY = (("sleeping", 480), ("working", 90), ("reading", 870))


def halves(*rows):
    """An answer of tasks that share the time of any entry."""
    return lambda prompt: {
        "tasks": [{**row, "start": task["start"]} for row, task in zip(rows, tasks(prompt)["tasks"], strict=True)]
    }


def test_tasks_with_a_place_need_no_further_question(maze, model):
    model.answers["task decomposition"] = halves(SETTING_UP, SERVING)
    scratch = acting(maze, *WORKDAY).scratch
    assert (scratch.act_description, scratch.act_pronunciatio) == ("working (serving soup)", "🍲")
    assert scratch.act_address == f"{WORLD}:{CAFE}:cafe:cafe counter"
    assert scratch.act_event == ("Ada Finch", "serve", "soup")
    assert (scratch.act_poignancy, scratch.act_obj_poignancy) == (3, 1)
    assert model.prompts("action") == []


@pytest.mark.parametrize(
    "task", [{**SERVING, "task": "washing up", "place": "Mars"}, WASHING], ids=["a place unknown", "a part missing"]
)
def test_a_task_with_an_unreadable_part_gets_its_own_question(task, maze, model):
    model.answers["task decomposition"] = halves(SERVING, task)
    acting(maze, *WORKDAY)
    (prompt,) = model.prompts("action")
    assert "about to do this: working (washing up)" in prompt


def test_a_task_without_a_rating_is_rated_when_noticed(maze, model):
    unrated = {**SERVING, "poignancy": "very", "thing_poignancy": None}
    model.answers["task decomposition"] = halves(SETTING_UP, unrated)
    scratch = acting(maze, *WORKDAY).scratch
    assert (scratch.act_poignancy, scratch.act_obj_poignancy) == (None, None)
    assert model.prompts("action") == []


def test_planned_actions_are_dropped_once_they_are_not_in_the_schedule(maze, model):
    baking = {**SERVING, "task": "baking bread"}
    model.answers["task decomposition"] = [halves(SERVING, WASHING), halves(baking, WASHING)]
    rows = (("sleeping", 480), ("working", 60), ("cooking", 120), ("reading", 780))
    ada = acting(maze, *rows, at=(8, 0), planned_actions={"dancing": {}})
    assert list(ada.scratch.planned_actions) == ["working (serving soup)", "cooking (baking bread)"]

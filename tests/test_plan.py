"""Plan: the day, its tasks, and the action that is due."""

from datetime import datetime

import pytest

from persona.cognitive_modules import plan
from persona.memory_structures.schedule import MINUTES_A_DAY
from scripted import DAY, ScriptedModel, one_by_one, persona, tasks, town
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
def maze(tmp_path):
    return town(tmp_path)


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


def test_a_first_day_is_planned_in_hours_that_fill_it(maze, model):
    ada = persona(ADA)
    plan.plan_day(ada, maze, HOMES, plan.FIRST_DAY)
    schedule = ada.scratch.f_daily_schedule
    assert sum(minutes for _, minutes in schedule) == MINUTES_A_DAY
    assert schedule[0] == ("sleeping", 360)
    assert ("having breakfast", 120) in schedule
    assert ada.scratch.f_daily_schedule_hourly_org == schedule
    assert ada.scratch.daily_req[0] == "having breakfast at 06:00"
    assert len(ada.scratch.daily_req) == 6


def test_the_plan_becomes_a_thought_that_fades_after_a_month(maze, model):
    ada = persona(ADA)
    plan.plan_day(ada, maze, HOMES, plan.FIRST_DAY)
    (thought,) = ada.a_mem.thoughts()
    assert (thought.subject, thought.predicate, thought.poignancy) == ("Ada Finch", "plan", 5)
    assert "serving guests at 13:00" in thought.description
    assert thought.expiration and (thought.expiration - thought.created).days == 30


def test_a_first_day_leaves_the_identity_as_it_is(maze, model):
    ada = persona(ADA)
    plan.plan_day(ada, maze, HOMES, plan.FIRST_DAY)
    assert ada.scratch.currently == ADA.currently
    assert model.prompts("identity") == []


def test_a_new_day_brings_the_persona_up_to_date_before_planning_it(maze, model):
    ada = persona(ADA)
    plan.plan_day(ada, maze, HOMES, plan.NEW_DAY)
    assert ada.scratch.currently == "Ada Finch is opening a bakery."
    assert ada.scratch.daily_plan_req == "Ada Finch signs a lease."
    assert "Ada Finch is opening a bakery." in model.prompts("day plan")[0]


def planned(rows, now=datetime(2024, 5, 6, 9)):
    ada = persona(ADA, now)
    ada.scratch.f_daily_schedule = ada.scratch.f_daily_schedule_hourly_org = tuple(rows)
    return ada


def test_the_coming_entries_are_split_into_tasks_and_sleep_is_not(maze, model):
    ada = planned([("sleeping", 480), ("baking", 90), ("serving", 60), ("reading", 600), ("sleeping", 210)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
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


def test_what_is_split_is_not_split_again(maze, model):
    ada = planned([("sleeping", 480), ("baking", 240), ("reading", 720)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert len(model.prompts("task decomposition")) == 1


def test_nothing_that_starts_after_eleven_at_night_is_split(maze, model):
    ada = planned([("reading", 1380), ("stargazing", 60)], datetime(2024, 5, 6, 23, 10))
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert model.prompts("task decomposition") == []


def test_the_action_is_the_entry_under_way_until_it_ends(maze, model):
    ada = planned([("sleeping", 480), ("baking", 90), ("reading", 870)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    scratch = ada.scratch
    assert scratch.act_description == "baking (second half)"
    assert scratch.act_end == datetime(2024, 5, 6, 9, 30)
    assert scratch.act_address == f"{WORLD}:{CAFE}:cafe:cafe counter"
    assert scratch.act_event == ("Ada Finch", "bake", "bread")
    assert scratch.act_obj_event == (scratch.act_address, "is", "covered in flour")
    assert (scratch.act_pronunciatio, scratch.act_obj_pronunciatio) == ("🥖", "✨")


def test_a_place_nobody_offered_becomes_a_fitting_one_at_home(maze, monkeypatch):
    ScriptedModel(task_decomposition=tasks, action=ACTION | {"place": "Atlantis: temple"}).install(monkeypatch)
    ada = planned([("sleeping", 480), ("baking", 960)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert ada.scratch.act_address.startswith(f"{WORLD}:{ADAS_HOUSE}:kitchen:")


def test_a_known_room_alone_tells_the_place(maze, monkeypatch):
    ScriptedModel(task_decomposition=tasks, action=ACTION | {"place": "somewhere: kitchen"}).install(monkeypatch)
    ada = planned([("sleeping", 480), ("baking", 960)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert ada.scratch.act_address.startswith(f"{WORLD}:{ADAS_HOUSE}:kitchen:")


def test_nobody_is_asked_where_one_sleeps(maze, model):
    ada = planned([("sleeping", 480), ("reading", 960)], datetime(2024, 5, 6, 3))
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert ada.scratch.act_address == f"{WORLD}:{ADAS_HOUSE}:bedroom:bed"
    assert ada.scratch.act_obj_event == (ada.scratch.act_address, "is", "being slept in")
    assert model.asked == []


# What the answer with the tasks already says of each of them

SERVING = {"task": "serving soup", **ACTION, "emoji": "🍲", "predicate": "serve", "object": "soup"}
WASHING = {"task": "washing up", "place": f"{ADAS_HOUSE}: kitchen: stove", "emoji": "🫧"}


def halves(*rows):
    """An answer of tasks that share the time of any entry."""
    return lambda prompt: {"tasks": [{**row, **begun} for row, begun in zip(rows, begun_tasks(prompt), strict=True)]}


def begun_tasks(prompt):
    return [{"start": task["start"]} for task in tasks(prompt)["tasks"]]


def test_tasks_that_came_with_their_place_need_no_question_of_their_own(maze, model):
    model.answers["task decomposition"] = halves({**SERVING, "task": "setting up"}, SERVING)
    ada = planned([("sleeping", 480), ("working", 90), ("reading", 870)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    scratch = ada.scratch
    assert (scratch.act_description, scratch.act_pronunciatio) == ("working (serving soup)", "🍲")
    assert scratch.act_address == f"{WORLD}:{CAFE}:cafe:cafe counter"
    assert scratch.act_event == ("Ada Finch", "serve", "soup")
    assert (scratch.act_poignancy, scratch.act_obj_poignancy) == (3, 1)
    assert model.prompts("action") == []


def test_a_task_whose_place_cannot_be_read_is_asked_about_alone(maze, model):
    model.answers["task decomposition"] = halves(SERVING, {**SERVING, "task": "singing", "place": "Mars"})
    ada = planned([("sleeping", 480), ("working", 60), ("reading", 900)], datetime(2024, 5, 6, 8, 0))
    plan.determine_action(ada, maze, HOMES, one_by_one)
    ada.scratch.curr_time = datetime(2024, 5, 6, 8, 30)
    plan.determine_action(ada, maze, HOMES, one_by_one)
    (prompt,) = model.prompts("action")
    assert "about to do this: working (singing)" in prompt


def test_a_task_that_lacks_a_part_is_asked_about_alone(maze, model):
    model.answers["task decomposition"] = halves(SERVING, WASHING)
    ada = planned([("sleeping", 480), ("working", 90), ("reading", 870)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert len(model.prompts("action")) == 1


def test_a_task_without_a_rating_is_rated_when_it_is_noticed(maze, model):
    model.answers["task decomposition"] = halves(
        {**SERVING, "task": "setting up"},
        {**SERVING, "poignancy": "very", "thing_poignancy": None},
    )
    ada = planned([("sleeping", 480), ("working", 90), ("reading", 870)])
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert (ada.scratch.act_poignancy, ada.scratch.act_obj_poignancy) == (None, None)
    assert model.prompts("action") == []


def test_planned_actions_are_forgotten_once_the_schedule_no_longer_names_them(maze, model):
    model.answers["task decomposition"] = [
        halves(SERVING, WASHING),
        halves({**SERVING, "task": "baking bread"}, WASHING),
    ]
    ada = planned([("sleeping", 480), ("working", 60), ("cooking", 120), ("reading", 780)], datetime(2024, 5, 6, 8, 0))
    ada.scratch.planned_actions = {"dancing": ada.scratch.planned_actions}
    plan.determine_action(ada, maze, HOMES, one_by_one)
    assert list(ada.scratch.planned_actions) == ["working (serving soup)", "cooking (baking bread)"]

"""Plan: the day in hours, the next hours in tasks, and the action that is due now with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from maze import Maze, is_within
from persona.cognitive_modules import retrieve
from persona.cognitive_modules.places import mentions, usable_places, without_closed
from persona.memory_structures.associative_memory import Concept
from persona.memory_structures.places import in_words
from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import Entry, between, entries, entry_at, is_sleep, replace
from persona.memory_structures.scratch import Scratch
from persona.mind import Mind
from persona.parallel_map import ParallelMap
from persona.prompt_template.asking import ask
from persona.prompt_template.questions import Action, Day, Revision, Task, Tasks, sleeping

FIRST_DAY, NEW_DAY = "First day", "New day"
PLAN_POIGNANCY = 5
THOUGHT_LIFETIME = timedelta(days=30)

# Entries are split into tasks when they start within the coming hour, so that about two hours are known in detail.
MINUTES_AHEAD = 60
SHORTEST_TO_SPLIT = 30
LATEST_TO_SPLIT = 23 * 60


def kind_of_day(before: datetime | None, now: datetime) -> str | None:
    """`First day` for a persona in its first step, `New day` after midnight, else None."""
    if before is None:
        return FIRST_DAY
    return NEW_DAY if before.date() != now.date() else None


def plan_day(persona: Mind, maze: Maze, homes: Mapping[str, str], new_day: str) -> None:
    """A plan for the whole day, in hours, after bringing the persona up to date with its memories on later days.

    The plan itself is remembered as a thought.
    """
    scratch = persona.scratch
    if new_day == NEW_DAY:
        _revise_identity(persona)
    places = usable_places(persona, maze, homes, scratch.daily_plan_req).sectors()
    day = ask(persona.model, Day(scratch, places), persona.name)
    scratch.daily_req = day.plan
    scratch.f_daily_schedule = scratch.f_daily_schedule_hourly_org = day.schedule
    _remember_plan(persona)


def determine_action(persona: Mind, maze: Maze, homes: Mapping[str, str], each: ParallelMap) -> None:
    """Starts the action that is scheduled now, with a place, an emoji and the state of the object used."""
    _split_coming_entries(persona, maze, homes, each)
    scratch = persona.scratch
    entry = entry_at(scratch.f_daily_schedule, scratch.minute)
    action, activity = scratch.planned_actions.get(entry.activity), without_closed(entry.activity, maze)
    if action is None or maze.is_closed(action.address):
        action = _unplanned_action(persona, maze, homes, activity)
    scratch.start_action(activity, entry.end - scratch.minute, action)


def reconsider(persona: Mind, maze: Maze, place: str) -> None:
    """Makes a persona decide again, now that a place is open, what names the place but is planned for another one.

    The current action ends; coming entries are split again, unless they have changed meanwhile.
    """
    scratch, named = persona.scratch, mentions([place], maze).search
    doing = between(scratch.f_daily_schedule, scratch.minute, scratch.minute + 1)
    if any(named(entry.activity) for entry in doing) and not is_within(scratch.address, place):
        scratch.end_action(scratch.now)
    planned = scratch.planned_actions.items()
    elsewhere = {activity for activity, action in planned if named(activity) and not is_within(action.address, place)}
    scratch.planned_actions = {activity: action for activity, action in planned if activity not in elsewhere}
    for entry in entries(scratch.f_daily_schedule_hourly_org):
        tasks = [task.activity for task in between(scratch.f_daily_schedule, entry.start, entry.end)]
        is_unchanged = all(task.startswith(entry.activity) for task in tasks)
        if entry.start > scratch.minute and is_unchanged and elsewhere.intersection(tasks):
            row = entry.activity, entry.minutes
            scratch.f_daily_schedule = replace(scratch.f_daily_schedule, entry.start, entry.end, [row])


def _unplanned_action(persona: Mind, maze: Maze, homes: Mapping[str, str], activity: str) -> PlannedAction:
    """Place and details of an action for which no answer gave them; everybody sleeps in their own bed."""
    places = usable_places(persona, maze, homes, activity)
    if is_sleep(activity) and (asleep := sleeping(activity, places)):
        return asleep
    return ask(persona.model, Action(persona.scratch, activity, places, _here(persona, maze)), persona.name)


def _here(persona: Mind, maze: Maze) -> str:
    return in_words(maze.address(persona.scratch.tile, "arena"))


def _revise_identity(persona: Mind) -> None:
    scratch = persona.scratch
    focal_points = [
        f"The plans of {persona.name} for {scratch.date_text()}",
        f"What is new in the life of {persona.name}",
    ]
    found = retrieve.by_focus(persona, focal_points)
    remembered = retrieve.distinct(node for nodes in found for node in nodes)
    revised = ask(persona.model, Revision(scratch, remembered), persona.name)
    scratch.currently, scratch.daily_plan_req = revised.currently, revised.daily_requirement


def _remember_plan(persona: Mind) -> None:
    scratch = persona.scratch
    date = scratch.date_text()
    thought = f"The plan of {persona.name} for {date}: {'; '.join(scratch.daily_req)}"
    concept = Concept(persona.name, "plan", date, thought, thought, PLAN_POIGNANCY, {"plan"})
    persona.a_mem.add_thought(concept, scratch.now, expiration=scratch.now + THOUGHT_LIFETIME)


def _split_coming_entries(persona: Mind, maze: Maze, homes: Mapping[str, str], each: ParallelMap) -> None:
    scratch = persona.scratch
    coming, here = list(_coming_entries(persona)), _here(persona, maze)

    def split(entry: Entry) -> list[Task]:
        places = usable_places(persona, maze, homes, entry.activity)
        return ask(persona.model, Tasks(scratch, entry, places, here), persona.name)

    for entry, tasks in zip(coming, each(split, coming), strict=True):
        rows = [(task.activity, task.minutes) for task in tasks]
        scratch.f_daily_schedule = replace(scratch.f_daily_schedule, entry.start, entry.end, rows)
        planned = {task.activity: task.action for task in tasks if task.action}
        scratch.planned_actions = {**_still_ahead(scratch), **planned}


def _still_ahead(scratch: Scratch) -> dict[str, PlannedAction]:
    """The planned actions that still occur in the rest of the day."""
    ahead = {entry.activity for entry in entries(scratch.f_daily_schedule) if entry.end > scratch.minute}
    return {activity: action for activity, action in scratch.planned_actions.items() if activity in ahead}


def _coming_entries(persona: Mind) -> Iterator[Entry]:
    """Entries of the next hour that are not decomposed yet, and worth it."""
    scratch = persona.scratch
    as_planned = set(entries(scratch.f_daily_schedule_hourly_org))
    for entry in entries(scratch.f_daily_schedule):
        due = entry.end > scratch.minute and entry.start <= scratch.minute + MINUTES_AHEAD
        long_enough = entry.minutes >= SHORTEST_TO_SPLIT and entry.start < LATEST_TO_SPLIT
        if due and long_enough and not is_sleep(entry.activity) and entry in as_planned:
            yield entry

"""The mock model's days: a plan from getting up until sleep, and the rest of a plan after something came between.

Knows habits and hours; the tasks within an entry and the places of actions are found elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from mock_llm import talk
from mock_llm.appointments import Engagement, of_the_sheet
from mock_llm.english import doing, first_name, sentences, topic
from mock_llm.habits import Habit, habits, lifestyle_hours
from mock_llm.place_names import mentioned_place, with_place
from mock_llm.prompt import Prompt, choose, clock_text
from mock_llm.thoughts import rating

SLOT = 15
_ROW = re.compile(r"^(\d\d):(\d\d) - (\d\d):(\d\d) (.+)$")
_BETWEEN = re.compile(r"^Something came between: (.+), until \d\d:\d\d\.$", re.MULTILINE)
_LONG_STRETCH = 150
_LEISURE = 60
_SHOPS_OPEN, _EVENING = 9 * 60, 18 * 60
_GATHERING = ("pub", "inn", "tavern", "bar")
_EATING = ("cafe", "café", "bakery", "diner", "restaurant", "tea room", "pub")


def day_plan(prompt: Prompt) -> dict[str, Any]:
    """The day of a persona, from its lifestyle, its usual days, its appointments and the places it knows."""
    day = _painted(prompt)
    rows = day.rows()
    return {
        "wake_up": clock_text(day.up),
        "schedule": [{"start": clock_text(start), "activity": activity} for start, activity in rows],
        "sleep": clock_text(day.bed),
    }


def schedule_after_reaction(prompt: Prompt) -> dict[str, Any]:
    """What was planned for the time to fill, from where it is told to begin; and what came between, rated."""
    between = _BETWEEN.search(prompt.text)
    rated = rating(f"{prompt.name} is {between[1] if between else 'waiting'}", prompt.name)
    return {"schedule": _refilled(prompt), "poignancy": rated}


def after_chat(prompt: Prompt) -> dict[str, Any]:
    """What is taken away from a talk, and the same for the time after it."""
    return {**talk.taken_away(prompt), "schedule": _refilled(prompt)}


def _refilled(prompt: Prompt) -> list[dict[str, str]]:
    start, end = _minutes(prompt.said["start"]), _minutes(prompt.said["end"])
    end += 1440 if end <= start else 0
    planned = _planned(prompt.block(f"This was the plan of {prompt.name}:"), start, end)
    if not planned or planned[0][0] > start:
        planned.insert(0, (start, "taking a short break"))
    return [{"start": clock_text(minute), "activity": activity} for minute, activity in planned]


@dataclass
class _Day:
    """A day as a row of quarter hours, painted over and over: what comes later covers what came before."""

    up: int
    bed: int
    slots: list[str] = field(default_factory=lambda: [""] * (1440 // SLOT))

    def paint(self, start: int, end: int, activity: str) -> None:
        """Sets the quarter hours from `start` to `end` that lie between getting up and bed."""
        first, last = max(start, self.up) // SLOT, min(end, self.bed, 1440) // SLOT
        self.slots[first:last] = [activity] * max(0, last - first)

    def gaps(self) -> list[tuple[int, int]]:
        """The stretches with nothing to do, as (start, end)."""
        return [(start, end) for start, end, activity in self._stretches() if not activity]

    def activity_at(self, minute: int) -> str:
        """What is done at a minute; empty before getting up."""
        return self.slots[minute // SLOT] if minute >= self.up else ""

    def stretches(self, longer_than: int) -> list[tuple[int, int, str]]:
        """The stretches of one activity that last longer than so many minutes."""
        return [stretch for stretch in self._stretches() if stretch[2] and stretch[1] - stretch[0] > longer_than]

    def rows(self) -> list[tuple[int, str]]:
        """(start, activity) from getting up on; sleep comes last where the bed time lies in this day."""
        awake = [(start, activity) for start, _, activity in self._stretches()]
        return awake + [(self.bed, "sleeping")] * (self.bed < 1440)

    def _stretches(self) -> list[tuple[int, int, str]]:
        found: list[tuple[int, int, str]] = []
        for slot in range(self.up // SLOT, min(self.bed, 1440) // SLOT):
            start, activity = slot * SLOT, self.slots[slot]
            if found and found[-1][2] == activity:
                found[-1] = (found[-1][0], start + SLOT, activity)
            else:
                found.append((start, start + SLOT, activity))
        return found


def _painted(prompt: Prompt) -> _Day:
    places = _sectors(prompt)
    up, dinner, bed = (_rounded(minute) for minute in lifestyle_hours(prompt.sheet("Lifestyle")))
    day = _Day(up, max(bed, up + SLOT))
    usual = habits(prompt.sheet("Daily requirement"), prompt.name, places)
    known = [habit for habit in usual if not _is_rest(habit, up, bed)]
    for habit in sorted(known, key=_length, reverse=True):
        day.paint(_rounded(habit.start or 0), _rounded(habit.end or 0), with_place(habit.activity, habit.place))
    _paint_meals(day, known, dinner, places)
    _paint_breaks(day, prompt, places)
    _paint_edges(day, known)
    for engagement in _kept_today(prompt, places):
        day.paint(_rounded(engagement.start), _rounded(engagement.end), engagement.activity)
    _paint_leisure(day, prompt, places)
    return day


def _kept_today(prompt: Prompt, places: list[str]) -> list[Engagement]:
    """The engagements of the day; of two at one time the one for more people, else the one told first."""
    due = [found for found in of_the_sheet(prompt, places) if found.day == prompt.today]
    kept: list[Engagement] = []
    for engagement in sorted(due, key=lambda found: bool(found.other)):
        if not any(other.meets(engagement.start, engagement.end) for other in kept):
            kept.append(engagement)
    return kept


def _paint_meals(day: _Day, known: list[Habit], dinner: int, places: list[str]) -> None:
    told = " ".join(habit.activity for habit in known)
    if "lunch" not in told:
        eating = [place for place in places if any(word in place.lower() for word in _EATING)]
        day.paint(12 * 60, 13 * 60, with_place("having lunch", eating[0] if eating else "home"))
    if "dinner" not in told and "supper" not in told:
        out = next((place for habit in known if (place := _eats_there(habit, dinner))), None)
        away = with_place("having dinner", out) if out else "cooking and eating dinner at home"
        day.paint(dinner, dinner + (45 if out else 60), away)


def _paint_breaks(day: _Day, prompt: Prompt, places: list[str]) -> None:
    """Nobody does one thing for more than two and a half hours on end."""
    for start, end, activity in day.stretches(_LONG_STRETCH):
        middle = _rounded((start + end) // 2) + choose((-SLOT, 0, SLOT), prompt.name, prompt.sheet("Today"), start)
        options = [with_place("taking a walk", place) for place in places if _is_outdoors(place)]
        options += [
            with_place("having a coffee", place) for place in places if _is_cafe(place) and place not in activity
        ]
        if options:
            day.paint(middle, middle + 2 * SLOT, choose(options, prompt.name, prompt.sheet("Today"), start, "break"))


def _paint_edges(day: _Day, known: list[Habit]) -> None:
    """The first hour and the last: they belong to the house."""
    begins = min((habit.start for habit in known if (habit.start or 0) >= day.up), default=day.up + 90)
    spare = max(SLOT, min(90, begins - day.up))
    breakfast = day.up + _rounded(spare // 2)
    day.paint(day.up, breakfast, "getting up and ready for the day at home")
    if not any("breakfast" in habit.activity for habit in known):
        day.paint(breakfast, day.up + spare, "having breakfast at home")
    day.paint(day.bed - 3 * SLOT, day.bed, "winding down and getting ready for bed at home")


def _paint_leisure(day: _Day, prompt: Prompt, places: list[str]) -> None:
    """What is left empty goes to the project of these days, to errands, to company and to rest."""
    taken: set[str] = set()
    for start, end in day.gaps():
        before = day.activity_at(start - SLOT)
        if end - start <= SLOT and before:
            day.paint(start, end, before)
            continue
        bounds = _parts(start, end)
        for begin, until in zip(bounds, bounds[1:], strict=False):
            options = [option for option in _leisure(begin, prompt, places) if option not in taken]
            pick = choose(options or ["resting at home"], prompt.name, prompt.sheet("Today"), begin)
            taken.add(pick)
            day.paint(begin, until, pick)


def _parts(start: int, end: int) -> list[int]:
    """The bounds of about hour-long parts of a stretch."""
    count = -(-(end - start) // _LEISURE)
    return [start + _rounded((end - start) * k // count) for k in range(count)] + [end]


def _leisure(minute: int, prompt: Prompt, places: list[str]) -> list[str]:
    """What one may do with a free hour at this time of the day."""
    offered = [("reading a book", "home"), ("tidying up the house", "home"), ("writing letters", "home")]
    outdoors = [("taking a walk", place) for place in places if _is_outdoors(place)]
    if minute >= _EVENING:
        company = [("spending the evening with the neighbours", place) for place in places if _is_gathering(place)]
        offered = company * 2 + offered
    elif minute >= _SHOPS_OPEN:
        offered += outdoors + [("reading", place) for place in places if "library" in place.lower()]
        offered += [("shopping for groceries", place) for place in places if _is_shop(place)]
        offered += _projects(prompt, places)
    else:
        offered += outdoors
    return [with_place(activity, place) for activity, place in offered]


def _projects(prompt: Prompt, places: list[str]) -> list[tuple[str, str]]:
    """The thing a persona is about these days and where, when it is told as one."""
    told = [(doing(text, prompt.name), text) for text in sentences(prompt.sheet("Currently"))]
    about = [(topic(activity), mentioned_place(text, places) or "home") for activity, text in told if activity]
    return [(f"working on {thing}", place) for thing, place in about if thing.startswith("the ")][:1]


def _planned(lines: list[str], start: int, end: int) -> list[tuple[int, str]]:
    """The planned entries that reach into the time to fill, the first one cut to its start."""
    kept = []
    for found in filter(None, map(_ROW.match, lines)):
        first, last = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if last > start and first < end:
            kept.append((max(first, start), found[5]))
    return kept


def _sectors(prompt: Prompt) -> list[str]:
    """The names of the places known, homes left out: a home is called `home`."""
    lines = prompt.statements(f"Places {prompt.name} knows:")
    names = dict.fromkeys(line.partition(" > ")[0].partition(": ")[0].strip() for line in lines)
    return [name for name in names if name and not _is_home(name, prompt.name)]


def _is_home(place: str, name: str) -> bool:
    dwelling = ("house", "home", "apartment", "cottage", "flat", "residence")
    owned = any(part in place for part in (name, first_name(name), name.split(" ")[-1]) if part)
    return owned and any(word in place.lower() for word in dwelling) or "'s house" in place


def _is_rest(habit: Habit, up: int, bed: int) -> bool:
    """Getting up and going to bed are the lifestyle's; they are no habits of the day."""
    return "sleep" in habit.activity or "to bed" in habit.activity or not up <= (habit.start or 0) < bed


def _eats_there(habit: Habit, minute: int) -> str:
    """The place of a habit that goes on at this minute and where food is served."""
    served = any(word in habit.place.lower() for word in _EATING)
    return habit.place if served and (habit.start or 0) - 30 <= minute < (habit.end or 0) else ""


def _is_outdoors(place: str) -> bool:
    return any(word in place.lower() for word in ("park", "garden", "green", "meadow", "pond", "square"))


def _is_cafe(place: str) -> bool:
    return any(word in place.lower() for word in ("cafe", "café", "bakery", "tea room"))


def _is_shop(place: str) -> bool:
    return (
        any(word in place.lower() for word in ("shop", "store", "market", "grocer")) and "workshop" not in place.lower()
    )


def _is_gathering(place: str) -> bool:
    return any(re.search(rf"\b{word}\b", place.lower()) for word in _GATHERING)


def _length(habit: Habit) -> int:
    return (habit.end or 0) - (habit.start or 0)


def _rounded(minute: int) -> int:
    return round(minute / SLOT) * SLOT


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)

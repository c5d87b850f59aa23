"""Tasks: how an entry of the day is split, and the place and appearance of each task, among the places offered.

Knows the steps of a few kinds of activities (in English); others are split by the objects of their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mock_llm.choices import choose, number, rating
from mock_llm.prompt import Prompt, clock, mentioned

_SPLIT = re.compile(r'split "(.+)" \((\d\d):(\d\d) to \d\d:\d\d, (\d+) minutes\)')
_ABOUT_TO = re.compile(r"is about to do this: (.+)")
_ROOM = re.compile(r"([^();]+?)(?: \(((?:[^()]|\([^()]*\))*)\))?(?:; |$)")
_PRIVATE = re.compile(r"\b(?:beds?|toilet|shower|bath\w*)\b")
_APART = re.compile(r"at multiples of (\d+) minutes")
_USUAL_MINUTES, _FEWEST, _MOST = 15, 3, 8
_STATES = ("being used", "being looked at", "in good order", "busy right now")


class Step(NamedTuple):
    """A step of a kind of activity, and parts of the names of the objects it needs, the best first."""

    phrase: str
    emoji: str
    things: str = ""


class Spot(NamedTuple):
    """An object in a room of a place; "" in a room without any."""

    place: str
    room: str
    thing: str


_KINDS: dict[str, tuple[Step, ...]] = {
    r"\bready for (?:the day|bed)|winding down|getting up": (
        Step("making the bed", "🛏️", "bed"),
        Step("taking a shower", "🚿", "shower|bath|sink|toilet"),
        Step("brushing teeth", "🪥", "bathroom sink|sink|toilet"),
        Step("laying out clothes", "👕", "closet|wardrobe|bed"),
        Step("putting things in order", "🧺", "desk|table|sofa|shelf"),
    ),
    r"\b(?:breakfast|lunch|dinner|supper|eat|eats|eating|meal)\b": (
        Step("choosing something to eat", "🍞", "refrigerator|counter|stove|table"),
        Step("setting the table", "🍽️", "table|seating|counter"),
        Step("enjoying the food", "🍲", "table|seating|counter"),
        Step("drinking a cup of tea", "🍵", "table|seating|counter"),
        Step("clearing the dishes", "🧼", "kitchen sink|table|counter|seating"),
    ),
    r"\b(?:walk|walks|walking|park|pond|gardens?|break)\b": (
        Step("strolling along the path", "🌳", "bench|table|seat|notice"),
        Step("watching the birds", "🐦", "bench|pond|seat|table"),
        Step("sitting down for a while", "🪑", "bench|seat|table|chair"),
        Step("looking at the trees", "🍃", "bench|table|stage|swing"),
    ),
    r"\b(?:read|reads|reading|study|studying|library|books?|letters)\b": (
        Step("looking for a book", "📚", "shel"),
        Step("reading a chapter", "📖", "table|sofa|desk|chair"),
        Step("taking notes", "📝", "table|desk"),
        Step("looking something up", "🔎", "archive|shel|map|desk|table"),
    ),
    r"\b(?:evening|spending time|meeting|attending|hosting|appointment|neighbou?rs)\b": (
        Step("ordering a drink", "🍺", "^bar|counter|table"),
        Step("sitting down with the others", "🪑", "seat|table|bench"),
        Step("listening to the others", "👂", "seat|table|bench|bar"),
        Step("looking around for friends", "👀", "counter|seat|table|bench"),
        Step("playing a game", "🎯", "dart|table|seat|bench"),
    ),
    r"\b(?:tidying|cleaning|errands?|shopping|shops|buying|buys|resting|rests)\b": (
        Step("making a list", "📝", "desk|table|counter"),
        Step("looking through the shelves", "🧺", "shel|stand|closet|refrigerator"),
        Step("putting everything away", "📦", "closet|refrigerator|shel|crate|counter"),
    ),
}
_WORK = (
    Step("getting things ready {at}", "🧰"),
    Step("working {at}", "🔧"),
    Step("taking a closer look {at}", "🔎"),
    Step("writing something down {at}", "📝"),
    Step("tidying up {at}", "🧹"),
)


def split(prompt: Prompt) -> dict[str, Any]:
    """Tasks that fill the entry, each with its place."""
    if not (found := _SPLIT.search(prompt.task)):
        return {}
    activity, start, minutes = found[1], int(found[2]) * 60 + int(found[3]), int(found[4])
    seed = (prompt.name, prompt.today, start, activity)
    spots = _within(prompt, activity)
    apart = _APART.search(prompt.task)
    mark = int(apart[1]) if apart else 5
    steps = _some(_steps(activity), minutes, mark, seed)
    rows = []
    for step, begins in zip(steps, _starts(len(steps), minutes, mark, seed), strict=True):
        spot = _best(spots, step, (*seed, step.phrase))
        task = step.phrase.format(at=_at(spot)).strip()
        rows.append({"start": clock(start + begins), "task": task, **_shown(prompt, task, step, spot)})
    return {"tasks": rows}


def action(prompt: Prompt) -> dict[str, Any]:
    """The place and appearance of a single action."""
    found = _ABOUT_TO.search(prompt.task)
    activity = found[1].strip() if found else ""
    whole, _, task = activity.removesuffix(")").partition(" (")
    step = next((step for steps in _KINDS.values() for step in steps if step.phrase == task), _steps(activity)[0])
    return _shown(prompt, task or whole, step, _best(_within(prompt, activity), step, (prompt.name, activity)))


def _shown(prompt: Prompt, task: str, step: Step, spot: Spot | None) -> dict[str, Any]:
    return {
        **({"place": ": ".join(filter(None, spot))} if spot else {}),
        "emoji": step.emoji,
        "object": task,
        "thing_state": choose(_STATES, task, *(spot or ())),
        "poignancy": rating(f"{prompt.name} is {task}", prompt.name),
        "thing_poignancy": 1,
    }


def _steps(activity: str) -> tuple[Step, ...]:
    return next((steps for words, steps in _KINDS.items() if re.search(words, activity, re.I)), _WORK)


def _some(steps: Sequence[Step], minutes: int, mark: int, seed: tuple[object, ...]) -> list[Step]:
    """As many steps as the time allows, in order."""
    count = min(len(steps), max(_FEWEST, min(_MOST, minutes // _USUAL_MINUTES)), max(1, minutes // mark))
    ranked = sorted(range(len(steps)), key=lambda at: number(1 << 30, *seed, at))
    return [steps[at] for at in sorted(ranked[:count])]


def _starts(count: int, minutes: int, mark: int, seed: tuple[object, ...]) -> list[int]:
    """The starts of the steps, on marks after the start: even shares, moved by one mark if possible."""
    share = minutes / count
    moves = [mark * (number(3, *seed, "move", at) - 1) if share >= 4 * mark else 0 for at in range(count)]
    return [0] + [int(at * share) // mark * mark + moves[at] for at in range(1, count)]


def _within(prompt: Prompt, activity: str) -> list[Spot]:
    """The spots of the place that the activity names; of the home if it names none."""
    spots = list(_offered(prompt))
    place = mentioned(activity, (spot.place for spot in spots)) or prompt.home[0]
    own = [spot for spot in spots if "'s " not in spot.room or spot.room in prompt.home or prompt.name in spot.room]
    return [spot for spot in own if spot.place == place] or spots


def _offered(prompt: Prompt) -> Iterator[Spot]:
    after = prompt.text.partition('"place: room (things); room (things)":\n')[2].partition("\n\n")[0]
    for line in filter(None, after.split("\n")):
        place, _, rooms = line.removeprefix("- ").partition(": ")
        for room in _ROOM.finditer(rooms):
            yield from (Spot(place, room[1].strip(), thing) for thing in (room[2].split(", ") if room[2] else [""]))


def _best(spots: Sequence[Spot], step: Step, seed: tuple[object, ...]) -> Spot | None:
    """The spot for a step: with the first object that it needs, else any object that is not private."""
    for part in filter(None, step.things.split("|")):
        if fitting := [spot for spot in spots if re.search(part, spot.thing)]:
            return choose([spot for spot in fitting if not spot.thing.startswith("behind ")] or fitting, *seed)
    shared = [spot for spot in spots if spot.thing and not _PRIVATE.search(f"{spot.room} {spot.thing}")]
    return choose(shared or spots, *seed) if spots else None


def _at(spot: Spot | None) -> str:
    thing = spot.thing or spot.room if spot else ""
    return thing if not thing or thing.startswith("behind ") else f"at the {thing}"

"""Tasks: how an entry of the day is split, where each task takes place among the places offered, and how it shows.

Knows what is done at a few kinds of activities (in English); any other is split by the things of the place where it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from mock_llm.hashing import choose, number
from mock_llm.prompt import Prompt, clock
from mock_llm.ratings import rating

_SPLIT = re.compile(r'split "(.+)" \((\d\d):(\d\d) to \d\d:\d\d, (\d+) minutes\)')
_ABOUT_TO = re.compile(r"is about to do this: (.+)")
_ROOM = re.compile(r"([^();]+?)(?: \(((?:[^()]|\([^()]*\))*)\))?(?:; |$)")
_PRIVATE = re.compile(r"\b(?:beds?|toilet|shower|bath\w*)\b")
_AT_HOME = re.compile(r"\b(?:home|house)\b")
STEP, _USUAL, _FEWEST, _MOST = 5, 15, 3, 8
_STATES = ("being used", "being looked at", "in good order", "busy right now")
_DOING = "🙂"


class Spot(NamedTuple):
    """A thing in a room of a place; the thing is empty in a room without any."""

    place: str
    room: str
    thing: str

    def __str__(self) -> str:
        return ": ".join(filter(None, self))


class Step(NamedTuple):
    """What is done at a kind of activity, and parts of the names of the things that it takes."""

    phrase: str
    things: str = ""
    emoji: str = _DOING


class Kind(NamedTuple):
    """Activities that are split in the same way."""

    words: str
    steps: tuple[Step, ...]


_KINDS = (
    Kind(
        r"\bready for (?:the day|bed)|winding down|getting up",
        (
            Step("making the bed", "bed", "🛏️"),
            Step("taking a shower", "shower|bath|sink|toilet", "🚿"),
            Step("brushing teeth", "bathroom sink|sink|toilet", "🪥"),
            Step("laying out clothes", "closet|wardrobe|bed", "👕"),
            Step("putting things in order", "desk|table|sofa|shelf", "🧺"),
            Step("sitting quietly for a moment", "sofa|chair|desk|table", "🛋️"),
        ),
    ),
    Kind(
        r"\b(?:breakfast|lunch|dinner|supper|eat|eating|meal)\b",
        (
            Step("choosing something to eat", "refrigerator|counter|stove|table", "🍞"),
            Step("setting the table", "table|seating|counter", "🍽️"),
            Step("eating slowly", "table|seating|counter", "🍲"),
            Step("drinking a cup of tea", "table|seating|counter", "🍵"),
            Step("having something sweet", "table|seating|counter", "🍰"),
            Step("clearing the dishes", "kitchen sink|table|counter|seating", "🧼"),
        ),
    ),
    Kind(
        r"\b(?:walk|walking|park|pond|gardens?|break)\b",
        (
            Step("strolling along the path", "bench|table|seat|patch|notice", "🌳"),
            Step("watching the birds", "bench|pond|seat|table", "🐦"),
            Step("sitting down for a while", "bench|seat|table|chair", "🪑"),
            Step("looking at the trees", "bench|table|stage|swing", "🍃"),
            Step("greeting people who pass by", "bench|stage|seat|table", "👋"),
            Step("listening to the wind", "stage|bench|table", "🍂"),
        ),
    ),
    Kind(
        r"\b(?:read|reads|reading|study|studying|library|book|books|letters)\b",
        (
            Step("looking for a book", "shel", "📚"),
            Step("reading a chapter", "table|sofa|desk|chair", "📖"),
            Step("taking notes", "table|desk", "📝"),
            Step("looking something up", "archive|shel|map|desk|table", "🔎"),
            Step("copying out a passage", "desk|table", "✍️"),
            Step("putting a book back", "shel", "📚"),
            Step("thinking about a page", "table|sofa|desk|chair", "💭"),
        ),
    ),
    Kind(
        r"\b(?:evening|meeting|attending|hosting|appointment|guests|neighbou?rs)\b",
        (
            Step("ordering a drink", "^bar|counter|table", "🍺"),
            Step("sitting down with the others", "seat|table|bench", "🪑"),
            Step("listening to the talk", "seat|table|bench|bar", "👂"),
            Step("looking around for friends", "counter|seat|table|bench", "👀"),
            Step("playing a game", "dart|table|seat|bench", "🎯"),
            Step("humming a song", "stage|piano|seat|table|bench", "🎶"),
        ),
    ),
    Kind(
        r"\b(?:tidying|cleaning|errands?|shopping|buying|resting)\b",
        (
            Step("making a list", "desk|table|counter", "📝"),
            Step("looking through the shelves", "shel|stand|closet|refrigerator", "🧺"),
            Step("picking out what is needed", "stand|shel|counter|closet|table", "🥕"),
            Step("wiping the table", "table|counter|stove", "🧽"),
            Step("taking a rest", "sofa|chair|seat|bench|desk", "🛋️"),
            Step("putting everything away", "closet|refrigerator|shel|crate|counter", "📦"),
        ),
    ),
)
_WORK = (
    Step("getting things ready {at}", emoji="🧰"),
    Step("working {at}", emoji="🔧"),
    Step("helping somebody {at}", emoji="🤝"),
    Step("taking a closer look {at}", emoji="🔎"),
    Step("writing something down {at}", emoji="📝"),
    Step("trying something new {at}", emoji="💡"),
    Step("going on {at}", emoji="⏳"),
    Step("tidying up {at}", emoji="🧹"),
)


def split(prompt: Prompt) -> dict[str, Any]:
    """Tasks that fill the entry, each with where it takes place."""
    found = _SPLIT.search(prompt.task)
    if not found:
        return {}
    activity, start, minutes = found[1], int(found[2]) * 60 + int(found[3]), int(found[4])
    spots = _within(prompt, activity)
    seed = (prompt.name, prompt.today, start, activity)
    rows = []
    for step, begins in zip(_steps(activity, minutes, seed), _starts(minutes, seed), strict=False):
        spot = _best(spots, step, (*seed, step.phrase))
        task = step.phrase.format(at=_at(spot))
        rows.append({"start": clock(start + begins), "task": task, **_shown(prompt, task, step.emoji, spot)})
    return {"tasks": rows}


def action(prompt: Prompt) -> dict[str, Any]:
    """Where a single action takes place, and how it shows."""
    found = _ABOUT_TO.search(prompt.task)
    activity = found[1].strip() if found else ""
    whole, _, task = activity.removesuffix(")").partition(" (")
    steps = [step for kind in _KINDS for step in kind.steps if step.phrase == task] or _kind_of(activity)
    spot = _best(_within(prompt, activity), steps[0], (prompt.name, activity))
    return _shown(prompt, task or whole, steps[0].emoji, spot)


def _shown(prompt: Prompt, task: str, emoji: str, spot: Spot | None) -> dict[str, Any]:
    state = choose(_STATES, task, *(spot or ()))
    return {
        **({"place": str(spot)} if spot else {}),
        "emoji": emoji,
        "predicate": "is",
        "object": task,
        "thing_state": state,
        "poignancy": rating(f"{prompt.name} is {task}", prompt.name),
        "thing_poignancy": 1,
    }


def _kind_of(activity: str) -> tuple[Step, ...]:
    return next((kind.steps for kind in _KINDS if re.search(kind.words, activity)), _WORK)


def _steps(activity: str, minutes: int, seed: tuple[object, ...]) -> list[Step]:
    """As many steps as the time allows, in their own order."""
    steps = _kind_of(activity)
    count = min(len(steps), max(_FEWEST, min(_MOST, minutes // _USUAL)), max(1, minutes // STEP))
    ranked = sorted(range(len(steps)), key=lambda at: number(1 << 30, *seed, at))
    return [steps[at] for at in sorted(ranked[:count])]


def _starts(minutes: int, seed: tuple[object, ...]) -> list[int]:
    """When each step begins, in minutes after the start: even shares, moved by five minutes where there is room."""
    count = len(_steps(seed[-1], minutes, seed))
    share = minutes / count
    moves = [STEP * (number(3, *seed, "move", at) - 1) if share >= 4 * STEP else 0 for at in range(count)]
    return [0] + [int(at * share) // STEP * STEP + moves[at] for at in range(1, count)]


# Places


def _within(prompt: Prompt, activity: str) -> list[Spot]:
    """The spots of the place that the activity names; without one those at home, where there is a home."""
    spots = list(_offered(prompt))
    named = [spot.place for spot in spots if spot.place.casefold() in activity.casefold()]
    place = max(named, key=len, default=prompt.home[0])
    if _AT_HOME.search(activity) and not named:
        place = prompt.home[0]
    return [spot for spot in spots if spot.place == place and not _is_anothers(spot, prompt)] or spots


def _offered(prompt: Prompt) -> list[Spot]:
    heading = f'Places {prompt.name} can use, as "place: room (things); room (things)":'
    after = prompt.text.partition(heading + "\n")[2].partition("\n\n")[0]
    rows = (line.removeprefix("- ").partition(": ") for line in after.split("\n") if line)
    return [
        Spot(place, room[1].strip(), thing)
        for place, _, rooms in rows
        for room in _ROOM.finditer(rooms)
        for thing in (room[2].split(", ") if room[2] else [""])
    ]


def _is_anothers(spot: Spot, prompt: Prompt) -> bool:
    return "'s " in spot.room and spot.room != prompt.home[1] and prompt.name not in spot.room


def _best(spots: Sequence[Spot], step: Step, seed: tuple[object, ...]) -> Spot | None:
    """The spot for a step: with the first thing that it takes, else any thing that is not private."""
    wanted = step.things.split("|") if step.things else []
    for part in wanted:
        if fitting := [spot for spot in spots if re.search(part, spot.thing)]:
            staff = [spot for spot in fitting if not spot.thing.startswith("behind ")]
            return choose(staff or fitting, *seed)
    shared = [spot for spot in spots if spot.thing and not _PRIVATE.search(f"{spot.room} {spot.thing}")]
    return choose(shared or spots, *seed) if spots else None


def _at(spot: Spot | None) -> str:
    thing = spot.thing or spot.room if spot else ""
    if not thing or not thing.isascii():
        return thing and f"({thing})"
    return thing.replace("behind ", "behind ", 1) if thing.startswith("behind ") else f"at the {thing}"

"""Where the stand-in lets an action take place, and how that shows: place, room, thing, emoji, statement.

Knows how well words fit words; which acts want which things, and how things look in use, stands in `place_words`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from stand_in.english import first_name
from stand_in.place_names import mentioned_place
from stand_in.place_words import ACTS, AT_HOME, MANY_THINGS, OTHER_ACT, OTHER_THING, THINGS, Act
from stand_in.prompt import Prompt, choose, number

_TASK = re.compile(r"^(?P<whole>.*?) \((?P<task>.+)\)$")
_STAFF = r"\b(?:behind|work(?:s|ing)?|serving|tending|opening|closing|running)\b"
_AND_PLACE = re.compile(r"\s+(?:at|in|on|by|beside|behind|from|into|with)\s+.*$")

# What speaks for a spot within a place; the room one is in is a tie-breaker.
_ACT, _NAMED_THING, _SAME_ROOM = 40.0, 30.0, 5.0
# What is used for one thing only: nobody eats, rests or writes there for want of something better.
_BATHROOM = re.compile(r"\b(?:toilet|restroom|shower|bath\w*|washbasin)\b")
_BED = re.compile(r"\bbeds?\b")


class Spot(NamedTuple):
    """A thing in a room of a place; the thing is empty in a room without any."""

    place: str
    room: str
    thing: str


class _Wish(NamedTuple):
    """What an action asks of a spot within a place."""

    name: str
    text: str
    task: str
    act: Act
    here: tuple[str, str]


def action(prompt: Prompt) -> dict[str, Any]:
    """The spot offered that fits the action best, and how the action shows there."""
    wanted = prompt.said["action"].rstrip()
    found = _TASK.match(wanted)
    task = found["task"] if found else wanted
    wish = _Wish(prompt.name, wanted.lower(), task.lower(), _act(task, wanted), _here(prompt))
    spot = _best(wish, _within_reach(wish, wanted, _spots(prompt)))
    predicate, thing = _statement(task)
    state, sign = _in_use(spot.thing, prompt.name, wanted)
    return {
        "place": spot.place,
        "room": spot.room,
        "thing": spot.thing,
        "emoji": wish.act.emoji,
        "predicate": predicate,
        "object": thing,
        "thing_state": state,
        "thing_emoji": sign,
    }


def _act(task: str, wanted: str) -> Act:
    """The kind of the task, else of the whole action."""
    return next((act for text in (task, wanted) for act in ACTS if re.search(act.words, text)), OTHER_ACT)


def _spots(prompt: Prompt) -> list[Spot]:
    spots = []
    for line in prompt.statements(f"Places {prompt.name} can use:"):
        where, _, things = line.partition(": ")
        place, _, room = where.partition(" > ")
        spots += [Spot(place.strip(), room.strip().rstrip(":"), thing) for thing in (things or "").split(", ")]
    return spots


def _here(prompt: Prompt) -> tuple[str, str]:
    """The place and the room one is in."""
    head = f"{prompt.name} is now at: "
    line = next((line[len(head) :] for line in prompt.text.splitlines() if line.startswith(head)), "")
    parts = re.split(r" > |:", line)
    return parts[0], parts[-1]


def _within_reach(wish: _Wish, wanted: str, spots: list[Spot]) -> list[Spot]:
    """The spots of the place that is asked for: home, a named place, else where one is; all when there is none."""
    homes = _homes(wish.name, spots)
    if re.search(r"\bat home\b", wish.text) or re.search(AT_HOME, wish.task):
        places = homes
    else:
        places = {mentioned_place(wanted, dict.fromkeys(spot.place for spot in spots if spot.place not in homes))}
    return (
        [spot for spot in spots if spot.place in places]
        or [spot for spot in spots if spot.place == wish.here[0]]
        or spots
    )


def _homes(name: str, spots: list[Spot]) -> frozenset[str]:
    """The places where one may live: those that bear the name, else those with a bed."""
    whose = re.compile(rf"\b(?:{re.escape(name)}|{re.escape(first_name(name))})['’]")
    own = {spot.place for spot in spots if name and (whose.search(spot.place) or whose.search(spot.room))}
    return frozenset(own or {spot.place for spot in spots if "bed" in spot.thing.lower().split()})


def _best(wish: _Wish, spots: list[Spot]) -> Spot:
    """The spot that fits best; of equals the same one for the same action."""
    return max(
        spots,
        default=Spot("", "", ""),
        key=lambda spot: (_fitness(wish, spot), number(1 << 30, wish.name, wish.text, *spot)),
    )


def _fitness(wish: _Wish, spot: Spot) -> float:
    thing, room = spot.thing.lower(), spot.room.lower()
    wanted = next((rank for rank, words in enumerate(wish.act.things) if re.search(words, thing)), None)
    staff_only = thing.startswith("behind ") and not re.search(_STAFF, wish.text)
    return (
        (_ACT - 2 * wanted if wanted is not None else 0)
        + _NAMED_THING * _share(thing, wish.task)
        + _NAMED_THING / 2 * (_share(room, wish.task) + any(word in room for word in wish.act.rooms))
        + _SAME_ROOM * ((spot.place, spot.room) == wish.here)
        + _own_room(wish.name, spot.room)
        - _ACT * (not thing or staff_only)
        - _misuse(wish, thing, room, wanted is not None)
    )


def _misuse(wish: _Wish, thing: str, room: str, is_wanted: bool) -> float:
    """How much speaks against a thing that is made for something else; a bed may be sat on, a toilet may not."""
    if is_wanted or thing and re.search(rf"\b{re.escape(thing)}\b", wish.task):
        return 0.0
    if _BATHROOM.search(thing) or _BATHROOM.search(room):
        return 4 * _ACT
    return _ACT * bool(_BED.search(thing))


def _share(name: str, text: str) -> float:
    """Which part of the words of a name a text has."""
    words = re.findall(r"\b(?!the\b|of\b)\w+", name)
    return sum(bool(re.search(rf"\b{re.escape(word)}\b", text)) for word in words) / len(words) if words else 0.0


def _own_room(name: str, room: str) -> float:
    """One's own room before a nameless one before somebody else's."""
    if name and (name in room or f"{first_name(name)}'s" in room):
        return _NAMED_THING
    return -2 * _ACT if re.search(r"^[A-Z]\w+.*['’]s ", room) else 0.0


def _statement(task: str) -> tuple[str, str]:
    """`is frying`, `eggs` of `frying eggs on the stove`; `is`, `resting` of `resting`."""
    verb, _, rest = task.strip().rstrip(".").partition(" ")
    if not verb.endswith("ing"):
        return "is", task
    thing = _AND_PLACE.sub("", f" {rest}").strip() or rest
    return (f"is {verb}", thing) if thing else ("is", verb)


def _in_use(thing: str, name: str, wanted: str) -> tuple[str, str]:
    if re.search(r"[^s]s$", thing):
        return MANY_THINGS
    looks = next((looks for words, looks in THINGS if any(word in thing.lower() for word in words)), OTHER_THING)
    return choose(looks, thing, name, wanted)

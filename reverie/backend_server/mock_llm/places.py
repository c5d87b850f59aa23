"""Where the mock model lets an action take place, and how that shows: place, room, thing, emoji, statement, weight.

Knows how well words fit words; which acts want which things, and how things look in use, stands in `place_words`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from mock_llm.offers import Offer, Spot, words_of
from mock_llm.place_names import mentioned_place
from mock_llm.place_words import ACTS, AT_HOME, MANY_THINGS, OTHER_ACT, OTHER_THING, THINGS, Act
from mock_llm.prompt import Prompt, choose, number
from mock_llm.thoughts import rating

_TASK = re.compile(r"^(?P<whole>.*?) \((?P<task>.+)\)$")
_STAFF = re.compile(r"\b(?:behind|work(?:s|ing)?|serving|tending|opening|closing|running)\b")
_AND_PLACE = re.compile(r"\s+(?:at|in|on|by|beside|behind|from|into|with)\s+.*$")
_IS_AT_HOME = re.compile(r"\bat home\b")
_WORD = re.compile(r"\w+")
_PLURAL = re.compile(r"[^s]s$")

# What speaks for a spot within a place; the room one is in is a tie-breaker.
_ACT, _NAMED_THING, _OWN_ROOM, _SAME_ROOM = 40.0, 30.0, 6.0, 5.0
# What is used for one thing only: nobody eats, rests or writes there for want of something better.
_BATHROOM = re.compile(r"\b(?:toilet|restroom|shower|bath\w*|washbasin)\b")
_BED = re.compile(r"\bbeds?\b")
_KNOWN_TASKS = 4096

Here = tuple[str, str]


class _Wish(NamedTuple):
    """What an action asks of a spot within a place; texts and words in small letters."""

    text: str
    task: str
    task_words: frozenset[str]
    act: Act
    by_staff: bool
    here: Here


def action(prompt: Prompt) -> dict[str, Any]:
    """The spot offered that fits the action best, and how the action shows there."""
    return shown(prompt.said["action"].rstrip(), Offer.of(prompt), here(prompt))


def here(prompt: Prompt) -> Here:
    """The place and the room one is in."""
    head = f"{prompt.name} is now at: "
    line = next((line[len(head) :] for line in prompt.lines if line.startswith(head)), "")
    place, _, room = line.partition(" > ")
    return place, room.partition(" > ")[0]


def shown(wanted: str, offer: Offer, here: Here) -> dict[str, Any]:
    """How an action shows: where it takes place, for somebody who is `here` before it, and what is seen of it."""
    found = _TASK.match(wanted)
    task = found["task"] if found else wanted
    wish = _wish(task, wanted, here)
    spot = _best(wish, _within_reach(wish, wanted, offer), offer)
    predicate, thing = _statement(task)
    state, sign = _in_use(spot.thing, offer.name, wanted)
    return {
        "place": ": ".join(filter(None, spot)),
        "emoji": wish.act.emoji,
        "predicate": predicate,
        "object": thing,
        "thing_state": state,
        "thing_emoji": sign,
        "poignancy": rating(f"{offer.name} is {wanted}", offer.name),
        "thing_poignancy": rating(f"{spot.thing} is {state}", offer.name),
    }


def _wish(task: str, wanted: str, here: Here) -> _Wish:
    small = task.lower()
    act = _act(task) or _act(wanted) or OTHER_ACT
    by_staff = bool(_STAFF.search(wanted.lower()))
    return _Wish(wanted.lower(), small, frozenset(_WORD.findall(small)), act, by_staff, here)


@lru_cache(maxsize=_KNOWN_TASKS)
def _act(text: str) -> Act | None:
    """The kind of act that a text speaks of."""
    return next((act for act in ACTS if act.words.search(text)), None)


def _within_reach(wish: _Wish, wanted: str, offer: Offer) -> tuple[Spot, ...]:
    """The spots of the place that is asked for: home, a named place, else where one is; all when there is none."""
    if _IS_AT_HOME.search(wish.text) or AT_HOME.search(wish.task):
        named = offer.within(*offer.homes)
    else:
        named = offer.within(mentioned_place(wanted, offer.abroad))
    return named or offer.within(wish.here[0]) or offer.spots


def _best(wish: _Wish, spots: tuple[Spot, ...], offer: Offer) -> Spot:
    """The spot that fits best; of equals the same one for the same action."""
    fitness = [_fitness(wish, spot, offer) for spot in spots]
    equals = [spot for spot, fits in zip(spots, fitness, strict=True) if fits == max(fitness)]
    return max(equals, default=Spot("", "", ""), key=lambda spot: number(1 << 30, offer.name, wish.text, *spot))


def _fitness(wish: _Wish, spot: Spot, offer: Offer) -> float:
    thing, room = spot.thing.lower(), spot.room.lower()
    wanted = next((rank for rank, words in enumerate(wish.act.things) if words in thing), None)
    of_staff = thing.startswith("behind ") and not wish.by_staff
    return (
        (_ACT - 2 * wanted if wanted is not None else 0)
        + _NAMED_THING * _share(spot.thing, wish.task_words)
        + _NAMED_THING / 2 * (_share(spot.room, wish.task_words) + any(word in room for word in wish.act.rooms))
        + _SAME_ROOM * ((spot.place, spot.room) == wish.here)
        + _belonging(wish, spot, offer)
        - _ACT * (not thing or of_staff)
        - _misuse(wish, thing, room, wanted is not None)
    )


def _belonging(wish: _Wish, spot: Spot, offer: Offer) -> float:
    """One's own room before a nameless one before somebody else's; one that does not bear the name is for the night."""
    if offer.bears_the_name(spot):
        return _NAMED_THING
    if (spot.place, spot.room) == offer.home:
        return _NAMED_THING if "bedroom" in wish.act.rooms else _OWN_ROOM
    return -2 * _ACT if offer.is_somebody_elses(spot) else 0.0


def _misuse(wish: _Wish, thing: str, room: str, is_wanted: bool) -> float:
    """How much speaks against a thing that is made for something else."""
    against = _made_for_one_thing(thing, room)
    asked_for = is_wanted or thing and thing in wish.task and words_of(thing) <= wish.task_words
    return 0.0 if not against or asked_for else against


@lru_cache(maxsize=_KNOWN_TASKS)
def _made_for_one_thing(thing: str, room: str) -> float:
    """How badly a thing does for other ends: a bed may be sat on, a toilet may not."""
    if _BATHROOM.search(thing) or _BATHROOM.search(room):
        return 4 * _ACT
    return _ACT if _BED.search(thing) else 0.0


def _share(name: str, words: frozenset[str]) -> float:
    """Which part of the words of a name is among the words."""
    own = words_of(name)
    return len(own & words) / len(own) if own else 0.0


def _statement(task: str) -> tuple[str, str]:
    """`is frying`, `eggs` of `frying eggs on the stove`; `is`, `resting` of `resting`."""
    verb, _, rest = task.strip().rstrip(".").partition(" ")
    if not verb.endswith("ing"):
        return "is", task
    thing = _AND_PLACE.sub("", f" {rest}").strip() or rest
    return (f"is {verb}", thing) if thing else ("is", verb)


def _in_use(thing: str, name: str, wanted: str) -> tuple[str, str]:
    return MANY_THINGS if _PLURAL.search(thing) else choose(_looks(thing.lower()), thing, name, wanted)


@lru_cache(maxsize=_KNOWN_TASKS)
def _looks(thing: str) -> tuple[tuple[str, str], ...]:
    """How a thing may look in use."""
    return next((looks for words, looks in THINGS if any(word in thing for word in words)), OTHER_THING)

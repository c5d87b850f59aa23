"""The place of an action: one of the spots offered ("place: room: thing"), and whether the activity is possible there.

Knows names and the uses of rooms and objects; not where an answer came from. Words for rooms are English; in towns with
others, only names count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from persona.memory_structures.places import Places
from persona.memory_structures.schedule import is_sleep
from persona.memory_structures.word_index import words
from persona.prompt_template import parsers
from persona.prompt_template.parsers import ParseError

_HOME = re.compile(r"\b(?:home|house)\b", re.IGNORECASE)
_MEAL = re.compile(r"\b(?:eat|breakfast|lunch|dinner|supper|meal|cook|drink|coffee|tea|bak)", re.IGNORECASE)
_WASHING = re.compile(r"\b(?:wash|shower|bath|brush|toilet|shav|ready|dress|clean|freshen)", re.IGNORECASE)
_BED = re.compile(r"\b(?:beds?|bett|cama|letto|кровать)\b|سرير|床|ベッド|布団|침대", re.IGNORECASE)
_BATHROOM = re.compile(r"\b(?:bath|bathroom|shower|toilet|restroom|bathtub)\b", re.IGNORECASE)
_FOR_MEALS = re.compile(r"\b(?:kitchen|stove|table|counter|seating|refrigerator|oven|cafe)", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:table|counter|seating|stove)", re.IGNORECASE)
# The words before a place where something is done: "talking about the library" is not done there.
_AT = r"(?:at|in|into|inside|to|on|near|by|around|through|outside|behind) (?:the )?"
_INSIDE, _INSIDE_THE = r"(?:at|in|inside) (?:the )?", r"(?:at|in|inside) the "
# The same in Chinese and Arabic, and the words after the name in Japanese and Korean.
_AT_BEFORE, _AT_AFTER = r"(?:[在去到往回]|(?:في|إلى) )", r"(?:で|に|へ|에서|에|으로|로)"
_LABELS = ("place", "room")  # "room: closet": in the position of a place
_PART_END = re.compile(r"\s*(?:[:：>]|->)\s*")


class Spot(NamedTuple):
    """A sector, an arena in it, and an object there; None in a room without any."""

    sector: str
    arena: str
    thing: str | None


def offered(places: Places) -> list[Spot]:
    """Every spot offered."""
    return [
        Spot(sector, arena, thing)
        for sector in places.sectors()
        for arena in places.arenas(sector)
        for thing in (places.objects(sector, arena) or (None,))
    ]


def where(places: Places, activity: str) -> Places:
    """The offered places that an activity names as its place; all of them if that is uncertain."""
    named = _named(activity, places, _INSIDE)
    return places.only(named) if named and _named(activity, places) <= named else places


def as_text(spot: Spot) -> str:
    """`place: room: thing`, as answers name a spot."""
    return ": ".join(part for part in spot if part)


def spot(value: Any, places: Places, activity: str) -> Spot:
    """The spot that an answer means; if it names only a place or a room, the rest is chosen to suit the activity.

    Raises ParseError if no offered place is recognized, or the activity cannot be done there.
    """
    found = _meant(parsers.place_text(value), places, activity)
    if reason := why_not_there(found, places, activity):
        raise ParseError(f"{reason}; was {as_text(found)!r}")
    return found


def fitting(places: Places, activity: str) -> Spot:
    """The spot for an activity, by the names of places, rooms and objects: in a place it names, else at home."""
    home, room = places.home_parts()
    named = _named(activity, places)
    within = [spot for spot in offered(places) if spot.sector in (named or {home})]
    return _best(sorted(within, key=lambda spot: spot[:2] != (home, room)), activity)


def why_not_there(spot: Spot, places: Places, activity: str) -> str | None:
    """Why an activity cannot be done at a spot; None if it can, judging by names."""
    named = _named(activity, places, _AT)
    if named and spot.sector not in named:
        return f"{activity!r} takes place at {' or '.join(sorted(named))}"
    unfit = is_bed(spot) or (_is_bathroom(spot) and not _WASHING.search(activity))
    if unfit and _MEAL.search(activity) and not is_sleep(activity):
        return f"{activity!r} is not done in a {spot.thing}"
    return None


def _meant(text: str, places: Places, activity: str) -> Spot:
    spots = offered(places)
    exact = next((spot for spot in spots if as_text(spot).casefold() == text.strip().casefold()), None)
    if exact:
        return exact
    parts = [part for part in _PART_END.split(text) if part]
    sector = _one_of(parts[:1], places.sectors()) or _sector_of_a_room(parts, places, activity)
    head, home = parts[0] if parts else "", places.home_parts()[0]
    at_home = [spot.thing for spot in spots if spot.sector == home and spot.thing]
    means_home = _HOME.fullmatch(parsers.bare(head)) or (head.casefold() in _LABELS and _one_of(parts[1:], at_home))
    if sector is None and means_home:
        sector = home
    if sector is None:
        raise ParseError(f"the place must be one of the list, letter for letter; was {parsers.shown(text)}")
    of_a_thing = (arena for arena in places.arenas(sector) if _one_of(parts[1:], places.objects(sector, arena)))
    arena = _one_of(parts[1:] or parts, places.arenas(sector)) or next(of_a_thing, None)
    within = [spot for spot in spots if spot.sector == sector and arena in (None, spot.arena)]
    rest = [part for part in parts[1:] if part.casefold() != (arena or "").casefold()]  # no "kitchen sink" of "kitchen"
    thing = _one_of(reversed(rest), [spot.thing for spot in within if spot.thing])
    return _best([spot for spot in within if thing in (None, spot.thing)], activity)


def _sector_of_a_room(parts: Sequence[str], places: Places, activity: str) -> str | None:
    """The place of the first part that is a room: of several, the one in the activity, else the home."""
    rooms = {arena: None for sector in places.sectors() for arena in places.arenas(sector)}
    room = _one_of(parts, list(rooms))
    within = [sector for sector in places.sectors() if room in places.arenas(sector)]
    named, home = _named(activity, places), places.home_parts()[0]
    return max(within, key=lambda sector: (sector in named, sector == home), default=None)


def _one_of(parts: Iterable[str], names: Sequence[str]) -> str | None:
    """The name meant by the first part that is recognized."""
    meant = (parsers.read_or(None, parsers.choice, part, names) for part in parts)
    return next((name for name in meant if name is not None), None)


def _named(activity: str, places: Places, lead: str = "") -> set[str]:
    """The offered places in an activity; the task in "work at the cafe (sweeping at home)" takes precedence.

    Args:
        lead: a pattern that must precede a name.
    """
    whole, _, task = activity.casefold().partition(" (")
    return _names_in(task, places, lead) or _names_in(whole, places, lead)


def _names_in(text: str, places: Places, lead: str) -> set[str]:
    sectors = places.sectors()
    named = {sector for sector in sectors if re.search(_pattern(sector, lead), text)}
    if lead and not named:  # "at the cafe", if there is one; not "to park the car"
        kinds = Counter(map(_kind, sectors))
        only = (name for name in sectors if kinds[_kind(name)] == 1)
        named = {name for name in only if re.search(_pattern(_kind(name), _INSIDE_THE), text)}
    return named | ({places.home_parts()[0]} if re.search(r"\bhome\b", text) else set())


def _kind(sector: str) -> str:
    """The word for the type of a place: "cafe" of "Corner Cafe"."""
    return sector.casefold().rpartition(" ")[2]


def _pattern(name: str, lead: str) -> str:
    """A name as a whole word; scripts without spaces have no word boundaries, and mark places in other ways."""
    small = re.escape(name.casefold())
    if name.isascii():
        return rf"(?<![a-z0-9]){lead}{small}(?![a-z0-9])"
    return rf"{lead}{small}|{_AT_BEFORE}{small}|{small}{_AT_AFTER}" if lead else small


def _best(spots: Sequence[Spot], activity: str) -> Spot:
    """The most suitable spot; of equals the first."""
    return max(spots, key=lambda spot: _fitness(spot, activity))


def _fitness(spot: Spot, activity: str) -> int:
    said = _words(activity)
    named = 3 * len(said & _words(spot.thing or "")) + len(said & _words(spot.arena))
    if is_bed(spot):
        return named + (9 if is_sleep(activity) or _BED.search(activity) else -9)
    if _is_bathroom(spot):
        return named + (2 if _WASHING.search(activity) else -9)
    if _MEAL.search(activity):
        named += 2 * bool(_FOR_MEALS.search(as_text(spot))) + bool(_TABLE.search(spot.thing or ""))
    return named


def is_bed(spot: Spot) -> bool:
    """Whether the object is a bed, judging by its name."""
    return bool(_BED.search(spot.thing or ""))


def _is_bathroom(spot: Spot) -> bool:
    return bool(_BATHROOM.search(spot.thing or ""))


def _words(text: str) -> set[str]:
    return {word[:5] for word in words(text)}

"""The places that a prompt offers, one a line with its rooms and things, and which of them are one's home.

Knows the form of these lines (`- place: room (thing, thing); room (thing)`) and that names may hold brackets of their
own; nothing of acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from mock_llm.english import first_name
from mock_llm.prompt import Prompt

_WORD = re.compile(r"\w+")
_LITTLE_WORDS = frozenset(("the", "of"))
_SOMEBODYS = re.compile(r"^[A-Z]\w+.*['’]s ")
_KNOWN_TOWNS = 256


class Spot(NamedTuple):
    """A thing in a room of a place; the thing is empty in a room without any."""

    place: str
    room: str
    thing: str


@dataclass(frozen=True)
class Offer:
    """The spots that somebody may choose from, and where it lives: the place and the room of its own."""

    name: str
    spots: tuple[Spot, ...]
    home: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, prompt: Prompt) -> Offer:
        """What the prompt offers its persona."""
        lines = prompt.statements(f'Places {prompt.name} can use, as "place: room (things); room (things)":')
        place, _, room = prompt.sheet("Home").partition(" > ")
        return _offer(prompt.name, "\n".join(lines), place, room)

    @cached_property
    def homes(self) -> frozenset[str]:
        """The places where one may live: the one of the sheet, else those that bear the name, else those with a bed."""
        whose = re.compile(rf"\b(?:{re.escape(self.name)}|{re.escape(first_name(self.name))})['’]")
        places = frozenset(spot.place for spot in self.spots)
        own = {spot.place for spot in self.spots if self.name and (whose.search(spot.place) or whose.search(spot.room))}
        beds = {spot.place for spot in self.spots if "bed" in spot.thing.lower().split()}
        return places & {self.home[0]} or frozenset(own or beds)

    @cached_property
    def abroad(self) -> tuple[str, ...]:
        """The names of the other places, in their order."""
        return tuple(dict.fromkeys(spot.place for spot in self.spots if spot.place not in self.homes))

    @cached_property
    def _by_place(self) -> dict[str, tuple[Spot, ...]]:
        return {
            place: tuple(spot for spot in self.spots if spot.place == place)
            for place in dict.fromkeys(spot.place for spot in self.spots)
        }

    def within(self, *places: str) -> tuple[Spot, ...]:
        """The spots of these places, in the order of the prompt."""
        return tuple(spot for place, spots in self._by_place.items() if place in places for spot in spots)

    def bears_the_name(self, spot: Spot) -> bool:
        """Whether the room is named after the persona."""
        return bool(self.name) and (self.name in spot.room or f"{first_name(self.name)}'s" in spot.room)

    def is_somebody_elses(self, spot: Spot) -> bool:
        """Whether the room is named after another."""
        return bool(_SOMEBODYS.search(spot.room)) and not self.bears_the_name(spot)


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The words of a name that tell something, in small letters."""
    return frozenset(_WORD.findall(name.lower())) - _LITTLE_WORDS


@lru_cache(maxsize=_KNOWN_TOWNS)
def _offer(name: str, lines: str, place: str, room: str) -> Offer:
    return Offer(name, tuple(spot for line in lines.split("\n") if line for spot in _spots(line)), (place, room))


def _spots(line: str) -> Iterator[Spot]:
    place, _, rooms = line.partition(": ")
    for described in _split(rooms, ";"):
        room, things = _room_and_things(described)
        yield from (Spot(place.strip(), room, thing) for thing in things or [""])


def _room_and_things(described: str) -> tuple[str, list[str]]:
    """`bed room (old)` and its things of `bed room (old) (bed, desk (oak))`: the last pair of brackets holds them."""
    if not described.endswith(")"):
        return described, []
    depth, start = 0, len(described)
    for start in range(len(described) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(described[start], 0)
        if not depth:
            break
    room = described[:start].rstrip()
    return (room, _split(described[start + 1 : -1], ",")) if room and not depth else (described, [])


def _split(text: str, mark: str) -> list[str]:
    """The parts between the marks that stand in no brackets; between all of them when brackets are left open."""
    if "(" not in text:
        return _stripped(text.split(mark))
    parts, depth = [""], 0
    for letter in text:
        depth = max(0, depth + {"(": 1, ")": -1}.get(letter, 0))
        if letter == mark and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return _stripped(text.split(mark) if depth else parts)


def _stripped(parts: list[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]

"""Places: which of the places it knows a persona may choose for what it is about to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from maze import Maze

if TYPE_CHECKING:
    from persona.persona import Persona

RANDOM = "<random>"
_DWELLING = "house|home|apartment|flat|cottage|room|bedroom|bathroom|kitchen|garden"
_OWNED = re.compile(rf"^(?P<owner>[^'’]+?)(?: family)?['’]s? (?:[\w-]+ )?(?:{_DWELLING})$")


class Places:
    """Known places that are on the map: sector -> arena -> objects, in the map's spelling.

    Args:
        world: name of the world, the first part of every address.
        tree: sector -> arena -> list of objects.
        home: address of the arena the persona lives in.
    """

    def __init__(self, world: str, tree: Mapping[str, Mapping[str, list[str]]], home: str) -> None:
        self.world = world
        self.tree = tree
        self.home = home

    def sectors(self) -> list[str]:
        """Names of the sectors offered."""
        return list(self.tree)

    def arenas(self, sector: str) -> list[str]:
        """Names of the rooms offered in a sector."""
        return list(self.tree[sector])

    def objects(self, sector: str, arena: str) -> list[str]:
        """Names of the things offered in a room; it may have none."""
        return list(self.tree[sector][arena])

    def address(self, sector: str, arena: str, thing: str | None) -> str:
        """The whole address; a room without a thing means any of its tiles."""
        return ":".join((self.world, sector, arena, thing or RANDOM))

    def home_parts(self) -> tuple[str, str]:
        """Sector and arena of the home, or the first place offered when the home is not among them."""
        parts = self.home.split(":")
        if len(parts) > 2 and parts[2] in self.tree.get(parts[1], {}):
            return parts[1], parts[2]
        sector = parts[1] if len(parts) > 1 and parts[1] in self.tree else next(iter(self.tree))
        return sector, next(iter(self.tree[sector]))

    def as_text(self) -> str:
        """One `- sector: room (thing, thing); room (thing)` a line."""
        return "\n".join(
            f"- {sector}: {'; '.join(_with_things(arena, things) for arena, things in arenas.items())}"
            for sector, arenas in self.tree.items()
        )


def _with_things(arena: str, things: list[str]) -> str:
    return f"{arena} ({', '.join(things)})" if things else arena


def in_words(address: str) -> str:
    """`sector > room > thing` for an address, as prompts word places; where there is no sector is the street."""
    parts = [part for part in address.split(":")[1:] if part != RANDOM]
    return " > ".join(parts) or "the street"


def usable_places(persona: Persona, maze: Maze, homes: Mapping[str, str], activity: str) -> Places:
    """The known places that exist on the map, without other people's homes unless the activity names them.

    Args:
        homes: address of the living area of every persona.
        activity: what is about to be done; the name of a person in it opens that person's home.
    """
    scratch = persona.scratch
    home = maze.resolve(scratch.living_area) or scratch.living_area
    closed = _closed(persona.name, home, homes, maze, activity)
    own = {persona.name, *home.split(":")}
    known = (maze.resolve(address) for address in persona.s_mem.addresses())
    tree: dict[str, dict[str, list[str]]] = {}
    for address in dict.fromkeys(filter(None, known)):
        _, *parts = address.split(":")
        strange = any(_is_somebody_elses(part, own, activity) for part in parts[:2])
        if len(parts) >= 2 and not strange and not closed & set(_prefixes(address)):
            things = tree.setdefault(parts[0], {}).setdefault(parts[1], [])
            if len(parts) > 2:
                things.append(parts[2])
    if not tree:
        _, sector, room = _a_room(maze, home).split(":")
        tree[sector] = {room: []}
    return Places(maze.world, tree, home)


def _a_room(maze: Maze, home: str) -> str:
    """Where somebody who knows no place can stay: at home, or in the first room of the map."""
    rooms = [address for address in maze.address_tiles if address.count(":") == 2]
    return home if home in rooms else rooms[0]


def _closed(name: str, home: str, homes: Mapping[str, str], maze: Maze, activity: str) -> set[str]:
    """Homes of the others, unless the activity names somebody who lives there; of a shared one, only their rooms."""
    closed, open_ = set(), {home}
    for other, living_area in homes.items():
        room = maze.resolve(living_area) or living_area
        sector = ":".join(room.split(":")[:2])
        if other == name or _named(other, activity):
            open_ |= {room, sector}
        else:
            closed.add(room if sector in _prefixes(home) else sector)
    return closed - open_


def _prefixes(address: str) -> list[str]:
    """The address and every larger place it lies in."""
    parts = address.split(":")
    return [":".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def _is_somebody_elses(place: str, own: set[str], activity: str) -> bool:
    """Whether a dwelling is named after somebody ("Ann Lee's house") who is neither the persona nor named."""
    match = _OWNED.match(place)
    if not match or place in own or not match["owner"][0].isupper():
        return False
    words = {word for name in own for word in name.split()}
    return not words & set(match["owner"].split()) and not _named(match["owner"], activity)


def _named(person: str, text: str) -> bool:
    """Whether a text names a person by first, last or whole name."""
    return any(re.search(rf"\b{re.escape(part)}\b", text) for part in person.split())

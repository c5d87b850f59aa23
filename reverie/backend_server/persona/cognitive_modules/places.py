"""Places: which of its known places a persona may choose for its next action, and which ones an activity names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from maze import Maze, is_within
from persona.memory_structures import word_index
from persona.memory_structures.places import Places
from persona.mind import Mind

_DWELLING = "house|home|apartment|flat|cottage|room|bedroom|bathroom|kitchen|garden"
_OWNED = re.compile(rf"^(?P<owner>[^'’]+?)(?: family)?['’]s? (?:[\w-]+ )?(?:{_DWELLING})$")
_LEADING = r"(?:,? (?:and|or)|,)?\s*(?<!\w)"
_PREPOSITION = (
    "at|in|to|for|of|from|near|on|by|with|into|inside|outside|behind|beside|around|under|over|next to|in front of"
)
_DETERMINER = "the|a|an|his|her|their|its|my|our"


def usable_places(persona: Mind, maze: Maze, homes: Mapping[str, str], activity: str) -> Places:
    """The known places on the map that are not closed, without other people's homes unless the activity names them.

    Args:
        homes: address of the living area of every persona.
        activity: the next action; a person's name in it allows that person's home.
    """
    scratch = persona.scratch
    home = maze.resolve(scratch.living_area) or scratch.living_area
    closed = _closed(persona.name, home, homes, maze, activity).union(maze.closed)
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


def without_closed(activity: str, maze: Maze) -> str:
    """An activity to be done elsewhere: without the names of closed places ("eating lunch at the cafe")."""
    if maze.closed:
        activity = re.sub(r"\s*\(\W*\)", "", mentions(maze.closed, maze).sub("", activity))
    return " ".join(activity.split()) or "spending the time elsewhere"


def mentions(places: Collection[str], maze: Maze) -> re.Pattern[str]:
    """Finds the names of places, and of their rooms and objects that are nowhere else, with the words before them.

    Args:
        places: one address or more.
    """
    inside = {address: any(is_within(address, place) for place in places) for address in maze.address_tiles}
    elsewhere = {_name(address) for address, is_inside in inside.items() if not is_inside}
    parts = {_name(address) for address, is_inside in inside.items() if is_inside} - elsewhere
    names = sorted(parts.union(map(_name, places)), key=lambda name: (-len(name), name))
    called = "|".join(map(re.escape, names))
    before = rf"{_LEADING}(?:(?:{_PREPOSITION}) )?(?:(?:{_DETERMINER}) )?"
    return re.compile(rf"{before}(?:{called})(?!\w)(?:['’]s)?", re.IGNORECASE)


def _name(address: str) -> str:
    return address.rpartition(":")[2]


def _a_room(maze: Maze, home: str) -> str:
    """A place for a persona that knows none: home, or the first room of the map."""
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
    return any(word_index.names(text, part) for part in person.split())

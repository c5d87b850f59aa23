"""Warnings about inconsistent data of a world and its people, shown when a simulation is opened.

Knows the map and what personas know of it; changes nothing. A simulation runs in spite of these warnings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from maze import Maze
from persona.memory_structures.scratch import Scratch
from persona.persona import Persona

_ROOM = 3  # parts of the address of an arena


def world_warnings(maze: Maze, personas: Mapping[str, Persona]) -> list[str]:
    """One line per inconsistency: first those of the map, then those of its people; [] if there are none."""
    return [*maze.world_warnings, *_spellings(maze, personas), *_strangers(maze, personas)]


def _spellings(maze: Maze, personas: Mapping[str, Persona]) -> Iterator[str]:
    """One line for all names of places that people spell differently from the map."""
    other = dict(pair for persona in personas.values() for pair in _respelt(maze, persona))
    if other:
        theirs, ours = next(iter(other.items()))
        names = "1 place name" if len(other) == 1 else f"{len(other)} place names"
        yield (
            f"People spell {names} differently from the map, in case or spaces only, "
            f"such as {theirs!r} for {ours!r}; the map's spelling is used."
        )


def _respelt(maze: Maze, persona: Persona) -> Iterator[tuple[str, str]]:
    """(name as the persona spells it, name on the map) of each part of an address where they differ."""
    for address in (*persona.s_mem.addresses(), persona.scratch.living_area):
        ours = maze.resolve(address)
        if ours is not None and ours != address:
            pairs = zip(address.split(":"), ours.split(":"), strict=True)
            yield from ((theirs, name) for theirs, name in pairs if theirs != name)


def _strangers(maze: Maze, personas: Mapping[str, Persona]) -> Iterator[str]:
    for name, persona in personas.items():
        if unknown := _not_on_the_map(maze, persona):
            places = "1 place" if len(unknown) == 1 else f"{len(unknown)} places"
            yield f"{name} knows {places} missing from the map, such as {unknown[0]!r}; nobody can go there."
        yield from _home(maze, persona.scratch, name)
        yield from _named(persona.scratch, name)


def _not_on_the_map(maze: Maze, persona: Persona) -> list[str]:
    """The known places that are not on the map, without the places inside them."""
    unknown: list[str] = []
    for address in persona.s_mem.addresses():  # larger before smaller
        is_inside = unknown and address.startswith(f"{unknown[-1]}:")
        if not is_inside and maze.resolve(address) is None:
            unknown.append(address)
    return unknown


def _home(maze: Maze, scratch: Scratch, name: str) -> Iterator[str]:
    home = maze.resolve(scratch.living_area)
    if home is None:
        where = f"at {scratch.living_area!r}, which is not on the map" if scratch.living_area else "nowhere"
        yield f"{name} lives {where}; the first place that {name} knows is used as home."
    elif len(home.split(":")) < _ROOM:
        yield f"{name} lives at {scratch.living_area!r}, which is not a room (world:sector:arena)."


def _named(scratch: Scratch, name: str) -> Iterator[str]:
    if scratch.name != name:
        yield f"The persona that meta.json calls {name!r} is {scratch.name!r} in its own scratch.json."

"""What is odd in the data of a world and its people, in words, for the one who opens a simulation.

Knows the map and what personas say of it; changes nothing, and nothing it finds keeps a simulation from running.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from maze import Maze
from persona.memory_structures.scratch import Scratch
from persona.persona import Persona

_ROOM = 3  # parts of the address of an arena


def world_warnings(maze: Maze, personas: Mapping[str, Persona]) -> list[str]:
    """A line for each thing that does not fit: first those of the map, then those of its people; [] when all fits."""
    return [*maze.world_warnings, *_spellings(maze, personas), *_strangers(maze, personas)]


def _spellings(maze: Maze, personas: Mapping[str, Persona]) -> Iterator[str]:
    """One line for all names of places that people spell in another way than the map."""
    other = dict(pair for persona in personas.values() for pair in _respelt(maze, persona))
    if other:
        theirs, ours = next(iter(other.items()))
        names = "1 name of a place differs" if len(other) == 1 else f"{len(other)} names of places differ"
        yield (
            f"In what people know, {names} from the map only in case or blanks, "
            f"such as {theirs!r} for {ours!r}; the map's spelling counts."
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
            yield f"{name} knows {places} that the map does not have, such as {unknown[0]!r}; nobody can go there."
        yield from _home(maze, persona.scratch, name)
        yield from _named(persona.scratch, name)


def _not_on_the_map(maze: Maze, persona: Persona) -> list[str]:
    """The known places that are nowhere, without what lies inside of them."""
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
        yield f"{name} lives {where}; the first place {name} knows serves as home."
    elif len(home.split(":")) < _ROOM:
        yield f"{name} lives at {scratch.living_area!r}, which is not a room (world:sector:arena)."


def _named(scratch: Scratch, name: str) -> Iterator[str]:
    if scratch.name != name:
        yield f"The persona that meta.json calls {name!r} is {scratch.name!r} in its own scratch.json."

"""Execute: the tiles where an action can take place, the path there, and the next tile."""

from __future__ import annotations

from collections.abc import Mapping

from maze import Maze, Position
from path_finder import PathFinder
from persona.memory_structures.places import RANDOM
from persona.mind import Mind

PERSONA, WAITING = "<persona>", "<waiting>"
MOST_TARGETS = 4


def execute(persona: Mind, maze: Maze, paths: PathFinder, standing: Mapping[str, Position]) -> Position:
    """The tile where the persona stands after this step: the next one on its way, or where it is.

    Args:
        standing: the tiles of the people in sight in this step; needed if the action has no path yet.
    """
    scratch = persona.scratch
    if not scratch.act_path_set:
        scratch.planned_path = _way(persona, maze, paths, standing)
        scratch.act_path_set = True
    if not scratch.planned_path:
        return scratch.tile
    tile, *rest = scratch.planned_path
    scratch.planned_path = tuple(rest)
    return tile


def _way(persona: Mind, maze: Maze, paths: PathFinder, standing: Mapping[str, Position]) -> tuple[Position, ...]:
    here = persona.scratch.tile
    targets = _targets(persona, maze, paths, standing)
    if here in targets:
        return ()
    lengths = paths.distances(here, targets)
    if not lengths:
        return ()
    nearest = min(targets, key=lambda target: lengths.get(target, float("inf")))
    return tuple(paths.path(here, nearest) or ())


def _targets(persona: Mind, maze: Maze, paths: PathFinder, standing: Mapping[str, Position]) -> list[Position]:
    kind, _, rest = persona.scratch.address.partition(" ")
    if kind == PERSONA:
        return _middle(persona.scratch.tile, standing.get(rest), paths)
    if kind == WAITING:
        x, y = rest.split()
        return [(int(x), int(y))]
    return _tiles_of_place(persona, maze, standing)


def _middle(here: Position, there: Position | None, paths: PathFinder) -> list[Position]:
    """The middle of the path to the other persona, so that two who walk to each other meet; a neighbor stays."""
    if there is None or here == there:
        return [here]
    first, last = sorted((here, there))  # the same way for both of them
    way = paths.path(first, last)
    if way is None:
        return [here]
    way = [first, *way]
    middle = len(way) // 2
    return [way[middle - 1] if here == first else way[middle]]


def _tiles_of_place(persona: Mind, maze: Maze, standing: Mapping[str, Position]) -> list[Position]:
    """Up to four tiles of the address, chosen at random, without occupied tiles if there are free ones."""
    address = persona.scratch.address
    place, _, thing = address.rpartition(":")
    of_place = maze.address_tiles.get(place if thing == RANDOM else address, ())
    tiles = [tile for tile in of_place if not maze.tile(tile).collision]
    generator = persona.generator("target tiles")
    if thing == RANDOM:
        return generator.sample(tiles, 1) if tiles else []
    taken = {tile for name, tile in standing.items() if name != persona.name}
    chosen = generator.sample(tiles, min(MOST_TARGETS, len(tiles)))
    return [tile for tile in chosen if tile not in taken] or chosen

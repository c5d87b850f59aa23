"""The path finder: shortest paths on free tiles, the same ones each time."""

from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from path_finder import PathError, PathFinder


def finder(*rows: str) -> PathFinder:
    """A path finder on a drawn map: "#" is blocked."""
    tiles = [[SimpleNamespace(collision=mark == "#") for mark in row] for row in rows]
    drawn: Any = SimpleNamespace(width=len(rows[0]), height=len(rows), tiles=tiles)
    return PathFinder(drawn)


def steps_by_plain_search(rows, start, target):
    """The number of steps on the free tiles and the two ends, or None: slow and simple, for comparison."""
    open_tiles = {(x, y) for y, row in enumerate(rows) for x, mark in enumerate(row) if mark != "#"}
    open_tiles |= {start, target}
    steps, waiting = {start: 0}, deque([start])
    while waiting:
        x, y = waiting.popleft()
        for beside in ((x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)):
            if beside in open_tiles and beside not in steps:
                steps[beside] = steps[(x, y)] + 1
                waiting.append(beside)
    return steps.get(target)


@pytest.mark.parametrize(
    ("rows", "start", "target", "path"),
    [
        (["..."], (0, 0), (2, 0), [(1, 0), (2, 0)]),
        (["..."], (1, 0), (1, 0), []),
        ([".#.", ".#.", "..."], (0, 0), (2, 0), [(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0)]),
        (["..#", "#.."], (0, 0), (2, 1), [(1, 0), (1, 1), (2, 1)]),
        ([".#.", "###", ".#."], (2, 0), (0, 2), None),
        ([".#."], (0, 0), (2, 0), None),
        (["....", "..#.", "...."], (0, 1), (2, 1), [(1, 1), (2, 1)]),
        (["...", ".#."], (1, 1), (0, 0), [(1, 0), (0, 0)]),
        ([".##", "###"], (0, 0), (2, 1), None),
    ],
    ids=[
        *("without the start", "nowhere to go", "around a wall", "around a corner", "not around the edge of the map"),
        *("behind walls", "blocked target", "blocked start", "blocked on all sides"),
    ],
)
def test_a_path_is_the_shortest_over_free_tiles(rows, start, target, path):
    assert finder(*rows).path(start, target) == path


def test_distances_are_given_for_reachable_targets_in_order():
    found = finder("..#.", "....", "##.#", ".#.#").distances((0, 0), [(3, 0), (0, 3), (2, 3), (0, 0)])
    assert list(found.items()) == [((3, 0), 5), ((2, 3), 5), ((0, 0), 0)]


@pytest.mark.parametrize("tile", [(-1, 0), (3, 0), (0, 1)])
def test_a_tile_outside_the_map_is_refused(tile):
    with pytest.raises(PathError, match="outside the map of 3 x 1"):
        finder("...").path((0, 0), tile)


def test_the_path_does_not_depend_on_earlier_queries():
    rows = ["......"] * 6
    fresh, used = finder(*rows), finder(*rows)
    used.path((5, 5), (0, 0))
    used.distances((2, 2), [(0, 0), (5, 5)])
    assert used.path((0, 0), (5, 5)) == fresh.path((0, 0), (5, 5))


maps = st.integers(1, 9).flatmap(
    lambda width: st.lists(st.text("..#", min_size=width, max_size=width), min_size=1, max_size=9)
)


@settings(max_examples=200, deadline=None)
@given(rows=maps, data=st.data())
def test_every_path_is_shortest_connected_and_free(rows, data):
    tile = st.tuples(st.integers(0, len(rows[0]) - 1), st.integers(0, len(rows) - 1))
    start, target = data.draw(tile), data.draw(tile)
    path = finder(*rows).path(start, target)
    assert (None if path is None else len(path)) == steps_by_plain_search(rows, start, target)
    assert path is None or [start, *path][-1] == target
    for (x, y), (next_x, next_y) in zip([start, *(path or [])], path or [], strict=False):
        assert abs(x - next_x) + abs(y - next_y) == 1
        assert rows[next_y][next_x] != "#" or (next_x, next_y) == target

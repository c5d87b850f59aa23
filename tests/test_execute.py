"""Execute: the way of a persona to the place of its action, tile by tile."""

import pytest

from path_finder import PathFinder
from persona.cognitive_modules.execute import execute
from scripted import busy, persona
from small_world import ADA, ADAS_HOUSE, BEN, CAFE, OBJECTS, PARK, WORLD

NOBODY: dict[str, tuple[int, int]] = {}


def walk(someone, maze, standing=NOBODY, steps=60):
    paths = PathFinder(maze)
    way = [someone.scratch.curr_tile]
    for _ in range(steps):
        tile = execute(someone, maze, paths, standing)
        way.append(tile)
        someone.scratch.curr_tile = tile
        if someone.scratch.arrived:
            return way
    raise AssertionError(f"did not arrive: {way}")


def test_a_persona_walks_to_an_object_around_walls_one_tile_per_step(maze):
    way = walk(busy(persona(ADA), "serving", f"{WORLD}:{CAFE}:cafe:cafe counter"), maze)
    assert way[-1] in OBJECTS["cafe counter"]
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 1 for a, b in zip(way, way[1:], strict=False))
    assert not any(maze.tile(tile).collision for tile in way)


def test_a_persona_at_its_destination_stays(maze):
    ada = busy(persona(ADA), "sleeping", f"{WORLD}:{ADAS_HOUSE}:bedroom:bed")
    ada.scratch.curr_tile = (1, 1)
    assert walk(ada, maze) == [(1, 1), (1, 1)]


def test_occupied_tiles_are_avoided_if_others_are_free(maze):
    ada = busy(persona(ADA), "serving", f"{WORLD}:{CAFE}:cafe:cafe counter")
    assert walk(ada, maze, {"Ben Moss": (1, 10)})[-1] == (2, 10)
    crowded = busy(persona(ADA), "serving", f"{WORLD}:{CAFE}:cafe:cafe counter")
    assert walk(crowded, maze, {"Ben Moss": (1, 10), "Cleo Dunn": (2, 10)})[-1] in OBJECTS["cafe counter"]


def test_a_room_without_an_object_means_one_of_its_tiles_always_the_same(maze):
    ends = {walk(busy(persona(ADA), "strolling", f"{WORLD}:{PARK}:garden:<random>"), maze)[-1] for _ in range(3)}
    assert len(ends) == 1
    assert maze.tile(ends.pop()).arena == "garden"


def test_two_people_walking_to_each_other_meet_as_neighbors(maze):
    ada, ben = persona(ADA), persona(BEN)
    standing = {"Ada Finch": ada.scratch.curr_tile, "Ben Moss": ben.scratch.curr_tile}
    busy(ada, "talking", "<persona> Ben Moss")
    busy(ben, "talking", "<persona> Ada Finch")
    (ax, ay), (bx, by) = walk(ada, maze, standing)[-1], walk(ben, maze, standing)[-1]
    assert abs(ax - bx) + abs(ay - by) <= 1


@pytest.mark.parametrize("other", [(16, 5), (18, 6), (5, 9), (12, 2)])
def test_both_take_the_same_path_to_the_middle(maze, other):
    ada, ben = busy(persona(ADA), "talking", "<persona> Ben Moss"), busy(persona(BEN), "talking", "<persona> Ada Finch")
    ben.scratch.curr_tile = other
    standing = {"Ada Finch": ADA.tile, "Ben Moss": other}
    (ax, ay), (bx, by) = walk(ada, maze, standing)[-1], walk(ben, maze, standing)[-1]
    assert abs(ax - bx) + abs(ay - by) == 1


def test_neighbors_who_talk_stay_where_they_are(maze):
    ada = busy(persona(ADA), "talking", "<persona> Ben Moss")
    assert walk(ada, maze, {"Ben Moss": (2, 2)})[-1] == (1, 2)


def test_a_waiting_persona_stays_on_its_tile(maze):
    assert walk(busy(persona(ADA), "waiting", "<waiting> 1 2"), maze)[-1] == (1, 2)


def test_a_persona_stays_if_the_address_is_not_on_the_map(maze):
    assert walk(busy(persona(ADA), "dreaming", f"{WORLD}:Atlantis:temple:altar"), maze)[-1] == ADA.tile

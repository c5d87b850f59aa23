"""Clocks: which people could see each other in a step, and so must take it together or wait."""

import pytest

import small_world
from path_finder import FAR, PathFinder
from town.clocks import Clocks, Reach, everybody

SIGHT = 4
# In the small world the bedroom's door is at (3, 4), the street's rows are 5 and 6, the cafe's door is at (3, 7).
IN_THE_DOOR, BEHIND_IT, STREET = (3, 4), (3, 3), (3, 5)


@pytest.fixture
def reach(maze):
    return Reach(maze, PathFinder(maze), SIGHT).could_see


def clocks(reach, *people):
    """People as (step, tile)."""
    made = Clocks(reach, 0, [tile for _, tile in people])
    for person, (step, tile) in enumerate(people):
        for _ in range(step):
            made.advance(person, tile)
    return made


@pytest.mark.parametrize(
    ("others", "together"),
    [
        ([(6, 1)], [0]),  # five tiles off
        ([(5, 1)], [0, 1]),
        ([(5, 3)], [0, 1]),
        ([(8, 1)], [0]),  # another room
        ([(5, 1), (6, 3)], [0, 1, 2]),  # who is seen by who is seen
        ([(6, 3), (5, 1)], [0, 1, 2]),
        ([(1, 1)], [0, 1]),
    ],
)
def test_people_in_sight_of_each_other_take_a_step_together(reach, others, together):
    made = clocks(reach, (0, (1, 1)), *((0, tile) for tile in others))
    assert made.companions(0) == (together, None)


@pytest.mark.parametrize(
    ("gap", "behind", "waits"),
    [
        (1, STREET, False),  # two steps from the room: the doorway is street
        (2, STREET, True),
        (1, IN_THE_DOOR, True),
        (3, (3, 7), False),
        (4, (3, 7), True),
    ],
)
def test_a_person_who_could_have_come_through_the_door_is_waited_for(reach, gap, behind, waits):
    made = clocks(reach, (gap, BEHIND_IT), (0, behind))
    assert made.companions(0) == (([], 1) if waits else ([0], None))


def test_a_person_behind_a_wall_is_waited_for_only_when_they_could_have_walked_around_it(reach):
    """From (6, 3) in the bedroom to (8, 3) in the kitchen it is two tiles, and 11 steps."""
    for gap in range(1, 20):
        steps = clocks(reach, (gap, (8, 3)), (0, (6, 3)))
        waits = steps.companions(0) == ([], 1)
        assert waits == (gap >= len(_way((6, 3), (8, 3))))


def _way(start, target):
    """The shortest path on the plan of the small world, by a flood fill."""
    ways, seen = [[start]], {start}
    for way in ways:
        x, y = way[-1]
        if small_world.PLAN[y][x] == small_world.PLAN[target[1]][target[0]]:
            return way[1:]
        for tile in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if small_world.PLAN[tile[1]][tile[0]] != "#" and tile not in seen:
                seen.add(tile)
                ways.append([*way, tile])
    raise AssertionError


@pytest.mark.parametrize(("gap", "waits"), [(3, False), (4, True)])
def test_within_a_room_distance_and_vision_decide(reach, gap, waits):
    made = clocks(reach, (gap, (8, 9)), (0, (16, 9)))
    assert made.companions(0) == (([], 1) if waits else ([0], None))


def test_of_two_people_who_approach_from_both_sides_the_nearer_is_waited_for(reach):
    made = clocks(reach, (3, (12, 9)), (0, (20, 9)), (1, (8, 10)))
    assert made.companions(0) == ([], 2)


def test_a_person_waits_for_everybody_their_companions_wait_for(reach):
    made = clocks(reach, (1, (8, 9)), (1, (12, 9)), (0, (17, 9)))
    assert made.companions(0) == ([], 2)


def test_nobody_waits_for_people_who_are_ahead(reach):
    made = clocks(reach, (0, (8, 9)), (5, (20, 9)))
    assert made.companions(0) == ([0], None)


def test_in_lockstep_everybody_takes_every_step_together(reach):
    made = clocks(everybody, (0, (1, 1)), (0, (20, 9)), (0, (20, 2)))
    assert made.companions(1) == ([0, 1, 2], None)
    made.advance(1, (20, 9))
    assert made.companions(1) == ([], 0)


def test_steps_to_a_place_are_those_of_the_shortest_path(maze):
    paths = PathFinder(maze)
    steps = paths.steps_to([(16, 2)])
    for y, row in enumerate(maze.tiles):
        for x, tile in enumerate(row):
            way = paths.path((x, y), (16, 2))
            assert steps[y, x] == (FAR if way is None else len(way)), (x, y, tile)

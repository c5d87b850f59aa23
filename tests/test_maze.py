"""The map: reading it, addresses, and the events on it."""

import re
from pathlib import Path

import pytest

import small_world
from maze import Event, Maze, MazeError, Scene

HOUSE = f"Small World:{small_world.ADAS_HOUSE}"
BEDROOM = f"{HOUSE}:bedroom"
CAFE = "Small World:Corner Cafe:cafe"
STREET = (5, 5)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    small_world.write_maze(tmp_path)
    return tmp_path


def matrix_file(assets: Path, name: str) -> Path:
    return assets / small_world.MAZE / "matrix" / name


def read_after(assets: Path, name: str, old: str, new: str) -> Maze:
    """The map, read after a change in one of its files."""
    file = matrix_file(assets, name)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Maze(small_world.MAZE, assets)


def reading(person: str) -> Event:
    return Event(person, "is", "reading", f"{person} is reading")


def standing(maze: Maze, **where: tuple[int, int]) -> Scene:
    """People who are reading on these tiles, in this order, and nobody else."""
    return Scene(maze, [(tile, reading(name)) for name, tile in where.items()])


def subjects(scene: Scene, position: tuple[int, int], radius: int) -> list[str]:
    return [event.subject for _, event in scene.events_near(position, radius)]


# Reading


def test_a_map_has_the_size_names_and_tiles_of_its_files(maze):
    assert (maze.width, maze.height, maze.tile_size, maze.world) == (22, 12, 32, "Small World")
    assert maze.tile((20, 1))[:4] == ("Small World", "Ben Moss's house", "main room", "bed")
    assert maze.tile((1, 2)).spawning_location == "sp-A"
    assert maze.tile(STREET) == ("Small World", "", "", "", "", False)
    assert maze.tiles[2][1] is maze.tile((1, 2))
    assert maze.world_warnings == ()


def test_any_number_but_zero_in_the_collision_layer_blocks(assets):
    assert read_after(assets, "maze/collision_maze.csv", "32125", "7").tile((0, 0)).collision


def test_a_position_outside_the_map_is_refused(maze):
    assert not maze.contains((22, 0))
    assert not maze.contains((0, -1))
    with pytest.raises(MazeError, match=r"\(-1, 3\) is outside"):
        maze.tile((-1, 3))


@pytest.fixture
def their_utils(tmp_path, monkeypatch):
    """A utils.py next to an `assets` folder, whose env_matrix names the small world's matrix."""
    small_world.write_maze(tmp_path / "assets")
    (tmp_path / "backend_server").mkdir()
    monkeypatch.setattr("utils.__file__", str(tmp_path / "backend_server" / "utils.py"))
    monkeypatch.setattr("utils.maze_assets_loc", "../assets")
    monkeypatch.setattr("utils.env_matrix", f"../assets/{small_world.MAZE}/matrix")


@pytest.mark.parametrize("name", ["the_old_name", "", "../elsewhere"])
def test_without_a_folder_of_its_name_a_world_is_read_from_env_matrix(their_utils, name):
    maze = Maze(name)
    assert (maze.name, maze.world) == (name, "Small World")
    assert "as env_matrix in utils.py says" in maze.world_warnings[0]


def test_assets_are_relative_to_utils_and_take_precedence_over_env_matrix(their_utils, monkeypatch):
    monkeypatch.setattr("utils.env_matrix", "../nowhere/matrix")
    assert (Maze(small_world.MAZE).world, Maze(small_world.MAZE).world_warnings) == ("Small World", ())
    with pytest.raises(
        MazeError, match=r"no world 'lost' in .*assets; available: small_world\. .*nowhere.matrix, which env_"
    ):
        Maze("lost")


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("maze/sector_maze.csv", "0, ", "", "has 263 numbers; the map's width x height is 264"),
        ("maze_meta_info.json", "22", '"wide"', "'maze_width' must be a whole number"),
        ("maze_meta_info.json", "22", "0", "'maze_width' must be at least 1"),
        ("maze_meta_info.json", "{", "", "is not JSON"),
        ("maze_meta_info.json", "{", "[{}]  {", "is not JSON"),
        ("special_blocks/world_blocks.csv", "100", "100, x\n101", "must name exactly one world, but names 2"),
    ],
)
def test_an_unusable_map_file_is_refused_by_name(assets, name, old, new, complaint):
    with pytest.raises(MazeError, match=f"{Path(name).name}.*{complaint}"):
        read_after(assets, name, old, new)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("maze_meta_info.json", "[22, 12]", "maze_meta_info.json should contain a JSON object, not list"),
        ("special_blocks/arena_blocks.csv", "", "arena_maze.csv: no tile is in a room"),
        ("maze/collision_maze.csv", "x" * 200_000, "collision_maze.csv is not CSV"),
        ("special_blocks/sector_blocks.csv", "x" * 200_000, "sector_blocks.csv is not CSV"),
    ],
    ids=["list", "empty", "number", "block"],
)
def test_a_file_with_unexpected_content_is_refused_by_name(assets, name, content, complaint):
    matrix_file(assets, name).write_text(content, encoding="utf-8")
    with pytest.raises(MazeError, match=complaint):
        Maze(small_world.MAZE, assets)


def test_a_missing_or_unreadable_file_is_refused_by_name(assets):
    file = matrix_file(assets, "maze/collision_maze.csv")
    file.unlink()
    with pytest.raises(MazeError, match="collision_maze.csv is missing"):
        Maze(small_world.MAZE, assets)
    file.mkdir()
    with pytest.raises(MazeError, match=r"collision_maze.csv cannot be read \(.+\)"):
        Maze(small_world.MAZE, assets)


OBJECTS, LEFT_OUT = "special_blocks/game_object_blocks.csv", "game_object_blocks.csv, line 1 is left out:"
UNKNOWN_BLOCK = "arena_maze.csv has block '999' on 1 tile, arena_blocks.csv does not: nothing is there."
TWO_NAMES = f"block 200 was {small_world.ADAS_HOUSE!r} before; now it is {small_world.BENS_HOUSE!r}."
COLON = "'big:bed' has a colon, which separates the parts of addresses."
NO_SECTOR = "arena_maze.csv: left out, because in no sector: 1 tile, the first 'bedroom' at (0, 0)."
OTHER_WORLD = "calls the world 'small world'; addresses begin with 'Small World', as in world_blocks.csv."


@pytest.mark.parametrize(
    ("name", "old", "new", "warning"),
    [
        ("maze/arena_maze.csv", "300", "999", UNKNOWN_BLOCK),
        ("special_blocks/sector_blocks.csv", "201,", "200,", f"sector_blocks.csv, line 2: {TWO_NAMES}"),
        (OBJECTS, "400", "0, Small World, <all>, ghost\n400", f"{LEFT_OUT} block 0 means no block."),
        (OBJECTS, "400", "899, \n400", f"{LEFT_OUT} it should contain a block number and a name, not '899,'."),
        (OBJECTS, "400", "899, Small World, <all>, big:bed\n400", f"{LEFT_OUT} {COLON}"),
        ("maze/arena_maze.csv", "0", "300", NO_SECTOR),
        ("maze_meta_info.json", "Small World", "small world", f"maze_meta_info.json {OTHER_WORLD}"),
    ],
)
def test_inconsistencies_are_reported_but_do_not_prevent_loading(assets, name, old, new, warning):
    assert warning in read_after(assets, name, old, new).world_warnings


def test_an_object_outside_every_room_is_left_out(assets):
    file = matrix_file(assets, "maze/game_object_maze.csv")
    numbers = file.read_text(encoding="utf-8").split(", ")
    numbers[5 * 22 + 5] = numbers[6 * 22 + 5] = "400"
    file.write_text(", ".join(numbers), encoding="utf-8")
    maze = Maze(small_world.MAZE, assets)
    assert maze.world_warnings == (
        "game_object_maze.csv: left out, because in no arena: 2 tiles, the first 'bed' at (5, 5).",
    )
    assert maze.address((5, 5)) == "Small World"


@pytest.mark.parametrize(
    ("name", "pattern", "new"),
    [
        ("special_blocks/world_blocks.csv", r"100, Small World", "﻿100 ,  Small World \n"),
        ("special_blocks/sector_blocks.csv", r"(?s)(.+)", r"\1\1"),
        ("maze/collision_maze.csv", r"$", ","),
        ("maze/collision_maze.csv", r"$", ",\n"),
        ("maze/collision_maze.csv", r"$", "\n\n"),
        ("maze/arena_maze.csv", r"(\d+)", r"\1.0"),
        ("maze/collision_maze.csv", r"(\d+)", r"\1.0"),
    ],
    ids=[
        "blanks and byte order mark",
        "every line twice",
        "comma",
        "comma and line",
        "lines",
        "decimals",
        "decimal walls",
    ],
)
def test_a_harmless_mistake_is_ignored(assets, maze, name, pattern, new):
    file = matrix_file(assets, name)
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(pattern, new, text, count=0 if "d" in pattern else 1), encoding="utf-8")
    again = Maze(small_world.MAZE, assets)
    assert (again.world, again.tiles, again.world_warnings) == (maze.world, maze.tiles, ())


@pytest.mark.parametrize("name", ["Été à la mer", "ada's town (2)", "町", "the_ville", "a+b, c&d"])
def test_a_world_may_have_any_name_that_a_folder_can_have(assets, name):
    (assets / small_world.MAZE).rename(assets / name)
    assert Maze(name, assets).world == "Small World"


def test_an_unknown_world_is_refused_with_a_list_of_the_available_ones(assets):
    with pytest.raises(MazeError, match="no world 'atlantis'.*available: small_world"):
        Maze("atlantis", assets)


@pytest.mark.parametrize("name", ["../small_world", "", ".", "a/b", "a\\b"])
def test_the_name_of_a_world_is_never_a_path(assets, name):
    with pytest.raises(MazeError, match="cannot be the name of a world"):
        Maze(name, assets)


# Addresses


def test_an_address_has_the_requested_depth_at_most(maze):
    levels = ("world", "sector", "arena", "game_object")
    assert [maze.address((1, 1), level) for level in levels] == ["Small World", HOUSE, BEDROOM, f"{BEDROOM}:bed"]
    assert maze.address((3, 3)) == BEDROOM
    assert maze.address(STREET, "arena") == "Small World"


def test_the_tiles_of_an_address_come_row_by_row(maze):
    assert maze.address_tiles[f"{CAFE}:cafe counter"] == ((1, 10), (2, 10))
    assert maze.address_tiles[BEDROOM][:2] == ((1, 1), (2, 1))
    assert len(maze.address_tiles[HOUSE]) == 36
    assert maze.address_tiles[f"{BEDROOM}:sp-A"] == ((1, 2),)


@pytest.mark.parametrize(
    ("spelling", "found"),
    [
        (f"{CAFE}:cafe counter", f"{CAFE}:cafe counter"),
        (" small world : CORNER cafe:cafe : Cafe  Counter ", f"{CAFE}:cafe counter"),
        (f"{CAFE}:grand piano", None),
    ],
)
def test_an_address_is_found_with_any_case_and_spacing(maze, spelling, found):
    assert maze.resolve(spelling) == found


def test_the_tree_contains_all_places_and_is_a_copy(maze):
    tree = maze.tree()["Small World"]
    assert list(tree) == ["Ada Finch's house", "Ben Moss's house", "Corner Cafe", "Linden Park"]
    kitchen = ["stove", "refrigerator", "dining table"]
    assert tree["Ada Finch's house"] == {"bedroom": ["bed", "desk"], "kitchen": kitchen}
    tree.clear()
    assert "Corner Cafe" in maze.tree()["Small World"]


# What can be seen


def test_visible_places_are_those_in_the_square(maze):
    assert maze.visible_places((1, 1), 1) == ("Small World", f"{BEDROOM}:bed", BEDROOM)
    assert [f"{BEDROOM}:desk" in maze.visible_places((1, 1), radius) for radius in (4, 5)] == [False, True]


def test_nearby_objects_are_those_of_the_same_room_nearest_first(maze):
    assert maze.objects_near((2, 2), 8) == (
        ((2, 1), f"{BEDROOM}:bed"),
        ((1, 1), f"{BEDROOM}:bed"),
        ((6, 1), f"{BEDROOM}:desk"),
    )


# Events

USED = Event(f"{BEDROOM}:bed", "is", "being made", "bed is being made")


def test_an_object_without_an_event_is_idle(maze):
    assert Scene(maze, []).events_at((6, 1)) == (Event(f"{BEDROOM}:desk", "is", "idle", "desk is idle"),)


def test_an_object_with_an_event_is_not_idle_on_any_of_its_tiles(maze):
    scene = Scene(maze, [((1, 1), USED)])
    assert [scene.events_at(tile) for tile in ((1, 1), (2, 1))] == [(USED,), ()]


def test_a_person_on_an_object_does_not_stop_it_being_idle(maze):
    scene = standing(maze, Ada=(6, 1))
    assert [event.subject for event in scene.events_at((6, 1))] == ["Ada", f"{BEDROOM}:desk"]


def test_nearby_events_are_those_of_the_same_room_nearest_first(maze):
    scene = standing(maze, Ben=(6, 2), Ada=(2, 2), Cleo=(2, 9))
    assert [(tile, event.subject) for tile, event in scene.events_near((2, 2), 8)] == [
        ((2, 2), "Ada"),
        ((2, 1), f"{BEDROOM}:bed"),
        ((6, 2), "Ben"),
        ((6, 1), f"{BEDROOM}:desk"),
    ]


def test_events_outside_the_square_are_not_near(maze):
    scene = standing(maze, Ben=(6, 3), Ada=(3, 3))
    assert subjects(scene, (2, 3), 2) == ["Ada", f"{BEDROOM}:bed"]


def test_events_at_the_same_distance_are_ordered_by_row_then_by_placement(maze):
    scene = standing(maze, Cleo=(4, 2), Ben=(3, 3), Ada=(3, 1), Dora=(4, 2))
    assert subjects(scene, (3, 2), 1)[:4] == ["Ada", "Cleo", "Dora", "Ben"]


def test_the_same_event_on_several_tiles_counts_once_at_the_nearest_tile(maze):
    scene = Scene(maze, [((1, 1), USED), ((2, 1), USED)])
    assert [tile for tile, event in scene.events_near((2, 2), 8) if event == USED] == [(2, 1)]


def test_people_on_the_street_notice_each_other_but_nobody_indoors(maze):
    scene = standing(maze, Ada=(5, 5), Ben=(7, 6), Cleo=(5, 8))
    assert subjects(scene, (5, 5), 8) == ["Ada", "Ben"]


def test_an_object_used_by_somebody_out_of_sight_looks_idle(maze):
    scene = Scene(maze, [((1, 1), USED)])
    idle = [event.subject for _, event in scene.events_near((3, 2), 1) if event.object == "idle"]
    assert f"{BEDROOM}:bed" in idle
    assert scene.events_near((3, 2), 2)[0][1] == USED


def test_everybody_in_a_crowd_on_one_tile_is_seen(maze):
    scene = Scene(maze, [((3, 9), reading(f"Guest {number}")) for number in range(12)])
    assert len(scene.events_at((3, 9))) == 12

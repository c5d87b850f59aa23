"""The map: reading it, addresses, and the events that stand on it."""

from pathlib import Path

import pytest

import small_world
from maze import Event, Maze, MazeError

BEDROOM = "Small World:Ada Finch's house:bedroom"
CAFE = "Small World:Corner Cafe:cafe"
STREET = (5, 5)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    small_world.write_maze(tmp_path)
    return tmp_path


@pytest.fixture
def maze(assets: Path) -> Maze:
    return Maze(small_world.MAZE, assets)


def matrix_file(assets: Path, name: str) -> Path:
    return assets / small_world.MAZE / "matrix" / name


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def reading(person: str) -> Event:
    return Event(person, "is", "reading", f"{person} is reading")


# Reading


def test_size_world_and_tile_size_are_those_of_the_files(maze):
    assert (maze.width, maze.height, maze.tile_size, maze.world) == (22, 12, 32, "Small World")


def test_a_tile_has_the_names_of_every_layer(maze):
    assert maze.tile((20, 1))[:4] == ("Small World", "Ben Moss's house", "main room", "bed")
    assert maze.tile((1, 2)).spawning_location == "sp-A"
    assert maze.tile(STREET) == ("Small World", "", "", "", "", False)


def test_any_number_but_zero_in_the_collision_layer_blocks(assets):
    rewrite(matrix_file(assets, "maze/collision_maze.csv"), "32125", "7")
    assert Maze(small_world.MAZE, assets).tile((0, 0)).collision


def test_tiles_are_in_rows(maze):
    assert maze.tiles[2][1] is maze.tile((1, 2))


def test_a_position_outside_the_map_is_refused(maze):
    assert not maze.contains((22, 0))
    assert not maze.contains((0, -1))
    with pytest.raises(MazeError, match=r"\(-1, 3\) lies outside"):
        maze.tile((-1, 3))


def test_assets_are_those_of_utils_seen_from_its_folder(tmp_path, monkeypatch):
    small_world.use(monkeypatch, small_world.build(tmp_path))
    monkeypatch.setattr("utils.__file__", str(tmp_path / "backend_server" / "utils.py"))
    monkeypatch.setattr("utils.maze_assets_loc", "../assets")
    (tmp_path / "backend_server").mkdir()
    assert Maze(small_world.MAZE).world == "Small World"


@pytest.fixture
def their_utils(tmp_path, monkeypatch):
    """A utils.py beside an `assets` folder, whose env_matrix names the small world's matrix."""
    small_world.write_maze(tmp_path / "assets")
    (tmp_path / "backend_server").mkdir()
    monkeypatch.setattr("utils.__file__", str(tmp_path / "backend_server" / "utils.py"))
    monkeypatch.setattr("utils.maze_assets_loc", "../assets")
    monkeypatch.setattr("utils.env_matrix", f"../assets/{small_world.MAZE}/matrix")


@pytest.mark.parametrize("name", ["the_old_name", "", "../elsewhere"])
def test_a_world_without_a_folder_of_its_name_is_that_of_env_matrix(their_utils, name):
    maze = Maze(name)
    assert (maze.name, maze.world) == (name, "Small World")
    assert "as env_matrix in utils.py says" in maze.world_warnings[0]


def test_a_folder_of_the_worlds_name_comes_before_env_matrix(their_utils, monkeypatch):
    monkeypatch.setattr("utils.env_matrix", "../nowhere/matrix")
    assert Maze(small_world.MAZE).world_warnings == ()


def test_a_world_that_is_in_neither_place_is_refused_with_both(their_utils, monkeypatch):
    monkeypatch.setattr("utils.env_matrix", "../nowhere/matrix")
    with pytest.raises(
        MazeError, match=r"no world 'lost' in .*assets; there: small_world\. .*nowhere.matrix, which env_"
    ):
        Maze("lost")


def test_a_world_without_any_room_is_refused(assets):
    matrix_file(assets, "special_blocks/arena_blocks.csv").write_text("", encoding="utf-8")
    with pytest.raises(MazeError, match="arena_maze.csv: no tile is in a room"):
        Maze(small_world.MAZE, assets)


@pytest.mark.parametrize("file", ["maze/collision_maze.csv", "special_blocks/sector_blocks.csv"])
def test_a_file_that_is_not_csv_is_refused_by_name(assets, file):
    matrix_file(assets, file).write_text("x" * 200_000, encoding="utf-8")
    with pytest.raises(MazeError, match=f"{Path(file).name} is not CSV"):
        Maze(small_world.MAZE, assets)


def test_blanks_around_names_and_a_byte_order_mark_are_ignored(assets):
    file = matrix_file(assets, "special_blocks/world_blocks.csv")
    file.write_text("﻿100 ,  Small World \n\n", encoding="utf-8")
    assert Maze(small_world.MAZE, assets).world == "Small World"


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("maze/sector_maze.csv", "0, ", "", "has 263 numbers; the map's width x height is 264"),
        ("maze_meta_info.json", "22", '"wide"', "'maze_width' must be a whole number"),
        ("maze_meta_info.json", "22", "0", "'maze_width' must be at least 1"),
        ("maze_meta_info.json", "{", "", "is not JSON"),
        ("maze_meta_info.json", "{", "[{}]  {", "is not JSON"),
        ("special_blocks/world_blocks.csv", "100", "100, x\n101", "must name one world, names 2"),
    ],
)
def test_files_of_which_no_map_can_be_made_are_refused_by_name(assets, file, old, new, complaint):
    rewrite(matrix_file(assets, file), old, new)
    with pytest.raises(MazeError, match=complaint) as refusal:
        Maze(small_world.MAZE, assets)
    assert Path(file).name in str(refusal.value)


def test_a_size_that_is_no_object_is_refused(assets):
    matrix_file(assets, "maze_meta_info.json").write_text("[22, 12]", encoding="utf-8")
    with pytest.raises(MazeError, match="maze_meta_info.json should hold a JSON object, holds list"):
        Maze(small_world.MAZE, assets)


def test_a_consistent_world_has_no_oddities(maze):
    assert maze.world_warnings == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "remark"),
    [
        (
            "maze/arena_maze.csv",
            "300",
            "999",
            "arena_maze.csv has block '999' on 1 tile, arena_blocks.csv does not: nothing is there.",
        ),
        (
            "special_blocks/sector_blocks.csv",
            "201,",
            "200,",
            f"sector_blocks.csv, line 2: block 200 was {small_world.ADAS_HOUSE!r} before; "
            f"now it is {small_world.BENS_HOUSE!r}.",
        ),
        (
            "special_blocks/game_object_blocks.csv",
            "400",
            "0, Small World, <all>, ghost\n400",
            "game_object_blocks.csv, line 1 is left out: block 0 stands for nothing.",
        ),
        (
            "special_blocks/game_object_blocks.csv",
            "400",
            "899, \n400",
            "game_object_blocks.csv, line 1 is left out: it should hold a block number and a name, holds '899,'.",
        ),
        (
            "special_blocks/game_object_blocks.csv",
            "400",
            "899, Small World, <all>, big:bed\n400",
            "game_object_blocks.csv, line 1 is left out: "
            "'big:bed' has a colon, which separates the parts of addresses.",
        ),
        (
            "maze/arena_maze.csv",
            "0",
            "300",
            "arena_maze.csv: left out, because in no sector: 1 tile, the first 'bedroom' at (0, 0).",
        ),
        (
            "maze_meta_info.json",
            "Small World",
            "small world",
            "maze_meta_info.json calls the world 'small world'; "
            "addresses begin with 'Small World', as in world_blocks.csv.",
        ),
    ],
)
def test_what_does_not_fit_is_said_and_no_hindrance(assets, file, old, new, remark):
    rewrite(matrix_file(assets, file), old, new)
    assert remark in Maze(small_world.MAZE, assets).world_warnings


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


def test_a_block_given_twice_alike_is_not_odd(assets):
    file = matrix_file(assets, "special_blocks/sector_blocks.csv")
    file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
    assert Maze(small_world.MAZE, assets).world_warnings == ()


@pytest.mark.parametrize("ending", [",", ",\n", "\n\n"])
def test_a_comma_or_line_at_the_end_of_the_numbers_is_ignored(assets, ending):
    file = matrix_file(assets, "maze/collision_maze.csv")
    file.write_text(file.read_text(encoding="utf-8") + ending, encoding="utf-8")
    assert Maze(small_world.MAZE, assets).tile((0, 0)).collision


@pytest.mark.parametrize("name", ["Été à la mer", "ada's town (2)", "町", "the_ville", "a+b, c&d"])
def test_a_world_may_have_any_name_that_a_folder_can_have(assets, name):
    (assets / small_world.MAZE).rename(assets / name)
    assert Maze(name, assets).world == "Small World"


def test_numbers_that_a_spreadsheet_has_written_as_decimals_are_whole(assets):
    before = Maze(small_world.MAZE, assets)
    for layer in (assets / small_world.MAZE / "matrix" / "maze").iterdir():
        cells = layer.read_text(encoding="utf-8").split(",")
        layer.write_text(",".join(f"{cell.strip()}.0" for cell in cells), encoding="utf-8")
    after = Maze(small_world.MAZE, assets)
    assert (after.tiles, after.world_warnings) == (before.tiles, ())


def test_a_file_that_cannot_be_opened_is_refused_with_the_reason(assets):
    file = matrix_file(assets, "maze/collision_maze.csv")
    file.unlink()
    file.mkdir()
    with pytest.raises(MazeError, match=r"collision_maze.csv cannot be read \(.+\)"):
        Maze(small_world.MAZE, assets)


def test_a_missing_file_is_refused_by_name(assets):
    matrix_file(assets, "maze/collision_maze.csv").unlink()
    with pytest.raises(MazeError, match="collision_maze.csv is missing"):
        Maze(small_world.MAZE, assets)


def test_an_unknown_world_is_refused_with_those_there_are(assets):
    with pytest.raises(MazeError, match="no world 'atlantis'.*there: small_world"):
        Maze("atlantis", assets)


@pytest.mark.parametrize("name", ["../small_world", "", ".", "a/b", "a\\b"])
def test_the_name_of_a_world_is_never_a_path(assets, name):
    with pytest.raises(MazeError, match="cannot be the name of a world"):
        Maze(name, assets)


# Addresses


def test_an_address_goes_as_deep_as_asked(maze):
    levels = ("world", "sector", "arena", "game_object")
    assert [maze.address((1, 1), level) for level in levels] == [
        "Small World",
        "Small World:Ada Finch's house",
        BEDROOM,
        f"{BEDROOM}:bed",
    ]


def test_an_address_goes_no_deeper_than_the_tile(maze):
    assert maze.address((3, 3)) == BEDROOM
    assert maze.address(STREET, "arena") == "Small World"


def test_the_tiles_of_an_address_come_row_by_row(maze):
    assert maze.address_tiles[f"{CAFE}:cafe counter"] == ((1, 10), (2, 10))
    assert maze.address_tiles[BEDROOM][:2] == ((1, 1), (2, 1))
    assert len(maze.address_tiles["Small World:Ada Finch's house"]) == 36
    assert maze.address_tiles[f"{BEDROOM}:sp-A"] == ((1, 2),)


@pytest.mark.parametrize("spelling", [f"{CAFE}:cafe counter", " small world : CORNER cafe:cafe : Cafe  Counter "])
def test_an_address_is_found_whatever_its_case_and_blanks(maze, spelling):
    assert maze.resolve(spelling) == f"{CAFE}:cafe counter"


def test_an_address_that_does_not_exist_is_not_found(maze):
    assert maze.resolve(f"{CAFE}:grand piano") is None


def test_the_tree_holds_everything_there_is(maze):
    tree = maze.tree()["Small World"]
    assert list(tree) == ["Ada Finch's house", "Ben Moss's house", "Corner Cafe", "Linden Park"]
    assert tree["Ada Finch's house"] == {
        "bedroom": ["bed", "desk"],
        "kitchen": ["stove", "refrigerator", "dining table"],
    }


def test_changing_the_tree_does_not_change_the_map(maze):
    maze.tree()["Small World"].clear()
    assert "Corner Cafe" in maze.tree()["Small World"]


# What can be seen


def test_visible_places_are_those_in_the_square(maze):
    assert maze.visible_places((1, 1), 1) == ("Small World", f"{BEDROOM}:bed", BEDROOM)
    assert f"{BEDROOM}:desk" in maze.visible_places((1, 1), 5)
    assert f"{BEDROOM}:desk" not in maze.visible_places((1, 1), 4)


def test_objects_near_are_those_of_the_same_room_nearest_first(maze):
    assert maze.objects_near((2, 2), 8) == (
        ((2, 1), f"{BEDROOM}:bed"),
        ((1, 1), f"{BEDROOM}:bed"),
        ((6, 1), f"{BEDROOM}:desk"),
    )


# Events


def test_an_object_without_an_event_is_idle(maze):
    assert maze.events_at((6, 1)) == (Event(f"{BEDROOM}:desk", "is", "idle", "desk is idle"),)


def test_an_object_with_an_event_is_not_idle_on_any_of_its_tiles(maze):
    used = Event(f"{BEDROOM}:bed", "is", "being made", "bed is being made")
    maze.place_events([((1, 1), used)])
    assert maze.events_at((1, 1)) == (used,)
    assert maze.events_at((2, 1)) == ()


def test_a_person_on_an_object_does_not_stop_it_being_idle(maze):
    maze.place_events([((6, 1), reading("Ada Finch"))])
    assert [event.subject for event in maze.events_at((6, 1))] == ["Ada Finch", f"{BEDROOM}:desk"]


def test_placing_events_replaces_all_that_stood(maze):
    maze.place_events([((3, 2), reading("Ada Finch"))])
    maze.place_events([((4, 9), reading("Ada Finch"))])
    assert maze.events_at((3, 2)) == ()
    assert maze.events_at((4, 9)) == (reading("Ada Finch"),)


def test_events_near_are_those_of_the_same_room_nearest_first(maze):
    maze.place_events([((6, 2), reading("Ben Moss")), ((2, 2), reading("Ada Finch")), ((2, 9), reading("Cleo Dunn"))])
    assert [(tile, event.subject) for tile, event in maze.events_near((2, 2), 8)] == [
        ((2, 2), "Ada Finch"),
        ((2, 1), f"{BEDROOM}:bed"),
        ((6, 2), "Ben Moss"),
        ((6, 1), f"{BEDROOM}:desk"),
    ]


def test_events_outside_the_square_are_not_near(maze):
    maze.place_events([((6, 3), reading("Ben Moss")), ((3, 3), reading("Ada Finch"))])
    near = maze.events_near((2, 3), 2)
    assert [event.subject for _, event in near] == ["Ada Finch", f"{BEDROOM}:bed"]


def test_equally_near_events_come_row_by_row_then_as_placed(maze):
    items = [((4, 2), "Cleo Dunn"), ((3, 3), "Ben Moss"), ((3, 1), "Ada Finch"), ((4, 2), "Dora Lane")]
    maze.place_events([(tile, reading(name)) for tile, name in items])
    near = [event.subject for _, event in maze.events_near((3, 2), 1)]
    assert near[:4] == ["Ada Finch", "Cleo Dunn", "Dora Lane", "Ben Moss"]


def test_the_same_event_on_several_tiles_counts_once_at_the_nearest(maze):
    used = Event(f"{BEDROOM}:bed", "is", "being made", "bed is being made")
    maze.place_events([((1, 1), used), ((2, 1), used)])
    assert [tile for tile, event in maze.events_near((2, 2), 8) if event == used] == [(2, 1)]


def test_people_on_the_street_notice_each_other_but_nobody_indoors(maze):
    maze.place_events([((5, 5), reading("Ada Finch")), ((7, 6), reading("Ben Moss")), ((5, 8), reading("Cleo"))])
    assert [event.subject for _, event in maze.events_near((5, 5), 8)] == ["Ada Finch", "Ben Moss"]


def test_a_rooms_version_changes_only_with_what_stands_in_it(maze):
    maze.place_events([((3, 2), reading("Ada Finch")), ((4, 9), reading("Ben Moss"))])
    bedroom, cafe = maze.arena_version((1, 1)), maze.arena_version((4, 9))
    maze.place_events([((3, 2), reading("Ada Finch")), ((5, 9), reading("Ben Moss"))])
    assert maze.arena_version((1, 1)) == bedroom
    assert maze.arena_version((4, 9)) != cafe


def test_a_rooms_version_changes_when_it_empties(maze):
    maze.place_events([((3, 2), reading("Ada Finch"))])
    before = maze.arena_version((3, 2))
    maze.place_events([])
    assert maze.arena_version((3, 2)) != before


def test_a_room_that_fills_again_has_a_new_version(maze):
    items = [((3, 2), reading("Ada Finch"))]
    maze.place_events(items)
    before = maze.arena_version((3, 2))
    maze.place_events([])
    maze.place_events(items)
    assert maze.arena_version((3, 2)) != before


def test_a_crowd_on_one_tile_is_seen_whole(maze):
    maze.place_events([((3, 9), reading(f"Guest {number}")) for number in range(12)])
    assert len(maze.events_at((3, 9))) == 12

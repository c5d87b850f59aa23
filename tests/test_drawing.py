"""The drawn town: properties of its pictures, and Tiled maps made for the tests."""

from __future__ import annotations

import base64
import json
import re
import shutil
import struct
import subprocess
import sys
import zlib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

import build
import draw
import looks
from build_faults import BuildRefused, FaultBook
from drawing import TiledError, draw_sheet, draw_world, looks_index, read_looks
from drawing.art_files import ART, texture
from drawing.guess import guess_scene
from drawing.map_picture import draw_scene
from drawing.scene import Scene, floor_of, is_wall
from drawing.sprites import read_sprites
from matrix_files import read_layers
from tiny_town import BUILDER, PLAN, changed, printed_for_any_order_of_hashes, town_files
from town_files import write_matrix
from town_plan import read_plan
from town_tiles import Tile, Town, draw_town

pytestmark = pytest.mark.slow

ASSETS = BUILDER.parent / "frontend_server" / "static_dirs" / "assets"
TILE = 32
SHEET, LOOKS = read_sprites(), read_looks()
ACROSS, DOWN, OVER = 0x80000000, 0x40000000, 0x20000000
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def town_of(plan: Path) -> Town:
    book = FaultBook(plan)
    read = read_plan(book)
    assert read, book.faults
    return draw_town(read, book)


@pytest.fixture(scope="module")
def willow_bend() -> Town:
    return town_of(BUILDER / "worlds" / "willow_bend" / "plan.toml")


@pytest.fixture(scope="module")
def willow_bend_map(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    assets = tmp_path_factory.mktemp("assets")
    (assets / "willow_bend").mkdir()
    (assets / "willow_bend" / "matrix").symlink_to(ASSETS / "willow_bend" / "matrix")
    return Image.open(draw.save_map(assets, "willow_bend"))


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The assets of a small world whose matrix was built from `<tmp_path>/plans/tiny/plan.toml`."""
    plan = tmp_path / "plans" / "tiny" / "plan.toml"
    plan.parent.mkdir(parents=True)
    plan.write_text(PLAN, encoding="utf-8")
    write_matrix(town_of(plan), tmp_path / "assets" / "tiny" / "matrix")
    return tmp_path / "assets" / "tiny"


def picture_of(name: str, columns: int = 1, rows: int = 1, variant: int = 0) -> Image.Image:
    return SHEET.picture(SHEET.of_object(name), (columns, rows), variant)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.convert("RGBA").tobytes() == other.convert("RGBA").tobytes()


def colors_of(picture: Image.Image) -> set[Any]:
    return {color for _, color in picture.getcolors(picture.width * picture.height) or ()}


def object_names(town: Town) -> list[str]:
    return sorted({tile.game_object for _, tile in town.tiles() if tile.game_object})


class TestTheMap:
    def test_as_committed_is_what_the_script_draws(self, willow_bend, willow_bend_map):
        with Image.open(ASSETS / "willow_bend" / "visuals" / "map.png") as committed:
            assert same(committed, willow_bend_map)
            assert committed.size == (willow_bend.width * TILE, willow_bend.height * TILE)

    def test_is_a_file_of_less_than_a_megabyte_with_a_palette(self):
        file = ASSETS / "willow_bend" / "visuals" / "map.png"
        with Image.open(file) as committed:
            assert committed.mode == "P"
        assert file.stat().st_size < 1_000_000

    def test_is_the_same_whatever_the_order_of_hashes(self, tiny):
        script = (
            "import hashlib, pathlib, sys; from drawing import draw_world;"
            "print(hashlib.sha256(draw_world(pathlib.Path(sys.argv[1])).tobytes()).hexdigest())"
        )
        assert len(printed_for_any_order_of_hashes(script, tiny)) == 1


class TestObjects:
    def test_of_willow_bend_all_have_a_sprite(self, willow_bend):
        assert [name for name in object_names(willow_bend) if SHEET.of_object(name).name == "unknown"] == []

    def test_of_willow_bend_look_different_from_each_other(self, willow_bend):
        names = [name for name in object_names(willow_bend) if not name.startswith("behind the ")]
        alike = [pair for pair in combinations(names, 2) if same(picture_of(pair[0]), picture_of(pair[1]))]
        assert alike == []

    @pytest.mark.parametrize(
        ("name", "like"),
        [
            ("Bed", "bed"),
            ("king-size bed", "bed"),
            ("supply store product shelf", "grocery shelf"),
            ("common room sofa", "sofa"),
            ("cooking area", "stove"),
            ("behind the pharmacy counter", "behind the cafe counter"),
            ("house garden", "flower garden"),
            ("classroom student seating", "pupils' desks"),
        ],
    )
    def test_are_recognised_by_a_word_of_their_name(self, name, like):
        assert same(picture_of(name), picture_of(like))

    def test_unknown_are_a_crate_with_their_name_on_it(self):
        assert SHEET.of_object("orrery").name == "unknown"
        assert not same(picture_of("orrery"), picture_of("xylograph"))

    @pytest.mark.parametrize("columns", [2, 5])
    def test_of_several_tiles_join_without_a_seam(self, columns):
        bed = picture_of("bed", columns)
        middle = columns // 2 * TILE
        blanket = [bed.crop((x, 46, x + 1, 56)) for x in (2, 10, middle - 1, middle)]
        assert same(blanket[2], blanket[3])
        assert not same(blanket[0], blanket[1])

    def test_that_touch_are_one_picture_on_the_map(self):
        assert not same(draw_scene(_room("bed", "bed")), draw_scene(_room("bed", "double bed")))

    @pytest.mark.parametrize("columns", [1, 2, 5])
    @pytest.mark.parametrize("rows", [1, 3])
    def test_can_be_of_any_size(self, willow_bend, columns, rows):
        pictures = {name: picture_of(name, columns, rows) for name in object_names(willow_bend)}
        assert {picture.size for picture in pictures.values()} == {(columns * TILE, (rows + 1) * TILE)}
        assert [name for name, picture in pictures.items() if picture.getbbox() is None] == []

    def test_that_are_deep_have_one_front(self):
        tiles = [picture_of("counter", 3, 4).crop((TILE, y * TILE, 2 * TILE, (y + 1) * TILE)) for y in range(5)]
        assert same(tiles[2], tiles[3])
        assert not same(tiles[3], tiles[4])

    def test_larger_than_any_picture_keep_their_ends_and_repeat_their_middle(self):
        drawn, wide = picture_of("desk", 3), picture_of("desk", 6)
        left, middle, right = (drawn.crop((x * TILE, 0, (x + 1) * TILE, 2 * TILE)) for x in range(3))
        tiles = [wide.crop((x * TILE, 0, (x + 1) * TILE, 2 * TILE)) for x in range(6)]
        assert all(same(*pair) for pair in zip(tiles, [left, *[middle] * 4, right], strict=True))


class TestTheTableOfSprites:
    def test_has_a_picture_of_its_own_for_every_size_and_variant(self):
        pictures = [
            (sprite, size, variant)
            for sprite in SHEET.sprites.values()
            for size in sprite.sizes
            for variant in range(sprite.variants)
        ]
        taken: dict[tuple[int, int], str] = {}
        tiles = 0
        for sprite, size, variant in pictures:
            assert SHEET.picture(sprite, size, variant).getbbox(), (sprite.name, size, variant)
            left, top, right, bottom = sprite.box(size, variant)
            tiles += (right - left) * (bottom - top) // TILE**2
            for tile in ((x, y) for x in range(left, right, TILE) for y in range(top, bottom, TILE)):
                assert taken.setdefault(tile, sprite.name) == sprite.name
        assert len(taken) == tiles

    def test_comes_with_an_image_of_less_than_a_megabyte(self):
        assert (ART / "sprites.png").stat().st_size < 1_000_000

    @pytest.mark.parametrize(
        ("line", "broken", "words"),
        [
            ("at = [", "at = [9", "sprite bed: its pictures reach to pixel"),
            ("at =", "it =", "sprite bed: `at` is missing"),
            ('sizes = "1x1', 'sizes = "1', "sprite bed: `sizes` is"),
            ("bunk|cot", "bunk|(cot", "sprite bed: `words` is not a regular expression"),
            ('joined = "all"', 'joined = "some"', 'sprite bed: `joined` is "some". Write one of all, rows, never'),
            ("joined =", "jioned =", 'sprite bed: `jioned` is not known here. .* did you mean "joined"'),
            ('name = "bed"', 'name = "tree"', "sprite tree: two lines have this name"),
            ("{ name", "name", "file: sprites.toml is not TOML"),
        ],
    )
    def test_that_is_broken_is_refused_with_file_and_line(self, tmp_path, line, broken, words):
        shutil.copy(ART / "sprites.png", tmp_path)
        lines = (ART / "sprites.toml").read_text(encoding="utf-8").splitlines()
        changed = [row.replace(line, broken) if 'name = "bed"' in row else row for row in lines]
        assert changed != lines
        (tmp_path / "sprites.toml").write_text("\n".join(changed), encoding="utf-8")
        with pytest.raises(BuildRefused, match=rf"sprites\.toml: {words}"):
            read_sprites(tmp_path)

    def test_without_its_image_is_refused(self, tmp_path):
        shutil.copy(ART / "sprites.toml", tmp_path)
        with pytest.raises(BuildRefused, match=r"sprites\.png: it cannot be read .* Put a PNG at"):
            read_sprites(tmp_path)


def _room(*objects: str) -> Scene:
    """A walled room with these objects side by side."""
    wall, width = Tile("wall", blocked=True), len(objects) + 2
    floor = [Tile("wood", False, "Cottage", "bedroom", name) for name in objects]
    edge = (wall,) * width
    return Scene((edge, (wall, *floor, wall), edge))


class TestScenes:
    @pytest.mark.parametrize(
        ("ground", "room", "floor"),
        [
            ("tiles", "bathroom", "bath tiles"),
            ("tiles", "Kitchen", "kitchen tiles"),
            ("tiles", "store", "shop tiles"),
            ("wood", "pub", "dark boards"),
            ("wood", "bedroom", "warm boards"),
            ("marble", "ballroom", "warm boards"),
        ],
    )
    def test_floors_follow_the_kind_of_room(self, ground, room, floor):
        assert floor_of(Tile(ground, arena=room)) == floor

    def test_what_grows_or_flows_is_no_wall(self):
        barred = {kind: is_wall(Tile(kind, blocked=True)) for kind in ("wall", "fence", "tree", "hedge", "water")}
        assert barred == {"wall": True, "fence": True, "tree": False, "hedge": False, "water": False}

    def test_of_unknown_grounds_can_be_drawn(self):
        scene = Scene(((Tile("lava"), Tile("fog bank", blocked=True)), (Tile("grass"), Tile("moss"))))
        assert draw_scene(scene).size == (2 * TILE, 2 * TILE)


class TestWorlds:
    def test_that_were_built_are_drawn_as_planned_wherever_the_plan_is(self, tmp_path):
        plan, people = re.findall(r"```toml\n(.*?)```", (BUILDER / "README.md").read_text(encoding="utf-8"), re.DOTALL)
        file = town_files(tmp_path, plan, people=people)
        build.build(file, tmp_path / "people.toml", tmp_path / "out")
        drawn = draw_world(tmp_path / "out" / "static_dirs" / "assets" / "mossford")
        assert same(drawn, draw_scene(Scene(town_of(file).rows)))
        assert drawn.getpixel((20 * TILE, 5 * TILE + 16)) in colors_of(texture("street"))

    def test_that_were_built_and_changed_by_hand_are_drawn_with_the_change(self, tiny):
        before, file = draw_world(tiny), tiny / "matrix" / "special_blocks" / "game_object_blocks.csv"
        file.write_text(changed(file.read_text(encoding="utf-8"), "bed", "sofa"), encoding="utf-8")
        assert not same(draw_world(tiny), before)

    def test_of_which_the_grounds_are_unknown_are_guessed_from_the_rest_of_the_matrix(self, tiny):
        (tiny / "matrix" / "maze" / "ground_maze.csv").unlink()
        guessed = guess_scene(read_layers(tiny.parent, tiny.name))
        assert same(draw_world(tiny), draw_scene(guessed))

    def test_with_a_matrix_only_get_walls_floors_and_paths_from_door_to_door(self, tiny):
        rows = guess_scene(read_layers(tiny.parent, tiny.name)).rows
        signs = {"grass": ".", "path": ",", "wall": "#", "wood": ":", "tiles": ";", "tree": "^", "hedge": "%"}
        assert ["".join(signs[tile.ground] for tile in row) for row in rows] == [
            ".............",
            "...,,,,,,,...",
            ".##:##,##:##.",
            ".#:::#,#;;;#.",
            ".#####,##:##.",
            "......,,,,..%",
        ]

    def test_with_barred_tiles_in_rooms_get_the_furniture_on_them(self, tiny):
        layers = read_layers(tiny.parent, tiny.name)
        shelf = layers.width * 3 + 2
        layers.game_object[shelf : shelf + 2] = ["", "shelf"]
        layers.collision[shelf] = True
        row = guess_scene(layers).rows[3]
        assert [tile.game_object for tile in row[2:5]] == ["shelf", "", ""]

    def test_that_bring_a_tiled_map_are_drawn_from_it(self, tiny):
        tiled_map(tiny, layer([1, 2, 3, 4]))
        assert draw_world(tiny).size == (4, 4)


TILES = {"image": "tiles.png", "tilewidth": 2, "tileheight": 2, "columns": 4, "tilecount": 4}


def layer(data: list[int] | str, **more: object) -> dict[str, object]:
    return {"name": "Ground", "type": "tilelayer", "width": 2, "height": 2, "data": data, **more}


def tiled_map(assets: Path, *layers: dict[str, object], **changes: object) -> Path:
    """A map of 2 x 2 tiles of 2 pixels; tile 1 is red over green, left of it blue, right of it white."""
    visuals = assets / "visuals"
    visuals.mkdir(parents=True)
    image = Image.new("RGBA", (8, 2))
    for number, colors in enumerate(((RED, GREEN, BLUE, WHITE), (RED,) * 4, (GREEN,) * 4, (BLUE,) * 4)):
        for pixel, fill in enumerate(colors):
            image.putpixel((number * 2 + pixel % 2, pixel // 2), (*fill, 255))
    image.save(visuals / "tiles.png")
    content: dict[str, Any] = {"width": 2, "height": 2, "tilewidth": 2, "tileheight": 2}
    content |= {"layers": layers, "tilesets": [{"firstgid": 1, **TILES}], **changes}
    (visuals / "town.json").write_text(json.dumps(content), encoding="utf-8")
    return assets


def pixels(picture: Image.Image, *positions: tuple[int, int]) -> tuple[object, ...]:
    return tuple(picture.getpixel(position) for position in positions)


GROUND = layer([2, 2, 2, 2])
CHUNK = layer([], chunks=[{"x": 1, "y": 1, "width": 1, "height": 1, "data": [4]}])
PACKED = base64.b64encode(zlib.compress(struct.pack("<4I", 2, 3, 4, 2))).decode()


class TestTiledMaps:
    @pytest.mark.parametrize(
        ("flags", "expected"),
        [
            (0, (RED, GREEN, BLUE, WHITE)),
            (ACROSS, (GREEN, RED, WHITE, BLUE)),
            (DOWN, (BLUE, WHITE, RED, GREEN)),
            (OVER, (RED, BLUE, GREEN, WHITE)),
            (OVER | ACROSS, (BLUE, RED, WHITE, GREEN)),
            (OVER | DOWN, (GREEN, WHITE, RED, BLUE)),
        ],
    )
    def test_show_tiles_flipped_as_their_flags_say(self, tmp_path, flags, expected):
        picture = draw_world(tiled_map(tmp_path, layer([1 | flags, 0, 0, 0])))
        assert pixels(picture, (0, 0), (1, 0), (0, 1), (1, 1)) == expected

    @pytest.mark.parametrize(
        ("layers", "expected"),
        [
            ([GROUND, layer([3, 0, 0, 0])], (GREEN, RED, RED, RED)),
            ([{"name": "All", "type": "group", "layers": [layer([2, 2, 2, 0]), CHUNK]}], (RED, RED, RED, BLUE)),
            ([layer(PACKED, encoding="base64", compression="zlib")], (RED, GREEN, BLUE, RED)),
            ([GROUND, layer([3, 3, 3, 3], visible=False)], (RED,) * 4),
            ([GROUND, layer([3, 3, 3, 3], name="Arena Blocks")], (RED,) * 4),
            ([GROUND, layer([3, 3, 3, 3], name="Collisions")], (RED,) * 4),
            ([GROUND, layer([3, 3, 3, 3], opacity=0)], (RED,) * 4),
            ([GROUND, {"name": "Notes", "type": "objectgroup", "objects": [{"gid": 3}]}], (RED,) * 4),
            ([GROUND, {"name": "All", "type": "group", "visible": False, "layers": [layer([3] * 4)]}], (RED,) * 4),
        ],
        ids=[
            *("one over the other", "group and chunk", "packed", "hidden", "marks", "collisions", "transparent"),
            *("objects", "hidden group"),
        ],
    )
    def test_show_the_layers_that_are_to_be_seen(self, tmp_path, layers, expected):
        picture = draw_world(tiled_map(tmp_path, *layers))
        assert pixels(picture, (1, 1), (3, 1), (1, 3), (3, 3)) == expected

    def test_may_have_tilesets_in_files_of_their_own(self, tmp_path):
        tilesets = [{"firstgid": 5, "source": "art/tiles.tsj"}]
        visuals = tiled_map(tmp_path, layer([6, 7, 8, 6]), tilesets=tilesets) / "visuals"
        (visuals / "art").mkdir()
        (visuals / "tiles.png").rename(visuals / "art" / "tiles.png")
        (visuals / "art" / "tiles.tsj").write_text(json.dumps(TILES), encoding="utf-8")
        assert pixels(draw_world(tmp_path), (2, 0)) == (GREEN,)

    def test_find_images_that_were_exported_from_another_folder(self, tmp_path):
        tileset = {"firstgid": 1, "image": "..\\..\\art\\tiles.png", "tilewidth": 2, "tileheight": 2}
        assert pixels(draw_world(tiled_map(tmp_path, GROUND, tilesets=[tileset])), (0, 0)) == (RED,)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"tilesets": [{"firstgid": 1, "image": "lost.png"}]}, "lost.png is missing"),
            ({"tilesets": [{"firstgid": 1, "source": "tiles.tsx"}]}, "tiles.tsx is missing"),
            ({"layers": [layer("AAAA", compression="zstd")]}, "packed with zstd"),
            ({"layers": [layer("AAAA", compression="zlib")]}, "not a Tiled map that can be drawn"),
            ({"layers": [layer([99, 0, 0, 0])]}, "no tileset has the tile 99"),
            ({"orientation": "isometric"}, "only orthogonal maps"),
            ({"width": "wide"}, "not a Tiled map that can be drawn"),
        ],
    )
    def test_that_cannot_be_drawn_are_refused_by_name(self, tmp_path, changes, words):
        with pytest.raises(TiledError, match=f"town.json.*{words}"):
            draw_world(tiled_map(tmp_path, GROUND, **changes))


class TestPeople:
    def test_come_in_looks_that_differ_enough_for_each_of_25(self):
        sheets = [draw_sheet(look) for look in LOOKS.values()]
        assert len(sheets) >= 25
        assert {sheet.size for sheet in sheets} == {(4 * TILE, 4 * TILE)} == {looks.SHEET_SIZE}
        assert not any(same(one, other) for one, other in combinations(sheets, 2))

    @pytest.mark.parametrize("name", LOOKS)
    def test_look_different_in_every_direction_and_stand_whole_in_their_frames(self, name):
        frames = [[_frame(draw_sheet(LOOKS[name]), row, column) for column in range(4)] for row in range(4)]
        assert not any(same(one, other) for one, other in combinations([row[0] for row in frames], 2))
        for frame in (frame for row in frames for frame in row):
            left, _, right, bottom = frame.getbbox() or (0, 0, 0, 0)
            assert left > 0
            assert right < TILE
            assert bottom == TILE - 1

    def test_walk_with_two_feet_to_the_right_as_to_the_left(self):
        sheet = draw_sheet(LOOKS["green_cap"])
        for row in range(4):
            stand, step, again, other_step = (_frame(sheet, row, column) for column in range(4))
            assert same(stand, again)
            assert not same(stand, step)
            assert not same(step, other_step)
        assert all(same(_frame(sheet, 2, column), ImageOps.mirror(_frame(sheet, 1, column))) for column in range(4))

    def test_as_committed_are_what_the_script_draws(self):
        for name, look in LOOKS.items():
            with Image.open(ASSETS / "characters" / f"{name}.png") as committed:
                assert same(committed, draw_sheet(look)), name

    def test_are_listed_for_the_pages(self):
        listed = json.loads((ASSETS / "characters" / "looks.json").read_text(encoding="utf-8"))
        assert listed == looks_index(LOOKS)
        assert listed["rows"] == ["down", "left", "right", "up"]
        assert sorted(listed["looks"]) == sorted(
            file.stem for file in (ASSETS / "characters").glob("*.png") if not file.stem.startswith("own-")
        )
        assert all(re.fullmatch("[a-z_]+", name) for name in listed["looks"])

    @pytest.mark.parametrize(
        ("part", "word", "unlike"),
        [
            ("hair", "gray", {"young"}),
            ("beard", "beard", {"she", "they", "child"}),
            *(("hair", style, {"he"}) for style in ("long", "bun", "bob", "ponytail")),
            ("dress", "dress", {"he"}),
            ("headscarf", "headscarf", {"he"}),
        ],
    )
    def test_are_not_for_those_whom_a_part_of_them_does_not_fit(self, part, word, unlike):
        worn = [look for look in looks.read_index().values() if any({part, word} <= words for words in look.parts)]
        assert worn
        assert all(unlike <= look.not_for for look in worn)

    @pytest.mark.parametrize(
        ("line", "broken", "words"),
        [
            ('gray = "young"', 'gray = "yuong"', r"\[not_for\]: `gray` is \"yuong\". Write words of these: child, he"),
            ('bun = "he"', 'bnu = "he"', 'file: "bnu" is a part or color of no look. Name another: did you mean "bun"'),
            ('rose = "pink"', 'rsoe = "pink"', '"rsoe" is a part or color of no look. Name another: did you mean "ro'),
            ('hat = "beret"', 'hat = "berret"', "red_beret: there is no people/hat_berret.png. Name a part: did you"),
            ('skin = "olive"', 'skin = "oliv"', '`skin` is "oliv". Name a color: did you mean "olive"'),
            ('accent = "red"', 'acent = "red"', "`acent` is not known here"),
            ("fair =", 'fair = "9c5f4d" #', r'\[colors\]: `fair` is "9c5f4d". Write four colors'),
        ],
    )
    def test_that_a_broken_table_describes_are_refused_with_file_and_line(self, tmp_path, line, broken, words):
        shutil.copytree(ART / "people", tmp_path / "people")
        table = (ART / "people.toml").read_text(encoding="utf-8")
        (tmp_path / "people.toml").write_text(table.replace(line, broken), encoding="utf-8")
        with pytest.raises(BuildRefused, match=rf"people\.toml: .*{words}"):
            read_looks(tmp_path)


def _frame(sheet: Image.Image, row: int, column: int) -> Image.Image:
    return sheet.crop((column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE))


class TestTheCommand:
    def test_writes_the_map_and_the_people(self, tiny, capsys):
        assert draw.main(["--maze", "tiny", "--assets", str(tiny.parent)]) == 0
        with Image.open(tiny / "visuals" / "map.png") as drawn:
            assert drawn.size == (13 * TILE, 6 * TILE)
        assert (tiny.parent / "characters" / "looks.json").is_file()
        assert "map.png" in capsys.readouterr().out

    def test_says_which_worlds_there_are_when_it_does_not_know_one(self, tiny, capsys):
        assert draw.main(["--maze", "atlantis", "--assets", str(tiny.parent)]) == 2
        assert "available: tiny" in capsys.readouterr().err

    def test_runs_as_a_script(self):
        shown = subprocess.run(
            [sys.executable, BUILDER / "draw.py", "--help"], capture_output=True, text=True, check=True
        )
        assert "--maze" in shown.stdout

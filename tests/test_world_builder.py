"""The world builder: the results for a town and its people, and its error messages."""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import build
import looks
from build_faults import BuildRefused
from maze import Maze
from mock_llm import appointments
from mock_llm.prompt import sentences
from person_texts import hours, named_places, usual_entries
from terminal import files, read
from tiny_town import PEOPLE, PLAN, SECOND_PERSON, changed, town_files

WORLD_BUILDER = Path(build.__file__).resolve().parent
WILLOW_BEND = WORLD_BUILDER / "worlds" / "willow_bend"
FRONTEND = WORLD_BUILDER.parent / "frontend_server"

NEIGHBORS_HUT = """
[[place]]
name = "Hut"
home = true
at = [0, 0]
rooms = { 1 = "room" }
drawing = "11"
"""
TWO_STARTS = changed(PLAN, "#B1@#", "#@1@#")
AGE = "age = 30"
SHEET = (looks.CHARACTERS / "grey_bun.png").read_bytes()
CALLED_JARS = changed(PEOPLE, "seed = 5", 'seed = 5\nname = "base_jars"')


@pytest.fixture
def workshop(tmp_path):
    """A function that builds the tiny town from changed texts and returns the front end's folder."""

    def build_tiny(plan: str = PLAN, people: str = PEOPLE) -> Path:
        build.build(town_files(tmp_path, plan, people=people), tmp_path / "people.toml", tmp_path / "out")
        return tmp_path / "out"

    return build_tiny


def faults_of(workshop, plan: str = PLAN, people: str = PEOPLE) -> list[str]:
    with pytest.raises(BuildRefused) as refusal:
        workshop(plan, people)
    return [str(fault) for fault in refusal.value.faults]


def maze_of(out: Path) -> Maze:
    return Maze("tiny", out / "static_dirs" / "assets")


def blocks(out: Path, kind: str) -> dict[str, list[str]]:
    rows = (out / f"static_dirs/assets/tiny/matrix/special_blocks/{kind}_blocks.csv").read_text(encoding="utf-8")
    return {number: names for number, *names in csv.reader(rows.splitlines(), skipinitialspace=True)}


def persona_file(out: Path, name: str) -> dict:
    return read(out / f"storage/base_tiny_n1/personas/Ada Moss/bootstrap_memory/{name}.json")


# ---------------------------------------------------------------- the town that ships


@pytest.fixture(scope="module")
def willow_bend(tmp_path_factory):
    out = tmp_path_factory.mktemp("frontend")
    assert build.main(["--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def world_of_3():
    return build.read_world(WILLOW_BEND / "plan.toml", WILLOW_BEND / "people_n3.toml")


@pytest.fixture(scope="module")
def world_of_25():
    return build.read_world(WILLOW_BEND / "plan.toml", WILLOW_BEND / "people_n25.toml")


def test_willow_bend_is_built_byte_for_byte_as_it_ships(willow_bend):
    assets = "static_dirs/assets/willow_bend"
    for folder in (f"{assets}/matrix", "storage/base_willow_bend_n3", "storage/base_willow_bend_n25"):
        assert files(willow_bend / folder) == files(FRONTEND / folder)
    for file in (f"{assets}/agent_history_init_n3.csv", f"{assets}/agent_history_init_n25.csv"):
        assert (willow_bend / file).read_bytes() == (FRONTEND / file).read_bytes()


def test_twenty_five_people_live_in_eleven_homes_of_willow_bend_from_midnight_on(world_of_25):
    people = world_of_25.cast.people
    assert len({person.name for person in people}) == 25
    housemates = Counter(person.home.partition(":")[0] for person in people)
    assert sorted(housemates.values()) == [1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4]
    assert f"{world_of_25.cast.start:%H:%M:%S}" == "00:00:00"


def test_the_three_are_described_in_the_same_words_among_the_25(world_of_3, world_of_25):
    among = {person.name: person for person in world_of_25.cast.people}
    own = {"knows", "whispers"}
    for person in world_of_3.cast.people:
        assert among[person.name].model_dump(exclude=own) == person.model_dump(exclude=own)


def test_places_mentioned_by_the_25_are_on_the_map_and_known_to_them(willow_bend, world_of_25):
    town = world_of_25.town.places()
    for person in world_of_25.cast.people:
        assert set(named_places(f"{person.daily_plan} {person.past}")) <= {*town, world_of_25.town.world}, person.name
        memory = willow_bend / f"storage/base_willow_bend_n25/personas/{person.name}/bootstrap_memory"
        (known,) = read(memory / "spatial_memory.json").values()
        told = {place for place in town if place in person.currently} | {*named_places(person.daily_plan)}
        assert told <= known.keys(), person.name


def test_each_of_the_25_has_a_suitable_and_unique_look(world_of_25):
    index, people = looks.read_index(), world_of_25.cast.people
    assert len({person.look for person in people}) == 25
    for person in people:
        unlike = {"he" if "He " in person.past or " his " in person.past else "she"}
        unlike |= {word for word, age in {"young": 55, "child": 18}.items() if person.age < age}
        assert unlike.isdisjoint(index[person.look].not_for), person.name


def test_the_25_announce_occasions_at_places_of_the_town_in_the_next_days(world_of_25):
    start = world_of_25.cast.start.date()
    places = list(world_of_25.town.places())
    told = [(person.name, text) for person in world_of_25.cast.people for text in sentences(person.currently)]
    announced = [found for name, text in told if (found := appointments.read(text, name, places))]
    assert len(announced) >= 6
    assert all(0 < (found.day - start).days < 7 and found.start < found.end for found in announced)


def test_all_who_work_somewhere_go_there(world_of_25):
    working = [person for person in world_of_25.cast.people if person.workplace]
    assert len(working) == 23
    assert [person.name for person in working if person.workplace.partition(":")[0] not in person.daily_plan] == []


def test_the_25_are_up_at_different_hours_and_have_usual_days_while_awake(world_of_25):
    up, bed = zip(*map(hours, world_of_25.cast.people), strict=True)
    assert (min(up), max(bed)) == (4 * 60, 25 * 60)
    assert len(set(up)) >= 6
    for person, first, last in zip(world_of_25.cast.people, up, bed, strict=True):
        usual = usual_entries(person)
        assert len(usual) >= 4, person.name
        assert all(first <= start < end <= last for _, start, end in usual), person.name


def test_each_of_the_25_knows_others_by_name(world_of_25):
    names = [person.name for person in world_of_25.cast.people]
    for person in world_of_25.cast.people:
        told = " ".join(person.whispers)
        assert any(name in told for name in names if name != person.name), person.name


def test_rooms_and_homes_of_willow_bend_are_furnished(world_of_3):
    places = world_of_3.town.places()
    assert [room for arenas in places.values() for room, things in arenas.items() if not things] == []
    for home in world_of_3.town.homes:
        things = {thing for objects in places[home].values() for thing in objects}
        assert {"bed", "closet", "toilet", "shower", "stove", "refrigerator", "dining table"} <= things, home


# ---------------------------------------------------------------- the files of a town


def test_the_backend_reads_the_places_that_were_drawn(workshop):
    places = {"Cottage": {"bedroom": ["bed"]}, "Shop": {"store": ["counter"], "yard": []}}
    assert maze_of(workshop()).tree() == {"Tiny": places}


def test_barriers_are_collision_tiles_without_an_address(workshop):
    out = workshop()
    maze = maze_of(out)
    assert [x for x, tile in enumerate(maze.tiles[2]) if tile.collision] == [1, 2, 4, 5, 7, 8, 10, 11]
    assert [x for x, tile in enumerate(maze.tiles[5]) if tile.collision] == [12]
    assert {tile.sector for row in maze.tiles for tile in row if tile.collision} == {""}
    numbers = (out / "static_dirs/assets/tiny/matrix/maze/collision_maze.csv").read_text(encoding="utf-8")
    assert {number.strip() for number in numbers.split(",")} == {"0", "32125"}


def test_objects_and_doors_are_free_tiles_of_their_place(workshop):
    maze = maze_of(workshop())
    assert maze.address_tiles["Tiny:Shop:store:counter"] == ((9, 3), (10, 3))
    assert maze.address((3, 2)) == "Tiny:Cottage"
    assert not any(maze.tile(position).collision for position in ((9, 3), (10, 3), (3, 2)))


def test_a_see_through_sign_leaves_the_ground_of_the_town(workshop):
    assert maze_of(workshop()).tile((7, 5)).sector == ""


def test_blocks_have_unique_numbers_and_objects_of_the_same_name_share_one(workshop):
    out = workshop(PLAN + changed(NEIGHBORS_HUT, '"11"', '"1c"'))
    kinds = ["world", "sector", "arena", "game_object", "spawning_location"]
    numbers = [number for kind in kinds for number in blocks(out, kind)]
    assert len({*numbers, "32125"}) == len(numbers) + 1
    assert sorted(blocks(out, "game_object").values()) == [["Tiny", "<all>", "bed"], ["Tiny", "<all>", "counter"]]


def test_the_ground_of_every_tile_is_known_for_drawing(tmp_path):
    rows = build.read_world(town_files(tmp_path, people=PEOPLE), tmp_path / "people.toml").town.rows
    grounds = {(0, 1): "path", (3, 2): "door", (1, 2): "wall", (2, 3): "wood", (8, 5): "grass"}
    assert {(x, y): rows[y][x].ground for x, y in grounds} == grounds


# ---------------------------------------------------------------- the files of a base simulation


def test_a_base_has_its_start_its_seed_and_residents_on_separate_tiles(workshop):
    base = workshop(TWO_STARTS, PEOPLE + SECOND_PERSON) / "storage/base_tiny_n2"
    assert read(base / "reverie/meta.json") == {
        "fork_sim_code": "base_tiny_n2",
        "start_date": "May 1, 2024",
        "curr_time": "May 1, 2024, 07:00:00",
        "sec_per_step": 10,
        "maze_name": "tiny",
        "persona_names": ["Ada Moss", "Ben Moss"],
        "step": 0,
        "seed": 5,
    }
    assert read(base / "environment/0.json") == {
        "Ada Moss": {"maze": "tiny", "x": 2, "y": 3},
        "Ben Moss": {"maze": "tiny", "x": 4, "y": 3},
    }


def test_the_scratch_says_who_a_person_is(workshop):
    scratch = persona_file(workshop(), "scratch")
    identity = ["name", "first_name", "last_name", "age", "innate", "currently", "living_area", "vision_r"]
    assert [scratch[key] for key in identity] == [
        *("Ada Moss", "Ada", "Moss", 30, "calm", "Ada Moss is counting jars.", "Tiny:Cottage:bedroom", 8)
    ]


@pytest.mark.parametrize(
    ("told", "look"),
    [
        ("gray hair in a bun, glasses", "grey_bun"),
        ("Grey bun", "grey_bun"),
        ("grey_bun", "grey_bun"),
        ("a white cap with his apron", "white_cap"),
        ("red hair, dress", "auburn_bob"),
        ("black hair, red striped sweater and purple beret", "red_beret"),
    ],
)
def test_the_look_that_fits_a_description_best_is_kept_in_the_scratch(workshop, told, look):
    people = changed(PEOPLE, AGE, f'{AGE}\nlook = "{told}"')
    assert persona_file(workshop(people=people), "scratch")["look"] == look


def test_without_a_description_no_look_is_kept(workshop):
    assert "look" not in persona_file(workshop(), "scratch")


def test_people_with_the_same_description_get_different_looks_while_enough_are_left(workshop):
    people = changed(PEOPLE + SECOND_PERSON, AGE, f'{AGE}\nlook = "bun"').replace(
        "age = 30\ntraits", 'age = 30\nlook = "bun"\ntraits'
    )
    base = workshop(TWO_STARTS, people) / "storage/base_tiny_n2/personas"
    worn = [read(base / name / "bootstrap_memory/scratch.json")["look"] for name in ("Ada Moss", "Ben Moss")]
    assert worn[0] != worn[1]
    assert all("bun" in look for look in worn)


def test_a_look_chosen_by_name_is_not_given_to_others(workshop):
    described = changed(PEOPLE, AGE, f'{AGE}\nlook = "bun"')
    alone = persona_file(workshop(people=described), "scratch")["look"]
    named = changed(SECOND_PERSON, AGE, f'{AGE}\nlook = "{alone}"')
    base = workshop(TWO_STARTS, described + named) / "storage/base_tiny_n2/personas"
    assert read(base / "Ben Moss/bootstrap_memory/scratch.json")["look"] == alone
    assert read(base / "Ada Moss/bootstrap_memory/scratch.json")["look"] != alone


def test_a_custom_picture_is_copied_to_the_characters_under_a_unique_name(workshop, tmp_path):
    (tmp_path / "grey_bun.png").write_bytes(SHEET)
    out = workshop(people=changed(PEOPLE, AGE, f'{AGE}\nlook = "grey_bun.png"'))
    look = persona_file(out, "scratch")["look"]
    assert files(out / "static_dirs/assets/characters") == {f"{look}.png": SHEET}
    assert look.startswith("own-")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "anna.png cannot be read (No such file or directory). Put a PNG of 128 x 128 pixels there"),
        (SHEET.replace(b"\0\0\0\x80", b"\0\0\0\x40"), "anna.png is 64 x 64 pixels. Put a PNG of 128 x 128"),
        (b"GIF89a", "anna.png is not a PNG. Put a PNG of 128 x 128"),
    ],
    ids=["missing", "of another size", "no picture"],
)
def test_a_picture_that_is_not_a_sprite_sheet_is_refused(workshop, tmp_path, content, said):
    if content:
        (tmp_path / "anna.png").write_bytes(content)
    (fault,) = faults_of(workshop, people=changed(PEOPLE, AGE, f'{AGE}\nlook = "anna.png"'))
    assert "people.toml: person Ada Moss: `look`: " in fault
    assert said in fault


@pytest.mark.parametrize(
    ("plan", "knows", "known"),
    [
        (PLAN + NEIGHBORS_HUT, "", {"Cottage": ["bedroom"], "Shop": ["store", "yard"]}),
        (PLAN, "knows = []\n", {"Cottage": ["bedroom"], "Shop": ["store"]}),
        (PLAN, 'knows = ["public places"]\n', {"Cottage": ["bedroom"], "Shop": ["store", "yard"]}),
    ],
    ids=["not said", "none", "public places"],
)
def test_a_person_knows_home_and_workplace_and_the_listed_places(workshop, plan, knows, known):
    places = persona_file(workshop(plan, PEOPLE + knows), "spatial_memory")["Tiny"]
    assert {sector: list(arenas) for sector, arenas in places.items()} == known


def test_whispers_are_in_one_row_for_each_person(workshop):
    text = (workshop() / "static_dirs/assets/tiny/agent_history_init_n1.csv").read_text(encoding="utf-8")
    assert text == "Name,Whisper\nAda Moss,You know that the well is dry; You like plums\n"


def test_names_of_any_script_are_kept(workshop):
    base = workshop(people=PEOPLE.replace("Ada Moss", "Åda 苔")) / "storage/base_tiny_n1"
    assert read(base / "reverie/meta.json")["persona_names"] == ["Åda 苔"]
    assert (base / "personas/Åda 苔/bootstrap_memory/scratch.json").is_file()


def test_a_base_can_have_a_custom_name(workshop):
    assert read(workshop(people=CALLED_JARS) / "storage/base_jars/reverie/meta.json")["fork_sim_code"] == "base_jars"


def test_building_again_replaces_the_base_and_leaves_nothing_of_the_old_one(workshop):
    workshop()
    storage = workshop(people=PEOPLE.replace("Ada Moss", "Eve Moss")) / "storage"
    assert [persona.name for persona in (storage / "base_tiny_n1/personas").iterdir()] == ["Eve Moss"]
    assert [folder.name for folder in storage.iterdir()] == ["base_tiny_n1"]


@pytest.mark.parametrize(
    "meta",
    ['{"step": 12, "fork_sim_code": "base_tiny_n1"}', '{"step": 0, "fork_sim_code": "base_small_world"}', "{"],
    ids=["has run", "a fork", "damaged"],
)
def test_a_simulation_is_never_replaced(workshop, meta):
    base = workshop() / "storage/base_tiny_n1"
    (base / "reverie/meta.json").write_text(meta, encoding="utf-8")
    before = files(base)
    assert "never been run" in faults_of(workshop)[0]
    assert files(base) == before


# ---------------------------------------------------------------- what is refused


def refusals(*rows: tuple[str, str, str, str]):
    """Rows of (id, text in the file, its replacement, the message)."""
    return pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in rows], ids=[row[0] for row in rows])


@refusals(
    ("ragged", "#B1@#", "#B1@##", "place Cottage: row 2 of `drawing` has 6 signs, the first row has 5"),
    ("ragged map", ".....~", ".....", "[town]: row 6 of `map` has 12 signs, the first row has 13"),
    ("off map", "at = [7, 2]", "at = [9, 2]", "place Shop: it covers x 9 to 13, y 2 to 5, the map is 13 x 6"),
    ("left of map", "at = [7, 2]", "at = [-1, 2]", "place Shop: it covers x -1 to 3"),
    ("overlap", "at = [7, 2]", "at = [5, 2]", 'place Shop: it overlaps "Cottage" at tile (5, 2)'),
    (
        "no door",
        "##+##\n#1cc#\n##+",
        "#####\n#1cc#\n###",
        "3 tiles from (8, 3) on, store (wood, counter) cannot be reac",
    ),
    (
        "walled start",
        "##+##\n#B1",
        "#####\n#B1",
        "3 tiles from (2, 3) on, bedroom (bed, wood, start) cannot be reached",
    ),
    ("twin places", 'name = "Shop"', 'name = "cottage"', 'two places are called "Cottage"'),
    ("twin rooms", '2 = "yard"', '2 = "Store"', 'place Shop: two rooms are called "store"'),
    ("two rooms", "#1cc#", "#1c2#", '"counter" at tile (9, 3) lies between the rooms "store" and "yard"'),
    ("undrawn room", "#B1@#", "#B+@#", 'place Cottage: the room "bedroom" is not drawn'),
    ("no room", "##+##\n#B1@#", "B#+##\n##1@#", 'the object "bed" at tile (1, 2) touches no room'),
    ("unknown sign", "#B1@#", "#Q1@#", 'Cottage: nothing is named by the sign "Q" (row 2, column 2'),
    ("unknown ground", ".....\n,", "....x\n,", '[town]: nothing is named by the sign "x" (row 1, column 13'),
    (
        "unknown floor",
        '{ 2 = "grass" }',
        '{ 2 = "gras" }',
        '"gras" is not a kind of ground. Add it to [ground], or: did',
    ),
    ("no such room", '{ 2 = "grass" }', '{ 3 = "grass" }', 'place Shop: `floors` names the room "3"'),
    ("sign twice", '"~" = "water"', '"." = "water"', '"." stands in both'),
    ("letter as ground", '"~" = "water"', 'w = "water"', '"w" cannot mean a kind of ground'),
    ("sign as object", 'c = "counter"', '"%" = "counter"', 'the object "counter" has the sign "%". Use one letter'),
    ("number as room", '1 = "bedroom"', '10 = "bedroom"', 'the room "bedroom" has the sign "10". Use a digit'),
    ("colon in name", 'name = "Shop"', 'name = "Shop: front"', "the name \"Shop: front\" contains ':'"),
    ("comma in object", 'c = "counter"', 'c = "till, counter"', "[objects]: the name \"till, counter\" contains ','"),
    ("no object", 'c = "counter"', "c = 5", "[objects]: `c` is 5. Write a text"),
    ("maze outside", 'maze = "tiny"', 'maze = "../tiny"', 'file: `maze` is "../tiny". Write the name of a folder'),
    ("misspelt", "home = true", "hoem = true", '`hoem` is not known here. Check the spelling: did you mean "home"?'),
    ("no flag", "home = true", 'home = "yes"', 'place Cottage: `home` is "yes". Write true or false'),
    ("half a point", "at = [7, 2]", "at = [7]", "place Shop: `at` is [7]. Write two whole numbers: [x, y]."),
    ("no rows", "map = '''\n", "map = \"\"\nmop = '''\n", "[town]: `map` is empty. Write a drawing"),
    ("no table", 'rooms = { 1 = "bedroom" }', "rooms = 5", "place Cottage: `rooms` is 5. Write a table"),
    ("no world", 'world = "Tiny"', "", "file: `world` is missing. Write a text"),
    ("blank world", 'world = "Tiny"', 'world = " "', "file: `world` is empty"),
    (
        "no size",
        'maze = "tiny"',
        'maze = "tiny"\ntile_size = 0',
        "`tile_size` is 0. Write a whole number of at least 1",
    ),
    ("no toml", 'world = "Tiny"', "world = Tiny", "file: plan.toml is not TOML ("),
)
def test_a_plan_is_refused(workshop, old, new, said):
    faults = faults_of(workshop, plan=changed(PLAN, old, new))
    assert any(said in fault for fault in faults), faults
    assert all("plan.toml: " in fault for fault in faults)


HOME, NAME = 'home = "Cottage:bedroom"', 'name = "Ada Moss"'
NAMESAKE = SECOND_PERSON.replace("Ben Moss", "ADA MOSS")


@refusals(
    ("unknown home", HOME, 'home = "Cotage:x"', 'no place "Cotage". Name one: did you mean "Cottage"?'),
    ("unknown room", HOME, 'home = "Cottage:attic"', '`home`: "Cottage" has no room "attic". Name one: known are: bed'),
    ("home without room", HOME, 'home = "Cottage"', 'the home "Cottage" names no room. Write "place:room"'),
    ("public home", HOME, 'home = "Shop:store"', 'the home "Shop" is a public place'),
    ("unknown workplace", '"Shop:store"', '"Office"', '`workplace`: there is no place "Office"'),
    ("unknown knowledge", AGE, f'{AGE}\nknows = ["Shop:cellar"]', '`knows`: "Shop" has no room "cellar"'),
    ("too few starts", "[[person]]", SECOND_PERSON + "[[person]]", '"Cottage:bedroom": 2 live there, 1 drawn'),
    ("namesakes", "[[person]]", NAMESAKE + "[[person]]", '"ADA MOSS" has the same name'),
    ("path as name", NAME, 'name = "../Ada"', "person ../Ada: the name contains '/'"),
    ("windows path as name", NAME, "name = 'Ada\\Moss'", "the name contains '\\\\'"),
    ("colon in name", NAME, 'name = "Ada:Moss"', "the name contains ':'"),
    ("dots as name", NAME, 'name = ".."', "the name begins or ends with a dot"),
    ("underscore in name", NAME, 'name = "Ada_Moss"', "the name contains '_'"),
    (
        "base outside",
        "seed = 5",
        'seed = 5\nname = "../base"',
        '[simulation]: `name` is "../base". Write the name of a',
    ),
    (
        "language",
        "seed = 5",
        'seed = 5\nlanguage = "a\\nb"',
        "[simulation]: `language` is 'a\\nb'. Write its name on one line",
    ),
    ("half an age", AGE, "age = 30.5", "person Ada Moss: `age` is 30.5. Write a whole number"),
    ("negative age", AGE, "age = -1", "person Ada Moss: `age` is -1"),
    ("flag as age", AGE, "age = true", "person Ada Moss: `age` is true"),
    ("no list of texts", AGE, f"{AGE}\nknows = [5]", "`knows` is [5]. Write a list of texts."),
    ("no moment", "2024-05-01T07:00:00", '"tomorrow"', '`start` is "tomorrow". Write a date and time'),
    ("time zone", "07:00:00", "07:00:00Z", "`start` has a time zone"),
    (
        "short day",
        AGE,
        f'{AGE}\nwake_up = "06:00"\nbed_time = "09:00"',
        "`wake_up` is 06:00 and `bed_time` 09:00. Leave",
    ),
    ("two whispers", "You like plums", "You like plums; pears", "has a semicolon or a line break in it"),
    (
        "look",
        AGE,
        f'{AGE}\nlook = "purpel hair"',
        '`look`: "purpel" describes no look. Leave it out, or take "purple" or another of those in ',
    ),
    ("missing field", "currently", "curently", "person Ada Moss: `currently` is missing. Write a text"),
)
def test_people_are_refused(workshop, old, new, said):
    faults = faults_of(workshop, people=changed(PEOPLE, old, new))
    assert any(said in fault for fault in faults), faults
    assert all("people.toml: " in fault for fault in faults)


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ("", "`person` is missing. Write tables, each beginning with [[person]]"),
        ("person = []\n", "it describes nobody"),
    ],
)
def test_a_file_without_people_is_refused(workshop, roster, said):
    assert said in faults_of(workshop, people=roster + PEOPLE[: PEOPLE.index("[[person]]")])[0]


def test_a_long_value_is_shortened(workshop):
    (fault,) = faults_of(workshop, people=changed(PEOPLE, AGE, f'age = "{"x" * 500}"'))
    assert len(fault.partition("`age`")[2]) < 150


def test_errors_of_both_files_are_reported_together(workshop):
    faults = faults_of(workshop, changed(PLAN, "at = [7, 2]", "at = [9, 2]"), changed(PEOPLE, "30", "-30"))
    assert len(faults) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, r"plan\.toml cannot be read \(No such"),
        ("a = 1\nb = 'é'".encode("latin-1"), r"plan\.toml, line 2: .* UTF-8"),
    ],
    ids=["missing", "latin-1"],
)
def test_an_unreadable_file_is_named(tmp_path, content, said):
    if content:
        (tmp_path / "plan.toml").write_bytes(content)
    with pytest.raises(BuildRefused, match=rf"plan\.toml: file: {said}"):
        build.read_world(tmp_path / "plan.toml", tmp_path / "nobody.toml")


def test_a_byte_order_mark_is_ignored(workshop):
    assert maze_of(workshop("\ufeff" + PLAN)).world == "Tiny"


def test_nothing_is_written_if_anything_is_refused(workshop, tmp_path):
    faults_of(workshop, people=changed(PEOPLE, AGE, "age = -1"))
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- the command line


def command(tmp_path: Path, *arguments: str) -> int:
    """Runs the command on the plan in a folder, into `out` next to it."""
    return build.main(["--plan", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "out"), *arguments])


def test_the_command_checks_without_building(tmp_path, capsys):
    assert build.main(["--check", "--out", str(tmp_path)]) == 0
    assert "Willow Bend, 110 x 70 tiles, 26 places" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_ours", [True, False], ids=["where simulations are", "elsewhere"])
def test_the_command_says_how_to_run_a_base_the_program_finds(tmp_path, capsys, monkeypatch, is_ours):
    town_files(tmp_path, people=PEOPLE)
    monkeypatch.setattr(build, "_FRONTEND", tmp_path / ("out" if is_ours else "front end"))
    command(tmp_path)
    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("Next: ") is is_ours
    if is_ours:
        interpreter, program, *options = shlex.split(last.removeprefix("Next: "))
        assert (Path(interpreter).is_file(), Path(program).is_file()) == (True, True)
        assert options == ["--offline", "--fork", "base_tiny_n1", "--run", "360"]


def test_the_command_lists_errors_and_fails(tmp_path, capsys):
    assert command(tmp_path, "--people", "9") == 2
    assert "Nothing was built; errors to fix: 1." in capsys.readouterr().err


def test_the_command_builds_every_people_file_next_to_the_plan(tmp_path):
    town_files(tmp_path, TWO_STARTS, people=PEOPLE, people_of_jars=CALLED_JARS + SECOND_PERSON)
    assert command(tmp_path) == 0
    assert {base.name for base in (tmp_path / "out/storage").iterdir()} == {"base_tiny_n1", "base_jars"}


def test_the_command_builds_nothing_when_one_of_the_people_files_is_refused(tmp_path, capsys):
    town_files(tmp_path, people=PEOPLE, people_odd=changed(PEOPLE, AGE, "age = -1"))
    assert command(tmp_path) == 2
    assert "people_odd.toml: person Ada Moss: `age` is -1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("casts", "shared"),
    [
        ((CALLED_JARS, CALLED_JARS.replace("base_jars", "Base_Jars") + SECOND_PERSON), "storage/Base_Jars"),
        ((PEOPLE, CALLED_JARS), "static_dirs/assets/tiny/agent_history_init_n1.csv"),
    ],
    ids=["base", "whispers"],
)
@pytest.mark.parametrize("only_check", [[], ["--check"]], ids=["build", "check"])
def test_casts_that_would_overwrite_each_other_are_refused_before_anything_is_written(
    tmp_path, capsys, casts, shared, only_check
):
    town_files(tmp_path, TWO_STARTS, people=casts[0], people_b=casts[1])
    assert command(tmp_path, *only_check) == 2
    said = f"people_b.toml: [simulation]: it would write {shared}, as people.toml does."
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("count", "shared"),
    [("1", "static_dirs/assets/tiny/agent_history_init_n1.csv"), ("3", "storage/base_tiny_n3")],
    ids=["as many", "base"],
)
def test_generated_people_never_replace_a_cast_next_to_the_plan(tmp_path, capsys, count, shared):
    town_files(tmp_path, people=CALLED_JARS.replace("base_jars", "base_tiny_n3"))
    assert command(tmp_path, "--people", count) == 2
    assert f"--people {count}: it would write {shared}, as people.toml does." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_reports_write_errors(tmp_path, capsys):
    (tmp_path / "storage").write_text("in the way", encoding="utf-8")
    assert build.main(["--out", str(tmp_path)]) == 1
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.slow
def test_the_script_runs_from_any_folder(tmp_path):
    script = [sys.executable, str(WORLD_BUILDER / "build.py"), "--out", str(tmp_path / "out")]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"built in {tmp_path / 'out'}" in done.stdout

"""The world builder: what it makes of a town and its people, and what it refuses, in the words it uses."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import build
from build_faults import BuildRefused
from maze import Maze
from mock_llm import appointments
from mock_llm.prompt import sentences
from told import hours, named_places, usual_entries

WORLD_BUILDER = Path(build.__file__).resolve().parent
WILLOW_BEND = WORLD_BUILDER / "worlds" / "willow_bend"
FRONTEND = WORLD_BUILDER.parent / "frontend_server"

PLAN = """
world = "Tiny"
maze = "tiny"
floor = "wood"

[ground]
"." = "grass"
"," = "path"
"+" = "door"
":" = "wood"

[barriers]
"#" = "wall"
"~" = "water"

[objects]
B = "bed"
c = "counter"

[town]
map = '''
.............
,,,,,,,,,,,,,
.............
.............
.............
............~
'''

[[place]]
name = "Cottage"
home = true
at = [1, 2]
rooms = { 1 = "bedroom" }
drawing = '''
##+##
#B1@#
#####
'''

[[place]]
name = "Shop"
at = [7, 2]
rooms = { 1 = "store", 2 = "yard" }
floors = { 2 = "grass" }
drawing = '''
##+##
#1cc#
##+##
-222-
'''
"""

PEOPLE = """
[simulation]
start = 2024-05-01T07:00:00
seed = 5

[[person]]
name = "Ada Moss"
age = 30
traits = "calm"
past = "Ada Moss keeps the shop."
currently = "Ada Moss is counting jars."
lifestyle = "Ada Moss goes to bed around 10pm, wakes up around 6am, eats dinner around 6pm."
daily_plan = "Ada Moss works in the shop from 9am."
home = "Cottage:bedroom"
workplace = "Shop:store"
whispers = ["You know that the well is dry", "You like plums"]
"""

NEIGHBOURS_HUT = """
[[place]]
name = "Hut"
home = true
at = [0, 0]
rooms = { 1 = "room" }
drawing = "11"
"""

SECOND_PERSON = PEOPLE[PEOPLE.index("[[person]]") :].replace("Ada Moss", "Ben Moss")


@pytest.fixture
def workshop(tmp_path):
    """A function that builds the tiny town from changed texts and gives the front end's folder."""

    def build_tiny(plan: str = PLAN, people: str = PEOPLE) -> Path:
        (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
        (tmp_path / "people.toml").write_text(people, encoding="utf-8")
        build.build(tmp_path / "plan.toml", tmp_path / "people.toml", tmp_path / "out")
        return tmp_path / "out"

    return build_tiny


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def faults_of(workshop, plan: str = PLAN, people: str = PEOPLE) -> list[str]:
    with pytest.raises(BuildRefused) as refusal:
        workshop(plan, people)
    return [str(fault) for fault in refusal.value.faults]


def read_json(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))


def grid(out: Path, kind: str, width: int = 13) -> list[list[str]]:
    numbers = (out / f"static_dirs/assets/tiny/matrix/maze/{kind}_maze.csv").read_text(encoding="utf-8")
    cells = [number.strip() for number in numbers.split(",")]
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def blocks(out: Path, kind: str) -> dict[str, list[str]]:
    rows = (out / f"static_dirs/assets/tiny/matrix/special_blocks/{kind}_blocks.csv").read_text(encoding="utf-8")
    return {number: names for number, *names in csv.reader(rows.splitlines(), skipinitialspace=True)}


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# ---------------------------------------------------------------- the town that ships


CASTS = ["n3", "n25"]


@pytest.fixture(scope="module")
def willow_bend(tmp_path_factory):
    out = tmp_path_factory.mktemp("frontend")
    assert build.main(["--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def world_of_25():
    return build.read_world(WILLOW_BEND / "plan.toml", WILLOW_BEND / "people_n25.toml")


@pytest.mark.parametrize(
    "folder", ["static_dirs/assets/willow_bend/matrix", *(f"storage/base_willow_bend_{cast}" for cast in CASTS)]
)
def test_willow_bend_is_built_byte_for_byte_as_it_ships(willow_bend, folder):
    assert files_in(willow_bend / folder) == files_in(FRONTEND / folder)


@pytest.mark.parametrize("cast", CASTS)
def test_the_whispers_of_willow_bend_are_built_byte_for_byte_as_they_ship(willow_bend, cast):
    file = f"static_dirs/assets/willow_bend/agent_history_init_{cast}.csv"
    assert (willow_bend / file).read_bytes() == (FRONTEND / file).read_bytes()


def test_twenty_five_people_live_in_willow_bend(world_of_25):
    assert len({person.name for person in world_of_25.cast.people}) == 25


def test_a_day_of_the_25_begins_at_midnight(world_of_25):
    assert f"{world_of_25.cast.start:%H:%M:%S}" == "00:00:00"


def test_the_three_are_told_in_the_same_words_among_the_25(world_of_25):
    three = build.read_world(WILLOW_BEND / "plan.toml", WILLOW_BEND / "people_n3.toml").cast.people
    among = {person.name: person for person in world_of_25.cast.people}
    for person in three:
        own = {"knows", "whispers"}
        assert among[person.name].model_dump(exclude=own) == person.model_dump(exclude=own)


def test_places_that_the_25_speak_of_are_on_the_map(world_of_25):
    sectors = {*world_of_25.town.places(), world_of_25.town.world}
    for person in world_of_25.cast.people:
        told = f"{person.daily_plan} {person.past}"
        assert set(named_places(told)) <= sectors, person.name


def test_what_the_25_announce_is_at_a_place_of_the_town_in_the_days_to_come(world_of_25):
    start = world_of_25.cast.start.date()
    places = list(world_of_25.town.places())
    told = [(person.name, text) for person in world_of_25.cast.people for text in sentences(person.currently)]
    announced = [found for name, text in told if (found := appointments.read(text, name, places))]
    assert len(announced) >= 6
    assert all(0 < (found.day - start).days < 7 and found.start < found.end for found in announced)


def test_everybody_knows_the_places_of_the_own_days_and_stories(willow_bend, world_of_25):
    town = world_of_25.town.places()
    for folder in (willow_bend / "storage/base_willow_bend_n25/personas").iterdir():
        (known,) = read_json(folder / "bootstrap_memory/spatial_memory.json").values()
        scratch = read_json(folder / "bootstrap_memory/scratch.json")
        told = {place for place in town if place in scratch["currently"]} | {*named_places(scratch["daily_plan_req"])}
        assert told <= known.keys(), folder.name


def test_whoever_works_somewhere_goes_there(world_of_25):
    working = [person for person in world_of_25.cast.people if person.workplace]
    assert len(working) == 23
    assert [person.name for person in working if person.workplace.partition(":")[0] not in person.daily_plan] == []


def test_the_25_are_up_at_different_hours(world_of_25):
    up, bed = zip(*map(hours, world_of_25.cast.people), strict=True)
    assert (min(up), max(bed)) == (4 * 60, 25 * 60)
    assert len(set(up)) >= 6


def test_each_of_the_25_has_usual_days_with_hours_while_awake(world_of_25):
    for person in world_of_25.cast.people:
        up, bed = hours(person)
        usual = usual_entries(person)
        assert len(usual) >= 4, person.name
        assert all(up <= start < end <= bed for _, start, end in usual), person.name


def test_most_of_the_25_live_with_somebody_else(world_of_25):
    housemates = Counter(person.home.partition(":")[0] for person in world_of_25.cast.people)
    assert sorted(housemates.values()) == [1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4]


def test_each_of_the_25_knows_others_by_name(world_of_25):
    names = [person.name for person in world_of_25.cast.people]
    for person in world_of_25.cast.people:
        told = " ".join(person.whispers)
        assert any(name in told for name in names if name != person.name), person.name


def test_every_room_of_willow_bend_holds_something_to_use():
    town = build.read_world(WILLOW_BEND / "plan.toml", WILLOW_BEND / "people_n3.toml").town
    bare = [(sector, arena) for sector, arenas in town.places().items() for arena in arenas if not arenas[arena]]
    assert bare == []


def test_every_home_of_willow_bend_has_a_bed_a_bathroom_and_a_kitchen():
    town = build.read_world(WILLOW_BEND / "plan.toml", WILLOW_BEND / "people_n3.toml").town
    for home in town.homes:
        things = {thing for objects in town.places()[home].values() for thing in objects}
        assert {"bed", "closet", "toilet", "shower", "stove", "refrigerator", "dining table"} <= things, home


# ---------------------------------------------------------------- the files of a town


def test_the_backend_reads_the_places_that_were_drawn(workshop):
    maze = Maze("tiny", workshop() / "static_dirs" / "assets")
    assert maze.tree() == {
        "Tiny": {"Cottage": {"bedroom": ["bed"]}, "Shop": {"store": ["counter"], "yard": []}},
    }


def test_barriers_are_collision_tiles(workshop):
    collision = grid(workshop(), "collision")
    assert [x for x in range(13) if collision[2][x] == "32125"] == [1, 2, 4, 5, 7, 8, 10, 11]
    assert [x for x in range(13) if collision[5][x] == "32125"] == [12]


def test_barriers_have_no_address(workshop):
    maze = Maze("tiny", workshop() / "static_dirs" / "assets")
    assert {tile.sector for row in maze.tiles for tile in row if tile.collision} == {""}


def test_objects_stand_on_free_tiles_of_the_room_whose_floor_they_touch(workshop):
    maze = Maze("tiny", workshop() / "static_dirs" / "assets")
    counters = maze.address_tiles["Tiny:Shop:store:counter"]
    assert counters == ((9, 3), (10, 3))
    assert not any(maze.tile(counter).collision for counter in counters)


def test_doors_are_free_tiles_of_their_place_outside_its_rooms(workshop):
    maze = Maze("tiny", workshop() / "static_dirs" / "assets")
    assert maze.address((3, 2)) == "Tiny:Cottage"
    assert not maze.tile((3, 2)).collision


def test_a_see_through_sign_leaves_the_ground_of_the_town(workshop):
    assert grid(workshop(), "sector")[5][7] == "0"


def test_block_numbers_differ_from_one_another_and_from_the_collision_number(workshop):
    out = workshop()
    kinds = ["world", "sector", "arena", "game_object", "spawning_location"]
    numbers = [number for kind in kinds for number in blocks(out, kind)]
    assert len({*numbers, "32125"}) == len(numbers) + 1


def test_objects_of_one_name_share_a_block_for_all_places(workshop):
    assert list(blocks(workshop(), "game_object").values()) == [
        ["Tiny", "<all>", "bed"],
        ["Tiny", "<all>", "counter"],
    ]


def test_the_ground_of_every_tile_is_known_to_whoever_draws_the_town(tmp_path):
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    rows = build.read_world(tmp_path / "plan.toml", tmp_path / "people.toml").town.rows
    tiles = {"street": (0, 1), "door": (3, 2), "wall": (1, 2), "under the bed": (2, 3), "yard": (8, 5)}
    assert {name: rows[y][x].ground for name, (x, y) in tiles.items()} == {
        "street": "path",
        "door": "door",
        "wall": "wall",
        "under the bed": "wood",
        "yard": "grass",
    }


# ---------------------------------------------------------------- the files of a base simulation


def test_a_base_starts_at_its_moment_with_its_seed_and_its_roster(workshop):
    people = PEOPLE + SECOND_PERSON
    plan = changed(PLAN, "#B1@#", "#@1@#")
    assert read_json(workshop(plan, people) / "storage/base_tiny_n2/reverie/meta.json") == {
        "fork_sim_code": "base_tiny_n2",
        "start_date": "May 1, 2024",
        "curr_time": "May 1, 2024, 07:00:00",
        "sec_per_step": 10,
        "maze_name": "tiny",
        "persona_names": ["Ada Moss", "Ben Moss"],
        "step": 0,
        "seed": 5,
    }


def test_residents_of_one_room_start_on_tiles_of_their_own(workshop):
    out = workshop(changed(PLAN, "#B1@#", "#@1@#"), PEOPLE + SECOND_PERSON)
    assert read_json(out / "storage/base_tiny_n2/environment/0.json") == {
        "Ada Moss": {"maze": "tiny", "x": 2, "y": 3},
        "Ben Moss": {"maze": "tiny", "x": 4, "y": 3},
    }


def test_the_scratch_says_who_a_person_is(workshop):
    scratch = read_json(workshop() / "storage/base_tiny_n1/personas/Ada Moss/bootstrap_memory/scratch.json")
    identity = ["name", "first_name", "last_name", "age", "innate", "currently", "living_area", "vision_r"]
    assert [scratch[key] for key in identity] == [
        *("Ada Moss", "Ada", "Moss", 30, "calm", "Ada Moss is counting jars.", "Tiny:Cottage:bedroom", 8)
    ]


def test_a_person_knows_the_own_home_and_all_public_places(workshop):
    assert known_places(workshop(PLAN + NEIGHBOURS_HUT)) == {
        "Cottage": ["bedroom"],
        "Shop": ["store", "yard"],
    }


def test_a_person_with_a_list_of_places_knows_these_besides_home_and_workplace(workshop):
    assert known_places(workshop(people=PEOPLE + "knows = []\n")) == {
        "Cottage": ["bedroom"],
        "Shop": ["store"],
    }


def test_public_places_can_be_named_in_a_list_of_places(workshop):
    people = PEOPLE + 'knows = ["public places"]\n'
    assert known_places(workshop(people=people)) == {"Cottage": ["bedroom"], "Shop": ["store", "yard"]}


def known_places(out: Path) -> dict[str, list[str]]:
    memory = out / "storage/base_tiny_n1/personas/Ada Moss/bootstrap_memory/spatial_memory.json"
    return {sector: list(arenas) for sector, arenas in read_json(memory)["Tiny"].items()}


def test_whispers_stand_in_one_row_a_person(workshop):
    file = workshop() / "static_dirs/assets/tiny/agent_history_init_n1.csv"
    assert file.read_text(encoding="utf-8") == (
        "Name,Whisper\nAda Moss,You know that the well is dry; You like plums\n"
    )


def test_names_of_any_script_are_kept(workshop):
    out = workshop(people=PEOPLE.replace("Ada Moss", "Åda 苔"))
    base = out / "storage/base_tiny_n1"
    assert read_json(base / "reverie/meta.json")["persona_names"] == ["Åda 苔"]
    assert (base / "personas/Åda 苔/bootstrap_memory/scratch.json").is_file()


def test_a_base_can_have_a_name_of_its_own(workshop):
    out = workshop(people=changed(PEOPLE, "seed = 5", 'seed = 5\nname = "base_jars"'))
    assert read_json(out / "storage/base_jars/reverie/meta.json")["fork_sim_code"] == "base_jars"


def test_building_again_replaces_the_base_and_leaves_nothing_of_the_old_one(workshop):
    workshop()
    out = workshop(people=PEOPLE.replace("Ada Moss", "Eve Moss"))
    assert [persona.name for persona in (out / "storage/base_tiny_n1/personas").iterdir()] == ["Eve Moss"]
    assert [folder.name for folder in (out / "storage").iterdir()] == ["base_tiny_n1"]


def test_a_simulation_that_has_run_is_never_replaced(workshop):
    base = workshop() / "storage/base_tiny_n1"
    meta = {**read_json(base / "reverie/meta.json"), "step": 12}
    (base / "reverie/meta.json").write_text(json.dumps(meta), encoding="utf-8")
    before = files_in(base)
    assert "nobody has lived in" in faults_of(workshop)[0]
    assert files_in(base) == before


# ---------------------------------------------------------------- what is refused


REFUSED_PLANS = {
    "ragged": ("#B1@#", "#B1@##", "place Cottage: row 2 of `drawing` has 6 signs, the first row has 5"),
    "ragged map": (
        "............~",
        "............",
        "[town]: row 6 of `map` has 12 signs, the first row has 13",
    ),
    "off map": ("at = [7, 2]", "at = [9, 2]", "place Shop: it covers x 9 to 13, y 2 to 5, the map is 13 x 6"),
    "left of map": ("at = [7, 2]", "at = [-1, 2]", "place Shop: it covers x -1 to 3"),
    "overlap": ("at = [7, 2]", "at = [5, 2]", 'place Shop: it overlaps "Cottage" at tile (5, 2)'),
    "walled room": (
        "##+##\n#1cc#\n##+##",
        "#####\n#1cc#\n#####",
        "place Shop: 3 tiles from (8, 3) on, store (wood, counter) cannot be reached",
    ),
    "twin places": ('name = "Shop"', 'name = "cottage"', 'two places are called "Cottage"'),
    "twin rooms": ('2 = "yard"', '2 = "Store"', 'place Shop: two rooms are called "store"'),
    "between rooms": (
        "#1cc#",
        "#1c2#",
        'the object "counter" at tile (9, 3) lies between the rooms "store" and "yard"',
    ),
    "undrawn room": ("#B1@#", "#B+@#", 'place Cottage: the room "bedroom" is not drawn'),
    "roomless object": (
        "##+##\n#B1@#",
        "B#+##\n##1@#",
        'place Cottage: the object "bed" at tile (1, 2) touches no room',
    ),
    "unknown sign": ("#B1@#", "#Q1@#", 'place Cottage: nothing is named by the sign "Q" (row 2, column 2'),
    "unknown ground": (
        ".............\n,",
        "x............\n,",
        '[town]: nothing is named by the sign "x" (row 1, column 1',
    ),
    "walled start": (
        "##+##\n#B1@#",
        "#####\n#B1@#",
        "place Cottage: 3 tiles from (2, 3) on, bedroom (bed, wood, start) cannot be reached",
    ),
    "unknown floor": (
        'floors = { 2 = "grass" }',
        'floors = { 2 = "gras" }',
        'the floor "gras" is not a kind of ground. Add it to [ground], or: did you mean "grass"?',
    ),
    "floor of no room": (
        'floors = { 2 = "grass" }',
        'floors = { 3 = "grass" }',
        'place Shop: `floors` names the room "3"',
    ),
    "sign twice": ('"~" = "water"', '"." = "water"', '"." stands in both'),
    "letter as ground": ('"~" = "water"', 'w = "water"', '"w" cannot mean a kind of ground'),
    "sign as object": (
        'c = "counter"',
        '"%" = "counter"',
        'the object "counter" has the sign "%". Use one letter',
    ),
    "number as room": (
        '1 = "bedroom"',
        '10 = "bedroom"',
        'the room "bedroom" has the sign "10". Use a digit',
    ),
    "colon in name": ('name = "Shop"', 'name = "Shop: front"', "the name \"Shop: front\" contains ':'"),
    "comma in object": ('c = "counter"', 'c = "till, counter"', "contains ','"),
    "maze outside": ('maze = "tiny"', 'maze = "../tiny"', '`maze` is "../tiny". Write the name of a folder'),
    "unknown field": (
        "home = true",
        "hoem = true",
        'place Cottage: `hoem` is not known here. Check the spelling: did you mean "home"?',
    ),
    "no flag": ("home = true", 'home = "yes"', 'place Cottage: `home` is "yes". Write true or false'),
    "half a point": ("at = [7, 2]", "at = [7]", "place Shop: `at` is [7]. Write two whole numbers"),
    "no world": ('world = "Tiny"', "", "file: `world` is missing"),
    "blank world": ('world = "Tiny"', 'world = " "', "file: `world` is empty"),
    "no toml": ('world = "Tiny"', "world = Tiny", "file: it is not TOML ("),
}


@pytest.mark.parametrize(("old", "new", "said"), REFUSED_PLANS.values(), ids=REFUSED_PLANS.keys())
def test_a_plan_is_refused(workshop, old, new, said):
    faults = faults_of(workshop, plan=changed(PLAN, old, new))
    assert any(said in fault for fault in faults), faults
    assert all("plan.toml: " in fault for fault in faults)


REFUSED_PEOPLE = {
    "unknown home": (
        '"Cottage:bedroom"',
        '"Cotage:bedroom"',
        'person Ada Moss: `home`: there is no place "Cotage". Name one: did you mean "Cottage"?',
    ),
    "unknown home room": (
        '"Cottage:bedroom"',
        '"Cottage:attic"',
        '`home`: "Cottage" has no room "attic". Name one: known are: bedroom',
    ),
    "home without room": (
        '"Cottage:bedroom"',
        '"Cottage"',
        'the home "Cottage" names no room. Write "place:room"',
    ),
    "public home": ('"Cottage:bedroom"', '"Shop:store"', 'the home "Shop" is a public place'),
    "unknown workplace": ('"Shop:store"', '"Office"', '`workplace`: there is no place "Office"'),
    "unknown knowledge": (
        "age = 30",
        'age = 30\nknows = ["Shop:cellar"]',
        '`knows`: "Shop" has no room "cellar"',
    ),
    "too few starts": (
        "[[person]]",
        SECOND_PERSON + "[[person]]",
        'person Ada Moss: no start is free in "Cottage:bedroom": 2 live there, 1 drawn',
    ),
    "namesakes": (
        "[[person]]",
        SECOND_PERSON.replace("Ben Moss", "ADA MOSS") + "[[person]]",
        '"ADA MOSS" has the same name',
    ),
    "path as name": ('name = "Ada Moss"', 'name = "../Ada"', "the name contains '/'"),
    "windows path as name": ('name = "Ada Moss"', "name = 'Ada\\Moss'", "the name contains '\\\\'"),
    "colon in name": ('name = "Ada Moss"', 'name = "Ada:Moss"', "the name contains ':'"),
    "dots as name": ('name = "Ada Moss"', 'name = ".."', "the name begins or ends with a dot"),
    "underscore in name": ('name = "Ada Moss"', 'name = "Ada_Moss"', "the name contains '_'"),
    "base outside": (
        "seed = 5",
        'seed = 5\nname = "../base"',
        '[simulation]: `name` is "../base". Write the name of a folder',
    ),
    "half an age": ("age = 30", "age = 30.5", "person Ada Moss: `age` is 30.5. Write a whole number"),
    "negative age": ("age = 30", "age = -1", "person Ada Moss: `age` is -1"),
    "no moment": ("2024-05-01T07:00:00", '"tomorrow"', '`start` is "tomorrow". Write a date and time'),
    "time zone": ("07:00:00", "07:00:00Z", "`start` has a time zone"),
    "semicolon in whisper": (
        "You like plums",
        "You like plums; pears",
        "has a semicolon or a line break in it",
    ),
    "missing field": ("currently", "curently", "person Ada Moss: `currently` is missing"),
}


@pytest.mark.parametrize(("old", "new", "said"), REFUSED_PEOPLE.values(), ids=REFUSED_PEOPLE.keys())
def test_people_are_refused(workshop, old, new, said):
    faults = faults_of(workshop, people=changed(PEOPLE, old, new))
    assert any(said in fault for fault in faults), faults
    assert all("people.toml: " in fault for fault in faults)


def test_a_file_without_people_is_refused(workshop):
    assert "`person` is missing" in faults_of(workshop, people=PEOPLE[: PEOPLE.index("[[person]]")])[0]


def test_an_empty_roster_is_refused(workshop):
    people = "person = []\n" + PEOPLE[: PEOPLE.index("[[person]]")]
    assert "nobody lives here" in faults_of(workshop, people=people)[0]


def test_faults_of_both_files_are_said_at_once(workshop):
    faults = faults_of(workshop, changed(PLAN, "at = [7, 2]", "at = [9, 2]"), changed(PEOPLE, "30", "-30"))
    assert len(faults) == 2


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BuildRefused, match=r"nowhere\.toml: file: it does not exist"):
        build.read_world(tmp_path / "nowhere.toml", tmp_path / "nobody.toml")


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "plan.toml").write_bytes("name = 'Café'".encode("latin-1"))
    with pytest.raises(BuildRefused, match=r"plan\.toml: file: byte 11 is not UTF-8"):
        build.read_world(tmp_path / "plan.toml", tmp_path / "nobody.toml")


def test_nothing_is_written_when_something_is_refused(workshop, tmp_path):
    faults_of(workshop, people=changed(PEOPLE, "age = 30", "age = -1"))
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- the command line


def test_the_command_checks_without_building(tmp_path, capsys):
    assert build.main(["--check", "--out", str(tmp_path)]) == 0
    assert "Willow Bend, 110 x 70 tiles, 26 places" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_command_lists_faults_and_fails(tmp_path, capsys):
    assert build.main(["--plan", str(tmp_path / "nowhere.toml"), "--people", "9", "--out", str(tmp_path)]) == 2
    assert "Nothing was built: 1 to fix." in capsys.readouterr().err


def test_the_command_builds_every_people_file_beside_the_plan(tmp_path):
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    other = changed(PEOPLE + SECOND_PERSON, "seed = 5", 'seed = 5\nname = "base_jars"')
    (tmp_path / "plan.toml").write_text(changed(PLAN, "#B1@#", "#@1@#"), encoding="utf-8")
    (tmp_path / "people_of_jars.toml").write_text(other, encoding="utf-8")
    assert build.main(["--plan", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "out")]) == 0
    assert {base.name for base in (tmp_path / "out/storage").iterdir()} == {"base_tiny_n1", "base_jars"}


def test_the_command_builds_nothing_when_one_of_the_people_files_is_refused(tmp_path, capsys):
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "people_odd.toml").write_text(changed(PEOPLE, "age = 30", "age = -1"), encoding="utf-8")
    assert build.main(["--plan", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "out")]) == 2
    assert "people_odd.toml: person Ada Moss: `age` is -1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


TWO_CASTS_OF_ONE_NAME = {
    "people.toml": changed(PEOPLE, "seed = 5", 'seed = 5\nname = "base_jars"'),
    "people_b.toml": changed(PEOPLE + SECOND_PERSON, "seed = 5", 'seed = 5\nname = "Base_Jars"'),
}
TWO_CASTS_OF_ONE_SIZE = {
    "people.toml": PEOPLE,
    "people_b.toml": changed(PEOPLE, "seed = 5", 'seed = 5\nname = "base_jars"'),
}


@pytest.mark.parametrize(
    ("casts", "said"),
    [
        (TWO_CASTS_OF_ONE_NAME, "storage/Base_Jars, as people.toml does"),
        (TWO_CASTS_OF_ONE_SIZE, "static_dirs/assets/tiny/agent_history_init_n1.csv, as people.toml does"),
    ],
    ids=["base", "whispers"],
)
@pytest.mark.parametrize("only_check", [[], ["--check"]], ids=["build", "check"])
def test_casts_that_would_write_over_each_other_are_refused_before_anything_is_written(
    tmp_path, capsys, casts, said, only_check
):
    (tmp_path / "plan.toml").write_text(changed(PLAN, "#B1@#", "#@1@#"), encoding="utf-8")
    for name, text in casts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert build.main(["--plan", str(tmp_path / "plan.toml"), "--out", str(out), *only_check]) == 2
    assert f"people_b.toml: [simulation]: it would write {said}." in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "it would write static_dirs/assets/tiny/agent_history_init_n1.csv, as people.toml does"),
        (3, "it would write storage/base_tiny_n3, as people.toml does"),
    ],
    ids=["as many", "base"],
)
def test_made_people_never_take_the_place_of_a_cast_beside_the_plan(tmp_path, capsys, count, said):
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    people = changed(PEOPLE, "seed = 5", 'seed = 5\nname = "base_tiny_n3"')
    (tmp_path / "people.toml").write_text(people, encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["--plan", str(tmp_path / "plan.toml"), "--people", str(count), "--out", str(out)]
    assert build.main(arguments) == 2
    assert f"--people {count}: {said}." in capsys.readouterr().err
    assert not out.exists()


def test_the_command_says_when_it_cannot_write(tmp_path, capsys):
    (tmp_path / "storage").write_text("in the way", encoding="utf-8")
    assert build.main(["--out", str(tmp_path)]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_the_script_runs_from_any_folder(tmp_path):
    command = [sys.executable, str(WORLD_BUILDER / "build.py"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "reverie.py --offline --fork base_willow_bend_n3 --run 360" in done.stdout

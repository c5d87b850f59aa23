"""Worlds, bases and settings of users: inconsistencies are reported, and they work nevertheless.

THE_VILLE_DATA may name a folder with a known world (`matrix/`) and its bases (`storage/`) to run them too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import offline_llm
import reverie
import small_world
import terminal
from maze import Maze
from own_checkout import OwnCheckout
from persona.memory_structures.spatial_memory import MemoryTree
from persona.persona import Persona
from scripted import persona
from small_world import ADA, ADAS_HOUSE, BASE, BEN, CAFE, CLEO, MAZE, PEOPLE, WORLD, Inhabitant, SmallWorld
from town.world_warnings import world_warnings

pytestmark = pytest.mark.own_maze

THE_VILLE = "THE_VILLE_DATA"
BASES_OF_THE_VILLE = {"base_the_ville_isabella_maria_klaus": 3, "base_the_ville_n25": 25}
THEIR_MAZE = "The Old Town (2)"

THEIR_UTILS = """
openai_api_key = "key-of-theirs"
key_owner = "Somebody Else"
frontend = "../../environment/frontend_server"  # a name of their own
maze_assets_loc = f"{frontend}/static_dirs/assets"
env_matrix = f"{maze_assets_loc}/small_world/matrix"
env_visuals = f"{maze_assets_loc}/small_world/visuals"
fs_storage = f"{frontend}/storage"
fs_temp_storage = f"{frontend}/temp_storage"
collision_block_id = "32125"
debug = True
"""


def knowing(tree: dict[str, Any], who: Inhabitant = ADA) -> Persona:
    """A persona that knows only these places."""
    made = persona(who)
    made.s_mem = MemoryTree(tree)
    return made


# What does not fit is said


def test_without_inconsistencies_nothing_is_reported(maze: Maze):
    assert world_warnings(maze, {person.name: persona(person) for person in PEOPLE}) == []


def test_inconsistencies_of_the_map_files_are_reported_first(maze: Maze):
    maze.world_warnings = ("arena_maze.csv is odd.",)
    said = world_warnings(maze, {ADA.name: knowing({"Atlantis": {}})})
    assert (said[0], len(said)) == ("arena_maze.csv is odd.", 2)


def test_other_spellings_are_reported_in_one_line_for_all(maze: Maze):
    tree = {"small  world": {CAFE.upper(): {"cafe": ["Cafe Counter "]}}}
    assert world_warnings(maze, {who.name: knowing(tree, who) for who in (ADA, BEN)}) == [
        "People spell 3 place names differently from the map, in case or spaces only, "
        "such as 'small  world' for 'Small World'; the map's spelling is used."
    ]


@pytest.mark.parametrize(
    ("tree", "warning"),
    [
        (
            {WORLD: {CAFE: {"cellar": ["barrel", "candle"]}, "Lighthouse": {"lamp room": ["lamp"]}}},
            "2 places missing from the map, such as 'Small World:Corner Cafe:cellar'",
        ),
        (
            {"Atlantis": {"Temple": {"hall": ["altar"]}}},
            "1 place missing from the map, such as 'Atlantis'",
        ),
    ],
    ids=["places", "a whole world"],
)
def test_places_that_are_not_on_the_map_are_a_line_for_each_persona(maze: Maze, tree: dict[str, Any], warning: str):
    said = f"Ada Finch knows {warning}; nobody can go there."
    assert world_warnings(maze, {ADA.name: knowing(tree)}) == [said]


NOWHERE, A_HOUSE = f"{WORLD}:Lighthouse:lamp room", f"{WORLD}:{ADAS_HOUSE}"
SERVES = "the first place that Ada Finch knows is used as home."


@pytest.mark.parametrize(
    ("home", "warning"),
    [
        (NOWHERE, f"Ada Finch lives at {NOWHERE!r}, which is not on the map; {SERVES}"),
        ("", f"Ada Finch lives nowhere; {SERVES}"),
        (A_HOUSE, f"Ada Finch lives at {A_HOUSE!r}, which is not a room (world:sector:arena)."),
        (
            f"{A_HOUSE}:Bedroom ",
            "People spell 1 place name differently from the map, in case or spaces only, "
            "such as 'Bedroom ' for 'bedroom'; the map's spelling is used.",
        ),
    ],
    ids=["not on the map", "nowhere", "a house", "another spelling"],
)
def test_a_home_that_is_not_a_room_of_the_map_is_reported(maze: Maze, home: str, warning: str):
    assert world_warnings(maze, {ADA.name: persona(ADA, living_area=home)}) == [warning]


def test_a_persona_with_two_names_is_reported(maze: Maze):
    assert world_warnings(maze, {"Ada": persona(ADA)}) == [
        "The persona that meta.json calls 'Ada' is 'Ada Finch' in its own scratch.json."
    ]


# What does not fit works all the same


def change(file: Path, edit: Callable[[Any], Any]) -> None:
    """Replaces the content of a JSON file with the result of `edit`."""
    small_world.write_json(file, edit(terminal.read(file)))


def folded(tree: Any) -> Any:
    """A spatial memory with every name in capitals and followed by a space."""
    if isinstance(tree, dict):
        return {f"{name.upper()} ": folded(inner) for name, inner in tree.items()}
    return [f"{name.upper()} " for name in tree]


def with_strange_places(tree: dict[str, Any]) -> dict[str, Any]:
    inner = {**tree[WORLD], "Lighthouse": {"lamp room": ["lamp"]}}
    inner[CAFE] = {**inner[CAFE], "cellar": ["barrel"]}
    return {WORLD: inner, "Atlantis": {"Temple": {"hall": ["altar"]}}}


@dataclass(frozen=True)
class TheirBase:
    """The small world and its base as users might have made them."""

    world: SmallWorld

    def rename_maze(self) -> None:
        (self.world.assets / MAZE).rename(self.world.assets / THEIR_MAZE)
        change(self.folder / "reverie" / "meta.json", lambda meta: {**meta, "maze_name": THEIR_MAZE})
        positions = self.folder / "environment" / "0.json"
        change(positions, lambda all_: {name: {**at, "maze": THEIR_MAZE} for name, at in all_.items()})

    def put_blanks_behind_names(self) -> None:
        for file in (self.world.assets / THEIR_MAZE / "matrix" / "special_blocks").iterdir():
            lines = file.read_text(encoding="utf-8").splitlines()
            file.write_text("".join(f"{line} \n" for line in lines), encoding="utf-8")

    def change_memory(self, name: str, file: str, edit: Callable[[Any], Any]) -> None:
        change(self.folder / "personas" / name / "bootstrap_memory" / file, edit)

    @property
    def folder(self) -> Path:
        return self.world.storage / BASE


@pytest.fixture
def their_base(world: SmallWorld) -> TheirBase:
    """All inconsistencies at once, a different one for each persona."""
    base = TheirBase(world)
    base.rename_maze()
    base.put_blanks_behind_names()
    info = world.assets / THEIR_MAZE / "matrix" / "maze_meta_info.json"
    change(info, lambda size: {**size, "world_name": WORLD.lower()})
    base.change_memory(ADA.name, "spatial_memory.json", folded)
    base.change_memory(ADA.name, "scratch.json", lambda state: {**state, "living_area": ADA.home.upper()})
    base.change_memory(BEN.name, "spatial_memory.json", with_strange_places)
    base.change_memory(CLEO.name, "spatial_memory.json", lambda tree: {})
    base.change_memory(CLEO.name, "scratch.json", lambda state: {**state, "living_area": "Atlantis:Temple:hall"})
    (base.folder / "personas" / CLEO.name / "bootstrap_memory" / "associative_memory" / "embeddings.json").unlink()
    return base


def moves(simulation: Path) -> dict[str, list[tuple[int, int]]]:
    """Everyone's tiles, step by step."""
    steps = sorted((simulation / "movement").glob("*.json"), key=lambda file: int(file.stem))
    people = [terminal.read(file)["persona"] for file in steps]
    return {name: [tuple(step[name]["movement"]) for step in people] for name in people[0]}


def test_a_base_with_all_inconsistencies_runs_and_reports_them_once(
    their_base: TheirBase, capsys: pytest.CaptureFixture[str]
):
    assert terminal.run("town", 200) == 0
    said = capsys.readouterr().out
    assert said.count("which is not on the map") == said.count("calls the world 'small world'") == 1
    assert terminal.resume("town", "--run", "50") == 0
    town = their_base.world.storage / "town"
    assert {name: len(steps) for name, steps in moves(town).items()} == {person.name: 250 for person in PEOPLE}
    maze = Maze(THEIR_MAZE)
    for file in (town / "movement").iterdir():
        for state in terminal.read(file)["persona"].values():
            address = state["description"].rpartition(" @ ")[2]
            assert address.startswith("<") or address.removesuffix(":<random>") in maze.address_tiles
    tree = terminal.read(town / "personas" / ADA.name / "bootstrap_memory" / "spatial_memory.json")
    assert "CAFE COUNTER " in tree[f"{WORLD.upper()} "][f"{CAFE.upper()} "]["CAFE "]


@pytest.mark.slow
def test_the_spelling_of_places_makes_no_difference_to_where_people_go(world: SmallWorld):
    base = TheirBase(world)
    terminal.run("as_on_the_map", 200)
    base.change_memory(ADA.name, "spatial_memory.json", folded)
    base.change_memory(BEN.name, "spatial_memory.json", folded)
    terminal.run("folded", 200)
    assert terminal.files(world.storage / "folded" / "movement") == terminal.files(
        world.storage / "as_on_the_map" / "movement"
    )


def test_a_base_with_only_a_clock_begins_with_a_first_day(world: SmallWorld):
    base = TheirBase(world)
    for who in PEOPLE:
        base.change_memory(who.name, "scratch.json", lambda state: {**state, "curr_time": "May 06, 2024, 07:00:00"})
    assert terminal.run("town", 3) == 0
    for who in PEOPLE:
        memory = world.storage / "town" / "personas" / who.name / "bootstrap_memory"
        assert terminal.read(memory / "scratch.json")["f_daily_schedule"]


def test_a_save_without_keyword_strengths_counts_its_memories(world: SmallWorld):
    terminal.run("town", 100)
    strengths = world.storage / "town" / "personas" / ADA.name / "bootstrap_memory/associative_memory/kw_strength.json"
    counted = terminal.read(strengths)
    strengths.unlink()
    assert terminal.resume("town", "--run", "1") == 0
    assert counted["kw_strength_event"].items() <= terminal.read(strengths)["kw_strength_event"].items()


@pytest.mark.parametrize(
    "rooms",
    [{"cafe": {}, "cellar": None}, {"cafe": {"cafe counter": {}}, "cellar": []}, ["cafe", "cellar"]],
)
def test_a_tree_with_malformed_branches_is_read_and_grows(rooms: Any):
    known = MemoryTree({WORLD: {CAFE: rooms, ADAS_HOUSE: None}})
    known.learn([f"{WORLD}:{CAFE}:cafe:cafe counter", f"{WORLD}:{CAFE}:cellar:barrel", f"{WORLD}:{ADAS_HOUSE}:bedroom"])
    assert known.to_json() == {
        WORLD: {CAFE: {"cafe": ["cafe counter"], "cellar": ["barrel"]}, ADAS_HOUSE: {"bedroom": []}}
    }


def test_a_spatial_memory_that_is_not_a_tree_is_refused_by_its_persona(
    world: SmallWorld, capsys: pytest.CaptureFixture[str]
):
    TheirBase(world).change_memory(BEN.name, "spatial_memory.json", lambda tree: {WORLD: "everywhere"})
    assert terminal.run("town", 1) == 2
    refusal = capsys.readouterr().err
    assert "The state of 'Ben Moss' in" in refusal
    assert "spatial_memory.json holds 'everywhere' where places should be" in refusal


# Their utils.py


@pytest.fixture
def their_checkout(tmp_path: Path) -> OwnCheckout:
    checkout = OwnCheckout(tmp_path / "checkout")
    (checkout.backend / "utils.py").write_text(THEIR_UTILS, encoding="utf-8")
    return checkout


@pytest.mark.slow
def test_paths_in_a_custom_utils_are_relative_to_its_folder_even_for_the_compressor(their_checkout: OwnCheckout):
    done = their_checkout.reverie("--offline", "--fork", BASE, "--name", "town", "--run", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert terminal.read(their_checkout.temp / "curr_sim_code.json") == {"sim_code": "town"}
    assert (their_checkout.storage / "town" / "movement" / "1.json").is_file()
    assert their_checkout.compress("town").returncode == 0
    assert (their_checkout.demos / "town" / "master_movement.json").is_file()


@pytest.mark.slow
def test_env_matrix_in_a_custom_utils_is_used_for_a_world_with_another_name(their_checkout: OwnCheckout):
    meta = their_checkout.storage / BASE / "reverie" / "meta.json"
    change(meta, lambda content: {**content, "maze_name": "the_old_name"})
    done = their_checkout.reverie("--offline", "--fork", BASE, "--name", "town", "--run", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "There is no world 'the_old_name'" in done.stdout


@pytest.mark.slow
def test_the_key_in_a_custom_utils_is_used_and_never_shown(their_checkout: OwnCheckout):
    with offline_llm.start() as mock_model:
        server = {"OPENAI_API_BASE": mock_model.base_url}
        done = their_checkout.reverie("--fork", BASE, "--name", "town", "--run", 2, **server)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Using OpenAI API (model: gpt-4o-mini)\n")
    assert "key-of-theirs" not in done.stdout


# A known world


@pytest.mark.skipif(THE_VILLE not in os.environ, reason=f"{THE_VILLE} names no folder")
@pytest.mark.parametrize("base", BASES_OF_THE_VILLE)
def test_a_base_of_the_known_world_runs_from_its_morning(world: SmallWorld, base: str):
    data = Path(os.environ[THE_VILLE])
    shutil.copytree(data / "matrix", world.assets / "the_ville" / "matrix")
    shutil.copytree(data / "storage" / base, world.storage / base)
    meta = world.storage / base / "reverie" / "meta.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace("00:00:00", "07:30:00"), encoding="utf-8")
    assert reverie.main(["--offline", "--fork", base, "--name", "ville", "--run", "400"]) == 0
    gone = moves(world.storage / "ville")
    assert len(gone) == BASES_OF_THE_VILLE[base]
    assert any(len(set(steps)) > 20 for steps in gone.values())


@pytest.mark.slow
def test_a_missing_path_in_utils_is_reported_in_one_line(tmp_path: Path):
    checkout = OwnCheckout(tmp_path)
    (checkout.backend / "utils.py").write_text('maze_assets_loc = "assets"\n', encoding="utf-8")
    done = checkout.reverie("--list")
    assert done.returncode == 2
    assert done.stderr.endswith("utils.py does not set fs_storage, fs_temp_storage. Add what is missing, as text.\n")
    assert done.stderr.count("\n") == 1

"""The web pages without a browser: the landing page, and the data of live view, replay and demo."""

from __future__ import annotations

import html
import os
import re
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import looks
import small_world
from compress_sim_storage import compress, demo_folder
from pages import chunks, pictures
from saves import recording, usage_inbox
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BASE, BEN, MAZE, PEOPLE, SmallWorld
from terminal import read
from web_town import STEPS, TALKING, client, data, json_at, memory_file, simulated, text, write_step

NAMES = [person.name for person in PEOPLE]


def expanded(chunk: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """{step: {persona: [x, y, emoji, description, lines]}} of a chunk, looked up as in a browser."""

    def last(rows: list[list[Any]], step: int) -> list[Any]:
        return [row[1:] for row in rows if row[0] <= step][-1]

    return {
        step: {
            name: [value for kind in ("at", "does", "says") for value in last(rows[kind], step)]
            for name, rows in chunk["people"].items()
        }
        for step in range(chunk["first"], chunk["last"] + 1)
    }


def recorded(town: Simulation, steps: range) -> dict[int, dict[str, Any]]:
    """The same from the files of the steps."""
    return {
        step: {
            name: [*row["movement"], row["pronunciatio"], row["description"], row["chat"] or []]
            for name, row in read(town.path / "movement" / f"{step}.json")["persona"].items()
        }
        for step in steps
    }


def assert_pasteable(page: str, program: str, options: str) -> None:
    """Asserts that the page has a command that starts one of our programs from any folder with these options first."""
    (command,) = re.findall(r"<pre>(.*)</pre>", page)
    interpreter, started, *given = shlex.split(html.unescape(command))
    assert Path(interpreter).is_absolute()
    assert (Path(started).is_file(), Path(started).name) == (True, program)
    assert " ".join(given).startswith(options)


# Landing


def test_the_landing_page_describes_each_simulation_and_its_cost(town: Simulation):
    town.write_usage({"total": {"requests": 47, "cost_usd": "0.0039"}})
    page = text("/")
    for shown in ("town", MAZE, "Ada Finch", f"{STEPS}, up to May 6, 2024, 07:02:00", "$0.0039 for 47 requests", BASE):
        assert shown in page


def test_the_landing_page_shows_the_conditions_of_a_simulation(town: Simulation, world: SmallWorld):
    town.keep_meta(without=["planning", "reflection"], study="<b>", condition="base_a, without planning, reflection")
    simulated(world, "other")
    page = text("/")
    study = f"&lt;b&gt;: base_a, without planning, reflection, seed {town.meta['seed']}"
    assert f'<dt>Study</dt><dd dir="auto">{study}</dd>' in page
    assert "<dt>Without</dt><dd>planning, reflection</dd>" in page
    assert f'<option value="town" selected>town ({study})</option>' in page
    assert page.count("<dt>Study</dt>") == 1


def test_the_landing_page_shows_the_time_of_the_steps_that_it_counts(town: Simulation):
    write_step(town, STEPS)  # since the last save
    assert f"{STEPS + 1}, up to May 6, 2024, 07:02:10" in text("/")


def test_every_link_of_the_landing_page_works(town: Simulation):
    links = re.findall(r'href="(/[^"]*)"', text("/"))
    assert {"/replay/town/0/", "/demo/town/0/3/", "/simulator_home"} <= set(links)
    assert {link: client().get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_damaged_simulation_is_listed_with_its_fault(town: Simulation):
    (town.path / "reverie" / "meta.json").write_text("{", encoding="utf-8")
    assert "is not valid JSON" in text("/")


def test_without_simulations_the_landing_page_says_how_to_create_one(world: SmallWorld):
    shutil.rmtree(world.storage)
    assert_pasteable(text("/"), "reverie.py", "--offline --serve")


def test_the_clock_of_the_web_server_is_that_of_the_machine(seen_town: Simulation):
    assert text("/")
    assert os.environ.get("TZ") != "America/Chicago"  # what Django sets where it is not told


# Live


def test_without_a_live_simulation_the_page_says_so(world: SmallWorld):
    assert "Nothing is running" in text("/simulator_home")
    assert_pasteable(text("/simulator_home"), "reverie.py", "--offline --serve")
    assert json_at("/status/")["sim"] is None


def test_a_live_simulation_that_was_deleted_is_no_longer_live(town: Simulation, storage: Storage):
    storage.remove("town")
    assert "Nothing is running" in text("/simulator_home")
    assert_pasteable(text("/simulator_home"), "reverie.py", "--offline --serve")
    assert json_at("/status/town/")["sim"] is None


def test_every_simulation_has_a_live_page_and_the_last_opened_has_a_second_address(town: Simulation, world: SmallWorld):
    simulated(world, "other", 5)
    shown = {page: data(page) for page in ("/live/town", "/live/town/", "/live/other", "/simulator_home")}
    assert [given["sim"] for given in shown.values()] == ["town", "town", "other", "other"]
    assert json_at(shown["/live/town"]["status"])["sim"] == "town"
    assert json_at(shown["/simulator_home"]["status"])["sim"] == "other"


def test_deleting_a_fork_does_not_affect_the_live_page_of_another_run(town: Simulation, storage: Storage):
    opened = storage.open("town")
    other = storage.fork(BASE, "other")
    other.front_end.announce(other.meta["step"])
    other.remove()
    assert data("/simulator_home")["sim"] == "town"
    opened.close()


def test_the_landing_page_links_to_all_open_simulations(town: Simulation, storage: Storage, world: SmallWorld):
    simulated(world, "other", 5)
    assert "/live/other" in text("/")
    assert "/live/town" not in text("/")
    opened = storage.open("town")
    assert "/live/town" in text("/")
    opened.close()


def status_of(simulation: Simulation, state: str, words: str) -> None:
    """The status of a run."""
    said = {
        "state": state,
        "text": words,
        "since": 1_700_000_000.5,
        "opened": 1_700_000_000.0,
        "step": STEPS,
        "end": 40,
        "people": [ADA.name],
        "lines": {BEN.name: "Plums?"},
    }
    simulation.front_end.write_status({**said, "go_on": "reverie.py --resume town --run 7"})


@pytest.mark.parametrize("state", ["running", "thinking", "pausing", "saved", "stopped"])
def test_the_status_of_an_open_simulation_is_that_of_its_run(town: Simulation, storage: Storage, state: str):
    opened = storage.open("town")
    status_of(opened, state, "In words")
    assert json_at("/status/town/")["run"] == {
        "state": state,
        "text": "In words",
        "since": 1_700_000_000.5,
        "end": 40,
        "go_on": "reverie.py --resume town --run 7",
        "people": [ADA.name],
        "lines": {BEN.name: "Plums?"},
    }
    opened.close()


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("running", "The run has ended unexpectedly; --resume continues it"),
        ("thinking", "The run has ended unexpectedly; --resume continues it"),
        ("pausing", "The run has ended unexpectedly; --resume continues it"),
        ("saved", "In words"),
        ("stopped", "In words"),
    ],
)
def test_a_run_whose_process_is_gone_has_ended(town: Simulation, state: str, shown: str):
    status_of(town, state, "In words")
    status = json_at("/status/town/")
    assert (status["open"], status["run"]["text"]) == (False, shown)
    assert status["run"]["state"] in ("saved", "stopped")
    assert (status["run"]["people"] == []) == (state not in ("saved", "stopped"))
    assert status["run"]["go_on"] == "reverie.py --resume town --run 7"


@pytest.mark.parametrize(
    ("name", "shown", "options"),
    [("town", f"Saved after {STEPS} steps", "--resume town"), (BASE, "not been run", f"--fork {BASE} --run 360")],
)
def test_without_a_status_the_page_shows_what_is_saved_and_how_to_continue(
    town: Simulation, name: str, shown: str, options: str
):
    run = json_at(f"/status/{name}/")["run"]
    assert shown in run["text"]
    assert f"reverie.py {options}" in run["go_on"]


def test_a_damaged_status_is_not_shown(town: Simulation):
    town.front_end.write_status({})
    town.front_end.status_file.write_text('{"state": "runn', encoding="utf-8")
    assert json_at("/status/town/")["run"]["text"] == f"Saved after {STEPS} steps"


@pytest.mark.parametrize("address", ["/status/town/", "/status/", "/live/town"])
def test_an_open_run_knows_whether_it_is_watched(town: Simulation, storage: Storage, address: str):
    client().get(address)
    assert town.front_end.watched() == 0
    opened = storage.open("town")
    client().get(address)
    assert opened.front_end.watched() > 0
    opened.close()


def test_a_replay_does_not_count_as_watching(town: Simulation, storage: Storage):
    opened = storage.open("town")
    for address in ("/replay/town/0/", "/steps/town/0/", "/"):
        client().get(address)
    assert opened.front_end.watched() == 0
    opened.close()


def test_two_pages_that_check_at_once_do_not_mistake_each_other_for_a_run(town: Simulation, storage: Storage):
    storage.open("town").close()
    with ThreadPoolExecutor(4) as pages:
        seen = list(pages.map(lambda _: json_at("/status/town/")["open"], range(40)))
    assert set(seen) == {False}


def test_the_live_page_has_everyone_and_begins_at_the_newest_step(seen_town: Simulation):
    given = data("/simulator_home")
    assert [person["name"] for person in given["people"]] == NAMES
    assert (given["mode"], given["step"], given["last"]) == ("live", STEPS - 1, STEPS - 1)


def test_before_the_first_step_everyone_stands_where_the_environment_says(world: SmallWorld, storage: Storage):
    storage.fork(BASE, "fresh").front_end.announce(0)
    assert [person["start"] for person in data("/simulator_home")["people"]] == [list(who.tile) for who in PEOPLE]


def test_the_status_shows_whether_the_simulation_is_open_without_locking_it(town: Simulation, storage: Storage):
    assert json_at("/status/")["open"] is False
    opened = storage.open("town")
    assert json_at("/status/")["open"] is True
    opened.close()


def test_the_status_changes_with_a_new_step_and_only_then(town: Simulation):
    before = client().get("/status/")
    again = client().get("/status/", headers={"If-None-Match": before["ETag"]})
    write_step(town, STEPS)
    after = client().get("/status/", headers={"If-None-Match": before["ETag"]})
    assert (again.status_code, after.status_code, after.json()["last"]) == (304, 200, STEPS)


def test_new_steps_are_sent_without_the_old_ones(town: Simulation):
    write_step(town, STEPS)
    write_step(town, STEPS + 1)
    assert expanded(json_at(f"/steps/town/{STEPS}/")) == recorded(town, range(STEPS, STEPS + 2))


def test_a_half_written_step_is_left_out_until_it_is_complete(town: Simulation):
    file = town.path / "movement" / f"{STEPS - 1}.json"
    whole = file.read_bytes()
    file.write_bytes(whole[:40])
    assert json_at("/steps/town/0/")["last"] == STEPS - 2
    file.write_bytes(whole)
    assert json_at("/steps/town/0/")["last"] == STEPS - 1


def test_the_status_includes_usage_and_fallbacks(town: Simulation):
    total = {"requests": 2, "cost_usd": "0.5"}
    town.write_usage({"total": total, "fallbacks": {"poignancy": 3}, "questions": {"a": 9}})
    usage = json_at("/status/")["usage"]
    assert (usage["requests"], usage["cost"], usage["fallbacks"], usage["questions"]) == (2, "0.5", {"poignancy": 3}, 9)


@pytest.mark.parametrize(
    "saved",
    [
        {"total": 5},
        {"total": None},
        {"total": {"requests": "many"}},
        {"total": {"cost_usd": "dear"}},
        {"questions": {"a": "x"}},
        {"fallbacks": [3]},
    ],
)
def test_a_damaged_record_of_usage_is_not_shown(town: Simulation, saved: dict[str, Any]):
    town.write_usage(saved)
    assert json_at("/status/")["usage"] == {}
    assert "town" in text("/")


def used(requests: int, tokens: int, cost: str) -> dict[str, Any]:
    return {"requests": requests, "input_tokens": tokens, "cost_usd": cost}


def test_the_cost_is_split_highest_first_and_hours_in_order(town: Simulation):
    usage_inbox.leave(town.path, {"by_persona": {"": used(1, 5, "0.1")}, "by_hour": {"-": used(1, 5, "0.1")}})
    town.write_usage(
        {
            "by_purpose": {"small": used(1, 5, "0.1"), "free": used(1, 7, "0"), "dear": used(2, 3, "0.25")},
            "by_persona": {ADA.name: used(3, 8, "0.35")},
            "by_hour": {"2024-05-06 08": used(1, 1, "0.2"), "2024-05-06 07": used(2, 7, "0.15")},
            "questions": {"small": 4, "dear": 9},
            "fallbacks": {"small": 1, "dear": 3},
            "fallback_reasons": {"small": {"refused": 1}, "dear": {"nothing said": 1, "cut off": 2}},
        }
    )
    assert json_at("/cost/town/") == {
        "by_purpose": [["dear", 2, 3, 0, 0, "0.25", 0], ["small", 1, 5, 0, 0, "0.1", 0], ["free", 1, 7, 0, 0, "0", 0]],
        "by_persona": [[ADA.name, 3, 8, 0, 0, "0.35", 0], ["", 1, 5, 0, 0, "0.1", 0]],
        "unit": "hour",
        "over_time": [["2024-05-06 07", 2, 7, 0, 0, "0.15", 0], ["2024-05-06 08", 1, 1, 0, 0, "0.2", 0]],
        "outside": ["", 1, 5, 0, 0, "0.1", 0],
        "fallbacks": [["dear", 3, 9, {"cut off": 2, "nothing said": 1}], ["small", 1, 4, {"refused": 1}]],
    }


def test_the_cost_of_a_damaged_record_is_unknown(town: Simulation):
    town.write_usage({"by_purpose": {"dear": 5}})
    assert json_at("/cost/town/") == {}


def test_the_page_knows_where_the_cost_is_but_not_in_a_demo(town: Simulation, storage: Storage):
    compress(storage, "town")
    shown = ("/live/town", "/replay/town/0/", "/demo/town/0/2/")
    assert [data(page)["cost"] for page in shown] == ["/cost/town/", "/cost/town/", ""]


def test_a_live_simulation_may_be_replacing_its_meta(town: Simulation):
    (town.path / "reverie" / "meta.json").unlink()
    assert json_at("/status/")["sim"] is None


# Replay


def test_a_chunk_has_all_steps_of_the_files_as_changes_only(seen_town: Simulation):
    chunk = json_at("/steps/town/0/")
    assert expanded(chunk) == recorded(seen_town, range(STEPS))
    assert chunk["people"][BEN.name]["at"] == [[0, *BEN.tile]]
    assert [row[0] for row in chunk["people"][ADA.name]["says"]] == [0, TALKING[0], TALKING[-1] + 1]


def test_sent_steps_are_read_again_only_when_they_change(town: Simulation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chunks, "STEPS", STEPS)
    first = text("/steps/town/0/")
    with monkeypatch.context() as unreadable:
        unreadable.setattr(recording, "read_object", lambda file: pytest.fail(f"{file} is read again"))
        assert text("/steps/town/0/") == first
        chunks._step.cache_clear()  # what is complete is not made of steps again either
        assert text("/steps/town/0/") == first
    for step in range(STEPS):
        file = town.path / "movement" / f"{step}.json"
        file.write_text(file.read_text(encoding="utf-8").replace("reading", "reading a letter"), encoding="utf-8")
    assert json_at("/steps/town/0/")["people"][BEN.name]["does"][0][2].startswith("reading a letter")


def test_a_damaged_step_in_the_middle_does_not_hide_the_others(town: Simulation):
    (town.path / "movement" / "6.json").write_text('{"persona": 3}', encoding="utf-8")
    assert expanded(json_at("/steps/town/0/"))[7] == recorded(town, range(7, 8))[7]


def test_a_replay_begins_at_the_step_of_its_address(seen_town: Simulation):
    given = data("/replay/town/7/")
    assert (given["mode"], given["step"], given["first"], given["last"]) == ("replay", 7, 0, STEPS - 1)


def test_a_base_can_be_viewed(world: SmallWorld):
    given = data(f"/replay/{BASE}/0/")
    assert (given["last"], [person["start"] for person in given["people"]]) == (-1, [list(who.tile) for who in PEOPLE])


def test_the_card_shows_the_latest_memories_of_that_time(seen_town: Simulation):
    early, late = (json_at(f"/card/town/{step}/Ada_Finch/")["memories"] for step in (3, 10))
    assert [memory[2] for memory in early] == ["Ada Finch thinks plum bread needs cardamom"]
    assert [memory[0] for memory in late] == ["chat", "thought"]


def test_the_card_shows_the_schedule_of_the_saved_day(town: Simulation):
    file = memory_file(town, ADA.name, "scratch.json")
    plan = {"f_daily_schedule": [["sleeping", 360], ["baking", 1080]], "curr_time": town.meta["curr_time"]}
    small_world.write_json(file, {**read(file), **plan})
    assert json_at("/card/town/3/Ada_Finch/")["schedule"] == [["sleeping", 0, 360], ["baking", 360, 1440]]


def test_the_tiles_of_a_map_say_where_people_can_walk(world: SmallWorld):
    tiles = json_at(f"/tiles/{MAZE}/")
    expected = ["".join("1" if letter == "#" else "0" for letter in row) for row in small_world.PLAN]
    assert (tiles["width"], tiles["height"], tiles["blocked"]) == (22, 12, expected)


@pytest.mark.own_maze
def test_a_map_with_its_own_picture_is_shown_with_it(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    picture = world.assets / MAZE / "visuals" / "map.png"
    picture.parent.mkdir()
    picture.write_bytes(b"a picture")
    response = client().get(f"/map/{MAZE}/")
    assert (response["Content-Type"], response.getvalue()) == ("image/png", b"a picture")
    monkeypatch.setattr("utils.env_matrix", str(world.assets / MAZE / "matrix"))
    assert pictures.maze("the_old_name").world == "Small World"
    assert pictures.map_picture("the_old_name") == picture


def test_a_map_without_a_picture_is_drawn_once(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("PIL", reason="drawing maps needs Pillow")
    first = client().get(f"/map/{MAZE}/").getvalue()
    monkeypatch.setattr(pictures, "_draw", lambda assets, target: pytest.fail("it is drawn again"))
    assert first.startswith(b"\x89PNG")
    assert client().get(f"/map/{MAZE}/").getvalue() == first


def test_a_map_is_drawn_even_if_another_request_is_drawing_it(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    drawing = pytest.importorskip("drawing", reason="drawing maps needs Pillow")
    folders = []

    class Picture:
        def save(self, file: Path, format: str) -> None:
            folders.append(file.parent)
            if len(folders) == 1:
                pictures.map_picture(MAZE)
            file.write_bytes(b"a picture")

    monkeypatch.setattr(drawing, "draw_world", lambda assets: Picture())
    kept = pictures.map_picture(MAZE)
    assert (kept.read_bytes(), [file.name for file in kept.parent.iterdir()]) == (b"a picture", [kept.name])
    assert len(set(folders)) == 2


# Looks


@pytest.fixture
def characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of five looks, of which only the hat and the cap are for everybody."""
    folder = tmp_path / "characters"
    folder.mkdir()
    unlike = {"hat": "", "cap": "", "braid": "he", "beard": "she they child", "gray": "young"}
    index = {name: {"not_for": words, "words": name} for name, words in unlike.items()}
    small_world.write_json(folder / "looks.json", {"looks": index})
    for name in [*index, "own-1"]:
        (folder / f"{name}.png").touch()
    monkeypatch.setattr(looks, "CHARACTERS", folder)
    return folder


def tell(town: Simulation, name: str, **told: object) -> None:
    """Changes the scratch of a persona."""
    file = memory_file(town, name, "scratch.json")
    small_world.write_json(file, {**read(file), **told})


def test_looks_are_stable_and_differ_while_enough_are_left(characters: Path):
    names = [*NAMES, "Dora Hill"]
    worn = pictures.look_of(names)
    assert len(set(worn.values())) == 4
    assert pictures.look_of([*names, "Eve Low"]) == {**worn, **pictures.look_of(["Eve Low"])}


@pytest.mark.parametrize(
    ("age", "told", "fitting"),
    [
        (30, "Kim bakes the bread. She has a cat and her uncle has his dog.", {"hat", "cap", "braid"}),
        (30, "Kim is at home. He asks her sister for her bread and her cake.", {"hat", "cap", "beard"}),
        (30, "The children love Kim. It is his bread.", {"hat", "cap", "beard"}),
        (30, "He and she are the children of Kim. It is his bread.", {"hat", "cap", "beard"}),
        (30, "Kim bakes the bread. They have a cat.", {"hat", "cap", "braid"}),
        (17, "Kim is at school. He has a cat.", {"hat", "cap"}),
        (70, "Kim is retired. She has a cat.", {"gray"}),
        ("70", "Kim is retired. He has a cat.", {"gray"}),
        (54, "Kim er bager. Her bor hun.", {"hat", "cap", "braid", "beard"}),
        (None, "面包师", {"hat", "cap", "braid", "beard"}),
    ],
    ids=["she", "he", "his", "he and she", "they", "boy", "old woman", "old man", "Danish", "no age"],
)
def test_a_look_fits_age_and_pronoun(town: Simulation, characters: Path, age: object, told: str, fitting: set[str]):
    tell(town, ADA.name, age=age, learned=told, currently="", lifestyle="", daily_plan_req="")
    folder = memory_file(town, ADA.name, "scratch.json").parents[1]
    worn = set()
    for number in range(40):
        folder.rename(folder.with_name(f"Kim {number}"))
        folder = folder.with_name(f"Kim {number}")
        worn |= set(pictures.look_of([folder.name], town.path).values())
    assert worn == fitting


def test_people_share_fitting_looks_rather_than_get_others(town: Simulation, characters: Path):
    for name in NAMES:
        tell(town, name, age=12, learned="Kim is at school. He has a cat.")
    assert set(pictures.look_of(NAMES, town.path).values()) == {"hat", "cap"}


def test_the_look_in_the_scratch_is_unique_even_in_the_demo(town: Simulation, characters: Path):
    free = pictures.look_of(NAMES, town.path)
    tell(town, BEN.name, look=free[ADA.name])
    tell(town, "Cleo Dunn", look="own-1")
    client().post("/make_demo/town/0/1/")
    for address in ("/replay/town/0/", "/demo/town/0/1/"):
        worn = {person["name"]: Path(person["picture"]).stem for person in data(address)["people"]}
        assert (worn[BEN.name], worn["Cleo Dunn"]) == (free[ADA.name], "own-1")
        assert worn[ADA.name] not in (worn[BEN.name], "own-1", "")


@pytest.mark.parametrize("look", ["lost", "../characters/hat", "", 5, None])
def test_a_look_without_a_picture_is_replaced(town: Simulation, characters: Path, look: object):
    before = pictures.look_of(NAMES, town.path)
    tell(town, BEN.name, look=look)
    assert pictures.look_of(NAMES, town.path) == before


def test_people_are_shown_even_with_a_damaged_scratch_or_without_any_looks(town: Simulation, characters: Path):
    memory_file(town, ADA.name, "scratch.json").write_text("{", encoding="utf-8")
    assert pictures.look_of(NAMES, town.path)[ADA.name]
    (characters / "looks.json").unlink()
    assert set(pictures.look_of(NAMES, town.path).values()) == {""}


# Demo


def test_a_missing_demo_is_offered_and_then_made(town: Simulation):
    assert "Make the demo" in text("/demo/town/3/2/")
    assert_pasteable(text("/demo/town/3/2/"), "compress_sim_storage.py", "town")
    made = client().post("/make_demo/town/3/2/")
    given = data(made["Location"])
    assert (made["Location"], given["mode"], given["step"], given["speed"]) == ("/demo/town/3/2/", "demo", 3, 2)


def test_a_demo_shows_the_same_as_the_replay_and_outlives_its_simulation(town: Simulation, storage: Storage):
    client().post("/make_demo/town/0/1/")
    replay = json_at("/steps/town/0/")
    storage.remove("town")
    assert json_at("/demo_steps/town/0/") == replay
    assert [person["name"] for person in data("/demo/town/0/1/")["people"]] == NAMES


def test_no_demo_is_offered_of_a_simulation_without_steps(world: SmallWorld):
    assert "Make the demo" not in text(f"/demo/{BASE}/0/1/")


def test_a_damaged_demo_is_reported_on_a_page(town: Simulation, storage: Storage):
    client().post("/make_demo/town/0/1/")
    (demo_folder(storage, "town") / recording.MASTER_MOVEMENT).write_text("{", encoding="utf-8")
    assert "is not valid JSON" in text("/demo/town/0/1/", 500)

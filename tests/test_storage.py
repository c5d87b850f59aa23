"""Simulation folders: listing, forking, steps, checkpoints, and the state after a crash at any time."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

import small_world
from power_cut import Crash, PowerCut, every_crash, left_by_cuts
from saves.checkpoint import Checkpoint
from saves.storage import (
    BadName,
    CannotWrite,
    DamagedSimulation,
    InUse,
    IsBase,
    NameTaken,
    PersonaFiles,
    Simulation,
    Storage,
    UnknownSimulation,
)

ADA, BEN, CLEO = (person.name for person in small_world.PEOPLE)
TILES = {person.name: person.tile for person in small_world.PEOPLE}
FORKED = "as forked"
MEMORY = f"personas/{ADA}/bootstrap_memory"


@pytest.fixture
def base(storage: Storage) -> Path:
    return storage.root / small_world.BASE


@pytest.fixture
def town(storage: Storage) -> Simulation:
    """A fork without steps."""
    return storage.fork(small_world.BASE, "town")


def base_of(storage):
    """The base, read-only."""
    return Simulation(storage.root / small_world.BASE, storage.temp)


def read(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))


def change(file: Path, **changes) -> None:
    small_world.write_json(file, {**read(file), **changes})


def personas(simulation: Simulation) -> dict[str, PersonaFiles]:
    return {name: simulation.read_persona(name) for name in simulation.meta["persona_names"]}


def movement(note: str) -> dict:
    return {
        "persona": {
            name: {"movement": list(tile), "pronunciatio": "📖", "description": note, "chat": None}
            for name, tile in TILES.items()
        },
        "meta": {"curr_time": small_world.START_TIME},
    }


def write_steps_to(simulation: Simulation, step: int, note: str) -> None:
    """Writes the steps from the saved one up to `step`; `note` is in everything that is written."""
    for number in range(simulation.meta["step"], step):
        simulation.write_step(number, movement(note), TILES)


def vectors_of(note: str) -> dict[str, list[float]]:
    return {letter: [float(ord(letter)), 0.25] for letter in note}


def save(simulation: Simulation, step: int, note: str, *, only_news: bool = False) -> None:
    """A checkpoint at `step` in which `note` stands in every file of everyone, or, as news, in the logs of memories.

    Each of its letters has a vector, so that a note which begins with the one before needs only some vectors more.
    """
    changed = {
        name: replace(
            files,
            scratch={**files.scratch, "currently": note},
            spatial={**files.spatial, note: {}},
            nodes={"node_1": {"description": note}},
            embeddings=vectors_of(note),
            embedding_model="m",
            kw_strength={**files.kw_strength, "note": note},
            extra={"last_accessed.json": {"node_1": note}},
            only_news=only_news,
        )
        for name, files in personas(simulation).items()
    }
    simulation.checkpoint({**simulation.meta, "step": step, "note": note}, changed, [{"step": step - 1, "note": note}])


def state(storage: Storage, name: str) -> dict[str, bytes]:
    """Every classic file of a simulation, and nothing unfinished."""
    folder = storage.root / name
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {file: path.read_bytes() for file, path in sorted(files.items())}


# The list


def test_bases_are_listed_first_then_by_name(storage):
    for name in ("zebra", "alder"):
        storage.fork(small_world.BASE, name)
    small_world.write_base(storage.root, "base_another")
    assert [found.name for found in storage.simulations()] == ["base_another", small_world.BASE, "alder", "zebra"]


def test_the_list_has_maze_personas_step_and_time_or_the_error(storage, base):
    [found] = storage.simulations()
    assert (found.maze, found.personas, found.step) == ("small_world", 3, 0)
    assert (found.curr_time, found.fault) == (small_world.START_TIME, "")
    (base / "reverie" / "meta.json").write_text("{", encoding="utf-8")
    [found] = storage.simulations()
    assert found.name == small_world.BASE
    assert "meta.json is not valid JSON" in found.fault


def test_a_missing_storage_lists_nothing(tmp_path):
    assert Storage(tmp_path / "nowhere").simulations() == []


def test_the_storage_of_a_checkout_is_relative_to_utils(tmp_path, monkeypatch):
    small_world.use(monkeypatch, small_world.build(tmp_path))
    (tmp_path / "backend_server").mkdir()
    monkeypatch.setattr("utils.__file__", str(tmp_path / "backend_server" / "utils.py"))
    monkeypatch.setattr("utils.fs_storage", "../storage")
    assert [found.name for found in Storage.of_checkout().simulations()] == [small_world.BASE]


# Forking


def test_a_fork_is_a_copy_with_its_base_and_seed_and_leaves_the_base_unchanged(storage, base):
    change(base / "reverie" / "meta.json", weather="rain")
    before = state(storage, small_world.BASE)
    town = storage.fork(small_world.BASE, "town", seed=11)
    assert town.meta == {**base_of(storage).meta, "fork_sim_code": small_world.BASE, "seed": 11}
    assert town.positions(0) == TILES
    assert personas(town) == personas(base_of(storage))
    assert list((town.path / "movement").iterdir()) == []
    write_steps_to(town, 2, "run")
    save(town, 2, "run")
    assert storage.open("town").meta["weather"] == "rain"
    assert state(storage, small_world.BASE) == before


def test_a_fork_without_a_seed_inherits_that_of_the_base_or_gets_a_permanent_one(storage, base):
    assert storage.fork(small_world.BASE, "first").meta["seed"] == 7
    change(base / "reverie" / "meta.json", seed=None)
    seed = storage.fork(small_world.BASE, "town").meta["seed"]
    assert isinstance(seed, int)
    assert storage.open("town").meta["seed"] == seed


def test_a_fork_of_a_run_has_its_past_up_to_its_step(storage, town):
    write_steps_to(town, 3, "first")
    save(town, 3, "first")
    write_steps_to(town, 5, "never saved")
    fork = storage.fork("town", "sequel")
    steps = {
        kind: sorted(int(file.stem) for file in (fork.path / kind).iterdir()) for kind in ("movement", "environment")
    }
    assert steps == {"movement": [0, 1, 2], "environment": [0, 1, 2, 3]}
    assert fork.read_persona(ADA).scratch["currently"] == "first"


@pytest.fixture
def save_while_copying(monkeypatch, town) -> Callable[[int], None]:
    """Makes the copy of a fork be interrupted so many times by a save of its base, `town`."""

    def interrupt(times: int) -> None:
        copied, saves = shutil.copyfile, iter(range(1, times + 1))

        def copy(source, target):
            if ADA in str(target) and (step := next(saves, None)):
                write_steps_to(town, step, f"saved at {step}")
                save(town, step, f"saved at {step}")
            copied(source, target)

        monkeypatch.setattr("saves.simulation.shutil.copyfile", copy)

    return interrupt


def test_a_fork_of_a_simulation_that_is_saved_meanwhile_is_of_one_state(storage, town, save_while_copying):
    save_while_copying(2)
    fork = storage.fork("town", "sequel")
    assert fork.meta["step"] == fork.meta["fork_step"] == 2
    assert {fork.read_persona(name).scratch["currently"] for name in fork.meta["persona_names"]} == {"saved at 2"}
    assert fork.positions(2)


def test_a_fork_while_a_save_moves_its_files_to_their_places_is_whole(storage, town, monkeypatch):
    with monkeypatch.context() as before_the_moves:
        before_the_moves.setattr("saves.checkpoint.Checkpoint._settle", lambda self: None)
        write_steps_to(town, 1, "saved")
        save(town, 1, "saved")
    copied, moves = shutil.copyfile, iter(range(3))

    def copy(source, target):
        if ".checkpoint" in source.parts and next(moves, None) is not None:
            os.replace(source, town.path / source.relative_to(town.path / ".checkpoint"))
        copied(source, target)

    monkeypatch.setattr("saves.simulation.shutil.copyfile", copy)
    fork = storage.fork("town", "sequel")
    assert {files.scratch["currently"] for files in personas(fork).values()} == {"saved"}


def test_events_are_read_while_a_save_moves_them_to_their_place(town, monkeypatch):
    event = {"step": 0, "time": "", "kind": "whisper", "persona": ADA, "text": "Plums!", "file": "1.json"}
    with monkeypatch.context() as before_the_moves:
        before_the_moves.setattr("saves.checkpoint.Checkpoint._settle", lambda self: None)
        town.checkpoint(town.meta, personas(town), record=[event])
    find = Checkpoint.file

    def move(checkpoint, name):
        file = find(checkpoint, name)
        if ".checkpoint" in file.parts:
            os.replace(file, town.path / name)
        return file

    monkeypatch.setattr(Checkpoint, "file", move)
    assert town.read_events() == [event]


def test_a_simulation_that_is_saved_again_and_again_is_not_forked_halfway(storage, town, save_while_copying):
    save_while_copying(1000)
    with pytest.raises(InUse, match="'town' is being saved by another process again and again"):
        storage.fork("town", "sequel")
    assert "sequel" not in [found.name for found in storage.simulations()]


def test_a_fork_does_not_take_over_usage(storage):
    storage.fork(small_world.BASE, "town").write_usage({"requests": 3})
    assert storage.fork("town", "sequel").read_usage() == {}


def test_a_taken_name_and_a_missing_base_are_refused(storage):
    with pytest.raises(NameTaken, match="is already a simulation 'base_small_world'"):
        storage.fork(small_world.BASE, small_world.BASE)
    with pytest.raises(UnknownSimulation, match="no simulation 'atlantis'"):
        storage.fork("atlantis", "town")


def test_a_name_is_never_a_path(storage):
    for name in ("", "..", "../town", "a/b", "a\\b", "a b", "town\n", "C:town", "x" * 300):
        with pytest.raises(BadName, match="letters, digits"):
            storage.check_new_name(name)
        with pytest.raises(BadName):
            storage.open(name)


def test_the_first_free_name_for_a_fork_counts_up(storage):
    assert storage.free_name(small_world.BASE) == "small_world_1"
    storage.fork(small_world.BASE, "small_world_1")
    assert storage.free_name(small_world.BASE) == "small_world_2"


def delete(file: str) -> Callable[[Path], None]:
    return lambda base: (base / file).unlink()


def put(file: str, text: str) -> Callable[[Path], object]:
    return lambda base: (base / file).write_text(text, encoding="utf-8")


def without(*keys: str) -> Callable[[Path], None]:
    def damage(base: Path) -> None:
        file = base / "reverie" / "meta.json"
        small_world.write_json(file, {key: value for key, value in read(file).items() if key not in keys})

    return damage


def meta_with(**changes) -> Callable[[Path], None]:
    return lambda base: change(base / "reverie" / "meta.json", **changes)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (delete("reverie/meta.json"), "meta.json is missing"),
        (put("reverie/meta.json", "[]"), "meta.json should contain a JSON object, not list"),
        (meta_with(step="0"), r"'step' in \S+meta.json must be a whole number, at least 0, is '0'"),
        (meta_with(step=True), "must be a whole number, at least 0, is True"),
        (meta_with(step=-1), r"'step' in \S+meta.json must be a whole number, at least 0, is -1"),
        (meta_with(sec_per_step=0), r"'sec_per_step' in \S+meta.json must be a whole number, at least 1, is 0"),
        (meta_with(curr_time="seven"), r"'curr_time' in \S+meta.json must be a time like 'May 06, 2024, 07:00:00'"),
        (meta_with(start_date="May 2024"), r"'start_date' in \S+meta.json must be a date like 'May 06, 2024'"),
        (meta_with(maze_name=None), r"'maze_name' in \S+meta.json must be a text, is None"),
        (without("maze_name", "step"), r"meta.json lacks maze_name, step\."),
        (meta_with(persona_names=[]), "at least one persona"),
        (meta_with(persona_names=[ADA, ADA]), "and each once"),
        (meta_with(persona_names=["../../secrets"]), "cannot name a persona"),
        (meta_with(persona_names=[5]), "5 cannot name a persona"),
        (meta_with(persona_names=["Dora Lane"]), "0.json does not say on which tile 'Dora Lane' stands"),
        (put("environment/0.json", '{"Ada Finch": {"x": 1'), "0.json is not valid JSON"),
        (delete("environment/0.json"), "0.json is missing"),
        (delete(f"{MEMORY}/scratch.json"), "scratch.json is missing"),
        (put(f"{MEMORY}/spatial_memory.json", ""), "spatial_memory.json is not valid JSON"),
        (put(f"{MEMORY}/associative_memory/nodes.json", "[1]"), "nodes.json should contain a JSON object"),
    ],
)
def test_a_damaged_base_is_refused_by_file_and_nothing_appears(storage, base, damage, complaint):
    damage(base)
    with pytest.raises(DamagedSimulation, match=complaint):
        storage.fork(small_world.BASE, "town")
    assert [folder.name for folder in storage.root.iterdir()] == [small_world.BASE]


def test_a_simulation_is_removed_completely_even_if_it_is_damaged(storage, base):
    storage.fork(small_world.BASE, "town").remove()
    assert [folder.name for folder in storage.root.iterdir()] == [small_world.BASE]
    (base / "reverie" / "meta.json").unlink()
    storage.remove(small_world.BASE)
    assert storage.simulations() == []


def test_a_base_is_not_opened_for_a_run(storage):
    with pytest.raises(IsBase, match=f"--fork {small_world.BASE}"):
        storage.open(small_world.BASE)


# What is in the files


def test_a_step_is_written_in_the_classic_form(town):
    town.write_step(0, movement("reading"), {ADA: (3, 2), BEN: (20, 2), CLEO: (19, 3)})
    assert read(town.path / "movement" / "0.json") == movement("reading")
    assert read(town.path / "environment" / "1.json")[ADA] == {"maze": "small_world", "x": 3, "y": 2}
    assert town.positions(1)[ADA] == (3, 2)


def test_positions_are_in_roster_order(storage, base):
    tiles = read(base / "environment" / "0.json")
    small_world.write_json(base / "environment" / "0.json", dict(reversed(tiles.items())))
    assert list(base_of(storage).positions(0)) == [ADA, BEN, CLEO]


def test_without_an_environment_file_positions_are_those_of_the_last_movement(town):
    write_steps_to(town, 1, "reading")
    (town.path / "environment" / "1.json").unlink()
    assert town.positions(1) == TILES


def test_text_is_written_in_utf_8_except_half_a_surrogate_pair(town):
    for note, written in (("Zoë übt 琴", "Zoë übt 琴"), ("smiles \ud83d", "smiles ?")):
        town.write_step(0, movement(note), TILES)
        assert f'"{written}"' in (town.path / "movement" / "0.json").read_text(encoding="utf-8")


def test_the_same_content_gives_the_same_bytes(storage):
    for name in ("first", "second"):
        simulation = storage.fork(small_world.BASE, name)
        write_steps_to(simulation, 3, "run")
        save(simulation, 3, "run")
    assert state(storage, "first") == state(storage, "second")


def test_files_written_by_editors_and_the_json_module_are_read(storage, base):
    meta = base / "reverie" / "meta.json"
    content = read(meta)
    for mark, note in (("\ufeff", "plain"), *(("", odd) for odd in (float("inf"), float("nan"), "half \ud83d", 2**70))):
        meta.write_text(mark + json.dumps({**content, "note": note}), encoding="utf-8")
        assert base_of(storage).meta["note"] == pytest.approx(note, nan_ok=True)


def test_unreadable_files_are_reported_as_damaged(storage, base):
    for content in (b'{"note": "\xff"}', b"[" * 100_000, b'{"note": NaN'):
        (base / "reverie" / "meta.json").write_bytes(content)
        with pytest.raises(DamagedSimulation, match="meta.json is not valid JSON"):
            storage.fork(small_world.BASE, "town")


def test_further_files_of_the_memory_are_read_and_written(storage, town):
    assert town.read_persona(ADA).extra == {}
    save(town, 0, "noted")
    assert storage.open("town").read_persona(ADA).extra == {"last_accessed.json": {"node_1": "noted"}}


def test_announcing_makes_a_simulation_live_for_the_front_end(storage, town):
    save(town, 4, "run")
    town.front_end.announce(town.meta["step"])
    assert read(storage.temp / "curr_sim_code.json") == {"sim_code": "town"}
    assert read(storage.temp / "curr_step.json") == {"step": 4}


def test_a_record_for_the_operator_outlives_the_simulation(storage, town):
    record = town.front_end.keep_record("seen.json", {"Linden Park": {}})
    town.remove()
    assert record == storage.temp / "seen.json"
    assert read(record) == {"Linden Park": {}}


def test_a_disk_error_is_named(town, monkeypatch):

    def full(source, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CannotWrite, match="Could not write step 0 of 'town': No space left on device.*0.json"):
        town.write_step(0, movement("reading"), TILES)


# Going back


def test_opening_removes_the_steps_after_the_checkpoint(storage, town):
    write_steps_to(town, 2, "saved")
    save(town, 2, "saved")
    saved = state(storage, "town")
    write_steps_to(town, 5, "lost")
    storage.open("town").close()
    assert state(storage, "town") == {name: content for name, content in saved.items() if not name.startswith(".")}


def test_a_resumed_simulation_can_be_restored_to_its_state_at_opening(storage):
    first = storage.fork(small_world.BASE, "town")
    write_steps_to(first, 2, "first")
    save(first, 2, "first")
    first.close()
    opened = state(storage, "town")
    resumed = storage.open("town")
    for step in (4, 6):
        write_steps_to(resumed, step, "second")
        save(resumed, step, "second")
    resumed.restore_opened()
    assert state(storage, "town") == opened
    assert resumed.meta == first.meta


def test_undoing_without_a_checkpoint_removes_the_steps(storage, town):
    before = state(storage, "town")
    write_steps_to(town, 3, "run")
    town.restore_opened()
    assert state(storage, "town") == before


def test_after_undoing_usage_is_kept_and_the_simulation_can_be_saved_again(storage, town):
    save(town, 0, "noted")
    town.write_usage({"requests": 12})
    town.restore_opened()
    save(town, 0, "noted")
    assert note_of(storage, "town") == ("noted", 0)
    assert storage.open("town").read_usage() == {"requests": 12}


def test_undoing_works_on_file_systems_without_hard_links(storage, monkeypatch):
    def refused(source, target):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    simulation = storage.fork(small_world.BASE, "town")
    before = state(storage, "town")
    save(simulation, 0, "noted")
    simulation.restore_opened()
    assert state(storage, "town") == before


def test_a_manual_edit_between_two_runs_takes_effect(storage, town):
    save(town, 0, "noted")
    change(town.path / "reverie" / "meta.json", curr_time="May 6, 2024, 12:00:00")
    assert storage.open("town").meta["curr_time"] == "May 6, 2024, 12:00:00"


# Crashes


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> Crash:
    return Crash(monkeypatch)


def note_of(storage: Storage, name: str) -> tuple[str, int]:
    """The note and step of an opened simulation, if all of its files agree on them."""
    simulation = storage.open(name)
    note = simulation.meta.get("note", FORKED)
    for persona, files in personas(simulation).items():
        if note == FORKED:
            assert files == base_of(storage).read_persona(persona)
        else:
            assert files.scratch["currently"] == note
            assert list(files.spatial)[-1] == note
            assert files.nodes == {"node_1": {"description": note}}
            assert {text: list(vector) for text, vector in files.embeddings.items()} == vectors_of(note)
            assert files.kw_strength["note"] == note
            assert files.extra == {"last_accessed.json": {"node_1": note}}
    step = simulation.meta["step"]
    assert simulation.positions(step) == TILES
    assert len(list((simulation.path / "movement").iterdir())) == step
    assert not [file for file in simulation.path.iterdir() if file.name.startswith(".")]
    rows = [file.stat().st_size for file in simulation.path.glob("personas/*/bootstrap_memory/*/*.f32")]
    assert rows == ([] if note == FORKED else [8 * len(vectors_of(note))] * len(TILES))
    for log in simulation.path.glob("personas/*/bootstrap_memory/*/memory_log.jsonl"):
        assert log.stat().st_size == read(log.with_suffix(".json"))["bytes"]
    return note, step


def changing(before: str, after: str) -> Callable[[Simulation, Crash], Callable[[], object]]:
    """A checkpoint of one note after that of another."""

    def prepare(town: Simulation, crash: Crash) -> Callable[[], object]:
        write_steps_to(town, 1, before)
        save(town, 1, before)
        write_steps_to(town, 3, after)
        return lambda: save(town, 3, after)

    return prepare


def news(*before: str) -> Callable[[Simulation, Crash], Callable[[], object]]:
    """A checkpoint of news only, after a full one and others of news."""

    def prepare(town: Simulation, crash: Crash) -> Callable[[], object]:
        for only_news, note in enumerate(before):
            save(town, 0, note, only_news=bool(only_news))
        write_steps_to(town, 3, "newest")
        return lambda: save(town, 3, "newest", only_news=True)

    return prepare


def end_of_a_run(town: Simulation, crash: Crash) -> Callable[[], object]:
    """A full checkpoint after one of news."""
    news("new")(town, crash)()
    write_steps_to(town, 4, "newest of all")
    return lambda: save(town, 4, "newest of all")


def back_to_a_run_that_died(town: Simulation, crash: Crash) -> Callable[[], object]:
    """Opened with a log, saved in full and with another log."""
    news("new")(town, crash)()
    town.close()
    town.recover()
    save(town, 3, "newest ever")
    save(town, 3, "newest ever seen", only_news=True)
    return town.restore_opened


def way_back(town: Simulation, crash: Crash) -> Callable[[], object]:
    """Opened with one note, saved with another."""
    write_steps_to(town, 1, "old")
    save(town, 1, "old")
    town.close()
    town.recover()
    write_steps_to(town, 3, "olden")
    save(town, 3, "olden")
    return town.restore_opened


def first_checkpoint(town: Simulation, crash: Crash) -> Callable[[], object]:
    write_steps_to(town, 1, "first")
    return lambda: save(town, 1, "first")


def back_to_the_fork(town: Simulation, crash: Crash) -> Callable[[], object]:
    first_checkpoint(town, crash)()
    return town.restore_opened


def step(town: Simulation, crash: Crash) -> Callable[[], object]:
    return lambda: town.write_step(0, movement("lost"), TILES)


def recovery(town: Simulation, crash: Crash) -> Callable[[], object]:
    with pytest.raises(PowerCut):
        crash_when_current(crash, town)
    return town.recover


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prepare", "old", "new"),
    [
        pytest.param(first_checkpoint, (FORKED, 0), ("first", 1), id="first checkpoint"),
        pytest.param(changing("old", "new"), ("old", 1), ("new", 3), id="checkpoint"),
        pytest.param(changing("old", "olden"), ("old", 1), ("olden", 3), id="checkpoint with more vectors"),
        pytest.param(news("new"), ("new", 0), ("newest", 3), id="first news"),
        pytest.param(news("n", "new"), ("new", 0), ("newest", 3), id="more news"),
        pytest.param(end_of_a_run, ("newest", 3), ("newest of all", 4), id="end of a run"),
        pytest.param(back_to_a_run_that_died, ("newest ever seen", 3), ("newest", 3), id="way back to a run that died"),
        pytest.param(way_back, ("olden", 3), ("old", 1), id="way back"),
        pytest.param(back_to_the_fork, ("first", 1), (FORKED, 0), id="way back to the fork"),
        pytest.param(step, (FORKED, 0), (FORKED, 0), id="step"),
        pytest.param(recovery, ("made current", 0), ("made current", 0), id="recovery"),
    ],
)
def test_after_a_crash_at_any_time_a_simulation_opens_with_its_old_or_its_new_files(
    storage, town, crash, prepare, old, new
):
    found = [note_of(storage, left.name) for left in left_by_cuts(crash, prepare(town, crash), town.path)]
    turn = found.index(new)
    assert found == [old] * turn + [new] * (len(found) - turn)
    assert old == new or 0 < turn < len(found) - 1


@pytest.mark.slow
def test_the_simulated_crashes_include_half_written_files(town, crash):
    grown = [f"{MEMORY}/associative_memory/{name}" for name in ("embeddings_1.f32", "memory_log.jsonl")]
    written: dict[str, set[int]] = {name: set() for name in (*grown, ".checkpoint.new/reverie/meta.json")}
    for left in left_by_cuts(crash, news("n", "new")(town, crash), town.path):
        for name, sizes in written.items():
            sizes |= {(left / name).stat().st_size} if (left / name).exists() else set()
    rows, log, meta = written.values()
    assert rows == {24, 32, 40}
    assert len(log) == 3
    assert meta == {max(meta) // 2, max(meta)}


def crash_when_current(crash: Crash, simulation: Simulation) -> None:
    """Crashes right after the rename that makes a checkpoint current."""
    rename = os.rename

    def last_rename(source, target):
        rename(source, target)
        crash.after(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "rename", last_rename)
        try:
            save(simulation, 0, "made current")
        finally:
            crash.after(float("inf"))


def test_a_current_checkpoint_can_be_listed_and_forked_before_it_is_opened(storage, town, crash):
    with pytest.raises(PowerCut):
        crash_when_current(crash, town)
    assert Simulation(town.path, storage.temp).meta["note"] == "made current"
    assert note_of(storage, storage.fork("town", "sequel").name) == ("made current", 0)


@pytest.mark.slow
def test_a_fork_appears_whole_or_not_at_all_and_can_be_repeated(storage, crash):
    names = [f"town_{number}" for number in range(200)]
    crashed = len(list(every_crash(crash, lambda number: lambda: storage.fork(small_world.BASE, names[number]))))
    appeared = [name for name in names if (storage.root / name).exists()]
    assert names[0] not in appeared
    assert names[crashed] in appeared
    assert [found.name for found in storage.simulations()] == [small_world.BASE, *sorted(appeared)]
    storage.fork(small_world.BASE, names[0])
    assert {note_of(storage, name) for name in [names[0], *appeared]} == {(FORKED, 0)}


def test_a_simulation_disappears_whole_or_not_at_all(storage, crash):
    def prepare(number: int) -> Callable[[], None]:
        return storage.fork(small_world.BASE, f"town_{number}").remove

    crashed = list(every_crash(crash, prepare))
    left = [found.name for found in storage.simulations() if found.name != small_world.BASE]
    assert left == ["town_0"]
    assert note_of(storage, "town_0") == (FORKED, 0)
    assert len(crashed) > 1


def test_a_failed_checkpoint_can_be_saved_again(storage, town, monkeypatch):
    save(town, 0, "first")

    def full(source, target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(CannotWrite, match="Could not save 'town' at step 0"):
            save(town, 0, "second")
    save(town, 0, "second")
    town.close()
    assert note_of(storage, "town") == ("second", 0)


def test_unchanged_files_are_not_rewritten(town):
    def written() -> dict[Path, tuple[int, int]]:
        return {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in town.path.rglob("*.json")}

    save(town, 0, "noted")
    before = written()
    save(town, 1, "noted")
    assert [file.name for file, when in written().items() if before.get(file) != when] == ["meta.json"]


def test_json_is_read_back_as_it_was_written(storage, town):
    before = personas(town)
    town.checkpoint(town.meta, before)
    assert personas(storage.open("town")) == before
    assert orjson.loads((town.path / "reverie" / "meta.json").read_bytes()) == town.meta


def test_two_processes_can_announce_their_simulations_at_the_same_time(storage, town, monkeypatch):
    replace = os.replace

    def with_another_in_between(source, target):
        monkeypatch.setattr(os, "replace", replace)
        with monkeypatch.context() as other:
            other.setattr(os, "getpid", lambda: 1)
            town.front_end.announce(town.meta["step"])
        replace(source, target)

    monkeypatch.setattr(os, "replace", with_another_in_between)
    town.front_end.announce(town.meta["step"])
    assert orjson.loads((storage.temp / "curr_sim_code.json").read_bytes()) == {"sim_code": "town"}
    assert list(storage.temp.glob(".*")) == []

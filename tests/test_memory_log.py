"""New memories during a run: a log next to the classic files, into which it is merged at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import small_world
from saves.storage import DamagedSimulation, PersonaFiles, Simulation, Storage
from terminal import files, read

ADA = small_world.ADA.name
FOLDER = f"personas/{ADA}/bootstrap_memory/associative_memory"
LOG, COUNT = "memory_log.jsonl", "memory_log.json"
OF_THE_LOG = [COUNT, LOG]


@pytest.fixture
def town(storage: Storage) -> Simulation:
    """A fork in which Ada has one memory, in the classic files."""
    town = storage.fork(small_world.BASE, "town")
    everything(town, 1)
    return town


@pytest.fixture
def folder(town: Simulation) -> Path:
    return town.path / FOLDER


def _memories(numbers: range) -> dict[str, Any]:
    """The files of a persona with memories of these numbers; one word is in all of them, and one in each."""
    return {
        "nodes": {f"node_{k}": {"node_count": k, "keywords": [f"word {k}"]} for k in reversed(numbers)},
        "kw_strength": {"kw_strength_event": {f"word {k}": 1 for k in numbers} | {"all": max(numbers, default=0)}},
        "extra": {"last_accessed.json": {f"node_{k}": f"{k} o'clock" for k in numbers}},
    }


def _vectors(count: int) -> dict[str, list[float]]:
    return {f"text {k}": [float(k), 0.25] for k in range(count)}


def _ada(town: Simulation, memories: dict[str, Any], vectors: int, **more: Any) -> dict[str, PersonaFiles]:
    known = town.read_persona(ADA)
    return {ADA: replace(known, **memories, embeddings=_vectors(vectors), embedding_model="m", **more)}


def everything(town: Simulation, last: int) -> None:
    """A checkpoint of the classic files with Ada's memories up to the `last`, each with a vector."""
    town.checkpoint(town.meta, _ada(town, _memories(range(1, last + 1)), last))


def news(town: Simulation, first: int, last: int, step: int = 0) -> None:
    """A checkpoint of the memories from the `first` to the `last`."""
    memories = _memories(range(first, last + 1))
    town.checkpoint({**town.meta, "step": step}, _ada(town, memories, last, only_news=True))


def ada(town: Simulation) -> tuple[Any, ...]:
    """Everything read of Ada's memories."""
    found = town.read_persona(ADA)
    vectors = {text: list(vector) for text, vector in found.embeddings.items()}
    assert found.nodes == town.read_nodes(ADA)
    return found.nodes, found.kw_strength, found.extra, vectors, found.embedding_model


def up_to(last: int) -> tuple[Any, ...]:
    """The same of memories up to the `last`."""
    return (*_memories(range(1, last + 1)).values(), _vectors(last), "m")


def of_the_log(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.name in OF_THE_LOG)


def test_new_memories_of_a_run_are_in_the_log_and_the_classic_files_are_unchanged(town, folder):
    before = files(folder, without="embeddings_1.f32")
    news(town, 2, 3)
    news(town, 4, 4)
    after = files(folder, without="embeddings_1.f32")
    assert {name: after[name] for name in before} == before
    assert sorted(after.keys() - before.keys()) == OF_THE_LOG
    assert [set(json.loads(line)) for line in after[LOG].splitlines()] == [
        {"nodes.json", "kw_strength.json", "last_accessed.json", "embedding_model.json"}
    ] * 2
    assert json.loads(after[COUNT]) == {"bytes": len(after[LOG])}


def test_a_line_contains_only_the_news_since_the_last_one(town, folder):
    everything(town, 500)
    news(town, 501, 501)
    first = (folder / LOG).read_bytes()
    news(town, 502, 502)
    assert (folder / LOG).read_bytes().startswith(first)
    assert (folder / LOG).stat().st_size == 2 * len(first)


def test_the_last_save_is_read(town, storage):
    for last in (2, 3, 4):
        news(town, last, last)
        assert ada(town) == up_to(last)
    town.close()
    assert ada(storage.open("town")) == up_to(4)


def nothing(town: Simulation, vectors: int) -> None:
    """A checkpoint without news."""
    memories: dict[str, Any] = {"nodes": {}, "kw_strength": {}, "extra": {"last_accessed.json": {}}}
    town.checkpoint(town.meta, _ada(town, memories, vectors, only_news=True))


def test_without_news_no_line_is_written(town, folder):
    nothing(town, 1)
    assert of_the_log(folder) == []
    news(town, 2, 2)
    before = files(folder)
    nothing(town, 2)
    assert files(folder) == before


def test_at_the_end_of_a_run_the_classic_files_are_complete_and_the_log_is_removed(town, folder, storage):
    news(town, 2, 3)
    everything(town, 3)
    assert of_the_log(folder) == []
    assert ada(town) == up_to(3)
    at_once = storage.fork(small_world.BASE, "at_once")
    everything(at_once, 3)
    assert files(folder) == files(at_once.path / FOLDER)


def test_the_next_run_begins_another_log(town, folder):
    news(town, 2, 3)
    everything(town, 3)
    news(town, 4, 4)
    assert len((folder / LOG).read_bytes().splitlines()) == 1
    assert ada(town) == up_to(4)


@pytest.mark.parametrize("behind", [b'{"nodes.json": {"node_9": {}}}\n', b'{"nodes.js', b"\n"])
def test_uncounted_lines_are_not_read_but_overwritten_and_removed_on_opening(town, folder, storage, behind):
    news(town, 2, 2)
    counted = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(counted + behind)
    assert ada(town) == up_to(2)
    news(town, 3, 3)
    assert ada(town) == up_to(3)
    counted = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(counted + behind)
    town.close()
    assert ada(storage.open("town")) == up_to(3)
    assert (folder / LOG).read_bytes() == counted


def test_a_log_without_counted_lines_is_removed_on_opening(town, folder, storage):
    (folder / LOG).write_bytes(b'{"nodes.json": {"node_9": {}}}\n')
    assert ada(town) == up_to(1)
    town.close()
    storage.open("town")
    assert of_the_log(folder) == []


def test_a_failed_checkpoint_is_repeated(town, monkeypatch):
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    news(town, 2, 2)
    with monkeypatch.context() as patch, pytest.raises(Exception, match="No space left"):
        patch.setattr("os.rename", refused)
        news(town, 3, 4)
    assert ada(town) == up_to(2)
    nothing(town, 2)
    news(town, 3, 3)
    assert ada(town) == up_to(3)


def test_a_fork_of_a_crashed_simulation_has_all_memories(town, storage):
    news(town, 2, 3)
    sequel = storage.fork("town", "sequel")
    assert ada(sequel) == up_to(3)
    everything(sequel, 4)
    assert of_the_log(sequel.path / FOLDER) == []
    assert (ada(sequel), ada(town)) == (up_to(4), up_to(3))


def test_undoing_restores_every_byte_of_a_crashed_simulation(town, storage):
    news(town, 2, 3)
    town.close()
    resumed = storage.open("town")
    before = files(town.path)
    everything(resumed, 4)
    news(resumed, 5, 5)
    assert ada(resumed) == up_to(5)
    resumed.restore_opened()
    resumed.close()
    assert files(town.path) == before
    assert ada(storage.open("town")) == up_to(3)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def put(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda folder: (folder / LOG).unlink(), r"memory_log.jsonl has 0 bytes, and memory_log.json counts \d+"),
        (lambda folder: cut(folder / LOG), r"memory_log.jsonl has \d+ bytes, and memory_log.json counts \d+"),
        (put(COUNT, '{"bytes": 20}'), "memory_log.jsonl has a line that cannot be read"),
        (put(COUNT, '{"bytes": -20}'), "memory_log.json must say how many bytes of memory_log.jsonl count"),
        (put(COUNT, "{}"), "memory_log.json must say how many bytes"),
        (put(LOG, "[1]\n" * 200), "a line must hold an object for each file"),
        (put(LOG, '{"nodes.json": 1}\n' * 200), "a line must hold an object for each file"),
    ],
)
def test_a_damaged_log_is_refused_by_name(town, folder, damage, complaint):
    news(town, 2, 2)
    damage(folder)
    if (folder / LOG).is_file() and (folder / LOG).read_bytes().startswith((b"[", b'{"nodes.json": 1')):
        put(COUNT, json.dumps({"bytes": (folder / LOG).stat().st_size}))(folder)
    for look in (town.read_persona, town.read_nodes):
        with pytest.raises(DamagedSimulation, match=complaint):
            look(ADA)


def test_text_that_is_not_unicode_is_written_with_a_question_mark(town):
    nodes = {"node_2": {"description": "smiles \ud83d"}}
    town.checkpoint(town.meta, _ada(town, {"nodes": nodes, "kw_strength": {}, "extra": {}}, 1, only_news=True))
    assert town.read_nodes(ADA)["node_2"] == {"description": "smiles ?"}


def test_files_that_a_crash_left_half_moved_are_read(town, storage, monkeypatch):
    """A process dies when the classic files have become current, before the log is removed."""

    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    news(town, 2, 3)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr("os.replace", die)
        everything(town, 4)
    looked_at = Simulation(town.path, storage.temp)
    assert read(town.path / FOLDER / COUNT)["bytes"] > 0
    assert ada(looked_at) == up_to(4)
    assert ada(storage.fork("town", "sequel")) == up_to(4)

"""Embeddings on disk: rows that are written once, the index that counts them, and the file for the original code."""

import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small_world
from power_cut import Crash, PowerCut, left_by_cuts
from saves.checkpoint import Checkpoint
from saves.embedding_files import EmbeddingFiles
from saves.storage import DamagedSimulation, PersonaFiles, Simulation, Storage

ADA = small_world.ADA.name
FOLDER = f"personas/{ADA}/bootstrap_memory/associative_memory"
FIRST = {"tea": [0.5, 0.25], "plums": [-1.0, 2.0]}
MORE = {**FIRST, "bread": [0.125, 8.0]}


@pytest.fixture
def town(storage: Storage) -> Simulation:
    return storage.fork(small_world.BASE, "town")


@pytest.fixture
def folder(town: Simulation) -> Path:
    return town.path / FOLDER


def read(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))


def ada(simulation: Simulation, vectors, model: str = "m", keys=()) -> dict[str, PersonaFiles]:
    """Ada's files with these embeddings, and memories with these keys."""
    files = simulation.read_persona(ADA)
    return {ADA: replace(files, embeddings=vectors, embedding_model=model, embedding_keys=keys)}


def save(simulation: Simulation, vectors, model: str = "m") -> None:
    simulation.checkpoint(simulation.meta, ada(simulation, vectors, model))


def classic(simulation: Simulation, vectors, model: str = "m", keys=()) -> dict[str, list[float]]:
    """The classic file, derived from these embeddings."""
    simulation.write_classic_embeddings(ada(simulation, vectors, model, keys))
    return read(simulation.path / FOLDER / "embeddings.json")


def found(simulation: Simulation) -> tuple[dict[str, list[float]], str]:
    """The embeddings that are read, and their model."""
    files = simulation.read_persona(ADA)
    return {text: list(vector) for text, vector in files.embeddings.items()}, files.embedding_model


def opened(storage: Storage, name: str = "town") -> Simulation:
    """The simulation, opened by another process."""
    simulation = storage.open(name)
    simulation.close()
    return simulation


def row_files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.f32"))


def everything(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# Rows and index


@pytest.mark.parametrize("kind", [list, np.float32, np.float64])
def test_vectors_come_back_with_the_model_that_made_them(town, storage, kind):
    save(town, {text: vector if kind is list else np.array(vector, dtype=kind) for text, vector in FIRST.items()})
    assert found(opened(storage)) == (FIRST, "m")


def test_the_files_have_the_form_that_is_described(town, folder):
    save(town, FIRST)
    assert read(folder / "embedding_model.json") == {
        "model": "m",
        "dimensions": 2,
        "vectors": "embeddings_1.f32",
        "texts": ["tea", "plums"],
    }
    assert (folder / "embeddings_1.f32").read_bytes() == np.array(list(FIRST.values()), "<f4").tobytes()


def test_a_base_has_no_embedding_files_and_a_fork_gets_them_with_its_first_vector(town, folder):
    save(town, {}, "")
    assert sorted(file.name for file in folder.iterdir()) == ["embeddings.json", "kw_strength.json", "nodes.json"]


@pytest.mark.parametrize("in_another_process", [False, True])
def test_new_vectors_are_appended_to_the_same_file(town, storage, folder, in_another_process):
    save(town, FIRST)
    before = (folder / "embeddings_1.f32").stat()
    if in_another_process:
        town.close()
    save(storage.open("town") if in_another_process else town, MORE)
    after = (folder / "embeddings_1.f32").stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size * 3 // 2)
    assert row_files(folder) == ["embeddings_1.f32"]
    assert found(opened(storage)) == (MORE, "m")


def test_rows_are_written_once_even_without_reads_between_saves(town, folder):
    fewer, more = ada(town, FIRST), ada(town, MORE)
    for files in (fewer, more, more):
        town.checkpoint(town.meta, files)
    assert row_files(folder) == ["embeddings_1.f32"]
    assert (folder / "embeddings_1.f32").read_bytes() == np.array(list(MORE.values()), "<f4").tobytes()


def test_unchanged_files_are_not_written_again(town, folder):
    save(town, FIRST)
    names = ("embeddings_1.f32", "embedding_model.json")
    before = [(folder / name).stat() for name in names]
    save(town, FIRST)
    assert [(folder / name).stat() for name in names] == before


@pytest.mark.parametrize(
    ("vectors", "model"),
    [
        (FIRST, "another"),
        ({"tea": [1.0, 2.0, 3.0], "plums": [1.0, 2.0, 3.0]}, "m"),
        ({"plums": [-1.0, 2.0], "tea": [0.5, 0.25]}, "m"),
    ],
    ids=["another model", "another length", "another order"],
)
def test_recomputed_vectors_go_to_a_new_file_and_the_old_one_is_removed(town, storage, folder, vectors, model):
    save(town, FIRST)
    save(town, vectors, model)
    assert row_files(folder) == ["embeddings_2.f32"]
    assert found(opened(storage)) == (vectors, model)


def test_a_fork_has_the_vectors_of_its_base(town, storage):
    save(town, FIRST)
    sequel = storage.fork("town", "sequel")
    save(town, MORE)
    assert found(sequel) == (FIRST, "m")


def test_half_a_surrogate_pair_in_a_text_does_not_stop_a_save(town, storage, folder):
    files = ada(town, {"smiles \ud83d": [1.0, 2.0], "tea": [0.5, 0.25]}, keys=["smiles \ud83d"])
    town.checkpoint(town.meta, files)
    town.write_classic_embeddings(files)
    assert found(opened(storage)) == ({"smiles ?": [1.0, 2.0], "tea": [0.5, 0.25]}, "m")
    assert read(folder / "embeddings.json") == {"smiles ?": [1.0, 2.0], "tea": [0.5, 0.25]}


def test_two_texts_with_the_same_encoding_do_no_harm(town, storage):
    save(town, {half: [1.0, 2.0] for half in ("\ud83d", "\ud83e")} | FIRST)
    again = storage.open("town")
    vectors = again.read_persona(ADA).embeddings
    save(again, {**vectors, "bread": [0.125, 8.0]})
    assert found(again) == ({"?": [1.0, 2.0], **MORE}, "m")


SAVES = st.lists(
    st.tuples(st.sampled_from(["m", "n"]), st.integers(1, 3), st.integers(0, 5), st.booleans()), max_size=5
)


@settings(max_examples=30)
@given(SAVES)
def test_any_sequence_of_saves_is_read_back(saves):
    with TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder))
        expected: tuple[dict[str, list[float]], str] = {}, ""
        for model, length, count, in_another_process in saves:
            vectors = {f"text {k}": [float(k + n) for n in range(length)] for k in range(count)}
            change = EmbeddingFiles(checkpoint, FOLDER).change(vectors, model)
            checkpoint.replace([("reverie/meta.json", b"{}"), *change.contents], change.removed)
            if in_another_process:
                checkpoint = Checkpoint(Path(folder))
                checkpoint.recover()
            expected = (vectors, model) if vectors else (expected[0], expected[1] or model)
            kept, made_by = EmbeddingFiles(checkpoint, FOLDER).read()
            assert ({text: list(vector) for text, vector in kept.items()}, made_by) == expected
            assert len(row_files(Path(folder) / FOLDER)) == bool(expected[0])


# What may be wrong with them


@pytest.mark.parametrize(
    "change",
    [
        {"vectors": "../../../../../../secrets.f32"},
        {"vectors": "/etc/embeddings_1.f32"},
        {"vectors": "embeddings_1.f32\n"},
        {"vectors": "nodes.json"},
        {"vectors": None},
        {"dimensions": 0},
        {"dimensions": -2},
        {"dimensions": True},
        {"dimensions": "2"},
        {"texts": "tea"},
        {"texts": ["tea", 5]},
        {"model": None},
    ],
    ids=str,
)
def test_a_malformed_index_is_refused_by_name(town, folder, change):
    save(town, FIRST)
    index = folder / "embedding_model.json"
    small_world.write_json(index, {**read(index), **change})
    with pytest.raises(DamagedSimulation, match="embedding_model.json must name"):
        town.read_persona(ADA)


@pytest.mark.parametrize("behind", [b"\x00", b"half a row", np.ones(200, "<f4").tobytes()])
def test_rows_beyond_the_index_are_not_read_and_are_removed_on_opening(town, storage, folder, behind):
    save(town, FIRST)
    before = everything(folder)
    with (folder / "embeddings_1.f32").open("ab") as stream:
        stream.write(behind)
    assert found(town) == (FIRST, "m")
    town.close()
    opened(storage)
    assert everything(folder) == before


def test_rows_beyond_the_index_are_overwritten(town, storage, folder):
    save(town, FIRST)
    with (folder / "embeddings_1.f32").open("ab") as stream:
        stream.write(b"\xff" * 100)
    save(town, MORE)
    assert (folder / "embeddings_1.f32").read_bytes() == np.array(list(MORE.values()), "<f4").tobytes()


@pytest.mark.parametrize(("kept", "left"), [(0, {}), (7, {}), (8, {"tea": [0.5, 0.25]})])
def test_lost_rows_are_missing_and_later_saved_in_a_new_file(town, storage, folder, kept, left):
    save(town, FIRST)
    os.truncate(folder / "embeddings_1.f32", kept)
    assert found(town) == (left, "m")
    save(town, MORE)
    assert row_files(folder) == ["embeddings_2.f32"]
    assert found(opened(storage)) == (MORE, "m")


def test_a_missing_file_of_rows_counts_as_empty(town, folder):
    save(town, FIRST)
    (folder / "embeddings_1.f32").unlink()
    assert found(town) == ({}, "m")
    save(town, MORE)
    assert found(town) == (MORE, "m")


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_rows_with_values_that_are_not_numbers_are_refused_by_name(town, folder, number):
    save(town, FIRST)
    (folder / "embeddings_1.f32").write_bytes(np.array([[number, 1], [2, 3]], "<f4").tobytes())
    with pytest.raises(DamagedSimulation, match="embeddings_1.f32 holds what is not a number"):
        town.read_persona(ADA)


# Saves of others


def test_vectors_of_an_unknown_model_are_not_read(town, folder):
    small_world.write_json(folder / "embeddings.json", FIRST)
    assert found(town) == ({}, "")


def test_the_classic_file_is_used_if_an_index_names_its_model(town, storage, folder):
    small_world.write_json(folder / "embeddings.json", FIRST)
    small_world.write_json(folder / "embedding_model.json", {"model": "m"})
    assert found(town) == (FIRST, "m")
    save(town, MORE)
    assert found(opened(storage)) == (MORE, "m")


@pytest.mark.parametrize(
    "vectors",
    [
        {"tea": [1.0], "plums": [1.0, 2.0]},
        {"tea": None},
        {"tea": ["one"]},
        {"tea": {}},
        {"tea": []},
        {"tea": [1e99]},
        {},
    ],
    ids=str,
)
def test_a_classic_file_with_incomparable_vectors_counts_as_empty(town, folder, vectors):
    small_world.write_json(folder / "embeddings.json", vectors)
    small_world.write_json(folder / "embedding_model.json", {"model": "m"})
    assert found(town)[0] == {}


def test_the_classic_file_is_ignored_if_there_are_rows(town, folder):
    save(town, FIRST)
    small_world.write_json(folder / "embeddings.json", {"tea": [9.0, 9.0], "bread": [9.0, 9.0]})
    assert found(town) == (FIRST, "m")


@pytest.mark.parametrize("content", ["", "{", "[]", None])
def test_a_simulation_can_be_forked_with_a_missing_or_broken_classic_file(town, storage, content):
    file = storage.root / small_world.BASE / FOLDER / "embeddings.json"
    file.unlink() if content is None else file.write_text(content, encoding="utf-8")
    assert found(storage.fork(small_world.BASE, "sequel")) == ({}, "")


def test_other_files_in_the_folder_are_kept(town, folder):
    (folder / "notes of mine.txt").write_text("mine", encoding="utf-8")
    (folder / "embeddings_one.f32").write_bytes(b"mine")
    save(town, FIRST)
    save(town, FIRST, "another")
    assert (folder / "notes of mine.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "embeddings_one.f32").read_bytes() == b"mine"


# The classic file


def test_a_checkpoint_does_not_write_the_classic_file(town, folder):
    save(town, FIRST)
    assert read(folder / "embeddings.json") == {}


def test_the_classic_file_is_derived_on_request(town):
    save(town, FIRST)
    assert classic(town, FIRST) == FIRST


@pytest.mark.parametrize("count", [255, 256, 257])
def test_the_classic_file_is_complete_for_any_number_of_vectors(town, count):
    vectors = {f"text {k}": [float(k)] for k in range(count)}
    assert classic(town, vectors) == vectors


def test_the_classic_file_is_not_written_again_without_new_vectors(town, folder):
    classic(town, FIRST)
    before = (folder / "embeddings.json").stat()
    classic(town, FIRST)
    assert (folder / "embeddings.json").stat() == before
    assert classic(town, MORE) == MORE


def test_the_classic_file_has_a_vector_for_every_memory_even_without_a_model(town):
    content = classic(town, FIRST, keys=["tea", "fog", "fog"])
    assert list(content) == ["tea", "plums", "fog"]
    assert len(content["fog"]) == 2
    assert np.linalg.norm(content["fog"]) == pytest.approx(1)


def test_without_any_vector_placeholders_have_the_length_the_original_code_expects(town):
    assert [len(vector) for vector in classic(town, {}, "", keys=["fog"]).values()] == [1536]


def test_a_classic_file_of_other_programs_is_unchanged_until_vectors_are_added(town, folder):
    theirs = json.dumps({"tea": [0.1, 0.2]}, indent=7)
    (folder / "embeddings.json").write_text(theirs, encoding="utf-8")
    classic(town, {}, "", keys=["tea"])
    assert (folder / "embeddings.json").read_text(encoding="utf-8") == theirs
    content = classic(town, {}, "", keys=["tea", "fog"])
    assert (content["tea"], len(content["fog"])) == ([0.1, 0.2], 2)


@pytest.mark.parametrize("known", [{}, {"tea": [0.5, 0.25]}], ids=["none", "some"])
def test_a_placeholder_is_never_read_as_a_vector_of_the_model(town, storage, folder, known):
    small_world.write_json(folder / "embeddings.json", known)
    small_world.write_json(folder / "embedding_model.json", {"model": "m"})
    files = ada(town, {}, "another", keys=["tea", "fog"])
    town.checkpoint(town.meta, files)
    town.write_classic_embeddings(files)
    assert set(read(folder / "embeddings.json")) == {"tea", "fog"}
    assert found(opened(storage)) == (known, "m")


def test_placeholders_are_recognized_even_without_any_vector_of_the_model(town, storage, folder):
    save(town, {}, "m")
    classic(town, {}, "m", keys=["tea"])
    assert read(folder / "embedding_model.json") == {"model": "m"}
    assert found(opened(storage)) == ({}, "m")
    save(town, FIRST)
    assert (classic(town, FIRST, "m", keys=["tea"]), found(opened(storage))) == (FIRST, (FIRST, "m"))


def test_vectors_of_other_programs_are_never_attributed_to_this_model(town, folder):
    small_world.write_json(folder / "embeddings.json", FIRST)
    save(town, {}, "m")
    classic(town, {}, "m", keys=["tea", "fog"])
    assert not (folder / "embedding_model.json").exists()


def test_vectors_with_invalid_numbers_in_a_classic_file_are_replaced(town, folder):
    (folder / "embeddings.json").write_text('{"tea": [NaN, 1.0], "plums": [0.5, 0.25]}', encoding="utf-8")
    content = classic(town, {}, "", keys=["tea", "plums"])
    assert content["plums"] == [0.5, 0.25]
    assert np.linalg.norm(content["tea"]) == pytest.approx(1)


@pytest.mark.parametrize("broken", [None, "{"], ids=["missing", "broken"])
def test_a_missing_or_broken_classic_file_is_rebuilt(town, folder, broken):
    file = folder / "embeddings.json"
    file.unlink() if broken is None else file.write_text(broken, encoding="utf-8")
    assert list(classic(town, {}, "", keys=["fog"])) == ["fog"]
    file.unlink()
    assert classic(town, {}, "") == {}


# Going back, and crashes


@pytest.mark.parametrize(
    "change", [(MORE, "m"), (FIRST, "another"), ({"fog": [1.0]}, "m")], ids=["more", "model", "all"]
)
def test_undoing_a_run_restores_every_byte(town, storage, change):
    save(town, FIRST)
    town.close()
    before = everything(town.path)
    resumed = storage.open("town")
    for _ in range(2):
        save(resumed, *change)
        classic(resumed, *change)
    resumed.restore_opened()
    resumed.close()
    assert everything(town.path) == before


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> Crash:
    return Crash(monkeypatch)


@pytest.mark.slow
def test_after_any_crash_while_it_is_written_the_classic_file_is_the_old_or_the_new_one(storage, town, crash):
    save(town, FIRST)
    states = [
        (found(opened(storage, left.name)), read(left / FOLDER / "embeddings.json"))
        for left in left_by_cuts(crash, lambda: classic(town, FIRST), town.path)
    ]
    assert {len(classic) for _, classic in states} == {0, 2}
    assert all(kept == (FIRST, "m") for kept, _ in states)


def test_rows_are_on_the_disk_before_the_index_that_counts_them_is_current(town, folder, monkeypatch):
    save(town, FIRST)
    rows, happened = (folder / "embeddings_1.f32").stat().st_ino, list[object]()
    fsync, rename = os.fsync, os.rename
    monkeypatch.setattr(os, "fsync", lambda number: happened.append(os.fstat(number).st_ino) or fsync(number))
    monkeypatch.setattr(os, "rename", lambda *names: happened.append("current") or rename(*names))
    save(town, MORE)
    assert happened.index(rows) < happened.index("current")


def test_after_a_disk_error_the_saved_vectors_are_intact_and_the_next_save_works(town, monkeypatch):
    save(town, FIRST)
    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(os, "rename", lambda *names: (_ for _ in ()).throw(PowerCut))
        save(town, {**FIRST, "fog": [7.0, 7.0]})
    assert found(town) == (FIRST, "m")
    save(town, MORE)
    assert found(town) == (MORE, "m")

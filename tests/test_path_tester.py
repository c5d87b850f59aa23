"""The path tester: walking the map by hand, what is recorded of it, and what becomes of the simulation."""

import pytest

import reverie
import terminal
from small_world import ADAS_HOUSE, BASE, CAFE, WORLD, SmallWorld
from terminal import NO_QUESTIONS, Typist, types

START = "start path tester mode"


def walk(monkeypatch: pytest.MonkeyPatch, *moves: str | BaseException) -> Typist:
    """Forks the base, walks, and leaves; Ada, with whom the walk begins, stands at (1, 2)."""
    typist = types(monkeypatch, START, *moves)
    assert reverie.main([*NO_QUESTIONS, "walk"]) == 0
    return typist


def tiles(typist: Typist) -> list[str]:
    """Where the walker stood at each question."""
    return [prompt.partition(")")[0] + ")" for prompt in typist.prompts[1:]]


def test_the_question_says_the_tile_and_its_address(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    typist = walk(monkeypatch, "done")
    assert typist.prompts[1] == f"(1, 2) {WORLD}:{ADAS_HOUSE}:bedroom> "


@pytest.mark.parametrize(
    ("move", "tile"),
    [("d", "(2, 2)"), ("s", "(1, 3)"), ("D3", "(4, 2)"), ("d 3", "(4, 2)"), ("4, 6", "(4, 6)"), ("4 6", "(4, 6)")],
)
def test_a_move_leads_to_its_tile(world: SmallWorld, monkeypatch: pytest.MonkeyPatch, move: str, tile: str):
    assert tiles(walk(monkeypatch, move, "done")) == ["(1, 2)", tile]


def test_a_walk_ends_before_a_wall(world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys):
    assert tiles(walk(monkeypatch, "d9", "done"))[1] == "(6, 2)"
    assert "A wall." in capsys.readouterr().out


@pytest.mark.parametrize("jump", ["0, 0", "900, 1"])
def test_a_jump_into_a_wall_or_off_the_map_is_refused(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys, jump: str
):
    assert tiles(walk(monkeypatch, jump, "done"))[1] == "(1, 2)"
    assert "That tile cannot be walked on." in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["", "north", "d-1", "1, 2, 3", "d" + "9" * 5000])
def test_anything_else_is_answered_with_what_is_possible(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys, wrong: str
):
    assert tiles(walk(monkeypatch, wrong, "done"))[1] == "(1, 2)"
    assert capsys.readouterr().out.count("'done' ends.") == 2


@pytest.mark.parametrize("end", ["done", EOFError(), KeyboardInterrupt()])
def test_the_places_seen_are_recorded_when_it_ends(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys, end: str | BaseException
):
    walk(monkeypatch, "3, 9", end)
    record = world.temp / "path_tester_spatial_memory.json"
    assert f"The places seen are in {record}." in capsys.readouterr().out
    seen = terminal.read(record)[WORLD]
    assert sorted(seen[CAFE]["cafe"]) == ["cafe counter", "cafe seating"]
    assert "kitchen" in seen[ADAS_HOUSE]


def test_the_fork_is_discarded(world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys):
    walk(monkeypatch, "done")
    assert [folder.name for folder in world.storage.iterdir()] == [BASE]
    assert "walk is deleted." in capsys.readouterr().out


def test_a_resumed_simulation_is_not_deleted(world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys):
    terminal.run("kept", 2)
    before = terminal.files(world.storage / "kept")
    types(monkeypatch, "run 1", START, "done")
    terminal.resume("kept")
    assert terminal.files(world.storage / "kept") == before
    assert "kept is back at step 2, where it was opened." in capsys.readouterr().out

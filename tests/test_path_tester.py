"""The path tester: walking the map by hand, the recorded places, and the end of the simulation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import reverie
import terminal
from small_world import ADAS_HOUSE, BASE, CAFE, WORLD, SmallWorld
from terminal import NO_QUESTIONS, type_lines

START = "start path tester mode"
Walk = Callable[..., tuple[list[str], str]]


@pytest.fixture
def walk(world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Walk:
    """Forks the base, walks, and ends; returns the prompts and the output. The walk begins at Ada's (1, 2)."""

    def walked(*moves: str | BaseException) -> tuple[list[str], str]:
        typist = type_lines(monkeypatch, START, *moves)
        assert reverie.main([*NO_QUESTIONS, "walk"]) == 0
        return typist.prompts[1:], capsys.readouterr().out

    return walked


@pytest.mark.parametrize(
    ("move", "tile", "said"),
    [
        *(("d", "(2, 2)", ""), ("s", "(1, 3)", ""), ("D3", "(4, 2)", ""), ("d 3", "(4, 2)", "")),
        *(("4, 6", "(4, 6)", ""), ("4 6", "(4, 6)", "")),
        ("d9", "(6, 2)", "There is a wall."),
        *((jump, "(1, 2)", "That tile cannot be walked on.") for jump in ("0, 0", "900, 1")),
    ],
)
def test_a_move_ends_on_its_tile_or_stops_before_a_wall(walk: Walk, move: str, tile: str, said: str):
    prompts, shown = walk(move, "done")
    assert prompts[0] == f"(1, 2) {WORLD}:{ADAS_HOUSE}:bedroom> "
    assert [prompt.partition(")")[0] + ")" for prompt in prompts] == ["(1, 2)", tile]
    assert said in shown


@pytest.mark.parametrize("wrong", ["", "north", "d-1", "1, 2, 3", "d" + "9" * 5000])
def test_invalid_input_is_answered_with_the_possible_commands(walk: Walk, wrong: str):
    prompts, shown = walk(wrong, "done")
    assert prompts[1].startswith("(1, 2)")
    assert shown.count("'done' to stop.") == 2


@pytest.mark.parametrize("end", ["done", EOFError(), KeyboardInterrupt()])
def test_at_the_end_the_places_seen_are_recorded_and_the_fork_is_deleted(
    walk: Walk, world: SmallWorld, end: str | BaseException
):
    _, shown = walk("3, 9", end)
    record = world.temp / "path_tester_spatial_memory.json"
    assert f"The places seen are in {record}." in shown
    seen = terminal.read(record)[WORLD]
    assert sorted(seen[CAFE]["cafe"]) == ["cafe counter", "cafe seating"]
    assert "kitchen" in seen[ADAS_HOUSE]
    assert [folder.name for folder in world.storage.iterdir()] == [BASE]
    assert "walk is deleted." in shown


def test_a_resumed_simulation_is_not_deleted(world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys):
    terminal.run("kept", 2)
    before = terminal.files(world.storage / "kept")
    type_lines(monkeypatch, "run 1", START, "done")
    terminal.resume("kept")
    assert terminal.files(world.storage / "kept") == before
    assert "kept is back in the state it was opened in, after 2 steps." in capsys.readouterr().out

"""`--serve`: the web pages during a run, and the usage of their visitors."""

from __future__ import annotations

import builtins
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import reverie
from cli import session, web_server
from saves import usage_inbox
from saves.simulation import Simulation
from small_world import SmallWorld
from terminal import NO_QUESTIONS, read, run, type_lines
from town.scheduler import WholeStep
from town.town import Town

pytestmark = pytest.mark.slow

ADDRESS = "http://127.0.0.1:8000/"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int | None, bool, Decimal | None]]:
    """The arguments for serving the pages, which are not served."""
    asked: list[tuple[int | None, bool, Decimal | None]] = []

    @contextmanager
    def serving(port: int | None = None, *, offline: bool = False, budget_usd: Decimal | None = None) -> Iterator[str]:
        asked.append((port, offline, budget_usd))
        yield ADDRESS

    monkeypatch.setattr(web_server, "serving", serving)
    monkeypatch.setattr(session, "_wait_for_ctrl_c", lambda: None)
    return asked


@pytest.mark.parametrize(
    ("option", "asked"),
    [
        (["--serve"], (None, True, None)),
        (["--serve", "8010"], (8010, True, None)),
        (["--serve", "--budget", "1.50"], (None, True, Decimal("1.5"))),
    ],
)
def test_the_pages_are_served_during_a_run(
    world: SmallWorld, served: list, capsys: pytest.CaptureFixture[str], option: list[str], asked: tuple
):
    assert run("seen", 2, *option) == 0
    said = capsys.readouterr().out
    assert served == [asked]
    assert said.index(f"{ADDRESS}live/seen\n") < said.index("Saved after 2 steps") < said.index("until Ctrl-C")


def test_without_the_option_nothing_is_served(world: SmallWorld, served: list):
    run("unseen", 1)
    assert served == []


@pytest.mark.parametrize(
    ("option", "more"),
    [
        (["--run", "2"], "--run 2"),
        (["--run", "2", "--serve"], "--run 2 --serve"),
        (["--run", "2", "--serve", "8010", "--budget", "1.50"], "--run 2 --budget 1.50 --serve 8010"),
    ],
)
def test_the_pages_know_the_command_to_continue(world: SmallWorld, served: list, option: list[str], more: str):
    assert reverie.main([*NO_QUESTIONS, "seen", *option]) == 0
    interpreter, program, *options = shlex.split(status(world, "seen")["go_on"])
    assert (Path(interpreter).is_absolute(), Path(program)) == (True, Path(reverie.__file__).resolve())
    assert " ".join(options) == f"--resume seen {more} --offline"
    assert reverie.main(options) == 0
    assert status(world, "seen")["text"] == "Saved after 4 steps"


def test_a_run_that_stopped_early_continues_with_the_remaining_steps(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
):
    keep = Town._keep

    def keep_and_stop(town: Town, step: WholeStep) -> None:
        keep(town, step)
        town.interrupts.stop_requested = town.step >= 2

    monkeypatch.setattr(Town, "_keep", keep_and_stop)
    run("seen", 5, "--lockstep")
    said = status(world, "seen")
    assert 2 <= said["step"] < 5
    assert f"--resume seen --run {5 - said['step']} " in said["go_on"]


def test_a_crashed_run_continues_from_its_last_checkpoint(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    said: list[dict[str, Any]] = []
    write = Simulation.write_step

    def note_and_write(simulation: Simulation, step: int, *arguments: Any) -> None:
        said.append(status(world, "seen"))
        write(simulation, step, *arguments)

    monkeypatch.setattr(Simulation, "write_step", note_and_write)
    monkeypatch.setattr("town.progress._SECONDS", 0)
    run("seen", 5, "--lockstep", "--checkpoint-every", "2")
    assert "--resume seen --run 5 " in said[0]["go_on"]
    assert (said[3]["step"], "--resume seen --run 3 " in said[3]["go_on"]) == (3, True)


def test_at_the_prompt_the_status_says_what_is_saved(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []

    def types_while_watched(*lines: str) -> None:
        left = iter(lines)

        def typed(prompt: str) -> str:
            said.append(status(world, "seen")["text"])
            return next(left)

        monkeypatch.setattr(builtins, "input", typed)

    types_while_watched("run 2", "fin")
    reverie.main([*NO_QUESTIONS, "seen"])
    assert status(world, "seen")["go_on"].endswith("--resume seen --offline")
    types_while_watched("run 1", "exit")
    reverie.main(["--offline", "--resume", "seen"])
    assert said == [f"Saved after {step} steps" for step in (0, 2, 2, 3)]
    assert status(world, "seen")["text"] == "Saved after 2 steps"


def status(world: SmallWorld, name: str) -> dict[str, Any]:
    """The last status of a simulation's run."""
    return read(world.temp / "status" / f"{name}.json")


def test_at_the_prompt_the_server_ends_with_the_program(
    world: SmallWorld, served: list, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    type_lines(monkeypatch, "run 1", "fin")
    assert reverie.main([*NO_QUESTIONS, "asked", "--serve"]) == 0
    assert "until Ctrl-C" not in capsys.readouterr().out


def test_a_run_is_refused_if_its_pages_cannot_be_served(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def refusing(*args: object, **options: object) -> Iterator[str]:
        raise web_server.CannotServe("no")
        yield ""

    monkeypatch.setattr(web_server, "serving", refusing)
    assert (run("refused", 1, "--serve"), (world.storage / "refused").exists()) == (2, False)


@pytest.mark.parametrize("port", ["0", "-1", "65536", "web"])
def test_an_invalid_port_is_refused(world: SmallWorld, port: str):
    with pytest.raises(SystemExit) as refusal:
        reverie.main(["--serve", port])
    assert refusal.value.code == 2


def test_usage_from_the_pages_is_added_when_the_simulation_is_opened(world: SmallWorld):
    run("visited", 2)
    folder = world.storage / "visited"
    own = read(folder / "reverie" / "llm_usage.json")["total"]["requests"]
    usage_inbox.leave(folder, {"total": {"requests": 5, "cost_usd": "0.25"}})
    assert reverie.main(["--offline", "--resume", "visited", "--run", "1"]) == 0
    total = read(folder / "reverie" / "llm_usage.json")["total"]
    assert (total["requests"] >= own + 5, total["cost_usd"]) == (True, "0.25")
    assert usage_inbox.waiting(folder) == []


def test_export_writes_documents_from_the_first_step_on(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    type_lines(monkeypatch, "export", "run 3", "export", "fin")
    assert reverie.main([*NO_QUESTIONS, "told"]) == 0
    said = capsys.readouterr().out
    assert said.index("has not been run yet") < said.index("timeline.csv")
    assert (world.storage / "told" / "export" / "conversations.md").is_file()

"""The command line and the server: choosing, running, stopping, ending, and reproducible bytes."""

from __future__ import annotations

import io
import itertools
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest
from tqdm import tqdm

import reverie
import small_world
import terminal
from cli import session
from doubles import Create
from own_checkout import DEADLINE, OwnCheckout
from persona.persona import Persona
from saves.storage import CannotWrite, Simulation, Storage
from small_world import ADA, BASE, BEN, MAZE, SmallWorld
from terminal import KEY, NO_QUESTIONS, read, resume, run, type_lines
from town.progress import Progress

FORKED = "Enter the name of the forked simulation: "
NEW = "Enter the name of the new simulation: "
OPTION = "Enter option: "
USAGE = "llm_usage.json"
REFUSED_KEY = openai.error.AuthenticationError(f"Incorrect API key provided: {KEY}", http_status=401)


pytestmark = [pytest.mark.slow, pytest.mark.own_maze, pytest.mark.usefixtures("world")]


def names(world: SmallWorld) -> list[str]:
    """The existing simulations, and anything else in their folder."""
    return sorted(folder.name for folder in world.storage.iterdir())


def meta(world: SmallWorld, name: str) -> dict[str, Any]:
    return read(world.storage / name / "reverie" / "meta.json")


def change(file: Path, **changes: Any) -> None:
    small_world.write_json(file, {**read(file), **changes})


def steps_written(world: SmallWorld, name: str) -> list[str]:
    return sorted(file.name for file in (world.storage / name / "movement").iterdir())


def requests_of(world: SmallWorld, name: str) -> int:
    return read(world.storage / name / "reverie" / USAGE)["total"]["requests"]


def files(world: SmallWorld, name: str) -> dict[str, bytes]:
    return terminal.saved_files(world.storage / name)


def saved_files(world: SmallWorld, name: str) -> dict[str, bytes]:
    """All files of a simulation except its usage, which is never undone."""
    return terminal.saved_files(world.storage / name, without=USAGE)


def figures(text: str) -> list[int]:
    """The number of requests in each printed usage summary."""
    return [int(line.split()[1]) for line in text.splitlines() if line.startswith("  Requests:")]


# Choosing


def test_the_simulations_are_listed_with_numbers_bases_first(world: SmallWorld, monkeypatch, capsys):
    small_world.write_base(world.storage, "another")
    small_world.write_base(world.storage, "base_zoo")
    type_lines(monkeypatch)
    reverie.main(["--offline"])
    described = f"({MAZE}, 3 personas, step 0, May 6, 2024, 07:00:00)"
    assert capsys.readouterr().out == (
        f"Using the mock model\n\n  1. {BASE} {described}\n  2. base_zoo {described}\n  3. another {described}\n\n\n"
    )


@pytest.mark.parametrize(
    ("arguments", "lines", "prompts"),
    [
        (["--offline"], ["1", "new"], [FORKED, NEW, OPTION]),
        (["--offline", "--name", "new"], ["1"], [FORKED, OPTION]),
        ([*NO_QUESTIONS, "new"], [], [OPTION]),
        ([*NO_QUESTIONS, "new", "--run", "1"], [], []),
    ],
)
def test_only_values_missing_in_the_options_are_asked_for(
    world: SmallWorld, monkeypatch, arguments: list[str], lines: list[str], prompts: list[str]
):
    typist = type_lines(monkeypatch, *lines)
    assert reverie.main(arguments) == 0
    assert typist.prompts == prompts
    assert names(world) == [BASE, "new"]


@pytest.mark.parametrize("answer", ["2", "base_zoo", " 2 "])
def test_a_base_is_chosen_by_number_or_name(world: SmallWorld, monkeypatch, answer: str):
    small_world.write_base(world.storage, "base_zoo")
    type_lines(monkeypatch, answer, "new")
    reverie.main(["--offline"])
    assert meta(world, "new")["fork_sim_code"] == "base_zoo"


@pytest.mark.parametrize("answer", ["0", "2", "-1", "nowhere", "", "../assets", "9" * 5000])
def test_an_unknown_base_is_explained_and_asked_for_again(monkeypatch, capsys, answer: str):
    typist = type_lines(monkeypatch, answer, BASE, "new")
    reverie.main(["--offline"])
    assert typist.prompts == [FORKED, FORKED, NEW, OPTION]
    assert f"{answer!r} is neither a number from 1 to 1 nor one of: {BASE}." in capsys.readouterr().out


def test_a_damaged_simulation_is_listed_with_its_fault_and_cannot_be_chosen(world: SmallWorld, monkeypatch, capsys):
    change(small_world.write_base(world.storage, "base_zoo") / "reverie" / "meta.json", step="three")
    typist = type_lines(monkeypatch, "2", "1", "new")
    reverie.main(["--offline"])
    assert typist.prompts == [FORKED, FORKED, NEW, OPTION]
    assert capsys.readouterr().out.count("base_zoo (cannot be used: ") == 2


BAD_NAME = "cannot name a simulation: use up to 100 letters, digits, _ and -."
TAKEN = f"There is already a simulation '{BASE}'; choose another name"


@pytest.mark.parametrize(
    ("name", "fault"),
    [*((name, BAD_NAME) for name in ("", "two words", "../outside", "a/b", "what?", "x" * 101)), (BASE, TAKEN)],
)
def test_an_invalid_name_is_explained_and_asked_for_again(
    world: SmallWorld, monkeypatch, capsys, name: str, fault: str
):
    typist = type_lines(monkeypatch, BASE, name, "new-1_ö")
    reverie.main(["--offline"])
    assert typist.prompts == [FORKED, NEW, NEW, OPTION]
    assert fault in capsys.readouterr().out
    assert names(world) == [BASE, "new-1_ö"]


@pytest.mark.parametrize("lines", [[], [BASE], [KeyboardInterrupt()], [BASE, KeyboardInterrupt()]])
def test_leaving_before_the_choice_creates_nothing(world: SmallWorld, monkeypatch, lines: list):
    type_lines(monkeypatch, *lines)
    assert reverie.main(["--offline"]) == 0
    assert names(world) == [BASE]


def test_without_simulations_the_program_says_so(world: SmallWorld, monkeypatch, capsys):
    Storage(world.storage).remove(BASE)
    type_lines(monkeypatch)
    assert reverie.main(["--offline"]) == 2
    assert capsys.readouterr().err.startswith(f"There is no simulation in {world.storage} to start from")
    assert reverie.main(["--list"]) == 0
    assert capsys.readouterr().out == f"There is no simulation in {world.storage}.\n"


# Without questions


def test_list_works_without_a_key(capsys):
    assert reverie.main(["--list"]) == 0
    assert capsys.readouterr().out == f"  1. {BASE} ({MAZE}, 3 personas, step 0, May 6, 2024, 07:00:00)\n"


def test_the_help_has_the_options_in_groups(capsys):
    with pytest.raises(SystemExit):
        reverie.main(["--help"])
    shown = capsys.readouterr().out
    headings = [
        "choosing a simulation:",
        "--fork BASE  ",
        "running it:",
        "--run N  ",
        "watching it:",
        "--serve [PORT]  ",
    ]
    places = [shown.index(heading) for heading in headings]
    assert places == sorted(places)


def test_without_a_key_the_program_names_the_variables_and_creates_nothing(world: SmallWorld, key_in_utils, capsys):
    key_in_utils(None)
    with pytest.raises(SystemExit) as left:
        reverie.main(["--fork", BASE, "--run", "1"])
    assert left.value.code == 2
    message = capsys.readouterr().err
    assert all(word in message for word in ("OPENROUTER_API_KEY", "OPENAI_API_KEY", "--offline"))
    assert names(world) == [BASE]


def test_a_run_saves_its_steps_and_after_the_usage_says_where_the_result_is(world: SmallWorld, capsys):
    before = files(world, BASE)
    assert run("new", 2) == 0
    assert steps_written(world, "new") == ["0.json", "1.json"]
    assert meta(world, "new")["step"] == 2
    *_, rule, blank, saved, hint = capsys.readouterr().out.splitlines()
    assert (rule, blank) == ("=" * 50, "")
    assert saved == f"Saved after 2 steps (May 6, 2024, 07:00:20): {world.storage / 'new'}"
    assert (hint[:13], hint.partition("reverie.py ")[2]) == ("To continue: ", "--resume new --run 2 --offline")
    assert files(world, BASE) == before


def test_a_fork_without_a_name_gets_the_first_free_one(world: SmallWorld):
    for _ in range(2):
        reverie.main(["--offline", "--fork", BASE, "--run", "1"])
    assert names(world) == [BASE, f"{MAZE}_1", f"{MAZE}_2"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--fork", "nowhere", "--name", "new"], f"There is no simulation 'nowhere' in .* Available: {BASE}."),
        (["--resume", "nowhere"], f"There is no simulation 'nowhere' in .* Available: {BASE}."),
        (["--fork", BASE, "--name", BASE], f"There is already a simulation '{BASE}'"),
        (["--fork", BASE, "--name", "../new"], "'../new' cannot name a simulation"),
        (["--fork", BASE, "--name", ""], "'' cannot name a simulation"),
        (["--resume", ""], "'' cannot name a simulation"),
    ],
)
def test_an_invalid_name_is_refused_in_one_line(world: SmallWorld, capsys, arguments: list[str], fault: str):
    assert reverie.main(["--offline", "--run", "1", *arguments]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert re.match(fault, message)
    assert names(world) == [BASE]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--resume", BASE, "--seed", "3"], "--seed is for a new simulation; a resumed one keeps its own"),
        (["--resume", BASE, "--name", "new"], "--name is for a new simulation; a resumed one keeps its own"),
        (["--resume", BASE, "--fork", BASE], "not allowed with argument"),
        (["--fork", BASE, "--run", "0"], "'0' is not a number of steps; give a whole number, 1 or more"),
        (["--fork", BASE, "--run", "ten"], "'ten' is not a number of steps"),
        (["--fork", BASE, "--seed", "x"], "invalid int value: 'x'"),
    ],
)
def test_options_that_do_not_fit_are_refused(world: SmallWorld, capsys, arguments: list[str], fault: str):
    with pytest.raises(SystemExit) as left:
        reverie.main(["--offline", *arguments])
    assert left.value.code == 2
    assert fault in capsys.readouterr().err
    assert names(world) == [BASE]


# Damaged simulations


def damage_scratch(base: Path, assets: Path) -> None:
    file = base / "personas" / BEN.name / "bootstrap_memory" / "scratch.json"
    scratch = read(file)
    del scratch["age"]
    small_world.write_json(file, scratch)


def damage_memory(base: Path, assets: Path) -> None:
    nodes = base / "personas" / BEN.name / "bootstrap_memory" / "associative_memory" / "nodes.json"
    small_world.write_json(nodes, {"node_1": {"type": "event"}})


def rename_world(base: Path, assets: Path) -> None:
    change(base / "reverie" / "meta.json", maze_name="atlantis")


def damage_world(base: Path, assets: Path) -> None:
    (assets / MAZE / "matrix" / "maze" / "arena_maze.csv").write_text("0, 0", encoding="utf-8")


def leave_the_map(base: Path, assets: Path) -> None:
    file = base / "environment" / "0.json"
    change(file, **{BEN.name: {"maze": MAZE, "x": 99, "y": 1}})


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (damage_scratch, ["'Ben Moss'", "scratch.json lacks age"]),
        (damage_memory, ["'Ben Moss'", "node_1 in nodes.json lacks node_count, created, subject"]),
        (rename_world, ["There is no world 'atlantis'", f"available: {MAZE}"]),
        (damage_world, ["arena_maze.csv has 2 numbers"]),
        (leave_the_map, ["'Ben Moss' stands at (99, 1) in step 0", "22 x 12 tiles"]),
    ],
)
def test_an_unsuitable_base_is_refused_in_one_line_and_leaves_no_fork(
    world: SmallWorld, capsys, damage: Callable[[Path, Path], None], named: list[str]
):
    damage(world.storage / BASE, world.assets)
    assert run("new", 1) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert all(part in message for part in named)
    assert names(world) == [BASE]


def test_a_damaged_record_of_usage_is_refused_by_name(world: SmallWorld, capsys):
    run("town", 1)
    change(world.storage / "town" / "reverie" / USAGE, total={"requests": "many"})
    before = files(world, "town")
    assert resume("town", "--run", "1") == 2
    assert USAGE in capsys.readouterr().err
    assert files(world, "town") == before


# The seed


@pytest.mark.parametrize(
    ("of_base", "options", "seed"),
    [(7, ["--seed", "41"], 41), (7, [], 7), (None, [], 1234)],
    ids=["the one that is given", "that of the base", "a random one"],
)
def test_the_seed_is_printed_and_written(world: SmallWorld, monkeypatch, capsys, of_base, options, seed: int):
    change(world.storage / BASE / "reverie" / "meta.json", seed=of_base)
    monkeypatch.setattr("secrets.randbelow", lambda limit: 1234)
    run("new", 1, *options)
    assert f"Seed: {seed}\n" in capsys.readouterr().out
    assert meta(world, "new")["seed"] == seed


# When the model fails


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenAI, with a key that it refuses."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for kind in (openai.ChatCompletion, openai.Embedding):
        monkeypatch.setattr(kind, "create", Create(REFUSED_KEY))


def test_without_questions_a_fatal_failure_ends_a_run_with_code_3_and_shows_no_key(
    world: SmallWorld, refused: None, capsys
):
    assert reverie.main(["--fork", BASE, "--name", "new", "--run", "5"]) == 3
    shown = capsys.readouterr()
    assert shown.err.startswith("OPENAI_API_KEY was refused (401: ")
    assert figures(shown.out) == [0]
    saved = f"Saved after 0 steps (May 6, 2024, 07:00:00): {world.storage / 'new'}\n"
    assert f"{saved}To continue: " in shown.out
    assert shown.out.endswith("/reverie.py --resume new --run 5\n")
    assert KEY not in shown.out + shown.err  # which the provider echoes
    assert not [name for name, content in terminal.files(world.storage).items() if KEY.encode() in content]


def test_after_a_fatal_failure_and_the_summary_the_prompt_returns(refused: None, monkeypatch, capsys):
    typist = type_lines(monkeypatch, "run 5", "print current time")
    assert reverie.main(["--fork", BASE, "--name", "new"]) == 0
    assert typist.prompts == [OPTION] * 3
    text = capsys.readouterr().out
    assert text.index("LLM Usage Summary") < text.index("was refused (401") < text.index("steps: 0")


def fail_once(monkeypatch: pytest.MonkeyPatch, request_number: int) -> None:
    """The key is refused for one request and accepted again after it."""
    count = itertools.count(1)
    for kind in (openai.ChatCompletion, openai.Embedding):
        monkeypatch.setattr(kind, "create", refusing_at(request_number, count, kind.create))


def refusing_at(request_number: int, count: Iterator[int], create: Callable[..., Any]) -> Callable[..., Any]:
    def sometimes(**request: Any) -> Any:
        if next(count) == request_number:
            raise REFUSED_KEY
        return create(**request)

    return sometimes


@pytest.mark.parametrize("request_number", [1, 4, 7, 9])
def test_a_run_that_failed_and_was_resumed_ends_with_the_same_bytes_as_an_undisturbed_one(
    world: SmallWorld, monkeypatch, request_number: int
):
    run("undisturbed", 12)
    fail_once(monkeypatch, request_number)
    assert run("disturbed", 12) == 3
    rest = 12 - meta(world, "disturbed")["step"]
    assert resume("disturbed", "--run", str(rest)) == 0
    assert saved_files(world, "disturbed") == saved_files(world, "undisturbed")


def test_a_failed_step_is_undone_in_memory_too(world: SmallWorld, monkeypatch):
    fail_once(monkeypatch, 12)
    type_lines(monkeypatch, "run 12", "run 12", "fin")
    reverie.main([*NO_QUESTIONS, "disturbed"])
    run("undisturbed", meta(world, "disturbed")["step"])
    assert saved_files(world, "disturbed") == saved_files(world, "undisturbed")


def test_a_step_whose_usage_cannot_be_written_is_undone(world: SmallWorld, monkeypatch, capsys):
    run("undisturbed", 3)
    write = Simulation.write_usage
    refusals = iter([CannotWrite("Could not write the usage.")])

    def refusing_once(simulation: Simulation, usage: Any) -> None:
        for refusal in refusals:
            raise refusal
        write(simulation, usage)

    monkeypatch.setattr(Simulation, "write_usage", refusing_once)
    type_lines(monkeypatch, "run 3", "run 2", "fin")
    reverie.main([*NO_QUESTIONS, "disturbed"])
    assert "Could not write the usage." in capsys.readouterr().out
    assert files(world, "disturbed") == files(world, "undisturbed")


@pytest.mark.parametrize(("options", "summaries"), [(["--run", "1"], 1), ([], 0)], ids=["a run", "the end of input"])
def test_a_failed_save_is_not_reported_as_saved(monkeypatch, capsys, options: list[str], summaries: int):
    def full(*_: Any) -> None:
        raise CannotWrite("Could not save: the disk is full.")

    monkeypatch.setattr(Simulation, "checkpoint", full)
    typist = type_lines(monkeypatch)
    assert reverie.main([*NO_QUESTIONS, "new", *options]) == 2
    assert typist.prompts == ([] if options else [OPTION])
    shown = capsys.readouterr()
    assert shown.err == "Could not save: the disk is full.\n"
    assert len(figures(shown.out)) == summaries
    assert "Saved" not in shown.out


# Ctrl-C, in lockstep: there everybody is in the step that it interrupts


def interrupt(monkeypatch: pytest.MonkeyPatch, step: int, times: int, owner: type = Persona, method: str = "act"):
    """Ctrl-C is pressed, once or several times, when a method is first called in a step."""
    real = getattr(owner, method)
    left = iter(range(times))

    def interrupted(self: Any, *arguments: Any) -> Any:
        result = real(self, *arguments)
        if (self.step if owner is Persona else arguments[0]) == step:
            for _ in left:
                signal.raise_signal(signal.SIGINT)
        return result

    monkeypatch.setattr(owner, method, interrupted)


@pytest.fixture
def ctrl_c_is_pythons() -> Iterator[None]:
    """The test runner may have its own handler of Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, "a run must put the handler back"
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_after_the_current_step_and_the_run_can_continue_to_the_same_bytes(
    world: SmallWorld, monkeypatch, capsys, ctrl_c_is_pythons: None
):
    run("undisturbed", 5)
    interrupt(monkeypatch, step=1, times=1)
    typist = type_lines(monkeypatch, "run 5", "print current time", "run 3", "fin")
    capsys.readouterr()
    reverie.main([*NO_QUESTIONS, "stopped", "--lockstep"])
    text = capsys.readouterr().out
    assert typist.prompts == [OPTION] * 4
    assert text.index("Stopped after 2 steps.") < text.index("LLM Usage Summary") < text.index("steps: 2")
    assert files(world, "stopped") == files(world, "undisturbed")


def test_without_questions_ctrl_c_saves_and_ends_with_code_130(
    world: SmallWorld, monkeypatch, capsys, ctrl_c_is_pythons: None
):
    interrupt(monkeypatch, step=1, times=1)
    assert run("new", 5, "--lockstep") == 130
    *_, saved, hint = capsys.readouterr().out.splitlines()
    assert saved.startswith("Saved after 2 steps ")
    assert hint.startswith("To continue: ")
    assert hint.endswith("/reverie.py --resume new --run 3 --offline")
    assert meta(world, "new")["step"] == 2


@pytest.fixture
def interrupted_twice(monkeypatch, ctrl_c_is_pythons: None):
    """Ctrl-C is pressed twice when a run first waits for a person, which is in its first step."""
    real, left = Progress.wait, iter(range(2))

    def wait(self: Progress, names: Sequence[str]) -> None:
        real(self, names)
        for _ in left:
            signal.raise_signal(signal.SIGINT)

    return lambda: monkeypatch.setattr(Progress, "wait", wait)


def test_a_second_ctrl_c_aborts_the_step(world: SmallWorld, capsys, interrupted_twice):
    interrupted_twice()
    assert run("new", 5) == 130
    shown = capsys.readouterr()
    assert shown.err == "Interrupted; the incomplete step 0 was rolled back.\n"
    assert len(figures(shown.out)) == 1
    assert meta(world, "new")["step"] == 0
    assert steps_written(world, "new") == []


def test_after_a_second_ctrl_c_the_prompt_returns(world: SmallWorld, monkeypatch, capsys, interrupted_twice):
    run("undisturbed", 5)
    interrupted_twice()
    type_lines(monkeypatch, "run 5", "run 5", "fin")
    assert reverie.main([*NO_QUESTIONS, "new"]) == 0
    assert "\nInterrupted.\n" in capsys.readouterr().out
    assert saved_files(world, "new") == saved_files(world, "undisturbed")


def test_ctrl_c_while_a_step_is_written_leaves_it_complete(world: SmallWorld, monkeypatch, ctrl_c_is_pythons: None):
    interrupt(monkeypatch, step=1, times=3, owner=Simulation, method="write_step")
    assert run("new", 5, "--lockstep") == 130
    assert meta(world, "new")["step"] == 2
    assert steps_written(world, "new") == ["0.json", "1.json"]


def test_a_run_outside_the_main_thread_leaves_ctrl_c_alone(ctrl_c_is_pythons: None):
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(run, "new", 1).result() == 0


def test_ctrl_c_while_a_simulation_is_created_leaves_none(world: SmallWorld, monkeypatch, capsys):
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("town.town.Persona", interrupted)
    assert run("new", 1) == 130
    assert capsys.readouterr().err == "\nInterrupted.\n"
    assert names(world) == [BASE]


# Leaving


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()])
def test_the_end_of_input_and_ctrl_c_at_the_prompt_save_and_exit(
    world: SmallWorld, monkeypatch, capsys, end: BaseException
):
    history = world.assets / MAZE / "history.csv"
    history.write_text(f"Name,Whisper\n{ADA.name},You like plums", encoding="utf-8")
    type_lines(monkeypatch, f"call -- load history {MAZE}/history.csv", end)
    assert reverie.main([*NO_QUESTIONS, "new"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Saved after 0 steps ")
    memory = world.storage / "new" / "personas" / ADA.name / "bootstrap_memory" / "associative_memory"
    assert [node["type"] for node in read(memory / "nodes.json").values()] == ["thought"]


def test_exit_deletes_what_this_start_forked(world: SmallWorld, monkeypatch, capsys):
    type_lines(monkeypatch, "run 1", "exit")
    assert reverie.main([*NO_QUESTIONS, "new"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "new is deleted."
    assert names(world) == [BASE]


def test_exit_restores_a_resumed_simulation_byte_for_byte_except_its_usage(world: SmallWorld, monkeypatch, capsys):
    run("town", 3)
    before, spent = saved_files(world, "town"), requests_of(world, "town")
    type_lines(monkeypatch, "run 4", "save", "exit")
    assert resume("town") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "town is back in the state it was opened in, after 3 steps."
    assert saved_files(world, "town") == before
    assert requests_of(world, "town") > spent


def test_on_resuming_a_message_says_what_exit_will_do_and_it_deletes_nothing(world: SmallWorld, monkeypatch, capsys):
    run("town", 3)
    before = files(world, "town")
    type_lines(monkeypatch, "exit")
    resume("town")
    assert (
        "town is open after 3 steps. 'exit' returns to this state, 'fin' keeps all changes.\n"
        in capsys.readouterr().out
    )
    assert files(world, "town") == before


@pytest.mark.parametrize("leave", [["fin"], []])
def test_no_undo_files_are_left_in_the_folder(world: SmallWorld, monkeypatch, leave: list[str]):
    type_lines(monkeypatch, "run 1", *leave)
    reverie.main([*NO_QUESTIONS, "typed"])
    run("unasked", 1)
    assert files(world, "typed") == files(world, "unasked")
    assert not [name for name in terminal.files(world.storage) if "/." in name]


# What it has used


def test_usage_is_kept_over_several_starts(world: SmallWorld, capsys):
    run("town", 2)
    first = requests_of(world, "town")
    resume("town", "--run", "6")
    used = figures(capsys.readouterr().out)
    assert used[0] == first
    assert requests_of(world, "town") == sum(used) > first


def test_the_usage_of_a_fork_starts_at_zero(world: SmallWorld, capsys):
    run("town", 2)
    capsys.readouterr()
    reverie.main(["--offline", "--fork", "town", "--name", "sequel", "--run", "6"])
    assert requests_of(world, "sequel") == figures(capsys.readouterr().out)[0]


def test_without_requests_no_usage_is_written(world: SmallWorld, monkeypatch, capsys):
    type_lines(monkeypatch, "save", "fin")
    reverie.main([*NO_QUESTIONS, "new"])
    assert not (world.storage / "new" / "reverie" / USAGE).exists()
    run("town", 8)
    monkeypatch.setattr(Simulation, "write_usage", Create(AssertionError("nothing was spent")))
    assert resume("town", "--run", "1") == 0
    assert figures(capsys.readouterr().out)[-1] == 0


# What it prints


def test_a_run_is_quiet_when_the_output_is_not_a_terminal(world: SmallWorld, capsys):
    run("new", 2)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith("Using the mock model\nSeed: 7\n\n" + "=" * 50)
    assert read(world.temp / "curr_sim_code.json") == {"sim_code": "new"}  # for the pages


def test_on_a_terminal_a_bar_shows_game_time_and_cost(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("town.progress.tqdm", partial(tqdm, mininterval=0))
    run("new", 3)
    bar = capsys.readouterr().err
    assert "2/3" in bar
    assert "May 6, 07:00, $0.0000, Running" in bar


def test_a_terminal_that_lacks_a_character_shows_a_question_mark(world: SmallWorld, monkeypatch):
    small_world.write_base(world.storage, "base_höhle")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert reverie.main(["--list"]) == 0
    sys.stdout.flush()
    assert b"1. base_h?hle" in written.getvalue()


# From anywhere


def test_a_simulation_runs_from_any_working_directory(world: SmallWorld, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("new", 1) == 0
    assert names(world) == [BASE, "new"]


def test_the_program_itself_starts_in_any_working_directory(tmp_path: Path):
    program = Path(reverie.__file__)
    done = subprocess.run(
        [sys.executable, str(program), "--list"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "  1. base_" in done.stdout


def test_a_python_without_the_requirements_is_told_in_a_line():
    command = [sys.executable, "-S", reverie.__file__, "--list"]  # -S: without what pip installed
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Install requirements.txt" in done.stderr


def unread(program: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """The exit code and the errors of the program when its output is closed, as by `| head -1`."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    command, environment = [sys.executable, str(program), *arguments], {**os.environ, **variables}
    with open(write_end, "wb") as closed:
        done = subprocess.run(
            command, env=environment, stdout=closed, stderr=subprocess.PIPE, text=True, timeout=DEADLINE
        )
    return done.returncode, done.stderr


def test_a_list_piped_into_a_closed_reader_ends_silently():
    assert unread(Path(reverie.__file__), "--list") == (141, "")


def test_a_program_without_output_runs_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)  # as after `>&-`
    assert session.until_unread(lambda: 0) == 0


def test_a_run_piped_into_a_closed_reader_ends_silently_and_is_kept(tmp_path: Path):
    checkout = OwnCheckout(tmp_path)
    run = ("--offline", "--fork", BASE, "--name", "new", "--run", "3")
    assert unread(checkout.backend / "reverie.py", *run, PYTHONUNBUFFERED="") == (141, "")  # to be read at its end
    resumed = checkout.reverie("--resume", "new", "--run", 2, "--offline")
    assert (resumed.returncode, "Saved after 5 steps" in resumed.stdout) == (0, True)


# The same again


def test_two_runs_with_the_same_seed_are_identical_whatever_the_global_generators(world: SmallWorld):
    for name, seed in (("one", 1), ("two", 2)):
        random.seed(seed)
        np.random.seed(seed)
        run(name, 30)
    assert files(world, "one") == files(world, "two")


@pytest.mark.parametrize("first_part", [1, 20])
def test_a_run_in_two_parts_is_identical_to_a_run_in_one(world: SmallWorld, capsys, first_part):
    run("whole", 40)
    run("parts", first_part)
    resume("parts", "--run", str(40 - first_part))
    assert " again, with" not in capsys.readouterr().out
    assert saved_files(world, "parts") == saved_files(world, "whole")


def test_print_commands_between_two_runs_change_nothing(world: SmallWorld, monkeypatch):
    run("unseen", 20)
    looks = ["print tile event 1, 1", "print persona schedule Ada Finch", "usage", "call -- analysis Ada Finch"]
    type_lines(monkeypatch, "run 10", *looks, "How are you?", "end_convo", "run 10", "fin")
    reverie.main([*NO_QUESTIONS, "seen"])
    assert saved_files(world, "seen") == saved_files(world, "unseen")

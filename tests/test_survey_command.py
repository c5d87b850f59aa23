"""`--survey` and `--without` on the command line: valid combinations, kept answers, and exit codes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import openai
import pytest

import reverie
import terminal
from doubles import ends_after
from power_cut import PowerCut
from small_world import BASE, SmallWorld
from study import survey_files
from terminal import NO_QUESTIONS, read, resume, run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("world")]
USAGE = "llm_usage.json"


@pytest.fixture
def questions(tmp_path: Path) -> str:
    file = tmp_path / "plums.txt"
    file.write_text("Do you know of {everybody}?\nWhat is new?\n", encoding="utf-8")
    return str(file)


def outside_of_surveys(world: SmallWorld, name: str) -> dict[str, bytes]:
    """All files of a simulation except its surveys and its usage."""
    files = terminal.files(world.storage / name, without=USAGE)
    return {file: content for file, content in files.items() if not file.startswith("survey/")}


def tables(world: SmallWorld, name: str) -> list[str]:
    return sorted(file.name for file in (world.storage / name / "survey").glob("*.csv"))


def rows(world: SmallWorld, name: str, table: str) -> list[dict[str, str]]:
    with (world.storage / name / "survey" / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_survey_does_not_change_the_simulation(world: SmallWorld, questions: str, capsys):
    run("town", 3)
    before = outside_of_surveys(world, "town")
    assert resume("town", "--survey", questions) == 0
    assert resume("town", "--survey", questions, "--workers", "1", "--without", "observation") == 0
    assert outside_of_surveys(world, "town") == before
    assert tables(world, "town") == ["plums_step_3.csv", "plums_step_3_without_observation.csv"]
    assert "9 answers requested" in capsys.readouterr().out


def test_the_answers_are_the_same_bytes_with_any_number_of_workers(world: SmallWorld, questions: str):
    run("town", 30)
    for workers in ("1", "8"):
        assert resume("town", "--survey", questions, "--workers", workers) == 0
    folder = world.storage / "town" / "survey"
    assert (folder / "plums_step_30.csv").read_bytes() == (folder / "plums_step_30_2.csv").read_bytes()


def test_people_are_asked_as_they_were_at_a_step(world: SmallWorld, questions: str):
    run("town", 40)
    assert resume("town", "--survey", questions, "--at", "0") == 0
    assert resume("town", "--survey", questions) == 0
    then, now = (rows(world, "town", table) for table in tables(world, "town"))
    assert [row["time"] for row in (then[0], now[0])] == ["2024-05-06 07:00:00", "2024-05-06 07:06:40"]
    assert sum(len(row["memories"]) for row in then) < sum(len(row["memories"]) for row in now)


def test_people_can_be_surveyed_before_their_first_step(world: SmallWorld, questions: str):
    assert reverie.main([*NO_QUESTIONS, "new", "--survey", questions]) == 0
    assert tables(world, "new") == ["plums_step_0.csv"]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--survey", "nowhere.txt"], "nowhere.txt cannot be read (No such file or directory).\n"),
        (["--survey", "{file}", "--at", "1"], "new is at step 0: there is no step 1 yet.\n"),
        (["--survey", "{file}", "--people", "Zoe"], "There is no persona called 'Zoe'. Available: Ada Finch, Ben"),
    ],
)
def test_an_impossible_survey_is_refused_in_one_line_and_leaves_no_fork(
    world: SmallWorld, questions: str, capsys, options: list[str], fault: str
):
    assert reverie.main([*NO_QUESTIONS, "new", *(option.format(file=questions) for option in options)]) == 2
    message = capsys.readouterr().err
    assert message.startswith(fault)
    assert message.count("\n") == 1
    assert [folder.name for folder in world.storage.iterdir()] == [BASE]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (
            ["--resume", "town", "--survey", "q", "--run", "1"],
            "--run cannot be combined with --survey: first use --run",
        ),
        (["--survey", "q"], "--survey needs --resume, or --fork to ask before the first step"),
        (["--resume", "town", "--people", "Ada"], "--people needs --survey"),
        (["--resume", "town", "--at", "3"], "--at needs --survey"),
        (["--resume", "town", "--survey", "q", "--at", "-3"], "'-3' is not a step; give a whole number, 0 or more"),
        (["--resume", "town", "--without", "planning"], "--without is for a new simulation or a --survey"),
        (
            ["--fork", BASE, "--without", "sleep"],
            "'sleep' is not a kind of memory; available: reflection, planning, obs",
        ),
    ],
)
def test_incompatible_options_are_refused(capsys, options: list[str], fault: str):
    with pytest.raises(SystemExit) as left:
        reverie.main(["--offline", *options])
    assert left.value.code == 2
    assert fault in capsys.readouterr().err


@pytest.mark.parametrize(
    ("end", "code"), [(KeyboardInterrupt(), 130), (openai.error.AuthenticationError("no", http_status=401), 3)]
)
@pytest.mark.parametrize("workers", ["1", "3"])
def test_an_interrupted_survey_keeps_its_answers(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch, questions: str, capsys, end: BaseException, code: int, workers
):
    run("town", 2)
    before = outside_of_surveys(world, "town")
    monkeypatch.setattr(openai.ChatCompletion, "create", ends_after(4, openai.ChatCompletion.create, end))
    assert resume("town", "--survey", questions, "--workers", workers) == code
    said = re.search(
        r"^(\d) of 9 questions were answered; the same survey will ask only the others\.$",
        capsys.readouterr().out,
        re.MULTILINE,
    )
    assert said
    assert 0 < int(said[1]) <= 4  # Ctrl-C also breaks off those under way
    assert len(rows(world, "town", "plums_step_2_partial.csv")) == int(said[1])
    assert outside_of_surveys(world, "town") == before


@pytest.mark.parametrize("end", [KeyboardInterrupt(), openai.error.AuthenticationError("no", http_status=401)])
@pytest.mark.parametrize("is_killed", [False, True], ids=["left", "killed"])
def test_an_interrupted_survey_continues_without_paying_twice(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch, questions: str, capsys, end: BaseException, is_killed: bool
):
    run("town", 2)
    paid: list[str] = []

    def paying(create: Callable[..., Any], what: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            answer = create(**request)
            paid.append(json.dumps(request[what]))
            return answer

        return call

    def die(*_: object) -> None:
        raise PowerCut

    chat = paying(openai.ChatCompletion.create, "messages")
    monkeypatch.setattr(openai.Embedding, "create", paying(openai.Embedding.create, "input"))
    monkeypatch.setattr(openai.ChatCompletion, "create", ends_after(4, chat, end))
    with monkeypatch.context() as patch, pytest.raises(PowerCut) if is_killed else nullcontext():
        if is_killed:  # before anything is written but what was with each answer
            patch.setattr(survey_files, "write", die)
        resume("town", "--survey", questions, "--workers", "1")
    monkeypatch.setattr(openai.ChatCompletion, "create", chat)
    assert tables(world, "town") == ([] if is_killed else ["plums_step_2_partial.csv"])
    capsys.readouterr()
    resume("town", "--survey", questions)
    assert re.search(r"^4 of 9 answers are already there; 5 requested: about ", capsys.readouterr().out, re.MULTILINE)
    assert tables(world, "town") == ["plums_step_2.csv"]
    assert len(paid) == len(set(paid)) > 9  # with the embeddings
    resume("town", "--survey", questions)  # one that is whole is asked again
    assert len(paid) == 2 * len(set(paid))
    in_parts, at_once = (rows(world, "town", name) for name in tables(world, "town"))
    assert in_parts == at_once
    assert len(at_once) == 9


def test_the_withheld_kinds_of_a_fork_are_shown_even_when_it_is_resumed(world: SmallWorld, capsys):
    run("town", 1, "--without", "observation, Reflection")
    resume("town", "--run", "1")
    assert capsys.readouterr().out.count("Without: observation, reflection\n") == 2
    assert read(world.storage / "town" / "reverie" / "meta.json")["without"] == ["observation", "reflection"]

"""Studies on the command line: their runs, how they continue, their measures, and how they end."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from statistics import stdev
from typing import Any

import pytest
from filelock import FileLock, Timeout

import reverie
import terminal
from cli import console
from cli.study import client
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import CHAT_MODEL
from persona.prompt_template.llm_config import FatalError
from saves.storage import Simulation, Storage
from small_world import ADA, BASE, BEN, CAFE, CLEO, SmallWorld
from study import studies, study_file
from study.comparison import Column, record, summed_up, write
from study.measures import Measured, measures, shown, survey_measures
from study.studies import Runs
from study.study_file import Condition, Run
from synthetic_town import CAFE_TILE, GARDEN, SyntheticTown

pytestmark = pytest.mark.usefixtures("world")
QUESTIONS = "Do you know of {everybody}?\nWhat is new?\n"
FILE = f"""
bases = ["{BASE}"]
seeds = [1, 2]
steps = 6
without = ["", "reflection"]
survey = "plums.txt"
survey_at_start = true
survey_without = ["", "observation"]
about = ["plum feast"]
"""
FULL, ABLATED = Condition("base_a", "", (), ""), Condition("base_a", "", ("reflection",), "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "plums.txt").write_text(QUESTIONS, encoding="utf-8")
    file = tmp_path / "feast.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def conduct(file: Path, *more: str) -> int:
    return reverie.main(["--offline", "--study", str(file), *more])


def table(file: Path, name: str) -> list[dict[str, str]]:
    with (file.parent / "feast_results" / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def steps_of_runs(storage: Storage) -> dict[str, int]:
    """{name: step} of the simulations of the study."""
    return {found.name: found.step for found in storage.simulations() if found.name.startswith("feast_")}


def measured(condition: Condition, seed: int, **values: float) -> Measured:
    return Measured(Run(condition, seed, f"feast_{seed}"), "", values, ["a/b"])


# Numbers


def test_a_condition_is_summarized_by_mean_standard_deviation_and_number():
    runs = [measured(FULL, 1, talks=2.0), measured(FULL, 2, talks=4.0), measured(ABLATED, 1, talks=1.0)]
    assert [
        (each.column.condition, each.mean, each.spread, each.n)
        for each in summed_up([Column(FULL, ""), Column(ABLATED, "")], runs)
    ] == [
        (FULL, 3.0, pytest.approx(2**0.5), 2),
        (ABLATED, 1.0, None, 1),
    ]


def test_a_run_without_a_measure_is_not_counted_for_it():
    runs = [measured(FULL, 1, talks=2.0), measured(FULL, 2, kept=0.5)]
    assert [(each.measure, each.mean, each.n) for each in summed_up([Column(FULL, "")], runs)] == [
        ("talks", 2.0, 1),
        ("kept", 0.5, 1),
    ]


def test_a_condition_without_finished_runs_is_in_table_and_page(file: Path, tmp_path: Path):
    """In the full condition both runs have talks, and one kept an appointment; in the ablated one none."""
    file.write_text(FILE.replace("survey", "# survey"), encoding="utf-8")
    study = study_file.read(file)
    full, _ = study.conditions()
    write(study, [measured(full, 1, talks=999.6), measured(full, 2, talks=2.0, kept=0.5)])
    rows = [(row["without"], row["measure"], row["mean"], row["spread"], row["n"]) for row in table(file, "table.csv")]
    assert rows == [
        ("", "talks", "500.8", str(stdev([999.6, 2.0])), "2"),
        ("reflection", "talks", "", "", "0"),
        ("", "kept", "0.5", "", "1"),
        ("reflection", "kept", "", "", "0"),
    ]
    page = (file.parent / "feast_results" / "study.html").read_text(encoding="utf-8")
    assert re.findall("<tr><td>(.*?)</td></tr>", page) == [
        "runs</td><td>2 of 2</td><td>0 of 2",
        "talks</td><td>501 ± 705 (2)</td><td>–",
        "kept</td><td>0.5 (1)</td><td>–",
    ]
    assert "2 of 4 runs: 2 conditions, 2 seeds, 6 steps each." in page
    assert "A single run has no deviation; – means that no run has the measure." in page


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1 / 3, "0.333"),
        (12.0, "12"),
        (999.6, "1,000"),
        (-1234.5, "-1,234"),
        (25678.0, "25,678"),
        (0.00001234, "0.0000123"),
    ],
)
def test_a_value_is_shown_with_three_digits_and_never_in_scientific_notation(value: float, text: str):
    assert shown(value) == text


def test_an_unknown_cost_is_not_a_measure(world: SmallWorld):
    made = SyntheticTown(world)
    made.simulation.write_usage({"total": {"requests": 3, "cost_usd": "0.5", "unpriced": 1}})
    found = measures(made.step().saved())
    assert found["requests"] == 3.0
    assert "USD" not in found


def test_a_survey_is_measured_by_shares_of_yes_support_and_density():
    rows = [
        ("Ada", "1", "Ben", "yes", "yes"),
        ("Ben", "1", "Ada", "yes", "no"),
        ("Ada", "1", "Cleo", "yes", "no"),
        ("Cleo", "1", "Ada", "no", ""),
        ("Ada", "2", "", "", ""),
    ]
    text = "\n".join(",".join(row) for row in [("persona", "question", "about", "verdict", "supported"), *rows])
    assert survey_measures(text, people=3) == {
        "question 1: share of yes": 0.75,
        "question 1: share of yes with support": 0.25,
        "question 1: of the yes, without support": pytest.approx(2 / 3),
        "question 1: density": pytest.approx(1 / 3),
        "question 1: density with support": 0.0,
    }


def test_a_yes_to_a_question_without_names_is_not_counted_as_unsupported():
    text = "persona,question,about,verdict,supported\nAda,1,,yes,\nBen,1,,no,"
    assert survey_measures(text, people=2) == {"question 1: share of yes": 0.5}


def test_news_of_an_occasion_is_measured_by_the_share_of_informed_people_who_came(world: SmallWorld):
    """Ada tells Ben of a feast; she and Cleo are there, and Cleo hears of it only later."""
    made = SyntheticTown(world)
    made.remembers(ADA, 0, f"A plum feast at the {CAFE} on May 6, 2024 from 7:20am to 7:40am")
    made.step(talk=((ADA, "A plum feast!"), (BEN, "When?"))).step()
    made.step({ADA: CAFE_TILE, CLEO: CAFE_TILE}).step({ADA: GARDEN, CLEO: GARDEN}, times=2)
    made.remembers(CLEO, 5, "Ada Finch gave a plum feast")
    found = measures(made.saved(), ["plum feast"])
    assert {name: value for name, value in found.items() if "plum feast" in name} == {
        "knew at the start: plum feast": pytest.approx(1 / 3),
        "know at the end: plum feast": 1.0,
        "people who came: plum feast": 2.0,
        "people who had heard of it in time: plum feast": 2.0,
        "people who had heard of it and came: plum feast": 1.0,
    }


# Running


@pytest.mark.slow
def test_a_study_runs_every_condition_with_every_seed_and_compares_them(file: Path, storage: Storage, capsys):
    assert conduct(file) == 0
    assert sorted(steps_of_runs(storage).values()) == [6, 6, 6, 6]
    rows = {(row["measure"], row["without"], row["asked"]): row for row in table(file, "table.csv")}
    assert rows["conversations", "reflection", ""]["n"] == rows["conversations", "", ""]["n"] == "2"
    density = {asked for measure, without, asked in rows if (measure, without) == ("question 1: density", "")}
    assert density == {"asked at the start", "asked at the end", "asked at the end, without observation"}
    assert "know at the end: plum feast" in {measure for measure, *_ in rows}
    page = (file.parent / "feast_results" / "study.html").read_text(encoding="utf-8")
    assert "4 of 4 runs: 2 conditions, 2 seeds, 6 steps each." in page
    assert f"{BASE}, without reflection" in page
    assert "<li>Question 1: Do you know of {everybody}?</li>" in page
    assert f"{BASE}, without reflection, asked at the end, without observation" in page
    assert "<svg" in page
    assert "Answered by the mock model." in page
    said = capsys.readouterr().out
    assert "4 of 4 runs finished" in said
    assert said.count("Using the mock model") == 1


@pytest.mark.slow
def test_the_list_names_the_study_of_a_run_but_not_for_its_forks(file: Path, storage: Storage, capsys):
    file.write_text(f'bases = ["{BASE}"]\nseeds = [5]\nsteps = 2\nwithout = ["reflection"]\n', encoding="utf-8")
    assert conduct(file) == 0
    storage.fork(next(iter(steps_of_runs(storage))), "heir").close()
    run, heir = (console.numbered([found]) for found in storage.simulations()[1:])
    condition = "3 personas, without reflection, step 2, May 6, 2024, 07:00:20"
    assert f"{condition}; study feast: {BASE}, without reflection, seed 5)" in " ".join(run.split())
    assert f"{condition})" in " ".join(heir.split())


@pytest.mark.slow
def test_a_finished_study_asks_nothing_again(file: Path, world: SmallWorld):
    conduct(file)
    before = terminal.files(world.storage), terminal.files(file.parent / "feast_results")
    assert conduct(file) == 0
    assert (terminal.files(world.storage), terminal.files(file.parent / "feast_results")) == before


@pytest.mark.slow
def test_a_survey_with_changed_questions_is_asked_again(file: Path, storage: Storage):
    conduct(file)
    (file.parent / "plums.txt").write_text(QUESTIONS.replace("new", "old"), encoding="utf-8")
    assert conduct(file) == 0
    (first, *_) = study_file.read(file).runs()
    tables = sorted(each.name for each in (storage.root / first.name / "survey").glob("plums_step_6*.csv"))
    assert [name for name in tables if "without" not in name] == ["plums_step_6.csv", "plums_step_6_2.csv"]


@pytest.mark.slow
def test_a_stopped_study_continues(file: Path, storage: Storage, world: SmallWorld):
    conduct(file)
    whole = terminal.files(world.storage)
    first, second, *_ = study_file.read(file).runs()
    storage.remove(second.name)
    storage.remove(first.name)
    reverie.main(["--offline", "--fork", BASE, "--name", first.name, "--seed", "1", "--run", "4"])
    assert conduct(file) == 0
    again = terminal.files(world.storage)
    assert {name: content for name, content in again.items() if "llm_usage" not in name and "explain/" not in name} == {
        name: content for name, content in whole.items() if "llm_usage" not in name and "explain/" not in name
    }


@pytest.mark.slow
def test_offline_the_mock_model_replaces_all_models(file: Path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-a")
    file.write_text(FILE.replace("without", 'models = ["a/b"]\nwithout', 1), encoding="utf-8")
    conduct(file)
    kept = json.loads((file.parent / "feast_results" / "record.json").read_text(encoding="utf-8"))
    assert {(run["model"], *run["models"]) for run in kept["runs"]} == {("a/b", "offline")}


def test_the_model_of_a_condition_is_used_only_for_its_runs(monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-a")
    monkeypatch.setenv("OPENROUTER_MODEL", "c/d")
    named = []
    for model in ("a/b", ""):
        with client(False, 1, model, None):
            named.append(llm_config.get_model_name(CHAT_MODEL))
    assert named == ["a/b", "c/d"]


@pytest.mark.slow
def test_a_study_can_be_extended(file: Path, storage: Storage):
    conduct(file)
    file.write_text(FILE.replace("steps = 6", "steps = 8"), encoding="utf-8")
    assert conduct(file) == 0
    assert sorted(steps_of_runs(storage).values()) == [8, 8, 8, 8]


@pytest.mark.slow
@pytest.mark.parametrize(("more", "is_recorded"), [((), True), (("--no-explain",), False)])
def test_explanations_are_recorded_unless_disabled(
    file: Path, world: SmallWorld, more: tuple[str, ...], is_recorded: bool
):
    file.write_text(f'bases = ["{BASE}"]\nseeds = [1]\nsteps = 6\n', encoding="utf-8")
    assert conduct(file, *more) == 0
    assert bool(list(world.storage.glob("feast_*/explain/*"))) is is_recorded


@pytest.mark.slow
def test_everything_needed_to_repeat_a_study_is_recorded(file: Path):
    conduct(file)
    kept = json.loads((file.parent / "feast_results" / "record.json").read_text(encoding="utf-8"))
    assert kept["files"] == {"feast.toml": FILE, "plums.txt": QUESTIONS}
    assert len(kept["prompts_sha256"]) == 64
    assert kept["versions"]["openai"] == "0.28.1"
    assert [(run["seed"], run["without"]) for run in kept["runs"]][:2] == [(1, []), (1, ["reflection"])]
    assert all("offline" in " ".join(run["models"]) for run in kept["runs"])


@pytest.mark.slow
def test_a_study_stops_with_its_results_so_far_when_the_budget_is_spent(
    file: Path, storage: Storage, monkeypatch, capsys
):
    conduct(file)
    for run in study_file.read(file).runs()[:1]:
        usage = {"total": {"requests": 1, "cost_usd": "0.5"}}
        simulation = storage.open(run.name)
        simulation.write_usage(usage)
        simulation.close()
    storage.remove(study_file.read(file).runs()[-1].name)
    assert conduct(file, "--budget", "0.5") == 3
    told = capsys.readouterr()
    assert "The study has spent its budget of $0.5. Raise `budget` in" in told.err
    assert "3 of 4 runs finished; total cost: $0.5000." in told.out


@pytest.mark.slow
def test_ctrl_c_keeps_the_results_and_says_how_to_continue(file: Path, monkeypatch, capsys):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.survey.conduct", interrupt)
    assert conduct(file) == 130
    assert "To continue the study, start it again.\n1 of 4 runs finished" in capsys.readouterr().out
    assert {row["asked"] for row in table(file, "runs.csv")} == {""}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (FILE.replace(BASE, "base_nowhere"), "feast.toml, line 2: There is no simulation 'base_nowhere'"),
        (FILE.replace("steps = 6", "steps = -6"), "feast.toml, line 4: `steps` must be a whole number of steps"),
    ],
)
def test_a_study_with_a_mistake_is_refused_before_anything_is_run(
    file: Path, storage: Storage, capsys, text: str, fault: str
):
    file.write_text(text, encoding="utf-8")
    assert conduct(file) == 2
    assert fault in capsys.readouterr().err
    assert steps_of_runs(storage) == {}


def test_a_survey_with_a_mistake_is_refused_before_anything_is_run(file: Path, storage: Storage, capsys):
    (file.parent / "plums.txt").write_text("Do you know {whom}?\n", encoding="utf-8")
    assert conduct(file) == 2
    assert "plums.txt, line 1: '{whom}' is not a placeholder" in capsys.readouterr().err
    assert steps_of_runs(storage) == {}


def test_a_run_has_its_number_of_steps_even_if_its_base_continues(file: Path, storage: Storage):
    town = storage.fork(BASE, "town")
    file.write_text('bases = ["town"]\nseeds = [1]\nsteps = 6\n', encoding="utf-8")
    runs = Runs(study_file.read(file), storage)
    (run,) = runs.study.runs()
    runs.open(run).close()
    town.keep_meta(step=5)
    town.close()
    assert runs.goal(run) == 6


OF_TOWN = 'bases = ["town"]\nseeds = [1, 2]\nsteps = 6\n'


def test_a_base_that_another_process_has_open_is_refused_before_anything_is_run(file: Path, storage: Storage, capsys):
    storage.fork(BASE, "town").close()
    file.write_text(OF_TOWN, encoding="utf-8")
    with FileLock(storage.lock_file("town")):
        assert conduct(file) == 2
    assert "feast.toml, line 1: 'town' is open in another process. Close it there first" in capsys.readouterr().err
    assert steps_of_runs(storage) == {}


@pytest.mark.slow
def test_a_base_cannot_be_continued_while_its_runs_are_forked(file: Path, storage: Storage, monkeypatch):
    storage.fork(BASE, "town").close()
    file.write_text(OF_TOWN, encoding="utf-8")
    is_kept: list[bool] = []

    def look(simulation: Simulation, *_: object) -> None:
        with pytest.raises(Timeout):
            FileLock(storage.lock_file("town"), timeout=0).acquire()
        is_kept.append(True)
        simulation.close()

    monkeypatch.setattr(studies, "simulate", look)
    assert conduct(file) == 0
    assert is_kept == [True, True]
    with FileLock(storage.lock_file("town"), timeout=0):
        pass


def test_runs_with_different_start_steps_are_refused(file: Path, storage: Storage, capsys):
    town = storage.fork(BASE, "town")
    file.write_text(OF_TOWN, encoding="utf-8")
    study = study_file.read(file)
    Runs(study, storage).open(study.runs()[0]).close()
    town.write_step(0, {}, town.positions(0))
    town.keep_meta(step=1)
    town.close()
    assert conduct(file) == 2
    assert "feast.toml, line 1: runs of 'town' would begin at steps 0 and 1. To compare" in capsys.readouterr().err


def test_the_options_apply_to_all_runs(file: Path, monkeypatch: pytest.MonkeyPatch):
    told: dict[str, Any] = {}

    def town(*_: object, **how: Any) -> Any:
        told.update(how)
        raise FatalError("nobody lives here", "go on")

    monkeypatch.setattr(studies, "Town", town)
    assert conduct(file, "--lockstep", "--no-explain", "--workers", "3", "--checkpoint-every", "7") == 3
    assert told == {"forked": False, "workers": 3, "checkpoint_every": 7, "lockstep": True, "explain": False}


@pytest.mark.slow
def test_a_study_is_traced_like_a_run(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LLM_TRACE", str(tmp_path / "trace.jsonl"))
    conduct(file)
    lines = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {0, None} <= {line["step"] for line in lines}  # those of surveys belong to no step


@pytest.mark.parametrize(
    ("in_file", "typed", "expected"),
    [("5", [], "5"), ("5", ["--budget", "7"], "7"), ("", [], "9"), ("", ["--budget", "7"], "7")],
)
def test_a_budget_in_the_environment_applies_to_studies_without_one(
    file: Path, monkeypatch: pytest.MonkeyPatch, in_file: str, typed: list[str], expected: str
):
    monkeypatch.setenv("LLM_BUDGET_USD", "9")
    file.write_text(FILE + (f"budget = {in_file}\n" if in_file else ""), encoding="utf-8")
    found: list[Decimal | None] = []
    monkeypatch.setattr(studies, "one_by_one", lambda runs, *_: iter(found.append(runs.study.budget) or ()))
    assert conduct(file, *typed) == 0
    assert found == [Decimal(expected)]


def test_a_record_names_the_models_that_answered(file: Path):
    study = study_file.read(file)
    kept = record(study, [measured(FULL, 1, talks=1.0)])
    assert [(run["simulation"], run["models"]) for run in kept["runs"]] == [("feast_1", ["a/b"])]

"""A study file: its format, its runs, and the messages about mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from saves.text_files import UnusableFile
from study import question_file, study_file
from study.study_file import Condition, Study

SMALLEST = 'bases = ["base_town"]\nseeds = [1, 2]\nsteps = 10\n'
STUDIES = Path(__file__).resolve().parents[1] / "environment" / "world_builder" / "studies"
Write = Callable[..., Study]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a study file with this text, and reads it."""

    def write(text: str, name: str = "plums.toml") -> Study:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return study_file.read(file)

    return write


def test_a_study_requires_only_bases_seeds_and_steps(written: Write):
    study = written(SMALLEST)
    assert study.conditions() == [Condition("base_town", "", (), "")]
    assert [(run.seed, run.condition.base) for run in study.runs()] == [(1, "base_town"), (2, "base_town")]
    assert (study.budget, study.survey, study.about) == (None, None, ())


def test_every_combination_of_the_varied_values_is_a_condition(written: Write, tmp_path: Path):
    (tmp_path / "news.toml").write_text("", encoding="utf-8")
    study = written(
        SMALLEST + 'models = ["a/b", "c/d"]\nwithout = ["", "planning, reflection"]\nevents = ["", "news.toml"]\n'
    )
    assert len(study.conditions()) == 8
    assert study.conditions()[-1] == Condition("base_town", "c/d", ("reflection", "planning"), "news.toml")
    assert study.conditions()[-1].words == "base_town, c/d, without reflection, planning, news.toml"


def test_the_order_of_kinds_does_not_make_another_condition(written: Write):
    kinds = '["planning, reflection", "reflection, planning"]'
    study = written(SMALLEST + f'without = {kinds}\nsurvey = "plums.toml"\nsurvey_without = {kinds}\n')
    assert (len(study.conditions()), len(study.runs()), len(study.sittings())) == (1, 2, 1)


def test_runs_come_seed_by_seed(written: Write):
    study = written(SMALLEST + 'without = ["", "reflection"]\n')
    without = [(), ("reflection",)]
    assert [(run.seed, run.condition.without) for run in study.runs()] == [
        (n, each) for n in (1, 2) for each in without
    ]


def test_the_name_of_a_run_does_not_depend_on_the_rest_of_the_study(written: Write):
    alone = {run.name for run in written(SMALLEST).runs()}
    more = SMALLEST.replace("[1, 2]", "[3, 2, 1]").replace('["base', '["other", "base') + 'without = ["planning", ""]\n'
    names = [run.name for run in written(more).runs()]
    assert alone < set(names)
    assert len(set(names)) == len(names) == 12


def test_the_name_of_a_run_says_its_condition_and_fits_a_simulation(written: Write, tmp_path: Path):
    (tmp_path / "plum fair.toml").write_text("", encoding="utf-8")
    entries = 'models = ["big/köi-4"]\nwithout = ["", "reflection"]\nevents = ["", "plum fair.toml"]\n'
    plain, fair, without, both = (run.name for run in written(SMALLEST + entries).runs()[:4])
    assert re.fullmatch(r"plums_k_i_4_town_[0-9a-f]{8}_1", plain)
    assert re.fullmatch(r"plums_plum_fair_k_i_4_town_[0-9a-f]{8}_1", fair)
    assert re.fullmatch(r"plums_without_reflection_k_i_4_town_[0-9a-f]{8}_1", without)
    assert re.fullmatch(r"plums_without_reflection_plum_fair_k_[0-9a-f]{8}_1", both)
    long = written(SMALLEST.replace("[1, 2]", f"[{10**18}]") + entries, f"{'s' * 60}.toml")
    assert {len(run.name) for run in long.runs()} <= {99, 100}


def test_runs_with_another_events_file_have_other_names(written: Write, tmp_path: Path):
    (tmp_path / "news.toml").write_text("one", encoding="utf-8")
    before = written(SMALLEST + 'events = ["news.toml"]\n').runs()
    (tmp_path / "news.toml").write_text("two", encoding="utf-8")
    after = written(SMALLEST + 'events = ["news.toml"]\n').runs()
    assert not {run.name for run in before} & {run.name for run in after}


def test_people_are_asked_at_the_end_and_at_the_start_if_the_file_says_so(written: Write, tmp_path: Path):
    (tmp_path / "plums.txt").write_text("", encoding="utf-8")
    assert written(SMALLEST).sittings() == []
    study = written(SMALLEST + 'survey = "plums.txt"\n')
    assert [sitting.words for sitting in study.sittings()] == ["asked at the end"]
    more = 'survey = "plums.txt"\nsurvey_at_start = true\nsurvey_without = ["", "planning"]\n'
    assert [sitting.words for sitting in written(SMALLEST + more).sittings()] == [
        "asked at the start",
        "asked at the end",
        "asked at the end, without planning",
    ]


def test_a_budget_is_exact(written: Write):
    assert written(SMALLEST + "budget = 0.1\n").budget == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("seeds = [1]\nsteps = 5\n", "plums.toml: `bases` is missing."),
        (SMALLEST + "step = 3\n", "plums.toml, line 4: there is no 'step' in a study; did you mean 'steps'"),
        (
            SMALLEST + "xyz = 3\n",
            "line 4: there is no 'xyz' in a study; available: bases, seeds, steps, models, without",
        ),
        (
            SMALLEST.replace("10", "0"),
            "line 3: `steps` must be a whole number of steps, at least 1 .8640 are a day., is 0",
        ),
        (SMALLEST.replace("[1, 2]", '["a"]'), "line 2: `seeds` must be a list of one or more whole numbers, is"),
        (SMALLEST.replace("[1, 2]", "[]"), "line 2: `seeds` must be a list of one or more whole numbers, is"),
        (SMALLEST.replace("[1, 2]", "[1, 1]"), "line 2: seeds has 1 twice."),
        (SMALLEST + "budget = -1\n", "line 4: `budget` must be an amount in USD, such as 5, is"),
        (SMALLEST + 'without = ["", "dreams"]\n', "line 4: 'dreams' is not a kind of memory; available: reflection, p"),
        (SMALLEST + 'survey = "nowhere.txt"\n', "line 4: there is no file .*nowhere.txt."),
        (SMALLEST + 'events = ["nowhere.toml"]\n', "line 4: there is no file .*nowhere.toml."),
        (SMALLEST + "survey_at_start = 1\n", "line 4: `survey_at_start` must be true or false, is 1."),
        (SMALLEST + "about = yes\n", "plums.toml is not TOML .*line 4"),
    ],
)
def test_a_mistake_is_named_with_its_line(written: Write, text: str, fault: str):
    with pytest.raises(UnusableFile, match=fault):
        written(text)


def test_a_study_name_that_is_not_a_valid_prefix_is_refused(written: Write):
    with pytest.raises(UnusableFile, match="its name begins the names of simulations. Use letters, digits, _ and -"):
        written(SMALLEST, name="my study.toml")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(UnusableFile, match="nowhere.toml cannot be read"):
        study_file.read(tmp_path / "nowhere.toml")


def test_the_included_study_runs_on_the_included_town():
    study = study_file.read(STUDIES / "paper.toml")
    questions = question_file.read(study.beside(study.survey or ""))
    assert study.bases == ("base_willow_bend_n25",)
    assert (len(study.runs()), len(study.sittings())) == (1, 5)
    assert [each.is_yes_no for each in questions] == [True] * 4

"""The results of a study: one table of means by condition, one page, and the record needed to repeat it.

Knows how runs are summarized and the files; neither how runs are simulated nor how a measure is computed.
"""

from __future__ import annotations

import hashlib
import platform
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from persona.prompt_template import usage_records
from persona.prompt_template.llm_config import counted
from saves.export import csv_text
from saves.json_files import replace_file, to_bytes, writing
from study import page, plots, question_file
from study.measures import Measured, shown
from study.study_file import Condition, Study

PAGE = "study.html"
_BACKEND = Path(__file__).resolve().parents[1]
_PROMPTS = ("templates/*.txt", "questions/*.py", "asking.py", "prompt_text.py")
_HEAD = (*Condition._fields, "asked")
_MEANING = (
    "Each cell has the mean over the seeds ± the sample standard deviation (number of runs that have the measure). "
    "A single run has no deviation; – means that no run has the measure."
)
_PACKAGES = ("openai", "numpy", "pydantic", "genai-prices")


class Column(NamedTuple):
    """A column of the table: a condition, and the survey that it was measured by ("": none)."""

    condition: Condition
    asked: str


class Mean(NamedTuple):
    """A measure in a column, over the `n` seeds whose runs have it; None without any, and no `spread` of a single one.

    spread: the sample standard deviation.
    """

    column: Column
    measure: str
    mean: float | None
    spread: float | None
    n: int


def write(study: Study, measured: Sequence[Measured]) -> list[Path]:
    """Writes the results of the existing runs next to the study's file; returns the folder. Raises CannotWrite."""
    means = summed_up(columns(study), measured)
    texts = {
        PAGE: as_page(study, measured, means).encode(),
        "table.csv": csv_text((*_HEAD, "measure", "mean", "spread", "n"), map(_mean_row, means)).encode(),
        "runs.csv": csv_text(("run", *_HEAD, "seed", "measure", "value"), _run_rows(measured)).encode(),
        "record.json": to_bytes(record(study, measured), indent=True),
    }
    with writing(f"write the results of {study.file}"):
        study.results.mkdir(exist_ok=True)
        for name, text in texts.items():
            replace_file(study.results / name, text)
    return [study.results / name for name in texts]


def columns(study: Study) -> list[Column]:
    """The columns of every condition, even without finished runs."""
    asked = ["", *(sitting.words for sitting in study.sittings())]
    return [Column(*pair) for pair in product(study.conditions(), asked)]


def summed_up(columns: Sequence[Column], measured: Iterable[Measured]) -> list[Mean]:
    """The mean of each measure in each column, the measures in order of appearance."""
    values = defaultdict[tuple[str, Column], list[float]](list)
    for run, asked, found, _ in measured:
        for name, value in found.items():
            values[name, Column(run.condition, asked)].append(value)
    names = dict.fromkeys((name, bool(column.asked)) for name, column in values)
    return [
        _mean(column, name, values[name, column])
        for name, is_asked in names
        for column in columns
        if bool(column.asked) is is_asked
    ]


def _mean(column: Column, name: str, found: Sequence[float]) -> Mean:
    mean = statistics.fmean(found) if found else None
    return Mean(column, name, mean, statistics.stdev(found) if len(found) > 1 else None, len(found))


def record(study: Study, measured: Iterable[Measured]) -> dict[str, Any]:
    """The record needed to repeat it: files, versions, prompts, the models that answered, seeds."""
    names = {study.file.name, *filter(None, (*study.events, study.survey))}
    return {
        "files": {name: study.beside(name).read_text(encoding="utf-8-sig") for name in sorted(names)},
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}},
        "prompts_sha256": _hash_of_prompts(),
        "runs": [
            {"simulation": run.name, **run.condition._asdict(), "seed": run.seed, "models": list(models)}
            for run, asked, _, models in measured
            if not asked
        ],
    }


def as_page(study: Study, measured: Sequence[Measured], means: Sequence[Mean]) -> str:
    """A table of the runs and one of the surveys, with a column per condition, and the plots of both."""
    lived, asked = ([each for each in columns(study) if bool(each.asked) is is_asked] for is_asked in (False, True))
    runs = {each.run.name for each in measured}
    models = usage_records.named(model for each in measured for model in each.models)
    words = (
        f"{len(runs)} of {counted(len(study.runs()), 'run')}: {counted(len(lived), 'condition')}, "
        f"{counted(len(study.seeds), 'seed')}, {study.steps:,} steps each. Answered by {models or 'no model'}."
    )
    parts = [page.paragraph(words), page.paragraph(_MEANING), *_part(study, lived, measured, means)]
    if study.survey and any(each.asked for each in measured):
        questions = question_file.read(study.questions)
        parts += [page.heading("Surveys")]
        parts += [page.tree(questions, lambda each: f"Question {each.number}: {each.text}", lambda _: ())]
        parts += [page.paragraph("What each person answered is in the folder “survey” of the run's simulation.")]
        parts += _part(study, asked, measured, means)
    parts += [page.files(("table.csv", "runs.csv", "record.json"))]
    return page.page(f"Study: {study.name}", study.steps, parts)


def _part(
    study: Study, columns: Sequence[Column], measured: Sequence[Measured], means: Sequence[Mean]
) -> Iterator[str]:
    """The table of some columns, and a plot of each row in which the runs differ."""
    several = len({column.condition for column in columns}) > 1
    heads = {
        column: ", ".join(filter(None, (column.condition.words * (several or not column.asked), column.asked)))
        for column in columns
    }
    of_column = {
        column: [found for run, asked, found, _ in measured if (run.condition, asked) == column] for column in columns
    }
    rows = {each.measure: [each.measure] for each in means if each.column in heads}
    for each in means:
        if each.column in heads:
            rows[each.measure].append(_in_words(each))
    counts = ["runs", *(f"{len(found)} of {len(study.seeds)}" for found in of_column.values())]
    yield page.table(("", *heads.values()), [counts, *rows.values()])
    for name in rows if len(columns) > 1 else ():
        values = {heads[column]: [each[name] for each in found if name in each] for column, found in of_column.items()}
        if len({value for found in values.values() for value in found}) > 1:
            yield page.figure(plots.dots(name, values), f"{name}: a dot for each run, a line at the mean.")


def _in_words(mean: Mean) -> str:
    if mean.mean is None:
        return "–"
    spread = "" if mean.spread is None else f" ± {shown(mean.spread)}"
    return f"{shown(mean.mean)}{spread} ({mean.n})"


def _mean_row(mean: Mean) -> Sequence[object]:
    return (*_cells(mean.column), *mean[1:])


def _run_rows(measured: Iterable[Measured]) -> Iterable[Sequence[object]]:
    for each in measured:
        for name, value in each.measures.items():
            yield (each.run.name, *_cells(Column(each.run.condition, each.asked)), each.run.seed, name, value)


def _cells(column: Column) -> Sequence[str]:
    base, model, without, events = column.condition
    return (base, model, " ".join(without), events, column.asked)


def _hash_of_prompts() -> str:
    """A hash of the wording of all prompts: equal for two studies only if their prompts are the same."""
    folder = _BACKEND / "persona" / "prompt_template"
    files = (file for pattern in _PROMPTS for file in sorted(folder.glob(pattern)))
    content = b"".join(file.read_bytes().replace(b"\r\n", b"\n") for file in files)
    return hashlib.sha256(content).hexdigest()

"""The results of a study: one table of means by condition, one page, and what somebody needs to repeat it.

Knows how runs are summed up and what the files are; neither how runs are lived nor how a measure is found.
"""

from __future__ import annotations

import hashlib
import platform
import statistics
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from saves.export import csv_text
from saves.json_files import replace_file, to_bytes, writing
from study import page, plots
from study.measures import Measured
from study.study_file import Condition, Study

PAGE = "study.html"
_BACKEND = Path(__file__).resolve().parents[1]
_PROMPTS = ("templates/*.txt", "questions/*.py", "asking.py", "prompt_text.py")
_PACKAGES = ("openai", "numpy", "pydantic", "genai-prices")


class Mean(NamedTuple):
    """A measure of a condition over its seeds; `spread` is the standard deviation, None of a single run."""

    condition: Condition
    measure: str
    mean: float
    spread: float | None
    n: int


def write(study: Study, measured: Sequence[Measured]) -> list[Path]:
    """Writes the results of the runs there are beside the study's file; returns where. Raises CannotWrite."""
    means = summed_up(measured)
    texts = {
        PAGE: as_page(study, measured, means).encode(),
        "table.csv": csv_text((*Condition._fields, "measure", "mean", "spread", "n"), map(_mean_row, means)).encode(),
        "runs.csv": csv_text(("run", *Condition._fields, "seed", "measure", "value"), _run_rows(measured)).encode(),
        "record.json": to_bytes(record(study, measured), indent=True),
    }
    with writing(f"write the results of {study.file}"):
        study.results.mkdir(exist_ok=True)
        for name, text in texts.items():
            replace_file(study.results / name, text)
    return [study.results / name for name in texts]


def summed_up(measured: Iterable[Measured]) -> list[Mean]:
    """The mean of each measure in each condition, in the order in which they come up."""
    values: dict[tuple[str, Condition], list[float]] = {}
    for each in measured:
        for name, value in each.measures.items():
            values.setdefault((name, each.run.condition), []).append(value)
    return [
        Mean(condition, name, statistics.fmean(all_), statistics.stdev(all_) if len(all_) > 1 else None, len(all_))
        for (name, condition), all_ in values.items()
    ]


def record(study: Study, measured: Iterable[Measured]) -> dict[str, Any]:
    """What somebody needs who repeats it: files, versions, prompts, models as answered, seeds."""
    names = {study.file.name, *filter(None, (*study.events, study.survey))}
    return {
        "files": {name: study.beside(name).read_text("utf-8-sig") for name in sorted(names)},
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}},
        "prompts_sha256": _hash_of_prompts(),
        "runs": [
            {"simulation": run.name, **run.condition._asdict(), "seed": run.seed, "models": list(models)}
            for run, _, models in measured
        ],
    }


def as_page(study: Study, measured: Sequence[Measured], means: Sequence[Mean]) -> str:
    """The table with a column a condition, and below it where the single runs lie."""
    conditions = list(dict.fromkeys(each.run.condition for each in measured))
    by_place = {(each.measure, each.condition): each for each in means}
    names = list(dict.fromkeys(each.measure for each in means))
    models = sorted({model for each in measured for model in each.models})
    words = (
        f"{len(measured)} of {len(study.runs())} runs: {len(conditions)} conditions, {len(study.seeds)} seeds, "
        f"{study.steps:,} steps each. Answered by {', '.join(models) or 'no model'}."
    )
    rows = [[name, *(_in_words(by_place.get((name, condition))) for condition in conditions)] for name in names]
    meaning = "Mean over the seeds ± standard deviation (number of runs)."
    return page.page(
        f"Study: {study.name}",
        study.steps,
        [
            page.paragraph(words),
            page.paragraph(meaning),
            page.table(("", *(condition.words for condition in conditions)), rows),
            *(_figure(name, conditions, measured) for name in names if len(conditions) > 1),
            page.files(("table.csv", "runs.csv", "record.json")),
        ],
    )


def _figure(name: str, conditions: Sequence[Condition], measured: Sequence[Measured]) -> str:
    values = {
        condition.words: [
            each.measures[name] for each in measured if each.run.condition == condition and name in each.measures
        ]
        for condition in conditions
    }
    return page.figure(plots.dots(name, values), f"{name}: a dot a run, a line at the mean.")


def _in_words(mean: Mean | None) -> str:
    if mean is None:
        return ""
    spread = "" if mean.spread is None else f" ± {mean.spread:,.3g}"
    return f"{mean.mean:,.3g}{spread} ({mean.n})" if abs(mean.mean) < 1000 else f"{mean.mean:,.0f}{spread} ({mean.n})"


def _mean_row(mean: Mean) -> Sequence[object]:
    return (*_cells(mean.condition), *mean[1:])


def _run_rows(measured: Iterable[Measured]) -> Iterable[Sequence[object]]:
    for run, measures, _ in measured:
        for name, value in measures.items():
            yield (run.name, *_cells(run.condition), run.seed, name, value)


def _cells(condition: Condition) -> Sequence[str]:
    return (condition.base, condition.model, " ".join(condition.without), condition.events)


def _hash_of_prompts() -> str:
    """Of everything that words a prompt: two studies with the same one asked in the same words."""
    folder = _BACKEND / "persona" / "prompt_template"
    files = (file for pattern in _PROMPTS for file in sorted(folder.glob(pattern)))
    content = b"".join(file.read_bytes().replace(b"\r\n", b"\n") for file in files)
    return hashlib.sha256(content).hexdigest()

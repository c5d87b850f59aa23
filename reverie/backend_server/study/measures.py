"""The measures of a simulation: figures of its report and its surveys, one number each, for comparison.

Knows which figures are worth comparing; the other modules of this package compute them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from statistics import fmean
from typing import NamedTuple

from saves.tables import Tables
from study import acquaintance, appointments, news
from study.study_file import Run
from study.survey_files import rows
from study.surveys import YES

Measure = tuple[str, float]
Row = Mapping[str, str]


class Measured(NamedTuple):
    """The measures of a finished run.

    Attributes:
        asked: the survey that they are from, in words; "" for those of the simulation itself.
        measures: {measure: value}.
        models: those that answered, by the names they report.
    """

    run: Run
    asked: str
    measures: dict[str, float]
    models: Sequence[str]


def measures(tables: Tables, about: Sequence[str] = ()) -> dict[str, float]:
    """{measure: value} of a simulation as of its last checkpoint. Raises DamagedSimulation, UnusablePhrase."""
    parts = (_knowing(tables), _news(tables, [news.phrase(text) for text in about]), _living(tables), _using(tables))
    return dict(measure for part in parts for measure in part)


def shown(value: float, sign: str = "-") -> str:
    """A value for a reader, with three digits; with the sign "+", positive values have one too."""
    return f"{Decimal(f'{value:.3g}'):{sign},f}" if abs(value) < 1000 else f"{value:{sign},.0f}"


def survey_measures(text: str, people: int) -> dict[str, float]:
    """{measure: value} of a survey's CSV: for each yes/no question the share of yes, and the supported part of it.

    Args:
        people: how many were asked.
    """
    answered = [row for row in rows(text) if row["verdict"]]
    found: dict[str, float] = {}
    for question, group in groupby(answered, key=lambda row: row["question"]):
        found |= _asked(f"question {question}", list(group), people)
    return found


def _knowing(tables: Tables) -> Iterator[Measure]:
    found = acquaintance.acquaintance(tables)
    yield "density at the start", found.density(found.known, tables.start)
    yield "density at the end", found.density(found.known, tables.end)


def _news(tables: Tables, asked: Sequence[news.News]) -> Iterator[Measure]:
    for spread in news.spread(tables, asked):
        title, people = spread.news.title, len(tables.names)
        yield f"knew at the start: {title}", sum(each.how == news.GIVEN for each in spread.learned) / people
        yield f"know at the end: {title}", len(spread.learned) / people
        where = spread.news.takes_place
        if where and where.start < tables.end:
            there = appointments.came(tables, tables.timeline.stays, where).keys()
            in_time = {each.persona for each in spread.learned if each.time < where.end}
            yield f"people who came: {title}", float(len(there))
            yield f"people who had heard of it in time: {title}", float(len(in_time))
            yield f"people who had heard of it and came: {title}", float(len(in_time & there))


def _living(tables: Tables) -> Iterator[Measure]:
    talks = tables.timeline.conversations
    kept = [each.kept for each in appointments.made_in_talks(tables) if each.kept is not None]
    yield "conversations", float(len(talks))
    yield from _mean("lines of a conversation", [len(talk.lines) for talk in talks])
    yield from _mean("share of appointments kept", kept)


def _using(tables: Tables) -> Iterator[Measure]:
    total = tables.usage[0]
    yield "requests", float(total.requests)
    yield "tokens", float(total.input_tokens + total.output_tokens + total.embedding_tokens)
    if not total.unpriced:  # else it is unknown
        yield "USD", total.cost_usd
    yield from _mean(
        "share of questions that fell back", [total.fallbacks / total.questions] if total.questions else []
    )


def _asked(name: str, rows: Sequence[Row], people: int) -> Iterator[Measure]:
    yes = [row for row in rows if row["verdict"] == YES]
    supported = [row for row in yes if row["supported"] == "yes"]
    yield f"{name}: share of yes", len(yes) / len(rows)
    if not yes or any(row["supported"] for row in yes):  # others claim nothing that can be checked
        yield f"{name}: share of yes with support", len(supported) / len(rows)
        yield from _mean(f"{name}: of the yes, without support", [row["supported"] == "no" for row in yes])
    if rows[0]["about"]:
        yield f"{name}: density", acquaintance.density({(row["persona"], row["about"]) for row in yes}, people)
        knows = {(row["persona"], row["about"]) for row in supported}
        yield f"{name}: density with support", acquaintance.density(knows, people)


def _mean(name: str, values: Iterable[float]) -> Iterator[Measure]:
    """The mean, if there are any values."""
    if found := list(values):
        yield name, fmean(found)

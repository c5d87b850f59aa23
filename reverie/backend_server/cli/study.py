"""The --study command: shows the plan of a study, its progress, its surveys, and where the results are.

Knows only how to show this; `study` does the runs and computes the results.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from decimal import Decimal
from functools import partial
from io import StringIO
from pathlib import Path

from cli import session, survey, terminal
from persona.memory_structures.kinds import kinds_in
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import PROVIDERS, counted
from persona.prompt_template.trace import Trace
from saves.storage import Storage, StorageError
from saves.tables import Tables
from saves.text_files import UnusableFile
from study import measures, question_file, studies, study_file, survey_files
from study.measures import Measured
from study.studies import Manner, Runs
from study.study_file import Run, Sitting
from town.town import Town


def conduct(chosen: argparse.Namespace, storage: Storage) -> None:
    """Simulates every unfinished run of a study, asks its surveys, and writes the results.

    Partial results are written even if the study is stopped; starting it again continues it.

    Raises:
        StorageError: the study cannot be used; nothing has been spent.
        LLMError: the model cannot be used, or the budget is spent.
    """
    study = study_file.read(Path(chosen.study))
    if chosen.is_budget_typed or study.budget is None:
        study = study.model_copy(update={"budget": chosen.budget})
    runs = Runs(study, storage)
    with _kept(runs):
        _conduct(chosen, runs)


@contextmanager
def _kept(runs: Runs) -> Iterator[None]:
    """Locks the bases, so that all runs of a base begin at the same step. Raises UnusableFile if they cannot."""
    study = runs.study
    with ExitStack() as bases:
        for base in study.bases:
            try:
                if not runs.storage.forkable(base).is_base:
                    bases.callback(runs.storage.open(base).close)
            except StorageError as error:
                raise UnusableFile(f"{study.where(base)}: {error}") from error
            starts = sorted({runs.start(run) for run in study.runs() if run.condition.base == base})
            if len(starts) > 1:
                steps = " and ".join(map(str, starts))
                remedy = "To compare runs from its current step, use a study file with another name."
                raise UnusableFile(f"{study.where(base)}: runs of {base!r} would begin at steps {steps}. {remedy}")
        yield


def _conduct(chosen: argparse.Namespace, runs: Runs) -> None:
    study, simulate = runs.study, _simulate(chosen.ray)
    for condition in study.conditions():
        runs.events_of(condition)
    if study.survey:
        question_file.read(study.questions)
    clients = partial(client, chosen.offline, chosen.workers, trace=chosen.trace, said=set())
    manner = Manner(clients, chosen.workers, chosen.checkpoint_every, chosen.lockstep, not chosen.no_explain)
    parts = counted(len(study.conditions()), "condition"), counted(len(study.seeds), "seed")
    count = counted(len(study.runs()), "run")
    print(f"{count} of {study.steps:,} steps: {', '.join(parts)}.")
    try:
        for number, run in enumerate(simulate(runs, _told(runs), manner), 1):
            _ask(runs, run, manner)
            print(f"{number} of {count} finished: {run.name}.")
    except KeyboardInterrupt:
        print("To continue the study, start it again.")
        raise
    finally:
        _write(runs)


def _told(runs: Runs) -> Iterator[Run]:
    """Prints the condition and progress of each run before it is simulated."""
    for run in runs.study.runs():
        done, steps = runs.step(run) - runs.start(run), runs.study.steps
        print(f"{run.name}: {run.condition.words}, seed {run.seed}; {done:,} of {steps:,} steps done.")
        yield run


def _simulate(ray: str | None) -> studies.Simulate:
    """The function that simulates runs: here, or on the Ray cluster at an address; "" starts a cluster here."""
    if ray is None:
        return studies.one_by_one
    from study.ray_runs import Cluster

    return Cluster(ray or None).simulate


@contextmanager
def client(
    offline: bool,
    workers: int,
    model: str,
    budget: Decimal | None,
    *,
    trace: Trace | None = None,
    said: set[str] | None = None,
) -> Iterator[Client]:
    """The client of one run; offline, the mock model replaces all models. Prints its name, unless it is in `said`."""
    said = set() if said is None else said
    model = "" if offline else model
    with ExitStack() as stack:
        with redirect_stdout(StringIO()) as saying:
            stack.enter_context(_named(model))
            stack.enter_context(session.provider(offline))
        if (banner := saying.getvalue()) not in said:
            print(banner, end="")
            said.add(banner)
        yield stack.enter_context(session.client(budget, workers, trace))


@contextmanager
def _named(model: str) -> Iterator[None]:
    """Sets this model in the environment during the block, for any provider; "" changes nothing."""
    names = {row.model_variable: model for row in PROVIDERS.values() if row.model_variable and model}
    before = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.update(names)
    try:
        yield
    finally:
        for name in names:
            del os.environ[name]
        os.environ.update(before)


# Surveys


def _ask(runs: Runs, run: Run, manner: Manner) -> None:
    """Asks the people of a run the questions of the study that have not been answered yet."""
    missing = [sitting for sitting in runs.study.sittings() if _answers(runs, run, sitting) is None]
    if not missing:
        return
    with manner.client(run.condition.model, runs.money_left()) as client:
        town = Town(runs.open(run), client, forked=False, workers=manner.workers)
        try:
            for sitting in missing:
                given = {"people": None, "at": runs.step_asked(run, sitting), "without": sitting.without}
                print(f"{sitting.words}: ".capitalize(), end="")
                request = survey.read(town, argparse.Namespace(survey=runs.study.questions, **given))
                survey.conduct(town, request, is_told=False)
        finally:
            town.close()


def _answers(runs: Runs, run: Run, sitting: Sitting) -> str | None:
    """The table of a survey, if all its questions were answered."""
    found, file = runs.storage.look(run.name), runs.study.questions
    names = found.meta["persona_names"]
    asked = [
        (name, asked.text)
        for each in question_file.read(file)
        for name in names
        for asked in each.asked_of(name, names)
    ]
    kinds = kinds_in(",".join([*sitting.without, *found.meta.get("without", ())]))
    return survey_files.find(found.path, file.stem, runs.step_asked(run, sitting), kinds, asked)


# Results


def _write(runs: Runs) -> None:
    from study import comparison  # needs matplotlib, which takes half a second to import

    study = runs.study
    finished = [run for run in study.runs() if runs.is_at_its_end(run)]
    measured = [found for run in finished for found in _measured(runs, run)]
    count, cost = counted(len(study.runs()), "run"), f"total cost: ${runs.spent():.4f}"
    print(f"{len(finished)} of {count} finished; {cost}.")
    for file in comparison.write(study, measured) if measured else ():
        print(terminal.shown_path(file))


def _measured(runs: Runs, run: Run) -> Iterator[Measured]:
    """The measures of a run, then those of its surveys that are complete."""
    tables, models = Tables(runs.storage.look(run.name)), sorted(runs.usage(run).by_model)
    yield Measured(run, "", measures.measures(tables, runs.study.about), models)
    for sitting in runs.study.sittings():
        if (text := _answers(runs, run, sitting)) is not None:
            asked = measures.survey_measures(text, len(tables.names))
            yield Measured(run, sitting.words, asked, models)

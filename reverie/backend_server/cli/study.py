"""The --study command: shows the plan of a study, its progress, its surveys, and where the results are.

Knows only how to show this; `study` does the runs and computes the results.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
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
from study.studies import Manner
from study.study_file import Run, Sitting, Study
from town.town import Town


def conduct(chosen: argparse.Namespace, storage: Storage) -> None:
    """Lives every run of a study that is not at its end, asks its survey, and writes the results.

    They are written of what there is also when the study is stopped, and it goes on when it is started again.

    Raises:
        StorageError: the study cannot be used; nothing has been spent.
        LLMError: the model cannot be used, or the budget is spent.
    """
    study = study_file.read(Path(chosen.study))
    if chosen.is_budget_typed or study.budget is None:
        study = study.model_copy(update={"budget": chosen.budget})
    with _kept(study, storage):
        _conduct(chosen, study, storage)


@contextmanager
def _kept(study: Study, storage: Storage) -> Iterator[None]:
    """Meanwhile no other process goes on with a base: its runs begin alike. Raises UnusableFile where they cannot."""
    with ExitStack() as bases:
        for base in study.bases:
            try:
                if not storage.forkable(base).is_base:
                    bases.callback(storage.open(base).close)
            except StorageError as error:
                raise UnusableFile(f"{study.where(base)}: {error}") from error
            starts = sorted({studies.start(storage, run) for run in study.runs() if run.condition.base == base})
            if len(starts) > 1:
                steps = " and ".join(map(str, starts))
                remedy = "Compare what follows from it now in a study file with another name."
                raise UnusableFile(f"{study.where(base)}: runs of {base!r} would begin at steps {steps}. {remedy}")
        yield


def _conduct(chosen: argparse.Namespace, study: Study, storage: Storage) -> None:
    for condition in study.conditions():
        studies.events_of(study, storage, condition)
    if study.survey:
        question_file.read(study.beside(study.survey))
    clients = partial(client, chosen.offline, chosen.workers, trace=chosen.trace, said=set())
    manner = Manner(clients, chosen.workers, chosen.checkpoint_every, chosen.lockstep, not chosen.no_explain)
    runs, lives = study.runs(), _lives(chosen.ray)
    parts = counted(len(study.conditions()), "condition"), counted(len(study.seeds), "seed")
    print(f"{counted(len(runs), 'run')} of {study.steps:,} steps: {', '.join(parts)}.")
    try:
        for number, run in enumerate(lives(study, storage, _told(study, storage, runs), manner), 1):
            _ask(study, storage, run, manner)
            print(f"{number} of {counted(len(runs), 'run')} finished: {run.name}.")
    except KeyboardInterrupt:
        print("To continue the study, start it again.")
        raise
    finally:
        _write(study, storage)


def _told(study: Study, storage: Storage, runs: Iterable[Run]) -> Iterator[Run]:
    """Prints what each run is and how far it has come, when its turn comes."""
    for run in runs:
        lived = (studies.step_of(storage, run) or studies.start(storage, run)) - studies.start(storage, run)
        print(f"{run.name}: {run.condition.words}, seed {run.seed}; {lived:,} of {study.steps:,} steps done.")
        yield run


def _lives(ray: str | None) -> studies.Lives:
    """How runs are lived: here, or on the Ray cluster at an address; "" for one of its own on this machine."""
    if ray is None:
        return studies.one_by_one
    from study.ray_runs import Cluster

    return Cluster(ray or None).live


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
    """The client of one run; offline the mock model stands for all models. Says which it is, unless that was `said`."""
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
    """Meanwhile the environment names this model, whichever the provider; "" leaves it as it is."""
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


def _ask(study: Study, storage: Storage, run: Run, manner: Manner) -> None:
    """Puts the questions of the study to the people of a run, as far as they have not been answered."""
    missing = [sitting for sitting in study.sittings() if _answers(study, storage, run, sitting) is None]
    if not missing:
        return
    with manner.client(run.condition.model, studies.money_left(study, storage)) as client:
        town = Town(storage.open(run.name), client, forked=False, workers=manner.workers)
        try:
            for sitting in missing:
                step = _step(study, storage, run, sitting)
                given = argparse.Namespace(people=None, at=step, without=sitting.without, survey=_questions(study))
                print(f"{sitting.words}: ".capitalize(), end="")
                survey.conduct(town, survey.read(town, given), is_told=False)
        finally:
            town.close()


def _answers(study: Study, storage: Storage, run: Run, sitting: Sitting) -> str | None:
    """The table of a survey, if all its questions were answered."""
    found, file = storage.look(run.name), _questions(study)
    names, step = found.meta["persona_names"], _step(study, storage, run, sitting)
    count = sum(len(question.asked_of(name, names)) for question in question_file.read(file) for name in names)
    kinds = kinds_in(",".join([*sitting.without, *found.meta.get("without", ())]))
    return survey_files.find(found.path, file.stem, step, kinds, count)


def _step(study: Study, storage: Storage, run: Run, sitting: Sitting) -> int:
    """As of which step people are asked."""
    return studies.start(storage, run) if sitting.is_at_start else studies.goal(study, storage, run)


def _questions(study: Study) -> Path:
    return study.beside(study.survey or "")


# Results


def _write(study: Study, storage: Storage) -> None:
    from study import comparison  # which needs matplotlib, and half a second for it

    lived = studies.at_their_end(study, storage)
    measured = [found for run in lived for found in _measured(study, storage, run)]
    runs, used = counted(len(study.runs()), "run"), studies.spent(study, storage)
    print(f"{len(lived)} of {runs} finished; total cost: ${used:.4f}.")
    for file in comparison.write(study, measured) if measured else ():
        print(terminal.shown_path(file))


def _measured(study: Study, storage: Storage, run: Run) -> Iterator[Measured]:
    """What a run shows, then what its surveys do, as far as they have been answered."""
    tables, models = Tables(storage.look(run.name)), sorted(studies.usage(storage, run).by_model)
    yield Measured(run, "", measures.measures(tables, study.about), models)
    for sitting in study.sittings():
        if (text := _answers(study, storage, run, sitting)) is not None:
            asked = measures.survey_measures(text, len(tables.names))
            yield Measured(run, sitting.words, asked, models)

"""A study as the operator starts it: what it will do, its progress, its surveys, where the results are.

Knows how that is shown; the runs and the results are study's.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path

from tqdm import tqdm

from cli import session, survey, terminal
from persona.memory_structures.kinds import kinds_in
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from saves.storage import Storage
from saves.tables import Tables
from study import measures, question_file, studies, study_file, survey_files
from study.measures import Measured
from study.studies import Manner
from study.study_file import Run, Study
from town.town import Town


def conduct(chosen: argparse.Namespace, storage: Storage) -> None:
    """Lives every run of a study that is not at its end, asks its survey, and writes the results.

    They are written of what there is also when the study is stopped, and it goes on when it is started again.

    Raises:
        StorageError: the study cannot be used; nothing has been spent.
        LLMError: the model cannot be used, or the budget is spent.
    """
    study = study_file.read(Path(chosen.study))
    if chosen.budget is not None:
        study = study.model_copy(update={"budget": chosen.budget})
    for base in study.bases:
        storage.forkable(base)
    for condition in study.conditions():
        studies.events_of(study, storage, condition)
    if study.survey:
        question_file.read(study.beside(study.survey))
    manner = Manner(partial(client, chosen.offline, chosen.workers), chosen.workers, chosen.checkpoint_every)
    runs = study.runs()
    print(f"{len(runs)} runs of {study.steps:,} steps: {len(study.conditions())} conditions, {len(study.seeds)} seeds.")
    bar = tqdm(total=len(runs), unit="run", disable=not sys.stderr.isatty())
    try:
        with bar:
            for run in _living(chosen.ray)(study, storage, runs, manner):
                _ask(study, storage, run, manner)
                bar.update()
                tqdm.write(f"{run.name} is at its end ({run.condition.words}, seed {run.seed}).")
    finally:
        _write(study, storage)


def _living(ray: str | None) -> studies.Lives:
    """How runs are lived: here, or on the Ray cluster at an address; "" for one of its own on this machine."""
    if ray is None:
        return studies.one_by_one
    from study.ray_runs import Cluster

    return Cluster(ray or None).live


@contextmanager
def client(offline: bool, workers: int, model: str, budget: Decimal | None) -> Iterator[Client]:
    """The client of one run. A model of its own is named as the environment would name it."""
    with session.provider(offline):
        if model:
            os.environ[llm_config.current_provider().model_variable] = model
            llm_config.init_llm_api()
        with session.client(budget, workers, None) as client:
            yield client


# Surveys


def _ask(study: Study, storage: Storage, run: Run, manner: Manner) -> None:
    """Puts the questions of the study to the people of a run, as far as they have not been answered."""
    for without in study.survey_without:
        if study.survey and _answers(study, storage, run, without) is None:
            with manner.client(run.condition.model, studies.money_left(study, storage)) as client:
                town = Town(storage.open(run.name), client, forked=False, workers=manner.workers)
                try:
                    given = argparse.Namespace(people=None, at=None, without=kinds_in(without))
                    given.survey = study.beside(study.survey)
                    survey.conduct(town, survey.read(town, given))
                finally:
                    town.close()


def _answers(study: Study, storage: Storage, run: Run, without: str) -> str | None:
    """The table of a survey, if all its questions were answered."""
    found = storage.look(run.name)
    names, file = found.meta["persona_names"], study.beside(study.survey or "")
    count = sum(len(question.asked_of(name, names)) for question in question_file.read(file) for name in names)
    kinds = kinds_in(",".join([without, *found.meta.get("without", ())]))
    return survey_files.find(found.path, file.stem, found.meta["step"], kinds, count)


# Results


def _write(study: Study, storage: Storage) -> None:
    from study import comparison  # which needs matplotlib, and half a second for it

    measured = [_measured(study, storage, run) for run in studies.at_their_end(study, storage)]
    used = studies.spent(study, storage)
    print(f"{len(measured)} of {len(study.runs())} runs are at their end; all together have cost ${used:.4f}.")
    for file in comparison.write(study, measured) if measured else ():
        print(terminal.shown_path(file))


def _measured(study: Study, storage: Storage, run: Run) -> Measured:
    tables = Tables(storage.look(run.name))
    found = measures.measures(tables, study.about)
    for without in study.survey_without:
        text = _answers(study, storage, run, without) if study.survey else None
        if text is not None:
            asked = measures.survey_measures(text, len(tables.names))
            found |= {f"{name}, asked without {without}" if without else name: value for name, value in asked.items()}
    return Measured(run, found, sorted(studies.usage(storage, run).by_model))

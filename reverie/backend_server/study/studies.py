"""Studies: simulations of several conditions and seeds, each lived to its end, one budget over all.

What is done is seen from the simulations themselves, so a study that was stopped goes on wherever it was. Knows which
runs there are, how far they are and what may still be spent; how one lives is the town's, what it is measured by is
`measures`'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import NamedTuple

from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError
from persona.prompt_template.usage_records import Ledger
from saves.events import Intervention
from saves.storage import OF_STUDY, Simulation, Storage, UnknownSimulation
from study import interventions
from study.study_file import Condition, Run, Study
from town.town import Town

MakeClient = Callable[[str, Decimal | None], AbstractContextManager[Client]]
"""Gives the client for a model ("": the configured one) and what may be spent with it (None: no limit)."""


class Manner(NamedTuple):
    """How runs are lived: what makes their clients, and what `Town` is told of the rest."""

    client: MakeClient
    workers: int
    checkpoint_every: int
    lockstep: bool = False
    explain: bool = True


Lives = Callable[[Study, Storage, Iterable[Run], Manner], Iterator[Run]]
"""Lets the people of some runs live to the ends of these, in some order; gives each when it has got there."""


def one_by_one(study: Study, storage: Storage, runs: Iterable[Run], manner: Manner) -> Iterator[Run]:
    """Lives runs one after the other, in this process.

    Raises:
        LLMError: the model cannot be used, or the budget is spent. What was lived stays, also after Ctrl-C.
    """
    for run in runs:
        simulation, last = opened(study, storage, run), goal(study, storage, run)
        if simulation.meta["step"] < last:
            with manner.client(run.condition.model, money_left(study, storage)) as client:
                live(simulation, client, last, manner)
        else:
            simulation.close()
        yield run


def live(simulation: Simulation, client: Client, last: int, manner: Manner) -> None:
    """Lets the people of a simulation live up to a step. Raises LLMError, or KeyboardInterrupt after Ctrl-C."""
    _, workers, every, lockstep, explain = manner
    town = Town(
        simulation,
        client,
        forked=False,
        workers=workers,
        checkpoint_every=every,
        lockstep=lockstep,
        explain=explain,
    )
    try:
        town.start_server(last - town.step)
        if town.step < last:
            raise KeyboardInterrupt
    finally:
        town.close()


def opened(study: Study, storage: Storage, run: Run) -> Simulation:
    """The simulation of a run, made when there is none; it knows of which study it is, for those who list it."""
    condition = run.condition
    try:
        simulation = storage.open(run.name)
    except UnknownSimulation:
        events = events_of(study, storage, condition)
        simulation = storage.fork(condition.base, run.name, run.seed, without=condition.without, interventions=events)
    known = dict(zip(OF_STUDY, (study.name, condition.words), strict=True))
    if not known.items() <= simulation.meta.items():
        simulation.keep_meta(**known)
    return simulation


def events_of(study: Study, storage: Storage, condition: Condition) -> list[Intervention]:
    """What comes into the runs of a condition from outside. Raises StorageError or MazeError."""
    if not condition.events:
        return []
    return interventions.read(study.beside(condition.events), storage.look(condition.base).meta)


def goal(study: Study, storage: Storage, run: Run) -> int:
    """The step at which a run is at its end. Raises StorageError when its base cannot be run."""
    return start(storage, run) + study.steps


def start(storage: Storage, run: Run) -> int:
    """The step from which a run is lived, also when its base has gone on since. Raises StorageError without either."""
    try:
        return int(storage.look(run.name).meta.get("fork_step", 0))
    except UnknownSimulation:
        return int(storage.look(run.condition.base).meta["step"])


def at_their_end(study: Study, storage: Storage) -> list[Run]:
    """The runs that need not live any longer, in the order of the study."""
    return [run for run in study.runs() if (step_of(storage, run) or 0) >= goal(study, storage, run)]


def step_of(storage: Storage, run: Run) -> int | None:
    """The step to which a run has been lived and saved; None when it has not begun."""
    try:
        return int(storage.look(run.name).meta["step"])
    except UnknownSimulation:
        return None


def usage(storage: Storage, run: Run) -> Ledger:
    """What a run has used so far."""
    try:
        return Ledger.from_json(storage.look(run.name).read_usage())
    except UnknownSimulation:
        return Ledger()


def spent(study: Study, storage: Storage) -> Decimal:
    """What all runs of a study have used so far, in USD."""
    return sum((usage(storage, run).total.cost for run in study.runs()), Decimal(0))


def money_left(study: Study, storage: Storage) -> Decimal | None:
    """What may still be spent; None without a limit. Raises FatalError when that is nothing."""
    if study.budget is None:
        return None
    left = study.budget - spent(study, storage)
    if left <= 0:
        remedy = f"Raise `budget` in {study.file}, or give more with --budget, and start the study again: it goes on."
        raise FatalError(f"The study has spent its budget of ${study.budget:f}.", remedy)
    return left

"""Studies: simulations of several conditions and seeds, each run to its end, with one budget for all.

The simulations themselves show what has been done, so a stopped study continues where it was. Knows which runs there
are, their progress and the remaining budget; `Town` simulates them, and `measures` measures them.
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
from study.study_file import Condition, Run, Sitting, Study
from town.town import Town

MakeClient = Callable[[str, Decimal | None], AbstractContextManager[Client]]
"""Yields the client for a model ("": the configured one) with a budget (None: no limit)."""


class Manner(NamedTuple):
    """How runs are simulated: the function that makes their clients, and options of `Town`."""

    client: MakeClient
    workers: int
    checkpoint_every: int
    lockstep: bool = False
    explain: bool = True


class Runs:
    """The runs of a study, as far as they are among the simulations of a storage."""

    def __init__(self, study: Study, storage: Storage) -> None:
        self.study, self.storage = study, storage

    def open(self, run: Run) -> Simulation:
        """The simulation of a run, created if missing; it contains the name of its study, for lists."""
        base, _, without, _ = run.condition
        try:
            simulation = self.storage.open(run.name)
        except UnknownSimulation:
            events = self.events_of(run.condition)
            simulation = self.storage.fork(base, run.name, run.seed, without=without, interventions=events)
        known = dict(zip(OF_STUDY, (self.study.name, run.condition.words), strict=True))
        if not known.items() <= simulation.meta.items():
            simulation.keep_meta(**known)
        return simulation

    def look(self, run: Run) -> Simulation | None:
        """The same, read-only; None if it has not begun."""
        try:
            return self.storage.look(run.name)
        except UnknownSimulation:
            return None

    def events_of(self, condition: Condition) -> list[Intervention]:
        """The events from outside in the runs of a condition. Raises StorageError or MazeError."""
        if not condition.events:
            return []
        return interventions.read(self.study.beside(condition.events), self.storage.look(condition.base).meta)

    def start(self, run: Run) -> int:
        """The first step of a run, even if its base has continued. Raises StorageError if neither exists."""
        found = self.look(run)
        return int(found.meta.get("fork_step", 0) if found else self.storage.look(run.condition.base).meta["step"])

    def step(self, run: Run) -> int:
        """The step up to which a run has been simulated and saved. Raises StorageError like `start`."""
        found = self.look(run)
        return int(found.meta["step"]) if found else self.start(run)

    def goal(self, run: Run) -> int:
        """The step at which a run is finished. Raises StorageError like `start`."""
        return self.start(run) + self.study.steps

    def step_asked(self, run: Run, sitting: Sitting) -> int:
        """The step as of which people are surveyed. Raises StorageError like `start`."""
        return self.start(run) if sitting.is_at_start else self.goal(run)

    def is_at_its_end(self, run: Run) -> bool:
        """Whether a run is finished. Raises StorageError like `start`."""
        return self.step(run) >= self.goal(run)

    def usage(self, run: Run) -> Ledger:
        """The usage of a run so far."""
        found = self.look(run)
        return Ledger.from_json(found.read_usage() if found else {})

    def spent(self) -> Decimal:
        """The cost of all runs so far, in USD."""
        return sum((self.usage(run).total.cost for run in self.study.runs()), Decimal(0))

    def money_left(self) -> Decimal | None:
        """The remaining budget in USD; None without a limit. Raises FatalError if nothing is left."""
        budget = self.study.budget
        if budget is None:
            return None
        if (left := budget - self.spent()) > 0:
            return left
        what_to_do = "or give more with --budget, and start the study again to continue it."
        remedy = f"Raise `budget` in {self.study.file}, {what_to_do}"
        raise FatalError(f"The study has spent its budget of ${budget:f}.", remedy)


Simulate = Callable[[Runs, Iterable[Run], Manner], Iterator[Run]]
"""Simulates some runs to their ends, in any order; yields each when it is finished."""


def one_by_one(runs: Runs, to_do: Iterable[Run], manner: Manner) -> Iterator[Run]:
    """Simulates runs one after another, in this process.

    Raises:
        LLMError: the model cannot be used, or the budget is spent. Finished steps are kept, also after Ctrl-C.
    """
    for run in to_do:
        if not runs.is_at_its_end(run):
            with manner.client(run.condition.model, runs.money_left()) as client:
                simulate(runs.open(run), client, runs.goal(run), manner)
        yield run


def simulate(simulation: Simulation, client: Client, last: int, manner: Manner) -> None:
    """Runs a simulation up to a step. Raises LLMError, or KeyboardInterrupt after Ctrl-C."""
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

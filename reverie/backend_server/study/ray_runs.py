"""The runs of a study on a Ray cluster: a task simulates some steps of a run on a node, and sends back the simulation.

The driver saves it and allocates the budget; if a node is lost, its run continues from there.
Only simulations are transferred: each node has this checkout at the same path, its requirements, and the variables
with the model and its key. Ray is optional. Knows parts of runs and nodes; `studies` knows how a run is simulated.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from persona.prompt_template.llm_config import FatalError, LLMError
from saves.storage import Simulation, Storage, StorageError
from study import studies
from study.studies import Manner, Runs
from study.study_file import Run

STEPS = 360
"""Steps of a task: the most that is lost with a node."""
MOST_LOSSES = 3
"""How often in a row the node of a run may be lost: the run itself may be the cause."""
_BACKEND = Path(__file__).resolve().parents[1]


class Cluster:
    """Simulates runs on a Ray cluster, as many at once as it has CPUs.

    Args:
        address: of the cluster, such as "auto"; None starts a cluster on this machine.

    Raises:
        StorageError: Ray is not installed, or there is no cluster at the address.
    """

    def __init__(self, address: str | None) -> None:
        try:
            import ray
        except ImportError:
            raise StorageError("--ray needs Ray, which is not installed: pip install ray") from None
        self._ray: Any = ray
        if not ray.is_initialized():
            try:
                ray.init(address, runtime_env={"env_vars": {"PYTHONPATH": str(_BACKEND)}}, log_to_driver=False)
            except (ConnectionError, ValueError) as error:
                raise StorageError(f"There is no Ray cluster at {address!r} ({error}).") from error
        self._losses = Counter[Run]()  # in a row
        self._task = ray.remote(num_cpus=1, max_retries=0)(_live_part)

    def simulate(self, runs: Runs, to_do: Iterable[Run], manner: Manner) -> Iterator[Run]:
        """Simulates runs concurrently, and yields each when it is finished.

        The budget is divided among the tasks. A run that has used up its share continues when it can have all of the
        rest. With a budget, runs are yielded while no task has a share, so that the caller may spend the rest.

        Raises:
            LLMError: the model cannot be used, the budget is spent, or a run loses every node. Finished steps are kept.
        """
        waiting, short, ended = deque(to_do), deque[Run](), deque[Run]()
        under_way: dict[Any, tuple[Run, Decimal]] = {}
        while waiting or short or under_way or ended:
            while ended and not (under_way and runs.study.budget):
                yield ended.popleft()
            free = max(1, int(self._ray.cluster_resources().get("CPU", 1))) - len(under_way)
            while waiting and free > 0:
                run = waiting.popleft()
                if runs.is_at_its_end(run):
                    ended.append(run)
                else:
                    self._start(runs, run, manner, under_way, free)
                    free -= 1
            if short and not under_way:
                self._start(runs, short.popleft(), manner, under_way, 1)
            if under_way:
                (part,), _ = self._ray.wait(list(under_way))
                run, _ = under_way.pop(part)
                stopped = self._receive(runs.storage, run, part)
                if stopped and (runs.study.budget is None or not under_way):
                    raise stopped
                (short if stopped else waiting).append(run)

    def _start(
        self, runs: Runs, run: Run, manner: Manner, under_way: dict[Any, tuple[Run, Decimal]], sharing: int
    ) -> None:
        left, share = runs.money_left(), Decimal(0)
        if left is not None:
            share = max(Decimal(0), left - sum(share for _, share in under_way.values())) / sharing
        simulation = runs.open(run)
        last = min(runs.goal(run), simulation.meta["step"] + STEPS)
        part = self._task.remote(_lean(simulation), run, last, None if left is None else share, manner)
        simulation.close()
        under_way[part] = run, share

    def _receive(self, storage: Storage, run: Run, part: Any) -> LLMError | None:
        """Saves the result of a task; returns the error that stopped it. A lost node sends nothing."""
        try:
            packed, stopped = self._ray.get(part)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except self._ray.exceptions.RayError as error:
            self._losses[run] += 1
            lost = f"The node of {run.name} was lost ({type(error).__name__})"
            if self._losses[run] > MOST_LOSSES:
                remedy = "Check the memory of the nodes, and start the study again to continue it."
                raise FatalError(f"{lost}, as were the {MOST_LOSSES} before.", remedy) from error
            print(f"{lost}; the run continues.", file=sys.stderr)
            return None
        del self._losses[run]
        simulation = storage.open(run.name)
        with tempfile.TemporaryDirectory() as folder:
            simulation.adopt(_unpacked(packed, Storage(Path(folder)), run))
        simulation.close()
        return stopped  # type: ignore[no-any-return]


def _live_part(
    packed: bytes, run: Run, last: int, budget: Decimal | None, manner: Manner
) -> tuple[bytes, LLMError | None]:
    """On a node: simulates a run up to a step, in a temporary folder.

    Returns the simulation, and the error that stopped it, if any.
    """
    with tempfile.TemporaryDirectory() as folder:
        storage, stopped = Storage(Path(folder) / "storage"), None
        _unpacked(packed, storage, run)
        with manner.client(run.condition.model, budget) as client:
            try:
                studies.simulate(storage.open(run.name), client, last, manner)
            except LLMError as error:
                stopped = error
        return _packed(storage.root / run.name), stopped


def _lean(simulation: Simulation) -> bytes:
    """The state from which a simulation continues; its steps so far are not sent."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / simulation.name
        simulation.copy_to(copy, first=simulation.meta["step"])
        return _packed(copy)


def _packed(folder: Path) -> bytes:
    with tempfile.TemporaryDirectory() as beside:
        return Path(shutil.make_archive(f"{beside}/packed", "zip", folder.parent, folder.name)).read_bytes()


def _unpacked(packed: bytes, storage: Storage, run: Run) -> Simulation:
    zipfile.ZipFile(io.BytesIO(packed)).extractall(storage.root)
    return storage.look(run.name)

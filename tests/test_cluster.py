"""How the runs of a study are distributed among the nodes of a cluster, with a double that runs tasks on request."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli import study as command
from persona.prompt_template.llm_config import FatalError
from saves.storage import Storage
from small_world import BASE
from study import ray_runs, study_file
from study.ray_runs import Cluster
from study.studies import Manner, Runs
from study.study_file import Study

pytestmark = pytest.mark.usefixtures("world")
MANNER = Manner(partial(command.client, True, 1), workers=1, checkpoint_every=10)


class Lost(Exception):
    """A node was lost."""


class OneAtATime:
    """The interface of Ray, in this process: a task begins when its result is requested, the oldest first."""

    exceptions = SimpleNamespace(RayTaskError=ZeroDivisionError, RayError=Lost)

    def __init__(self) -> None:
        self.under_way = 0
        self.loses_every_node = False

    def is_initialized(self) -> bool:
        return True

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 3.0}

    def remote(self, **options: Any) -> Callable[..., Any]:
        def start(task: Callable[..., Any], *given: Any) -> Callable[[], Any]:
            self.under_way += 1
            return partial(task, *given)

        return lambda task: SimpleNamespace(remote=partial(start, task))

    def wait(self, parts: list[Any]) -> tuple[list[Any], list[Any]]:
        return parts[:1], parts[1:]

    def get(self, part: Callable[[], Any]) -> Any:
        self.under_way -= 1
        if self.loses_every_node:
            raise Lost
        return part()


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> OneAtATime:
    ray = OneAtATime()
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setattr(ray_runs, "STEPS", 2)
    return ray


@pytest.fixture
def study(tmp_path: Path) -> Study:
    file = tmp_path / "feast.toml"
    file.write_text(f'bases = ["{BASE}"]\nseeds = [1, 2, 3, 4]\nsteps = 3\n', encoding="utf-8")
    return study_file.read(file)


def test_with_a_budget_no_run_starts_while_its_money_is_reserved_for_others(
    ray: OneAtATime, study: Study, storage: Storage
):
    study = study.model_copy(update={"budget": Decimal(1)})
    given = [(run, ray.under_way) for run in Cluster(None).simulate(Runs(study, storage), study.runs(), MANNER)]
    assert sorted(given) == [(run, 0) for run in sorted(study.runs())]
    assert [storage.look(run.name).meta["step"] for run in study.runs()] == [3] * 4


def test_a_run_that_loses_one_node_after_another_stops_the_study(
    ray: OneAtATime, study: Study, storage: Storage, capsys: pytest.CaptureFixture[str]
):
    ray.loses_every_node = True
    with pytest.raises(FatalError, match=r"was lost \(Lost\), as were the 3 before. Check the memory of the nodes"):
        list(Cluster(None).simulate(Runs(study, storage), study.runs(), MANNER))
    first = study.runs()[0].name
    assert capsys.readouterr().err.count(f"The node of {first} was lost (Lost); the run continues.") == 3

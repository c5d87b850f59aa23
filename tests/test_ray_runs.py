"""The runs of a study on a Ray cluster: the same simulations as without one, even if a node is lost."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import terminal
from cli import study as command
from persona.prompt_template.gpt_structure import Client
from saves.storage import Storage
from study import ray_runs, studies, study_file
from study.studies import Manner, Runs
from study.study_file import Study

ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")

pytestmark = pytest.mark.slow
BASE = "base_willow_bend_n3"
FILE = f'bases = ["{BASE}"]\nseeds = [1, 2]\nsteps = 40\n'
MANNER = Manner(partial(command.client, True, 2), workers=2, checkpoint_every=10)
LOST = "lost"
NOT_COMPARED = "explain/"  # a file of it ends where a checkpoint is, and tasks end with one


@pytest.fixture
def nodes() -> Iterator[Any]:
    """A cluster of two nodes with one CPU each, and a head without any."""
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    file = tmp_path / "feast.toml"
    file.write_text(FILE, encoding="utf-8")
    return study_file.read(file)


def storage_in(folder: Path) -> Storage:
    """A storage with only the base."""
    storage = Storage(folder / "storage")
    shutil.copytree(Storage.of_checkout().root / BASE, storage.root / BASE)
    return storage


def kept(storage: Storage) -> dict[str, bytes]:
    found = terminal.files(storage.root)
    return {name: content for name, content in found.items() if NOT_COMPARED not in name}


@contextmanager
def noticed(beginnings: str, model: str, budget: Decimal | None) -> Iterator[Client]:
    """A client for a task on a node, which leaves a file there when it begins, and waits until a node is lost.

    On the lost node it waits for its own end: it could be done before it is noticed that its node is gone.
    """
    Path(beginnings, f"{os.getpid()}").touch()
    while not list(Path(beginnings).glob(f"{LOST}*")):
        time.sleep(0.01)
    if Path(beginnings, LOST + ray.get_runtime_context().get_node_id()).exists():
        time.sleep(60)
    with command.client(True, 2, model, budget) as made:
        yield made


def lose_a_node_at_work(nodes: Any, beginnings: Path) -> None:
    while len(list(beginnings.iterdir())) < 2:
        time.sleep(0.01)
    node = list(nodes.worker_nodes)[0]
    Path(beginnings, LOST + node.node_id).touch()
    nodes.remove_node(node, allow_graceful=False)


def test_runs_continue_after_a_lost_node_and_end_as_without_ray(
    nodes: Any, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    monkeypatch.setattr(ray_runs, "STEPS", 20)
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    here, there, beginnings = storage_in(tmp_path / "here"), storage_in(tmp_path / "there"), tmp_path / "begun"
    beginnings.mkdir()
    cluster = ray_runs.Cluster(nodes.address)
    loss = threading.Thread(target=lose_a_node_at_work, args=(nodes, beginnings))
    loss.start()
    manner = MANNER._replace(client=partial(noticed, str(beginnings)))
    assert sorted(cluster.simulate(Runs(study, there), study.runs(), manner)) == sorted(study.runs())
    loss.join()
    assert "was lost" in capsys.readouterr().err
    assert list(studies.one_by_one(Runs(study, here), study.runs(), MANNER)) == study.runs()
    assert kept(there).keys() == kept(here).keys()
    assert [name for name, content in kept(there).items() if content != kept(here)[name]] == []


def test_without_ray_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ray_runs.StorageError, match="needs Ray, which is not installed: pip install ray"):
        ray_runs.Cluster(None)

"""The order of steps makes no difference: a town with people ahead of each other writes the bytes of lockstep."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openai
import pytest

import doubles
import reverie
import small_world
from mock_llm.api import Request, respond
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError
from saves import events
from saves.explanations import Explained
from saves.json_files import to_bytes
from saves.storage import Storage
from town.scheduler import Scheduler

pytestmark = pytest.mark.slow

STEPS = 400
NAMES = ("Ada Finch", "Ben Moss", "Cleo Dunn", "Dora Lane", "Ezra Vale", "Faye Moor", "Gus Hart", "Hana Bell")
HOMES = (small_world.ADA, small_world.BEN, small_world.CLEO)
_PATHS = {openai.ChatCompletion: "/v1/chat/completions", openai.Embedding: "/v1/embeddings"}


class Model:
    """The mock model in place of the client; `before` is called with the number of each request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests = 0
        self.before: Callable[[int], object] = lambda number: None
        for kind, path in _PATHS.items():
            monkeypatch.setattr(kind, "create", self._answering(path))

    def _answering(self, path: str) -> Callable[..., Any]:
        def create(**request: Any) -> Any:
            self.requests += 1
            self.before(self.requests)
            asked = {name: value for name, value in request.items() if name not in ("headers", "request_timeout")}
            return doubles.as_openai(respond(Request("POST", path, json.dumps(asked).encode())).body)

        return create


@pytest.fixture
def model(monkeypatch):
    return Model(monkeypatch)


def build_crowded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small world with eight people in its five rooms."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    people = [replace(HOMES[k % 3], name=name) for k, name in enumerate(NAMES)]
    small_world.use(monkeypatch, small_world.build(folder, people))


@pytest.fixture
def crowded(tmp_path, monkeypatch):
    build_crowded(tmp_path, monkeypatch)


def server(workers: int = 8, **more: Any) -> reverie.ReverieServer:
    simulation = Storage.of_checkout().fork(small_world.BASE, "town")
    return reverie.ReverieServer(simulation, Client(), forked=True, workers=workers, **more)


def saved_files(town: reverie.ReverieServer) -> dict[str, bytes]:
    """The files of a town by their paths, but for what a failure leaves there.

    How explanations are spread over files depends on the checkpoints; their records, in order, do not.
    """
    folder = town.simulation.path
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    records = b"".join(map(to_bytes, Explained(folder).until(STEPS)))
    left_out = ("llm_usage", ".opened", "explain/")
    return {"explain": records} | {
        name: content for name, content in files.items() if not any(part in name for part in left_out)
    }


class Reference(NamedTuple):
    files: dict[str, bytes]
    requests: int


_IN_LOCKSTEP: list[Reference] = []


@pytest.fixture
def in_lockstep(tmp_path_factory) -> Reference:
    """The town in lockstep; run once, from the state that each test begins with."""
    if not _IN_LOCKSTEP:
        with pytest.MonkeyPatch.context() as monkeypatch:
            build_crowded(tmp_path_factory.mktemp("lockstep"), monkeypatch)
            model = Model(monkeypatch)
            town = server(workers=1, lockstep=True)
            town.start_server(STEPS)
            town.close()
            _IN_LOCKSTEP.append(Reference(saved_files(town), model.requests))
    return _IN_LOCKSTEP[0]


@pytest.mark.parametrize("seed", range(4))
def test_answer_times_do_not_affect_the_bytes(in_lockstep, crowded, model, seed):
    chance = random.Random(seed)
    model.before = lambda number: time.sleep(chance.choice((0, 0, 0.002, 0.02)))
    town = server(workers=chance.choice((2, 8)), checkpoint_every=chance.choice((37, 100, 1000)))
    town.start_server(STEPS)
    town.close()
    assert saved_files(town) == in_lockstep.files


def test_the_bytes_are_the_same_without_threads(in_lockstep, crowded, model):
    town = server(workers=1)
    town.start_server(STEPS)
    town.close()
    assert saved_files(town) == in_lockstep.files


def test_people_get_ahead_of_each_other(crowded, model):
    ahead = []
    town = server()

    def note(number):
        steps = [persona.step for persona in town.personas.values()]
        ahead.append(max(steps) - min(steps))
        time.sleep(0.005)

    model.before = note
    town.start_server(STEPS)
    assert max(ahead) > 10


@pytest.mark.parametrize("failing", [1, 20, 60, 100])
def test_after_a_failure_everybody_is_at_the_last_whole_step_and_can_continue(in_lockstep, crowded, model, failing):
    def fail(number):
        time.sleep(0.002)
        if number == failing:
            raise openai.error.AuthenticationError("no such key", http_status=401)

    model.before = fail
    town = server()
    with pytest.raises(FatalError):
        town.start_server(STEPS)
    assert json.loads((town.simulation.path / "reverie/meta.json").read_text(encoding="utf-8"))["step"] == town.step
    assert {persona.scratch.curr_time for persona in town.personas.values()} <= {_before(town), None}
    town.start_server(STEPS - town.step)
    town.close()
    assert saved_files(town) == in_lockstep.files


@pytest.mark.parametrize("stopping", [20, 100])
def test_after_ctrl_c_everybody_is_at_the_last_whole_step_and_can_continue(in_lockstep, crowded, model, stopping):
    town = server()

    def stop(number):
        time.sleep(0.002)
        if number == stopping:
            town.interrupts.stop_requested = True

    model.before = stop
    town.start_server(STEPS)
    assert 0 < town.step < STEPS
    assert {persona.scratch.curr_time for persona in town.personas.values()} == {_before(town)}
    town.start_server(STEPS - town.step)
    town.close()
    assert saved_files(town) == in_lockstep.files


def test_ctrl_c_during_a_restore_does_not_interrupt_it(in_lockstep, crowded, model, monkeypatch):
    def fail(number):
        time.sleep(0.002)
        if number == 60:
            raise openai.error.AuthenticationError("no such key", http_status=401)

    def restore(scheduler, snapshots):
        real(scheduler, snapshots)
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)

    real = Scheduler.restore
    model.before = fail
    town = server()
    with monkeypatch.context() as patched, pytest.raises(FatalError):
        patched.setattr(Scheduler, "restore", restore)
        town.start_server(STEPS)
    town.start_server(STEPS - town.step)
    town.close()
    assert saved_files(town) == in_lockstep.files


def test_a_crashed_run_continues_from_its_last_checkpoint_to_the_bytes_of_lockstep(
    in_lockstep, crowded, model, monkeypatch
):
    town = server(workers=1, checkpoint_every=50)
    with monkeypatch.context() as dead:
        dead.setattr(reverie.ReverieServer, "save", lambda town, **how: None)
        town.start_server(STEPS - 120)
    assert list(town.simulation.path.glob("personas/*/bootstrap_memory/associative_memory/memory_log.jsonl"))
    again = reverie.ReverieServer(Storage.of_checkout().open("town"), Client(), forked=False, checkpoint_every=50)
    assert again.step == 250
    again.start_server(STEPS - again.step)
    again.close()
    assert saved_files(again) == in_lockstep.files


def test_answers_paid_ahead_are_not_paid_again(in_lockstep, crowded, model):
    def fail(number):
        time.sleep(0.002)
        if number == 60:
            raise openai.error.AuthenticationError("no such key", http_status=401)

    model.before = fail
    town = server()
    with pytest.raises(FatalError):
        town.start_server(STEPS)
    town.start_server(STEPS - town.step)
    assert model.requests <= in_lockstep.requests + 2  # the one that failed, and the embeddings of a save in between


def whisper(town: reverie.ReverieServer, **more: Any) -> None:
    """Leaves a whisper to everybody, like the pages."""
    entry = events.Entry(kind="whisper", people=list(NAMES), texts=["The plums are ripe"], **more)
    events.inbox(town.simulation.path).leave(entry.model_dump())


@pytest.mark.parametrize("asking", [30, 60])
def test_events_while_people_are_ahead_of_each_other_give_the_bytes_of_lockstep(crowded, model, monkeypatch, asking):
    def come(number):
        time.sleep(0.002)
        if number == asking:
            whisper(town)

    monkeypatch.setattr("saves.inbox.time.time_ns", lambda: 7)
    monkeypatch.setattr("saves.inbox.secrets.token_hex", lambda size: "abcd")
    model.before = come
    town = server(checkpoint_every=1000)
    town.start_server(STEPS)
    town.close()
    (step,) = {event["step"] for event in town.outside.record}
    assert 0 < step < STEPS
    model.before = lambda number: None
    out_of_step = saved_files(town)
    town.simulation.remove()
    town = server(workers=1, lockstep=True)
    whisper(town, step=step)
    town.start_server(STEPS)
    town.close()
    assert saved_files(town) == out_of_step


def _before(town: reverie.ReverieServer) -> datetime:
    """The time of the last whole step."""
    return town.curr_time - timedelta(seconds=town.sec_per_step)

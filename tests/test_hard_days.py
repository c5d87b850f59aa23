"""Days with failed requests and malformed answers, and runs that are killed: all end whole, and pay nothing twice."""

from __future__ import annotations

import contextlib
import math
import re
import signal
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pytest

import offline_llm
import terminal
from mock_llm.api import Reply, Request, Respond
from mock_llm.faults import PLAYED
from mock_llm.malformed import REFUSAL, THOUGHT
from offline_llm import OfflineServer
from saves import events
from whole_days import (
    CROWD,
    DEADLINE,
    INVARIANTS,
    MIDNIGHT,
    MORNING,
    SIGNS_OF_LIFE,
    STEPS,
    Checkout,
    Day,
    model_variables,
    wait_for_end,
)

pytestmark = pytest.mark.slow

KILLED_AFTER = (2900, 4700, 6800)  # steps: in the morning, at noon, in the evening
MORNING_STEPS = 400
CHECKPOINTS = ("--checkpoint-every", 50)
ONE_BY_ONE = ("--workers", 1)  # what is under way beside a request that is held may have to be asked for again
HELD_REQUESTS = (1, 3, 5, 4, 2)  # each counted from the start of its run; the first before any answer
STRUCK_AFTER = (3, 49, 120, 121, 333)  # steps: before the first checkpoint, beside one, far from one
CROWDED_STEPS = 90
FENCE = "```"
LATENCY = 0.005  # seconds, so that a run that is struck has most likely a question under way
FAULTS: dict[str, Any] = {"error_rate": 0.1, "malformed_rate": 0.2, "seed": 5}
ONLY_MALFORMED_ANSWERS = {**FAULTS, "malformed_rate": 1.0}
MOMENT = 0.01  # seconds between two looks at a run
SPENT = "llm_usage.json"
LEARNED = "reverie/models.json"  # of the model, by whoever asked it first


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("checkout"))


def is_check(request: Request) -> bool:
    """Whether this is the request with which every run tests for embeddings."""
    return b'["(nothing)"]' in request.body


def await_that(happened: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    """Returns when a condition holds; fails if the run ends before."""
    while not happened():
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(timeout=MOMENT)
            raise AssertionError(f"the run ended too soon: {wait_for_end(run)}")


def kill(run: subprocess.Popen[str]) -> None:
    """Like a power cut: the process is not notified (SIGKILL)."""
    run.kill()
    wait_for_end(run)


def fork(name: str, base: str, steps: int) -> tuple[str | int, ...]:
    return "--fork", base, "--name", name, "--run", steps


def rest(checkout: Checkout, name: str, steps: int) -> tuple[str | int, ...]:
    """The options that resume a simulation and run its missing steps."""
    return "--resume", name, "--run", steps - checkout.step(name)


# Whole days


@pytest.fixture(scope="module")
def hard_days(checkout):
    """(exit code, output) of a day under faults, one killed three times as well, one of malformed answers only."""
    with (
        offline_llm.start(**FAULTS) as hard,
        offline_llm.start(**FAULTS) as deadly,
        offline_llm.start(**ONLY_MALFORMED_ANSWERS) as malformed,
    ):
        runs = {"hard": start_day(checkout, "hard", hard), "malformed": start_day(checkout, "malformed", malformed)}
        runs["killed"] = run_with_kills(checkout, deadly)
        return {name: wait_for_end(run) for name, run in runs.items()}


def start_day(checkout: Checkout, name: str, server: OfflineServer) -> subprocess.Popen[str]:
    return checkout.start(*fork(name, MIDNIGHT, STEPS), patient=False, **model_variables(server.base_url))


def run_with_kills(checkout: Checkout, server: OfflineServer) -> subprocess.Popen[str]:
    run = start_day(checkout, "killed", server)
    for step in KILLED_AFTER:
        await_that((checkout.storage / "killed" / "movement" / f"{step}.json").exists, run)
        kill(run)
        run = checkout.start(*rest(checkout, "killed", STEPS), patient=False, **model_variables(server.base_url))
    return run


@pytest.fixture(params=["hard", "killed", "malformed"])
def name(request):
    return request.param


@pytest.fixture
def day(hard_days, checkout, name):
    return Day(checkout, name)


def test_a_hard_day_ends_well(hard_days, name):
    code, output = hard_days[name]
    assert code == 0, output
    assert "Traceback" not in output


def test_the_summary_says_how_many_answers_fell_back(hard_days):
    assert re.search(r"Answers that fell back: [1-9]\d* of \d+ \(", hard_days["malformed"][1])


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_of_every_hard_day(day, invariant):
    assert INVARIANTS[invariant](day) == []


@pytest.mark.parametrize("name", ["hard", "killed"])
@pytest.mark.parametrize("sign", SIGNS_OF_LIFE)
def test_a_hard_day_is_simulated_to_its_end(day, sign):
    assert SIGNS_OF_LIFE[sign](day) == []


@pytest.mark.parametrize("words", [PLAYED, REFUSAL, THOUGHT, "<think>", FENCE])
def test_no_failure_refusal_or_thought_of_the_model_is_kept_as_an_answer(day, words):
    files = terminal.files(day.folder)
    assert [file for file, content in files.items() if words.encode() in content] == []


# Killed and resumed, byte for byte


class Gate:
    """A layer that records requests, and from a certain one on holds all until they are let through."""

    def __init__(self, respond: Respond) -> None:
        self.asked: list[Request] = []
        self._respond = respond
        self._first_held = math.inf
        self._open = threading.Event()

    def hold(self, number: int) -> None:
        """Holds the request of this number, 1 for the next, and those after it."""
        self._open.clear()
        self._first_held = len(self.asked) + number

    def is_reached(self) -> bool:
        """Whether that request has come."""
        return len(self.asked) >= self._first_held

    def let_through(self) -> None:
        self._first_held = math.inf
        self._open.set()

    def __call__(self, request: Request) -> Reply:
        if is_check(request):
            return self._respond(request)
        self.asked.append(request)
        if self.is_reached():
            self._open.wait(DEADLINE)
        return self._respond(request)


@pytest.fixture(scope="module")
def gate():
    return Gate(offline_llm.layered())


@pytest.fixture(scope="module")
def server(gate):
    with OfflineServer(0, gate) as running:
        yield running


@pytest.fixture(scope="module")
def undisturbed(checkout, gate, server):
    """The number of requests of an undisturbed morning."""
    before = len(gate.asked)
    code, output = checkout.run(
        *fork("undisturbed", MORNING, MORNING_STEPS), "--lockstep", **model_variables(server.base_url)
    )
    assert code == 0, output
    return len(gate.asked) - before


def files_unlike_the_undisturbed(checkout: Checkout, name: str) -> list[str]:
    """The files that only one of the two has or that differ, except the usage, which is never undone."""
    one, two = (terminal.saved_files(checkout.storage / each, without=SPENT) for each in (name, "undisturbed"))
    return sorted(file for file in {*one, *two} if one.get(file) != two.get(file))


def test_a_run_killed_within_its_steps_ends_like_an_undisturbed_one_and_asks_nothing_twice(
    checkout, gate, server, undisturbed
):
    before = len(gate.asked)
    options = fork("held", MORNING, MORNING_STEPS)
    for number in HELD_REQUESTS:
        gate.hold(number)
        run = checkout.start(*options, *CHECKPOINTS, *ONE_BY_ONE, **model_variables(server.base_url))
        await_that(gate.is_reached, run)
        kill(run)
        gate.let_through()
        options = rest(checkout, "held", MORNING_STEPS)
    code, output = checkout.run(*options, *CHECKPOINTS, *ONE_BY_ONE, **model_variables(server.base_url))
    assert code == 0, output
    assert files_unlike_the_undisturbed(checkout, "held") == []
    assert len(gate.asked) - before == undisturbed + len(HELD_REQUESTS)


@pytest.mark.usefixtures("undisturbed")
def test_a_run_killed_at_any_point_ends_like_an_undisturbed_one(checkout):
    movement = checkout.storage / "struck" / "movement"
    options = fork("struck", MORNING, MORNING_STEPS)
    with offline_llm.start(latency=LATENCY) as server:
        for step in STRUCK_AFTER:
            run = checkout.start(*options, *CHECKPOINTS, **model_variables(server.base_url))
            await_that((movement / f"{step}.json").exists, run)
            kill(run)
            options = rest(checkout, "struck", MORNING_STEPS)
        code, output = checkout.run(*options, *CHECKPOINTS, **model_variables(server.base_url))
    assert code == 0, output
    assert files_unlike_the_undisturbed(checkout, "struck") == []


def test_whispers_of_runs_that_are_killed_become_one_thought_each(checkout):
    folder = checkout.storage / "whispered"
    inbox = events.inbox(folder)
    options = fork("whispered", MORNING, MORNING_STEPS)

    def is_noticed() -> bool:
        return all(terminal.read(file)["step"] is not None for file in inbox.waiting())

    with offline_llm.start(latency=LATENCY) as server:
        for count, step in enumerate(STRUCK_AFTER):
            run = checkout.start(*options, *CHECKPOINTS, **model_variables(server.base_url))
            await_that((folder / "movement" / f"{step}.json").exists, run)
            people = terminal.read(folder / "reverie" / "meta.json")["persona_names"]
            entry = events.Entry(kind="whisper", people=people, texts=[f"There are {step} plums"])
            inbox.leave(entry.model_dump())
            if count % 2:
                await_that(is_noticed, run)
            kill(run)
            options = rest(checkout, "whispered", MORNING_STEPS)
        code, output = checkout.run(*options, *CHECKPOINTS, **model_variables(server.base_url))
    assert code == 0, output
    whispered = sorted((name, f"There are {step} plums") for name in people for step in STRUCK_AFTER)
    record = events.read_record(folder / events.RECORD)
    assert sorted((event["persona"], event["text"]) for event in record) == whispered
    assert inbox.waiting() == []
    day = Day(checkout, "whispered")
    heard = [(name, thought["description"]) for name in people for thought in day.nodes(name, "thought")]
    assert [sum(name == one and text in said for one, said in heard) for name, text in whispered] == [1] * len(
        whispered
    )


# Two at once


def test_a_second_process_is_refused_until_the_first_is_dead(checkout, gate, server):
    gate.hold(5)
    first = checkout.start(*fork("shared", MORNING, 3), **model_variables(server.base_url))
    await_that(gate.is_reached, first)
    code, output = checkout.run("--resume", "shared", "--run", 1, **model_variables(server.base_url))
    assert code == 2
    assert output.endswith("'shared' is open in another process. Close it there first ('fin', or Ctrl-C in a run).\n")
    kill(first)
    gate.let_through()
    code, output = checkout.run("--resume", "shared", "--run", 1, **model_variables(server.base_url))
    assert code == 0, output


# Many at once


def test_with_failures_and_malformed_answers_the_bytes_are_those_of_lockstep(checkout):
    for name, how in (("one", ("--workers", 1, "--lockstep")), ("sixteen", ("--workers", 16))):
        with offline_llm.start(**FAULTS) as server:
            options = (*fork(name, CROWD, CROWDED_STEPS), *how)
            code, output = checkout.run(*options, patient=False, **model_variables(server.base_url))
            assert code == 0, output
    one, sixteen = (terminal.files(checkout.storage / name) for name in ("one", "sixteen"))
    assert sorted(file for file in {*one, *sixteen} - {LEARNED} if one.get(file) != sixteen.get(file)) == []
    assert any(
        moved["chat"] for moved in Day(checkout, "one").read(f"movement/{CROWDED_STEPS - 1}.json")["persona"].values()
    )


# Aborted by Ctrl-C


def test_a_second_ctrl_c_aborts_all_running_requests(checkout, gate, server):
    gate.hold(1)
    before = len(gate.asked)
    run = checkout.start(*fork("cut", MORNING, 3), **model_variables(server.base_url))
    await_that(lambda: len(gate.asked) - before == 3, run)  # everyone plans the day
    run.send_signal(signal.SIGINT)
    while "press Ctrl-C again to abort the step" not in run.stdout.readline():
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    code, output = wait_for_end(run)
    gate.let_through()
    assert code == 130, output
    assert output.endswith(" reverie/backend_server/reverie.py --resume cut --run 3\n")
    assert checkout.run("--resume", "cut", "--run", 3, "--offline")[0] == 0

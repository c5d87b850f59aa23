"""Concurrent requests: their limit, the order of middleware, and how they slow down for an overloaded provider."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from typing import Any

import pytest

from cli import session
from doubles import ASKED, FINE, PATIENCE, Clock, in_threads, reply_immediately
from doubles import error_reply as error
from persona.prompt_template import gpt_structure, llm_config
from persona.prompt_template.budget import ROOM, Budget, estimate
from persona.prompt_template.concurrency import Concurrency, limit_of
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import TIMED_OUT, FatalError, RefusedRequest, TransientError
from persona.prompt_template.trace import Trace
from persona.prompt_template.turns import NotBegun, Turns

BUSY = TransientError("busy")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sixteen(client: Client, clock: Clock) -> Concurrency:
    return Concurrency(16, client, now=clock.now, sleep=clock.sleep)


def answered(limit: Concurrency, times: int = 1) -> None:
    for _ in range(times):
        with limit.turn({}, {}):
            pass


def failed(limit: Concurrency, failure: BaseException = BUSY) -> None:
    with suppress(type(failure)), limit.turn({}, {}):
        raise failure


def in_started_threads(count: int, task: Callable[[], Any]) -> list[threading.Thread]:
    threads = [threading.Thread(target=task, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


# ------------------------------------------------------------------------------------------- The setting


@pytest.mark.parametrize(("setting", "limit"), [("1", 1), ("16", 16), ("016", 16), ("1000", 1000)])
def test_a_limit_is_a_whole_number(setting, limit):
    assert limit_of(setting) == limit


@pytest.mark.parametrize("setting", ["0", "-1", "1.5", "many", "", "1001", "10000", "१६"])
def test_an_invalid_limit_is_refused(setting):
    with pytest.raises(ValueError) as refused:
        limit_of(setting)
    message = "is not a valid number of requests at once; give a whole number from 1 to 1000"
    assert str(refused.value) == f"{setting!r} {message}"


# --------------------------------------------------------------------------------------- Who may begin


@pytest.fixture
def somebody_waits(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a thread waits for a turn."""
    waits, wait = threading.Event(), Turns.wait

    def announced(turns: Turns) -> None:
        waits.set()
        wait(turns)

    monkeypatch.setattr(Turns, "wait", announced)
    return waits


def test_up_to_the_limit_run_at_once_and_the_next_begins_when_one_ends(client, somebody_waits):
    limit, order = Concurrency(2, client), []
    with limit.turn({}, {}):
        with limit.turn({}, {}):
            assert not somebody_waits.is_set()
            (third,) = in_started_threads(1, lambda: (answered(limit), order.append("third")))
            assert somebody_waits.wait(PATIENCE)
            order.append("second is over")
        third.join(PATIENCE)
    assert order == ["second is over", "third"]


@pytest.mark.parametrize("failure", [BUSY, RefusedRequest("no"), FatalError("never"), KeyboardInterrupt()])
def test_a_failed_attempt_frees_its_turn_too(client, failure, clock):
    limit = Concurrency(1, client, now=clock.now, sleep=clock.sleep)
    failed(limit, failure)
    answered(limit)
    assert limit.allowed == 1


# --------------------------------------------------------------------------------------- Slowing down


@pytest.mark.parametrize(
    ("failure", "rest"),
    [
        pytest.param(BUSY, [1], id="turned away, or no connection"),
        pytest.param(TransientError("busy", retry_after=7.0), [7], id="turned away for a time"),
        pytest.param(TransientError("busy", retry_after=7.0, maybe_billed=True), [7], id="a 503 for a time"),
        pytest.param(TransientError("busy", retry_after=0.0), [1], id="for no time"),
        pytest.param(TransientError("odd", maybe_billed=True), [], id="a 5xx"),
        pytest.param(RefusedRequest("no"), [], id="a refused request"),
        pytest.param(FatalError("never"), [], id="a lasting failure"),
    ],
)
def test_a_rejection_delays_the_next_attempt_and_halves_the_limit(failure, rest, sixteen, clock):
    failed(sixteen, failure)
    assert sixteen.allowed == (8 if rest else 16)
    answered(sixteen)
    assert clock.sleeps == rest


@pytest.mark.parametrize(("under_way", "allowed"), [(1, 1), (2, 1), (6, 3), (16, 8)])
def test_late_answers_halve_the_concurrency(under_way, allowed, sixteen):
    """On a server that handles one request after another, most running requests only wait."""
    with ExitStack() as others:
        for _ in range(under_way - 1):
            others.enter_context(sixteen.turn({}, {}))
        failed(sixteen, TransientError("late", kind=TIMED_OUT, maybe_billed=True))
        assert sixteen.allowed == allowed


def test_a_turn_knows_how_long_the_provider_made_it_wait(sixteen, clock):
    failed(sixteen, TransientError("busy", retry_after=7.0))
    with sixteen.turn({}, {}) as turn:
        assert turn.paused == 7


@pytest.mark.parametrize(
    ("attempts", "allowed", "sleeps"),
    [
        pytest.param("fffffffa", [8, 4, 2, 1, 1, 1, 1], [1, 2, 4, 8, 16, 32, 32], id="the limit stays above zero"),
        pytest.param("ffafa", [8, 4, 2], [1, 2, 1], id="after an answer the pauses start small again"),
    ],
)
def test_every_failure_halves_the_limit_and_doubles_the_pause(attempts, allowed, sleeps, sixteen, clock):
    seen = []
    for attempt in attempts:
        if attempt == "f":
            failed(sixteen)
            seen.append(sixteen.allowed)
        else:
            answered(sixteen)
    assert (seen, clock.sleeps) == (allowed, sleeps)


def test_only_the_rest_of_a_pause_is_waited_for(sixteen, clock):
    failed(sixteen, TransientError("busy", retry_after=7.0))
    clock.time += 5
    answered(sixteen)
    clock.time += 100
    answered(sixteen)
    assert clock.sleeps == [2]


def test_a_sleep_that_ends_early_is_not_repeated(client, clock):
    naps: list[float] = []
    limit = Concurrency(16, client, now=clock.now, sleep=naps.append)
    failed(limit)
    answered(limit)
    assert naps == [1]


def test_failures_under_the_same_load_slow_down_once_but_every_retry_after_counts(sixteen, clock):
    first, second, third = (sixteen.turn({}, {}) for _ in range(3))
    for attempt in (first, second, third):
        attempt.__enter__()
    for attempt, failure in ((first, BUSY), (second, BUSY), (third, TransientError("busy", retry_after=9.0))):
        attempt.__exit__(type(failure), failure, None)
    assert sixteen.allowed == 8
    answered(sixteen)
    assert clock.sleeps == [9]


def test_the_limit_grows_by_one_after_as_many_answers_up_to_the_configured_limit(sixteen):
    failed(sixteen)
    failed(sixteen)
    failed(sixteen)
    allowed = []
    for round_of in (2, 3, 4):
        answered(sixteen, round_of - 1)
        allowed.append(sixteen.allowed)
        answered(sixteen)
    answered(sixteen, 1_000)
    assert allowed == [2, 3, 4]
    assert sixteen.allowed == 16


def test_an_answer_to_an_earlier_request_does_not_raise_the_limit(sixteen):
    with sixteen.turn({}, {}):
        for _ in range(4):
            failed(sixteen)
    assert sixteen.allowed == 1
    answered(sixteen)
    assert sixteen.allowed == 2


def test_a_very_long_pause_is_left_to_the_retries(sixteen, clock):
    failed(sixteen, TransientError("busy", retry_after=90.0))
    with pytest.raises(TransientError, match="OpenAI asked for a pause of 90 s") as passing:
        answered(sixteen)
    assert (passing.value.retry_after, passing.value.maybe_billed, clock.sleeps) == (90, False, [])
    clock.time += 90
    answered(sixteen)
    assert sixteen.allowed == 8


# ---------------------------------------------------------------------------------------- Breaking off


def test_a_wait_for_a_turn_can_be_aborted(client, somebody_waits):
    limit, ended = Concurrency(1, client), []

    def come() -> None:
        try:
            answered(limit)
        except NotBegun:
            ended.append("not begun")

    with limit.turn({}, {}):
        threads = in_started_threads(3, come)
        assert somebody_waits.wait(PATIENCE)
        client.break_off()
        for thread in threads:
            thread.join(PATIENCE)
    assert ended == ["not begun"] * 3
    client.go_on()
    answered(limit)


def test_a_pause_requested_by_the_provider_can_be_aborted(client, clock):
    limit = Concurrency(2, client, now=clock.now)
    failed(limit)
    client.break_off()
    with pytest.raises(NotBegun):
        answered(limit)


def test_an_aborted_request_stays_reserved_but_a_waiting_one_does_not(client, serve, monkeypatch):
    two_are_here, answer_now, ended = threading.Barrier(3), threading.Event(), list[Any]()

    def reply(handler: Any, body: bytes) -> None:
        if ended or budget.spent:
            two_are_here.wait(PATIENCE)
            answer_now.wait(PATIENCE)
        reply_immediately(handler, body)

    def ask() -> None:
        try:
            client.chat(ASKED)
        except KeyboardInterrupt:
            ended.append("broken off")

    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_API_BASE", serve(reply).base)
    llm_config.init_llm_api()
    budget = Budget(Decimal(1), client)
    budget.install()
    client.middleware.append(Concurrency(2, client).turn)
    client.chat(ASKED)
    threads = in_started_threads(16, ask)
    two_are_here.wait(PATIENCE)
    client.break_off()
    for thread in threads:
        thread.join(PATIENCE)
    answer_now.set()
    assert ended == ["broken off"] * 16
    request = {"model": "gpt-4o-mini", "messages": ASKED, "max_tokens": ROOM}
    assert budget.unknown == 2 * estimate(request).usd


# ---------------------------------------------------------------------------------------- The middleware


def test_the_attempts_of_a_run_wait_inside_its_budget_and_the_trace_does_not_count_that(tmp_path):
    with session.client(Decimal(1), 4, Trace(tmp_path / "trace.jsonl")) as client:
        order = [middleware.__qualname__ for middleware in client.middleware]
    assert order == ["Budget.reserve", "Concurrency.turn", "Trace.attempt"]


# ------------------------------------------------------------------------------ Against a server, 16 threads


class Crowd:
    """The concurrent requests that a server sees."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            yield
        finally:
            with self._lock:
                self.now -= 1


def test_sixteen_threads_keep_to_the_limit_and_use_it(client, serve):
    crowd, four = Crowd(), threading.Barrier(4)

    def reply(handler: Any, body: bytes) -> None:
        with crowd.one():
            four.wait(PATIENCE)
        reply_immediately(handler, body)

    serve(reply)
    client.middleware.append(Concurrency(4, client).turn)
    assert in_threads(16, lambda: client.chat(ASKED)) == ["fine"] * 16
    assert crowd.most == 4


def test_a_429_slows_all_sixteen_threads(client, serve, clock, sixteen, pauses):
    crowd, all_at_once, begun = Crowd(), threading.Barrier(16), []

    def reply(handler: Any, body: bytes) -> None:
        begun.append(clock.now())
        if len(begun) <= 16:
            is_turned_away = all_at_once.wait(PATIENCE) == 0
            if not is_turned_away:
                return reply_immediately(handler, body)
            handler.send_response(429)
            handler.send_header("Retry-After", "7")
            handler.send_header("Content-Length", "0")
            return handler.end_headers()
        with crowd.one():
            return reply_immediately(handler, body)

    serve(reply)
    client.middleware.append(sixteen.turn)
    assert in_threads(16, lambda: client.chat(ASKED)) == ["fine"] * 16
    assert pauses == [7], "the thread that failed"
    assert in_threads(16, lambda: client.chat(ASKED)) == ["fine"] * 16
    assert min(begun[16:]) >= 7, "all others"
    assert crowd.most <= 10


def test_counting_does_not_wait_for_the_price_list(openrouter, monkeypatch):
    llm_config.ensure_initialised()
    asked, list_is_here, fetched = threading.Event(), threading.Event(), []

    def fetch(url: str) -> dict[str, Any]:
        fetched.append(url)
        asked.set()
        list_is_here.wait(2 * PATIENCE)  # longer than the test waits for who counts
        return {}

    monkeypatch.setattr(llm_config, "_fetch_prices", fetch)
    threads = in_started_threads(16, lambda: llm_config.list_price("acme/new"))
    assert asked.wait(PATIENCE)
    (counting,) = in_started_threads(1, lambda: llm_config.count_question("small talk"))
    counting.join(PATIENCE)
    assert not counting.is_alive()
    list_is_here.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(fetched) == 1


def test_waiting_for_a_turn_is_not_counted_as_trying(client, openrouter, replies, monkeypatch):
    monkeypatch.setenv("LLM_RETRY_SECONDS", "30")
    hours = [0.0]
    monkeypatch.setattr(gpt_structure.time, "monotonic", lambda: hours[0])

    @contextmanager
    def slow_to_enter(request: Any, labels: Any) -> Iterator[Callable[..., None]]:
        hours[0] += 3_600
        yield lambda answer, cost: None

    replies(error(429), FINE)
    client.middleware.append(slow_to_enter)
    assert client.chat(ASKED) == "fine"

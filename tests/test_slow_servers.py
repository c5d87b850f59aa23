"""Servers that are slow, answer one request after the other, or allow few: waiting for one's turn is no failure."""

from __future__ import annotations

import select
import socket
import threading
import time

import pytest

import doubles
from doubles import Server, at_once
from doubles import error_reply as error
from persona.prompt_template import gpt_structure, llm_config
from persona.prompt_template.concurrency import Concurrency

pytestmark = pytest.mark.slow

ASKED = [{"role": "user", "content": "How are you?"}]
CHAT = "https://openrouter.ai/api/v1/chat/completions"
FINE = {"json": doubles.chat_answer("fine")}
PATIENCE = 10  # seconds that a test waits for a thread before it fails


@pytest.fixture
def serve(monkeypatch):
    servers = []

    def start(reply):
        servers.append(Server(reply))
        monkeypatch.setenv("OPENAI_API_KEY", "ollama")
        monkeypatch.setenv("OPENAI_API_BASE", servers[-1].base)
        llm_config.init_llm_api()
        return servers[-1]

    yield start
    for server in servers:
        server.close()


class OneAfterTheOther:
    """A reply of a server that works on one request at a time, and drops those whose client has hung up."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.hung_up = threading.Event()
        self._turn = threading.Lock()

    def __call__(self, handler, body):
        with self._turn:
            until = time.monotonic() + self.seconds
            while time.monotonic() < until:
                if self._is_gone(handler.connection):
                    handler.close_connection = True
                    self.hung_up.set()
                    return
                time.sleep(0.01)
        at_once(handler, body)

    def _is_gone(self, connection):
        return bool(select.select([connection], [], [], 0)[0]) and not connection.recv(1, socket.MSG_PEEK)


def ask_together(client, count):
    said = []
    threads = [threading.Thread(target=lambda: said.append(client.chat(ASKED))) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return said


def test_requests_that_only_waited_in_the_servers_queue_are_not_failures(client, serve, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "1")
    monkeypatch.setenv("LLM_RETRY_SECONDS", "2")  # which two tries would use up
    monkeypatch.setattr(gpt_structure, "_jitter", type("Fast", (), {"uniform": lambda self, low, high: 0.1})())
    serve(OneAfterTheOther(0.2))
    client.middleware.append(Concurrency(16, client, sleep=lambda seconds: None).turn)
    assert ask_together(client, 10) == ["fine"] * 10


def test_the_time_for_an_answer_grows_with_what_the_server_needs(client, serve, monkeypatch, pauses):
    monkeypatch.setattr(gpt_structure, "_FIRST_DEADLINE", 0.2)
    client = gpt_structure.Client()
    serve(OneAfterTheOther(0.5))
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 2
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 2


def test_a_time_that_is_set_does_not_grow(client, monkeypatch):
    client = client
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "7")
    client.patience.note_late(gpt_structure._Request("any", {}, {}), 7)
    assert client.patience.deadline() == 7


def test_the_time_for_an_answer_is_bounded_as_long_as_there_was_none(client):
    client = client
    for _ in range(20):
        client.patience.note_late(gpt_structure._Request("any", {}, {}), client.patience.deadline())
    assert client.patience.deadline() == 120


def test_answers_that_are_late_together_lengthen_the_time_once(client):
    client = client
    for _ in range(16):
        client.patience.note_late(gpt_structure._Request("any", {}, {}), 60)
    assert client.patience.deadline() == 120


def test_the_connection_is_closed_at_the_deadline(client, serve, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.1")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    reply = OneAfterTheOther(PATIENCE)
    serve(reply)
    with pytest.raises(llm_config.FatalError):
        client.chat(ASKED)
    assert reply.hung_up.wait(PATIENCE)


def test_a_try_that_took_its_whole_time_does_not_use_up_the_time_for_all(client, serve, monkeypatch, pauses):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.2")
    monkeypatch.setenv("LLM_RETRY_SECONDS", "20")
    asked = []

    def late_three_times(handler, body):
        asked.append(body)
        if len(asked) <= 3:
            time.sleep(0.4)
        at_once(handler, body)

    serve(late_three_times)
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 3


# Limits


@pytest.fixture
def openrouter(monkeypatch, wire):
    monkeypatch.setenv("OPENROUTER_API_KEY", "or-key-for-tests")


NOW = 1_790_000_000
RESET = {"headers": {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0"}}


def resetting(at):
    return {"headers": {**RESET["headers"], "X-RateLimit-Reset": str(at)}}


DELAYS = {
    "milliseconds since 1970": error(429, "free-models-per-min.", metadata=resetting((NOW + 42) * 1000)),
    "seconds since 1970": error(429, "slow down", metadata=resetting(NOW + 42)),
    "seconds": error(429, "slow down", metadata=resetting(42)),
    "Google's": error(
        429, "quota", details=[{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "42s"}]
    ),
    "in words": error(429, "Rate limit reached. Please try again in 42s."),
    "in milliseconds": error(429, "Rate limit reached. Please try again in 42000ms."),
    "in a list": {"status": 429, "json": [{"error": {"message": "slow down", "details": [{"retryDelay": "42s"}]}}]},
}


@pytest.mark.parametrize("reply", DELAYS.values(), ids=DELAYS)
def test_a_limit_is_waited_for_as_long_as_the_server_says(client, reply, openrouter, wire, pauses, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOW)
    wire.post(CHAT, **reply)
    wire.post(CHAT, **FINE)
    assert client.chat(ASKED) == "fine"
    assert pauses == [pytest.approx(42)]


TODAY = {
    "with its end": error(429, "free-models-per-day", metadata=resetting((NOW + 9 * 3600) * 1000)),
    "a long wait": error(429, "Rate limit reached. Please try again in 9h0m0s."),
}


@pytest.mark.parametrize("reply", TODAY.values(), ids=TODAY)
def test_a_limit_that_ends_in_hours_stops_the_run_at_once_and_says_when(
    client, reply, openrouter, wire, pauses, monkeypatch
):
    monkeypatch.setattr(time, "time", lambda: NOW)
    wire.post(CHAT, **reply)
    with pytest.raises(llm_config.FatalError, match=r"The limit ends at 20\d\d-.* \(in 9 h 0 min\)"):
        client.chat(ASKED)
    assert pauses == []


def test_a_daily_limit_without_an_end_stops_the_run_at_once_too(client, openrouter, wire, pauses):
    wire.post(CHAT, **error(429, "You have reached your daily limit"))
    with pytest.raises(
        llm_config.FatalError, match="OpenRouter has reached a daily limit .429: You have reached your daily limit"
    ):
        client.chat(ASKED)
    assert pauses == []

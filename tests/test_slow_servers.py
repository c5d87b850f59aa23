"""Servers that are slow, answer one request after another, or allow few: waiting in a queue is not a failure."""

from __future__ import annotations

import select
import socket
import threading
import time

import pytest

from doubles import ASKED, PATIENCE, in_threads, reply_immediately
from persona.prompt_template import gpt_structure, llm_config
from persona.prompt_template.concurrency import Concurrency

pytestmark = pytest.mark.slow


class OneAfterTheOther:
    """A reply of a server that handles one request at a time, and drops those of disconnected clients."""

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
        reply_immediately(handler, body)

    def _is_gone(self, connection):
        return bool(select.select([connection], [], [], 0)[0]) and not connection.recv(1, socket.MSG_PEEK)


def test_waiting_in_the_queue_of_the_server_is_not_a_failure(client, serve, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "1")
    monkeypatch.setenv("LLM_RETRY_SECONDS", "2")  # which two tries would use up
    monkeypatch.setattr(gpt_structure, "_jitter", type("Fast", (), {"uniform": lambda self, low, high: 0.1})())
    serve(OneAfterTheOther(0.2))
    client.middleware.append(Concurrency(16, client, sleep=lambda seconds: None).turn)
    assert in_threads(10, lambda: client.chat(ASKED)) == ["fine"] * 10


def test_the_timeout_grows_with_the_time_the_server_needs(client, serve, monkeypatch, pauses):
    monkeypatch.setattr(gpt_structure, "_FIRST_DEADLINE", 0.2)
    client = gpt_structure.Client()
    serve(OneAfterTheOther(0.5))
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 2
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("set_to", "lates", "deadline"),
    [
        pytest.param("7", [7], 7, id="a time that is set does not grow"),
        pytest.param("", [60, 120, 120, 120], 120, id="it is bounded as long as there was no answer"),
        pytest.param("", [60] * 16, 120, id="answers that are late together lengthen it once"),
    ],
)
def test_the_timeout_of_an_answer(client, set_to, lates, deadline, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", set_to)
    for had in lates:
        client.patience.note_late(gpt_structure._Request("any", {}, {}), had)
    assert client.patience.deadline() == deadline


def test_the_connection_is_closed_at_the_deadline(client, serve, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.1")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    reply = OneAfterTheOther(PATIENCE)
    serve(reply)
    with pytest.raises(llm_config.FatalError):
        client.chat(ASKED)
    assert reply.hung_up.wait(PATIENCE)


def test_one_timed_out_try_does_not_use_up_the_time_for_all_tries(client, serve, monkeypatch, pauses):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.2")
    monkeypatch.setenv("LLM_RETRY_SECONDS", "20")
    asked = []

    def late_three_times(handler, body):
        asked.append(body)
        if len(asked) <= 3:
            time.sleep(0.4)
        reply_immediately(handler, body)

    serve(late_three_times)
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 3

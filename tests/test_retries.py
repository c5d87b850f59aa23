"""Trying again: how often, after which pauses, what is said and what is counted meanwhile."""

from __future__ import annotations

import json
import threading
import time
from email.utils import formatdate

import openai
import pytest

import doubles
from doubles import error_reply as error
from persona.prompt_template import gpt_structure, llm_config

KEY = "or-key-for-tests"
CHAT = "https://openrouter.ai/api/v1/chat/completions"
NOON = 1_714_996_800
ASKED = [{"role": "user", "content": "How are you?"}]
FINE = {"json": doubles.chat_answer("fine")}
BUSY = error(402, "wait", metadata={"reason": "in_flight_budget_exhausted"})


@pytest.fixture(autouse=True)
def openrouter(monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)


@pytest.fixture
def no_jitter(monkeypatch):
    monkeypatch.setattr(gpt_structure, "_jitter", type("Steady", (), {"uniform": lambda self, low, high: high})())


def test_six_retries_with_growing_pauses_then_the_failure_lasts(client, wire, pauses, no_jitter):
    for _ in range(7 + 1):  # one of them to something short, to see whether this prompt is to blame
        wire.post(CHAT, **error(500, "upstream"))
    with pytest.raises(llm_config.FatalError) as failed:
        client.chat(ASKED)
    assert pauses == [1, 2, 4, 8, 16, 32]
    assert failed.value.what == "OpenRouter did not answer (500: upstream). Given up after 7 tries."
    assert "LLM_MAX_RETRIES" in failed.value.remedy


def test_the_number_of_retries_is_set_by_its_variable(client, wire, pauses, monkeypatch):
    monkeypatch.setenv("LLM_MAX_RETRIES", "1")
    wire.post(CHAT, **error(500))
    wire.post(CHAT, **error(500))
    wire.post(CHAT, **error(500))
    with pytest.raises(llm_config.FatalError, match="after 2 tries"):
        client.chat(ASKED)
    assert len(pauses) == 1


def test_a_pause_that_would_pass_the_time_for_retries_is_not_begun(client, wire, pauses, monkeypatch):
    monkeypatch.setenv("LLM_RETRY_SECONDS", "30")
    wire.post(CHAT, **error(429), headers={"Retry-After": "31"})
    with pytest.raises(llm_config.FatalError, match=r"The limit ends at .* \(in 31 s\)"):
        client.chat(ASKED)
    assert pauses == []


@pytest.mark.parametrize("status", [402, 429, 503])
def test_retry_after_is_honoured(client, status, wire, pauses):
    reply = BUSY if status == 402 else error(status)
    wire.post(CHAT, **reply, headers={"retry-after": "7"})
    wire.post(CHAT, **FINE)
    client.chat(ASKED)
    assert pauses == [7]


@pytest.mark.parametrize("value", ["0", "-3", "soon", "inf", "nan", "", "Mon, 99 May 2024 12:00:00 GMT"])
def test_a_retry_after_that_is_no_wait_leaves_it_to_the_usual_pause(client, value, wire, pauses, no_jitter):
    wire.post(CHAT, **error(429), headers={"Retry-After": value})
    wire.post(CHAT, **FINE)
    client.chat(ASKED)
    assert pauses == [1]


@pytest.mark.parametrize(("seconds", "paused"), [(90, 90), (-90, 1)])
def test_a_retry_after_may_be_a_date(client, seconds, paused, wire, pauses, no_jitter, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOON)
    wire.post(CHAT, **error(503), headers={"Retry-After": formatdate(NOON + seconds, usegmt=True)})
    wire.post(CHAT, **FINE)
    client.chat(ASKED)
    assert pauses == [paused]


def test_a_wait_of_more_than_five_seconds_is_announced(client, wire, capsys):
    wire.post(CHAT, **error(429, "busy"), headers={"Retry-After": "5"})
    wire.post(CHAT, **error(429, "busy"), headers={"Retry-After": "12"})
    wire.post(CHAT, **FINE)
    client.chat(ASKED)
    assert capsys.readouterr().err == "OpenRouter did not answer (429: busy). Trying again in 12 s.\n"


def test_pauses_do_not_touch_the_random_numbers_of_others(client, wire):
    wire.post(CHAT, **error(500))
    wire.post(CHAT, **FINE)
    before = gpt_structure.random.getstate()
    client.chat(ASKED)
    assert gpt_structure.random.getstate() == before


def test_every_answer_that_came_is_counted_and_no_failure(client, ledger, wire):
    for reply in (error(500), {"json": {"error": {"message": "busy"}}}, FINE):
        wire.post(CHAT, **reply)
    client.chat(ASKED)
    assert llm_config.get_usage_stats()["requests"] == 1
    assert ledger.counts["unmetered"] == {}


def test_threads_share_the_seam(client, monkeypatch):
    monkeypatch.setattr(openai.ChatCompletion, "create", lambda **_: doubles.chat_answer("fine"))
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.extend(client.chat(ASKED) for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["fine"] * 400
    assert llm_config.get_usage_stats()["requests"] == 400


def test_the_wire_carries_the_key_and_the_headers(client, wire):
    posted = wire.post(CHAT, **FINE)
    client.chat(ASKED)
    sent = posted.calls[0].request
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert sent.headers["X-Title"] == "Generative Agents Simulation"
    assert set(json.loads(sent.body)) == {"model", "messages"}

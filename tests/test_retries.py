"""Retries: how often, after which pauses, their messages, and what is counted."""

from __future__ import annotations

import json
import time
from email.utils import formatdate

import pytest

from doubles import ASKED, FINE, KEY, in_threads
from doubles import error_reply as error
from persona.prompt_template import gpt_structure, llm_config

NOON = 1_714_996_800
pytestmark = pytest.mark.usefixtures("openrouter")


@pytest.fixture
def no_jitter(monkeypatch):
    monkeypatch.setattr(gpt_structure, "_jitter", type("Steady", (), {"uniform": lambda self, low, high: high})())


def test_after_six_retries_with_growing_pauses_the_failure_is_fatal(client, replies, pauses, no_jitter):
    replies(*[error(500, "upstream")] * (7 + 1))  # one to something short, to see whether this prompt is to blame
    with pytest.raises(llm_config.FatalError) as failed:
        client.chat(ASKED)
    assert pauses == [1, 2, 4, 8, 16, 32]
    assert failed.value.what == "OpenRouter did not answer (500: upstream). Gave up after 7 tries."
    assert "LLM_MAX_RETRIES" in failed.value.remedy


def test_the_number_of_retries_is_set_by_its_variable(client, replies, pauses, monkeypatch):
    monkeypatch.setenv("LLM_MAX_RETRIES", "1")
    replies(*[error(500)] * 3)
    with pytest.raises(llm_config.FatalError, match="after 2 tries"):
        client.chat(ASKED)
    assert len(pauses) == 1


def test_a_pause_beyond_the_time_for_retries_is_not_started(client, replies, pauses, monkeypatch):
    monkeypatch.setenv("LLM_RETRY_SECONDS", "30")
    replies(error(429, retry_after="31"))
    with pytest.raises(llm_config.FatalError, match=r"The limit ends at .* \(in 31 s\)"):
        client.chat(ASKED)
    assert pauses == []


def resetting(at):
    return {"headers": {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(at)}}


RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "42s"}
NOT_A_WAIT = ["0", "-3", "soon", "inf", "nan", "", "Mon, 99 May 2024 12:00:00 GMT"]
WAITS = {
    "402": (error(402, "wait", retry_after="7", metadata={"reason": "in_flight_budget_exhausted"}), 7),
    **{str(status): (error(status, retry_after="7"), 7) for status in (429, 503)},
    "a date": (error(503, retry_after=formatdate(NOON + 90, usegmt=True)), 90),
    "a date that is past": (error(503, retry_after=formatdate(NOON - 90, usegmt=True)), 1),
    **{f"not a wait: {text}": (error(429, retry_after=text), 1) for text in NOT_A_WAIT},
    "milliseconds since 1970": (error(429, "free-models-per-min.", metadata=resetting((NOON + 42) * 1000)), 42),
    "seconds since 1970": (error(429, "slow down", metadata=resetting(NOON + 42)), 42),
    "seconds": (error(429, "slow down", metadata=resetting(42)), 42),
    "Google's": (error(429, "quota", details=[RETRY_INFO]), 42),
    "in words": (error(429, "Rate limit reached. Please try again in 42s."), 42),
    "in milliseconds": (error(429, "Rate limit reached. Please try again in 42000ms."), 42),
    "in a list": ({"status": 429, "json": [{"error": {"message": "slow down", "details": [RETRY_INFO]}}]}, 42),
}


@pytest.mark.parametrize(("reply", "paused"), WAITS.values(), ids=WAITS)
def test_the_next_try_waits_as_long_as_the_server_asks(client, reply, paused, replies, pauses, no_jitter, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOON)
    replies(reply, FINE)
    client.chat(ASKED)
    assert pauses == [pytest.approx(paused)]


IN_HOURS = r"The limit ends at 20\d\d-.* \(in 9 h 0 min\)"
TODAY = {
    "with its end": (error(429, "free-models-per-day", metadata=resetting((NOON + 9 * 3600) * 1000)), IN_HOURS),
    "a long wait": (error(429, "Rate limit reached. Please try again in 9h0m0s."), IN_HOURS),
    "without an end": (error(429, "Your daily limit"), "OpenRouter has reached a daily limit .429: Your daily limit"),
}


@pytest.mark.parametrize(("reply", "message"), TODAY.values(), ids=TODAY)
def test_a_rate_limit_of_hours_stops_the_run_at_once(client, reply, message, replies, pauses, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOON)
    replies(reply)
    with pytest.raises(llm_config.FatalError, match=message):
        client.chat(ASKED)
    assert pauses == []


def test_a_wait_of_more_than_five_seconds_is_announced(client, replies, capsys):
    replies(error(429, "busy", retry_after="5"), error(429, "busy", retry_after="12"), FINE)
    client.chat(ASKED)
    assert capsys.readouterr().err == "OpenRouter did not answer (429: busy). Trying again in 12 s.\n"


def test_pauses_do_not_use_the_global_random_generator(client, replies):
    replies(error(500), FINE)
    before = gpt_structure.random.getstate()
    client.chat(ASKED)
    assert gpt_structure.random.getstate() == before


def test_every_answer_is_counted_and_no_failure(client, ledger, replies):
    replies(error(500), {"json": {"error": {"message": "busy"}}}, FINE)
    client.chat(ASKED)
    assert llm_config.get_usage_stats()["requests"] == 1
    assert ledger.counts["unmetered"] == {}


def test_threads_share_a_client(client, chat):
    chat(FINE["json"])
    assert in_threads(8, lambda: [client.chat(ASKED) for _ in range(50)]) == [["fine"] * 50] * 8
    assert llm_config.get_usage_stats()["requests"] == 400


def test_requests_have_the_key_and_the_headers(client, wire, replies):
    replies(FINE)
    client.chat(ASKED)
    sent = wire.calls[0].request
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert sent.headers["X-Title"] == "Generative Agents Simulation"
    assert set(json.loads(sent.body)) == {"model", "messages"}

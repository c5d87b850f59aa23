"""The connection under the client, against a server on this machine: deadline, proxies, netrc, dead ports."""

from __future__ import annotations

import queue
import threading
from typing import Any

import openai
import pytest
import requests

from doubles import ASKED, PATIENCE, reply_immediately
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import ProviderSession


@pytest.fixture
def released():
    """Set at the end of the test, so that replies that wait for it end."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.slow
@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_trickling_answer_ends_at_the_timeout(client, part, serve, released, monkeypatch):
    def trickle(handler, body):
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
        while not released.wait(0.02):
            handler.wfile.write(b"H" if part == "headers" else b" ")

    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.3")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    serve(trickle)
    with pytest.raises(llm_config.FatalError, match="no complete answer in time; LLM_TIMEOUT_SECONDS"):
        client.chat(ASKED)


def test_an_answer_that_starts_with_blank_lines_is_read(client, serve):
    serve(lambda handler, body: reply_immediately(handler, b"\n\n  " + body))
    assert client.chat(ASKED) == "fine"


def test_a_truncated_body_is_tried_again(client, serve, pauses):
    replies = []

    def break_off_once(handler, body):
        replies.append(body)
        if len(replies) > 1:
            return reply_immediately(handler, body)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:20])
        handler.close_connection = True
        return None

    serve(break_off_once)
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_server_on_this_machine_is_never_asked_through_a_proxy(client, variable, serve, monkeypatch):
    monkeypatch.setenv(variable, "http://proxy.test:3128")
    serve()
    assert client.chat(ASKED) == "fine"


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://openrouter.ai/api/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_other_servers_are_asked_through_the_configured_proxy(url, direct, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    proxies = ProviderSession().merge_environment_settings(url, {}, None, None, None)["proxies"]
    assert bool(proxies) is not direct


@pytest.mark.parametrize("given", ["http://proxy.test:1", {"https": "http://proxy.test:1"}])
def test_a_proxy_given_to_the_client_is_kept(given, monkeypatch):
    monkeypatch.setattr(openai, "proxy", given)
    assert ProviderSession().proxies["https"] == "http://proxy.test:1"


def test_a_netrc_does_not_replace_the_key(client, serve, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve()
    client.chat(ASKED)
    assert [headers["Authorization"] for _, headers, _ in server.requests] == ["Bearer offline"]


def test_a_server_that_has_never_answered_is_named_within_seconds(client, monkeypatch, pauses):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    message = "127.0.0.1:9 did not answer .no connection: Connection re.* Start the server, .* correct OPENAI_API_BASE"
    with pytest.raises(llm_config.FatalError, match=message):
        client.chat(ASKED)
    assert sum(pauses) <= 3


def test_a_session_given_to_the_client_is_kept(client, serve, monkeypatch):
    mine = requests.Session()
    monkeypatch.setattr(openai, "requestssession", mine)
    serve()
    assert client.chat(ASKED) == "fine"
    assert openai.requestssession is mine


# ------------------------------------------------------------------------------------------ Breaking off


@pytest.fixture
def exchanges(monkeypatch):
    """The final result of each exchange with the server: None, or the exception that ended its thread."""
    ends: queue.Queue[Any] = queue.Queue()
    exchange = ProviderSession._exchange

    def watched(*given):
        try:
            ends.put(exchange(*given))
        except BaseException as failure:
            ends.put(failure)

    monkeypatch.setattr(ProviderSession, "_exchange", watched)
    return ends


def is_broken_off(client, task, waits):
    """Whether the task, once it waits, ends with a KeyboardInterrupt when the client aborts it."""
    raised = []

    def run():
        try:
            task()
        except BaseException as failure:
            raised.append(type(failure))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert waits.wait(PATIENCE)
    client.break_off()
    thread.join(PATIENCE)
    return raised == [KeyboardInterrupt]


def test_an_aborted_request_ends_at_once_and_its_answer_is_dropped(client, serve, exchanges):
    came, answer_now = threading.Event(), threading.Event()

    def in_time(handler, body):
        came.set()
        answer_now.wait(PATIENCE)
        reply_immediately(handler, body)

    serve(in_time)
    assert is_broken_off(client, lambda: client.chat(ASKED), came)
    answer_now.set()
    assert exchanges.get(timeout=PATIENCE) is None
    assert llm_config.get_usage_stats()["requests"] == 0


def test_nothing_is_sent_before_it_may_go_on(client, serve):
    server = serve()
    client.break_off()
    with pytest.raises(KeyboardInterrupt):
        client.chat(ASKED)
    assert server.requests == []
    client.go_on()
    assert client.chat(ASKED) == "fine"


def test_an_aborted_pause_ends_at_once(client, monkeypatch):
    waits = threading.Event()

    class Told(set):
        def add(self, future):
            super().add(future)
            waits.set()

    monkeypatch.setattr(client, "_awaited", Told())
    assert is_broken_off(client, lambda: client.pause(1_000), waits)


def test_a_pause_ends_after_its_time(client):
    assert client.pause(0.001) is None

"""The mock model server: the wire of the API, its errors, layers and command line (its words: `test_mock_llm`)."""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
import requests

import offline_llm
from offline_llm import OfflineServer

DEAD_PROXY = "http://127.0.0.1:9"
TIMEOUT = 5


@pytest.fixture(scope="module")
def server() -> Iterator[OfflineServer]:
    with offline_llm.start() as running:
        yield running


@pytest.fixture(autouse=True)
def _a_proxy_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, DEAD_PROXY)


@pytest.fixture
def direct() -> Iterator[requests.Session]:
    """A session without a proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def post(direct: requests.Session, server: OfflineServer) -> Callable[..., requests.Response]:
    """Sends a body (JSON-ready, or as it is) to a path of the server, or of another one."""

    def send(path: str, body: Any, to: OfflineServer = server) -> requests.Response:
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return direct.post(f"{to.base_url}/{path}", data=data, timeout=TIMEOUT)

    return send


def chat(text: Any) -> dict[str, Any]:
    return {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}


# Chat


def test_a_chat_answer_has_the_format_of_the_api_and_its_usage_by_length(post):
    answer = post("chat/completions", chat("12345678 9")).json()
    (choice,) = answer["choices"]
    assert (answer["model"], choice["message"]["role"], choice["finish_reason"]) == ("offline", "assistant", "stop")
    assert choice["message"]["content"]
    assert answer["usage"]["prompt_tokens"] == 3
    assert answer["usage"]["total_tokens"] == 3 + answer["usage"]["completion_tokens"]


def test_the_same_request_gets_the_same_bytes_from_every_server(post):
    with offline_llm.start() as another:
        same = post("chat/completions", chat("yes or no?"), another).content
    assert post("chat/completions", chat("yes or no?")).content == same


def test_a_message_may_come_in_parts(post):
    parts = [{"type": "text", "text": "Answer with"}, {"type": "text", "text": "yes or no."}]
    assert post("chat/completions", chat(parts)).json()["choices"][0]["message"]["content"] == "yes"


def test_the_openai_client_gets_an_answer(monkeypatch: pytest.MonkeyPatch, direct, server):
    monkeypatch.setattr(openai, "requestssession", direct)
    answer = openai.ChatCompletion.create(
        api_key="offline", api_base=server.base_url, request_timeout=TIMEOUT, **chat("yes or no?")
    )
    assert answer["choices"][0]["message"]["content"] == "yes"


# Embeddings


def test_embeddings_come_in_the_order_of_the_texts(post):
    one = post("embeddings", {"model": "m", "input": "tea"}).json()
    both = post("embeddings", {"model": "m", "input": ["coffee", "tea"]}).json()
    assert [item["index"] for item in both["data"]] == [0, 1]
    assert both["data"][1]["embedding"] == one["data"][0]["embedding"]
    assert both["usage"]["prompt_tokens"] == both["usage"]["total_tokens"] == 3


def test_an_embedding_in_base64_holds_the_same_numbers(post):
    asked = {"model": "m", "input": "a walk by the river"}
    plain, packed = (
        post("embeddings", {**asked, **form}).json()["data"][0]["embedding"]
        for form in ({}, {"encoding_format": "base64"})
    )
    assert struct.unpack(f"<{len(plain)}f", base64.b64decode(packed)) == pytest.approx(plain, abs=1e-6)


# Models and errors


def test_the_models_are_listed(direct, server):
    listed = direct.get(f"{server.base_url}/models", timeout=TIMEOUT).json()
    assert [model["id"] for model in listed["data"]] == ["offline"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("chat/completions", "{not json"),
        ("chat/completions", b"\xff\xfe"),
        ("chat/completions", []),
        ("chat/completions", {"messages": [{"role": "user", "content": "x"}]}),
        ("chat/completions", {"model": "m"}),
        ("chat/completions", {"model": "m", "messages": []}),
        ("chat/completions", {"model": "m", "messages": ["x"]}),
        ("chat/completions", chat(5)),
        ("chat/completions", {**chat("x"), "stream": True}),
        ("embeddings", {"model": "m"}),
        ("embeddings", {"model": "m", "input": []}),
        ("embeddings", {"model": "m", "input": [1, 2]}),
        ("embeddings", {"model": "m", "input": "x", "encoding_format": "roman"}),
        ("embeddings", {"model": "m", "input": "x", "encoding_format": ["float"]}),
    ],
)
def test_a_bad_request_gets_an_error_of_the_api(post, path: str, body: Any):
    answer = post(path, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.json()["error"]["message"]


def test_an_unknown_path_names_the_known_ones(direct, server):
    answer = direct.get(f"{server.base_url}/moods", timeout=TIMEOUT)
    assert answer.status_code == 404
    assert "/v1/chat/completions" in answer.json()["error"]["message"]


def test_a_wrong_method_is_refused(direct, server):
    assert direct.get(f"{server.base_url}/embeddings", timeout=TIMEOUT).status_code == 405


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (
            b"POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{"
            b"GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            [b"400", b"200"],
        ),
        (b"POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", [b"400"]),
    ],
    ids=["a good request after a bad one", "a length that is not a number"],
)
def test_a_connection_serves_requests_as_long_as_it_can_tell_them_apart(server, sent: bytes, statuses: list[bytes]):
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(4096), b""))
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == statuses


# Starting, latency, stopping


def test_answers_are_delayed_only_by_the_latency(direct, post):
    waited: list[float] = []
    with offline_llm.start(latency=0.25, sleep=waited.append) as slow:
        post("chat/completions", chat("one"), slow)
        post("embeddings", {"model": "m", "input": "two"}, slow)
        direct.get(f"{slow.base_url}/models", timeout=TIMEOUT)
    with offline_llm.start(sleep=waited.append) as quick:
        post("chat/completions", chat("one"), quick)
    assert waited == [0.25, 0.25]


def test_a_stopped_server_does_not_answer_even_on_an_open_connection(post):
    running = offline_llm.start()
    post("chat/completions", chat("one"), running)
    running.stop()
    with pytest.raises(requests.ConnectionError):
        post("chat/completions", chat("two"), running)


def test_a_taken_port_is_explained(server, capsys):
    assert offline_llm.main(["--port", str(server.port)]) == 1
    assert f"Port {server.port}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--latency", "-1"], ["--latency", "nan"]])
def test_impossible_options_are_refused(arguments: list[str], capsys):
    with pytest.raises(SystemExit) as refused:
        offline_llm.main(arguments)
    assert refused.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_the_server_says_where_it_listens_and_ends_on_interrupt(monkeypatch, capsys):
    def interrupted(_: OfflineServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(OfflineServer, "wait", interrupted)
    assert offline_llm.main(["--port", "0"]) == 0
    assert "http://127.0.0.1:" in capsys.readouterr().out

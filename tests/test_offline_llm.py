"""The mock model server: the wire of the API, its errors, layers and command line (its words: `test_mock_llm`)."""

from __future__ import annotations

import base64
import json
import socket
import struct
from collections.abc import Iterator
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
    """A session that asks no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def post(direct: requests.Session, server: OfflineServer, path: str, body: Any) -> requests.Response:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return direct.post(f"{server.base_url}/{path}", data=data, timeout=TIMEOUT)


def chat(text: str) -> dict[str, Any]:
    return {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}


# Chat


def test_a_chat_answer_has_the_form_of_the_api(direct: requests.Session, server: OfflineServer) -> None:
    answer = post(direct, server, "chat/completions", chat("How are you?")).json()

    assert answer["model"] == "offline"
    assert answer["choices"][0]["message"]["role"] == "assistant"
    assert answer["choices"][0]["message"]["content"]
    assert answer["choices"][0]["finish_reason"] == "stop"


def test_usage_is_estimated_from_the_lengths(direct: requests.Session, server: OfflineServer) -> None:
    usage = post(direct, server, "chat/completions", chat("12345678 9")).json()["usage"]

    assert usage["prompt_tokens"] == 3
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_the_same_request_gets_the_same_bytes_from_every_server(
    direct: requests.Session, server: OfflineServer
) -> None:
    first = post(direct, server, "chat/completions", chat("yes or no?")).content
    with offline_llm.start() as another:
        second = post(direct, another, "chat/completions", chat("yes or no?")).content

    assert first == second


def test_a_message_may_come_in_parts(direct: requests.Session, server: OfflineServer) -> None:
    parts = [{"type": "text", "text": "Answer with"}, {"type": "text", "text": "yes or no."}]
    body = {"model": "m", "messages": [{"role": "user", "content": parts}]}

    assert post(direct, server, "chat/completions", body).json()["choices"][0]["message"]["content"] == "yes"


def test_the_openai_client_gets_an_answer(monkeypatch: pytest.MonkeyPatch, server: OfflineServer) -> None:
    session = requests.Session()
    session.trust_env = False
    monkeypatch.setattr(openai, "requestssession", session)

    answer = openai.ChatCompletion.create(
        api_key="offline", api_base=server.base_url, request_timeout=TIMEOUT, **chat("yes or no?")
    )

    assert answer["choices"][0]["message"]["content"] == "yes"


# Embeddings


def test_embeddings_come_in_the_order_of_the_texts(direct: requests.Session, server: OfflineServer) -> None:
    one = post(direct, server, "embeddings", {"model": "m", "input": "tea"}).json()
    both = post(direct, server, "embeddings", {"model": "m", "input": ["coffee", "tea"]}).json()

    assert [item["index"] for item in both["data"]] == [0, 1]
    assert both["data"][1]["embedding"] == one["data"][0]["embedding"]
    assert both["usage"]["prompt_tokens"] == both["usage"]["total_tokens"] == 3


def test_an_embedding_in_base64_holds_the_same_numbers(direct: requests.Session, server: OfflineServer) -> None:
    asked = {"model": "m", "input": "a walk by the river"}
    plain = post(direct, server, "embeddings", asked).json()["data"][0]["embedding"]
    packed = post(direct, server, "embeddings", {**asked, "encoding_format": "base64"}).json()["data"][0]["embedding"]

    assert struct.unpack(f"<{len(plain)}f", base64.b64decode(packed)) == pytest.approx(plain, abs=1e-6)


# Models and errors


def test_the_models_are_listed(direct: requests.Session, server: OfflineServer) -> None:
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
        ("chat/completions", {"model": "m", "messages": [{"role": "user", "content": 5}]}),
        ("chat/completions", {"model": "m", "messages": [{"role": "user", "content": "x"}], "stream": True}),
        ("embeddings", {"model": "m"}),
        ("embeddings", {"model": "m", "input": []}),
        ("embeddings", {"model": "m", "input": [1, 2]}),
        ("embeddings", {"model": "m", "input": "x", "encoding_format": "roman"}),
        ("embeddings", {"model": "m", "input": "x", "encoding_format": ["float"]}),
    ],
)
def test_a_bad_request_gets_an_error_of_the_api(
    direct: requests.Session, server: OfflineServer, path: str, body: Any
) -> None:
    answer = post(direct, server, path, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.json()["error"]["message"]


def test_an_unknown_path_names_the_known_ones(direct: requests.Session, server: OfflineServer) -> None:
    answer = direct.get(f"{server.base_url}/moods", timeout=TIMEOUT)

    assert answer.status_code == 404
    assert "/v1/chat/completions" in answer.json()["error"]["message"]


def test_a_wrong_method_is_refused(direct: requests.Session, server: OfflineServer) -> None:
    assert direct.get(f"{server.base_url}/embeddings", timeout=TIMEOUT).status_code == 405


def test_a_connection_serves_further_requests_after_an_error(server: OfflineServer) -> None:
    bad = b"POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{"
    good = b"GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as connection:
        connection.sendall(bad + good)
        received = b"".join(iter(lambda: connection.recv(4096), b""))

    assert received.count(b"HTTP/1.1 400") == 1
    assert received.count(b"HTTP/1.1 200") == 1


def test_a_length_that_is_no_number_is_refused(server: OfflineServer) -> None:
    request = b"POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as connection:
        connection.sendall(request)
        received = b"".join(iter(lambda: connection.recv(4096), b""))

    assert received.startswith(b"HTTP/1.1 400")


# Starting, latency, stopping


def test_latency_is_waited_for_before_each_answer(direct: requests.Session) -> None:
    waited: list[float] = []
    with offline_llm.start(latency=0.25, sleep=waited.append) as slow:
        post(direct, slow, "chat/completions", chat("one"))
        post(direct, slow, "embeddings", {"model": "m", "input": "two"})
        direct.get(f"{slow.base_url}/models", timeout=TIMEOUT)

    assert waited == [0.25, 0.25]


def test_without_latency_nothing_waits(direct: requests.Session) -> None:
    waited: list[float] = []
    with offline_llm.start(sleep=waited.append) as quick:
        post(direct, quick, "chat/completions", chat("one"))

    assert waited == []


def test_a_stopped_server_answers_no_more_not_even_on_an_open_connection(direct: requests.Session) -> None:
    running = offline_llm.start()
    post(direct, running, "chat/completions", chat("one"))
    running.stop()

    with pytest.raises(requests.ConnectionError):
        post(direct, running, "chat/completions", chat("two"))


def test_a_taken_port_is_explained(server: OfflineServer, capsys: pytest.CaptureFixture[str]) -> None:
    code = offline_llm.main(["--port", str(server.port)])

    assert code == 1
    assert f"Port {server.port}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--latency", "-1"], ["--latency", "nan"]])
def test_impossible_options_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        offline_llm.main(arguments)

    assert refused.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_it_says_where_it_listens_and_ends_on_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: OfflineServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(OfflineServer, "wait", interrupted)

    assert offline_llm.main(["--port", "0"]) == 0
    assert "http://127.0.0.1:" in capsys.readouterr().out

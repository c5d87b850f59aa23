"""Simulated faults of the mock model: affected requests, the client's view, malformed and trickling answers."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
import requests

import offline_llm
from doubles import ASKED
from mock_llm.api import Reply, Request, Respond, respond
from mock_llm.faults import FAILURES, PLAYED, with_failures, with_malformed_answers
from mock_llm.malformed import OBJECT_FORMS, OUT_OF_ROOM, TEXT_FORMS, malform
from offline_llm import PIECE, OfflineServer, layered
from persona.prompt_template import llm_config

TIMEOUT = 5
BROKEN_OFF = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
MODELS = Request("GET", "/v1/models", b"")
FORM = '{"mood": "...", "minutes": 0}'
PROMPT = f"Nora had a long day.\n\nTask: how is Nora?\nAnswer with JSON only:\n{FORM}"
FIELDS = {"mood": "tired, and glad", "minutes": 30}
GOOD = json.dumps(FIELDS)


def chat(text: str) -> Request:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    return Request("POST", "/v1/chat/completions", json.dumps(body).encode())


def embedding(text: str) -> Request:
    return Request("POST", "/v1/embeddings", json.dumps({"model": "m", "input": text}).encode())


QUESTIONS = [chat(f"Question {number}: yes or no?") for number in range(1000)]


# Who is hit


LAYERS = [with_failures, with_malformed_answers]


plain = cache(respond)


def hit(layer: Respond) -> set[Request]:
    """The questions whose answers the layer changes."""
    return {question for question in QUESTIONS if layer(question) != plain(question)}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_the_rate_is_the_share_of_affected_requests(layer: Any, rate: float):
    assert len(hit(layer(plain, rate, seed=1))) == pytest.approx(rate * len(QUESTIONS), abs=30)


def test_failures_and_malformed_answers_are_independent_and_depend_on_the_seed():
    failed, malformed = (hit(layer(plain, 0.5, seed=1)) for layer in LAYERS)
    for other in (malformed, hit(with_failures(plain, 0.5, seed=2))):
        assert len(failed & other) == pytest.approx(len(QUESTIONS) / 4, abs=50)


def test_neither_the_order_of_requests_nor_their_number_at_once_matters():
    one, two, three = (layered(error_rate=0.3, malformed_rate=0.3, seed=1) for _ in range(3))
    expected = {question: one(question) for question in QUESTIONS}
    shuffled = random.Random(1).sample(QUESTIONS, len(QUESTIONS))
    assert expected == {question: two(question) for question in shuffled}
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(three, QUESTIONS)) == list(expected.values())


def test_a_repeated_request_has_a_new_chance_the_same_on_every_server():
    layers = [with_failures(respond, 0.5, seed=1) for _ in range(2)]
    series = [[layer(QUESTIONS[0]) == respond(QUESTIONS[0]) for _ in range(20)] for layer in layers]
    assert set(series[0]) == {True, False}
    assert series[0] == series[1]


NOT_MALFORMED = [MODELS, embedding("tea"), Request("POST", "/v1/chat/completions", b"{}")]


@pytest.mark.parametrize("request_made", NOT_MALFORMED, ids=["no answer asked for", "embeddings", "a bad request"])
def test_only_chat_answers_are_malformed(request_made: Request):
    assert with_malformed_answers(respond, 1.0, seed=1)(request_made) == respond(request_made)


def test_only_chats_and_embeddings_fail_and_in_every_way():
    layer = with_failures(respond, 1.0, seed=1)
    assert layer(embedding("tea")) in FAILURES.values()
    assert layer(MODELS) == respond(MODELS)
    played = [layer(question) for question in QUESTIONS]
    assert [kind for kind, failure in FAILURES.items() if failure not in played] == []


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
@pytest.mark.parametrize("kind", ["error_rate", "malformed_rate"])
def test_an_invalid_rate_is_refused(kind: str, rate: float):
    rates: dict[str, Any] = {kind: rate}
    with pytest.raises(ValueError, match="a rate is a share from 0 to 1"):
        offline_llm.start(**rates)


# What a client meets


def failing_once(failure: Reply) -> Respond:
    failures = iter([failure])
    return lambda request: next(failures, None) or respond(request)


@pytest.fixture
def served() -> Iterator[Callable[..., OfflineServer]]:
    """Starts a server with these answers, which becomes the provider."""
    servers: list[OfflineServer] = []

    def serve(layers: Respond, **options: Any) -> OfflineServer:
        servers.append(OfflineServer(0, layers, **options))
        llm_config.init_llm_api(offline_base=servers[-1].base_url)
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()


@pytest.mark.parametrize("ask", [lambda client: client.chat(ASKED), lambda client: client.embed(["tea"])])
@pytest.mark.parametrize("kind", FAILURES)
def test_a_client_tries_again_after_every_failure_and_waits_as_long_as_it_says(
    client, ask, kind: str, served, pauses: list[float]
):
    served(failing_once(FAILURES[kind]))
    assert ask(client) == ask(client)
    assert len(pauses) == 1
    if kind in ("429, try later", "402, others under way", "503, try later"):
        assert pauses == [1]


def test_every_text_of_a_failure_is_marked_as_simulated():
    with_a_text = [str(failure.body) for failure in FAILURES.values() if failure.body]
    assert [text for text in with_a_text if PLAYED not in text] == []


@pytest.fixture
def direct() -> Iterator[requests.Session]:
    """A session without a proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def get_models(direct: requests.Session, server: OfflineServer) -> requests.Response:
    return direct.get(f"{server.base_url}/models", timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("kind", "body", "content_type"),
    [
        ("502, HTML", b"<!doctype html>", "text/html; charset=utf-8"),
        ("200, null", b"null", "application/json"),
        ("200, empty", b"", "application/json"),
    ],
)
def test_a_body_is_sent_unchanged(direct: requests.Session, served, kind: str, body: bytes, content_type: str):
    answer = get_models(direct, served(lambda _: FAILURES[kind]))
    assert answer.status_code == int(kind[:3])
    assert answer.content.startswith(body)
    assert bool(answer.content) is bool(body)
    assert answer.headers["Content-Type"].startswith(content_type)


def test_a_broken_connection_ends_in_the_middle_of_the_body(direct: requests.Session, served):
    server = served(lambda _: FAILURES["broken connection"])
    with pytest.raises(BROKEN_OFF):
        get_models(direct, server)


# Trickling


def test_a_trickling_body_arrives_in_small_pieces_and_complete(direct: requests.Session):
    waited: list[float] = []
    with offline_llm.start(trickle=0.25, sleep=waited.append) as server:
        body = get_models(direct, server).content
    assert body == json.dumps(respond(MODELS).body, separators=(",", ":")).encode()
    assert waited == [0.25] * (len(body) // PIECE)


@pytest.mark.slow
def test_a_trickling_answer_ends_at_the_deadline(client, served, monkeypatch: pytest.MonkeyPatch):
    released = threading.Event()
    served(layered(trickle=1.0), sleep=lambda _: released.wait(0.05))
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.3")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    with pytest.raises(llm_config.FatalError, match="no complete answer in time"):
        client.embed(["tea"])
    released.set()


def raising(error: Exception) -> Callable[[float], None]:
    def sleep(_: float) -> None:
        raise error

    return sleep


@pytest.mark.parametrize(("error", "is_shown"), [(BrokenPipeError(), False), (ValueError("a fault of ours"), True)])
def test_a_disconnected_client_is_not_reported_but_a_bug_is(
    direct: requests.Session, served, capsys: pytest.CaptureFixture[str], error: Exception, is_shown: bool
):
    server = served(layered(trickle=1.0), sleep=raising(error))
    with pytest.raises(BROKEN_OFF):
        get_models(direct, server)
    assert ("a fault of ours" in capsys.readouterr().err) is is_shown


# Malformed answers


def all_malformed(text: str) -> set[tuple[str | None, str]]:
    """The (content, finish_reason) of each malformed variant of the answer."""
    return {malform(text, PROMPT, seed) for seed in range(500)}


def test_every_malformed_variant_occurs_by_seed_and_never_the_good_answer():
    contents = {content for content, _ in all_malformed(GOOD)}
    expected = {form(GOOD, PROMPT) for form in TEXT_FORMS.values()} | {form(FIELDS) for form in OBJECT_FORMS.values()}
    assert contents == expected
    assert GOOD not in contents
    assert [malform(GOOD, PROMPT, seed) for seed in range(50)] == [malform(GOOD, PROMPT, seed) for seed in range(50)]


@pytest.mark.parametrize("text", ["yes", "[1, 2]", "7", ""])
def test_an_answer_that_is_not_an_object_is_malformed_like_a_text(text: str):
    contents = {content for content, _ in all_malformed(text)}
    assert contents == {form(text, PROMPT) for form in TEXT_FORMS.values()} - {text}


def test_a_cut_off_answer_says_so_and_the_echo_is_the_requested_format():
    out_of_room = {content for content, reason in all_malformed(GOOD) if reason == "length"}
    assert out_of_room == {TEXT_FORMS[form](GOOD, PROMPT) for form in OUT_OF_ROOM}
    assert TEXT_FORMS["the form echoed"](GOOD, PROMPT) == FORM


def test_a_malformed_answer_keeps_the_rest_of_the_reply():
    question = QUESTIONS[0]
    malformed, good = with_malformed_answers(respond, 1.0, seed=1)(question), respond(question)
    assert {**malformed.body, "choices": None} == {**good.body, "choices": None}


# The command line


def test_the_options_reach_the_server(monkeypatch: pytest.MonkeyPatch):
    given: dict[str, Any] = {}

    def start(**options: Any) -> OfflineServer:
        given.update(options)
        raise OSError(1, "not in a test")

    monkeypatch.setattr(offline_llm, "start", start)
    options = {"port": 8, "latency": 2, "error_rate": 0.1, "malformed_rate": 0.2, "trickle": 0.5, "seed": 7}
    offline_llm.main([f"--{name.replace('_', '-')}={value}" for name, value in options.items()])
    assert given == options


@pytest.mark.parametrize(
    "given", ["--error-rate 1.5", "--malformed-rate -1", "--error-rate nan", "--trickle -1", "--seed x"]
)
def test_impossible_faults_are_refused(given: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as refused:
        offline_llm.main(given.split())
    assert refused.value.code == 2
    assert given.split()[0] in capsys.readouterr().err

"""What personas think with: a text that the provider refuses to embed costs that text only."""

from __future__ import annotations

import base64
import json
from array import array

import openai
import pytest
import responses

import doubles
from doubles import error_reply as error
from persona.prompt_template import llm_config
from persona.prompt_template.model import Model

EMBEDDINGS = "https://openrouter.ai/api/v1/embeddings"
TOO_LONG = error(400, "This model's maximum context length is 8192 tokens")


@pytest.fixture(autouse=True)
def openrouter(monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", "or-key-for-tests")


def answer_with(wire, *replies):
    """Each reply is a vector, or what `responses` needs for a failure."""
    for reply in replies:
        wire.post(EMBEDDINGS, **({"json": doubles.embedding_answer([reply])} if isinstance(reply, list) else reply))


def test_a_refused_text_has_the_vector_of_a_blank_one_and_is_counted(client, ledger, wire):
    answer_with(wire, TOO_LONG, [0.5])
    assert Model(client).embed(["a very long memory"], persona="Nora Quill") == [[0.5]]
    assert b'"(nothing)"' in wire.calls[-1].request.body
    assert ledger.fallbacks == {"embedding": {"too long": 1}}


def test_texts_that_are_refused_together_are_asked_for_in_halves(client, ledger, wire):
    wire.post(EMBEDDINGS, **TOO_LONG)
    wire.post(EMBEDDINGS, **TOO_LONG)
    answer_with(wire, [0.1], TOO_LONG, [0.3], [0.5])
    texts = ["short", "a very long memory", "also short"]
    assert Model(client).embed(texts, persona="Nora Quill") == [[0.1], [0.5], [0.3]]
    assert ledger.fallbacks == {"embedding": {"too long": 1}}


def test_a_provider_that_refuses_every_text_stops_the_run(client, wire):
    answer_with(wire, TOO_LONG, TOO_LONG)
    with pytest.raises(llm_config.FatalError, match="LLM_EMBEDDING_MODEL"):
        Model(client).embed(["a memory"], persona="Nora Quill")


@pytest.mark.parametrize("odd", [None, [float("nan")], [float("inf")], ["x"], []])
def test_a_text_whose_vector_is_none_costs_no_other_its_own(client, ledger, odd, wire):
    wire.post(EMBEDDINGS, json=doubles.embedding_answer([[0.1], odd, [0.3]]))
    answer_with(wire, {"json": doubles.embedding_answer([odd])}, [0.5])
    assert Model(client).embed(["one", "two", "three"], persona="Nora Quill") == [[0.1], [0.5], [0.3]]
    assert [len(json.loads(call.request.body)["input"]) for call in wire.calls] == [3, 1, 1]
    assert ledger.fallbacks == {"embedding": {"no usable vector": 1}}


def test_a_text_that_makes_the_server_fail_is_found_and_has_the_vector_of_a_blank_one(client, wire, pauses):
    failure = error(500, "failed to encode response: the sum overflows")
    for _ in range(4):
        wire.post(EMBEDDINGS, **failure)
    answer_with(wire, [0.5], [0.1], failure, [0.5])  # a blank one, to see whether it is the server; and at last
    assert Model(client).embed(["one", "two"], persona="Nora Quill") == [[0.1], [0.5]]
    assert len(pauses) == 3


def test_a_size_of_batch_that_goes_through_is_kept(client, embedding):
    def answer(**request):
        sizes.append(len(request["input"]))
        if len(request["input"]) > 10:
            raise openai.error.InvalidRequestError("no", None, http_status=400, json_body={"message": BATCH})
        return doubles.embedding_answer([[1.0]] * len(request["input"]))

    sizes: list[int] = []
    embedding(None)
    openai.Embedding.create = answer
    Model(client).embed([str(k) for k in range(100)], persona="Nora Quill")
    Model(client).embed([str(k) for k in range(20)], persona="Nora Quill")
    assert sizes == [100] + [10] * 12


BATCH = "batch size is invalid, it should not be larger than 10.: input.contents"


@responses.activate
def test_a_text_that_is_refused_in_unknown_words_is_found_and_no_other_is_asked_for_twice(client, pauses):
    def answer(request):
        texts = json.loads(request.body)["input"]
        asked.append(texts)
        refused: tuple[int, dict[str, str], str] = (400, {}, json.dumps({"error": {"message": "I do not like this."}}))
        return refused if "bad" in texts else (200, {}, json.dumps(doubles.embedding_answer([[1.0]] * len(texts))))

    asked: list[list[str]] = []
    responses.add_callback(responses.POST, EMBEDDINGS, answer, content_type="application/json")
    Model(client).embed(["a", "b", "bad", "d"], persona="Nora Quill")
    whole, blank = ["a", "b", "bad", "d"], ["(nothing)"]
    assert asked == [whole, whole, blank, ["a", "b"], ["bad", "d"], ["bad"], ["d"], blank]


def test_what_was_given_up_stays_so_when_the_step_is_done_again(client, chat):
    class Kept(dict):
        recall, keep, __bool__ = dict.get, dict.__setitem__, lambda self: True

    create = chat(doubles.chat_answer(None, finish_reason="content_filter"))
    journal = Kept()
    for _ in range(2):
        with pytest.raises(llm_config.PromptFailure) as failure:
            Model(client, journal).chat("?", purpose="emoji", persona="Nora", max_tokens=5)
        assert failure.value.reason == "filtered"
    assert len(create.requests) == 1


def test_vectors_that_come_packed_are_unpacked(client, wire):
    packed = base64.b64encode(array("f", [0.5, 0.25])).decode()
    wire.post(EMBEDDINGS, json=doubles.embedding_answer([packed]))
    assert Model(client).embed(["one"], persona="Nora Quill") == [[0.5, 0.25]]


@pytest.fixture
def own_server(monkeypatch):
    monkeypatch.delenv("OPENROUTER_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:8080/v1")
    llm_config.init_llm_api()


def test_a_server_of_ones_own_is_asked_for_a_vector_before_anything_is_paid_for(client, own_server, wire):
    wire.post("http://127.0.0.1:8080/v1/embeddings", **error(501, "This server does not support embeddings."))
    wire.post("http://127.0.0.1:8080/v1/chat/completions", json=doubles.chat_answer("yes"))
    with pytest.raises(llm_config.FatalError, match="makes no embeddings.*LLM_EMBEDDING_API_BASE"):
        Model(client).check_embeddings()


def test_where_chats_fail_too_that_is_told_first(client, own_server, wire):
    wire.post("http://127.0.0.1:8080/v1/embeddings", **error(404, "no such model"))
    wire.post("http://127.0.0.1:8080/v1/chat/completions", **error(404, "no such model"))
    with pytest.raises(llm_config.FatalError, match="OPENAI_MODEL"):
        Model(client).check_embeddings()


def test_that_is_asked_once(client, own_server, embedding):
    create = embedding(doubles.embedding_answer([[0.5]]))
    Model(client).check_embeddings()
    Model(client).check_embeddings()
    assert [request["input"] for request in create.requests] == [["(nothing)"]]


def test_a_provider_where_it_is_usual_is_not_asked(client, embedding):
    create = embedding(doubles.embedding_answer([[0.5]]))
    llm_config.init_llm_api()
    Model(client).check_embeddings()
    assert create.requests == []

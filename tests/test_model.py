"""The model of a simulation: a text that the provider refuses to embed affects only that text."""

from __future__ import annotations

import base64
import json
from array import array
from contextvars import ContextVar
from copy import deepcopy

import pytest

import doubles
from doubles import error_reply as error
from persona.prompt_template import llm_config, trace
from persona.prompt_template.asking import ask
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Poignancy
from saves.journal import Journal
from scripted import persona
from small_world import ADA

TOO_LONG = error(400, "This model's maximum context length is 8192 tokens")
pytestmark = pytest.mark.usefixtures("openrouter")


@pytest.fixture
def embeddings(replies):
    """Each reply is the vectors of an answer, or what `responses` needs for a failure."""
    return lambda *given: replies(
        *({"json": doubles.embedding_answer(reply)} if isinstance(reply, list) else reply for reply in given),
        path="embeddings",
    )


@pytest.fixture
def embed(client):
    return lambda *texts: Model(client).embed(texts, persona="Nora Quill")


def test_a_refused_text_gets_the_vector_of_a_blank_one_and_is_counted(embed, ledger, wire, embeddings):
    embeddings(TOO_LONG, [[0.5]])
    assert embed("a very long memory") == [[0.5]]
    assert b'"(nothing)"' in wire.calls[-1].request.body
    assert ledger.fallbacks == {"embedding": {"too long": 1}}


def test_a_refused_batch_of_texts_is_split_in_halves(embed, ledger, embeddings):
    embeddings(TOO_LONG, TOO_LONG, [[0.1]], TOO_LONG, [[0.3]], [[0.5]])
    assert embed("short", "a very long memory", "also short") == [[0.1], [0.5], [0.3]]
    assert ledger.fallbacks == {"embedding": {"too long": 1}}


def test_a_provider_that_refuses_every_text_stops_the_run(embed, embeddings):
    embeddings(TOO_LONG, TOO_LONG)
    with pytest.raises(llm_config.FatalError, match="LLM_EMBEDDING_MODEL"):
        embed("a memory")


@pytest.mark.parametrize("odd", [None, [float("nan")], [float("inf")], ["x"], []])
def test_a_text_without_a_usable_vector_does_not_affect_others(odd, embed, ledger, wire, embeddings):
    embeddings([[0.1], odd, [0.3]], [odd], [[0.5]])
    assert embed("one", "two", "three") == [[0.1], [0.5], [0.3]]
    assert [len(json.loads(call.request.body)["input"]) for call in wire.calls] == [3, 1, 1]
    assert ledger.fallbacks == {"embedding": {"no usable vector": 1}}


def test_a_text_that_makes_the_server_fail_gets_the_vector_of_a_blank_one(embed, embeddings, pauses):
    failure = error(500, "failed to encode response: the sum overflows")
    found_out = [[0.5]]  # a blank text is embedded: it is not the server
    embeddings(*[failure] * 4, found_out, [[0.1]], failure, [[0.5]])
    assert embed("one", "two") == [[0.1], [0.5]]
    assert len(pauses) == 3


def test_a_batch_size_that_works_is_kept(embed, wire, embeddings):
    refused = error(400, "batch size is invalid, it should not be larger than 10.: input.contents")
    embeddings(refused, *[[[1.0]] * 10] * 12)
    embed(*map(str, range(100)))
    embed(*map(str, range(20)))
    assert [len(json.loads(call.request.body)["input"]) for call in wire.calls] == [100] + [10] * 12


def test_a_text_refused_with_an_unknown_message_is_found_without_repeating_others(embed, wire, embeddings):
    refused, one = error(400, "I do not like this."), [[1.0]]
    embeddings(refused, refused, one, [[1.0]] * 2, refused, refused, one, one)
    embed("a", "b", "bad", "d")
    whole, blank = ["a", "b", "bad", "d"], ["(nothing)"]
    asked = [json.loads(call.request.body)["input"] for call in wire.calls]
    assert asked == [whole, whole, blank, ["a", "b"], ["bad", "d"], ["bad"], ["d"], blank]


@pytest.fixture
def in_a_step(monkeypatch):
    monkeypatch.setattr(trace, "STEP", ContextVar("step", default=3))


def test_an_abandoned_prompt_stays_abandoned_when_the_step_is_repeated(client, chat, tmp_path, in_a_step):
    create = chat(doubles.chat_answer(None, finish_reason="content_filter"))
    journal = Journal(tmp_path / "journal.jsonl")
    for _ in range(2):
        journal.rewind()
        with pytest.raises(llm_config.PromptFailure) as failure:
            Model(client, journal).chat("?", purpose="emoji", persona="Nora", max_tokens=5)
        assert failure.value.reason == "filtered"
    assert len(create.requests) == 1


def test_outside_a_step_every_request_is_sent(client, chat, tmp_path):
    create = chat(doubles.chat_answer("yes"))
    journal = Journal(tmp_path / "journal.jsonl")
    for _ in range(2):
        Model(client, journal).chat("?", purpose="emoji", persona="Nora", max_tokens=5)
    assert len(create.requests) == 2
    assert not (tmp_path / "journal.jsonl").exists()


def test_answers_aside_are_recalled_for_the_same_model_only(client, chat, tmp_path, monkeypatch):
    create = chat(doubles.chat_answer("yes"))
    for name in ("acme/one", "acme/one", "acme/two"):
        monkeypatch.setenv("OPENROUTER_MODEL", name)
        llm_config.init_llm_api()
        aside = Model(client).aside(Journal(tmp_path / "survey.journal"))
        aside.chat("?", purpose="interview", persona="Nora", max_tokens=5)
    assert [request["model"] for request in create.requests] == ["acme/one", "acme/two"]


def test_a_repeated_question_is_counted_once_when_its_step_is_over(client, ledger, chat, tmp_path, in_a_step):
    chat(doubles.chat_answer("nonsense"))
    journal = Journal(tmp_path / "journal.jsonl")
    model = Model(client, journal)
    question = Poignancy(persona(ADA).scratch, ["a gull cries"])
    ask(model, question, "Nora")
    assert ledger.counts["questions"] == {}
    journal.rewind()
    model.outcomes.rewind()
    first = ask(model, question, "Nora")
    model.outcomes.count(3, ["Nora"])
    counted = deepcopy((ledger.counts, ledger.fallbacks))
    assert counted == ({**ledger.counts, "questions": {"poignancy": 1}}, {"poignancy": {"wrong form": 1}})
    journal.rewind()
    with model.repeating():
        assert ask(model, question, "Nora") == first
    model.outcomes.count(3, ["Nora"])
    assert (ledger.counts, ledger.fallbacks) == counted


def test_base64_vectors_are_decoded(embed, embeddings):
    embeddings([base64.b64encode(array("f", [0.5, 0.25])).decode()])
    assert embed("one") == [[0.5, 0.25]]


def test_the_cost_of_recomputed_embeddings_is_shown_and_recorded(client, ledger, embedding):
    embedding(doubles.embedding_answer([[0.5]], tokens=100_000))
    told: list[str] = []
    Model(client, notify=told.append).embed_again(["one"], persona="Nora Quill")
    assert told == ["Recomputed 1 embeddings of Nora Quill with text-embedding-3-small ($0.0020)."]
    assert str(ledger.total.cost.normalize()) == "0.002"


# Before a run


@pytest.mark.parametrize(
    ("chat", "message"),
    [
        pytest.param({"json": doubles.chat_answer("yes")}, "does not provide embeddings.*LLM_EMBEDDING_API_BASE"),
        pytest.param(error(404, "no such model"), "OPENAI_MODEL", id="chats fail too, which is told first"),
    ],
)
def test_a_local_server_must_support_embeddings(client, chat, message, local_server, replies):
    replies(error(501, "This server does not support embeddings."), base=local_server, path="embeddings")
    replies(chat, base=local_server)
    llm_config.init_llm_api()
    with pytest.raises(llm_config.FatalError, match=message):
        Model(client).check_embeddings()


@pytest.mark.parametrize(("key", "asked"), [("OPENAI_API_BASE", [["(nothing)"]]), ("unset", [])])
def test_only_a_local_server_is_tested_and_only_once(client, key, asked, monkeypatch, embedding):
    monkeypatch.setenv(key, "http://127.0.0.1:8080/v1")
    monkeypatch.delenv("OPENROUTER_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    create = embedding(doubles.embedding_answer([[0.5]]))
    llm_config.init_llm_api()
    Model(client).check_embeddings()
    Model(client).check_embeddings()
    assert [request["input"] for request in create.requests] == asked

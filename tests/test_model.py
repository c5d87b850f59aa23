"""What personas think with: a text that the provider refuses to embed costs that text only."""

from __future__ import annotations

import pytest

import doubles
from doubles import error_reply as error
from persona.prompt_template import llm_config, usage_records
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


def test_a_refused_text_has_the_vector_of_a_blank_one_and_is_counted(wire):
    answer_with(wire, TOO_LONG, [0.5])
    assert Model().embed(["a very long memory"], persona="Nora Quill") == [[0.5]]
    assert b'"(nothing)"' in wire.calls[-1].request.body
    assert usage_records.simulation_usage()["fallbacks"] == {"embedding": 1}


def test_texts_that_are_refused_together_are_asked_for_one_by_one(wire):
    answer_with(wire, TOO_LONG, [0.1], TOO_LONG, [0.5], [0.3])
    texts = ["short", "a very long memory", "also short"]
    assert Model().embed(texts, persona="Nora Quill") == [[0.1], [0.5], [0.3]]
    assert usage_records.simulation_usage()["fallbacks"] == {"embedding": 1}


def test_a_provider_that_refuses_every_text_stops_the_run(wire):
    answer_with(wire, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG)
    model = Model()
    for _ in range(2):
        with pytest.raises(llm_config.RefusedRequest):
            model.embed(["a memory"], persona="Nora Quill")
    with pytest.raises(llm_config.LastingFailure, match="refused 5 requests in a row.*LLM_EMBEDDING_MODEL"):
        model.embed(["a memory"], persona="Nora Quill")

"""The trace: one line for each attempt, its content, and what must never be in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

import doubles
from doubles import FINE, KEY, in_threads
from doubles import error_reply as error
from persona.prompt_template import trace
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError, RefusedRequest
from persona.prompt_template.trace import Trace

ASKED = [{"role": "user", "content": "How are you, señor? \U0001f600"}]
Lines = Callable[[], list[dict[str, Any]]]
pytestmark = pytest.mark.usefixtures("openrouter")


@pytest.fixture
def traced(client: Client, tmp_path: Path) -> Callable[..., Lines]:
    """Has the attempts of the client written down; gives what gives the lines so far.

    A second passes whenever the time is asked for.
    """
    ticks = iter(range(1_000, 100_000))

    def begin(file: Path = tmp_path / "trace.jsonl", **options: Any) -> Lines:
        client.middleware.append(Trace(file, now=lambda: float(next(ticks)), **options).attempt)
        return lambda: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    return begin


# -------------------------------------------------------------------------------------- What a line says


def test_an_answered_request_is_one_line(traced, client, chat):
    chat(doubles.chat_answer("fine", usage={"prompt_tokens": 12, "completion_tokens": 3, "cost": 0.00012}))
    trace.begin_step(7)
    lines = traced()
    client.chat(ASKED, purpose="small talk", persona="Nora Quill")
    assert lines() == [
        {
            "step": 7,
            "chain": 0,
            "persona": "Nora Quill",
            "purpose": "small talk",
            "model": "openai/gpt-4o-mini",
            "tokens_in": 12,
            "tokens_out": 3,
            "cost": "0.00012",
            "start": 1000.0,
            "end": 1001.0,
        }
    ]


def test_embeddings_have_only_prompt_tokens(traced, client, embedding):
    embedding(doubles.embedding_answer([[0.5]], tokens=7))
    lines = traced()
    client.embed(["one"], persona="Nora Quill")
    (line,) = lines()
    assert (line["step"], line["purpose"], line["tokens_in"], line["tokens_out"]) == (None, "embedding", 7, None)


def test_unknown_figures_are_null(traced, client, chat, monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", "")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_MODEL", "llama3.1")
    chat(doubles.chat_answer("fine", model="llama3.1", usage=None))
    lines = traced()
    client.chat(ASKED)
    (line,) = lines()
    assert (line["model"], line["tokens_in"], line["tokens_out"], line["cost"]) == ("llama3.1", None, None, None)


def test_every_failed_attempt_is_a_line_with_its_error(traced, client, replies):
    replies(error(429, "busy"), {"json": {"error": {"code": 502, "message": "upstream"}}}, FINE)
    lines = traced()
    client.chat(ASKED)
    assert [line.get("error") for line in lines()] == [
        "OpenRouter did not answer (429: busy).",
        "OpenRouter did not answer (502: upstream).",
        None,
    ]


def test_an_aborted_attempt_is_a_line_too(traced, client, chat):
    chat(KeyboardInterrupt())
    lines = traced()
    with pytest.raises(KeyboardInterrupt):
        client.chat(ASKED)
    assert [line["error"] for line in lines()] == ["KeyboardInterrupt"]


# ----------------------------------------------------------------------------------------------- Chains


def test_answers_extend_the_chain_of_their_step_and_failures_do_not(traced, client, replies):
    trace.begin_step(1)
    replies(FINE, error(500), error(400, "flagged by moderation"), FINE)
    lines = traced()
    client.chat(ASKED)
    with pytest.raises(RefusedRequest):
        client.chat(ASKED)
    client.chat(ASKED)
    assert [line["chain"] for line in lines()] == [0, 1, 1, 1]
    assert trace.CHAIN.get() == 2
    trace.begin_step(2)
    assert trace.CHAIN.get() == 0


def test_an_empty_answer_counts_in_the_chain(traced, client, chat):
    chat(doubles.chat_answer(""), doubles.chat_answer("fine"))
    lines = traced()
    client.chat(ASKED)
    assert [line["chain"] for line in lines()] == [0, 1]


def request_times(client, count: int) -> None:
    for _ in range(count):
        client.chat(ASKED)


def test_concurrent_chains_count_as_the_longest(traced, client, chat):
    chat(doubles.chat_answer("fine"))
    trace.begin_step(1)
    lines = traced()
    client.chat(ASKED)
    contexts = [copy_context() for _ in range(3)]
    for context, requests in zip(contexts, (1, 3, 2), strict=True):
        context.run(request_times, client, requests)
    trace.join_chains(contexts)
    client.chat(ASKED)
    assert [line["chain"] for line in lines()] == [0, 1, 1, 2, 3, 1, 2, 4]
    assert {line["step"] for line in lines()} == {1}


def test_without_concurrency_the_chain_is_unchanged():
    trace.CHAIN.set(3)
    trace.join_chains([])
    assert trace.CHAIN.get() == 3


# ---------------------------------------------------------------------------------- Prompts, answers, keys


def test_prompt_and_answer_are_written_on_request(traced, client, chat):
    chat(doubles.chat_answer("<think>hm</think>fine"))
    lines = traced(with_text=True)
    client.chat(ASKED)
    (line,) = lines()
    assert (line["prompt"], line["answer"]) == (ASKED, "<think>hm</think>fine")


def test_for_embeddings_the_texts_are_written_but_not_the_vectors(traced, client, embedding):
    embedding(doubles.embedding_answer([[0.5]]))
    lines = traced(with_text=True)
    client.embed(["one"])
    (line,) = lines()
    assert (line["prompt"], line["answer"]) == (["one"], None)


@pytest.mark.parametrize("content", [None, [{"type": "text", "text": "fine"}], "cut \ud83d"])
def test_an_answer_in_an_unusual_form_is_a_line_like_any_other(traced, client, content, chat):
    chat(doubles.chat_answer(content), doubles.chat_answer("fine"))
    lines = traced(with_text=True)
    client.chat([{"role": "user", "content": "cut \ud83d"}])
    first = lines()[0]
    assert first["prompt"][0]["content"] == "cut ?"
    assert first["answer"] == ("cut ?" if isinstance(content, str) else content)


def test_a_key_is_never_written(traced, client, replies):
    replies(error(401, f"{KEY} is not valid"))
    lines = traced(with_text=True)
    with pytest.raises(FatalError):
        client.chat([{"role": "user", "content": f'I found "{KEY}"'}], persona=KEY)
    text = json.dumps(lines())
    assert KEY not in text
    assert text.count("<key>") == 3
    assert "X-Title" not in text


# ---------------------------------------------------------------------------------------------- The file


def test_without_its_variable_there_is_no_trace():
    assert Trace.in_environment() is None


@pytest.mark.parametrize("with_text", ["", "1"])
def test_variables_set_the_file_and_include_the_texts(with_text, client, tmp_path, chat, monkeypatch):
    chat(doubles.chat_answer("fine"))
    monkeypatch.setenv("LLM_TRACE", str(tmp_path / "trace.jsonl"))
    monkeypatch.setenv("LLM_TRACE_TEXT", with_text)
    chosen = Trace.in_environment()
    assert chosen
    client.middleware.append(chosen.attempt)
    client.chat(ASKED)
    assert ("prompt" in json.loads(chosen.path.read_text(encoding="utf-8"))) is bool(with_text)


def test_an_unwritable_file_is_reported_before_anything_is_paid_for(tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TRACE", str(tmp_path / "missing" / "trace.jsonl"))
    with pytest.raises(ValueError) as refused:
        Trace.in_environment()
    assert str(refused.value).startswith(f"LLM_TRACE: cannot write to {tmp_path}")
    assert str(refused.value).endswith("No such file or directory")


def test_a_file_that_becomes_unwritable_is_reported_once_and_loses_no_answer(traced, client, tmp_path, chat, capsys):
    chat(doubles.chat_answer("fine"))
    folder = tmp_path / "gone"
    folder.mkdir()
    traced(folder / "trace.jsonl")
    (folder / "trace.jsonl").unlink()
    folder.rmdir()
    assert [client.chat(ASKED) for _ in range(3)] == ["fine"] * 3
    said = capsys.readouterr().err
    assert said.count("The trace ends here, but the run continues: cannot write to") == 1
    assert said.endswith("No such file or directory.\n")


def test_lines_of_sixteen_threads_stay_whole(traced, client, chat):
    chat(doubles.chat_answer("x" * 5_000))
    lines = traced(with_text=True)
    in_threads(16, lambda: [client.chat(ASKED) for _ in range(20)])
    assert len(lines()) == 320

"""The client: its requests, and what counts as an answer."""

from __future__ import annotations

from typing import Any

import pytest

import doubles
from doubles import ASKED
from persona.prompt_template import llm_config, usage_records

pytestmark = pytest.mark.usefixtures("openrouter")

# ------------------------------------------------------------------------------------------ Requests


def test_a_chat_sends_the_message_with_all_its_parameters(client, chat):
    create = chat(doubles.chat_answer(" fine \n"))
    assert client.chat(ASKED, max_tokens=50, temperature=0.5, stop=["\n"], top_p=None) == "fine"
    assert create.requests == [
        {
            "model": "openai/gpt-4o-mini",
            "messages": ASKED,
            "max_tokens": 50,
            "temperature": 0.5,
            "stop": ["\n"],
            "headers": llm_config.get_headers(),
            "request_timeout": 60,
            "timeout": 0,
        }
    ]


def test_openrouter_basic_calls_reach_the_model_and_are_counted(client, ledger, chat):
    chat(doubles.chat_answer("fine", usage=(12, 3)))
    client.chat(ASKED, purpose="small talk", persona="Nora Quill")
    assert llm_config.get_usage_stats()["requests"] == 1
    usage = ledger.to_json()
    assert usage["by_purpose"]["small talk"] == usage["by_persona"]["Nora Quill"]
    assert usage["by_persona"]["Nora Quill"]["input_tokens"] == 12


def test_a_client_can_have_its_own_ledger_and_shares_the_learned_model_traits(client, ledger, chat):
    chat(doubles.chat_answer("fine"))
    other = usage_records.Ledger()
    visitor = client.entering(other)
    visitor.chat(ASKED)
    assert (ledger.entries, other.entries) == (0, 1)
    assert (visitor.models, visitor.patience) == (client.models, client.patience)


def test_the_provider_is_chosen_at_the_first_request_only(client, chat, capsys):
    chat(doubles.chat_answer())
    client.chat(ASKED)
    client.chat(ASKED)
    assert capsys.readouterr().out == "Using OpenRouter API (model: openai/gpt-4o-mini)\n"


def test_without_a_key_the_first_request_fails_and_does_not_end_the_program(client, chat, monkeypatch, key_in_utils):
    monkeypatch.delenv("OPENROUTER_API_KEY")
    key_in_utils(None)
    create = chat(doubles.chat_answer())
    with pytest.raises(llm_config.FatalError, match="OPENROUTER_API_KEY"):
        client.chat(ASKED)
    assert create.requests == []


def test_the_timeout_is_set_by_its_variable(client, chat, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "7.5")
    create = chat(doubles.chat_answer())
    client.chat(ASKED)
    assert create.requests[0]["request_timeout"] == 7.5


@pytest.mark.parametrize("name", ["LLM_TIMEOUT_SECONDS", "LLM_MAX_RETRIES", "LLM_RETRY_SECONDS"])
@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "1e3"])
def test_an_invalid_limit_is_named(client, name, value, chat, monkeypatch):
    monkeypatch.setenv(name, value)
    chat(doubles.chat_answer())
    with pytest.raises(llm_config.FatalError, match=f"^{name} must be a number >= 0, not '{value}'"):
        client.chat(ASKED)


# ------------------------------------------------------------------------------------------- Answers


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<think>\nA greeting?\n</think>\n\nfine", "fine"),
        ("<think>a</think>fi<THINK>b</THINK>ne", "fine"),
        ("It greets me.</think>fine", "fine"),
        ("fine <think>was that right", "fine"),
        ("<Thinking>a</Thinking>fine", "fine"),
        ("<reasoning>\na</reasoning>fine", "fine"),
        ("<thought>a</thought>fine", "fine"),
        ("[THINK]a[/THINK]fine", "fine"),
        ("◁think▷a◁/think▷fine", "fine"),
        ("<|begin_of_thought|>a<|end_of_thought|>fine", "fine"),
        ("<|START_THINKING|>a<|END_THINKING|>fine", "fine"),
        ("<seed:think>a</seed:think>fine", "fine"),
        ("[thinking] fine", "[thinking] fine"),
        ("<antThinking>a</antThinking>fine", "fine"),
        ("<inner_monologue>a</inner_monologue>fine", "fine"),
        ("<longcat_think>a</longcat_think>fine", "fine"),
        ("<reasoning_content>a</reasoning_content>fine", "fine"),
        ('<details type="reasoning">a</details>fine', "fine"),
        ("<think>a</think><answer>fine</answer>", "fine"),
        ("<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>fine<|end_of_solution|>", "fine"),
        ("fine</s>", "fine"),
        ("fine<|endoftext|>", "fine"),
        ('{"output": "He said <thinking> aloud"}', '{"output": "He said <thinking> aloud"}'),
        ({"type": "text", "text": {"value": "fine"}}, "fine"),
        ("<|channel|>analysis<|message|>A greeting.<|end|><|start|>assistant<|channel|>final<|message|>fine", "fine"),
        ("<|channel|>final <|constrain|>JSON<|message|>{}<|return|>", "{}"),
        ("analysisThe user greets me. I answer.assistantfinalfine", "fine"),
        ('analysis"How are you" is a greeting.assistantfinal{"a": 1}', '{"a": 1}'),
        ("analysis of the town", "analysis of the town"),
        ([{"type": "thinking", "thinking": "a"}, {"type": "text", "text": "fine"}], "fine"),
        ([{"type": "reasoning", "text": "a"}, {"type": "output_text", "text": "fine"}], "fine"),
        ([{"type": "text", "text": "fi"}, {"type": "text", "text": "ne"}], "fine"),
        ("cut emoji \ud83d", "cut emoji ?"),
    ],
)
def test_reasoning_is_not_part_of_the_answer(client, content, said, chat):
    chat(doubles.chat_answer(content))
    assert client.chat(ASKED) == said


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_an_answer_found_only_in_the_reasoning_field_is_the_answer(client, field, chat):
    answer = doubles.chat_answer(None)
    answer["choices"][0]["message"][field] = "<think>a</think>fine"
    chat(answer)
    assert client.chat(ASKED) == "fine"


def test_truncated_reasoning_is_not_an_answer(client, chat):
    answer = doubles.chat_answer(None, finish_reason="length")
    answer["choices"][0]["message"]["reasoning"] = "I might say fine"
    chat(answer, doubles.chat_answer("fine, thanks"))
    assert client.chat(ASKED) == "fine, thanks"


def test_an_answer_nested_in_another_field_is_read_and_counted(client, chat):
    chat({"id": 1, "provider": doubles.chat_answer("fine", usage=(12, 3))})
    assert client.chat(ASKED) == "fine"
    assert llm_config.get_usage_stats()["input_tokens"] == 12


@pytest.mark.parametrize(
    ("choice", "reason"),
    [({"finish_reason": "content_filter"}, "filtered"), ({"message": {"content": None, "refusal": "No."}}, "refused")],
)
def test_a_withheld_answer_gives_up_this_prompt_and_is_not_requested_again(client, choice, reason, chat):
    create = chat(doubles.chat_answer(None, **choice))
    with pytest.raises(llm_config.RefusedRequest) as refused:
        client.chat(ASKED)
    assert refused.value.reason == reason
    assert len(create.requests) == 1


EMPTY: list[Any] = [None, "", " \n", "<think>and then", "<think>done</think>", [], 7, "analysisHm."]


@pytest.mark.parametrize("content", EMPTY)
def test_an_empty_answer_is_requested_twice_more(client, content, chat):
    create = chat(doubles.chat_answer(content), doubles.chat_answer(content), doubles.chat_answer("fine"))
    assert client.chat(ASKED) == "fine"
    assert len(create.requests) == 3


def test_three_empty_answers_are_an_empty_answer_and_all_are_counted(client, chat):
    chat(doubles.chat_answer(None))
    with pytest.raises(llm_config.EmptyAnswer):
        client.chat(ASKED)
    assert llm_config.get_usage_stats()["requests"] == 3


def test_embeddings_come_back_in_the_order_of_the_texts(client, embedding):
    answer = doubles.embedding_answer([[1.0], [2.0], [3.0]])
    answer["data"].reverse()
    create = embedding(answer)
    assert client.embed(["one", "two\nlines", " \n "]) == [[1.0], [2.0], [3.0]]
    request = create.requests[0]
    assert request["input"] == ["one", "two lines", "(nothing)"]
    assert request["encoding_format"] == "float"
    assert request["request_timeout"] == 60
    assert "max_tokens" not in request


def test_many_texts_go_in_requests_of_256(client, embedding):
    full, rest = [[float(k)] for k in range(256)], [[256.0], [257.0]]
    create = embedding(doubles.embedding_answer(full), doubles.embedding_answer(rest))
    assert client.embed([str(k) for k in range(258)]) == full + rest
    assert [len(request["input"]) for request in create.requests] == [256, 2]


def test_no_texts_need_no_request(client, embedding):
    create = embedding(doubles.embedding_answer([]))
    assert client.embed([]) == []
    assert create.requests == []

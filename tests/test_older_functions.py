"""The older functions: the names that forks call, with their original results."""

from __future__ import annotations

import sys
import types
from typing import Any

import openai
import pytest

import doubles
from persona.prompt_template import gpt_structure, llm_config

pytestmark = pytest.mark.usefixtures("openrouter")
REQUESTS: list[tuple[str, tuple[Any, ...], str]] = [
    ("ChatGPT_request", ("Hello",), "ChatGPT ERROR"),
    ("GPT4_request", ("Hello",), "ChatGPT ERROR"),
    ("GPT_request", ("Hello", {}), "GPT REQUEST ERROR"),
]


@pytest.mark.parametrize(("name", "arguments", "error"), [*REQUESTS, ("ChatGPT_single_request", ("Hello",), None)])
def test_an_older_request_answers_with_the_text(name, arguments, error, chat):
    create = chat(doubles.chat_answer("fine"))
    assert getattr(gpt_structure, name)(*arguments) == "fine"
    assert create.requests[0]["messages"] == [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize("failure", [openai.error.AuthenticationError("no"), RuntimeError("odd"), None])
@pytest.mark.parametrize(("name", "arguments", "error"), REQUESTS)
def test_an_older_request_answers_with_its_error_text(name, arguments, error, failure, chat, pauses, capsys):
    chat(failure)
    assert getattr(gpt_structure, name)(*arguments) == error
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"{error}: ")


@pytest.mark.parametrize("failure", [openai.error.AuthenticationError("no"), doubles.refusal("maximum context length")])
@pytest.mark.parametrize("function", [gpt_structure.ChatGPT_single_request, gpt_structure.get_embedding])
def test_a_failure_is_raised_where_its_text_would_look_like_an_answer(function, failure, chat, embedding):
    """Old callers write the result of a single request into `currently`; and no vector can represent a failure."""
    chat(failure)
    embedding(failure)
    with pytest.raises(llm_config.LLMError):
        function("Hello")


def test_no_limit_is_sent_unless_one_is_given(chat):
    create = chat(doubles.chat_answer("fine"))
    gpt_structure.GPT_request("Hello", None)
    assert "max_tokens" not in create.requests[0]


@pytest.mark.parametrize("name", ["gpt_parameter", "gpt_param"])
def test_parameters_have_two_names(name, chat):
    create = chat(doubles.chat_answer("fine"))
    first: dict[str, Any] = {name: {"max_tokens": 7}}
    second: dict[str, Any] = {name: {"max_tokens": 8}}
    gpt_structure.GPT_request("Hello", **first)
    gpt_structure.safe_generate_response("Hello", **second)
    assert [request["max_tokens"] for request in create.requests] == [7, 8]


def test_an_answer_that_is_always_cut_off_is_returned(chat):
    create = chat(doubles.chat_answer("7 am, after", finish_reason="length"))
    assert gpt_structure.GPT_request("When?", {"max_tokens": 5}) == "7 am, after"
    assert [request["max_tokens"] for request in create.requests] == [5, 261, 1029]


def test_gpt4_request_asks_the_stronger_model(chat):
    create = chat(doubles.chat_answer())
    gpt_structure.GPT4_request("Hello")
    gpt_structure.GPT4_safe_generate_response("Hello", "x", "", repeat=1)
    assert {request["model"] for request in create.requests} == {"openai/gpt-4o"}


def test_gpt_request_passes_its_parameters_on_and_never_streams(chat):
    create = chat(doubles.chat_answer())
    parameter = {
        "engine": "gpt-4o",
        "max_tokens": 15,
        "temperature": 0,
        "top_p": 1,
        "stream": True,
        "frequency_penalty": 0,
        "presence_penalty": 0,
        "stop": None,
    }
    gpt_structure.GPT_request("Hello", parameter)
    sent = create.requests[0]
    assert sent["model"] == "openai/gpt-4o"
    assert (sent["max_tokens"], sent["temperature"], sent["top_p"]) == (15, 0, 1)
    assert not {"engine", "stream", "stop"} & set(sent)


@pytest.mark.parametrize(
    "engine", ["text-davinci-003", "text-davinci-002", "davinci", "gpt-3.5-turbo-instruct", "text-curie-001", None]
)
def test_retired_engines_become_gpt_4o_mini(engine, chat):
    create = chat(doubles.chat_answer())
    gpt_structure.GPT_request("Hello", {"engine": engine})
    assert create.requests[0]["model"] == "openai/gpt-4o-mini"


def test_get_embedding_gives_one_vector(embedding):
    create = embedding(doubles.embedding_answer([[0.25, 0.75]]))
    assert gpt_structure.get_embedding("a\nb") == [0.25, 0.75]
    assert create.requests[0]["input"] == ["a b"]


def is_short(output, prompt=""):
    return len(output) < 20


def in_capitals(output, prompt=""):
    return output.upper()


SAFE = [
    lambda **more: gpt_structure.ChatGPT_safe_generate_response("Hello", "an example", "Be brief.", **more),
    lambda **more: gpt_structure.GPT4_safe_generate_response("Hello", "an example", "Be brief.", **more),
    lambda **more: gpt_structure.ChatGPT_safe_generate_response_OLD("Hello", **more),
    lambda **more: gpt_structure.safe_generate_response("Hello", {"engine": "text-davinci-003"}, **more),
]
JSON_SAFE, TEXT_SAFE = SAFE[:2], SAFE[2:]


@pytest.mark.parametrize("ask", JSON_SAFE)
@pytest.mark.parametrize(
    "text",
    [
        '{"output": "resting"}',
        '```json\n{"output": "resting"}\n```',
        'Sure {as asked}! Here it is: {"output": "resting"} Anything else?',
        '{"thought": "tired"} {"output": "resting"}',
        '{"result": {"output": "resting"}}',
        'Of the form {"output": "walking"}: {"output": "resting"}',
        '{"answer": "resting"}',
        '<think>{"output": "no"}</think>{"output": "resting"}',
    ],
)
def test_the_json_is_found_in_prose_and_fences(text, ask, chat):
    chat(doubles.chat_answer(text))
    assert ask(func_validate=is_short, func_clean_up=in_capitals) == "RESTING"


def test_the_json_prompt_shows_a_valid_example(chat):
    create = chat(doubles.chat_answer('{"output": "x"}'))
    gpt_structure.ChatGPT_safe_generate_response("Hello", 'say "hi"', "Be brief.")
    sent = create.requests[0]["messages"][0]["content"]
    assert sent.startswith("Hello\n")
    assert "Be brief." in sent
    assert gpt_structure._output_in(sent) == 'say "hi"'


@pytest.mark.parametrize("ask", TEXT_SAFE)
def test_the_text_is_validated_and_cleaned_up(ask, chat):
    chat(doubles.chat_answer("resting"))
    assert ask(func_validate=is_short, func_clean_up=in_capitals) == "RESTING"


@pytest.mark.parametrize("ask", SAFE)
def test_an_invalid_answer_is_asked_for_again(ask, chat):
    bad, good = ('{"output": "' + word + '"}' for word in ("x" * 60, "fine"))
    create = chat(doubles.chat_answer(bad), doubles.chat_answer(good))
    ask(func_validate=lambda output, prompt: "fine" in output)
    assert len(create.requests) == 2


@pytest.mark.parametrize("ask", SAFE)
@pytest.mark.parametrize("fail_safe", [("an", "object"), None, "error"])
def test_when_all_tries_fail_the_fail_safe_is_returned_and_counted(ask, fail_safe, chat, capsys):
    create = chat(doubles.chat_answer('{"output": "fine"}'))
    answer = ask(repeat=2, fail_safe_response=fail_safe, func_validate=lambda output, prompt: False)
    assert answer == fail_safe
    assert len(create.requests) == 2
    llm_config.print_usage_summary()
    assert "  Answers that fell back: 1 of 1 (other 1: wrong form)\n" in capsys.readouterr().out


@pytest.mark.parametrize("ask", SAFE)
def test_a_failure_is_never_passed_to_a_validator(ask, chat, pauses):
    chat(openai.error.AuthenticationError("no"))
    seen = []
    assert ask(fail_safe_response="home", func_validate=lambda output, prompt: seen.append(output)) == "home"
    assert seen == []


@pytest.mark.parametrize("ask", SAFE)
@pytest.mark.parametrize("role", ["func_validate", "func_clean_up"])
def test_a_function_that_raises_rejects_the_answer(ask, role, chat):
    def trip(output, prompt):
        raise IndexError(output)

    chat(doubles.chat_answer('{"output": "fine"}'))
    assert ask(fail_safe_response="home", **{role: trip}) == "home"


@pytest.mark.parametrize("text", ["resting", '{"output": ', "[1, 2]", '{"a": 1, "b": 2}', "{" * 3_000])
def test_an_answer_without_json_falls_back(text, chat):
    chat(doubles.chat_answer(text))
    assert gpt_structure.ChatGPT_safe_generate_response("Hello", "x", "", fail_safe_response="home") == "home"


def test_verbose_shows_the_prompt_and_every_answer(chat, capsys):
    chat(doubles.chat_answer("fine"))
    gpt_structure.ChatGPT_safe_generate_response_OLD("Hello", func_validate=lambda *_, **__: 1 / 0, verbose=True)
    printed = capsys.readouterr().out
    assert "answer 3 of 3:\nfine" in printed
    assert "ZeroDivisionError" in printed


MARKER = "<commentblockmarker>###</commentblockmarker>"


@pytest.mark.parametrize(
    ("text", "inputs", "prompt"),
    [
        pytest.param(
            f"About !<INPUT 0>!\n{MARKER}\n!<INPUT 1>! asks !<INPUT 0>!: é?\n",
            ["Nora", 12],
            "12 asks Nora: é?",
            id="all",
        ),
        pytest.param("Dear !<INPUT 0>!, !<INPUT 1>!", "Nora", "Dear Nora, !<INPUT 1>!", id="a single input"),
        pytest.param("!<INPUT 0>! !<INPUT 1>!", ["!<INPUT 1>!", MARKER], f"!<INPUT 1>! {MARKER}", id="put in as it is"),
    ],
)
def test_generate_prompt_fills_the_text_after_the_marker(text, inputs, prompt, tmp_path):
    template = tmp_path / "greet.txt"
    template.write_text(text, encoding="utf-8")
    assert gpt_structure.generate_prompt(inputs, str(template)) == prompt


def test_temp_sleep_sleeps(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(gpt_structure.time, "sleep", slept.append)
    gpt_structure.temp_sleep()
    gpt_structure.temp_sleep(2)
    assert slept == [0.1, 2]


def star_import():
    """The names that forks' prompt files import."""
    names: dict[str, object] = {}
    exec("from persona.prompt_template.gpt_structure import *", names)
    return names


def test_a_star_import_brings_the_names_that_forks_use():
    assert {"json", "random", "time", "openai", "debug", "temp_sleep"} <= set(star_import())


@pytest.mark.parametrize(("utils", "debug"), [({"debug": True}, True), ({}, False), (None, False)])
def test_debug_is_that_of_utils_if_there_is_one(utils, debug, monkeypatch):
    module = types.ModuleType("utils") if utils is not None else None
    vars(module or types.ModuleType("unused")).update(utils or {})
    monkeypatch.setitem(sys.modules, "utils", module)
    package = sys.modules["persona.prompt_template"]
    monkeypatch.setattr(package, "gpt_structure", gpt_structure)
    monkeypatch.delitem(sys.modules, "persona.prompt_template.gpt_structure")
    assert star_import()["debug"] is debug

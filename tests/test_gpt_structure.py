"""The seam: what goes out, what counts as an answer, and the older functions over it."""

from __future__ import annotations

import sys
import types

import doubles
import openai
import pytest
from persona.prompt_template import gpt_structure, llm_config
from persona.prompt_template.gpt_structure import request_chat, request_embeddings

ASKED = [{"role": "user", "content": "How are you?"}]


@pytest.fixture(autouse=True)
def openrouter(monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", "or-key-for-tests")


@pytest.fixture
def chat(monkeypatch):
    """Lets the chat answer what the test says; gives back the double with the requests."""

    def answer(*answers):
        create = doubles.Create(*answers)
        monkeypatch.setattr(openai.ChatCompletion, "create", create)
        return create

    return answer


@pytest.fixture
def embedding(monkeypatch):
    def answer(*answers):
        create = doubles.Create(*answers)
        monkeypatch.setattr(openai.Embedding, "create", create)
        return create

    return answer


# ------------------------------------------------------------------------------------------ Requests


def test_a_chat_sends_the_message_with_all_that_belongs_to_it(chat):
    create = chat(doubles.chat_answer(" fine \n"))
    assert request_chat(ASKED, max_tokens=50, temperature=0.5, stop=["\n"], top_p=None) == "fine"
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


def test_openrouter_basic_calls_reach_the_model_and_are_counted(chat):
    chat(doubles.chat_answer("fine", usage=(12, 3)))
    request_chat(ASKED, purpose="small talk", persona="Nora Quill")
    assert llm_config.get_usage_stats()["requests"] == 1
    usage = llm_config.simulation_usage()
    assert usage["by_purpose"]["small talk"] == usage["by_persona"]["Nora Quill"]
    assert usage["by_persona"]["Nora Quill"]["input_tokens"] == 12


def test_custom_model_is_the_one_that_is_asked(chat, embedding, monkeypatch):
    monkeypatch.setenv("OPENROUTER_MODEL", "anthropic/claude-3-haiku")
    chats, embeddings = chat(doubles.chat_answer()), embedding(doubles.embedding_answer([[1.0]]))
    gpt_structure.ChatGPT_request("Hello")
    gpt_structure.GPT4_request("Hello")
    gpt_structure.get_embedding("Hello")
    assert [request["model"] for request in chats.requests] == ["anthropic/claude-3-haiku"] * 2
    assert [request["model"] for request in embeddings.requests] == ["openai/text-embedding-3-small"]


def test_openai_fallback_calls_use_the_plain_names(chat, monkeypatch):
    monkeypatch.delenv("OPENROUTER_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", "openai-key-for-tests")
    create = chat(doubles.chat_answer())
    request_chat(ASKED)
    assert create.requests[0]["model"] == "gpt-4o-mini"
    assert create.requests[0]["headers"] == {}


def test_the_provider_is_chosen_at_the_first_request_only(chat, capsys):
    chat(doubles.chat_answer())
    request_chat(ASKED)
    request_chat(ASKED)
    assert capsys.readouterr().out == "Using OpenRouter API (model: openai/gpt-4o-mini)\n"


def test_without_a_key_the_first_request_fails_and_does_not_end_the_program(chat, monkeypatch, key_in_utils):
    monkeypatch.delenv("OPENROUTER_API_KEY")
    key_in_utils(None)
    create = chat(doubles.chat_answer())
    with pytest.raises(llm_config.LastingFailure, match="OPENROUTER_API_KEY"):
        request_chat(ASKED)
    assert create.requests == []


def test_the_timeout_is_set_by_its_variable(chat, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "7.5")
    create = chat(doubles.chat_answer())
    request_chat(ASKED)
    assert create.requests[0]["request_timeout"] == 7.5


@pytest.mark.parametrize("name", ["LLM_TIMEOUT_SECONDS", "LLM_MAX_RETRIES", "LLM_RETRY_SECONDS"])
@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_is_named(name, value, chat, monkeypatch):
    monkeypatch.setenv(name, value)
    chat(doubles.chat_answer())
    with pytest.raises(llm_config.LastingFailure, match=f"{name} must be a number >= 0, was '{value}'"):
        request_chat(ASKED)


# ------------------------------------------------------------------------------------------- Answers


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<think>\nA greeting?\n</think>\n\nfine", "fine"),
        ("<think>a</think>fi<THINK>b</THINK>ne", "fine"),
        ("It greets me.</think>fine", "fine"),
        ("fine <think>was that right", "fine"),
        ([{"type": "text", "text": "fi"}, {"type": "text", "text": "ne"}], "fine"),
        ("cut emoji \ud83d", "cut emoji ?"),
    ],
)
def test_what_is_said_is_told_from_what_is_thought(content, said, chat):
    chat(doubles.chat_answer(content))
    assert request_chat(ASKED) == said


@pytest.mark.parametrize("content", [None, "", " \n", "<think>and then", "<think>done</think>", [], 7])
def test_an_answer_that_is_none_is_asked_for_twice_more(content, chat):
    create = chat(doubles.chat_answer(content), doubles.chat_answer(content), doubles.chat_answer("fine"))
    assert request_chat(ASKED) == "fine"
    assert [request["max_tokens"] for request in create.requests] == [1024] * 3


def test_an_answer_that_ran_out_of_room_is_given_four_times_as_much(chat):
    cut = doubles.chat_answer("<think>let me see", finish_reason="length")
    create = chat(cut, cut, doubles.chat_answer("fine"))
    assert request_chat(ASKED, max_tokens=30) == "fine"
    assert [request["max_tokens"] for request in create.requests] == [30, 120, 120]


def test_three_empty_answers_are_an_empty_answer_and_all_are_counted(chat):
    create = chat(doubles.chat_answer(None))
    with pytest.raises(llm_config.EmptyAnswer):
        request_chat(ASKED)
    assert len(create.requests) == 3
    assert llm_config.get_usage_stats()["requests"] == 3


def test_embeddings_come_back_in_the_order_of_the_texts(embedding):
    answer = doubles.embedding_answer([[1.0], [2.0], [3.0]])
    answer["data"].reverse()
    create = embedding(answer)
    assert request_embeddings(["one", "two\nlines", " \n "]) == [[1.0], [2.0], [3.0]]
    request = create.requests[0]
    assert request["input"] == ["one", "two lines", "(nothing)"]
    assert request["encoding_format"] == "float"
    assert request["request_timeout"] == 60
    assert "max_tokens" not in request


def test_many_texts_go_in_requests_of_256(embedding):
    full, rest = [[float(k)] for k in range(256)], [[256.0], [257.0]]
    create = embedding(doubles.embedding_answer(full), doubles.embedding_answer(rest))
    assert request_embeddings([str(k) for k in range(258)]) == full + rest
    assert [len(request["input"]) for request in create.requests] == [256, 2]


def test_no_texts_need_no_request(embedding):
    create = embedding(doubles.embedding_answer([]))
    assert request_embeddings([]) == []
    assert create.requests == []


# ---------------------------------------------------------------------------- The older functions

REQUESTS = [
    ("ChatGPT_single_request", ("Hello",), "ChatGPT ERROR"),
    ("ChatGPT_request", ("Hello",), "ChatGPT ERROR"),
    ("GPT4_request", ("Hello",), "ChatGPT ERROR"),
    ("GPT_request", ("Hello", {}), "GPT REQUEST ERROR"),
]


@pytest.mark.parametrize(("name", "arguments", "error"), REQUESTS)
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


def test_get_embedding_raises_what_no_vector_could_stand_for(embedding):
    embedding(openai.error.AuthenticationError("no"))
    with pytest.raises(llm_config.LastingFailure):
        gpt_structure.get_embedding("Hello")


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
    assert "  Answers that fell back: 1 of 1 (other 1)\n" in capsys.readouterr().out


@pytest.mark.parametrize("ask", SAFE)
def test_a_failure_is_never_shown_to_a_validator(ask, chat, pauses):
    chat(openai.error.AuthenticationError("no"))
    seen = []
    assert ask(fail_safe_response="home", func_validate=lambda output, prompt: seen.append(output)) == "home"
    assert seen == []


@pytest.mark.parametrize("ask", SAFE)
@pytest.mark.parametrize("role", ["func_validate", "func_clean_up"])
def test_a_function_that_trips_rejects_the_answer(ask, role, chat):
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


def test_generate_prompt_fills_what_follows_the_marker(tmp_path):
    template = tmp_path / "greet.txt"
    text = "About !<INPUT 0>!\n<commentblockmarker>###</commentblockmarker>\n!<INPUT 1>! asks !<INPUT 0>!: é?\n"
    template.write_text(text, encoding="utf-8")
    assert gpt_structure.generate_prompt(["Nora", 12], str(template)) == "12 asks Nora: é?"


def test_generate_prompt_takes_a_single_input(tmp_path):
    template = tmp_path / "greet.txt"
    template.write_text("Dear !<INPUT 0>!, !<INPUT 1>!", encoding="utf-8")
    assert gpt_structure.generate_prompt("Nora", str(template)) == "Dear Nora, !<INPUT 1>!"


def test_generate_prompt_leaves_placeholders_in_an_input_alone(tmp_path):
    template = tmp_path / "greet.txt"
    template.write_text("!<INPUT 0>! !<INPUT 1>!", encoding="utf-8")
    marker = "<commentblockmarker>###</commentblockmarker>"
    assert gpt_structure.generate_prompt(["!<INPUT 1>!", marker], template) == f"!<INPUT 1>! {marker}"


def test_temp_sleep_sleeps(monkeypatch):
    slept = []
    monkeypatch.setattr(gpt_structure.time, "sleep", slept.append)
    gpt_structure.temp_sleep()
    gpt_structure.temp_sleep(2)
    assert slept == [0.1, 2]


def star_import():
    """What forks' prompt files get."""
    names: dict[str, object] = {}
    exec("from persona.prompt_template.gpt_structure import *", names)
    return names


def test_a_star_import_brings_the_names_that_forks_use():
    assert {"json", "random", "time", "openai", "debug", "request_chat", "temp_sleep"} <= set(star_import())


@pytest.mark.parametrize(("utils", "debug"), [({"debug": True}, True), ({}, False), (None, False)])
def test_debug_is_that_of_utils_if_there_is_one(utils, debug, monkeypatch):
    module = types.ModuleType("utils") if utils is not None else None
    vars(module or types.ModuleType("unused")).update(utils or {})
    monkeypatch.setitem(sys.modules, "utils", module)
    package = sys.modules["persona.prompt_template"]
    monkeypatch.setattr(package, "gpt_structure", gpt_structure)
    monkeypatch.delitem(sys.modules, "persona.prompt_template.gpt_structure")
    assert star_import()["debug"] is debug

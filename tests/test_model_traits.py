"""The needs of a model: tokens for reasoning, parameters, context; learned once, and kept."""

from __future__ import annotations

import openai
import pytest

import doubles
from doubles import ASKED, FINE, in_threads, refusal
from doubles import error_reply as error
from persona.prompt_template import gpt_structure, llm_config
from persona.prompt_template.gpt_structure import ModelTraits

pytestmark = pytest.mark.usefixtures("openrouter")


@pytest.fixture
def model(monkeypatch):
    """Makes the chat answer with a function of the request."""

    def answer(reply):
        create = doubles.Answers(reply)
        monkeypatch.setattr(openai.ChatCompletion, "create", create)
        return create

    return answer


def start_again(client):
    """A new start of the program, with the traits that the last one learned."""
    again = gpt_structure.Client()
    again.models.load(client.models.to_json())
    return again


# Room to think


def thinker(tokens, field="reasoning", counts=True):
    """A model that spends this many tokens on reasoning before it answers `fine`."""

    def reply(request):
        room = request.get("max_tokens", 10**6)
        usage = {"prompt_tokens": 9, "completion_tokens": min(room, tokens + 1)}
        if counts:
            usage["completion_tokens_details"] = {"reasoning_tokens": min(room, tokens)}
        message = {"role": "assistant", "content": "fine" if room > tokens else None}
        if field:
            message[field] = " ".join(str(k * k) for k in range(min(room, tokens)))[: 3 * min(room, tokens)]
        finish = "stop" if room > tokens else "length"
        return {"choices": [{"message": message, "finish_reason": finish}], "usage": usage}

    return reply


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content", None])
@pytest.mark.parametrize("counts", [True, False])
def test_a_reasoning_model_gets_room_for_it_permanently(client, field, counts, model):
    create = model(thinker(900, field, counts))
    for _ in range(10):
        assert client.chat(ASKED, max_tokens=50) == "fine"
    assert len(create.requests) == 11
    assert create.sent("max_tokens")[0] == 50
    assert min(create.sent("max_tokens")[1:]) > 950


@pytest.mark.parametrize("tokens", [2_000, 6_000, 15_000])
def test_a_model_with_long_reasoning_gets_enough_room_too(client, tokens, model):
    create = model(thinker(tokens))
    assert [client.chat(ASKED, max_tokens=50) for _ in range(3)] == ["fine"] * 3
    assert len(create.requests) <= 6


def test_the_length_of_complete_reasoning_is_learned_too(client, model):
    create = model(thinker(30))
    client.chat(ASKED, max_tokens=50)
    model(thinker(700))
    assert client.chat(ASKED, max_tokens=50) == "fine"
    assert len(create.requests) == 1


def test_the_room_for_reasoning_is_known_at_the_next_start(client, model):
    model(thinker(900))
    client.chat(ASKED, max_tokens=50)
    client = start_again(client)
    create = model(thinker(900))
    client.chat(ASKED, max_tokens=50)
    assert len(create.requests) == 1


def test_the_room_depends_on_the_model(client, model, monkeypatch):
    model(thinker(900))
    client.chat(ASKED, max_tokens=50)
    monkeypatch.setenv("OPENROUTER_MODEL", "acme/other")
    llm_config.init_llm_api()
    create = model(lambda request: doubles.chat_answer("fine"))
    client.chat(ASKED, max_tokens=50)
    assert create.sent("max_tokens") == [50]


def test_endless_reasoning_does_not_get_ever_more_room(client, model):
    create = model(thinker(10**7))
    for _ in range(5):
        with pytest.raises(llm_config.EmptyAnswer):
            client.chat(ASKED, max_tokens=50)
    assert max(create.sent("max_tokens")) <= 50 + 32_768
    assert client.models.to_json() == {}


# Answers that are cut off


def test_a_server_with_a_small_default_limit_gets_an_explicit_one_permanently(client, model):
    def reply(request):
        finish = "stop" if request.get("max_tokens", 100) > 500 else "length"
        return doubles.chat_answer("a long answer", usage=(9, 400), finish_reason=finish)

    create = model(reply)
    for _ in range(3):
        assert client.chat(ASKED) == "a long answer"
    assert create.sent("max_tokens") == [None, 4096, 4096, 4096]


def test_a_cut_off_answer_is_requested_with_more_room_even_if_it_is_readable(client, chat):
    cut = doubles.chat_answer('{"schedule": [1, 2', finish_reason="length")
    create = chat(cut, cut, doubles.chat_answer("whole"))
    assert client.chat(ASKED, max_tokens=30) == "whole"
    assert [request["max_tokens"] for request in create.requests] == [30, 286, 1054]


def test_the_room_for_a_long_answer_is_kept(client, model):
    def reply(request):
        room = request["max_tokens"]
        return doubles.chat_answer("whole", usage=(9, 100), finish_reason="stop" if room > 100 else "length")

    create = model(reply)
    for _ in range(3):
        client.chat(ASKED, max_tokens=60)
    assert create.sent("max_tokens") == [60, 316, 110, 110]


def test_an_answer_that_is_always_cut_off_counts_as_empty_with_that_reason(client, chat):
    create = chat(doubles.chat_answer('{"schedule": [1, 2', finish_reason="length"))
    with pytest.raises(llm_config.EmptyAnswer) as failure:
        client.chat(ASKED, max_tokens=30)
    assert failure.value.reason == "cut off"
    assert len(create.requests) == 3


def test_a_model_that_repeats_itself_gets_no_more_room(client, chat):
    create = chat(doubles.chat_answer("and then he had breakfast, " * 60, finish_reason="length"))
    with pytest.raises(llm_config.EmptyAnswer):
        client.chat(ASKED, max_tokens=300)
    assert {request["max_tokens"] for request in create.requests} == {300}


# Parameters

TAKE_INSTEAD = refusal(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    param="max_tokens",
    code="unsupported_parameter",
)
ONLY_DEFAULT = (
    "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported."
)


def refusing(*rules):
    """A model that refuses a request for the first of the (parameter, exception) rules that it breaks."""
    return lambda request: next((said for name, said in rules if name in request), doubles.chat_answer("fine"))


def test_a_parameter_with_another_name_is_renamed(client, model):
    create = model(refusing(("max_tokens", TAKE_INSTEAD)))
    client.chat(ASKED, max_tokens=50)
    client.chat(ASKED, max_tokens=50)
    assert create.sent("max_completion_tokens") == [None, 50, 50]


@pytest.mark.parametrize(
    "said",
    [
        refusal(ONLY_DEFAULT, param="temperature", code="unsupported_value"),
        refusal("Unrecognized request argument supplied: temperature"),
        refusal('Invalid JSON payload received. Unknown name "temperature": Cannot find field.'),
        refusal("property 'temperature' is unsupported, did you mean 'top_p'?"),
        refusal("Provider returned error", metadata={"raw": '{"error": {"message": "temperature is not supported"}}'}),
        refusal("temperature: this model does not like that", 422),
    ],
    ids=str,
)
def test_a_refused_parameter_is_omitted_from_then_on(client, said, model):
    create = model(refusing(("temperature", said)))
    for _ in range(2):
        assert client.chat(ASKED, temperature=0.5, max_tokens=50) == "fine"
    assert create.sent("temperature") == [0.5, None, None]
    assert create.sent("max_tokens") == [50] * 3


def test_a_refusal_in_the_form_of_pydantic_names_its_parameter_too(client, wire, replies):
    detail = [{"type": "extra_forbidden", "loc": ["body", "top_p"], "msg": "Extra inputs are not permitted"}]
    replies({"json": {"detail": detail}, "status": 422}, FINE)
    assert client.chat(ASKED, top_p=1) == "fine"
    assert b"top_p" not in wire.calls[-1].request.body


def test_several_traits_are_learned_from_one_request(model):
    rules = [(name, refusal(f"Unsupported parameter: '{name}'")) for name in ("top_p", "stop", "presence_penalty")]
    create = model(refusing(("max_tokens", TAKE_INSTEAD), *rules))
    old = {"max_tokens": 50, "temperature": 0, "top_p": 1, "presence_penalty": 0, "stop": ["\n"]}
    assert gpt_structure.GPT_request("Say hello.", old) == "fine"
    assert sorted(set(create.requests[-1]) & {*old, "max_completion_tokens"}) == [
        "max_completion_tokens",
        "temperature",
    ]


def test_a_text_ends_at_the_stop_even_if_the_model_does_not_support_it(model):
    model(lambda request: refusal("'stop' is not supported") if "stop" in request else doubles.chat_answer("one\ntwo"))
    assert gpt_structure.GPT_request("Count.", {"stop": ["two"]}) == "one\n"


TOO_SMALL = (
    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 3 instead.",
    "max_tokens must be at least 16",
    "the valid range of max_tokens is [16, 8192]",
)
TOO_LARGE = (
    "max_tokens is too large: 9000. This model supports at most 4096 completion tokens.",
    "Invalid max_tokens value, the valid range of max_tokens is [1, 4096]",
    "max_tokens: 9000 > 4096, which is the maximum allowed number of output tokens",
    "The maximum tokens you requested exceeds the model limit of 4096. Try again with a lower max_tokens",
    "Unable to submit request because it has a maxOutputTokens value of 9000 but the supported range is from 1 "
    "(inclusive) to 4097 (exclusive).",
)


@pytest.mark.parametrize(
    ("said", "asked", "taken"), [*((said, 3, 16) for said in TOO_SMALL), *((said, 9000, 4096) for said in TOO_LARGE)]
)
def test_a_token_limit_that_is_too_small_or_too_large_is_corrected(client, said, asked, taken, model):
    create = model(lambda request: doubles.chat_answer("7") if request["max_tokens"] == taken else refusal(said))
    assert client.chat(ASKED, max_tokens=asked) == "7"
    assert create.sent("max_tokens") == [asked, taken]


def test_an_unsupported_response_format_is_replaced_by_a_simpler_one(client, model):
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}

    def reply(request):
        wanted = request.get("response_format")
        said = {"json_schema": "Invalid parameter: response_format json_schema", "json_object": "response_format?"}
        return refusal(said[wanted["type"]]) if wanted else doubles.chat_answer("{}")

    create = model(reply)
    client.chat(ASKED, response_format=schema)
    client.chat(ASKED, response_format=schema)
    assert create.sent("response_format") == [schema, {"type": "json_object"}, None, None]


def test_a_server_that_fails_on_a_schema_gets_a_simpler_format(client, wire, replies):
    replies(error(500, "failed to load model vocabulary required for format"), FINE)
    assert client.chat(ASKED, response_format={"type": "json_schema"}) == "fine"
    assert b'"type": "json_object"' in wire.calls[-1].request.body


NO_TEMPERATURE = ("temperature", refusal("'temperature' is not supported"))


@pytest.mark.parametrize(
    ("rules", "sent"),
    [
        pytest.param([NO_TEMPERATURE], [0.5, None, None, None], id="and holds"),
        pytest.param([], [0.5, 0.5, 0.5], id="and is forgotten when it no longer holds"),
    ],
)
def test_learned_limits_are_tried_again_once_per_start(client, rules, sent, model):
    model(refusing(NO_TEMPERATURE))
    client.chat(ASKED, temperature=0.5)
    client = start_again(client)
    create = model(refusing(*rules))
    for _ in range(3):
        client.chat(ASKED, temperature=0.5)
    assert create.sent("temperature") == sent


def test_learned_limits_of_unsent_parameters_are_kept(client, model):
    model(refusing(NO_TEMPERATURE))
    client.chat(ASKED, temperature=0.5)
    client = start_again(client)
    client.chat(ASKED)
    assert client.models.of("openai/gpt-4o-mini").left_out == ["temperature"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('"llama3.2" does not support thinking', "reasoning"),
        ("Budget 0 is invalid. This model only works in thinking mode.", "reasoning"),
        ("Penalty is not enabled for models/gemini-2.5-flash", "presence_penalty"),
        ("Model grok-4 does not support parameter presencePenalty.", "presence_penalty"),
    ],
)
def test_a_parameter_is_recognized_by_other_names(client, said, name, model):
    create = model(refusing((name, refusal(said))))
    assert client.chat(ASKED, **{name: 1}) == "fine"
    assert create.sent(name) == [1, None]


def test_many_threads_learn_the_same_lesson_at_once(client, model):
    create = model(refusing(("max_tokens", TAKE_INSTEAD)))
    assert in_threads(8, lambda: client.chat(ASKED, max_tokens=9)) == ["fine"] * 8
    assert len(create.requests) <= 16


# The context

TOO_LONG = {
    "Anthropic": "input length and `max_tokens` exceed context limit: 1000 + 1500 > 2000, decrease input length",
    "TGI": "`inputs` tokens + `max_new_tokens` must be <= 2000. Given: 1000 `inputs` tokens and 1500 `max_new_tokens`",
    "Mistral": "Prompt contains 1000 tokens and 0 draft tokens, too large for model with 2000 maximum context length",
    "Gemini": "The input token count (1000) exceeds the maximum number of tokens allowed (2000).",
    "OpenAI": "This model's maximum context length is 2000 tokens. However, you requested 2500 tokens "
    "(1000 in the messages, 1500 in the completion). Please reduce the length of the messages or completion.",
    "vLLM": "This model's maximum context length is 2000 tokens. However, you requested 2500 tokens in total "
    "(1000 tokens from the input messages and 1500 tokens for the completion).",
    "newer vLLM": "'max_tokens' or 'max_completion_tokens' is too large: 1500. This model's maximum context length is "
    "2000 tokens and your request has 1000 input tokens (1500 > 2000 - 1000).",
    "OpenRouter": "This endpoint's maximum context length is 2000 tokens. However, you requested about 2500 tokens "
    "(1000 of text input, 1500 in the output).",
}


LLAMA_CPP = refusal("the request exceeds the available context size", n_prompt_tokens=1000, n_ctx=2000)


@pytest.mark.parametrize("said", [*map(refusal, TOO_LONG.values()), LLAMA_CPP], ids=[*TOO_LONG, "llama.cpp"])
def test_the_rest_of_the_context_is_used_if_it_is_enough(client, said, model):
    create = model(lambda request: said if request["max_tokens"] > 1000 else doubles.chat_answer("fine"))
    assert client.chat(ASKED, max_tokens=1500) == "fine"
    assert create.sent("max_tokens") == [1500, 984]


def test_a_context_that_is_too_small_is_reported_once_with_figures(client, model, capsys):
    prompts = iter((1900, 1910))
    model(lambda request: refusal(TOO_LONG["OpenAI"].replace("1000", str(next(prompts)))))
    for _ in range(2):
        with pytest.raises(llm_config.RefusedRequest) as refused:
            client.chat(ASKED, max_tokens=1500)
        assert refused.value.reason == "too long"
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    for word in ("2,000", "1,900", "1,500", "OLLAMA_CONTEXT_LENGTH"):
        assert word in told


def test_the_room_that_the_credits_allow_is_used_if_it_is_enough(client, wire, replies):
    said = (
        "This request requires more credits, or fewer max_tokens. You requested up to 1500 tokens, but can only afford"
    )
    replies(error(402, f"{said} 1200."), FINE, error(402, f"{said} 20."))
    assert client.chat(ASKED, max_tokens=1500) == "fine"
    assert b'"max_tokens": 1200' in wire.calls[-1].request.body
    with pytest.raises(llm_config.FatalError, match="no credits left"):
        client.chat(ASKED, max_tokens=1500)
    assert client.models.to_json() == {}


# Kept


def test_learned_traits_are_kept_by_address_and_model_without_empty_entries(client, model):
    model(thinker(900))
    client.chat(ASKED, max_tokens=50)
    learned = client.models.to_json()
    assert list(learned) == ["https://openrouter.ai/api/v1 openai/gpt-4o-mini"]
    assert next(iter(learned.values()))["thinking"] == 1800


@pytest.mark.parametrize("saved", [{"a b": None}, {"a b": {"thinking": "much", "odd": 1}}, {"a b": {"left_out": {}}}])
def test_a_malformed_record_of_traits_is_ignored(saved):
    models = gpt_structure.LearnedModels()
    models.load(saved)
    assert models.to_json() == {}


def test_by_default_all_model_traits_are_unset():
    assert not any(value for name, value in vars(ModelTraits()).items())


# Settings


@pytest.mark.parametrize(
    ("key", "effort", "sent"),
    [
        *(("OPENROUTER_API_KEY", effort, {"reasoning": {"effort": effort}}) for effort in ("none", "low", "high")),
        ("OPENAI_API_KEY", "low", {"reasoning_effort": "low"}),
    ],
)
def test_the_reasoning_effort_is_sent_in_the_providers_format(client, key, effort, sent, chat, monkeypatch):
    monkeypatch.delenv("OPENROUTER_API_KEY")
    monkeypatch.setenv(key, "key-for-tests")
    monkeypatch.setenv("LLM_REASONING", effort)
    create = chat(doubles.chat_answer("fine"))
    client.chat(ASKED)
    assert create.requests[0].items() >= sent.items()


@pytest.mark.parametrize(
    ("setting", "sent"),
    [("auto", "json_schema"), ("json_schema", "json_schema"), ("json_object", "json_object"), ("none", None)],
)
def test_the_configured_response_format_is_requested(client, setting, sent, chat, monkeypatch):
    monkeypatch.setenv("LLM_RESPONSE_FORMAT", setting)
    create = chat(doubles.chat_answer("{}"))
    client.chat(ASKED, response_format={"type": "json_schema"})
    assert create.requests[0].get("response_format") == (sent and {"type": sent})


def test_a_model_without_reasoning_effort_gets_none(client, model, monkeypatch):
    monkeypatch.setenv("LLM_REASONING", "none")
    said = refusal("Reasoning is mandatory for this endpoint and cannot be disabled.")
    create = model(lambda request: said if "reasoning" in request else doubles.chat_answer("fine"))
    assert client.chat(ASKED) == "fine"
    assert len(create.requests) == 2


@pytest.mark.parametrize("name", ["LLM_REASONING", "LLM_RESPONSE_FORMAT"])
def test_an_invalid_setting_is_named_at_the_start(name, monkeypatch, capsys):
    monkeypatch.setenv(name, "hard")
    with pytest.raises(SystemExit):
        llm_config.init_llm_api()
    assert f"{name} must be one of" in capsys.readouterr().err

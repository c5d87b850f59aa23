"""The consequence of each failure: another try, a refused request, or a stopped run with a remedy."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
import requests

import doubles
from doubles import ASKED, FINE, KEY
from doubles import error_reply as error
from persona.prompt_template import gpt_structure, llm_config
from persona.prompt_template.llm_config import FatalError, RefusedRequest

pytestmark = pytest.mark.usefixtures("openrouter", "wire")


def vectors(*rows):
    return {"json": doubles.embedding_answer(rows)}


BUSY = error(402, "wait", metadata={"reason": "in_flight_budget_exhausted"})
PASSING = {
    **{str(status): error(status) for status in (408, 409, 425, 429, 500, 502, 503, 504, 524, 529)},
    "402 of a busy budget": BUSY,
    "error in a 200": {"json": {"error": {"code": 502, "message": "upstream"}}},
    "error in a 200 without a code": {"json": {"error": {"message": "upstream"}}},
    "error in a 200 with code 0": {"json": {"error": {"code": 0, "message": "upstream"}}},
    "error text in a 200": {"json": {"error": "upstream"}},
    "error in a choice": {
        "json": doubles.chat_answer(None, finish_reason="error", error={"code": 429, "message": "busy"})
    },
    "a choice that broke off": {"json": doubles.chat_answer("I was going to", finish_reason="error")},
    "no choices": {"json": {"choices": []}},
    "a choice that is null": {"json": {"choices": [None]}},
    "null": {"json": None},
    "204": {"status": 204},
    "empty": {"body": ""},
    "html": {"body": "<html>busy</html>", "content_type": "text/html"},
    "html and 502": {"body": "<html>busy</html>", "status": 502},
    "plain text": {"body": "busy", "content_type": "text/plain"},
    "list": {"json": []},
    "error that is a text": {"json": {"error": "busy"}, "status": 500},
    "error that is null": {"json": {"error": None}, "status": 500},
    "error that is a list": {"json": {"error": ["busy"]}, "status": 500},
    "error without a name": {"json": {"detail": "busy"}, "status": 500},
    "not UTF-8": {"body": b"\xff\xfe", "status": 500},
    "not UTF-8 in a 200": {"body": b"\xff\xfe"},
    "an error beside an answer": {"json": {**FINE["json"], "error": {"code": 502, "message": "it broke off"}}},
    "broken connection": {"body": requests.ConnectionError("reset")},
    "timeout": {"body": requests.exceptions.ReadTimeout("slow")},
}


@pytest.mark.parametrize("reply", PASSING.values(), ids=PASSING)
def test_a_transient_failure_is_tried_again(client, reply, replies, pauses):
    replies(reply, FINE)
    assert client.chat(ASKED) == "fine"
    assert len(pauses) == 1


ODD_VECTORS = [None, [], "0.5 and 1", ["0.5"], [0.1, None], [0.1, "x"], [0.1, [2]]]
NO_VECTORS = [error(500), {"json": {"data": []}}, {"json": None}, FINE, vectors([0.5], [0.5, 0.5])]


@pytest.mark.parametrize("reply", [*NO_VECTORS, *(vectors(odd, odd) for odd in ODD_VECTORS)], ids=str)
def test_unusable_embeddings_are_requested_again(client, reply, replies):
    replies(reply, vectors([0.5], [0.25]), path="embeddings")
    assert client.embed(["one", "two"]) == [[0.5], [0.25]]


def test_an_index_that_is_not_a_number_leaves_the_order(client, replies):
    reply = vectors([0.5], [0.25])
    for row in reply["json"]["data"]:
        row["index"] = "first"
    replies(reply, path="embeddings")
    assert client.embed(["one", "two"]) == [[0.5], [0.25]]


MODERATED = error(403, "flagged", metadata={"reasons": ["violence"], "flagged_input": "a fight"})
EXPLAINED = {
    "moderation": (MODERATED, "filtered"),
    "a filter": (error(400, "The response was filtered due to the content management policy."), "filtered"),
    "too long": (error(400, "This model's maximum context length is 8192 tokens", type="x"), "too long"),
    "a limit of tokens": (error(429, "Request too large for gpt-4o on tokens per min (TPM)"), "too long"),
}


@pytest.mark.parametrize(("reply", "reason"), EXPLAINED.values(), ids=EXPLAINED)
def test_a_failure_clearly_caused_by_the_prompt_gives_up_that_prompt_at_once(client, reply, reason, replies, pauses):
    replies(reply)
    with pytest.raises(RefusedRequest) as refused:
        client.chat(ASKED)
    assert refused.value.reason == reason
    assert pauses == []


UNCLEAR = {"413": error(413), "422": error(422), "another 400": error(400, "stop must be a list")}


@pytest.mark.parametrize("reply", UNCLEAR.values(), ids=UNCLEAR)
def test_a_failure_possibly_caused_by_the_prompt_is_attributed_to_it_if_another_is_answered(
    client, reply, replies, pauses
):
    replies(reply, FINE)
    with pytest.raises(RefusedRequest) as refused:
        client.chat(ASKED)
    assert refused.value.reason == "refused"
    assert pauses == []


@pytest.mark.parametrize("reply", UNCLEAR.values(), ids=UNCLEAR)
def test_a_model_that_refuses_everything_stops_the_run_with_the_servers_words(client, reply, replies):
    replies(reply, reply)
    message = reply["json"]["error"]["message"]
    with pytest.raises(FatalError, match=f"{message}.*short test prompt.*OPENROUTER_MODEL"):
        client.chat(ASKED)


FAILING = {
    "500": error(500, "the runner has crashed, request 17"),
    "no choices": {"json": {"choices": []}},
    "choices that are null": {"json": {"choices": None}},
}


@pytest.mark.parametrize("reply", FAILING.values(), ids=FAILING)
def test_a_prompt_that_always_fails_is_abandoned_once_another_is_answered(client, reply, replies, pauses):
    replies(*[reply] * 4, FINE)
    with pytest.raises(RefusedRequest) as given_up:
        client.chat(ASKED)
    assert given_up.value.reason == "server error"
    assert len(pauses) == 3


def test_differing_failures_are_not_attributed_to_the_prompt(client, replies, pauses):
    replies(*[error(status) for status in (500, 502, 504, 500, 502, 504)], FINE)
    assert client.chat(ASKED) == "fine"


GOOGLE = {"status": 400, "json": [{"error": {"message": "API key not valid. Please pass a valid API key."}}]}
LASTING = {
    "401": (
        error(401, "User not found"),
        "OPENROUTER_API_KEY was refused (401: User not found).",
        "Check it at https://openrouter.ai/keys or unset it to use OpenAI.",
    ),
    "401 without a body": ({"status": 401}, "OPENROUTER_API_KEY was refused (401: ", "/keys"),
    "401 in a 200": ({"json": {"error": {"code": 401, "message": "No auth"}}}, "was refused (401: No auth)", "/keys"),
    "Google's refused key": (GOOGLE, "OPENROUTER_API_KEY was refused", "/keys"),
    "a refused key in words": (error(400, "Incorrect API key provided"), "OPENROUTER_API_KEY was refused", "/keys"),
    "403 of a key": (error(403, "Unauthorized"), "OPENROUTER_API_KEY was refused", "/keys"),
    "402": (error(402, "Insufficient credits"), "no credits left for OPENROUTER_API_KEY (402", "/credits"),
    "quota": (error(429, "Check your plan", type="insufficient_quota"), "no credits left", "/credits"),
    "403": (error(403, "Region"), "does not let OPENROUTER_API_KEY do this (403: Region)", "/keys"),
    "404": (error(404, "No endpoints found"), "does not serve openai/gpt-4o-mini", "OPENROUTER_MODEL"),
    "400 of a model": (error(400, "acme/x is not a valid model ID"), "does not serve", "OPENROUTER_MODEL"),
    "400 of an azure model": (error(400, "no", type="OperationNotSupported"), "does not serve", "OPENROUTER_MODEL"),
    "410": (error(410, "gone"), "410: gone", "/keys"),
}


@pytest.mark.parametrize(("reply", "what", "remedy"), LASTING.values(), ids=LASTING)
def test_a_fatal_failure_stops_the_run_at_once_and_says_what_to_do(client, reply, what, remedy, replies, pauses):
    replies(reply)
    with pytest.raises(FatalError) as failed:
        client.chat(ASKED)
    assert what in failed.value.what
    assert remedy in failed.value.remedy
    assert pauses == []


PAGE = {"status": 404, "body": "404 page not found", "content_type": "text/plain"}
DETAIL = {"status": 404, "json": {"detail": "Not Found"}}
OF_OWN_SERVERS: dict[str, dict[str, Any]] = {
    r"no chat API at http://127.0.0.1:11434 .* Set OPENAI_API_BASE .*/v1": {
        "Ollama": PAGE,
        "FastAPI": DETAIL,
        "LM Studio": {"json": {"error": "Unexpected endpoint or method. (POST /chat/completions)"}},
        "a web server": {"status": 404, "body": "<html><title>404</title></html>", "content_type": "text/html"},
        "nothing is posted there": error(405, "Method Not Allowed"),
    },
    r"at 127.0.0.1:11434 does not serve .* Set OPENAI_MODEL": {
        "LM Studio without a model": error(400, "No models loaded. Please load a model in the developer page."),
        "Ollama without the model": error(404, 'model "llama3.1" not found, try pulling it first'),
        "an unloaded model": {"json": {"error": "Model is not loaded"}},
    },
    r"does not provide embeddings.*LLM_EMBEDDING_API_BASE.*_MODEL": {
        "llama.cpp": error(501, "This server does not support embeddings. Start it with `--embeddings`"),
        "llama.cpp without pooling": error(400, "Pooling type 'none' is not OAI compatible."),
        "Ollama's chat model": error(500, "this model does not support embeddings"),
        "Ollama's cloud": {"status": 404, "json": {"error": 'path "/v1/embeddings" not found'}},
        "a page": PAGE,
        "FastAPI without embeddings": DETAIL,
        "an unknown model": error(404),
    },
}
ROWS = [
    pytest.param(message, reply, id=name) for message, rows in OF_OWN_SERVERS.items() for name, reply in rows.items()
]


@pytest.mark.parametrize(("message", "reply"), ROWS)
def test_a_missing_feature_of_a_local_server_is_named_at_once_with_its_variable(
    client, message, reply, replies, pauses, local_server
):
    is_of_texts = "embeddings" in message
    replies(reply, base=local_server, path="embeddings" if is_of_texts else "chat/completions")
    with pytest.raises(FatalError, match=message):
        client.embed(["one"]) if is_of_texts else client.chat(ASKED)
    assert pauses == []


def a_page(title):
    return {"body": f"<html><title>{title}</title></html>", "content_type": "text/html"}


def test_a_web_page_in_place_of_an_api_is_named_within_three_tries(client, replies, pauses, local_server):
    replies(*[a_page("Welcome")] * 4, base=local_server)
    with pytest.raises(FatalError, match="a web page, 'Welcome'.* Set OPENAI_API_BASE"):
        client.chat(ASKED)
    assert sum(pauses) < 4


def test_a_web_page_from_an_api_that_has_answered_is_a_transient_failure(client, replies, local_server):
    replies(FINE, *[a_page("Back soon")] * 3, FINE, base=local_server)
    client.chat(ASKED)
    assert client.chat(ASKED) == "fine"


def test_a_key_from_utils_is_named_as_such(client, replies, monkeypatch, key_in_utils):
    monkeypatch.delenv("OPENROUTER_API_KEY")
    key_in_utils("utils-key-for-tests")
    replies(error(401), base="https://api.openai.com/v1")
    with pytest.raises(FatalError, match="openai_api_key in utils.py was refused"):
        client.chat(ASKED)


def test_the_reason_of_the_upstream_provider_is_shown(client, replies):
    replies(error(422, "Provider returned error", metadata={"raw": "the prompt\nis odd"}), FINE)
    with pytest.raises(RefusedRequest, match="422: Provider returned error: the prompt is odd"):
        client.chat(ASKED)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ({"json": {"error": "model is loading"}, "status": 500}, "(500: model is loading)"),
        ({"json": {"message": "out of memory"}, "status": 500}, "(500: out of memory)"),
        ({"json": {"detail": "not ready"}, "status": 502}, "(502: not ready)"),
        ({"json": {"error": {"message": "soon back"}}, "status": 503}, "(503: soon back)"),
        ({"body": "<html>", "status": 502, "content_type": "text/html"}, "(502: a web page)"),
        ({"body": "<html><title>Bad gateway</title>", "status": 502}, "(502: a web page, 'Bad gateway')"),
        ({"body": "try later", "status": 502, "content_type": "text/plain"}, "(502: try later)"),
        ({"json": [{"error": {"message": "no room"}}], "status": 500}, "(500: no room)"),
        ({"json": {"detail": [{"loc": ["body", "n"], "msg": "too many"}]}, "status": 500}, "(500: body.n: too many)"),
        ({"json": {"provider": {"error": {"message": "asleep"}}}, "status": 500}, "(500: asleep)"),
        ({"json": {"error": {"error": {"reason": "out of disk"}}}, "status": 500}, "(500: out of disk)"),
        ({"json": {"error": {"message": None}}, "status": 500}, "(500: no reason given)"),
    ],
)
def test_the_servers_message_is_shown_in_any_format(client, reply, told, replies, monkeypatch):
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    replies(reply)
    with pytest.raises(FatalError) as failed:
        client.chat(ASKED)
    assert told in failed.value.what


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422, 500])
def test_a_key_that_the_provider_echoes_is_masked(client, status, replies, monkeypatch, capsys):
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    monkeypatch.setenv("OPENROUTER_API_KEY", f"{KEY}\n")
    replies(error(status, f"bad key {KEY}", metadata={"raw": f"Bearer {KEY}"}))
    with pytest.raises(llm_config.LLMError) as failed:
        client.chat(ASKED)
    assert failed.value.__suppress_context__
    assert KEY not in f"{failed.value} {failed.value!r}{capsys.readouterr()}"


def test_a_key_is_masked_even_if_a_long_message_is_cut(client, replies):
    replies(error(403, "x" * 290 + KEY))
    with pytest.raises(FatalError) as failed:
        client.chat(ASKED)
    assert KEY[:5] not in str(failed.value)


def test_a_key_echoed_as_the_models_name_is_masked(client, ledger, replies):
    replies({"json": doubles.chat_answer("fine", model=KEY, usage={"prompt_tokens": 1, "cost": 0.01})})
    client.chat(ASKED)
    assert list(ledger.by_model) == ["<key>"]


def test_a_key_is_masked_in_the_announcement_of_a_long_wait(client, replies, capsys):
    replies(error(429, f"too many for {KEY}", retry_after="9"), FINE)
    client.chat(ASKED)
    assert "too many for <key>" in capsys.readouterr().err


def test_a_password_in_the_address_of_a_server_is_not_shown(client, monkeypatch, chat):
    monkeypatch.setenv("OPENROUTER_API_BASE", "http://nora:secret@gateway.test:8000/v1")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    chat(openai.error.APIConnectionError("gone"))
    with pytest.raises(FatalError, match="gateway.test:8000 did not answer .no connection: ") as failed:
        client.chat(ASKED)
    assert "secret" not in str(failed.value)


ODD_EXCEPTIONS = [
    AttributeError("get"),
    TypeError("none"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"),
    KeyError("message"),
    ConnectionResetError(104, "reset"),
    openai.error.RateLimitError("slow"),
    openai.error.ServiceUnavailableError(),
    openai.error.APIError("odd"),
    openai.error.Timeout("slow"),
    openai.error.APIConnectionError("gone"),
    openai.error.TryAgain("later"),
]


@pytest.mark.parametrize("failure", ODD_EXCEPTIONS, ids=lambda failure: type(failure).__name__)
def test_exceptions_of_the_client_itself_are_tried_again(client, failure, chat):
    chat(failure, doubles.chat_answer("fine"))
    assert client.chat(ASKED) == "fine"


def test_an_unexpected_exception_is_not_tried_again(client, chat):
    create = chat(ZeroDivisionError("ours"))
    with pytest.raises(FatalError, match="ZeroDivisionError: ours"):
        client.chat(ASKED)
    assert len(create.requests) == 1


# What real servers say, and what it means: {what it means: [(status, body), ...]}


def said(message, **more):
    return {"error": {"message": message, **more}}


RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}
PER_DAY = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}
SAID = {
    "key": [
        (200, said("Invalid API key", code="invalid_api_key")),
        (403, said("Your authentication token is invalid.", code="authentication_error")),
    ],
    "credits": [
        (403, said("Key limit exceeded (total limit). Manage it using the settings page", code=403)),
        (400, said("Budget has been exceeded! Current cost: 10.1, Max budget: 10.0", type="budget_exceeded")),
        (400, said("Access denied, please make sure your account is in good standing.", code="Arrearage")),
        (400, said("Your credit balance is too low to access the API.", type="invalid_request_error")),
    ],
    "model": [
        (400, said("The model `llama3-8b-8192` has been decommissioned and is no longer supported.")),
        (400, said("Model unloaded.")),
        (404, said("The model `gpt-9` does not exist or you do not have access to it.", code="model_not_found")),
    ],
    "no api": [(404, said("Unknown request URL: POST /chat/completions.")), (404, said("File Not Found"))],
    "filtered": [
        (400, said("Content Exists Risk")),
        (400, said("Your request was flagged as potentially violating our usage policy.")),
        (400, said("Input data may contain inappropriate content.", code="data_inspection_failed")),
    ],
    "too long": [
        (413, said("Request too large for model `llama3` on tokens per minute (TPM)", code="rate_limit_exceeded")),
        (413, said("Request body too large for gpt-4o model. Max size: 8000 tokens.")),
        (500, said("input is too large to process. increase the physical batch size")),
        (400, said("The input token count (40000) exceeds the maximum number of tokens allowed (32768).")),
    ],
    "quota": [(429, [said("You exceeded your current quota", details=[PER_DAY, RETRY_INFO])])],
    "rate limited": [
        (429, said("Rate limit reached for requests per day (RPD). Please try again in 8.64s.")),
        (498, said("Flex")),
    ],
    "server error": [(499, said("The operation was cancelled.", status="CANCELLED")), (418, said("I am a teapot"))],
    "refused": [
        (422, {"detail": [{"loc": ["body", "n"], "msg": "must be 1", "input": "for your safety, invalid api key"}]}),
        (400, said("model llama3: `logprobs` is not supported with this model", param="top_p")),
    ],
}
BODIES = [(meaning, status, body) for meaning, bodies in SAID.items() for status, body in bodies]


@pytest.mark.parametrize(("meaning", "status", "body"), BODIES, ids=[str(body)[:60] for _, _, body in BODIES])
def test_errors_of_real_servers_are_understood(meaning, status, body):
    fault = gpt_structure._fault_in(body)._replace(status=None if status == 200 else status)
    assert fault.meaning({"model": "acme/any", "messages": [], "top_p": 1}) == meaning


WAITS = {
    "in 5 minutes": 300,
    "in 2 hours": 7200,
    "in 1d2h3m": 93_780,
    "in 6m0s": 360,
    "in 20.5s": 20.5,
    "in 850ms": 0.85,
}


@pytest.mark.parametrize(("when", "seconds"), WAITS.items())
def test_a_wait_in_words_is_understood(when, seconds):
    assert gpt_structure._fault_in(said(f"Slow down. Please try again {when}.")).retry_after == pytest.approx(seconds)


def test_an_unspecific_refusal_is_tried_again_without_all_optional_parameters(client, wire, replies):
    replies(error(400, "Bad request"))
    for _ in range(2):
        replies(FINE)
    assert client.chat(ASKED, top_p=1, max_tokens=50) == "fine"
    client.chat(ASKED, top_p=1, max_tokens=50)
    assert [b"top_p" in call.request.body for call in wire.calls] == [True, False, False]
    assert all(b"max_tokens" in call.request.body for call in wire.calls)


def test_a_probe_that_meets_another_failure_raises_that_one(client, replies):
    replies(error(400, "Bad request"), error(402, "Insufficient credits"))
    with pytest.raises(FatalError, match="no credits left"):
        client.chat(ASKED)


def test_a_password_in_an_address_is_neither_shown_nor_kept(client, monkeypatch, capsys):
    monkeypatch.setenv("OPENROUTER_API_BASE", "http://nora:secret@gateway.test/v1")
    monkeypatch.setenv("LLM_EMBEDDING_API_BASE", "http://nora:secret@embeddings.test/v1")
    llm_config.init_llm_api()
    for model in ("acme/any", "text-embedding-3-small"):
        client.models.of(model).thinking = 1
    assert "secret" not in f"{capsys.readouterr()}{client.models.to_json()}"


def test_an_embedding_request_without_a_format_gets_through_the_client(client, wire, replies):
    replies(
        error(400, "Unknown parameter: encoding_format"), {"json": doubles.embedding_answer([[0.5]])}, path="embeddings"
    )
    assert client.embed(["one"]) == [[0.5]]
    assert set(json.loads(wire.calls[-1].request.body)) == {"model", "input"}

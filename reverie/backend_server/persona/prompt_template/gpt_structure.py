"""The seam to the language model: the only file that calls openai, and all that surrounds a call.

Knows how a request is made, bounded, repeated and judged; must not know what is asked or which provider
answers (llm_config.py does). The functions with the older names are thin covers over the seam.
"""

from __future__ import annotations

import ipaddress
import json
import math
import random
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import AbstractContextManager, ExitStack, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import openai
import tenacity
from openai.api_requestor import requests

from . import llm_config
from .llm_config import EmptyAnswer, LastingFailure, LLMError, PassingFailure, RefusedRequest, part_of

try:
    from utils import debug
except ImportError:
    debug = False  # a name that star importers use
# -------------------------------------------------------------------------------------------- The seam
CHAT_MODEL = "gpt-4o-mini"
STRONG_MODEL = "gpt-4o"
EMBEDDING_MODEL = "text-embedding-3-small"
MAX_TOKENS = 1024
TEXTS_PER_REQUEST = 256
BLANK_TEXT = "(nothing)"  # what is embedded for a text without content, which providers refuse
EMPTY_ANSWER_REPEATS = 2
ROOM_AFTER_LENGTH = 4  # times `max_tokens`, when an answer ran out of room before it said anything


def request_chat(
    messages: Sequence[Mapping[str, Any]],
    *,
    model: str = CHAT_MODEL,
    purpose: str = "other",
    persona: str | None = None,
    max_tokens: int = MAX_TOKENS,
    temperature: float | None = None,
    **parameters: Any,
) -> str:
    """The model's answer to `messages` (OpenAI's form), without its thinking and the blanks around it.

    purpose, persona: whom the usage is entered under. parameters: sent as they are; None means not sent.
    Raises RefusedRequest, EmptyAnswer (also when asked again) or LastingFailure, nothing else.
    """
    labels = {"purpose": purpose, "persona": persona}
    given = {"messages": list(messages), "temperature": temperature, **parameters}
    request = {name: value for name, value in given.items() if value is not None}
    room = max_tokens
    for _ in range(1 + EMPTY_ANSWER_REPEATS):
        answer = _answered(model, {**request, "max_tokens": room}, labels)
        choice = part_of(answer, "choices")[0]
        text = _spoken(part_of(part_of(choice, "message"), "content"))
        if text:
            return text
        if part_of(choice, "finish_reason") == "length":
            room = max_tokens * ROOM_AFTER_LENGTH
    raise EmptyAnswer(f"{llm_config.get_model_name(model)} answered nothing, {1 + EMPTY_ANSWER_REPEATS} times.")


def request_embeddings(
    texts: Sequence[str], *, model: str = EMBEDDING_MODEL, purpose: str = "embedding", persona: str | None = None
) -> list[list[float]]:
    """One vector for each text, in their order; at most 256 texts go into a request.

    Raises RefusedRequest or LastingFailure, nothing else.
    """
    labels = {"purpose": purpose, "persona": persona}
    lines = [" ".join(text.split("\n")).strip() or BLANK_TEXT for text in texts]
    vectors: list[list[float]] = []
    for start in range(0, len(lines), TEXTS_PER_REQUEST):
        rows = part_of(_answered(model, {"input": lines[start : start + TEXTS_PER_REQUEST]}, labels), "data")
        rows.sort(key=lambda row: k if isinstance(k := part_of(row, "index"), int) else 0)
        vectors += [part_of(row, "embedding") for row in rows]
    return vectors


def _answered(model: str, request: dict[str, Any], labels: Mapping[str, Any]) -> Any:
    """The answer to one request, however often it has to be sent."""
    llm_config.ensure_initialised()
    openai.requestssession = openai.requestssession or ProviderSession
    request = {"model": llm_config.get_model_name(model), **request}
    try:
        for attempt in _retrying():
            with attempt:
                answer = _once(request, labels, attempt.retry_state)
    except RefusedRequest as refusal:
        _count_refusal(request["model"], refusal)
        raise
    _have_answered.add(request["model"])
    return answer


def _once(request: dict[str, Any], labels: Mapping[str, Any], tries: tenacity.RetryCallState) -> Any:
    """One attempt, inside all that is `around`. Waiting for leave to make it is not counted as trying."""
    if _is_broken_off:
        raise KeyboardInterrupt
    came = time.monotonic()
    with ExitStack() as layers:
        told = [layers.enter_context(layer(request, labels)) for layer in around]
        tries.start_time += time.monotonic() - came
        answer = _sent(request)
        cost = llm_config.track_usage(answer, model=request["model"], **labels)
        for tell in told:
            tell(answer, cost)
        _raise_what_is_no_answer(answer, request)
    return answer


def _sent(request: dict[str, Any]) -> Any:
    """The client's answer, however odd. `timeout=0` only ends its own loop on 409, which would go on for ever."""
    seconds = llm_config.limit_from("LLM_TIMEOUT_SECONDS", 60) or 60
    surroundings = {"headers": llm_config.get_headers(), "request_timeout": seconds, "timeout": 0}
    try:
        if "input" in request:
            return openai.Embedding.create(encoding_format="float", **request, **surroundings)
        return openai.ChatCompletion.create(**request, **surroundings)
    except _WIRE_FAILURES as failure:
        raise _judged(_fault_of(failure), request["model"]) from None  # the original may hold a key
    except Exception as failure:
        raise LastingFailure(f"{type(failure).__name__}: {failure}", may_cost=True) from None


# What surrounds every attempt, outermost first: a context manager that gives a function to be told (answer, USD it
# cost or None) once there is an answer. An LLMError or KeyboardInterrupt that ends the attempt passes through it.
Layer = Callable[[Mapping[str, Any], Mapping[str, Any]], AbstractContextManager]  # of (request, labels)
around: list[Layer] = []
# ----------------------------------------------------------------------------------------- Breaking off

_is_broken_off = False
_awaited: set[futures.Future] = set()


def break_off() -> None:
    """Raises KeyboardInterrupt in every thread that waits for an answer or a turn, pauses or begins an attempt."""
    global _is_broken_off
    _is_broken_off = True
    for future in list(_awaited):
        with suppress(futures.InvalidStateError):
            future.set_exception(KeyboardInterrupt())


def go_on() -> None:
    """Ends what break_off began: requests are made again."""
    global _is_broken_off
    _is_broken_off = False


def awaited(future: futures.Future, seconds: float | None = None) -> Any:
    """As future.result, also ended by break_off."""
    _awaited.add(future)  # before looking, so that break_off is seen here or sees this
    try:
        if _is_broken_off:
            raise KeyboardInterrupt
        return future.result(seconds)
    finally:
        _awaited.discard(future)


def pause(seconds: float) -> None:
    """As time.sleep, also ended by break_off."""
    _sleep(seconds)


def _sleep(seconds: float) -> None:
    with suppress(futures.TimeoutError):
        awaited(futures.Future(), seconds)


# ------------------------------------------------------------------------------------ Reading an answer

_THINK_TAG = re.compile(r"(</?think>)", re.IGNORECASE)


def _spoken(content: Any) -> str:
    """What the model says, without what it thinks; "" when that is nothing. Always fit for UTF-8."""
    if isinstance(content, list):
        content = "".join(str(part_of(part, "text") or "") for part in content)
    said: list[str] = []
    thinking = False
    for part in _THINK_TAG.split(content if isinstance(content, str) else ""):
        if part.lower() == "</think>" and not thinking:
            said.clear()  # the prompt held the beginning of the thought
        thinking = part.lower() == "<think>" or (thinking and part.lower() != "</think>")
        if not thinking and not _THINK_TAG.fullmatch(part):
            said.append(part)
    return "".join(said).encode("utf-8", "replace").decode("utf-8").strip()


def _raise_what_is_no_answer(answer: Any, request: Mapping[str, Any]) -> None:
    """Raises for an error inside a 200, a null or text body, and an answer of another shape."""
    choices = part_of(answer, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    error = part_of(answer, "error") or part_of(choice, "error")
    if not error and part_of(choice, "finish_reason") == "error":
        error = "an answer that broke off"
    elif not error and "input" in request:
        error = None if _has_vectors(answer, len(request["input"])) else "an answer without all its vectors"
    elif not error and choice is None:
        error = "an answer without choices"
    if error:
        raise _judged(_fault_in(error), request["model"])


def _has_vectors(answer: Any, count: int) -> bool:
    rows = part_of(answer, "data")
    vectors = [part_of(row, "embedding") for row in rows] if isinstance(rows, list) else []
    try:
        lengths = {len(vector) for vector in vectors if all(map(math.isfinite, vector))}
    except (TypeError, OverflowError):
        return False
    return len(vectors) == count and len(lengths) == 1 and lengths != {0}


# ------------------------------------------------------------------------------------------ Trying again

REFUSALS_THAT_LAST = 5
_LONG_WAIT = 5.0  # seconds; longer ones are announced
_LONGEST_BACKOFF = 32.0
_jitter = random.Random()  # its own, so that a simulation's random numbers do not depend on failures
_lock = threading.Lock()
_have_answered: set[str] = set()  # models that work: what they refuse, they refuse for its own sake
_refusals: dict[str, int] = {}  # in a row, by model


def _retrying() -> tenacity.Retrying:
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(PassingFailure),
        stop=tenacity.stop_after_attempt(1 + int(llm_config.limit_from("LLM_MAX_RETRIES", 6)))
        | tenacity.stop_before_delay(llm_config.limit_from("LLM_RETRY_SECONDS", 120)),
        wait=_wait_of,
        sleep=pause,
        before_sleep=_announce,
        retry_error_callback=_give_up,
    )


def _wait_of(state: tenacity.RetryCallState) -> float:
    """Seconds: what the provider asked for, else 1, 2, 4 ... shortened by up to half at random."""
    asked = state.outcome.exception().retry_after
    backoff = min(2.0 ** (state.attempt_number - 1), _LONGEST_BACKOFF)
    return asked or backoff * _jitter.uniform(0.5, 1.0)


def _announce(state: tenacity.RetryCallState) -> None:
    if state.upcoming_sleep > _LONG_WAIT:
        print(f"{state.outcome.exception().what} Trying again in {state.upcoming_sleep:.0f} s.", file=sys.stderr)


def _give_up(state: tenacity.RetryCallState) -> None:
    tries = f"{state.attempt_number} tries" if state.attempt_number > 1 else "1 try"
    failure = state.outcome.exception()
    remedy = "Run again later; LLM_MAX_RETRIES and LLM_RETRY_SECONDS set how long to try."
    raise LastingFailure(f"{failure.what} Given up after {tries}.", remedy) from None


def _count_refusal(model: str, refusal: RefusedRequest) -> None:
    """Raises LastingFailure in place of the fifth refusal by a model that answers nothing: it is not the prompt."""
    with _lock:
        count = _refusals[model] = _refusals.get(model, 0) % REFUSALS_THAT_LAST + 1
    if count == REFUSALS_THAT_LAST and model not in _have_answered:
        what = f"{model} refused {count} requests in a row. {refusal.what}"
        raise LastingFailure(what, llm_config.model_advice(model)) from None


# ------------------------------------------------------------------------------------------ What failed

# openai 0.28 lets some error bodies out as bare AttributeError, TypeError, KeyError or UnicodeDecodeError.
_ODD = (AttributeError, TypeError, KeyError, UnicodeDecodeError)
_NO_CONNECTION = (ConnectionRefusedError, socket.gaierror, requests.ConnectTimeout)
_WIRE_FAILURES = (openai.error.OpenAIError, requests.RequestException, ConnectionError, TimeoutError, *_ODD)
_STATUS_OF = {  # for the exceptions that the client raises by itself, without an answer
    openai.error.InvalidRequestError: 400,
    openai.error.InvalidAPIType: 400,
    openai.error.AuthenticationError: 401,
}
_PASSING = {200, 204, 408, 409, 425, 429}  # and all from 500 on
_TURNED_AWAY = {402, 409, 425, 429}  # of the passing ones; after all others the work may be done, and billed
_REFUSED = {400, 413, 422}
_MODERATED = {"reasons", "flagged_input"}  # what OpenRouter adds to a 403 that is about the prompt
_BUSY = "in_flight_budget_exhausted"  # OpenRouter's 402 that passes
_NO_CREDITS = "insufficient_quota"  # OpenAI's 429 that does not
_ABOUT_THE_MODEL = re.compile(
    r"model_not_found|OperationNotSupported|valid model|specified model"
    r"|model\b.{0,80}\b(?:not exist|not found|not supported|not available)",
    re.IGNORECASE,
)


class _Fault(NamedTuple):
    """A failure as the provider or the client describes it."""

    status: int | None  # of HTTP, or the code of an error inside a 200; None when there was no answer
    message: str
    details: str = ""  # code and metadata, to look for known words in
    is_moderation: bool = False
    retry_after: float | None = None
    is_connected: bool = True


def _judged(fault: _Fault, model: str) -> LLMError:
    """The error that a fault means to the caller."""
    provider, key, status = llm_config.current_provider(), llm_config.key_source(), fault.status
    said = f"({status}: {fault.message})" if status else f"({fault.message})"
    words = f"{fault.details} {fault.message}"
    is_busy = status is None or status in _PASSING or status >= 500 or (status == 402 and _BUSY in words)
    if status == 401:
        return LastingFailure(f"{key} was refused {said}.", provider.key_advice)
    if _NO_CREDITS in words or (status == 402 and not is_busy):
        return LastingFailure(f"{provider.label} has no credits left for {key} {said}.", provider.credits_advice)
    if is_busy:
        what = f"{provider.label} did not answer {said}."
        may_cost = fault.is_connected and status not in _TURNED_AWAY
        return PassingFailure(what, retry_after=fault.retry_after, may_cost=may_cost)
    if status == 404 or (status == 400 and _ABOUT_THE_MODEL.search(words)):
        return LastingFailure(f"{provider.label} does not serve {model} {said}.", llm_config.model_advice(model))
    if status in _REFUSED or fault.is_moderation:
        return RefusedRequest(f"{provider.label} refused this request {said}.")
    return LastingFailure(f"{provider.label} does not let {key} do this {said}.", provider.key_advice)


def _fault_of(failure: BaseException) -> _Fault:
    """What an exception of the client says."""
    status = getattr(failure, "http_status", None) or _STATUS_OF.get(type(failure))
    body = getattr(failure, "json_body", None) or _json_or_none(getattr(failure, "http_body", None))
    fault = _fault_in(part_of(body, "error") or body) if body else _Fault(None, _in_words(failure))
    is_connected = not any(isinstance(cause, _NO_CONNECTION) for cause in _causes(failure))
    retry_after = _retry_after(getattr(failure, "headers", None) or {})
    return fault._replace(status=status or fault.status, retry_after=retry_after, is_connected=is_connected)


def _fault_in(error: Any) -> _Fault:
    """What the error object (or text) in a body says. The real reason is often in `metadata.raw`."""
    code, metadata = part_of(error, "code"), part_of(error, "metadata")
    message = part_of(error, "message") or part_of(error, "detail") or error
    raw = part_of(metadata, "raw")
    return _Fault(
        status=(int(code) or None) if str(code).isdecimal() else None,
        message=llm_config.one_line(f"{message}: {raw}" if raw else message, "no reason given", 300),
        details=f"{code} {part_of(error, 'type')} {json.dumps(metadata, default=str)}",
        is_moderation=isinstance(metadata, Mapping) and not _MODERATED.isdisjoint(metadata),
    )


def _in_words(failure: BaseException) -> str:
    """An exception that came without a readable body, in words that are the same each time."""
    if isinstance(failure, openai.error.Timeout):
        return "no whole answer in time; LLM_TIMEOUT_SECONDS bounds it"
    if isinstance(failure, openai.error.APIConnectionError):
        host = urlsplit(openai.api_base).netloc.rpartition("@")[2]  # without a password
        return f"no connection to {host}: {_root_cause(failure)}"
    if getattr(failure, "http_body", None) is not None:
        return "a body that cannot be read"
    if isinstance(failure, openai.error.OpenAIError):
        return llm_config.one_line(failure.user_message, "no reason given", 300)
    return f"an error body of odd shape, {type(failure).__name__}"


def _root_cause(failure: BaseException) -> str:
    """The operating system's word for a broken connection."""
    causes = list(_causes(failure))
    words = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return words[0] if words else type(causes[-1]).__name__


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def _retry_after(headers: Mapping[str, Any]) -> float | None:
    """Seconds from the Retry-After header, which gives them or a date; None without a usable one."""
    text = str({str(name).lower(): value for name, value in headers.items()}.get("retry-after"))
    if llm_config.PLAIN_NUMBER.fullmatch(text):
        return float(text)
    with suppress(TypeError, ValueError):
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0)
    return None


def _json_or_none(text: Any) -> Any:
    with suppress(TypeError, ValueError):
        return json.loads(text)
    return None


# ------------------------------------------------------------------------------------------- Connection


class ProviderSession(requests.Session):
    """A connection whose timeout bounds an answer to its last byte, and which speaks to this host directly.

    requests itself bounds only the wait for each next byte. Here a request runs in a thread of its own and
    is left behind at the deadline, however slowly its headers or body trickle in.
    """

    def __init__(self) -> None:
        super().__init__()
        self.auth = lambda request: request  # without an `auth`, ~/.netrc would replace the Bearer header
        self.hooks["response"].append(_reshape_error)
        if openai.proxy:
            given = openai.proxy
            self.proxies = dict(given) if isinstance(given, Mapping) else {"http": given, "https": given}

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """As requests.Session.request, but `timeout` (seconds) bounds the whole exchange."""
        answer: futures.Future[requests.Response] = futures.Future()
        exchange = threading.Thread(target=self._exchange, args=(answer, method, url, options), daemon=True)
        exchange.start()
        try:
            return awaited(answer, options.get("timeout"))
        except futures.TimeoutError:
            raise requests.exceptions.ReadTimeout(f"no whole answer in {options['timeout']} s") from None

    def merge_environment_settings(self, url: str, *settings: Any) -> dict[str, Any]:
        """As in requests, but never a proxy to a server on this machine."""
        merged = super().merge_environment_settings(url, *settings)
        return {**merged, "proxies": {}} if _is_loopback(url) else merged

    def _exchange(self, answer: futures.Future, method: str, url: str, options: dict[str, Any]) -> None:
        with suppress(futures.InvalidStateError):  # broken off meanwhile
            try:
                answer.set_result(super().request(method, url, **options))
            except BaseException as failure:  # handed to the thread that waits for it
                answer.set_exception(failure)


def _reshape_error(response: requests.Response, **_: Any) -> None:
    """Gives openai 0.28, which trips over an `error` that is a mere text, an object that says the same."""
    body = _json_or_none(response.content) if response.status_code >= 400 else None
    if isinstance(body, dict) and not isinstance(body.get("error", {}), dict):
        response._content = json.dumps({"error": {"message": str(body["error"] or response.reason)}}).encode()


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


# ----------------------------------------------- The older functions, under the names that others call

CHAT_ERROR = "ChatGPT ERROR"
GPT_ERROR = "GPT REQUEST ERROR"
_RETIRED_ENGINE = re.compile(r"(text-|code-)?(davinci|curie|babbage|ada)\b|gpt-3\.5-turbo-instruct")
_SENT_PARAMETERS = ("temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty", "stop")
_MARKER = "<commentblockmarker>###</commentblockmarker>"
_Validate = Callable[..., Any]


def temp_sleep(seconds: float = 0.1) -> None:
    """Sleeps. Nothing here needs it; it stays for those who call it."""
    time.sleep(seconds)


def ChatGPT_request(prompt: str) -> str:
    """The answer to one user message, or "ChatGPT ERROR"."""
    return _text_or_error(CHAT_ERROR, prompt)


ChatGPT_single_request = ChatGPT_request


def GPT4_request(prompt: str) -> str:
    """As ChatGPT_request, from the stronger model."""
    return _text_or_error(CHAT_ERROR, prompt, model=STRONG_MODEL)


def GPT_request(prompt: str, gpt_parameter: Mapping[str, Any]) -> str:
    """As ChatGPT_request with the parameters of the old completions, or "GPT REQUEST ERROR".

    gpt_parameter: `engine` (a retired one becomes gpt-4o-mini), `temperature`, `max_tokens`, `top_p`,
    `frequency_penalty`, `presence_penalty`, `stop`. The answer comes whole, whatever `stream` says.
    """
    return _text_or_error(GPT_ERROR, prompt, **_chat_parameters(gpt_parameter))


def get_embedding(text: str, model: str = EMBEDDING_MODEL) -> list[float]:
    """The vector of one text. Raises LLMError: there is no vector that could stand for a failure."""
    return request_embeddings([text], model=model)[0]


def safe_generate_response(
    prompt: str,
    gpt_parameter: Mapping[str, Any],
    repeat: int = 5,
    fail_safe_response: Any = "error",
    func_validate: _Validate | None = None,
    func_clean_up: _Validate | None = None,
    verbose: bool = False,
    *,
    reader: Callable[[str], Any] = str,
) -> Any:
    """The first of `repeat` answers that can be read, validated and cleaned up, else the fail-safe.

    func_validate(output, prompt=...) says whether an output will do, func_clean_up(output, prompt=...) makes the
    result of it; one that raises rejects the output. Neither ever sees a failure's text.
    """
    llm_config.count_question("other")
    for attempt in range(1, repeat + 1):
        try:
            answer = request_chat([{"role": "user", "content": prompt}], **_chat_parameters(gpt_parameter))
        except LLMError as failure:  # the seam has tried again already
            print(f"{CHAT_ERROR}: {failure}", file=sys.stderr)
            break
        if verbose:
            print(f"{prompt}\n--- answer {attempt} of {repeat}:\n{answer}")
        try:
            output = reader(answer)
            if func_validate is None or func_validate(output, prompt=prompt):
                return output if func_clean_up is None else func_clean_up(output, prompt=prompt)
        except Exception as fault:  # the caller's functions may trip over anything a model says
            if verbose:
                print(f"--- not valid: {fault!r}")
    llm_config.count_fallback("other")
    return fail_safe_response


def ChatGPT_safe_generate_response(
    prompt: str, example_output: Any, special_instruction: str, repeat: int = 3, *more: Any, **named: Any
) -> Any:
    """As safe_generate_response of the `output` in JSON answers; `more`, `named`: what that takes after `repeat`."""
    asked, parameters = _json_prompt(prompt, example_output, special_instruction), named.pop("gpt_parameter", {})
    return safe_generate_response(asked, parameters, repeat, *more, reader=_output_in, **named)


def GPT4_safe_generate_response(*given: Any, **named: Any) -> Any:
    """As ChatGPT_safe_generate_response, from the stronger model."""
    return ChatGPT_safe_generate_response(*given, **named, gpt_parameter={"engine": STRONG_MODEL})


def ChatGPT_safe_generate_response_OLD(prompt: str, repeat: int = 3, *more: Any, **named: Any) -> Any:
    """As safe_generate_response without parameters."""
    return safe_generate_response(prompt, {}, repeat, *more, **named)


def generate_prompt(curr_input: Any, prompt_lib_file: str) -> str:
    """What follows the comment marker in the template file, `!<INPUT k>!` replaced by the k-th input (or the only one).

    An input is put in as it is, once: what looks like a placeholder in it stays.
    """
    inputs = dict(enumerate([curr_input] if isinstance(curr_input, str) else curr_input))
    template = Path(prompt_lib_file).read_text(encoding="utf-8").split(_MARKER, 1)[-1]
    return re.sub(r"!<INPUT (\d+)>!", lambda found: str(inputs.get(int(found[1]), found[0])), template).strip()


def _text_or_error(error_text: str, prompt: str, **parameters: Any) -> str:
    try:
        return request_chat([{"role": "user", "content": prompt}], **parameters)
    except LLMError as failure:
        print(f"{error_text}: {failure}", file=sys.stderr)
        return error_text


def _chat_parameters(gpt_parameter: Mapping[str, Any]) -> dict[str, Any]:
    """What of the old parameters a chat takes, under the names it takes them."""
    engine = gpt_parameter.get("engine") or CHAT_MODEL
    given = {name: gpt_parameter[name] for name in _SENT_PARAMETERS if gpt_parameter.get(name) is not None}
    return {"model": CHAT_MODEL if _RETIRED_ENGINE.match(engine) else engine, **given}


def _json_prompt(prompt: str, example_output: Any, special_instruction: str) -> str:
    example = json.dumps({"output": example_output}, ensure_ascii=False, default=str)
    return f"{prompt}\n\n{special_instruction}\nAnswer with one JSON object and nothing else, of this form:\n{example}"


def _output_in(text: str) -> Any:
    """The `output` of a JSON object that stands in `text`, else the only field of one; ValueError without one."""
    found = list(_json_objects(text))
    outputs = [answer["output"] for answer in found if "output" in answer]
    outputs += [next(iter(answer.values())) for answer in found if len(answer) == 1]
    if not outputs:
        raise ValueError("no JSON object with an output")
    return outputs[0]


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder(strict=False)
    for brace in re.finditer("{", text):
        with suppress(ValueError, RecursionError):
            yield decoder.raw_decode(text, brace.start())[0]

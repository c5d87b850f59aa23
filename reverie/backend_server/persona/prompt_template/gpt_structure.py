"""The client for the language model: the only file that calls openai.

Knows how a request is built, limited in time, retried and adapted to its model, and what an answer or a failure means.
Must not know what is asked or which provider answers (llm_config.py does). The functions with the older names are thin
wrappers.
"""

from __future__ import annotations

from . import llm_config  # first: it reports a wrong version of openai, before anything below fails on it

# isort: split
import base64
import ipaddress
import json
import math
import random
import re
import socket
import sys
import threading
import time
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import AbstractContextManager, ExitStack, suppress
from contextvars import ContextVar
from copy import copy
from dataclasses import asdict, dataclass, field, fields, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar
from urllib.parse import urlsplit

import openai
import requests
import tenacity
import urllib3

from .llm_config import (
    RATE_LIMITED,
    SERVER_ERROR,
    TIMED_OUT,
    UNREACHABLE,
    EmptyAnswer,
    FatalError,
    LLMError,
    PromptFailure,
    RefusedRequest,
    TransientError,
    part_of,
)

try:
    from utils import debug
except ImportError:
    debug = False  # used by modules that star-import this one
# -------------------------------------------------------------------------------------------- The seam
CHAT_MODEL = "gpt-4o-mini"
STRONG_MODEL = "gpt-4o"
EMBEDDING_MODEL = "text-embedding-3-small"
TEXTS_PER_REQUEST = 256
BLANK_TEXT = "(nothing)"  # embedded in place of an empty text, which providers refuse
EMPTY_ANSWER_REPEATS = 2
_DEFAULT_MAX_TOKENS = 4096  # if no limit is set and the server's own is too small
_ROOM_GROWTH = 4  # the factor from one try of a cut-off answer to the next
_LEAST_GROWTH = 256
_ENOUGH = 512  # tokens: half of them are worth a try if the context or the credits leave no more
_FIRST_THINKING, _MOST_THINKING = 1024, 32_768  # tokens for a model's reasoning, once it is seen to reason
_LEAST_ROOM = 16
_PROBE = {"messages": [{"role": "user", "content": "Answer with the word yes."}]}
_MOST_ADAPTATIONS = 8  # of one request to what its model takes
_FIRST_DEADLINE, _MAX_DEADLINE = 60.0, 1800.0  # seconds for an answer if LLM_TIMEOUT_SECONDS is unset
_MAX_DEADLINE_BEFORE_FIRST_ANSWER = 120.0
_DEADLINE_DECAY = 0.9  # from one answer to the next, down to the time that answers need

Vector = list[float]
_Result = TypeVar("_Result")
# Wraps every attempt: called with (request, labels), returns a context manager that yields a callback for (answer, its
# cost in USD or None). An LLMError or KeyboardInterrupt that ends the attempt passes through it.
Middleware = Callable[[Mapping[str, Any], Mapping[str, Any]], AbstractContextManager[Callable[..., None]]]


@dataclass(frozen=True)
class _Request:
    """A request to a model, before it is adapted to what the model accepts.

    room: tokens for the answer itself, None for no limit; extra: tokens on top. labels: the persona and purpose that
    the usage is attributed to.
    """

    model: str
    body: Mapping[str, Any]
    labels: Mapping[str, Any]
    room: int | None = None
    extra: int = 0
    is_probe: bool = False

    @property
    def has_texts(self) -> bool:
        """Whether this asks for vectors."""
        return "input" in self.body

    def with_more_room(self, reply: _Reply, traits: ModelTraits) -> _Request:
        """The same request with more tokens, after an answer that was cut off."""
        if self.room is None:  # the server has a limit of its own
            traits.needs_limit = True
            return replace(self, room=_DEFAULT_MAX_TOKENS)
        if reply.is_looping:
            return self
        is_thinking = reply.thought_tokens or not reply.text
        least = _FIRST_THINKING if is_thinking else max(_LEAST_GROWTH, (_ROOM_GROWTH - 1) * self.room)
        extra = max(least, _ROOM_GROWTH * max(self.extra, traits.thinking))
        return replace(self, extra=min(extra, _MOST_THINKING))


class Client:
    """Sends requests to the chosen provider. Thread-safe.

    middleware: wraps every attempt, outermost first. models: what was learned about each model. default_room: tokens
    for an answer for which the caller sets no limit; None sends no limit. ledgers: where its usage is recorded.
    """

    def __init__(self) -> None:
        self.middleware: list[Middleware] = []
        self.models = LearnedModels()
        self.default_room: int | None = None
        self.ledgers: list[llm_config.Ledger] = []
        self.patience = Patience()
        self._said: set[str] = set()
        self._broken_off = threading.Event()
        self._awaited: set[futures.Future[Any]] = set()

    def entering(self, *ledgers: llm_config.Ledger) -> Client:
        """The same client, but its usage is recorded in these ledgers."""
        client = copy(self)
        client.ledgers = list(ledgers)
        return client

    def chat(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        model: str = CHAT_MODEL,
        purpose: str = "other",
        persona: str | None = None,
        max_tokens: int | None = None,
        accept_truncated: bool = False,
        **parameters: Any,
    ) -> str:
        """The model's answer to `messages` (in OpenAI's format), without its reasoning, and stripped.

        purpose, persona: what the usage is attributed to. max_tokens: for the answer itself; tokens for reasoning are
        added. accept_truncated: whether to accept an answer that is cut off in every try. parameters: sent as they
        are; None means not sent. Raises RefusedRequest, EmptyAnswer or FatalError.
        """
        llm_config.ensure_initialised()
        given = {"messages": list(messages), **llm_config.chat_parameters(parameters)}
        body = {name: value for name, value in given.items() if value is not None}
        name = llm_config.get_model_name(model)
        traits, cut = self.models.of(name), ""
        room = max_tokens or self.default_room or (_DEFAULT_MAX_TOKENS if traits.needs_limit else None)
        request = _Request(name, body, {"purpose": purpose, "persona": persona}, room)
        for attempt in range(2 + EMPTY_ANSWER_REPEATS):
            reply = _Reply.of(self._answered(request), request.model)
            if reply.text and not reply.is_cut:
                traits.note_thinking(reply)
                if request.extra:
                    traits.note_room(reply, request)
                return _until_stop(reply.text, body.get("stop"))
            cut = reply.text or cut
            if attempt == EMPTY_ANSWER_REPEATS and not (reply.is_cut and reply.thought_tokens):
                break  # a model cut off while reasoning gets one more try
            if reply.is_cut:
                request = request.with_more_room(reply, traits)
        if cut and accept_truncated:
            return _until_stop(cut, body.get("stop"))
        what, reason = ("was cut off", "cut off") if reply.is_cut else ("answered nothing", "nothing said")
        raise EmptyAnswer(f"{request.model} {what}, {attempt + 1} times.", reason=reason)

    def embed(
        self,
        texts: Sequence[str],
        *,
        model: str = EMBEDDING_MODEL,
        purpose: str = "embedding",
        persona: str | None = None,
    ) -> list[Vector | PromptFailure]:
        """For each text its vector, or why it has none: a text that fails does not affect the others.

        Raises FatalError, nothing else.
        """
        llm_config.ensure_initialised()
        request = _Request(llm_config.get_model_name(model), {}, {"purpose": purpose, "persona": persona})
        lines = [" ".join(text.split("\n")).strip() or BLANK_TEXT for text in texts]
        traits, vectors = self.models.of(request.model), []
        while lines:
            count = traits.texts_per_request or TEXTS_PER_REQUEST
            vectors += self._vectors(request, lines[:count])
            lines = lines[count:]
        return vectors

    def check_embeddings(self, model: str) -> None:
        """Asks for one vector, unless one was received before. Raises FatalError if none can be obtained."""
        request = _Request(model, {"input": [BLANK_TEXT]}, {"purpose": "embedding", "persona": None})
        if self.patience.has_answered(request):
            return
        try:
            self._vectors(request, [BLANK_TEXT])
        except FatalError:
            self.is_responsive(replace(request, model=llm_config.get_model_name(CHAT_MODEL), body=_PROBE))
            raise  # not reached if chats fail as well, whose error should be fixed first

    def _vectors(self, request: _Request, texts: list[str], known: str = "") -> list[Vector | PromptFailure]:
        """Splits texts that are refused together, until each has its vector or its own failure.

        known: the failure already seen for a larger batch; it is not retried again.
        """
        try:
            rows = _rows_of(self._answered(replace(request, body={"input": texts, "encoding_format": "float"}), known))
        except PromptFailure as refusal:
            failure = refusal
        else:
            odd = [k for k, row in enumerate(rows) if not _is_vector(row)]
            retried = {k: self._vectors(request, [texts[k]], _NO_VECTOR)[0] for k in odd}
            return [retried.get(k, row) for k, row in enumerate(rows)]
        if len(texts) == 1:
            return [failure]
        traits = self.models.of(request.model)
        count = min(traits.texts_per_request or TEXTS_PER_REQUEST, -(-len(texts) // 2))
        parts = [texts[start : start + count] for start in range(0, len(texts), count)]
        vectors = [vector for part in parts for vector in self._vectors(request, part, failure.words)]
        if not any(isinstance(vector, PromptFailure) for vector in vectors):
            traits.note_batch(count)
        return vectors

    def _answered(self, request: _Request, known: str = "") -> Any:
        """The answer to a request, which is retried as often as needed and adapted to what the model accepts."""
        openai.requestssession = openai.requestssession or ProviderSession
        _asking.set(self)
        tries = _Tries(self, request, known)
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            stop=tries.should_stop,
            wait=_wait_of,
            sleep=self.pause,
            before_sleep=tries.announce,
            retry_error_callback=tries.give_up,
        )
        try:
            return retrying(self._fitted, request, tries)
        except RefusedRequest as failure:
            refusal = failure
        if refusal.is_explained or refusal.words == known or request.is_probe or self.is_responsive(request):
            raise refusal from None
        what = f"{refusal.what} A short test prompt failed too."
        raise FatalError(what, llm_config.server_of(request.model).advice) from None

    def is_responsive(self, request: _Request) -> bool:
        """Whether the model of a failed request answers a tiny one: then the failure was due to the request."""
        body = {"input": [BLANK_TEXT], "encoding_format": "float"} if request.has_texts else _PROBE
        labels = {**request.labels, "purpose": "probe"}
        room = None if request.has_texts else _LEAST_ROOM
        try:
            self._answered(_Request(request.model, body, labels, room=room, is_probe=True))
        except PromptFailure:
            return False
        return True

    def _fitted(self, request: _Request, tries: _Tries) -> Any:
        """One attempt, sent again immediately as long as its refusal says what the model accepts instead."""
        traits, least = self.models.of(request.model), min(request.room or _DEFAULT_MAX_TOKENS, _ENOUGH) // 2
        most, refusal, refused = None, None, None
        for _ in range(_MOST_ADAPTATIONS):
            room = request.room and request.room + max(traits.thinking, request.extra)
            room = min(room, most) if room and most else room
            asked = {"model": request.model, **request.body}
            is_trial = traits.begin_trial({*asked, "max_tokens"} if room else {*asked})
            body = traits.fitted(asked, room, is_trial)
            if body == refused:
                break
            try:
                answer = self._once(body, request, tries)
                if is_trial:
                    traits.forget_refusals(body)
                return answer
            except (RefusedRequest, FatalError) as failure:
                refusal, refused = failure, body
            if request.has_texts and traits.takes_fewer_texts(refusal.words, len(body["input"])):
                raise RefusedRequest(refusal.what, reason="too many texts") from None
            left = None if request.has_texts else _room_left(refusal.words, _room_of(body))
            if left is None:
                traits.learn(refusal.words, body)
            elif left >= least:
                most = left
            else:
                if isinstance(refusal, RefusedRequest):
                    self.say_once(f"context of {request.model}", _too_small(request, refusal.words))
                break
        assert refusal is not None  # an attempt was made
        return self._sent_without_extras(refusal, body, request, tries)

    def _sent_without_extras(self, refusal: LLMError, body: dict[str, Any], request: _Request, tries: _Tries) -> Any:
        """Once more without the optional parameters, after a refusal whose cause is not recognized."""
        extras = [name for name in body if name not in _FIXED and name not in _ROOMS]
        is_clear = not isinstance(refusal, RefusedRequest) or refusal.is_explained or refusal.words == tries.known
        if is_clear or not extras:
            raise refusal from None
        try:
            answer = self._once({name: value for name, value in body.items() if name not in extras}, request, tries)
        except RefusedRequest:
            raise refusal from None
        self.models.of(request.model).leave_out(extras)
        return answer

    def _once(self, body: dict[str, Any], request: _Request, tries: _Tries) -> Any:
        """One attempt, inside all middleware."""
        if self._broken_off.is_set():
            raise KeyboardInterrupt
        with ExitStack() as stack:
            callbacks = [stack.enter_context(surround(body, request.labels)) for surround in self.middleware]
            tries.begin(sum(getattr(callback, "paused", 0.0) for callback in callbacks))
            answer = _unwrapped(self._sent(body))
            cost = llm_config.track_usage(answer, model=request.model, **request.labels, ledgers=self.ledgers)
            for callback in callbacks:
                callback(answer, cost)
            _raise_if_unusable(answer, body, request.model)
        self.patience.note_answer(request, time.monotonic() - tries.began)
        return answer

    def _sent(self, body: dict[str, Any]) -> Any:
        """The result of the openai call, in whatever shape it comes."""
        options = {**llm_config.server_of(body["model"]).options, "request_timeout": self.patience.deadline()}
        options["timeout"] = 0  # only ends openai's own retry loop on 409, which would never end
        create: Callable[..., Any] = openai.ChatCompletion.create
        if "input" in body:
            create = openai.Embedding.create
            if "encoding_format" not in body:  # Embedding.create would add an encoding format
                create = super(openai.Embedding, openai.Embedding).create
                del options["timeout"]  # its parent's method would send it to the server
        try:
            return create(**body, **options)
        except _WIRE_FAILURES as failure:
            raise _error_for(_fault_of(failure), body) from None  # the original may contain a key
        except Exception as failure:
            raise FatalError(f"{type(failure).__name__}: {failure}", maybe_billed=True) from None

    def say_once(self, topic: str, text: str) -> None:
        """Prints a text on stderr, unless one on the same topic was printed before."""
        if topic not in self._said:
            self._said.add(topic)
            print(text, file=sys.stderr)

    # Breaking off

    def break_off(self) -> None:
        """Raises KeyboardInterrupt in every thread that waits for an answer or a turn, pauses, or begins an attempt."""
        self._broken_off.set()
        for future in list(self._awaited):
            with suppress(futures.InvalidStateError):
                future.set_exception(KeyboardInterrupt())

    def go_on(self) -> None:
        """Ends the effect of break_off: requests are made again."""
        self._broken_off.clear()

    def awaited(self, future: futures.Future[_Result], seconds: float | None = None) -> _Result:
        """Like future.result, but break_off ends it too."""
        self._awaited.add(future)  # before the check, so that a concurrent break_off cannot be missed
        try:
            if self._broken_off.is_set():
                raise KeyboardInterrupt
            return future.result(seconds)
        finally:
            self._awaited.discard(future)

    def pause(self, seconds: float) -> None:
        """Like time.sleep, but break_off ends it too."""
        with suppress(futures.TimeoutError):
            self.awaited(futures.Future[None](), seconds)


class Patience:
    """How long an answer may take: LLM_TIMEOUT_SECONDS, else the time that the server was found to need."""

    def __init__(self) -> None:
        self._deadline = _FIRST_DEADLINE
        self._answered_at: dict[tuple[str, bool], float] = {}  # (address, whether vectors) -> time of the last answer
        self.long_wait = 0.0, ""  # the last one announced: (its end in seconds since the epoch, why)

    def deadline(self) -> float:
        """The most seconds that an answer may take in total."""
        return llm_config.limit_from("LLM_TIMEOUT_SECONDS", 0) or self._deadline

    def note_late(self, request: _Request, had: float) -> None:
        """Doubles the deadline, after an answer did not come within `had` seconds."""
        most = _MAX_DEADLINE if self.has_answered(request) else _MAX_DEADLINE_BEFORE_FIRST_ANSWER
        self._deadline = max(self._deadline, min(2 * had, most))

    def has_answered(self, request: _Request, since: float = -math.inf) -> bool:
        """Whether the server of a request has answered one of its kind, after a time of time.monotonic()."""
        return self._answered_at.get(_served(request), -math.inf) > since

    def note_answer(self, request: _Request, seconds: float) -> None:
        """Adjusts the deadline to an answer that came after this many seconds."""
        self._answered_at[_served(request)] = time.monotonic()
        needed = max(3 * seconds, _FIRST_DEADLINE, _DEADLINE_DECAY * self._deadline)
        self._deadline = min(needed, _MAX_DEADLINE)


def _served(request: _Request) -> tuple[str, bool]:
    return llm_config.server_of(request.model).address, request.has_texts


# ------------------------------------------------------------------------------- The traits of a model


@dataclass
class ModelTraits:
    """The needs of one model at one address, learned from its answers and refusals.

    thinking: tokens for reasoning, in addition to the answer. needs_limit: whether it cuts off answers sent without a
    limit. renamed, left_out: parameters that it accepts under another name, or not at all. least_tokens, most_tokens:
    bounds of the token limit. texts_per_request: the most texts per embedding request, 0 if unknown.
    """

    thinking: int = 0
    needs_limit: bool = False
    renamed: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    least_tokens: int = 0
    most_tokens: int = 0
    texts_per_request: int = 0
    is_from_before: bool = False  # loaded from an earlier run, and not checked again since

    def begin_trial(self, parameters: set[str]) -> bool:
        """Whether a request with these parameters should check what an earlier run has learned: true only once."""
        with _trials:
            is_trial = self.is_from_before and not parameters.isdisjoint({*self.renamed, *self.left_out})
            self.is_from_before = self.is_from_before and not is_trial
            return is_trial

    def fitted(self, body: Mapping[str, Any], room: int | None, is_trial: bool = False) -> dict[str, Any]:
        """The body to send, adapted to the model, with the token limit `room`; a trial is not adapted."""
        sent = dict(body) if room is None else {**body, "max_tokens": room}
        if is_trial:
            return sent
        if room is not None:
            sent["max_tokens"] = max(min(room, self.most_tokens or room), self.least_tokens)
        if part_of(sent.get("response_format"), "type") in self.left_out:
            sent["response_format"] = _PLAIN_JSON
        return {self.renamed.get(name, name): value for name, value in sent.items() if name not in self.left_out}

    def learn(self, words: str, sent: Mapping[str, Any]) -> None:
        """Learns from the words of a refusal what to send instead of what was sent, if they say so."""
        named = _named(sent, words)
        is_room = bool(_ROOMS.intersection(named))
        if _HIGHER.search(words):
            self.thinking = min(max(_FIRST_THINKING, _ROOM_GROWTH * self.thinking), _MOST_THINKING)
        elif not named:
            return
        elif found := _INSTEAD.search(words):
            self.renamed[named[0]] = found[1]
        elif found := _RANGE.search(words) if is_room else None:
            self.least_tokens, self.most_tokens = int(found[1]), int(found[2]) - ("exclusive" in words)
        elif (least := _number(_AT_LEAST, words)) and is_room:
            self.least_tokens = least
        elif (most := _number(_AT_MOST, words)) and is_room:
            self.most_tokens = most
        else:
            kind = part_of(sent[named[0]], "type")
            self.leave_out([kind if kind == "json_schema" else named[0]])

    def leave_out(self, names: Sequence[str]) -> None:
        """Stops sending these parameters, given by the names under which they were sent."""
        asked = {new: old for old, new in self.renamed.items()}
        self.left_out = sorted({*self.left_out, *(asked.get(name, name) for name in names)})

    def forget_refusals(self, taken: Mapping[str, Any]) -> None:
        """Forgets what was learned about these parameters, after the model has accepted them unchanged."""
        self.renamed = {old: new for old, new in self.renamed.items() if old not in taken}
        self.left_out = [name for name in self.left_out if name not in taken]

    def note_thinking(self, reply: _Reply) -> None:
        """Reserves tokens for twice the longest reasoning so far."""
        if reply.thought_tokens:
            self.thinking = min(max(self.thinking, _FIRST_THINKING, 2 * reply.thought_tokens), _MOST_THINKING)

    def note_room(self, reply: _Reply, request: _Request) -> None:
        """Reserves as many tokens from now on as an answer needed that had been cut off before."""
        needed = reply.used_tokens - (request.room or 0)
        needed = needed + needed // 4 if needed > 0 else request.extra
        self.thinking = min(max(self.thinking, needed), _MOST_THINKING)

    def takes_fewer_texts(self, words: str, count: int) -> bool:
        """Whether a refusal gives a limit of texts per request below the `count` that was sent; learns it if so."""
        most = _number(_TEXTS_AT_MOST, words)
        if most is None or not 0 < most < count:
            return False
        self.texts_per_request = most
        return True

    def note_batch(self, count: int) -> None:
        """Learns that this many texts were accepted after more had been refused."""
        self.texts_per_request = min(count, self.texts_per_request or count)


_trials = threading.Lock()


class LearnedModels:
    """The traits of every model used so far, by address and name."""

    def __init__(self) -> None:
        self._traits: dict[str, ModelTraits] = {}

    def of(self, model: str) -> ModelTraits:
        """The traits of a model at its current server."""
        return self._traits.setdefault(f"{llm_config.server_of(model).address} {model}", ModelTraits())

    def to_json(self) -> dict[str, dict[str, Any]]:
        """{address and name: what was learned}, of the models with at least one learned trait."""
        known = {name: asdict(traits) for name, traits in sorted(self._traits.items())}
        for traits in known.values():
            del traits["is_from_before"]
        return {name: traits for name, traits in known.items() if any(traits.values())}

    def load(self, saved: Mapping[str, Any]) -> None:
        """Loads the result of an earlier `to_json`, for models not used so far; ignores malformed traits."""
        forms = {trait.name: type(getattr(ModelTraits(), trait.name)) for trait in fields(ModelTraits)}
        for name, traits in saved.items():
            if isinstance(traits, Mapping):
                kept = {trait: value for trait, value in traits.items() if type(value) is forms.get(trait)}
                self._traits.setdefault(name, ModelTraits(**{**kept, "is_from_before": True}))


# How servers say what they accept. All patterns are for words without quotes (see _Fault.words).
_PLAIN_JSON = {"type": "json_object"}
_ROOMS = {"max_tokens", "max_completion_tokens"}
_FIXED = {"model", "messages", "input"}
_ROOM_NAMES = r"\bmax_?(?:\w+_)?tokens\b|\bmaxOutputTokens\b"
_NAMES_OF = {
    "max_tokens": _ROOM_NAMES,
    "max_completion_tokens": _ROOM_NAMES,
    "response_format": r"response.?format|json.?schema|json.?object|structured.?output|grammar|for format",
    "reasoning": r"\breasoning\b(?!_)|\bthinking\b",
    "reasoning_effort": r"\breasoning.?effort\b|\bthinking\b",
    "presence_penalty": r"presence.?penalty|penalty is not",
    "frequency_penalty": r"frequency.?penalty|penalty is not",
}
_INSTEAD = re.compile(r"\buse (\w+) instead", re.IGNORECASE)
_RANGE = re.compile(r"range (?:of \w+ )?is (?:from |\[)(\d+)(?:, | \(inclusive\) to )(\d+)", re.IGNORECASE)
_AT_LEAST = re.compile(r"(?:>=|at least|minimum(?: value)?(?: of| is|:)?|equal to) ?(\d+)", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:<=|at most|maximum(?: value)?(?: of| is|:)?|less than or equal to|up to|limit of) ?(\d+)|\d > (\d+)",
    re.IGNORECASE,
)
_TEXTS_AT_MOST = re.compile(
    r"(?:batch|inputs?|texts|requests|array|items)\b.{0,80}?(?:larger than|at most|exceeds?|<=|equal to|up to"
    r"|max(?:imum)?\w*(?: allowed)?(?: batch)?(?: size)?(?: of| is|:)?|limit(?: of| is|:)?)\D{0,12}(\d+)"
    r"|at most (\d+) (?:requests|texts|inputs|items)",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"n_ctx\D{1,3}(\d+)|context (?:length|size|window|limit)(?!.*n_ctx)\D{0,30}(\d{3,8})(?!\d| \+)"
    r"|(\d{3,8}) maximum context|(?:tokens?|\+ \d+) > (\d{3,8})|tokens allowed \((\d+)|max_new_tokens must be <= (\d+)",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(\d+)(?= in (?:the messages|your prompt)| (?:tokens )?(?:from the|of text) input| inputs? tokens| \+ \d+ >"
    r"| tokens? >| tokens when context)|(?:n_prompt_tokens: |prompt (?:contains|has)(?: at least)? |resulted in"
    r" |keep the first |request \(|token count \()(\d+)",
    re.IGNORECASE,
)
_HIGHER = re.compile(r"higher max_\w*tokens", re.IGNORECASE)
_AFFORDABLE = re.compile(r"can only afford (\d+)", re.IGNORECASE)


def _named(sent: Mapping[str, Any], words: str) -> list[str]:
    """The optional parameters that the words of a refusal name."""
    names = [name for name in sent if name not in _FIXED]
    return [name for name in names if re.search(_NAMES_OF.get(name, rf"\b{name}\b"), words, re.IGNORECASE)]


def _room_of(sent: Mapping[str, Any]) -> int:
    return next((sent[name] for name in sorted(_ROOMS) if name in sent), 0)


def _room_left(words: str, sent: int) -> int | None:
    """The tokens that a refusal leaves for the answer, fewer than were `sent`; None if it is not about tokens."""
    affordable, context, prompt = (_number(pattern, words) for pattern in (_AFFORDABLE, _CONTEXT, _PROMPT))
    if affordable is not None:
        return min(affordable, sent - 1)
    if context is None:
        return None
    return min(context - prompt - _LEAST_ROOM, sent - 1) if prompt is not None else sent // 2


def _number(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return next((int(group) for group in found.groups() if group), None) if found else None


def _too_small(request: _Request, words: str) -> str:
    context, prompt = _number(_CONTEXT, words), _number(_PROMPT, words)
    size = f"a prompt of {prompt:,} tokens" if prompt else "a prompt"
    room = f" with {request.room:,} for its answer" if request.room else ""
    what = f"The context of {request.model}, {context or 0:,} tokens, is too small for the prompts of this town"
    remedy = "Make it larger (Ollama: OLLAMA_CONTEXT_LENGTH, llama.cpp: -c, vLLM: --max-model-len)"
    return f"{what}: {size}{room} does not fit. {remedy}, or use another model."


# ------------------------------------------------------------------------------------ Reading an answer


class _Reply(NamedTuple):
    """A chat's answer. thought_tokens: spent on reasoning, as far as known; used_tokens: in total, 0 if unknown."""

    text: str
    is_cut: bool
    thought_tokens: int
    used_tokens: int
    is_looping: bool  # repeats itself, so that more tokens would only make it longer

    @classmethod
    def of(cls, answer: Any, model: str) -> _Reply:
        """Raises RefusedRequest for a refusal or a filtered answer."""
        choice = part_of(answer, "choices")[0]
        message, finish = part_of(choice, "message"), str(part_of(choice, "finish_reason")).lower()
        said, thought = _said_and_thought(part_of(message, "content"))
        reasoning = next(
            (text for name in _REASONING_FIELDS if isinstance(text := part_of(message, name), str) and text.strip()), ""
        )
        if reasoning and not said and not thought and finish == "stop":
            said, thought = _said_and_thought(reasoning)  # a server that labels every answer as reasoning
            reasoning = ""
        if not said and (refusal := part_of(message, "refusal")):
            raise RefusedRequest(
                f"{model} refused this request ({llm_config.one_line(refusal, 'no reason given', 300)})."
            )
        if _FILTERED.search(finish):
            raise RefusedRequest(f"The answer of {model} was withheld ({finish}).", reason="filtered")
        details = part_of(part_of(answer, "usage"), "completion_tokens_details")
        counted = part_of(details, "reasoning_tokens")
        return cls(
            said,
            bool(_CUT.search(finish)),
            counted if type(counted) is int and counted > 0 else len(thought + reasoning) // _CHARACTERS_A_TOKEN,
            (llm_config.tokens_used(answer) or {}).get("output_tokens", 0),
            is_looping=_is_looping(said) or _is_looping(thought + reasoning),
        )


def _is_looping(text: str) -> bool:
    raw = text.encode("utf-8", "replace")
    return len(raw) > _LOOPING_FROM and len(zlib.compress(raw)) * _LOOPING < len(raw)


_REASONING_FIELDS = ("reasoning", "reasoning_content", "thinking")
_CUT = re.compile(r"length|max_(?:output_)?tokens|context_window")
_FILTERED = re.compile(r"content_filter|safety|prohibited|recitation|sensitive|blocklist")
_TEXT_PARTS = {None, "text", "output_text"}
_CHARACTERS_A_TOKEN = 3
_LOOPING_FROM = 1000  # bytes
_LOOPING = 12  # the compression factor from which a text counts as looping; that of prose is two or three
_THINK = r"[\w:]*think\w*|thoughts?|reasoning(?:_content)?|reflection|analysis|scratchpad|\w*monologue"
_TAG = re.compile(
    rf"((?i:</?(?:{_THINK})\b[^<>]*>|<\|/?(?:think|thinking|thought)\|>|<details type=.reasoning.>|</details>"
    r"|<\|(?:begin|end)_of_thought\|>|<\|(?:start|end)_thinking\|>)|\[/?THINK\]|◁/?think▷)"
)
_JSON = re.compile(r"\s*[{[]\s*[\"{[]")  # an answer in which a tag is part of the text
_CLOSES = re.compile(r".\|?(?:/|end)", re.IGNORECASE)
_CHANNEL = re.compile(r"(?:<\|start\|>)?(?:assistant)?<\|channel\|>\s*(\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_BARE_CHANNEL = re.compile(r"(?:analysis|commentary)(?=[A-Z\"'(]).*?(?:assistant\s*final|\Z)", re.DOTALL)
_WRAPPING = re.compile(
    r"<\|(?:end|return|start|message|call|im_end|eot_id|endoftext|(?:start|end)_response|(?:begin|end)_of_solution)\|>"
    r"(?:assistant\Z)?|</?answer>|</s>|<end_of_turn>|<｜end▁of▁sentence｜>",
    re.IGNORECASE,
)


def _said_and_thought(content: Any) -> tuple[str, str]:
    """(answer, reasoning) in the content of a message, however the server marks them. Valid in UTF-8."""
    if isinstance(content, (list, Mapping)):
        parts = [content] if isinstance(content, Mapping) else content
        content = "".join(_text_of(part) for part in parts if part_of(part, "type") in _TEXT_PARTS)
    text, thought = _final_channel(content if isinstance(content, str) else "")
    said: list[str] = []
    thoughts, is_thinking = [thought], False
    for part in [text] if _JSON.match(text) else _TAG.split(text):
        if not _TAG.fullmatch(part):
            (thoughts if is_thinking else said).append(part)
        elif _CLOSES.match(part):
            if not is_thinking:  # the opening tag was in the prompt
                thoughts += said
                said.clear()
            is_thinking = False
        else:
            is_thinking = True
    return "".join(said).encode("utf-8", "replace").decode("utf-8").strip(), "".join(thoughts).strip()


def _final_channel(text: str) -> tuple[str, str]:
    """(text of the final channel, text of the others) for a model that uses channels, else (text, "")."""
    if _CHANNEL.search(text):
        before, *parts = _CHANNEL.split(text)
        channels = [(parts[k], parts[k + 1]) for k in range(0, len(parts), 2)]
        said = "".join(body for name, body in channels if name == "final")
        thought = before + "".join(body for name, body in channels if name != "final")
    elif found := _BARE_CHANNEL.match(text):
        said, thought = text[found.end() :], found[0]
    else:
        said, thought = text, ""
    return _WRAPPING.sub("", said), thought


def _text_of(part: Any) -> str:
    text = part if isinstance(part, str) else part_of(part, "text")
    return str(part_of(text, "value") or "") if isinstance(text, Mapping) else str(text or "")


def _until_stop(text: str, stop: Any) -> str:
    """The text up to the first stop sequence, for models that ignore `stop`."""
    for end in [stop] if isinstance(stop, str) else stop or ():
        text = text.split(end, 1)[0] if end.strip() else text
    return text


def _unwrapped(answer: Any) -> Any:
    """The answer itself, even if a gateway nests it in a field such as `provider`."""
    if isinstance(answer, Mapping) and not {"choices", "data", "error"} & set(answer):
        for part in answer.values():
            if isinstance(part, Mapping) and {"choices", "data", "error"} & set(part):
                return part
    return answer


def _raise_if_unusable(answer: Any, body: Mapping[str, Any], model: str) -> None:
    """Raises if a response with status 200 is an error, null, a text, or an answer of another shape."""
    choices = part_of(answer, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    error: Any = part_of(answer, "error") or part_of(choice, "error")
    if not error and part_of(choice, "finish_reason") == "error":
        error = "an answer that broke off"
    elif not error and "input" in body:
        error = _fault_of_rows(_rows_of(answer), len(body["input"]))
    elif not error and choice is None:
        error = _reason(part_of(answer, "base_resp")) or "an answer without choices"
    if error:
        raise _error_for(_fault_in(error), body)


_NO_VECTOR = "a vector that is null or not finite"


def _rows_of(answer: Any) -> list[Any]:
    """The vectors of an answer in the order of their texts, unchecked; [] if there are none."""
    rows = part_of(answer, "data")
    rows = list(rows) if isinstance(rows, list) else []
    rows.sort(key=lambda row: k if isinstance(k := part_of(row, "index"), int) else 0)
    return [_decoded(part_of(row, "embedding")) for row in rows]


def _decoded(vector: Any) -> Any:
    """A vector, unpacked if the server encodes it in base64 or wraps it in another list."""
    if isinstance(vector, list) and len(vector) == 1 and isinstance(vector[0], list):
        return vector[0]
    with suppress(TypeError, ValueError):
        return array("f", base64.b64decode(vector, validate=True)).tolist() if isinstance(vector, str) else vector
    return None


def _is_vector(row: Any) -> bool:
    try:
        return len(row) > 0 and all(map(math.isfinite, row))
    except (TypeError, OverflowError):
        return False


def _fault_of_rows(rows: list[Any], count: int) -> str | None:
    """What is wrong with the vectors of an answer as a whole; a single unusable one affects only its own text."""
    lengths = {len(row) for row in rows if _is_vector(row)}
    if len(rows) != count or len(lengths) > 1:
        return "an answer without all its vectors"
    return None if lengths else _NO_VECTOR


# ------------------------------------------------------------------------------------------ Trying again

_TRIES_AT_A_WRONG_ADDRESS = 3  # if nothing has ever answered there
_SAME_FAILURES = 4  # in a row, before a probe checks whether the request is the cause
_MOST_EXCUSED = {RATE_LIMITED: 100, TIMED_OUT: 8}  # tries
_LONG_WAIT = 5.0  # seconds; longer ones are announced
_LONGEST_BACKOFF = 32.0
_jitter = random.Random()  # its own, so that a simulation's random numbers do not depend on failures
_MAY_BE_THE_REQUEST = (SERVER_ERROR, TIMED_OUT)
_NOT_FINITE = "no usable vector"
_ONE_OF_ITS_KIND = re.compile(r"\w*\d\w*")  # numbers and ids, which differ from one failure to the next


class _Tries:
    """Counts how often and how long one request has been tried, and raises the final error.

    A try that was rejected (429) or timed out is not counted if other requests were answered meanwhile: the server was
    only busy with those. known: the failure already seen for a larger batch.
    """

    def __init__(self, client: Client, request: _Request, known: str) -> None:
        self.began = time.monotonic()
        self._client, self._request, self.known = client, request, known
        self._deadline = client.patience.deadline()
        self._retries = int(llm_config.limit_from("LLM_MAX_RETRIES", 6))
        self._seconds = _retry_seconds()
        self._count, self._spent, self._excused = 0, 0.0, 0
        self._last, self._same = "", 0
        self._is_request_to_blame = False if request.is_probe else None  # None: not known yet

    def begin(self, paused: float) -> None:
        """Notes the start of a try, after a pause (in seconds) that the provider had asked for."""
        self.began, self._deadline = time.monotonic(), self._client.patience.deadline()
        self._spent += paused

    def should_stop(self, state: tenacity.RetryCallState) -> bool:
        """Whether to give up instead of pausing and trying again."""
        failure, took = _failure_of(state), time.monotonic() - self.began
        if failure.kind == TIMED_OUT and not llm_config.variable("LLM_TIMEOUT_SECONDS"):
            self._note_late()
        if (failure.retry_after or 0) >= self._seconds:
            return True
        others_answered = self._client.patience.has_answered(self._request, since=self.began)
        if others_answered and self._excused < _MOST_EXCUSED.get(failure.kind, 0):
            self._excused += 1
            return False
        self._count += 1
        self._spent += state.upcoming_sleep + (min(took, self._seconds / 4) if failure.kind == TIMED_OUT else took)
        return self._count > self._retries or self._spent >= self._seconds or self._should_give_up(failure)

    def _note_late(self) -> None:
        """Extends the deadline; at the second timeout of a server that has never answered, probes it first."""
        if self._count == 1 and not (self._request.is_probe or self._client.patience.has_answered(self._request)):
            self._client.is_responsive(self._request)
        self._client.patience.note_late(self._request, self._deadline)

    def _should_give_up(self, failure: TransientError) -> bool:
        """Whether a server error is due to the request, or comes from something that is not an API."""
        if self._request.is_probe or failure.kind not in (SERVER_ERROR, UNREACHABLE):
            return self._request.is_probe and failure.kind in _MAY_BE_THE_REQUEST
        sign = _ONE_OF_ITS_KIND.sub("", failure.what)
        if self.known and _ONE_OF_ITS_KIND.sub("", self.known) in sign:
            self._is_request_to_blame = True
            return True
        self._last, self._same = sign, self._same + 1 if sign == self._last else 1
        if failure.remedy and not self._client.patience.has_answered(self._request):
            return self._same >= _TRIES_AT_A_WRONG_ADDRESS
        return failure.kind == SERVER_ERROR and self._same >= _SAME_FAILURES and self._probed()

    def _probed(self) -> bool:
        """Whether the model answers another request; probes only once."""
        if self._is_request_to_blame is None:
            self._is_request_to_blame = self._client.is_responsive(self._request)
        return self._is_request_to_blame

    def announce(self, state: tenacity.RetryCallState) -> None:
        """Announces a long wait, and once per deadline that an answer did not come in time."""
        failure = _failure_of(state)
        if failure.kind == TIMED_OUT and self._deadline > _LONG_WAIT:
            late = f"{self._deadline:.0f} s"
            self._client.say_once(late, f"{failure.what} The time limit was {late}. Trying again.")
        elif state.upcoming_sleep > _LONG_WAIT:
            self._client.patience.long_wait = time.time() + state.upcoming_sleep, failure.what
            print(f"{failure.what} Trying again in {state.upcoming_sleep:.0f} s.", file=sys.stderr)

    def give_up(self, state: tenacity.RetryCallState) -> NoReturn:
        """Raises RefusedRequest if the model answers other requests, else FatalError; EmptyAnswer for a probe."""
        failure = _failure_of(state)
        may_be_the_request = failure.kind in _MAY_BE_THE_REQUEST
        if self._request.is_probe and may_be_the_request:
            raise EmptyAnswer(failure.what)
        if self._is_request_to_blame or (may_be_the_request and self._probed()):
            reason = _NOT_FINITE if _NO_VECTOR in failure.what else failure.kind
            raise RefusedRequest(failure.what, reason=reason, words=failure.what) from None
        if failure.retry_after and failure.retry_after >= self._seconds:
            until = f"{failure.what} The limit ends {_at(failure.retry_after)}."
            raise FatalError(until, "Run again then, or use another model or key.") from None
        tries = f"{state.attempt_number} tries" if state.attempt_number > 1 else "1 try"
        remedy = failure.remedy or "Run again later; LLM_MAX_RETRIES and LLM_RETRY_SECONDS set how long to try."
        raise FatalError(f"{failure.what} Gave up after {tries}.", remedy) from None


def _retry_seconds() -> float:
    """The most seconds for all tries of a request together."""
    return llm_config.limit_from("LLM_RETRY_SECONDS", 120)


def _failure_of(state: tenacity.RetryCallState) -> TransientError:
    """The error that ended the try; only TransientError is retried."""
    failure = state.outcome and state.outcome.exception()
    assert isinstance(failure, TransientError)
    return failure


def _wait_of(state: tenacity.RetryCallState) -> float:
    """Seconds to wait: as the provider asked, else 1, 2, 4 ... randomly shortened by up to half."""
    asked = _failure_of(state).retry_after
    backoff = min(2.0 ** (state.attempt_number - 1), _LONGEST_BACKOFF)
    return asked or backoff * _jitter.uniform(0.5, 1.0)


def _at(seconds: float) -> str:
    """The time that is this many seconds from now, in words."""
    hours, minutes = divmod(round(seconds / 60), 60)
    wait = f"{hours} h {minutes} min" if hours else f"{minutes} min" if seconds >= 100 else f"{seconds:.0f} s"
    return f"at {time.strftime('%Y-%m-%d %H:%M', time.localtime(time.time() + seconds))} (in {wait})"


# -------------------------------------------------------------------------------------------- Failures

# openai 0.28 raises AttributeError, TypeError, KeyError or UnicodeDecodeError for some error bodies.
_ODD_EXCEPTIONS = (AttributeError, TypeError, KeyError, UnicodeDecodeError)
_NO_CONNECTION = (ConnectionRefusedError, socket.gaierror, requests.ConnectTimeout)
_WIRE_FAILURES = (openai.error.OpenAIError, requests.RequestException, ConnectionError, TimeoutError, *_ODD_EXCEPTIONS)
_STATUS_OF = {  # for exceptions that the client raises itself, without a response
    openai.error.InvalidRequestError: 400,
    openai.error.InvalidAPIType: 400,
    openai.error.AuthenticationError: 401,
}
# The meaning of a failure: the first row whose statuses and pattern match. None is an error without a status.
_ANY, _4XX = frozenset([None, *range(200, 600)]), frozenset(range(400, 500))
_BAD_REQUEST, _PAYMENT_REQUIRED = frozenset([400, 413, 415, 422]), frozenset([402])
_FORBIDDEN = frozenset([None, 400, 403])
_MEANINGS: tuple[tuple[str, frozenset[int | None], str], ...] = (
    ("no vectors", _ANY, r"(?:not|n.t) support\w* embedding|--embeddings|embeddings? (?:is|are) not \w+able?d?"),
    ("no vectors", _ANY, r"/embeddings\b.{0,20}not found|pooling type"),
    (RATE_LIMITED, _PAYMENT_REQUIRED, r"in_flight_budget_exhausted"),
    ("credits", _4XX, r"insufficient.(?:quota|credit|balance|fund)|credit balance is too low|billing.hard.limit"),
    ("credits", _4XX, r"key limit exceeded|budget.{0,10}exceeded|arrearage"),
    ("credits", _PAYMENT_REQUIRED, r""),
    ("key", frozenset([401]), r""),
    (
        "key",
        _FORBIDDEN,
        r"(?:api.?key|token).{0,12}(?:not valid|invalid|expired|missing)|(?:invalid|incorrect).{0,12}api.?key",
    ),
    ("key", _FORBIDDEN, r"unauthori[sz]ed|authentication.(?:error|failed|required)|invalid.(?:auth|credentials)"),
    ("model", _ANY, r"no models? (?:is |are )?loaded|model\b.{0,40}\b(?:is not |un)loaded|load a model|decommissioned"),
    ("too long", frozenset([413, 429]), r"request (?:body )?too large|too large for"),
    ("quota", frozenset([403, 429]), r"per.?day\b|daily (?:limit|quota)|PerDay"),
    (RATE_LIMITED, frozenset([409, 425, 429, 498, 503, 529]), r""),
    (
        "no api",
        _ANY,
        r"unexpected endpoint or method|unknown (?:path|request url)|cannot post|invalid url|page not found",
    ),
    (
        "no api",
        frozenset([404, 405]),
        r"(?:detail|message): (?:file )?not found|^not found$|path.{0,60}not found|not allowed|<html|<!doctype",
    ),
    (
        "too long",
        _BAD_REQUEST | {500},
        r"context.{0,12}(?:length|size|window|limit)|prompt.{0,12}too long|exceed_context",
    ),
    ("too long", _BAD_REQUEST | {500}, r"input is too large|token count.{0,20}exceeds|inputs tokens \+"),
    ("filtered", _4XX, r"content.?(?:policy|filter|management|exists risk)|usage polic|flagged_input|reasons: \["),
    ("filtered", _4XX, r"moderation|data.?inspection|\bsafety\b"),
    ("refused", frozenset([500]), r"grammar|json.?schema|response.?format|for format"),
    ("no usable vector", frozenset([500]), r"unsupported value: nan"),
    ("model", _BAD_REQUEST, r"model_not_found|operationnotsupported|valid model|specified model"),
    ("model", _BAD_REQUEST, r"model\b.{0,80}\b(?:not exist|not found|not supported|not available)"),
    ("model", frozenset([404]), r""),
    ("refused", _BAD_REQUEST, r""),
    ("not allowed", frozenset([403, 405, 410, 451]), r""),
    (SERVER_ERROR, _ANY, r""),
)
_FATAL = {  # what happened, and what to do
    "key": ("{server.key} was refused {said}.", "{server.key_advice}"),
    "credits": ("{server.label} has no credits left for {server.key} {said}.", "{server.credits_advice}"),
    "model": ("{server.label} does not serve {model} {said}.", "{server.model_advice}"),
    "quota": (
        "{server.label} has reached a daily limit {said}.{until}",
        "Run again then, or use another model or key.",
    ),
    "no api": (
        "There is no chat API at {server.address} {said}.",
        "Set {server.base_variable} to the full address; it often ends in /v1.",
    ),
    "no vectors": (
        "{server.label} does not provide embeddings with {model} {said}.",
        "Set LLM_EMBEDDING_API_BASE to a server that does (its address often ends in /v1), or LLM_EMBEDDING_MODEL to a "
        "model that can.",
    ),
    "not allowed": ("{server.label} does not let {server.key} do this {said}.", "{server.key_advice}"),
}
_NOT_BILLED = {402, 409, 425, 429}  # rejected before any work; other transient errors may come after it


class _Fault(NamedTuple):
    """A failure as the provider or the client describes it.

    status: of HTTP, or the code of an error inside a 200; None if there was no response. message: the reason, for
    users. words: the whole text without quotes, for matching patterns. is_page: a web page instead of an answer.
    """

    status: int | None
    message: str
    words: str = ""
    retry_after: float | None = None
    is_connected: bool = True
    is_late: bool = False
    is_page: bool = False

    def meaning(self, body: Mapping[str, Any]) -> str:
        """The meaning of this failure for a request with this body: the first column of a row above."""
        if self.is_late or not self.is_connected:
            return TIMED_OUT if self.is_late else UNREACHABLE
        meaning = next(
            meaning
            for meaning, statuses, pattern in _MEANINGS
            if self.status in statuses and re.search(pattern, self.words, re.IGNORECASE)
        )
        if meaning == "quota" and "PerDay" not in self.words and 0 < (self.retry_after or 0) < _retry_seconds():
            return RATE_LIMITED
        if meaning == "model" and self.status in _BAD_REQUEST and _named(body, self.words):
            return "refused"  # a parameter that is not supported with this model
        is_nameless_404 = meaning == "model" and self.status == 404 and body["model"] not in self.words
        return "no vectors" if "input" in body and (meaning == "no api" or is_nameless_404) else meaning


def _error_for(fault: _Fault, body: Mapping[str, Any]) -> LLMError:
    """The error to raise for a fault."""
    server, meaning = llm_config.server_of(body["model"]), fault.meaning(body)
    said = f"({fault.status}: {fault.message})" if fault.status else f"({fault.message})"
    if meaning in _FATAL:
        until = f" The limit ends {_at(fault.retry_after)}." if fault.retry_after else ""
        what, remedy = (
            text.format(server=server, said=said, model=body["model"], until=until) for text in _FATAL[meaning]
        )
        words = fault.words if meaning == "credits" else ""  # which may say what would be affordable
        return FatalError(what, remedy, words=words)
    if meaning in (RATE_LIMITED, TIMED_OUT, UNREACHABLE, SERVER_ERROR):
        remedy, base = "", server.base_variable
        if base and fault.is_page and fault.status == 200:
            remedy = f"Set {base} to the address of an API; this one is a web page."
        elif meaning == UNREACHABLE:
            remedy = f"Start the server, check the network, or correct {base or 'its address'}."
        return TransientError(
            f"{server.label} did not answer {said}.",
            remedy,
            kind=meaning,
            retry_after=fault.retry_after,
            maybe_billed=fault.is_connected and fault.status not in _NOT_BILLED,
        )
    what = f"{server.label} refused this request {said}."
    return RefusedRequest(what, reason=meaning, words=fault.words, is_explained=meaning != "refused")


def _fault_of(failure: BaseException) -> _Fault:
    """The fault that an exception of the client describes."""
    status = getattr(failure, "http_status", None) or _STATUS_OF.get(type(failure))
    text, body = getattr(failure, "http_body", None), getattr(failure, "json_body", None)
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    body = body or _json_or_none(text) or text or ""
    headers = getattr(failure, "headers", None) or {}
    fault = (
        _fault_in(body, headers) if body else _Fault(None, _in_words(failure), retry_after=_retry_after(headers, ""))
    )
    return fault._replace(
        status=status or fault.status,
        is_connected=not any(isinstance(cause, _NO_CONNECTION) for cause in _causes(failure)),
        is_late=isinstance(failure, openai.error.Timeout) and not body,
    )


def _fault_in(body: Any, headers: Mapping[str, Any] | None = None) -> _Fault:
    """The fault in a body that is not an answer: an object, a list, a text, or one nested in another."""
    body = part_of(part_of(body, "error"), "body") or body  # as it came, see _reshape_error
    error = body[0] if isinstance(body, list) and body else body
    error = part_of(error, "error") or error
    code = str(part_of(error, "code"))
    words = _QUOTES.sub("", json.dumps(_without_echoes(body), ensure_ascii=False, default=str))
    return _Fault(
        status=int(code) if code.isdecimal() and 100 <= int(code) < 600 else None,
        message=llm_config.one_line(_reason(error), "no reason given", 300),
        words=words,
        retry_after=_retry_after(headers or {}, words),
        is_page=isinstance(body, str) and bool(_PAGE.search(body)),
    )


def _without_echoes(body: Any) -> Any:
    """The body without the parts that repeat the request, which may contain any words."""
    if isinstance(body, list):
        return [_without_echoes(part) for part in body]
    if not isinstance(body, Mapping):
        return body
    return {name: "" if name in _ECHOES else _without_echoes(part) for name, part in body.items()}


_ECHOES = {"input", "failed_generation", "flagged_input", "ctx"}
_QUOTES = re.compile(r"[\\\"'`{}]|(?<=\\)n")
_PAGE = re.compile(r"<!doctype html|<html", re.IGNORECASE)
_TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_REASONS_IN = (
    *("message", "msg", "detail", "error", "errors", "reason", "description", "title", "provider"),
    *("base_resp", "status_msg"),
)


def _reason(value: Any, depth: int = 5) -> str:
    """The reason that a server gives, wherever it is in the body; "" if there is none."""
    if isinstance(value, str) and _PAGE.search(value):
        title = _TITLE.search(value)
        return f"a web page, {title[1].strip()!r}" if title else "a web page"
    if isinstance(value, str):
        inner = _json_or_none(value) if value[:1] in "{[" else None
        return _reason(inner, depth - 1) or value if inner and depth else value
    if isinstance(value, list) and depth:
        return "; ".join(filter(None, (_reason(item, depth - 1) for item in value[:3])))
    if not isinstance(value, Mapping) or not depth:
        return ""
    reason = next(filter(None, (_reason(value.get(name), depth - 1) for name in _REASONS_IN)), "")
    if isinstance(value.get("loc"), list):
        reason = f"{'.'.join(map(str, value['loc']))}: {reason}"
    upstream = _reason(part_of(value.get("metadata"), "raw"), depth - 1)  # where OpenRouter puts the real reason
    return f"{reason}: {upstream}" if upstream else reason


def _in_words(failure: BaseException) -> str:
    """An exception without a body, in words that are the same each time."""
    if isinstance(failure, openai.error.Timeout):
        return "no complete answer in time; LLM_TIMEOUT_SECONDS sets the limit"
    if isinstance(failure, openai.error.APIConnectionError):
        return f"no connection: {_root_cause(failure)}"
    if getattr(failure, "http_body", None) is not None:
        return "an empty body"
    if isinstance(failure, openai.error.OpenAIError):
        return llm_config.one_line(failure.user_message, "no reason given", 300)
    return f"an error body of unknown shape, {type(failure).__name__}"


def _root_cause(failure: BaseException) -> str:
    """The operating system's message for a broken connection."""
    causes = list(_causes(failure))
    words = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return words[0] if words else type(causes[-1]).__name__


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


_RESET = re.compile(r"x-ratelimit-reset: (\d+(?:\.\d+)?)", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:retrydelay:|try again in|retry (?:after|in)|\bwait(?: for)?) ((?:\d+(?:\.\d+)? ?(?:ms|[dhms])[a-z]* ?)+)",
    re.IGNORECASE,
)
_UNITS = {"ms": 0.001, "milli": 0.001, "d": 86_400, "h": 3600, "m": 60, "s": 1}


def _retry_after(headers: Mapping[str, Any], words: str) -> float | None:
    """Seconds to wait according to the Retry-After header (a number or a date) or the body; None if neither says."""
    given = {str(name).lower(): str(value) for name, value in headers.items()}
    text = given.get("retry-after", "")
    if llm_config.PLAIN_NUMBER.fullmatch(text):
        return float(text)
    with suppress(TypeError, ValueError):
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0)
    if span := _SPAN.search(words):
        parts = re.findall(r"(\d+(?:\.\d+)?) ?(ms|milli|[dhms])", span[1].lower())
        return sum(float(count) * _UNITS[unit] for count, unit in parts)
    if reset := _RESET.search(f"{words} x-ratelimit-reset: {given.get('x-ratelimit-reset', '')}"):
        return _until_reset(float(reset[1]))
    return None


def _until_reset(reset: float) -> float:
    """Seconds until a time that is given in milliseconds or seconds since 1970, or already as seconds from now."""
    if reset > 1e9:
        return max((reset / 1000 if reset > 1e12 else reset) - time.time(), 0)
    return reset


def _json_or_none(text: Any) -> Any:
    with suppress(TypeError, ValueError):
        return json.loads(text)
    return None


# ------------------------------------------------------------------------------------------- Connection
_asking: ContextVar[Client | None] = ContextVar("asking", default=None)  # whose request this thread makes


class ProviderSession(requests.Session):
    """A session whose timeout covers the whole answer, and which uses no proxy for servers on this machine.

    requests itself limits only the wait for each next byte. Here a request runs in a thread of its own, and its socket
    is closed at the deadline, however slowly headers or body arrive, which frees the server for others.
    """

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = 3
        self.auth = lambda request: request  # without an `auth`, ~/.netrc would replace the Bearer header
        self.hooks["response"].append(_reshape_error)
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())
        if openai.proxy:
            given = openai.proxy
            self.proxies = dict(given) if isinstance(given, Mapping) else {"http": given, "https": given}

    def request(  # type: ignore[override]  # requests names all options
        self, method: str, url: str, **options: Any
    ) -> requests.Response:
        """Like requests.Session.request, but `timeout` (seconds) covers the whole exchange."""
        answer: futures.Future[requests.Response] = futures.Future()
        exchange = _Exchange(target=self._exchange, args=(answer, method, url, options), daemon=True)
        exchange.start()
        try:
            client = _asking.get()
            seconds = options.get("timeout")
            return client.awaited(answer, seconds) if client else answer.result(seconds)
        except futures.TimeoutError:
            _hang_up(exchange)
            raise requests.exceptions.ReadTimeout(f"no complete answer in {options['timeout']} s") from None
        except KeyboardInterrupt:
            _hang_up(exchange)
            raise

    def merge_environment_settings(self, url: str, *settings: Any) -> dict[str, Any]:
        """As in requests, but without a proxy for a server on this machine."""
        merged = super().merge_environment_settings(url, *settings)
        return {**merged, "proxies": {}} if _is_loopback(url) else merged

    def _exchange(
        self, answer: futures.Future[requests.Response], method: str, url: str, options: dict[str, Any]
    ) -> None:
        with suppress(futures.InvalidStateError):  # broken off meanwhile
            try:
                answer.set_result(super().request(method, url, **options))
            except BaseException as failure:  # handed to the thread that waits for it
                answer.set_exception(failure)


class _Adapter(requests.adapters.HTTPAdapter):
    """Makes connections that report their socket while in use."""

    def init_poolmanager(self, *given: Any, **options: Any) -> None:
        super().init_poolmanager(*given, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *given: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*given, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Exchange(threading.Thread):
    """A thread that sends a request, and knows its socket."""

    used: socket.socket | None = None


class _SocketNoted(urllib3.connection.HTTPConnection):
    """A connection that stores its socket in the thread of the exchange."""

    def send(self, data: Any) -> None:
        super().send(data)
        exchange = threading.current_thread()
        if isinstance(exchange, _Exchange):
            exchange.used = self.sock


def _pool_of(pool: type[urllib3.HTTPConnectionPool]) -> type[urllib3.HTTPConnectionPool]:
    """The same kind of pool, with connections that store their socket."""
    made = type(pool.ConnectionCls.__name__, (_SocketNoted, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": made})


_POOLS = {"http": _pool_of(urllib3.HTTPConnectionPool), "https": _pool_of(urllib3.HTTPSConnectionPool)}


def _hang_up(exchange: _Exchange) -> None:
    """Closes the connection of an exchange whose answer is no longer needed."""
    used = exchange.used
    if used is not None:
        with suppress(OSError):
            socket.socket.shutdown(used, socket.SHUT_RDWR)  # of the bare socket: a TLS one would send a close_notify


def _reshape_error(response: requests.Response, **_: Any) -> None:
    """Rewrites errors of other shapes, which openai 0.28 cannot parse, to its own."""
    body = _json_or_none(response.content) if response.status_code >= 400 else None
    if isinstance(body, (dict, list)) and not isinstance(part_of(body, "error"), dict):
        error = {"message": _reason(body) or response.reason, "body": body}
        response._content = json.dumps({"error": error}).encode()


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


# -------------------------------------------------- The older functions, under the names that forks call

current = Client()  # the client that they use
CHAT_ERROR = "ChatGPT ERROR"
GPT_ERROR = "GPT REQUEST ERROR"
_RETIRED_ENGINE = re.compile(r"(text-|code-)?(davinci|curie|babbage|ada)\b|gpt-3\.5-turbo-instruct")
_SENT_PARAMETERS = ("temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty", "stop")
_MARKER = "<commentblockmarker>###</commentblockmarker>"
_Validate = Callable[..., Any]


def temp_sleep(seconds: float = 0.1) -> None:
    """Sleeps. Unused here; kept for forks that call it."""
    time.sleep(seconds)


def ChatGPT_single_request(prompt: str) -> str:
    """The answer to one user message. Raises LLMError, since its callers would use an error text as an answer."""
    return _answer_to(prompt)


def ChatGPT_request(prompt: str) -> str:
    """The answer to one user message, or "ChatGPT ERROR"."""
    return _text_or_error(CHAT_ERROR, prompt)


def GPT4_request(prompt: str) -> str:
    """Like ChatGPT_request, with the stronger model."""
    return _text_or_error(CHAT_ERROR, prompt, model=STRONG_MODEL)


def GPT_request(
    prompt: str, gpt_parameter: Mapping[str, Any] | None = None, *, gpt_param: Mapping[str, Any] | None = None
) -> str:
    """Like ChatGPT_request, with the parameters of the old completions; on failure "GPT REQUEST ERROR".

    gpt_parameter (in some forks gpt_param): `engine` (a retired one becomes gpt-4o-mini), `temperature`, `max_tokens`,
    `top_p`, `frequency_penalty`, `presence_penalty`, `stop`. The answer is never streamed, whatever `stream` says.
    """
    return _text_or_error(GPT_ERROR, prompt, **_chat_parameters(gpt_parameter or gpt_param))


def get_embedding(text: str, model: str = EMBEDDING_MODEL) -> list[float]:
    """The vector of one text. Raises LLMError, since no vector could represent a failure."""
    (vector,) = current.embed([text], model=model)
    if isinstance(vector, PromptFailure):
        raise vector
    return vector


def safe_generate_response(
    prompt: str,
    gpt_parameter: Mapping[str, Any] | None = None,
    repeat: int = 5,
    fail_safe_response: Any = "error",
    func_validate: _Validate | None = None,
    func_clean_up: _Validate | None = None,
    verbose: bool = False,
    *,
    gpt_param: Mapping[str, Any] | None = None,
    reader: Callable[[str], Any] = str,
) -> Any:
    """The first of `repeat` answers that can be read, validated and cleaned up, else the fail-safe.

    func_validate(output, prompt=...) says whether an output is acceptable, func_clean_up(output, prompt=...) turns it
    into the result; an exception in either rejects the output. Neither ever sees the text of a failure.
    """
    llm_config.count_question("other", current.ledgers)
    reason = "wrong form"
    for attempt in range(1, repeat + 1):
        try:
            answer = _answer_to(prompt, **_chat_parameters(gpt_parameter or gpt_param))
        except LLMError as failure:  # the client has already retried
            print(f"{CHAT_ERROR}: {failure}", file=sys.stderr)
            reason = failure.reason if isinstance(failure, PromptFailure) else "no answer"
            break
        if verbose:
            print(f"{prompt}\n--- answer {attempt} of {repeat}:\n{answer}")
        try:
            output = reader(answer)
            if func_validate is None or func_validate(output, prompt=prompt):
                return output if func_clean_up is None else func_clean_up(output, prompt=prompt)
        except Exception as fault:  # the caller's functions may fail on anything that a model says
            if verbose:
                print(f"--- not valid: {fault!r}")
    llm_config.count_fallback("other", reason, current.ledgers)
    return fail_safe_response


def ChatGPT_safe_generate_response(
    prompt: str, example_output: Any, special_instruction: str, repeat: int = 3, *more: Any, **named: Any
) -> Any:
    """Like safe_generate_response, for the `output` in a JSON answer; `more`, `named`: its arguments after `repeat`."""
    asked, parameters = _json_prompt(prompt, example_output, special_instruction), named.pop("gpt_parameter", {})
    return safe_generate_response(asked, parameters, repeat, *more, reader=_output_in, **named)


def GPT4_safe_generate_response(*given: Any, **named: Any) -> Any:
    """Like ChatGPT_safe_generate_response, with the stronger model."""
    return ChatGPT_safe_generate_response(*given, **named, gpt_parameter={"engine": STRONG_MODEL})


def ChatGPT_safe_generate_response_OLD(prompt: str, repeat: int = 3, *more: Any, **named: Any) -> Any:
    """Like safe_generate_response, without parameters."""
    return safe_generate_response(prompt, {}, repeat, *more, **named)


def generate_prompt(curr_input: Any, prompt_lib_file: str) -> str:
    """The template file after the comment marker, with `!<INPUT k>!` replaced by the k-th input (or the only one).

    Inputs are inserted as they are: anything in them that looks like a placeholder is kept.
    """
    inputs = dict(enumerate([curr_input] if isinstance(curr_input, str) else curr_input))
    template = Path(prompt_lib_file).read_text(encoding="utf-8").split(_MARKER, 1)[-1]
    return re.sub(r"!<INPUT (\d+)>!", lambda found: str(inputs.get(int(found[1]), found[0])), template).strip()


def _answer_to(prompt: str, **parameters: Any) -> str:
    return current.chat([{"role": "user", "content": prompt}], accept_truncated=True, **parameters)


def _text_or_error(error_text: str, prompt: str, **parameters: Any) -> str:
    try:
        return _answer_to(prompt, **parameters)
    except LLMError as failure:
        print(f"{error_text}: {failure}", file=sys.stderr)
        return error_text


def _chat_parameters(gpt_parameter: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a chat, from those of the old completions."""
    gpt_parameter = gpt_parameter or {}
    engine = gpt_parameter.get("engine") or CHAT_MODEL
    given = {name: gpt_parameter[name] for name in _SENT_PARAMETERS if gpt_parameter.get(name) is not None}
    return {"model": CHAT_MODEL if _RETIRED_ENGINE.match(engine) else engine, **given}


def _json_prompt(prompt: str, example_output: Any, special_instruction: str) -> str:
    example = json.dumps({"output": example_output}, ensure_ascii=False, default=str)
    return f"{prompt}\n\n{special_instruction}\nAnswer with one JSON object and nothing else, of this form:\n{example}"


def _output_in(text: str) -> Any:
    """The `output` of the last JSON object in `text` that has one, else the only field of one.

    Raises ValueError if there is neither.
    """
    found = list(_json_objects(text))
    outputs = [answer["output"] for answer in found if "output" in answer]
    outputs = outputs or [next(iter(answer.values())) for answer in found if len(answer) == 1]
    if not outputs:
        raise ValueError("no JSON object with an output")
    return outputs[-1]


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    """The objects in a text, including those inside an object that has no `output` itself."""
    decoder, start = json.JSONDecoder(strict=False), 0
    while (start := text.find("{", start)) >= 0:
        with suppress(ValueError, RecursionError):
            found, end = decoder.raw_decode(text, start)
            yield found
            start = end - 1 if "output" in found else start
        start += 1

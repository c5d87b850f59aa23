"""Simulated faults: API failures instead of answers, and malformed answers.

Knows the transient failures of providers and which requests they affect; nothing about sockets, or the correct
answers. A hash selects the affected requests, so that they may come in any order, and concurrently.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from types import MappingProxyType
from typing import Any

from mock_llm.api import Reply, Request, Respond, messages_in
from mock_llm.choices import choose, number
from mock_llm.malformed import malform

PLAYED = "played by the offline mock model"  # in the text of every failure, and in no answer
_WHOLE = 1_000_000  # the units of a rate


def with_failures(respond: Respond, rate: float, seed: int) -> Respond:
    """Fails that share of the POSTs, each in one of `FAILURES`. Raises ValueError for a rate outside 0..1."""
    lots = _Lots("failure", rate, seed)

    def failing(request: Request) -> Reply:
        lot = lots.draw(request) if request.method == "POST" else None
        return FAILURES[choose(tuple(FAILURES), *lot)] if lot else respond(request)

    return failing


def with_malformed_answers(respond: Respond, rate: float, seed: int) -> Respond:
    """Malforms that share of the chat's answers. Raises ValueError for a rate outside 0..1."""
    lots = _Lots("answer", rate, seed)

    def malforming(request: Request) -> Reply:
        reply = respond(request)
        lot = lots.draw(request) if "choices" in reply.body else None
        return _malformed(reply, request, lot) if lot else reply

    return malforming


class _Lots:
    """Selects the affected requests: by the seed, the question, and how often the same was asked before.

    Not by the rest of the body: the token limit of an answer may depend on what other requests have shown.
    """

    def __init__(self, kind: str, rate: float, seed: int) -> None:
        if not 0 <= rate <= 1:
            raise ValueError(f"a rate is a share from 0 to 1, not {rate}")
        self._kind, self._rate, self._seed = kind, rate, seed
        self._times_asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def draw(self, request: Request) -> tuple[object, ...] | None:
        """The seed of further choices for an affected request; None if it is not affected."""
        name = hashlib.blake2b(request.path.encode() + b"\n" + _asked(request.body), digest_size=16).hexdigest()
        with self._lock:
            lot = (self._kind, self._seed, name, self._times_asked[name])
            self._times_asked[name] += 1
        return lot if number(_WHOLE, "hit", *lot) < self._rate * _WHOLE else None


def _asked(body: bytes) -> bytes:
    """The messages or texts of a request, or its whole body where it has neither."""
    try:
        given = json.loads(body)
        return json.dumps(given.get("messages") or given["input"]).encode()
    except (ValueError, AttributeError, KeyError):
        return body


def _malformed(reply: Reply, request: Request, lot: tuple[object, ...]) -> Reply:
    """The reply with its answer malformed; its usage is that of the good one."""
    choice = reply.body["choices"][0]
    prompt = next((text for role, text in messages_in(request.body) if role == "user"), "")
    content, finish_reason = malform(choice["message"]["content"], prompt, *lot)
    malformed = {**choice, "message": {**choice["message"], "content": content}, "finish_reason": finish_reason}
    return reply._replace(body={**reply.body, "choices": [malformed]})


def _error(code: int, message: str, **metadata: str) -> dict[str, Any]:
    told = {"code": code, "message": f"{message} ({PLAYED})"}
    return {"error": {**told, "metadata": metadata} if metadata else told}


def _waiting(seconds: int) -> MappingProxyType[str, str]:
    return MappingProxyType({"Retry-After": str(seconds)})


def _answer(content: str | None, **choice: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": content}, **choice}]}


_AS_HTML = MappingProxyType({"Content-Type": "text/html; charset=utf-8"})
_PAGE = f"<!doctype html><title>Busy</title><p>Please come back in a minute ({PLAYED}).</p>".encode()

# All are transient: the same request, sent again, may be answered.
FAILURES: dict[str, Reply] = {
    "429": Reply(429, _error(429, "Too many requests")),
    "429, try at once": Reply(429, _error(429, "Too many requests"), _waiting(0)),
    "429, try later": Reply(429, _error(429, "Too many requests", raw="the model is in demand"), _waiting(1)),
    "402, others under way": Reply(402, _error(402, "Wait", reason="in_flight_budget_exhausted"), _waiting(1)),
    "408": Reply(408, _error(408, "The request took too long")),
    "500": Reply(500, _error(500, "Something went wrong")),
    "502, HTML": Reply(502, _PAGE, _AS_HTML),
    "503, try later": Reply(503, _error(503, "No provider is free"), _waiting(1)),
    "504": Reply(504, _error(504, "The provider took too long")),
    "524": Reply(524, _error(524, "The origin took too long")),
    "529": Reply(529, _error(529, "The provider is overloaded")),
    "error in a 200": Reply(200, _error(502, "The provider broke off")),
    "error in a choice": Reply(
        200, _answer(f"Once ({PLAYED})", finish_reason="error", **_error(502, "The provider broke off"))
    ),
    "200, null": Reply(200, None),
    "200, empty": Reply(200, b""),
    "200, HTML": Reply(200, _PAGE, _AS_HTML),
    "broken connection": Reply(200, _answer(f"Once upon a time ({PLAYED})", finish_reason="stop"), breaks_off=True),
}

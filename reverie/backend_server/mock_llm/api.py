"""The mock model as an API: a request's path and JSON body in, a status and a JSON body out; also its errors and usage.

Knows the format of OpenAI's bodies; nothing about sockets or the content of the answers.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_llm import answer
from mock_llm.vectors import vector

MODEL = "offline"
CHARACTERS_A_TOKEN = 4


class Request(NamedTuple):
    """A request."""

    method: str
    path: str
    body: bytes


class Reply(NamedTuple):
    """A response: an HTTP status and a body, JSON-ready or `bytes` to be sent unchanged.

    headers: in addition to the usual ones. pause: seconds between the small pieces of the body; 0 sends it whole.
    breaks_off: the connection is reset in the middle of the body.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})
    pause: float = 0.0
    breaks_off: bool = False


Respond = Callable[[Request], Reply]


class BadRequest(ValueError):
    """The request cannot be answered; the text says what is wrong with it."""

    def __init__(self, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


def respond(request: Request) -> Reply:
    """The answer to a request: it depends only on the request, and is the same for the same bytes."""
    try:
        return Reply(HTTPStatus.OK, _handler(request)(request.body))
    except BadRequest as wrong:
        return Reply(wrong.status, error(str(wrong)))


def messages_in(body: bytes) -> list[tuple[str, str]]:
    """The messages of a chat request, as (role, text); raises BadRequest."""
    return _messages(_json_object(body).get("messages"))


def _handler(request: Request) -> Callable[[bytes], dict[str, Any]]:
    path = request.path.partition("?")[0].rstrip("/")
    if path not in _PATHS:
        raise BadRequest(f"Unknown path {path}; this server has {', '.join(sorted(_PATHS))}.", HTTPStatus.NOT_FOUND)
    method, handle = _PATHS[path]
    if request.method != method:
        raise BadRequest(f"{path} takes {method}, not {request.method}.", HTTPStatus.METHOD_NOT_ALLOWED)
    return handle


def _chat(body: bytes) -> dict[str, Any]:
    asked = _json_object(body)
    if asked.get("stream"):
        raise BadRequest("'stream' is not supported by the offline mock model.")
    messages = _messages(asked.get("messages"))
    content = answer(messages, asked.get("response_format"))
    return {
        "id": f"chatcmpl-offline-{zlib.crc32(body):08x}",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": _usage([text for _, text in messages], content),
    }


def _embeddings(body: bytes) -> dict[str, Any]:
    asked = _json_object(body)
    texts = _texts(asked.get("input"))
    encode = _encoding(asked.get("encoding_format", "float"))
    return {
        "object": "list",
        "model": MODEL,
        "data": [{"object": "embedding", "index": k, "embedding": encode(vector(t))} for k, t in enumerate(texts)],
        "usage": _usage(texts),
    }


_PATHS: dict[str, tuple[str, Callable[[bytes], dict[str, Any]]]] = {
    "/v1/chat/completions": ("POST", _chat),
    "/v1/embeddings": ("POST", _embeddings),
    "/v1/models": ("GET", lambda _: {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0}]}),
}


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError as unread:
        raise BadRequest("The body is not JSON.") from unread
    if not isinstance(asked, dict) or not isinstance(asked.get("model"), str):
        raise BadRequest("The body must be a JSON object with a 'model', a string.")
    return asked


def _messages(given: Any) -> list[tuple[str, str]]:
    """The messages as (role, text)."""
    if not isinstance(given, list) or not given:
        raise BadRequest("'messages' must be a list with at least one message.")
    if not all(isinstance(message, dict) and isinstance(message.get("role"), str) for message in given):
        raise BadRequest("Each of 'messages' must be an object with a 'role'.")
    return [(message["role"], _content(message.get("content"))) for message in given]


def _content(given: Any) -> str:
    """The text of a message, even if it is in parts."""
    if given is None or isinstance(given, str):
        return given or ""
    if isinstance(given, list) and all(isinstance(part, dict) for part in given):
        return "\n".join(str(part.get("text", "")) for part in given)
    raise BadRequest("The 'content' of a message must be a string or a list of parts.")


def _texts(given: Any) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise BadRequest("'input' must be a string or a list of at least one string.")
    return texts


def _encoding(name: Any) -> Callable[[list[float]], Any]:
    """How vectors are written: as numbers, or as little-endian 32-bit floats in base64."""
    if name not in ("float", "base64"):
        raise BadRequest("'encoding_format' must be 'float' or 'base64'.")
    return list if name == "float" else lambda v: base64.b64encode(struct.pack(f"<{len(v)}f", *v)).decode("ascii")


def _usage(asked: Sequence[str], answered: str | None = None) -> dict[str, int]:
    """Simple estimates, by the length of the texts."""
    prompt = sum(-(-len(text) // CHARACTERS_A_TOKEN) for text in asked)
    completion = -(-len(answered or "") // CHARACTERS_A_TOKEN)
    counts = {"prompt_tokens": prompt, "total_tokens": prompt + completion}
    return counts if answered is None else {**counts, "completion_tokens": completion}


def error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}

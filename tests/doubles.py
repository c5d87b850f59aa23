"""Doubles of a provider and its answers, shared by the tests; they know OpenAI's wire format and nothing else."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import openai
from openai.openai_object import OpenAIObject

OPENROUTER, KEY = "https://openrouter.ai/api/v1", "or-key-for-tests"
ASKED = [{"role": "user", "content": "How are you?"}]
PATIENCE = 10  # seconds that a test waits for a thread before it fails


def chat_answer(
    content: Any = "fine", *, model: str | None = "openai/gpt-4o-mini", usage: Any = (10, 5), **choice: Any
) -> dict[str, Any]:
    """A chat completion's body. usage: (prompt tokens, completion tokens), a whole usage object, or None."""
    if isinstance(usage, tuple):
        usage = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    message = {"role": "assistant", "content": content}
    choices = [{"index": 0, "message": message, "finish_reason": "stop", **choice}]
    return {"object": "chat.completion", "model": model, "choices": choices, "usage": usage}


def embedding_answer(
    vectors: Sequence[list[float] | str], *, tokens: int = 7, model: str | None = None
) -> dict[str, Any]:
    """An embedding request's body, its rows in the order given."""
    rows = [{"object": "embedding", "index": k, "embedding": vector} for k, vector in enumerate(vectors)]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": model or "openai/text-embedding-3-small", "data": rows, "usage": usage}


def as_openai(body: dict[str, Any]) -> OpenAIObject:
    """The same body as the client returns it."""
    return OpenAIObject.construct_from(body)


class Create:
    """Replaces ChatCompletion.create or Embedding.create: returns the answers (or raises the exceptions)
    in order, repeats the last one, and keeps the requests."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []

    def __call__(self, **request: Any) -> Any:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return as_openai(answer) if isinstance(answer, dict) else answer


def ends_after(times: int, create: Callable[..., Any], end: BaseException) -> Callable[..., Any]:
    """The same call, which raises once it has been answered this many times."""
    asked = itertools.count()

    def call(**request: Any) -> Any:
        if next(asked) >= times:
            raise end
        return create(**request)

    return call


FINE = {"json": chat_answer("fine")}
"""The arguments of `responses` for a good answer."""


def error_reply(status: int, message: str = "odd", *, retry_after: str | None = None, **more: Any) -> dict[str, Any]:
    """The arguments of `responses` for a failure in the format of providers."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return {"status": status, "json": {"error": {"code": status, "message": message, **more}}, "headers": headers}


def in_threads(count: int, task: Callable[[], Any]) -> list[Any]:
    """The results of the task in this many threads, once all have ended."""
    results: list[Any] = []
    threads = [threading.Thread(target=lambda: results.append(task()), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results


class Server:
    """Answers every POST on this machine as `reply(handler, body)` does; keeps (path, headers, body) of each.

    body: that of a good answer.
    """

    def __init__(self, reply: Callable[[BaseHTTPRequestHandler, bytes], object]) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.requests.append((self.path, dict(self.headers), json.loads(body)))
                reply(self, json.dumps(chat_answer("fine")).encode())

            def log_message(self, *_):
                """Logs nothing."""

        self.http = _ManyAtOnce(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


class _ManyAtOnce(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # beyond it a connection is made a second late


def reply_immediately(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """The reply of a server without delay."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Clock:
    """A clock that advances only by its sleeps, and a list of them (in seconds)."""

    def __init__(self) -> None:
        self.time = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


def refusal(message: str, status: int = 400, **more: Any) -> openai.error.InvalidRequestError:
    """The exception of the client for a request that the provider refuses with this message."""
    body = {"error": {"message": message, **more}}
    return openai.error.InvalidRequestError(message, None, http_status=status, json_body=body)


class Answers:
    """Replaces ChatCompletion.create or Embedding.create: `reply(request)` returns the body of an answer, or an
    exception to raise. Keeps the requests."""

    def __init__(self, reply: Callable[[dict[str, Any]], Any]) -> None:
        self.reply = reply
        self.requests: list[dict[str, Any]] = []

    def __call__(self, **request: Any) -> Any:
        self.requests.append(request)
        answer = self.reply(request)
        if isinstance(answer, BaseException):
            raise answer
        return as_openai(answer)

    def sent(self, name: str) -> list[Any]:
        """The values of a parameter in all requests, None if it was not sent."""
        return [request.get(name) for request in self.requests]

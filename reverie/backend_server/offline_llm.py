"""The stand-in model: an OpenAI-compatible server on 127.0.0.1 that needs no model, no key and no network.

Knows the wire (paths, bodies, errors, usage) and layers that change how an answer is delivered, such as latency; what
the answers say is `stand_in`'s. Run it alone with `python offline_llm.py --port 8800`, or inside a process with `start()`.
"""

from __future__ import annotations

import argparse
import base64
import json
import socket
import socketserver
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from stand_in import answer
from stand_in.vectors import vector

HOST = "127.0.0.1"
MODEL = "offline"
CHARACTERS_A_TOKEN = 4


class Request(NamedTuple):
    """What came in."""

    method: str
    path: str
    body: bytes


class Reply(NamedTuple):
    """What goes out: an HTTP status and a JSON-ready body."""

    status: int
    body: dict[str, Any]


Respond = Callable[[Request], Reply]


class BadRequest(ValueError):
    """The request cannot be answered; the text says what is wrong with it."""

    def __init__(self, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


def start(port: int = 0, latency: float = 0.0, sleep: Callable[[float], object] = time.sleep) -> OfflineServer:
    """Starts the stand-in in a thread of this process.

    Args:
        port: where to listen on 127.0.0.1; 0 takes a free port.
        latency: seconds every answer to a POST takes longer.
        sleep: how the latency is waited for.

    Raises:
        OSError: the port is taken.
    """
    return OfflineServer(port, layered(latency=latency, sleep=sleep))


class OfflineServer:
    """A running stand-in; `base_url` is what an OpenAI client takes as its API base."""

    def __init__(self, port: int, respond: Respond) -> None:
        self._http = _HTTPServer((HOST, port), respond)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), name="offline-llm", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"

    def wait(self) -> None:
        """Returns when the server has been stopped."""
        self._thread.join()

    def stop(self) -> None:
        """Stops listening and closes the connections that are still open."""
        self._http.shutdown()
        self._http.server_close()
        self._http.close_connections()
        self._thread.join()

    def __enter__(self) -> OfflineServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


# Layers: each takes the next one's `respond` and changes how its answers are delivered


def layered(*, latency: float = 0.0, sleep: Callable[[float], object] = time.sleep) -> Respond:
    """The plain answers, within the layers that were asked for."""
    return with_latency(respond, latency, sleep) if latency > 0 else respond


def with_latency(respond: Respond, seconds: float, sleep: Callable[[float], object]) -> Respond:
    """Answers to a POST that come `seconds` later."""

    def later(request: Request) -> Reply:
        if request.method == "POST":
            sleep(seconds)
        return respond(request)

    return later


# The answers of the API


def respond(request: Request) -> Reply:
    """The answer to a request: made from the request alone, the same for the same bytes."""
    try:
        handle = _handler(request)
        return Reply(HTTPStatus.OK, handle(request.body))
    except BadRequest as wrong:
        return Reply(wrong.status, _error(str(wrong)))


def _handler(request: Request) -> Callable[[bytes], dict[str, Any]]:
    path = request.path.partition("?")[0].rstrip("/")
    if path not in _PATHS:
        known = ", ".join(sorted(_PATHS))
        raise BadRequest(f"Unknown path {path}; this server has {known}.", HTTPStatus.NOT_FOUND)
    method, handle = _PATHS[path]
    if request.method != method:
        raise BadRequest(f"{path} takes {method}, not {request.method}.", HTTPStatus.METHOD_NOT_ALLOWED)
    return handle


def _chat(body: bytes) -> dict[str, Any]:
    asked = _json_object(body)
    if asked.get("stream"):
        raise BadRequest("'stream' is not supported by the offline stand-in.")
    messages = _messages(asked.get("messages"))
    content = answer(messages)
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
        "data": [
            {"object": "embedding", "index": k, "embedding": encode(vector(text))} for k, text in enumerate(texts)
        ],
        "usage": _usage(texts),
    }


def _models(_: bytes) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "offline"}]}


_PATHS: dict[str, tuple[str, Callable[[bytes], dict[str, Any]]]] = {
    "/v1/chat/completions": ("POST", _chat),
    "/v1/embeddings": ("POST", _embeddings),
    "/v1/models": ("GET", _models),
}


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError as unread:
        raise BadRequest("The body is not JSON.") from unread
    if not isinstance(asked, dict):
        raise BadRequest("The body must be a JSON object.")
    if not isinstance(asked.get("model"), str):
        raise BadRequest("'model' must be given, as a string.")
    return asked


def _messages(given: Any) -> list[tuple[str, str]]:
    """The messages as (role, text)."""
    if not isinstance(given, list) or not given:
        raise BadRequest("'messages' must be a list with at least one message.")
    if not all(isinstance(message, dict) and isinstance(message.get("role"), str) for message in given):
        raise BadRequest("Each of 'messages' must be an object with a 'role'.")
    return [(message["role"], _content(message.get("content"))) for message in given]


def _content(given: Any) -> str:
    """The text of a message, also of one that comes in parts."""
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
    encodings: dict[Any, Callable[[list[float]], Any]] = {"float": list, "base64": _base64}
    if name not in ("float", "base64"):
        raise BadRequest("'encoding_format' must be 'float' or 'base64'.")
    return encodings[name]


def _base64(values: list[float]) -> str:
    """The values as the API packs them: little-endian 32-bit floats."""
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode("ascii")


def _usage(asked: Sequence[str], answered: str | None = None) -> dict[str, int]:
    """Plain estimates, by the length of the texts."""
    prompt = sum(map(_tokens, asked))
    completion = {} if answered is None else {"completion_tokens": _tokens(answered)}
    return {"prompt_tokens": prompt, **completion, "total_tokens": prompt + sum(completion.values())}


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_A_TOKEN)


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


# HTTP


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], respond: Respond) -> None:
        self.respond = respond
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # The inherited one asks the name service for this machine's name: that would leave the machine.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that went away is no news; anything else is a fault of ours and is shown.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close_connections(self) -> None:
        with self._lock:
            still_open = list(self._connections)
        for connection in still_open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet
    server: _HTTPServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            self.close_connection = True  # where the next request begins is not known
            return self._send(Reply(HTTPStatus.BAD_REQUEST, _error("'Content-Length' must be a number.")))
        body = self.rfile.read(int(length))
        return self._send(self.server.respond(Request(self.command, self.path, body)))

    def _send(self, reply: Reply) -> None:
        body = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


# The command line


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the server until it is interrupted; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        server = start(options.port, options.latency)
    except OSError as taken:
        print(f"Port {options.port} on {HOST} cannot be used ({taken.strerror}). Try another --port.", file=sys.stderr)
        return 1
    print(f"The offline stand-in listens on {server.base_url} (Ctrl-C stops it)", flush=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server with scripted answers, on 127.0.0.1.")
    parser.add_argument("--port", type=_port, default=0, help="where to listen (default: a free port)")
    parser.add_argument("--latency", type=_seconds, default=0.0, help="seconds each answer takes (default: 0)")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError("a latency is a number of seconds, 0 or more")
    return seconds


if __name__ == "__main__":
    sys.exit(main())

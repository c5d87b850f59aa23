"""The mock model: an OpenAI-compatible server on 127.0.0.1 that needs no model, no key and no network.

Knows HTTP, the command line, and layers that change how an answer is delivered, such as latency; `mock_llm` has the
answers and the faults to simulate. It runs alone (`python offline_llm.py --port 8800`) or inside
a process (`start()`).
"""

from __future__ import annotations

import argparse
import json
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from mock_llm.api import Reply, Request, Respond, error, respond
from mock_llm.faults import with_failures, with_malformed_answers

HOST = "127.0.0.1"
PIECE = 64  # bytes that a body trickles in
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER, on, for 0 seconds

Sleep = Callable[[float], object]


def start(port: int = 0, latency: float = 0.0, *, sleep: Sleep = time.sleep, **faults: Any) -> OfflineServer:
    """Starts the mock model in a thread of this process.

    Args:
        port: where to listen on 127.0.0.1; 0 takes a free port.
        latency: seconds added to every answer to a POST.
        sleep: called to wait for latency and trickle.
        faults: the arguments of `layered`.

    Raises:
        OSError: the port is taken.
        ValueError: a rate is not between 0 and 1.
    """
    return OfflineServer(port, layered(latency=latency, sleep=sleep, **faults), sleep)


class OfflineServer:
    """A running mock model; `base_url` is the API base for an OpenAI client."""

    def __init__(self, port: int, respond: Respond, sleep: Sleep = time.sleep) -> None:
        self._http = _HTTPServer((HOST, port), respond, sleep)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="offline-llm", daemon=True)
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


def layered(
    *,
    latency: float = 0.0,
    error_rate: float = 0.0,
    malformed_rate: float = 0.0,
    trickle: float = 0.0,
    seed: int = 0,
    sleep: Sleep = time.sleep,
) -> Respond:
    """The plain answers, wrapped in the layers asked for.

    Args:
        error_rate: the share of POSTs that fail with transient errors (0..1).
        malformed_rate: the share of chat answers that are malformed (0..1).
        trickle: seconds between the small pieces in which a body is sent; 0 sends it whole.
        seed: determines which requests are affected; the same for the same requests, in any order.
    """
    layers = with_malformed_answers(respond, malformed_rate, seed) if malformed_rate else respond
    layers = with_failures(layers, error_rate, seed) if error_rate else layers

    def deliver(request: Request) -> Reply:
        if latency and request.method == "POST":
            sleep(latency)
        return layers(request)._replace(pause=trickle)

    return deliver if latency or trickle else layers


# HTTP


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], respond: Respond, sleep: Sleep) -> None:
        self.respond = respond
        self.sleep = sleep
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
        # A client that went away is normal; anything else is our fault and is shown.
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
            return self._send(Reply(HTTPStatus.BAD_REQUEST, error("'Content-Length' must be a number.")))
        body = self.rfile.read(int(length))
        return self._send(self.server.respond(Request(self.command, self.path, body)))

    def _send(self, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else _json(reply.body)
        usual = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(body))}
        self.send_response(reply.status)
        for name, value in {**usual, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.breaks_off:
            body = body[: len(body) // 2]
            self._reset_when_sent()
        self._write(body, reply.pause)

    def _write(self, body: bytes, pause: float) -> None:
        piece = PIECE if pause else max(len(body), 1)
        for start in range(0, len(body), piece):
            if start:
                self.wfile.flush()
                self.server.sleep(pause)
            self.wfile.write(body[start : start + piece])

    def _reset_when_sent(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


# The command line


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the server until it is interrupted; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        server = start(**vars(options))
    except OSError as taken:
        print(f"Port {options.port} on {HOST} cannot be used ({taken.strerror}). Try another --port.", file=sys.stderr)
        return 1
    print(f"The mock model is listening on {server.base_url} (Ctrl-C stops it)", flush=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server with scripted answers, on 127.0.0.1.")
    parser.add_argument("--port", type=_within(int, 0, 65535), default=0, help="where to listen (default: a free port)")
    seconds, rate = _within(float, 0, sys.float_info.max), _within(float, 0, 1)
    parser.add_argument("--latency", type=seconds, default=0.0, help="seconds that each answer takes (default: 0)")
    faults = parser.add_argument_group("faults to simulate, to test how a run handles them")
    faults.add_argument("--error-rate", metavar="R", type=rate, default=0.0, help="share of requests that fail (0..1)")
    malformed = "share of answers that are malformed (0..1)"
    faults.add_argument("--malformed-rate", metavar="R", type=rate, default=0.0, help=malformed)
    faults.add_argument(
        "--trickle", metavar="S", type=seconds, default=0.0, help="seconds between the pieces of a body"
    )
    faults.add_argument("--seed", metavar="N", type=int, default=0, help="selects the affected requests (default: 0)")
    return parser


def _within(kind: Callable[[str], float], least: float, most: float) -> Callable[[str], float]:
    """A number of this kind within the bounds, as an argument."""

    def read(text: str) -> float:
        value = kind(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {least} to {most}")
        return value

    return read


if __name__ == "__main__":
    sys.exit(main())

"""`manage.py serve`: the pages for one machine, quiet, beside a running simulation or on their own."""

from __future__ import annotations

import os
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

from pages.interviews import OFFLINE_VARIABLE

HOST = "127.0.0.1"
PORT = 8000
_TRIED = 20


class Command(BaseCommand):
    """Listens on 127.0.0.1 only, and prints the address."""

    help = "Serves the pages on 127.0.0.1 and prints their address."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help=f"where to listen (default: the first free one from {PORT} on)")
        parser.add_argument("--offline", action="store_true", help="interviews ask the built-in mock model for a model")
        parser.add_argument("--until-input-ends", action="store_true", help="stop when the standard input is closed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["offline"]:
            os.environ[OFFLINE_VARIABLE] = "1"
        try:
            server = listening(options["port"])
        except CommandError as error:
            if options["until_input_ends"]:
                self.stdout.write(str(error))  # to who started us, in place of the address
                sys.exit(error.returncode)
            raise
        if options["until_input_ends"]:
            threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
        self.stdout.write(f"http://{HOST}:{server.server_port}/")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            server.server_close()


class _QuietHandler(WSGIRequestHandler):
    """No line for each request: the terminal belongs to the simulation."""

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing; faults are logged by Django itself."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # on Windows it would let two servers share a port


def listening(port: int | None) -> _Server:
    """A server on this port, or on the first free one. Raises CommandError when there is none."""
    for candidate in [port] if port is not None else range(PORT, PORT + _TRIED):
        try:
            server = _Server((HOST, candidate), _QuietHandler)
        except OSError as error:
            refusal = error
            continue
        server.set_app(get_internal_wsgi_application())
        return server
    if port is None:
        where, remedy = f"No port from {PORT} to {PORT + _TRIED - 1} is", f"Choose one, such as {PORT + _TRIED}."
    else:
        where, remedy = f"Port {port} is not", "Choose another one, or leave the number out for the first free one."
    raise CommandError(f"{where} free ({refusal.strerror}). {remedy}")


def _stop_at_end_of_input(server: _Server) -> None:
    """The input ends when the simulation that started us is over, however it ended."""
    while sys.stdin.buffer.read(1):
        pass
    server.shutdown()

"""The web pages, each time in a process of their own: beside a running simulation until it ends, or as one file.

Knows how they are started and where the web server says its address; nothing of the pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

MANAGE = Path(__file__).resolve().parents[3] / "environment" / "frontend_server" / "manage.py"
_SECONDS_TO_END = 5


class CannotServe(Exception):
    """The web server did not start; the text says why."""


@contextmanager
def serving(port: int | None = None, *, offline: bool = False, budget_usd: Decimal | None = None) -> Iterator[str]:
    """Serves the pages for as long as the block runs; gives their address.

    Args:
        port: on 127.0.0.1; None takes the first free one from 8000 on.
        offline: interviews ask the mock model.
        budget_usd: what interviews may spend; None leaves it to the environment.

    Raises:
        CannotServe: the port is taken, or what the pages need is not installed.
    """
    process = _start(port, offline, budget_usd)
    try:
        yield _address(process)
    finally:
        if process.stdin:
            process.stdin.close()  # the end of its input is what it waits for
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def export_html(simulation: str) -> int:
    """Writes a simulation as one HTML file, says where it is or why not, and returns the exit code: 0 or 2."""
    sys.stdout.flush()  # what was said before comes first
    return subprocess.run([sys.executable, str(MANAGE), "export_html", "--no-color", "--", simulation]).returncode


def _start(port: int | None, offline: bool, budget_usd: Decimal | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, str(MANAGE), "serve", "--until-input-ends", "--no-color"]
    command += ["--port", str(port)] if port is not None else []
    command += ["--offline"] if offline else []
    return subprocess.Popen(
        command,
        env=os.environ if budget_usd is None else {**os.environ, "LLM_BUDGET_USD": f"{budget_usd:f}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # a Ctrl-C is meant for the simulation
    )


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line.startswith("http://"):
        raise CannotServe("The web pages could not be started (see above).")
    return line

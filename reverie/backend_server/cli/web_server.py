"""The web pages, always in a separate process: served until a simulation ends, or exported as one file.

Knows how to start that process and how it reports its address; knows nothing about the pages.
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
    """Serves the pages as long as the block runs; yields their address.

    Args:
        port: on 127.0.0.1; None takes the first free one from 8000 on.
        offline: whether interviews use the mock model.
        budget_usd: the most that interviews may spend; None leaves it to the environment.

    Raises:
        CannotServe: the port is taken, or what the pages need is not installed.
    """
    process = _start(port, offline, budget_usd)
    try:
        yield _address(process)
    finally:
        if process.stdin:
            process.stdin.close()  # the server exits at the end of its input
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def export_html(simulation: str) -> int:
    """Writes a simulation as one HTML file, prints where it is or why it failed, and returns the exit code: 0 or 2."""
    sys.stdout.flush()  # keeps earlier output before that of the subprocess
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
        start_new_session=True,  # Ctrl-C is for the simulation only
    )


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line.startswith("http://"):
        raise CannotServe(line or "The web pages could not be started (see above).")
    return line

"""The setup and teardown of a run: its terminal, its model and client, and its web pages.

Knows nothing about simulations.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import offline_llm
from cli import terminal, web_server
from persona.prompt_template import gpt_structure, llm_config, usage_records
from persona.prompt_template.budget import Budget
from persona.prompt_template.concurrency import Concurrency
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.trace import Trace

PROGRAM = Path(__file__).resolve().parents[1] / "reverie.py"
_EXIT_UNREAD = 141  # a shell's exit code for a program ended by SIGPIPE


def make_output_tolerant() -> None:
    """Makes a terminal without emoji show a question mark instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def until_unread(program: Callable[[], int]) -> int:
    """Runs a program and returns its exit code; if its output is closed, that of SIGPIPE."""
    if sys.stdout is None:  # closed before the start
        return program()
    try:
        try:
            return program()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the unread rest
        return _EXIT_UNREAD


def command(*options: str, anywhere: bool = False) -> str:
    """The command line for reverie.py with these options and the current model; see `terminal.command_line`."""
    model = ["--offline"] if llm_config.is_offline() else []
    return terminal.command_line(PROGRAM, *options, *model, anywhere=anywhere)


@contextmanager
def pages(port: int | None, offline: bool, budget_usd: Decimal | None) -> Iterator[str | None]:
    """Serves the web pages during the run; yields their address, or None if `port` is None.

    Args:
        port: the port; 0 for the first free one, None for no pages.
        offline: whether interviews on the pages use the mock model.
        budget_usd: the most that interviews on the pages may spend, in addition to the run; None for no limit.

    Raises:
        web_server.CannotServe: the text says why.
    """
    if port is None:
        yield None
        return
    with web_server.serving(port or None, offline=offline, budget_usd=budget_usd) as address:
        yield address


def show(address: str, simulation: str) -> None:
    """Prints the address of the live page of an open simulation."""
    print(f"Watch the town at {address}live/{quote(simulation)}")


def stay(address: str) -> None:
    """Keeps the pages open after a run without prompts, until Ctrl-C."""
    print(f"The pages stay open at {address} until Ctrl-C.")
    _wait_for_ctrl_c()


@contextmanager
def provider(offline: bool) -> Iterator[None]:
    """Sets up the model: the mock model inside this process, or the one that the environment names."""
    if not offline:
        llm_config.init_llm_api()
        yield
        return
    mock_model = offline_llm.start()
    try:
        llm_config.init_llm_api(offline_base=mock_model.base_url)
        with llm_config.noting(usage_records.cost_elsewhere):
            yield
    finally:
        mock_model.stop()


@contextmanager
def client(budget_usd: Decimal | None, most_at_once: int, trace: Trace | None) -> Iterator[Client]:
    """Creates the client of the run, also used by the functions with the older names.

    Each of its attempts counts toward the budget, waits for the limit, and is traced.

    Args:
        budget_usd: the most that may be spent; None for no limit.
        most_at_once: how many attempts may run at once.
        trace: where to log attempts; None for no log.
    """
    made = gpt_structure.current = Client()
    budget = None if budget_usd is None else Budget(budget_usd, made)
    if budget:
        budget.install()
    made.middleware.append(Concurrency(most_at_once, made).turn)
    if trace:
        made.middleware.append(trace.attempt)
    with llm_config.noting(budget.note) if budget else nullcontext():
        yield made


def _wait_for_ctrl_c() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()

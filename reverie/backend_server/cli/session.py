"""What a run is surrounded by: its terminal, its model and client, and the web pages beside it.

Knows how each is set up and taken down again; nothing of simulations.
"""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
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


def make_output_tolerant() -> None:
    """A terminal that has no emoji shows a question mark in place of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def command(*options: str, anywhere: bool = False) -> str:
    """What starts reverie.py with these options and the present model; for `anywhere` see `terminal.command_line`."""
    model = ["--offline"] if llm_config.is_offline() else []
    return terminal.command_line(PROGRAM, *options, *model, anywhere=anywhere)


@contextmanager
def pages(port: int | None, offline: bool, budget_usd: Decimal | None) -> Iterator[str | None]:
    """The web pages beside the run; gives their address, or None where nobody asked for them.

    Args:
        port: where to serve them; 0 for the first free one, None for not at all.
        offline: whether interviews in them ask the mock model.
        budget_usd: what interviews in them may spend too, on an account of their own; None for no limit.

    Raises:
        web_server.CannotServe: the text says why.
    """
    if port is None:
        yield None
        return
    with web_server.serving(port or None, offline=offline, budget_usd=budget_usd) as address:
        yield address


def show(address: str, simulation: str) -> None:
    """Says where a simulation that has been opened is to be seen."""
    print(f"Watch the town at {address}live/{quote(simulation)}")


def stay(address: str) -> None:
    """After a run without questions the pages stay, for looking back."""
    print(f"The pages stay at {address} until Ctrl-C.")
    _wait_for_ctrl_c()


@contextmanager
def provider(offline: bool) -> Iterator[None]:
    """The model to use: the mock model inside this process, or what the environment says."""
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
    """The client of the run, and of the functions with the older names: each attempt inside budget, limit and trace.

    Args:
        budget_usd: what may be spent; None for no limit.
        most_at_once: how many attempts may be under way together.
        trace: where attempts are written down, if anywhere.
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

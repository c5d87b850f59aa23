"""The commands that the pages offer, to be pasted into a terminal in any folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import compress_sim_storage
from cli import session, terminal, web_server
from pages.interviews import OFFLINE_VARIABLE

_SHORTEST = "base_willow_bend_n3"


def first_run(bases: Iterable[str] = ()) -> str:
    """The command to run and show an hour of a town, free of charge: the included one of three, else one of these."""
    base = next(iter(sorted(bases, key=lambda name: name != _SHORTEST)), _SHORTEST)
    return _command(session.PROGRAM, "--offline", "--serve", "--fork", base, "--run", "360")


def serve(port: str) -> str:
    """The command that serves these pages again at the same address."""
    offline = ["--offline"] if os.environ.get(OFFLINE_VARIABLE) else []
    return _command(web_server.MANAGE, "serve", "--port", port, *offline)


def make_demo(name: str) -> str:
    """The command that makes the demo of a simulation."""
    return _command(Path(compress_sim_storage.__file__).resolve(), name)


_command = partial(terminal.command_line, anywhere=True)

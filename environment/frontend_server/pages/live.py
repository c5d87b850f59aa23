"""Which simulation is live, whether a process has it open, the state of its run, and its progress.

Reads files, without waiting for any.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

from filelock import FileLock, Timeout

from cli import session
from pages import lookup
from saves import usage_inbox
from saves.json_files import DamagedSimulation, StorageError, read_object
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import Storage
from town.progress import SAVED, STOPPED, saved_after

_ENDED_UNEXPECTEDLY = "The run has ended unexpectedly; --resume continues it"
_SECONDS = 0.03
"""How long to wait for a lock: a web server that checks holds it for less, a run for longer."""
_looking = threading.Lock()
"""Concurrent requests must not mistake each other for a run."""


def latest() -> str | None:
    """The simulation that was opened last; if it has been deleted since, one that is open; None if there is none."""
    names = lookup.names()
    with suppress(DamagedSimulation):
        name = read_object(Storage.of_checkout().temp / "curr_sim_code.json").get("sim_code")
        if name in names:
            return str(name)
    return next(filter(is_open, names), None)


def status(name: str | None) -> dict[str, Any]:
    """The data that a live page polls: the simulation, whether it is open, its newest step, its usage.

    `run` is the status that the run reports, in the form of town/progress.py: {"state", "text", "since", "end",
    "go_on", "people", "lines"}; `opened` differs from one opening to the next. A served run keeps a watchable pace
    while pages are open: this call records that one is.
    """
    found = _readable(name) if name else None
    if found is None:
        return {"sim": None, "open": False}
    opened, said = _said(found)
    if opened:
        _note_watched(found)
    return {
        "sim": found.name,
        "open": opened,
        "opened": said.get("opened"),
        "last": max(Recording(found.path).steps(), default=-1),
        "run": _in_words(found, opened, said),
        "usage": usage(found),
    }


def is_open(name: str) -> bool:
    """Whether another process has a simulation open: then its lock exists and is held."""
    if not Storage.of_checkout().lock_file(name).is_file():
        return False
    with unopened(name) as is_free:
        return not is_free


def _said(found: Simulation) -> tuple[bool, dict[str, Any]]:
    """Whether a simulation is open, and the last status of its run; both of the same moment if it is not."""
    if not Storage.of_checkout().lock_file(found.name).is_file():
        return False, found.front_end.read_status()
    with unopened(found.name) as is_free:
        return not is_free, found.front_end.read_status()


def _in_words(found: Simulation, opened: bool, said: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a run, even if its process was killed or never reported a status."""
    step = "It has not been run yet" if found.is_base else saved_after(found.meta["step"])
    start = ("--fork", found.name, "--run", "360") if found.is_base else ("--resume", found.name)
    unsaid: dict[str, Any] = {
        "state": SAVED,
        "text": step,
        "since": None,
        "end": None,
        "go_on": "",
        "people": [],
        "lines": {},
    }
    run = unsaid | {key: said[key] for key in unsaid if key in said}
    if not opened and run["state"] not in (SAVED, STOPPED):
        run |= {"state": STOPPED, "text": _ENDED_UNEXPECTEDLY, "since": None, "end": None, "people": [], "lines": {}}
    return run | {"go_on": run["go_on"] or session.command(*start, anywhere=True)}


def _note_watched(found: Simulation) -> None:
    with suppress(OSError):
        found.front_end.note_watched()


@contextmanager
def unopened(name: str) -> Iterator[bool]:
    """Keeps others from opening a simulation during the block; yields False if it is open already."""
    file = Storage.of_checkout().lock_file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file, timeout=_SECONDS)
    with _looking:
        try:
            lock.acquire(poll_interval=_SECONDS / 3)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()


def usage(found: Simulation) -> dict[str, Any]:
    """The total model usage of a simulation; `fallbacks` is {purpose: count}. Empty if it cannot be read."""
    try:
        saved = usage_inbox.with_visits(found.read_usage(), usage_inbox.waiting(found.path))
        return _shown(saved)
    except (StorageError, AttributeError, TypeError, ValueError, ArithmeticError):  # damaged
        return {}


def _shown(saved: Mapping[str, Any]) -> dict[str, Any]:
    total = saved.get("total", {})
    return {
        "requests": int(total.get("requests", 0)),
        "tokens_in": int(total.get("input_tokens", 0)),
        "tokens_out": int(total.get("output_tokens", 0)),
        "tokens_embedded": int(total.get("embedding_tokens", 0)),
        "cost": format(Decimal(str(total.get("cost_usd", "0"))), "f"),
        "unpriced": int(total.get("unpriced", 0)),
        "questions": sum(saved.get("questions", {}).values()),
        "fallbacks": {purpose: int(count) for purpose, count in saved.get("fallbacks", {}).items()},
    }


def _readable(name: str) -> Simulation | None:
    """The simulation, if its files can be read now: a checkpoint may just be replacing them."""
    try:
        return lookup.simulation(name)
    except (StorageError, lookup.Unknown):
        return None

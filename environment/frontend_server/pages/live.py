"""Which simulation is live, whether somebody has it open, and how far it is. Looks at files and never waits for any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pages import lookup
from saves import usage_inbox
from saves.json_files import DamagedSimulation, StorageError, read_object
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import Storage


def announced() -> str | None:
    """The simulation that was opened last; None when there is none, or it has been deleted since."""
    try:
        name = read_object(Storage.of_checkout().temp / "curr_sim_code.json").get("sim_code")
    except DamagedSimulation:
        return None
    return name if name in lookup.names() else None


def status() -> dict[str, Any]:
    """What the live page asks for again and again: the simulation, its state, its newest step, what it used.

    `opened` differs from one opening to the next; `moved` is when the newest step was written, in seconds since 1970.
    """
    name = announced()
    found = _readable(name) if name else None
    if found is None:
        return {"sim": None, "open": False}
    recording = Recording(found.path)
    last = max(recording.steps(), default=-1)
    return {
        "sim": found.name,
        "open": is_open(found.name),
        "opened": _time(Storage.of_checkout().temp / "curr_sim_code.json"),
        "last": last,
        "moved": _time(recording.file(last)),
        "usage": usage(found),
    }


def is_open(name: str) -> bool:
    """Whether another process has a simulation open: then there is a lock, and it is held."""
    if not Storage.of_checkout().lock_file(name).is_file():
        return False
    with unopened(name) as is_free:
        return not is_free


@contextmanager
def unopened(name: str) -> Iterator[bool]:
    """Keeps others from opening a simulation during the block; gives False when somebody has it open already."""
    file = Storage.of_checkout().lock_file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def usage(found: Simulation) -> dict[str, Any]:
    """What a simulation has used of the model in all; `fallbacks` is {purpose: count}. Empty when it cannot be read."""
    try:
        saved = usage_inbox.with_visits(found.read_usage(), usage_inbox.waiting(found.path))
        return _shown(saved)
    except (StorageError, AttributeError, TypeError, ValueError, ArithmeticError):  # damaged: nothing is known
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
    """The simulation, if its files can be read just now: a checkpoint may be on its way to its place."""
    try:
        return lookup.simulation(name)
    except (StorageError, lookup.Unknown):
        return None


def _time(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except OSError:
        return None

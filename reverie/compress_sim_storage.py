"""Makes a demo of a simulation: storage/<sim> -> compressed_storage/<sim>.

    python reverie/compress_sim_storage.py <sim>

For each step it keeps only the personas for whom something changed. Knows the format of a demo; simulations are read
through the backend's own modules.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parent / "backend_server"))

from filelock import BaseFileLock, FileLock  # noqa: E402
from tqdm import tqdm  # noqa: E402

from saves.json_files import (  # noqa: E402
    DamagedSimulation,
    StorageError,
    UnknownSimulation,
    to_bytes,
    write_json,
    writing,
)
from saves.recording import MASTER_MOVEMENT, Act, RecordedStep, Recording  # noqa: E402
from saves.simulation import Simulation  # noqa: E402
from saves.storage import Storage  # noqa: E402

Steps = Iterable[RecordedStep]


def demo_folder(storage: Storage, name: str) -> Path:
    """Where the demo of a simulation is, or would be."""
    return storage.root.parent / "compressed_storage" / name


def compress(storage: Storage, name: str, watched: Callable[[Steps, int], Steps] = lambda steps, count: steps) -> Path:
    """Makes the demo of a simulation, replacing an older one wholly or not at all.

    `watched(steps, count)` may show the progress. One step is in memory at a time. If another process is already making
    the same demo, waits for it and uses its result. Raises UnknownSimulation,
    DamagedSimulation (never run, or a step cannot be read) or CannotWrite.
    """
    source = _source(storage, name)
    simulation, recording = Simulation(source, storage.temp), Recording(source)
    count = len(recording.steps())
    if not count:
        raise DamagedSimulation(f"{name!r} has not been run yet: there is no movement to make a demo of.")
    target = demo_folder(storage, name)
    before = _identity(target)
    with writing(f"make the demo of {name!r}"), _one_at_a_time(storage, name):
        if _identity(target) == before:
            _make(simulation, watched(recording, count), target)
    return target


def _make(simulation: Simulation, steps: Steps, target: Path) -> None:
    beside = target.with_name(f".{target.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    with (beside / MASTER_MOVEMENT).open("wb") as stream:
        _write_changes(stream, steps)
    write_json(beside / "meta.json", simulation.meta, indent=True)
    shutil.copytree(simulation.path / "personas", beside / "personas")
    _put_in_place(beside, target)


def _one_at_a_time(storage: Storage, name: str) -> BaseFileLock:
    """A separate lock: the simulation's own lock says that it is running, which does not prevent a demo."""
    file = storage.lock_file(name, "demo")
    file.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(file)


def _identity(demo: Path) -> tuple[int, int] | None:
    """Another one for each demo that takes the place; None where there is none."""
    try:
        found = (demo / MASTER_MOVEMENT).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _source(storage: Storage, name: str) -> Path:
    known = sorted(found.name for found in storage.simulations())
    if name in known:
        return storage.root / name
    raise UnknownSimulation(f"There is no simulation {name!r}. Available: {', '.join(known) or 'none'}.")


def _write_changes(stream: BinaryIO, steps: Steps) -> None:
    """{"<step>": {persona: what it does}}, with only the personas for whom something changed."""
    separator = b"{\n"
    for number, changed in _changes(steps):
        stream.write(separator + to_bytes(str(number)) + b":" + to_bytes(changed))
        separator = b",\n"
    stream.write(b"\n}\n")


def _changes(steps: Steps) -> Iterator[tuple[int, dict[str, Any]]]:
    before: dict[str, Act] = {}
    for step in steps:
        yield step.number, {name: _row(act) for name, act in step.people.items() if act != before.get(name)}
        before = dict(step.people)


def _row(act: Act) -> dict[str, Any]:
    return {
        "movement": [act.x, act.y],
        "pronunciatio": act.pronunciatio,
        "description": act.description,
        "chat": [list(line) for line in act.lines] or None,
    }


def _put_in_place(beside: Path, target: Path) -> None:
    aside = target.with_name(f".{target.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if target.is_dir():
        os.rename(target, aside)
    os.rename(beside, target)
    shutil.rmtree(aside, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns 0, or 2 when there is nothing to make a demo of or it cannot be written."""
    parser = argparse.ArgumentParser(prog="compress_sim_storage.py", description="Makes a demo of a simulation.")
    parser.add_argument("simulation", metavar="SIM", help="its name in storage/")
    name = parser.parse_args(arguments).simulation
    try:
        target = compress(Storage.of_checkout(), name, _with_bar)
    except StorageError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The demo is in {target}; the web server shows it at /demo/{name}/0/3/")
    return 0


def _with_bar(steps: Steps, count: int) -> Steps:
    return tqdm(steps, total=count, unit="step", disable=not sys.stderr.isatty(), leave=False)


if __name__ == "__main__":
    sys.exit(main())

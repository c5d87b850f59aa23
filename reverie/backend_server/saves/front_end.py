"""Files in `temp_storage` through which the process that has a simulation open and the front end inform each other.

They are about processes, so they are not part of the simulation. Knows where they are; not what a run does.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from saves.json_files import DamagedSimulation, read_object, write_json, writing


class FrontEnd:
    """The files in a folder about the simulation of a name."""

    def __init__(self, temp: Path, name: str) -> None:
        self._temp, self._name = temp, name
        self.status_file = temp / "status" / f"{name}.json"
        self._watched_file = self.status_file.with_suffix(".watched")

    def announce(self, step: int) -> None:
        """Announces that this simulation is the live one, and at which step it was saved."""
        with writing(f"announce {self._name!r}"):
            self._temp.mkdir(parents=True, exist_ok=True)
            write_json(self._temp / "curr_sim_code.json", {"sim_code": self._name})
            write_json(self._temp / "curr_step.json", {"step": step})

    def write_status(self, status: Mapping[str, Any]) -> None:
        """Writes what a run is doing; a failure to write is ignored, so that it never ends a run."""
        with suppress(OSError):
            self.status_file.parent.mkdir(parents=True, exist_ok=True)
            write_json(self.status_file, status)

    def read_status(self) -> dict[str, Any]:
        """The last argument of `write_status`; {} if there is none, or it cannot be read."""
        try:
            return read_object(self.status_file)
        except DamagedSimulation:
            return {}

    def note_watched(self) -> None:
        """Records that a page showing this simulation asks for updates. Raises OSError."""
        self._watched_file.parent.mkdir(parents=True, exist_ok=True)
        self._watched_file.touch()

    def watched(self) -> float:
        """When a page last asked for updates, in seconds since the epoch; 0 if none has."""
        try:
            return self._watched_file.stat().st_mtime
        except OSError:
            return 0.0

    def keep_record(self, name: str, content: Any) -> Path:
        """Writes a JSON file for the operator next to these files; returns its path."""
        with writing(f"keep {name!r}"):
            self._temp.mkdir(parents=True, exist_ok=True)
            write_json(self._temp / name, content, indent=True)
        return self._temp / name

    def forget(self) -> None:
        """Stops announcing the simulation, after it was deleted."""
        for file in (self.status_file, self._watched_file):
            file.unlink(missing_ok=True)
        code = self._temp / "curr_sim_code.json"
        if code.is_file() and read_object(code).get("sim_code") == self._name:
            code.unlink()

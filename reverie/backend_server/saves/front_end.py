"""What the front end is told of a simulation while a process has it open, and what it tells: files in `temp_storage`.

They are about processes, so they are no part of the simulation. Knows where they lie; not what a run does.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from saves.json_files import DamagedSimulation, read_object, write_json, writing


class FrontEnd:
    """The files in a folder that are about the simulation of a name."""

    def __init__(self, temp: Path, name: str) -> None:
        self._temp, self._name = temp, name
        self.status_file = temp / "status" / f"{name}.json"
        self._watched_file = self.status_file.with_suffix(".watched")

    def announce(self, step: int) -> None:
        """Says that this simulation is the live one, and at which step it was saved."""
        with writing(f"announce {self._name!r}"):
            self._temp.mkdir(parents=True, exist_ok=True)
            write_json(self._temp / "curr_sim_code.json", {"sim_code": self._name})
            write_json(self._temp / "curr_step.json", {"step": step})

    def write_status(self, status: Mapping[str, Any]) -> None:
        """Says what a run is doing; nobody's run ends because that cannot be written."""
        with suppress(OSError):
            self.status_file.parent.mkdir(parents=True, exist_ok=True)
            write_json(self.status_file, status)

    def read_status(self) -> dict[str, Any]:
        """What was last given to `write_status`; {} when there is nothing that can be read."""
        try:
            return read_object(self.status_file)
        except DamagedSimulation:
            return {}

    def note_watched(self) -> None:
        """A page that shows this simulation asks for news. Raises OSError."""
        self._watched_file.parent.mkdir(parents=True, exist_ok=True)
        self._watched_file.touch()

    def watched(self) -> float:
        """When a page last asked for news, in seconds since the epoch; 0 if none has."""
        try:
            return self._watched_file.stat().st_mtime
        except OSError:
            return 0.0

    def keep_record(self, name: str, content: Any) -> Path:
        """Writes a JSON file for the operator beside all this; returns where it is."""
        with writing(f"keep {name!r}"):
            self._temp.mkdir(parents=True, exist_ok=True)
            write_json(self._temp / name, content, indent=True)
        return self._temp / name

    def forget(self) -> None:
        """The simulation is no more, and not announced any longer."""
        for file in (self.status_file, self._watched_file):
            file.unlink(missing_ok=True)
        code = self._temp / "curr_sim_code.json"
        if code.is_file() and read_object(code).get("sim_code") == self._name:
            code.unlink()

"""A user's own checkout: the backend in another folder, with the small world as its world.

Knows the paths in a checkout and how its programs are started; not what they do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import small_world

PROJECT = Path(__file__).resolve().parents[1]
DEADLINE = 120  # seconds for a program to end
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*")


class OwnCheckout:
    """The backend and the small world below `folder`."""

    def __init__(self, folder: Path, people: Sequence[small_world.Inhabitant] = small_world.PEOPLE) -> None:
        shutil.copytree(PROJECT / "reverie", folder / "reverie", ignore=_NOT_COPIED)
        self.backend = folder / "reverie" / "backend_server"
        front_end = folder / "environment" / "frontend_server"
        self.storage = front_end / "storage"
        self.temp = front_end / "temp_storage"
        self.demos = front_end / "compressed_storage"
        small_world.write_maze(front_end / "static_dirs" / "assets")
        small_world.write_base(self.storage, people=people)

    def reverie(self, *arguments: str | int, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs reverie.py where its users run it, with these lines typed and these variables set."""
        return run_program(self.backend / "reverie.py", *arguments, folder=self.backend, typed=typed, **variables)

    def compress(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs compress_sim_storage.py."""
        program = self.backend.parent / "compress_sim_storage.py"
        return run_program(program, *arguments, folder=self.backend.parent, **variables)


def run_program(
    program: Path, *arguments: str | int, folder: Path, typed: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end in a folder; its output is read as UTF-8."""
    return subprocess.run(
        [sys.executable, str(program), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **variables},
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=DEADLINE,
    )

"""A user at the terminal of the small world, for tests of the command line: the lines that input() returns."""

from __future__ import annotations

import builtins
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import reverie
from small_world import BASE

KEY = "key-of-the-tests-0123456789"
NO_QUESTIONS = ("--offline", "--fork", BASE, "--name")


class Typist:
    """Replaces input(): returns the lines (or raises the exceptions) in order, then ends the input."""

    def __init__(self, *lines: str | BaseException) -> None:
        self.lines = list(lines)
        self.prompts: list[str] = []

    def __call__(self, prompt: str = "") -> str:
        self.prompts.append(prompt)
        line = self.lines.pop(0) if self.lines else EOFError()
        if isinstance(line, BaseException):
            raise line
        return line


def type_lines(monkeypatch: pytest.MonkeyPatch, *lines: str | BaseException) -> Typist:
    """Types these lines from now on until the end of the test."""
    typist = Typist(*lines)
    monkeypatch.setattr(builtins, "input", typist)
    return typist


def run(name: str, steps: int, *more: str) -> int:
    """Forks the base of the small world and runs it offline, without questions."""
    return reverie.main([*NO_QUESTIONS, name, "--run", str(steps), *more])


def resume(name: str, *more: str) -> int:
    """Resumes a simulation offline."""
    return reverie.main(["--offline", "--resume", name, *more])


def files(folder: Path, *, without: str = "nothing") -> dict[str, bytes]:
    """The bytes of every file below a folder, by its relative path; except those with the name `without`."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.name != without)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def saved_files(folder: Path, *, without: str = "nothing") -> dict[str, bytes]:
    """The same of a simulation, with its explanations joined, since their files depend on the checkpoints."""
    found = files(folder, without=without)
    asked = sorted((name for name in found if name.startswith("explain/")), key=lambda name: int(Path(name).stem[:-6]))
    return {"explain": b"".join([gzip.decompress(found.pop(name)) for name in asked]), **found}


def read(file: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(file.read_text(encoding="utf-8"))

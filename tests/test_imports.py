"""Imports go one way: a room imports only from those below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[1] / "reverie" / "backend_server"
MAP = {"maze", "matrix_files", "path_finder", "utils"}
BELOW = {
    "saves": {"saves", *MAP},
    "maze.py": MAP,
    "matrix_files.py": MAP,
    "path_finder.py": MAP,
    "mock_llm": {"mock_llm"},
    "persona": {"persona", "saves", *MAP},
    "town": {"town", "persona", "saves", *MAP},
    "study": {"study", "town", "persona", "saves", *MAP},
    "cli": {"cli", "study", "town", "persona", "saves", "offline_llm", *MAP},
}
IN_PERSONA = {
    "memory_structures": {"memory_structures"},
    "prompt_template": {"prompt_template", "memory_structures"},
    "mind.py": {"memory_structures", "prompt_template"},
    "parallel_map.py": set(),
    "cognitive_modules": {"cognitive_modules", "mind", "parallel_map", "memory_structures", "prompt_template"},
    "persona.py": {"cognitive_modules", "mind", "parallel_map"},
}
OURS = {path.stem for path in BACKEND.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}


@cache
def _nodes(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports, anywhere in it."""
    for node in _nodes(file):
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from {(node.module or "").partition(".")[0]} & OURS
        if isinstance(node, ast.Import):
            yield from {alias.name.partition(".")[0] for alias in node.names} & OURS


def in_persona(file: Path) -> Iterator[str]:
    """The rooms inside `persona` that a file imports from."""
    for node in _nodes(file):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            room, *inside = node.module.split(".")
            if room == "persona":
                yield from inside[:1] or {alias.name for alias in node.names}


def files_of(room: str, folder: Path = BACKEND) -> list[Path]:
    return [folder / room] if room.endswith(".py") else sorted((folder / room).rglob("*.py"))


@pytest.mark.parametrize("room", BELOW)
def test_a_room_imports_only_from_those_below_it(room: str):
    up = {f"{file.relative_to(BACKEND)} -> {name}" for file in files_of(room) for name in imported(file)}
    assert {arrow for arrow in up if arrow.rpartition(" -> ")[2] not in BELOW[room]} == set()


@pytest.mark.parametrize("room", IN_PERSONA)
def test_a_room_of_the_persona_imports_only_from_those_below_it(room: str):
    folder = BACKEND / "persona"
    arrows = {(str(file.relative_to(folder)), name) for file in files_of(room, folder) for name in in_persona(file)}
    assert {arrow for arrow in arrows if arrow[1] not in IN_PERSONA[room]} == set()


def test_no_import_is_only_for_types():
    """Such an import would hide a dependency in the wrong direction."""
    assert [str(file) for file in BACKEND.rglob("*.py") if "TYPE_CHECKING" in file.read_text(encoding="utf-8")] == []


def test_every_room_has_its_place():
    assert OURS - {"reverie", "offline_llm", "utils"} == {room.removesuffix(".py") for room in BELOW}

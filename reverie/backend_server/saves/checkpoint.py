"""The saved state of a simulation, replaced as a set: after a crash at any instant, it is the old state or the new one.

Knows only folders and renames, neither what the files mean nor that they belong to personas.

A new set is written whole into `.checkpoint.new`, and one rename to `.checkpoint` makes it current. From then
on its files are moved, one by one, to their classic places; as long as `.checkpoint` exists, a file in it is
the current one. A process that finds one after a crash finishes the moves. Unchanged files need not be in the
set. `.opened` keeps the files as they were before this process changed them.

Files are replaced, never written in place. One exception: a file may grow at its end if another file of the state says
how much of it is valid.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from saves.json_files import Content, extend_durably, read_json, sync_folder, to_bytes, write_durably, write_json

_STATE = ("reverie/meta.json", "reverie/events.jsonl", "reverie/days", "personas", "explain")
_REMOVED = "removed.json"


class Checkpoint:
    """The saved state in one simulation folder; files are named by their paths in it, with slashes."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._new = folder / ".checkpoint.new"
        self._current = folder / ".checkpoint"
        self._opened = folder / ".opened"
        self._keeps_opened = False

    def file(self, name: str) -> Path:
        """Where the current content of a file is; nothing is there when it has none. Changes nothing."""
        moving = self._current / name
        return moving if moving.is_file() or name in self._removed() else self._folder / name

    def files(self, under: str = "") -> list[str]:
        """The names of the files of the current state, of all or of those under a folder, sorted."""
        names = dict.fromkeys([*_names(self._folder, under), *_names(self._current, under)])
        removed = self._removed()
        return sorted(name for name in names if name not in removed)

    def version(self) -> tuple[int, bool]:
        """The same before and after several files were read: then no set became current meanwhile, and they match."""
        return self._folder.stat().st_mtime_ns, self._current.exists()

    def recover(self) -> None:
        """After a crash: finishes a set that became current, and forgets one that did not."""
        self._settle()
        discard(self._new)
        discard(self._opened)

    def extend(self, name: str, size: int, content: bytes) -> None:
        """Writes content after the first `size` bytes of a file; it becomes valid with the next set.

        `size` is how much of the file is valid now. The bytes that the current or the opened state uses do not change.
        """
        self._settle()
        self._keep_opened()
        extend_durably(self._folder / name, size, content)

    def replace(self, contents: Iterable[tuple[str, Content]], removed: Sequence[str] = ()) -> None:
        """Makes these files the current ones, and removes others: all or nothing."""
        self._settle()
        self._keep_opened()
        discard(self._new)
        self._new.mkdir()
        for name, content in contents:
            file = self._new / name
            file.parent.mkdir(parents=True, exist_ok=True)
            write_durably(file, content)
        if removed:
            write_durably(self._new / _REMOVED, to_bytes(list(removed)))
        os.rename(self._new, self._current)
        sync_folder(self._folder)
        self._settle()

    def restore_opened(self) -> None:
        """Returns to the state before the first `replace` of this process, if there was one."""
        self._settle()
        if not self._keeps_opened:
            return
        opened = _names(self._opened)
        write_json(self._opened / _REMOVED, [name for name in self.files() if name not in opened])
        os.rename(self._opened, self._current)
        self._keeps_opened = False
        self._settle()

    def forget_opened(self) -> None:
        """Removes the state that `restore_opened` would return to."""
        self._keeps_opened = False
        discard(self._opened)

    def _settle(self) -> None:
        if not self._current.is_dir():
            return
        for name in _names(self._current):
            target = self._folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._current / name, target)
        for name in self._removed():
            (self._folder / name).unlink(missing_ok=True)
        discard(self._current)

    def _removed(self) -> list[str]:
        """The files that the current set removes."""
        file = self._current / _REMOVED
        return read_json(file) if file.is_file() else []

    def _keep_opened(self) -> None:
        if self._keeps_opened:
            return
        discard(self._opened)
        for name in _names(self._folder):
            kept = self._opened / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(self._folder / name, kept)
        self._keeps_opened = True


def discard(folder: Path) -> None:
    """Removes a folder with all that is in it, if it is there."""
    if folder.is_dir():
        shutil.rmtree(folder)


def _link_or_copy(source: Path, target: Path) -> None:
    """A hard link is as good as a copy, because the valid part of a file is replaced and never written in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _names(folder: Path, under: str = "") -> list[str]:
    """The files of the state in a folder, sorted; dot-files are unfinished ones."""
    found: list[Path] = []
    for part in [under] if under else _STATE:
        path = folder / part
        found += [path] if path.is_file() else path.rglob("*")
    files = (file for file in found if file.is_file() and not file.name.startswith("."))
    return sorted(file.relative_to(folder).as_posix() for file in files)

"""JSON files of a simulation folder: read wholly or not at all; written to a temporary file, then renamed.

Knows what can go wrong with a file and reports it; does not know which files exist or what they mean.

    StorageError
    |-- BadName              the name of a simulation cannot be that of a folder
    |-- NameTaken            there is already a simulation of that name
    |-- UnknownSimulation    there is none of that name
    |-- IsBase               it can be forked, but not run
    |-- InUse                another process has it open
    |-- DamagedSimulation    one of its files is missing, cannot be read, or does not fit the others
    `-- CannotWrite          the disk refused: full, read-only, no permission
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

Content = bytes | Iterable[bytes]  # of a file, whole or in parts
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PRESENT_FILE = os.O_WRONLY | getattr(os, "O_BINARY", 0)
_NEW_FILE = _PRESENT_FILE | os.O_CREAT | os.O_TRUNC


class StorageError(Exception):
    """A simulation cannot be read or written; the text names the file and says what to do."""


class BadName(StorageError):
    """A name that cannot be the name of a folder."""


class NameTaken(StorageError):
    """A simulation of that name exists already."""


class UnknownSimulation(StorageError):
    """No simulation has that name."""


class IsBase(StorageError):
    """A base is forked, never run."""


class InUse(StorageError):
    """Another process has the simulation open."""


class DamagedSimulation(StorageError):
    """A file is missing, unreadable, or does not fit the others."""


class CannotWrite(StorageError):
    """The file system refused a write."""


def read_json(file: Path) -> Any:
    """The content of a JSON file in UTF-8. Raises DamagedSimulation, naming the file, if it cannot be read."""
    try:
        content = file.read_bytes().removeprefix(_BYTE_ORDER_MARK)
    except FileNotFoundError as error:
        raise DamagedSimulation(f"{file} is missing. Restore it, or fork the simulation again.") from error
    except OSError as error:
        raise DamagedSimulation(f"{file} cannot be read ({error.strerror}).") from error
    except UnicodeEncodeError as error:
        raise DamagedSimulation(
            f"{file} has a name that this locale does not allow ({error.encoding}). Set PYTHONUTF8=1 and try again."
        ) from error
    try:
        return _parsed(content)
    except (ValueError, RecursionError) as error:
        raise DamagedSimulation(f"{file} is not valid JSON ({error}). Restore it from a copy, or fix it.") from error


def read_object(file: Path) -> dict[str, Any]:
    """The JSON object in a file; raises DamagedSimulation when it holds anything else."""
    content = read_json(file)
    if not isinstance(content, dict):
        raise DamagedSimulation(f"{file} should contain a JSON object, not {type(content).__name__}.")
    return content


def write_json(file: Path, content: Any, *, indent: bool = False) -> None:
    """Replaces the content of a file by one rename, so that a reader sees the old file or the new one.

    Text that is not valid Unicode (half of a surrogate pair) is written with a question mark.
    """
    replace_file(file, to_bytes(content, indent=indent))


def replace_file(file: Path, content: bytes) -> None:
    """Like `write_json`, for any content."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")  # other processes may write the same file just now
    with _opened(beside, _NEW_FILE) as descriptor:
        _write_whole(descriptor, content)
    os.replace(beside, file)


def discard_unfinished(folder: Path) -> None:
    """Removes the temporary files that `write_json` left when a process died."""
    for file in folder.glob(".*.new"):
        file.unlink()


def write_durably(file: Path, content: Content) -> None:
    """Writes a file so that it survives a power cut from now on; what must be current by a rename comes first."""
    with _opened(file, _NEW_FILE) as descriptor:
        for part in [content] if isinstance(content, bytes) else content:
            _write_whole(descriptor, part)
        os.fsync(descriptor)


def extend_durably(file: Path, size: int, content: bytes) -> None:
    """Writes content after the first `size` bytes of a file, replacing any rest, so that it survives a power cut.

    With a size of 0 the file need not exist.
    """
    with _opened(file, _PRESENT_FILE if size else _NEW_FILE) as descriptor:
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)
        _write_whole(descriptor, content)
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder survive a power cut; where folders cannot be opened (Windows), renames are enough."""
    if os.name != "nt":
        with _opened(folder, os.O_RDONLY) as descriptor:
            os.fsync(descriptor)


def to_bytes(content: Any, *, indent: bool = False) -> bytes:
    """Content as JSON in UTF-8, the same bytes for the same content; numpy arrays are lists of numbers."""
    option = orjson.OPT_SERIALIZE_NUMPY | (orjson.OPT_INDENT_2 if indent else 0)
    try:
        return orjson.dumps(content, option=option)
    except orjson.JSONEncodeError:
        text = json.dumps(content, ensure_ascii=False, indent=2 if indent else None)
        return text.encode("utf-8", errors="replace")


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Turns an error of the file system into CannotWrite; `what` is what was tried ("save step 3")."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise CannotWrite(
            f"Could not {what}: {error.strerror or error}{where}. What was saved before is intact; "
            "make room, or allow writing there, and try again."
        ) from error


def _parsed(content: bytes) -> Any:
    """Also accepts what Python's json writes against the standard: NaN, half of a surrogate pair."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return json.loads(content.decode("utf-8"))


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """Opens an unbuffered descriptor: two files are written in every step, with as few calls as possible."""
    descriptor = os.open(path, flags, 0o666)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write_whole(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]

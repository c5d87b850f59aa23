"""Text files written by users: read as UTF-8, and as TOML, with errors that name the line.

Knows encodings and TOML; not what the texts mean.
"""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import Any

from saves.json_files import StorageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class UnusableFile(StorageError):
    """A user's file cannot be used; the text names the line and says what is wrong."""


def read_text(file: Path, name: str, kind: str = "text") -> str:
    """The text of a file in UTF-8, without the byte order mark that spreadsheets put before it.

    Args:
        name: how the file is called when something is wrong.
        kind: what to save it as, for the same purpose.

    Raises:
        UnusableFile: it cannot be read, or is not in UTF-8.
    """
    try:
        content = file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UnusableFile(f"{name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        hint = f"Save it as {kind} in UTF-8."
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UnusableFile(f"{name}, line 1: a byte order mark says that this is UTF-16. {hint}") from None
        line = content.count(b"\n", 0, error.start) + 1
        raise UnusableFile(f"{name}, line {line}: a letter that is not in UTF-8. {hint}") from error


def read_toml(file: Path, name: str) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file, and its content; for `name` see `read_text`.

    Raises:
        UnusableFile: it cannot be read, or is not TOML in UTF-8.
    """
    text = read_text(file, name, "TOML")
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnusableFile(f"{name} is not TOML ({error}). https://toml.io shows the form.") from error

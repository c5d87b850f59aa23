"""The key with which the web server signs its CSRF tokens: made at the first start, read at every other."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from filelock import FileLock

_BYTES = 50


def secret_key(folder: Path) -> str:
    """The key kept in a folder, readable for its owner only; made if there is none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret_key"
    with FileLock(folder / "secret_key.lock"):
        if not (file.is_file() and file.stat().st_size):
            _write(file, secrets.token_urlsafe(_BYTES))
        return file.read_text(encoding="ascii")


def _write(file: Path, key: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key)

"""The terminal: line editing with Tab, confirmations, and text wrapped to its width.

Knows no commands and no simulations. Without readline (Windows), there is no line editing.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path

try:
    import readline
except ImportError:  # Windows
    readline = None  # type: ignore[assignment]


def complete_with(candidates: Callable[[], Iterable[str]]) -> None:
    """Makes Tab complete a line to a candidate that starts with it, and the arrow keys recall earlier lines."""
    if readline is None:
        return

    def complete(text: str, state: int) -> str | None:
        found = [each for each in candidates() if each.lower().startswith(text.lower())]
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims("")
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")


def is_terminal() -> bool:
    """Whether input and output are a terminal, not files or pipes."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_confirmed(question: str) -> bool:
    """Asks a yes/no question at a terminal; without a terminal, True without asking."""
    if not is_terminal():
        return True
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        print()
        return False


def wrapped(text: str, indent: str = "") -> str:
    """A text wrapped to the width of the terminal; all lines after the first are indented."""
    width = max(40, shutil.get_terminal_size().columns)
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def shown_path(path: Path) -> str:
    """A path relative to the current folder if it is inside it, else absolute."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def command_line(program: Path, *options: str, anywhere: bool = False) -> str:
    """A command that runs one of our programs with this interpreter, to be pasted in the current folder.

    With `anywhere` it can be pasted in any folder.
    """
    paths = [str(path) if anywhere else shown_path(path) for path in (Path(sys.executable), program)]
    return shlex.join([*paths, *options])

"""The terminal: line editing with Tab, questions that only somebody at a terminal can answer, and text that fits it.

Knows no commands and no simulations. Where there is no readline (Windows), lines are typed without it.
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
    """Tab completes a line to a candidate that begins with it; the arrow keys bring earlier lines back."""
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
    """Whether somebody sits there: what is typed and what is shown are not files or pipes."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_confirmed(question: str) -> bool:
    """Whether somebody at a terminal says yes; elsewhere nobody is asked, and it is."""
    if not is_terminal():
        return True
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        print()
        return False


def wrapped(text: str, indent: str = "") -> str:
    """A line, broken at the width of the terminal; what follows the first is indented."""
    width = max(40, shutil.get_terminal_size().columns)
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def shown_path(path: Path) -> str:
    """A path as seen from where the program was started, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def command_line(program: Path, *options: str, anywhere: bool = False) -> str:
    """What runs one of our programs with the present interpreter, to be pasted where this one was started.

    With `anywhere` it can be pasted in any folder.
    """
    paths = [str(path) if anywhere else shown_path(path) for path in (Path(sys.executable), program)]
    return shlex.join([*paths, *options])

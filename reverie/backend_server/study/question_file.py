"""A file of survey questions: one per line, `#` before a comment; and their wording for the people of a town.

Knows the format of the file; not the answers, nor who gives them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from saves.text_files import UnusableFile, read_text

EVERYBODY = "{everybody}"
ANSWER_FIRST = "Answer yes or no first."
LONGEST = 1000
"""The maximum characters of a question."""
_MARK = "yes/no:"
_VERBS = "do does did am are is was were have has had will wo would can ca could shall should may might must"
_YES_OR_NO = re.compile(rf"(?:{'|'.join(_VERBS.split())})(?:n['’]t)?\b|.*\byes or no\b", re.IGNORECASE)
_BRACES = re.compile(r"\{[^}]*\}?|\}")


class Asked(NamedTuple):
    """A question as a persona is asked it; `about` is the person in place of {everybody}, "" without one."""

    number: int
    text: str
    about: str
    is_yes_no: bool


class Question(NamedTuple):
    """A question of a file, with its number there, from 1 on."""

    number: int
    text: str
    is_yes_no: bool

    def asked_of(self, name: str, town: Sequence[str]) -> list[Asked]:
        """The questions to a persona: one, or with {everybody} one about each other person in town."""
        others = [other for other in town if other != name] if EVERYBODY in self.text else [""]
        return [Asked(self.number, self._worded(other), other, self.is_yes_no) for other in others]

    def _worded(self, other: str) -> str:
        text = self.text.replace(EVERYBODY, other)
        return f"{text} {ANSWER_FIRST}" if self.is_yes_no and "yes or no" not in text.lower() else text


def read(file: Path) -> list[Question]:
    """The questions of a file, in order.

    A yes/no question begins with an English verb (Do, Is, Have ...), contains "yes or no", or begins with `yes/no:`,
    which is removed.

    Raises:
        UnusableFile: no such file, not UTF-8, braces around another word, a question that is too long, no questions.
    """
    lines = enumerate(read_text(file, str(file)).split("\n"), 1)
    asked = [(at, line) for at, written in lines if (line := " ".join(written.split())) and line[0] != "#"]
    if not asked:
        raise UnusableFile(f"{file} holds no question. Write one a line; a line that begins with # is a comment.")
    return [_question(number, line, f"{file}, line {at}") for number, (at, line) in enumerate(asked, 1)]


def _question(number: int, line: str, where: str) -> Question:
    is_marked = line.lower().startswith(_MARK)
    text = line[len(_MARK) :].strip() if is_marked else line
    if unknown := [found for found in _BRACES.findall(text) if found != EVERYBODY]:
        raise UnusableFile(f"{where}: {unknown[0]!r} is not a placeholder; only {EVERYBODY} is, for each other person.")
    if not 0 < len(text) <= LONGEST:
        raise UnusableFile(f"{where}: a question has 1 to {LONGEST} characters, this one {len(text)}.")
    return Question(number, text, is_marked or bool(_YES_OR_NO.match(text)))

"""A survey as files: every answer in one long CSV, and Markdown to read with the shares of yes and no.

Knows the two formats; not how answers are obtained.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count, groupby
from pathlib import Path
from typing import NamedTuple

from persona.prompt_template.usage_records import named
from saves.export import csv_text, one_line, table_cell
from saves.journal import Journal
from saves.json_files import replace_file, writing
from study.acquaintance import density
from study.question_file import EVERYBODY, Question
from study.surveys import NO, NONE, UNCLEAR, YES, Answer, Survey

FOLDER = "survey"
COLUMNS = (
    *("simulation", "step", "time", "model", "without"),
    *("persona", "question", "about", "text", "answer", "verdict"),
    *("supported", "evidence", "unknown", "memories"),
)
_LONGEST_NAME = 60
_PARTIAL = "_partial"


class Occasion(NamedTuple):
    """The simulation, step and model of a survey; the kinds of memories that were withheld."""

    simulation: str
    step: int
    time: datetime
    model: str
    without: Collection[str]


def write(folder: Path, name: str, occasion: Occasion, survey: Survey) -> list[Path]:
    """Writes the answers so far below a folder; returns the files. Raises CannotWrite.

    Overwrites nothing except the files of the same survey when it was stopped: those whose answers are all among these.
    """
    whole = _stem(name, occasion.step, occasion.without)
    stem = whole if survey.is_complete else f"{whole}{_PARTIAL}"
    texts = {".csv": as_csv(occasion, survey.answers), ".md": as_markdown(name, occasion, survey)}
    contents = {end: text.encode("utf-8", errors="replace") for end, text in texts.items()}
    with writing(f"write the survey of {occasion.simulation!r}"):
        (folder / FOLDER).mkdir(exist_ok=True)
        partial = _contained(_tables(folder, f"{whole}{_PARTIAL}"), contents[".csv"])
        replaced = {table.with_suffix(end) for table in partial for end in contents}
        names = (stem if number == 1 else f"{stem}_{number}" for number in count(1))
        files = ({folder / FOLDER / f"{name}{end}": content for end, content in contents.items()} for name in names)
        free = next(each for each in files if not any(file.exists() for file in each.keys() - replaced))
        for file, content in free.items():
            replace_file(file, content)
        for file in replaced - free.keys():
            file.unlink(missing_ok=True)
    return list(free)


def journal(folder: Path, name: str, occasion: Occasion) -> Journal:
    """The answers of an interrupted survey so far."""
    return Journal(folder / FOLDER / f"{_stem(name, occasion.step, occasion.without)}.journal")


def find(folder: Path, name: str, step: int, without: Collection[str], asked: Iterable[tuple[str, str]]) -> str | None:
    """The table of a survey below a folder with answers to each of these (persona, question); None if there is none."""
    stem, columns = _stem(name, step, without), ("persona", "text")
    wanted = [tuple(row.values()) for row in rows(csv_text(columns, asked))]  # as written in such a table
    for file in _tables(folder, stem):
        text = file.read_text(encoding="utf-8", errors="replace")  # somebody may have edited it
        if [(row.get("persona"), row.get("text")) for row in rows(text)] == wanted:
            return text
    return None


def rows(text: str) -> Iterator[dict[str, str]]:
    """The answers in the table of a survey, each by column."""
    return csv.DictReader(io.StringIO(text, newline=""))


def _tables(folder: Path, stem: str) -> list[Path]:
    """The tables of surveys with this prefix, also the numbered ones; partial ones have another prefix."""
    found = sorted((folder / FOLDER).glob(f"{stem}*.csv"))
    return [file for file in found if re.fullmatch(rf"{re.escape(stem)}(_\d+)?", file.stem)]


def _contained(tables: Iterable[Path], table: bytes) -> list[Path]:
    """Those of some tables that have no line that is not in another table."""
    lines = set(table.splitlines())
    return [file for file in tables if lines.issuperset(file.read_bytes().splitlines())]


def _stem(name: str, step: int, without: Collection[str]) -> str:
    """The prefix of a survey's file names."""
    stem = re.sub(r"[^\w-]+", "_", name)[:_LONGEST_NAME].strip("_") or FOLDER
    return "_".join([stem, "step", str(step), *(["without", *without] if without else [])])


def as_csv(occasion: Occasion, answers: Iterable[Answer]) -> str:
    """One row per answer; multiple texts (evidence, unknown, memories) are one per line in their cell."""
    told = (*occasion[:-1], ", ".join(occasion.without))
    return csv_text(COLUMNS, ((*told, *_row(answer)) for answer in answers))


def as_markdown(name: str, occasion: Occasion, survey: Survey) -> str:
    """The numbers of yes and no, then the answers to each question."""
    answers = survey.answers
    without = f", without memories of {', '.join(occasion.without)}" if occasion.without else ""
    when = f"{occasion.time:%A, %B} {occasion.time.day}, {occasion.time:%H:%M}"
    head = f"{occasion.simulation} as of step {occasion.step} ({when}), answered by {named([occasion.model])}{without}."
    blocks = [[head, ""], [*shares(survey), ""]]
    for question in survey.questions:
        own = [answer for answer in answers if answer.asked.number == question.number]
        blocks.append([f"## {question.number}. {question.text}", "", *map(_paragraph, own), ""])
    partial = "" if survey.is_complete else f" (partial: {len(answers)} of {survey.size} answers)"
    return "\n".join([f"# Survey: {name}{partial}", "", *(line for lines in blocks for line in lines)])


def shares(survey: Survey) -> list[str]:
    """A table of the yes/no questions, and below it the densities; [] without such questions."""
    answers = {number: list(own) for number, own in groupby(survey.answers, key=lambda answer: answer.asked.number)}
    counted = [(question, answers.get(question.number, [])) for question in survey.questions if question.is_yes_no]
    if not counted:
        return []
    head = ["| question | yes | no | unclear | no answer | yes without support |", "|---|---|---|---|---|---|"]
    rows = [
        f"| {question.number}. {table_cell(question.text)} | {' | '.join(_shares(own))} |" for question, own in counted
    ]
    all_pairs = len(survey.town) * (len(survey.town) - 1)  # the density of only some would be misleading
    whole = [(each, own) for each, own in counted if EVERYBODY in each.text and len(own) == all_pairs > 0]
    pairs = [_acquaintance(each, own, survey.people) for each, own in whole]
    return [*head, *rows, *(line for text in pairs for line in ("", text))]


def _acquaintance(question: Question, answers: Sequence[Answer], people: Collection[str]) -> str:
    """The density of the network of people who say yes about each other (the paper, 7.1.2)."""
    yes = [answer for answer in answers if answer.verdict == YES]
    knows = ({(answer.persona, answer.asked.about) for answer in of} for of in (yes, filter(_is_possible, yes)))
    said, true = (density(each, len(people)) for each in knows)
    return (
        f"Density of question {question.number} (pairs who both say yes): {said:.3f}; of supported answers {true:.3f}."
    )


def _is_possible(answer: Answer) -> bool:
    """Whether everything in it is known to the person."""
    return not answer.support.unknown


def _shares(answers: Sequence[Answer]) -> Iterator[str]:
    verdicts = Counter(answer.verdict for answer in answers)
    for each in (YES, NO, UNCLEAR, NONE):
        yield f"{verdicts[each]} ({verdicts[each] / len(answers):.0%})" if answers else "0"
    yield str(sum(answer.verdict == YES and bool(answer.support.unknown) for answer in answers))


def _row(answer: Answer) -> Sequence[object]:
    asked, rests_on = answer.asked, answer.support
    lists = ("\n".join(map(one_line, texts)) for texts in (rests_on.texts, rests_on.unknown, answer.memories))
    said = (answer.text, answer.verdict, rests_on.in_words)
    return (answer.persona, asked.number, asked.about, asked.text, *said, *lists)


def _paragraph(answer: Answer) -> str:
    about = f" (about {answer.asked.about})" if answer.asked.about else ""
    unknown = ", ".join(answer.support.unknown)
    mark = f" *(no memory names {unknown})*" if unknown else ""
    return f"**{answer.persona}**{about}: {one_line(answer.text) or '(no answer)'}{mark}  "

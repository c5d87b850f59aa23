"""The results of parsers, row by row: answers of real models, and examples of every contract.

Knows the tables in data/: answers.jsonl (known forms of surprising answers, in our own words) and examples.jsonl. A row
names the parser, the answer and what it is read `with`; and what it `reads`, or why it is `unreadable`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reading
from persona.prompt_template import parsers

TABLES = Path(__file__).parent / "data"


def rows_of(name):
    return [json.loads(line) for line in (TABLES / name).read_text(encoding="utf-8").splitlines()]


SEEN = rows_of("answers.jsonl")
ROWS = [*SEEN, *rows_of("examples.jsonl")]


def plain_form(value):
    """Tuples as JSON lists."""
    if isinstance(value, (list, tuple)):
        return [plain_form(part) for part in value]
    return value


def read(row):
    parser = getattr(reading, row["parser"], None) or getattr(parsers, row["parser"])
    return plain_form(parser(row["answer"], *row.get("with", [])))


def each_row(chosen):
    ids = [f"{row.get('prompt', row['parser'])}: {row.get('form') or repr(row['answer'])[:40]}" for row in chosen]
    return pytest.mark.parametrize("row", chosen, ids=ids)


@each_row([row for row in ROWS if "reads" in row])
def test_the_meaning_of_the_answer_is_read(row):
    assert read(row) == row["reads"]


@each_row([row for row in ROWS if "unreadable" in row])
def test_an_answer_without_a_value_is_refused_with_a_reason(row):
    with pytest.raises(parsers.ParseError) as unreadable:
        read(row)
    assert str(unreadable.value)
    assert row["unreadable"] is True or row["unreadable"] in str(unreadable.value)


@each_row([row for row in ROWS if not row.keys() & {"reads", "unreadable"}])
def test_a_free_text_answer_is_read_as_one_clean_phrase(row):
    text = read(row)
    assert text == text.strip()
    assert "\n" not in text


def test_every_known_form_is_in_the_table():
    assert len(SEEN) >= 152


def test_the_reason_shortens_a_long_answer():
    assert len(reading.unreadable(parsers.rating, "word " * 1000)) < 150

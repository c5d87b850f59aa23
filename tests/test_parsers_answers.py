"""Every known form of surprising answer, in our own words, read by the reader of its question.

Knows the table in data/answers.jsonl; must not know how the parsers do it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reading
from persona.prompt_template import parsers

TABLE = Path(__file__).parent / "data" / "answers.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


def plain_form(value):
    """Tuples as JSON has them."""
    if isinstance(value, (list, tuple)):
        return [plain_form(part) for part in value]
    return value


def read(row):
    return plain_form(
        (getattr(reading, row["parser"], None) or getattr(parsers, row["parser"]))(row["answer"], *row.get("with", []))
    )


def rows_with(key):
    return [pytest.param(row, id=f"{row['prompt']}: {row['form']}") for row in ROWS if key in row]


@pytest.mark.parametrize("row", rows_with("reads"))
def test_the_meaning_of_the_answer_is_read(row):
    assert read(row) == row["reads"]


@pytest.mark.parametrize("row", rows_with("unreadable"))
def test_an_answer_that_is_none_is_unreadable(row):
    with pytest.raises(parsers.ParseError) as unreadable:
        read(row)
    assert str(unreadable.value)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.keys() & {"reads", "unreadable"}])
def test_an_answer_whose_meaning_is_open_is_read_as_one_clean_phrase(row):
    text = read(row)
    assert text == text.strip()
    assert "\n" not in text


def test_every_known_form_is_in_the_table():
    assert len(ROWS) >= 152

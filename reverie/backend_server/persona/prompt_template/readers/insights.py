"""Reads insights: each a text with the statements that it rests on.

It knows how evidence is cited; it must not know the memories behind the numbers.
"""

from __future__ import annotations

import re
from typing import Any

from .answer import Unreadable, key_of, said, shown
from .lists import listed, raw_rows
from .phrases import phrase, unended

Insight = tuple[str, list[int]]

TEXT_KEYS = ("insight", "text", "thought", "statement", "content", "见解")
EVIDENCE_KEYS = re.compile(r"evidence|because|source|statements|nodes|numbers|ids|support|依据|证据")

# Evidence in brackets after the text: "(because of 1, 5, 3)", "(1,2)", "[statements 1-3]", "（因为1，5）".
CITATION = re.compile(r"[(（\[]([^()（）\[\]\n]{0,120}\d[^()（）\[\]\n]{0,120})(?:[)）\]]|\Z)")
CITED = re.compile(
    r"(?:because(?: of)?|based on|see|evidence|from|statements?|nodes?|numbers?|memor(?:y|ies)|and"
    r"|因为|基于|根据|语句|陈述|(?<!\d)\d{1,3}(?!\d)|[\s#_,;:&、，：.–~-])+",
    re.IGNORECASE,
)
BECAUSE = re.compile(
    r"[,，]? ?\(?(?:because of|based on) (?:statements?|numbers?)?(?=[\s\d#,and–-]+\.?\Z)", re.IGNORECASE
)
NUMBERS = re.compile(r"(\d{1,5})(?: ?[-–~] ?(\d{1,5}))?")
MOST_EVIDENCE = 50


def insights(value: Any, evidence_count: int) -> list[Insight]:
    """(text, evidence) rows; evidence are 0-based indexes of the statements that the question numbered from 1.

    Evidence out of range is dropped and the insight stays. Raises Unreadable when there is no insight.
    """
    found = listed(value)
    if isinstance(found, dict):
        found = [found] if _named_text(found) else [{"insight": key, "evidence": cited} for key, cited in found.items()]
    rows = [_row(item) for item in found] if isinstance(found, list) else [_cited(row) for row in raw_rows(found)]
    result = [
        (clean, _in_range(cited, evidence_count))
        for text, cited in rows
        if re.search(r"[^\W\d_]", clean := unended(phrase(text)))
    ]
    if not result:
        raise Unreadable(f"a list of insights is needed, was {shown(value)}")
    return result


def _row(item: Any) -> tuple[str, list[int]]:
    if isinstance(item, dict):
        text, cited = _cited(_text(_named_text(item)))
        named = [_numbers(part) for key, part in item.items() if EVIDENCE_KEYS.search(key_of(key))]
        return text, [number for part in named for number in part] or cited
    if isinstance(item, list) and len(item) == 2 and isinstance(item[0], str):
        return _text(item[0]), _numbers(item[1])
    return _cited(_text(item))


def _named_text(item: dict) -> Any:
    by_key = {key_of(key): value for key, value in item.items()}
    return next((by_key[key] for key in TEXT_KEYS if isinstance(by_key.get(key), str)), None)


def _text(value: Any) -> str:
    try:
        return said(value)
    except Unreadable:
        return ""


def _cited(row: str) -> tuple[str, list[int]]:
    """A row's text and the numbers cited at its end."""
    citations = [found for found in CITATION.finditer(row) if CITED.fullmatch(found[1])]
    if citations:
        last = citations[-1]
        return row[: last.start()] + row[last.end() :], _numbers(last[1])
    if because := BECAUSE.search(row):
        return row[: because.start()], _numbers(row[because.end() :])
    return row, []


def _numbers(cited: Any) -> list[int]:
    if isinstance(cited, list):
        return [number for part in cited[:MOST_EVIDENCE] for number in _numbers(part) if not isinstance(part, list)]
    if isinstance(cited, bool) or not isinstance(cited, (str, int, float)):
        return []
    numbers: list[int] = []
    for first, last in NUMBERS.findall(cited if isinstance(cited, str) else repr(cited)[:20].removesuffix(".0")):
        numbers += range(int(first), min(int(last or first), int(first) + MOST_EVIDENCE) + 1)
    return numbers


def _in_range(numbers: list[int], count: int) -> list[int]:
    return list(dict.fromkeys(number - 1 for number in numbers if 1 <= number <= count))

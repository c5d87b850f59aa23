"""Statements: an event as a triple, and insights with the numbers of their evidence.

It knows how both are written and left unfinished; it must not know the memory that keeps them.
"""

from __future__ import annotations

import re
from typing import Any

from .lists import listed, raw_rows
from .phrases import BARE_LABEL, BOLD, LABEL, LEAD_IN_ONLY, PLACEHOLDER, phrase, tidy, unended
from .text import (
    ANSWER_KEYS,
    NOTHING,
    ParseError,
    bare,
    by_key,
    check_answered,
    check_no_error,
    key_of,
    opened,
    plain,
    said_or_blank,
    shown,
)

MOST_PART_CHARS = 80
MOST_EVIDENCE = 50

_PREDICATES = ("predicate", "verb", "relation", "action", "p")
_OBJECTS = ("object", "obj", "target", "o")
# Where the model continues with invented examples.
_CONTINUATION = re.compile(r"\n ?-{3}|\n ?(?:input|output|输入|输出) ?[:：]", re.IGNORECASE)
_GROUP = re.compile(r"[(（]([^()（）\n]{0,300}[,，、][^()（）\n]{0,300})[)）]")
_PART_END = re.compile(r"[,，、،|]| [-–—] | ?(?:->|→) ?")
# Words for an absent object, in the languages seen.
_NO_OBJECT = re.compile(
    r"无法|不适用|no (?:match|object|result)|not (?:found|applicable|specified)|cannot|unable to", re.I
)
# Verbs that say nothing without their object.
_EMPTY_VERBS = frozenset(
    {"is", "are", "was", "be", "being", "use", "using", "uses", "do", "doing", "does", "have", "has", "get", "make"}
    | {"take", "put", "go", "this is", "it is", "be used", "sure", "insight", "使用", "在", "是", "有", "做"}
)
_PREPOSITIONS = frozenset({"on", "in", "at", "up", "down", "out", "off", "over", "away", "to", "with", "into"})

_TEXT_KEYS = ("insight", "text", "thought", "statement", "content", "见解")
_EVIDENCE_KEYS = re.compile(r"evidence|because|source|statements|nodes|numbers|ids|support|依据|证据")
# Evidence after the text: "(because of 1, 5, 3)", "(1,2)", "[statements 1-3]", "（因为1，5）".
_CITATION = re.compile(r"[(（\[]([^()（）\[\]\n]{0,120}\d[^()（）\[\]\n]{0,120})(?:[)）\]]|\Z)")
_CITED = re.compile(
    r"(?:because(?: of)?|based on|see|evidence|from|statements?|nodes?|numbers?|memor(?:y|ies)|and"
    r"|因为|基于|根据|语句|陈述|(?<!\d)\d{1,3}(?!\d)|[\s#_,;:&、，：.–~-])+",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(\d{1,5})(?: ?[-–~] ?(\d{1,5}))?")


def triple(value: Any, subject: str) -> tuple[str, str, str]:
    """(subject, predicate, object), none of them empty; the subject is always the one given.

    An absent object ("sleep, null") gives a state: (subject, "is", "sleep"). Raises ParseError if that
    would be meaningless ("use, None"), and if there is no triple at all.
    """
    predicate, thing = _halves(_parts(value), subject)
    if thing in _PREPOSITIONS:
        predicate, thing = f"{predicate} {thing}", ""
    if predicate and thing:
        return subject, predicate, thing
    if not predicate or bare(predicate) in _EMPTY_VERBS or BARE_LABEL.fullmatch(bare(predicate)):
        raise ParseError(f"the triple must be (subject, predicate, object), was {shown(value)}")
    return subject, "is", predicate


def insights(value: Any, evidence_count: int) -> list[tuple[str, list[int]]]:
    """(text, evidence) rows; evidence are 0-based indexes of the statements that the question numbered from 1.

    Evidence out of range is dropped and the insight is kept. Raises ParseError if there is no insight.
    """
    found = listed(value)
    if isinstance(found, dict):
        found = [found] if _named_text(found) else [{"insight": key, "evidence": cited} for key, cited in found.items()]
    rows = [_insight(item) for item in found] if isinstance(found, list) else [_cited(row) for row in raw_rows(found)]
    result = [
        (clean, list(dict.fromkeys(number - 1 for number in cited if 1 <= number <= evidence_count)))
        for text, cited in rows
        if re.search(r"[^\W\d_]", clean := unended(phrase(text)))
    ]
    if not result:
        raise ParseError(f"a list of insights is needed, was {shown(value)}")
    return result


# Parts of a triple


def _halves(parts: list[str], subject: str) -> tuple[str, str]:
    """The predicate and the object, each "" if absent."""
    if len(parts) > 1 and (len(parts) > 2 or _is_subject(parts[0], subject)):
        parts = parts[1:]
    predicate = _present(parts[0]) if parts else ""
    if subject and predicate.casefold().startswith(subject.casefold() + " "):
        predicate = predicate[len(subject) :].strip()
    thing = ", ".join(found for part in parts[1:] if (found := _present(part)))
    if not thing and len(parts) == 1:
        predicate = re.sub(r"^(?:is|are) ", "", predicate)
    return predicate[:MOST_PART_CHARS].strip(), thing[:MOST_PART_CHARS].strip()


def _parts(value: Any) -> list[str]:
    """The parts, unchanged."""
    value = opened(value)
    if isinstance(value, str):
        check_answered(value)
        return _text_parts(value)
    if isinstance(value, dict):
        return _object_parts(value)
    if not isinstance(value, list) or not value:
        raise ParseError(f"the triple must be (subject, predicate, object), was {shown(value)}")
    if isinstance(value[0], (list, dict)) or (len(value) == 1 and isinstance(value[0], str)):
        return _parts(value[0])
    return [str(part) for part in value if part is None or isinstance(part, (str, int, float))]


def _object_parts(answer: dict[str, Any]) -> list[str]:
    check_no_error(answer)
    given = by_key(answer)
    named = [next((given[key] for key in keys if key in given), None) for keys in (_PREDICATES, _OBJECTS)]
    if any(isinstance(part, str) for part in named):
        return [part if isinstance(part, str) else "" for part in named]
    whole = next((given[key] for key in ("triple", "event", *ANSWER_KEYS) if given.get(key)), None)
    return _parts(whole) if isinstance(whole, (str, list, dict)) else []


def _text_parts(text: str) -> list[str]:
    """The parts of the first triple in a text; invented ones after it are left out."""
    text = _CONTINUATION.split(text.strip())[0]
    group = _GROUP.search(text)
    if group:
        content = group[1]
    else:
        first = next((line for line in text.split("\n") if line.strip(" -*|")), "")
        content = LABEL.sub("", first.strip(), count=1).strip(" -|*()（）{}")
        content = content[1:-1] if re.fullmatch(r"<[^<>]*>", content) else content
    return [] if LEAD_IN_ONLY.match(content) else [part for part in _PART_END.split(content) if part]


def _present(part: str) -> str:
    """The part, or "" if it is only a word for an absent one."""
    text = tidy(BOLD.sub("", plain(part)).strip(" ()（）{}[]"))
    if PLACEHOLDER.search(text) or bare(text) in NOTHING or _NO_OBJECT.search(text) or re.search(r"[<>]", text):
        return ""
    return unended(text) if re.search(r"\w", text) else ""


def _is_subject(part: str, subject: str) -> bool:
    said_name, name = bare(part), bare(subject)
    return bool(said_name) and (said_name == name or said_name in name.split(" "))


# Insights and their evidence


def _insight(item: Any) -> tuple[str, list[int]]:
    if not isinstance(item, dict):
        return _cited(said_or_blank(item))
    text, cited = _cited(said_or_blank(_named_text(item)))
    named = [_numbers(part) for key, part in item.items() if _EVIDENCE_KEYS.search(key_of(key))]
    return text, [number for part in named for number in part] or cited


def _named_text(item: dict[str, Any]) -> Any:
    given = by_key(item)
    return next((given[key] for key in _TEXT_KEYS if isinstance(given.get(key), str)), None)


def _cited(row: str) -> tuple[str, list[int]]:
    """A row's text and the numbers cited at its end."""
    citations = [found for found in _CITATION.finditer(row) if _CITED.fullmatch(found[1])]
    if not citations:
        return row, []
    return row[: citations[-1].start()] + row[citations[-1].end() :], _numbers(citations[-1][1])


def _numbers(cited: Any) -> list[int]:
    if isinstance(cited, list):
        return [number for part in cited[:MOST_EVIDENCE] for number in _numbers(part) if not isinstance(part, list)]
    if isinstance(cited, bool) or not isinstance(cited, (str, int, float)):
        return []
    numbers: list[int] = []
    for first, last in _NUMBERS.findall(cited if isinstance(cited, str) else repr(cited)[:20].removesuffix(".0")):
        numbers += range(int(first), min(int(last or first), int(first) + MOST_EVIDENCE) + 1)
    return numbers

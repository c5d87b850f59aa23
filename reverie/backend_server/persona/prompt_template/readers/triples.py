"""Reads an event as a triple: subject, predicate, object.

It knows how triples are written and left unfinished; it must not know the memory that keeps them.
"""

from __future__ import annotations

import re
from typing import Any

from .answer import ANSWER_KEYS, NOTHING, Unreadable, bare, check_answered, check_no_error, key_of, plain, shown
from .json_text import json_values
from .phrases import BARE_LABEL, BOLD, LABEL, LEAD_IN_ONLY, PLACEHOLDER, tidy, unended

MOST_PART_CHARS = 80

KEYS = {
    "predicate": ("predicate", "verb", "relation", "action", "p"),
    "object": ("object", "obj", "target", "o"),
}

# Where the model goes on with examples of its own.
CONTINUATION = re.compile(r"\n ?-{3}|\n ?(?:input|output|输入|输出) ?[:：]", re.IGNORECASE)
GROUP = re.compile(r"[(（]([^()（）\n]{0,300}[,，、][^()（）\n]{0,300})[)）]")
PART_END = re.compile(r"[,，、،|]| [-–—] | ?(?:->|→) ?")
PART_LABEL = re.compile(r"(subject|predicate|object|verb) ?[:：=] ?([^\n,，;()]{0,100})", re.IGNORECASE)

# An object that says that there is none, in the languages seen.
NO_OBJECT = re.compile(
    r"无法|不适用|no (?:match|object|result)|not (?:found|applicable|specified)|cannot|unable to", re.I
)

# Verbs that say nothing without their object.
EMPTY_VERBS = frozenset(
    {"is", "are", "was", "be", "being", "use", "using", "uses", "do", "doing", "does", "have", "has", "get", "make"}
    | {"take", "put", "go", "this is", "it is", "be used", "sure", "insight", "使用", "在", "是", "有", "做"}
)
PREPOSITIONS = frozenset({"on", "in", "at", "up", "down", "out", "off", "over", "away", "to", "with", "into"})


def triple(value: Any, subject: str) -> tuple[str, str, str]:
    """(subject, predicate, object), three parts none of them empty; the subject is always the one given.

    An absent object ("sleep, null") leaves the state: (subject, "is", "sleep"). Raises Unreadable when that
    would say nothing ("use, None"), and when there is no triple at all.
    """
    predicate, thing = _halves(_parts(value), subject)
    if thing in PREPOSITIONS:
        predicate, thing = f"{predicate} {thing}", ""
    if predicate and thing:
        return subject, predicate, thing
    if not predicate or bare(predicate) in EMPTY_VERBS or BARE_LABEL.fullmatch(bare(predicate)):
        raise Unreadable(f"the triple must be (subject, predicate, object), was {shown(value)}")
    return subject, "is", predicate


def _halves(parts: list[str], subject: str) -> tuple[str, str]:
    """The predicate and the object, each "" when absent."""
    if len(parts) > 1 and (len(parts) > 2 or _is_subject(parts[0], subject)):
        parts = parts[1:]
    predicate = _without_subject(_present(parts[0]), subject) if parts else ""
    thing = ", ".join(found for part in parts[1:] if (found := _present(part)))
    if not thing and len(parts) == 1:
        predicate = re.sub(r"^(?:is|are) ", "", predicate)
    return predicate[:MOST_PART_CHARS].strip(), thing[:MOST_PART_CHARS].strip()


def _parts(value: Any) -> list[str]:
    """The parts as they were given."""
    if isinstance(value, str):
        text = plain(value)
        found = next(json_values(text), None)
        if found is None:
            check_answered(text)
            return _text_parts(text)
        value = found
    if isinstance(value, dict):
        return _object_parts(value)
    if isinstance(value, list) and value:
        nested = isinstance(value[0], (list, dict)) or (len(value) == 1 and isinstance(value[0], str))
        return _parts(value[0]) if nested else [str(part) for part in value if _is_plain(part)]
    raise Unreadable(f"the triple must be (subject, predicate, object), was {shown(value)}")


def _object_parts(answer: dict) -> list[str]:
    check_no_error(answer)
    by_key = {key_of(key): value for key, value in answer.items()}
    named = [next((by_key[key] for key in KEYS[part] if key in by_key), None) for part in ("predicate", "object")]
    if any(isinstance(part, str) for part in named):
        return [part if isinstance(part, str) else "" for part in named]
    whole = next((by_key[key] for key in ("triple", "event", *ANSWER_KEYS) if by_key.get(key)), None)
    return _parts(whole) if isinstance(whole, (str, list, dict)) else []


def _text_parts(text: str) -> list[str]:
    """The parts of the first triple in a text; what the model goes on to invent is left out."""
    text = CONTINUATION.split(text.strip())[0]
    if labelled := dict(PART_LABEL.findall(text.lower())):
        return _object_parts(labelled)
    group = GROUP.search(text)
    if group is None:
        first = next((line for line in text.split("\n") if line.strip(" -*|")), "")
        content = LABEL.sub("", first.strip(), count=1).strip(" -|*()（）{}")
        content = content[1:-1] if re.fullmatch(r"<[^<>]*>", content) else content
    else:
        content = group[1]
    return [] if LEAD_IN_ONLY.match(content) else [part for part in PART_END.split(content) if part]


def _present(part: str) -> str:
    """The part, or "" when it only stands for an absent one."""
    text = tidy(BOLD.sub("", plain(part)).strip(" ()（）{}[]"))
    if PLACEHOLDER.search(text) or bare(text) in NOTHING or NO_OBJECT.search(text) or re.search(r"[<>]", text):
        return ""
    return unended(text) if re.search(r"\w", text) else ""


def _is_subject(part: str, subject: str) -> bool:
    said_name, name = bare(part), bare(subject)
    return bool(said_name) and (said_name == name or said_name in name.split(" "))


def _without_subject(predicate: str, subject: str) -> str:
    if subject and predicate.casefold().startswith(subject.casefold() + " "):
        return predicate[len(subject) :].strip()
    return predicate


def _is_plain(part: Any) -> bool:
    return part is None or isinstance(part, (str, int, float))

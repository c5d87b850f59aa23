"""The mock model's thinking: what matters how much, what to ask oneself, what an inner voice means.

Knows statements as memories word them; what follows from them is concluded in `insights`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mock_llm.english import COMMON_VERBS, MODALS, PAST, bare, first_name, sentence, third_form
from mock_llm.prompt import Prompt, number
from mock_llm.statements import STATEMENT, is_person, memories_in

_LIFE_CHANGING = re.compile(
    r"\b(?:death|died|dies|dying|wedding|marri|pregnan|accident|hospital|burn(?:t|ing) down|fire broke)", re.I
)
_NEWSWORTHY = re.compile(
    r"\b(?:heard from|will meet|plans to go|invit|festival|concert|party|discover|secret|hosting)", re.I
)
_TALKING = re.compile(r"\b(?:convers|chat|talk)", re.I)
_INNER = re.compile(r"^(?P<subject>you|i)(?P<short>['’](?:re|m|ve|ll|d))? (?P<rest>.+)$", re.I)
_AND_YOU = re.compile(r",? and (?:you|I) ")
_YOU = re.compile(r"\b(?:you|your|yours|I|me|my)\b")
_STARTS_SMALL = re.compile(r"(?:The|A|An|There|It|They|Some|Every|All|This) ")
_VERBS = COMMON_VERBS | {"am", "are", *re.findall(r"\w+", "believe do feel hate hear intend long owe suspect trust")}


def poignancy(prompt: Prompt) -> dict[str, Any]:
    """A rating for each statement."""
    statements = prompt.statements(f"What {prompt.name} has just noticed:")
    return {"ratings": [rating(text, prompt.name) for text in statements]}


def rating(text: str, name: str) -> int:
    """How much a statement matters to somebody, from 1 (everyday) to 10 (life-changing)."""
    spread = number(2, name, text)
    if _LIFE_CHANGING.search(text):
        return 8 + spread
    if _NEWSWORTHY.search(text):
        return 5 + spread
    if _TALKING.search(text):
        return 3 + spread + text.startswith(name)
    found = STATEMENT.match(text)
    return 1 + spread if found and is_person(found["who"]) else 1


def focal_points(prompt: Prompt) -> dict[str, Any]:
    """Questions about the people that the memories speak of most, and about oneself."""
    name = prompt.name
    memories = list(memories_in(prompt.memories(f"Latest memories of {name}:")))
    others = _by_frequency([memory.who for memory in memories if is_person(memory.who) and memory.who != name])
    questions = [f"What is {other} busy with these days?" for other in others]
    questions[1:1] = [f"What does {name} care about most at the moment?"]
    questions += [f"How do {name} and {other} get along?" for other in others]
    questions += [
        f"Which plans of {name} need attention next?",
        f"What has {name} learned of late?",
        f"How did the day of {name} go?",
    ]
    return {"questions": list(dict.fromkeys(questions))[: prompt.count]}


def whisper(prompt: Prompt) -> dict[str, Any]:
    """Each whisper as a thought about the persona."""
    return {
        "thoughts": [_thought(text, prompt.name) for text in prompt.statements(f"An inner voice tells {prompt.name}:")]
    }


def _by_frequency(names: list[str]) -> list[str]:
    """Each name once, the most frequent first, ties in the order of appearance."""
    return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))


# Whispers


def _thought(text: str, name: str) -> dict[str, Any]:
    subject, predicate, thing = _told_of(bare(text), name)
    return {
        "thought": sentence(f"{subject} {predicate} {thing}".strip()),
        "subject": subject,
        "predicate": predicate,
        "object": thing or "something",
        "poignancy": 5,
    }


def _told_of(text: str, name: str) -> tuple[str, str, str]:
    """A whisper as a statement about the persona; one that cannot be turned safely is known as it stands."""
    if text.startswith(name + " "):
        predicate, _, thing = text[len(name) + 1 :].partition(" ")
        return name, predicate, thing
    found = _INNER.match(text)
    if not found:
        return name, "knows that", text[0].lower() + text[1:] if _STARTS_SMALL.match(text) else text
    told = _turned(found, name)
    return told or (name, "has in mind", f"“{text}”")


def _turned(found: re.Match[str], name: str) -> tuple[str, str, str] | None:
    """`Ada Bell`, `is`, `learning to row` of `You are learning to row`; None where `you` cannot be put for a name."""
    short = {"re": "is", "m": "is", "ve": "has", "ll": "will", "d": "would"}.get((found["short"] or "")[1:].lower())
    head, _, rest = found["rest"].partition(" ")
    verb = short or (third_form(head) if head in _VERBS else head if _is_past(head) else "")
    rest = found["rest"] if short else rest
    first, *clauses = _AND_YOU.split(rest)
    if not verb or not all(re.match(r"\w+", clause) for clause in clauses):
        return None
    parts = [_about(first, name, joined=verb)]
    for clause in clauses:
        head, _, tail = clause.partition(" ")
        if head == "are":
            parts.append(f"they are {tail}")
            continue
        if head not in _VERBS and not _is_past(head):
            return None
        parts.append(f"{third_form(head) if head in _VERBS else head} {_about(tail, name, joined=head)}".strip())
    thing = " and ".join(parts)
    return (name, verb, thing) if not _YOU.search(thing) else None


def _about(text: str, name: str, joined: str) -> str:
    """The rest of a clause: `your` becomes the name's; verbs that share the subject get its form."""
    text = re.sub(r"\byourself\b", first_name(name), text)
    text = re.sub(r"\byour\b", f"{first_name(name)}'s", text)
    text = re.sub(r"\b(to|with|for|of|by|from|about|at|near) you\b", rf"\1 {first_name(name)}", text)
    text = re.sub(
        r"\b(that|because|when|since|which|whom|everyone|everybody|what|how|where|until|if) you (\w+)", _clause, text
    )
    return re.sub(
        r"\x01", first_name(name), re.sub(r"\band (\w+)(?= (?:the|an?|to|it|that|for|in|at)\b)", _shared(joined), text)
    )


def _clause(found: re.Match[str]) -> str:
    verb = found[2]
    return f"{found[1]} \x01 {third_form(verb) if verb in _VERBS else verb}"


def _shared(joined: str) -> Callable[[re.Match[str]], str]:
    """Verbs after `and` in the form of the first one: only where that one stood in the present."""

    def form(found: re.Match[str]) -> str:
        shares = found[1] in _VERBS and joined not in MODALS and not _is_past(joined)
        return f"and {third_form(found[1]) if shares else found[1]}"

    return form


def _is_past(verb: str) -> bool:
    return verb in MODALS or verb.endswith("ed") or verb in PAST

"""The stand-in's thinking: what matters how much, what to ask oneself, what follows, who one is, what to answer.

Knows statements as memories word them (`<somebody> is <doing something>`); plans no days and leads no talks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from stand_in import appointments
from stand_in.english import bare, core, first_person, sentence, sentences, third_form
from stand_in.memos import SMALL_TALK
from stand_in.prompt import Prompt, choose, number

_PERSON = r"[^\W\da-z_][\w'’.-]*(?: (?:de|da|di|du|la|van|von|der|[^\W\da-z_][\w'’.-]*)){0,4}"
_STATEMENT = re.compile(
    rf"^(?P<who>{_PERSON}|[a-z][\w'’ -]{{1,40}}?) (?P<verb>is|heard|will meet|plans to go to) (?P<rest>.+)$"
)
_LIFE_CHANGING = re.compile(
    r"\b(?:death|died|dies|dying|wedding|marri|pregnan|accident|hospital|burn(?:t|ing) down|fire broke)", re.I
)
_NEWSWORTHY = re.compile(
    r"\b(?:heard from|will meet|plans to go|invit|festival|concert|party|discover|secret|hosting)", re.I
)
_TALKING = re.compile(r"\b(?:convers|chat|talk)", re.I)
_INNER = re.compile(r"^(?P<subject>you|i)(?P<short>['’](?:re|m|ve|ll))? (?P<rest>.+)$", re.I)
_ROUTINE = re.compile(r"(?:sleeping|getting|winding|being|waiting|conversing|spending)\b")
_WORK = re.compile(r"(?:working|opening|preparing|restoring|repairing|studying|teaching|hosting|cooking|writing)\b")
_QUESTION_WORDS = {"what", "when", "where", "your", "about", "have", "know", "does", "this", "that"}
_QUIET_JOYS = (
    "a quiet day",
    "the company of the neighbours",
    "knowing what goes on in town",
    "having work to do and time to rest",
    "the small habits of every day",
)
_LONGEST_PHRASE = 9
_MOST_EVIDENCE = 4


class _Memory(NamedTuple):
    """A statement with its number in the prompt, from 1 on."""

    number: int
    who: str
    verb: str
    rest: str


def poignancy(prompt: Prompt) -> dict[str, Any]:
    """A rating for each statement."""
    statements = prompt.statements(f"What {prompt.name} has just noticed:")
    return {"ratings": [_rating(text, prompt.name) for text in statements]}


def focal_points(prompt: Prompt) -> dict[str, Any]:
    """Questions about the people that the memories speak of most, and about oneself."""
    name = prompt.name
    memories = list(_memories(prompt.statements(f"Latest memories of {name}:")))
    others = _by_frequency([memory.who for memory in memories if _is_person(memory.who) and memory.who != name])
    questions = [f"What is {other} busy with these days?" for other in others]
    questions[1:1] = [f"What does {name} care about most at the moment?"]
    questions += [f"How do {name} and {other} get along?" for other in others]
    questions += [
        f"Which plans of {name} need attention next?",
        f"What has {name} learned of late?",
        f"How did the day of {name} go?",
    ]
    return {"questions": list(dict.fromkeys(questions))[: prompt.count]}


def insights(prompt: Prompt) -> dict[str, Any]:
    """Conclusions about those the question names, each from memories of one matter; none that is a memory already."""
    statements = prompt.statements(f"Memories of {prompt.name}:")
    memories = list(_memories(statements))
    question, known = prompt.said["question"], {bare(text) for text in statements}
    named = [memory for memory in memories if memory.who in question]
    ranked = sorted(named or memories, key=lambda memory: number(1 << 30, question, memory.rest, len(memories)))
    concluded = (_conclusion(memory, memories) for memory in ranked)
    found = {insight["insight"]: insight for insight in concluded if insight and bare(insight["insight"]) not in known}
    return {"insights": list(found.values())[: prompt.count] or [_nothing_new(prompt.name, statements, question)]}


def whisper(prompt: Prompt) -> dict[str, Any]:
    """Each whisper as a thought about the persona."""
    return {
        "thoughts": [_thought(text, prompt.name) for text in prompt.statements(f"An inner voice tells {prompt.name}:")]
    }


def identity(prompt: Prompt) -> dict[str, Any]:
    """What still holds, and the promises and the news that memory adds; at most three sentences."""
    name, today = prompt.name, prompt.today()
    memories = prompt.statements(f"What {name} remembers of late:")
    told = sentences(prompt.sheet("Currently"))
    ahead = [text for text in told if not appointments.is_over(text, today)] or told[-1:]
    promised = appointments.upcoming(name, [*ahead, *memories], today)
    heard = [sentence(text) for text in memories if f"{name} heard from " in text]
    kept = [text for text in ahead if text not in promised and " heard from " not in text]
    added = [*promised, *heard][:2] if len(promised) < 2 else promised[:2]
    return {
        "currently": " ".join([*kept[: 3 - len(added)], *added]),
        "daily_requirement": prompt.sheet("Usual days") or f"{name} goes about the usual day.",
    }


def interview(prompt: Prompt) -> dict[str, Any]:
    """What the persona knows of the question's words, else that it does not know."""
    name = prompt.name
    lines = prompt.talk(f"An interview with {name}:")
    question = lines[-1][1] if lines else ""
    sources = [
        text for key in ("Currently", "Background", "Lifestyle", "Usual days") for text in sentences(prompt.sheet(key))
    ]
    sources += prompt.statements(f"What comes to the mind of {name}:")
    best = max(sources, key=lambda text: (_overlap(question, text), -sources.index(text)), default="")
    if not best or not _overlap(question, best):
        return {
            "answer": choose(("I really don't know.", "I'm afraid I can't tell you anything about that."), question)
        }
    return {"answer": sentence(first_person(best, name))}


# Ratings


def _rating(text: str, name: str) -> int:
    spread = number(3, name, text)
    if _LIFE_CHANGING.search(text):
        return 8 + spread % 2
    if _NEWSWORTHY.search(text):
        return 5 + spread % 2
    if _TALKING.search(text):
        return 4 + spread % 2
    found = _STATEMENT.match(text)
    if not found or not _is_person(found["who"]):
        return 1
    return 1 + spread % 2 if found["who"] == name else 2 + spread % 2


# Conclusions


def _memories(statements: list[str]) -> Iterator[_Memory]:
    for k, text in enumerate(statements, 1):
        if found := _STATEMENT.match(bare(text)):
            yield _Memory(k, found["who"], found["verb"], found["rest"])


def _conclusion(memory: _Memory, memories: list[_Memory]) -> dict[str, Any] | None:
    """What a memory and those of the same matter come to; nothing from what is no matter to think about."""
    predicate, thing = _matter(memory)
    if not thing or not _is_person(memory.who):
        return None
    alike = [other.number for other in memories if other.who == memory.who and thing in other.rest]
    evidence = (alike or [memory.number])[:_MOST_EVIDENCE]
    return _insight(f"{memory.who} {predicate} {thing}", evidence, memory.who, predicate, thing)


def _matter(memory: _Memory) -> tuple[str, str]:
    """How somebody stands to a thing, by what is remembered: (predicate, thing)."""
    phrase = core(re.sub(r" \(.*", "", memory.rest), _LONGEST_PHRASE)
    if memory.verb == "heard":
        return "keeps thinking about the news", re.sub(r"^from .+? that ", "that ", memory.rest)
    if memory.verb in ("will meet", "plans to go to"):
        return "looks forward to", f"meeting {phrase}" if memory.verb == "will meet" else phrase
    if found := re.match(rf"conversing about (?!{SMALL_TALK})(.+)", memory.rest):
        liking = choose(("likes to talk about", "often thinks about"), memory.who, phrase)
        return liking, core(found[1], _LONGEST_PHRASE)
    if _ROUTINE.match(phrase) or not phrase.split(" ")[0].endswith("ing"):
        return "", ""
    return "puts much care into" if _WORK.match(phrase) else "takes pleasure in", phrase


def _nothing_new(name: str, statements: list[str], question: str) -> dict[str, Any]:
    """What one may always think."""
    thing = choose(_QUIET_JOYS, name, question, *statements[-1:])
    return _insight(f"{name} enjoys {thing}", [1] if statements else [], name, "enjoys", thing)


def _insight(text: str, evidence: list[int], subject: str, predicate: str, thing: str) -> dict[str, Any]:
    return {
        "insight": sentence(text),
        "evidence": evidence,
        "subject": subject,
        "predicate": predicate,
        "object": thing,
        "poignancy": 3 + number(3, text),
    }


def _by_frequency(names: list[str]) -> list[str]:
    """Each name once, the most frequent first, ties in the order of appearance."""
    return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))


def _is_person(subject: str) -> bool:
    """People are written with a capital and have short names; things are not."""
    return not subject[:1].islower() and len(subject.split()) <= 4 and not subject.startswith(("The ", "It "))


# Whispers and answers


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
    """A whisper as a statement about the persona."""
    if text.startswith(name + " "):
        predicate, _, thing = text[len(name) + 1 :].partition(" ")
        return name, predicate, _about(thing, name)
    found = _INNER.match(text)
    if not found:
        return name, "knows that", text
    short = {"re": "is", "m": "is", "ve": "has", "ll": "will"}.get((found["short"] or "")[1:].lower())
    verb, _, rest = found["rest"].partition(" ")
    return (name, short, _about(found["rest"], name)) if short else (name, third_form(verb), _about(rest, name))


def _about(text: str, name: str) -> str:
    text = re.sub(r"\byourself\b", "themselves", text)
    text = re.sub(r"\byour\b", f"{name}'s", text, count=1)
    return re.sub(r"\byour\b", "their", text)


def _overlap(question: str, text: str) -> int:
    words = set(re.findall(r"\w{4,}", question.lower())) - _QUESTION_WORDS
    return sum(word in text.lower() for word in words)

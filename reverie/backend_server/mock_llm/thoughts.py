"""Thoughts: questions and insights from memories, whispers, interviews, and the identity from a new day on.

Knows only the form of statements (`NAME is doing this (task)`); thoughts quote them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from mock_llm import appointments
from mock_llm.choices import choose, number
from mock_llm.news import IN_MIND, by_name, topic
from mock_llm.prompt import Prompt, sentences

_OF_YOU = {"are": "is", "have": "has", "were": "was", "want": "wants", "like": "likes", "saw": "saw", "found": "found"}
_YOU = re.compile(rf"\b[Yy]ou ({'|'.join(_OF_YOU)})\b")
_DOES = re.compile(r"^([^“‘]{1,40}?) is ([a-z]+ing [^(]+?)(?: \(|$)")
_IDLE = ("conversing", "sleeping", "waiting")
_HEARD = re.compile(r"heard from ([^“]+?): “([^“”]+)")
_COUNT = re.compile(r"(?:give|which) (\d+) ")
_LIKES = ("likes", "makes time for", "is often busy", "cares about")
_ASKED = ("What is {} busy with these days?", "What does {} care about most?", "What might {} need help with?")
_WORD = re.compile(r"[^\W\d_]{4,}|[\u2e80-\u9fff]{2}")
_VERDICT_FIRST = re.compile(r"\byes or no\b.*$", re.IGNORECASE)
_THING = re.compile(r"(?<=[\"“])[^\"“”]+(?=[\"”])|(?<!^)\b[A-Z]\w+ [A-Z]\w+")
_MOST_OF_ONE, _MOST_CURRENT = 2, 3


def focal_points(prompt: Prompt) -> dict[str, Any]:
    """Questions about the people in the memories, and about the persona itself."""
    people = _people(prompt)
    turns = (divmod(at, len(people)) for at in range(_count(prompt)))
    return {"questions": [_ASKED[turn % len(_ASKED)].format(people[at]) for turn, at in turns]}


def insights(prompt: Prompt) -> dict[str, Any]:
    """Statements about the person of each question, with the memories as evidence; none twice."""
    known = {memory.rstrip(".") for memory in prompt.memories}
    found: list[dict[str, Any]] = []
    for at, question in enumerate(prompt.numbered, 1):
        who = next((name for name in _people(prompt) if name in question), prompt.name)
        new = [row for row in _conclusions(prompt, who) if row["insight"].rstrip(".") not in known]
        for row in new[: min(_MOST_OF_ONE, _count(prompt))]:
            known.add(row["insight"].rstrip("."))
            found.append({"question": at, **row})
    return {"insights": found or [_insight(prompt.name, "looks back on", "a quiet time", [])]}


def whispers(prompt: Prompt) -> dict[str, Any]:
    """Each whisper as a thought of the persona, in its own words."""
    said = {"subject": prompt.name, "predicate": "has in mind", "poignancy": 6}
    named = (_YOU.sub(lambda found: f"{prompt.name} {_OF_YOU[found[1]]}", text) for text in prompt.numbered)
    told = ((text, f"{prompt.name} {IN_MIND} “{text}”") for text in named)
    return {"thoughts": [{**said, "thought": thought, "object": text} for text, thought in told]}


def interview(prompt: Prompt) -> dict[str, Any]:
    """The text that shares the most words with the question, or an answer that nothing is known.

    If yes or no must come first, it is yes if a text contains the name or the quoted words in the question.
    """
    sheet = [text for key in ("Currently", "Background", "Daily requirement") for text in sentences(prompt.sheet(key))]
    question = prompt.talk[-1][1] if prompt.talk else ""
    asked = _words(_VERDICT_FIRST.sub("", question)) - _words(prompt.name)
    known, yes, no = [*sheet, *prompt.memories], "", ""
    if _VERDICT_FIRST.search(question):
        yes, no = "Yes. ", "No. "
        things = [thing.lower() for thing in _THING.findall(question) if thing != prompt.name]
        known = [text for text in known if all(thing in text.lower() for thing in things)]
    best = max(known, key=lambda text: len(asked & _words(text)), default="")
    if asked & _words(best):
        return {"answer": f"{yes}I can tell you this: “{best}”"}
    return {"answer": " ".join([f"{no}I don't know that.", *(f"I only know this: “{text}”" for text in sheet[:1])])}


def identity(prompt: Prompt) -> dict[str, Any]:
    """The aims of the persona that are still valid, and its usual day with the appointments of the new one."""
    now = by_name(prompt.sheet("Currently"), prompt.name)
    current = " ".join([text for text in now if not appointments.is_over(text, prompt.today)] or now)
    usual = sentences(prompt.sheet("Daily requirement"))
    kept = " ".join(text for text in usual if not appointments.is_over(text, prompt.today))
    new = [text for text in dict.fromkeys(appointments.promises(prompt)) if text not in f"{current} {kept}"]
    return {"currently": current, "daily_requirement": " ".join(filter(None, (kept, *new[:_MOST_CURRENT])))}


def _conclusions(prompt: Prompt, who: str) -> Iterator[dict[str, Any]]:
    """The most frequent activity of a person, the news they have told, and their other activities."""
    done: dict[str, list[int]] = {}
    for name, activity, at in _doings(prompt):
        if name == who:
            done.setdefault(activity, []).append(at)
    often = sorted(done, key=lambda activity: (-len(done[activity]), number(1 << 30, prompt.name, activity)))
    does = [_insight(who, choose(_LIKES, who, activity), activity, done[activity]) for activity in often]
    heard = ((at, _HEARD.search(memory)) for at, memory in enumerate(prompt.memories, 1))
    told = [(at, topic(found[2])) for at, found in heard if found and found[1] == who]
    yield from does[:1]
    yield from (_insight(prompt.name, f"has heard from {who} about", news, [at]) for at, news in told[-1:])
    yield from does[1:]


def _insight(subject: str, verb: str, thing: str, evidence: list[int]) -> dict[str, Any]:
    text = f"{subject} {verb} {thing}"
    parts = {"subject": subject, "predicate": verb, "object": thing, "poignancy": 3 + number(3, text)}
    return {"insight": f"{text}.", "evidence": evidence, **parts}


def _doings(prompt: Prompt) -> Iterator[tuple[str, str, int]]:
    """(person, activity, number of the memory) of the memories about people."""
    for at, memory in enumerate(prompt.memories, 1):
        found = _DOES.match(memory)
        if found and not found[1][:1].islower() and not found[2].startswith(_IDLE):
            yield found[1], found[2].strip(), at


def _people(prompt: Prompt) -> list[str]:
    """Who does something in the memories, the most often first; the persona comes last."""
    counted = Counter(name for name, *_ in _doings(prompt) if name != prompt.name)
    return [*(name for name, _ in counted.most_common()), prompt.name]


def _count(prompt: Prompt) -> int:
    found = _COUNT.search(prompt.task)
    return int(found[1]) if found else 1


def _words(text: str) -> set[str]:
    """The longer words of a text by their first letters; of Chinese and the like the pairs of characters."""
    return {word.casefold()[:6] for word in _WORD.findall(text)}

"""The mock model's answers to an interviewer: plain questions from the identity sheet, others from what comes to mind.

Knows only the sheet and the statements of the prompt; what stands in neither, it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mock_llm import appointments, memos
from mock_llm.english import bare, listed, sentence, sentences
from mock_llm.habits import habits
from mock_llm.occasions import is_over, undated
from mock_llm.persons import first_person
from mock_llm.place_names import named_places, with_place
from mock_llm.prompt import Prompt, choose, hour_text
from mock_llm.statements import planned

_DONT_KNOW = (
    "I really don't know.",
    "I'm afraid I can't tell you anything about that.",
    "I'm sorry, I don't know that.",
)
_QUESTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        what when where your about have know does this that tell please could would with from you
        """,
    )
)
_WHO = re.compile(
    r"\b(?:who is|who was|know (?:anything |something )?about|do you know|tell me about|think of) (?P<who>.+)", re.I
)
_MOST_OF_A_DAY = 5


def interview(prompt: Prompt) -> dict[str, Any]:
    """The answer in the first person, from what the persona knows and no more."""
    lines = prompt.talk(f"An interview with {prompt.name}:")
    question = lines[-1][1] if lines else ""
    told = next((answer for pattern, answer in _INTENTS if pattern.search(question)), _from_memory)(prompt, question)
    return {"answer": told or _from_memory(prompt, question) or choose(_DONT_KNOW, question)}


def _name(prompt: Prompt, _: str) -> str:
    return f"My name is {prompt.name}." if prompt.name else ""


def _age(prompt: Prompt, _: str) -> str:
    age = prompt.sheet("Age")
    return f"I'm {age} years old." if age else ""


def _living(prompt: Prompt, _: str) -> str:
    return _own(prompt, sentences(prompt.sheet("Background"))[:2])


def _nature(prompt: Prompt, _: str) -> str:
    traits = prompt.sheet("Traits")
    return f"People say that I'm {listed([part.strip() for part in traits.split(',')])}." if traits else ""


def _matters(prompt: Prompt, _: str) -> str:
    current = [text for text in sentences(prompt.sheet("Currently")) if not memos.tells_of_news(text)]
    return _own(prompt, [text for text in current if not is_over(text, prompt.today)][:2])


def _lifestyle(prompt: Prompt, _: str) -> str:
    return _own(prompt, sentences(prompt.sheet("Lifestyle")))


def _day(prompt: Prompt, _: str) -> str:
    """The plan of today where it comes to mind, else the habits; what is promised for today besides."""
    today = prompt.today
    promised = [found for found in appointments.of_the_sheet(prompt) if found.day == today]
    rows = _planned(prompt) or _usual(prompt)
    fresh = [f"{found.activity} at {hour_text(found.start)}" for found in promised]
    rows += [row for row in fresh if row not in rows]
    return f"Today I have this in mind: {listed(rows[: _MOST_OF_A_DAY + len(fresh)])}." if rows else ""


def _person(prompt: Prompt, question: str) -> str:
    """What is remembered of whom the question names; of people only, places and things are no persons."""
    found = _WHO.search(question)
    who = bare(found["who"]) if found else ""
    if not who or who.lower() in ("you", "yourself"):
        return _living(prompt, question) if who else ""
    words = [word for word in re.findall(r"\w+", who) if word[0].isupper()]
    known = [text for text in _all_told(prompt) if words and all(word in text for word in words)]
    told = [text for text in dict.fromkeys(map(_as_said(prompt), known)) if text]
    about = sorted(told, key=lambda text: not re.match(re.escape(who), text))
    if about:
        return " ".join(about[:2])
    return f"I'm afraid I don't know anybody called {who}." if words and question.lower().startswith("who") else ""


_Answer = Callable[[Prompt, str], str]
_INTENTS: tuple[tuple[re.Pattern[str], _Answer], ...] = tuple(
    (re.compile(pattern, re.I), answer)
    for pattern, answer in (
        (r"\byour name\b|\bwho are you\b", _name),
        (r"\bhow old\b|\byour age\b", _age),
        (r"\bfor a living\b|\byour (?:job|work|profession|trade|past|background)\b|\bdo you work\b", _living),
        (r"\btell me about yourself\b|\bintroduce yourself\b", _living),
        (r"\b(?:describe|kind of person|sort of person|character)\b", _nature),
        (r"\b(?:wake|get) up\b|\bgo to (?:bed|sleep)\b|\bdinner\b", _lifestyle),
        (r"\btoday\b|\bthis (?:morning|afternoon|evening)\b|\btonight\b|\byour day\b", _day),
        (r"\b(?:these days|currently|at the moment|right now|busy with|working on|up to|your plans)\b", _matters),
        (_WHO.pattern, _person),
    )
)


def _from_memory(prompt: Prompt, question: str) -> str:
    """The sentence that shares most words with the question; nothing when none shares any."""
    sources = _all_told(prompt)
    ranked = sorted(sources, key=lambda text: -_overlap(question, text))
    told = _as_said(prompt)
    return next((said for text in ranked if _overlap(question, text) and (said := told(text))), "")


def _all_told(prompt: Prompt) -> list[str]:
    keys = ("Currently", "Background", "Lifestyle", "Daily requirement")
    sheet = [text for key in keys for text in sentences(prompt.sheet(key))]
    remembered = prompt.remembered(f"What comes to the mind of {prompt.name}:")
    return sheet + [text for text in remembered if not planned(text)]


def _as_said(prompt: Prompt) -> Callable[[str], str]:
    """A sentence in the first person where that is safe, else as it is told of one; news without who brought it."""

    def said(text: str) -> str:
        if news := next(iter(memos.heard(prompt.name, [text])), None):
            return news.passed_on()
        if is_over(text, prompt.today):
            text = undated(text) if " went well" in text else ""
        spoken = first_person(text, prompt.name) if text else ""
        return sentence(spoken if spoken is not None else text)

    return said


def _own(prompt: Prompt, texts: list[str]) -> str:
    return " ".join(filter(None, map(_as_said(prompt), texts)))


def _planned(prompt: Prompt) -> list[str]:
    for day, rows in filter(None, map(planned, prompt.remembered(f"What comes to the mind of {prompt.name}:"))):
        if day == prompt.sheet("Today"):
            return [row for row in rows if not row.startswith(("getting up", "winding", "sleeping"))][:_MOST_OF_A_DAY]
    return []


def _usual(prompt: Prompt) -> list[str]:
    usual = prompt.sheet("Daily requirement")
    found = habits(usual, prompt.name, named_places(usual))
    return [f"{with_place(habit.activity, habit.place)} at {hour_text(habit.start or 0)}" for habit in found][
        :_MOST_OF_A_DAY
    ]


def _overlap(question: str, text: str) -> int:
    words = set(re.findall(r"\w{4,}", question.lower())) - _QUESTION_WORDS
    return sum(word in text.lower() for word in words)

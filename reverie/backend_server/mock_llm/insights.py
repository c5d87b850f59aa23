"""The mock model's reflection: which conclusions it gives to the questions it thinks about, each one once.

Knows the order of preference; how a conclusion follows from memories is known in `conclusions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from mock_llm import conclusions, memos
from mock_llm.conclusions import Insight
from mock_llm.prompt import Prompt, Remembered, number
from mock_llm.statements import memories_in

# What one may always think.
_QUIET_JOYS = (
    "a quiet day",
    "the company of the neighbours",
    "knowing what goes on in town",
    "having work to do and time to rest",
    "the small habits of every day",
    "a walk at the right time of day",
    "being asked for advice",
    "an evening without plans",
    "good food in good company",
    "seeing a thing finished",
)
_ENJOYING = ("enjoys", "is glad of", "is thankful for", "would not like to miss")
_TELLING = re.compile(r"\w{3,}")
_LITTLE_WORDS = frozenset(("the", "and", "for", "his", "her", "their"))
_MOST_COMBINED = 1
_LOTS = 1 << 30
_KNOWN_TEXTS = 8192

_Drawn = tuple[int, Insight]


def insights(prompt: Prompt) -> dict[str, Any]:
    """Conclusions for each question about those it names; none that is a memory already, in these or in other words."""
    remembered = prompt.memories(f"Memories of {prompt.name}:")
    thinking = _Thinking(prompt.name, remembered)
    known = {_words(memory.text) for memory in remembered}
    rows = []
    for at, question in enumerate(_questions(prompt), 1):
        for found in _fresh(thinking, question, known, prompt.count):
            rows.append({"question": at, **_as_asked(found)})
    return {"insights": rows}


def _questions(prompt: Prompt) -> list[str]:
    """What is asked; one question when the prompt names none."""
    asked = f"Questions that occupy {prompt.name}:"
    heading = next((line for line in prompt.lines if line.endswith(asked)), asked)
    return prompt.statements(heading) or [f"What matters to {prompt.name}?"]


def _fresh(thinking: _Thinking, question: str, known: set[frozenset[str]], count: int) -> list[Insight]:
    """So many insights for a question, in words that are not known yet; they are known from now on."""
    found = []
    for insight in thinking.about(question):
        if len(found) == count:
            break
        if (words := _words(insight.text)) not in known:
            known.add(words)
            found.append(insight)
    return found


class _Thinking:
    """What follows from the memories of somebody, worked out once for all its questions."""

    def __init__(self, name: str, remembered: list[Remembered]) -> None:
        memories = list(memories_in(remembered))
        self._name = name
        self._seed = (name, len(remembered), *(memory.text for memory in remembered[-1:]))
        self._heard = [(memory.number, news) for memory in remembered for news in memos.heard(name, [memory.text])]
        self._alone = self._in_lots(conclusions.alone(memories))
        self._combined = self._in_lots(
            [
                *conclusions.pairs(name, memories),
                *conclusions.lasting(memories),
                *conclusions.second_thoughts(name, remembered),
            ]
        )
        self._newest = tuple(memory.number for memory in remembered[-1:])

    def about(self, question: str) -> Iterator[Insight]:
        """The insights about those the question names, then about the others, then what one may always think."""
        yield from conclusions.clues(self._name, question, self._heard)
        lot = number(_LOTS, question)
        for named in (True, False):
            alone, combined = (
                [
                    found
                    for _, found in sorted(kind, key=lambda drawn: _rank(drawn, lot))
                    if _names(question, found) is named
                ]
                for kind in (self._alone, self._combined)
            )
            yield from _in_turn(combined[:_MOST_COMBINED], alone)
            yield from combined[_MOST_COMBINED:]
        always = (Insight(self._name, joy, thing, self._newest) for joy in _ENJOYING for thing in _QUIET_JOYS)
        yield from (found for _, found in sorted(self._in_lots(always), key=lambda drawn: _rank(drawn, lot)))

    def _in_lots(self, insights: Iterable[Insight]) -> list[_Drawn]:
        return [(number(_LOTS, *self._seed, insight.text), insight) for insight in insights]


def _rank(drawn: _Drawn, lot: int) -> tuple[int, int]:
    """The weightiest first; the others in an order of their own for each question."""
    return -drawn[1].weight, drawn[0] ^ lot


def _names(question: str, found: Insight) -> bool:
    return (found.about or found.who) in question


def _in_turn(first: list[Insight], second: list[Insight]) -> Iterator[Insight]:
    """One of each in turn, the rest last."""
    for pair in zip(first, second, strict=False):
        yield from pair
    shorter = min(len(first), len(second))
    yield from first[shorter:] + second[shorter:]


@lru_cache(maxsize=_KNOWN_TEXTS)
def _words(text: str) -> frozenset[str]:
    """The telling words of a sentence, however they are put."""
    return frozenset(_TELLING.findall(text.lower())) - _LITTLE_WORDS


def _as_asked(found: Insight) -> dict[str, Any]:
    return {
        "insight": found.text,
        "evidence": list(found.evidence),
        "subject": found.who,
        "predicate": found.predicate,
        "object": found.thing,
        "poignancy": found.weight + number(2, found.text),
    }

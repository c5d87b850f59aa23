"""What the mock model concludes from memories: from one by itself, from two that have something in common, from days.

Knows statements as memories word them. No date is ever moved: what is dated is concluded from without its date.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from mock_llm import memos
from mock_llm.english import bare, core, sentence
from mock_llm.occasions import dates_in
from mock_llm.place_names import CAPITALS, named_places, the
from mock_llm.prompt import Remembered, choose, number
from mock_llm.statements import Memory, is_person

_ROUTINE = re.compile(r"(?:sleeping|getting|winding|being|waiting|conversing|spending|meeting|joining)\b")
_WORK = re.compile(r"(?:working|opening|preparing|restoring|repairing|studying|teaching|hosting|cooking|writing)\b")
_CAPITAL = re.compile(r"\b[A-Z][a-z]{2,}\b")
_PLACED = re.compile(rf"\b(?:at|in|of|near|the) (?:the )?{CAPITALS}")
_NO_CLUE = frozenset(
    (*calendar.month_name, *calendar.day_name, "The", "They", "She", "There", "Lately", "Every", "All")
)
_FONDNESS = ("values the company of", "likes to make time for", "feels at ease with", "likes to listen to")
_INTEREST = ("likes to talk about", "often thinks about", "comes back again and again to", "wants to know more about")
_HABIT = ("is often seen", "does not tire of", "has a good hand for")
_CONVERSING = re.compile(rf"conversing about (?!{memos.SMALL_TALK})(.+)")
_LONGEST_PHRASE = 9
_MOST_EVIDENCE = 4
_MOST_PAIRED = 16
_MIDDAY = (9 * 60, 18 * 60)
_KNOWN_TEXTS = 4096
_CONCLUDED = re.compile(
    rf"(?P<who>.+?) (?:puts much care into|has a good hand for|{'|'.join(_INTEREST)}) (?P<thing>.+)"
)


class Insight(NamedTuple):
    """A conclusion as a statement, with the numbers of the memories it follows from.

    about: whom it is about where that is not its subject.
    """

    who: str
    predicate: str
    thing: str
    evidence: tuple[int, ...]
    weight: int = 3
    about: str = ""

    @property
    def text(self) -> str:
        return sentence(f"{self.who} {self.predicate} {self.thing}")


def alone(memories: list[Memory]) -> Iterator[Insight]:
    """What each memory and those of the same matter come to; nothing from what is no matter to think about."""
    of_each: dict[str, list[Memory]] = {}
    for memory in memories:
        if is_person(memory.who):
            of_each.setdefault(memory.who, []).append(memory)
    for memory in itertools.chain(*of_each.values()):
        for predicate, thing, clue in _matters(memory):
            if thing and not dates_in(thing):
                alike = [other.number for other in of_each[memory.who] if clue in other.rest]
                yield Insight(memory.who, predicate, thing, tuple((alike or [memory.number])[-_MOST_EVIDENCE:]))


def lasting(memories: list[Memory]) -> Iterator[Insight]:
    """What somebody does on several days."""
    days: dict[tuple[str, str], dict[date, int]] = {}
    for memory in _of_people(memories):
        phrase, _ = _phrases(memory.rest)
        if memory.day and phrase:
            days.setdefault((memory.who, phrase), {})[memory.day] = memory.number
    for (who, phrase), numbers in days.items():
        if len(numbers) > 1:
            yield Insight(who, "comes back day after day to", phrase, tuple([*numbers.values()][-_MOST_EVIDENCE:]), 4)


def pairs(name: str, memories: list[Memory]) -> Iterator[Insight]:
    """Two people at one thing, or one person at two."""
    doings = [(memory, *_phrases(memory.rest)) for memory in _of_people(memories)[-_MOST_PAIRED:]]
    told = [(memory, part if part and number(2, memory.rest) else phrase) for memory, phrase, part in doings if phrase]
    told = [(memory, thing) for memory, thing in told if not dates_in(thing)]
    for (one, first), (other, second) in combinations(told, 2):
        evidence = (one.number, other.number)
        if one.who != other.who and first == second:
            yield Insight(name, "finds that", f"{one.who} and {other.who} both take to {first}", evidence)
        elif one.who == other.who and first.split(" ")[0] != second.split(" ")[0]:
            predicate = choose(("finds time both for", "has a mind both for", "is at home both in"), first, second)
            yield Insight(one.who, predicate, f"{first} and {predicate.split()[-1]} {second}", evidence)


def second_thoughts(name: str, remembered: Iterable[Remembered]) -> Iterator[Insight]:
    """What follows from what `name` has concluded before: whom to ask, what to find time for, what people share."""
    stands: dict[str, dict[str, int]] = {}
    for memory in remembered:
        if (found := _CONCLUDED.match(bare(memory.text))) and is_person(found["who"]) and not dates_in(found["thing"]):
            stands.setdefault(found["thing"], {})[found["who"]] = memory.number
    for thing, people in stands.items():
        for who, at in people.items():
            if who == name:
                yield Insight(name, "would like to find more time for", thing, (at,))
            else:
                yield Insight(name, "thinks that", f"{who} is the one to ask about {thing}", (at,), about=who)
        for one, other in combinations(sorted(people), 2):
            evidence, partner = (people[one], people[other]), other if one == name else one
            if name in (one, other):
                yield Insight(name, "cares about", f"{thing} just as {partner} does", evidence, 4, about=partner)
            else:
                yield Insight(name, "finds that", f"{one} and {other} both care about {thing}", evidence, 4, about=one)


def clues(name: str, question: str, heard: list[tuple[int, memos.News]]) -> Iterator[Insight]:
    """Two pieces of news from different people that name the same third one or thing."""
    for (first, one), (second, other) in combinations(heard, 2):
        if one.source != other.source and min(one.source, other.source) in question:
            ours = {*name.split(), *one.source.split(), *other.source.split()}
            if shared := (_named(one) & _named(other)) - ours - _NO_CLUE:
                thing = f"what {one.source} and {other.source} told both has to do with {min(shared)}"
                yield Insight(name, "sees that", thing, (first, second), weight=6)


# How somebody stands to a thing


def _matters(memory: Memory) -> Iterator[tuple[str, str, str]]:
    """How somebody stands to things, by what is remembered: (predicate, thing, words that memories of it share)."""
    who, rest = memory.who, memory.rest
    if memory.verb in ("heard", "told"):
        for news in memos.heard(who, [f"{who} {memory.verb} {rest}"]):
            yield "keeps thinking about what was said of", news.matter, news.matter
            yield "likes to listen to the news of", news.source, f"heard from {news.source}"
    elif memory.verb == "will meet":
        other, _, _ = rest.partition(" at ")
        yield choose(_FONDNESS, who, rest), other, other
    elif memory.verb == "plans to go to":
        what = rest.partition(" at ")[0]
        yield "likes to be where the town comes together, as at", what, what
    elif found := _CONVERSING.match(rest):
        about = core(found[1], _LONGEST_PHRASE)
        yield choose(_INTEREST, who, rest), about, about
    elif rest != "idle":
        yield from _doings(memory)


def _doings(memory: Memory) -> Iterator[tuple[str, str, str]]:
    """The same of what somebody did: the activity, its part, its place and its hour."""
    phrase, part = _phrases(memory.rest)
    if not phrase:
        return
    work = bool(_WORK.match(phrase))
    yield "puts much care into" if work else "takes pleasure in", phrase, phrase
    if part:
        yield choose(_HABIT if work else _HABIT[:-1], memory.rest), part, part
    for place in named_places(memory.rest.partition(" (")[0])[:1]:
        yield "can often be found at", the(place), place
    if memory.minute is not None and not _MIDDAY[0] <= memory.minute < _MIDDAY[1]:
        yield f"likes the {'early' if memory.minute < _MIDDAY[0] else 'late'} hours for", phrase, phrase


@lru_cache(maxsize=_KNOWN_TEXTS)
def _phrases(rest: str) -> tuple[str, str]:
    """The activity and the part of it that a memory tells of; empty for what is no matter to think about."""
    doing, _, task = rest.partition(" (")
    phrase, part = core(doing, _LONGEST_PHRASE), core(bare(task).rstrip(")"), _LONGEST_PHRASE)
    if _ROUTINE.match(phrase) or not phrase.split(" ")[0].endswith("ing"):
        return "", ""
    return phrase, part if part.split(" ")[0].endswith("ing") else ""


def _of_people(memories: list[Memory]) -> list[Memory]:
    doing = [memory for memory in memories if memory.verb == "is" and not memory.rest.startswith("conversing")]
    return [memory for memory in doing if is_person(memory.who)]


def _named(news: memos.News) -> set[str]:
    return set(_CAPITAL.findall(_PLACED.sub("", news.news or news.quote)))

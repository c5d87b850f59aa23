"""The stand-in's conclusions: what follows from memories, alone or from two that have something in common.

Knows statements as memories word them. No date is ever moved: what is dated is concluded from without its date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

from stand_in import memos
from stand_in.english import bare, core, sentence
from stand_in.occasions import dates_in
from stand_in.place_names import CAPITALS
from stand_in.prompt import Prompt, choose, number
from stand_in.statements import Memory, is_person, memories_in

_ROUTINE = re.compile(r"(?:sleeping|getting|winding|being|waiting|conversing|spending|meeting|joining)\b")
_WORK = re.compile(r"(?:working|opening|preparing|restoring|repairing|studying|teaching|hosting|cooking|writing)\b")
_CAPITAL = re.compile(r"\b[A-Z][a-z]{2,}\b")
_PLACED = re.compile(rf"\b(?:at|in|of|near|the) (?:the )?{CAPITALS}")
_NO_CLUE = frozenset(
    (*calendar.month_name, *calendar.day_name, "The", "They", "She", "There", "Lately", "Every", "All")
)
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
_FONDNESS = ("values the company of", "likes to make time for", "feels at ease with", "likes to listen to")
_INTEREST = ("likes to talk about", "often thinks about", "comes back again and again to", "wants to know more about")
_HABIT = ("is often seen", "does not tire of", "has a good hand for")
_LONGEST_PHRASE = 9
_MOST_EVIDENCE = 4
_MOST_PAIRED = 12
_MOST = 3
_SHARES = 3
_MOST_COMBINED = 1


class Insight(NamedTuple):
    """A conclusion as a statement, with the numbers of the memories it follows from."""

    who: str
    predicate: str
    thing: str
    evidence: tuple[int, ...]
    weight: int = 3

    @property
    def text(self) -> str:
        return sentence(f"{self.who} {self.predicate} {self.thing}")


def insights(prompt: Prompt) -> dict[str, Any]:
    """Conclusions about those the question names; none that is a memory already, in these or in other words."""
    name, question = prompt.name, prompt.said["question"]
    statements = prompt.statements(f"Memories of {name}:")
    memories = list(memories_in(statements))
    known = {_words(text) for text in statements}
    named = [memory for memory in memories if memory.who in question] or memories
    seed = (question, *statements[:1], len(statements))
    alone = [found for memory in named if (found := _alone(memory, memories))]
    paired = [*_clues(name, question, statements), *_pairs(name, named)]
    chosen: dict[frozenset[str], Insight] = {}
    for found in _in_turn(_shuffled(paired, seed)[:_MOST_COMBINED], _shuffled(alone, seed)):
        if _words(found.text) not in known:
            chosen.setdefault(_words(found.text), found)
    found = [*chosen.values()][: min(prompt.count, _MOST)] or [_nothing_new(name, statements, question, known)]
    return {"insights": [_as_asked(insight) for insight in found]}


def _alone(memory: Memory, memories: list[Memory]) -> Insight | None:
    """What a memory and those of the same matter come to; nothing from what is no matter to think about."""
    predicate, thing = _matter(memory)
    if not thing or not is_person(memory.who) or dates_in(thing):
        return None
    alike = [other.number for other in memories if other.who == memory.who and thing in other.rest]
    return Insight(memory.who, predicate, thing, tuple((alike or [memory.number])[:_MOST_EVIDENCE]))


def _matter(memory: Memory) -> tuple[str, str]:
    """How somebody stands to a thing, by what is remembered: (predicate, thing)."""
    if memory.verb in ("heard", "told"):
        news = memos.heard(memory.who, [f"{memory.who} {memory.verb} {memory.rest}"])
        return ("keeps thinking about what was said of", news[0].matter) if news else ("", "")
    if memory.verb == "will meet":
        other, _, _ = memory.rest.partition(" at ")
        return choose(_FONDNESS, *memory), other
    if memory.verb == "plans to go to":
        return "likes to be where the town comes together, as at", memory.rest.partition(" at ")[0]
    if found := re.match(rf"conversing about (?!{memos.SMALL_TALK})(.+)", memory.rest):
        liking = choose(_INTEREST, *memory)
        return liking, core(found[1], _LONGEST_PHRASE)
    doing, _, task = memory.rest.partition(" (")
    phrase = core(doing, _LONGEST_PHRASE)
    if _ROUTINE.match(phrase) or not phrase.split(" ")[0].endswith("ing"):
        return "", ""
    part = core(bare(task).rstrip(")"), _LONGEST_PHRASE)
    if part.split(" ")[0].endswith("ing") and number(2, memory.rest):
        return choose(_HABIT if _WORK.match(phrase) else _HABIT[:-1], memory.rest), part
    return "puts much care into" if _WORK.match(phrase) else "takes pleasure in", phrase


def _clues(name: str, question: str, statements: list[str]) -> Iterator[Insight]:
    """Two pieces of news from different people that name the same third one or thing."""
    heard = [(k, news) for k, text in enumerate(statements, 1) for news in memos.heard(name, [text])]
    for (first, one), (second, other) in combinations(heard, 2):
        ours = {*name.split(), *one.source.split(), *other.source.split()}
        shared = (_named(one) & _named(other)) - ours - _NO_CLUE
        if one.source != other.source and shared and min(one.source, other.source) in question:
            thing = f"what {one.source} and {other.source} told both has to do with {min(shared)}"
            yield Insight(name, "sees that", thing, (first, second), weight=6)


def _pairs(name: str, memories: list[Memory]) -> Iterator[Insight]:
    """Two people at one thing, or one person at two."""
    stands = [(memory, *_matter(memory)) for memory in _of_people(memories)]
    told = [(memory, thing) for memory, predicate, thing in stands if predicate and thing.split(" ")[0].endswith("ing")]
    told = [(memory, thing) for memory, thing in told if not dates_in(thing)][:_MOST_PAIRED]
    for (one, first), (other, second) in combinations(told, 2):
        evidence = (one.number, other.number)
        if one.who != other.who and first == second:
            yield Insight(name, "finds that", f"{one.who} and {other.who} both take to {first}", evidence)
        elif one.who == other.who and first.split(" ")[0] != second.split(" ")[0]:
            predicate = choose(("finds time both for", "has a mind both for", "is at home both in"), first, second)
            yield Insight(one.who, predicate, f"{first} and {predicate.split()[-1]} {second}", evidence)


def _of_people(memories: list[Memory]) -> list[Memory]:
    doing = [memory for memory in memories if memory.verb == "is" and not memory.rest.startswith("conversing")]
    return [memory for memory in doing if is_person(memory.who)]


def _named(news: memos.News) -> set[str]:
    return set(_CAPITAL.findall(_PLACED.sub("", news.news or news.quote)))


def _shuffled(found: list[Insight], seed: tuple[Any, ...]) -> list[Insight]:
    """The weightiest first, then a share of their own for each question, so that three questions have three answers."""
    share = number(_SHARES, seed[0])
    return sorted(
        found,
        key=lambda insight: (
            -insight.weight,
            number(_SHARES, insight.text) != share,
            number(1 << 30, *seed, insight.text),
        ),
    )


def _in_turn(first: list[Insight], second: list[Insight]) -> Iterator[Insight]:
    """One of each in turn, the rest last."""
    for pair in zip(first, second, strict=False):
        yield from pair
    shorter = min(len(first), len(second))
    yield from first[shorter:] + second[shorter:]


def _words(text: str) -> frozenset[str]:
    """The telling words of a sentence, however they are put."""
    return frozenset(re.findall(r"\w{3,}", text.lower())) - {"the", "and", "for", "his", "her", "their"}


def _nothing_new(name: str, statements: list[str], question: str, known: set[frozenset[str]]) -> Insight:
    """What one may always think and has not thought yet."""
    evidence = (1,) if statements else ()
    joys = [Insight(name, "enjoys", thing, evidence) for thing in _QUIET_JOYS]
    fresh = [joy for joy in joys if _words(joy.text) not in known]
    return choose(fresh or joys, name, question, *statements[-1:])


def _as_asked(found: Insight) -> dict[str, Any]:
    return {
        "insight": found.text,
        "evidence": list(found.evidence),
        "subject": found.who,
        "predicate": found.predicate,
        "object": found.thing,
        "poignancy": found.weight + number(2, found.text),
    }

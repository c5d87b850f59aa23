"""The network of acquaintance in a town: the talks people had, and the names they remember.

After Park et al. 2023, section 7.1.2, where people are asked "Do you know of <name>?"; here it is read from their
memories. Knows memories and conversations; not how they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

from saves.tables import Tables
from study.names import Names

AT_START, TALKED, HEARD, THOUGHT, SEEN = "at the start", "talked with", "heard of in a talk", "thought of", "saw"


class Tie(NamedTuple):
    """The time since which one persona knows another by name, how, and the text that shows it."""

    persona: str
    other: str
    since: datetime
    how: str
    evidence: str


class Talked(NamedTuple):
    """The number of talks of two people, and of their lines."""

    persona: str
    other: str
    talks: int
    lines: int


class Acquaintance(NamedTuple):
    """`known`: acquaintance by talk, by thought or from the start; `seen`: also with people only seen."""

    people: Sequence[str]
    start: datetime
    known: Sequence[Tie]
    seen: Sequence[Tie]
    talked: Sequence[Talked]

    def density(self, ties: Sequence[Tie], time: datetime) -> float:
        """The share of pairs of people who know each other at a time."""
        return density({(tie.persona, tie.other) for tie in ties if tie.since <= time}, len(self.people))

    def curve(self, ties: Sequence[Tie]) -> list[tuple[datetime, float]]:
        """(time, density) at the start and at each change of it."""
        times = sorted({self.start, *mutual(ties).values()})
        return [(time, self.density(ties, time)) for time in times]


def density(knows: Collection[tuple[str, str]], people: int) -> float:
    """2E / (V (V - 1)) for V people, with an edge between two who know each other; 0 for one person."""
    mutual = sum((other, one) in knows for one, other in knows)
    return mutual / (people * (people - 1)) if people > 1 else 0.0


def mutual(ties: Sequence[Tie]) -> dict[tuple[str, str], datetime]:
    """{pair: the time since which both know each other}, in the order of the ties."""
    since = {(tie.persona, tie.other): tie.since for tie in ties}
    return {(a, b): max(time, since[b, a]) for (a, b), time in since.items() if (b, a) in since and a < b}


def acquaintance(tables: Tables) -> Acquaintance:
    """The acquaintance in identities, memories and conversations."""
    names = Names(tables.names)
    met = [*_given(tables, names), *_in_talks(tables, names), *_remembered(tables, names)]
    known = _first([tie for tie in met if tie.how != SEEN])
    return Acquaintance(tables.names, tables.start, known, _first(met), _talked(tables))


def _given(tables: Tables, names: Names) -> Iterator[Tie]:
    for who in tables.people_at_start:
        for text in (who.learned, who.currently, who.lifestyle):
            yield from _named(names, who.name, tables.start, AT_START, text)


def _in_talks(tables: Tables, names: Names) -> Iterator[Tie]:
    """Everybody in a talk knows the others from then on, and the people named in it."""
    for talk in tables.timeline.conversations:
        time = tables.time(talk.first)
        for persona in talk.participants:
            yield from (Tie(persona, other, time, TALKED, talk.lines[0][1]) for other in talk.participants)
            for _, line in talk.lines:
                yield from _named(names, persona, time, HEARD, line)


def _remembered(tables: Tables, names: Names) -> Iterator[Tie]:
    """The people that a memory names; thoughts at the start were given."""
    hows = {"chat": TALKED, "thought": THOUGHT}
    for memory in tables.memories:
        how = hows.get(memory.kind, SEEN)
        how = AT_START if how == THOUGHT and memory.created <= tables.start else how
        yield from _named(names, memory.persona, memory.created, how, memory.text)


def _named(names: Names, persona: str, since: datetime, how: str, text: str) -> Iterator[Tie]:
    """A tie with each person that a text names."""
    return (Tie(persona, other, since, how, text) for other in names.in_text(text))


def _first(ties: Sequence[Tie]) -> list[Tie]:
    """The first tie of each pair, by time; none of a person with themselves."""
    found: dict[tuple[str, str], Tie] = {}
    for tie in sorted(ties, key=lambda tie: tie.since):
        if tie.persona != tie.other:
            found.setdefault((tie.persona, tie.other), tie)
    return list(found.values())


def _talked(tables: Tables) -> list[Talked]:
    talks, lines = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for talk in tables.timeline.conversations:
        for pair in combinations(sorted(talk.participants), 2):
            talks[pair] += 1
            lines[pair] += len(talk.lines)
    return [Talked(*pair, count, lines[pair]) for pair, count in sorted(talks.items())]

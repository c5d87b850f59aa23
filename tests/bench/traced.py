"""The analysis of a trace (`LLM_TRACE`): the number of requests of each kind, and which had to wait for which.

Knows the lines of a trace; not how a run came to write them, nor which figures are good.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

EMBEDDING = "embedding"


class Request(NamedTuple):
    """One attempt. chain: how many answers of its step it had to wait for. start, end: seconds since the epoch."""

    step: int | None
    chain: int
    persona: str | None
    purpose: str
    tokens_in: int
    tokens_out: int
    start: float
    end: float
    answered: bool = True

    @property
    def is_chat(self) -> bool:
        return self.purpose != EMBEDDING


class Purpose(NamedTuple):
    """All requests for one purpose; tokens are those of prompts and of answers."""

    calls: int
    tokens_in: int
    tokens_out: int


def read_trace(file: Path) -> list[Request]:
    """The requests of a trace, in the order in which they ended."""
    with file.open(encoding="utf-8") as lines:
        return [_request(json.loads(line)) for line in lines]


def by_purpose(requests: Iterable[Request]) -> dict[str, Purpose]:
    """The purposes, those with the most requests first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for request in requests:
        for place, count in enumerate((1, request.tokens_in, request.tokens_out)):
            sums[request.purpose][place] += count
    return {name: Purpose(*counts) for name, counts in sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))}


def steps_with_a_request(requests: Iterable[Request]) -> int:
    return len(_by_step(requests))


def critical_path(requests: Iterable[Request]) -> int:
    """Answers that had to come one after the other: of each step the longest chain, and one step after the other."""
    return sum(len(_longest_chain(step)) for step in _by_step(requests).values())


def on_critical_path(requests: Iterable[Request]) -> Counter[str]:
    """For which purposes the answers on the critical path were."""
    chains = (_longest_chain(step) for step in _by_step(requests).values())
    return Counter(request.purpose for chain in chains for request in chain)


def longest_of_one_person(requests: Iterable[Request]) -> int:
    """The critical path of the busiest person alone: what would be left if nobody waited for anybody in a step."""
    totals: Counter[str | None] = Counter()
    for step in _by_step(requests).values():
        deepest: dict[str | None, int] = {}
        for request in step:
            deepest[request.persona] = max(deepest.get(request.persona, 0), request.chain + 1)
        totals.update(deepest)
    return max(totals.values(), default=0)


def most_under_way(requests: Iterable[Request]) -> int:
    """The most requests that were under way at the same time."""
    under_way = most = 0
    for _, change in _changes(requests):
        under_way += change
        most = max(most, under_way)
    return most


def mean_under_way(requests: Sequence[Request]) -> float:
    """How many were under way on average, of the time in which any was."""
    busy = under_way = 0.0
    before = 0.0
    for time, change in _changes(requests):
        busy += time - before if under_way else 0.0
        before, under_way = time, under_way + change
    return sum(request.end - request.start for request in requests) / busy if busy else 0.0


def _request(line: dict) -> Request:
    return Request(
        step=line["step"],
        chain=line["chain"],
        persona=line["persona"],
        purpose=line["purpose"],
        tokens_in=line["tokens_in"] or 0,
        tokens_out=line["tokens_out"] or 0,
        start=line["start"],
        end=line["end"],
        answered="error" not in line,
    )


def _by_step(requests: Iterable[Request]) -> dict[int, list[Request]]:
    """What was answered within steps."""
    steps: dict[int, list[Request]] = defaultdict(list)
    for request in requests:
        if request.step is not None and request.answered:
            steps[request.step].append(request)
    return steps


def _longest_chain(step: Sequence[Request]) -> list[Request]:
    """The answers of a step that came one after the other, last first: before each, what ended latest of those before.

    How many there are is known; which of several that ended about then was waited for, only times tell.
    """
    by_chain: dict[int, list[Request]] = defaultdict(list)
    for request in step:
        by_chain[request.chain].append(request)
    chain = [max(by_chain[max(by_chain)], key=lambda request: request.end)]
    while earlier := by_chain.get(chain[-1].chain - 1):
        begun = chain[-1].start
        chain.append(max(earlier, key=lambda request: (request.end <= begun, request.end)))
    return chain


def _changes(requests: Iterable[Request]) -> Iterator[tuple[float, int]]:
    """(time, +1 or -1) in the order of time; what ends when another begins was not under way beside it."""
    yield from sorted(change for r in requests for change in ((r.start, 1), (r.end, -1)))

"""A day without latency: each person's requests to the model, and that the day is complete.

Knows what is counted and the bars for it; the runs are `towns`'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bench.published import ORIGINAL, STEPS_A_DAY
from bench.table import Figure
from bench.towns import Run, Towns
from bench.traced import steps_with_a_request
from whole_days import Day

EVENTS, TALKS, INSIGHTS = 150, 2, 1  # that each person has at least, for the day to count


class Bars(NamedTuple):
    """The most per persona and day."""

    chat_calls: float
    prompt_tokens: float
    schema_tokens: float
    embedding_requests: float


_BARS = {3: Bars(95, 80_000, 20_000, 60), 25: Bars(200, 160_000, 20_000, 120)}


def figures(towns: Towns, people: int) -> list[Figure]:
    """The figures of a day of so many people, and of its requests with a model that always wants to talk."""
    run, eager = towns.run(people, STEPS_A_DAY), towns.run(people, STEPS_A_DAY, is_eager=True)
    asked = [*_asked(run, people, ""), *_asked(eager, people, ", eager model")]
    return [*asked, *_lived(run.day, people), *_steps(run, people)]


def _asked(run: Run, people: int, which: str) -> Iterator[Figure]:
    chat = [request for request in run.requests if request.is_chat]
    bars, original = _BARS[people], ORIGINAL[people]
    counts = {
        "chat calls": (len(chat), bars.chat_calls, original.chat_calls),
        "prompt tokens": (sum(request.tokens_in for request in chat), bars.prompt_tokens, original.prompt_tokens),
        "schema tokens (not in the prompts)": (run.schema_tokens, bars.schema_tokens, None),
        "embedding requests": (
            len(run.requests) - len(chat),
            bars.embedding_requests,
            original.embedding_requests,
        ),
    }
    for name, (count, bar, theirs) in counts.items():
        name = f"{name} per persona and day{which}"
        of_original = None if theirs is None else original.each_day(theirs)
        yield Figure(name, count / people, people, at_most=bar, original=of_original)


def _lived(day: Day, people: int) -> Iterator[Figure]:
    counts = {
        "events": ([len(day.nodes(name, "event")) for name in day.names], EVENTS),
        "conversations": ([len(day.nodes(name, "chat")) for name in day.names], TALKS),
        "insights": ([_insights(day, name) for name in day.names], INSIGHTS),
    }
    for name, (each, least) in counts.items():
        yield Figure(f"{name} of the person with the fewest", min(each), people, at_least=least)
        yield Figure(f"{name} per person", sum(each) / people, people)


def _insights(day: Day, name: str) -> int:
    """Thoughts based on more than a conversation: only reflection makes them."""
    kinds = {node_id: node["type"] for node_id, node in day.memory(name, "associative_memory/nodes").items()}
    evidence = (node["filling"] or () for node in day.nodes(name, "thought"))
    return sum(any(kinds[node_id] != "chat" for node_id in ids) for ids in evidence)


def _steps(run: Run, people: int) -> Iterator[Figure]:
    yield Figure("steps in which anybody asked", steps_with_a_request(run.requests), people)
    yield Figure("wall time of a day, answers at once, s", run.seconds, people)

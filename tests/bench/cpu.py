"""The town's own work: CPU time when answers take none, because the mock model is called in place of the client.

Knows what is reported of such runs and the bars for it; the runs are `towns`'.
"""

from __future__ import annotations

from bench.published import ORIGINAL, STEPS_A_DAY
from bench.table import Figure
from bench.towns import Towns

_MOST_SECONDS = {25: 60.0}


def figures(towns: Towns, people: int) -> list[Figure]:
    """The CPU time of a day of so many people."""
    spent = towns.run_without_http(people, STEPS_A_DAY)
    original = ORIGINAL[people]
    theirs = original.a_day(original.cpu_seconds)
    in_all = "CPU of a day without HTTP, in all, s"
    return [
        Figure(in_all, spent["all"], people, at_most=_MOST_SECONDS.get(people), original=theirs),
        Figure("of that the mock model's answers, s", spent["mock_model"], people),
    ]


def of_a_crowd(towns: Towns, people: int, steps: int = 360) -> list[Figure]:
    """What a step of a crowd costs, in its first hour."""
    spent = towns.run_without_http(people, steps)
    return [
        Figure("CPU of a step in the first hour, ms", spent["all"] / steps * 1e3, people),
        Figure("of that the mock model's answers, ms", spent["mock_model"] / steps * 1e3, people),
        Figure("requests a step in the first hour", spent["requests"] / steps, people),
    ]

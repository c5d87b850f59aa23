"""What answers cost in time when each takes half a second, against what they must cost: the critical path.

Knows how wall times are compared and the bars for it; the runs are `towns`', the paths `traced`'s.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.published import LATENCY, ORIGINAL, STEPS_A_DAY
from bench.table import Figure
from bench.towns import WORKERS, Towns
from bench.traced import critical_path, longest_of_one_person, mean_under_way, most_under_way

_OVER_THE_PATH = {3: 1.3, 25: 1.5}
_FASTER_THAN_THE_ORIGINAL = {3: 15.0, 25: 25.0}
_STEPS_AN_HOUR = 360


def figures(towns: Towns, people: int, hours: int) -> list[Figure]:
    """The figures of the first `hours` of a day of so many people; only a whole one is held against bars."""
    steps = hours * _STEPS_AN_HOUR
    is_a_day = steps == STEPS_A_DAY
    run = towns.run(people, steps, LATENCY)
    path = critical_path(run.requests) * LATENCY
    alone = longest_of_one_person(run.requests) * LATENCY
    span = f"of {hours} hours at {LATENCY} s an answer"
    found = [
        Figure(f"critical path {span}, s", path, people),
        Figure(f"wall time {span}, s", run.seconds, people),
        Figure(
            "wall time / critical path",
            run.seconds / path,
            people,
            at_most=_OVER_THE_PATH[people] if is_a_day else None,
        ),
        Figure("critical path of the busiest person alone, s", alone, people),
        Figure("requests under way while any is, mean", mean_under_way(run.requests), people),
        Figure("requests under way, most", most_under_way(run.requests), people),
    ]
    if is_a_day:
        found += _against_the_original(run.seconds, path, people)
    return found


def first_hour(towns: Towns, people: int) -> list[Figure]:
    """How much sooner many workers are through than one, in the first hour."""
    one = towns.run(people, _STEPS_AN_HOUR, LATENCY, 1)
    many = towns.run(people, _STEPS_AN_HOUR, LATENCY, WORKERS)
    return [
        Figure("first hour with one worker, s", one.seconds, people),
        Figure(f"first hour with {WORKERS} workers, s", many.seconds, people),
        Figure(f"one worker / {WORKERS} workers", one.seconds / many.seconds, people, at_least=3),
    ]


def _against_the_original(seconds: float, path: float, people: int) -> Iterator[Figure]:
    theirs, bar = ORIGINAL[people].wall_seconds, _FASTER_THAN_THE_ORIGINAL[people]
    yield Figure("the original's wall time / ours", theirs / seconds, people, at_least=bar)
    yield Figure("the original's wall time / our critical path", theirs / path, people)

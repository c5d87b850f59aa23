"""What answers cost in time: lockstep and out of step side by side, against the critical path and the busiest person.

Knows how wall times are compared and the bars for it; the runs are `towns`', the paths `traced`'s.
"""

from __future__ import annotations

from bench.published import LATENCY, ORIGINAL, STEPS_A_DAY
from bench.table import Figure
from bench.towns import UNEVEN, WORKERS, Towns
from bench.traced import critical_path, longest_of_one_person, mean_under_way, most_under_way

_OVER_THE_PATH = {3: 1.3, 25: 1.5}
_FASTER_THAN_THE_ORIGINAL = {3: 15.0, 25: 50.0}
STEPS_AN_HOUR = 360
MANY_WORKERS = 64


def figures(towns: Towns, people: int, hours: int) -> list[Figure]:
    """The figures of the first `hours` of a day of so many people; only a whole one is held against bars."""
    steps = hours * STEPS_AN_HOUR
    is_a_day = steps == STEPS_A_DAY
    lockstep, ours = towns.run(people, steps, LATENCY, lockstep=True), towns.run(people, steps, LATENCY)
    path = critical_path(lockstep.requests) * LATENCY
    alone = longest_of_one_person(lockstep.requests) * LATENCY
    span = f"of {hours} hours at {LATENCY} s an answer"
    over_the_path = _OVER_THE_PATH[people] if is_a_day else None
    found = [
        Figure(f"critical path {span} in lockstep, s", path, people),
        Figure(f"wall time {span} in lockstep, s", lockstep.seconds, people),
        Figure("wall time / critical path, in lockstep", lockstep.seconds / path, people, at_most=over_the_path),
        Figure(f"wall time {span}, s", ours.seconds, people),
        Figure("in lockstep / out of step", lockstep.seconds / ours.seconds, people),
        Figure("critical path of the busiest person alone, s", alone, people),
        Figure("requests under way while any is, mean", mean_under_way(ours.requests), people),
        Figure("requests under way, most", most_under_way(ours.requests), people),
    ]
    if is_a_day:
        theirs, bar = ORIGINAL[people].wall_seconds, _FASTER_THAN_THE_ORIGINAL[people]
        found.append(Figure("the original's wall time / ours", theirs / ours.seconds, people, at_least=bar))
    return found


def first_hour(towns: Towns, people: int) -> list[Figure]:
    """How much sooner many workers are through than one, in the first hour."""
    one = towns.run(people, STEPS_AN_HOUR, LATENCY, 1)
    many = towns.run(people, STEPS_AN_HOUR, LATENCY, WORKERS)
    return [
        Figure("first hour with one worker, s", one.seconds, people),
        Figure(f"first hour with {WORKERS} workers, s", many.seconds, people),
        Figure(f"one worker / {WORKERS} workers", one.seconds / many.seconds, people, at_least=3),
    ]


def busy_hour(towns: Towns, people: int, latency: float, workers: int) -> list[Figure]:
    """The hour from nine on, in lockstep and out of step; `latency` may be UNEVEN."""
    lockstep, ours = (
        towns.run(people, STEPS_AN_HOUR, latency, workers, at_nine=True, lockstep=in_step) for in_step in (True, False)
    )
    takes = "1.5 s on average, log-normal," if latency == UNEVEN else f"{latency} s"
    span = f"from nine to ten, {takes} an answer, {workers} workers"
    return [
        Figure(f"{span}, in lockstep, s", lockstep.seconds, people),
        Figure(f"{span}, s", ours.seconds, people),
        Figure("in lockstep / out of step", lockstep.seconds / ours.seconds, people),
    ]

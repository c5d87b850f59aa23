"""The cost of a day after many others: CPU, checkpoints, memory and disk, without HTTP.

Knows what is reported of such runs and the bars for it; the runs are `towns`'.
"""

from __future__ import annotations

from bench.published import STEPS_A_DAY
from bench.table import Figure
from bench.towns import Towns

EARLY = 2
"""The first day is shorter: everybody is asleep before it, and there is nothing to reflect on."""
_MOST_TIMES = 1.3


def figures(towns: Towns, people: int, days: int) -> list[Figure]:
    """The last of so many days compared with the second, and the size on disk."""
    lived = towns.run_without_http(people, days * STEPS_A_DAY)["days"]
    early, late = lived[EARLY - 1], lived[-1]
    found = []
    for what, unit in (("cpu", "CPU, s"), ("checkpoint", "CPU of a checkpoint, s"), ("memory", "memory, MB")):
        found.append(Figure(f"day {EARLY}: {unit}", early[what], people))
        found.append(Figure(f"day {days}: {unit}", late[what], people, at_most=_MOST_TIMES * early[what]))
    disk = Figure(f"{days} days on disk, MB", late["disk"], people)
    return [*found, disk, Figure(f"{days} days on disk, files", late["files"], people)]

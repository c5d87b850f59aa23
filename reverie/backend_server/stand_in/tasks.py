"""How the stand-in splits an entry of the schedule into tasks: by the kind of activity, in a natural order.

Knows activities and minutes; the words for each kind of activity are in `task_words`.
"""

from __future__ import annotations

import re
from typing import Any

from stand_in.english import doing, sentences, topic
from stand_in.prompt import Prompt, number
from stand_in.task_words import ESSENTIAL, KINDS, PROJECT

STEP = 5
_ESSENTIAL = re.compile(ESSENTIAL)
_USUAL_TASK = 15
_FEWEST, _MOST = 3, 8


def task_decomposition(prompt: Prompt) -> dict[str, Any]:
    """Tasks of varied lengths, multiples of five minutes, that fill the entry exactly."""
    minutes = int(prompt.said["minutes"])
    seed = (prompt.name, prompt.sheet("Today"), prompt.said["start"], prompt.said["activity"])
    phrases = _phrases(prompt)
    count = max(1, min(len(phrases), _count(minutes)))
    chosen = _some(phrases, count, seed)
    return {
        "tasks": [
            {"task": task, "minutes": length}
            for task, length in zip(chosen, _lengths(minutes, count, seed), strict=True)
        ]
    }


def _count(minutes: int) -> int:
    usual = max(_FEWEST, min(_MOST, round(minutes / _USUAL_TASK)))
    return min(usual, max(1, minutes // STEP))


def _phrases(prompt: Prompt) -> list[str]:
    activity = prompt.said["activity"].lower()
    known = next((phrases for pattern, phrases in KINDS if re.search(pattern, activity)), None)
    if known:
        return list(known)
    return [phrase.format(matter=_matter(prompt)) for phrase in PROJECT]


def _matter(prompt: Prompt) -> str:
    """What an activity of no known kind is about, else what the persona is about these days."""
    about = topic(prompt.said["activity"])
    if about:
        return about
    told = (topic(doing(text, prompt.name)) for text in sentences(prompt.sheet("Currently")))
    return next(filter(None, told), "the plans for the week")


def _some(phrases: list[str], count: int, seed: tuple[str, ...]) -> list[str]:
    """So many of the phrases, in their own order; the essential ones first of all."""
    ranked = sorted(range(len(phrases)), key=lambda k: (not _ESSENTIAL.match(phrases[k]), number(1 << 30, *seed, k), k))
    return [phrases[k] for k in sorted(ranked[:count])]


def _lengths(minutes: int, count: int, seed: tuple[str, ...]) -> list[int]:
    """`count` lengths that sum to `minutes`, of varied size; multiples of five but for a remainder in the last.

    Each further step goes to the shorter one of two, which keeps the lengths apart but none out of proportion.
    """
    steps = minutes // STEP
    if steps < count:
        return [minutes]
    lengths = [STEP] * count
    for k in range(steps - count):
        two = (number(count, *seed, "one", k), number(count, *seed, "two", k))
        lengths[min(two, key=lambda task: lengths[task])] += STEP
    lengths[-1] += minutes % STEP
    return lengths

"""How the mock model splits an entry of the schedule into tasks: by the kind of activity, in a natural order.

Knows activities and minutes; the words for each kind of activity are in `task_words`, how a task shows in `places`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from mock_llm import places
from mock_llm.english import sentences, topic
from mock_llm.offers import Offer
from mock_llm.prompt import Prompt, clock_text, number
from mock_llm.task_words import ANYTHING, ESSENTIAL, KINDS, PROJECT, WORK, WORKING

STEP = 5
_DEALS_IN = re.compile(
    r"\b(?:sells?|bakes?|makes?|repairs?|grows?|builds?|mends?|deals? in) (?P<goods>[a-z]+)\b(?! (?:and|or) \w+s\b \w+)"
)
_GUESTS = re.compile(
    r"ordering|reading the menu|throwing a round|paying at|strolling|dozing|saying hello|looking out for a"
)
_ESSENTIAL = re.compile(ESSENTIAL)
_IS_WORK = re.compile(rf"(?!.*\bat home\b|working on\b|preparing\b){WORKING}")
_USUAL_TASK = 15
_FEWEST, _MOST = 3, 8
_KNOWN_ACTIVITIES = 4096


def task_decomposition(prompt: Prompt) -> dict[str, Any]:
    """Tasks of varied lengths, multiples of five minutes, that fill the entry exactly; each with where it takes place.

    Where somebody is before a task is where the task before took place.
    """
    minutes, activity = int(prompt.said["minutes"]), prompt.said["activity"]
    seed = (prompt.name, prompt.sheet("Today"), prompt.said["start"], activity)
    phrases = _phrases(prompt)
    count = max(1, min(len(phrases), _count(minutes)))
    offer, here = Offer.of(prompt), places.here(prompt)
    tasks, start = [], _minute(prompt.said["start"])
    for task, length in zip(_some(phrases, count, seed), _lengths(minutes, count, seed), strict=True):
        shown = places.shown(f"{activity} ({task})", offer, here)
        here = tuple(shown["place"].split(": ")[:2])
        tasks.append({"start": clock_text(start), "task": task, **shown})
        start += length
    return {"tasks": tasks}


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _count(minutes: int) -> int:
    usual = max(_FEWEST, min(_MOST, round(minutes / _USUAL_TASK)))
    return min(usual, max(1, minutes // STEP))


def _phrases(prompt: Prompt) -> list[str]:
    """What is done in the activity: by its kind, else by its matter; what customers do is never done at work."""
    activity = prompt.said["activity"].lower()
    kinds = _kinds(activity)
    if _is_work(activity):
        known = next((phrases for phrases in kinds if not _is_of_guests(phrases)), None)
        return _of_goods(known or WORK, _goods(prompt))
    if kinds:
        return _of_goods(kinds[0], _goods(prompt))
    about = topic(activity if not activity.startswith("working on") else prompt.said["activity"])
    about = about if about.startswith("the ") else ""
    return [phrase.format(matter=about) for phrase in PROJECT] if about else list(ANYTHING)


@lru_cache(maxsize=_KNOWN_ACTIVITIES)
def _kinds(activity: str) -> tuple[tuple[str, ...], ...]:
    """The tasks of every kind that an activity may be of."""
    return tuple(kind.tasks for kind in KINDS if kind.words.search(activity))


def _is_work(activity: str) -> bool:
    """Whether it is done for others: away from home, by a verb that is not of leisure."""
    return bool(_IS_WORK.match(activity))


def _is_of_guests(phrases: tuple[str, ...]) -> bool:
    return any(_GUESTS.match(phrase) for phrase in phrases)


def _of_goods(phrases: tuple[str, ...], goods: str) -> list[str]:
    """The phrases with the goods in their places; without goods, those that need none."""
    return [phrase.format(goods=goods) for phrase in phrases if goods or "{goods}" not in phrase]


def _goods(prompt: Prompt) -> str:
    """What the persona deals with, by its background: `fish` of `sells fish at the harbour`; empty when unsaid."""
    for text in sentences(prompt.sheet("Background")):
        found = _DEALS_IN.search(text)
        if found and not re.match(r"(?:a|an|the|it|its|her|his|their|and)$", found["goods"].split()[0]):
            return found["goods"]
    return ""


def _some(phrases: list[str], count: int, seed: tuple[str, ...]) -> list[str]:
    """So many of the phrases, in their own order; the essential ones first of all."""
    ranked = sorted(range(len(phrases)), key=lambda k: (not _ESSENTIAL.match(phrases[k]), number(1 << 30, *seed, k), k))
    return [phrases[k] for k in sorted(ranked[:count])]


def _lengths(minutes: int, count: int, seed: tuple[str, ...]) -> list[int]:
    """`count` lengths that sum to `minutes`, of varied size; multiples of five but for a remainder in the last.

    Each further step goes to the shorter one of two, which keeps the lengths apart; none takes more than half.
    """
    steps = minutes // STEP
    if steps < count:
        return [minutes]
    lengths = [STEP] * count
    for k in range(steps - count):
        two = divmod(number(count * count, *seed, k), count)
        shorter = min(two, key=lengths.__getitem__)
        if 2 * (lengths[shorter] + STEP) > minutes:
            shorter = lengths.index(min(lengths))
        lengths[shorter] += STEP
    lengths[-1] += minutes % STEP
    return lengths

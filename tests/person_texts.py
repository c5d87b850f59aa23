"""The content of the texts about a person: places, hours of getting up and going to bed, habits."""

from __future__ import annotations

import re
from typing import Any

from persona.memory_structures.scratch import Scratch
from persona.prompt_template.questions import usual_day

_PLACE = re.compile(r"\b(?:at|in) (?:the )?([A-Z][\w']*(?:(?: &)? [A-Z][\w']*)*)")


def named_places(text: str) -> list[str]:
    """The names after "at" and "in", months left out."""
    return [name for name in _PLACE.findall(text) if name not in ("January", "June")]


def hours(person: Any) -> tuple[int, int]:
    """The minutes at which a person gets up and goes to sleep; over 1440 after midnight."""
    who = Scratch(name=person.name, lifestyle=person.lifestyle)
    up, bed = usual_day.told_wake_up_time(who), usual_day.told_bed_time(who)
    assert up is not None
    assert bed is not None
    return up, bed if bed > up else bed + 1440


def usual_entries(person: Any) -> list[tuple[str, int, int]]:
    """The daily plan as (activity, start, end) of the usual day."""
    who = Scratch(name=person.name, first_name=person.name.split(" ")[0], lifestyle=person.lifestyle)
    who.daily_plan_req = person.daily_plan
    up, _ = hours(person)
    at, found = 0, []
    for activity, minutes in usual_day.usual_day(who, up):
        if named_places(activity) or activity.endswith(" at home"):
            found.append((activity, at, at + minutes))
        at += minutes
    return found

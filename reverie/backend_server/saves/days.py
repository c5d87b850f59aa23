"""The undated state of a persona that changes daily: one file for each simulated day.

    reverie/days/2024-05-06.json    {persona: {key of scratch.json: value}}, as it was last saved on that day

Knows which keys these are and how a scratch of a day is put together; nothing of the simulation around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from saves.game_time import TIME_FORMAT

FOLDER = "reverie/days"
DAILY = ("currently", "daily_plan_req", "daily_req", "f_daily_schedule")
_PLANNED = ("daily_req", "f_daily_schedule")


def file_of(day: date) -> str:
    """The name of the file of a day, in the folder of a simulation."""
    return f"{FOLDER}/{day.isoformat()}.json"


def files(scratches: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The file of the day on which these people ({name: scratch}) are; none before their first step."""
    days: dict[date, dict[str, Any]] = {}
    for name, scratch in scratches.items():
        if day := _day_of(scratch):
            days.setdefault(day, {})[name] = {key: scratch.get(key) for key in DAILY}
    return ((file_of(day), people) for day, people in days.items())


def scratch_on(day: date, saved: Mapping[str, Any], recorded: Mapping[str, Any] | None) -> dict[str, Any]:
    """A persona's scratch with what belongs to a day.

    Args:
        saved: the scratch that was saved last.
        recorded: what the file of that day has of the persona; without it there is no plan of any day but the saved.
    """
    if _day_of(saved) == day:
        return dict(saved)
    return {**saved, **dict.fromkeys(_PLANNED, []), **(recorded or {})}


def _day_of(scratch: Mapping[str, Any]) -> date | None:
    text = scratch.get("curr_time")
    return datetime.strptime(text, TIME_FORMAT).date() if text else None

"""Formats of game time: one in `meta.json`, `scratch.json` and movement files, another in `nodes.json`.

A third format is for people to read, the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

TIME_FORMAT = "%B %d, %Y, %H:%M:%S"
DATE_FORMAT = "%B %d, %Y"
_NODE_FORMAT = "%Y-%m-%d %H:%M:%S"
_NODE_LENGTH = len("2024-05-06 07:00:00")


def time_at(meta: Mapping[str, Any], step: int) -> datetime:
    """The game time at the start of a step of a simulation, from its `meta.json`."""
    now = datetime.strptime(meta["curr_time"], TIME_FORMAT)
    return now + timedelta(seconds=(step - meta["step"]) * meta["sec_per_step"])


def shown_time(time: datetime) -> str:
    """A time for people to read: "March 4, 2024, 07:16:40"."""
    return f"{time:%B} {time.day}, {time:%Y, %H:%M:%S}"


@lru_cache(maxsize=1024)
def written_node_time(time: datetime) -> str:
    """A time in the format of `nodes.json`; cached, since the same times recur."""
    return time.isoformat(" ", "seconds")


def read_node_time(text: str) -> datetime:
    """A time that `nodes.json` holds; `strptime`, fifty times as slow, takes what is not padded with zeros."""
    padded = len(text) == _NODE_LENGTH and text[10] == " "
    return datetime.fromisoformat(text) if padded else datetime.strptime(text, _NODE_FORMAT)

"""An action: its place, its appearance and its poignancy.

Does not know whose action it is, its name in the schedule, or its time.
"""

from __future__ import annotations

from typing import NamedTuple


class PlannedAction(NamedTuple):
    """Others see `emoji`, the event persona + `predicate` + `object`, and the object in use in its `thing_state`.

    The fields `thing_...` are None if no object is used; an unknown poignancy (1..10) is None.
    """

    address: str
    emoji: str
    predicate: str
    object: str
    poignancy: int | None = None
    thing_state: str | None = None
    thing_emoji: str | None = None
    thing_poignancy: int | None = None

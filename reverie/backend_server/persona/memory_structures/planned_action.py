"""An action: where it takes place, how it shows, how much it matters.

Knows not who does it, what it is called in the schedule, nor when.
"""

from __future__ import annotations

from typing import NamedTuple


class PlannedAction(NamedTuple):
    """What is seen is `emoji`, and that the persona + `predicate` + `object`, and that the thing is `thing_state`.

    The thing's fields are None where there is no thing; a poignancy (1..10) that nobody gave is None.
    """

    address: str
    emoji: str
    predicate: str
    object: str
    poignancy: int | None = None
    thing_state: str | None = None
    thing_emoji: str | None = None
    thing_poignancy: int | None = None

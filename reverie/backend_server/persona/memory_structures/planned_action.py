"""An action: where it takes place, how it shows, how much it matters.

Knows its form as JSON; not who does it, what it is called in the schedule, nor when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


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

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> PlannedAction:
        """The action that a save holds.

        Raises:
            ValueError: it lacks something, or is not a planned action.
        """
        try:
            return cls(**saved)
        except TypeError as error:
            raise ValueError(f"{saved!r} is not a planned action") from error

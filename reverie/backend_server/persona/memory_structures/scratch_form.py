"""The values of `scratch.json`: their types in the state, how they are read, checked and written.

Knows kinds of values; not the keys, nor what follows from them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainSerializer

from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.schedule import MINUTES_A_DAY, whole_day
from saves.forms import AnyNumber, AnyText, form, or_none

_MINUTES_A_YEAR = 366 * MINUTES_A_DAY
_NOBODY = (None, None, None)
_Tile = tuple[AnyNumber, AnyNumber]

Clock = Annotated[
    str, form("a time of day like '06:30'", lambda text: datetime.strptime(text, "%H:%M").strftime("%H:%M"))
]
Minutes = Annotated[Annotated[AnyNumber, Field(ge=0, le=_MINUTES_A_YEAR)], form("minutes, less than a year of them")]
Tile = Annotated[_Tile | None, form("[x, y]", or_none())]
Path = Annotated[tuple[_Tile, ...], form("a list of [x, y]")]
Day = Annotated[tuple[tuple[AnyText, AnyNumber], ...], AfterValidator(whole_day), form("a list of [activity, minutes]")]
Texts = Annotated[tuple[AnyText, ...], form("a list of texts")]
Triple = Annotated[
    tuple[str | None, str | None, str | None],
    form("[subject, predicate, object]", lambda value: value or _NOBODY),
]
Lines = Annotated[tuple[tuple[AnyText, AnyText], ...] | None, form("a list of [speaker, line]", or_none())]
Thoughts = Annotated[
    tuple[tuple[Any, Any, Any, Any, AnyNumber], ...],
    form("a list of [text, subject, predicate, object, poignancy]"),
]
Buffers = Annotated[dict[str, AnyNumber], form("an object {name: steps}")]
PlannedActions = Annotated[
    dict[str, Annotated[PlannedAction, PlainSerializer(PlannedAction._asdict)]],
    form("an object {activity: action}"),
]

"""The usage of visitors: processes that ask a persona something while another process has its simulation open.

That process keeps the simulation's usage in memory and writes it as a whole, so a visitor leaves a record next to it,
and the process that has the simulation open adds it. Knows sums of records; not what the usage was for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from saves.inbox import Inbox, forget
from saves.json_files import DamagedSimulation, read_object

__all__ = ["forget", "leave", "total", "waiting", "with_visits"]

_COST = "cost_usd"
_VISITS = "llm_usage_visits"


def leave(simulation: Path, usage: Mapping[str, Any]) -> None:
    """Saves the usage of a visit, in the form of llm_usage.json, next to the simulation's own. Raises CannotWrite.

    Does nothing if the simulation was deleted meanwhile.
    """
    Inbox(simulation, _VISITS).leave(usage)


def waiting(simulation: Path) -> list[Path]:
    """The records not added yet, in a stable order."""
    return Inbox(simulation, _VISITS).waiting()


def with_visits(usage: Mapping[str, Any], records: Iterable[Path]) -> dict[str, Any]:
    """A usage and these records together. Raises DamagedSimulation."""
    together = dict(usage)
    for record in records:
        try:
            together = total(together, read_object(record))
        except (AttributeError, TypeError, ValueError, ArithmeticError) as error:
            raise DamagedSimulation(f"{record} and llm_usage.json beside it cannot be added ({error}).") from error
    return together


def total(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The sum of two usages, part by part; costs are decimal texts and stay exact."""
    return {key: _added(key, one.get(key), other.get(key)) for key in sorted({*one, *other})}


def _added(key: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, Mapping):
        return total(one, other)
    if key == _COST:
        return format((Decimal(one) + Decimal(other)).normalize(), "f")
    return one + other

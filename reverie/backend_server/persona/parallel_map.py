"""The type of a map over independent tasks, which may run them at the same time.

Knows no threads; the implementation does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Other = TypeVar("Other")


class ParallelMap(Protocol):
    """A map over items that do not touch each other's state; one of its tasks may map over items itself."""

    def __call__(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """The results in the order of the items."""


def both(each: ParallelMap, first: Callable[[], Result], second: Callable[[], Other]) -> tuple[Result, Other]:
    """The results of two tasks, run by `each`."""
    tasks: tuple[Callable[[], Any], ...] = first, second
    one, other = each(lambda task: task(), tasks)
    return one, other

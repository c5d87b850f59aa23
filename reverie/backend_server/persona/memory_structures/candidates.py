"""The memories that retrieval scores, with the figures for the score in arrays.

The arrays are updated with every change of a memory, so that a retrieval need not build them. Knows no scores and no
models.
"""

from __future__ import annotations

from array import array
from datetime import datetime

import numpy as np
import numpy.typing as npt

from persona.memory_structures.concept_node import ConceptNode

_EPOCH = datetime(1970, 1, 1)


class Candidates:
    """Memories in order of creation; the last added is the first removed."""

    def __init__(self) -> None:
        self.nodes: list[ConceptNode] = []
        self._places: dict[ConceptNode, int] = {}
        self._positions = array("q")
        self._poignancies = array("d")
        self._accessed = array("d")

    def append(self, node: ConceptNode, position: int) -> None:
        """Adds a memory; `position` is its place among all memories.

        Raises:
            TypeError, ValueError: its poignancy is not a number.
        """
        self._poignancies.append(float(node.poignancy))
        self._accessed.append(_seconds(node.last_accessed))
        self._positions.append(position)
        self._places[node] = len(self.nodes)
        self.nodes.append(node)

    def pop(self) -> None:
        """Removes the last memory."""
        del self._places[self.nodes.pop()]
        for figures in (self._poignancies, self._accessed, self._positions):
            figures.pop()

    def follow(self, node: ConceptNode) -> None:
        """Updates the last access of a memory, if it is one of these."""
        place = self._places.get(node)
        if place is not None:
            self._accessed[place] = _seconds(node.last_accessed)

    def poignancies(self) -> npt.NDArray[np.float64]:
        """The poignancy of each: shape (candidates,)."""
        return np.array(self._poignancies)

    def last_accessed(self) -> npt.NDArray[np.float64]:
        """The last access of each, in seconds of game time: shape (candidates,)."""
        return np.array(self._accessed)

    def positions(self) -> npt.NDArray[np.int64]:
        """The place of each among all memories, counted from 0: shape (candidates,)."""
        return np.array(self._positions)


def _seconds(time: datetime) -> float:
    return (time - _EPOCH).total_seconds()

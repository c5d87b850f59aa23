"""What can come to mind: the memories that retrieval scores, with their scored figures in arrays.

The arrays follow every change of a memory, so that a retrieval builds nothing. Knows no scores and no models.
"""

from __future__ import annotations

from array import array
from datetime import datetime

import numpy as np
import numpy.typing as npt

from persona.memory_structures.concept_node import ConceptNode

_EPOCH = datetime(1970, 1, 1)


class Candidates:
    """Memories in order of their making; the last that came is the first to go."""

    def __init__(self) -> None:
        self.nodes: list[ConceptNode] = []
        self._places: dict[ConceptNode, int] = {}
        self._positions = array("q")
        self._poignancies = array("d")
        self._accessed = array("d")

    def append(self, node: ConceptNode, position: int) -> None:
        """Takes in a memory; `position` is its place among all memories.

        Raises:
            TypeError, ValueError: its poignancy is not a number.
        """
        self._poignancies.append(float(node.poignancy))
        self._accessed.append(_seconds(node.last_accessed))
        self._positions.append(position)
        self._places[node] = len(self.nodes)
        self.nodes.append(node)

    def pop(self) -> None:
        """Drops the memory that came last."""
        del self._places[self.nodes.pop()]
        for figures in (self._poignancies, self._accessed, self._positions):
            figures.pop()

    def follow(self, node: ConceptNode) -> None:
        """Notes when a memory, if it is one of these, was last thought of."""
        place = self._places.get(node)
        if place is not None:
            self._accessed[place] = _seconds(node.last_accessed)

    def poignancies(self) -> npt.NDArray[np.float64]:
        """How much each matters: shape (candidates,)."""
        return np.array(self._poignancies)

    def last_accessed(self) -> npt.NDArray[np.float64]:
        """When each was last thought of, in seconds of game time: shape (candidates,)."""
        return np.array(self._accessed)

    def positions(self) -> npt.NDArray[np.int64]:
        """The place of each among all memories, counted from 0: shape (candidates,)."""
        return np.array(self._positions)


def _seconds(time: datetime) -> float:
    return (time - _EPOCH).total_seconds()

"""The embeddings of a memory: vectors by text, all of one model and one length, in one matrix.

Knows the name of the model that made them, so that vectors of different models are never compared; calls no model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
_FIRST_CAPACITY = 256


class Embeddings(Mapping[str, Numbers]):
    """{text: vector} in the order in which they were added, in single precision.

    Args:
        vectors: {text: vector}, all of one length.
        model: the model that made them; "" when it is unknown, or as long as there are no vectors.

    Raises:
        ValueError: the vectors are not of one length, or not of numbers.
    """

    def __init__(self, vectors: Mapping[str, Sequence[float] | Numbers] | None = None, model: str = "") -> None:
        self.model = model
        self._rows: dict[str, int] = {}
        self._vectors: Numbers = np.empty((0, 0), dtype=np.float32)
        self._norms: Numbers = np.empty(0, dtype=np.float32)
        if vectors:
            self._vectors = np.array(list(vectors.values()), dtype=np.float32)
            self._norms = _norms(self._vectors)
            self._rows = {text: row for row, text in enumerate(vectors)}

    def __getitem__(self, text: str) -> Numbers:
        vector: Numbers = self._vectors[self._rows[text]]
        return vector

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __contains__(self, text: object) -> bool:
        return text in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimensions(self) -> int:
        """The length of the vectors; 0 without vectors."""
        return self._vectors.shape[1] if self._rows else 0

    def fits(self, length: int) -> bool:
        """Whether a vector of this length can be compared with the others."""
        return length == self.dimensions or not self._rows

    def row(self, text: str) -> int | None:
        """The row of a text's vector, counted from 0; None without one."""
        return self._rows.get(text)

    def add(self, text: str, vector: Sequence[float]) -> None:
        """Adds the vector of a text, unless it has one.

        Raises:
            ValueError: its length is not that of the others.
        """
        if text in self._rows:
            return
        if not self.fits(len(vector)):
            raise ValueError(f"a vector of {len(vector)} numbers does not go with those of {self.dimensions}")
        self._make_room(len(vector))
        count = len(self._rows)
        self._vectors[count] = _bounded(vector)
        self._norms[count] = _norms(self._vectors[count : count + 1])[0]
        self._rows[text] = count

    def similarities(self, focus: Sequence[float]) -> Numbers:
        """The cosine similarity of every vector to the focus: shape (vectors,), float32, in -1..1."""
        point = _bounded(focus).astype(np.float32)
        count = len(self._rows)
        cosines: Numbers = self._vectors[:count] @ point / (self._norms[:count] * _norms(point[np.newaxis])[0])
        return cosines

    def truncate(self, count: int) -> None:
        """Removes all except the first `count` vectors."""
        while len(self._rows) > count:
            self._rows.popitem()

    def _make_room(self, dimensions: int) -> None:
        count = len(self._rows)
        if not count:
            self._vectors = np.empty((_FIRST_CAPACITY, dimensions), dtype=np.float32)
            self._norms = np.empty(_FIRST_CAPACITY, dtype=np.float32)
        elif count == len(self._norms):
            self._vectors = _with_room(self._vectors)
            self._norms = _with_room(self._norms)


def _with_room(numbers: Numbers) -> Numbers:
    """The same with twice as many rows; the new ones take no memory before they are used."""
    larger = np.empty((2 * len(numbers), *numbers.shape[1:]), dtype=np.float32)
    larger[: len(numbers)] = numbers
    return larger


def _bounded(vector: Sequence[float]) -> npt.NDArray[np.float64]:
    """The same direction, with a length whose square fits in single precision."""
    numbers = np.asarray(vector, dtype=np.float64)
    largest = np.abs(numbers).max(initial=0)
    return numbers / largest if largest > np.sqrt(np.finfo(np.float32).max / max(1, len(numbers))) else numbers


def _norms(rows: Numbers) -> Numbers:
    """The length of each row, 1 for the zero vector; the same for a row alone and among others."""
    norms = np.linalg.norm(rows, axis=1)
    return np.asarray(np.where(norms == 0, 1, norms), dtype=np.float32)

"""The embeddings of a memory: vectors by text, all of one model and one length, in one matrix.

Knows the name of the model that made them, so that vectors of different models are never compared; calls no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

_FIRST_CAPACITY = 256


class Embeddings:
    """Vectors in the order in which they were added, as single floats.

    Args:
        vectors: {text: vector}, as `embeddings.json` holds it.
        model: the model that made them; "" when nobody knows.
    """

    def __init__(self, vectors: Mapping[str, Sequence[float]] | None = None, model: str = "") -> None:
        lengths = {len(vector) for vector in (vectors or {}).values()}
        # Vectors that cannot all be of one model are as good as vectors of an unknown one.
        self.model = model if len(lengths) <= 1 else ""
        self._unfit = dict(vectors or {}) if len(lengths) > 1 else {}
        self._rows: dict[str, int] = {}
        self._vectors = np.empty((0, 0), dtype=np.float32)
        self._norms = np.empty(0, dtype=np.float32)
        if len(lengths) == 1:
            self._fill(vectors)

    def __contains__(self, text: object) -> bool:
        return text in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimensions(self) -> int:
        """The length of the vectors; 0 as long as there is none."""
        return self._vectors.shape[1] if self._rows else 0

    def fits(self, length: int) -> bool:
        """Whether a vector of this length can be compared with those there are; 0 stands for any."""
        return length in (0, self.dimensions) or not self._rows

    def add(self, text: str, vector: Sequence[float]) -> None:
        """Keeps the vector of a text; the first one stays.

        Raises:
            ValueError: its length is not that of the others.
        """
        if text in self._rows:
            return
        row = np.asarray(vector, dtype=np.float32)
        if not self.fits(len(row)):
            raise ValueError(f"a vector of {len(row)} numbers does not go with those of {self.dimensions}")
        self._make_room(len(row))
        count = len(self._rows)
        self._vectors[count] = row
        self._norms[count] = np.linalg.norm(row) or 1
        self._rows[text] = count

    def similarities(self, texts: Sequence[str], focus: Sequence[float]) -> np.ndarray:
        """The cosine similarity of each text's vector to the focus: shape (texts,).

        Raises:
            KeyError: a text has no vector.
        """
        point = np.asarray(focus, dtype=np.float32)
        count = len(self._rows)
        every = self._vectors[:count] @ (point / (np.linalg.norm(point) or 1)) / self._norms[:count]
        return every[[self._rows[text] for text in texts]]

    def truncate(self, count: int) -> None:
        """Forgets all but the first `count` vectors."""
        while len(self._rows) > count:
            self._rows.popitem()

    def to_json(self) -> dict[str, Sequence[float]]:
        """{text: vector}, in order."""
        return {**self._unfit, **{text: self._vectors[row] for text, row in self._rows.items()}}

    def _fill(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self._vectors = np.array(list(vectors.values()), dtype=np.float32)
        norms = np.linalg.norm(self._vectors, axis=1)
        self._norms = np.where(norms == 0, 1, norms).astype(np.float32)
        self._rows = {text: row for row, text in enumerate(vectors)}

    def _make_room(self, dimensions: int) -> None:
        count = len(self._rows)
        if not count:
            self._vectors = np.empty((_FIRST_CAPACITY, dimensions), dtype=np.float32)
            self._norms = np.empty(_FIRST_CAPACITY, dtype=np.float32)
        elif count == len(self._norms):
            self._vectors = np.concatenate([self._vectors, np.empty_like(self._vectors)])
            self._norms = np.concatenate([self._norms, np.empty_like(self._norms)])

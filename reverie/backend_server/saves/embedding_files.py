"""The embeddings of a persona on disk: rows of numbers in a file that only grows, and an index of their texts.

    embedding_model.json   {"model", "dimensions", "vectors": "embeddings_1.f32", "texts": [...]}
    embeddings_1.f32       a row for each of the texts, in order: 32-bit floats, little-endian
    embeddings.json        {text: [float, ...]}: the classic format, for the original code

New texts of a run are in the memory log until the index is written again. Rows beyond those counted by the two were
left by a crash: they are never read, but overwritten. Recomputed vectors go to a new file. The classic file is read
only if there is an index that names its model and no rows. Knows these formats and how they change with a checkpoint;
not models, nor what the texts mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from saves.checkpoint import Checkpoint
from saves.json_files import Content, DamagedSimulation, StorageError, read_object, to_bytes
from saves.memory_log import MemoryLog, with_gains

INDEX = "embedding_model.json"
CLASSIC = "embeddings.json"
CLASSIC_LENGTH = 1536  # of the vectors of all models that the original code has used
_ROWS_FILE = re.compile(r"embeddings_([1-9]\d{0,8})\.f32")
_VECTORS_A_PART = 256
_FLOAT = np.dtype("<f4")

Vector = Sequence[float] | npt.NDArray[np.float32]
Vectors = Mapping[str, Vector]


class Saved(NamedTuple):
    """The contents of the files of one persona.

    `counted` is the index with all texts, of which its own file has `texts_in_file`; `vectors` is the mapping they were
    saved from, if this process saved them.
    """

    counted: Mapping[str, Any]
    texts_in_file: int
    vectors: Vectors | None = None


class Change(NamedTuple):
    """The changes of a checkpoint to the files of one persona: those to write, and those to remove.

    `saved` are their contents afterwards; `logged` are the new texts that are not in the index, for the log.
    """

    saved: Saved
    contents: Iterable[tuple[str, bytes]] = ()
    removed: Sequence[str] = ()
    logged: Sequence[str] = ()


class EmbeddingFiles:
    """The embeddings of one persona in the saved state of a simulation; `folder` is that of its associative memory.

    Their contents are remembered from the last `read` on; a caller that makes a `change` current must note it.
    """

    def __init__(self, checkpoint: Checkpoint, folder: str) -> None:
        self._checkpoint = checkpoint
        self._folder = folder
        self._known: Saved | None = None

    def read(self) -> tuple[Vectors, str]:
        """{text: vector}, and the model that made them; empty if the model is unknown.

        Raises:
            DamagedSimulation: the index is malformed, or names a file that cannot contain its rows.
        """
        self._known = self._read_index()
        index = self._known.counted
        if not index:
            return {}, ""
        texts, rows = (index["texts"], self._rows(index)) if "texts" in index else self._classic()
        return dict(zip(texts, rows, strict=False)), index["model"]

    def change(self, vectors: Vectors, model: str, *, to_log: bool = False) -> Change:
        """The changes for a checkpoint with these vectors; rows after the saved ones are written now, uncounted.

        Vectors saved from the same mapping are assumed to be in it still, in the same order. `to_log`: keeps the index
        unchanged if possible.
        """
        known = self._saved()
        if not vectors:
            return self._named(model) if model and not known.counted and not self._their_classic() else Change(known)
        is_same = vectors is known.vectors and model == known.counted["model"]
        if not is_same and not self._begins_with_saved(vectors, model):
            return self._remade(vectors, model)
        index, saved = known.counted, known.counted["texts"]
        new = list(islice(vectors, len(saved), None))
        if new:
            rows = _row_bytes([vectors[text] for text in new])
            self._checkpoint.extend(self._path(index["vectors"]), _rows_size(index), rows)
            index = {**index, "texts": [*saved, *map(_unicode, new)]}
        if to_log or known.texts_in_file == len(index["texts"]):
            return Change(Saved(index, known.texts_in_file, vectors), logged=index["texts"][len(saved) :])
        contents = [(self._path(INDEX), to_bytes(index, indent=True))]
        return Change(Saved(index, len(index["texts"]), vectors), contents)

    def is_current(self, change: Change) -> None:
        """Notes that a checkpoint contains the result of `change`."""
        self._known = change.saved

    def classic(self, vectors: Vectors, keys: Iterable[str]) -> tuple[str, Content] | None:
        """The classic file; None if the existing one can be kept.

        The original code expects a vector for each of the `keys`: a text without a vector of the model gets a
        placeholder that is similar to nothing in particular.
        """
        known = vectors or self._their_classic()
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if not vectors and not missing and self._file(CLASSIC).is_file():
            return None
        whole = {**known, **dict.fromkeys(missing, _neutral_beside(known))}
        return self._path(CLASSIC), _in_parts({_unicode(text): vector for text, vector in whole.items()})

    def take_back(self) -> None:
        """Removes uncounted rows."""
        index = self._saved().counted
        if "texts" in index:
            file, size = self._file(index["vectors"]), _rows_size(index)
            if file.is_file() and file.stat().st_size > size:
                with file.open("r+b") as stream:
                    stream.truncate(size)

    def _saved(self) -> Saved:
        if self._known is None:
            self._known = self._read_index()
        return self._known

    def _read_index(self) -> Saved:
        lines = MemoryLog(self._checkpoint, self._folder).read()
        file = self._file(INDEX)
        if not file.is_file():
            return Saved({}, 0)
        index = read_object(file)
        if not _is_index(index):
            raise DamagedSimulation(
                f"{file} must name a model and, when it has texts, the length of their vectors and a file of rows like "
                "embeddings_1.f32. Fix it, or remove it: then the vectors are made again."
            )
        in_file = len(index.get("texts", ()))
        return Saved(with_gains(INDEX, index, lines), in_file)

    def _begins_with_saved(self, vectors: Vectors, model: str) -> bool:
        """Whether the saved vectors are the first of these."""
        index = self._saved().counted
        saved = index.get("texts", [])
        texts = [_unicode(text) for text in islice(vectors, len(saved))]
        return bool(saved) and model == index["model"] and texts == saved and self._has_rows(index, vectors)

    def _rows(self, index: Mapping[str, Any]) -> npt.NDArray[np.float32]:
        """Shape (rows, dimensions): the existing ones of the rows counted by the index.

        Raises:
            DamagedSimulation: they contain a value that is not a number.
        """
        file, dimensions = self._file(index["vectors"]), index["dimensions"]
        content = file.read_bytes() if file.is_file() else b""
        count = min(len(index["texts"]), len(content) // (dimensions * _FLOAT.itemsize))
        rows = np.frombuffer(content, _FLOAT, count * dimensions).reshape(count, dimensions)
        if not np.isfinite(rows).all():
            raise DamagedSimulation(f"{file} holds what is not a number. Remove it: then the vectors are made again.")
        return rows

    def _has_rows(self, index: Mapping[str, Any], vectors: Vectors) -> bool:
        """Whether the rows counted by the index exist, and have the length of these vectors."""
        file, length = self._file(index["vectors"]), len(next(iter(vectors.values())))
        return length == index["dimensions"] and file.is_file() and file.stat().st_size >= _rows_size(index)

    def _named(self, model: str) -> Change:
        """Names the model before there are vectors, so that placeholders in the classic file can be recognized."""
        index = {"model": model}
        return Change(Saved(index, 0), [(self._path(INDEX), to_bytes(index, indent=True))])

    def _remade(self, vectors: Vectors, model: str) -> Change:
        old = self._row_files()
        numbers = [int(found[1]) for name in old if (found := _ROWS_FILE.fullmatch(name))]
        file = f"embeddings_{max(numbers, default=0) + 1}.f32"
        texts, rows = [_unicode(text) for text in vectors], list(vectors.values())
        index = {"model": model, "dimensions": len(rows[0]), "vectors": file, "texts": texts}
        contents = [(self._path(file), _row_bytes(rows)), (self._path(INDEX), to_bytes(index, indent=True))]
        return Change(Saved(index, len(texts), vectors), contents, [self._path(name) for name in old])

    def _row_files(self) -> list[str]:
        names = (name.rpartition("/")[2] for name in self._checkpoint.files(self._folder))
        return [name for name in names if _ROWS_FILE.fullmatch(name)]

    def _classic(self) -> tuple[list[str], npt.NDArray[np.float32]]:
        """The texts and rows of the classic file without placeholders; none if they are not comparable."""
        vectors = read_object(self._file(CLASSIC)) if self._file(CLASSIC).is_file() else {}
        try:
            with np.errstate(over="ignore"):
                rows = np.array(list(vectors.values()), dtype=_FLOAT)
        except (TypeError, ValueError, OverflowError):
            rows = np.empty(0, _FLOAT)
        if rows.ndim != 2 or not rows.shape[1] or not np.isfinite(rows).all():
            return [], np.empty((0, 0), _FLOAT)
        real = (rows != _FLOAT.type(_neutral(rows.shape[1]))).any(axis=1)
        return [text for text, is_real in zip(vectors, real, strict=True) if is_real], rows[real]

    def _their_classic(self) -> Vectors:
        """The valid vectors in a classic file that another program wrote; none if it cannot be read."""
        try:
            return {text: vector for text, vector in read_object(self._file(CLASSIC)).items() if _is_of_numbers(vector)}
        except StorageError:
            return {}

    def _file(self, name: str) -> Path:
        return self._checkpoint.file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"


def _is_index(index: Mapping[str, Any]) -> bool:
    """Whether it has the format we write, or only names a model; a file's name is never a path."""
    texts, dimensions, file = index.get("texts"), index.get("dimensions"), index.get("vectors")
    if not isinstance(index.get("model"), str):
        return False
    if "texts" not in index:
        return True
    has_texts = isinstance(texts, list) and all(isinstance(text, str) for text in texts)
    has_length = type(dimensions) is int and dimensions > 0
    return has_texts and has_length and isinstance(file, str) and bool(_ROWS_FILE.fullmatch(file))


def _rows_size(index: Mapping[str, Any]) -> int:
    """The bytes of the rows that an index counts."""
    return len(index["texts"]) * int(index["dimensions"]) * _FLOAT.itemsize


def _row_bytes(rows: Sequence[Vector]) -> bytes:
    return np.array(rows, dtype=_FLOAT).tobytes()


def _in_parts(vectors: Vectors) -> Iterator[bytes]:
    """{text: vector} as JSON, in pieces: the whole may have hundreds of megabytes."""
    items = iter(vectors.items())
    before = b"{"
    while part := dict(islice(items, _VECTORS_A_PART)):
        yield before + to_bytes(part)[1:-1]
        before = b","
    yield b"}" if vectors else b"{}"


def _neutral_beside(known: Vectors) -> list[float]:
    """A placeholder of the length of the others that no model would return."""
    lengths = (len(vector) for vector in known.values() if isinstance(vector, (list, np.ndarray)))
    length = next(lengths, 0) or CLASSIC_LENGTH
    return [_neutral(length)] * length


def _neutral(length: int) -> float:
    """The value of every number in a placeholder of this length."""
    return float(length**-0.5)


def _is_of_numbers(vector: Any) -> bool:
    try:
        return bool(np.isfinite(np.array(vector, dtype=float)).all())
    except (TypeError, ValueError, OverflowError):
        return False


def _unicode(text: str) -> str:
    """The text with any half of a surrogate pair, which a file cannot contain, replaced by a question mark."""
    return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")

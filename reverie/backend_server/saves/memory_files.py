"""The folder of one persona's associative memory: its classic files, its embeddings, and the log of additions.

Knows which files there are and when each is written; not what a memory means, nor the rest of a checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saves.checkpoint import Checkpoint
from saves.embedding_files import CLASSIC, INDEX, Change, EmbeddingFiles, Vectors
from saves.json_files import Content, read_object, to_bytes
from saves.memory_log import COUNT, MemoryLog, with_gains

NODES = "nodes.json"
STRENGTH = "kw_strength.json"


@dataclass(frozen=True)
class PersonaFiles:
    """The contents of a persona's `bootstrap_memory`, as JSON values.

    `embeddings` is {text: vector}, all of one length, made by `embedding_model`; it may be empty. `extra` is {file
    name: content} of further JSON files in the folder of the associative memory. `nodes` is {node id: node};
    `embedding_keys`, only to be saved, are the texts of all memories. `only_news`, only to be saved by the process that
    has saved everything before: `nodes`, `kw_strength` and `extra` contain only additions and changes since then.
    """

    scratch: dict[str, Any]
    spatial: dict[str, Any]
    nodes: Mapping[str, Any]
    embeddings: Vectors
    kw_strength: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    embedding_model: str = ""
    embedding_keys: Sequence[str] = ()
    only_news: bool = False


class MemoryFiles:
    """The associative memory of one persona in the saved state of a simulation; `folder` is where it is."""

    def __init__(self, checkpoint: Checkpoint, folder: str) -> None:
        self._checkpoint = checkpoint
        self._folder = folder
        self._log = MemoryLog(checkpoint, folder)
        self._embeddings = EmbeddingFiles(checkpoint, folder)

    def nodes(self) -> dict[str, Any]:
        """{node id: node}, in any order. Raises DamagedSimulation."""
        lines = self._log.read()  # first: they may move to the classic file in the meantime, but not disappear from it
        return with_gains(NODES, self._read(NODES), lines)

    def vectors(self) -> Vectors:
        """{text: vector} of all texts that have one. Raises DamagedSimulation."""
        return EmbeddingFiles(self._checkpoint, self._folder).read()[0]

    def read(self, scratch: dict[str, Any], spatial: dict[str, Any]) -> PersonaFiles:
        """All of it, together with the persona's other files. Raises DamagedSimulation.

        The files of embeddings and strengths may be missing: both can be recomputed from the memories.
        """
        vectors, model = self._embeddings.read()
        lines = self._log.read()
        there = {name.rpartition("/")[2] for name in self._checkpoint.files(self._folder) if name.endswith(".json")}
        names = there.union(*lines) - {CLASSIC, INDEX, COUNT} | {NODES}
        found = {name: with_gains(name, self._read(name, name != NODES), lines) for name in sorted(names)}
        return PersonaFiles(
            scratch, spatial, found.pop(NODES), vectors, found.pop(STRENGTH, {}), found, embedding_model=model
        )

    def state(self, files: PersonaFiles) -> Iterator[tuple[str, bytes]]:
        """The classic files of a checkpoint, except the embeddings; none if only additions are known."""
        if not files.only_news:
            for file, content in {NODES: dict(files.nodes), STRENGTH: files.kw_strength, **files.extra}.items():
                yield self._path(file), to_bytes(content, indent=True)

    def change(self, files: PersonaFiles) -> Change:
        """The changes of a checkpoint besides `state`; rows of embeddings and log lines are written now, uncounted."""
        change = self._embeddings.change(files.embeddings, files.embedding_model, to_log=files.only_news)
        if not files.only_news:
            return change._replace(removed=[*change.removed, *self._log.removed()])
        gains = {NODES: files.nodes, STRENGTH: files.kw_strength, **files.extra}
        if change.logged:
            gains[INDEX] = {"texts": change.logged}
        return change._replace(contents=[*change.contents, *self._log.extend(gains)])

    def is_current(self, change: Change) -> None:
        """Notes that a checkpoint contains the result of `change`."""
        self._embeddings.is_current(change)
        self._log.is_current()

    def classic_embeddings(self, files: PersonaFiles) -> tuple[str, Content] | None:
        """The classic file of embeddings; None if the existing one can be kept."""
        return self._embeddings.classic(files.embeddings, files.embedding_keys)

    def take_back(self) -> None:
        """Removes what the saved state does not count."""
        self._embeddings.take_back()
        self._log.take_back()

    def _read(self, name: str, may_be_missing: bool = False) -> dict[str, Any]:
        file = self._checkpoint.file(self._path(name))
        return {} if may_be_missing and not file.is_file() else read_object(file)

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

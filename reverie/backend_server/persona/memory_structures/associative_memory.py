"""The memory stream: what a persona has seen, thought and talked about, with embeddings and keywords.

Knows the format of `nodes.json` and `kw_strength.json`; nothing about models. Memories are only appended, so restoring
a snapshot means removing those after it, and those that a save lacks are at the end.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from persona.memory_structures.candidates import Candidates
from persona.memory_structures.concept_node import (
    CHAT,
    EVENT,
    IDLE,
    THOUGHT,
    Concept,
    ConceptNode,
)
from persona.memory_structures.contents import Contents, NodesAsJson, access_times
from persona.memory_structures.embeddings import Embeddings, Numbers
from persona.memory_structures.kinds import KINDS, kind_of
from persona.memory_structures.word_index import WordIndex
from saves.game_time import read_node_time

__all__ = [
    "CHAT",
    "EVENT",
    "IDLE",
    "THOUGHT",
    "AssociativeMemory",
    "Concept",
    "ConceptNode",
    "Snapshot",
]


class Snapshot(NamedTuple):
    """The extent of the memory at a point in time."""

    nodes: int
    embeddings: Embeddings
    vectors: int
    found_rows: int


class Saved(NamedTuple):
    """The extent of a save: the number of nodes, and at least these embeddings."""

    nodes: int
    embeddings: Embeddings


class AssociativeMemory:
    """Concept nodes in order of creation, which can be found by keyword, by kind, or by embedding.

    Vectors may be added later than their memories, when they are needed. Memories of the `withheld` kinds are kept and
    saved like all others, but never retrieved.
    """

    def __init__(
        self,
        nodes: Mapping[str, Mapping[str, Any]] | None = None,
        embeddings: Embeddings | None = None,
        strength: Mapping[str, Mapping[str, int]] | None = None,
        last_accessed: Mapping[str, str] | None = None,
        withheld: Collection[str] = (),
    ) -> None:
        if unknown := sorted({*withheld} - {*KINDS}):
            raise ValueError(f"there is no kind of memory {unknown[0]!r}, only {', '.join(KINDS)}")
        self.withheld = withheld
        self.nodes: list[ConceptNode] = []
        self.id_to_node: dict[str, ConceptNode] = {}
        self.embedding_keys: list[str] = []
        self.embeddings = Embeddings() if embeddings is None else embeddings
        self._by_type: dict[str, list[ConceptNode]] = {EVENT: [], THOUGHT: [], CHAT: []}
        self._by_keyword: dict[str, dict[str, list[ConceptNode]]] = {
            kind: defaultdict(list) for kind in (EVENT, THOUGHT, CHAT)
        }
        self._events_saying: dict[str, list[ConceptNode]] = defaultdict(list)
        self._strength: dict[str, dict[str, int]] = {EVENT: {}, THOUGHT: {}}
        self._touched: list[tuple[ConceptNode, datetime]] = []
        self._candidates = Candidates()
        self._words = WordIndex()
        self._keywords: dict[frozenset[str], frozenset[str]] = {}
        self._rows = array("q")  # of the vectors of the first memories, as far as known
        self._rows_of = self.embeddings
        self._saved: Saved | None = None
        self._accessed_since: set[ConceptNode] = set()
        loaded = [ConceptNode.from_json(node_id, saved) for node_id, saved in (nodes or {}).items()]
        for node in sorted(loaded, key=lambda node: node.node_count):
            self._link(node)
        self.loaded = len(loaded)
        self._saved_strength = dict(strength or {})
        if strength:
            with _reading("kw_strength.json"):
                self._strength = {kind: _counts(strength.get(f"kw_strength_{kind}")) for kind in (EVENT, THOUGHT)}
        with _reading("last_accessed.json"):
            for node_id, time in (last_accessed or {}).items():
                if known := self.id_to_node.get(node_id):
                    self._access(known, read_node_time(time))

    # Storing

    def add_event(self, concept: Concept, now: datetime, filling: Iterable[str] = ()) -> ConceptNode:
        """Stores a perceived event; `filling` contains the id of the chat node if the event is a conversation."""
        return self._add(EVENT, concept, now, depth=0, expiration=None, filling=filling)

    def add_chat(self, concept: Concept, now: datetime, lines: Iterable[tuple[str, str]]) -> ConceptNode:
        """Stores a conversation with its lines."""
        return self._add(CHAT, concept, now, depth=0, expiration=None, filling=lines)

    def add_thought(
        self,
        concept: Concept,
        now: datetime,
        evidence: Iterable[str] = (),
        expiration: datetime | None = None,
    ) -> ConceptNode:
        """Stores a thought; one with evidence is one deeper than the deepest memory in it."""
        evidence = tuple(evidence)
        depth = 1 + max((self.id_to_node[node_id].depth for node_id in evidence), default=0)
        return self._add(THOUGHT, concept, now, depth=depth, expiration=expiration, filling=evidence)

    def touch(self, nodes: Iterable[ConceptNode], now: datetime) -> None:
        """Sets the last access of memories to now."""
        for node in nodes:
            self._touched.append((node, node.last_accessed))
            self._access(node, now)

    # Finding

    def events(self) -> Sequence[ConceptNode]:
        """Events, oldest first."""
        return self._by_type[EVENT]

    def thoughts(self) -> Sequence[ConceptNode]:
        """Thoughts, oldest first."""
        return self._by_type[THOUGHT]

    def chats(self) -> Sequence[ConceptNode]:
        """Conversations, oldest first."""
        return self._by_type[CHAT]

    def latest_triples(self, retention: int) -> set[tuple[str, str, str]]:
        """(subject, predicate, object) of the latest `retention` events."""
        return {node.triple for node in self._by_type[EVENT][-retention:]} if retention > 0 else set()

    def latest_event_saying(self, description: str) -> ConceptNode | None:
        """The latest event with exactly this description, if there was one."""
        events = self._events_saying.get(description)
        return events[-1] if events else None

    def related(self, kind: str, keywords: Iterable[str]) -> list[ConceptNode]:
        """Memories of one kind that share a keyword, each once, newest first."""
        index = self._by_keyword[kind]
        found = {node.node_count: node for word in keywords for node in index.get(word.lower(), ())}
        return [found[count] for count in sorted(found, reverse=True) if not self.withholds(found[count])]

    def last_chat_with(self, partner: str) -> ConceptNode | None:
        """The latest conversation with a persona, if there was one."""
        chats = self._by_keyword[CHAT].get(partner.lower())
        return chats[-1] if chats else None

    # Retrieval

    def withholds(self, node: ConceptNode) -> bool:
        """Whether a memory is of a withheld kind."""
        return bool(self.withheld) and kind_of(node, self.id_to_node) in self.withheld

    def candidates(self) -> Sequence[ConceptNode]:
        """The memories that can be retrieved: events and thoughts, except about idle objects, in order of creation."""
        return self._candidates.nodes

    def poignancies(self) -> npt.NDArray[np.float64]:
        """The poignancy of each candidate: shape (candidates,)."""
        return self._candidates.poignancies()

    def last_accessed(self) -> npt.NDArray[np.float64]:
        """The last access of each candidate, in seconds of game time: shape (candidates,)."""
        return self._candidates.last_accessed()

    def similarities(self, focus: Sequence[float]) -> Numbers:
        """The cosine similarity of each candidate's vector to the focus: shape (candidates,).

        Raises:
            IndexError: a memory has none (see `without_vector`).
        """
        self._find_rows()
        found: Numbers = self.embeddings.similarities(focus)[np.array(self._rows)[self._candidates.positions()]]
        return found

    def sharing_words(self, text: str, most: int) -> list[ConceptNode]:
        """The candidates that share the rarest words with a text, best first."""
        return self._words.search(text, most)

    def without_vector(self) -> list[str]:
        """The texts to embed of all memories that have no vector yet, each once, oldest first."""
        self._find_rows()
        keys = dict.fromkeys(self.embedding_keys[len(self._rows) :])
        return [key for key in keys if key not in self.embeddings]

    # Snapshots

    def snapshot(self) -> Snapshot:
        """The state that `restore` returns to; from now on earlier snapshots cannot be restored."""
        self._touched.clear()
        found = len(self._rows) if self._rows_of is self.embeddings else 0
        return Snapshot(len(self.nodes), self.embeddings, len(self.embeddings), found)

    def with_present_embeddings(self, snapshot: Snapshot) -> Snapshot:
        """A snapshot from which `restore` keeps the embeddings of now: they were paid for, and are still valid."""
        return snapshot._replace(embeddings=self.embeddings, vectors=len(self.embeddings))

    def restore(self, snapshot: Snapshot) -> None:
        """Undoes what was stored or accessed since the snapshot."""
        while self._touched:
            self._access(*self._touched.pop())
        while len(self.nodes) > snapshot.nodes:
            self._unlink()
        self.embeddings = snapshot.embeddings
        self.embeddings.truncate(snapshot.vectors)
        del self._rows[snapshot.found_rows :]  # later rows may have been removed

    # Saving

    def contents(self) -> Contents:
        """Everything; the nodes newest first, as in the original code, and each created lazily."""
        strength = {f"kw_strength_{kind}": counts for kind, counts in self._strength.items()}
        accessed = (node for node in self.nodes if node.last_accessed != node.created)
        return Contents(NodesAsJson(self.nodes), self._saved_strength | strength, access_times(accessed))

    def news(self) -> Contents | None:
        """Additions and changes since `note_saved`; None if everything has to be saved."""
        if not self._saved or self._saved.embeddings is not self.embeddings:
            return None
        new = self.nodes[self._saved.nodes :]
        strength: dict[str, dict[str, int]] = {}
        for node in new:
            if node.strengthens_keywords:
                counts = self._strength[node.type]
                strength.setdefault(f"kw_strength_{node.type}", {}).update(
                    (word, counts[word]) for word in sorted(node.keywords)
                )
        accessed = sorted(self._accessed_since, key=lambda node: node.node_count)
        return Contents({node.node_id: node.to_json() for node in new}, strength, access_times(accessed))

    def note_saved(self) -> None:
        """Notes that everything has been saved in its current state."""
        self._saved = Saved(len(self.nodes), self.embeddings)
        self._accessed_since.clear()

    # Details

    def _add(
        self,
        kind: str,
        concept: Concept,
        now: datetime,
        *,
        depth: int,
        expiration: datetime | None,
        filling: Iterable[Any],
    ) -> ConceptNode:
        count = self.nodes[-1].node_count + 1 if self.nodes else 1
        node = ConceptNode(
            node_id=f"node_{count}",
            node_count=count,
            type_count=len(self._by_type[kind]) + 1,
            type=kind,
            depth=depth,
            created=now,
            expiration=expiration,
            subject=concept.subject,
            predicate=concept.predicate,
            object=concept.object,
            description=concept.description,
            embedding_key=concept.embedding_key,
            poignancy=concept.poignancy,
            keywords=frozenset(word.lower() for word in concept.keywords),
            filling=tuple(filling),
        )
        self._link(node)
        return node

    def _link(self, node: ConceptNode) -> None:
        node.keywords = self._keywords.setdefault(node.keywords, node.keywords)  # most memories repeat others
        if node.can_come_to_mind and not self.withholds(node):
            self._candidates.append(node, len(self.nodes))
            self._words.append(node)
        self.nodes.append(node)
        self.id_to_node[node.node_id] = node
        self.embedding_keys.append(node.embedding_key)
        self._by_type[node.type].append(node)
        for word in node.keywords:
            self._by_keyword[node.type][word].append(node)
        if node.type == EVENT:
            self._events_saying[node.description].append(node)
        if node.strengthens_keywords:
            strength = self._strength[node.type]
            for word in sorted(node.keywords):
                strength[word] = strength.get(word, 0) + 1

    def _unlink(self) -> None:
        node = self.nodes.pop()
        if self._saved and len(self.nodes) < self._saved.nodes:
            self._saved = None
        self._accessed_since.discard(node)
        if node.can_come_to_mind and not self.withholds(node):
            self._candidates.pop()
            self._words.pop(node)
        del self.id_to_node[node.node_id]
        self.embedding_keys.pop()
        self._by_type[node.type].pop()
        for word in node.keywords:
            self._by_keyword[node.type][word].pop()
        if node.type == EVENT:
            self._events_saying[node.description].pop()
        if node.strengthens_keywords:
            strength = self._strength[node.type]
            for word in node.keywords:
                strength[word] -= 1
                if strength[word] <= 0:
                    del strength[word]

    def _access(self, node: ConceptNode, time: datetime) -> None:
        node.last_accessed = time
        self._accessed_since.add(node)
        self._candidates.follow(node)

    def _find_rows(self) -> None:
        """Looks up the rows of the memories' vectors, each once, up to the first memory without one."""
        if self._rows_of is not self.embeddings:
            self._rows_of, self._rows = self.embeddings, array("q")
        for key in self.embedding_keys[len(self._rows) :]:
            row = self.embeddings.row(key)
            if row is None:
                return
            self._rows.append(row)


def _counts(saved: Mapping[str, Any] | None) -> dict[str, int]:
    return {word: int(count) for word, count in (saved or {}).items()}


@contextmanager
def _reading(file: str) -> Iterator[None]:
    """Names the file in exceptions about malformed content."""
    try:
        yield
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is malformed: {error}") from error

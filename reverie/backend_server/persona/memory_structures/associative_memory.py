"""The memory stream: what a persona has seen, thought and talked about, with embeddings and keywords.

Knows the form of `nodes.json` and `kw_strength.json`; nothing of models. A memory only grows at its
end, so going back to a mark means cutting what came after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from persona.memory_structures.embeddings import Embeddings

NODE_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
EVENT, THOUGHT, CHAT = "event", "thought", "chat"
IDLE = "idle"


@dataclass(eq=False, slots=True)
class ConceptNode:
    """One memory. `filling`: node ids (thought: its evidence; event: its chat) or (speaker, line) pairs (chat)."""

    node_id: str
    node_count: int
    type_count: int
    type: str
    depth: int
    created: datetime
    expiration: datetime | None
    subject: str
    predicate: str
    object: str
    description: str
    embedding_key: str
    poignancy: int
    keywords: frozenset[str]
    filling: tuple[Any, ...]
    last_accessed: datetime

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.subject, self.predicate, self.object

    def to_json(self) -> dict[str, Any]:
        """The node as `nodes.json` holds it."""
        return {
            "node_count": self.node_count,
            "type_count": self.type_count,
            "type": self.type,
            "depth": self.depth,
            "created": self.created.strftime(NODE_TIME_FORMAT),
            "expiration": self.expiration and self.expiration.strftime(NODE_TIME_FORMAT),
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "description": self.description,
            "embedding_key": self.embedding_key,
            "poignancy": self.poignancy,
            "keywords": sorted(self.keywords),
            "filling": [list(part) if isinstance(part, tuple) else part for part in self.filling],
        }


class Concept(NamedTuple):
    """A memory about to be stored: what the caller knows of it."""

    subject: str
    predicate: str
    object: str
    description: str
    embedding_key: str
    poignancy: int
    keywords: Iterable[str]


class Mark(NamedTuple):
    """How far the memory reached."""

    nodes: int
    embeddings: Embeddings
    vectors: int


class AssociativeMemory:
    """Concept nodes in the order of their making, found again by keyword, by kind, or by embedding."""

    def __init__(
        self,
        nodes: Mapping[str, Mapping[str, Any]] | None = None,
        embeddings: Embeddings | None = None,
        strength: Mapping[str, Mapping[str, int]] | None = None,
        last_accessed: Mapping[str, str] | None = None,
    ) -> None:
        self.nodes: list[ConceptNode] = []
        self.id_to_node: dict[str, ConceptNode] = {}
        self.embeddings = Embeddings() if embeddings is None else embeddings
        self._by_type: dict[str, list[ConceptNode]] = {EVENT: [], THOUGHT: [], CHAT: []}
        self._by_keyword: dict[str, dict[str, list[ConceptNode]]] = {
            kind: defaultdict(list) for kind in (EVENT, THOUGHT, CHAT)
        }
        self._strength: dict[str, dict[str, int]] = {EVENT: {}, THOUGHT: {}}
        self._touched: list[tuple[ConceptNode, datetime]] = []
        for node in sorted(
            (_node_from_json(node_id, saved) for node_id, saved in (nodes or {}).items()),
            key=lambda node: node.node_count,
        ):
            self._link(node)
        if strength:
            self._strength = {kind: dict(strength.get(f"kw_strength_{kind}", {})) for kind in (EVENT, THOUGHT)}
        for node_id, time in (last_accessed or {}).items():
            self.id_to_node[node_id].last_accessed = datetime.strptime(time, NODE_TIME_FORMAT)

    # Storing

    def add_event(self, concept: Concept, now: datetime, filling: Iterable[str] = ()) -> ConceptNode:
        """Stores something perceived; `filling` holds the id of the chat node when the event is a talk."""
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
        """Stores a thought; one made from others is one deeper than the deepest of its evidence."""
        evidence = tuple(evidence)
        depth = 1 + max((self.id_to_node[node_id].depth for node_id in evidence), default=0)
        return self._add(THOUGHT, concept, now, depth=depth, expiration=expiration, filling=evidence)

    def touch(self, nodes: Iterable[ConceptNode], now: datetime) -> None:
        """Marks memories as thought of just now."""
        for node in nodes:
            self._touched.append((node, node.last_accessed))
            node.last_accessed = now

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

    def related(self, kind: str, keywords: Iterable[str]) -> list[ConceptNode]:
        """Memories of one kind that share a keyword, each once, newest first."""
        index = self._by_keyword[kind]
        found = {node.node_count: node for word in keywords for node in index.get(word.lower(), ())}
        return [found[count] for count in sorted(found, reverse=True)]

    def last_chat_with(self, partner: str) -> ConceptNode | None:
        """The latest conversation with a persona, if there was one."""
        chats = self._by_keyword[CHAT].get(partner.lower())
        return chats[-1] if chats else None

    def candidates(self) -> list[ConceptNode]:
        """What can come to mind: events and thoughts that are not about something idle, in order of making."""
        return [node for node in self.nodes if node.type != CHAT and IDLE not in node.embedding_key]

    # Going back

    def mark(self) -> Mark:
        """What `rewind` goes back to; from now on it cannot go back further."""
        self._touched.clear()
        return Mark(len(self.nodes), self.embeddings, len(self.embeddings))

    def rewind(self, mark: Mark) -> None:
        """As if nothing had been stored or thought of since the mark."""
        while self._touched:
            node, time = self._touched.pop()
            node.last_accessed = time
        while len(self.nodes) > mark.nodes:
            self._unlink()
        self.embeddings = mark.embeddings
        self.embeddings.truncate(mark.vectors)

    # Saving

    def nodes_to_json(self) -> dict[str, dict[str, Any]]:
        """`nodes.json`, newest first as it always was."""
        return {node.node_id: node.to_json() for node in reversed(self.nodes)}

    def strength_to_json(self) -> dict[str, dict[str, int]]:
        """`kw_strength.json`."""
        return {"kw_strength_event": self._strength[EVENT], "kw_strength_thought": self._strength[THOUGHT]}

    def last_accessed_to_json(self) -> dict[str, str]:
        """When the memories that were thought of again last were; all others when they were made."""
        return {
            node.node_id: node.last_accessed.strftime(NODE_TIME_FORMAT)
            for node in self.nodes
            if node.last_accessed != node.created
        }

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
            last_accessed=now,
        )
        self._link(node)
        return node

    def _link(self, node: ConceptNode) -> None:
        self.nodes.append(node)
        self.id_to_node[node.node_id] = node
        self._by_type[node.type].append(node)
        for word in node.keywords:
            self._by_keyword[node.type][word].append(node)
        for strength in self._strengths(node):
            for word in sorted(node.keywords):
                strength[word] = strength.get(word, 0) + 1

    def _unlink(self) -> None:
        node = self.nodes.pop()
        del self.id_to_node[node.node_id]
        self._by_type[node.type].pop()
        for word in node.keywords:
            self._by_keyword[node.type][word].pop()
        for strength in self._strengths(node):
            for word in node.keywords:
                strength[word] -= 1
                if strength[word] <= 0:
                    del strength[word]

    def _strengths(self, node: ConceptNode) -> list[dict[str, int]]:
        """Idle things and talks do not make a keyword stronger."""
        idle = (node.predicate, node.object) == ("is", IDLE)
        return [self._strength[node.type]] if node.type != CHAT and not idle else []


def _node_from_json(node_id: str, saved: Mapping[str, Any]) -> ConceptNode:
    created = datetime.strptime(saved["created"], NODE_TIME_FORMAT)
    return ConceptNode(
        node_id=node_id,
        node_count=saved["node_count"],
        type_count=saved["type_count"],
        type=saved["type"],
        depth=saved["depth"],
        created=created,
        expiration=datetime.strptime(saved["expiration"], NODE_TIME_FORMAT) if saved["expiration"] else None,
        subject=saved["subject"],
        predicate=saved["predicate"],
        object=saved["object"],
        description=saved["description"],
        embedding_key=saved["embedding_key"],
        poignancy=saved["poignancy"],
        keywords=frozenset(word.lower() for word in saved["keywords"]),
        filling=tuple(tuple(part) if isinstance(part, list) else part for part in saved["filling"] or ()),
        last_accessed=created,
    )

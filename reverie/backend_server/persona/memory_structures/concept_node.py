"""One memory, and its form in `nodes.json`. Knows nothing of other memories, of embeddings or of models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from saves.game_time import read_node_time, written_node_time

EVENT, THOUGHT, CHAT = "event", "thought", "chat"
IDLE = "idle"


@dataclass(eq=False, slots=True)
class ConceptNode:
    """One memory.

    `filling` holds node ids (thought: its evidence; event: its chat) or (speaker, line) pairs (chat); `unknown_keys`
    what others have written beside the keys of `nodes.json` that we know.
    """

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
    unknown_keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.subject, self.predicate, self.object

    @property
    def can_come_to_mind(self) -> bool:
        """Whether retrieval scores it: events and thoughts that are not about something idle."""
        return self.type != CHAT and IDLE not in self.embedding_key

    @property
    def strengthens_keywords(self) -> bool:
        """Idle things and talks do not make a keyword stronger."""
        return self.type != CHAT and (self.predicate, self.object) != ("is", IDLE)

    def to_json(self) -> dict[str, Any]:
        """The node as `nodes.json` holds it."""
        return {
            "node_count": self.node_count,
            "type_count": self.type_count,
            "type": self.type,
            "depth": self.depth,
            "created": written_node_time(self.created),
            "expiration": self.expiration and written_node_time(self.expiration),
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "description": self.description,
            "embedding_key": self.embedding_key,
            "poignancy": self.poignancy,
            "keywords": sorted(self.keywords),
            "filling": [list(part) if isinstance(part, tuple) else part for part in self.filling],
            **self.unknown_keys,
        }

    @classmethod
    def from_json(cls, node_id: str, saved: Mapping[str, Any]) -> ConceptNode:
        """A node of `nodes.json`. Raises ValueError, naming the node, when it has another form."""
        try:
            return cls(node_id=node_id, **_read(saved))
        except KeyError as error:
            raise ValueError(f"{node_id} in nodes.json lacks {error}") from error
        except (AttributeError, OverflowError, TypeError, ValueError) as error:
            raise ValueError(f"{node_id} in nodes.json is malformed: {error}") from error


_KNOWN_KEYS = {one.name for one in fields(ConceptNode)} - {"node_id", "last_accessed", "unknown_keys"}


def _read(saved: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a node; those that others may leave out have a default."""
    created = read_node_time(saved["created"])
    expiration, kind, description = saved.get("expiration"), saved["type"], saved["description"]
    if kind not in (EVENT, THOUGHT, CHAT):
        raise ValueError(f"its type must be {EVENT}, {THOUGHT} or {CHAT}, is {kind!r}")
    if not isinstance(description, str):
        raise ValueError(f"its description must be a text, is {description!r}")
    return {
        "node_count": int(saved["node_count"]),
        "type_count": int(saved.get("type_count") or 0),
        "type": kind,
        "depth": int(saved.get("depth") or 0),
        "created": created,
        "expiration": read_node_time(expiration) if expiration else None,
        **{part: str(saved[part] or "") for part in ("subject", "predicate", "object")},
        "description": description,
        "embedding_key": str(saved.get("embedding_key") or description),
        "poignancy": int(saved["poignancy"]),
        "keywords": frozenset(word.lower() for word in saved.get("keywords") or ()),
        "filling": tuple(tuple(part) if isinstance(part, list) else part for part in saved.get("filling") or ()),
        "last_accessed": created,
        "unknown_keys": {key: value for key, value in saved.items() if key not in _KNOWN_KEYS},
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

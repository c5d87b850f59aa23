"""One memory, and its format in `nodes.json`. Knows nothing about other memories, embeddings or models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from sys import intern
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, PlainSerializer, TypeAdapter, ValidationError

from saves.forms import AnyNumber, Text, complaint, form, or_none
from saves.game_time import read_node_time, written_node_time

EVENT, THOUGHT, CHAT = "event", "thought", "chat"
IDLE = "idle"

_WRITTEN = PlainSerializer(lambda time: time and written_node_time(time))
_TIME_LIKE = "a time like '2024-05-06 07:00:00'"
_Time = Annotated[datetime, form(_TIME_LIKE, read_node_time), _WRITTEN]
_TimeOrNone = Annotated[datetime | None, form(_TIME_LIKE, or_none(read_node_time)), _WRITTEN]
_Number = Annotated[AnyNumber, form("a number")]
_Count = Annotated[int, form("a number", lambda value: int(value or 0))]
_Part = Annotated[str, BeforeValidator(lambda value: str(value or ""))]
_Keywords = Annotated[
    frozenset[str],
    form("a list of words", lambda words: frozenset(word.lower() for word in words or ())),
    PlainSerializer(sorted),
]
_Filling = Annotated[
    tuple[Any, ...],
    form("a list", lambda parts: tuple(tuple(part) if isinstance(part, list) else part for part in parts or ())),
]


@dataclass(eq=False, slots=True, kw_only=True)
class ConceptNode:
    """One memory: the keys of `nodes.json` in their order, then fields that it does not contain.

    `filling` holds node ids (thought: its evidence; event: its chat) or (speaker, line) pairs (chat); `unknown_keys`
    are further keys that other programs have written to `nodes.json`.
    """

    node_count: _Number
    type_count: _Count = 0
    type: Annotated[str, Field(pattern=f"^(?:{EVENT}|{THOUGHT}|{CHAT})$"), form("event, thought or chat")]
    depth: _Count = 0
    created: _Time
    expiration: _TimeOrNone = None
    subject: _Part
    predicate: _Part
    object: _Part
    description: Text
    embedding_key: _Part = ""
    poignancy: _Number
    keywords: _Keywords = frozenset()
    filling: _Filling = ()
    node_id: str
    last_accessed: datetime = field(init=False)
    unknown_keys: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        self.embedding_key = self.embedding_key or self.description
        self.last_accessed = self.created
        for text in ("subject", "predicate", "object", "description", "embedding_key"):
            setattr(self, text, intern(getattr(self, text)))  # most memories repeat others

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.subject, self.predicate, self.object

    @property
    def can_come_to_mind(self) -> bool:
        """Whether retrieval scores it: events and thoughts that are not about something idle."""
        return self.type != CHAT and IDLE not in self.embedding_key

    @property
    def strengthens_keywords(self) -> bool:
        """Whether it strengthens its keywords: idle objects and conversations do not."""
        return self.type != CHAT and (self.predicate, self.object) != ("is", IDLE)

    def to_json(self) -> dict[str, Any]:
        """The node in the format of `nodes.json`."""
        return {**_FORM.dump_python(self, mode="json", include=_KEYS, warnings=False), **(self.unknown_keys or {})}

    @classmethod
    def from_json(cls, node_id: str, saved: Mapping[str, Any]) -> ConceptNode:
        """A node of `nodes.json`. Raises ValueError, naming the node, if it is malformed."""
        known = {key: value for key, value in saved.items() if key in _KEYS}
        unknown = {key: value for key, value in saved.items() if key not in _KEYS}
        try:
            return _FORM.validate_python({**known, "node_id": node_id, "unknown_keys": unknown or None})
        except ValidationError as error:
            raise ValueError(complaint(error, f"{node_id} in nodes.json")) from error


_FORM = TypeAdapter(ConceptNode)
_KEYS = {key.name for key in fields(ConceptNode)} - {"node_id", "last_accessed", "unknown_keys"}


class Concept(NamedTuple):
    """A memory about to be stored: the part that the caller provides."""

    subject: str
    predicate: str
    object: str
    description: str
    embedding_key: str
    poignancy: int
    keywords: Iterable[str]

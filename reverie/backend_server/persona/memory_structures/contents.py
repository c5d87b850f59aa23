"""The saved form of a memory: the contents of three files, or additions to them. Knows their formats, not paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from persona.memory_structures.concept_node import ConceptNode
from saves.game_time import written_node_time


class Contents(NamedTuple):
    """The contents of `nodes.json`, `kw_strength.json` and `last_accessed.json`, or additions to them."""

    nodes: Mapping[str, Mapping[str, Any]]
    strength: Mapping[str, Mapping[str, int]]
    last_accessed: Mapping[str, str]


class NodesAsJson(Mapping[str, dict[str, Any]]):
    """Nodes in the format of `nodes.json`, newest first; each is created lazily."""

    def __init__(self, nodes: Sequence[ConceptNode]) -> None:
        self._nodes = {node.node_id: node for node in reversed(nodes)}

    def __getitem__(self, node_id: str) -> dict[str, Any]:
        return self._nodes[node_id].to_json()

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


def access_times(nodes: Iterable[ConceptNode]) -> dict[str, str]:
    """The last access of these memories, in the format of the file."""
    return {node.node_id: written_node_time(node.last_accessed) for node in nodes}

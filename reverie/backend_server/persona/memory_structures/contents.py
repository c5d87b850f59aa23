"""What a memory saves: the contents of three files, or what came into them. Knows their forms, not where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from persona.memory_structures.concept_node import ConceptNode
from saves.game_time import written_node_time


class Contents(NamedTuple):
    """What `nodes.json`, `kw_strength.json` and `last_accessed.json` hold, or what came into them."""

    nodes: Mapping[str, Mapping[str, Any]]
    strength: Mapping[str, Mapping[str, int]]
    last_accessed: Mapping[str, str]


class NodesAsJson(Mapping[str, dict[str, Any]]):
    """Nodes as `nodes.json` holds them, newest first; each is made when it is asked for."""

    def __init__(self, nodes: Sequence[ConceptNode]) -> None:
        self._nodes = {node.node_id: node for node in reversed(nodes)}

    def __getitem__(self, node_id: str) -> dict[str, Any]:
        return self._nodes[node_id].to_json()

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


def access_times(nodes: Iterable[ConceptNode]) -> dict[str, str]:
    """When these memories were thought of last, as it is written."""
    return {node.node_id: written_node_time(node.last_accessed) for node in nodes}

"""The places a persona knows: a tree world -> sector -> arena -> [objects].

Knows nothing about the map itself; it receives the places that the persona has seen as addresses.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

Tree = dict[str, dict[str, dict[str, list[str]]]]


class MemoryTree:
    """The tree of `spatial_memory.json`. It is replaced when it grows, so a snapshot is a reference.

    A branch written by hand may have an unusual type: a list instead of an object, or null. Raises ValueError for any
    other type.
    """

    def __init__(self, tree: dict[str, Any] | None = None) -> None:
        self.tree: Tree = {
            world: {
                sector: {arena: [thing for thing, _ in _branches(things)] for arena, things in _branches(arenas)}
                for sector, arenas in _branches(sectors)
            }
            for world, sectors in _branches(tree)
        }
        self._known = frozenset(_addresses(self.tree))

    def to_json(self) -> Tree:
        """The tree as saved."""
        return self.tree

    def snapshot(self) -> tuple[Tree, frozenset[str]]:
        """The state that `restore` returns to."""
        return self.tree, self._known

    def restore(self, snapshot: tuple[Tree, frozenset[str]]) -> None:
        """Removes the places learned since the snapshot."""
        self.tree, self._known = snapshot

    def knows(self, address: str) -> bool:
        """Whether a place of any depth (`world`, `world:sector`, ...) is known."""
        return address in self._known

    def learn(self, addresses: Iterable[str]) -> bool:
        """Adds places the persona has seen; True if one of them is new."""
        new = [address for address in addresses if address and address not in self._known]
        if not new:
            return False
        tree = copy.deepcopy(self.tree)
        for address in new:
            _grow(tree, address.split(":"))
        self.tree = tree
        self._known = frozenset(_addresses(tree))
        return True

    def addresses(self) -> list[str]:
        """Every known place, larger before smaller, in the order of the tree."""
        return list(_addresses(self.tree))


def _branches(level: Any) -> Iterator[tuple[str, Any]]:
    """(name, contents) of each place on a level; in a plain list of names they are empty."""
    if not isinstance(level, dict | list | None) or not all(isinstance(name, str) for name in level or ()):
        raise ValueError(f"spatial_memory.json holds {level!r} where places should be")
    yield from level.items() if isinstance(level, dict) else ((name, None) for name in level or ())


def _grow(tree: Tree, parts: list[str]) -> None:
    branch: Any = tree
    for part in parts[:2]:
        branch = branch.setdefault(part, {})
    if len(parts) > 2:
        objects = branch.setdefault(parts[2], [])
        if len(parts) > 3 and parts[3] not in objects:
            objects.append(parts[3])


def _addresses(tree: Tree) -> Iterable[str]:
    for world, sectors in tree.items():
        yield world
        for sector, arenas in sectors.items():
            yield f"{world}:{sector}"
            for arena, objects in arenas.items():
                yield f"{world}:{sector}:{arena}"
                for thing in objects:
                    yield f"{world}:{sector}:{arena}:{thing}"

"""Places that a persona may choose from: sectors, rooms and objects, in the map's spelling.

Knows addresses only; which places are offered to whom is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

RANDOM = "<random>"


class Places:
    """Known places that are on the map: sector -> arena -> objects, in the map's spelling.

    Args:
        world: name of the world, the first part of every address.
        tree: sector -> arena -> list of objects.
        home: address of the arena the persona lives in.
    """

    def __init__(self, world: str, tree: Mapping[str, Mapping[str, list[str]]], home: str) -> None:
        self.world = world
        self.tree = tree
        self.home = home

    def sectors(self) -> list[str]:
        """Names of the sectors offered."""
        return list(self.tree)

    def only(self, sectors: Collection[str]) -> Places:
        """The same, with only these sectors."""
        return Places(self.world, {name: arenas for name, arenas in self.tree.items() if name in sectors}, self.home)

    def arenas(self, sector: str) -> list[str]:
        """Names of the rooms offered in a sector."""
        return list(self.tree[sector])

    def objects(self, sector: str, arena: str) -> list[str]:
        """Names of the objects offered in a room; it may have none."""
        return list(self.tree[sector][arena])

    def address(self, sector: str, arena: str, thing: str | None) -> str:
        """The whole address; a room without an object means any of its tiles."""
        return ":".join((self.world, sector, arena, thing or RANDOM))

    def home_parts(self) -> tuple[str, str]:
        """Sector and arena of the home, or of the first place offered if the home is not among them."""
        parts = self.home.split(":")
        if len(parts) > 2 and parts[2] in self.tree.get(parts[1], {}):
            return parts[1], parts[2]
        sector = parts[1] if len(parts) > 1 and parts[1] in self.tree else next(iter(self.tree))
        return sector, next(iter(self.tree[sector]))

    def as_text(self) -> str:
        """One `- sector: room (object, object); room (object)` per line."""
        return "\n".join(
            f"- {sector}: {'; '.join(_with_things(arena, things) for arena, things in arenas.items())}"
            for sector, arenas in self.tree.items()
        )


def _with_things(arena: str, things: list[str]) -> str:
    return f"{arena} ({', '.join(things)})" if things else arena


def in_words(address: str) -> str:
    """`sector, room, thing` for an address, so that it can be said aloud; where there is no sector is the street."""
    parts = [part for part in address.split(":")[1:] if part != RANDOM]
    return ", ".join(parts) or "the street"

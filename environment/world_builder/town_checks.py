"""Checks that a town and its people fit together, before a simulation may start in it.

Knows tiles, addresses and the cast; notes faults and changes nothing.
"""

from __future__ import annotations

from collections import Counter, deque

from build_faults import FaultBook, nearest
from cast import PUBLIC_PLACES, Cast, Person
from town_tiles import Position, Rooms, Town, neighbors


def check_reachable(town: Town, book: FaultBook) -> None:
    """Note every tile of a place, including those with objects and starts, that is cut off from the town."""
    reached = _largest_region(town)
    cut_off: dict[tuple[str, str], list[Position]] = {}
    for position, tile in town.tiles():
        if tile.sector and position not in reached:
            cut_off.setdefault((tile.sector, tile.arena), []).append(position)
    for (sector, arena), positions in cut_off.items():
        things = dict.fromkeys(_thing_on(position, town) for position in positions)
        book.note(
            f"place {sector}",
            f"{_tiles(positions)}, {arena or 'its ground'} ({', '.join(things)}) "
            "cannot be reached from the rest of the town",
            "Open a way: a door in the wall, or a gap in what stands around it",
        )


def check_people(cast: Cast, town: Town, book: FaultBook) -> None:
    """Note every home, workplace and known place missing in the town, and homes that are full."""
    places = town.places()
    for person in cast.people:
        where = f"person {person.name}"
        _check_home(person, town, places, where, book)
        if person.workplace:
            _check_address("workplace", person.workplace, places, where, book)
        for known in person.knows:
            if known != PUBLIC_PLACES:
                _check_address("knows", known, places, where, book)
    _check_starts(cast, town, places, book)


def start_tiles(cast: Cast, town: Town) -> dict[str, Position]:
    """The first tile of each person: the starts of a home are given to its people in roster order.

    If there are too few, people share them from the first one on if the cast allows it; else they are missing.
    """
    free: dict[str, deque[Position]] = {}
    tiles = {}
    for person in cast.people:
        sector, _, arena = person.home.partition(":")
        if person.home not in free:
            free[person.home] = deque(town.starts(sector, arena))
        starts = free[person.home]
        if starts:
            tiles[person.name] = starts.popleft()
            starts.extend([tiles[person.name]] * cast.shares_starts)
    return tiles


def _largest_region(town: Town) -> set[Position]:
    """The largest set of tiles that are connected by walking."""
    largest: set[Position] = set()
    seen: set[Position] = set()
    for position, tile in town.tiles():
        if not tile.blocked and position not in seen:
            region = _walkable_from(position, town)
            seen |= region
            largest = max(largest, region, key=len)
    return largest


def _walkable_from(start: Position, town: Town) -> set[Position]:
    reached, waiting = {start}, deque([start])
    while waiting:
        for beside in neighbors(waiting.popleft()):
            if town.contains(beside) and beside not in reached and not town.rows[beside[1]][beside[0]].blocked:
                reached.add(beside)
                waiting.append(beside)
    return reached


def _thing_on(position: Position, town: Town) -> str:
    x, y = position
    tile = town.rows[y][x]
    return tile.game_object or ("start" if tile.start else tile.ground)


def _tiles(positions: list[Position]) -> str:
    if len(positions) == 1:
        return f"tile {positions[0]}"
    return f"{len(positions)} tiles from {positions[0]} on"


def _check_home(person: Person, town: Town, places: Rooms, where: str, book: FaultBook) -> None:
    sector, _, arena = person.home.partition(":")
    if not arena:
        book.note(where, f'the home "{person.home}" names no room', 'Write "place:room"')
    elif _check_address("home", person.home, places, where, book) and sector not in town.homes:
        book.note(where, f'the home "{sector}" is a public place', "Write home = true in its [[place]]")


def _check_address(field: str, address: str, places: Rooms, where: str, book: FaultBook) -> bool:
    sector, _, arena = address.partition(":")
    if sector not in places:
        book.note(where, f'`{field}`: there is no place "{sector}"', f"Name one: {nearest(sector, places)}")
        return False
    if arena and arena not in places[sector]:
        book.note(
            where,
            f'`{field}`: "{sector}" has no room "{arena}"',
            f"Name one: {nearest(arena, places[sector])}",
        )
        return False
    return True


def _check_starts(cast: Cast, town: Town, places: Rooms, book: FaultBook) -> None:
    placed = start_tiles(cast, town)
    residents = Counter(person.home for person in cast.people)
    for person in cast.people:
        sector, _, arena = person.home.partition(":")
        if person.name not in placed and arena in places.get(sector, {}):
            drawn = len(town.starts(sector, arena))
            book.note(
                f"person {person.name}",
                f'no start is free in "{person.home}": {residents[person.home]} live there, {drawn} drawn',
                "Draw one @ in the plan for each of them",
            )

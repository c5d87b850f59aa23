"""The plan of a town as its author wrote it: legends, the map, and places with their drawings.

Knows the plan file and its rules for single drawings and names; what they amount to is `town_tiles`' matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from build_faults import FaultBook, nearest
from toml_table import Table, read_toml

START = "@"
SEE_THROUGH = "-"
_ROOM_SIGNS = "0123456789"
_NOT_IN_NAMES = re.compile(r'[:,;"<>\r\n\t]')


@dataclass(frozen=True)
class Place:
    """A sector of the town: `drawing` lies with its top left corner on tile `at` of the map.

    `rooms` and `objects` give the names of the drawing's digits and letters, `floors` the kind of ground of
    each room.
    """

    name: str
    home: bool
    at: tuple[int, int]
    drawing: tuple[str, ...]
    rooms: dict[str, str]
    floors: dict[str, str]
    objects: dict[str, str]


@dataclass(frozen=True)
class TownPlan:
    """A plan whose every part can be understood by itself. `map` holds the ground sign of each tile."""

    world: str
    maze: str
    tile_size: int
    ground: dict[str, str]
    barriers: dict[str, str]
    map: tuple[str, ...]
    places: tuple[Place, ...]


def read_plan(book: FaultBook) -> TownPlan | None:
    """The plan in `book.file`; None when faults were noted."""
    file = read_toml(book)
    if file is None:
        return None
    legend = _Legend(file, book)
    plan = TownPlan(
        world=address_part(file.text("world"), "file", "the world's name", book),
        maze=_folder_word(file.text("maze"), book),
        tile_size=file.number("tile_size", 32, least=1),
        ground=legend.ground,
        barriers=legend.barriers,
        map=_read_map(file.table("town"), legend, book),
        places=tuple(_read_place(table, legend, book) for table in file.tables("place")),
    )
    file.close()
    _note_twins([place.name for place in plan.places], "file", "places", book)
    return None if book.faults else plan


def address_part(name: str, where: str, what: str, book: FaultBook) -> str:
    """The name itself; noted when it could not stand in an address or in the comma-separated files."""
    found = _NOT_IN_NAMES.search(name)
    if found:
        book.note(where, f'{what} "{name}" contains {found.group()!r}', 'Leave out : , ; " < > and line breaks')
    return name


class _Legend:
    """What signs mean in all drawings, and what rooms are floored with."""

    def __init__(self, file: Table, book: FaultBook) -> None:
        self.ground = file.names("ground")
        self.barriers = file.names("barriers")
        self.objects = _read_objects(file, "file", book)
        self.floor = self.known_floor(file.text("floor"), "file", book)
        for sign in [*self.ground, *self.barriers]:
            if len(sign) != 1 or sign.isalnum() or sign.isspace() or sign in (START, SEE_THROUGH):
                book.note(
                    "[ground] and [barriers]",
                    f'"{sign}" cannot mean a kind of ground',
                    f"Use one sign that is not a letter, digit, blank, {START} or {SEE_THROUGH}",
                )
        for sign in sorted(self.ground.keys() & self.barriers.keys()):
            book.note("[ground] and [barriers]", f'"{sign}" stands in both', "Give each kind its own sign")

    def known_floor(self, kind: str, where: str, book: FaultBook) -> str:
        if kind and kind not in self.ground.values():
            book.note(
                where,
                f'the floor "{kind}" is not a kind of ground',
                f"Add it to [ground], or: {nearest(kind, self.ground.values())}",
            )
        return kind


def _read_map(town: Table, legend: _Legend, book: FaultBook) -> tuple[str, ...]:
    rows = _read_drawing(town, "map", book)
    _note_unknown_signs(rows, {*legend.ground, *legend.barriers}, "[town]", book)
    town.close()
    return rows


def _read_place(table: Table, legend: _Legend, book: FaultBook) -> Place:
    where = table.where
    floor = legend.known_floor(table.text("floor", legend.floor), where, book)
    rooms = _read_rooms(table, book)
    place = Place(
        name=address_part(table.text("name"), where, "the name", book),
        home=table.flag("home"),
        at=table.point("at"),
        drawing=_read_drawing(table, "drawing", book),
        rooms=rooms,
        floors={**dict.fromkeys(rooms, floor), **_read_floors(table, rooms, legend, book)},
        objects={**legend.objects, **_read_objects(table, where, book)},
    )
    table.close()
    known = {*legend.ground, *legend.barriers, *place.rooms, *place.objects, START, SEE_THROUGH}
    _note_unknown_signs(place.drawing, known, where, book)
    _note_undrawn_rooms(place, where, book)
    return place


def _read_rooms(table: Table, book: FaultBook) -> dict[str, str]:
    rooms = table.names("rooms")
    for sign, name in rooms.items():
        address_part(name, table.where, "the room", book)
        if len(sign) != 1 or sign not in _ROOM_SIGNS:
            book.note(table.where, f'the room "{name}" has the sign "{sign}"', "Use a digit, 0 to 9")
    _note_twins(list(rooms.values()), table.where, "rooms", book)
    return rooms


def _read_floors(table: Table, rooms: dict[str, str], legend: _Legend, book: FaultBook) -> dict[str, str]:
    floors = table.names("floors")
    for sign, kind in floors.items():
        legend.known_floor(kind, table.where, book)
        if sign not in rooms:
            book.note(table.where, f'`floors` names the room "{sign}"', f"Name a room: {nearest(sign, rooms)}")
    return floors


def _read_objects(table: Table, where: str, book: FaultBook) -> dict[str, str]:
    objects = table.names("objects")
    for sign, name in objects.items():
        address_part(name, where, "the object", book)
        if len(sign) != 1 or not sign.isalpha():
            book.note(where, f'the object "{name}" has the sign "{sign}"', "Use one letter")
    return objects


def _read_drawing(table: Table, key: str, book: FaultBook) -> tuple[str, ...]:
    """The rows of a drawing; blanks around a row mean nothing, so that a drawing may be indented."""
    rows = tuple(row.strip() for row in table.text(key).splitlines())
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            book.note(
                table.where,
                f"row {number} of `{key}` has {len(row)} signs, the first row has {len(rows[0])}",
                "Make all rows equally long",
            )
    return rows


def _note_unknown_signs(rows: tuple[str, ...], known: set[str], where: str, book: FaultBook) -> None:
    noted = set(known)
    for y, row in enumerate(rows, 1):
        for x, sign in enumerate(row, 1):
            if sign not in noted:
                noted.add(sign)
                book.note(
                    where,
                    f'nothing is named by the sign "{sign}" (row {y}, column {x} of the drawing)',
                    "Name it: signs in [ground] or [barriers], digits in `rooms`, letters in `objects`",
                )


def _note_undrawn_rooms(place: Place, where: str, book: FaultBook) -> None:
    drawn = set("".join(place.drawing))
    for sign, name in place.rooms.items():
        if sign not in drawn:
            book.note(where, f'the room "{name}" is not drawn', f"Draw its floor with {sign}, or remove it")


def _note_twins(names: list[str], where: str, what: str, book: FaultBook) -> None:
    """Addresses are compared without regard to case, so names must differ in more than that."""
    folded = [name.casefold() for name in names]
    for name in dict.fromkeys(name for name in names if name and folded.count(name.casefold()) > 1):
        book.note(where, f'two {what} are called "{name}"', "Give each a name of its own")


def _folder_word(maze: str, book: FaultBook) -> str:
    if maze and not re.fullmatch(r"[\w-]+", maze):
        book.note("file", f'`maze` is "{maze}"', "It names a folder: use letters, digits, _ and -")
    return maze

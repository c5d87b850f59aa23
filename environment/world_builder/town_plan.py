"""The plan of a town, as written by its author: legends, the map, and places with their drawings.

Knows the plan file and its rules for single drawings and names; how they fit together is checked in `town_tiles`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from build_faults import FaultBook, nearest
from saves.forms import form
from toml_table import AtLeastOne, Flag, FolderName, Names, Point, Table, Text, fault, read_toml

START = "@"
SEE_THROUGH = "-"
_ROOM_SIGNS = "0123456789"
_NOT_IN_NAMES = re.compile(r'[:,;"<>\r\n\t]')


def _rows(text: str) -> tuple[str, ...]:
    """The rows of a drawing; spaces around a row are ignored, so that a drawing may be indented."""
    return tuple(row.strip() for row in text.strip().splitlines())


def _address_part(name: str) -> str:
    """The name itself. Raises a fault if it cannot be in an address, or in comma-separated files."""
    found = _NOT_IN_NAMES.search(name)
    if found:
        raise fault(f'the name "{name}" contains {found.group()!r}', 'Leave out : , ; " < > and line breaks')
    return name


AddressPart = Annotated[Text, AfterValidator(_address_part)]
Drawing = Annotated[tuple[str, ...], Field(min_length=1), form("a drawing, one sign for each tile", _rows)]


class Place(Table):
    """A sector of the town: the top left corner of `drawing` is on tile `at` of the map.

    `rooms` and `objects` give the names of the drawing's digits and letters, `floors` the kind of ground of
    each room.
    """

    name: AddressPart
    home: Flag = False
    at: Point
    drawing: Drawing
    rooms: dict[str, AddressPart] = {}
    floor: Text = ""
    floors: Names = {}
    objects: dict[str, AddressPart] = {}


class TownMap(Table):
    """`map` contains the ground sign of each tile."""

    map: Drawing


class TownPlan(Table):
    """A plan whose every part can be understood by itself."""

    world: AddressPart
    maze: FolderName
    tile_size: AtLeastOne = 32
    floor: Text
    ground: Names = {}
    barriers: Names = {}
    objects: dict[str, AddressPart] = {}
    town: TownMap
    place: list[Place]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places, with the floors of all their rooms and all the objects that their drawings may have."""
        return tuple(
            place.model_copy(
                update={
                    "floors": {**dict.fromkeys(place.rooms, place.floor or self.floor), **place.floors},
                    "objects": {**self.objects, **place.objects},
                }
            )
            for place in self.place
        )


def read_plan(book: FaultBook) -> TownPlan | None:
    """The plan in `book.file`; None if faults were noted."""
    plan = read_toml(book, TownPlan)
    if plan:
        _check(plan, book)
    return None if book.faults else plan


def _check(plan: TownPlan, book: FaultBook) -> None:
    """Note inconsistencies in a plan whose parts are valid."""
    _check_ground(plan, book)
    _check_floors([plan.floor], plan, "file", book)
    _check_objects(plan.objects, "file", book)
    _check_drawing(plan.town.map, "map", {*plan.ground, *plan.barriers}, "[town]", book)
    _note_twins([place.name for place in plan.place], "file", "places", book)
    for place, drawn in zip(plan.place, plan.places, strict=True):
        where = f"place {place.name}"
        _check_rooms(place, where, book)
        _check_floors([place.floor, *place.floors.values()], plan, where, book)
        _check_objects(place.objects, where, book)
        signs = {*plan.ground, *plan.barriers, *drawn.rooms, *drawn.objects, START, SEE_THROUGH}
        _check_drawing(place.drawing, "drawing", signs, where, book)


def _check_ground(plan: TownPlan, book: FaultBook) -> None:
    where = "[ground] and [barriers]"
    for sign in [*plan.ground, *plan.barriers]:
        if len(sign) != 1 or sign.isalnum() or sign.isspace() or sign in (START, SEE_THROUGH):
            remedy = f"Use one sign that is not a letter, digit, blank, {START} or {SEE_THROUGH}"
            book.note(where, f'"{sign}" cannot mean a kind of ground', remedy)
    for sign in sorted(plan.ground.keys() & plan.barriers.keys()):
        book.note(where, f'"{sign}" stands in both', "Give each kind its own sign")


def _check_floors(kinds: Iterable[str], plan: TownPlan, where: str, book: FaultBook) -> None:
    for kind in kinds:
        if kind and kind not in plan.ground.values():
            remedy = f"Add it to [ground], or: {nearest(kind, plan.ground.values())}"
            book.note(where, f'the floor "{kind}" is not a kind of ground', remedy)


def _check_objects(objects: Names, where: str, book: FaultBook) -> None:
    for sign, name in objects.items():
        if len(sign) != 1 or not sign.isalpha():
            book.note(where, f'the object "{name}" has the sign "{sign}"', "Use one letter")


def _check_rooms(place: Place, where: str, book: FaultBook) -> None:
    drawn = set("".join(place.drawing))
    for sign, name in place.rooms.items():
        if len(sign) != 1 or sign not in _ROOM_SIGNS:
            book.note(where, f'the room "{name}" has the sign "{sign}"', "Use a digit, 0 to 9")
        elif sign not in drawn:
            book.note(where, f'the room "{name}" is not drawn', f"Draw its floor with {sign}, or remove it")
    for sign in place.floors:
        if sign not in place.rooms:
            book.note(where, f'`floors` names the room "{sign}"', f"Name a room: {nearest(sign, place.rooms)}")
    _note_twins(list(place.rooms.values()), where, "rooms", book)


def _check_drawing(rows: tuple[str, ...], field: str, known: set[str], where: str, book: FaultBook) -> None:
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            wrong = f"row {number} of `{field}` has {len(row)} signs, the first row has {len(rows[0])}"
            book.note(where, wrong, "Make all rows equally long")
    noted = set(known)
    for y, row in enumerate(rows, 1):
        for x, sign in enumerate(row, 1):
            if sign not in noted:
                noted.add(sign)
                wrong = f'nothing is named by the sign "{sign}" (row {y}, column {x} of the drawing)'
                book.note(
                    where, wrong, "Name it: signs in [ground] or [barriers], digits in `rooms`, letters in `objects`"
                )


def _note_twins(names: list[str], where: str, what: str, book: FaultBook) -> None:
    """Addresses ignore case, so names must differ in more than that."""
    folded = [name.casefold() for name in names]
    for name in dict.fromkeys(name for name in names if folded.count(name.casefold()) > 1):
        book.note(where, f'two {what} are called "{name}"', "Give each a name of its own")

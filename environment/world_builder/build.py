"""Builds a town and its base simulations from readable files: the plan of the town and its people, or a number of them.

Run it:  python environment/world_builder/build.py [--plan FILE] [--people FILE | --people N] [--out FOLDER] [--check]
Knows the order of the work and where results are stored; each part of the work is a separate module.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "reverie" / "backend_server"))

from base_files import base_name, check_replaceable, whispers_name, write_base, write_sheets, write_whispers
from build_faults import BuildRefused, FaultBook, refuse_if_any
from cast import Cast, read_cast
from cli.terminal import command_line
from crowd import MOST_PEOPLE, SEED, Crowd, make_cast
from town_checks import check_people, check_reachable
from town_files import write_matrix
from town_plan import read_plan
from town_tiles import Town, draw_town

_HERE = Path(__file__).resolve().parent
_WILLOW_BEND = _HERE / "worlds" / "willow_bend"
_FRONTEND = _HERE.parent / "frontend_server"
_PROGRAM = _HERE.parents[1] / "reverie" / "backend_server" / "reverie.py"


@dataclass(frozen=True)
class World:
    """A town and its people, checked: everything is built from this.

    `base` names the simulation; `file` describes the people, or is the plan if they are made.
    """

    town: Town
    cast: Cast
    base: str
    file: Path


def read_world(plan_file: Path, people: Path | Crowd) -> World:
    """Read and check the plan and the people, or make them. Raises BuildRefused with every fault found in either."""
    file = plan_file if isinstance(people, Crowd) else people
    plan_book, people_book = FaultBook(plan_file), FaultBook(file)
    plan = read_plan(plan_book)
    town = draw_town(plan, plan_book) if plan else None
    cast = _cast(people, town, people_book)
    if town and not plan_book.faults:
        check_reachable(town, plan_book)
    if town and cast:
        check_people(cast, town, people_book)
    if town and cast and isinstance(people, Crowd):
        _check_replaces_nobody(people, cast, town, plan_file, people_book)
    faults = [*plan_book.faults, *people_book.faults]
    if not town or not cast or faults:
        raise BuildRefused(faults)
    return World(town, cast, base_name(cast, town), file)


def build(plan_file: Path, people: Path | Crowd, out: Path) -> World:
    """Build the matrix, the whispers and the base simulation under `out`, a front end's folder.

    Raises BuildRefused, and writes nothing, if a file has faults or the base's folder contains something else.
    """
    world = read_world(plan_file, people)
    check_writable(world, out)
    write_world(world, out)
    return world


def check_writable(world: World, out: Path) -> None:
    """Raise BuildRefused if the base of a world would replace a simulation that has been run."""
    book = FaultBook(world.file)
    check_replaceable(out / "storage" / world.base, book)
    refuse_if_any(book)


def write_world(world: World, out: Path) -> None:
    """Write everything built from a checked world, replacing the results of an earlier build."""
    assets = out / "static_dirs" / "assets" / world.town.maze
    write_matrix(world.town, assets / "matrix")
    write_sheets(world.cast, assets.parent / "characters")
    write_whispers(world.cast, assets / whispers_name(world.cast))
    write_base(world.cast, world.town, out / "storage" / world.base)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 1 if nothing could be written, 2 for faults."""
    options = _parser().parse_args(arguments)
    try:
        worlds = [read_world(options.plan, people) for people in _all_people(options)]
        _check_apart(worlds)
        if not options.check:
            for world in worlds:
                check_writable(world, options.out)
        for world in worlds:
            _finish(world, options)
    except BuildRefused as refusal:
        print(refusal, file=sys.stderr)
        print(f"Nothing was built; errors to fix: {len(refusal.faults)}.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: could not be written ({error.strerror}).", file=sys.stderr)
        return 1
    return 0


def _all_people(options: argparse.Namespace) -> list[Path | Crowd]:
    """The requested people, else those of every people file next to the plan, the shortest name first."""
    if isinstance(options.people, int):
        return [Crowd(options.people, options.seed)]
    if options.people:
        return [options.people]
    return [*_people_files(options.plan)] or [options.plan.with_name("people.toml")]


def _people_files(plan_file: Path) -> list[Path]:
    return sorted(plan_file.parent.glob("people*.toml"), key=lambda file: (len(file.name), file.name))


def _finish(world: World, options: argparse.Namespace) -> None:
    if options.check:
        print(f"{_summary(world)}: no errors")
        return
    write_world(world, options.out)
    print(f"{_summary(world)}: built in {options.out}")
    if options.out.resolve() == _FRONTEND:
        print(f"Next: {command_line(_PROGRAM, '--offline', '--fork', world.base, '--run', '360')}")


def _cast(people: Path | Crowd, town: Town | None, book: FaultBook) -> Cast | None:
    if isinstance(people, Crowd):
        return make_cast(people, town, book) if town else None
    return read_cast(book)


def _check_apart(worlds: list[World]) -> None:
    """Raise BuildRefused if two casts would write the same base, or the same file of whispers."""
    remedy = "Give each cast its own `name` and number of people, or build each with --people FILE and its own --out"
    books = [FaultBook(world.file) for world in worlds]
    for number, world in enumerate(worlds):
        for other in worlds[:number]:
            for shared in _shared(world.cast, other.cast, world.town):
                books[number].note("[simulation]", f"it would write {shared}, as {other.file.name} does", remedy)
    refuse_if_any(*books)


def _check_replaces_nobody(crowd: Crowd, cast: Cast, town: Town, plan_file: Path, book: FaultBook) -> None:
    """Note a fault if generated people would overwrite those of a file next to the plan."""
    for file in _people_files(plan_file):
        beside = FaultBook(file)
        described = read_cast(beside)
        book.faults += beside.faults  # then its people are unknown
        for shared in _shared(cast, described, town) if described else []:
            wrong = f"it would write {shared}, as {file.name} does"
            book.note(f"--people {crowd.count}", wrong, "Ask for another number")


def _shared(cast: Cast, other: Cast, town: Town) -> list[str]:
    """The files that both casts would write; some file systems ignore case."""
    taken = [written.casefold() for written in _written(other, town)]
    return [written for written in _written(cast, town) if written.casefold() in taken]


def _written(cast: Cast, town: Town) -> tuple[str, str]:
    """The files built for one cast only, relative to the front end's folder."""
    return f"storage/{base_name(cast, town)}", f"static_dirs/assets/{town.maze}/{whispers_name(cast)}"


def _summary(world: World) -> str:
    places = world.town.places()
    rooms = sum(len(arenas) for arenas in places.values())
    size = f"{world.town.width} x {world.town.height} tiles"
    return f"{world.town.world}, {size}, {len(places)} places, {rooms} rooms, cast of {len(world.cast.people)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Build a town and its base simulations from readable files.")
    parser.add_argument("--plan", type=Path, default=_WILLOW_BEND / "plan.toml", help="the plan of the town")
    parser.add_argument(
        "--people",
        type=_file_or_number,
        metavar="FILE|N",
        help=f"its people, or how many to make (1 to {MOST_PEOPLE}); default: every people*.toml next to the plan",
    )
    parser.add_argument("--seed", type=int, default=SEED, help="the seed of people who are made (default %(default)s)")
    parser.add_argument("--out", type=Path, default=_FRONTEND, help="the front end's folder to build into")
    parser.add_argument("--check", action="store_true", help="only say what is wrong, build nothing")
    return parser


def _file_or_number(text: str) -> Path | int:
    if not re.fullmatch(r"[+-]?\d+", text):
        return Path(text)
    if not 1 <= int(text) <= MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"{text} people cannot be made: ask for 1 to {MOST_PEOPLE}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())

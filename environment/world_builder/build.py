"""Builds a town and a base simulation from two readable files: the plan of the town and its people.

Run it:  python environment/world_builder/build.py [--plan FILE] [--people FILE] [--out FOLDER] [--check]
Knows the order of the work and where results lie; each part of the work is a module of its own.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from base_files import base_name, check_replaceable, write_base, write_whispers
from build_faults import BuildRefused, FaultBook, refuse_if_any
from cast import Cast, read_cast
from town import Town, draw_town
from town_checks import check_people, check_reachable
from town_files import write_matrix
from town_plan import read_plan

_HERE = Path(__file__).resolve().parent
_WILLOW_BEND = _HERE / "worlds" / "willow_bend"
_FRONTEND = _HERE.parent / "frontend_server"


@dataclass(frozen=True)
class World:
    """A town and its people, checked: everything is built from this. `base` names the simulation."""

    town: Town
    cast: Cast
    base: str


def read_world(plan_file: Path, people_file: Path) -> World:
    """Read and check both files. Raises BuildRefused with every fault found in either."""
    plan_book, people_book = FaultBook(plan_file), FaultBook(people_file)
    plan, cast = read_plan(plan_book), read_cast(people_book)
    town = draw_town(plan, plan_book) if plan else None
    if town and not plan_book.faults:
        check_reachable(town, plan_book)
    if town and cast:
        check_people(cast, town, people_book)
    refuse_if_any(plan_book, people_book)
    return World(town, cast, base_name(cast, town))


def build(plan_file: Path, people_file: Path, out: Path) -> World:
    """Build the matrix, the whispers and the base simulation under `out`, a front end's folder.

    Raises BuildRefused, and writes nothing, when a file has faults or the base's folder holds something else.
    """
    world = read_world(plan_file, people_file)
    book = FaultBook(people_file)
    check_replaceable(out / "storage" / world.base, book)
    refuse_if_any(book)
    write_world(world, out)
    return world


def write_world(world: World, out: Path) -> None:
    """Write all that is built from a checked world, in place of what an earlier build wrote."""
    assets = out / "static_dirs" / "assets" / world.town.maze
    write_matrix(world.town, assets / "matrix")
    write_whispers(world.cast, assets / f"agent_history_init_n{len(world.cast.people)}.csv")
    write_base(world.cast, world.town, out / "storage" / world.base)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 1 when nothing could be written, 2 for faults."""
    options = _parser().parse_args(arguments)
    try:
        if options.check:
            print(f"{_summary(read_world(options.plan, options.people))}: no faults")
            return 0
        world = build(options.plan, options.people, options.out)
    except BuildRefused as refusal:
        print(refusal, file=sys.stderr)
        print(f"Nothing was built: {len(refusal.faults)} to mend.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: could not be written ({error.strerror}).", file=sys.stderr)
        return 1
    print(f"{_summary(world)}: built in {options.out}")
    print(f"Next: reverie.py --offline --fork {world.base} --run 360")
    return 0


def _summary(world: World) -> str:
    places = world.town.places()
    rooms = sum(len(arenas) for arenas in places.values())
    size = f"{world.town.width} x {world.town.height} tiles"
    return f"{world.town.world}, {size}, {len(places)} places, {rooms} rooms, cast of {len(world.cast.people)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Build a town and a base simulation from readable files.")
    parser.add_argument("--plan", type=Path, default=_WILLOW_BEND / "plan.toml", help="the plan of the town")
    parser.add_argument("--people", type=Path, default=_WILLOW_BEND / "people_n3.toml", help="its people")
    parser.add_argument("--out", type=Path, default=_FRONTEND, help="the front end's folder to build into")
    parser.add_argument("--check", action="store_true", help="only say what is wrong, build nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())

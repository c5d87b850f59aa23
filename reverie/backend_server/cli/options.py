"""What can be said on the command line in place of answering questions, and which of it goes together.

Knows the options only, neither simulations nor models.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from decimal import Decimal

from cli import survey
from cli.console import number_in
from persona.prompt_template import budget, concurrency
from persona.prompt_template.trace import VARIABLE, Trace
from town.town import CHECKPOINT_EVERY

FREE_PORT = 0
WATCHABLE, MAX_PACE = 60.0, 0.0
_LAST_PORT = 65535
_OF_NEW_ONES = {"name", "seed", "language", "events", "skip_night", "without"}
_NEEDS = {"about": "report", "at": "survey", "pace": "serve", "people": "survey", "ray": "study"}
_HEEDED: dict[str, set[str]] = {
    "study": {"checkpoint_every", "budget", "workers", "lockstep", "no_explain", "serve", "ray"},
    "survey": {"fork", "resume", "budget", "workers", "serve", "people", "at", *_OF_NEW_ONES},
    "report": {"about"},
    "export_html": set(),
    "list": set(),
}
"""What is heeded where one thing is done and the program leaves, beside --offline."""
_INSTEAD = {
    ("study", name): "stands in the file of the study" for name in ("run", "seed", "events", "survey", "without")
}
_INSTEAD["survey", "run"] = "lets people live, --survey asks and leaves: give --run first, then --survey with --resume"


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options by their names, as in `_parser`; None where one is not given, False for a flag.

    `budget`, `workers` and `trace` also look at the environment.

    Raises:
        SystemExit: with code 2 after saying what is wrong, or 0 after the help.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    _check_together(parser, options)
    if options.pace is None:
        options.pace = default_pace(options)
    options.is_budget_typed = options.budget is not None
    options.budget = options.budget or _budget_in_environment(parser)
    options.workers = options.workers or _workers_in_environment(parser)
    options.trace = _trace_in_environment(parser)
    if options.trace and options.ray is not None:
        parser.error(f"{VARIABLE} means nothing with --ray: the requests are made on its nodes")
    return options


def _check_together(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuses what would mean nothing beside the rest, by its name."""
    given = {name for name in vars(options) if getattr(options, name) != parser.get_default(name)}
    for name in sorted(given & _NEEDS.keys()):
        if _NEEDS[name] not in given:
            parser.error(f"{_typed(name)} needs {_typed(_NEEDS[name])}")
    for task in [task for task in _HEEDED if task in given]:
        for name in sorted(given - _HEEDED[task] - {"offline", task}):
            parser.error(f"{_typed(name)} {_INSTEAD.get((task, name), f'means nothing with {_typed(task)}')}")
    if "survey" in given and not given & {"resume", "fork"}:
        parser.error("--survey needs --resume, or --fork to ask before anybody has lived")
    for name in sorted(given & _OF_NEW_ONES if "resume" in given else ()):
        if (name, "survey" in given) != ("without", True):
            whose = "a new simulation or a --survey" if name == "without" else "a new simulation"
            parser.error(f"{_typed(name)} is for {whose}; one that is resumed keeps its own")


def _typed(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def default_pace(options: argparse.Namespace) -> float:
    """A run that would be over before anybody saw it is watchable where it is served."""
    return WATCHABLE if options.offline and options.serve is not None else MAX_PACE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reverie.py",
        description="A town of people who think with a language model. Without arguments it asks what to run.",
    )
    _add_simulation(parser.add_argument_group("which simulation"))
    _add_manner(parser.add_argument_group("how it runs"))
    _add_pages(parser.add_argument_group("watching it"))
    _add_survey(parser.add_argument_group("asking its people"))
    _add_study(parser.add_argument_group("comparing runs"))
    return parser


def _add_simulation(parser: argparse._ArgumentGroup) -> None:
    """Which simulation it is about; what a new one is like."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--fork", metavar="BASE", help="start a new simulation from this one")
    which.add_argument("--resume", metavar="SIM", help="go on with this simulation")
    which.add_argument("--study", metavar="FILE", help="run the simulations that this TOML file compares, and leave")
    which.add_argument("--list", action="store_true", help="list the simulations and leave")
    which.add_argument(
        "--export-html",
        metavar="SIM",
        help="write this simulation as one HTML file that plays in any browser, and leave",
    )
    which.add_argument(
        "--report", metavar="SIM", help="write a report on what happened in this simulation (page and CSV), and leave"
    )
    parser.add_argument(
        "--about",
        metavar="PHRASE",
        action="append",
        help="with --report: who knows of this, since when and from whom; repeatable",
    )
    parser.add_argument("--name", metavar="NEW", help="name of the new simulation (with --fork: default a free one)")
    parser.add_argument("--seed", metavar="S", type=int, help="seed of the new simulation (default its base's)")
    parser.add_argument(
        "--language",
        metavar="L",
        help="language in which the model writes all texts of the new simulation, such as Chinese (default its base's)",
    )
    parser.add_argument(
        "--events",
        metavar="FILE",
        help="let whispers, notices and closed places come into the new simulation at the times in this TOML file",
    )
    parser.add_argument(
        "--skip-night",
        action="store_true",
        help="let the new simulation begin shortly before the first person gets up",
    )


def _add_manner(parser: argparse._ArgumentGroup) -> None:
    """What is done with it, how, and at what cost."""
    parser.add_argument("--run", metavar="N", type=_count, help="run N steps and leave, without questions")
    parser.add_argument("--offline", action="store_true", help="use the built-in mock model, free of charge")
    parser.add_argument(
        "--checkpoint-every",
        metavar="N",
        type=_count,
        default=CHECKPOINT_EVERY,
        help="steps between the checkpoints of a run (default %(default)s)",
    )
    parser.add_argument(
        "--budget",
        metavar="USD",
        type=_budget,
        help=f"what this start may spend on the model (default {budget.VARIABLE}, else no limit)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_workers,
        help="how many requests to the model may be under way at once; 1: one after the other "
        f"(default {concurrency.VARIABLE}, else {concurrency.DEFAULT})",
    )
    parser.add_argument(
        "--lockstep",
        action="store_true",
        help="let everybody wait for everybody in each step; the same simulation, only slower",
    )
    parser.add_argument(
        "--no-explain",
        action="store_true",
        help="do not record what was asked and answered, which the pages show for Why?",
    )


def _add_pages(parser: argparse._ArgumentGroup) -> None:
    """How it is watched."""
    parser.add_argument(
        "--serve",
        metavar="PORT",
        nargs="?",
        type=_port,
        const=FREE_PORT,
        help="show the town on web pages at 127.0.0.1 (default: the first free port from 8000 on)",
    )
    parser.add_argument(
        "--pace",
        metavar="S",
        type=_pace,
        help="at most so many game seconds a second while the pages are watched, or max (with --serve; "
        f"default {WATCHABLE:.0f} with --offline, else max)",
    )


def _add_survey(parser: argparse._ArgumentGroup) -> None:
    """What its people are asked in place of living on."""
    parser.add_argument(
        "--survey",
        metavar="FILE",
        help="ask people the questions of a file, one a line, and leave; nobody remembers it",
    )
    survey.add_options(parser)


def _add_study(parser: argparse._ArgumentGroup) -> None:
    """Where the runs of a study are lived."""
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        nargs="?",
        const="",
        help="live the runs of a study on a Ray cluster (default: one of its own on this machine); needs Ray",
    )


def _port(text: str) -> int:
    number = number_in(text)
    if number is None or number > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a whole number from 1 to {_LAST_PORT}")
    return number


def _pace(text: str) -> float:
    if text == "max":
        return MAX_PACE
    number = number_in(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a pace; give game seconds a second, such as 60, or max")
    return float(number)


def _budget(text: str) -> Decimal:
    try:
        return budget.limit_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _budget_in_environment(parser: argparse.ArgumentParser) -> Decimal | None:
    setting = os.environ.get(budget.VARIABLE, "").strip()
    try:
        return budget.limit_of(setting) if setting else None
    except ValueError as error:
        return parser.error(f"{budget.VARIABLE}: {error}")


def _workers(text: str) -> int:
    try:
        return concurrency.limit_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _workers_in_environment(parser: argparse.ArgumentParser) -> int:
    setting = os.environ.get(concurrency.VARIABLE, "").strip()
    try:
        return concurrency.limit_of(setting) if setting else concurrency.DEFAULT
    except ValueError as error:
        return parser.error(f"{concurrency.VARIABLE}: {error}")


def _trace_in_environment(parser: argparse.ArgumentParser) -> Trace | None:
    try:
        return Trace.in_environment()
    except ValueError as error:
        return parser.error(str(error))


def _count(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of steps; give a whole number from 1 on")
    return number

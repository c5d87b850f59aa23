"""The command-line options, and which of them can be combined.

Knows only the options; knows no simulations and no models.
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
_FOR_NEW = {"name", "seed", "language", "events", "skip_night", "without"}
_REQUIRES = {"about": "report", "at": "survey", "pace": "serve", "people": "survey", "ray": "study"}
_ACCEPTED: dict[str, set[str]] = {
    "study": {"checkpoint_every", "budget", "workers", "lockstep", "no_explain", "serve", "ray"},
    "survey": {"fork", "resume", "budget", "workers", "serve", "people", "at", *_FOR_NEW},
    "report": {"about"},
    "export_html": set(),
    "list": set(),
}
"""Options of which the program does only that one task and exits: what else they accept, besides --offline."""
_INSTEAD = {("study", name): "is set in the study file" for name in ("run", "seed", "events", "survey", "without")}
_INSTEAD["survey", "run"] = "cannot be combined with --survey: first use --run, then --survey with --resume"


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options by their names, as in `_parser`; None where one is not given, False for a flag.

    `budget`, `workers` and `trace` are also read from the environment.

    Raises:
        SystemExit: with code 2 after printing what is wrong, or 0 after the help.
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
        parser.error(f"{VARIABLE} has no effect with --ray: the requests are made on the nodes of the cluster")
    return options


def _check_together(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuses, by name, an option that would have no effect with the others."""
    given = {name for name in vars(options) if getattr(options, name) != parser.get_default(name)}
    for name in sorted(given & _REQUIRES.keys()):
        if _REQUIRES[name] not in given:
            parser.error(f"{_typed(name)} needs {_typed(_REQUIRES[name])}")
    for task in [task for task in _ACCEPTED if task in given]:
        for name in sorted(given - _ACCEPTED[task] - {"offline", task}):
            parser.error(f"{_typed(name)} {_INSTEAD.get((task, name), f'has no effect with {_typed(task)}')}")
    if "survey" in given and not given & {"resume", "fork"}:
        parser.error("--survey needs --resume, or --fork to ask before the first step")
    if "resume" in given:
        for name in sorted((given & _FOR_NEW) - ({"without"} if "survey" in given else set())):
            whose = "a new simulation or a --survey" if name == "without" else "a new simulation"
            parser.error(f"{_typed(name)} is for {whose}; a resumed one keeps its own")


def _typed(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def default_pace(options: argparse.Namespace) -> float:
    """A watchable pace for an offline run with pages, which would otherwise be over before anybody saw it."""
    return WATCHABLE if options.offline and options.serve is not None else MAX_PACE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reverie.py",
        description="A simulated town of people driven by a language model. Without arguments it asks what to run.",
    )
    _add_simulation(parser.add_argument_group("choosing a simulation"))
    _add_run(parser.add_argument_group("running it"))
    _add_pages(parser.add_argument_group("watching it"))
    _add_survey(parser.add_argument_group("asking its people"))
    _add_study(parser.add_argument_group("comparing runs"))
    return parser


def _add_simulation(parser: argparse._ArgumentGroup) -> None:
    """Which simulation to use, and the settings of a new one."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--fork", metavar="BASE", help="start a new simulation from this one")
    which.add_argument("--resume", metavar="SIM", help="continue this simulation")
    which.add_argument("--study", metavar="FILE", help="run the simulations that this TOML file compares, and exit")
    which.add_argument("--list", action="store_true", help="list the simulations and exit")
    which.add_argument(
        "--export-html",
        metavar="SIM",
        help="write this simulation as one HTML file that plays in any browser, and exit",
    )
    which.add_argument(
        "--report", metavar="SIM", help="write a report on what happened in this simulation (page and CSV), and exit"
    )
    parser.add_argument(
        "--about",
        metavar="PHRASE",
        action="append",
        help="with --report: also show who knows about this, since when and from whom; can be repeated",
    )
    parser.add_argument(
        "--name", metavar="NEW", help="name of the new simulation (default with --fork: the base's name and a number)"
    )
    parser.add_argument("--seed", metavar="S", type=int, help="seed of the new simulation (default: its base's)")
    parser.add_argument(
        "--language",
        metavar="L",
        help="language in which the model writes the new simulation, such as Chinese (default: that of its base)",
    )
    parser.add_argument(
        "--events",
        metavar="FILE",
        help="bring whispers, notices and closed places into the new simulation at the times in this TOML file",
    )
    parser.add_argument(
        "--skip-night",
        action="store_true",
        help="start the new simulation shortly before the first person gets up",
    )


def _add_run(parser: argparse._ArgumentGroup) -> None:
    """How far to run, how, and at what cost."""
    parser.add_argument("--run", metavar="N", type=_count, help="run N steps and exit, without prompts")
    parser.add_argument("--offline", action="store_true", help="use the built-in mock model, free of charge")
    parser.add_argument(
        "--checkpoint-every",
        metavar="N",
        type=_count,
        default=CHECKPOINT_EVERY,
        help="steps from one checkpoint of a run to the next (default: %(default)s)",
    )
    parser.add_argument(
        "--budget",
        metavar="USD",
        type=_budget,
        help=f"the most that this launch may spend on the model (default: {budget.VARIABLE}, else no limit)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_workers,
        help="how many requests to the model may run at once; 1: one after another "
        f"(default: {concurrency.VARIABLE}, else {concurrency.DEFAULT})",
    )
    parser.add_argument(
        "--lockstep",
        action="store_true",
        help="make everybody wait for everybody in each step: the same simulation, only slower",
    )
    parser.add_argument(
        "--no-explain",
        action="store_true",
        help="do not record the prompts and answers that the pages show under Why?",
    )


def _add_pages(parser: argparse._ArgumentGroup) -> None:
    """Whether and how fast the pages show it."""
    parser.add_argument(
        "--serve",
        metavar="PORT",
        nargs="?",
        type=_port,
        const=FREE_PORT,
        help="show the town on web pages at 127.0.0.1 (default port: the first free one from 8000 on)",
    )
    parser.add_argument(
        "--pace",
        metavar="S",
        type=_pace,
        help="limit the run to S game seconds per second while the pages are open, or max for no limit (with --serve; "
        f"default: {WATCHABLE:.0f} with --offline, else max)",
    )


def _add_survey(parser: argparse._ArgumentGroup) -> None:
    """What to ask people instead of running steps."""
    parser.add_argument(
        "--survey",
        metavar="FILE",
        help="ask people the questions in a file, one per line, and exit; nobody remembers them",
    )
    survey.add_options(parser)


def _add_study(parser: argparse._ArgumentGroup) -> None:
    """Where to run the simulations of a study."""
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        nargs="?",
        const="",
        help="run a study on the Ray cluster at this address (default: a local one, on this machine); needs Ray",
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
        raise argparse.ArgumentTypeError(f"{text!r} is not a pace; give game seconds per second, such as 60, or max")
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
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of steps; give a whole number, 1 or more")
    return number

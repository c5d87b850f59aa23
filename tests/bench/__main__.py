"""The benchmark's command: runs the requested parts and prints one table of all figures.

    python tests/bench [part ...] [--hours H] [--work FOLDER] [--plot FILE]
    python tests/bench --trace FILE            only draws the plot of a run that was traced with LLM_TRACE

Knows the parts and how long each takes; what they measure is theirs.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(_TESTS), str(_TESTS.parent / "reverie" / "backend_server")]

from bench import cpu, days, idle, long_memories, long_runs, paths, plot, step_files, wall_time  # noqa: E402
from bench.published import LATENCY, STEPS_A_DAY, SUCCESSORS  # noqa: E402
from bench.table import Figure, missed, purposes, table  # noqa: E402
from bench.towns import UNEVEN, WORKERS, Towns  # noqa: E402
from bench.traced import read_trace  # noqa: E402

PLOT = Path(__file__).resolve().parent / "results" / "calls_at_work.png"
PEOPLE = (3, 25)
CROWD = 300
BUSY_HOURS = (
    (25, LATENCY, WORKERS),
    (25, LATENCY, wall_time.MANY_WORKERS),
    (25, UNEVEN, WORKERS),
    (100, LATENCY, WORKERS),
    (100, LATENCY, wall_time.MANY_WORKERS),
)  # people, seconds an answer, workers
LONG_RUNS = {3: 10, 25: 10}
_WHOLE_DAY = 24

Part = Callable[[Towns, argparse.Namespace], list[Figure]]


def _days(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    return [figure for people in PEOPLE for figure in days.figures(towns, people)]


def _wall_time(towns: Towns, options: argparse.Namespace) -> list[Figure]:
    of_days = [figure for people in PEOPLE for figure in wall_time.figures(towns, people, options.hours)]
    return [*of_days, *wall_time.first_hour(towns, max(PEOPLE))]


def _busy_hour(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    return [figure for hour in BUSY_HOURS for figure in wall_time.busy_hour(towns, *hour)]


def _cpu(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    return [figure for people in PEOPLE for figure in cpu.figures(towns, people)]


def _idle(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    return [*idle.figures(towns), *paths.figures(), *step_files.figures(towns)]


def _crowd(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    return cpu.of_a_crowd(towns, CROWD)


def _long_memories(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    bars = {
        "retrieval, ms a focal point": 10,
        "loading, s": 2,
        "loading from the classic embeddings.json, s": 2,
        "save with the classic embeddings.json, s": 1,
    }
    return [
        Figure(f"10,000 memories: {name}", value, at_most=bars.get(name))
        for name, value in long_memories.figures().items()
    ]


def _long_runs(towns: Towns, _: argparse.Namespace) -> list[Figure]:
    return [figure for people, length in LONG_RUNS.items() for figure in long_runs.figures(towns, people, length)]


def _plot(towns: Towns, options: argparse.Namespace) -> list[Figure]:
    run = towns.run(max(PEOPLE), options.hours * STEPS_A_DAY // _WHOLE_DAY, LATENCY)
    _draw(options.plot, run.requests, f"{max(PEOPLE)} people, {LATENCY} s an answer, at most {WORKERS} at once")
    return []


PARTS: dict[str, tuple[Part, str]] = {
    "days": (_days, "a day of 3 and of 25 people, answers at once, also with an eager model: 5 minutes"),
    "wall_time": (_wall_time, "the same at half a second an answer: 30 minutes (--hours shortens it)"),
    "busy_hour": (_busy_hour, "an hour of 25 and of 100 people, in lockstep and out of step: 15 minutes"),
    "cpu": (_cpu, "a day of 3 and of 25 people without HTTP: 2 minutes"),
    "idle": (_idle, "idle steps, paths, step files: half a minute"),
    "crowd": (_crowd, "300 people for an hour: 2 minutes"),
    "long_memories": (_long_memories, "one persona with 10,000 memories: 1 minute"),
    "long_runs": (_long_runs, "ten days of 3 and of 25 people without HTTP: 6 minutes"),
    "plot": (_plot, "a picture of the day of 25 people that wall_time runs"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the parts and prints the tables, including those of parts before a failed one."""
    options = _parser().parse_args(arguments)
    if options.trace:
        _draw(options.plot, read_trace(options.trace), options.trace.name)
        return
    figures: list[Figure] = []
    with _folder(options.work) as folder:
        towns = Towns(folder)
        try:
            for name in options.parts or PARTS:
                figures += _timed(name, towns, options)
        finally:
            _print_all(figures, towns)


def _timed(name: str, towns: Towns, options: argparse.Namespace) -> list[Figure]:
    part, what = PARTS[name]
    print(f"{name}: {what} ...", file=sys.stderr, flush=True)
    began = time.perf_counter()
    figures = part(towns, options)
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return figures


def _print_all(figures: Sequence[Figure], towns: Towns) -> None:
    print(table(figures))
    if lived := towns.days(STEPS_A_DAY):
        print(f"\n{purposes(lived)}")
    print("\nOthers:", *SUCCESSORS, sep="\n- ")
    for line in missed(figures):
        print(f"Missed: {line}")


def _draw(file: Path, requests: Sequence, title: str) -> None:
    plot.draw(requests, file, title)
    print(f"The picture is {file}", file=sys.stderr)


@contextlib.contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    """The folder in which towns are run: a permanent or a temporary one."""
    if chosen:
        chosen.mkdir(parents=True)
        yield chosen
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:14} {what}" for name, (_, what) in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python tests/bench",
        description="What the town needs, in figures, beside what the original needs.",
        epilog=f"parts (default: all of them):\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help="which parts to run", type=_part)
    parser.add_argument(
        "--hours",
        type=int,
        default=_WHOLE_DAY,
        choices=range(1, 25),
        metavar="H",
        help="hours of the day in wall_time and plot (1 to 24, default 24)",
    )
    parser.add_argument(
        "--work",
        type=_new_folder,
        metavar="FOLDER",
        help="run the towns in this new folder, and leave them and their traces",
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", default=PLOT, help="where to draw (default tests/bench/results)"
    )
    parser.add_argument("--trace", type=Path, metavar="FILE", help="only draw this trace")
    return parser


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"{name!r} is not a part; there are {', '.join(PARTS)}")
    return name


def _new_folder(path: str) -> Path:
    if Path(path).exists():
        raise argparse.ArgumentTypeError(f"{path} is there already; give a new folder")
    return Path(path).absolute()


if __name__ == "__main__":
    main()

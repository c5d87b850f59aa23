"""The quality of a real model: the outcome of each question, and the plausibility of its town.

    python tests/bench/real_model.py --work FOLDER [--steps N] [--workers N] [--report]

Asks the model that OPENROUTER_* or OPENAI_* name, as reverie.py does. The folder takes the simulation and its trace;
called again with the same folder, the run goes on where it was stopped. Knows the trace, the record of usage and the
files of a simulation; not what is asked, except how an answer is said to be unusable.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(_TESTS), str(_TESTS.parent / "reverie" / "backend_server")]

from bench.table import markdown, number  # noqa: E402
from bench.traced import EMBEDDING, mean_under_way, read_trace  # noqa: E402
from persona.memory_structures.schedule import Entry, entries, is_sleep  # noqa: E402
from persona.prompt_template.parsers import bare  # noqa: E402
from whole_days import MORNING, Checkout, Day, addresses_that_do_not_exist  # noqa: E402

NAME = "real_model"
LONG = 3 * 60
AN_HOUR = 360
WRONG_FORM = "wrong form"
_SAID_BACK = re.compile(r"\n\nAn earlier answer could not be used \((.*)\)\. Answer without.*\Z", re.DOTALL)
_CANNOT_BE_BELIEVED = re.compile(
    r"usually around|nobody does one thing|different activities|more than half of the time|twice in a row|"
    r"takes place at|is not done in|has been said already|tells of the two"
)


class Outcome(NamedTuple):
    """The outcomes of all questions of one kind.

    implausible: those of which an answer had the right form and was refused all the same.
    """

    asked: int
    at_once: int
    again: int
    fell_back: Mapping[str, int]
    implausible: int


class Stretch(Day):
    """A part of a day: the steps so far."""

    @cached_property
    def movements(self) -> list[dict[str, Any]]:
        """Everyone's actions, step by step."""
        steps = self.read("reverie/meta.json")["step"]
        return [self.read(f"movement/{step}.json")["persona"] for step in range(steps)]


def outcomes(
    trace: Iterable[Mapping[str, Any]], fallback_reasons: Mapping[str, Mapping[str, int]]
) -> dict[str, Outcome]:
    """The outcomes of the questions, by purpose.

    Args:
        trace: lines of a trace with texts.
        fallback_reasons: {purpose: {reason: count}}, of the record of usage; a question that fell back for another
            reason than its form got no answer at all.
    """
    faults: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for line in trace:
        if line["purpose"] != EMBEDDING:
            prompt = line["prompt"][0]["content"]
            said = _SAID_BACK.search(prompt)
            question = (line["persona"], _SAID_BACK.sub("", prompt))
            before = faults[line["purpose"]].get(question, "")
            faults[line["purpose"]][question] = f"{before}\n{said[1]}" if said else before
    return {purpose: _outcome(found, fallback_reasons.get(purpose, {})) for purpose, found in sorted(faults.items())}


def _outcome(faults: Mapping[Any, str], fell_back: Mapping[str, int]) -> Outcome:
    without_answer = sum(count for reason, count in fell_back.items() if reason != WRONG_FORM)
    at_once = sum(not fault for fault in faults.values()) - without_answer
    again = len(faults) - at_once - sum(fell_back.values())
    implausible = sum(bool(_CANNOT_BE_BELIEVED.search(fault)) for fault in faults.values())
    return Outcome(len(faults), at_once, again, fell_back, implausible)


def town(day: Day) -> dict[str, float]:
    """The figures of the steps so far."""
    awake = [entry for name in day.names for entry in _awake(day, name)]
    long = sum(entry.minutes for entry in awake if entry.minutes > LONG)
    talks = {str(node["filling"]): node["filling"] for name in day.names for node in day.nodes(name, "chat")}
    lines = [(name, bare(line)) for talk in talks.values() for name, line in talk]
    return {
        "hours": len(day.movements) / AN_HOUR,
        "waking time in entries of more than 3 hours, %": 100 * long / max(sum(entry.minutes for entry in awake), 1),
        "invented places": len(addresses_that_do_not_exist(day)),
        "talks": len(talks),
        "lines of talk": len(lines),
        "lines that the same person had said before": len(lines) - len(set(lines)),
    }


def _awake(day: Day, name: str) -> Iterator[Entry]:
    """The waking hours of a plan, with equal consecutive rows merged."""
    rows = day.memory(name, "scratch")["f_daily_schedule_hourly_org"]
    same = groupby(rows, key=lambda row: row[0])
    merged = [(activity, sum(minutes for _, minutes in group)) for activity, group in same]
    return (entry for entry in entries(merged) if not is_sleep(entry.activity))


def report(folder: Path) -> str:
    """The tables of a run so far."""
    day = Stretch(_checkout(folder), NAME)
    with _trace(folder).open(encoding="utf-8") as lines:
        found = outcomes(map(json.loads, lines), day.read("reverie/llm_usage.json").get("fallback_reasons", {}))
    requests = read_trace(_trace(folder))
    figures = {
        **town(day),
        "chat tokens in": sum(request.tokens_in for request in requests if request.is_chat),
        "chat tokens out": sum(request.tokens_out for request in requests),
        "seconds with a request under way": sum(r.end - r.start for r in requests) / (mean_under_way(requests) or 1),
    }
    heads = ["question", "asked", "usable at once", "after asking again", "fell back", "implausible, refused"]
    rows = [_row(purpose, outcome) for purpose, outcome in [*found.items(), ("all", _sum(found.values()))]]
    of_town = markdown(["the town", "figure"], [[name, number(value)] for name, value in figures.items()])
    return f"{markdown(heads, rows)}\n\n{of_town}"


def _row(purpose: str, outcome: Outcome) -> list[str]:
    share = f"{outcome.at_once} ({outcome.at_once / max(outcome.asked, 1):.0%})"
    reasons = ", ".join(f"{count} {reason}" for reason, count in outcome.fell_back.items()) or "0"
    return [purpose, str(outcome.asked), share, str(outcome.again), reasons, str(outcome.implausible)]


def _sum(found: Iterable[Outcome]) -> Outcome:
    each = list(found)
    fell_back: Counter[str] = sum((Counter(one.fell_back) for one in each), Counter())
    asked, at_once = sum(one.asked for one in each), sum(one.at_once for one in each)
    again, implausible = sum(one.again for one in each), sum(one.implausible for one in each)
    return Outcome(asked, at_once, again, fell_back, implausible)


def run(folder: Path, steps: int, workers: int) -> int:
    """Runs the missing steps; returns the exit code of reverie.py."""
    checkout = _checkout(folder)
    is_new = not (checkout.storage / NAME).exists()
    left = steps if is_new else steps - checkout.step(NAME)
    if left <= 0:
        return 0
    begin = ["--fork", MORNING, "--name", NAME] if is_new else ["--resume", NAME]
    program = checkout.folder / "reverie" / "backend_server" / "reverie.py"
    options = [*begin, "--run", left, "--workers", workers, "--checkpoint-every", 30]
    traced = {"LLM_TRACE": str(_trace(folder)), "LLM_TRACE_TEXT": "1"}
    command = [sys.executable, *map(str, [program, *options])]
    return subprocess.run(command, cwd=checkout.folder, env={**os.environ, **traced}, check=False).returncode


def _trace(folder: Path) -> Path:
    return folder / "trace.jsonl"


def _checkout(folder: Path) -> Checkout:
    """The program as it was when the run began."""
    return Checkout(folder / "checkout")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs or continues, and prints the tables in either case."""
    parser = argparse.ArgumentParser(description="How a real model does, question by question.")
    parser.add_argument("--work", type=Path, required=True, metavar="FOLDER", help="a new folder, or one to go on in")
    parser.add_argument("--steps", type=int, default=AN_HOUR, metavar="N", help="steps in all (default 360, an hour)")
    parser.add_argument("--workers", type=int, default=3, metavar="N", help="requests at once (default 3)")
    parser.add_argument("--report", action="store_true", help="only print the tables of the run so far")
    options = parser.parse_args(arguments)
    code = 0 if options.report else run(options.work.absolute(), options.steps, options.workers)
    print(report(options.work.absolute()))
    return code


if __name__ == "__main__":
    sys.exit(main())

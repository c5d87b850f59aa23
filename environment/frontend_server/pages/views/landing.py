"""The landing page: every simulation with its world, people, steps, cost and links."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from compress_sim_storage import demo_folder
from pages import commands, live, lookup
from saves.game_time import shown_time, time_at
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import Storage, Summary
from study import report


def landing(request: HttpRequest) -> HttpResponse:
    """`/`"""
    storage = Storage.of_checkout()
    summaries = storage.simulations()
    rows = [_row(storage, summary) for summary in summaries if not summary.fault]
    bases = [row for row in rows if not row["steps"]]
    context = {
        "simulations": [row for row in rows if row["steps"]],
        "bases": bases,
        "command": commands.first_run(row["name"] for row in bases),
        "damaged": [summary for summary in summaries if summary.fault],
        "live": live.latest(),
    }
    return render(request, "pages/landing.html", context)


def _row(storage: Storage, summary: Summary) -> dict[str, Any]:
    found = lookup.simulation(summary.name)
    steps = Recording(found.path).steps()
    return {
        "name": summary.name,
        "maze": summary.maze,
        "language": summary.language,
        "without": ", ".join(summary.without),
        "study": summary.study,
        "people": found.meta["persona_names"],
        "steps": f"{len(steps):,}" if steps else "",
        "state": _state_of_the_first(found, steps[-1] if steps else 0),
        "time": shown_time(time_at(found.meta, steps[-1] + 1)) if steps else summary.curr_time,
        "fork_of": found.meta["fork_sim_code"],
        "usage": live.usage(found),
        "has_report": (found.path / report.FOLDER / report.PAGE).is_file(),
        "is_open": live.is_open(summary.name),
        "has_demo": demo_folder(storage, summary.name).is_dir(),
    }


def _state_of_the_first(found: Simulation, step: int) -> str:
    """The address of the first persona's state, which links to the others."""
    return reverse("persona_state", args=[found.name, step, lookup.in_address(found.meta["persona_names"][0])])

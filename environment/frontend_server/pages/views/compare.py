"""Two simulations side by side: their replays, their settings, and the measures of a study."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from pages import lookup, player_data
from persona.prompt_template.usage_records import Ledger, named
from saves.game_time import shown_time, time_at
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import StorageError, study_of
from saves.tables import Tables
from study import measures

_one_at_a_time = Lock()  # a reloaded page waits for the measurement in progress


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """`/compare/?sim=...&other=...`, from the landing page: redirects to the page of these two."""
    return redirect("compare", *(lookup.simulation(request.GET.get(key, "")).name for key in ("sim", "other")))


@require_GET
def compare(request: HttpRequest, sim: str, other: str) -> HttpResponse:
    """`/compare/<sim>/<other>/?step=n`"""
    both = [lookup.lived(name) for name in (sim, other)]
    recorded = [Recording(found.path).steps() for found in both]
    first, last = min(steps[0] for steps in recorded), max(steps[-1] for steps in recorded)
    begin = [time_at(found.meta, 0) for found in both]
    town = {
        "mode": "compare",
        "isPaused": True,
        "first": first,
        "last": last,
        "step": lookup.step(request.GET.get("step", str(first)), last),
        "speed": 2,
        "speeds": player_data.SPEEDS,
        "time": begin[0].isoformat(),
        "isOneTime": begin[0] == begin[1],
        "sec_per_step": both[0].meta["sec_per_step"],
        "measures": reverse("compare_measures", args=[sim, other]),
    }
    frames = [(found.name, steps[0]) for found, steps in zip(both, recorded, strict=True)]
    context = {"town": town, "mode": "compare", "frames": frames, "settings": _settings(*both)}
    return render(request, "pages/compare.html", context)


@require_GET
def measured(request: HttpRequest, sim: str, other: str) -> JsonResponse:
    """`{"rows": [[measure, of one, of the other, difference], ...]}`, all texts; or `{"fault": why not}`."""
    both = [lookup.lived(name) for name in (sim, other)]
    try:
        with _one_at_a_time:
            one, two = (_measures(found.name, _saved_at(found)) for found in both)
    except StorageError as error:
        return JsonResponse({"fault": str(error)})
    return JsonResponse({"rows": [_row(name, one.get(name), two.get(name)) for name in {**one, **two}]})


@lru_cache(maxsize=16)
def _measures(name: str, saved_at: int) -> dict[str, float]:
    """{measure: value} of a simulation as saved at that time; a day of 25 people takes some seconds."""
    return measures.measures(Tables(lookup.simulation(name)))


def _saved_at(found: Simulation) -> int:
    return (found.path / "reverie" / "meta.json").stat().st_mtime_ns


def _row(name: str, one: float | None, other: float | None) -> list[str]:
    difference = "" if one is None or other is None else measures.shown(other - one, "+")
    return [name, *("" if value is None else measures.shown(value) for value in (one, other)), difference]


def _settings(one: Simulation, other: Simulation) -> list[tuple[str, str, str]]:
    """(label, of one, of the other) of the settings and progress of each."""
    return [(label, mine, theirs) for (label, mine), (_, theirs) in zip(_setting(one), _setting(other), strict=True)]


def _setting(found: Simulation) -> Iterator[tuple[str, str]]:
    meta = found.meta
    yield "Fork of", meta["fork_sim_code"]
    yield "World", meta["maze_name"]
    yield "People", str(len(meta["persona_names"]))
    yield "Study", study_of(meta) or "none"
    yield "Seed", str(meta.get("seed", "none"))
    yield "Without", ", ".join(meta.get("without") or ()) or "nothing left out"
    yield "Events from outside", str(len(found.read_events()))
    yield "Language", meta.get("language") or "English"
    yield "Answered by", named(Ledger.from_json(found.read_usage()).by_model) or "no model"
    yield "Begins", shown_time(time_at(meta, 0))
    yield "Saved at step", f"{meta['step']:,}"
    yield "Game time then", shown_time(time_at(meta, meta["step"]))

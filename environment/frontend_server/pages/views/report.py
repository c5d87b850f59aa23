"""The report on a simulation: its page and files, and the form that makes them."""

from __future__ import annotations

import threading

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from pages import lookup
from saves.storage import Simulation, StorageError
from study.report import FILES, FOLDER, PAGE, reported_step, write_report

_LONGEST = 2000
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""A report contains its style; it loads nothing and has no scripts."""
_one_at_a_time = threading.Lock()


@require_GET
def report(request: HttpRequest, sim: str) -> HttpResponse:
    """`/report/<sim>/`: the report, if it is of the last checkpoint; else the page that makes one."""
    found = lookup.simulation(sim)
    return file(request, sim, PAGE) if reported_step(found) == found.meta["step"] else _offer(request, found)


@require_GET
def file(request: HttpRequest, sim: str, name: str) -> HttpResponse:
    """`/report/<sim>/<name>`: the page or one of the CSV files of the latest report."""
    found = lookup.simulation(sim)
    path = found.path / FOLDER / name
    if name not in FILES or not path.is_file():
        raise lookup.Unknown(f"There is no “{name}” in the report on “{sim}”.", FILES if path.parent.is_dir() else ())
    kind = "text/html" if name == PAGE else "text/csv"
    response = HttpResponse(path.read_bytes(), content_type=f"{kind}; charset=utf-8")
    response["Content-Security-Policy"] = _POLICY
    return response


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, sim: str) -> HttpResponse:
    """`/report/<sim>/new/`: asks what to report on, one phrase per line (`about`), and makes the report."""
    found = lookup.simulation(sim)
    if request.method == "GET":
        return _offer(request, found)
    about = request.POST.get("about", "")[:_LONGEST]
    try:
        with _one_at_a_time:
            write_report(found, list(filter(None, map(str.strip, about.splitlines()))))
    except StorageError as error:
        return _offer(request, found, about, str(error))
    return redirect("report", sim=found.name)


def _offer(request: HttpRequest, found: Simulation, about: str = "", fault: str = "") -> HttpResponse:
    """The page that asks what to report on; `fault` says why that was not possible."""
    context = {"sim": found.name, "step": found.meta["step"], "made": reported_step(found)}
    return render(
        request, "pages/report.html", {**context, "about": about, "fault": fault}, status=400 if fault else 200
    )

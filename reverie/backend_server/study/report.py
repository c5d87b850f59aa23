"""The report on a simulation: one self-contained page, and the CSV files behind it.

Knows the parts of a report and its folder; the other modules of this package provide the content.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from saves.json_files import DamagedSimulation, StorageError, replace_file, writing
from saves.simulation import Simulation
from saves.tables import Tables
from study import news, page
from study.page import moment

FOLDER, PAGE = "report", "report.html"
FILES = (
    PAGE,
    *("acquaintance.csv", "density.csv", "talks.csv", "news.csv", "attendance.csv", "minutes.csv", "presence.csv"),
    *("appointments.csv", "memories.csv", "reflections.csv", "usage.csv", "fallbacks.csv"),
)


def write_report(simulation: Simulation, about: Sequence[str] = ()) -> Path:
    """Writes the report on a simulation as of its last checkpoint to its folder `report`; returns the path of the page.

    Args:
        about: phrases; for each, the report says who knows it, since when and from whom.

    Raises:
        UnusablePhrase: before anything is read.
        DamagedSimulation: it has not been run, or a file of it cannot be read.
        CannotWrite: a disk error.
        StorageError: matplotlib is not installed.
    """
    asked = [news.phrase(text) for text in about]
    tables = Tables(simulation)
    if not tables.meta["step"]:
        raise DamagedSimulation(f"{simulation.name!r} has not been run yet: there is nothing to report.")
    files = _files(tables, asked)
    folder = simulation.path / FOLDER
    with writing(f"write the report on {simulation.name!r}"):
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            replace_file(folder / name, text.encode("utf-8", errors="replace"))
    return folder / PAGE


def reported_step(simulation: Simulation) -> int | None:
    """The step of the report on a simulation; None without a report."""
    file = simulation.path / FOLDER / PAGE
    found = page.STEP.search(file.read_text(encoding="utf-8")[:1000]) if file.is_file() else None
    return int(found[1]) if found else None


def _files(tables: Tables, asked: Sequence[news.News]) -> dict[str, str]:
    """{name: text} of all files of a report."""
    try:
        from study import sections  # needs matplotlib, which takes half a second to import
    except ImportError as error:
        raise StorageError(f"A report needs {error.name}: pip install -r requirements.txt.") from error
    parts = [
        sections.who_knows_whom(tables),
        sections.who_knows_what(tables, asked),
        sections.how_time_is_spent(tables),
        sections.cost(tables),
    ]
    steps, people = tables.meta["step"], len(tables.names)
    span = f"From {moment(tables.start)} to {moment(tables.end)}: {steps:,} steps of {people} people."
    html = [page.paragraph(span), *(html for part in parts for html in (*part.html, page.files(part.files)))]
    found = {PAGE: page.page(f"What happened in {tables.name}", steps, html)}
    return found | {name: text for part in parts for name, text in part.files.items()}

"""Exports a simulation's conversations and timeline as Markdown and CSV.

Knows the two formats and their contents; timeline.py knows what happened, recording.py reads the files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from maze import Maze, MazeError
from saves.game_time import time_at
from saves.json_files import DamagedSimulation, writing
from saves.recording import Recording
from saves.timeline import Activity, Conversation, activities, conversations, place_of

FOLDER = "export"


class Export:
    """The documents made from one simulation folder; `meta` is the content of its `meta.json`.

    Raises DamagedSimulation if it has not been run, or one of its steps cannot be read.
    """

    def __init__(self, folder: Path, meta: Mapping[str, Any]) -> None:
        self._name = folder.name
        self._meta = meta
        self._recording = Recording(folder)
        if not self._recording.steps():
            raise DamagedSimulation(f"{self._name!r} has not been run yet: there is nothing to export.")

    def document(self, name: str) -> str:
        """The text of one of DOCUMENTS."""
        return DOCUMENTS[name](self)

    def conversations_markdown(self) -> str:
        """A heading for each conversation, then its lines."""
        return "\n".join([f"# Conversations in {self._name}", "", *_blocks(map(self._talk, self._conversations))])

    def conversations_csv(self) -> str:
        """One row per line: conversation, line, first_step, start, end, place, participants, speaker, text."""
        head = ("conversation", "line", "first_step", "start", "end", "place", "participants", "speaker", "text")
        return csv_text(head, self._spoken())

    def timeline_markdown(self) -> str:
        """A table for each persona."""
        blocks = [self._table(name) for name in self._meta["persona_names"]]
        return "\n".join([f"# Timeline of {self._name}", "", *_blocks(blocks)])

    def timeline_csv(self) -> str:
        """One row per activity: persona, first_step, last_step, start, end, minutes, pronunciatio, action, address."""
        head = ("persona", "first_step", "last_step", "start", "end", "minutes", "pronunciatio", "action", "address")
        return csv_text(head, map(self._row, self._activities))

    # The parts of the documents

    def _talk(self, talk: Conversation) -> list[str]:
        people = " and ".join(talk.participants)
        start, end = self._time(talk.first), self._time(talk.last + 1)
        place = f", {place}" if (place := self._place(talk)) else ""
        lines = [f"**{speaker}:** {one_line(text)}  " for speaker, text in talk.lines]
        return [f"## {people}", "", f"{start:%A, %B} {start.day}, {start:%H:%M} - {end:%H:%M}{place}", "", *lines]

    def _spoken(self) -> Iterator[Sequence[Any]]:
        for number, talk in enumerate(self._conversations, 1):
            when = (talk.first, self._time(talk.first), self._time(talk.last + 1))
            about = (self._place(talk), "; ".join(talk.participants))
            for count, (speaker, text) in enumerate(talk.lines, 1):
                yield (number, count, *when, *about, speaker, text)

    def _table(self, name: str) -> list[str]:
        rows = []
        for done in self._activities:
            if done.persona == name:
                start, end = self._time(done.first), self._time(done.last + 1)
                cells = (f"{start:%b} {start.day}, {start:%H:%M}", f"{end:%H:%M}", done.pronunciatio, done.action)
                rows.append(f"| {' | '.join(map(table_cell, (*cells, done.address)))} |")
        return [f"## {name}", "", "| from | to | | what | where |", "|---|---|---|---|---|", *rows]

    def _row(self, done: Activity) -> Sequence[Any]:
        start, end = self._time(done.first), self._time(done.last + 1)
        minutes = round((end - start).total_seconds() / 60, 1)
        what = (done.pronunciatio, done.action, done.address)
        return (done.persona, done.first, done.last, start, end, minutes, *what)

    # What they are made of

    @cached_property
    def _conversations(self) -> list[Conversation]:
        return conversations(self._recording)

    @cached_property
    def _activities(self) -> list[Activity]:
        return activities(self._recording)

    @cached_property
    def _maze(self) -> Maze | None:
        """The world, which says where a conversation was; it may have been taken away since."""
        try:
            return Maze(self._meta["maze_name"])
        except MazeError:
            return None

    def _place(self, talk: Conversation) -> str:
        return place_of(talk, self._maze) if self._maze else ""

    def _time(self, step: int) -> datetime:
        """The game time at the start of a step."""
        return time_at(self._meta, step)


DOCUMENTS: Mapping[str, Callable[[Export], str]] = {
    "conversations.md": Export.conversations_markdown,
    "conversations.csv": Export.conversations_csv,
    "timeline.md": Export.timeline_markdown,
    "timeline.csv": Export.timeline_csv,
}


def export(folder: Path, meta: Mapping[str, Any]) -> list[Path]:
    """Writes all documents into the folder `export` of a simulation; returns their paths.

    Raises DamagedSimulation (never run, or a step cannot be read) or CannotWrite.
    """
    documents = Export(folder, meta)
    texts = {folder / FOLDER / name: documents.document(name) for name in DOCUMENTS}
    with writing(f"export {folder.name!r}"):
        (folder / FOLDER).mkdir(exist_ok=True)
        for file, text in texts.items():
            file.write_bytes(text.encode("utf-8", errors="replace"))
    return list(texts)


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV below their heading, with cells that no spreadsheet interprets as formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([[_as_text(cell) for cell in row] for row in rows])
    return text.getvalue()


def _as_text(cell: Any) -> Any:
    """A cell that no spreadsheet interprets as a formula, whatever a model wrote into it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def _blocks(blocks: Any) -> Iterator[str]:
    for lines in blocks:
        yield from lines
        yield ""


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def table_cell(text: str) -> str:
    """A text for a cell of a Markdown table."""
    return one_line(text).replace("|", "\\|")

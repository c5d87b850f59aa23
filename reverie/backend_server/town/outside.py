"""Events from outside: what enters a town between two steps, at the start of a step that nobody has begun yet.

Knows what waits, at which step it enters, and what each kind does to a persona or to the world; where people stand in
time is the scheduler's, and what is written when is the town's. The same events at the same steps give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from maze import Maze
from persona.cognitive_modules import perceive, reflect
from persona.parallel_map import ParallelMap
from persona.persona import Persona
from persona.prompt_template import trace
from saves import events, inbox
from saves.game_time import written_node_time
from saves.json_files import DamagedSimulation, write_json, writing
from saves.simulation import Simulation

_KINDS: Mapping[str, Callable[[Persona, Sequence[str]], None]] = {events.WHISPER: reflect.think_over}
"""What becomes of the texts of each kind that enter together for one persona."""
_POIGNANCY_OF_CLOSING = 4


class Arrival(NamedTuple):
    """Something that comes to one persona, or to the world ("").

    file: where it has waited; "" for what has not. place: the address that it is about, if any.
    """

    kind: str
    persona: str
    text: str
    file: str = ""
    place: str = ""

    def row(self) -> dict[str, str]:
        """What the record has of it."""
        row = self._asdict()
        return row if self.place else {name: row[name] for name in row if name != "place"}


class Outside:
    """What comes in from outside.

    Args:
        simulation: whose inbox it waits in, and whose record holds what has come.
        personas: by name, in the order of the roster.
        maze: the world, which shows what has come in.
        step_at: the step at which it is a game time.
        each: maps a task over personas that do not touch each other's state, maybe at the same time.
        breaking_off: surrounds what waits for answers: there a KeyboardInterrupt may come.
        notify: is called with a line about what cannot be let in.
    """

    def __init__(
        self,
        simulation: Simulation,
        personas: Mapping[str, Persona],
        maze: Maze,
        step_at: Callable[[datetime], int],
        each: ParallelMap,
        breaking_off: Callable[[], AbstractContextManager[None]],
        notify: Callable[[str], object],
    ) -> None:
        self._personas, self._each, self._breaking_off, self._notify = personas, each, breaking_off, notify
        self._inbox = events.inbox(simulation.path)
        self.record = simulation.read_events()
        recorded = {event["file"] for event in self.record}
        self._entered = {file for file in self._inbox.waiting() if file.name in recorded}  # a crash left them there
        self._waiting: dict[Path, tuple[int, list[Arrival]]] = {}  # at which step it enters
        self._planned = {
            file: planned
            for planned in simulation.read_interventions()
            if (file := simulation.path / planned.name).name not in recorded
        }
        self._maze, self._step_at = maze, step_at
        self._show()

    def next_step(self, free: int) -> int | None:
        """The first step at which something enters, None when nothing waits.

        What has come since the last look enters at the step `free`, if it does not name a later one; that is written
        down, so that it enters at the same step when a crash takes that back.
        """
        for file, planned in self._planned.items():
            self._waiting[file] = max(free, self._step_at(planned.time)), _arrivals(planned, file.name)
        self._planned.clear()
        for file in self._inbox.waiting():
            if file not in self._waiting and file not in self._entered:
                self._take_note(file, free)
        return min((step for step, _ in self._waiting.values()), default=None)

    def due(self, step: int) -> list[Arrival]:
        """What enters at the start of this step."""
        self.next_step(step)
        return [arrival for at, arriving in self._waiting.values() if at <= step for arrival in arriving]

    def enter(self, arriving: Iterable[Arrival], step: int, now: datetime) -> None:
        """Lets events in at the start of a step, all or none of them, in the order of the roster.

        Raises:
            LLMError: the model cannot be used; nothing has come in.
        """
        arriving = list(arriving)
        by_name = {name: [arrival for arrival in arriving if arrival.persona == name] for name in self._personas}
        snapshots = {name: self._personas[name].snapshot() for name, own in by_name.items() if own}
        try:
            with self._breaking_off():
                self._each(lambda name: _enter(self._personas[name], by_name[name], step, now), snapshots)
        except BaseException:
            for name, snapshot in snapshots.items():
                self._personas[name].restore(snapshot)
            raise
        world = [arrival for arrival in arriving if not arrival.persona]
        at = {"step": step, "time": written_node_time(now)}
        self.record += [at | arrival.row() for own in (world, *by_name.values()) for arrival in own]
        self._show()
        for arrival in arriving:
            if arrival.kind == events.CLOSE:
                self._send_away(arrival.place, now)
        files = {arrival.file for arrival in arriving}
        self._entered |= {file for file in self._waiting if file.name in files}
        self._waiting = {file: waits for file, waits in self._waiting.items() if file not in self._entered}

    def forget_entered(self) -> None:
        """The record has been saved: what is in it waits no longer."""
        inbox.forget(self._entered)
        self._entered.clear()

    def _show(self) -> None:
        """Makes the world as the record has it."""
        shown, closed = {}, set()
        for event in self.record:
            if event["kind"] == events.NOTICE:
                shown[event["place"]] = event["text"]
            elif event["kind"] == events.CLOSE:
                closed.add(event["place"])
            elif event["kind"] == events.OPEN:
                closed.discard(event["place"])
        self._maze.shown, self._maze.closed = shown, closed
        for persona in self._personas.values():
            persona.view_without_news = None

    def _send_away(self, place: str, now: datetime) -> None:
        """Who is busy at a place that has closed, or on the way to it, remembers that it has, and decides again."""
        closing = perceive.Observation(place, "is", "closed", f"{place.rpartition(':')[2]} is closed")
        for persona in self._personas.values():
            if self._maze.is_closed(persona.scratch.address):
                with _clock_at(persona, now):
                    perceive.remember(persona, [closing], [_POIGNANCY_OF_CLOSING])
                persona.scratch.end_action(now)

    def _take_note(self, file: Path, free: int) -> None:
        try:
            entry = events.read_entry(file, self._personas)
        except DamagedSimulation as fault:
            self._notify(f"{fault} It is put aside as {inbox.refuse(file).name}.")
            return
        step = max(free, entry.step or 0)
        if step != entry.step:
            with writing(f"note when {file} enters"):
                write_json(file, {**entry.model_dump(), "step": step})
        arriving = [Arrival(entry.kind, name, text, file.name) for name in entry.people for text in entry.texts]
        self._waiting[file] = step, arriving


def _arrivals(planned: events.Intervention, file: str) -> list[Arrival]:
    people = planned.people or [""]
    return [Arrival(planned.kind, name, planned.text, file, planned.place) for name in people]


def _enter(persona: Persona, arriving: Sequence[Arrival], step: int, now: datetime) -> None:
    trace.begin_step(step, now)
    with _clock_at(persona, now):
        for kind, become in _KINDS.items():
            if texts := [arrival.text for arrival in arriving if arrival.kind == kind]:
                become(persona, texts)


@contextmanager
def _clock_at(persona: Persona, now: datetime) -> Iterator[None]:
    """The persona's own clock stands still meanwhile: it tells whether the next step begins a new day."""
    before, persona.scratch.curr_time = persona.scratch.curr_time, now
    yield
    persona.scratch.curr_time = before

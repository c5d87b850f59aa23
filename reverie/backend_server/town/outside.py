"""Events from outside, which enter a town at the start of a step that nobody has begun yet.

Knows which events wait, at which step each enters, and what each kind does to a persona or to the world. The scheduler
knows at which step people are; the town decides when to save. The same events at the same steps give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from maze import Maze, is_within
from persona.cognitive_modules import perceive, plan, reflect
from persona.parallel_map import ParallelMap
from persona.persona import Persona
from persona.prompt_template import trace
from saves import events, inbox
from saves.game_time import written_node_time
from saves.json_files import DamagedSimulation, write_json, writing
from saves.simulation import Simulation

_KINDS: Mapping[str, Callable[[Persona, Sequence[str]], None]] = {events.WHISPER: reflect.think_over}
"""What to do with the texts of each kind that enter together for one persona."""
_POIGNANCY_OF_CLOSING = 4
"""Also that of opening."""


class Arrival(NamedTuple):
    """An event for one persona, or for the world ("").

    file: the file in which it waited; "" if it did not. place: the address that it is about, if any.
    """

    kind: str
    persona: str
    text: str
    file: str = ""
    place: str = ""

    def row(self) -> dict[str, str]:
        """The event as it is recorded."""
        row = self._asdict()
        return row if self.place else {name: row[name] for name in row if name != "place"}


class Outside:
    """The events from outside of a simulation.

    Args:
        simulation: has the inbox in which events wait, and the record of those that have entered.
        personas: by name, in roster order.
        maze: the world, which shows the events that have entered.
        step_at: returns the first step at a game time or later.
        each: maps a task over personas that do not touch each other's state, maybe at the same time.
        breaking_off: context in which answers are awaited; only there a KeyboardInterrupt may be raised.
        notify: called with a line about each event that cannot enter.
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
        """The first step at which an event enters, None if none waits.

        New events enter at the step `free`, unless they name a later one. The step is written to their files, so that
        they enter at the same step again after a crash.
        """
        for file, planned in self._planned.items():
            self._waiting[file] = max(free, self._step_at(planned.time)), _arrivals(planned, file.name)
        self._planned.clear()
        for file in self._inbox.waiting():
            if file not in self._waiting and file not in self._entered:
                self._take_note(file, free)
        return min((step for step, _ in self._waiting.values()), default=None)

    def due(self, step: int) -> list[Arrival]:
        """The events that enter at the start of this step."""
        self.next_step(step)
        return [arrival for at, arriving in self._waiting.values() if at <= step for arrival in arriving]

    def enter(self, arriving: Iterable[Arrival], step: int, now: datetime) -> None:
        """Applies events at the start of a step, all or none of them, in roster order.

        Raises:
            LLMError: the model cannot be used; none has been applied.
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
        closed = set(self._maze.closed)
        self._show()
        for place in sorted(closed.symmetric_difference(self._maze.closed)):
            if place not in closed:
                self._send_away(place, now)
            elif not self._maze.is_closed(place):
                self._announce_opening(place, now)
        files = {arrival.file for arrival in arriving}
        self._entered |= {file for file in self._waiting if file.name in files}
        self._waiting = {file: waits for file, waits in self._waiting.items() if file not in self._entered}

    def forget_entered(self) -> None:
        """Removes the files of recorded events, after the record has been saved."""
        inbox.forget(self._entered)
        self._entered.clear()

    def _show(self) -> None:
        """Sets the notices and closed places of the world according to the record."""
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
        """Makes everybody who is at a place that has closed, or on the way there, remember it and decide again."""
        for persona in self._personas.values():
            if is_within(persona.scratch.address, place):
                with _clock_at(persona, now):
                    perceive.remember(persona, [_state(place, "closed")], [_POIGNANCY_OF_CLOSING])
                persona.scratch.end_action(now)

    def _announce_opening(self, place: str, now: datetime) -> None:
        """Makes those who remember that a place is closed remember its opening, and everybody reconsider plans."""
        closing, opening = _state(place, "closed"), _state(place, "open again")
        for persona in self._personas.values():
            with _clock_at(persona, now):
                if persona.a_mem.latest_event_saying(closing.description):
                    perceive.remember(persona, [opening], [_POIGNANCY_OF_CLOSING])
                plan.reconsider(persona, self._maze, place)

    def _take_note(self, file: Path, free: int) -> None:
        try:
            entry = events.read_entry(file, self._personas)
        except DamagedSimulation as fault:
            self._notify(f"{fault} The file was set aside as {inbox.refuse(file).name}.")
            return
        step = max(free, entry.step or 0)
        if step != entry.step:
            with writing(f"note when {file} enters"):
                write_json(file, {**entry.model_dump(), "step": step})
        arriving = [Arrival(entry.kind, name, text, file.name) for name in entry.people for text in entry.texts]
        self._waiting[file] = step, arriving


def _state(place: str, state: str) -> perceive.Observation:
    return perceive.Observation(place, "is", state, f"{place.rpartition(':')[2]} is {state}")


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
    """Sets the persona's clock meanwhile, then back: the next step compares it to see whether a new day has begun."""
    before, persona.scratch.curr_time = persona.scratch.curr_time, now
    yield
    persona.scratch.curr_time = before

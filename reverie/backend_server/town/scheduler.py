"""Who steps when: people who could see each other take a step together, and wait for nobody else.

Steps come out whole and in order, with the same bytes as in lockstep, however many workers there are and however long
each answer takes. Knows only the order; the phases of a step, the clocks and the workers are elsewhere.
"""

from __future__ import annotations

import heapq
import sys
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from maze import Maze, Position, Scene
from path_finder import PathFinder
from persona.mind import Snapshot
from persona.persona import Persona
from persona.prompt_template import trace
from town.clocks import Clocks, Reach, everybody
from town.phases import Phases, Turn, scene
from town.workers import Workers

_SECONDS = 1.0  # between two reports on who is being waited for


class WholeStep(NamedTuple):
    """A step that everybody has taken: by name, the entries of `movement/<step>.json`, and the next step's tiles."""

    movement: dict[str, dict[str, Any]]
    positions: dict[str, Position]


class Stretch(NamedTuple):
    """Steps to run: from `first` up to but not including `last`; game time and everyone's tile at the first."""

    first: int
    last: int
    now: datetime
    positions: Mapping[str, Position]


class Scheduler:
    """Takes everyone in a world through steps.

    Args:
        maze: the world.
        personas: by name, in roster order.
        workers: run the thinking of people who take steps at the same time.
        sec_per_step: game seconds.
        lockstep: whether everybody waits for everybody in each step; this changes only the time a run takes.
    """

    def __init__(
        self, maze: Maze, personas: Mapping[str, Persona], workers: Workers, sec_per_step: int, *, lockstep: bool
    ) -> None:
        self._maze, self._personas, self._workers = maze, personas, workers
        self._step_time = timedelta(seconds=sec_per_step)
        paths = PathFinder(maze)
        self._phases = Phases(maze, paths, personas, workers.each, sec_per_step)
        self._could_see = everybody if lockstep else Reach(maze, paths, self._phases.sight).could_see

    def run(
        self,
        stretch: Stretch,
        stop: Callable[[], bool] = lambda: False,
        waiting: Callable[[Sequence[str]], object] = lambda names: None,
        meet: Callable[[int], int] = lambda free: free + sys.maxsize,
        breaking_off: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Generator[WholeStep]:
        """Runs some steps, and yields each when it is whole.

        If it ends early, by an error or by `stop`, people may be at different steps: `restore`, then run again up to
        the last whole one. Before it ends, it waits for everybody who is still thinking.

        Args:
            stop: called before each step; true ends the run after the first step that is not whole, if somebody has
                begun it, else before it.
            waiting: called with the people who are thinking about the first step that is not whole, whenever nobody
                else can proceed, and every second of that wait.
            meet: called after each whole step with the first step that nobody has begun; returns the step at which
                the run ends, with everybody there.
            breaking_off: context in which answers are awaited; only there a KeyboardInterrupt may be raised.

        Raises:
            LLMError: the model cannot be used.
        """
        clocks = Clocks(self._could_see, stretch.first, [stretch.positions[name] for name in self._personas])
        last = stretch.last

        def time_of(step: int) -> datetime:
            return stretch.now + (step - stretch.first) * self._step_time

        def start(task: Callable[[], None]) -> Future[None]:
            with nullcontext() if self._workers.has_threads else breaking_off():
                return self._workers.start(task)

        run = _Run(self._phases, start, self._personas, clocks, time_of)
        try:
            while run.frontier < (last := run.last_step(last) if stop() else last):
                if not run.hand_out(last):
                    waiting(run.awaited())
                    with breaking_off():
                        run.wait(_SECONDS)
                run.collect()
                for step in run.whole_steps():
                    yield step
                    last = min(last, meet(run.free_step()))
        except KeyboardInterrupt:
            self._workers.break_off()
            raise
        finally:
            self._finish(run, breaking_off)

    def snapshot(self) -> dict[str, Snapshot]:
        """The state that `restore` returns to."""
        return {name: persona.snapshot() for name, persona in self._personas.items()}

    def restore(self, snapshots: Mapping[str, Snapshot]) -> None:
        """Undoes the steps since the snapshots, for the personas that have one."""
        for name, snapshot in snapshots.items():
            self._personas[name].restore(snapshot)

    def scene(self, positions: Mapping[str, Position]) -> Scene:
        """Everyone's current actions, by where they stand."""
        return scene(self._maze, self._personas, positions)

    def _finish(self, run: _Run, breaking_off: Callable[[], AbstractContextManager[None]]) -> None:
        """Waits for everybody who is still thinking, even when interrupted: they change state that may be restored."""
        try:
            with breaking_off():
                self._workers.finish(run.under_way)
        except KeyboardInterrupt:
            self._workers.break_off()
            self._workers.finish(run.under_way)
            raise


class _Run:
    """The state of one run: at which step everybody is, who is thinking, and who waits for which other person.

    People are identified by their indexes in the roster.
    """

    def __init__(
        self,
        phases: Phases,
        start: Callable[[Callable[[], None]], Future[None]],
        personas: Mapping[str, Persona],
        clocks: Clocks,
        time_of: Callable[[int], datetime],
    ) -> None:
        self.frontier = clocks.steps[0]
        self.under_way: dict[Future[None], tuple[list[int], Turn]] = {}
        self._phases, self._start_task, self._clocks, self._time_of = phases, start, clocks, time_of
        self._personas, self._names = personas, list(personas)
        self._ready = [(self.frontier, person) for person in range(len(personas))]  # a heap, lowest step first
        self._thinking: set[int] = set()
        self._waiting: dict[int, set[int]] = defaultdict(set)  # key: the person waited for
        self._done: SimpleQueue[Future[None]] = SimpleQueue()
        self._taken: dict[int, WholeStep] = defaultdict(lambda: WholeStep({}, {}))

    def hand_out(self, last: int) -> bool:
        """Begins a step of some people who need not wait; False if there are none before `last`."""
        while self._ready and self._ready[0][0] < last:
            step, person = self._ready[0]
            group, behind = self._next_in_step() if step == self.frontier else self._next_ahead()
            if behind is not None:
                self._waiting[behind].add(person)
            elif group:
                self._begin(group, step)
                return True
        return False

    def _next_in_step(self) -> tuple[list[int], None]:
        """Everybody who is ready for the first step that is not whole: nobody is behind them."""
        group = set()
        while self._ready and self._ready[0][0] == self.frontier:
            group.add(heapq.heappop(self._ready)[1])
        return sorted(person for person in group if self._is_free(self.frontier, person)), None

    def _next_ahead(self) -> tuple[list[int], int | None]:
        """The next person who is ready, with the people in sight; or one person behind who might come into sight."""
        step, person = heapq.heappop(self._ready)
        return self._clocks.companions(person) if self._is_free(step, person) else ([], None)

    def _is_free(self, step: int, person: int) -> bool:
        return step == self._clocks.steps[person] and person not in self._thinking

    def wait(self, seconds: float) -> None:
        """Waits until somebody has finished thinking, at most `seconds`."""
        with suppress(Empty):
            self._done.put(self._done.get(timeout=seconds))

    def collect(self) -> None:
        """Ends the step of everybody who has finished thinking. Raises the error of anybody whose thinking failed."""
        while not self._done.empty():
            future = self._done.get()
            group, turn = self.under_way.pop(future)
            future.result()
            self._thinking.difference_update(group)
            self._end(group, turn)

    def whole_steps(self) -> Iterator[WholeStep]:
        """The steps that have become whole, in order."""
        while len(self._taken[self.frontier].positions) == len(self._names):
            movement, positions = self._taken.pop(self.frontier)
            self.frontier += 1
            in_order = {name: movement[name] for name in self._names}
            yield WholeStep(in_order, {name: positions[name] for name in self._names})

    def last_step(self, last: int) -> int:
        """Where to end, at `last` or before, so as to begin no further step: after the first that is not whole."""
        return min(last, self.frontier + bool(self._taken[self.frontier].positions or self.awaited()))

    def free_step(self) -> int:
        """The first step that nobody has begun: everybody can still come together at its start."""
        return max([self._clocks.farthest(), *(turn.step + 1 for _, turn in self.under_way.values())])

    def awaited(self) -> list[str]:
        """The people who are thinking about the first step that is not whole."""
        return [name for _, turn in self.under_way.values() if turn.step == self.frontier for name in turn.people]

    def _begin(self, people: Sequence[int], step: int) -> None:
        """Everybody looks around; those who may have to think do so with the people in sight, the others are done."""
        places = {self._names[person]: person for person in people}
        tiles = {name: self._clocks.tiles[person] for name, person in places.items()}
        turn = Turn(step, {name: self._personas[name] for name in places}, tiles)
        through, groups = set(people), []
        for name in self._phases.begin(turn, self._time_of(step)):
            if places[name] in through:
                group, _ = self._clocks.companions(places[name])
                through.difference_update(group)
                groups.append(group)
        self._end(sorted(through), turn)
        for group in groups:
            self._start(group, turn.of([self._names[person] for person in group]))

    def _start(self, group: list[int], turn: Turn) -> None:
        self._thinking.update(group)
        future = self._start_task(partial(self._think, turn))
        self.under_way[future] = group, turn
        future.add_done_callback(self._done.put)

    def _think(self, turn: Turn) -> None:
        trace.begin_step(turn.step, self._time_of(turn.step))
        self._phases.think(turn)

    def _end(self, group: Sequence[int], turn: Turn) -> None:
        taken = self._taken[turn.step]
        for person in group:
            name = self._names[person]
            taken.positions[name] = tile = self._phases.act(turn, self._personas[name])
            taken.movement[name] = _movement(self._personas[name], tile)
            self._clocks.advance(person, tile)
        for person in group:
            for free in (person, *self._waiting.pop(person, ())):
                heapq.heappush(self._ready, (self._clocks.steps[free], free))


def _movement(persona: Persona, tile: Position) -> dict[str, Any]:
    """The entry in `movement/<step>.json` of a persona who moves to this tile."""
    scratch = persona.scratch
    return {
        "movement": list(tile),
        "pronunciatio": scratch.act_pronunciatio,
        "description": f"{scratch.act_description} @ {scratch.act_address}",
        "chat": [list(line) for line in scratch.chat] if scratch.chat else None,
    }

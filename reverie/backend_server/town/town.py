"""A running simulation: loaded from its folder, stepped, saved.

Knows when to write steps and what to return to after an error; the scheduler decides who steps when, `saves` has the
files.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tqdm import tqdm

from maze import Event, Maze, Position
from persona.cognitive_modules import converse, retrieve
from persona.mind import Snapshot
from persona.persona import Persona
from persona.prompt_template import llm_config
from persona.prompt_template.explain import Explanations
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model, gave_up
from persona.prompt_template.questions.usual_day import wake_up_time
from saves.events import WHISPER
from saves.game_time import TIME_FORMAT
from saves.storage import DamagedSimulation, PersonaFiles, Simulation
from town.interrupts import Interrupts
from town.outside import Arrival, Outside
from town.pace import Pace
from town.progress import Progress
from town.scheduler import Scheduler, Stretch, WholeStep
from town.usage import Usage
from town.workers import Workers

CHECKPOINT_EVERY = 100
"""Default number of steps from one checkpoint to the next."""
MINUTES_BEFORE_RISING = 5


class Town:
    """A running simulation: its clock, its maze and its personas.

    Args:
        simulation: its folder, forked or opened.
        client: makes its requests to the model.
        forked: whether this process made the folder, and so may delete it.
        checkpoint_every: steps from one checkpoint to the next in a run; there is also one at the end. Between two
            checkpoints, people may be ahead of each other.
        workers: how many personas may think at the same time.
        lockstep: whether everybody waits for everybody in each step; this changes only the time a run takes.
        speed: the most game seconds per second while somebody watches on the pages; 0 for no limit.
        go_on: returns the command that continues from the last save, for the pages.
        explain: whether to record the prompt, replies and memories behind each answer.

    Raises:
        DamagedSimulation: the folder's contents are inconsistent; the text names the persona or file.
        MazeError: its world cannot be used.
    """

    def __init__(
        self,
        simulation: Simulation,
        client: Client,
        *,
        forked: bool,
        checkpoint_every: int = CHECKPOINT_EVERY,
        workers: int = 1,
        lockstep: bool = False,
        speed: float = 0.0,
        go_on: Callable[[], str] = str,
        explain: bool = True,
    ) -> None:
        self.simulation = simulation
        self.client = client
        self.forked = forked
        self.checkpoint_every = checkpoint_every
        self._workers = Workers(workers, client.break_off)
        self._lockstep = lockstep
        self._explanations, self._explains = Explanations(), explain
        self._pace = Pace(speed, simulation.front_end.watched) if speed else None
        self.progress = Progress(client, simulation.front_end.write_status, go_on=go_on)
        self._load()
        self.progress.end(self.step, None)
        simulation.front_end.announce(self.step)

    def _load(self) -> None:
        meta = self.simulation.meta
        self.meta = dict(meta)
        self.seed: int = meta["seed"]
        self.sec_per_step: int = meta["sec_per_step"]
        self.curr_time = datetime.strptime(meta["curr_time"], TIME_FORMAT)
        self.step: int = meta["step"]
        self.language: str = meta.get("language") or ""
        self.without: Sequence[str] = meta.get("without") or ()
        self.usage = Usage(self.simulation, self.client)
        asked_for = "" if llm_config.is_offline() else self.language  # the mock model writes only English
        self.model = Model(
            self.client,
            self.simulation.journal,
            paid=self.usage.write_at_times,
            notify=_say,
            language=asked_for,
            explanations=self._explanations if self._explains else None,
            heard=self.progress.hear,
        )
        self.maze = Maze(meta["maze_name"])
        self.personas = {name: self._read_persona(name) for name in meta["persona_names"]}
        self.interrupts = Interrupts()
        self.scheduler = Scheduler(self.maze, self.personas, self._workers, self.sec_per_step, lockstep=self._lockstep)
        self.outside = Outside(
            self.simulation,
            self.personas,
            self.maze,
            self._step_at,
            self._workers.each,
            self.interrupts.breaking_off,
            _say,
        )
        self.positions = self._read_positions()
        for name, persona in self.personas.items():
            self._check_path(persona, self.positions[name])

    def _read_persona(self, name: str) -> Persona:
        try:
            return Persona(name, self.simulation.read_persona(name), self.seed, self.model, self.without)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            folder = self.simulation.path / "personas" / name
            raise DamagedSimulation(
                f"The state of {name!r} in {folder} cannot be used ({_in_words(error)}). "
                "Fix it, or fork the simulation again."
            ) from error

    def _read_positions(self) -> dict[str, Position]:
        positions = self.simulation.positions(self.step)
        for name, position in positions.items():
            if not self.maze.contains(position):
                raise DamagedSimulation(
                    f"{self.simulation.path}: {name!r} stands at {position} in step {self.step}, "
                    f"but {self.maze.name!r} has only {self.maze.width} x {self.maze.height} tiles."
                )
        return positions

    def _check_path(self, persona: Persona, tile: Position) -> None:
        """Drops a planned path that does not start next to the person or leads through walls, so that nobody jumps."""
        scratch = persona.scratch
        path = [tile, *scratch.planned_path]
        connected = all(
            abs(x - column) + abs(y - row) <= 1 for (x, y), (column, row) in zip(path, path[1:], strict=False)
        )
        if not connected or any(self.maze.tile(passed).collision for passed in path[1:-1]):
            scratch.planned_path, scratch.act_path_set = (), False

    def skip_night(self) -> bool:
        """Sets the clock of a new simulation to shortly before the first person gets up.

        Returns whether it did: only before the first step, and only if that time is still to come.
        """
        start = min(wake_up_time(persona.scratch) for persona in self.personas.values()) - MINUTES_BEFORE_RISING
        begin = datetime.combine(self.curr_time, datetime.min.time()) + timedelta(minutes=start)
        if self.step or begin <= self.curr_time:
            return False
        self.curr_time = begin
        self.simulation.keep_meta(curr_time=begin.strftime(TIME_FORMAT))
        return True

    # Running

    def start_server(self, steps: int) -> None:
        """Runs a number of steps and saves; Ctrl-C stops after the current step, a second one stops immediately.

        Raises:
            LLMError: the model cannot be used; the town is at the last whole step, saved.
        """
        started, last = self.step, self.step + steps
        failure: BaseException | None = None
        self.model.outcomes.forget()
        self.progress.begin(started, steps)
        try:
            self.model.check_embeddings()
            with self.interrupts.listening(), self.progress.bar(steps):
                while self.step < last and not self.interrupts.stop_requested:
                    due = self._next_checkpoint()
                    self._run_until(min(last, due))
                    if self.step == due:
                        self._checkpoint()
        except BaseException as error:
            failure = error
            raise
        finally:
            self._end_run(started, failure)
        if self.step < last:
            print(f"Stopped after {llm_config.counted(self.step, 'step')}.")

    def _next_checkpoint(self) -> int:
        """The step at which the next one is due: after `checkpoint_every` steps, or at the end of a day."""
        midnight = datetime.combine(self.curr_time, datetime.min.time()) + timedelta(days=1)
        steps_of_the_day = -((self.curr_time - midnight) // timedelta(seconds=self.sec_per_step))
        return min(self.step - self.step % self.checkpoint_every + self.checkpoint_every, self.step + steps_of_the_day)

    def _end_run(self, started: int, failure: BaseException | None) -> None:
        try:
            if self.step != started:
                self.save(ask_model=failure is None)
        except BaseException as error:
            failure = failure or error
            raise
        finally:
            self.progress.end(self.step, failure)

    def run_step(self) -> None:
        """Runs one step, wholly or not at all: in memory and, once all its answers are in, on disk."""
        self._run_until(self.step + 1)

    def _run_until(self, last: int) -> None:
        """Runs all steps before `last`, or fewer: until an event from outside, Ctrl-C or an error."""

        def meet(free: int) -> int:
            nonlocal last
            entry = self.outside.next_step(free)
            last = last if entry is None else min(last, entry)
            return last

        self._rewind(self.step)
        self._let_in()
        stretch = Stretch(self.step, meet(self.step), self.curr_time, self.positions)
        snapshots = self.scheduler.snapshot()
        stop, breaking_off = self.interrupts.is_stop_requested, self.interrupts.breaking_off
        run = self.scheduler.run(stretch, stop, self.progress.wait, meet, breaking_off)
        try:
            with closing(run):
                for step in run:
                    self._keep(step)
        finally:
            self.client.go_on()
            if self.step < last:
                self._return_to_last_whole_step(stretch, snapshots)
            self.usage.write()

    def _step_at(self, time: datetime) -> int:
        """The first step that begins at a game time or later."""
        return self.step - (self.curr_time - time) // timedelta(seconds=self.sec_per_step)

    def _keep(self, step: WholeStep) -> None:
        """Writes a step.

        Raises:
            FatalError: the model has stopped giving usable answers; the questions are asked again in the next run.
        """
        try:
            self.model.outcomes.count(self.step, list(self.personas))
        except llm_config.FatalError:
            self.simulation.journal.forget_answers(self.step, gave_up)
            raise
        movement = {"persona": step.movement, "meta": {"curr_time": self.curr_time.strftime(TIME_FORMAT)}}
        self.simulation.write_step(self.step, movement, step.positions)
        self.positions = step.positions
        self.step += 1
        self.curr_time += timedelta(seconds=self.sec_per_step)
        self.progress.step(self.step, self.curr_time)
        if self._pace:
            self._pace.wait(self.sec_per_step, self.interrupts.is_stop_requested)
        self.usage.write()

    def _return_to_last_whole_step(self, stretch: Stretch, snapshots: Mapping[str, Snapshot]) -> None:
        """Restores the snapshots and repeats the steps up to the last whole one, with the answers in the journal."""
        self.scheduler.restore(snapshots)
        self._rewind(stretch.first)
        with self.model.repeating():
            deque(self.scheduler.run(stretch._replace(last=self.step)), maxlen=0)

    def _rewind(self, step: int) -> None:
        """Prepares to run this step and later ones, which may have been run before."""
        self.simulation.journal.rewind()
        self.model.outcomes.rewind()
        self._explanations.rewind(step)

    def events_at(self, position: Position) -> tuple[Event, ...]:
        """The events on a tile now, between two steps."""
        return self.scheduler.scene(self.positions).events_at(position)

    # Saving

    def save(self, *, ask_model: bool = True) -> None:
        """Writes everything: the simulation can be resumed from here, even by the original code.

        The original code needs an embedding of each memory, so the model is asked for those not needed so far.
        """
        self._checkpoint()
        if ask_model:
            self._embed_memories()
        self.simulation.write_classic_embeddings(self._checkpoint(classic=True))

    def _checkpoint(self, *, classic: bool = False) -> dict[str, PersonaFiles]:
        """Writes the state that a run resumes from; returns it. Memories go to their `classic` files, or to a log."""
        self.meta.update(curr_time=self.curr_time.strftime(TIME_FORMAT), step=self.step)
        files = {name: persona.files(only_news=not classic) for name, persona in self.personas.items()}
        explained = self._explanations.before(self.step, list(self.personas))
        self.simulation.checkpoint(self.meta, files, explained, self.outside.record)
        self._explanations.forget_before(self.step)
        for persona in self.personas.values():
            persona.note_saved()
        self.outside.forget_entered()
        self.usage.write()
        return files

    def _embed_memories(self) -> None:
        """Computes missing embeddings. A save is complete without them, so a failure is only reported."""
        try:
            self._workers.each(retrieve.embed_memories, self.personas.values())
        except llm_config.LLMError as error:
            print(f"{error} Saved anyway; embeddings.json lacks the embeddings of some memories.", file=sys.stderr)
        finally:
            self.client.go_on()

    def discard(self) -> str:
        """Deletes a fork, or returns a resumed simulation to the state it was opened in; says what was done."""
        self._workers.close()
        if self.forked:
            self.simulation.remove()
            return f"{self.simulation.name} is deleted."
        self.simulation.restore_opened()
        self.progress.end(self.simulation.meta["step"], None)
        self.simulation.close()
        steps = llm_config.counted(self.simulation.meta["step"], "step")
        return f"{self.simulation.name} is back in the state it was opened in, after {steps}."

    def keep_record(self, name: str, content: Any) -> Path:
        """Writes a file for the operator, next to the front end's files; returns its path."""
        return self.simulation.front_end.keep_record(name, content)

    def close(self) -> None:
        """Closes the simulation; it can no longer be returned to the state it was opened in."""
        self._workers.close()
        self.simulation.close()

    # Talking to a persona from outside

    @contextmanager
    def asking_aside(self) -> Iterator[Workers]:
        """Yields the workers for questions to personas that were read from the save; then writes the usage."""
        try:
            yield self._workers
        finally:
            self.client.go_on()
            self.usage.write()

    def interview(self, persona: Persona, lines: list[converse.Line]) -> str:
        """A persona's answer to the last line of an interview, which it will not remember."""
        snapshot = persona.snapshot()
        persona.scratch.curr_time = self.curr_time
        try:
            return converse.interview(persona, lines)
        finally:
            persona.restore(snapshot._replace(memory=persona.a_mem.with_present_embeddings(snapshot.memory)))
            self.usage.write()

    def whisper(self, whispers: dict[str, list[str]]) -> None:
        """Turns each persona's whispers into thoughts: all of them or none."""
        self._enter([Arrival(WHISPER, name, text) for name, texts in whispers.items() for text in texts])
        self.save()

    def _let_in(self) -> None:
        """Applies the events from outside that are due before the next step, and saves them for the pages."""
        if entering := self.outside.due(self.step):
            self._enter(entering)
            self._checkpoint()

    def _enter(self, entering: list[Arrival]) -> None:
        try:
            self.outside.enter(entering, self.step, self.curr_time)
            self.model.outcomes.count(self.step, list(self.personas))
        finally:
            self.client.go_on()
            self._explanations.rewind(self.step)  # a whisper is recorded as an event
            self.usage.write()


def _in_words(error: Exception) -> str:
    """The text of an error, with its type unless it is a ValueError, whose texts are written for users."""
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"


def _say(text: str) -> None:
    """Prints a line during a run, without breaking the progress bar."""
    tqdm.write(text)

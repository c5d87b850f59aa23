"""A simulation that is running: loaded from its folder, stepped, saved.

Knows when steps are kept and where to go back to; who takes them when is the scheduler's, the files are `saves`'.
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
"""Steps from one checkpoint to the next where nobody says otherwise."""
MINUTES_BEFORE_RISING = 5


class Town:
    """A simulation that is running: its clock, its maze and its personas.

    Args:
        simulation: the folder it lives in, forked or opened.
        client: what its people's requests to the model are made with.
        forked: whether this process made it, and so may delete it.
        checkpoint_every: steps from one checkpoint to the next in a run; there is also one at its end. Until it
            people may be ahead of each other.
        workers: how many personas may think at the same time.
        lockstep: whether everybody waits for everybody in each step; that changes nothing but the time it takes.
        speed: game seconds a second that are not exceeded while somebody watches on the pages; 0 for no such limit.
        go_on: the command that goes on from what is saved, for those who watch.
        explain: whether to record what each answer was made of.

    Raises:
        DamagedSimulation: what the folder holds does not fit; the text names the persona or file.
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
        asked_for = "" if llm_config.is_offline() else self.language  # the mock model knows English only
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
            self._check_way(persona, self.positions[name])

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
                    f"and {self.maze.name!r} has only {self.maze.width} x {self.maze.height} tiles."
                )
        return positions

    def _check_way(self, persona: Persona, tile: Position) -> None:
        """A way that does not begin beside the person, or leads through walls, is looked for again: nobody jumps."""
        scratch = persona.scratch
        way = [tile, *scratch.planned_path]
        goes = all(abs(x - column) + abs(y - row) <= 1 for (x, y), (column, row) in zip(way, way[1:], strict=False))
        if not goes or any(self.maze.tile(passed).collision for passed in way[1:-1]):
            scratch.planned_path, scratch.act_path_set = (), False

    def skip_night(self) -> bool:
        """Begins shortly before the first gets up, if nobody has lived yet and that is still to come; says whether."""
        start = min(wake_up_time(persona.scratch) for persona in self.personas.values()) - MINUTES_BEFORE_RISING
        begin = datetime.combine(self.curr_time, datetime.min.time()) + timedelta(minutes=start)
        if self.step or begin <= self.curr_time:
            return False
        self.curr_time = begin
        self.simulation.keep_meta(curr_time=begin.strftime(TIME_FORMAT))
        return True

    # Running

    def start_server(self, steps: int) -> None:
        """Runs a number of steps and saves; Ctrl-C stops after the step under way, a second one at once.

        Raises:
            LLMError: the model cannot be used; everything stands at the last whole step, saved.
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
            print(f"Stopped before step {self.step}.")

    def _next_checkpoint(self) -> int:
        """The step at which the next one is due: after so many steps, and at the end of a day, for its record."""
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
        """One step, wholly or not at all: in memory and, once all its answers are in, on disk."""
        self._run_until(self.step + 1)

    def _run_until(self, last: int) -> None:
        """All steps before `last`, or as many whole ones as there are until something comes in, Ctrl-C or an error."""

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
        """Writes a step. Raises FatalError when the model answers nothing any more; that is asked again then."""
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
        """From where some are ahead: all live through the steps since again, with the answers that the journal has."""
        self.scheduler.restore(snapshots)
        self._rewind(stretch.first)
        with self.model.repeating():
            deque(self.scheduler.run(stretch._replace(last=self.step)), maxlen=0)

    def _rewind(self, step: int) -> None:
        """This step and those after it are done, maybe again."""
        self.simulation.journal.rewind()
        self.model.outcomes.rewind()
        self._explanations.rewind(step)

    def events_at(self, position: Position) -> tuple[Event, ...]:
        """What stands on a tile now, between two steps."""
        return self.scheduler.scene(self.positions).events_at(position)

    # Keeping

    def save(self, *, ask_model: bool = True) -> None:
        """Writes everything: the simulation can be resumed from here, also by the original code.

        That one wants an embedding of each memory: the model is asked for those that nobody has needed yet.
        """
        self._checkpoint()
        if ask_model:
            self._embed_memories()
        self.simulation.write_classic_embeddings(self._checkpoint(classic=True))

    def _checkpoint(self, *, classic: bool = False) -> dict[str, PersonaFiles]:
        """Writes what a run goes on from; returns it. The memories are in their `classic` files then, or in a log."""
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
        """A save is whole without these embeddings, so a failure is only told of."""
        try:
            self._workers.each(retrieve.embed_memories, self.personas.values())
        except llm_config.LLMError as error:
            print(
                f"{error} Saved all the same; embeddings.json lacks the embeddings of some memories.", file=sys.stderr
            )
        finally:
            self.client.go_on()

    def discard(self) -> str:
        """Deletes a fork, or takes a resumed simulation back to how it was opened; returns what was done."""
        self._workers.close()
        if self.forked:
            self.simulation.remove()
            return f"{self.simulation.name} is deleted."
        self.simulation.restore_opened()
        self.progress.end(self.simulation.meta["step"], None)
        self.simulation.close()
        lived = llm_config.counted(self.simulation.meta["step"], "step")
        return f"{self.simulation.name} is back where it was opened, after {lived}."

    def keep_record(self, name: str, content: Any) -> Path:
        """Writes a file for the operator beside what the front end reads; returns where it is."""
        return self.simulation.front_end.keep_record(name, content)

    def close(self) -> None:
        """Leaves for good: there is no going back to how the simulation was opened."""
        self._workers.close()
        self.simulation.close()

    # Talking to a persona from outside

    @contextmanager
    def asking_aside(self) -> Iterator[Workers]:
        """Gives the workers for questions to people who were read from the save; then writes what that has cost."""
        try:
            yield self._workers
        finally:
            self.client.go_on()
            self.usage.write()

    def interview(self, persona: Persona, lines: list[converse.Line]) -> str:
        """A persona's answer to the last line of an interview; it remembers nothing of it."""
        snapshot = persona.snapshot()
        persona.scratch.curr_time = self.curr_time
        try:
            return converse.interview(persona, lines)
        finally:
            persona.restore(snapshot._replace(memory=persona.a_mem.with_present_embeddings(snapshot.memory)))
            self.usage.write()

    def whisper(self, whispers: dict[str, list[str]]) -> None:
        """Makes thoughts of what an inner voice tells each persona, of all or of none."""
        self._enter([Arrival(WHISPER, name, text) for name, texts in whispers.items() for text in texts])
        self.save()

    def _let_in(self) -> None:
        """What has come from outside by now enters before the next step; it is saved at once, for those who watch."""
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
    """What an error says; those that were not made to be read are named too."""
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"


def _say(text: str) -> None:
    """Says something during a run, without tearing the bar."""
    tqdm.write(text)

"""The simulation server and its command line: forks or resumes a simulation, steps it, saves it.

Knows the order of a step and who takes part; the phases themselves are the personas', the files are the storage's.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import console
import offline_llm
from maze import Event, Maze, Position
from path_finder import PathFinder
from persona.cognitive_modules import converse, react, reflect
from persona.memory_structures.scratch import TIME_FORMAT
from persona.persona import Persona
from persona.prompt_template import llm_config
from storage import Simulation, Storage, StorageError
from tqdm import tqdm

Item = TypeVar("Item")
Result = TypeVar("Result")

EXIT_BAD_INPUT, EXIT_STOPPED = 2, 3


class ReverieServer:
    """A simulation that is running: its clock, its maze and its personas.

    Args:
        simulation: the folder it lives in, forked or opened.
        forked: whether this process made it, and so may delete it.
    """

    def __init__(self, simulation: Simulation, *, forked: bool) -> None:
        self.simulation = simulation
        self.forked = forked
        self._load()
        simulation.announce()

    def _load(self) -> None:
        meta = self.simulation.meta
        self.meta = dict(meta)
        self.seed: int = meta["seed"]
        self.sec_per_step: int = meta["sec_per_step"]
        self.curr_time = datetime.strptime(meta["curr_time"], TIME_FORMAT)
        self.step: int = meta["step"]
        self.maze = Maze(meta["maze_name"])
        self.paths = PathFinder(self.maze)
        self.personas = {
            name: Persona(name, self.simulation.read_persona(name), self.seed) for name in meta["persona_names"]
        }
        self.homes = {name: persona.scratch.living_area for name, persona in self.personas.items()}
        self.positions: dict[str, Position] = self.simulation.positions(self.step)
        llm_config.open_simulation_usage(self.simulation.read_usage())
        self._usage_written = llm_config.usage_revision()
        self.stop_requested = False

    # Running

    def start_server(self, steps: int) -> None:
        """Runs a number of steps and saves; Ctrl-C stops after the step under way, a second one at once.

        Raises:
            LLMError: the model cannot be used; everything stands at the last whole step, saved.
        """
        self.stop_requested = False
        try:
            with self._stopping_on_interrupt():
                for _ in _progress(steps, self):
                    self.run_step()
                    if self.stop_requested:
                        print(f"Stopped after step {self.step - 1}.")
                        break
        finally:
            self.save()

    def run_step(self) -> None:
        """One step, wholly or not at all: in memory and, once all its answers are in, on disk."""
        marks = {name: persona.mark() for name, persona in self.personas.items()}
        try:
            positions = self._live()
            self.simulation.write_step(self.step, self._movement(positions), positions)
        except BaseException:
            for name, persona in self.personas.items():
                persona.rewind(marks[name])
            raise
        finally:
            self._write_usage()
        self.positions = positions
        self.step += 1
        self.curr_time += timedelta(seconds=self.sec_per_step)

    def _live(self) -> dict[str, Position]:
        """The phases of a step; returns where everyone stands next."""
        everyone = list(self.personas.values())
        for persona in everyone:
            persona.begin(self.step, self.curr_time, self.positions[persona.name])
        self.maze.place_events(self._standing_events())
        sensed = self._each(lambda persona: persona.sense(self.maze), everyone)
        self._each(lambda persona: persona.decide(self.maze, self.homes), everyone)
        react.meet(self.personas, dict(zip(self.personas, sensed, strict=True)), self.maze, self._each)
        self._each(lambda persona: persona.reflect(self.sec_per_step), everyone)
        tiles = self._each(lambda persona: persona.act(self.maze, self.paths, self.positions), everyone)
        return dict(zip(self.personas, tiles, strict=True))

    def _each(self, phase: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """A phase of everyone, or of every pair: they do not touch each other's state. In roster order."""
        return [phase(item) for item in items]

    def _standing_events(self) -> Iterator[tuple[Position, Event]]:
        for name, persona in self.personas.items():
            if persona.scratch.act_address:
                yield self.positions[name], persona.action_event()
                if used := persona.object_event():
                    yield self.positions[name], used

    def _movement(self, positions: dict[str, Position]) -> dict[str, Any]:
        """What `movement/<step>.json` holds of this step."""
        return {
            "persona": {
                name: {
                    "movement": list(positions[name]),
                    "pronunciatio": persona.scratch.act_pronunciatio,
                    "description": f"{persona.scratch.act_description} @ {persona.scratch.act_address}",
                    "chat": [list(line) for line in persona.scratch.chat] if persona.scratch.chat else None,
                }
                for name, persona in self.personas.items()
            },
            "meta": {"curr_time": self.curr_time.strftime(TIME_FORMAT)},
        }

    @contextmanager
    def _stopping_on_interrupt(self) -> Iterator[None]:
        """Turns the first Ctrl-C into a wish to stop; signals can only be handled by the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def ask_to_stop(number: int, frame: Any) -> None:
            if self.stop_requested:
                raise KeyboardInterrupt
            self.stop_requested = True

        before = signal.signal(signal.SIGINT, ask_to_stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    # Keeping

    def save(self) -> None:
        """Writes everything: the simulation can be resumed from here."""
        self.meta.update(curr_time=self.curr_time.strftime(TIME_FORMAT), step=self.step)
        self.simulation.checkpoint(self.meta, {name: persona.files() for name, persona in self.personas.items()})
        self._write_usage()

    def discard(self) -> str:
        """Deletes a fork, or takes a resumed simulation back to how it was opened; returns what was done."""
        if self.forked:
            self.simulation.remove()
            return f"{self.simulation.name} is deleted."
        self.simulation.restore_opened()
        return f"{self.simulation.name} is back at step {self.simulation.meta['step']}, where it was opened."

    def keep_record(self, name: str, content: Any) -> Path:
        """Writes a file for the operator beside what the front end reads; returns where it is."""
        return self.simulation.keep_record(name, content)

    def close(self) -> None:
        """Leaves for good: there is no going back to how the simulation was opened."""
        self.simulation.close()

    def _write_usage(self) -> None:
        revision = llm_config.usage_revision()
        if revision != self._usage_written:
            self.simulation.write_usage(llm_config.simulation_usage())
            self._usage_written = revision

    # Talking to a persona from outside

    def interview(self, persona: Persona, lines: list[converse.Line]) -> str:
        """A persona's answer to the last line of an interview; it remembers nothing of it."""
        mark = persona.mark()
        persona.scratch.curr_time = self.curr_time
        try:
            return converse.interview(persona, lines)
        finally:
            persona.rewind(mark)
            self._write_usage()

    def whisper(self, whispers: dict[str, list[str]]) -> None:
        """Makes thoughts of what an inner voice tells each persona, of all or of none."""
        marks = {name: self.personas[name].mark() for name in whispers}
        before = {name: self.personas[name].scratch.curr_time for name in whispers}
        try:
            for name, texts in whispers.items():
                self.personas[name].scratch.curr_time = self.curr_time
                reflect.think_over(self.personas[name], texts)
                self.personas[name].scratch.curr_time = before[name]
        except BaseException:
            for name, mark in marks.items():
                self.personas[name].rewind(mark)
            raise
        finally:
            self._write_usage()

    def open_server(self) -> None:
        """The operator's prompt, until it is left."""
        console.open_console(self)


def _progress(steps: int, server: ReverieServer) -> Iterator[int]:
    """Counts steps, with a bar that shows game time and cost when the output is a terminal."""
    bar = tqdm(range(steps), unit="step", disable=not sys.stderr.isatty(), leave=False)
    for count in bar:
        yield count
        bar.set_postfix_str(f"{server.curr_time:%B %d, %H:%M}, ${llm_config.run_cost():.4f}", refresh=False)


# The command line


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns its exit code: 0, 2 for input that cannot be used, 3 when the model stopped a run."""
    options = _parser().parse_args(arguments)
    storage = Storage.of_checkout()
    if options.list:
        print(console.numbered(storage.simulations()))
        return 0
    with _provider(options.offline):
        try:
            return _run(options, storage)
        except StorageError as error:
            print(error, file=sys.stderr)
            return EXIT_BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reverie.py",
        description="A town of people who think with a language model. Without arguments it asks what to run.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--fork", metavar="BASE", help="start a new simulation from this one")
    which.add_argument("--resume", metavar="SIM", help="go on with this simulation")
    which.add_argument("--list", action="store_true", help="list the simulations and leave")
    parser.add_argument("--name", metavar="NEW", help="name of the new simulation (default: the first free one)")
    parser.add_argument("--run", metavar="N", type=_count, help="run N steps and leave, without questions")
    parser.add_argument("--seed", metavar="S", type=int, help="seed of the new simulation")
    parser.add_argument("--offline", action="store_true", help="use the built-in stand-in for a model; costs nothing")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of steps; give a whole number from 1 on")
    return int(text)


@contextmanager
def _provider(offline: bool) -> Iterator[None]:
    """The model to use: the stand-in inside this process, or what the environment says."""
    if not offline:
        llm_config.init_llm_api()
        yield
        return
    stand_in = offline_llm.start()
    try:
        llm_config.init_llm_api(offline_base=stand_in.base_url)
        yield
    finally:
        stand_in.stop()


def _run(options: argparse.Namespace, storage: Storage) -> int:
    server = _open(options, storage)
    if server is None:
        return 0
    if options.run is None:
        server.open_server()
        return 0
    try:
        console.run(server, str(options.run))
    except llm_config.LLMError as error:
        print(error, file=sys.stderr)
        return EXIT_STOPPED
    finally:
        print(console.where_it_lies(server))
    return 0


def _open(options: argparse.Namespace, storage: Storage) -> ReverieServer | None:
    """The simulation that the options name, or that the operator chooses; None when they leave."""
    if options.resume:
        return ReverieServer(storage.open(options.resume), forked=False)
    base, name = options.fork, options.name
    if base is None:
        chosen = console.choose(storage)
        if chosen is None:
            return None
        base, name = chosen
    simulation = storage.fork(base, name or storage.free_name(base), options.seed)
    print(f"Seed: {simulation.meta['seed']}")
    return ReverieServer(simulation, forked=True)


if __name__ == "__main__":
    sys.exit(main())

"""The CPU time of a persona in a step without the model, by the number of people and the length of memories.

Knows how a town is set up whose people have enough to do for hours; not what whole days are like.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections import defaultdict
from contextlib import redirect_stdout
from itertools import cycle, islice
from statistics import mean

from bench import published
from bench.table import Figure
from bench.towns import Towns
from bench.without_http import MockModel
from maze import Maze, Position
from path_finder import PathFinder
from persona.memory_structures.associative_memory import Concept
from persona.memory_structures.planned_action import PlannedAction
from persona.persona import Persona
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from reverie import ReverieServer
from saves.storage import Simulation, Storage

SCENES = ((25, 0), (25, 1_000), (25, 10_000), (300, 0), (300, 1_000))  # people, memories of each
_MOST_US = 60.0
_WARM_UP, _STEPS = 60, 240
_LONG = 10**6
_WALKING_OF = 5  # every fifth person walks


def figures(towns: Towns) -> list[Figure]:
    """Microseconds of CPU for each scene; the files of the steps are not counted."""
    mock_model = MockModel().install()
    with redirect_stdout(sys.stderr):
        llm_config.init_llm_api(offline_base="http://127.0.0.1:9/v1")
    storage = Storage(towns.checkout.storage)
    return [_figure(storage.fork(towns.base(people), "idle"), memories, mock_model) for people, memories in SCENES]


def _figure(simulation: Simulation, memories: int, mock_model: MockModel) -> Figure:
    server = _town(simulation, memories)
    people = len(server.personas)
    seconds = []
    gc.collect()
    for step in range(_WARM_UP + _STEPS):
        asked, began = len(mock_model.seconds), time.process_time()
        server.run_step()
        if step >= _WARM_UP and len(mock_model.seconds) == asked:
            seconds.append(time.process_time() - began)
    server.discard()
    name = f"an idle persona and step, {memories:,} memories, us"
    return Figure(name, mean(seconds) / people * 1e6, people, at_most=_MOST_US, original=published.IDLE_STEP_US)


def _town(simulation: Simulation, memories: int) -> ReverieServer:
    """People spread over the rooms of a town, who read or walk to and fro and have just talked to each other."""
    server = ReverieServer(simulation, Client(), forked=True)
    simulation.write_step = lambda *_: None
    chance = random.Random(1)
    rooms = sorted(address for address in server.maze.address_tiles if address.count(":") == 2)
    together: dict[str, list[str]] = defaultdict(list)
    for number, person in enumerate(server.personas.values()):
        room = chance.choice(rooms)
        together[room].append(person.name)
        _remember(person, server, memories)
        _read(person, server, room)
        walk = _walk(server.maze, room, chance)
        server.positions[person.name] = walk[0]
        if number % _WALKING_OF == 0:
            person.scratch.planned_path = walk
    for names in together.values():
        for name in names:
            server.personas[name].scratch.chatting_with_buffer = {other: _LONG for other in names if other != name}
    return server


def _remember(person: Persona, server: ReverieServer, count: int) -> None:
    for number in range(count):
        thing, text = f"thing {number}", f"thing {number} is in its place"
        concept = Concept(thing, "is", "in its place", text, text, 3, {thing, "place"})
        person.a_mem.add_event(concept, server.curr_time)


def _read(person: Persona, server: ReverieServer, address: str) -> None:
    scratch = person.scratch
    scratch.curr_time = server.curr_time
    scratch.importance_trigger_curr = _LONG
    scratch.f_daily_schedule = scratch.f_daily_schedule_hourly_org = (("reading a book", 1440),)
    scratch.start_action("reading a book", _LONG, PlannedAction(address, "📖", "read", "book", 2))
    scratch.act_path_set = True


def _walk(maze: Maze, room: str, chance: random.Random) -> tuple[Position, ...]:
    """Back and forth in a room, for longer than is measured."""
    tiles = sorted(tile for tile in maze.address_tiles[room] if not maze.tile(tile).collision)
    start = chance.choice(tiles)
    way = PathFinder(maze).path(start, chance.choice(tiles)) or []
    there_and_back = [*way, *reversed(way[:-1]), start]
    return tuple(islice(cycle(there_and_back), _WARM_UP + _STEPS + 1))

"""The `print` commands of the prompt, each a small function.

Knows how to show a persona's state, a tile and the time; changes none of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from maze import Position
from persona.memory_structures.associative_memory import CHAT, EVENT, THOUGHT, ConceptNode
from persona.memory_structures.schedule import clock, entries
from persona.persona import Persona
from persona.prompt_template import usage_records
from saves.game_time import shown_time
from town.town import Town

_NO_NAME = "Add the name of a persona."
_TILE = re.compile(r"\(?(\d{1,6})\s*[,\s]\s*(\d{1,6})\)?")


class CommandError(Exception):
    """A command cannot be done; the text says what is possible."""


def persona_named(server: Town, name: str) -> Persona:
    """The persona of that name, in any case, or the only one whose name starts with it."""
    found = [known for known in server.personas if known.lower().startswith(name.lower())] if name else []
    exact = [known for known in found if known.lower() == name.lower()]
    if len(exact or found) != 1:
        fault = f"{'Several personas are' if found else 'There is no persona'} called {name!r}." if name else _NO_NAME
        raise CommandError(f"{fault} Available: {', '.join(server.personas)}.")
    return server.personas[(exact or found)[0]]


# Personas


def show_schedule(server: Town, name: str) -> None:
    """Shows today's schedule, as far as it is decomposed into tasks."""
    print(_schedule(persona_named(server, name).scratch.f_daily_schedule))


def show_hourly_schedule(server: Town, name: str) -> None:
    """Shows today's schedule as planned, before any of it was decomposed."""
    print(_schedule(persona_named(server, name).scratch.f_daily_schedule_hourly_org))


def show_all_schedules(server: Town, argument: str) -> None:
    """Shows everyone's schedule of today."""
    for name, persona in server.personas.items():
        print(f"{name}\n{_schedule(persona.scratch.f_daily_schedule)}\n")


def show_tile_of(server: Town, name: str) -> None:
    """Shows where a persona stands: (x, y)."""
    print(server.positions[persona_named(server, name).name])


def show_buffer(server: Town, name: str) -> None:
    """Shows how many steps are left before a persona may talk to each other one again."""
    buffer = persona_named(server, name).scratch.chatting_with_buffer
    print("\n".join(f"{partner}: {steps} steps" for partner, steps in buffer.items()) or "Free to talk to everyone.")


def show_memories(kind: str) -> Callable[[Town, str], None]:
    """A command that shows a persona's memories of one kind, newest first."""

    def show(server: Town, name: str) -> None:
        memory = persona_named(server, name).a_mem
        nodes = {EVENT: memory.events, THOUGHT: memory.thoughts, CHAT: memory.chats}[kind]()
        print("\n".join(_memory(node) for node in reversed(nodes)) or f"No {kind} is remembered.")

    return show


def show_spatial_memory(server: Town, name: str) -> None:
    """Shows the tree of places that a persona knows."""
    print(json.dumps(persona_named(server, name).s_mem.tree, indent=2, ensure_ascii=False))


def _schedule(rows: Sequence[tuple[str, int]]) -> str:
    lines = [f"{clock(entry.start)} - {clock(entry.end)} | {entry.activity}" for entry in entries(rows)]
    return "\n".join(lines) or "There is no schedule yet; it is made in the first step."


def _memory(node: ConceptNode) -> str:
    line = f"{shown_time(node.created)} | poignancy {node.poignancy:2} | {node.description}"
    spoken = [f"    {part[0]}: {part[1]}" for part in node.filling] if node.type == CHAT else []
    return "\n".join([line, *spoken])


# The town


def show_time(server: Town, argument: str) -> None:
    """Shows the game time and the step count."""
    print(f"{shown_time(server.curr_time)}\nsteps: {server.step}")


def show_tile_events(server: Town, argument: str) -> None:
    """Shows the events on a tile, one per line."""
    events = server.events_at(_position(server, argument))
    print("\n".join(f"{e.subject} | {e.predicate} | {e.object} | {e.description}" for e in events) or "Nothing.")


def show_tile_details(server: Town, argument: str) -> None:
    """Shows the data of a tile."""
    for key, value in server.maze.tile(_position(server, argument))._asdict().items():
        print(f"{key}: {value}")


def _position(server: Town, argument: str) -> Position:
    if found := _TILE.fullmatch(argument):
        position = (int(found[1]), int(found[2]))
        if server.maze.contains(position):
            return position
    right, bottom = server.maze.width - 1, server.maze.height - 1
    raise CommandError(f"{argument!r} is not a tile; give x, y with x from 0 to {right} and y from 0 to {bottom}.")


# The model


def show_usage(server: Town, argument: str) -> None:
    """Shows usage and cost, since the start of the program and in total for the simulation."""
    print(usage_records.report(server.usage.since_start, server.usage.with_visits()))

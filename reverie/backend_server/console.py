"""The operator's commands: a table of what can be typed, each entry with a small function.

Knows how things are asked and shown; what they do is the server's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import history
import path_tester
from persona.memory_structures.associative_memory import CHAT, EVENT, THOUGHT, ConceptNode
from persona.memory_structures.schedule import clock, entries
from persona.prompt_template import llm_config
from storage import Storage, StorageError, Summary

if TYPE_CHECKING:
    from persona.persona import Persona

    from reverie import ReverieServer

END_OF_TALK = "end_convo"


class CommandError(Exception):
    """Something typed cannot be done; the text says what is possible."""


class Command(NamedTuple):
    """What is typed, what follows it, what it does in words, and in code: it returns whether to go on."""

    words: tuple[str, ...]
    argument: str
    explanation: str
    do: Callable[[ReverieServer, str], bool | None]


# Choosing a simulation


def numbered(simulations: Sequence[Summary]) -> str:
    """The simulations, one a line, with the numbers they can be chosen by."""
    return "\n".join(f"{number:3}. {_described(found)}" for number, found in enumerate(simulations, 1))


def choose(storage: Storage) -> tuple[str, str] | None:
    """Asks what to fork and how to call the new simulation; None at the end of input."""
    simulations = storage.simulations()
    print(numbered(simulations))
    print()
    base = _asked("Enter the name of the forked simulation: ", lambda text: _named(text, simulations))
    return base and _with_name(base, storage)


def _with_name(base: str, storage: Storage) -> tuple[str, str] | None:
    name = _asked("Enter the name of the new simulation: ", lambda text: storage.check_new_name(text) or text)
    return (base, name) if name else None


def _asked(prompt: str, check: Callable[[str], str]) -> str | None:
    """An answer that passes the check; what is wrong with others is said, and asked again."""
    while True:
        try:
            return check(input(prompt).strip())
        except (CommandError, StorageError) as error:
            print(error)
        except (EOFError, KeyboardInterrupt):
            print()
            return None


def _named(text: str, simulations: Sequence[Summary]) -> str:
    names = [found.name for found in simulations]
    if text in names:
        return text
    if text.isdecimal() and 1 <= int(text) <= len(names):
        return names[int(text) - 1]
    raise CommandError(f"{text!r} is neither a number from 1 to {len(names)} nor one of: {', '.join(names)}.")


def _described(found: Summary) -> str:
    if found.fault:
        return f"{found.name} (cannot be used: {found.fault})"
    people = "1 persona" if found.personas == 1 else f"{found.personas} personas"
    return f"{found.name} ({found.maze}, {people}, step {found.step}, {found.curr_time})"


# The prompt


def open_console(server: ReverieServer) -> None:
    """Asks for commands until one leaves; the end of input, or Ctrl-C at the prompt, saves and leaves."""
    going = True
    while going:
        try:
            typed = input("Enter option: ")
        except (EOFError, KeyboardInterrupt):
            print()
            typed = "fin"
        going = obey(server, typed)


def obey(server: ReverieServer, typed: str) -> bool:
    """Does what was typed; False when it was to leave. What cannot be done is said in a line."""
    if not typed.strip():
        return True
    try:
        command, argument = _find(typed)
        return command.do(server, argument) is not False
    except (CommandError, StorageError, llm_config.LLMError) as error:
        print(error)
    except KeyboardInterrupt:
        print("\nInterrupted.")
    return True


def _find(typed: str) -> tuple[Command, str]:
    """The command whose words come first in what was typed (the longest there is), and the rest."""
    text = " ".join(typed.split())
    for words, command in _LONGEST_FIRST:
        if text.lower() == words or (command.argument and text.lower().startswith(f"{words} ")):
            return command, text[len(words) :].strip()
    raise CommandError(f"There is no command {text!r}. Type 'help' for all there are.")


# Running and leaving


def run(server: ReverieServer, argument: str) -> None:
    """Runs steps; what was used and what it cost is shown even if the run fails or is interrupted."""
    if not argument.isdecimal() or int(argument) < 1:
        raise CommandError(f"'run' takes a number of steps, such as 'run 360' for an hour; {argument!r} is none.")
    llm_config.reset_usage_stats()
    try:
        server.start_server(int(argument))
    finally:
        llm_config.print_usage_summary()


def where_it_lies(server: ReverieServer) -> str:
    """A line that says where the result of a run is and how far it goes."""
    return f"Saved at step {server.step} ({server.curr_time:%B %d, %Y, %H:%M:%S}): {shown_path(server.simulation.path)}"


def shown_path(path: Path) -> str:
    """A path as seen from where the program was started, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _save(server: ReverieServer, argument: str) -> None:
    server.save()
    print(where_it_lies(server))


def _finish(server: ReverieServer, argument: str) -> bool:
    _save(server, argument)
    server.close()
    return False


def _exit(server: ReverieServer, argument: str) -> bool:
    print(server.discard())
    return False


def _start_path_tester(server: ReverieServer, argument: str) -> bool:
    path_tester.walk(server)
    return _exit(server, argument)


# Printing


def _persona(server: ReverieServer, name: str) -> Persona:
    """The persona of that name, whatever its case, or the only one whose name starts so."""
    found = [known for known in server.personas if known.lower().startswith(name.lower())] if name else []
    exact = [known for known in found if known.lower() == name.lower()]
    if len(exact or found) != 1:
        raise CommandError(f"There is no single persona {name!r}. There are: {', '.join(server.personas)}.")
    return server.personas[(exact or found)[0]]


def _print_schedule(server: ReverieServer, name: str) -> None:
    print(_schedule(_persona(server, name).scratch.f_daily_schedule))


def _print_hourly_schedule(server: ReverieServer, name: str) -> None:
    print(_schedule(_persona(server, name).scratch.f_daily_schedule_hourly_org))


def _print_all_schedules(server: ReverieServer, argument: str) -> None:
    for name, persona in server.personas.items():
        print(f"{name}\n{_schedule(persona.scratch.f_daily_schedule)}\n")


def _schedule(rows: Sequence[tuple[str, int]]) -> str:
    lines = [f"{clock(entry.start)} - {clock(entry.end)} | {entry.activity}" for entry in entries(rows)]
    return "\n".join(lines) or "There is no schedule yet; it is made in the first step."


def _print_tile(server: ReverieServer, name: str) -> None:
    print(server.positions[_persona(server, name).name])


def _print_buffer(server: ReverieServer, name: str) -> None:
    buffer = _persona(server, name).scratch.chatting_with_buffer
    print("\n".join(f"{partner}: {steps} steps" for partner, steps in buffer.items()) or "Free to talk to everyone.")


def _print_memories(kind: str) -> Callable[[ReverieServer, str], None]:
    def show(server: ReverieServer, name: str) -> None:
        memory = _persona(server, name).a_mem
        nodes = {EVENT: memory.events, THOUGHT: memory.thoughts, CHAT: memory.chats}[kind]()
        print("\n".join(_memory(node) for node in reversed(nodes)) or f"No {kind} is remembered.")

    return show


def _memory(node: ConceptNode) -> str:
    line = f"{node.created:%B %d, %H:%M:%S} | poignancy {node.poignancy:2} | {node.description}"
    spoken = [f"    {part[0]}: {part[1]}" for part in node.filling] if node.type == CHAT else []
    return "\n".join([line, *spoken])


def _print_spatial_memory(server: ReverieServer, name: str) -> None:
    print(json.dumps(_persona(server, name).s_mem.tree, indent=2, ensure_ascii=False))


def _print_time(server: ReverieServer, argument: str) -> None:
    print(f"{server.curr_time:%B %d, %Y, %H:%M:%S}\nsteps: {server.step}")


def _print_tile_events(server: ReverieServer, argument: str) -> None:
    events = server.maze.events_at(_position(server, argument))
    print("\n".join(f"{e.subject} | {e.predicate} | {e.object} | {e.description}" for e in events) or "Nothing.")


def _print_tile_details(server: ReverieServer, argument: str) -> None:
    for key, value in server.maze.tile(_position(server, argument))._asdict().items():
        print(f"{key}: {value}")


def _position(server: ReverieServer, argument: str) -> tuple[int, int]:
    width, height = server.maze.width, server.maze.height
    numbers = argument.replace(",", " ").split()
    if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
        x, y = int(numbers[0]), int(numbers[1])
        if server.maze.contains((x, y)):
            return x, y
    raise CommandError(f"{argument!r} is no tile; give x, y with x from 0 to {width - 1} and y from 0 to {height - 1}.")


def _print_usage(server: ReverieServer, argument: str) -> None:
    print(llm_config.usage_report())


# Talking to personas


def _interview(server: ReverieServer, name: str) -> None:
    persona = _persona(server, name)
    lines: list[tuple[str, str]] = []
    print(f"Talking to {persona.name}, who will remember nothing of it; '{END_OF_TALK}' ends it.")
    while (question := _line("Enter input: ")) not in (None, END_OF_TALK):
        if question:
            lines.append(("Interviewer", question))
            lines.append((persona.name, server.interview(persona, lines)))
            print(f"{persona.name}: {lines[-1][1]}")


def _line(prompt: str) -> str | None:
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        return None


def _load_history(server: ReverieServer, argument: str) -> None:
    whispers = history.read(argument, list(server.personas))
    server.whisper(whispers)
    print(f"{sum(map(len, whispers.values()))} whispers became thoughts of {', '.join(whispers)}.")


def _help(server: ReverieServer, argument: str) -> None:
    for command in _COMMANDS:
        print(f"{_usage(command):62} {command.explanation}")


def _usage(command: Command) -> str:
    return f"{', '.join(command.words)} {command.argument}".strip()


def _memory_command(kind: str) -> Command:
    stem = "print persona associative memory"
    words = (f"{stem} ({kind})", f"{stem} {kind}")
    return Command(words, "<Name>", f"the {kind}s remembered, newest first", _print_memories(kind))


_COMMANDS = (
    Command(("run",), "<steps>", "runs so many steps (360 of 10 seconds are an hour), then saves", run),
    Command(("save",), "", "writes everything", _save),
    Command(("fin", "f", "finish", "save and finish"), "", "saves and leaves", _finish),
    Command(("exit",), "", "leaves without saving: a fork is deleted, a resumed one goes back", _exit),
    Command(("usage",), "", "what was used since the start, and what it cost", _print_usage),
    Command(("print persona schedule",), "<Name>", "today, as detailed as it is planned", _print_schedule),
    Command(("print hourly org persona schedule",), "<Name>", "today in hours", _print_hourly_schedule),
    Command(("print all persona schedule",), "", "today of everyone", _print_all_schedules),
    Command(("print persona current tile",), "<Name>", "where somebody stands: (x, y)", _print_tile),
    Command(("print persona chatting with buffer",), "<Name>", "steps left before talking again", _print_buffer),
    *(_memory_command(kind) for kind in (EVENT, THOUGHT, CHAT)),
    Command(("print persona spatial memory",), "<Name>", "the places somebody knows", _print_spatial_memory),
    Command(("print current time",), "", "game time and step", _print_time),
    Command(("print tile event",), "x, y", "what stands on a tile", _print_tile_events),
    Command(("print tile details",), "x, y", "what is known of a tile", _print_tile_details),
    Command(("call -- analysis",), "<Name>", "an interview; nothing is remembered", _interview),
    Command(("call -- load history",), "<maze>/<file>.csv", "whispers become thoughts", _load_history),
    Command(("start path tester mode",), "", "walk the map by hand; the fork is discarded", _start_path_tester),
    Command(("help",), "", "this list", _help),
)
_LONGEST_FIRST = sorted(
    ((words, command) for command in _COMMANDS for words in command.words), key=lambda item: -len(item[0])
)

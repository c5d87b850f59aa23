"""The operator's commands: a table of commands, each with a small function.

Knows how commands are read and answered. `print_commands` formats what they show; the server does the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from cli import path_tester, print_commands, survey, terminal, web_server, whispers
from cli.print_commands import CommandError
from persona.memory_structures.associative_memory import CHAT, EVENT, THOUGHT
from persona.prompt_template import llm_config
from saves import export
from saves.game_time import shown_time
from saves.storage import Storage, StorageError, Summary
from study.report import write_report
from town.progress import saved_after
from town.town import Town

END_OF_TALK = "end_convo"
_ALIKE = 0.8  # the similarity from which a mistyped command counts as a known one
_LEAVING = ("quit", "q", "bye", "leave", "close", "logout", "stop")
_NUMBER = re.compile(r"0*[1-9]\d{0,8}")


class Command(NamedTuple):
    """A command: its words, its argument, its line in `help`, and its function, which returns False to leave."""

    words: tuple[str, ...]
    argument: str
    explanation: str
    do: Callable[[Town, str], bool | None]

    @property
    def form(self) -> str:
        """The command as it is typed."""
        return f"{self.words[0]} {self.argument}".strip()


def number_in(text: str) -> int | None:
    """The whole number in a text, at least 1 and below a billion; None if it is anything else."""
    return int(text) if _NUMBER.fullmatch(text) else None


# Choosing a simulation


def numbered(simulations: Sequence[Summary]) -> str:
    """The simulations, one per line, with the numbers to choose them by."""
    return "\n".join(
        terminal.wrapped(f"{number:3}. {_described(found)}", " " * 5) for number, found in enumerate(simulations, 1)
    )


def choose_base(storage: Storage) -> str | None:
    """Lists the simulations and asks which one to fork, by number or name; None at the end of input.

    Raises:
        StorageError: there are none.
    """
    simulations = storage.simulations()
    if not simulations:
        raise StorageError(f"There is no simulation in {storage.root} to start from; build a base first.")
    print(f"\n{numbered(simulations)}\n")
    terminal.complete_with(lambda: [found.name for found in simulations])
    return _asked(
        "Enter the name of the forked simulation: ", lambda text: storage.forkable(_chosen(text, simulations)).name
    )


def choose_name(storage: Storage) -> str | None:
    """Asks for the name of the new simulation until it is valid and free; None at the end of input."""

    def check(text: str) -> str:
        storage.check_new_name(text)
        return text

    terminal.complete_with(list)  # nothing to complete: the name is new
    return _asked("Enter the name of the new simulation: ", check)


def _asked(prompt: str, check: Callable[[str], str]) -> str | None:
    """Asks until an answer passes the check, and prints what is wrong with each other one."""
    while True:
        try:
            return check(input(prompt).strip())
        except (CommandError, StorageError) as error:
            print(error)
        except (EOFError, KeyboardInterrupt):
            print()
            return None


def _chosen(text: str, simulations: Sequence[Summary]) -> str:
    by_name = {found.name: found for found in simulations}
    number = number_in(text)
    found = by_name.get(text) or (simulations[number - 1] if number and number <= len(simulations) else None)
    if found is None:
        raise CommandError(
            f"{text!r} is neither a number from 1 to {len(simulations)} nor one of: {', '.join(by_name)}. "
            "Ctrl-C leaves."
        )
    if found.fault:
        raise CommandError(f"{_described(found)}. Choose another.")
    return found.name


def _described(found: Summary) -> str:
    if found.fault:
        return f"{found.name} (cannot be used: {found.fault})"
    people = "1 persona" if found.personas == 1 else f"{found.personas} personas"
    language = f", {found.language}" if found.language else ""
    without = f", without {', '.join(found.without)}" if found.without else ""
    study = f"; study {found.study}" if found.study else ""
    return f"{found.name} ({found.maze}, {people}{language}{without}, step {found.step}, {found.curr_time}{study})"


# The prompt


def open_console(server: Town) -> None:
    """Reads and runs commands until one of them leaves; end of input or Ctrl-C at the prompt saves and leaves."""
    terminal.complete_with(lambda: _completions(server))
    is_open = True
    while is_open:
        try:
            typed = input("Enter option: ")
        except (EOFError, KeyboardInterrupt):
            print()
            _finish(server, "")
            return
        is_open = run_command(server, typed)


def run_command(server: Town, typed: str) -> bool:
    """Runs a typed command; False if it leaves the prompt. If it cannot be done, prints one line that says why."""
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
    """(the command with the longest words that the text starts with, the rest of the text)."""
    text = " ".join(typed.split())
    for words, command in _LONGEST_FIRST:
        if text.lower() == words or (command.argument and text.lower().startswith(f"{words} ")):
            return command, text[len(words) :].strip()
    raise CommandError(f"There is no command {text!r}. {_possible(text)}")


def _possible(text: str) -> str:
    """One line: the command probably meant, else those with the same first word, else all first words."""

    def likeness(words: str) -> float:
        typed = text.lower().split()[: words.count(" ") + 1]
        return SequenceMatcher(None, " ".join(typed), words).ratio()

    if text.lower() in _LEAVING:
        return "'fin' saves and leaves, 'exit' leaves without saving."
    words, meant = max(_LONGEST_FIRST, key=lambda item: likeness(item[0]))
    if likeness(words) >= _ALIKE:
        return f"Did you mean {meant.form!r}?"
    first = text.split()[0].lower()
    near = [command.form for command in _COMMANDS if first == command.words[0].split()[0]]
    if near:
        return f"Possible: {'; '.join(near)}."
    beginnings = dict.fromkeys(command.words[0].split()[0] for command in _COMMANDS)
    return f"Commands start with: {', '.join(beginnings)}. 'help' explains them all."


def _completions(server: Town) -> Iterator[str]:
    """Every line that could be typed, with personas' names as the only arguments."""
    for command in _COMMANDS:
        for words in command.words:
            if command.argument.startswith("<Name>"):
                yield from (f"{words} {name}" for name in server.personas)
            else:
                yield f"{words} " if command.argument else words


# Running and leaving


def run_steps(server: Town, steps: int) -> None:
    """Runs steps, then shows the usage and cost, even if the run fails or is interrupted."""
    llm_config.reset_usage_stats()
    try:
        server.start_server(steps)
    finally:
        llm_config.print_usage_summary()


def saved_line(server: Town) -> str:
    """A line that says how far a simulation is saved, and where."""
    return f"{saved_after(server.step)} ({shown_time(server.curr_time)}): {terminal.shown_path(server.simulation.path)}"


def _run(server: Town, argument: str) -> None:
    steps = number_in(argument)
    if steps is None:
        given = f", not {argument!r}" if argument else ""
        raise CommandError(f"'run' takes a number of steps, such as 'run 360' for an hour{given}.")
    run_steps(server, steps)
    print(saved_line(server))


def _save(server: Town, argument: str) -> None:
    server.save()
    print(saved_line(server))


def _finish(server: Town, argument: str) -> bool:
    _save(server, argument)
    server.close()
    return False


def _exit(server: Town, argument: str) -> bool:
    is_worth_keeping = server.forked and server.usage.since_start.entries and not llm_config.is_offline()
    steps = llm_config.counted(server.step, "step")
    question = f"This deletes {server.simulation.name} and its {steps}; 'fin' keeps it. Delete it?"
    if is_worth_keeping and not terminal.is_confirmed(question):
        return True
    print(server.discard())
    return False


def _start_path_tester(server: Town, argument: str) -> bool:
    path_tester.walk(server)
    return _exit(server, argument)


# Talking to personas


def _interview(server: Town, name: str) -> None:
    persona = print_commands.persona_named(server, name)
    lines: list[tuple[str, str]] = []
    print(f"Talking to {persona.name}, who will not remember it; '{END_OF_TALK}' ends the interview.")
    while (question := _line("Enter input: ")) not in (None, END_OF_TALK):
        if question:
            lines.append(("Interviewer", question))
            lines.append((persona.name, server.interview(persona, lines)))
            print(f"{persona.name}: {lines[-1][1]}")


def _survey(server: Town, argument: str) -> None:
    survey.conduct(server, survey.typed(server, argument))


def _line(prompt: str) -> str | None:
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        return None


def _load_history(server: Town, argument: str) -> None:
    _give_whispers(server, whispers.read(argument, list(server.personas)))


def _whisper(server: Town, argument: str) -> None:
    """The whisper may follow the name and a colon on the same line; otherwise asks for it."""
    name, colon, text = argument.replace("：", ":", 1).partition(":")
    persona = print_commands.persona_named(server, name.strip())
    texts = whispers.separated(text if colon else _line("Enter whisper: ") or "")
    if not texts:
        raise CommandError(f"Nothing was whispered to {persona.name}: the text is empty.")
    _give_whispers(server, {persona.name: texts})


def _give_whispers(server: Town, texts: dict[str, list[str]]) -> None:
    server.whisper(texts)
    count = sum(map(len, texts.values()))
    became = "1 whisper became a thought" if count == 1 else f"{count} whispers became thoughts"
    print(f"{became} of {', '.join(texts)}.")


def _export(server: Town, argument: str) -> None:
    for file in export.export(server.simulation.path, server.meta):
        print(terminal.shown_path(file))


def _export_html(server: Town, argument: str) -> None:
    web_server.export_html(server.simulation.name)


def _report(server: Town, argument: str) -> None:
    print(terminal.shown_path(write_report(server.simulation, whispers.separated(argument))))


def _help(server: Town, argument: str) -> None:
    for command in _COMMANDS:
        also = f" (also: {', '.join(command.words[1:])})" if command.words[1:] else ""
        print(command.form)
        print(terminal.wrapped(f"    {command.explanation}{also}", " " * 4))


# What can be typed


def _memory_command(kind: str) -> Command:
    stem = "print persona associative memory"
    words = (f"{stem} ({kind})", f"{stem} {kind}")
    return Command(words, "<Name>", f"the {kind}s remembered, newest first", print_commands.show_memories(kind))


_COMMANDS = (
    Command(("run",), "<steps>", "runs this many steps (360 of 10 seconds make an hour), then saves", _run),
    Command(("save",), "", "writes everything", _save),
    Command(("fin", "f", "finish", "save and finish"), "", "saves and leaves", _finish),
    Command(("exit",), "", "leaves; deletes a fork, returns a resumed simulation to the state it was opened in", _exit),
    Command(("usage",), "", "usage and cost by purpose, persona and game hour", print_commands.show_usage),
    Command(("print persona schedule",), "<Name>", "today's schedule in tasks", print_commands.show_schedule),
    Command(
        ("print hourly org persona schedule",),
        "<Name>",
        "today's schedule in hours",
        print_commands.show_hourly_schedule,
    ),
    Command(("print all persona schedule",), "", "everyone's schedule", print_commands.show_all_schedules),
    Command(("print persona current tile",), "<Name>", "where a persona stands: (x, y)", print_commands.show_tile_of),
    Command(
        ("print persona chatting with buffer",),
        "<Name>",
        "steps until the persona may talk to each other persona again",
        print_commands.show_buffer,
    ),
    *(_memory_command(kind) for kind in (EVENT, THOUGHT, CHAT)),
    Command(
        ("print persona spatial memory",), "<Name>", "the places a persona knows", print_commands.show_spatial_memory
    ),
    Command(("print current time",), "", "game time and step", print_commands.show_time),
    Command(("print tile event",), "x, y", "the events on a tile", print_commands.show_tile_events),
    Command(("print tile details",), "x, y", "the place and other data of a tile", print_commands.show_tile_details),
    Command(("call -- analysis",), "<Name>", "interviews a persona, who will not remember it", _interview),
    Command(
        ("call -- survey",),
        "<file> [OPTIONS]",
        f"asks everybody the questions in a file; nobody remembers them. Options: {survey.OPTIONS}",
        _survey,
    ),
    Command(
        ("call -- load history",), "<maze>/<file>.csv", "turns the whispers in a file into thoughts", _load_history
    ),
    Command(
        ("call -- whisper",),
        "<Name>[: <whisper>]",
        "turns a whisper into a thought; asks for the whisper if it is not given",
        _whisper,
    ),
    Command(("export",), "", "writes conversations and timeline as Markdown and CSV", _export),
    Command(("export --html",), "", "writes the town as one HTML file that plays in any browser", _export_html),
    Command(
        ("report",),
        "[<phrase>; ...]",
        "writes a page and CSV: who knows whom, who knows what (including these phrases), how time is spent, and cost",
        _report,
    ),
    Command(("start path tester mode",), "", "walks the map by hand; discards the fork", _start_path_tester),
    Command(("help",), "", "shows this list", _help),
)
_LONGEST_FIRST = sorted(
    ((words, command) for command in _COMMANDS for words in command.words), key=lambda item: -len(item[0])
)

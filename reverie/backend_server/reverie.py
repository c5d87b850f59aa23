"""The program: forks or resumes a simulation, and runs it or opens the prompt.

Knows the order of the command line; a simulation that is running is a Town.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli import console, options, session, study, survey, terminal, web_server
from cli.print_commands import CommandError
from maze import MazeError
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from saves.storage import Simulation, Storage, StorageError, UnknownSimulation
from study import interventions
from study.report import write_report
from town.town import Town
from town.world_warnings import world_warnings

EXIT_REFUSED, EXIT_STOPPED, EXIT_INTERRUPTED = 2, 3, 130


class ReverieServer(Town):
    """A town with an operator's prompt."""

    def open_server(self) -> None:
        """The operator's prompt, until it is left."""
        console.open_console(self)


# The command line


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns its exit code.

    0; 2 for what cannot be used or written; 3 when the model stopped a run; 130 when Ctrl-C did.
    """
    session.make_output_tolerant()
    chosen = options.parse(arguments)
    try:
        storage = Storage.of_checkout()
        if chosen.list:
            print(console.numbered(storage.simulations()) or f"There is no simulation in {storage.root}.")
            return 0
        if chosen.export_html is not None:
            return web_server.export_html(chosen.export_html)
        if chosen.report is not None:
            print(terminal.shown_path(write_report(storage.look(chosen.report), chosen.about or ())))
            return 0
        if chosen.study is not None:
            return _conduct(chosen, storage)
        with (
            session.pages(chosen.serve, chosen.offline, chosen.budget) as address,
            session.provider(chosen.offline),
            session.client(chosen.budget, chosen.workers, chosen.trace) as client,
        ):
            code = _run(chosen, storage, client, address)
            if address and chosen.run is not None:
                session.stay(address)
            return code
    except UnknownSimulation as error:
        return _refused(f"{error} There are: {', '.join(found.name for found in storage.simulations()) or 'none'}.")
    except (StorageError, MazeError, web_server.CannotServe) as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return EXIT_REFUSED


def _conduct(chosen: Namespace, storage: Storage) -> int:
    """Runs a study, with the pages beside it if they are asked for; returns the exit code."""
    with session.pages(chosen.serve, chosen.offline, chosen.budget) as address:
        if address:
            print(f"The pages are at {address} until the study is over.")
        try:
            study.conduct(chosen, storage)
        except llm_config.LLMError as error:
            print(error, file=sys.stderr)
            return EXIT_STOPPED
    return 0


def _run(chosen: Namespace, storage: Storage, client: Client, address: str | None) -> int:
    server = _open(chosen, storage, client)
    if server is None:
        return 0 if chosen.run is None else _refused("Nothing was run: name a simulation with --fork or --resume.")
    if address:
        session.show(address, server.simulation.name)
    if chosen.run is not None:
        return _run_and_leave(server, chosen)
    if chosen.survey is not None:
        return _ask_and_leave(server, chosen)
    if not server.forked:
        lived = llm_config.counted(server.step, "step")
        print(f"{server.simulation.name} is open after {lived}. 'exit' takes it back to here, 'fin' keeps all.")
    server.open_server()
    return 0


def _run_and_leave(server: ReverieServer, chosen: Namespace) -> int:
    """Without questions: runs, shows the usage and where the result lies; returns the exit code."""
    goal, go_on = server.step + chosen.run, _going_on(chosen, server.simulation)
    code = 0
    try:
        console.run_steps(server, chosen.run)
    except llm_config.LLMError as error:
        print(error, file=sys.stderr)
        code = EXIT_STOPPED
    except KeyboardInterrupt:
        print(f"Interrupted; what there was of step {server.step} is taken back.", file=sys.stderr)
    print(console.where_it_lies(server))
    print(f"To go on: {go_on()}")
    server.close()
    return code or (EXIT_INTERRUPTED if server.step < goal else 0)


def _ask_and_leave(server: ReverieServer, chosen: Namespace) -> int:
    """Puts the questions of a file to people; returns the exit code. A fork that nobody can be asked in is not kept."""
    try:
        request = survey.read(server, chosen)
    except (CommandError, StorageError) as error:
        server.discard()
        return _refused(str(error))
    code = 0
    try:
        survey.conduct(server, request)
    except llm_config.LLMError as error:
        print(error, file=sys.stderr)
        code = EXIT_STOPPED
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        code = EXIT_INTERRUPTED
    server.close()
    return code


def _open(chosen: Namespace, storage: Storage, client: Client) -> ReverieServer | None:
    """The simulation that the options name, or that the operator chooses; None when they leave."""
    if chosen.resume is not None:
        simulation = storage.open(chosen.resume)
        server = ReverieServer(simulation, client, forked=False, **_manner(chosen, simulation))
    else:
        base, name = _base_and_name(chosen, storage)
        if base is None or name is None:
            return None
        events = interventions.read(Path(chosen.events), storage.forkable(base).meta) if chosen.events else ()
        fork = storage.fork(base, name, chosen.seed, chosen.language, chosen.without or (), events)
        server = _forked(fork, client, chosen)
    print(f"Seed: {server.seed}")
    if chosen.skip_night:
        what = "The night is skipped" if server.skip_night() else "There is no night to skip"
        print(f"{what}: the town begins at {server.curr_time:%H:%M}.")
    if server.language:
        unheeded = " (the mock model writes English all the same)" if chosen.offline else ""
        print(f"Language: {server.language}{unheeded}")
    if server.without:
        print(f"Without: {', '.join(server.without)}")
    for warning in world_warnings(server.maze, server.personas):
        print(warning)
    return server


def _base_and_name(chosen: Namespace, storage: Storage) -> tuple[str | None, str | None]:
    """(what to fork, the new name), asked for where the options do not say; None at the end of input."""
    if chosen.fork is not None:
        return chosen.fork, storage.free_name(chosen.fork) if chosen.name is None else chosen.name
    base = console.choose_base(storage)
    return base, console.choose_name(storage) if base and chosen.name is None else chosen.name


def _manner(chosen: Namespace, simulation: Simulation) -> dict[str, Any]:
    """How a server is to run."""
    return {
        "checkpoint_every": chosen.checkpoint_every,
        "workers": chosen.workers,
        "lockstep": chosen.lockstep,
        "speed": chosen.pace,
        "explain": not chosen.no_explain,
        "go_on": _going_on(chosen, simulation, anywhere=True),
    }


def _going_on(chosen: Namespace, simulation: Simulation, *, anywhere: bool = False) -> Callable[[], str]:
    """What makes the command that goes on from what is saved: to where this run ends; from there, as far again."""
    opened_at = simulation.meta["step"]

    def command() -> str:
        typed = ["--resume", simulation.name]
        if chosen.run is not None:
            typed += ["--run", str(opened_at + chosen.run - simulation.meta["step"] or chosen.run)]
        if chosen.budget is not None:
            typed += ["--budget", f"{chosen.budget:f}"]
        if chosen.no_explain:
            typed.append("--no-explain")
        if chosen.serve is not None:
            typed += ["--serve", *([str(chosen.serve)] if chosen.serve else [])]
            if chosen.pace != options.default_pace(chosen):
                typed += ["--pace", f"{chosen.pace:.0f}" if chosen.pace else "max"]
        return session.command(*typed, anywhere=anywhere)

    return command


def _forked(simulation: Simulation, client: Client, chosen: Namespace) -> ReverieServer:
    try:
        return ReverieServer(simulation, client, forked=True, **_manner(chosen, simulation))
    except BaseException:  # a fork that cannot run is of no use
        simulation.remove()
        raise


if __name__ == "__main__":
    sys.exit(main())

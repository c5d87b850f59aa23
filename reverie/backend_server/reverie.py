"""The program: forks or resumes a simulation, then runs it or opens the prompt.

Knows what each command line does and in which order; `Town` is the running simulation.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

try:
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
except ModuleNotFoundError as missing:
    if __name__ != "__main__":
        raise
    print(
        f"{missing}. Install requirements.txt (README: See it run), and start with that Python: .venv/bin/python.",
        file=sys.stderr,
    )
    sys.exit(2)

EXIT_REFUSED, EXIT_STOPPED, EXIT_INTERRUPTED = 2, 3, 130


class ReverieServer(Town):
    """A town with an operator's prompt."""

    def open_server(self) -> None:
        """Opens the operator's prompt; returns when the operator leaves it."""
        console.open_console(self)


# The command line


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns its exit code.

    0: success; 2: something cannot be used or written; 3: the model stopped the run; 130: Ctrl-C stopped it.
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
        return _refused(f"{error} Available: {', '.join(found.name for found in storage.simulations()) or 'none'}.")
    except (StorageError, MazeError, web_server.CannotServe) as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return EXIT_REFUSED


def _conduct(chosen: Namespace, storage: Storage) -> int:
    """Runs a study, and serves the pages meanwhile if the options say so; returns the exit code."""
    with session.pages(chosen.serve, chosen.offline, chosen.budget) as address:
        if address:
            print(f"The pages are open at {address} until the study ends.")
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
        steps = llm_config.counted(server.step, "step")
        print(f"{server.simulation.name} is open after {steps}. 'exit' returns to this state, 'fin' keeps all changes.")
    server.open_server()
    return 0


def _run_and_leave(server: ReverieServer, chosen: Namespace) -> int:
    """Runs without prompts, then shows the usage and where the result is; returns the exit code."""
    goal, resume_command = server.step + chosen.run, _resume_command(chosen, server.simulation)
    code = 0
    try:
        console.run_steps(server, chosen.run)
    except llm_config.LLMError as error:
        print(error, file=sys.stderr)
        code = EXIT_STOPPED
    except KeyboardInterrupt:
        print(f"Interrupted; the incomplete step {server.step} was rolled back.", file=sys.stderr)
    print(console.saved_line(server))
    print(f"To continue: {resume_command()}")
    server.close()
    return code or (EXIT_INTERRUPTED if server.step < goal else 0)


def _ask_and_leave(server: ReverieServer, chosen: Namespace) -> int:
    """Asks people the questions in a file; returns the exit code. A fork made for an invalid survey is deleted."""
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
    """Opens the simulation named by the options or chosen by the operator; None when the operator leaves."""
    if chosen.resume is not None:
        simulation = storage.open(chosen.resume)
        server = ReverieServer(simulation, client, forked=False, **_settings(chosen, simulation))
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
        print(f"{what}: the town starts at {server.curr_time:%H:%M}.")
    if server.language:
        ignored = " (the mock model writes only English)" if chosen.offline else ""
        print(f"Language: {server.language}{ignored}")
    if server.without:
        print(f"Without: {', '.join(server.without)}")
    for warning in world_warnings(server.maze, server.personas):
        print(warning)
    return server


def _base_and_name(chosen: Namespace, storage: Storage) -> tuple[str | None, str | None]:
    """(simulation to fork, name of the new one), from the options or else the prompt; None at the end of input."""
    if chosen.fork is not None:
        return chosen.fork, storage.free_name(chosen.fork) if chosen.name is None else chosen.name
    base = console.choose_base(storage)
    return base, console.choose_name(storage) if base and chosen.name is None else chosen.name


def _settings(chosen: Namespace, simulation: Simulation) -> dict[str, Any]:
    """The keyword arguments of a Town that the options set."""
    return {
        "checkpoint_every": chosen.checkpoint_every,
        "workers": chosen.workers,
        "lockstep": chosen.lockstep,
        "speed": chosen.pace,
        "explain": not chosen.no_explain,
        "go_on": _resume_command(chosen, simulation, anywhere=True),
    }


def _resume_command(chosen: Namespace, simulation: Simulation, *, anywhere: bool = False) -> Callable[[], str]:
    """Returns a function that builds the command to continue from the last save.

    The command runs to where this run was to end; if the run got there, it runs as many steps again.
    """
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
        return ReverieServer(simulation, client, forked=True, **_settings(chosen, simulation))
    except BaseException:  # a fork that cannot run is useless
        simulation.remove()
        raise


if __name__ == "__main__":
    sys.exit(session.until_unread(main))

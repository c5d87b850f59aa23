"""The survey command: its options, the expected cost, its progress, and where the answers are.

Knows how a survey is typed and shown; `study` asks the questions and writes the answers.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from tqdm import tqdm

from cli import terminal
from cli.print_commands import CommandError, persona_named
from persona.as_of import persona_as_of
from persona.memory_structures.kinds import KINDS, kinds_in
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import CHAT_MODEL
from saves.game_time import time_at
from study import question_file, survey_files
from study.question_file import Question
from study.survey_files import Occasion
from study.surveys import Estimate, Survey
from town.town import Town

OPTIONS = "--people NAMES, --at STEP, --without KINDS"
_FORM = f"Type: call -- survey <file>, optionally with {OPTIONS}."


class Request(NamedTuple):
    """The questions, the people, and the occasion of a survey."""

    file: Path
    questions: Sequence[Question]
    people: Sequence[str]
    occasion: Occasion


class _Words(argparse.ArgumentParser):
    """The options as they are typed at the prompt, where a mistake does not end the program."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message[:1].upper()}{message[1:]}. {_FORM}")


def add_options(parser: argparse._ActionsContainer) -> None:
    """The people, the step, and the withheld memories."""
    parser.add_argument("--people", metavar="NAMES", help='who is asked, such as "Mina, Nora" (default: everybody)')
    parser.add_argument(
        "--at", metavar="STEP", type=_step, help="ask people as they were at this step (default: as they are now)"
    )
    parser.add_argument(
        "--without",
        metavar="KINDS",
        type=kinds,
        help="leave out these kinds of memories in the survey or, with --fork, in the whole new simulation (where no "
        f"reflections are made then); one or more of {','.join(KINDS)}",
    )


def kinds(text: str) -> list[str]:
    """The kinds of memories that an option names."""
    try:
        named = kinds_in(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not named:
        raise argparse.ArgumentTypeError(f"name at least one kind of memory: {', '.join(KINDS)}")
    return named


def _step(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a step; give a whole number, 0 or more")
    return int(text)


def typed(town: Town, text: str) -> Request:
    """The survey typed after `call -- survey`. Raises CommandError or UnusableFile before anything is asked."""
    words = _Words(prog="call -- survey", add_help=False)
    words.add_argument("survey")
    add_options(words)
    try:
        parts = [part.strip("\"'") for part in shlex.split(text, posix=False)]  # a Windows path keeps its backslashes
    except ValueError as error:
        raise CommandError(f"{error}. {_FORM}") from error
    return read(town, words.parse_args(parts))


def read(town: Town, given: argparse.Namespace) -> Request:
    """The survey in the options. Raises CommandError or UnusableFile before anything is asked."""
    questions = question_file.read(Path(given.survey))
    named = [part.strip() for part in given.people.split(",")] if given.people is not None else town.personas
    people = {persona_named(town, name).name for name in named}
    step = town.step if given.at is None else given.at
    if step > town.step:
        raise CommandError(f"{town.simulation.name} is at step {town.step}: there is no step {step} yet.")
    without = [kind for kind in KINDS if kind in {*town.without, *(given.without or ())}]
    model, time = llm_config.get_model_name(CHAT_MODEL), time_at(town.meta, step)
    occasion = Occasion(town.simulation.name, step, time, model, without)
    return Request(Path(given.survey), questions, [name for name in town.personas if name in people], occasion)


def conduct(town: Town, request: Request, *, is_told: bool = True) -> None:
    """Shows the expected cost, asks with a progress bar, and writes the answers.

    An interrupted survey continues when the same survey is asked again: no answer is paid for twice, and its partial
    files are replaced.

    Args:
        is_told: whether to print the usage, the answers, and where they are.

    Raises:
        LLMError: the model cannot be used. The answers so far are written, as after Ctrl-C.
    """
    file, questions, names, occasion = request
    journal = survey_files.journal(town.simulation.path, file.stem, occasion)
    model = town.model.aside(journal)
    people = [persona_as_of(town.simulation, name, occasion.step, model, occasion.without) for name in names]
    survey = Survey(questions, people, list(town.personas))
    llm_config.reset_usage_stats()
    try:
        _ask(town, survey)
    finally:
        files = survey_files.write(town.simulation.path, file.stem, occasion, survey) if survey.answers else []
        if is_told:
            llm_config.print_usage_summary()
            for line in (*survey_files.shares(survey), *map(terminal.shown_path, files)):
                print(line)
        if not survey.is_complete:
            done = f"{len(survey.answers)} of {survey.size} questions were answered"
            print(f"{done}; the same survey will ask only the others.")
    journal.clear()


def _ask(town: Town, survey: Survey) -> None:
    with town.asking_aside() as workers:
        print(_cost(survey.estimate(workers.each), survey.size))
        with tqdm(total=survey.size, unit="answer", disable=not sys.stderr.isatty(), leave=False) as bar:
            survey.ask(workers.each, bar.update)


def _cost(estimate: Estimate, size: int) -> str:
    recorded, tokens, usd = estimate
    model = llm_config.get_model_name(CHAT_MODEL)
    price = f"an unknown cost ({model} has no known price)" if usd is None else f"${usd:.4f}"
    cost = "free with the mock model" if llm_config.is_offline() else price
    requested = llm_config.counted(size, "answer")
    if recorded:
        are = "is" if recorded == 1 else "are"
        requested = f"{recorded:,} of {requested} {are} already there; {size - recorded:,}"
    return f"{requested} requested: about {tokens:,} tokens, {cost}."

"""The operator's commands: their output and effects, and the messages for wrong ones."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openai
import pytest

import cli.terminal
import offline_llm
import terminal
from cli import console, web_server
from doubles import Create, ends_after
from maze import Event
from persona.memory_structures.associative_memory import Concept
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from reverie import ReverieServer
from saves import usage_inbox
from saves.storage import Storage
from small_world import ADA, ADAS_HOUSE, BASE, BEN, CLEO, MAZE, PEOPLE, WORLD, SmallWorld
from terminal import type_lines

NOW = datetime(2024, 5, 6, 7, 0)
EVERYONE = ", ".join(person.name for person in PEOPLE)
OF_A_PERSONA = [
    "print persona schedule",
    "print hourly org persona schedule",
    "print persona current tile",
    "print persona chatting with buffer",
    "print persona associative memory (event)",
    "print persona associative memory (thought)",
    "print persona associative memory (chat)",
    "print persona spatial memory",
]


@pytest.fixture(scope="module")
def mock_model() -> Iterator[offline_llm.OfflineServer]:
    with offline_llm.start() as server:
        yield server


@pytest.fixture
def server(world: SmallWorld, mock_model: offline_llm.OfflineServer, capsys) -> ReverieServer:
    """A fork of the small world that has not taken a step."""
    llm_config.init_llm_api(offline_base=mock_model.base_url)
    made = ReverieServer(Storage.of_checkout().fork(BASE, "town"), Client(), forked=True)
    capsys.readouterr()
    return made


def shown(server: ReverieServer, command: str, capsys) -> str:
    """The output of a command, which must not end the prompt."""
    assert console.run_command(server, command)
    return capsys.readouterr().out.strip()


def saved_memory(server: ReverieServer) -> dict[str, bytes]:
    return terminal.files(server.simulation.path / "personas")


def without_vectors(memory: dict[str, bytes]) -> dict[str, bytes]:
    """The memories, without vectors, which are computed when first needed."""
    return {file: content for file, content in memory.items() if "embedding" not in file}


def requests_in_all(server: ReverieServer) -> int:
    return server.usage.ledger.total.counters["requests"]


# Looking at a persona


def test_a_schedule_is_shown_decomposed_and_hourly_with_its_times(server: ReverieServer, capsys):
    scratch = server.personas[ADA.name].scratch
    scratch.f_daily_schedule = (("sleeping", 360), ("baking plum bread", 1080))
    scratch.f_daily_schedule_hourly_org = (("sleeping", 360), ("working", 1080))
    decomposed = shown(server, "print persona schedule Ada Finch", capsys)
    assert decomposed == "00:00 - 06:00 | sleeping\n06:00 - 24:00 | baking plum bread"
    hourly = shown(server, "print hourly org persona schedule Ada Finch", capsys)
    assert hourly == "00:00 - 06:00 | sleeping\n06:00 - 24:00 | working"


def test_the_schedules_of_everyone_are_shown(server: ReverieServer, capsys):
    for name, persona in server.personas.items():
        persona.scratch.f_daily_schedule = ((f"the day of {name}", 1440),)
    text = shown(server, "print all persona schedule", capsys)
    assert text.split("\n\n") == [f"{p.name}\n00:00 - 24:00 | the day of {p.name}" for p in PEOPLE]


def test_the_steps_until_the_next_talk_are_shown(server: ReverieServer, capsys):
    server.personas[ADA.name].scratch.chatting_with_buffer = {"Ben Moss": 12}
    assert shown(server, "print persona chatting with buffer Ada Finch", capsys) == "Ben Moss: 12 steps"


@pytest.mark.parametrize("kind", ["event", "thought", "chat"])
def test_memories_are_shown_newest_first_with_and_without_parentheses(server: ReverieServer, capsys, kind: str):
    memory = server.personas[ADA.name].a_mem
    first, second = (Concept("Ada Finch", "sees", text, text, text, 3, {text}) for text in ("a fish", "a plum"))
    if kind == "chat":
        memory.add_chat(first, NOW, [("Ben Moss", "Hello.")])
        memory.add_chat(second, NOW, [])
    else:
        add: Callable[..., object] = memory.add_event if kind == "event" else memory.add_thought
        add(first, NOW)
        add(second, NOW)
    lines = shown(server, f"print persona associative memory ({kind}) Ada Finch", capsys).splitlines()
    assert lines[:2] == [
        "May 6, 2024, 07:00:00 | poignancy  3 | a plum",
        "May 6, 2024, 07:00:00 | poignancy  3 | a fish",
    ]
    assert shown(server, f"print persona associative memory {kind} Ada Finch", capsys).splitlines() == lines


def test_a_chat_is_shown_with_its_lines(server: ReverieServer, capsys):
    talk = Concept("Ada Finch", "chat with", "Ben Moss", "conversing about fish", "fish", 4, {"Ben Moss"})
    server.personas[ADA.name].a_mem.add_chat(talk, NOW, [("Ada Finch", "How many?"), ("Ben Moss", "Nine.")])
    lines = shown(server, "print persona associative memory (chat) Ada Finch", capsys).splitlines()
    assert lines[1:] == ["    Ada Finch: How many?", "    Ben Moss: Nine."]


def test_the_known_places_are_shown_as_a_tree(server: ReverieServer, capsys):
    text = shown(server, "print persona spatial memory Ada Finch", capsys)
    assert json.loads(text)[WORLD][ADAS_HOUSE]["bedroom"] == ["bed", "desk"]
    assert text.splitlines()[1] == f'  "{WORLD}": {{'


def test_every_print_command_works_before_and_after_the_first_step(server: ReverieServer, capsys):
    assert all(shown(server, f"{command} Cleo Dunn", capsys) for command in OF_A_PERSONA)
    server.start_server(1)
    assert all(shown(server, f"{command} Cleo Dunn", capsys) for command in OF_A_PERSONA)


# Whose


def test_a_persona_is_found_by_name_in_any_case_or_by_prefix(server: ReverieServer, capsys):
    for name in ("Ben Moss", "ben moss", "Ben", "b"):
        assert shown(server, f"print persona current tile {name}", capsys) == "(20, 2)"


def test_an_unknown_or_ambiguous_name_is_answered_with_all_names(server: ReverieServer, capsys):
    server.personas["Ada Fox"] = server.personas[ADA.name]
    for name, fault in (("Zoe", "There is no persona"), ("Ada F", "Several personas are")):
        answer = shown(server, f"print persona schedule {name}", capsys)
        assert answer == f"{fault} called {name!r}. Available: {EVERYONE}, Ada Fox."


def test_a_missing_name_is_asked_for(server: ReverieServer, capsys):
    for command in (*OF_A_PERSONA, "call -- analysis", "call -- whisper"):
        assert shown(server, command, capsys) == f"Add the name of a persona. Available: {EVERYONE}."


# Looking at the town


def test_the_time_is_shown_with_the_steps(server: ReverieServer, capsys):
    server.start_server(2)
    capsys.readouterr()
    assert shown(server, "print current time", capsys) == "May 6, 2024, 07:00:20\nsteps: 2"


def test_the_contents_of_a_tile_are_shown_even_if_empty(server: ReverieServer, capsys):
    address = f"{WORLD}:{ADAS_HOUSE}:bedroom:bed"
    assert shown(server, "print tile event 1, 1", capsys) == f"{address} | is | idle | bed is idle"
    assert shown(server, "print tile event 1, 5", capsys) == "Nothing."


def test_the_events_of_a_tile_are_current_even_right_after_resuming(server: ReverieServer, capsys):
    server.start_server(3)
    resumed = ReverieServer(Storage.of_checkout().open("town"), Client(), forked=False)
    ada = resumed.personas[ADA.name]
    x, y = resumed.positions[ADA.name]
    capsys.readouterr()
    event: Event = ada.action_event()
    assert " | ".join(map(str, event[:4])) in shown(resumed, f"print tile event {x}, {y}", capsys).splitlines()


def test_the_details_of_a_tile_are_shown_for_any_notation(server: ReverieServer, capsys):
    for tile in ("1, 1", "1,1", "1 1", "(1, 1)"):
        assert shown(server, f"print tile details {tile}", capsys).splitlines() == [
            f"world: {WORLD}",
            f"sector: {ADAS_HOUSE}",
            "arena: bedroom",
            "game_object: bed",
            "spawning_location: ",
            "collision: False",
        ]


def test_an_invalid_tile_is_answered_with_the_size_of_the_map(server: ReverieServer, capsys):
    for tile, what in itertools.product(("", "1", "22, 1", "1, 12", "-1, 3", "a, b", "1, 2, 3"), ("event", "details")):
        answer = shown(server, f"print tile {what} {tile}", capsys)
        assert answer == f"{tile!r} is not a tile; give x, y with x from 0 to 21 and y from 0 to 11."


# Running, saving, leaving


def test_run_without_a_valid_number_of_steps_says_what_it_needs(server: ReverieServer, capsys):
    for count in ("", "0", "-3", "ten", "1.5", "3 steps", "9" * 5000):
        assert shown(server, f"run {count}", capsys).startswith("'run' takes a number of steps, such as 'run 360'")
    assert server.step == 0


def test_run_runs_and_saves_and_shows_its_own_usage_and_usage_shows_that_of_all_runs(server: ReverieServer, capsys):
    first = shown(server, "run 1", capsys)
    assert server.simulation.meta["step"] == 1
    assert first.splitlines()[0] == "=" * 50
    before = requests_in_all(server)
    assert f"  Requests:      {before}\n" in first
    second = shown(server, "run 1", capsys)
    assert f"  Requests:      {requests_in_all(server) - before}\n" in second
    text = shown(server, "usage", capsys)
    assert text.startswith("Since the start of the program")
    assert f"  Requests:      {requests_in_all(server)}\n" in text
    assert "day plan" in text
    assert ADA.name in text
    assert "\n  2024-05-06 07 " in text


def test_usage_includes_questions_asked_on_the_pages(server: ReverieServer, capsys):
    usage_inbox.leave(server.simulation.path, {"total": {"requests": 3, "cost_usd": "0.25"}})
    assert "This simulation in total: 3 requests, $0.2500" in shown(server, "usage", capsys)


def test_save_writes_everything_and_says_where(
    server: ReverieServer, world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys
):
    server.run_step()
    assert server.simulation.meta["step"] == 0
    text = shown(server, "save", capsys)
    assert text == f"Saved after 1 step (May 6, 2024, 07:00:10): {server.simulation.path}"
    assert terminal.read(server.simulation.path / "reverie" / "meta.json")["step"] == 1
    monkeypatch.chdir(world.storage)  # a folder below is named from there
    assert shown(server, "save", capsys).endswith("07:00:10): town")


@pytest.mark.parametrize("word", ["fin", "f", "finish", "save and finish", "FIN", "  Save   and finish "])
def test_every_form_of_fin_saves_and_leaves_nothing_to_undo(server: ReverieServer, capsys, word: str):
    server.save()
    server.step = 1
    assert not console.run_command(server, word)
    assert "Saved after 1 step" in capsys.readouterr().out
    assert server.simulation.meta["step"] == 1
    assert not [file.name for file in server.simulation.path.iterdir() if file.name.startswith(".")]


def test_exit_ends_the_program_and_deletes_the_fork(server: ReverieServer, capsys):
    assert not console.run_command(server, "exit")
    assert capsys.readouterr().out == "town is deleted.\n"
    assert not server.simulation.path.exists()


def test_a_disk_error_is_reported_and_the_prompt_returns(
    server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.rename", full)
    answer = shown(server, "save", capsys)
    assert answer.startswith("Could not save 'town' at step 0: No space left on device")
    assert "\n" not in answer


# A wrong command


def test_an_empty_line_does_nothing(server: ReverieServer, capsys):
    assert shown(server, "   ", capsys) == ""


def test_an_unknown_command_is_answered_in_one_line_with_the_possible_ones(server: ReverieServer, capsys):
    assert shown(server, "walk north", capsys) == (
        "There is no command 'walk north'. "
        "Commands start with: run, save, fin, exit, usage, print, call, export, report, start, help. "
        "'help' explains them all."
    )
    for typed in ("exit now", "save all", "f x", "finish it"):  # these take nothing
        assert shown(server, typed, capsys).startswith(f"There is no command {typed!r}.")
    assert server.simulation.path.is_dir()


def test_an_incomplete_command_is_answered_with_its_completions(server: ReverieServer, capsys):
    answer = shown(server, "print persona mood Ada Finch", capsys)
    assert "\n" not in answer
    assert answer.startswith(
        "There is no command 'print persona mood Ada Finch'. Possible: print persona schedule <Name>;"
    )
    assert "print tile details x, y." in answer


def test_commands_may_be_typed_in_any_case_and_spacing(server: ReverieServer, capsys):
    assert shown(server, "  PRINT  persona   current TILE  Ben Moss ", capsys) == "(20, 2)"


def test_help_explains_every_command(server: ReverieServer, capsys):
    explained = {line.split("  ")[0] for line in shown(server, "help", capsys).splitlines()}
    assert explained >= {
        *(f"{command} <Name>" for command in (*OF_A_PERSONA, "call -- analysis")),
        "call -- whisper <Name>[: <whisper>]",
        *("run <steps>", "save", "fin", "exit", "usage", "help", "export", "export --html", "start path tester mode"),
        *("print all persona schedule", "print current time", "print tile event x, y", "print tile details x, y"),
        "call -- load history <maze>/<file>.csv",
    }


def test_export_html_writes_the_town_as_one_file(server: ReverieServer, monkeypatch: pytest.MonkeyPatch):
    written: list[str] = []
    monkeypatch.setattr(web_server, "export_html", written.append)
    assert console.run_command(server, "export --html")
    assert written == [server.simulation.name]


# Interviews


def test_an_interview_is_answered_until_it_is_ended(server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys):
    typist = type_lines(monkeypatch, "What are you up to?", "", "And tomorrow?", "end_convo", "not asked")
    lines = shown(server, "call -- analysis Ada Finch", capsys).splitlines()
    assert lines[0] == "Talking to Ada Finch, who will not remember it; 'end_convo' ends the interview."
    assert [line.partition(": ")[0] for line in lines[1:]] == ["Ada Finch", "Ada Finch"]
    assert typist.prompts == ["Enter input: "] * 4


def test_an_interview_is_not_remembered(server: ReverieServer, monkeypatch: pytest.MonkeyPatch):
    server.start_server(2)
    before = without_vectors(saved_memory(server))
    type_lines(monkeypatch, "What are you up to?", "end_convo")
    console.run_command(server, "call -- analysis Ada Finch")
    server.save()
    assert without_vectors(saved_memory(server)) == before


def test_earlier_lines_of_an_interview_are_part_of_the_next_question(
    server: ReverieServer, monkeypatch: pytest.MonkeyPatch
):
    heard: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(server, "interview", lambda persona, lines: heard.append(list(lines)) or "Plums.")
    type_lines(monkeypatch, "What do you bake?", "Why?")
    console.run_command(server, "call -- analysis Ada")
    assert heard[1] == [("Interviewer", "What do you bake?"), (ADA.name, "Plums."), ("Interviewer", "Why?")]


@pytest.mark.parametrize(
    ("end", "said"), [(EOFError(), "'end_convo' ends the interview."), (KeyboardInterrupt(), "Interrupted.")]
)
def test_the_end_of_input_and_ctrl_c_end_an_interview(
    server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys, end: BaseException, said: str
):
    type_lines(monkeypatch, end)
    answer = shown(server, "call -- analysis Ben Moss", capsys)
    assert answer.startswith("Talking to Ben Moss")
    assert answer.endswith(said)


def test_a_model_failure_in_an_interview_returns_to_the_prompt(
    server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys
):
    refusal = Create(openai.error.AuthenticationError("no", http_status=401))
    monkeypatch.setattr(openai.ChatCompletion, "create", refusal)
    type_lines(monkeypatch, "What are you up to?")
    assert "was refused (401" in shown(server, "call -- analysis Ben Moss", capsys)


# Surveys


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "plums.txt"
    file.write_text("Do you know of {everybody}?\nWhat are you up to?\n", encoding="utf-8")
    return file


def surveyed(server: ReverieServer) -> tuple[str, list[dict[str, str]]]:
    """The name and the rows of the only survey table."""
    (file,) = (server.simulation.path / "survey").glob("*.csv")
    with file.open(encoding="utf-8", newline="") as table:
        return file.name, list(csv.DictReader(table))


def test_a_survey_reports_its_cost_and_where_the_answers_are(server: ReverieServer, capsys, questions: Path):
    lines = shown(server, f"call -- survey {questions}", capsys).splitlines()
    assert re.fullmatch(r"9 answers requested: about [\d,]+ tokens, free with the mock model\.", lines[0])
    assert "| 1. Do you know of {everybody}? | 1 (17%) | 5 (83%) | 0 (0%) | 0 (0%) | 0 |" in lines
    assert [line.rpartition("/")[2] for line in lines[-2:]] == ["plums_step_0.csv", "plums_step_0.md"]
    assert len(surveyed(server)[1]) == 9


def test_a_survey_is_not_remembered(server: ReverieServer, questions: Path):
    server.start_server(2)
    before = saved_memory(server)
    assert console.run_command(server, f"call -- survey {questions}")
    server.save()
    assert saved_memory(server) == before


def test_a_survey_does_not_affect_the_run_after_it(server: ReverieServer, questions: Path):
    server.start_server(2)
    assert console.run_command(server, f"call -- survey {questions}")
    server.start_server(2)
    other = ReverieServer(Storage.of_checkout().fork(BASE, "other"), Client(), forked=True)
    other.start_server(2)
    other.start_server(2)
    assert saved_memory(server) == saved_memory(other)


def test_the_cost_of_a_survey_is_part_of_the_cost_of_the_simulation(server: ReverieServer, questions: Path):
    server.start_server(1)
    before = requests_in_all(server)
    assert console.run_command(server, f"call -- survey {questions}")
    saved = server.simulation.read_usage()["total"]["requests"]
    assert saved == requests_in_all(server) > before + 8


def test_a_survey_can_select_people_and_withhold_kinds_of_memories(server: ReverieServer, questions: Path):
    server.start_server(2)
    options = '--people "ben, Ada Finch" --without planning,reflection'
    assert console.run_command(server, f"call -- survey {questions} {options}")
    file, rows = surveyed(server)
    assert file == "plums_step_2_without_reflection_planning.csv"
    assert list(dict.fromkeys(row["persona"] for row in rows)) == [ADA.name, BEN.name]
    assert not [row for row in rows if "The plan of" in row["memories"]]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nowhere.txt", "nowhere.txt cannot be read (No such file or directory)."),
        ("{file} --people Zoe", f"There is no persona called 'Zoe'. Available: {EVERYONE}."),
        (
            "{file} --without dreams",
            "Argument --without: 'dreams' is not a kind of memory; available: reflection, p",
        ),
        ("{file} --people", "Argument --people: expected one argument. Type: call -- survey <file>, optionally with"),
        ("{file} and more", "Unrecognized arguments: and more. Type: call -- survey <file>"),
        ('"{file}', "No closing quotation. Type: call -- survey <file>"),
    ],
)
def test_an_invalid_survey_is_refused_in_one_line_and_asks_nothing(
    server: ReverieServer, capsys, questions: Path, typed: str, said: str
):
    line = shown(server, f"call -- survey {typed.format(file=questions)}", capsys)
    assert line.startswith(said)
    assert "\n" not in line
    assert requests_in_all(server) == 0


@pytest.mark.parametrize("end", [KeyboardInterrupt(), openai.error.AuthenticationError("no", http_status=401)])
def test_the_answers_of_an_interrupted_survey_are_kept(
    server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys, questions: Path, end: BaseException
):
    monkeypatch.setattr(openai.ChatCompletion, "create", ends_after(4, openai.ChatCompletion.create, end))
    text = shown(server, f"call -- survey {questions}", capsys)
    assert "4 of 9 questions were answered; the same survey will ask only the others." in text
    assert re.search(r"Interrupted\.$|was refused \(401.*$", text)
    assert len(surveyed(server)[1]) == 4


# Whispers


def write_history(world: SmallWorld, *rows: str) -> str:
    """The command that loads this history."""
    file = world.assets / MAZE / "history.csv"
    file.write_text("\n".join(["Name,Whisper", *rows]), encoding="utf-8")
    return f"call -- load history {MAZE}/history.csv"


@pytest.mark.own_maze
def test_whispers_become_thoughts(server: ReverieServer, world: SmallWorld, capsys):
    command = write_history(world, "Ada Finch,You know Ben Moss; You like plums", "Ben Moss,You count fish")
    assert shown(server, command, capsys) == "3 whispers became thoughts of Ada Finch, Ben Moss."
    assert [len(server.personas[person.name].a_mem.thoughts()) for person in (ADA, BEN, CLEO)] == [2, 1, 0]


@pytest.mark.own_maze
def test_whispers_before_the_first_step_leave_it_a_first_day(server: ReverieServer, world: SmallWorld):
    console.run_command(server, write_history(world, "Ada Finch,You like plums"))
    server.run_step()
    assert server.personas[ADA.name].new_day == "First day"


@pytest.mark.own_maze
def test_an_invalid_history_changes_nothing(server: ReverieServer, world: SmallWorld, capsys):
    command = write_history(world, "Ada Finch,You like plums", "Zoe,You like fish")
    answer = shown(server, command, capsys)
    assert answer == f"{MAZE}/history.csv, line 3: there is no persona 'Zoe'. Available: {EVERYONE}."
    assert not server.personas[ADA.name].a_mem.thoughts()


@pytest.mark.own_maze
def test_a_model_failure_while_adding_whispers_leaves_none(
    server: ReverieServer, world: SmallWorld, monkeypatch: pytest.MonkeyPatch, capsys
):
    server.save()
    before = saved_memory(server)
    real = openai.ChatCompletion.create
    answers: Iterator[Callable[..., Any]] = iter(
        [real, Create(openai.error.AuthenticationError("no", http_status=401))]
    )
    monkeypatch.setattr(openai.ChatCompletion, "create", lambda **request: next(answers)(**request))
    command = write_history(world, "Ada Finch,You like plums", "Ben Moss,You count fish")
    assert "was refused (401" in shown(server, command, capsys)
    server.save()
    assert saved_memory(server) == before


def thoughts_of(server: ReverieServer, name: str) -> int:
    return len(server.personas[name].a_mem.thoughts())


def test_whisper_with_a_name_asks_for_the_text(server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys):
    typist = type_lines(monkeypatch, "You like plums")
    assert shown(server, "call -- whisper Ada", capsys) == "1 whisper became a thought of Ada Finch."
    assert typist.prompts == ["Enter whisper: "]
    assert [thoughts_of(server, person.name) for person in (ADA, BEN, CLEO)] == [1, 0, 0]


def test_whispers_may_follow_the_name_and_a_colon(server: ReverieServer, capsys):
    command = "call -- whisper ben moss: Count the fish: all of them; Keep it to yourself"
    assert shown(server, command, capsys) == "2 whispers became thoughts of Ben Moss."
    assert thoughts_of(server, BEN.name) == 2


def test_a_whisper_is_saved_at_once(server: ReverieServer):
    console.run_command(server, "call -- whisper Ada: You like plums")
    nodes = server.simulation.read_persona(ADA.name).nodes
    assert [node["type"] for node in nodes.values()] == ["thought"]


@pytest.mark.parametrize("lines", [[""], [" ; "], []])
def test_an_empty_whisper_leaves_no_thought(
    server: ReverieServer, monkeypatch: pytest.MonkeyPatch, capsys, lines: list[str]
):
    type_lines(monkeypatch, *lines)
    assert shown(server, "call -- whisper Ada", capsys) == "Nothing was whispered to Ada Finch: the text is empty."
    assert thoughts_of(server, ADA.name) == 0


def test_a_whisper_to_an_unknown_name_is_answered_with_all_names(server: ReverieServer, capsys):
    assert shown(server, "call -- whisper Zoe: Hello", capsys).startswith("There is no persona called 'Zoe'.")


# At a terminal


def test_a_mistyped_command_gets_a_suggestion(server: ReverieServer, capsys):
    for typed, meant in {
        "finsh": "fin",
        "runn 5": "run <steps>",
        "prnt persona schedule Ada Finch": "print persona schedule <Name>",
        "call -- wisper Ada Finch: hello": "call -- whisper <Name>[: <whisper>]",
    }.items():
        assert shown(server, typed, capsys) == f"There is no command {typed!r}. Did you mean {meant!r}?"


@pytest.mark.parametrize("typed", ["quit", "Q"])
def test_quit_is_answered_with_the_ways_to_end_and_loses_nothing(server: ReverieServer, capsys, typed: str):
    assert "'fin' saves and leaves, 'exit' leaves without saving" in shown(server, typed, capsys)
    assert server.simulation.path.exists()


def test_tab_completes_simulation_names_where_one_is_expected(server: ReverieServer, monkeypatch):
    completer = Completer()
    monkeypatch.setattr(cli.terminal, "readline", completer)
    type_lines(monkeypatch, BASE)
    console.choose_base(Storage.of_checkout())
    assert completer.candidates("BASE") == [BASE]
    type_lines(monkeypatch, "new")
    console.choose_name(Storage.of_checkout())
    assert completer.candidates("") == []


def test_tab_completes_commands_and_names(server: ReverieServer, monkeypatch):
    completer = Completer()
    monkeypatch.setattr(cli.terminal, "readline", completer)
    type_lines(monkeypatch, EOFError())
    console.open_console(server)
    assert completer.candidates("ru") == ["run "]
    assert completer.candidates("print persona schedule b") == ["print persona schedule Ben Moss"]
    assert completer.candidates("Print Cur") == ["print current time"]
    assert completer.candidates("nothing like it") == []


class Completer:
    """A replacement for readline."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None

    def set_completer(self, complete: Callable[[str, int], str | None]) -> None:
        self._complete = complete

    def candidates(self, text: str) -> list[str | None]:
        """All completions of Tab."""
        found = (self._complete(text, state) for state in itertools.count())
        return list(itertools.takewhile(lambda each: each is not None, found))


@pytest.fixture
def paid(server: ReverieServer, monkeypatch) -> ReverieServer:
    """A fork with answers of a paid model."""
    monkeypatch.setattr(llm_config, "_api_type", "openai")
    llm_config.track_usage({"usage": {"prompt_tokens": 7}}, ledgers=server.client.ledgers)
    monkeypatch.setattr(cli.terminal, "is_terminal", lambda: True)
    return server


@pytest.mark.parametrize(("answer", "is_deleted"), [("", False), ("n", False), ("yes", True), ("Y", True)])
def test_at_a_terminal_exit_asks_before_deleting_a_paid_run(
    paid: ReverieServer, monkeypatch, answer: str, is_deleted: bool
):
    typist = type_lines(monkeypatch, answer)
    assert console.run_command(paid, "exit") is not is_deleted
    assert typist.prompts == ["This deletes town and its 0 steps; 'fin' keeps it. Delete it? [y/N] "]
    assert paid.simulation.path.exists() is not is_deleted


def test_exit_does_not_ask_if_nothing_was_paid_for(server: ReverieServer, monkeypatch):
    typist = type_lines(monkeypatch)
    assert not console.run_command(server, "exit")
    assert typist.prompts == []


@pytest.mark.parametrize("columns", [60, 200])
def test_help_and_lists_fit_the_terminal(server: ReverieServer, monkeypatch, capsys, columns: int):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert max(map(len, shown(server, "help", capsys).splitlines())) <= columns
    summaries = Storage.of_checkout().simulations()
    assert max(map(len, console.numbered(summaries).splitlines())) <= columns

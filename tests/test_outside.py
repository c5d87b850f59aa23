"""Events from outside in a running town: when they take effect, their record, and that no crash repeats them."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import reverie
import small_world
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from saves import events
from saves.storage import Storage
from scripted import ScriptedModel, quiet_model, thoughts
from small_world import ADA, BEN, CLEO
from terminal import files

STEPS = 12


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    return quiet_model().install(monkeypatch)


@pytest.fixture
def server(world: small_world.SmallWorld, model: ScriptedModel) -> reverie.ReverieServer:
    return forked("trial")


def forked(name: str) -> reverie.ReverieServer:
    return reverie.ReverieServer(Storage.of_checkout().fork(small_world.BASE, name), Client(), forked=True)


def resumed(name: str) -> reverie.ReverieServer:
    return reverie.ReverieServer(Storage.of_checkout().open(name), Client(), forked=False)


def leave(folder: Path, *people: small_world.Inhabitant, text: str = "The plums are ripe", **more: Any) -> None:
    """Leaves a whisper in the inbox of a simulation, like the pages."""
    entry = events.Entry(kind="whisper", people=[person.name for person in people], texts=[text], **more)
    events.inbox(folder).leave(entry.model_dump())


def waiting(server: reverie.ReverieServer) -> dict[str, list[str]]:
    return events.waiting_texts(server.simulation.path, list(server.personas))


def heard(server: reverie.ReverieServer, person: small_world.Inhabitant = ADA) -> list[tuple[str, datetime]]:
    memory = server.personas[person.name].a_mem
    return [(node.description, node.created) for node in memory.thoughts() if node.predicate == "are"]


def recorded(server: reverie.ReverieServer) -> list[tuple[int, str, str]]:
    record = Storage.of_checkout().root / server.simulation.name / events.RECORD
    lines = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    return [(line["step"], line["persona"], line["text"]) for line in lines]


def test_an_event_before_a_run_takes_effect_before_its_first_step(server: reverie.ReverieServer):
    leave(server.simulation.path, ADA)
    server.start_server(1)
    assert heard(server) == [("The plums are ripe", datetime(2024, 5, 6, 7, 0, 0))]
    assert recorded(server) == [(0, ADA.name, "The plums are ripe")]
    assert waiting(server) == {}


def test_an_event_during_a_run_takes_effect_at_the_first_step_nobody_has_begun(
    server: reverie.ReverieServer, monkeypatch: pytest.MonkeyPatch
):
    keep = server.simulation.write_step

    def write(step: int, *rest: Any) -> None:
        keep(step, *rest)
        if step == 3:
            leave(server.simulation.path, ADA)

    monkeypatch.setattr(server.simulation, "write_step", write)
    server.start_server(STEPS)
    ((step, name, _),) = recorded(server)
    assert (name, step > 3, server.step) == (ADA.name, True, STEPS)
    assert [f"{created:%M:%S}" for _, created in heard(server)] == [f"{step // 6:02}:{step % 6 * 10:02}"]


def test_an_event_takes_effect_for_all_in_the_same_step_in_roster_order(server: reverie.ReverieServer):
    leave(server.simulation.path, CLEO, ADA)
    leave(server.simulation.path, ADA, text="The fish are gone")
    server.start_server(1)
    both = [(0, ADA.name, "The plums are ripe"), (0, ADA.name, "The fish are gone")]
    assert recorded(server) == [*both, (0, CLEO.name, "The plums are ripe")]
    assert [text for text, _ in heard(server)] == ["The plums are ripe", "The fish are gone"]
    assert heard(server, BEN) == []


def test_an_event_for_a_later_step_takes_effect_at_that_step(server: reverie.ReverieServer):
    leave(server.simulation.path, ADA, step=7)
    server.start_server(7)
    assert (heard(server), waiting(server)) == ([], {ADA.name: ["The plums are ripe"]})
    server.start_server(1)
    assert recorded(server) == [(7, ADA.name, "The plums are ripe")]


def test_a_whisper_before_the_first_step_leaves_it_a_first_day(server: reverie.ReverieServer):
    leave(server.simulation.path, ADA)
    server.start_server(1)
    assert server.personas[ADA.name].new_day == "First day"


def test_whispers_from_the_command_line_are_recorded_too(server: reverie.ReverieServer):
    server.start_server(2)
    server.whisper({ADA.name: ["The plums are ripe"]})
    assert recorded(server) == [(2, ADA.name, "The plums are ripe")]


def test_questions_about_whispers_are_counted_for_every_source(server: reverie.ReverieServer):
    server.whisper({ADA.name: ["The plums are ripe"]})
    leave(server.simulation.path, ADA, text="The fish are gone")
    server.start_server(1)
    assert server.usage.ledger.counts["questions"]["whisper"] == 2


def test_an_event_keeps_waiting_if_the_model_fails(server: reverie.ReverieServer, model: ScriptedModel):
    server.start_server(2)
    leave(server.simulation.path, ADA, BEN)
    model.answers["whisper"] = [thoughts, llm_config.FatalError("No credits.")]
    with pytest.raises(llm_config.FatalError):
        server.start_server(1)
    assert (heard(server), server.step) == ([], 2)
    assert waiting(server) == dict.fromkeys((ADA.name, BEN.name), ["The plums are ripe"])
    model.answers["whisper"] = thoughts
    server.start_server(1)
    assert [len(heard(server, person)) for person in (ADA, BEN)] == [1, 1]


@pytest.mark.parametrize("last_done", ["enter", "checkpoint"])
def test_a_crash_around_its_checkpoint_neither_loses_nor_repeats_an_event(
    server: reverie.ReverieServer, monkeypatch: pytest.MonkeyPatch, last_done: str
):
    crashed = server.simulation.path.with_name("crashed")
    owner: Any = server.outside if last_done == "enter" else server.simulation
    done = getattr(owner, last_done)

    def then_crash(*given: Any) -> None:
        done(*given)
        if server.outside.record and not crashed.exists():
            shutil.copytree(server.simulation.path, crashed)

    server.start_server(5)
    leave(server.simulation.path, ADA, step=8)
    with monkeypatch.context() as patched:
        patched.setattr(owner, last_done, then_crash)
        server.start_server(STEPS - 5)
    server.close()
    again = resumed("crashed")
    again.start_server(STEPS - again.step)
    again.close()
    assert recorded(again) == [(8, ADA.name, "The plums are ripe")]
    assert len(heard(again)) == 1
    apart = "journal.jsonl", "llm_usage.json", "/.opened/"
    saved = [files(each.simulation.path) for each in (server, again)]
    one, other = ({file: it for file, it in each.items() if not any(part in file for part in apart)} for each in saved)
    assert one == other


def test_an_invalid_file_is_set_aside_and_reported(server: reverie.ReverieServer, capsys: pytest.CaptureFixture[str]):
    inbox = events.inbox(server.simulation.path)
    inbox.leave({"kind": "earthquake", "people": [ADA.name], "texts": ["It shakes"]})
    inbox.leave({"kind": "whisper", "people": ["Zoe"], "texts": ["Hello"]})
    inbox.leave(["a list"])
    leave(server.simulation.path, ADA)
    server.start_server(1)
    said = capsys.readouterr().out
    assert said.count("The file was set aside as ") == 3
    assert "is for Zoe, who do not live here" in said
    assert (len(heard(server)), waiting(server)) == (1, {})
    assert len(list((server.simulation.path / "reverie" / "inbox").glob("*.refused"))) == 3


def test_a_fork_has_the_record_but_not_the_inbox(server: reverie.ReverieServer):
    leave(server.simulation.path, ADA)
    server.start_server(1)
    leave(server.simulation.path, BEN)
    fork = Storage.of_checkout().fork("trial", "fork")
    assert [event["persona"] for event in fork.read_events()] == [ADA.name]
    assert events.waiting_texts(fork.path, [BEN.name]) == {}


def test_exit_restores_the_record_of_events(server: reverie.ReverieServer):
    server.start_server(1)
    server.close()
    again = resumed("trial")
    leave(again.simulation.path, ADA)
    again.start_server(1)
    assert recorded(again)
    again.discard()
    assert Storage.of_checkout().open("trial").read_events() == []


def test_nothing_is_written_for_a_deleted_simulation(server: reverie.ReverieServer):
    folder = server.simulation.path
    server.discard()
    leave(folder, ADA)
    assert not folder.exists()

"""The status of a run in progress: next to the bar, and for the pages."""

from __future__ import annotations

import json
import threading
from datetime import datetime

import openai
import pytest

import small_world
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError
from reverie import ReverieServer
from saves.storage import Storage
from town.progress import Progress

NOON = datetime(2024, 5, 6, 12, 0)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


@pytest.fixture
def written():
    return []


@pytest.fixture
def progress(client, written):
    return Progress(client, written.append, Clock())


def test_the_state_running_keeps_its_start_time(progress, written):
    progress.step(7, NOON)
    progress.step(8, NOON)
    assert [(said["state"], said["step"]) for said in written] == [("running", 7), ("running", 8)]
    assert written[0]["since"] == written[1]["since"]


def test_the_status_says_who_is_thinking_about_what(progress, written, client):
    (attempt,) = client.middleware
    with attempt({}, {"persona": "Ada Finch", "purpose": "day plan"}), attempt({}, {"persona": "Ben", "purpose": "x"}):
        progress.wait(["Ada Finch"])
    progress.wait(["Ada Finch", "Ben"])
    assert written[0]["text"] == "Ada Finch is thinking (day plan)"
    assert written[1]["text"] == "2 people are thinking"
    assert {said["state"] for said in written} == {"thinking"}


def test_the_status_names_only_thinking_people_that_are_waited_for(progress, written, client):
    (attempt,) = client.middleware
    with attempt({}, {"persona": "Ada Finch"}), attempt({}, {"persona": "Cleo Dunn"}):
        progress.wait(["Ada Finch", "Ben"])
    progress.step(7, NOON)
    assert [said["people"] for said in written] == [["Ada Finch"], []]


def test_the_status_has_the_latest_line_of_an_unfinished_conversation(progress, written):
    def lines():
        progress.wait(["Ada Finch", "Ben"])
        return written[-1]["lines"]

    progress.hear("Ada Finch", "Ben", "Plums?")
    progress.hear("Cleo Dunn", "Dora", "Nobody waits for us.")
    assert lines() == {"Ada Finch": "Plums?"}
    progress.hear("Ben", "Ada Finch", "Pears.")
    assert lines() == {"Ben": "Pears."}
    progress.hear("Ada Finch", "Ben", "")
    assert lines() == {}
    progress.hear("Ada Finch", "Ben", "Plums?")
    progress.begin(7, 1)
    assert lines() == {}


def test_a_long_wait_for_the_provider_says_until_when_and_why(progress, written, client):
    client.patience.long_wait = 1_100.0, "The provider limits the rate."
    progress.wait(["Ada Finch"])
    assert written[-1]["state"] == "pausing"
    assert written[-1]["text"].endswith(": The provider limits the rate.")
    client.patience.long_wait = 0.0, ""
    progress.wait(["Ada Finch"])
    assert written[-1]["state"] == "thinking"


def test_an_unchanged_state_is_not_written_every_step(client, written):
    progress = Progress(client, written.append, lambda: 1_000.0)
    for step in range(100):
        progress.step(step, NOON)
    assert len(written) == 1


@pytest.mark.parametrize(
    ("failure", "state", "text"),
    [
        (None, "saved", "Saved after 9 steps"),
        (FatalError("The key was refused."), "stopped", "Stopped after 9 steps: The key was refused."),
        (KeyboardInterrupt(), "stopped", "Stopped after 9 steps: interrupted"),
    ],
)
def test_the_end_of_a_run_says_how_it_ended(progress, written, failure, state, text):
    progress.end(9, failure)
    assert (written[-1]["state"], written[-1]["text"]) == (state, text)


# In a town


@pytest.fixture
def server(world, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    return ReverieServer(Storage.of_checkout().fork(small_world.BASE, "town"), Client(), forked=True, workers=4)


def status(server):
    return json.loads(server.simulation.front_end.status_file.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_pages_know_who_is_thinking(server, monkeypatch):
    seen, told = [], threading.Event()
    write = server.progress._write

    def note(said):
        write(said)
        if said["state"] == "thinking" and "(" in said["text"]:
            seen.append(said["text"])
            told.set()

    def create(**_):
        told.wait(10)
        raise openai.error.AuthenticationError("no such key", http_status=401)

    monkeypatch.setattr(server.progress, "_write", note)
    monkeypatch.setattr(openai.ChatCompletion, "create", create)
    with pytest.raises(FatalError):
        server.start_server(3)
    assert seen[0].endswith("thinking (day plan)")
    assert status(server)["state"] == "stopped"
    assert status(server)["text"].startswith("Stopped after 0 steps: ")


def test_with_one_worker_the_pages_know_who_is_thinking_and_the_last_step(world, monkeypatch):
    seen = []
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    server = ReverieServer(Storage.of_checkout().fork(small_world.BASE, "town"), Client(), forked=True, workers=1)

    def create(**_):
        seen.append(status(server))
        raise openai.error.AuthenticationError("no such key", http_status=401)

    monkeypatch.setattr(openai.ChatCompletion, "create", create)
    with pytest.raises(FatalError):
        server.start_server(3)
    assert (seen[0]["text"], seen[0]["end"]) == ("Ada Finch is thinking (day plan)", 3)
    assert status(server)["end"] is None


def test_a_deleted_simulation_has_no_status(server):
    server.progress.step(1, NOON)
    assert status(server)["state"] == "running"
    server.discard()
    assert not server.simulation.front_end.status_file.exists()

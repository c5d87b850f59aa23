"""Whispering from the page, without a browser: waiting whispers, and refused ones."""

from __future__ import annotations

from typing import Any

import pytest

from pages.views import whisper
from saves import events
from saves.simulation import Simulation
from small_world import ADA, BASE, BEN, CLEO
from web_town import client, data, json_at, post, text

EVERYBODY = [ADA.name, BEN.name, CLEO.name]


def left(town: Simulation) -> list[events.Entry]:
    return [events.read_entry(file, EVERYBODY) for file in events.inbox(town.path).waiting()]


def test_a_whisper_waits_for_its_recipient(town: Simulation):
    reply = post("/whispers/town/", {"to": "Ada_Finch", "text": " You like plums;  You know Ben  Moss "})
    waiting = {"waiting": {ADA.name: ["You like plums", "You know Ben Moss"]}}
    assert (reply.json(), json_at("/whispers/town/")) == (waiting, waiting)
    assert [(entry.kind, entry.people, entry.step) for entry in left(town)] == [("whisper", [ADA.name], None)]


def test_a_whisper_can_be_for_everybody(town: Simulation):
    post("/whispers/town/", {"to": ADA.name, "text": "First"})
    post("/whispers/town/", {"to": None, "text": "Then"})
    assert json_at("/whispers/town/")["waiting"] == {
        ADA.name: ["First", "Then"],
        BEN.name: ["Then"],
        CLEO.name: ["Then"],
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"to": ADA.name, "text": "x" * 2001}, 400),
        ({"to": ADA.name, "text": " ; "}, 400),
        ({"to": ADA.name, "text": 5}, 400),
        ({"to": ADA.name}, 400),
        ([], 400),
        ("{", 400),
        ({"to": "Zoe", "text": "Hello"}, 404),
        ({"to": "../Ada Finch", "text": "Hello"}, 404),
        ({"to": [ADA.name], "text": "Hello"}, 404),
    ],
)
def test_an_invalid_whisper_is_refused(town: Simulation, body: Any, status: int):
    assert post("/whispers/town/", body).status_code == status
    assert left(town) == []


def test_whispers_to_a_base_or_a_missing_simulation_are_refused(town: Simulation):
    whispered = {"to": None, "text": "Hello"}
    gone = post("/whispers/none/", whispered)
    assert (gone.status_code, gone.json()["error"]) == (
        404,
        "There is no simulation “none”. It was deleted after this page was loaded.",
    )
    reply = post(f"/whispers/{BASE}/", whispered)
    assert (reply.status_code, "is a base" in reply.json()["error"]) == (409, True)
    assert not (town.path.parent / BASE / "reverie" / "inbox").exists()


def test_the_number_of_waiting_whispers_is_limited(town: Simulation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whisper, "MOST_WAITING", 1)
    statuses = [post("/whispers/town/", {"to": ADA.name, "text": "Hello"}).status_code for _ in range(2)]
    assert statuses == [200, 409]


def test_whispers_from_other_sites_are_refused(town: Simulation):
    assert post("/whispers/town/", {"to": None, "text": "Hello"}, enforce_csrf_checks=True).status_code == 403
    assert client().put("/whispers/town/").status_code == 405
    assert left(town) == []


def test_a_damaged_entry_does_not_hide_the_others(town: Simulation):
    events.inbox(town.path).leave(["odd"])
    post("/whispers/town/", {"to": ADA.name, "text": "Hello"})
    assert json_at("/whispers/town/")["waiting"] == {ADA.name: ["Hello"]}


def test_the_page_knows_the_address_for_whispers(town: Simulation):
    assert {person["whisper"] for person in data("/replay/town/0/")["people"]} == {"/whispers/town/"}
    assert "/whispers/" not in text("/")

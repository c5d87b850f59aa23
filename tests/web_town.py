"""The web pages in tests: Django set up without touching the checkout, and a small town after twelve steps.

from web_town import simulated, text
simulation = simulated(world, "town")        # Ada walks, Ben stands, Ada and Cleo talk in steps 5 to 8
page = text("/replay/town/0/")
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django
from django.test import Client

import utils
from saves import events
from saves.game_time import TIME_FORMAT, time_at, written_node_time
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BASE, BEN, CLEO, WORLD, SmallWorld

HOST = "127.0.0.1"
STEPS = 12
TALK = (("Ada Finch", "Have you seen the plums?"), ("Cleo Dunn", "Behind the bench, I think."))
TALKING = range(5, 9)
_LAST_NAMES = ("Finch", "Moss", "Dunn", "Reed", "Hale")
_LONG = "Have you seen the plums? They were on the table this morning, and there were at least two dozen of them."


def _set_up_django() -> None:
    """The secret key that a first start makes goes to a folder of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "frontend.settings"
    with tempfile.TemporaryDirectory() as folder, patch.object(utils, "fs_temp_storage", folder):
        django.setup()


_set_up_django()


def client(**options: Any) -> Client:
    """A browser without scripts on this machine; CSRF is checked only if it is asked to."""
    return Client(SERVER_NAME=HOST, **options)


def simulated(world: SmallWorld, name: str, steps: int = STEPS) -> Simulation:
    """A fork of the small world's base that was run and left; Ada remembers a thought at step 2 and the talk at 9."""
    opened = Storage(world.storage, world.temp).fork(BASE, name)
    opened.front_end.announce(opened.meta["step"])
    for step in range(steps):
        write_step(opened, step)
    meta = {**opened.meta, "step": steps, "curr_time": time_at(opened.meta, steps).strftime(TIME_FORMAT)}
    opened.checkpoint(meta, {person: opened.read_persona(person) for person in meta["persona_names"]})
    _remember(opened)
    opened.close()
    return opened


def write_step(simulation: Simulation, step: int) -> None:
    """Ada walks to the right from (4, 5) and comes back after ten tiles; the others stay."""
    rows = {
        ADA.name: _row(ada_at(step), "🚶", "taking a walk", f"{WORLD}:Linden Park:garden", step),
        BEN.name: _row(BEN.tile, "📖", "reading", f"{WORLD}:Ben Moss's house:main room:desk"),
        CLEO.name: _row((10, 6), "🎵", "singing", f"{WORLD}:Linden Park:garden", step),
    }
    movement = {"persona": rows, "meta": {"curr_time": time_at(simulation.meta, step).strftime(TIME_FORMAT)}}
    simulation.write_step(step, movement, {name: tuple(row["movement"]) for name, row in rows.items()})


def add_conversation(simulation: Simulation, steps: Sequence[int], lines: Sequence[tuple[str, str]]) -> None:
    """Adds a conversation with these lines to these steps, replacing any other of its speakers."""
    for step in steps:
        file = simulation.path / "movement" / f"{step}.json"
        movement = json.loads(file.read_bytes())
        for speaker in {speaker for speaker, _ in lines}:
            movement["persona"][speaker]["chat"] = lines
        file.write_text(json.dumps(movement), encoding="utf-8")


def add_event(
    simulation: Simulation, step: int, kind: str, text: str = "", *, to: Sequence[str] = ("",), place: str = ""
) -> None:
    """Adds an event from outside at the start of a step, after all earlier ones."""
    row = {"step": step, "time": "", "kind": kind, "text": text, "file": "", "place": place}
    came = [*simulation.read_events(), *({**row, "persona": name} for name in to)]
    (simulation.path / events.RECORD).write_bytes(events.record_bytes(came))


def crowd(simulation: Simulation, step: int, people: int = 20) -> list[str]:
    """Puts a crowd close together in the garden in this step, which is the last, in pairs of talkers; their names."""
    names = [f"{first} {last}" for first in ("Ada", "Benedict", "Cleo", "Dominica") for last in _LAST_NAMES][:people]
    simulation.keep_meta(persona_names=names)
    rows = {}
    for place, name in enumerate(names):
        partner = names[place ^ 1]
        chat = [[min(name, partner), _LONG], [max(name, partner), "Yes."]]
        tile = (9 + place % 7, 8 + place // 7)
        rows[name] = _row(tile, "🎵", "singing", f"{WORLD}:Linden Park:garden") | {"chat": chat}
    movement = {"persona": rows, "meta": {"curr_time": time_at(simulation.meta, step).strftime(TIME_FORMAT)}}
    simulation.write_step(step, movement, {name: tuple(row["movement"]) for name, row in rows.items()})
    return names


def ada_at(step: int) -> tuple[int, int]:
    """The tile Ada moves to in a step."""
    return 4 + (step % 10 if step // 10 % 2 == 0 else 10 - step % 10), 5


def text(address: str, status: int = 200) -> str:
    """The text of a page, which must have this status."""
    response = client().get(address)
    assert response.status_code == status
    return response.content.decode()


def json_at(address: str) -> Any:
    """The JSON at an address."""
    return client().get(address).json()


def data(address: str) -> dict[str, Any]:
    """The data of a page for its scripts."""
    return json.loads(
        text(address).partition('<script id="town" type="application/json">')[2].partition("</script>")[0]
    )


def post(address: str, body: Any, **options: Any) -> Any:
    """The response to a body of JSON, or to the text itself."""
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    return client(**options).post(address, sent, content_type="application/json")


def memory_file(simulation: Simulation, persona: str, name: str) -> Path:
    """A file of a persona's memory."""
    return simulation.path / "personas" / persona / "bootstrap_memory" / name


def _row(tile: tuple[int, int], emoji: str, action: str, place: str, step: int | None = None) -> dict[str, Any]:
    chat = [list(line) for line in TALK] if step in TALKING else None
    return {"movement": list(tile), "pronunciatio": emoji, "description": f"{action} @ {place}", "chat": chat}


def _remember(simulation: Simulation) -> None:
    thought = _node(simulation, 1, 2, "thought", "Ada Finch thinks plum bread needs cardamom", [])
    chat = _node(simulation, 2, 9, "chat", "conversing about plums", [list(line) for line in TALK])
    nodes = json.dumps({"node_2": chat, "node_1": thought}, ensure_ascii=False)
    memory_file(simulation, ADA.name, "associative_memory/nodes.json").write_text(nodes, encoding="utf-8")


def _node(simulation: Simulation, number: int, step: int, kind: str, text: str, filling: list[Any]) -> dict[str, Any]:
    created = written_node_time(time_at(simulation.meta, step))
    return {
        "node_count": number,
        "type_count": 1,
        "type": kind,
        "depth": 0,
        "created": created,
        "expiration": None,
        "subject": ADA.name,
        "predicate": "thinks",
        "object": "plums",
        "description": text,
        "embedding_key": text,
        "poignancy": 4,
        "keywords": ["plums"],
        "filling": filling,
    }

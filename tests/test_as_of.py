"""A persona as of a step: its memories, aims, plan and action at that time, even on earlier days."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

import reverie
from persona.as_of import persona_as_of
from persona.persona import Persona
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from saves.json_files import DamagedSimulation
from saves.simulation import Simulation
from saves.storage import Storage
from scripted import DAY, ScriptedModel, quiet_model
from small_world import ADA, BASE, SmallWorld

MIDNIGHT, STEPS = 60, 75  # steps after ten to twelve
NEWS = "Ada Finch has found the recipe."
LATE_PLAN = {**DAY, "wake_up": "05:00", "schedule": [{"start": "05:00", "activity": "cooking"}, *DAY["schedule"][1:]]}


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    """Everybody has other aims and another plan from the second day on."""
    return quiet_model(
        day_plan=lambda prompt: LATE_PLAN if NEWS in prompt else DAY,
        identity={"currently": NEWS, "daily_requirement": "Ada Finch cooks."},
    ).install(monkeypatch)


def _begin_late(world: SmallWorld) -> None:
    meta = world.storage / BASE / "reverie" / "meta.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace("07:00:00", "23:50:00"), encoding="utf-8")


@pytest.fixture
def simulated(world: SmallWorld, model: ScriptedModel, storage: Storage) -> Simulation:
    """A simulation from ten to twelve to past midnight."""
    _begin_late(world)
    server = reverie.ReverieServer(storage.fork(BASE, "town"), Client(), forked=True)
    server.start_server(STEPS)
    server.close()
    return server.simulation


def as_of(found: Simulation, step: int) -> Persona:
    return persona_as_of(found, ADA.name, step, Model(Client()))


def days(found: Simulation) -> list[str]:
    return sorted(file.name for file in (found.path / "reverie" / "days").iterdir())


def test_aims_and_plan_are_those_of_the_day_of_the_step(simulated: Simulation):
    before, after = as_of(simulated, MIDNIGHT - 1).scratch, as_of(simulated, MIDNIGHT + 1).scratch
    assert (before.currently, after.currently) == (ADA.currently, NEWS)
    assert (before.daily_plan_req, after.daily_plan_req) == (ADA.daily_plan_req, "Ada Finch cooks.")
    activities = [[activity for activity, _ in scratch.f_daily_schedule] for scratch in (before, after)]
    assert ["cooking" in " ".join(day) for day in activities] == [False, True]


def test_the_last_state_of_a_day_is_recorded_at_any_checkpoint_interval(simulated: Simulation):
    assert days(simulated) == ["2024-05-06.json", "2024-05-07.json"]


def test_later_memories_are_left_out(simulated: Simulation):
    then = as_of(simulated, 0)
    assert then.scratch.curr_time == datetime(2024, 5, 6, 23, 50)
    assert 0 < len(then.a_mem.nodes) < len(as_of(simulated, STEPS).a_mem.nodes)
    assert {node.created for node in then.a_mem.nodes} == {then.scratch.now}
    assert all(node.last_accessed <= then.scratch.now for node in then.a_mem.nodes)


def test_the_action_is_that_of_the_step(simulated: Simulation):
    for step in (0, 30):
        row = json.loads((simulated.path / "movement" / f"{step}.json").read_text(encoding="utf-8"))["persona"][
            ADA.name
        ]
        scratch = as_of(simulated, step).scratch
        assert f"{scratch.act_description} @ {scratch.act_address}" == row["description"]
        assert list(scratch.tile) == row["movement"]


def test_before_arriving_the_action_is_about_to_start(simulated: Simulation):
    file = simulated.path / "movement" / "3.json"
    walking = json.loads(file.read_text(encoding="utf-8"))
    walking["persona"][ADA.name]["movement"] = [6, 5]
    file.write_text(json.dumps(walking), encoding="utf-8")
    assert [as_of(simulated, step).scratch.doing.startswith("about to") for step in (3, 30)] == [True, False]


def test_from_the_saved_step_on_the_persona_is_as_saved(simulated: Simulation):
    saved = simulated.read_persona(ADA.name)
    for step in (STEPS, STEPS + 10):
        persona = as_of(simulated, step)
        assert persona.scratch.now == datetime(2024, 5, 7, 0, 2, 30)
        assert {**persona.scratch.to_json(), "curr_time": None} == {**saved.scratch, "curr_time": None}
        assert len(persona.a_mem.nodes) == len(saved.nodes)


def test_a_missing_step_is_named(simulated: Simulation):
    (simulated.path / "movement" / "3.json").unlink()
    with pytest.raises(DamagedSimulation, match=r"3\.json"):
        as_of(simulated, 3)


def test_days_without_a_record_have_no_plan_and_the_aims_of_the_last_recorded_day(simulated: Simulation):
    (simulated.path / "reverie" / "days" / "2024-05-06.json").unlink()
    then = as_of(simulated, 3).scratch
    assert (then.currently, then.f_daily_schedule) == (NEWS, ())


def test_a_fork_keeps_the_days(simulated: Simulation, storage: Storage):
    fork = storage.fork("town", "fork")
    assert days(fork) == days(simulated)
    assert as_of(fork, 3).scratch.currently == ADA.currently


def test_an_undone_day_is_not_recorded(world: SmallWorld, model: ScriptedModel, storage: Storage):
    _begin_late(world)
    storage.fork(BASE, "town").close()
    for steps in (MIDNIGHT - 10, STEPS):
        server = reverie.ReverieServer(storage.open("town"), Client(), forked=False)
        server.start_server(steps)
        if steps < STEPS:
            server.close()
    assert days(server.simulation) == ["2024-05-06.json", "2024-05-07.json"]
    server.discard()
    assert days(server.simulation) == ["2024-05-06.json"]


def test_asking_changes_nothing_on_disk(simulated: Simulation):
    before = {file: file.read_bytes() for file in simulated.path.rglob("*.json")}
    as_of(simulated, 3)
    assert {file: file.read_bytes() for file in simulated.path.rglob("*.json")} == before

"""A step happens wholly or not at all, and its phases see the right state."""

import json
from typing import Any

import pytest

import reverie
import small_world
from persona.cognitive_modules import retrieve
from persona.prompt_template import llm_config, trace
from persona.prompt_template.gpt_structure import Client
from saves.storage import Storage
from scripted import DAY, quiet_model
from town.workers import Workers


@pytest.fixture
def model(monkeypatch):
    return quiet_model().install(monkeypatch)


@pytest.fixture
def server(world, model):
    simulation = Storage.of_checkout().fork(small_world.BASE, "trial")
    return reverie.ReverieServer(simulation, Client(), forked=True)


def state(server):
    """Everything a step can change: in memory and on disk."""
    folder = server.simulation.path
    files = {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
    for kept in ("reverie/llm_usage.json", "reverie/journal.jsonl"):
        files.pop(kept, None)
    personas = {
        name: (p.scratch.to_json(), p.s_mem.to_json(), dict(p.a_mem.contents().nodes), p.a_mem.contents().last_accessed)
        for name, p in server.personas.items()
    }
    return server.step, server.curr_time, server.positions, json.dumps(personas), files


def read(server, kind, step):
    return json.loads((server.simulation.path / kind / f"{step}.json").read_text(encoding="utf-8"))


def test_a_step_writes_movements_and_next_positions_and_advances_the_clock(server):
    server.run_step()
    assert (server.step, f"{server.curr_time:%H:%M:%S}") == (1, "07:00:10")
    movement, environment = read(server, "movement", 0), read(server, "environment", 1)
    assert movement["meta"] == {"curr_time": "May 06, 2024, 07:00:00"}
    for name, moved in movement["persona"].items():
        assert moved["movement"] == [environment[name]["x"], environment[name]["y"]]
        assert moved["description"] == "having breakfast (second half) @ Small World:Corner Cafe:cafe:cafe seating"
        assert (moved["pronunciatio"], moved["chat"]) == ("📖", None)
        assert environment[name]["maze"] == small_world.MAZE


def test_an_object_is_in_use_once_its_user_has_arrived(server):
    seat = "Small World:Corner Cafe:cafe:cafe seating"
    for _ in range(40):
        server.run_step()
    arrived = [p for p in server.personas.values() if p.scratch.arrived]
    assert arrived
    events = [event[:4] for event in server.events_at(arrived[0].scratch.curr_tile)]
    assert (seat, "is", "taken", "taken") in events
    assert (arrived[0].name, "read", "book", "having breakfast (second half)") in events


@pytest.mark.parametrize("purpose", ["decide to talk", "day plan", "task decomposition", "action"])
def test_a_fatal_failure_undoes_the_whole_step(server, model, purpose):
    if purpose == "decide to talk":
        server.run_step()
        for name in server.positions:
            server.positions[name] = (5, 9)
    before = state(server)
    model.answers[purpose] = llm_config.FatalError("out of credits")
    with pytest.raises(llm_config.FatalError):
        server.run_step()
    assert state(server) == before


def test_a_run_continues_from_a_failed_step_to_the_same_state_as_an_undisturbed_one(
    server, model, tmp_path, monkeypatch
):
    answer = model.answers["action"]
    model.answers["action"] = llm_config.FatalError("out of credits")
    with pytest.raises(llm_config.FatalError):
        server.run_step()
    model.answers["action"] = answer
    for _ in range(5):
        server.run_step()

    undisturbed = reverie.ReverieServer(
        Storage.of_checkout().fork(small_world.BASE, "undisturbed"), Client(), forked=True
    )
    for _ in range(5):
        undisturbed.run_step()
    assert state(server) == state(undisturbed)


def test_answers_paid_for_in_a_failed_step_are_not_requested_again(server, model):
    answer = model.answers["action"]
    model.answers["action"] = llm_config.FatalError("out of credits")
    with pytest.raises(llm_config.FatalError):
        server.run_step()
    server.save()
    paid = model.prompts("day plan")
    model.answers["action"] = answer
    model.asked.clear()
    server.run_step()
    plans = [*paid, *model.prompts("day plan")]
    assert paid
    assert len(plans) == len(set(plans)) == len(server.personas)
    assert len(model.prompts("action")) == len(server.personas)


def test_the_usage_is_written_during_a_long_step(server, model, monkeypatch):
    monkeypatch.setattr("town.usage.USAGE_SECONDS", -1.0)
    written: list[Any] = []
    monkeypatch.setattr(server.simulation, "write_usage", written.append)

    def used(prompt):
        llm_config.track_usage({"model": "offline", "usage": {"prompt_tokens": 7}}, ledgers=server.client.ledgers)

    def fail(prompt):
        used(prompt)
        raise llm_config.FatalError("out of credits")

    model.answers.update({"day plan": lambda prompt: used(prompt) or DAY, "action": fail})
    with pytest.raises(llm_config.FatalError):
        server.run_step()
    assert [usage["total"]["input_tokens"] for usage in written] == [7, 14]


def test_a_question_repeated_after_an_error_counts_once(server, model):
    answer = model.answers["action"]
    model.answers["action"] = llm_config.FatalError("out of credits")
    with pytest.raises(llm_config.FatalError):
        server.run_step()
    assert server.usage.ledger.counts["questions"] == {}
    model.answers["action"] = answer
    server.run_step()
    assert server.usage.ledger.counts["questions"]["day plan"] == len(server.personas)


def test_after_an_interrupted_save_requests_can_be_made_again(server, model, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(retrieve, "embed_memories", interrupted)
    monkeypatch.setattr(server, "_workers", Workers(4, server.client.break_off))
    with pytest.raises(KeyboardInterrupt):
        server.save()
    server.client.pause(0)  # raises while things are broken off


def test_requests_outside_of_a_step_are_traced_without_one(server, model, tmp_path):
    server.run_step()
    kept = trace.Trace(tmp_path / "trace.jsonl")
    with kept.attempt({"model": "offline"}, {}):
        assert trace.CHAIN.get() == 0
    assert json.loads(kept.path.read_text(encoding="utf-8"))["step"] is None


@pytest.mark.parametrize("way", [[[5, 9], [5, 8]], [[2, 2], [2, 9]]], ids=["begins elsewhere", "jumps"])
def test_nobody_jumps_along_a_path_that_begins_elsewhere(world, model, way):
    file = world.storage / small_world.BASE / "personas" / "Ada Finch" / "bootstrap_memory" / "scratch.json"
    scratch = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**scratch, "planned_path": way, "act_path_set": True}), encoding="utf-8")
    server = reverie.ReverieServer(Storage.of_checkout().fork(small_world.BASE, "stale"), Client(), forked=True)
    assert server.personas["Ada Finch"].scratch.planned_path == ()


def test_with_one_worker_nobody_asks_anything_after_a_failure(server, model):
    model.answers["day plan"] = llm_config.FatalError("out of credits")
    with pytest.raises(llm_config.FatalError):
        server.run_step()
    assert len(model.asked) == 1


def test_a_run_that_cannot_be_saved_is_not_reported_as_resumable(server, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(server.simulation, "checkpoint", full)
    with pytest.raises(OSError, match="No space"):
        server.start_server(2)
    assert json.loads(server.simulation.front_end.status_file.read_text(encoding="utf-8"))["state"] == "stopped"


def test_a_disk_error_in_a_step_leaves_memory_unchanged(server, monkeypatch):
    server.run_step()
    before = state(server)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(server.simulation, "write_step", full)
    with pytest.raises(OSError, match="No space"):
        server.run_step()
    assert state(server) == before


def test_a_fatal_failure_in_a_run_saves_the_last_whole_step(server, model):
    server.start_server(3)
    asked = len(model.asked)
    server.positions = dict.fromkeys(server.positions, (5, 9))
    model.answers["decide to talk"] = llm_config.FatalError("out of credits")
    with pytest.raises(llm_config.FatalError):
        server.start_server(3)
    assert len(model.asked) > asked
    again = Storage.of_checkout().open("trial")
    assert again.meta["step"] == 3
    assert again.read_persona("Ada Finch").scratch["curr_time"] == "May 06, 2024, 07:00:20"


def test_generators_differ_by_purpose_and_step_and_agree_otherwise(server):
    ada = server.personas["Ada Finch"]
    first = ada.generator("one").random()
    assert ada.generator("one").random() == first
    assert ada.generator("two").random() != first
    ada.step += 1
    assert ada.generator("one").random() != first


# What was learned of the model


def learned(simulation):
    file = simulation.path / "reverie/models.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def test_learned_model_traits_are_saved_at_once_and_used_by_forks_and_later_starts(server):
    assert learned(server.simulation) is None
    server.client.models.of("acme/any").thinking = 900
    server.run_step()
    assert [traits["thinking"] for traits in learned(server.simulation).values()] == [900]
    server.save()
    fork = Storage.of_checkout().fork("trial", "fork")
    assert learned(fork) == learned(server.simulation)
    again = reverie.ReverieServer(fork, Client(), forked=True)
    assert again.client.models.of("acme/any").thinking == 900


def test_a_damaged_record_of_model_traits_is_ignored(server):
    for content in ("[]", "{", ""):
        (server.simulation.path / "reverie/models.json").write_text(content, encoding="utf-8")
        assert server.simulation.read_models() == {}

"""Ablations: the kinds of memories, that withheld ones are never retrieved, and that forks inherit this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

import offline_llm
from persona.as_of import persona_as_of
from persona.cognitive_modules import converse, plan, reflect, retrieve
from persona.memory_structures.associative_memory import Concept, ConceptNode
from persona.memory_structures.kinds import KINDS, OBSERVATION, PLANNING, REFLECTION, kind_of
from persona.persona import Persona
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from saves.json_files import DamagedSimulation
from saves.storage import Simulation, Storage
from scripted import START, ScriptedModel, persona
from small_world import ADA, BASE, BEN, SmallWorld, scratch, write_json
from town.town import Town


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    return ScriptedModel().install(monkeypatch)


def concept(predicate: str, text: str) -> Concept:
    return Concept(ADA.name, predicate, "plums", text, text, 3, {"plums"})


def remembering(someone: Persona) -> dict[str, ConceptNode]:
    """Gives a persona a memory of each origin; returns the memories by their text."""
    memory = someone.a_mem
    seen = memory.add_event(concept("eats", "plums are eaten"), START)
    chat = memory.add_chat(concept("chat with", "conversing about plums"), START, [(BEN.name, "Plums!")])
    memory.add_thought(concept("has in mind", "plums were whispered of"), START)
    memory.add_thought(concept("talk with", "plums were talked of"), START, [chat.node_id])
    memory.add_thought(concept("plan with", "plums will be picked"), START, [chat.node_id])
    memory.add_thought(concept("plan", "plums are planned"), START)
    memory.add_thought(concept("likes", "plums are liked"), START, [seen.node_id])
    return {node.description: node for node in memory.nodes}


OBSERVED = {"plums are eaten", "conversing about plums", "plums were whispered of", "plums were talked of"}
PLANNED = {"plums will be picked", "plums are planned"}
CONCLUDED = {"plums are liked"}


def test_every_memory_is_of_one_kind():
    ada = persona(ADA)
    kinds = {text: kind_of(node, ada.a_mem.id_to_node) for text, node in remembering(ada).items()}
    assert {text for text, kind in kinds.items() if kind == OBSERVATION} == OBSERVED
    assert {text for text, kind in kinds.items() if kind == PLANNING} == PLANNED
    assert {text for text, kind in kinds.items() if kind == REFLECTION} == CONCLUDED


def test_the_plan_of_a_day_is_a_plan(model: ScriptedModel):
    ada = persona(ADA)
    plan._remember_plan(ada)
    assert kind_of(ada.a_mem.nodes[0], {}) == PLANNING


def by_score(someone: Persona) -> list[ConceptNode]:
    return retrieve.by_focus(someone, ["plums"])[0]


def by_words(someone: Persona) -> list[ConceptNode]:
    return retrieve.by_words(someone, "plums", 30)


def by_keyword(someone: Persona) -> list[ConceptNode]:
    found = retrieve.related(someone, ["plums"])
    return [*found.events, *found.thoughts]


@pytest.mark.parametrize("recall", [by_score, by_words, by_keyword])
@pytest.mark.parametrize(
    ("without", "left"),
    [
        ([], OBSERVED | PLANNED | CONCLUDED),
        ([REFLECTION], OBSERVED | PLANNED),
        ([REFLECTION, PLANNING], OBSERVED),
        ([OBSERVATION], PLANNED | CONCLUDED),
        (KINDS, set()),
    ],
)
def test_withheld_memories_are_never_retrieved(
    model: ScriptedModel, recall: Callable[[Persona], list[ConceptNode]], without: Sequence[str], left: set[str]
):
    ada = persona(ADA, without=without)
    remembering(ada)
    assert {node.description for node in recall(ada)} == left - {"conversing about plums"}  # which is told by its lines


def test_withheld_memories_are_kept_and_restored(model: ScriptedModel):
    ada = persona(ADA, without=[REFLECTION])
    snapshot = ada.snapshot()
    remembering(ada)
    assert len(ada.a_mem.nodes) == 7
    ada.restore(snapshot)
    assert by_score(ada) == by_words(ada) == ada.a_mem.nodes == []


def test_without_observations_conversations_are_not_remembered():
    ada = persona(ADA, without=[OBSERVATION])
    talk = Concept(ADA.name, "chat with", BEN.name, "conversing about fish", "fish", 4, {BEN.name})
    ada.a_mem.add_chat(talk, START, [])
    assert converse.last_chat_text(ada, BEN.name) == "Ada Finch and Ben Moss have not talked before."
    assert converse.talks_today_text(ada) == "Ada Finch has not talked to anybody today."


def test_without_reflection_there_are_no_insights(model: ScriptedModel):
    ada = persona(ADA, without=[REFLECTION])
    remembering(ada)
    ada.scratch.importance_trigger_curr, ada.scratch.importance_ele_n = -5, 7
    assert not reflect.is_due(ada, 10)
    reflect.reflect(ada, 10)
    assert model.asked == []


def test_without_reflection_the_thoughts_after_a_conversation_are_kept(model: ScriptedModel):
    ada = persona(ADA, without=[REFLECTION])
    ada.scratch.act_address, ada.scratch.act_start_time, ada.scratch.act_duration = "<persona> Ben Moss", START, 0
    ada.scratch.start_chat(
        BEN.name, ((BEN.name, "Plums!"),), 800, [("Ben has plums.", ADA.name, "talk with", "Ben", 3)]
    )
    ada.a_mem.add_chat(concept("chat with", "plums")._replace(keywords={BEN.name}), START, [])
    ada.scratch.curr_time = START + timedelta(minutes=1)
    reflect.reflect(ada, 10)
    assert [thought.description for thought in ada.a_mem.thoughts()] == ["Ben has plums."]


# Whole runs


@pytest.fixture(scope="module")
def mock_model() -> Iterator[offline_llm.OfflineServer]:
    with offline_llm.start() as server:
        yield server


@pytest.fixture
def pensive(world: SmallWorld, mock_model: offline_llm.OfflineServer) -> Storage:
    """The small world offline, where Ada reflects on everything she sees."""
    llm_config.init_llm_api(offline_base=mock_model.base_url)
    file = world.storage / BASE / "personas" / ADA.name / "bootstrap_memory" / "scratch.json"
    write_json(file, {**scratch(ADA), "importance_trigger_max": 1, "importance_trigger_curr": 1})
    return Storage(world.storage, world.temp)


def run(simulation: Simulation, *, forked: bool = True) -> Town:
    town = Town(simulation, Client(), forked=forked)
    town.start_server(3)
    town.close()
    return town


def questions(town: Town) -> set[str]:
    return set(town.usage.since_start.counts["questions"])


def test_without_reflection_no_such_question_is_asked_even_after_a_resume_or_in_a_fork(pensive: Storage):
    assert {"focal points", "insights"} <= questions(run(pensive.fork(BASE, "thinks")))
    runs = [run(pensive.fork(BASE, "town", without=[REFLECTION]))]
    runs.append(run(pensive.open("town"), forked=False))
    runs.append(run(pensive.fork("town", "heir", without=[PLANNING])))
    assert [questions(town) & {"focal points", "insights"} for town in runs] == [set(), set(), set()]
    assert "day plan" in questions(runs[0])
    assert [town.meta["without"] for town in runs] == [["reflection"], ["reflection"], ["planning", "reflection"]]


def test_a_persona_as_of_a_step_withholds_the_kinds_of_the_simulation_and_its_own(pensive: Storage):
    run(pensive.fork(BASE, "town", without=[PLANNING]))
    ada = persona_as_of(pensive.forkable("town"), ADA.name, 3, Model(Client()), [REFLECTION])
    kinds = {kind_of(node, ada.a_mem.id_to_node) for node in ada.a_mem.nodes}
    assert kinds == set(KINDS)
    assert {kind_of(node, ada.a_mem.id_to_node) for node in ada.a_mem.candidates()} == {OBSERVATION}


def test_a_simulation_that_withholds_nothing_has_no_such_entry(pensive: Storage):
    assert "without" not in pensive.fork(BASE, "town", without=[]).meta


def test_an_unknown_kind_of_memory_is_refused_by_name(pensive: Storage):
    with pytest.raises(DamagedSimulation, match="there is no kind of memory 'dreams', only reflection, planning, obs"):
        Town(pensive.fork(BASE, "town", without=["dreams"]), Client(), forked=True)

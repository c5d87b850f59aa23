"""Explanations: the prompts and memories behind the answers of a step: recorded, saved, undone and read."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

import doubles
import reverie
from persona.cognitive_modules import retrieve
from persona.memory_structures.associative_memory import Concept
from persona.persona import Persona
from persona.prompt_template import trace
from persona.prompt_template.asking import ask
from persona.prompt_template.explain import Explanation, Explanations, Reply
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Poignancy, Revision
from saves.explanations import FOLDER, Explained, content_of, file_of
from saves.journal import Journal
from saves.json_files import DamagedSimulation
from saves.storage import Storage
from scripted import DAY, ScriptedModel, persona, ratings, tasks
from small_world import ADA, BASE, BEN

STEP = 3
RATED = '{"ratings": [4]}'


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Explanations:
    """The explanations of the questions of a test, which are asked in a step."""
    monkeypatch.setattr(trace, "STEP", ContextVar("step", default=STEP))
    monkeypatch.setattr(trace, "ASKED", ContextVar("asked", default=0))
    return Explanations()


@pytest.fixture
def rate(openrouter: None, kept: Explanations) -> Callable[..., None]:
    """Asks Ada, or another persona, for the poignancy of something."""

    def asked(text: str = "a gull cries", name: str = ADA.name, journal: Journal | None = None) -> None:
        ask(Model(Client(), journal, explanations=kept), Poignancy(persona(ADA).scratch, [text]), name)

    return asked


def records(kept: Explanations) -> list[dict[str, Any]]:
    return kept.before(STEP + 1, [ADA.name, BEN.name])


# What is recorded


def test_a_question_is_recorded_with_its_prompt_answer_tokens_and_cost(rate, kept, chat):
    chat(doubles.chat_answer(RATED, usage={"prompt_tokens": 12, "completion_tokens": 3, "cost": 0.00012}))
    rate()
    (record,) = records(kept)
    assert (record["step"], record["persona"], record["purpose"]) == (STEP, ADA.name, "poignancy")
    assert "a gull cries" in record["prompt"]
    assert record["replies"] == [{"again": "", "text": RATED, "tokens_in": 12, "tokens_out": 3, "cost": "0.00012"}]
    assert (record["fallback"], record["memories"]) == (None, [])


def test_a_repeated_request_is_recorded_with_what_was_wrong(rate, kept, chat):
    chat(doubles.chat_answer('{"ratings": [70]}'), doubles.chat_answer(RATED))
    rate()
    (record,) = records(kept)
    assert [reply["text"] for reply in record["replies"]] == ['{"ratings": [70]}', RATED]
    assert [bool(reply["again"]) for reply in record["replies"]] == [False, True]
    assert "An earlier answer could not be used" in record["replies"][1]["again"]


@pytest.mark.parametrize(
    ("answer", "reason", "replies"),
    [
        (doubles.chat_answer("no idea"), "wrong form", 3),
        (doubles.chat_answer(None, finish_reason="content_filter"), "filtered", 0),
    ],
)
def test_a_fallback_is_recorded_with_its_reason(rate, kept, chat, answer, reason, replies):
    chat(answer)
    rate()
    (record,) = records(kept)
    assert (record["fallback"], len(record["replies"])) == (reason, replies)


def test_unknown_figures_are_none(rate, kept, chat):
    chat(doubles.chat_answer(RATED, usage=None))
    rate()
    (record,) = records(kept)
    assert {record["replies"][0][figure] for figure in ("tokens_in", "tokens_out", "cost")} == {None}


def test_keys_are_never_recorded(rate, kept, chat):
    chat(doubles.chat_answer(f'{{"ratings": [4], "key": "{doubles.KEY}"}}'))
    rate(f"a note says {doubles.KEY}")
    assert doubles.KEY not in str(records(kept))


def test_questions_outside_of_steps_are_not_recorded(rate, kept, chat, monkeypatch):
    monkeypatch.setattr(trace, "STEP", ContextVar("step", default=None))
    chat(doubles.chat_answer(RATED))
    rate()
    assert records(kept) == []


@pytest.fixture
def thoughtful(monkeypatch: pytest.MonkeyPatch) -> Persona:
    """Ben, who remembers three things."""
    ScriptedModel(identity={"currently": "Ben Moss counts fish.", "daily_requirement": "He counts."}).install(
        monkeypatch
    )
    ben = persona(BEN)
    for text, poignancy in (("fish", 9), ("boat", 2), ("lamp", 2)):
        ben.a_mem.add_event(Concept(BEN.name, "sees", text, text, text, poignancy, {text}), ben.scratch.now)
    return ben


def test_memories_are_recorded_with_their_retrieval_scores(thoughtful, kept):
    model = Model(Client(), explanations=kept)
    (found,) = retrieve.by_focus(thoughtful, ["fish"], most=2)
    ask(model, Revision(thoughtful.scratch, found), BEN.name)
    (record,) = records(kept)
    best, *_ = record["memories"]
    assert [memory[0] for memory in record["memories"]] == [node.node_id for node in found]
    assert best[:4] == ["node_1", 0.0, 1.0, 1.0]  # the oldest, the weightiest, the very word
    for _, recency, importance, relevance, score in record["memories"]:
        assert score == pytest.approx(0.5 * recency + 2 * importance + 3 * relevance, abs=0.01)


def test_with_several_focal_points_the_best_score_is_recorded(thoughtful, kept):
    model = Model(Client(), explanations=kept)
    found = retrieve.by_focus(thoughtful, ["lamp", "fish"], most=3)
    ask(model, Revision(thoughtful.scratch, retrieve.distinct(found[0])), BEN.name)
    assert {memory[0]: memory[3] for memory in records(kept)[0]["memories"]}["node_1"] == 1.0


def test_scores_are_of_the_next_question_only(thoughtful, kept):
    model = Model(Client(), explanations=kept)
    (found,) = retrieve.by_focus(thoughtful, ["fish"])
    for _ in range(2):
        ask(model, Revision(thoughtful.scratch, found), BEN.name)
    assert [len(record["memories"][0]) for record in records(kept)] == [5, 1]


def test_records_are_ordered_by_step_then_roster_then_question(rate, kept, chat, monkeypatch):
    chat(doubles.chat_answer(RATED))
    for name, text in ((BEN.name, "fourth"), (ADA.name, "second"), (ADA.name, "third")):
        rate(text, name)
    monkeypatch.setattr(trace, "STEP", ContextVar("step", default=STEP - 1))
    rate("first", BEN.name)
    expected = ("first", "second", "third", "fourth")
    assert [text in record["prompt"] for record, text in zip(records(kept), expected, strict=True)] == [True] * 4


def test_records_that_differ_only_in_the_figures_of_a_reply_are_ordered_too(kept):
    replies = [("", Reply(RATED, 9, 3, "0.1"))], [("", Reply(RATED))]
    for each in (*replies, *reversed(replies)):
        trace.ASKED.set(0)
        kept.begin(Explanation(ADA.name, "action", "What?", [], list(each)))
    assert [record["replies"][0]["cost"] for record in records(kept)] == ["0.1", "0.1", None, None]


def test_an_answer_from_the_journal_is_recorded_with_its_original_cost(rate, kept, chat, tmp_path):
    create = chat(doubles.chat_answer(RATED, usage={"prompt_tokens": 12, "completion_tokens": 3, "cost": 0.5}))
    rate(journal=Journal(tmp_path / "journal.jsonl"))
    paid = records(kept)
    kept.rewind(STEP)
    assert records(kept) == []
    rate(journal=Journal(tmp_path / "journal.jsonl"))
    assert (records(kept), len(create.requests)) == (paid, 1)


def test_a_journal_of_an_older_version_is_read_without_figures(rate, kept, chat, tmp_path):
    create = chat(doubles.chat_answer(RATED))
    journal = Journal(tmp_path / "journal.jsonl")
    rate(journal=journal)
    file = tmp_path / "journal.jsonl"
    text = file.read_text(encoding="utf-8").partition('"answer":')[0] + '"answer":"{\\"ratings\\": [4]}"}\n'
    file.write_text(text, encoding="utf-8")
    kept.rewind(STEP)
    rate(journal=Journal(file))
    (record,) = records(kept)
    assert (record["replies"][0]["text"], record["replies"][0]["cost"], len(create.requests)) == (RATED, None, 1)


# Files


def written(folder: Path, *ends: int) -> Explained:
    """A record of every step, in files that end at these steps."""
    (folder / FOLDER).mkdir()
    first = 0
    for end in ends:
        (folder / file_of(end)).write_bytes(content_of([{"step": step} for step in range(first, end)]))
        first = end
    return Explained(folder)


@pytest.mark.parametrize(
    ("step", "first", "found"),
    [(4, 0, [4, 3, 2, 1, 0]), (2, 0, [2, 1, 0]), (3, 2, [3, 2]), (9, 4, [4]), (1, 2, []), (9, 9, [])],
)
def test_records_are_read_latest_first(tmp_path, step, first, found):
    assert [record["step"] for record in written(tmp_path, 2, 5).until(step, first)] == found


def test_without_records_nothing_is_read(tmp_path):
    assert (bool(Explained(tmp_path)), list(Explained(tmp_path).until(9))) == (False, [])


def test_the_same_records_make_the_same_bytes():
    assert content_of([{"step": 1}]) == content_of([{"step": 1}])


@pytest.mark.parametrize("damaged", [b"no gzip", content_of([{"step": 1}] * 99)[:-9], content_of([{"a": 1}])])
def test_a_damaged_file_is_named(tmp_path, damaged):
    explained = written(tmp_path, 2)
    (tmp_path / file_of(2)).write_bytes(damaged)
    with pytest.raises(DamagedSimulation, match=r"2\.jsonl\.gz"):
        list(explained.until(1))


# In a run


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    return ScriptedModel(
        day_plan=DAY,
        task_decomposition=tasks,
        action={"place": "Corner Cafe: cafe: cafe seating", "emoji": "📖", "predicate": "read", "object": "book"},
        poignancy=ratings,
        decide_to_talk=lambda prompt: {**ratings(prompt), "talk": False},
        decide_to_wait={"wait": False},
    ).install(monkeypatch)


@pytest.fixture
def opened(storage: Storage, model: ScriptedModel) -> Callable[..., reverie.ReverieServer]:
    """Opens a simulation, which is created if it does not exist."""

    def start(name: str = "town", **manner: Any) -> reverie.ReverieServer:
        is_new = not (storage.root / name).exists()
        simulation = storage.fork(BASE, name) if is_new else storage.open(name)
        return reverie.ReverieServer(simulation, Client(), forked=is_new, **manner)

    return start


def recorded(server: reverie.ReverieServer) -> list[Any]:
    return list(Explained(server.simulation.path).until(server.step))


def test_a_run_records_every_question_it_asks(opened, model):
    server = opened()
    server.start_server(20)
    assert sorted(record["purpose"] for record in recorded(server)) == sorted(purpose for purpose, _ in model.asked)
    assert {record["step"] for record in recorded(server)} <= set(range(20))


def test_recording_can_be_turned_off(opened):
    server = opened(explain=False)
    server.start_server(20)
    assert not (server.simulation.path / FOLDER).exists()


def test_only_checkpointed_steps_are_recorded(opened):
    server = opened()
    server.start_server(1)
    server.run_step()
    server.simulation.close()  # as if the process had died
    assert {record["step"] for record in recorded(opened())} == {0}


@pytest.mark.parametrize("is_resumed", [True, False])
def test_a_failure_does_not_change_the_records(opened, model, monkeypatch, is_resumed):
    whole = opened("whole")
    whole.start_server(60)
    ratings_left = iter([True] * 4)

    def rate(prompt: str) -> Any:
        return ratings(prompt) if next(ratings_left, False) else FatalError("No more.", "Pay.")

    server = opened()
    with monkeypatch.context() as patched, pytest.raises(FatalError):
        patched.setitem(model.answers, "poignancy", rate)
        server.start_server(60)
    assert 0 < server.step < 60
    if is_resumed:
        server.simulation.close()
        server = opened()
    server.start_server(60 - server.step)
    assert recorded(server) == recorded(whole)


def test_exit_removes_the_records_since_the_simulation_was_opened(opened):
    server = opened()
    server.start_server(1)
    server.close()
    before = recorded(server)
    server = opened(checkpoint_every=5)
    server.start_server(100)
    assert len(recorded(server)) > len(before)
    server.discard()
    assert list(Explained(server.simulation.path).until(100)) == before


def test_a_fork_has_no_explanations_of_its_base(opened, storage):
    server = opened()
    server.start_server(5)
    server.close()
    assert not Explained(storage.fork("town", "fork").path)

"""The benchmark of a real model: its analysis of a trace, and a run that is stopped and continued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import offline_llm
from bench import real_model
from bench.real_model import Outcome, outcomes

AGAIN = "\n\nAn earlier answer could not be used ({}). Answer without that fault, with JSON only."


def asked(persona: str, *faults: str, purpose: str = "day plan") -> list[dict[str, Any]]:
    """The lines of a question: the first request, and one for each answer that was refused for a fault."""
    prompts = ["plan", *(f"plan{AGAIN.format(fault)}" for fault in faults)]
    return [{"persona": persona, "purpose": purpose, "prompt": [{"role": "user", "content": text}]} for text in prompts]


def test_the_outcome_of_each_question_follows_from_the_repeated_requests() -> None:
    trace = [
        *asked("Ada"),
        *asked("Ben", "sleep: it is usually around 22:00, was 09:00"),
        *asked("Cleo", "sleep: was missing", "sleep: was missing (again)"),
        *asked("Ada", purpose="utterance"),
        {"persona": "Ada", "purpose": "embedding", "prompt": ["a text"]},
    ]
    found = outcomes(trace, {"day plan": {"wrong form": 1}, "utterance": {"cut off": 1}})
    assert found == {
        "day plan": Outcome(asked=3, at_once=1, again=1, fell_back={"wrong form": 1}, implausible=1),
        "utterance": Outcome(asked=1, at_once=0, again=0, fell_back={"cut off": 1}, implausible=0),
    }


@pytest.mark.slow
def test_a_stopped_run_continues_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with offline_llm.start() as mock:
        for name, value in {"BASE": mock.base_url, "KEY": "none"}.items():
            monkeypatch.setenv(f"OPENAI_API_{name}", value)
        for name in ("OPENAI_MODEL", "LLM_EMBEDDING_MODEL"):
            monkeypatch.setenv(name, "offline")
        for steps in ("1", "2", "2"):
            assert real_model.main(["--work", str(tmp_path), "--steps", steps]) == 0
    rows = capsys.readouterr().out.split("\n\n")
    plans = [line for table in rows for line in table.split("\n") if line.startswith("| day plan")]
    assert len(plans) == 3
    assert all([cell.strip() for cell in line.split("|")[2:5]] == ["3", "3 (100%)", "0"] for line in plans)

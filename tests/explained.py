"""Explanations for the town of web_town, as a run would have recorded them.

record(town, asked("day plan", PLAN), said(0))
"""

from __future__ import annotations

import json
from typing import Any

from saves.explanations import content_of, file_of
from saves.simulation import Simulation
from small_world import ADA
from web_town import STEPS, TALK, TALKING

WALK = "taking a walk"
PLAN = json.dumps({"schedule": [{"start": "07:00", "activity": WALK}]})


def asked(purpose: str, said: str, step: int = 0, persona: str = ADA.name, **more: Any) -> dict[str, Any]:
    """A record of a question."""
    reply = {"again": "", "text": said, "tokens_in": 700, "tokens_out": 20, "cost": "0.0001"}
    known = {"step": step, "persona": persona, "purpose": purpose, "prompt": "?", "replies": [reply]}
    return {**known, "fallback": None, "memories": [], **more}


def said(line: int, step: int = TALKING[0], **more: Any) -> dict[str, Any]:
    """A record of a line of the conversation."""
    speaker, words = TALK[line]
    answer = json.dumps({"utterance": f"“{words}” ", "end": False})
    return asked("utterance", answer, step, speaker, **{"prompt": f"Let {words!r} be said.", **more})


def record(town: Simulation, *records: dict[str, Any]) -> None:
    """Writes these records, and no others."""
    file = town.path / file_of(STEPS)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content_of(sorted(records, key=lambda row: row["step"])))


def act(town: Simulation, step: int, description: str) -> None:
    """Changes Ada's action in a step."""
    file = town.path / "movement" / f"{step}.json"
    row = json.loads(file.read_text(encoding="utf-8"))
    row["persona"][ADA.name]["description"] = description
    file.write_text(json.dumps(row), encoding="utf-8")

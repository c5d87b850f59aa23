"""A persona as it was at a step, from what is saved, for those who ask it something and keep nothing of it.

Memories and actions are dated; aims and plan are recorded once a day; the places it knows are those it knows now.
Knows the files of a persona and of a step; not what is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from persona.mind import LAST_ACCESSED
from persona.persona import Persona
from persona.prompt_template.model import Model
from saves.game_time import read_node_time, time_at
from saves.json_files import DamagedSimulation
from saves.memory_files import PersonaFiles
from saves.recording import Recording
from saves.simulation import Simulation

_NO_SEED = 0
_OUTSIDE_A_TALK = dict.fromkeys(("chatting_with", "chat", "chatting_end_time"))


def persona_as_of(found: Simulation, name: str, step: int, model: Model, without: Collection[str] = ()) -> Persona:
    """Somebody at the end of a step, who remembers what was remembered until then.

    Args:
        step: 0 or more; from the saved one on it is the persona as it was saved.
        model: what it thinks with.
        without: the kinds of memories that do not come to its mind, beside those that its simulation does without.

    Raises:
        DamagedSimulation: the persona's files or those of the step are missing, or cannot be used.
    """
    now = time_at(found.meta, min(step, found.meta["step"]))
    try:
        files = found.read_persona(name)
        if step < found.meta["step"]:
            files = _until(now, files, _scratch_at(found, name, step, now, files.scratch))
        withheld = {*(found.meta.get("without") or ()), *without}
        persona = Persona(name, files, found.meta.get("seed") or _NO_SEED, model, withheld)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedSimulation(f"The state of {name!r} cannot be used ({type(error).__name__}: {error}).") from error
    persona.scratch.curr_time = now
    return persona


def _until(now: datetime, files: PersonaFiles, scratch: dict[str, Any]) -> PersonaFiles:
    """The same files with what was remembered, and thought of, until a time."""
    nodes = {key: node for key, node in files.nodes.items() if read_node_time(node["created"]) <= now}
    accessed = files.extra.get(LAST_ACCESSED) or {}
    known = {key: time for key, time in accessed.items() if key in nodes and read_node_time(time) <= now}
    return PersonaFiles(
        scratch=scratch,
        spatial=files.spatial,
        nodes=nodes,
        embeddings=files.embeddings,
        kw_strength={},
        extra={LAST_ACCESSED: known},
        embedding_model=files.embedding_model,
    )


def _scratch_at(found: Simulation, name: str, step: int, now: datetime, saved: dict[str, Any]) -> dict[str, Any]:
    """What it aimed at and planned on that day, and did in that step."""
    act, before = Recording(found.path).read(step).people[name], found.positions(step)[name]
    is_walking = (act.x, act.y) != before
    return {
        **found.scratch_on(name, now.date(), saved),
        **_OUTSIDE_A_TALK,
        "curr_tile": [act.x, act.y],
        "act_address": act.address or None,
        "act_description": act.action or None,
        "act_pronunciatio": act.pronunciatio or None,
        "act_path_set": True,
        "planned_path": [[act.x, act.y]] if is_walking else [],
    }

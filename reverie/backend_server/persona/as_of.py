"""A persona as of a step, read from the save, for surveys and interviews that it will not remember.

Memories and actions are dated; aims and plan are recorded once a day; known places are those of the last save.
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
    """A persona as of the end of a step, with its memories up to then.

    Args:
        step: 0 or more; from the saved step on, the persona as saved.
        model: answers its questions.
        without: the kinds of memories to leave out, in addition to those that its simulation leaves out.

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
    """The same files, with only the memories and accesses up to a time."""
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
    """The scratch with the aims and plan of that day, and the action of that step."""
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

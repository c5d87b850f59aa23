"""Explains an action or a line of a step: the questions that decided it, and the memories in their prompts.

Knows which questions decide what, and how to find the answer that contains a text; the records are from the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pages import lookup, minds
from persona.cognitive_modules.execute import PERSONA, WAITING
from persona.prompt_template.parsers.json_text import json_values
from saves.explanations import Explained, Record
from saves.game_time import time_at
from saves.recording import Act, Recording
from saves.simulation import Simulation

_ACTION, _TASKS, _DAY = "action", "task decomposition", "day plan"
_PLANS = (_DAY, "schedule after reaction", "after chat")
_LINES = ("utterance", "first utterance")
_TO_TALK, _TO_WAIT = "decide to talk", "decide to wait"
_DETAIL = re.compile(r"(.+?) \((.+)\)", re.DOTALL)  # as in "working (making tea)"


class Reasons(NamedTuple):
    """The action or line; the records that decided it, the closest first; why there are none, and if that may change.

    A record also has its `time`, and the texts of its `memories` instead of their ids.
    """

    about: str
    records: Sequence[Record]
    missing: str = ""
    pending: bool = False


def of_action(found: Simulation, step: int, name: str) -> Reasons:
    """Explains a persona's action in a step. Raises Unknown, DamagedSimulation."""
    act = _act(found, step, name)
    return _answer(found, step, name, act.action, list(_deciding(act, name, _day(found, step))))


def of_line(found: Simulation, step: int, name: str, number: str) -> Reasons:
    """Explains a line, counted from 0, of the persona's conversation in a step. Raises the same."""
    lines = _act(found, step, name).lines
    speaker, text = lines[lookup.step(number, len(lines) - 1)]
    said = (record for record in _day(found, step) if record["persona"] == speaker and record["purpose"] in _LINES)
    record = next((record for record in said if _words(text) in _said(record)), None)
    return _answer(found, step, name, text, [record] if record else [])


def _act(found: Simulation, step: int, name: str) -> Act:
    recording = Recording(found.path)
    if not recording.file(step).is_file():
        raise lookup.Unknown(f"Step {step} was not recorded.")
    people = recording.read(step).people
    if name not in people:
        raise lookup.Unknown(f"What {name} did in step {step} was not recorded.", people)
    return people[name]


def _day(found: Simulation, step: int) -> list[Record]:
    """The questions of that day up to the step, the latest first."""
    now = time_at(found.meta, step)
    since_midnight = (now - now.replace(hour=0, minute=0, second=0)).seconds // found.meta["sec_per_step"]
    return list(Explained(found.path).until(step, step - since_midnight))


# The questions that decide an action


def _deciding(act: Act, name: str, asked: Sequence[Record]) -> Iterator[Record]:
    own = [record for record in asked if record["persona"] == name]
    if act.address.startswith(PERSONA) and act.lines:
        began = [record for record in asked if record["persona"] == act.lines[0][0]]
        yield from _latest(began, lambda record: record["purpose"] == _TO_TALK)
    elif act.address.startswith(WAITING):
        yield from _latest(own, lambda record: record["purpose"] == _TO_WAIT)
    else:
        detail = _DETAIL.fullmatch(act.action)
        whole, part = detail.groups() if detail else (act.action, act.action)
        yield from _latest(own, lambda record: _is_of_action(record, act.action) or _has_task(record, whole, part))
        plans = [record for record in own if record["purpose"] in _PLANS]
        named = list(_latest(plans, lambda record: _words(whole) in _said(record)))
        yield from named or _latest(plans, lambda record: record["purpose"] == _DAY)


def _latest(records: Sequence[Record], is_it: Callable[[Record], bool]) -> Iterator[Record]:
    yield from [record for record in records if is_it(record)][:1]


def _is_of_action(record: Record, action: str) -> bool:
    return record["purpose"] == _ACTION and _words(action) in _words(record["prompt"])


def _has_task(record: Record, whole: str, part: str) -> bool:
    """Whether this question split the activity into tasks that include the other; a fail-safe does not split it."""
    is_of_it = record["purpose"] == _TASKS and _words(whole) in _words(record["prompt"])
    return is_of_it and (_words(part) in _said(record) or bool(record["fallback"]))


def _said(record: Record) -> str:
    """The letters of all texts in the replies."""
    return " ".join(_words(text) for reply in record["replies"] for text in _texts(list(json_values(reply["text"]))))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def _words(text: str) -> str:
    """Only the letters and digits of a text: the rest may change when an answer is parsed."""
    return "".join(filter(str.isalnum, text.casefold()))


# The response


def _answer(found: Simulation, step: int, name: str, about: str, records: Sequence[Record]) -> Reasons:
    if _is_unsaved(found, step, name):
        return Reasons(about, [], "This is shown once a checkpoint has saved it.", pending=True)
    if not records:
        return Reasons(about, [], _why_not(found, step))
    return Reasons(about, [_with_memories(found, record) for record in records])


def _is_unsaved(found: Simulation, step: int, name: str) -> bool:
    """Whether the action of a step began after the last checkpoint."""
    saved, shown, recording = found.meta["step"], _act(found, step, name), Recording(found.path)
    steps = [number for number in range(max(saved - 1, 0), step) if recording.file(number).is_file()]
    acts = [recording.read(number).people.get(name) for number in steps]
    return any(act is None or (act.description, act.lines) != (shown.description, shown.lines) for act in acts)


def _why_not(found: Simulation, step: int) -> str:
    if step < found.meta.get("fork_step", 0):
        of = found.meta["fork_sim_code"]
        return f"This happened in {of}, before {found.name} was forked from it; the questions are recorded there."
    return "The questions were not recorded: the run used --no-explain, or a version that did not record them."


def _with_memories(found: Simulation, record: Record) -> Record:
    """A record with the texts of its memories, highest score first."""
    now = time_at(found.meta, record["step"])
    known = {memory.node_id: memory for memory in minds.mind(found, record["persona"], now.date()).memories}
    used = sorted(record["memories"], key=lambda row: -row[-1] if len(row) > 1 else 0)
    memories = [
        {"kind": memory.kind, "created": memory.created.isoformat(), "text": memory.text, "scores": scores}
        for node_id, *scores in used
        if (memory := known.get(node_id))
    ]
    return {**record, "time": now.isoformat(), "memories": memories}

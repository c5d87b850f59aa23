"""What the mock model answers: recognises the task of a prompt and answers it, from the prompt alone.

Knows which task line belongs to which answer; each answer is made in a module of its own. No state, no wire.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mock_llm import day, identity, insights, interview, places, spoken, talk, tasks, thoughts
from mock_llm.prompt import Prompt

Message = tuple[str, str]
Answerer = Callable[[Prompt], dict[str, Any]]


class Task(NamedTuple):
    """A template: a pattern for its task line, what answers it, and a line above that names whom that leaves out."""

    line: re.Pattern[str]
    answerer: Answerer
    heading: re.Pattern[str] | None = None


def _task(line: str, answerer: Answerer, heading: str = "") -> Task:
    return Task(re.compile(line), answerer, re.compile(heading, re.MULTILINE) if heading else None)


TASKS: tuple[Task, ...] = (
    _task(r"plan the whole day of (?P<name>.+) for .+\.$", day.day_plan),
    _task(
        r"split \"(?P<activity>.+)\" \((?P<start>\d\d:\d\d) to (?P<end>\d\d:\d\d), (?P<minutes>\d+) minutes\) "
        r"into the tasks (?P<name>.+) does in that time",
        tasks.task_decomposition,
    ),
    _task(r"(?P<name>.+?) is about to do this: (?P<action>.+)$", places.action),
    _task(
        r"rate how much each of these (?P<count>\d+) matters to (?P<name>.+?), as .+, "
        r"and say whether (?P=name) starts a conversation with (?P<other>.+) now\.$",
        talk.decide_to_talk,
    ),
    _task(r"rate how much each of these (?P<count>\d+) matters to (?P<name>.+?), as", thoughts.poignancy),
    _task(
        r"what does (?P<name>.+) do\?$",
        talk.decide_to_wait,
        r"^Either wait until (?P<other>.+?) has finished, or go on",
    ),
    _task(r"what does (?P<name>.+) say first to (?P<other>.+)\?$", spoken.first_utterance),
    _task(r"what does (?P<name>.+) say next to (?P<other>.+)\?$", spoken.utterance),
    _task(r"what did (?P<name>.+) and (?P<other>.+) talk about\?$", talk.conversation_summary),
    _task(
        r"what does (?P<name>.+) take away from this conversation, and how does (?P=name) fill the time "
        r"from (?P<start>\d\d:\d\d) to (?P<end>\d\d:\d\d)\?$",
        day.after_chat,
        r"^A conversation with (?P<other>.+) came between, until \d\d:\d\d:$",
    ),
    _task(r"which (?P<count>\S+) questions about .+ for (?P<name>.+)\?$", thoughts.focal_points),
    _task(
        r"think about each of these questions as (?P<name>.+) and give (?P<count>\S+) insights for each",
        insights.insights,
    ),
    _task(r"turn each of these (?P<count>\d+) into one thought of (?P<name>.+), in the same order", thoughts.whisper),
    _task(r"what does (?P<name>.+) answer the interviewer\?$", interview.interview),
    _task(r"bring (?P<name>.+) up to date for .+\.$", identity.identity),
    _task(
        r"fill the time from (?P<start>\d\d:\d\d) to (?P<end>\d\d:\d\d) anew\.$",
        day.schedule_after_reaction,
        r"^This was the plan of (?P<name>.+):$",
    ),
)

_TASK = "Task: "
_EXAMPLE = re.compile(r"example output json:\s*(\{.*\})", re.IGNORECASE)
_SMALL_ANSWERS = (
    (re.compile(r"\bscale of 1 to 10\b|\bon the scale\b", re.I), "4"),
    (re.compile(r"\byes or no\b|\"yes\" or \"no\"", re.I), "yes"),
)
_ANY_ANSWER = "going about the day"


def answer(messages: Sequence[Message]) -> str:
    """The answer to the first user message: one asked again is the same question.

    Args:
        messages: (role, text) pairs.
    """
    text = next((text for role, text in messages if role == "user"), messages[0][1] if messages else "").strip()
    known = _known(text)
    return json.dumps(known, ensure_ascii=False) if known is not None else _unknown(text)


def _known(text: str) -> dict[str, Any] | None:
    """The answer's fields when the prompt is one of ours."""
    asked = _task_line(text)
    for task in TASKS if asked else ():
        if found := task.line.match(asked):
            above = task.heading.search(text) if task.heading else None
            return task.answerer(Prompt(text, {**(above.groupdict() if above else {}), **found.groupdict()}))
    return None


def _task_line(text: str) -> str:
    """The last line that states a task, without its mark; empty when there is none."""
    start = text.rfind("\n" + _TASK) + 1
    return text[start:].partition("\n")[0].removeprefix(_TASK) if text.startswith(_TASK, start) else ""


def _unknown(text: str) -> str:
    """Something short and plausible for a prompt of somebody else's, in the form it asks for."""
    example = _EXAMPLE.search(text)
    if example and _is_json(example[1]):
        return example[1]
    small = next((said for pattern, said in _SMALL_ANSWERS if pattern.search(text)), _ANY_ANSWER)
    return json.dumps({"output": small}) if example or '"output"' in text else small


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

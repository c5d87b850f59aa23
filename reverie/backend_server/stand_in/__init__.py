"""What the stand-in model answers: recognises the task of a prompt and answers it, from the prompt alone.

Knows which task line belongs to which answer; each answer is made in a module of its own. No state, no wire.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from stand_in import day, identity, insights, interview, places, spoken, talk, tasks, thoughts
from stand_in.prompt import Prompt

Message = tuple[str, str]

# A pattern for the task line of each template, and what answers it with the fields that the template asks for.
TASKS: tuple[tuple[re.Pattern[str], Callable[[Prompt], dict[str, Any]]], ...] = tuple(
    (re.compile(pattern), answerer)
    for pattern, answerer in (
        (r"plan the whole day of (?P<name>.+) for .+\.$", day.day_plan),
        (
            r"split \"(?P<activity>.+)\" \((?P<start>\d\d:\d\d) to (?P<end>\d\d:\d\d), (?P<minutes>\d+) minutes\) "
            r"into the tasks (?P<name>.+) does in that time",
            tasks.task_decomposition,
        ),
        (r"(?P<name>.+?) is about to do this: (?P<action>.+)$", places.action),
        (r"rate how much each of these (?P<count>\d+) matters to (?P<name>.+?), as", thoughts.poignancy),
        (r"would (?P<name>.+) start a conversation with (?P<other>.+) now\?$", talk.decide_to_talk),
        (r"what does (?P<name>.+) do\?$", talk.decide_to_wait),
        (r"what does (?P<name>.+) say next to (?P<other>.+)\?$", spoken.utterance),
        (r"what did (?P<name>.+) and (?P<other>.+) talk about\?$", talk.conversation_summary),
        (r"say in one or two sentences what (?P<name>.+) knows and feels about (?P<other>.+)\.$", talk.relationship),
        (r"what does (?P<name>.+) take away from this conversation\?$", talk.after_chat),
        (r"which (?P<count>\S+) questions about .+ for (?P<name>.+)\?$", thoughts.focal_points),
        (r"think about \"(?P<question>.+)\" as (?P<name>.+) and give (?P<count>\S+) insights", insights.insights),
        (r"turn each of these (?P<count>\d+) into one thought of (?P<name>.+), in the same order", thoughts.whisper),
        (r"what does (?P<name>.+) answer the interviewer\?$", interview.interview),
        (r"bring (?P<name>.+) up to date for .+\.$", identity.identity),
        (r"fill the time from (?P<start>\d\d:\d\d) to (?P<end>\d\d:\d\d) anew\.$", day.schedule_after_reaction),
    )
)

_TASK = "Task: "
_EXAMPLE = re.compile(r"example output json:\s*(\{.*\})", re.IGNORECASE)
# Lines above the task that name somebody whom the task line leaves out.
_HEADINGS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^This was the plan of (?P<name>.+):$",
        r"^(?P<name>.+) has just talked with (?P<other>.+):$",
        r"^Option 1: wait until (?P<other>.+) has finished\.$",
    )
)
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
    task = next((line for line in reversed(text.splitlines()) if line.startswith(_TASK)), "").removeprefix(_TASK)
    for pattern, answerer in TASKS:
        if found := pattern.match(task):
            return answerer(Prompt(text, {**_headed(text), **found.groupdict()}))
    return None


def _headed(text: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for heading in _HEADINGS:
        if found := heading.search(text):
            named.update(found.groupdict())
    return named


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

"""The stand-in's conversations: whether people talk, what each says next, and what they keep of it.

Knows only what stands in a speaker's own prompt. A talk has four to eight lines; how many is fixed by its first line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from stand_in import appointments
from stand_in.english import bare, core, first_name, first_person, listed, sentence, sentences, third_person
from stand_in.prompt import Prompt, choose, clocks, number, read_date

HOURS_BETWEEN_TALKS = 3

_BUSY = re.compile(r"ready for|shower|brushing|dressed|toilet|in bed|sleep|bathroom|waiting to", re.I)
_LAST_TALKED = re.compile(r"last talked at (?P<clock>\d\d:\d\d) on (?P<month>[A-Z][a-z]+) (?P<day>\d{1,2})")
_HEARD = re.compile(r"^(?P<who>.+?) heard from (?P<source>.+?) that (?P<news>.+)$")
_TOLD = re.compile(r"(?P<source>[A-Z][\w'’. -]+?) told me that (?P<news>.+)$")
_PLACE = re.compile(r"\b(?:at|in) (?:the )?((?:[A-Z][\w'’]+)(?: (?:[A-Z][\w'’]+|&))*)")
_NAME = re.compile(r"(?<=[a-z,] )([A-Z]\w{2,})")
_TITLED = re.compile(r"\b(?:the|at|in|on) [A-Z]\w*(?: (?:[A-Z]\w*|&))*")
_MEETING_HOURS = (("pub", 20), ("cafe", 15), ("library", 15), ("park", 17))


def decide_to_talk(prompt: Prompt) -> dict[str, Any]:
    """Yes, unless they have talked within the last hours or one of them wants to be left alone."""
    lines = prompt.text.splitlines()
    at = next((k for k, line in enumerate(lines) if line.startswith("It is ")), None)
    if at is None:
        return {"answer": "no"}
    busy = bool(_BUSY.search(" ".join(lines[at + 1 : at + 2])))
    return {"answer": "no" if busy or _talked_lately(lines[at]) else "yes"}


def decide_to_wait(prompt: Prompt) -> dict[str, Any]:
    """Mostly on at once; what only one can use is waited for."""
    alone = re.search(r"shower|toilet|\bbed\b", prompt.text.partition("is on the way to ")[2])
    waits = alone or not number(5, prompt.name, prompt.other, prompt.text)
    return {"option": 1 if waits else 2}


def conversation_summary(prompt: Prompt) -> dict[str, Any]:
    """The news of the talk, each as a short phrase."""
    lines = _spoken_before_task(prompt)
    told = [_subject(text) for _, words in lines for text in sentences(words)]
    about = list(dict.fromkeys(filter(None, told)))[:2]
    return {"about": listed(about) or "how the day is going"}


def after_chat(prompt: Prompt) -> dict[str, Any]:
    """What was agreed, and the other's news."""
    lines = prompt.talk(f"{prompt.name} has just talked with {prompt.other}:")
    planning = appointments.promises(prompt.name, prompt.other, lines, prompt.today())
    memo = _memo(prompt.name, prompt.other, lines)
    return {"planning": planning, "planning_poignancy": 5 if planning else 1, "memo": memo, "memo_poignancy": 4}


def relationship(prompt: Prompt) -> dict[str, Any]:
    """How well the two know each other, by what is remembered."""
    name, other = prompt.name, prompt.other
    memories = prompt.statements(f"What {name} remembers of {other}:")
    about_other = [text for text in memories if other in text]
    heard = next(
        (found for text in about_other if (found := _HEARD.match(bare(text))) and found["source"] == other), None
    )
    known = f"{name} knows {other} {'well' if len(about_other) > 5 else 'from around town'}"
    feeling = choose(("likes to hear the news from", "is always glad to meet", "enjoys the company of"), name, other)
    return {
        "relationship": f"{known} and {feeling} {first_name(other)}." + (f" {sentence(heard['news'])}" if heard else "")
    }


def _talked_lately(line: str) -> bool:
    """Whether the last talk was today and less than the usual hours ago; `line` holds the time now and then."""
    now, last, today = clocks(line)[:1], _LAST_TALKED.search(line), read_date(line)
    if not now or not last:
        return False
    same_day = today is None or (f"{today:%B}", today.day) == (last["month"], int(last["day"]))
    return same_day and now[0] - clocks(last["clock"])[0] < HOURS_BETWEEN_TALKS * 60


def _spoken_before_task(prompt: Prompt) -> list[tuple[str, str]]:
    lines = prompt.text.partition("\n\nTask: ")[0].splitlines()
    return [(speaker, words.strip()) for speaker, _, words in (line.partition(":") for line in lines)]


def _memo(name: str, other: str, lines: list[tuple[str, str]]) -> str:
    """What the other told last that is no small talk: first what it passed on, else its own news."""
    told = [text for speaker, words in lines if speaker == other for text in sentences(words)]
    passed_on = [found for text in told if (found := _TOLD.search(bare(text)))]
    own = [text for text in told if not text.endswith("?") and len(text) > 40 and not _TOLD.search(text)]
    if passed_on and number(2, name, other, passed_on[0]["news"]):
        return f"{name} heard from {passed_on[0]['source']} that {passed_on[0]['news']}."
    if own:
        return f"{name} heard from {other} that {_reported(choose(own, name, other, lines[0][1]), other)}."
    return f"{name} had a friendly talk with {other} about {_topic(lines)}."


def _topic(lines: list[tuple[str, str]]) -> str:
    """The first matter of a talk, or the day."""
    told = (_subject(text) for _, words in lines for text in sentences(words))
    return next(filter(None, told), "how the day is going")


def _reported(text: str, speaker: str) -> str:
    reported = third_person(bare(text), speaker)
    return reported[0].lower() + reported[1:] if re.match(r"(?:The|A|An|There|It|They|Their) ", reported) else reported

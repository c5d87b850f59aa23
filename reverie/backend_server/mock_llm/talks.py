"""Talks: whether one begins, what each says line by line, and what is kept of it.

Knows the course of a talk: both tell news that the other has not heard, in the words of the prompt; then they agree to
meet again, and part. How often people talk is the simulation's business.
"""

from __future__ import annotations

import re
from typing import Any

from mock_llm import appointments, days, news
from mock_llm.hashing import choose, number
from mock_llm.news import News
from mock_llm.prompt import Prompt, first_name, quoted, sentences
from mock_llm.ratings import rating

_OWN = (
    "Have you heard? “{}”",
    "This is my news: “{}”",
    "Everyone may know it: “{}”",
    "Please pass it on: “{}”",
)
_HEARD = ("{source} told me: “{}”", "I heard this from {source}: “{}”", "{source} has news as well: “{}”")
_REACTIONS = (
    "I didn't know that.",
    "Thank you for telling me.",
    "That is news to me.",
    "I will remember that.",
    "How interesting!",
    "I'm glad you told me.",
    "I will think about it.",
    "Then you have a lot to do.",
)
_QUESTIONS = ("What is new with you?", "How has your day been?", "What have you been doing?")
_FEELINGS = ("likes to talk with", "is always glad to see", "is curious about")
_BUSY = re.compile(r"\b(?:sleep\w*|shower|toilet|bath\w*|teeth|bed)\b")
_FOR_ONE = re.compile(r"\b(?:shower|toilet|bath\w*|bed)\b")
_GERUND = re.compile(r"[a-z]+ing\b")
_FEWEST, _MOST = 4, 8
_PLANNING_MATTERS, _MEMO_MATTERS = 5, 4


def decide(prompt: Prompt) -> dict[str, Any]:
    """Yes when there is something to tell, or one feels like talking; not to somebody who wants to be left alone."""
    doing = next((line for line in prompt.lines if line.startswith(f"{prompt.name} is ") and prompt.other in line), "")
    untold = news.untold(prompt, [*news.own(prompt), *news.heard(prompt)])
    likes = bool(untold) or not number(3, prompt.name, prompt.other, prompt.today, prompt.minute)
    return {"talk": likes and not _BUSY.search(doing), "ratings": ratings(prompt)}


def ratings(prompt: Prompt) -> list[int]:
    """How much each of the numbered statements matters."""
    return [rating(text, prompt.name) for text in prompt.numbered]


def wait(prompt: Prompt) -> dict[str, Any]:
    """What only one can use is waited for, other things mostly are not."""
    wanted = prompt.text.partition(f"{prompt.name} is on the way to ")[2].partition("\n")[0]
    return {"wait": bool(_FOR_ONE.search(wanted)) or not number(5, prompt.name, prompt.other, wanted)}


def line(prompt: Prompt) -> dict[str, Any]:
    """The next line, whether it is the last one, what the talk was about; and what is felt about the listener."""
    words, ends = _words(prompt)
    said = [*prompt.talk, (prompt.name, words)]
    return {
        "relationship": _relationship(prompt),
        "utterance": words,
        "end": ends,
        "about": news.about(said) if ends else "",
    }


def aftermath(prompt: Prompt) -> dict[str, Any]:
    """What is kept of a talk, and the hours after it."""
    return {
        "planning": appointments.agreed(prompt),
        "planning_poignancy": _PLANNING_MATTERS,
        "memo": news.memo(prompt),
        "memo_poignancy": _MEMO_MATTERS,
        "poignancy": rating("conversing", prompt.name),
        "schedule": days.refilled(prompt),
    }


def hours_after(prompt: Prompt) -> dict[str, Any]:
    """The hours after something that came between."""
    return {
        "schedule": days.refilled(prompt),
        "poignancy": rating(prompt.after("Something came between: "), prompt.name),
    }


def summary(prompt: Prompt) -> dict[str, Any]:
    """What a talk was about that stands at the head of the prompt."""
    rows = (line.partition(": ") for line in prompt.text.partition("\n\n")[0].split("\n"))
    return {"about": news.about([(speaker, words) for speaker, _, words in rows])}


# Lines


def _words(prompt: Prompt) -> tuple[str, bool]:
    """What is said, and whether the talk ends with it."""
    at = len(prompt.talk)
    last = prompt.talk[-1][1] if at else ""
    if acceptance := appointments.acceptance(last, prompt):
        return acceptance, False
    told = _news(prompt)
    length = _FEWEST + number(_MOST - _FEWEST, *sorted((prompt.name, prompt.other)), prompt.today)
    if at < 2:
        question = choose(_QUESTIONS, prompt.name, prompt.today) if at == 0 or not told else ""
        return " ".join(filter(None, (_hello(prompt), told, question))), False
    proposed = any(appointments.is_proposal(words) for _, words in prompt.talk)
    if at >= length - 2 and not proposed and (proposal := appointments.proposal(prompt)):
        return f"{_reaction(prompt)} {proposal}".strip(), False
    if not told or at >= length or proposed:
        return _goodbye(prompt), True
    return f"{_reaction(prompt)} {told}".strip(), False


def _news(prompt: Prompt) -> str:
    """Something that has not been said: one's own news first, then that of others, then what one does and sees."""
    mine, others = news.untold(prompt, news.own(prompt)), news.untold(prompt, news.heard(prompt))
    turn = len(prompt.talk) // 2
    pieces = [*mine[:1], *others, *mine[1:]] if turn % 2 == 0 else [*others, *mine]
    if pieces:
        return _told(prompt, pieces[0])
    said = " ".join(words for _, words in prompt.talk)
    return next((text for text in _small_talk(prompt) if text not in said), "")


def _told(prompt: Prompt, piece: News) -> str:
    frames = _HEARD if piece.source else _OWN
    return choose(_unused(prompt, frames), prompt.name, piece.text).format(piece.text, source=piece.source)


def _small_talk(prompt: Prompt) -> list[str]:
    """What the speaker does, and where it has seen others today."""
    doing = re.search(rf"\. {re.escape(prompt.name)} was (.+?) when {re.escape(prompt.other)}", prompt.text)
    task = doing[1].removesuffix(")").rpartition("(")[2] if doing else ""
    seen = (re.match(r"([^“‘]{1,40}?) is ([a-z]+ing [^(]+)", memory.text) for memory in reversed(prompt.memories))
    people = (prompt.name, prompt.other)
    sights = [
        f"I saw {found[1]} today, {found[2].strip()}."
        for found in seen
        if found and found[1][:1].isupper() and found[1] not in people and "conversing" not in found[2]
    ]
    now = [f"I was just {task}."] if _GERUND.match(task) else []
    return [*now, *list(dict.fromkeys(sights))[:2]]


def _hello(prompt: Prompt) -> str:
    hour = prompt.minute // 60
    greeting = "Good morning" if hour < 11 else "Hello" if hour < 18 else "Good evening"
    return f"{greeting}, {first_name(prompt.other)}!"


def _reaction(prompt: Prompt) -> str:
    """A few words on the other's last line, if that told anything."""
    last = prompt.talk[-1][1]
    if not any(quoted(last)):
        return ""
    return choose(_unused(prompt, _REACTIONS), prompt.name, last)


def _goodbye(prompt: Prompt) -> str:
    wishes = ("Take care", "See you soon", "Have a good day")
    wish = "See you tomorrow" if appointments.agreed(prompt) else choose(wishes, prompt.name, prompt.minute)
    return f"{_reaction(prompt)} {wish}, {first_name(prompt.other)}!".strip()


def _unused(prompt: Prompt, wordings: tuple[str, ...]) -> list[str]:
    """The wordings that no line of this talk begins or goes on with; all of them when they are used up."""
    said = " ".join(words for _, words in prompt.talk)
    return [text for text in wordings if text.split("“")[0].split("{")[-1].split("}")[-1] not in said] or list(wordings)


def _relationship(prompt: Prompt) -> str:
    """What is felt about the listener, what the two have told each other, and what they have agreed on."""
    name, other = prompt.name, prompt.other
    known = [
        text
        for text in news.remembered(prompt)
        if text.startswith((f"{name} told {other}", f"{name} heard from {other}"))
    ]
    met = [text for text in news.remembered(prompt) if f"{name} will meet {other}" in text]
    told = [part for text in known[-3:] for part in sentences(text.partition(" and heard from ")[0] + ".")]
    return " ".join([f"{name} {choose(_FEELINGS, name, other)} {other}.", *told, *met[-1:]])

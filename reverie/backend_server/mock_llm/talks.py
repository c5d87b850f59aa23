"""Conversations: whether one begins, its lines, and the memos of it.

Knows the course of a conversation: both tell news that the other has not heard, in the words of the prompt; then they
agree to meet again, and say goodbye. The simulation decides how often people talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mock_llm import appointments, days, news
from mock_llm.choices import choose, number, rating
from mock_llm.prompt import Prompt, quoted

_OWN = ("You may tell people: “{}”", "If anybody asks: “{}”", "Everyone may know it: “{}”", "Please pass it on: “{}”")
_HEARD = ("{source} told me: “{}”", "I heard this from {source}: “{}”", "{source} has news as well: “{}”")
_REACTIONS = (
    *("I didn't know that.", "Thank you for telling me.", "That is news to me.", "I will remember that."),
    *("That is interesting.", "I'm glad you told me.", "I will think about it."),
)
_QUESTIONS = ("What is new with you?", "How has your day been?", "What have you been doing?")
_WISHES = ("Take care", "See you soon", "Have a good day")
_FEELINGS = ("likes to talk with", "is always glad to see", "is curious about")
_FOR_ONE = re.compile(r"\b(?:shower|toilet|bath\w*|teeth|bed|sleep\w*)\b")
_SEEN = re.compile(r"([^“‘]{1,40}?) is ((?!conversing|waiting)[a-z]+ing [^(]+)")
_FEWEST, _MOST = 4, 8


def decide(prompt: Prompt) -> dict[str, Any]:
    """Yes if there is news, or by chance; no if the other wants to be left alone."""
    doing = next((line for line in prompt.lines if line.startswith(f"{prompt.name} is ") and prompt.other in line), "")
    likes = bool(_pieces(prompt)) or not number(3, prompt.name, prompt.other, prompt.today, prompt.minute)
    return {**ratings(prompt), "talk": likes and not _FOR_ONE.search(doing)}


def ratings(prompt: Prompt) -> dict[str, Any]:
    """The poignancy of each of the numbered statements."""
    return {"ratings": [rating(text, prompt.name) for text in prompt.numbered]}


def wait(prompt: Prompt) -> dict[str, Any]:
    """Yes for objects that only one can use; for others, mostly no."""
    wanted = prompt.text.partition(f"{prompt.name} is on the way to ")[2].partition("\n")[0]
    return {"wait": bool(_FOR_ONE.search(wanted)) or not number(5, prompt.name, prompt.other, wanted)}


def line(prompt: Prompt) -> dict[str, Any]:
    """The next line, whether it is the last one, the topic of the conversation; and the feelings about the listener."""
    words, ends = _words(prompt)
    about = news.about([*prompt.talk, (prompt.name, words)]) if ends else ""
    return {"relationship": _relationship(prompt), "utterance": words, "end": ends, "about": about}


def aftermath(prompt: Prompt) -> dict[str, Any]:
    """The thoughts after a conversation, and the hours after it."""
    return {
        "planning": appointments.agreed(prompt),
        "planning_poignancy": 5,
        "memo": news.memo(prompt),
        "memo_poignancy": 4,
        "poignancy": rating("conversing", prompt.name),
        "schedule": days.refilled(prompt),
    }


def hours_after(prompt: Prompt) -> dict[str, Any]:
    """The hours after an interruption."""
    between = prompt.sheet("Something came between")
    return {"schedule": days.refilled(prompt), "poignancy": rating(between, prompt.name)}


def summary(prompt: Prompt) -> dict[str, Any]:
    """The topic of a conversation."""
    return {"about": news.about(prompt.talk)}


def _words(prompt: Prompt) -> tuple[str, bool]:
    """The line, and whether the conversation ends with it."""
    at = len(prompt.talk)
    if at and (acceptance := appointments.acceptance(prompt.talk[-1][1], prompt)):
        return acceptance, False
    told = _told(prompt)
    if at < 2:
        question = choose(_QUESTIONS, prompt.name, prompt.today) if at == 0 or not told else ""
        return " ".join(filter(None, (_hello(prompt), told, question))), False
    length = _FEWEST + number(_MOST - _FEWEST, *sorted((prompt.name, prompt.other)), prompt.today)
    proposed = any(appointments.PROPOSAL in words for _, words in prompt.talk)
    proposal = appointments.proposal(prompt) if not proposed and (at >= length - 2 or not told) else ""
    if proposal or (told and at < length and not proposed):
        return f"{_reaction(prompt)} {proposal or told}".strip(), False
    wish = "See you tomorrow" if appointments.agreed(prompt) else choose(_WISHES, prompt.name, prompt.minute)
    return f"{_reaction(prompt)} {wish}, {prompt.listener}!".strip(), True


def _told(prompt: Prompt) -> str:
    """A line that has not been said: news, else the speaker's activity and observations."""
    said = " ".join(words for _, words in prompt.talk)
    if pieces := _pieces(prompt):
        piece = pieces[0]
        frame = choose(_unused(said, _HEARD if piece.source else _OWN), prompt.name, piece.text)
        return frame.format(piece.text, source=piece.source)
    return next((text for text in _small_talk(prompt) if text not in said), "")


def _pieces(prompt: Prompt) -> list[news.News]:
    """The news to tell next: the speaker's own first, then that of others, in turns."""
    mine, others = news.untold(prompt, news.own(prompt)), news.untold(prompt, news.heard(prompt))
    return [*others, *mine] if len(prompt.talk) // 2 % 2 else [*mine, *others]


def _small_talk(prompt: Prompt) -> Iterator[str]:
    """The speaker's activity, and where it has seen two others."""
    doing = re.search(rf"\. {re.escape(prompt.name)} was (.+?) when {re.escape(prompt.other)}", prompt.text)
    task = doing[1].removesuffix(")").rpartition("(")[2] if doing else ""
    is_begun = doing and not doing[1].startswith("about to start ")
    if doing and prompt.other in doing[1]:
        yield "It is good to see you, as agreed."
    elif re.match(r"[a-z]+ing\b", task):
        yield f"I was just {task}." if is_begun else f"I was about to start {task}."
    doings = (found for memory in prompt.memories if (found := _SEEN.match(memory)))
    seen = {
        found[1]: found[2].strip()
        for found in doings
        if not any(name in found[2] for name in (prompt.name, prompt.other))
    }
    people = [name for name in seen if name[:1].isupper() and name not in (prompt.name, prompt.other)]
    yield from (f"I saw {name} {seen[name]}." for name in people[-2:])


def _hello(prompt: Prompt) -> str:
    hour = prompt.minute // 60
    greeting = "Good morning" if hour < 11 else "Hello" if hour < 18 else "Good evening"
    return f"{greeting}, {prompt.listener}!"


def _reaction(prompt: Prompt) -> str:
    """A short reply to the other's last line, if it contained news."""
    last = prompt.talk[-1][1]
    said = " ".join(words for _, words in prompt.talk)
    return choose(_unused(said, _REACTIONS), prompt.name, last) if quoted(last) else ""


def _unused(said: str, wordings: tuple[str, ...]) -> list[str]:
    """The phrases that have not been used so far; all of them once they are used up."""
    return [text for text in wordings if text.split("“")[0].removeprefix("{source}") not in said] or list(wordings)


def _relationship(prompt: Prompt) -> str:
    """The feelings about the listener, the news that the two told each other, and their agreement."""
    name, other = prompt.name, prompt.other
    texts = [memory.partition(" and heard from ")[0].rstrip(".") for memory in prompt.memories]
    told = [f"{text}." for text in texts if text.startswith(f"{name} told {other} ")]
    met = [f"{text}." for text in texts if text.startswith(f"{name} will meet {other} ")]
    return " ".join([f"{name} {choose(_FEELINGS, name, other)} {other}.", *told[-3:], *met[-1:]])

"""News: what a persona can tell in the words of the prompt, its own and what it has heard, and what is kept of a talk.

News is quoted in curly quotes (“...”), so that it passes from prompt to prompt unchanged, in whatever language it is.
The memos that carry it are `NAME told OTHER about A and B and heard from OTHER: “C”`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mock_llm.appointments import is_over
from mock_llm.prompt import Prompt, first_name, quoted, sentences

_PRONOUN = re.compile(r"^(?:(?:She|He) |她|他)")
_DOING = re.compile(r"^is ([a-z]+ing\b.*)")
_TOPIC_END = re.compile(r"[,;:.!?，。；！？]|\s(?:at|on|in|for|that|which|who|and|with|because|from|until)\s")
_IN_MIND = " has this in mind: "
_MOST_CHARACTERS, _MOST_MEMO, _MOST_WORDS = 280, 390, 15
_TOPIC_WORDS, _TOPIC_CHARACTERS = 9, 55

Lines = Sequence[tuple[str, str]]


class News(NamedTuple):
    """A piece of news, and who told it; nobody told one's own."""

    text: str
    source: str = ""


def own(prompt: Prompt) -> Iterator[News]:
    """What the persona is about these days, and what an inner voice has told it."""
    for memory in prompt.memories:
        if memory.text.startswith(f"{prompt.name}{_IN_MIND}"):
            yield from map(News, quoted(memory.text))
    told = [text for text in by_name(prompt.sheet("Currently"), prompt.name) if not is_over(text, prompt.today)]
    yield from map(News, told)


def heard(prompt: Prompt) -> Iterator[News]:
    """What others have told the persona, the latest first."""
    memo = re.compile(rf"^{re.escape(prompt.name)} (?:told .* and )?heard from ([^“]+?): “")
    for memory in reversed(prompt.memories):
        if found := memo.match(memory.text):
            yield from (News(text, found[1]) for text in quoted(memory.text) if not is_over(text, prompt.today))


def by_name(text: str, name: str) -> list[str]:
    """The sentences of a text about somebody, each understandable alone: by name, or with the one that has the name."""
    found: list[str] = []
    for sentence in sentences(text):
        named = _PRONOUN.sub(name if not name.isascii() else f"{name} ", sentence)
        if found and name not in named and len(found[-1]) + len(named) < _MOST_CHARACTERS:
            found[-1] += f" {named}" if named.isascii() else named
        else:
            found.append(named)
    return found


def untold(prompt: Prompt, news: Iterable[News]) -> list[News]:
    """The news that the other may not know yet, each once; nothing that is about the other, or came from there."""
    said = [text for _, words in prompt.talk for text in quoted(words)]
    told = _told(prompt)
    found = (
        piece
        for piece in dict.fromkeys(news)
        if piece.text not in said
        and piece.source != prompt.other
        and not piece.text.startswith((prompt.other, first_name(prompt.other)))
        and not any(topic(piece.text) in text for text in told)
    )
    return list({piece.text: piece for piece in found}.values())


def topic(text: str) -> str:
    """What a piece of news is about, in a few words: `preparing a lantern supper`, or else how it begins, quoted."""
    name = re.match(r"^(?:[A-Z][^\W\d_]*\s){1,3}(?=is )", text)
    doing = _DOING.match(text[name.end() :]) if name else None
    if doing:
        verb, _, rest = doing[1].partition(" ")
        return f"{verb} {_head(rest)}".strip()
    head = _head(text)
    return f"‘{head}’" if len(head) == len(text) else f"‘{head} ...’"


def about(lines: Lines) -> str:
    """What a talk was about, in at most fifteen words."""
    topics = list(dict.fromkeys(topic(text) for _, words in lines for text in quoted(words)))
    kept = [topics[: k + 1] for k in range(len(topics)) if len(_listed(topics[: k + 1]).split()) <= _MOST_WORDS]
    said = _listed(kept[-1]) if kept else ""
    return f"the news {said}" if said.startswith("‘") else said or "their day"


def memo(prompt: Prompt) -> str:
    """What the persona has told the other, and what it has heard, as far as there is room; the last news first."""
    name, other = prompt.name, prompt.other
    told = _topics(prompt, name)
    start = f"{name} told {other} about {told}" if told else name
    room = _MOST_MEMO - len(start) - len(other) - len(" and heard from : ")
    kept: list[str] = []
    for text in dict.fromkeys(text for who, words in prompt.talk if who == other for text in quoted(words)):
        if sum(map(len, kept)) + len(text) + 3 * len(kept) + 2 <= room:
            kept.append(text)
    if not kept:
        return f"{start}." if told else ""
    joined = " ".join(f"“{text}”" for text in kept)
    return f"{start}{' and' if told else ''} heard from {other}: {joined}"


def remembered(prompt: Prompt) -> list[str]:
    """The memos of talks with the other."""
    return [
        memory.text for memory in prompt.memories if memory.text.startswith(prompt.name) and prompt.other in memory.text
    ]


def _topics(prompt: Prompt, speaker: str) -> str:
    found = dict.fromkeys(topic(text) for who, words in prompt.talk if who == speaker for text in quoted(words))
    return _listed(list(found))


def _told(prompt: Prompt) -> list[str]:
    """Texts about what the two have talked of before."""
    head = f"{prompt.name} told {prompt.other} about "
    last = [line for line in prompt.lines if f"{prompt.name} and {prompt.other} last talked at" in line]
    felt = [line for line in prompt.lines if head in line]
    others = [
        memory.text for memory in prompt.memories if memory.text.startswith(f"{prompt.other} is conversing about")
    ]
    return [*felt, *last, *others]


def _head(text: str) -> str:
    """The first words of a text, up to where its first part ends."""
    found = _TOPIC_END.search(text, 3)
    return " ".join(text[: found.start() if found else None].split()[:_TOPIC_WORDS])[:_TOPIC_CHARACTERS].strip()


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))

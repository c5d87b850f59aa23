"""News: what a persona can tell, its own and what it has heard, and the memos of a conversation.

News is quoted in curly quotes (“...”), so that it passes from prompt to prompt unchanged, in any language.
The memos that carry it are `NAME told OTHER about A and B and heard from OTHER: “C”`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mock_llm.appointments import is_over
from mock_llm.prompt import Prompt, quoted, sentences

IN_MIND = "has this in mind:"
_PRONOUN = re.compile(r"^(?:(?:She|He) |她|他)")
_DOING = re.compile(r"^(?:[A-Z][^\W\d_]*\s){1,3}is ([a-z]+ing\b) ?(.*)")
_PART_END = re.compile(r"[,;:.!?，。；！？]|\s(?:at|on|in|for|that|which|who|and|with|because|from|until)\s")
_MOST_CHARACTERS, _MOST_MEMO, _MOST_WORDS = 280, 390, 15
_TOPIC_WORDS, _TOPIC_CHARACTERS = 9, 55

Lines = Sequence[tuple[str, str]]


class News(NamedTuple):
    """A piece of news, and the person who told it; "" for the persona's own."""

    text: str
    source: str = ""


def own(prompt: Prompt) -> list[News]:
    """The persona's current aims, and its thoughts from whispers."""
    whispers = [memory for memory in prompt.memories if memory.startswith(f"{prompt.name} {IN_MIND}")]
    told = [text for whisper in whispers for text in quoted(whisper)] + by_name(prompt.sheet("Currently"), prompt.name)
    return [News(text) for text in told if not is_over(text, prompt.today)]


def heard(prompt: Prompt) -> Iterator[News]:
    """News that others have told the persona, the latest first."""
    memo = re.compile(rf"^{re.escape(prompt.name)} (?:told .* and )?heard from ([^“]+?): “")
    for memory in reversed(prompt.memories):
        if found := memo.match(memory):
            yield from (News(text, found[1]) for text in quoted(memory) if not is_over(text, prompt.today))


def untold(prompt: Prompt, news: Iterable[News]) -> list[News]:
    """The news that the other may not know yet, each once; none about the other, or told by them."""
    said = {text for _, words in prompt.talk for text in quoted(words)}
    told = [line for line in prompt.lines if _tells_of_talks(line, prompt)]
    fresh = (
        piece
        for piece in news
        if piece.text not in said
        and prompt.other != piece.source
        and not piece.text.startswith(prompt.other)
        and not any(topic(piece.text) in line for line in told)
    )
    return list({piece.text: piece for piece in fresh}.values())


def by_name(text: str, name: str) -> list[str]:
    """The sentences of a text about a person, each clear by itself: with the name, or joined to one that has it."""
    found: list[str] = []
    for sentence in sentences(text):
        named = _PRONOUN.sub(name if not name.isascii() else f"{name} ", sentence)
        if found and name not in named and len(found[-1]) + len(named) < _MOST_CHARACTERS:
            found[-1] += named if found[-1].endswith("。") else f" {named}"
        else:
            found.append(named)
    return found


def topic(text: str) -> str:
    """The topic of a piece of news, in a few words: `preparing a lantern supper`, or else its quoted beginning."""
    if doing := _DOING.match(text):
        return f"{doing[1]} {_head(doing[2])}".strip()
    head = _head(text)
    return f"‘{head}’" if head == text.rstrip(".。!！?？") else f"‘{head} ...’"


def about(lines: Lines) -> str:
    """The topic of a conversation, in at most fifteen words."""
    topics = _topics(lines)
    kept = [topics[: k + 1] for k in range(len(topics)) if len(_listed(topics[: k + 1]).split()) <= _MOST_WORDS]
    said = _listed(kept[-1]) if kept else ""
    return f"the news {said}" if said.startswith("‘") else said or "their day"


def memo(prompt: Prompt) -> str:
    """A memo of the news that the persona told and heard, up to a limit."""
    name, other = prompt.name, prompt.other
    told = _listed(_topics([line for line in prompt.talk if line[0] == name]))
    text = f"{name} told {other} about {told}" if told else name
    news = dict.fromkeys(piece for who, words in prompt.talk if who == other for piece in quoted(words))
    lead = f"{' and' if told else ''} heard from {other}:"
    for piece in news:
        if len(text) + len(lead) + len(piece) + 3 <= _MOST_MEMO:
            text, lead = f"{text}{lead} “{piece}”", ""
    return f"{text}." if lead and told else "" if lead else text


def _topics(lines: Lines) -> list[str]:
    return list(dict.fromkeys(topic(text) for _, words in lines for text in quoted(words)))


def _tells_of_talks(line: str, prompt: Prompt) -> bool:
    """Whether a line of the prompt says what the two have talked about before, or the other with another person."""
    name, other = prompt.name, prompt.other
    heads = (f"{name} told {other} about ", f"{name} and {other} last talked at ", f"{other} is conversing about ")
    return any(head in line for head in heads)


def _head(text: str) -> str:
    """The first words of a text, up to where its first part ends."""
    found = _PART_END.search(text, 3)
    return " ".join(text[: found.start() if found else None].split()[:_TOPIC_WORDS])[:_TOPIC_CHARACTERS].strip()


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))

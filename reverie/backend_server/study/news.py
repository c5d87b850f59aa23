"""The spread of news in a town: announcements at the start, later whispers, and phrases asked about.

A person knows a piece of news from the first line they hear, or their first memory, with its words; after Park et al.
2023, section 7.1.1, where they must say so in an interview and a memory must support it. Knows memories, conversations
and their words; not how they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from persona.memory_structures.word_index import words
from saves.json_files import StorageError
from saves.table_rows import Memory
from saves.tables import Tables
from study.appointments import Appointment, appointment

GIVEN, TOLD, WHISPERED, NOTICED = "from the start", "told", "whispered", "noticed"
CONCLUDED, UNKNOWN = "concluded", "of unknown origin"
_PLAN = "plan"  # the predicate of a day's plan, which has no evidence
BY_WORDS, BY_EMBEDDING = "words", "embedding"
_NEAR = 4.0
"""Standard deviations above the mean similarity from which a memory counts as about the same by its embedding."""
_MOST_WORDS = 3
_SMALL_WORDS = (
    "a an the and or but in on at by to of for from with about into until is are was were be been being has have had "
    "will would can could should she he it they her his him their them its this that who whom which what when where "
    "there you your not all any also still"
)
_STOP = frozenset(_SMALL_WORDS.split())
_SENTENCE = re.compile(r"(?<=[.!?;。！？；])\s*")


class UnusablePhrase(StorageError):
    """A phrase that cannot be searched for."""


class News(NamedTuple):
    """A piece of news: found by its words, of which `needed` must occur; `takes_place` if it is an appointment."""

    title: str
    words: frozenset[str]
    needed: int
    takes_place: Appointment | None = None

    def is_in(self, sentences: Sequence[frozenset[str]]) -> bool:
        """Whether a text of sentences with these words is about it: one of them has the needed words."""
        return any(len(self.words & found) >= self.needed for found in sentences)

    def is_partly_in(self, sentences: Sequence[frozenset[str]]) -> bool:
        """Whether one sentence has half of them."""
        return any(2 * len(self.words & found) >= self.needed for found in sentences)


class Learned(NamedTuple):
    """When a person learned of it, how, from whom ("" for nobody), in which talk (0 for none), and the evidence.

    `found_by`: whether that has the words, or some of them and an embedding near that of the first memory of it.
    """

    persona: str
    time: datetime
    how: str
    source: str
    talk: int
    evidence: str
    found_by: str = BY_WORDS


class Spread(NamedTuple):
    """A piece of news and the people who learned of it, in that order."""

    news: News
    learned: Sequence[Learned]

    def told_by(self, source: str) -> list[Learned]:
        """The people who have it from a person; for "", those who have it from nobody."""
        return [each for each in self.learned if each.source == source]


def spread(tables: Tables, about: Sequence[News] = ()) -> list[Spread]:
    """How each piece of news spread: those asked about first, then announcements, then later whispers."""
    news = {each.words: each for each in reversed([*about, *_announced(tables), *_whispered(tables)])}
    pieces = list(reversed(news.values()))
    memories = _about(tables, pieces)
    trace = _Trace(tables)
    return [trace.of(piece, found) for piece, found in zip(pieces, memories, strict=True)]


def phrase(text: str) -> News:
    """The news for a phrase that is asked about: with all of its words, or half of them if there are more than three.

    Raises:
        UnusablePhrase: it has no word to search for.
    """
    keys = _keys(text)
    if not keys:
        raise UnusablePhrase(f"{text!r} has no word of three or more letters to look for; give a phrase that has one.")
    return News(text, keys, len(keys) if len(keys) <= _MOST_WORDS else max(_MOST_WORDS, -(-len(keys) // 2)))


# What is news


def _announced(tables: Tables) -> Iterator[News]:
    """The occasions with a place, day and time in identities and thoughts at the start."""
    for who in tables.people_at_start:
        for text in _given(tables, who.name, who.currently):
            where = appointment(text, tables.start, tables.sectors)
            if where and where.is_exact and (title := _title(where.what)):
                yield phrase(title)._replace(takes_place=where)


def _whispered(tables: Tables) -> Iterator[News]:
    """The whispers after the start."""
    names = _keys(" ".join(tables.names))
    for event in tables.events:
        if event.time > tables.start and (keys := _keys(event.text) - names):
            yield phrase(" ".join(sorted(keys)))._replace(title=event.text)


def _given(tables: Tables, name: str, identity: str) -> Iterator[str]:
    """The sentences that a persona was given at the start."""
    yield from filter(None, _SENTENCE.split(identity))
    yield from (each.text for each in tables.memories_of(name) if _is_given(each, tables.start))


def _is_given(memory: Memory, start: datetime) -> bool:
    return memory.kind == "thought" and memory.created <= start and memory.predicate != _PLAN


def _title(before: str) -> str:
    """The last words of a text that belong together: "lantern supper" of "... is preparing a lantern supper at the"."""
    run: list[str] = []
    for word in reversed(re.findall(r"[\w'’-]+", before)):
        if word.lower() in _STOP and not (run and word.lower() == "of"):
            if run:
                break
            continue
        run.insert(0, word)
    return " ".join(run[-_MOST_WORDS:]).removeprefix("of ")


def _keys(text: str) -> frozenset[str]:
    """The words of a text that it is found by; the plural of a word counts as the word."""
    found = (word for word in words(text) if word not in _STOP and not word.isdecimal())
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found)


def _sentences(text: str) -> list[frozenset[str]]:
    """The words of each sentence of a text."""
    return [_keys(sentence) for sentence in _SENTENCE.split(text)]


# Which memories are about it


class Found(NamedTuple):
    """A memory about a piece of news, and how it was found."""

    memory: Memory
    by: str


def _about(tables: Tables, pieces: Sequence[News]) -> list[list[Found]]:
    """For each piece of news the memories about it."""
    found: list[list[Found]] = [[] for _ in pieces]
    partly: dict[str, list[tuple[int, Memory]]] = {}
    for memory in tables.memories:
        sentences = _sentences(memory.text)
        for number, news in enumerate(pieces):
            if news.is_in(sentences):
                found[number].append(Found(memory, BY_WORDS))
            elif news.is_partly_in(sentences):
                partly.setdefault(memory.persona, []).append((number, memory))
    firsts = [min((memory for memory, _ in each), key=lambda memory: memory.created, default=None) for each in found]
    sources = [_vector(tables, memory) if memory else None for memory in firsts]
    for name, memories in partly.items():
        for number, memory in _near(tables, name, memories, sources):
            found[number].append(Found(memory, BY_EMBEDDING))
    return found


def _vector(tables: Tables, memory: Memory) -> npt.NDArray[np.float64] | None:
    """The embedding of a memory, normalized, if it has one."""
    vector = tables.vectors_of(memory.persona).get(memory.embedding_key)
    return None if vector is None else np.asarray(vector, float) / np.linalg.norm(vector)


def _near(
    tables: Tables, name: str, memories: Sequence[tuple[int, Memory]], sources: Sequence[npt.NDArray[np.float64] | None]
) -> Iterator[tuple[int, Memory]]:
    """The memories of one persona whose embeddings are much nearer to that of the first memory of it than others."""
    vectors = tables.vectors_of(name)
    if not vectors:
        return
    rows = np.asarray(list(vectors.values()), float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    place = {text: row for row, text in enumerate(vectors)}
    for number, source in enumerate(sources):
        if source is not None and len(source) == rows.shape[1]:
            likeness = rows @ source
            least = likeness.mean() + _NEAR * likeness.std()
            for at, memory in memories:
                row = place.get(memory.embedding_key)
                if at == number and row is not None and likeness[row] >= least:
                    yield number, memory


# How it spread


class _Said(NamedTuple):
    """One line of a conversation, with the number of this one."""

    talk: int
    participants: Sequence[str]
    speaker: str
    line: str
    sentences: Sequence[frozenset[str]]


class _Trace:
    """Follows pieces of news through talks and memories in order of time."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._given = [
            (who.name, text, _sentences(text))
            for who in tables.people_at_start
            for text in _given(tables, who.name, f"{who.currently} {who.learned}")
        ]
        self._said = [
            (tables.time(talk.first), _Said(number, talk.participants, speaker, line, _sentences(line)))
            for number, talk in enumerate(tables.timeline.conversations, 1)
            for speaker, line in talk.lines
        ]
        self._numbers = {talk.lines: number for number, talk in enumerate(tables.timeline.conversations, 1)}
        self._whispered = {(event.persona, event.time) for event in tables.events}
        self._chats = {(each.persona, each.node): each for each in tables.memories if each.kind == "chat"}

    def of(self, news: News, memories: Sequence[Found]) -> Spread:
        """One piece of news, and the memories about it."""
        known: dict[str, Learned] = {}
        for name, text, sentences in self._given:
            if news.is_in(sentences):
                known.setdefault(name, Learned(name, self._tables.start, GIVEN, "", 0, text))
        heard = [(time, 0, said) for time, said in self._said if news.is_in(said.sentences)]
        moments: list[tuple[datetime, int, _Said | Found]] = [
            *heard,
            *((each.memory.created, 1, each) for each in memories),
        ]
        for time, _, moment in sorted(moments, key=lambda each: each[:2]):
            found = self._heard(time, moment, known) if isinstance(moment, _Said) else self._remembered(moment, known)
            for learned in found:
                known.setdefault(learned.persona, learned)
        named = (appointment(each.evidence, self._tables.start, self._tables.sectors) for each in known.values())
        where = news.takes_place or next((each for each in named if each and each.is_exact), None)
        return Spread(news._replace(takes_place=where), list(known.values()))

    def _heard(self, time: datetime, said: _Said, known: Mapping[str, Learned]) -> Iterator[Learned]:
        """A line tells it to everybody in the talk; a speaker who did not know it before has it from nobody."""
        if said.speaker not in known:
            yield Learned(said.speaker, time, UNKNOWN, "", said.talk, said.line)
        for name in said.participants:
            if name != said.speaker:
                yield Learned(name, time, TOLD, said.speaker, said.talk, said.line)

    def _remembered(self, found: Found, known: Mapping[str, Learned]) -> Iterator[Learned]:
        memory = found.memory
        how, source, talk = CONCLUDED if memory.evidence else UNKNOWN, "", 0
        chats = [memory] if memory.kind == "chat" else self._behind(memory)
        if chats:
            partners = {speaker for speaker, _ in chats[0].lines} - {memory.persona}
            source = next((name for name in sorted(partners) if name in known), "")
            how, talk = TOLD if source else UNKNOWN, self._numbers.get(chats[0].lines, 0)
        elif memory.kind == "event":
            how, source = NOTICED, memory.subject if memory.subject in known else ""
        elif not memory.evidence and (memory.persona, memory.created) in self._whispered:
            how = WHISPERED
        yield Learned(memory.persona, memory.created, how, source, talk, memory.text, found.by)

    def _behind(self, memory: Memory) -> list[Memory]:
        """The talks that a memory has as evidence."""
        return [chat for node in memory.evidence if (chat := self._chats.get((memory.persona, node)))]

"""The rows of each table of a simulation. Knows the columns; not where they come from."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from saves.recording import Lines


class Person(NamedTuple):
    """One persona; `home` is an address."""

    name: str
    age: int
    innate: str
    learned: str
    currently: str
    lifestyle: str
    home: str


class Step(NamedTuple):
    """Where one persona goes in one step, doing what; `place` is `sector:arena`, "" between places."""

    step: int
    time: datetime
    persona: str
    x: int
    y: int
    place: str
    pronunciatio: str
    action: str
    address: str


class Line(NamedTuple):
    """One line of a conversation; `talk` numbers these from 1 on, `participants` are parted by "; "."""

    talk: int
    line: int
    step: int
    start: datetime
    end: datetime
    place: str
    participants: str
    speaker: str
    text: str


class Memory(NamedTuple):
    """One memory; `kind` is event, thought or chat.

    `evidence` has the nodes that a thought or an event is about, `lines` what was said in a chat, by whom.
    """

    persona: str
    node: str
    kind: str
    created: datetime
    subject: str
    predicate: str
    object: str
    text: str
    poignancy: int
    depth: int
    evidence: tuple[str, ...]
    lines: Lines
    embedding_key: str


class Event(NamedTuple):
    """An event from outside at the start of a step, such as a whisper."""

    step: int
    time: datetime
    kind: str
    persona: str
    text: str
    place: str = ""


class Usage(NamedTuple):
    """The usage of one model, purpose, persona or game hour; `split` says which of these, "total" is all.

    `questions` and `fallbacks` (questions that no answer could be used for) are known of purposes.
    """

    split: str
    label: str
    requests: int
    input_tokens: int
    output_tokens: int
    embedding_tokens: int
    cost_usd: float
    unpriced: int
    questions: int
    fallbacks: int


class Fallback(NamedTuple):
    """How often a question of one purpose was answered by its fail-safe, for one reason."""

    purpose: str
    reason: str
    times: int

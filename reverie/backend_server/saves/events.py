"""Files of events from outside, such as whispers: those that wait, and the record of those that have entered.

    reverie/inbox/<time>-<id>.json    {"kind", "people", "texts", "step"}: waits; "step", if known, is where it enters
    reverie/interventions.json        [{"time", "kind", "people", "text", "place"}]: is to enter at a game time; stays
    reverie/events.jsonl              a line for each event that entered, part of the saved state:
                                      {"step", "time", "kind", "persona", "text", "file"}; "file" is that of the inbox,
                                      or "interventions.json#" and a digest; "place" too, where it is about one

Knows these formats; not what an event does to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from saves.forms import complaint
from saves.inbox import Inbox
from saves.json_files import DamagedSimulation, read_object, to_bytes
from saves.recording import place_in_words

RECORD = "reverie/events.jsonl"
INTERVENTIONS = "reverie/interventions.json"
Kind = Literal["whisper", "notice", "close", "open"]
WHISPER: Literal["whisper"] = "whisper"
NOTICE: Literal["notice"] = "notice"
CLOSE: Literal["close"] = "close"
OPEN: Literal["open"] = "open"
KINDS: tuple[Kind, ...] = (WHISPER, NOTICE, CLOSE, OPEN)
_INBOX = "inbox"
_TEXTS = ("time", "kind", "persona", "text", "file")  # of each event in the record
_MOST_NAMED = 3  # people in a line; of more, how many they are
_DIGITS = 12  # of the digest that names an intervention


class Entry(BaseModel, extra="forbid"):
    """An event in the inbox: the same texts for some people. step: the one at whose start it enters, if known."""

    kind: Literal["whisper"]
    people: list[str] = Field(min_length=1)
    texts: list[str] = Field(min_length=1)
    step: int | None = None


class Intervention(BaseModel, extra="forbid"):
    """An event planned for a game time: a whisper to some people, a notice on an object, or a place closing or opening.

    place: the address of the object or the place, as the map spells it.
    """

    time: datetime
    kind: Kind
    people: list[str] = []
    text: str = ""
    place: str = ""

    @property
    def name(self) -> str:
        """Its name in the record: a digest, since a fork may have another file than its base. Equal ones are one."""
        digest = sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()
        return f"{INTERVENTIONS}#{digest[:_DIGITS]}"


def interventions_bytes(interventions: Iterable[Intervention]) -> bytes:
    """The content of `interventions.json`."""
    return to_bytes([each.model_dump(mode="json") for each in interventions], indent=True)


def read_interventions(file: Path) -> list[Intervention]:
    """The content of `interventions.json`; empty if it does not exist. Raises DamagedSimulation."""
    try:
        return TypeAdapter(list[Intervention]).validate_json(file.read_bytes()) if file.is_file() else []
    except ValidationError as error:
        raise DamagedSimulation(
            f"{file} cannot be used ({error.errors()[0]['msg']}). Restore it from a copy."
        ) from None


def inbox(simulation: Path) -> Inbox:
    """Where events wait."""
    return Inbox(simulation, _INBOX)


def read_entry(file: Path, people: Iterable[str]) -> Entry:
    """The event in a file. Raises DamagedSimulation if it is not an event for the simulation's people."""
    try:
        entry = Entry.model_validate(read_object(file))
    except ValidationError as error:
        raise DamagedSimulation(f"{complaint(error, str(file))}.") from None
    if unknown := set(entry.people).difference(people):
        raise DamagedSimulation(f"{file} is for {', '.join(sorted(unknown))}, who do not live here.")
    return entry


def waiting_texts(simulation: Path, people: Sequence[str]) -> dict[str, list[str]]:
    """{persona: texts that wait for it}, oldest first; ignores files that cannot be read or were taken meanwhile."""
    texts: dict[str, list[str]] = {}
    for file in inbox(simulation).waiting():
        with suppress(DamagedSimulation):
            entry = read_entry(file, people)
            for name in entry.people:
                texts.setdefault(name, []).extend(entry.texts)
    return texts


def record_bytes(record: Iterable[Mapping[str, Any]]) -> bytes:
    """The content of `events.jsonl`."""
    return b"".join(to_bytes(event) + b"\n" for event in record)


def read_record(file: Path) -> list[dict[str, Any]]:
    """The content of `events.jsonl`; empty if it does not exist. Raises DamagedSimulation."""
    try:
        record = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise DamagedSimulation(f"{file} holds a line that is not JSON ({error}). Restore it from a copy.") from error
    if not all(map(_is_event, record)):
        raise DamagedSimulation(
            f"{file} holds a line that lacks step (a number) or a text of {', '.join(_TEXTS)}. Restore it from a copy."
        )
    return record


def _is_event(row: Any) -> bool:
    if not isinstance(row, dict) or type(row.get("step")) is not int:
        return False
    texts = [*map(row.get, _TEXTS), row.get("place", "" if row.get("kind") == WHISPER else None)]
    return all(isinstance(text, str) for text in texts)


def in_words(record: Iterable[Mapping[str, Any]], first: int, last: int) -> list[tuple[int, str]]:
    """What came in from step `first` to `last`, for people: (step, text), one for all to whom the same came."""
    people: dict[tuple[int, str, str, str], list[str]] = {}
    for event in record:
        if first <= event["step"] <= last:
            what = event["step"], event["kind"], event["text"], place_in_words(event.get("place", ""))
            people.setdefault(what, []).append(event["persona"])
    return [(step, _sentence(kind, text, place, names)) for (step, kind, text, place), names in people.items()]


def _sentence(kind: str, text: str, place: str, people: Sequence[str]) -> str:
    if kind == WHISPER:
        to = ", ".join(people) if len(people) <= _MOST_NAMED else f"{len(people)} people"
        return f"Whispered to {to}: “{text}”"
    return f"Notice at {place}: “{text}”" if kind == NOTICE else f"{place} {'closed' if kind == CLOSE else 'opened'}"

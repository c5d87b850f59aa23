"""All conversations of a simulation for the browser, a stretch of steps at a time, so that a long run is shown quickly.

Events from outside are sent with them. Knows the format below and the cache; timeline.py defines conversations, and
events.py events.

    {"last": 9999, "talks": [{"first": 120, "last": 155, "people": [name, ...], "place": "garden, Linden Park",
                              "lines": [[speaker, text], ...]}, ...],
     "events": [[360, "Tea House closed"], ...]}

They are those that began in the stretch; `last` is the last step that was read, which may be earlier than its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from maze import Maze
from pages.chunks import STEPS, Stamp, compressed_recording, stamp_of
from saves import events
from saves.json_files import DamagedSimulation, to_bytes
from saves.recording import RecordedStep, Recording
from saves.simulation import Simulation
from saves.timeline import Conversation, conversations, place_of

STRETCH = 20 * STEPS
_KEPT_CHUNKS = 400


class _Chunk(NamedTuple):
    """The conversations in the steps of a chunk, each as far as it is in the chunk; `last` is the last step read."""

    last: int
    talks: list[Conversation]


def recorded(found: Simulation, maze: Maze | None, first: int) -> bytes:
    """The conversations of a simulation that began from `first` on, as JSON; without a map they have no places."""
    folder = found.path
    recording = Recording(folder)

    def chunk(start: int) -> _Chunk:
        stamp = stamp_of(recording.file(start + STEPS - 1))
        return _complete(folder, start, stamp) if stamp else _chunk(recording.talks, start)

    return _stretch(chunk, maze, first, partial(_events, found))


def compressed(folder: Path, maze: Maze | None, first: int) -> bytes:
    """The same of a demo. Raises DamagedSimulation."""
    return _stretch(partial(_chunk, compressed_recording(folder).read), maze, first, list)


def whole(found: Simulation, maze: Maze, numbers: Sequence[int]) -> dict[str, Any]:
    """Those in all of these steps, in the same format. Raises DamagedSimulation for an unreadable one."""
    talks = conversations(map(Recording(found.path).talks, numbers))
    return _answer([_row(talk, maze) for talk in talks], _events(found), numbers[0], numbers[-1])


@lru_cache(maxsize=_KEPT_CHUNKS)
def _complete(folder: Path, start: int, stamp: Stamp) -> _Chunk:
    """A chunk whose last file exists: it is unchanged as long as that file is."""
    return _chunk(Recording(folder).talks, start)


def _chunk(read: Callable[[int], RecordedStep], start: int) -> _Chunk:
    steps = list(_readable(read, start))
    return _Chunk(steps[-1].number if steps else start - 1, conversations(steps))


def _readable(read: Callable[[int], RecordedStep], start: int) -> Iterator[RecordedStep]:
    for number in range(start, start + STEPS):
        with suppress(DamagedSimulation):
            yield read(number)


def _events(found: Simulation) -> list[dict[str, Any]]:
    """The events from outside; none if they cannot be read, which a run reports."""
    with suppress(DamagedSimulation):
        return found.read_events()
    return []


def _answer(talks: Sequence[Any], happened: Iterable[Mapping[str, Any]], first: int, last: int) -> dict[str, Any]:
    return {"last": last, "talks": talks, "events": events.in_words(happened, first, last)}


def _stretch(
    chunk: Callable[[int], _Chunk], maze: Maze | None, first: int, happened: Callable[[], Iterable[Mapping[str, Any]]]
) -> bytes:
    """Its chunks with the ones before and after, where its first and last conversations may begin and end.

    happened: returns the events from outside; called last, since events are saved before the steps they enter at.
    """
    start = first - first % STEPS
    found: list[Conversation] = []
    last = first - 1
    for number in range(max(0, start - STEPS), start + STRETCH + STEPS, STEPS):
        piece = chunk(number)
        _join(found, piece.talks, number)
        if number >= start + STRETCH or (number >= start and piece.last < number):
            break
        last = max(last, piece.last)
    talks = [_row(talk, maze) for talk in found if first <= talk.first <= last]
    return to_bytes(_answer(talks, happened(), first, last))


def _join(found: list[Conversation], talks: list[Conversation], start: int) -> None:
    """Adds the conversations of the next chunk; one that continues across its start remains a single one."""
    going_on = {talk.lines: place for place, talk in enumerate(found) if talk.last == start - 1}
    for talk in talks:
        if talk.first == start and talk.lines in going_on:
            place = going_on[talk.lines]
            found[place] = replace(found[place], last=talk.last, tile=talk.tile)
        else:
            found.append(talk)


def _row(talk: Conversation, maze: Maze | None) -> dict[str, Any]:
    return {
        "first": talk.first,
        "last": talk.last,
        "people": talk.participants,
        "place": place_of(talk, maze) if maze else "",
        "lines": talk.lines,
    }

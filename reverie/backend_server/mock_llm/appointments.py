"""Promises: how meetings are proposed in talk, kept in memory as sentences, and found again on their day.

Knows the forms of these sentences only: two people meet, or somebody goes to an occasion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mock_llm.english import sentences
from mock_llm.occasions import HOUR, HOURS, Occasion, activity_of, dates_in, occasion
from mock_llm.place_names import mentioned_place, the, with_place
from mock_llm.prompt import DATE, Prompt, clocks, date_text, dates, hour_text

_PROPOSED = re.compile(rf"\bmeet (?:at|in) (?P<place>[^?.!]+?) (?P<day>today|tomorrow) at (?P<hour>{HOUR})", re.I)
_MEETING = re.compile(
    rf"will meet (?P<other>[^.]+?) at (?P<place>[^.]+?) on (?P<date>{DATE}), at (?P<hour>{HOUR})", re.I
)
_GOING = re.compile(
    rf"plans to go to (?P<what>.+?) at (?P<place>[^,.]+?) on (?P<date>{DATE}),? (?P<hours>{HOURS})", re.I
)
_MEETING_LENGTH = 60


@dataclass(frozen=True)
class Engagement:
    """Something a persona has promised to itself or others for a day; minutes since midnight."""

    activity: str
    start: int
    end: int
    day: date
    other: str = ""
    place: str = ""

    def meets(self, start: int, end: int) -> bool:
        """Whether it falls into these minutes."""
        return self.start < end and start < self.end


def proposal(place: str, minute: int) -> str:
    """The question that proposes a meeting."""
    return f"Shall we meet at {the(place)} tomorrow at {hour_text(minute)}?"


def proposed(words: str) -> tuple[str, str] | None:
    """(place, hour) of a proposal for today or tomorrow in spoken words."""
    found = _PROPOSED.search(words)
    return (found["place"], found["hour"]) if found else None


def promises(name: str, other: str, spoken: Iterable[tuple[str, str]], today: date | None) -> str:
    """What a talk means for the plans of `name`, as one sentence; empty when nothing was agreed."""
    if today is None:
        return ""
    spoken = list(spoken)
    met = [found for _, words in spoken if (found := _PROPOSED.search(words))]
    told = [
        (who, found)
        for who, words in spoken
        for text in sentences(words)
        if (who == name or name not in text) and (found := occasion(text, today))
    ]
    own = {found.called for who, found in told if who == name}
    invited = [
        found for who, found in told if who != name and found.given and found.day >= today and found.called not in own
    ]
    parts = [_meeting_words(other, found, today) for found in met[-1:]] + [_going_words(found) for found in invited[:1]]
    return f"{name} {' and '.join(parts)}." if parts else ""


def upcoming(name: str, statements: Iterable[str], today: date | None) -> list[str]:
    """The promises of `name` that are still to be kept, one sentence each and each once, in the order of their days."""
    ahead: dict[str, date] = {}
    for words, day in (found for text in statements if text.startswith(name) for found in _promised(text, today)):
        if today is None or day >= today:
            ahead.setdefault(f"{name} {words}.", day)
    return sorted(ahead, key=ahead.__getitem__)


def is_promise(statement: str) -> bool:
    """Whether a statement tells of a promise."""
    return bool(_MEETING.search(statement) or _GOING.search(statement))


def engagements(texts: Iterable[str], name: str, near: date | None, places: Iterable[str] = ()) -> list[Engagement]:
    """What the sentences say that `name` has to be at, each once, with its day.

    Args:
        near: the day of the telling, for dates without a year.
        places: names that places are known by; others are called what the texts call them.
    """
    places = list(places)
    told = (sentence for text in texts if dates_in(text) for sentence in sentences(text))
    return list(dict.fromkeys(found for sentence in told for found in _of(sentence, name, near, places)))


def of_the_sheet(prompt: Prompt, places: Iterable[str] = ()) -> list[Engagement]:
    """What the identity sheet says that the persona has to be at."""
    texts = (prompt.sheet("Currently"), prompt.sheet("Daily requirement"))
    return engagements(texts, prompt.name, prompt.today, places)


def _of(text: str, name: str, near: date | None, places: list[str]) -> Iterator[Engagement]:
    for met in _MEETING.finditer(text):
        place = mentioned_place(met["place"], places) or met["place"]
        yield from _engaged(
            with_place(f"meeting {met['other']}", place), met["hour"], met["date"], near, met["other"], place
        )
    for going in _GOING.finditer(text):
        place = mentioned_place(going["place"], places) or going["place"]
        yield from _engaged(
            f"joining {going['what']} at {the(place)}", going["hours"], going["date"], near, place=place
        )
    if not is_promise(text) and " heard from " not in text and (own := occasion(text, near, places)):
        yield Engagement(activity_of(own, text, name), own.start, own.end, own.day, place=own.place)


def _engaged(
    activity: str, hours: str, day: str, near: date | None, other: str = "", place: str = ""
) -> Iterator[Engagement]:
    times, days = clocks(hours), dates(day, near)
    if times and days:
        end = times[1] if len(times) > 1 else times[0] + (_MEETING_LENGTH if other else 2 * _MEETING_LENGTH)
        yield Engagement(activity, times[0], end, days[0], other, place)


def _promised(text: str, today: date | None) -> Iterator[tuple[str, date]]:
    """Each promise of a sentence by itself, with its own day."""
    for pattern in (_GOING, _MEETING):
        for found in pattern.finditer(text):
            for day in dates(found["date"], today):
                yield found[0], day


def _meeting_words(other: str, found: re.Match[str], today: date) -> str:
    day = today + timedelta(days=1) if found["day"].lower() == "tomorrow" else today
    return f"will meet {other} at {found['place']} on {date_text(day)}, at {found['hour']}"


def _going_words(found: Occasion) -> str:
    return f"plans to go to {found.called} at {the(found.place)} on {_with_year(found)} {found.hours}"


def _with_year(found: Occasion) -> str:
    return found.date if str(found.day.year) in found.date else date_text(found.day)

"""Appointments: how they are proposed in talk, kept in memory as sentences, and found again on their day.

Knows the forms of these sentences only. Two kinds: meetings of two people, and occasions that somebody gives for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from stand_in.english import doing, sentences, the, topic
from stand_in.habits import mentioned_place, with_place
from stand_in.prompt import Prompt, clocks, date_text, hour_text, read_date

_HOUR = r"(?:\d{1,2}(?::\d\d)?\s?[ap]m|\d{1,2}:\d\d|noon)"
_HOURS = rf"(?:from {_HOUR} to {_HOUR}|at {_HOUR})"
_DATE = r"(?:[A-Z][a-z]+day, )?[A-Z][a-z]+ \d{1,2}, \d{4}"
_PROPOSED = re.compile(rf"\bmeet (?:at|in) (?P<place>[^?.!]+?) (?P<day>today|tomorrow) at (?P<hour>{_HOUR})", re.I)
_MEETING = re.compile(
    rf"(?P<who>[^.]+?) will meet (?P<other>[^.]+?) at (?P<place>[^.]+?) on (?P<date>{_DATE}), at (?P<hour>{_HOUR})"
)
_OCCASION = re.compile(
    rf"(?P<what>\b(?:a|an|the|my|their|her|his) [\w' -]{{3,40}}?) at (?P<place>[^,.]{{3,40}}?) on (?P<date>{_DATE}),? "
    rf"(?P<hours>{_HOURS})"
)
_GOING = re.compile(rf"plans to go to (?P<what>.+?) at (?P<place>[^,.]+?) on (?P<date>{_DATE}) (?P<hours>{_HOURS})")


@dataclass(frozen=True)
class Engagement:
    """Something a persona has promised to itself or others for a day; minutes since midnight."""

    activity: str
    start: int
    end: int


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
    heard = [found for who, words in spoken if who != name and (found := _OCCASION.search(words))]
    invited = [found for found in heard if not any(who == name and found["place"] in words for who, words in spoken)]
    parts = [_meeting_words(other, found, today) for found in met[:1]] + [_going_words(found) for found in invited[:1]]
    return f"{name} {' and '.join(parts)}." if parts else ""


def upcoming(name: str, statements: Iterable[str], today: date | None) -> list[str]:
    """The promises among remembered statements that are still to be kept, each once; today's and occasions first."""
    told = dict.fromkeys(statement for statement in statements if statement.startswith(name) and is_promise(statement))
    ahead = [statement for statement in told if today is None or (read_date(statement) or today) >= today]
    return sorted(ahead, key=lambda statement: (read_date(statement) != today, not _GOING.search(statement)))


def is_promise(statement: str) -> bool:
    """Whether a statement tells of a promise."""
    return bool(_MEETING.search(statement) or _GOING.search(statement))


def is_over(text: str, today: date | None) -> bool:
    """Whether a sentence speaks of a day that is past."""
    day = read_date(text)
    return bool(day and today and day < today)


def engagements(prompt: Prompt, day: date | None, places: Iterable[str] = ()) -> list[Engagement]:
    """What the identity sheet says the persona has to be at on a day.

    Args:
        places: names that places are known by; others are called what the sheet calls them.
    """
    places = list(places)
    told = [text for key in ("Currently", "Usual days") for text in sentences(prompt.sheet(key))]
    of_the_day = [text for text in told if day and read_date(text) == day]
    return list(dict.fromkeys(engagement for text in of_the_day for engagement in _of(text, prompt.name, places)))


def _of(text: str, name: str, places: list[str]) -> list[Engagement]:
    engaged = []
    if met := _MEETING.search(text):
        place = mentioned_place(met["place"], places) or met["place"]
        engaged.append(_engagement(with_place(f"meeting {met['other']}", place), met["hour"]))
    if going := _GOING.search(text):
        engaged.append(_engagement(f"joining {going['what']} at {going['place']}", going["hours"]))
    if not engaged and (own := _OCCASION.search(text)) and (activity := doing(text, name)):
        engaged.append(_engagement(f"hosting {topic(activity)} at {own['place']}", own["hours"]))
    return engaged


def _engagement(activity: str, hours: str) -> Engagement:
    times = clocks(hours)
    return Engagement(activity, times[0], times[1] if len(times) > 1 else times[0] + 60)


def _meeting_words(other: str, found: re.Match[str], today: date) -> str:
    day = today + timedelta(days=1) if found["day"].lower() == "tomorrow" else today
    return f"will meet {other} at {found['place']} on {date_text(day)}, at {found['hour']}"


def _going_words(found: re.Match[str]) -> str:
    what = re.sub(r"^(?:an?|my|their|her|his) ", "the ", found["what"])
    return f"plans to go to {what} at {found['place']} on {found['date']} {found['hours']}"

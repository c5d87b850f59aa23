"""Appointments: meetings that two people have agreed on, and occasions announced with a date and an hour.

Knows the sentences in which they are proposed, agreed on and remembered. Occasions may be announced in any language,
if the date, the hours and the name of the place can be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mock_llm.choices import number
from mock_llm.prompt import Prompt, first_date, mentioned, quoted, sentences, times

PROPOSAL = "Shall we meet at "
_PROPOSED = re.compile(rf"{PROPOSAL}(.+) tomorrow at (\d\S*[ap]m)\?")
_AGREED = re.compile(r"I will be at (.+) tomorrow at (\d\S*[ap]m)\.")
_MEETING = re.compile(r".+? will meet (.+?) at .+ on ")
_OCCASION = r"\b(?:an?|the) ([^\W\d_][^,.“”]{2,40}?) at "
_GOES = " wants to go to the "
_HOURS = (9, 10, 11, 14, 15, 16, 17)
_WITHOUT_ARTICLE = re.compile(r"^(?:[Tt]he |home$)|'s house|\b(?:Park|Square|Hall|Court|Green|Lodge|Gardens)$")
_MEETING_MINUTES, _OCCASION_MINUTES, _MOST_AHEAD = 60, 120, 2


class Appointment(NamedTuple):
    """A place where a persona has to be, from one minute of a day to another."""

    day: date
    start: int
    end: int
    activity: str


# In conversations


def proposal(prompt: Prompt) -> str:
    """Asks the other to meet again here tomorrow; "" if they have an appointment, or are at home."""
    here = re.search(r" are at (.+?)(?:, .*)?\. It is ", prompt.text)
    place = here[1] if here else "the street"
    ahead = _promised(prompt)
    is_free = len(ahead) < _MOST_AHEAD and not any(prompt.other in text for text in ahead)
    if place in ("the street", prompt.home[0]) or "'s house" in place or not prompt.today or not is_free:
        return ""
    first = sum(number(len(_HOURS), name) for name in (prompt.name, prompt.other))
    hours = [_HOURS[(first + later) % len(_HOURS)] for later in range(len(_HOURS))]
    hour = next((hour for hour in hours if not _is_taken(60 * hour, prompt)), hours[0])
    return f"{PROPOSAL}{the(place)} tomorrow at {hour % 12 or 12}{'am' if hour < 12 else 'pm'}?"


def acceptance(said: str, prompt: Prompt) -> str:
    """The answer to a line with a proposal; "" for any other line."""
    found = _PROPOSED.search(said)
    if found and _is_taken(times(found[2])[0], prompt):
        return f"I am sorry, I have another appointment tomorrow at {found[2]}."
    return f"Yes, gladly. I will be at {found[1]} tomorrow at {found[2]}." if found else ""


def agreed(prompt: Prompt) -> str:
    """The agreement made in the conversation, as a sentence to remember."""
    found = next((found for _, words in prompt.talk if (found := _AGREED.search(words))), None)
    if not found or not prompt.today:
        return ""
    day = prompt.today + timedelta(days=1)
    return f"{prompt.name} will meet {prompt.other} at {found[1]} on {day:%A, %B} {day.day}, {day.year}, at {found[2]}."


def _promised(prompt: Prompt) -> list[str]:
    """The remembered meetings from tomorrow on."""
    felt = [text for line in prompt.lines if line.startswith(f"{prompt.name} ") for text in sentences(line)]
    told = dict.fromkeys(text for text in (*_texts(prompt), *felt) if text.startswith(prompt.name))
    tomorrow = prompt.today and prompt.today + timedelta(days=1)
    return [text for text in told if tomorrow and _MEETING.match(text) and not is_over(text, tomorrow)]


def _is_taken(minute: int, prompt: Prompt) -> bool:
    taken = [other for text in _promised(prompt) for other in times(text)[:1]]
    return len(taken) >= _MOST_AHEAD or any(abs(minute - other) < _MEETING_MINUTES for other in taken)


# In schedules


def due(prompt: Prompt, places: Sequence[str]) -> list[Appointment]:
    """The appointments of the prompt's day at known places; of two at the same time the one mentioned first."""
    found: list[Appointment] = []
    for new in (read(text, prompt.name, places) for text in _texts(prompt)):
        if new and new.day == prompt.today and all(new.end <= old.start or old.end <= new.start for old in found):
            found.append(new)
    return found


def read(text: str, name: str, places: Sequence[str]) -> Appointment | None:
    """The appointment in a sentence; None if there is none, or its place is unknown."""
    day, hours, place = first_date(text), times(text), mentioned(text, places)
    if not day or not hours or not place:
        return None
    if found := _MEETING.match(text):
        return Appointment(day, hours[0], hours[0] + _MEETING_MINUTES, f"meeting {found[1]} at {the(place)}")
    end = hours[1] if len(hours) > 1 and hours[1] > hours[0] else hours[0] + _OCCASION_MINUTES
    title = re.search(f"{_OCCASION}(?:the )?{re.escape(place.removeprefix('The '))}", text)
    is_host = text.startswith(name) and not text.startswith(f"{name}{_GOES}")
    what = f"{'hosting' if is_host else 'attending'} the {title[1]}" if title else "keeping an appointment"
    return Appointment(day, hours[0], end, f"{what} at {the(place)}")


def promises(prompt: Prompt) -> list[str]:
    """The memories of appointments on the day of the prompt, if possible as sentences about the persona."""
    found = [text for text in _texts(prompt) if first_date(text) == prompt.today and times(text)]
    own = dict.fromkeys(text for text in found if "“" not in text and not text.startswith("The plan of"))
    return [_going(text, prompt.name) for text in own]


def is_over(text: str, today: date | None) -> bool:
    """Whether the first date in a sentence is past."""
    day = first_date(text)
    return bool(day and today and day < today)


def the(place: str) -> str:
    """The name of a place with its article, if it needs one: `the Riverside Library`, but `Heron Park`."""
    return place if not place.isascii() or _WITHOUT_ARTICLE.search(place) else f"the {place}"


def _going(text: str, name: str) -> str:
    """`NAME wants to go to the supper at ...` from `ANNA is preparing a supper at ...`."""
    found = None if text.startswith(name) else re.search(r"\b(?:an?|the) ([^,.“”]{3,40}? at .+)$", text)
    return f"{name}{_GOES}{found[1]}" if found else text


def _texts(prompt: Prompt) -> list[str]:
    """The sentences that may mention appointments: of memories, the identity sheet, and quotations in memories."""
    remembered = prompt.memories
    sheet = [text for key in ("Currently", "Daily requirement") for text in sentences(prompt.sheet(key))]
    return [*remembered, *sheet, *(text for told in remembered for quote in quoted(told) for text in sentences(quote))]

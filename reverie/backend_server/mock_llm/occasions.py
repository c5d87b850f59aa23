"""Occasions: what a sentence tells of a date, an hour and a place, and whether that is still to come.

Knows how people announce such things (`is planning a tea tasting at the Gull on March 6, 2024 at 4pm`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mock_llm.english import doing
from mock_llm.place_names import CAPITALS, mentioned_place, the
from mock_llm.prompt import DATE, clocks, dates

HOUR = r"(?:\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\d{1,2}:\d\d\b|noon\b|midday\b|midnight\b)"
HOURS = rf"(?:(?:from|between) {HOUR} (?:to|until|till|and) {HOUR}|(?:at|from) {HOUR}(?: (?:to|until|till) {HOUR})?)"
USUAL_LENGTH = 120

_MONTH = re.compile("|".join(calendar.month_name[1:]))
_DAY = re.compile(rf",? ?\b(?:(?:on|of) )?(?:the )?(?P<date>{DATE}),?")
_HOURS = re.compile(rf",? ?\b(?P<hours>{HOURS}),?", re.I)
_AT = re.compile(rf"\b(?:at|in|on) (?:[Tt]he )?(?P<place>{CAPITALS}|(?<=the )[a-z][\w' -]{{2,30}}$)")
_THING = re.compile(
    r"\b(?P<what>(?:an?|the|my|their|her|his|our|another) [\w'’ -]{3,40}?)"
    r"(?=$|[,.;]| (?:at|in|for|with|where|to|and|that|which|by)\b)"
)
_GIVEN = re.compile(
    r"\b(?:prepar|plan|organi[sz]|host|giv|hold|arrang|throw|celebrat|invit|open|sett?(?:ing)? up|putt?(?:ing)? on|"
    r"there)",
    re.I,
)
_PRIVATE = re.compile(r"\b(?:appointment|doctor|dentist|exam|interview|shift|lesson)\b", re.I)
_FINITE = re.compile(
    r"\b(?:is|are|wants?|hopes?|plans?|will|would|has|have|there|['’]m|['’]ll|gives?|hosts?|invites?)\b", re.I
)


@dataclass(frozen=True)
class Occasion:
    """Something that is to be at a place and a time; `what` is empty for a mere doing. Minutes since midnight.

    hours: as the sentence has them. given: whether it is for others too.
    """

    what: str
    place: str
    day: date
    date: str
    hours: str
    start: int
    end: int
    given: bool

    @property
    def called(self) -> str:
        """`the tea tasting`."""
        return re.sub(r"^(?:an?|my|their|her|his|our|another) ", "the ", self.what)


def occasion(text: str, near: date | None, places: Iterable[str] = ()) -> Occasion | None:
    """The occasion that a sentence tells of; None when it lacks the day, the hour or the place.

    Args:
        near: the day of the telling, for dates without a year.
        places: names that places are known by; others are known by their capitals.
    """
    when, hours = _DAY.search(text), _HOURS.search(text)
    days, times = (dates(when["date"], near), clocks(hours["hours"])) if when and hours else ([], [])
    if not days or not times:
        return None
    rest = re.sub(r"\s+", " ", _HOURS.sub(" ", _DAY.sub(" ", text, count=1), count=1)).strip(" .,!")
    found = max(_AT.finditer(rest), key=lambda match: (match[0].startswith("at "), match.start()), default=None)
    place = mentioned_place(rest, places) or (found["place"].strip() if found else "")
    if not place:
        return None
    body = rest[: found.start()] + rest[found.end() :] if found else rest
    verb = _FINITE.search(body)
    thing = _THING.search(body, verb.end() if verb else 0)
    end = times[1] if len(times) > 1 and times[1] > times[0] else times[0] + USUAL_LENGTH
    given = bool(thing and _GIVEN.search(body[: thing.start()]) and not _PRIVATE.search(thing["what"]))
    what = thing["what"].strip() if thing else ""
    return Occasion(what, place, days[0], when["date"], hours["hours"], times[0], end, given)


def activity_of(told: Occasion, sentence: str, name: str) -> str:
    """What `name` does there who told of it."""
    where = f"at {the(told.place)}"
    if told.what:
        return f"{'hosting' if told.given else 'attending'} {told.called} {where}"
    return f"{_bare_doing(sentence, name) or 'spending time'} {where}"


def is_over(text: str, today: date | None, minute: int | None = None) -> bool:
    """Whether all that a sentence dates is past; on the day itself when its last hour is, if the minute is known."""
    days = dates(text, today)
    if not days or today is None or max(days) > today:
        return False
    return max(days) < today or minute is not None and minute >= _ends(text)


def has_begun(text: str, today: date | None, minute: int | None) -> bool:
    """Whether a dated sentence speaks of what goes on already or is past."""
    if is_over(text, today, minute):
        return True
    hours = _HOURS.search(text)
    return bool(
        today and minute is not None and hours and today in dates(text, today) and minute >= clocks(hours[0])[0]
    )


def undated(text: str) -> str:
    """The sentence without its dates and hours."""
    return re.sub(
        r"\s+([.,!])", r"\1", re.sub(r"\s+", " ", _HOURS.sub("", _DAY.sub("", text)) if dates_in(text) else text)
    )


def dates_in(text: str) -> bool:
    """Whether a sentence names a date."""
    return bool(_MONTH.search(text) and _DAY.search(text))


def _ends(text: str) -> int:
    hours = _HOURS.search(text)
    times = clocks(hours["hours"]) if hours else []
    return (times[1] if len(times) > 1 else times[0] + USUAL_LENGTH) if times else 24 * 60


def _bare_doing(sentence: str, name: str) -> str:
    words = doing(sentence, name)
    cut = re.search(r",? (?:at|in|on|from)\b", words)
    return words[: cut.start()] if cut else words

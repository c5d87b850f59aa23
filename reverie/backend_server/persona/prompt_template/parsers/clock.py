"""Times of day and durations as people write them: "7 AM", "06:30", "noon", "10 min", "1 hour".

It knows minutes; it must not know schedules or days.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

DAY = 24 * 60
NOON = DAY // 2

_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_HALF_PAST = re.compile(r"\bhalf past (\d{1,2})\b", re.IGNORECASE)
# A time of day that cannot be mistaken for another number: with minutes, am or pm, o'clock, 点, or by name.
_CLOCK = re.compile(
    r"(?<![A-Za-z_\d:.第])"
    r"(?:(?P<part>早上|上午|清晨|凌晨|中午|下午|傍晚|晚上|今晚|夜里|深夜|半夜|夜|午前|午後|오전|오후) ?)?"
    r"(?P<hour>\d{1,2})(?:(?P<separator>[:：.])(?P<minute>\d\d)(?::\d\d)?(?!\d))?"
    r"(?: ?(?P<half>[ap])(?:\. ?m\.|m(?![a-z]))|(?P<oclock> ?o['’]?clock)(?![a-z])| ?(?P<half_after>صباح|مساء)[اً]*"
    r"|(?P<point> ?[点點时時시](?![间間간])"
    r"(?: ?(?P<half_hour>[半반])|(?: (?=\d\d?분))?(?P<minute2>\d{1,2})[分분]?)?))?(?!\d)"
    r"|\b(?P<name>(?:12 )?(?:noon|midday|midnight))\b",
    re.IGNORECASE,
)
_AFTER_NOON = ("下午", "傍晚", "晚上", "今晚", "午後", "오후", "مساء")
_BEFORE_NOON = ("凌晨", "午前", "오전", "صباح")
_AT_NIGHT = ("夜里", "深夜", "半夜", "夜")
# The first hour of "6 to 7 am", which leaves its am or pm to the second.
_RANGE_START = re.compile(
    r"(?<![\d:.])(\d{1,2})(:[0-5]\d)?(?= ?(?:-|–|—|~|to|and|or|until) ?(\d{1,2})(?::[0-5]\d)? ?([ap])\.?m)",
    re.IGNORECASE,
)
# The separator of the two ends of a span: "07:00 - 08:00", "from 7 am to 8 am", "| 07:00 | 08:00 |".
_BETWEEN = re.compile(r"[\W_]{0,12}(?:to|and|until|till|through|至|到)?[\W_]{0,12}", re.IGNORECASE)
# In prose, "0700" needs its zero or its "hours", and "7h30" its h; as the whole text it needs neither.
_WITHOUT_COLON = re.compile(
    r"(?<![\d:.])(?:(?=0)|(?=\d{4} ?(?:hours|hrs|h)\b)|(?=\d{1,2}h)|(?=\d{3,4}\Z)(?<!.))(\d{1,2})h?([0-5]\d)(?!\d)"
)
_BARE_HOUR = re.compile(
    r"(?<![\w:./-])(\d{1,2})(?!\d|\.\d|[/%]| ?(?:hours?|hrs?|minutes?|mins?|days?)\b)", re.IGNORECASE
)
# The words before a time of day, and the empty brackets that remain without it.
_AT = re.compile(
    r"(?:(?:\b(?:starting|ending|at|around|about|by|from|until|till|to|before|after|between|and|since)"
    r"|[-–—~@从到]) ?)*\Z",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r" ?[\[(（]\W{0,10}[\])）]")
_HOURS = re.compile(
    r"(?<![\d.])(\d{1,2}(?:\.\d{1,2})?) ?(?:h|hrs?|hours?|小时|小時|時間|시간|ساعات|ساعة)(?![a-z])"
    r"(?:(?: and)? ?(\d{1,2}) ?(?:m|mins?|minutes?|分[钟鐘]?|분)?(?![a-z\d]))?",
    re.IGNORECASE,
)
_MINUTES = re.compile(
    r"(?<![\d.])(\d{1,4})(?: ?(?:-|–|~|to) ?\d{1,4})?[ -]?"
    r"(?:m|mins?|minutes?|分[钟鐘]?|분|دقائق|دقيقة)(?![a-z])\.?(?! (?:left|remain))",
    re.IGNORECASE,
)


class Clock(NamedTuple):
    """A time of day in a text: minutes since midnight, whether am or pm is open, and its position."""

    minute: int
    half_open: bool
    start: int
    end: int


def normal(text: str) -> str:
    """The text with full-width signs and digits of any script as ASCII, and number words as digits if it has none."""
    text = _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), unicodedata.normalize("NFKC", text))
    if not re.search(r"\d", text):
        text = _NUMBER_WORD.sub(lambda word: str(_NUMBERS.index(word[1].lower())), text)
    return _RANGE_START.sub(_with_half, _HALF_PAST.sub(r"\1:30", text))


def clocks(text: str) -> list[Clock]:
    """The unambiguous times of day in a `normal` text, in order."""
    found = [(match, _minute(match)) for match in _CLOCK.finditer(text)]
    return [
        Clock(minute, _half_open(match), match.start(), match.end()) for match, minute in found if minute is not None
    ]


def times(text: str) -> list[int]:
    """The same of any text, in minutes since midnight."""
    return [found.minute for found in clocks(normal(text))]


def first_span(text: str) -> tuple[Clock | None, int | None]:
    """The first time in a `normal` text, and the minute of its end if that follows: "07:00 - 08:00"."""
    first, second, *_ = [*clocks(text), None, None]
    follows = first and second and _BETWEEN.fullmatch(text, first.end, second.start)
    return first, second.minute if follows else None


def loose_minute(text: str) -> int | None:
    """A time of day written as a plain number, in a `normal` text that should be one: "7", "0700"."""
    joined = _WITHOUT_COLON.search(text)
    if joined and int(joined[1]) < 24:
        return int(joined[1]) * 60 + int(joined[2])
    hours = (int(hour[1]) for hour in _BARE_HOUR.finditer(text))
    return next((hour % 24 * 60 for hour in hours if hour <= 24), None)


def without_clocks(text: str) -> str:
    """The text without times of day: "having lunch at 12:30 pm" becomes "having lunch"."""
    text = _RANGE_START.sub(_with_half, text)
    kept, since = [], 0
    for match in _CLOCK.finditer(text):
        if _minute(match) is not None and not match["name"]:
            before = text[since : match.start()]
            before_clock = _AT.search(before, max(0, len(before) - 24))
            kept.append(before[: before_clock.start()] if before_clock else before)
            since = match.end()
    if not kept:
        return text
    return _EMPTY_BRACKETS.sub("", "".join(kept) + text[since:]).replace("  ", " ").strip(" ,，:：-–—|~")


def duration(text: str) -> int | None:
    """The last duration with a unit in a `normal` text, in minutes ("1 hour 10 min")."""
    for pattern, unit in ((_HOURS, 60), (_MINUTES, 1)):
        if found := list(pattern.finditer(text)):
            rest = int(found[-1][2] or 0) if unit == 60 else 0
            return round(float(found[-1][1]) * unit) + rest
    return None


def _minute(match: re.Match[str]) -> int | None:
    if match["name"]:
        return 0 if match["name"].lower().endswith("midnight") else NOON
    part = match["part"] or match["half_after"]
    half = (match["half"] or "").lower()
    sure = half or match["half_after"] or match["oclock"] or match["point"] or match["separator"] in (":", "：")
    hour, minute = int(match["hour"]), int(match["minute"] or match["minute2"] or (30 if match["half_hour"] else 0))
    if not sure or hour > 24 or minute > 59:
        return None
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif part:
        hour = _of_part(part, hour)
    return hour % 24 * 60 + minute


def _of_part(part: str, hour: int) -> int:
    """The hour (0 to 23) of an hour in a part of the day; 晚上12点 is midnight."""
    if hour == 12:
        return 0 if part in (*_BEFORE_NOON, *_AT_NIGHT, "晚上", "今晚") else hour
    is_late = part in _AFTER_NOON or (part in _AT_NIGHT and hour >= 6) or (part == "中午" and hour <= 3)
    return hour + 12 if is_late and hour < 12 else hour


def _half_open(match: re.Match[str]) -> bool:
    told = match["name"] or match["half"] or match["part"] or match["half_after"]
    return not told and 1 <= int(match["hour"]) <= 12 and not match["hour"].startswith("0")


def _with_half(match: re.Match[str]) -> str:
    hour, minute, last, half = int(match[1]), match[2] or "", int(match[3]), match[4].lower()
    if not 1 <= hour <= 12:
        return match[0]
    if hour % 12 > last % 12:
        half = "a" if half == "p" else "p"
    return f"{hour}{minute} {half}m"

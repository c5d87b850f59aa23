"""How talk is remembered: the forms in which memories tell of news and of the last talk.

`<who> heard from <source> that <news>` is written after a talk and found again when the news is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from stand_in.english import bare, sentences, spoken_subject, third_person
from stand_in.prompt import choose, clocks, number

SMALL_TALK = "how the day is going"

_HEARD = re.compile(r"^(?P<who>.+?) heard from (?P<source>.+?) that (?P<news>.+)$")
_TOLD = re.compile(r"(?P<source>[A-Z][\w'’. -]+?) told me that (?P<news>.+)$")
_LAST_TALKED = re.compile(r"last talked at (?P<clock>\d\d:\d\d) on (?P<month>[A-Z][a-z]+) (?P<day>\d{1,2})")
_SHORTEST_NEWS = 40
_SMALL_WORDS = re.compile(
    r"With pleasure|Yes, let|Gladly|Tomorrow at|That name|There is more|Otherwise|"
    r"I(?:['’]ll be at|['’]m (?:well|taking)| was just| have told| should| had| won['’]t| would| can['’]t)\b"
)

Spoken = list[tuple[str, str]]


class News(NamedTuple):
    """What one has been told, and by whom."""

    source: str
    news: str

    def passed_on(self) -> str:
        """As it is said to a third person."""
        return f"{self.source} told me that {self.news}."


def memo(name: str, other: str, lines: Spoken) -> str:
    """What `name` keeps of a talk: news that `other` passed on or told of itself, else that they talked."""
    told = [text for speaker, words in lines if speaker == other for text in sentences(words)]
    passed_on = next((found for text in told if (found := _TOLD.search(bare(text)))), None)
    own = [text for text in told if _is_news(text) and not _TOLD.search(text)]
    if passed_on and (not own or number(2, name, other, passed_on["news"])):
        return f"{name} heard from {passed_on['source']} that {passed_on['news']}."
    if own:
        return f"{name} heard from {other} that {_reported(choose(own, name, other, lines[0][1]), other)}."
    return f"{name} had a friendly talk with {other} about {next(iter(subjects(lines)), SMALL_TALK)}."


def heard(name: str, memories: Iterable[str]) -> list[News]:
    """The news among the memories of `name`, each once."""
    found = (_HEARD.match(bare(text)) for text in memories)
    return list(
        dict.fromkeys(News(match["source"], match["news"]) for match in found if match and match["who"] == name)
    )


def tells_of_news(text: str) -> bool:
    """Whether a statement is such a memory."""
    return bool(_HEARD.match(text))


def subjects(lines: Spoken) -> list[str]:
    """What the spoken lines were about, as phrases, each once; small talk is about nothing."""
    found = (spoken_subject(text) for _, words in lines for text in sentences(words))
    return list(dict.fromkeys(filter(None, found)))


def is_small_talk(text: str) -> bool:
    """Whether a sentence is said for company's sake, as those that the stand-in says itself are known to be."""
    return bool(_SMALL_WORDS.match(text))


def last_talk_line(text: str) -> str:
    """The line of a prompt that tells of the last talk; empty when there was none."""
    return next((line for line in text.splitlines() if _LAST_TALKED.search(line)), "")


def minutes_since_last_talk(line: str, now: int, today: date | None) -> int | None:
    """How long ago on the same day the last talk began; None when it was on another day or never."""
    last = _LAST_TALKED.search(line)
    if not last or (today and (f"{today:%B}", today.day) != (last["month"], int(last["day"]))):
        return None
    return now - clocks(last["clock"])[0]


def _is_news(text: str) -> bool:
    return not text.endswith("?") and len(text) > _SHORTEST_NEWS and not is_small_talk(text)


def _reported(text: str, speaker: str) -> str:
    """A sentence of the speaker's, to stand after `that`."""
    reported = third_person(bare(text), speaker)
    return reported[0].lower() + reported[1:] if re.match(r"(?:The|A|An|There|It|They|Their) ", reported) else reported

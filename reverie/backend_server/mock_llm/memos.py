"""How talk is remembered: the forms in which memories tell of news, of what was told to whom, and of the last talk.

`<who> told <other> about <matter> and heard from <source> that <news>` is written after a talk and found again later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mock_llm.english import bare, listed, matter, sentence, sentences
from mock_llm.persons import quoted, reported
from mock_llm.prompt import choose, clocks, read_date
from mock_llm.talk_words import HEARSAY, is_small_talk, without_turn

SMALL_TALK = "how the day is going"

_HEARD = re.compile(
    r"^(?P<who>.+?) (?:told .+? about .+? and )?heard from (?P<source>.+?)(?: that (?P<news>.+)|: “(?P<quote>.+)”)$"
)
_TOLD = re.compile(r"(?P<who>[A-Z][^.]*?) told (?P<other>[A-Z][^.]*?) about (?P<matters>.+?)(?= and heard from |[.]|$)")
_TALKED = re.compile(r"had a friendly talk with (?P<other>.+?) about (?P<matters>[^.;]+)")
_LAST_TALKED = re.compile(r"last talked at (?P<clock>\d\d:\d\d) on (?P<month>[A-Z][a-z]+) (?P<day>\d{1,2})")
_SHORTEST_NEWS = 30
_MOST_TOLD = 4

Spoken = list[tuple[str, str]]


class News(NamedTuple):
    """What one has been told, and by whom; a quote is in the words of who said it."""

    source: str
    news: str
    quote: str = ""

    @property
    def words(self) -> str:
        """It, in whoever's words."""
        return self.news or self.quote

    @property
    def matter(self) -> str:
        """What it is about."""
        return matter(self.quote or sentence(self.news))

    def passed_on(self) -> str:
        """As it is said to a third person."""
        return f"{self.source} told me: {quoted(self.quote)}" if self.quote else f"{HEARSAY}{self.news}."


def memo(name: str, other: str, lines: Spoken) -> str:
    """What `name` keeps of a talk: what it told, and news that `other` told; else that they talked."""
    told = listed(told_matters(name, lines)[:_MOST_TOLD])
    news = [text for speaker, words in lines if speaker == other for text in sentences(words) if _is_news(text)]
    if news:
        spread = f"told {other} about {told} and " if told else ""
        return f"{name} {spread}heard from {other}{_kept(choose(news, name, other, lines[0][1]), other)}"
    if told:
        return f"{name} told {other} about {told}."
    return f"{name} had a friendly talk with {other} about {next(iter(subjects(lines)), SMALL_TALK)}."


def heard(name: str, memories: Iterable[str]) -> list[News]:
    """The news among the memories of `name`, each once."""
    found = (_HEARD.match(bare(text)) for text in memories if "heard from " in text)
    return list(
        dict.fromkeys(
            News(match["source"], match["news"] or "", match["quote"] or "")
            for match in found
            if match and match["who"].startswith(name)
        )
    )


def tells_of_news(text: str) -> bool:
    """Whether a statement is such a memory."""
    return "heard from " in text and bool(_HEARD.match(bare(text)))


def told_matters(name: str, lines: Spoken) -> list[str]:
    """What `name` told in a talk, as phrases, each once."""
    return subjects([(speaker, words) for speaker, words in lines if speaker == name])


def subjects(lines: Spoken) -> list[str]:
    """What the spoken lines were about, as phrases, each once; small talk and questions are about nothing."""
    said = (without_turn(text) for _, words in lines for text in sentences(words) if _is_told(text))
    return list(dict.fromkeys(filter(None, map(matter, said))))


def told_before(name: str, other: str, memories: Iterable[str]) -> list[str]:
    """What memories say that `name` has told `other`, or talked about with it."""
    matters = []
    for text in memories:
        if f" told {other} about " in text:
            found = _TOLD.finditer(text)
            matters += [told["matters"] for told in found if (told["who"], told["other"]) == (name, other)]
        elif f"friendly talk with {other} " in text:
            matters += [talked["matters"] for talked in _TALKED.finditer(text) if talked["other"] == other]
    return list(dict.fromkeys(matters))


def last_talk_line(lines: Iterable[str]) -> str:
    """The line of a prompt that tells of the last talk; empty when there was none."""
    return next((line for line in lines if _LAST_TALKED.search(line)), "")


def last_talked_on(line: str, today: date | None) -> date | None:
    """The day of that talk."""
    last = _LAST_TALKED.search(line)
    return read_date(f"{last['month']} {last['day']}", today) if last else None


def minutes_since_last_talk(line: str, now: int, today: date | None) -> int | None:
    """How long ago on the same day the last talk began; None when it was on another day or never."""
    last = _LAST_TALKED.search(line)
    if not last or today and last_talked_on(line, today) != today:
        return None
    return now - clocks(last["clock"])[0]


def _is_told(text: str) -> bool:
    return not text.endswith("?") and not is_small_talk(text)


def _is_news(text: str) -> bool:
    return _is_told(text) and len(text) > _SHORTEST_NEWS and " told me: “" not in text


def _kept(text: str, speaker: str) -> str:
    """A sentence of the speaker's after `heard from`: reported, or in its own words where that is not safe."""
    text = without_turn(text)
    told = reported(text, speaker)
    return f" that {told}." if told else f": {quoted(text)}"

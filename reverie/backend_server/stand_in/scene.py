"""A talk as its next speaker has it before its eyes: the lines so far, what it has to tell, what it has promised.

Knows only what stands in the speaker's own prompt; the wording of the lines is found elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from stand_in import appointments, memos
from stand_in.appointments import Engagement
from stand_in.english import bare, first_name, matter, sentence, sentences
from stand_in.occasions import has_begun, is_over, occasion, undated
from stand_in.persons import addressed, first_person
from stand_in.place_names import named_places, the
from stand_in.prompt import Prompt, number

_WAS_DOING = r"^.*\b{name} was (?:[^(\n]*\()?(?P<doing>\w+ing\b[^(),\n]*?)(?: when\b|[(),]|$)"
_DONE = r"^{name} is (?P<activity>\w+ing\b[^(]*)\((?P<task>\w+ing\b[^)]*)\)"
_HOUSEHOLD = re.compile(
    r"^(?:getting|winding|having|eating|cooking|sleeping|resting|spending|taking|sitting|meeting|shopping|tidying|joining)\b"
)
_UNDERTAKING = re.compile(r"(?!asking|inviting|telling|looking|being|having|living)\w{3,}ing ")
_EVERY_HOUR = {
    "pub": (18, 19, 20),
    "inn": (18, 19, 20),
    "tavern": (18, 19, 20),
    "cafe": (10, 15, 16),
    "library": (10, 11, 15),
    "park": (10, 16, 17),
}
_USUAL_HOURS = (10, 15, 16, 17)


@dataclass(frozen=True)
class Scene:
    """Who speaks, and what was said; `lines` are (speaker, words)."""

    prompt: Prompt
    lines: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, prompt: Prompt) -> Scene:
        return cls(prompt, tuple(prompt.talk("The conversation so far:")))

    @property
    def first_words(self) -> str:
        return self.lines[0][1] if self.lines else ""

    @property
    def last_words(self) -> str:
        return self.lines[-1][1] if self.lines else ""

    @property
    def listener(self) -> str:
        return first_name(self.prompt.other)

    @property
    def today(self) -> date | None:
        return self.prompt.today()

    def pick(self, options: tuple[str, ...], salt: int) -> str:
        """One of the wordings; another one for another salt."""
        opening = self.first_words or f"{self.prompt.name} {memos.last_talk_line(self.prompt.text)}"
        seed = number(len(options), opening, self.prompt.sheet("Today"))
        return options[(seed + salt + len(self.lines)) % len(options)]

    def said(self, words: str) -> bool:
        return any(words in line for _, line in self.lines)

    def memories(self) -> list[str]:
        return self.prompt.statements(f"What comes to the mind of {self.prompt.name}:")

    def own_news(self) -> list[str]:
        """What the speaker is up to or was, in its own words: what it has not told the listener yet."""
        told = [text for text in sentences(self.prompt.sheet("Currently")) if self._is_own_news(text)]
        return self._untold(told)

    def past_of_ones_own(self) -> list[str]:
        """What the speaker may tell of its past, likewise."""
        return [text for text in self._untold(sentences(self.prompt.sheet("Background"))) if matter(text)]

    def heard_news(self) -> list[str]:
        """What others have told the speaker that the listener may not know; nothing of the listener's own."""
        name, other = self.prompt.name, self.prompt.other
        found = memos.heard(name, [*self.memories(), *sentences(self.prompt.sheet("Currently"))])
        theirs = {news.news or news.quote for news in found if news.source == other}
        others = [news for news in found if (news.news or news.quote) not in theirs]
        fresh = [news for news in others if other not in (news.source, *_names_in(news, other))]
        return [
            news.passed_on()
            for news in fresh
            if not self._is_stale(news.news or news.quote)
            and not self._has_told(news.matter)
            and not self._came_up(news)
        ]

    def matters_of_the_listener(self) -> list[str]:
        """What the listener has told of itself at other times, as phrases."""
        found = [news for news in memos.heard(self.prompt.name, self.memories()) if news.source == self.prompt.other]
        own = [news for news in found if news.quote or news.news.startswith(self.prompt.other)]
        matters = (news.matter for news in own if not self._is_stale(news.news or news.quote))
        return [about for about in dict.fromkeys(matters) if _UNDERTAKING.match(about) and not self.said(about)]

    def doings(self) -> list[str]:
        """What the speaker does or has done of late, as sentences."""
        name = re.escape(self.prompt.name)
        was = re.search(_WAS_DOING.format(name=name), self.prompt.text, re.M)
        now = [f"I was just {was['doing'].strip()}."] if was else []
        done = [found for text in self.memories() if (found := re.match(_DONE.format(name=name), text))]
        lately = [f"Lately I have been {found['task']}." for found in done if not _HOUSEHOLD.match(found["activity"])]
        return [text for text in dict.fromkeys(now + lately) if not self.said(text)]

    def appointment(self) -> Engagement | None:
        """The next meeting with the listener that is promised already."""
        return next((found for found in self._promised() if found.other == self.prompt.other), None)

    def is_promised(self, day: date, minute: int) -> bool:
        """Whether the speaker has something else to be at then."""
        return any(found.day == day and found.meets(minute, minute + 60) for found in self._promised())

    def is_going_to(self, what: str) -> bool:
        return any(what in found.activity for found in self._promised())

    def agreed(self) -> tuple[str, str] | None:
        """(place, hour) of the meeting proposed last."""
        return next((found for _, line in reversed(self.lines) if (found := appointments.proposed(line))), None)

    def meeting(self, salt: int) -> tuple[str, int] | None:
        """A place that the prompt names and a minute of tomorrow when the speaker is free; None when there is none."""
        if self.today is None:
            return None
        tomorrow = self.today + timedelta(days=1)
        pair = sorted((self.prompt.name, self.prompt.other))
        free = [
            (place, 60 * hour)
            for place in self._meeting_places()
            for hour in _hours(place)
            if not self.is_promised(tomorrow, 60 * hour)
        ]
        return free[(number(len(free), *pair, tomorrow) + salt) % len(free)] if free else None

    def _meeting_places(self) -> list[str]:
        places = [the(place) for key in ("Usual days", "Currently") for place in named_places(self.prompt.sheet(key))]
        ours = (self.prompt.name, self.prompt.other)
        return [place for place in dict.fromkeys(places) if place not in ours][:4]

    def _promised(self) -> list[Engagement]:
        """Ahead, as far as the speaker has it in mind; the next one first."""
        name, today, minute = self.prompt.name, self.today, self.prompt.minute() or 0
        texts = [self.prompt.sheet("Currently"), self.prompt.sheet("Usual days"), *self.prompt.text.splitlines()]
        own = [text for text in texts if text.lstrip("- ").startswith(name) or text in texts[:2]]
        found = appointments.engagements(own, name, today)
        ahead = [e for e in found if today is None or (e.day, e.end) > (today, minute)]
        return sorted(ahead, key=lambda e: (e.day, e.start))

    def _untold(self, texts: Iterable[str]) -> list[str]:
        spoken = (self._spoken(text) for text in texts)
        return [text for text in spoken if text and not self.said(bare(text)) and not self._has_told(matter(text))]

    def _spoken(self, text: str) -> str:
        """In the first person; what is over without its date."""
        said = first_person(undated(text) if is_over(text, self.today) else text, self.prompt.name)
        return sentence(addressed(said, self.prompt.other)) if said else ""

    def _is_own_news(self, text: str) -> bool:
        if memos.tells_of_news(text) or appointments.is_promise(text):
            return False
        return not self._is_stale(text) or " went well" in text

    def _is_stale(self, text: str) -> bool:
        """Whether it announces what goes on already or is over."""
        minute = self.prompt.minute()
        begun = has_begun(text, self.today, minute) if occasion(text, self.today) else False
        return begun or is_over(text, self.today, minute)

    def _has_told(self, about: str) -> bool:
        """Whether the speaker remembers having talked with the listener about a matter."""
        if not about:
            return False
        lines = [*self.memories(), *self.prompt.text.splitlines()]
        told = memos.told_before(self.prompt.name, self.prompt.other, dict.fromkeys(lines))
        return any(about in matters for matters in (*told, memos.last_talk_line(self.prompt.text)))

    def _came_up(self, news: memos.News) -> bool:
        return self.said(news.news or news.quote) or bool(news.matter) and self.said(news.matter)


def _names_in(news: memos.News, other: str) -> tuple[str, ...]:
    """The listener, where the news begins with it."""
    return (other,) if (news.news or news.quote).startswith(other) else ()


def _hours(place: str) -> tuple[int, ...]:
    kinds = (hours for kind, hours in _EVERY_HOUR.items() if re.search(rf"\b{kind}\b", place.lower()))
    return next(kinds, _USUAL_HOURS)

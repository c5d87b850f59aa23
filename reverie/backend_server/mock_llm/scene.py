"""A talk as its next speaker has it before its eyes: the lines so far, what it has to tell, what it has promised.

Knows only what stands in the speaker's own prompt; the wording of the lines is found elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from mock_llm import appointments, lately, memos
from mock_llm.appointments import Engagement
from mock_llm.english import bare, first_name, matter, sentence, sentences
from mock_llm.occasions import has_begun, is_over, occasion, undated
from mock_llm.persons import addressed, first_person
from mock_llm.place_names import named_places, the
from mock_llm.prompt import Prompt, Remembered, number

_WAS_DOING = re.compile(r"(?:[^(\n]*\()?(?P<doing>\w+ing\b[^(),\n]*?)(?: when\b|[(),]|$)")
_NEWS_FOR, _MATTERS_FOR = timedelta(days=4), timedelta(days=7)
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
        return self.prompt.today

    @cached_property
    def last_talk(self) -> str:
        """The line that tells of the last talk of the two; empty when there was none."""
        return memos.last_talk_line(self.prompt.lines)

    def pick(self, options: tuple[str, ...], salt: int) -> str:
        """One of the wordings; another one for another salt."""
        return options[(number(len(options), *self._seed) + salt + len(self.lines)) % len(options)]

    def said(self, words: str) -> bool:
        return any(words in line for _, line in self.lines)

    @cached_property
    def memories(self) -> list[Remembered]:
        """What the speaker has in mind."""
        name, other = self.prompt.name, self.prompt.other
        headings = (f"What comes to the mind of {name}:", f"What {name} remembers of {other}:")
        return [memory for heading in headings for memory in self.prompt.memories(heading)]

    @cached_property
    def own_news(self) -> list[str]:
        """What the speaker is up to or was, in its own words: what it has not told the listener yet."""
        told = [text for text in sentences(self.prompt.sheet("Currently")) if self._is_own_news(text)]
        return self._untold(told)

    @cached_property
    def past_of_ones_own(self) -> list[str]:
        """What the speaker may tell of its past, likewise."""
        return [text for text in self._untold(sentences(self.prompt.sheet("Background"))) if matter(text)]

    @cached_property
    def heard_news(self) -> list[str]:
        """What others have told the speaker of late that the listener may not know; nothing of the listener's own."""
        other = self.prompt.other
        lately = [*self._since(_NEWS_FOR), *sentences(self.prompt.sheet("Currently"))]
        found = memos.heard(self.prompt.name, lately)
        theirs = {news.words for news in found if news.source == other}
        fresh = [news for news in found if news.words not in theirs and other != news.source]
        return [
            news.passed_on()
            for news in fresh
            if not news.words.startswith(other)
            and not self._is_stale(news.words)
            and not self._has_told(news.matter)
            and not self._came_up(news)
        ]

    @cached_property
    def matters_of_the_listener(self) -> list[str]:
        """What the listener has told of itself in the last days, as phrases."""
        other = self.prompt.other
        found = [news for news in memos.heard(self.prompt.name, self._since(_MATTERS_FOR)) if news.source == other]
        own = [news for news in found if news.quote or news.news.startswith(other)]
        matters = (news.matter for news in own if not self._is_stale(news.words))
        return [about for about in dict.fromkeys(matters) if _UNDERTAKING.match(about) and not self.said(about)]

    @cached_property
    def doings(self) -> list[str]:
        """What the speaker does and has done, as sentences that say when; the latest first."""
        was = _WAS_DOING.match(self._moment.partition(f". {self.prompt.name} was ")[2])
        now = [f"I was just {was['doing'].strip()}."] if was else []
        return self._unsaid([*now, *lately.doings(self.prompt.name, self.memories, self.prompt.now)])

    @cached_property
    def plans(self) -> list[str]:
        """What the speaker has before it today, as far as it thinks of its plan; nothing with the listener."""
        told = self._unsaid(lately.plans(self.memories, self.prompt.now))
        return [text for text in told if self.prompt.other not in text]

    @cached_property
    def sightings(self) -> list[str]:
        """Where the speaker has seen others of late."""
        ours = (self.prompt.name, self.prompt.other)
        return self._unsaid(lately.sightings(ours, self.memories, self.prompt.now))

    def appointment(self) -> Engagement | None:
        """The next meeting with the listener that is promised already and has not begun."""
        return next((found for found in self._meetings if not self._is_now(found)), None)

    def is_appointed(self) -> bool:
        """Whether the two have met as they had promised to."""
        return any(map(self._is_now, self._meetings))

    def is_promised(self, day: date, minute: int) -> bool:
        """Whether the speaker has something else to be at then."""
        return any(found.day == day and found.meets(minute, minute + 60) for found in self._promised)

    def is_going_to(self, what: str) -> bool:
        return any(what in found.activity for found in self._promised)

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
        places = [
            the(place) for key in ("Daily requirement", "Currently") for place in named_places(self.prompt.sheet(key))
        ]
        ours = (self.prompt.name, self.prompt.other)
        return [place for place in dict.fromkeys(places) if place not in ours][:4]

    @property
    def _moment(self) -> str:
        """The line that tells place, time and what the two were doing."""
        return next((line for line in self.prompt.lines if ". It is " in line), "")

    @cached_property
    def _seed(self) -> tuple[str, str]:
        return self.first_words or f"{self.prompt.name} {self.last_talk}", self.prompt.sheet("Today")

    def _since(self, days: timedelta) -> list[str]:
        """The statements of the memories that are not older."""
        return [
            memory.text
            for memory in self.memories
            if memory.day is None or self.today is None or self.today - memory.day <= days
        ]

    @property
    def _meetings(self) -> list[Engagement]:
        return [found for found in self._promised if found.other == self.prompt.other]

    def _is_now(self, engagement: Engagement) -> bool:
        now = (self.today, self.prompt.minute or 0)
        return now[0] is not None and (engagement.day, engagement.start) <= now

    @cached_property
    def _promised(self) -> list[Engagement]:
        """Ahead, as far as the speaker has it in mind; the next one first."""
        name, today, minute = self.prompt.name, self.today, self.prompt.minute or 0
        sheet = [self.prompt.sheet("Currently"), self.prompt.sheet("Daily requirement")]
        remembered = [memory.text for memory in self.memories if memory.text.startswith(name)]
        felt = [line for line in self.prompt.lines if line.startswith(f"{name} knows {self.prompt.other} ")]
        found = appointments.engagements([*sheet, *remembered, *felt], name, today)
        ahead = [e for e in found if today is None or (e.day, e.end) > (today, minute)]
        return sorted(ahead, key=lambda e: (e.day, e.start))

    def _unsaid(self, texts: Iterable[str]) -> list[str]:
        return [text for text in dict.fromkeys(texts) if not self.said(text)]

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
        minute = self.prompt.minute
        begun = has_begun(text, self.today, minute) if occasion(text, self.today) else False
        return begun or is_over(text, self.today, minute)

    def _has_told(self, about: str) -> bool:
        """Whether the speaker remembers having talked with the listener about a matter."""
        return bool(about) and any(about in matters for matters in self._told)

    @cached_property
    def _told(self) -> list[str]:
        """The matters that the two have talked about before, or the listener with others, as far as is remembered."""
        name, other = self.prompt.name, self.prompt.other
        texts = [memory.text for memory in self.memories]
        overheard = [text for text in texts if text.startswith(f"{other} is conversing about ")]
        return [*memos.told_before(name, other, [*texts, *self.prompt.lines]), *overheard, self.last_talk]

    def knows(self, about: str) -> bool:
        """Whether the speaker has talked about a matter before or heard of it."""
        head = f"{self.prompt.name} "
        return any(about in memory.text and memory.text.startswith(head) for memory in self.memories)

    def _came_up(self, news: memos.News) -> bool:
        return self.said(news.words) or bool(news.matter) and self.said(news.matter)


def _hours(place: str) -> tuple[int, ...]:
    kinds = (hours for kind, hours in _EVERY_HOUR.items() if re.search(rf"\b{kind}\b", place.lower()))
    return next(kinds, _USUAL_HOURS)

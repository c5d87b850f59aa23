"""The stand-in's spoken lines: what somebody says next, beat by beat of a short script.

Knows only what stands in the speaker's own prompt. A talk has four to eight lines; how many is fixed by its first line.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from stand_in import appointments, memos
from stand_in.english import first_name, first_person, sentence, sentences, spoken_subject
from stand_in.prompt import Prompt, choose, clocks, number

_PLACE = re.compile(r"\b(?:at|in) (?:the )?((?:[A-Z][\w'’]+)(?: (?:[A-Z][\w'’]+|&))*)")
_NAME = re.compile(r"(?<=[a-z,] )([A-Z]\w{2,})")
_TITLED = re.compile(r"\b(?:the|at|in|on) [A-Z]\w*(?: (?:[A-Z]\w*|&))*")
_CALENDAR = frozenset((*calendar.month_name, *calendar.day_name))
_WAS_DOING = r"^.*\b{name} was (?:[^(\n]*\()?(?P<doing>\w+ing\b[^(),\n]*?)(?: when\b|[(),]|$)"
_MEETING_HOURS = (("pub", 20), ("cafe", 15), ("library", 15), ("park", 17))
_USUAL_MEETING_HOUR = 16


def utterance(prompt: Prompt) -> dict[str, Any]:
    """The line that the talk has reached."""
    scene = _Scene.of(prompt)
    script = (
        _SCRIPTS[number(len(_SCRIPTS), *sorted((prompt.name, prompt.other)), scene.first_words)]
        if scene.lines
        else (_greet,)
    )
    at = len(scene.lines)
    beat = script[at] if at < len(script) else _goodbye
    return {"utterance": _unsaid(scene, beat), "end": beat is _goodbye}


@dataclass(frozen=True)
class _Scene:
    """A talk as its next speaker has it before its eyes."""

    prompt: Prompt
    lines: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, prompt: Prompt) -> _Scene:
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

    def pick(self, options: tuple[str, ...], salt: int) -> str:
        """One of the wordings; another one for another salt."""
        opening = self.first_words or f"{self.prompt.name} {memos.last_talk_line(self.prompt.text)}"
        seed = number(len(options), opening, self.prompt.sheet("Today"))
        return options[(seed + salt + len(self.lines)) % len(options)]

    def said(self, words: str) -> bool:
        return any(words in line for _, line in self.lines)

    def own_news(self) -> list[str]:
        """What the speaker is up to, in its own words: what was no matter of the last talk or of this one so far."""
        name, last = self.prompt.name, memos.last_talk_line(self.prompt.text)
        told = [text for text in sentences(self.prompt.sheet("Currently")) if self._is_own_news(text)]
        spoken = [sentence(first_person(text, name)) for text in told]
        fresh = [text for text in spoken if not spoken_subject(text) or spoken_subject(text) not in last]
        start = number(len(fresh), last, name) if fresh and last else 0
        return [text for text in fresh[start:] + fresh[:start] if not self.said(text)]

    def heard_news(self) -> list[str]:
        """What others have told the speaker that is no news of the listener's own."""
        name, other = self.prompt.name, self.prompt.other
        memories = [
            *self.prompt.statements(f"What comes to the mind of {name}:"),
            *sentences(self.prompt.sheet("Currently")),
        ]
        found = memos.heard(name, memories)
        return [
            news.passed_on()
            for news in found
            if news.source != other and not news.news.startswith(other) and not self.said(news.news)
        ]

    def _is_own_news(self, text: str) -> bool:
        over = appointments.is_over(text, self.prompt.today())
        return not over and not memos.tells_of_news(text) and not appointments.is_promise(text)

    def agreed(self) -> tuple[str, str] | None:
        """(place, hour) of the meeting proposed last."""
        return next((found for _, line in reversed(self.lines) if (found := appointments.proposed(line))), None)


_Beat = Callable[[_Scene, int], str]


def _unsaid(scene: _Scene, beat: _Beat) -> str:
    """The beat in a wording that has not been used in this talk."""
    wordings = (beat(scene, salt) for salt in range(8))
    return next((words for words in wordings if not scene.said(words)), f"Well, {scene.listener}, that is all from me.")


def _greet(scene: _Scene, salt: int) -> str:
    questions = (
        "How is your day going?",
        "What are you up to today?",
        "I was hoping to run into you.",
        "What is new with you?",
        "How good to see a familiar face!",
    )
    again = "We meet again. " if salt % 2 and memos.last_talk_line(scene.prompt.text) else ""
    return f"{_hello(scene)}, {scene.listener}! {again}{scene.pick(questions, salt)}"


def _answer(scene: _Scene, salt: int) -> str:
    thanks = ("Thanks for asking.", "I'm well, only busy.", "It's a good day so far.", "I can't complain.")
    return f"{_hello(scene)}, {scene.listener}! {scene.pick(thanks, salt)} {_news(scene, salt)}"


def _react_and_tell(scene: _Scene, salt: int) -> str:
    name, known = _known_name(scene)
    if name:
        return f"{name}? That name means something to me. {known}"
    return f"{_reaction(scene, salt)} {_news(scene, salt)}"


def _pass_on(scene: _Scene, salt: int) -> str:
    heard = scene.heard_news()
    if not heard:
        return _react_and_tell(scene, salt)
    turn = scene.pick(("Have you heard?", "Here is something else:", "By the way,"), salt)
    return f"{_reaction(scene, salt)} {turn} {heard[salt % len(heard)]}"


def _react_and_ask(scene: _Scene, salt: int) -> str:
    questions = (
        "Is there anything I can do to help?",
        "Who else knows about it?",
        "How long have you been thinking about that?",
        "What made you begin with it?",
    )
    return f"{_reaction(scene, salt)} {scene.pick(questions, salt)}"


def _pass_on_or_ask(scene: _Scene, salt: int) -> str:
    return _pass_on(scene, salt) if scene.heard_news() else _react_and_ask(scene, salt)


def _propose(scene: _Scene, salt: int) -> str:
    reasons = ("Let's talk about it at leisure.", "I would like to hear more.", "There is more to tell than I can now.")
    question = appointments.proposal(*_meeting(scene, salt))
    return f"{scene.pick(reasons, salt)} {question}"


def _accept(scene: _Scene, salt: int) -> str:
    agreed = scene.agreed()
    if not agreed:
        return _react_and_ask(scene, salt)
    place, hour = agreed
    wordings = (
        f"With pleasure, {hour} at {place} suits me.",
        f"Yes, let's do that. I'll be at {place} at {hour}.",
        f"Gladly. Tomorrow at {hour}, then, at {place}.",
    )
    return scene.pick(wordings, salt)


def _goodbye(scene: _Scene, salt: int) -> str:
    partings = (
        "I should be getting on now.",
        "I had better be going.",
        "It was good to talk with you.",
        "I won't keep you any longer.",
    )
    wishes = ("See you soon", "Until next time", "Take care")
    wish = "See you tomorrow" if scene.agreed() else scene.pick(wishes, salt)
    return f"{scene.pick(partings, salt)} {wish}, {scene.listener}!"


_SCRIPTS: tuple[tuple[_Beat, ...], ...] = (
    (_greet, _answer, _react_and_tell, _goodbye),
    (_greet, _answer, _react_and_tell, _pass_on, _goodbye),
    (_greet, _answer, _react_and_tell, _propose, _accept, _goodbye),
    (_greet, _answer, _react_and_tell, _pass_on, _propose, _accept, _goodbye),
    (_greet, _answer, _react_and_tell, _pass_on, _pass_on_or_ask, _propose, _accept, _goodbye),
)


def _hello(scene: _Scene) -> str:
    times = clocks(scene.prompt.text.partition(" are at ")[2].split("\n")[0])
    hour = times[0] // 60 if times else 12
    return "Good morning" if hour < 11 else "Hello" if hour < 18 else "Good evening"


def _news(scene: _Scene, salt: int) -> str:
    """What the speaker has to tell, else what it was doing when they met."""
    own = scene.own_news()
    if own:
        return own[0]
    was = re.search(_WAS_DOING.format(name=re.escape(scene.prompt.name)), scene.prompt.text, re.M)
    doing = f"I was just {was['doing'].strip()}." if was else ""
    small_talk = ("I'm taking things as they come.", "Otherwise all is quiet with me.", "I have told you all my news.")
    return doing if doing and not scene.said(doing) else scene.pick(small_talk, salt)


def _reaction(scene: _Scene, salt: int) -> str:
    """To what the other's last line was about."""
    said = sentences(scene.last_words)
    if said and memos.is_small_talk(said[-1]):
        return scene.pick(("How nice.", "That is good to hear.", "Just as it should be.", "Well, why not?"), salt)
    about = next(filter(None, map(spoken_subject, said)), "")
    wordings = (
        "That sounds wonderful.",
        "I would never have guessed.",
        "Now that is news to me.",
        "I like the sound of that.",
        "You must tell me more one day.",
        "Who would have thought?",
    )
    return f"{sentence(about)[:-1]}? {scene.pick(wordings, salt)}" if about else scene.pick(wordings, salt)


def _known_name(scene: _Scene) -> tuple[str, str]:
    """A name in the other's last line that the speaker has something to tell about, and what."""
    ours = {part for name in (scene.prompt.name, scene.prompt.other) for part in name.split()}
    for name in _NAME.findall(_TITLED.sub("", scene.last_words)):
        known = [text for text in scene.own_news() if re.search(rf"\b{re.escape(name)}\b", text)]
        if name not in ours | _CALENDAR and known:
            return name, known[0]
    return "", ""


def _meeting(scene: _Scene, salt: int) -> tuple[str, int]:
    """One of the speaker's usual places and an hour at which it has promised nothing else for tomorrow."""
    prompt, today = scene.prompt, scene.prompt.today()
    promised = appointments.engagements(prompt, today + timedelta(days=1) if today else None)
    places = [place for place in dict.fromkeys(_PLACE.findall(prompt.sheet("Usual days"))) if "'s house" not in place]
    free = [place for place in places if not any(e.start <= _meeting_minute(place) < e.end for e in promised)]
    place = choose(free or ["park"], prompt.name, prompt.other, prompt.sheet("Today"), salt)
    return place, _meeting_minute(place)


def _meeting_minute(place: str) -> int:
    return 60 * next((hour for word, hour in _MEETING_HOURS if word in place.lower()), _USUAL_MEETING_HOUR)

"""The stand-in's conversations: whether people talk, what each says next, and what they keep of it.

Knows only what stands in a speaker's own prompt. A talk has four to eight lines; how many is fixed by its first line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stand_in import appointments
from stand_in.english import bare, core, first_name, first_person, listed, sentence, sentences, third_person
from stand_in.prompt import Prompt, choose, clocks, number, read_date

HOURS_BETWEEN_TALKS = 3

_BUSY = re.compile(r"ready for|shower|brushing|dressed|toilet|in bed|sleep|bathroom|waiting to", re.I)
_LAST_TALKED = re.compile(r"last talked at (?P<clock>\d\d:\d\d) on (?P<month>[A-Z][a-z]+) (?P<day>\d{1,2})")
_HEARD = re.compile(r"^(?P<who>.+?) heard from (?P<source>.+?) that (?P<news>.+)$")
_TOLD = re.compile(r"(?P<source>[A-Z][\w'’. -]+?) told me that (?P<news>.+)$")
_PLACE = re.compile(r"\b(?:at|in) (?:the )?((?:[A-Z][\w'’]+)(?: (?:[A-Z][\w'’]+|&))*)")
_COMMON_NAMES = frozenset(
    "I The A An She He They It March Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
_MEETING_HOURS = (("pub", 20), ("cafe", 15), ("library", 15), ("park", 17))


def decide_to_talk(prompt: Prompt) -> dict[str, Any]:
    """Yes, unless they have talked within the last hours or one of them wants to be left alone."""
    lines = prompt.text.splitlines()
    at = next((k for k, line in enumerate(lines) if line.startswith("It is ")), None)
    if at is None:
        return {"answer": "no"}
    busy = bool(_BUSY.search(" ".join(lines[at + 1 : at + 2])))
    return {"answer": "no" if busy or _talked_lately(lines[at]) else "yes"}


def decide_to_wait(prompt: Prompt) -> dict[str, Any]:
    """Mostly on at once; what only one can use is waited for."""
    alone = re.search(r"shower|toilet|\bbed\b", prompt.text.partition("is on the way to ")[2])
    waits = alone or not number(5, prompt.name, prompt.other, prompt.text)
    return {"option": 1 if waits else 2}


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


def conversation_summary(prompt: Prompt) -> dict[str, Any]:
    """The news of the talk, each as a short phrase."""
    lines = _spoken_before_task(prompt)
    told = [_subject(text) for _, words in lines for text in sentences(words)]
    about = list(dict.fromkeys(filter(None, told)))[:2]
    return {"about": listed(about) or "how the day is going"}


def after_chat(prompt: Prompt) -> dict[str, Any]:
    """What was agreed, and the other's news."""
    lines = prompt.talk(f"{prompt.name} has just talked with {prompt.other}:")
    planning = appointments.promises(prompt.name, prompt.other, lines, prompt.today())
    memo = _memo(prompt.name, prompt.other, lines)
    return {"planning": planning, "planning_poignancy": 5 if planning else 1, "memo": memo, "memo_poignancy": 4}


def relationship(prompt: Prompt) -> dict[str, Any]:
    """How well the two know each other, by what is remembered."""
    name, other = prompt.name, prompt.other
    memories = prompt.statements(f"What {name} remembers of {other}:")
    about_other = [text for text in memories if other in text]
    heard = next(
        (found for text in about_other if (found := _HEARD.match(bare(text))) and found["source"] == other), None
    )
    known = f"{name} knows {other} {'well' if len(about_other) > 5 else 'from around town'}"
    feeling = choose(("likes to hear the news from", "is always glad to meet", "enjoys the company of"), name, other)
    return {
        "relationship": f"{known} and {feeling} {first_name(other)}." + (f" {sentence(heard['news'])}" if heard else "")
    }


# The lines


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
        seed = number(len(options), self.prompt.name, self.prompt.other, self.first_words, self.prompt.sheet("Today"))
        return options[(seed + salt) % len(options)]

    def said(self, words: str) -> bool:
        return any(words in line for _, line in self.lines)

    def own_news(self) -> list[str]:
        """What the speaker is up to, in its own words, as far as it has not said so."""
        name, today = self.prompt.name, self.prompt.today()
        told = [text for text in sentences(self.prompt.sheet("Currently")) if not appointments.is_over(text, today)]
        spoken = [sentence(first_person(text, name)) for text in told if " heard from " not in text]
        return [text for text in spoken if not self.said(text)]

    def heard_news(self) -> list[str]:
        """What others have told the speaker that is no news of the listener's own."""
        prompt, found = self.prompt, []
        memories = [
            *prompt.statements(f"What comes to the mind of {prompt.name}:"),
            *sentences(prompt.sheet("Currently")),
        ]
        for heard in filter(None, (_HEARD.match(bare(text)) for text in memories)):
            own = heard["source"] == prompt.other or prompt.other in heard["news"][: len(prompt.other) + 1]
            if heard["who"] == prompt.name and not own and not self.said(heard["news"]):
                found.append(f"{heard['source']} told me that {heard['news']}.")
        return list(dict.fromkeys(found))

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
    again = "have not talked before" not in scene.prompt.text
    return f"{_hello(scene)}, {scene.listener}! {'We meet again. ' if again and salt % 2 else ''}{scene.pick(questions, salt)}"


def _answer(scene: _Scene, salt: int) -> str:
    thanks = ("Thanks for asking.", "I'm well, only busy.", "It's a good day so far.", "I can't complain.")
    return f"{_hello(scene)}, {scene.listener}! {scene.pick(thanks, salt)} {_news(scene, salt)}"


def _react_and_tell(scene: _Scene, salt: int) -> str:
    return f"{_reaction(scene, salt)} {_news(scene, salt)}"


def _pass_on(scene: _Scene, salt: int) -> str:
    heard = scene.heard_news()
    if not heard:
        return _react_and_tell(scene, salt)
    return f"{_reaction(scene, salt)} {scene.pick(('Have you heard?', 'Here is something else:', 'By the way,'), salt)} {heard[salt % len(heard)]}"


def _react_and_ask(scene: _Scene, salt: int) -> str:
    questions = (
        "Is there anything I can do to help?",
        "Who else knows about it?",
        "How long have you been thinking about that?",
        "What made you begin with it?",
    )
    return f"{_reaction(scene, salt)} {scene.pick(questions, salt + len(scene.lines))}"


def _propose(scene: _Scene, salt: int) -> str:
    reasons = ("Let's talk about it at leisure.", "I would like to hear more.", "There is more to tell than I can now.")
    question = appointments.proposal(*_meeting(scene, salt))
    return f"{scene.pick(reasons, salt + len(scene.lines))} {question}"


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
    when = (
        "See you tomorrow"
        if scene.agreed()
        else choose(("See you soon", "Until next time", "Take care"), scene.first_words, salt)
    )
    partings = (
        "I should be getting on now.",
        "I had better be going.",
        "It was good to talk with you.",
        "I won't keep you any longer.",
    )
    return f"{scene.pick(partings, salt)} {when}, {scene.listener}!"


_SCRIPTS: tuple[tuple[_Beat, ...], ...] = (
    (_greet, _answer, _react_and_tell, _goodbye),
    (_greet, _answer, _react_and_tell, _pass_on, _goodbye),
    (_greet, _answer, _react_and_tell, _propose, _accept, _goodbye),
    (_greet, _answer, _react_and_tell, _pass_on, _propose, _accept, _goodbye),
    (_greet, _answer, _react_and_tell, _pass_on, _react_and_ask, _propose, _accept, _goodbye),
)


def _hello(scene: _Scene) -> str:
    times = clocks(scene.prompt.text.partition(" are at ")[2].split("\n")[0])
    hour = times[0] // 60 if times else 12
    return "Good morning" if hour < 11 else "Hello" if hour < 18 else "Good evening"


def _news(scene: _Scene, salt: int) -> str:
    own = scene.own_news()
    if own:
        return own[0]
    return scene.pick(
        ("I have told you all my news.", "Otherwise all is quiet with me.", "I'm taking things as they come."), salt
    )


def _reaction(scene: _Scene, salt: int) -> str:
    """To the other's last line: what one knows of a name in it, else what it was about."""
    for name in _names(scene.last_words, (scene.prompt.name, scene.prompt.other)):
        known = [text for text in scene.own_news() if re.search(rf"\b{re.escape(name)}\b", text)]
        if known:
            return f"{name}? That name means something to me."
    about = next((_subject(text) for text in sentences(scene.last_words) if _subject(text)), "")
    wordings = (
        "That sounds wonderful.",
        "I would never have guessed.",
        "Now that is news to me.",
        "I like the sound of that.",
    )
    return (
        f"{sentence(about)[:-1]}? {scene.pick(wordings, salt + len(scene.lines))}"
        if about
        else scene.pick(wordings, salt + len(scene.lines))
    )


def _subject(text: str) -> str:
    """What a spoken sentence is about, as a phrase of a few words; empty for small talk."""
    found = re.search(r"(?:\bI['’]m|\bis) (?!\w+ing\b[.!?]?$)(?:also |still )?(\w{3,}ing\b .+)", bare(text))
    return core(found[1], 6) if found and not re.match(r"going|being|getting|taking things", found[1]) else ""


def _names(text: str, known: tuple[str, ...]) -> list[str]:
    """Capitalised words within sentences that are not the names of the two who talk."""
    ours = {part for name in known for part in name.split()}
    found = re.findall(r"(?<=[a-z,\"“'‘] )[\"“'‘]?([A-Z]\w{2,})|[\"“]for ([A-Z]\w+)", text)
    return [word for pair in found for word in pair if word and word not in ours | _COMMON_NAMES]


def _meeting(scene: _Scene, salt: int) -> tuple[str, int]:
    usual = scene.prompt.sheet("Usual days")
    places = [place for place in dict.fromkeys(_PLACE.findall(usual)) if "'s house" not in place]
    place = choose(places or ["the park"], scene.prompt.name, scene.prompt.other, scene.prompt.sheet("Today"), salt)
    return place, 60 * next((hour for word, hour in _MEETING_HOURS if word in place.lower()), 16)


# What is kept


def _talked_lately(line: str) -> bool:
    """Whether the last talk was today and less than the usual hours ago; `line` holds the time now and then."""
    now, last, today = clocks(line)[:1], _LAST_TALKED.search(line), read_date(line)
    if not now or not last:
        return False
    same_day = today is None or (f"{today:%B}", today.day) == (last["month"], int(last["day"]))
    return same_day and now[0] - clocks(last["clock"])[0] < HOURS_BETWEEN_TALKS * 60


def _spoken_before_task(prompt: Prompt) -> list[tuple[str, str]]:
    lines = prompt.text.partition("\n\nTask: ")[0].splitlines()
    return [(speaker, words.strip()) for speaker, _, words in (line.partition(":") for line in lines)]


def _memo(name: str, other: str, lines: list[tuple[str, str]]) -> str:
    """What the other told last that is no small talk: first what it passed on, else its own news."""
    told = [text for speaker, words in lines if speaker == other for text in sentences(words)]
    passed_on = [found for text in told if (found := _TOLD.search(bare(text)))]
    own = [text for text in told if not text.endswith("?") and len(text) > 40 and not _TOLD.search(text)]
    if passed_on and number(2, name, other, passed_on[0]["news"]):
        return f"{name} heard from {passed_on[0]['source']} that {passed_on[0]['news']}."
    if own:
        return f"{name} heard from {other} that {_reported(max(own, key=len), other)}."
    return f"{name} had a friendly talk with {other} about {_topic(lines)}."


def _topic(lines: list[tuple[str, str]]) -> str:
    """The first matter of a talk, or the day."""
    told = (_subject(text) for _, words in lines for text in sentences(words))
    return next(filter(None, told), "how the day is going")


def _reported(text: str, speaker: str) -> str:
    reported = third_person(bare(text), speaker)
    return reported[0].lower() + reported[1:] if re.match(r"(?:The|A|An|There|It|They|Their) ", reported) else reported

"""The mock model's spoken lines: what somebody says next, beat by beat of a short script.

Knows the course of a talk: an answer to the last line, then something of one's own. A talk has four to eight lines;
how many is fixed by its first line; a second one on the same day is short.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from mock_llm import appointments, memos, talk, talk_words
from mock_llm.english import matter, sentence, sentences
from mock_llm.occasions import Occasion, occasion
from mock_llm.place_names import the
from mock_llm.prompt import Prompt, clocks, hour_text, number
from mock_llm.scene import Scene

_NAME = re.compile(r"(?<=[a-z,] )([A-Z]\w{2,})")
_TITLED = re.compile(r"\b(?:the|at|in|on) [A-Z]\w*(?: (?:[A-Z]\w*|&))*")
_CALENDAR = frozenset((*calendar.month_name, *calendar.day_name))
_MOST_WORDINGS = 8


def first_utterance(prompt: Prompt) -> dict[str, Any]:
    """The first line of a speaker, and what it feels about the listener."""
    return {"relationship": talk.relationship(prompt), **utterance(prompt)}


def utterance(prompt: Prompt) -> dict[str, Any]:
    """The line that the talk has reached."""
    scene = Scene.of(prompt)
    pair = sorted((prompt.name, prompt.other))
    scripts = _SCRIPTS[:_SHORT] if memos.last_talked_on(scene.last_talk, scene.today) == scene.today else _SCRIPTS
    script = scripts[number(len(scripts), *pair, scene.first_words)] if scene.lines else (_greet,)
    at = len(scene.lines)
    beat = script[at] if at < len(script) else _goodbye
    words, ends = _unsaid(scene, beat), beat is _goodbye
    return {"utterance": words, "end": ends, "about": talk.about([*scene.lines, (prompt.name, words)]) if ends else ""}


_Beat = Callable[[Scene, int], str]


def _unsaid(scene: Scene, beat: _Beat) -> str:
    """The beat in a wording of which no line has been used in this talk."""
    wordings = (beat(scene, salt) for salt in range(_MOST_WORDINGS))
    return next((words for words in wordings if not scene.said(words)), f"Well, {scene.listener}, that is all from me.")


# Beats


def _greet(scene: Scene, salt: int) -> str:
    return f"{_hello(scene)}, {scene.listener}! {_again(scene)}{scene.pick(talk_words.GREETINGS, salt)}"


def _answer(scene: Scene, salt: int) -> str:
    return f"{_hello(scene)}, {scene.listener}! {scene.pick(talk_words.WELL, salt)} {_contribution(scene, salt)}"


def _go_on(scene: Scene, salt: int) -> str:
    name, known = _known_name(scene)
    if name:
        return f"{name}? That name means something to me. {known}"
    return f"{_response(scene, salt)} {_contribution(scene, salt)}"


def _propose(scene: Scene, salt: int) -> str:
    agreed, meeting = scene.appointment(), scene.meeting(salt)
    if agreed or not meeting:
        return _go_on(scene, salt)
    lead = _response(scene, salt) if _is_asked(scene) else scene.pick(talk_words.REASONS, salt)
    return f"{lead} {appointments.proposal(*meeting)}"


def _accept(scene: Scene, salt: int) -> str:
    agreed = appointments.proposed(scene.last_words)
    if not agreed:
        return _go_on(scene, salt)
    place, hour = agreed
    tomorrow, minute = scene.today and scene.today + timedelta(days=1), clocks(hour)[0]
    if tomorrow and scene.is_promised(tomorrow, minute) and (other := scene.meeting(salt)):
        return f"At that hour I have promised to be elsewhere. {appointments.proposal(*other)}"
    wordings = (
        f"With pleasure, {hour} at {place} suits me.",
        f"Yes, let's do that. I'll be at {place} at {hour}.",
        f"Gladly. Tomorrow at {hour}, then, at {place}.",
    )
    return scene.pick(wordings, salt)


def _goodbye(scene: Scene, salt: int) -> str:
    wish = "See you tomorrow" if scene.agreed() else scene.pick(talk_words.WISHES, salt)
    parting = scene.pick(talk_words.PARTINGS, salt)
    if other := appointments.proposed(scene.last_words):
        return f"That suits me just as well, {other[1]} then. {parting} {wish}, {scene.listener}!"
    first = f"{_response(scene, salt)} " if _is_asked(scene) or _is_invited(scene) else ""
    if not first and (met := scene.appointment()) and not scene.agreed() and (when := _when(scene, met)):
        return f"{parting} I'm looking forward to seeing you {when} at {the(met.place)}, {scene.listener}!"
    return f"{first}{parting} {wish}, {scene.listener}!"


_SCRIPTS: tuple[tuple[_Beat, ...], ...] = (
    (_greet, _answer, _go_on, _goodbye),
    (_greet, _answer, _go_on, _go_on, _goodbye),
    (_greet, _answer, _go_on, _propose, _accept, _goodbye),
    (_greet, _answer, _go_on, _go_on, _propose, _accept, _goodbye),
    (_greet, _answer, _go_on, _go_on, _go_on, _propose, _accept, _goodbye),
)
_SHORT = 2


# What a line is made of


def _hello(scene: Scene) -> str:
    minute = scene.prompt.minute
    hour = 12 if minute is None else minute // 60
    return "Good morning" if hour < 11 else "Hello" if hour < 18 else "Good evening"


def _again(scene: Scene) -> str:
    """What one says to somebody met as agreed, or met before: on the same day, or not for some days."""
    if scene.is_appointed():
        return "Here we are, as we said. "
    last = memos.last_talked_on(scene.last_talk, scene.today)
    days = (scene.today - last).days if scene.today and last else 1
    if days in (0, 1):
        return "" if days else "We meet again. "
    return f"I haven't seen you since {last:%A}. " if 0 < days < 7 else "It has been a while. "


def _response(scene: Scene, salt: int) -> str:
    """What fits the other's last line."""
    said = sentences(scene.last_words)
    last = said[-1] if said else ""
    if last.endswith("?"):
        return scene.pick(talk_words.answers_to(last) or talk_words.WELL, salt)
    if invited := _invitation(scene):
        going = scene.is_going_to(invited.called)
        return f"I'm looking forward to {invited.called}." if going else scene.pick(talk_words.ON_INVITATIONS, salt)
    return f"{_echo(scene, last)}{scene.pick(_reactions(scene, last), salt)}"


# What is answered to each kind of line.
_ON_KINDS = (
    (talk_words.is_sad, talk_words.ON_SAD_NEWS),
    (talk_words.is_quiet, talk_words.ON_QUIET),
    (talk_words.is_sighting, talk_words.ON_SIGHTINGS),
    (talk_words.is_plan, talk_words.ON_PLANS),
    (talk_words.is_doing, talk_words.ON_DOINGS),
)


def _reactions(scene: Scene, last: str) -> tuple[str, ...]:
    for is_of_kind, reactions in _ON_KINDS:
        if is_of_kind(last):
            return reactions
    if " went well" in last:
        return talk_words.ON_GOOD_ENDS
    if talk_words.is_small_talk(last):
        return talk_words.ON_ANSWERS
    about = matter(talk_words.without_turn(last))
    return talk_words.ON_KNOWN if about and scene.knows(about) else talk_words.REACTIONS


def _echo(scene: Scene, last: str) -> str:
    """`Building a raft?` where the last line told of something to wonder at."""
    wondered_at = not talk_words.is_small_talk(last) and _reactions(scene, last) is talk_words.REACTIONS
    about = matter(talk_words.without_turn(last)) if wondered_at else ""
    return f"{sentence(about)[:-1]}? " if about else ""


def _contribution(scene: Scene, salt: int) -> str:
    """Something that has not been said: news first, then questions, doings, the past, plans and other people."""
    return next(_contributions(scene, salt), "") or scene.pick(talk_words.QUIET, salt)


def _contributions(scene: Scene, salt: int) -> Iterator[str]:
    own = scene.own_news[:1]
    heard = [f"{scene.pick(talk_words.TURNS, salt)} {news}" for news in scene.heard_news]
    heard = heard[salt % len(heard) :][:1] if heard else []
    yield from heard + own if len(scene.lines) > 1 and number(2, scene.first_words, len(scene.lines)) else own + heard
    options = [*_questions(scene, salt), *scene.doings[:2], *scene.past_of_ones_own[:1]]
    options += [*scene.plans[:1], *scene.sightings[:2]]
    fresh = [text for text in options if not scene.said(text)]
    if fresh:
        yield fresh[(number(len(fresh), scene.first_words, len(scene.lines)) + salt) % len(fresh)]


def _questions(scene: Scene, salt: int) -> list[str]:
    """About what the other has just told, or told at another time; one question is enough at a time."""
    said = sentences(scene.last_words)
    if not said or _is_asked(scene):
        return []
    told = not talk_words.is_small_talk(said[-1]) and matter(said[-1]) and talk_words.HEARSAY not in said[-1]
    about = [scene.pick(tuple(question for question, _ in talk_words.QUESTIONS), salt)] if told else []
    forms = talk_words.HOW_GOES
    return about + [scene.pick(forms, salt).format(matter=known) for known in scene.matters_of_the_listener[:2]]


def _is_asked(scene: Scene) -> bool:
    """Whether the last line ends with a question that wants an answer."""
    return bool(len(scene.lines) > 1 and talk_words.answers_to(scene.last_words))


def _is_invited(scene: Scene) -> bool:
    return _invitation(scene) is not None


def _invitation(scene: Scene) -> Occasion | None:
    """What the other has just asked the speaker to, still ahead."""
    for text in sentences(scene.last_words):
        found = occasion(text, scene.today) if talk_words.HEARSAY not in text else None
        if found and found.given and scene.today and found.day >= scene.today:
            return found
    return None


def _known_name(scene: Scene) -> tuple[str, str]:
    """A name in the other's last line that the speaker has something to tell about, and what."""
    ours = {part for name in (scene.prompt.name, scene.prompt.other) for part in name.split()}
    for name in _NAME.findall(_TITLED.sub("", scene.last_words)):
        known = [text for text in scene.own_news if re.search(rf"\b{re.escape(name)}\b", text)]
        if name not in ours | _CALENDAR and known:
            return name, known[0]
    return "", ""


def _when(scene: Scene, met: appointments.Engagement) -> str:
    """`tomorrow at 5pm`; nothing for days further away."""
    if scene.today is None:
        return ""
    day = {0: "today", 1: "tomorrow"}.get((met.day - scene.today).days, "")
    return f"{day} at {hour_text(met.start)}" if day else ""

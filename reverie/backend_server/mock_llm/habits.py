"""A persona's habits as times of day: what the prose of its identity sheet says of hours, doings and places.

Knows how people write such sentences (`opens the bakery at 7am, eats lunch at the cafe around noon`); plans no day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mock_llm.english import COMMON_VERBS, first_name, gerund, sentences, third_form
from mock_llm.place_names import held_together, let_go, mentioned_place, without_place
from mock_llm.prompt import clocks

_TIME = r"(?:\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|\d{1,2}:\d\d\b|noon\b|midday\b|midnight\b)"
_NEAR = r"(?:about |around |roughly |almost )?"
_RANGE = re.compile(rf"\b(?:from|between) {_NEAR}({_TIME}) (?:to|until|till|and) {_NEAR}({_TIME})", re.I)
_UNTIL = re.compile(rf"\b(?:until|till|to) {_NEAR}({_TIME})", re.I)
_AT = re.compile(rf"\b(?:(?:at|around|about|by|from|after|before|shortly|just|every day) )*({_TIME})", re.I)
_DAY_PARTS = (
    (re.compile(r"\b(?:in the |every |most |early )?mornings?\b", re.I), 9 * 60),
    (re.compile(r"\b(?:at lunch ?time|over lunch|in his lunch break|in her lunch break)\b", re.I), 12 * 60),
    (re.compile(r"\bafter lunch\b", re.I), 13 * 60),
    (re.compile(r"\b(?:in the |every |most )?(?:late )?afternoons?\b", re.I), 15 * 60),
    (re.compile(r"\bafter work\b", re.I), 17 * 60 + 15),
    (re.compile(r"\bafter (?:dinner|supper)\b", re.I), 19 * 60 + 30),
    (re.compile(r"\b(?:in the |the |every |most )?evenings?\b", re.I), 19 * 60 + 30),
)
_SPLIT = re.compile(r"(,? and then |,? then |, and | and |, |; )")
_LEAD = (
    r"(?:(?:on|in|at|after|around|from|most|every|before|usually|often|always|also|then|sometimes)\b[^,]{0,40}?,? )?"
)
_VERBS = {form for verb in COMMON_VERBS for form in (verb, third_form(verb), gerund(verb))} | {"is", "are"}
_DOING = re.compile(
    rf"(?P<lead>{_LEAD})(?:(?:she|he|they) )?(?:(?:usually|often|always|also|then|sometimes|mostly) )?"
    rf"(?P<verb>{'|'.join(sorted(_VERBS, key=len, reverse=True))})\b(?P<rest>.*)",
    re.I,
)
_LENGTHS = (
    (("open", "clos", "unlock"), 30),
    (("breakfast", "coffee", "tea", "walk", "stroll", "buy", "pick up", "fetch", "call", "check", "drop"), 45),
    (("lunch", "dinner", "supper", "eat"), 60),
    (("work", "teach", "serve", "stud", "research", "run"), 240),
)
_USUAL_LENGTH = 90


@dataclass(frozen=True)
class Habit:
    """Something done at a time of day: minutes since midnight; `end` None where the text names none."""

    start: int | None
    end: int | None
    activity: str
    place: str = ""


def lifestyle_hours(lifestyle: str) -> tuple[int, int, int]:
    """When one gets up, eats dinner and goes to bed, in minutes since midnight; bed may be after 1440."""
    up = _time_after(lifestyle, r"(?:a?wakes? up|gets? up|rises?)", 7 * 60)
    bed = _time_after(lifestyle, r"(?:to bed|asleep|sleeps?)", 23 * 60)
    dinner = _time_after(lifestyle, r"(?:dinner|supper)", 18 * 60)
    return up, dinner, bed if bed > up else bed + 1440


def habits(usual_days: str, name: str, places: Sequence[str]) -> list[Habit]:
    """The habits told in prose, in the order of the day, each with an end.

    Args:
        places: the names of the sectors the persona knows; a habit keeps the one it mentions.
    """
    told: list[Habit] = []
    for text in sentences(usual_days):
        clauses = (_habit(let_go(clause), name, places) for clause in _clauses(held_together(text, places), name))
        told += _placed([habit for habit in clauses if habit])
    return _ended(sorted(_begun(_resumed(told)), key=lambda habit: habit.start or 0))


def _clauses(text: str, name: str) -> list[str]:
    """The parts of a sentence that say something done: they begin with a verb, a subject or a time."""
    pieces = _SPLIT.split(text)
    clauses = [pieces[0]]
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if _verb_at_head(piece, name) and _verb_at_head(clauses[-1], name):
            clauses.append(piece)
        else:
            clauses[-1] += joint + piece
    return clauses


def _verb_at_head(clause: str, name: str) -> re.Match[str] | None:
    named = re.compile(rf"\b(?:{re.escape(name)}|{re.escape(first_name(name))})\b")
    return _DOING.match(named.sub("she", clause.strip()))


def _habit(clause: str, name: str, places: Sequence[str]) -> Habit | None:
    found = _verb_at_head(clause.strip(" .,"), name)
    if not found:
        return None
    start, end, lead, rest = _times(found["lead"], found["rest"])
    place = "home" if re.search(r"\bat home\b|\bhomes?\b", rest) else mentioned_place(f"{lead} {rest}", places)
    activity = _tidy(f"{gerund(found['verb'].lower())} {without_place(rest, place, places)}")
    return Habit(start, end, _spoken(activity), place)


def _times(lead: str, rest: str) -> tuple[int | None, int | None, str, str]:
    """The start and the end a clause names, and the clause without them."""
    both = f"{lead}\x00{rest}"
    if found := _RANGE.search(both):
        first, last = clocks(found[0])[:2]
        return first, last, *_without(found, both)
    end = None
    if found := _UNTIL.search(both):
        end = clocks(found[1])[0] if clocks(found[1]) else None
        both = "\x00".join(_without(found, both))
    for pattern, minute in ((_AT, None), *_DAY_PARTS):
        if found := pattern.search(both):
            named = clocks(found[0])
            return (named[0] if named else minute), end, *_without(found, both)
    return None, end, *both.split("\x00")


def _without(found: re.Match[str], text: str) -> tuple[str, str]:
    lead, _, rest = (text[: found.start()] + text[found.end() :]).partition("\x00")
    return lead, rest


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,.;")
    return re.sub(r"(?: (?:at|in|to|for|from|and|every day|each day|around|about))+$", "", text)


def _spoken(activity: str) -> str:
    """Bare gerunds that say nothing alone, made into something one does."""
    return {"opening": "opening up", "closing": "closing up", "going": "spending time", "being": "spending time"}.get(
        activity, re.sub(r"^(?:going|heading|coming|returning|being|stopping|dropping)\b", "spending time", activity)
    )


def _placed(told: list[Habit]) -> list[Habit]:
    """Within a sentence, what names no place happens where the thing before it does."""
    placed: list[Habit] = []
    for habit in told:
        before = placed[-1].place if placed else ""
        placed.append(habit if habit.place else replace(habit, place=before))
    return placed


def _resumed(told: list[Habit]) -> list[Habit]:
    """`works again` and `goes back to the library` mean what was done there before."""
    resumed: list[Habit] = []
    for habit in told:
        verb = habit.activity.split(" ")[0]
        alike = [other for other in resumed if other.place == habit.place and " back" in habit.activity]
        alike += [other for other in resumed if other.activity.startswith(verb) and "again" in habit.activity]
        resumed.append(replace(habit, activity=alike[-1].activity, place=alike[-1].place) if alike else habit)
    return resumed


def _begun(told: list[Habit]) -> list[Habit]:
    """Habits without a start follow the one before; with an end of their own, the first one told of that place."""
    begun: list[Habit] = []
    for habit in told:
        if habit.start is None:
            before = begun[-1] if begun else Habit(8 * 60, 8 * 60, "")
            if habit.end is not None and habit.place:
                before = next((other for other in begun if other.place == habit.place), before)
            after = before.end if before.end is not None else (before.start or 0) + _length(before.activity)
            habit = replace(habit, start=min(after, 22 * 60))
        begun.append(habit)
    return begun


def _ended(begun: list[Habit]) -> list[Habit]:
    """Habits without an end last as long as such things do, at most until the next begins."""
    following = [*(habit.start for habit in begun[1:]), None]
    ended = []
    for habit, after in zip(begun, following, strict=False):
        start = habit.start or 0
        end = habit.end if habit.end is not None and habit.end > start else start + _length(habit.activity)
        if habit.end is None and after is not None and after > start:
            end = min(end, after)
        ended.append(replace(habit, start=start, end=min(end, 1440)))
    return ended


def _length(activity: str) -> int:
    return next((minutes for words, minutes in _LENGTHS if any(word in activity for word in words)), _USUAL_LENGTH)


def _time_after(text: str, words: str, otherwise: int) -> int:
    found = re.search(rf"{words}[^.,]*?({_TIME})", text, re.I)
    times = clocks(found[1]) if found else []
    return times[0] if times else otherwise

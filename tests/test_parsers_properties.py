"""For any answer, a parser quickly returns a value that satisfies its contract or raises ParseError.

Knows the parsers' promises; not any particular answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import emoji
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import reading
from persona.prompt_template import parsers

pytestmark = pytest.mark.filterwarnings("error")

checked = settings(suppress_health_check=[HealthCheck.too_slow])

SPEAKER = "Nora Quill"
ZEROS = "0٠۰०๐０"
OFFERED = ["Kettle & Crumb Cafe", "Tomas Reyes's house", "kitchen", "厨房", "the Lantern Pub"]

# Pieces that answers are made of, so that random texts come close to real ones.
PIECES = st.sampled_from(
    [
        *("1) ", "2. ", "- ", "| ", "|---|", "**", "```json\n", "```", "<think>", "</think>", "<fill in>", "\n", " "),
        *(", ", "{", "}", "[", "]", '"', "'", "“", "”", ":", "：", "，", "(", ")", "（", "/", "\\", "…", "#", "~", "*"),
        *("07:00", "7 AM", "12 pm", "noon", "0700", "24:00", "10 min", "1 hour", "0", "5/10", "-3", "99999", "1e999"),
        *("Answer:", "Nora Quill", " is ", "sleeping", "Yes", "no", "Option 2", "because of 1, 99", "null", "Insight"),
        *("😴", "🏃\u200d♂️", "\u200d", "🇳", "🇱", "👋🏽", "1️⃣", "\ud83d", "U+1F634", "U+D800", ":cat:", "©"),
        *("睡觉", "无", "见解：", "早上7点半", "読書", "сон", "كتاب", "½", "²", "٧", "\x00", "\ufeff", "\u2028"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))
NAMES = ["start", "end", "activity", "task", "minutes", "insight", "evidence", "output", "error", "reason"]
KEYS = st.sampled_from(NAMES) | st.text(max_size=10)
SCALARS = st.none() | st.booleans() | st.integers() | st.integers(10**18, 10**400) | st.floats() | TEXTS
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
JSON_TEXTS = JSON_VALUES.map(lambda value: json.dumps(value)[:4000])
ANSWERS = TEXTS | JSON_VALUES | JSON_TEXTS
OTHER_SCRIPTS = st.text(alphabet=st.characters(categories=["Lo", "Nd", "Po", "Mn"]), max_size=40)


# What parsers promise


class Promise(NamedTuple):
    """A parser, its usual arguments, the property of its value, and the arguments to test it with."""

    parser: Callable[..., Any]
    usual: tuple[Any, ...]
    holds: Callable[..., bool]
    arguments: st.SearchStrategy[tuple[Any, ...]] | None = None


def is_clean(text: str) -> bool:
    """Whether a text can be shown, saved and used in a sentence."""
    return bool(text.strip() and text.encode("utf-8")) and "\x00" not in text


def is_phrase(text: str | None, *_: Any) -> bool:
    return text is None or (is_clean(text) and "\n" not in text and len(text) <= 50)


def fills(rows: Any, minutes: int) -> bool:
    return sum(length for _, length in rows) == minutes and all(is_clean(text) and length > 0 for text, length in rows)


def is_a_day(rows: Any, wake: int) -> bool:
    return fills(rows, 1440) and (wake == 0 or (rows[0][0] == "sleeping" and rows[0][1] >= wake))


def are_insights(insights: Any, count: int) -> bool:
    return bool(insights) and all(
        is_clean(text) and set(evidence) <= set(range(count)) and len(evidence) == len(set(evidence))
        for text, evidence in insights
    )


FIELDS = st.lists(st.sampled_from(["hour", "plan", "output", "end"]), min_size=1, max_size=3, unique=True)
MINUTE = st.integers(0, 1439)
PROMISES = {
    "fields": Promise(
        lambda answer, names: parsers.fields(answer if isinstance(answer, str) else json.dumps(answer), names),
        (["hour", "plan"],),
        lambda found, _: bool(found) and all(value is not None for value in found.values()),
        st.tuples(FIELDS),
    ),
    "hour": Promise(parsers.hour, (), lambda minute: type(minute) is int and 0 <= minute < 1440),
    "rating": Promise(parsers.rating, (1, 10), lambda found, *_: type(found) is int and 1 <= found <= 10),
    "ratings": Promise(
        parsers.ratings,
        (5,),
        lambda found, count: len(found) == count and all(rating is None or 1 <= rating <= 10 for rating in found),
        st.tuples(st.integers(0, 6)),
    ),
    "choice": Promise(
        parsers.choice,
        (OFFERED,),
        lambda chosen, offered: chosen in offered,
        st.tuples(st.just(OFFERED) | st.lists(st.text(max_size=30), max_size=5)),
    ),
    "yes_no": Promise(parsers.yes_no, (), lambda verdict: type(verdict) is bool),
    "triple": Promise(
        parsers.triple,
        (SPEAKER,),
        lambda triple, subject: len(triple) == 3 and triple[0] == subject and all(map(is_clean, triple)),
    ),
    "emoji_of": Promise(
        parsers.emoji_of,
        (2,),
        lambda found, most: emoji.purely_emoji(found) and 1 <= emoji.emoji_count(found) <= most,
        st.tuples(st.integers(1, 3)),
    ),
    "sentence": Promise(parsers.sentence, (50,), is_phrase),
    "prose": Promise(parsers.prose, (50,), is_phrase),
    "memo": Promise(parsers.memo, (SPEAKER, 50), is_phrase),
    "activity": Promise(parsers.activity, (SPEAKER, 50), is_phrase),
    "topic": Promise(parsers.topic, ((SPEAKER,), 50), is_phrase),
    "utterance": Promise(parsers.utterance, (SPEAKER, 50), is_phrase),
    "turn": Promise(
        parsers.turn, (SPEAKER,), lambda turn, _: type(turn[1]) is bool and bool(turn[0].strip() or turn[1])
    ),
    "lines": Promise(parsers.lines, (), lambda lines: bool(lines) and all(map(is_clean, lines))),
    "tasks": Promise(
        reading.tasks,
        (60, SPEAKER),
        lambda rows, minutes, _: fills(rows, minutes),
        st.tuples(st.integers(1, 300), st.just(SPEAKER)),
    ),
    "hourly": Promise(reading.hourly, (420,), is_a_day, st.tuples(MINUTE)),
    "schedule_block": Promise(
        reading.schedule_block,
        (540, 660),
        lambda rows, start, end: fills(rows, end - start if end > start else end - start + 1440),
        st.tuples(MINUTE, st.integers(0, 1440)),
    ),
    "insights": Promise(parsers.insights, (10,), are_insights, st.tuples(st.integers(0, 10))),
}


def keeps_its_promise(promise: Promise, answer: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether the value satisfies the contract; or the answer is unreadable, with a short reason that can be sent."""
    try:
        return promise.holds(promise.parser(answer, *arguments), *arguments)
    except parsers.ParseError as error:
        return 0 < len(str(error).encode("utf-8")) < 1000


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
@checked
@given(answer=ANSWERS | OTHER_SCRIPTS, data=st.data())
def test_parsers_keep_their_contract_for_any_answer(promise, answer, data):
    arguments = promise.usual if promise.arguments is None else data.draw(promise.arguments)
    assert keeps_its_promise(promise, answer, arguments)


@pytest.mark.parametrize(
    ("answer", "wake"),
    [("0:00:000<", 0), ("0:00:000<", 1439), ("23:59 x\n7:00 sleeping", 420), ("23:59 x\n7:00 sleeping", 60)],
)
def test_a_day_has_1440_minutes_whenever_it_begins(answer, wake):
    assert is_a_day(reading.hourly(answer, wake), wake)


@checked
@given(OTHER_SCRIPTS)
def test_times_in_a_text_are_minutes_of_the_day(text):
    assert all(0 <= minute < 1440 for minute in parsers.times(text))


@checked
@given(
    st.sampled_from(OFFERED), st.sampled_from(["{}", "{}.", "Answer: {{{}}}", '"{}"', "**{}**", '{{"place": "{}"}}'])
)
def test_an_offered_name_is_found_in_every_wrapping(name, wrapping):
    assert parsers.choice(wrapping.format(name), OFFERED) == name
    assert parsers.choice(wrapping.format(name).upper(), OFFERED) == name


@checked
@given(st.sampled_from(ZEROS), MINUTE)
def test_a_time_is_read_in_digits_of_any_script(zero, minute):
    written = "".join(chr(ord(zero) + int(d)) if d != ":" else d for d in f"{minute // 60:02d}:{minute % 60:02d}")
    assert parsers.hour(written) == parsers.times(written)[0] == minute


@given(st.text(alphabet="面条咖啡馆 ").filter(str.strip), st.integers(10, 60))
def test_a_shortened_text_keeps_at_least_half_of_the_limit(text, most):
    assert most // 2 <= len(parsers.sentence("面" + text * 60, most)) <= most


WRAPPINGS = ["{}", "```json\n{}\n```", "Sure! Here it is:\n{}\nI hope this helps.", "<think>{{</think>{}"]


@checked
@given(JSON_VALUES, st.sampled_from(WRAPPINGS))
def test_a_named_field_is_found_in_every_wrapping(value, wrapping):
    text = json.dumps({"plan": value, "extra": 1})
    assume("think>" not in text.lower() and "Infinity" not in text)
    assert parsers.fields(wrapping.format(text), ["plan", "extra"])["extra"] == 1


# Soon

LONG = 10_000
REPEATED = [
    *(" ", "\n", " \n", "a", "7", "7 ", "7:", "07:00 ", "10 min ", "1,", "1) ", "2. x ", "(", "(1,", "[", "[[", "{"),
    *('{"a":', '{"a": "', "<", "<think>", '"', "'", "*", "| ", "-", ", ", "，", "：", "\\_", "```", "Nora Quill: "),
    *("\nAb: x", "because of 1 ", "answer: ", "yes or ", "about ", " between Nora Quill", "rate it ", "😴", "U+1F634 "),
    "睡",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", REPEATED)
def test_a_long_answer_is_read_without_backtracking(piece):
    """With a pattern of quadratic time or worse this test would take minutes."""
    text = (piece * LONG)[:LONG] + "!"
    for promise in PROMISES.values():
        assert keeps_its_promise(promise, text, promise.usual)

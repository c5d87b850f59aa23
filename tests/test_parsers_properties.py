"""Whatever a model answers, a reader returns a value that holds its promise or raises ParseError, soon.

Knows the parsers' promises; must not know any particular answer.
"""

from __future__ import annotations

import json
from typing import Any

import emoji
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import reading
from persona.prompt_template import parsers

pytestmark = pytest.mark.filterwarnings("error")

checked = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)

SPEAKER = "Nora Quill"
OFFERED = ["Kettle & Crumb Cafe", "Tomas Reyes's house", "kitchen", "厨房", "the Lantern Pub"]

# Pieces that answers are made of, so that random texts come close to real ones.
PIECES = st.sampled_from(
    [
        *(
            "1) ",
            "2. ",
            "- ",
            "| ",
            "|---|",
            "**",
            "```json\n",
            "```",
            "<think>",
            "</think>",
            "<fill in>",
            "\n",
            " ",
            ", ",
        ),
        *("{", "}", "[", "]", '"', "'", "“", "”", ":", "：", "，", "(", ")", "（", "/", "\\", "…", "#", "~", "*"),
        *("07:00", "7 AM", "12 pm", "noon", "0700", "24:00", "10 min", "1 hour", "0", "5/10", "-3", "99999", "1e999"),
        *("Answer:", "Nora Quill", " is ", "sleeping", "Yes", "no", "Option 2", "because of 1, 99", "null", "Insight"),
        *("😴", "🏃\u200d♂️", "\u200d", "🇳", "🇱", "👋🏽", "1️⃣", "\ud83d", "U+1F634", "U+D800", ":cat:", "©"),
        *("睡觉", "无", "见解：", "早上7点半", "読書", "сон", "كتاب", "½", "²", "٧", "\x00", "\ufeff", "\u2028"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))
KEYS = st.one_of(
    st.sampled_from(
        ["start", "end", "activity", "task", "minutes", "insight", "evidence", "output", "error", "reason"]
    ),
    st.text(max_size=10),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(min_value=10**18, max_value=10**400), st.floats(), TEXTS
)
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=12,
)
JSON_TEXTS = JSON_VALUES.map(lambda value: json.dumps(value)[:4000])
ANSWERS = st.one_of(TEXTS, JSON_VALUES, JSON_TEXTS)


def assert_read_or_refused(reader, *args) -> Any:
    """What the reader returns; None when it finds the answer unreadable and says why."""
    try:
        return reader(*args)
    except parsers.ParseError as error:
        assert str(error)
        assert len(str(error)) < 1000
        str(error).encode("utf-8")
        return None


def assert_clean(text: str) -> None:
    """A text that can be shown, saved and put in a sentence."""
    assert text.strip()
    text.encode("utf-8")
    assert "\x00" not in text


def assert_fills(rows, minutes: int) -> None:
    assert sum(length for _, length in rows) == minutes
    for text, length in rows:
        assert_clean(text)
        assert length > 0


@checked
@given(ANSWERS)
def test_an_hour_is_a_minute_of_the_day(answer):
    minute = assert_read_or_refused(parsers.hour, answer)
    assert minute is None or (type(minute) is int and 0 <= minute < 1440)


@checked
@given(ANSWERS)
def test_a_rating_lies_in_its_range(answer):
    rating = assert_read_or_refused(parsers.rating, answer, 1, 10)
    assert rating is None or (type(rating) is int and 1 <= rating <= 10)


@checked
@given(ANSWERS, st.integers(min_value=0, max_value=6))
def test_ratings_are_as_many_as_asked_and_in_range(answer, count):
    ratings = assert_read_or_refused(parsers.ratings, answer, count)
    if ratings is not None:
        assert len(ratings) == count
        assert all(rating is None or 1 <= rating <= 10 for rating in ratings)


@checked
@given(ANSWERS, st.one_of(st.just(OFFERED), st.lists(st.text(max_size=30), max_size=5)))
def test_a_choice_is_one_of_the_offered(answer, offered):
    chosen = assert_read_or_refused(parsers.choice, answer, offered)
    assert chosen is None or chosen in offered


@checked
@given(
    st.sampled_from(OFFERED), st.sampled_from(["{}", "{}.", "Answer: {{{}}}", '"{}"', "**{}**", '{{"place": "{}"}}'])
)
def test_an_offered_name_is_found_in_every_dress(name, dress):
    assert parsers.choice(dress.format(name), OFFERED) == name
    assert parsers.choice(dress.format(name).upper(), OFFERED) == name


@checked
@given(ANSWERS)
def test_a_verdict_is_yes_or_no(answer):
    assert assert_read_or_refused(parsers.yes_no, answer) in (True, False, None)


@checked
@given(ANSWERS)
def test_a_triple_has_three_parts_none_of_them_empty(answer):
    triple = assert_read_or_refused(parsers.triple, answer, SPEAKER)
    if triple is not None:
        assert len(triple) == 3
        assert triple[0] == SPEAKER
        for part in triple:
            assert_clean(part)


@checked
@given(ANSWERS, st.integers(min_value=1, max_value=3))
def test_emoji_are_whole_and_nothing_else(answer, most):
    found = assert_read_or_refused(parsers.emoji_of, answer, most)
    if found is not None:
        assert emoji.purely_emoji(found)
        assert 1 <= emoji.emoji_count(found) <= most


@checked
@given(ANSWERS)
def test_phrases_are_clean_and_short_enough(answer):
    phrases = [
        assert_read_or_refused(parsers.sentence, answer, 50),
        assert_read_or_refused(parsers.prose, answer, 50),
        assert_read_or_refused(parsers.memo, answer, SPEAKER, 50),
        assert_read_or_refused(parsers.activity, answer, SPEAKER, 50),
        assert_read_or_refused(parsers.topic, answer, (SPEAKER,), 50),
        assert_read_or_refused(parsers.utterance, answer, SPEAKER, 50),
    ]
    for text in phrases:
        if text is not None:
            assert_clean(text)
            assert "\n" not in text
            assert len(text) <= 50


@checked
@given(ANSWERS)
def test_a_turn_says_something_or_ends(answer):
    turn = assert_read_or_refused(parsers.turn, answer, SPEAKER)
    if turn is not None:
        line, ends = turn
        assert type(ends) is bool
        assert line.strip() or ends


@checked
@given(ANSWERS)
def test_lines_are_clean_and_at_least_one(answer):
    lines = assert_read_or_refused(parsers.lines, answer)
    if lines is not None:
        assert lines
        for line in lines:
            assert_clean(line)


@checked
@given(ANSWERS, st.integers(min_value=1, max_value=300))
def test_tasks_fill_their_block(answer, minutes):
    rows = assert_read_or_refused(reading.tasks, answer, minutes, SPEAKER)
    if rows is not None:
        assert_fills(rows, minutes)


@checked
@given(ANSWERS, st.integers(min_value=-10, max_value=1500))
def test_a_day_has_1440_minutes_and_begins_asleep(answer, wake):
    rows = assert_read_or_refused(reading.hourly, answer, wake)
    if rows is not None:
        assert_fills(rows, 1440)
        assert wake <= 0 or (rows[0][0] == "sleeping" and rows[0][1] >= min(wake, 1439))


@checked
@given(ANSWERS, st.integers(min_value=0, max_value=1439), st.integers(min_value=0, max_value=1440))
def test_a_rewritten_part_fills_its_block(answer, start, end):
    rows = assert_read_or_refused(reading.schedule_block, answer, start, end)
    if rows is not None:
        assert_fills(rows, end - start if end > start else end - start + 1440)


@checked
@given(ANSWERS, st.integers(min_value=0, max_value=10))
def test_insights_have_texts_and_evidence_that_exists(answer, count):
    insights = assert_read_or_refused(parsers.insights, answer, count)
    if insights is not None:
        assert insights
        for text, evidence in insights:
            assert_clean(text)
            assert all(0 <= index < count for index in evidence)
            assert len(evidence) == len(set(evidence))


@checked
@given(
    TEXTS | JSON_TEXTS,
    st.lists(st.sampled_from(["hour", "plan", "output", "end"]), min_size=1, max_size=3, unique=True),
)
def test_fields_are_never_null(answer, names):
    found = assert_read_or_refused(parsers.fields, answer, names)
    if found is not None:
        assert found
        assert all(value is not None for value in found.values())


WRAPPINGS = ["{}", "```json\n{}\n```", "Sure! Here it is:\n{}\nI hope this helps.", "<think>{{</think>{}"]


@checked
@given(JSON_VALUES, st.sampled_from(WRAPPINGS))
def test_a_named_field_is_found_in_every_wrapping(value, wrapping):
    text = json.dumps({"plan": value, "extra": 1})
    assume("think>" not in text.lower() and "Infinity" not in text)
    assert parsers.fields(wrapping.format(text), ["plan", "extra"])["extra"] == 1


READERS = {
    "fields": lambda text: parsers.fields(text, ["hour", "plan"]),
    "hour": parsers.hour,
    "rating": parsers.rating,
    "ratings": lambda text: parsers.ratings(text, 5),
    "choice": lambda text: parsers.choice(text, OFFERED),
    "yes_no": parsers.yes_no,
    "triple": lambda text: parsers.triple(text, SPEAKER),
    "emoji_of": parsers.emoji_of,
    "sentence": lambda text: parsers.sentence(text),
    "prose": parsers.prose,
    "memo": lambda text: parsers.memo(text, SPEAKER),
    "activity": lambda text: parsers.activity(text, SPEAKER),
    "topic": lambda text: parsers.topic(text, (SPEAKER,)),
    "utterance": lambda text: parsers.utterance(text, SPEAKER),
    "turn": lambda text: parsers.turn(text, SPEAKER),
    "lines": parsers.lines,
    "tasks": lambda text: reading.tasks(text, 60, SPEAKER),
    "hourly": lambda text: reading.hourly(text, 420),
    "schedule_block": lambda text: reading.schedule_block(text, 540, 660),
    "insights": lambda text: parsers.insights(text, 10),
}

LONG = 10_000
REPEATED = [
    *(
        " ",
        "\n",
        " \n",
        "a",
        "7",
        "7 ",
        "7:",
        "07:00 ",
        "10 min ",
        "1,",
        "1) ",
        "2. x ",
        "(",
        "(1,",
        "[",
        "[[",
        "{",
        '{"a":',
    ),
    *('{"a": "', "<", "<think>", '"', "'", "*", "| ", "-", ", ", "，", "：", "\\_", "```", "Nora Quill: ", "\nAb: x"),
    *("because of 1 ", "answer: ", "yes or ", "about ", " between Nora Quill", "rate it ", "😴", "U+1F634 ", "睡"),
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", REPEATED)
def test_a_long_answer_is_read_without_searching_back_and_forth(piece):
    """A pattern that takes quadratic time or worse would hold this test for minutes."""
    text = (piece * LONG)[:LONG] + "!"
    for reader in READERS.values():
        assert_read_or_refused(reader, text)

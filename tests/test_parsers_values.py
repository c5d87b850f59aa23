"""What the parsers of single values (hours, ratings, choices, verdicts, triples, emoji) make of how they are written.

Knows the parsers' promises by example; the forms seen in the wild are in test_parsers_answers.py.
"""

from __future__ import annotations

import pytest

from persona.prompt_template import parsers
from reading import unreadable

NORA = "Nora Quill"
PLACES = ["Kettle & Crumb Cafe", "River Park", "Nora Quill's house", "Tomas Reyes's house", "bathroom", "main room"]


# Hours


@pytest.mark.parametrize(
    ("value", "clock"),
    [
        *((7, "07:00"), (7.5, "07:30"), (0, "00:00"), (24, "00:00"), (630, "06:30")),
        *(("630", "06:30"), ("1830", "18:30"), ("0600 hours", "06:00"), ("7h30", "07:30"), ("7.30 am", "07:30")),
        *(("7 o'clock", "07:00"), ("half past six", "06:30"), ("seven am", "07:00"), ("7 p. m.", "19:00")),
        *(("12:30 AM", "00:30"), ("12 pm", "12:00"), ("midnight", "00:00"), ("24:00", "00:00")),
        *(("from 11 to 1 pm", "11:00"), ("around 6:30-7:00 am", "06:30"), ("7:00 - 8:00", "07:00")),
        *(("I sleep 8 hours and get up at 6", "06:00"), ("On May 13 I get up at 6 am", "06:00")),
        *(("早上7点半", "07:30"), ("晚上 11 点", "23:00"), ("７：３０", "07:30")),
        *(({"hour": "07:00"}, "07:00"), ('{"hour": 7 AM}', "07:00"), (["07:00"], "07:00")),
    ],
)
def test_an_hour_is_read(value, clock):
    minute = parsers.hour(value)
    assert f"{minute // 60:02d}:{minute % 60:02d}" == clock


@pytest.mark.parametrize("value", [True, 25, "-5", "25:00", "early", "", float("nan"), 10**400])
def test_no_hour_is_unreadable(value):
    assert unreadable(parsers.hour, value)


# Ratings


@pytest.mark.parametrize(
    ("value", "rating"),
    [
        *(("On a scale of 1 to 10, I would rate this a 7.", 7), ("Rating: 8 (on a scale of 1-10)", 8), ("85/100", 9)),
        *(("3 out of 10", 3), ("7-8", 7), ("Score: **6**", 6), ("1 - mundane", 1), ("ten", 10), ("#5", 5), (7.5, 8)),
        *(("I would rate washing up (2 minutes) as 1", 1), ("At 7 am: 3", 3), ({"poignancy": "6", "why": "2 rows"}, 6)),
    ],
)
def test_a_rating_is_read(value, rating):
    assert parsers.rating(value) == rating


@pytest.mark.parametrize("value", [0, 11, "0", "11", "-3", "N/A", "2023", True, 0.4, float("inf")])
def test_a_rating_out_of_range_is_unreadable(value):
    assert "from 1 to 10" in unreadable(parsers.rating, value)


@pytest.mark.parametrize(
    ("value", "ratings"),
    [
        ("1. 5\n2. seven\n3. hard to say", [5, 7, None]),
        ([5, "6/10", None], [5, 6, None]),
        ({"1": 5, "3": 2}, [5, None, 2]),
        ([{"id": 1, "rating": 5}, {"id": 2, "rating": 6}], [5, 6, None]),
        ("5, 3, 8", [5, 3, 8]),
        ("1) 4 2) 5 3) 6", [4, 5, 6]),
        ("Here are the ratings:\n1: 5\n2: 3\n3: 1", [5, 3, 1]),
        ("| # | Event | Rating |\n|---|---|---|\n| 1 | washing up | 1 |\n| 2 | a wedding | 9 |", [1, 9, None]),
        ("1. waking up at 7: 3\n2. a talk with Ida - 6\n3. 42 sheep: 1", [3, 6, 1]),
        ("[1, 2, 3, 4]", [1, 2, 3]),
    ],
)
def test_ratings_are_read_each_for_its_statement(value, ratings):
    assert parsers.ratings(value, 3) == ratings


def test_ratings_none_of_which_can_be_read_are_unreadable():
    assert unreadable(parsers.ratings, ["high", "low"], 2)


# Choices


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        *(("Nora's house", "Nora Quill's house"), ("cafe", "Kettle & Crumb Cafe"), ("the park", "River Park")),
        *(("NORA QUILL’S HOUSE", "Nora Quill's house"), ("river-park", "River Park"), (["River Park"], "River Park")),
        *(("Kettle and Crumb Cafe", "Kettle & Crumb Cafe"), ("River Park (it is sunny)", "River Park")),
        *(("I'd go to River Park rather than the bathroom", "River Park"), ('{"place": "River Park"}', "River Park")),
        ("Nora is in the bathroom. She is done there.\nAnswer: River Park", "bathroom"),
    ],
)
def test_a_choice_is_the_offered_name_that_is_meant(value, chosen):
    assert parsers.choice(value, PLACES) == chosen


@pytest.mark.parametrize("value", ["house", "bath", "library", "3", "None", "a", "'s"])
def test_a_name_that_is_not_offered_or_not_clear_is_unreadable(value):
    assert "River Park" in unreadable(parsers.choice, value, PLACES)


def test_nothing_offered_is_nothing_chosen():
    assert unreadable(parsers.choice, "kitchen", [])


def test_the_longer_of_two_names_at_one_place_is_chosen():
    assert parsers.choice("I will go to the park bench.", ["park", "park bench"]) == "park bench"


def test_a_name_is_found_in_a_script_without_blanks():
    assert parsers.choice("我会去厨房做饭", ["卧室", "厨房"]) == "厨房"


# Verdicts and options


@pytest.mark.parametrize(
    "value",
    [
        True,
        "true",
        "Yes!",
        "是的",
        "Ja, gern",
        "There is no reason against it. So: yes",
        '{"why": "no", "talk": "yes"}',
    ],
)
def test_a_yes_is_read(value):
    assert parsers.yes_no(value) is True


@pytest.mark.parametrize("value", [False, "**No**", "Nope", "不是", "Sure! Here is my answer: no", "(no)"])
def test_a_no_is_read(value):
    assert parsers.yes_no(value) is False


@pytest.mark.parametrize("value", ["I don't know", "yes/no", "是否", "1", "", None])
def test_no_verdict_is_unreadable(value):
    assert unreadable(parsers.yes_no, value)


# Triples


@pytest.mark.parametrize(
    ("value", "predicate", "thing"),
    [
        *(("Nora Quill is reading a book", "is", "reading a book"), ("(Nora Quill, napping)", "is", "napping")),
        *(("Sure, here it is: (Nora, read, book)", "read", "book"), ("<Nora, read, book>", "read", "book")),
        *(("Nora Quill - read - book", "read", "book"), ("| Nora Quill | read | book |", "read", "book")),
        ("（诺拉，读，书）", "读", "书"),
        *(
            ("(Nora Quill, buy, bread, milk and eggs)", "buy", "bread, milk and eggs"),
            (["read", "book"], "read", "book"),
        ),
        *(
            ({"verb": "read", "obj": "a book"}, "read", "a book"),
            ([["Nora", "read", "book"], ["a", "b", "c"]], "read", "book"),
        ),
        *(
            ('{"predicate": "nap", "object": null}', "is", "nap"),
            ("(Nora Quill, answer, question)", "answer", "question"),
        ),
        ("(Nora, read, book)\n(Nora, drink, tea)", "read", "book"),
    ],
)
def test_a_triple_is_read(value, predicate, thing):
    assert parsers.triple(value, NORA) == (NORA, predicate, thing)


@pytest.mark.parametrize(
    "value",
    [
        *("", None, "Sure, here is the triple", "I cannot determine a triple.", {"predicate": "is", "object": ""}),
        *({"place": "Cafe", "room": "kitchen", "thing": "oven"}, {"object": "book"}, {"": "Hello there"}, [], 7),
    ],
)
def test_no_triple_is_unreadable(value):
    assert unreadable(parsers.triple, value, NORA)


# Emoji


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *(("😴💤🛏️", "😴💤"), ("🇫🇷", "🇫🇷"), ("1️⃣", "1️⃣"), ("👨‍👩‍👧 at home", "👨‍👩‍👧"), ("👋🏽", "👋🏽"), ("❤", "❤")),
        *(("U+1F469 U+200D U+1F33E", "👩‍🌾"), ("\\U0001F634", "😴"), (":sleeping:", "😴"), ("&#128564;", "😴")),
        *((["😴", "💤"], "😴💤"), ("🏃\u200d", "🏃")),
    ],
)
def test_whole_emoji_are_read(value, found):
    assert parsers.emoji_of(value) == found


@pytest.mark.parametrize("value", ["©", "🏽", "U+0041", "U+D83D", "7", ":no such name:", None])
def test_no_emoji_is_unreadable(value):
    assert unreadable(parsers.emoji_of, value)


def test_no_more_emoji_than_wanted_are_read():
    assert parsers.emoji_of("😴💤🛏️", 1) == "😴"

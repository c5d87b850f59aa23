"""What the parsers of phrases, talk, lists and insights make of how they are written.

Knows the parsers' promises by example; the forms seen in the wild are in test_parsers_answers.py.
"""

from __future__ import annotations

import pytest

from persona.prompt_template import parsers
from reading import unreadable

NORA, TOMAS = "Nora Quill", "Tomas Reyes"


# Phrases


@pytest.mark.parametrize(
    ("value", "activity"),
    [
        *(("At 7 am, having breakfast", "having breakfast"), ("Reading a map", "reading a map"), ("is idle", "idle")),
        *(("talking to Mr. Reyes about ferns", "talking to Mr. Reyes about ferns"), ("I am reading", "reading")),
        *(("watering 1,000 plants", "watering 1,000 plants"), ("from 9 to 5 pm keeping the shop", "keeping the shop")),
        *(("Nora's reading", "reading"), ("Answer: reading\nBecause it fits.", "reading"), ("watch TV", "watch TV")),
        *(("on her way to “River Park”", "on her way to “River Park”"), ("reading - quietly", "reading")),
        *(("go_to_sleep", "go to sleep"), ("opening_the_Kettle__Crumb_Cafe", "opening the Kettle Crumb Cafe")),
    ],
)
def test_an_activity_is_its_first_clause_without_time(value, activity):
    assert parsers.activity(value, NORA) == activity


@pytest.mark.parametrize("value", ["07:00", "Nora", "...", "Activity:", "[your activity]"])
def test_no_activity_is_unreadable(value):
    assert unreadable(parsers.activity, value, NORA)


def test_a_sentence_is_the_first_line_of_content():
    assert parsers.sentence("# Memo\n\n- **Memo:** I saw him. He ran.\n- Then rain.") == "I saw him. He ran."


def test_a_long_sentence_is_cut_after_a_sentence():
    assert parsers.sentence("He came. He saw the long river and stayed.", most_chars=20) == "He came."


def test_a_long_sentence_without_ends_is_cut_after_a_word():
    assert parsers.sentence("walking along the river", most_chars=12) == "walking"


def test_prose_is_all_lines_as_one_paragraph():
    assert parsers.prose("Sure! Here is the summary: They met.\n\nThey are friends.") == "They met. They are friends."


@pytest.mark.parametrize("value", ["Nothing.", "There is nothing worth remembering.", "N/A", '{"memo": "none"}'])
def test_a_memo_of_nothing_is_none(value):
    assert parsers.memo(value, NORA) is None


def test_a_memo_keeps_a_sentence_about_oneself():
    assert parsers.memo("Nora Quill owes Tomas a spade.", NORA) == "Nora Quill owes Tomas a spade."


def test_a_memo_drops_the_name_that_is_addressed():
    assert parsers.memo("Nora, remember the seeds.", NORA) == "remember the seeds."


@pytest.mark.parametrize(
    ("value", "topic"),
    [
        *(("They talked about ferns.", "ferns"), ("conversing about ferns", "ferns"), ("the fair", "the fair")),
        ("planning the fair and discussing prices", "planning the fair and discussing prices"),
        ("Nora and Tomas discussed the fair and the weather.", "the fair and the weather"),
    ],
)
def test_a_topic_follows_conversing_about(value, topic):
    assert parsers.topic(value, (NORA, TOMAS)) == topic


# Talk


@pytest.mark.parametrize(
    ("value", "line"),
    [
        *(("**Nora Quill:** Good morning", "Good morning"), ("Nora: Hi", "Hi"), ("Nora Quill（微笑）：你好", "你好")),
        *(('Here is the line: "Hello Tomas"', "Hello Tomas"), ("Sure! Her reply:\n\nNora Quill: Hello", "Hello")),
        *(("(smiling) Hello there (you know)", "Hello there (you know)"), ("Hello *waves*", "Hello"), ("👋", "👋")),
        *(("I *really* like **big** ferns", "I really like big ferns"), ("Listen: I found it", "Listen: I found it")),
        *(
            ("Good day!\nTomas Reyes: Hi!\nNora Quill: Bye", "Good day!"),
            ("Tomas Reyes: Hi\nNora Quill: Hello", "Hello"),
        ),
        *(('Well... "soon", he said', 'Well... "soon", he said'), ({"": "Hello there."}, "Hello there.")),
        ("I'm afraid I cannot come on Friday.", "I'm afraid I cannot come on Friday."),
        ('{"utterance": "I was going to', "I was going to"),
    ],
)
def test_an_utterance_is_what_is_spoken(value, line):
    assert parsers.utterance(value, NORA) == line


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "...",
            "<fill in>",
            "*nods*",
            '"Is the talk over?": false',
            "As an AI, I cannot speak for Nora.",
            7.5e300,
        ),
        *("I can't help with that request.", "ChatGPT ERROR", {"end": False}, {"error": "busy"}),
    ],
)
def test_nothing_spoken_is_unreadable(value):
    assert unreadable(parsers.utterance, value, NORA)


@pytest.mark.parametrize(
    ("value", "turn"),
    [
        ({"utterance": "Hi", "end": "no"}, ("Hi", False)),
        ({"text": "Bye", "endConversation": True}, ("Bye", True)),
        ({"reasoning": "polite", "utterance": "Hi", "did the talk end": "yes"}, ("Hi", True)),
        ({"friend": "Hello, my friend"}, ("Hello, my friend", False)),
        ({"end": True}, ("", True)),
    ],
)
def test_a_turn_is_a_line_and_whether_the_talk_ends(value, turn):
    assert parsers.turn(value, NORA) == turn


# Lists


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        *(("a; b; c", ["a", "b", "c"]), ('"a", "b", "c"', ["a", "b", "c"]), ("1.Wake up\n2.Eat", ["Wake up", "Eat"])),
        *(("1) a, b\n2) c", ["a, b", "c"]), ("① 起床\n② 吃饭", ["起床", "吃饭"]), ("起床，吃饭", ["起床", "吃饭"])),
        *(({"plan": ["a", "b"]}, ["a", "b"]), ('{"1": "a", "2": "b"}', ["a", "b"]), (["a", None, ""], ["a"])),
        *(("What is it, and why?", ["What is it, and why?"]), ("Eat at 8. Then rest.", ["Eat at 8", "Then rest"])),
        ("Here is the plan:\n\n* a\n  * b\n\nGood luck!", ["a", "b"]),
    ],
)
def test_a_list_is_read(value, lines):
    assert parsers.lines(value) == lines


# Insights


@pytest.mark.parametrize(
    ("value", "insights"),
    [
        (
            "1. Nora is kind (because of 1, 2)\n2. Tomas is sad (3 and 4).",
            [("Nora is kind", [0, 1]), ("Tomas is sad", [2, 3])],
        ),
        ('[{"insight": "Nora is kind", "evidence": [1, "2", 9]}]', [("Nora is kind", [0, 1])]),
        ({"insights": [{"insight": "Nora is kind", "evidence": "2, 1, 2"}]}, [("Nora is kind", [1, 0])]),
        ({"Nora is kind": [1, 2], "Tomas is sad": [3]}, [("Nora is kind", [0, 1]), ("Tomas is sad", [2])]),
        (["Nora is kind (1-3)", ""], [("Nora is kind", [0, 1, 2])]),
        ("**Insight 1:** Nora is kind. (evidence: node_3)", [("Nora is kind", [2])]),
        ("Tomas (the smith) came in (2023)", [("Tomas (the smith) came in (2023)", [])]),
        ("Nora is kind, helpful, and warm", [("Nora is kind, helpful, and warm", [])]),
    ],
)
def test_insights_are_read_with_their_evidence(value, insights):
    assert parsers.insights(value, 5) == insights

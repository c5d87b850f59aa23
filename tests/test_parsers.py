"""What an answer that cannot be read says, and how an answer's fields are found.

Knows the parsers' promises by example; the forms seen in the wild are in test_parsers_answers.py.
"""

from __future__ import annotations

import pytest

from persona.prompt_template import parsers
from reading import unreadable

# What an unreadable answer says


def test_the_reason_quotes_the_answer_so_that_it_can_be_said_back():
    assert unreadable(parsers.hour, "soon") == "the hour must be like 07:00, was 'soon'"


def test_the_reason_quotes_a_long_answer_shortly():
    assert len(unreadable(parsers.rating, "word " * 1000)) < 150


def test_a_missing_value_is_said_to_be_missing():
    assert unreadable(parsers.lines, None) == "the value is missing"


# Fields


@pytest.mark.parametrize(
    "text",
    [
        '{"hour": "07:00", "plan": ["a"]}',
        '{"Hour": "07:00", "PLAN": ["a"]}',
        'Sure!\n```json\n{"hour": "07:00", "plan": ["a"]}\n```\nAnything else?',
        '<think>Maybe {"hour": "09:00"}?</think>{"hour": "07:00", "plan": ["a"]}',
        'They rise early.</think>{"hour": "07:00", "plan": ["a"]}',
        '{"result": {"hour": "07:00", "plan": ["a"]}}',
        '[{"hour": "07:00", "plan": ["a"]}]',
        'For example {"hour": "HH:MM"}. Mine: {"hour": "07:00", "plan": ["a"]}',
        "{'hour': '07:00', 'plan': ['a',]}",
        "{“hour”: “07:00”, “plan”: [“a”]}",
        '{hour: 07:00, plan: ["a"]}',
        '{"hour": "07:00", "plan": ["a"',
    ],
)
def test_the_object_is_found_in_every_wrapping(text):
    assert parsers.fields(text, ["hour", "plan"]) == {"hour": "07:00", "plan": ["a"]}


@pytest.mark.parametrize(
    "text",
    [
        'Of the form {"answer": 1, "end": 2}: {"answer": 3, "end": 4}',
        '{"answer": 3, "end": 4} I could go on: {"answer": 5',
        '{"thought": "it greets me"} {"answer": 3, "end": 4} {"note": 1}',
    ],
)
def test_of_several_objects_the_last_whole_one_of_the_asked_form_is_meant(text):
    assert parsers.fields(text, ["answer", "end"]) == {"answer": 3, "end": 4}


def test_lines_with_names_are_fields():
    text = "**Hour:** 07:00\n**Daily plan:**\n- a\n- b"
    assert parsers.fields(text, ["hour", "daily_plan"]) == {"hour": "07:00", "daily_plan": "- a\n- b"}


def test_a_missing_or_null_field_is_absent():
    assert parsers.fields('{"hour": 7, "plan": null}', ["hour", "plan", "mood"]) == {"hour": 7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("being swept", "being swept"),
        ('{"state_of_it": "being swept", "reason": "a broom"}', "being swept"),
        ('["a", "b"]', ["a", "b"]),
        ("[1, 2]", [1, 2]),
        ('{"1": 5, "2": 3}', {"1": 5, "2": 3}),
        ("{being swept", "{being swept"),
    ],
)
def test_one_field_takes_what_there_is(text, value):
    assert parsers.fields(text, ["state"]) == {"state": value}


def test_several_fields_leave_unknown_names_to_the_reader_of_the_whole_answer():
    assert parsers.fields('{"Nora Quill": "Hi", "over": false}', ["utterance", "end"]) == {
        "Nora Quill": "Hi",
        "over": False,
    }


def test_several_fields_leave_a_bare_text_under_no_name():
    assert parsers.fields("Hi, Tomas!", ["utterance", "end"]) == {"": "Hi, Tomas!"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            None,
            "",
            " \n ",
            "<think>I should",
            "{}",
            '{"a": null}',
            '{"error": {"message": "busy"}}',
            "GPT REQUEST ERROR",
        ),
        *(
            "As an AI language model, I have no opinion.",
            "I'm sorry, but I can't assist with that.",
            "<html>502</html>",
        ),
    ],
)
def test_nothing_there_is_unreadable(text):
    assert unreadable(parsers.fields, text, ["a"])


def test_a_broken_object_is_no_text():
    assert '"a", "b"' in unreadable(parsers.fields, "[{]", ["a", "b"])

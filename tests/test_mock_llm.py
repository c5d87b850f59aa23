"""The mock model: valid answers for any form, given as a schema or in the prompt."""

from __future__ import annotations

import math
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, create_model

import mock_llm
from mock_llm import forms, generic
from mock_llm.vectors import DIMENSIONS, vector
from mock_llm_prompts import answered
from persona.prompt_template.questions import Question, schemas
from test_questions import each_question

# Any schema that structured outputs take


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Tree(BaseModel):
    """Contains itself."""

    name: str
    children: list[Tree]
    parent: Optional[Tree] = None  # noqa: UP045 (as older code writes it)


def _between(kind: type, least: int, more: int) -> Any:
    return Annotated[kind, Field(ge=least, le=least + more)]


def _above(kind: type, least: int, more: int) -> Any:
    return Annotated[kind, Field(gt=least, lt=least + more + 2)]


small = st.integers(0, 12)
leaves: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([bool, int, float, str, date, datetime, UUID, Color, Tree, None, dict[str, int]]),
    st.lists(st.text(max_size=5), min_size=1, max_size=4, unique=True).map(lambda options: Literal[tuple(options)]),
    st.builds(_between, st.sampled_from([int, float]), st.integers(-50, 50), small),
    st.builds(_above, st.sampled_from([int, float]), st.integers(-50, 50), small),
    st.builds(lambda step: Annotated[int, Field(multiple_of=step, ge=-step)], st.integers(1, 9)),
)


def _list_of(kind: Any, least: int, more: int) -> Any:
    return Annotated[list[kind], Field(min_length=least, max_length=least + more)]


def _part(fields: dict[str, Any]) -> Any:
    definitions: dict[str, Any] = {f"f_{name}": (kind, ...) for name, kind in fields.items()}
    return create_model("Part", **definitions)


annotated: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(_list_of, inner, st.integers(0, 3), small),
        inner.map(lambda kind: Optional[kind]),  # noqa: UP045
        st.dictionaries(st.from_regex("[a-z]{1,8}", fullmatch=True), inner, min_size=1, max_size=4).map(_part),
    ),
    max_leaves=8,
)


@given(annotated, st.text(max_size=20))
def test_any_schema_gets_a_valid_answer(annotation: Any, text: str) -> None:
    model = create_model("Answer", value=(annotation, ...))
    schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": model.model_json_schema()}}
    assert model.model_validate_json(mock_llm.answer([("user", text)], schema))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=6))
def test_a_prepared_value_that_does_not_fit_the_schema_is_dropped(prepared: Any) -> None:
    kind = Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(max_length=2)]
    found = generic.filled(TypeAdapter(kind).json_schema(), prepared, [], "seed")
    assert TypeAdapter(kind).validate_python(found, strict=True) == found


def test_a_prepared_value_that_fits_the_schema_is_kept() -> None:
    schema = {"type": "object", "properties": {"talk": {"type": "boolean"}, "mood": {"enum": ["glad", "sad"]}}}
    assert generic.filled(schema, {"talk": True, "mood": "sad", "more": 1}, [], "seed") == {"talk": True, "mood": "sad"}


# Schema and form


@each_question
def test_the_form_in_the_prompt_says_what_the_schema_says(question: Question) -> None:
    told = forms.from_text(question.prompt())
    meant = schemas.strict(schemas.of(question.Answer, {}, question.counts()))
    assert told == _without_strictness(meant)


def _without_strictness(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    return {key: _without_strictness(part) for key, part in schema.items() if key != "additionalProperties"}


@each_question
def test_every_question_gets_the_same_readable_answer_with_and_without_a_schema(question: Question) -> None:
    with_schema, without = (answered(question, with_schema=given) for given in (True, False))
    assert with_schema == without
    assert list(without) == list(question.Answer.model_fields)


@each_question
def test_a_question_asked_again_gets_the_answer_of_the_question(question: Question) -> None:
    prompt = question.prompt()
    again = f"{prompt}\n\nAn earlier answer could not be used (talk: was missing). Answer without that fault."
    assert mock_llm.answer([("user", again)]) == mock_llm.answer([("user", prompt)])


def test_lines_below_the_form_are_not_part_of_it() -> None:
    form = 'Answer with JSON only.\n"talk": true or false, whether Ada talks\n\nWrite every text in Chinese.'
    assert forms.from_text(form) == {
        "type": "object",
        "properties": {"talk": {"type": "boolean"}},
        "required": ["talk"],
    }


# Prompts of others


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert mock_llm.answer([("user", text)])


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ('Rate it.\nExample output json:\n{"output": "5"}', '{"output": "5"}'),
        ('Answer as {"output": <text>}.', '{"output": "going about the day"}'),
        ("On a scale of 1 to 10, how much does that matter?", "4"),
        ('Answer "yes" or "no".', "yes"),
        ("What is Ada doing?", "going about the day"),
    ],
)
def test_a_prompt_without_a_format_gets_its_example_or_a_short_answer(prompt: str, expected: str) -> None:
    assert mock_llm.answer([("user", prompt)]) == expected


# Vectors


@given(st.text(max_size=60))
def test_every_vector_has_unit_length(text: str) -> None:
    assert len(vector(text)) == DIMENSIONS
    assert math.isclose(sum(value * value for value in vector(text)), 1.0, abs_tol=1e-3)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("Nora is baking bread", "Nora bakes a bread", "the moon is full"),
        ("李明在图书馆看书", "李明去图书馆", "今天下雨了"),
    ],
)
def test_texts_with_common_words_are_similar(text: str, near: str, far: str) -> None:
    def likeness(other: str) -> float:
        return sum(a * b for a, b in zip(vector(text), vector(other), strict=True))

    assert likeness(near) > likeness(far) + 0.2

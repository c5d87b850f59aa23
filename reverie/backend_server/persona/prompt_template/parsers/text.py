"""The text of an answer or of a part of one: cleaned, unwrapped from JSON, and checked for refusals.

It knows how models wrap, refuse and fail; it must not know which question was asked.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .json_text import json_values

MOST_CHARACTERS = 20_000
"""Longer texts are cut: none of our prompts asks for so much, and parsers stay fast."""

DEEPEST = 5
"""How many wrappings (text in JSON in text ...) are opened."""


Value = TypeVar("Value")
Default = TypeVar("Default")


class ParseError(ValueError):
    """An answer, or a part of one, has no value of the kind asked for; the text says why, for asking again."""


NOTHING = frozenset(
    {"", "none", "null", "nil", "n/a", "na", "nan", "undefined", "blank", "this is blank", "nothing"}
    | {"not applicable", "no answer", "nothing to remember", "无", "没有", "空", "なし", "없음", "لا شيء"}
)
"""Words that mean no answer (compare with `bare`)."""

ANSWER_KEYS = ("output", "answer", "response", "result", "value", "text", "final", "content")
COMMENT_KEYS = frozenset(
    {"reason", "reasons", "reasoning", "rationale", "explanation", "thought", "thoughts", "thinking"}
    | {"confidence", "note", "notes", "why", "comment", "analysis", "justification"}
)
QUOTES = "\"'“”‘’«»„`「」『』"

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```(?:json|python|text|plaintext|markdown|md)?", re.IGNORECASE)
_ESCAPED_MARKDOWN = re.compile(r"\\([_*#~>`\-\[\]().!])")
# Control characters and halves of surrogate pairs: neither can be displayed, and the latter cannot be saved.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ud800-\udfff]")
_BLANK_RUN = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n(?: ?\n){2,}")

# The texts that a failed call returns instead of an answer.
_FAILURE = re.compile(
    r"\W{0,5}(?:chatgpt error|gpt request error|(?:token|context|rate) limit (?:reached|exceeded)|"
    r"you exceeded your current quota|the \w{1,40} operation does not work|internal server error|bad gateway|"
    r"service unavailable|gateway time-?out|too many requests|error(?: code)?:? ?\d{3}\b|!?doctype html|html>)",
    re.IGNORECASE,
)
# A model that speaks of itself instead of answering. People may say "I cannot come", so the verbs are few.
_SELF = re.compile(
    r".{0,40}\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b|"
    r".{0,40}\b(?:can(?:no|['’])?t|(?:not |un)able to) (?:help|assist)(?: you)? with (?:that|this)(?: request)?[.!]?\Z|"
    r"作为(?:一个|一名)?(?:AI|人工智能|语言模型)|用户可自行",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(?:\W{0,5}(?:i['’]m (?:so |very )?(?:sorry|afraid)|i am (?:sorry|afraid)|sorry|unfortunately|"
    r"i apologi[sz]e|my apologies)\b[,.!]?(?: but)?)?(?: that)? ?\bi (?:can(?:no|['’])?t|can not|am (?:not |un)able to|"
    r"won['’]t|will not|do not|don['’]t)(?: be able to)? ?(?:\Z|[.!]|help(?! but| \w+ing)|assist|comply|fulfil|"
    r"provide|generate|answer|complete|create|rate|determine|engage|do (?:that|this)|have (?:enough|access))|"
    r"\W{0,5}(?:抱歉|对不起).{0,3}(?:我)?(?:无法|不能)|\W{0,5}无法(?:转换|回答|提供|完成|找到|确定|生成|协助|帮助)",
    re.IGNORECASE,
)
# The persona's own identity sheet, repeated instead of an answer.
_SHEET = re.compile(r"\W{0,5}name: [^\n]{1,80}\n\W{0,5}age:", re.IGNORECASE)


def read_or(default: Default, parser: Callable[..., Value], *args: Any) -> Value | Default:
    """The result of the parser; the default if it fails."""
    try:
        return parser(*args)
    except ParseError:
        return default


def plain(text: str) -> str:
    """The text without reasoning, fences, escapes and unprintable characters; runs of spaces become one."""
    text = _THINKING.sub("", text).rpartition("</think>")[2][:MOST_CHARACTERS]
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BLANK_RUN.sub(" ", _ESCAPED_MARKDOWN.sub(r"\1", _FENCE.sub("\n", text)))
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")


def said(value: Any) -> str:
    """The text of an answer or of a part of one, taken out of any JSON around it; never blank.

    Raises ParseError if there is no answer: None, blank, a refusal, the text of a failed call.
    """
    if value is None:
        raise ParseError("the value is missing")
    text = _text(unwrapped(value))
    check_answered(text)
    return text.strip()


def said_or_blank(value: Any) -> str:
    """The same; "" if there is no answer."""
    return read_or("", said, value)


def check_answered(text: str) -> None:
    """Raise ParseError if `text` is blank, a refusal, an echo of the question, or a failed call's text."""
    check_spoken(text)
    if _REFUSAL.match(text):
        raise ParseError(f"an answer is needed, not a refusal like {shown(text)}")


def check_spoken(text: str) -> None:
    """Like `check_answered`, but a person may say that they cannot do something."""
    if not text.strip():
        raise ParseError("the answer was blank")
    if _FAILURE.match(text):
        raise ParseError("there was no answer: the request failed")
    if _SHEET.match(text):
        raise ParseError("the answer only repeated the question")
    if _SELF.match(text):
        raise ParseError(f"an answer is needed, not a refusal like {shown(text)}")


def opened(value: Any, depth: int = DEEPEST) -> Any:
    """The first object or list in a text, even if that only contains such a text again; any other text, cleaned."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    found = next(json_values(text), None) if depth else None
    return text if found is None else opened(found, depth - 1)


def unwrapped(value: Any, depth: int = DEEPEST) -> str | int | float | bool | list[Any] | None:
    """The value itself, without the JSON object it may be wrapped in ({"output": ...}, even inside a text)."""
    value = opened(value)
    if isinstance(value, dict):
        return unwrapped(next(iter(answers_in(value)), None), depth - 1) if depth else None
    return value if isinstance(value, (str, int, float, list)) else None


def answers_in(answer: dict[str, Any]) -> list[Any]:
    """The values that may be the answer: the one with a usual name, else all except commentary."""
    check_no_error(answer)
    given = by_key({key: value for key, value in answer.items() if value is not None})
    usual = [given[key] for key in ANSWER_KEYS if key in given]
    return usual[:1] or [value for key, value in given.items() if key not in COMMENT_KEYS]


def check_no_error(answer: dict[str, Any]) -> None:
    """Raise ParseError if the object is a provider's error body instead of an answer."""
    if "error" in answer and len(answer) <= 3 and answer["error"]:
        raise ParseError("there was no answer: the request failed")


def key_of(name: Any) -> str:
    """A field's name for comparison: "Wake-up hour" and "wake_up_hour" are the same."""
    return re.sub(r"[\W_]", "", str(name)).casefold()


def by_key(answer: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of an object by their names for comparison."""
    return {key_of(key): value for key, value in answer.items()}


def words_of(key: Any) -> set[str]:
    """The words in a field's name, in lower case: "startTime" and "start_time" are both {"start", "time"}."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", str(key))}


def bare(text: str) -> str:
    """The text for comparison: no case, quotes, brackets, markdown or punctuation around it."""
    return text.strip().strip(QUOTES + " .。!！,，、،;；؛:：*_#()（）[]{}<>-–—…").casefold()


def shown(value: Any) -> str:
    """The value as quoted in a reason: short, on one line."""
    text = value if isinstance(value, str) else reprlib.repr(value)
    text = " ".join(text[:200].split())
    return repr(text if len(text) <= 60 else text[:57] + "...").encode("utf-8", "replace").decode()


def _text(value: Any, depth: int = DEEPEST) -> str:
    """A text, number or verdict as text; the texts of a list on separate lines; "" for anything else."""
    if isinstance(value, list):
        return "\n".join(filter(None, (_text(part, depth - 1) for part in value))) if depth else ""
    if isinstance(value, dict):
        return _text(unwrapped(value), depth - 1) if depth else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(value) if abs(value) < 1e18 else ""
    return plain(value) if isinstance(value, str) else ""

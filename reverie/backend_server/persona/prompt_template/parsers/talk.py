"""What a person says in a conversation: one line, and whether the conversation ends with it.

It knows scripts, stage directions and leaking field names; it must not know who the people are.
"""

from __future__ import annotations

import re
from typing import Any

from .phrases import NO_TITLE, PLACEHOLDER, shortened
from .text import (
    DEEPEST,
    QUOTES,
    ParseError,
    answers_in,
    by_key,
    check_no_error,
    check_spoken,
    key_of,
    opened,
    plain,
    read_or,
    said,
    shown,
    words_of,
)
from .values import yes_no

MOST_SAID = 600
_MOST_READ = 10 * MOST_SAID  # characters; a model that repeats itself may write many more

_SPOKEN_KEYS = ("utterance", "line", "speech", "says", "said", "reply", "message", "dialogue")
_ENDING = frozenset({"end", "ends", "ended", "ending", "over", "finish", "finished", "last", "done", "goodbye"})
# "Reply: ", "Here is the line:" and "Nora says:" before the words.
_LABEL = re.compile(
    r"(?:answer|output|response|reply|utterance|line|dialogue) ?[:：]\s?|"
    r"(?:sure|here(?:['’]s| is)|[^\W\d_][^:：\n]{0,40} (?:says|replies))\b[^:：\n]{0,60}[:：]\s?(?=[\"“\n])",
    re.IGNORECASE,
)
# "Nora Quill: ", "**Nora** (smiling): "; no address of a page.
_SPEAKER = re.compile(
    r"\W{0,3}([^\W\d_][\w.'’-]{0,20}(?: [^\W\d_][\w.'’-]{0,20}){0,2})"
    r"(?: ?[(（][^()（）\n]{0,40}[)）])?\W{0,3}[:：](?!//)"
)
# A field's name that leaked from broken JSON: '"Is the talk over?": false'.
_FIELD_NAME = re.compile(r"""["'][^"'\n]{1,120}["'?]{1,2} ?: ?(?=["'\[{\dtfnTFN])""")
# A sentence, in scripts with spaces.
_SENTENCE = re.compile(rf".+?(?:{NO_TITLE}(?<!\b[ap]\.m)[.!?]+(?= )|\Z)")
_SHORTEST_STATEMENT = 20  # characters; shorter ones ("Come in!") may be repeated
# "*smiles*", and "(smiling)" at the beginning of a line.
_STAGE_MARK = re.compile(r"\*{1,2}([^*\n]{1,200})\*{1,2}")
_STAGE_BRACKET = re.compile(r"(?:\A|\n) ?[\[(（][^\[\]()（）\n]{1,200}[\])）]")


def utterance(value: Any, speaker: str, most_chars: int = MOST_SAID) -> str:
    """One line of `speaker`: no name in front, no stage directions, nobody else's lines.

    Raises ParseError if nothing is said, or if field names would be spoken.
    """
    text = _own_turn(_LABEL.sub("", _spoken_text(value, speaker), count=1).strip(), speaker)
    text = _said_once(" ".join(_without_front(_without_stage(text), speaker).split())[:_MOST_READ])
    if _FIELD_NAME.search(text) or text.startswith(("{", "[")):
        raise ParseError(f"only the spoken words are needed, was {shown(text)}")
    check_spoken(text)
    if not any(character.isalnum() or character > "\u2190" for character in PLACEHOLDER.sub("", text)):
        raise ParseError(f"what {speaker} says is needed, was {shown(text)}")
    return shortened(text, most_chars)


def turn(value: Any, speaker: str) -> tuple[str, bool]:
    """What `speaker` says and whether the conversation ends with it; ("", True) is a silent end.

    A conversation continues unless the answer says that it ends. Raises ParseError if nothing is said and nothing ends.
    """
    ends = _ends(_object_in(value) or {})
    try:
        return utterance(value, speaker), ends
    except ParseError:
        if ends:
            return "", True
        raise


def _object_in(value: Any) -> dict[str, Any] | None:
    value = opened(value)
    value = next((part for part in value if isinstance(part, dict)), None) if isinstance(value, list) else value
    return value if isinstance(value, dict) else None


def _ends(answer: dict[str, Any]) -> bool:
    verdicts = (read_or(None, yes_no, value) for key, value in answer.items() if words_of(key) & _ENDING)
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _spoken_text(value: Any, speaker: str) -> str:
    """The spoken text, without the objects it may be wrapped in."""
    for _ in range(DEEPEST):
        if (answer := _object_in(value)) is None:
            break
        check_no_error(answer)
        given = by_key({key: part for key, part in answer.items() if not words_of(key) & _ENDING})
        named = [given[key] for key in (*_SPOKEN_KEYS, key_of(speaker)) if key in given]
        value = next(iter(named or answers_in(given)), None)
    return plain(value).strip() if isinstance(value, str) else said(value)


def _own_turn(text: str, speaker: str) -> str:
    """The lines up to those of the next speaker; if the speaker comes later, from there on."""
    found = text.split("\n")
    names = [_name_in_front(line, speaker) for line in found]
    first = names.index(speaker) if names[0] and speaker in names else 0
    others = (at for at in range(first + 1, len(found)) if names[at])
    return "\n".join(found[first : next(others, len(found))])


def _name_in_front(line: str, speaker: str) -> str | None:
    start = _SPEAKER.match(line)
    if not start or _LABEL.match(line):
        return None
    if key_of(start[1]) in (key_of(speaker), key_of(speaker.split(" ")[0])):
        return speaker
    return start[1] if not any(word[0].islower() for word in start[1].split(" ")) else None


def _without_front(text: str, speaker: str) -> str:
    text = text.strip(" \n")
    for _ in range(4):
        text = _unquoted(text)
        start = _SPEAKER.match(text) if _name_in_front(text, speaker) == speaker else _LABEL.match(text)
        text = text[start.end() :].lstrip(" *\n") if start else text
    return text


def _without_stage(text: str) -> str:
    def kept(mark: re.Match[str]) -> str:
        inside = mark.start() > 0 and mark.end() < len(text) and " " not in mark[1]
        return mark[1] if inside or mark[0].startswith("**") else " "

    return _STAGE_BRACKET.sub("\n", _STAGE_MARK.sub(kept, text)).strip()


def _said_once(text: str) -> str:
    """The text without repeated sentences: a small model may repeat one again and again."""
    kept: list[str] = []
    for sentence in map(str.strip, _SENTENCE.findall(text)):
        if not any(len(before) >= _SHORTEST_STATEMENT and before.startswith(sentence) for before in kept):
            kept.append(sentence)
    return " ".join(kept)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        return text[1:-1].strip()
    return text.strip('"').strip() if text.count('"') == 1 else text

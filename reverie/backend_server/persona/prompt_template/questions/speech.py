"""Whether a line is speech: new in its conversation, and said by the speaker instead of text about them.

Knows how models fall out of a role, and scripts by the names of their letters; not who talks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from persona.prompt_template.parsers import bare
from persona.prompt_template.prompt_text import Line

# "To answer this question, let's analyze the conversation: 1. ..."
_ANALYSIS = re.compile(
    r"(?:to (?:answer|complete|respond to) (?:this|the|your) |let['’]?s (?:analyze|break)|"
    r"based on (?:the|this|what) (?:conversation|context|information|memories)(?: so far| above)?[,:]|"
    r"in this (?:conversation|scenario), (?:we|the|\w+ (?:would|is))|step \d|as an? (?:ai|language model)|"
    r"here['’]?s (?:what|how) .{1,40} (?:say|respond))",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:^|\s)1[.)] .+[.!?:]\s+2[.)] ", re.DOTALL)
_MARKUP = re.compile(r"#{2,} |\*\*|```|[\[{]\s*\"")
_SENTENCE = re.compile(r"[^.!?。！？؟।]+")
_SHORTEST_STATEMENT = 25  # characters; shorter ones ("How have you been?") may be repeated
_NO_LINE = ("no answer", "no response", "n/a", "null", "undefined", "silence")


def why_not_spoken(line: str, names: Sequence[str], lines: Sequence[Line], language: str = "") -> str | None:
    """The fault of a line as the next one of a conversation between two people; None for a good one.

    Args:
        names: the speaker's and the hearer's.
        language: of the conversation; "" for the language of the lines so far.
    """
    if bare(line) in _NO_LINE:
        return "something must be said, or the talk ended"
    if _ANALYSIS.match(line) or _LIST.search(line) or _MARKUP.search(line):
        return "only the spoken words are needed, without thinking about the task"
    if any(re.match(rf"{re.escape(name)} [a-z]", line) for name in names):
        return "this tells of the two; only the words that are spoken are needed, in the first person"
    if _speaks_to(names[0].split()[0], line):
        return f"{names[0]} says this to {names[1]}"
    if bare(line) in (bare(before) for _, before in lines) or _statements(line) & {
        said for _, before in lines for said in _statements(before)
    }:
        return "this has been said already; say something new, or end the talk"
    words = _without(names, line)
    expected = scripts_of(language)
    if not language:  # then a line may quote another one
        said = _scripts_in(" ".join(_without(names, before) for _, before in lines))
        expected = frozenset() if said & _scripts_in(words) else said
    if expected and _is_in_another(words, expected):
        return f"this must be said in {language or 'the language of the conversation so far'}"
    return None


def _speaks_to(name: str, line: str) -> bool:
    """Whether a line calls its hearer by this name: "Hello Ada", "How are you, Ada?"; not "It's me, Ada."."""
    called = rf"^(?:hi|hey|hello|good \w+),? {re.escape(name)}\b|(?<!\bme), {re.escape(name)}[.!?]"
    return bool(re.search(called, line, re.IGNORECASE))


def _statements(line: str) -> set[str]:
    """The sentences that say more than a greeting."""
    return {bare(sentence) for sentence in _SENTENCE.findall(line) if len(bare(sentence)) >= _SHORTEST_STATEMENT}


def _without(names: Sequence[str], text: str) -> str:
    """The text without the names of the speakers, which may be in another script."""
    for name in (called for whole in names for called in (whole, *whole.split())):
        text = text.replace(name, " ")
    return text


# Scripts

_LATIN = "LATIN"
_LANGUAGES = {
    _LATIN: "english french german spanish italian portuguese dutch swedish danish norwegian finnish polish czech "
    "slovak hungarian romanian turkish vietnamese indonesian swahili latin",
    "CJK": "chinese mandarin cantonese japanese",
    "HANGUL": "korean",
    "ARABIC": "arabic persian farsi urdu",
    "CYRILLIC": "russian ukrainian bulgarian",
    "GREEK": "greek",
    "HEBREW": "hebrew",
    "THAI": "thai",
    "DEVANAGARI": "hindi marathi nepali",
    "BENGALI": "bengali",
    "TAMIL": "tamil",
}
# Used together in one language.
_SAME = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "IDEOGRAPHIC": "CJK", "BOPOMOFO": "CJK"}
_WORD = re.compile(r"[^\W\d_]+")
_OF_WORDS = {"CJK", "HANGUL"}
_LETTERS_OF_A_WORD = 3  # a letter of these is worth about this many of an alphabet
_FEWEST = 8  # letters; fewer may be a name or an "OK"


def scripts_of(language: str) -> frozenset[str]:
    """The scripts of a language by its name in English or in its own script; none if unknown."""
    words = set(_words(language.casefold()))
    named = {script for script, names in _LANGUAGES.items() if words & set(names.split())}
    return frozenset(named | (_scripts_in(language) - {_LATIN}))


def _scripts_in(text: str) -> frozenset[str]:
    """The scripts of the letters in a text."""
    return frozenset(script for word in _words(text) for script in map(_script_of, word) if script)


def _is_in_another(text: str, scripts: frozenset[str]) -> bool:
    """Whether most of a text is in none of these scripts, and it is more than a name, which is capitalized or short."""
    letters = [letter for word in _words(text) if not word[0].isupper() for letter in word]
    own = sum(_script_of(letter) in scripts for letter in letters)
    weight = _LETTERS_OF_A_WORD if scripts & _OF_WORDS else 1
    return len(letters) - own >= max(_FEWEST, weight * own)


def _script_of(letter: str) -> str:
    """The first word of the letter's name."""
    script = unicodedata.name(letter, "").partition(" ")[0]
    return _SAME.get(script, script)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text))

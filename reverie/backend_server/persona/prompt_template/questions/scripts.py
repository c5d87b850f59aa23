"""Scripts: which ones a text and a language are written in.

Knows letters by their names in Unicode; not what is said.
"""

from __future__ import annotations

import re
import unicodedata

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
# Written together in one language.
_SAME = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "IDEOGRAPHIC": "CJK", "BOPOMOFO": "CJK"}
_WORD = re.compile(r"[^\W\d_]+")
_OF_WORDS = {"CJK", "HANGUL"}
LETTERS_OF_A_WORD = 3
"""A letter of Han, kana or Hangul says about as much as so many of an alphabet."""
FEWEST = 8
"""Letters that are more than a name or an "OK"."""


def of_language(language: str) -> frozenset[str]:
    """The scripts of a language by its name in English or in its own script; none when they are not known."""
    named = {script for script, names in _LANGUAGES.items() if _words(language) & set(names.split())}
    return frozenset(named | (of_text(language) - {_LATIN}))


def of_text(text: str) -> frozenset[str]:
    """The scripts of the letters in a text."""
    return frozenset(script for word in _WORD.findall(_plain(text)) for script in map(_of_letter, word) if script)


def is_in_another(text: str, scripts: frozenset[str]) -> bool:
    """Whether most of a text is in none of these scripts, and says more than a name, which has capitals or is short."""
    letters = [letter for word in _WORD.findall(_plain(text)) if not word[0].isupper() for letter in word]
    own = sum(_of_letter(letter) in scripts for letter in letters)
    weight = LETTERS_OF_A_WORD if scripts & _OF_WORDS else 1
    return len(letters) - own >= max(FEWEST, weight * own)


def _of_letter(letter: str) -> str:
    """The first word of the letter's name."""
    script = unicodedata.name(letter, "").partition(" ")[0]
    return _SAME.get(script, script)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))

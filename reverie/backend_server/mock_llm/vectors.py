"""Embeddings without a model: hashed words, so that texts with words in common are near each other.

Knows texts and vectors, nothing of the wire or of prompts.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from functools import lru_cache

DIMENSIONS = 256

_WORD = re.compile(r"\w+")
_SUFFIXES = ("ings", "ing", "ies", "ed", "es", "s", "e")
_COMMON = frozenset(_WORD.findall("a an and are at be by for from has have in is it of on that the this to was with"))
_PAIR_WEIGHT = 0.5
_KNOWN_WORDS = 1 << 15  # what is worked out for a word is kept: towns say the same words all day


def vector(text: str) -> list[float]:
    """`DIMENSIONS` floats of unit length: each word adds 1 with a sign at a place, both given by its hash."""
    values = [0.0] * DIMENSIONS
    for feature, weight in _features(text):
        place, sign = _place(feature)
        values[place] += sign * weight
    length = math.sqrt(sum(value * value for value in values))
    if not length:  # no words, or words that cancel each other: the whole text counts as one, for no vector is zero
        values[_place(text)[0]] = length = 1.0
    return [round(value / length, 6) for value in values]


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = [part for word in _WORD.findall(text.lower()) for part in _parts(word)]
    telling = [word for word in words if word not in _COMMON] or words
    yield from ((word, 1.0) for word in telling)
    yield from ((f"{first} {second}", _PAIR_WEIGHT) for first, second in zip(telling, telling[1:], strict=False))


@lru_cache(maxsize=_KNOWN_WORDS)
def _parts(word: str) -> tuple[str, ...]:
    """The stem of a word; of one in a script without blanks, its pairs of characters."""
    if not word.isascii() and len(word) > 2 and not word[0].islower():
        return tuple(word[k : k + 2] for k in range(len(word) - 1))
    suffix = next((end for end in _SUFFIXES if word.endswith(end) and len(word) - len(end) > 2), "")
    return (word[: len(word) - len(suffix)],)


@lru_cache(maxsize=_KNOWN_WORDS)
def _place(feature: str) -> tuple[int, float]:
    digest = hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest[:2], "big") % DIMENSIONS, 1.0 if digest[2] & 1 else -1.0

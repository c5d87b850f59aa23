"""Finds the memories that share words with a text, without a model.

Knows only words; not their meaning, nor the time or poignancy of memories.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict

from persona.memory_structures.concept_node import ConceptNode

# Letters with their marks (accents, vowel signs), which `\w` leaves out.
_WORD = re.compile(r"[\w\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff]{3,}")
# Scripts that write words without spaces between them or, in Korean, with endings on them: Thai, Lao, Burmese, Khmer,
# kana, Han, Hangul.
_UNPARTED = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)
_RUN = re.compile(f"{_UNPARTED}+")
_CAPITAL = rf"[{''.join(filter(str.isupper, map(chr, range(0x590))))}]\w+"  # Latin, Greek, Cyrillic, Armenian
_FULL_NAME = re.compile(rf"(?<=[\w,;:] ){_CAPITAL}(?: {_CAPITAL})+")
_TOO_COMMON = 4  # a word in more than one in this many memories is not significant
_FEW = 20  # memories; among fewer, no word is too common


class WordIndex:
    """Memories by the words of their descriptions, in order of creation; the last added is the first removed."""

    def __init__(self) -> None:
        self._with_word: dict[str, list[ConceptNode]] = defaultdict(list)
        self._count = 0

    def append(self, node: ConceptNode) -> None:
        """Adds a memory."""
        self._count += 1
        for word in words(node.description):
            self._with_word[word].append(node)

    def pop(self, node: ConceptNode) -> None:
        """Removes the last memory, which is this one."""
        self._count -= 1
        for word in words(node.description):
            self._with_word[word].pop()

    def search(self, text: str, most: int) -> list[ConceptNode]:
        """The `most` memories that share the rarest words with a text, best first; of equals the newest.

        A word weighs log(memories / memories with it), as in inverse document frequency.
        """
        weights: dict[ConceptNode, float] = defaultdict(float)
        for word in words(text):
            nodes = self._with_word.get(word, ())
            if nodes and (self._count < _FEW or len(nodes) * _TOO_COMMON <= self._count):
                for node in nodes:
                    weights[node] += math.log(1 + self._count / len(nodes))
        return sorted(weights, key=lambda node: (-weights[node], -node.node_count))[:most]


def words(text: str) -> list[str]:
    """The words of a text, each once; in scripts without spaces, every pair of neighboring letters."""
    folded = text.casefold()
    if folded.isascii():
        return list(dict.fromkeys(_WORD.findall(folded)))
    pairs = (run[at : at + 2] for run in _RUN.findall(folded) for at in range(len(run) - 1))
    return list(dict.fromkeys([*_WORD.findall(_RUN.sub(" ", folded)), *pairs]))


def names(text: str, name: str) -> bool:
    """Whether a text contains a name: as a whole word, in scripts with spaces."""
    is_one_sign = len(name) == 1 and _RUN.match(name)
    return not is_one_sign and bool(re.search(pattern_of(name), text))


def pattern_of(name: str) -> str:
    """A pattern for a name: as a whole word, in scripts with spaces."""
    return re.escape(name) if _RUN.search(name) else rf"(?<!\w){re.escape(name)}(?!\w)"


def full_names(text: str) -> list[str]:
    """Names of two or more capitalized words, as of people and places; not at the beginning of a sentence."""
    return _FULL_NAME.findall(text)

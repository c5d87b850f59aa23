"""Which memories share words with a text: for what comes to mind at once, before a model could be asked.

Knows words only; not what they mean, nor when or how much a memory matters.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict

from persona.memory_structures.concept_node import ConceptNode

_WORD = re.compile(r"\w{3,}")
_TOO_COMMON = 4  # a word in more than one of so many memories tells nothing
_FEW = 20  # memories; among fewer, no word is too common


class WordIndex:
    """Memories by the words of their descriptions, in order of their making; the last that came is the first to go."""

    def __init__(self) -> None:
        self._with_word: dict[str, list[ConceptNode]] = defaultdict(list)
        self._count = 0

    def append(self, node: ConceptNode) -> None:
        """Takes in a memory."""
        self._count += 1
        for word in _words(node.description):
            self._with_word[word].append(node)

    def pop(self, node: ConceptNode) -> None:
        """Drops the memory that came last, which is this one."""
        self._count -= 1
        for word in _words(node.description):
            self._with_word[word].pop()

    def search(self, text: str, most: int) -> list[ConceptNode]:
        """The `most` memories that share the rarest words with a text, best first; of equals the newest.

        A word weighs log(memories / memories with it), as in inverse document frequency.
        """
        weights: dict[ConceptNode, float] = defaultdict(float)
        for word in _words(text):
            nodes = self._with_word.get(word, ())
            if nodes and (self._count < _FEW or len(nodes) * _TOO_COMMON <= self._count):
                for node in nodes:
                    weights[node] += math.log(1 + self._count / len(nodes))
        return sorted(weights, key=lambda node: (-weights[node], -node.node_count))[:most]


def _words(text: str) -> list[str]:
    """The words of a text, each once, in order."""
    return list(dict.fromkeys(_WORD.findall(text.casefold())))

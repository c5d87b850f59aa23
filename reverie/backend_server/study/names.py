"""Finds the people that a text names. Knows how names are written; nothing about towns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from persona.memory_structures.word_index import pattern_of


class Names:
    """Finds people in texts: by their full name, or by a unique first name."""

    def __init__(self, people: Sequence[str]) -> None:
        self.people = people
        firsts = Counter(name.split()[0] for name in people)
        self._called = {name.split()[0]: name for name in people if firsts[name.split()[0]] == 1}
        self._called |= {name: name for name in people}
        longest_first = sorted(self._called, key=lambda called: (-len(called), called))
        self._pattern = re.compile("|".join(map(pattern_of, longest_first)))
        self._known: dict[str, list[str]] = {}  # memories repeat each other

    def in_text(self, text: str) -> list[str]:
        """The people named, each once, in the order of the text."""
        if text not in self._known:
            found = (self._called[name] for name in self._pattern.findall(text))
            self._known[text] = list(dict.fromkeys(found))
        return self._known[text]

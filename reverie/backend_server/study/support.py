"""Whether an answer is based on something the person knows: the check of the generative agents paper (7.1.2).

An answer that is not a no claims to know the people of the town in question and answer, and everything that the
question has in quotation marks or calls by a name, such as an invented person. It is supported if a memory, or a line
of the person's identity, names each of them; a place may also be one that the person knows. Words decide, not the
similarity of embeddings, whose scale differs between models; that only selects which of several memories is shown.
Asks no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from persona.memory_structures.associative_memory import CHAT, ConceptNode
from persona.memory_structures.places import in_words
from persona.memory_structures.word_index import full_names, pattern_of, words
from persona.mind import Mind
from study.names import Names

_QUOTED = re.compile(r"[\"“„«「]([^\"“”„«»「」]+)[\"”“»」]")


class Support(NamedTuple):
    """The support of an answer: a text for each thing it claims to know; the things that no text names."""

    texts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """yes, no, or "" for an answer that claims nothing that can be checked."""
        return "no" if self.unknown else "yes" if self.texts else ""


def support(persona: Mind, question: str, answer: str, town: Names, in_mind: Sequence[ConceptNode]) -> Support:
    """The support of an answer.

    Args:
        in_mind: the retrieved memories, best first: of several that name a thing, the first of them is used.
    """
    others = [name for name in town.in_text(f"{question} {answer}") if name != persona.name]
    known = list(_known(persona, in_mind))
    found = {name: next((text for text in known if name in town.in_text(text)), None) for name in others}
    known += map(in_words, persona.s_mem.addresses())
    people = "|".join(map(pattern_of, town.people))
    others_left_out = re.sub(people, ",", _QUOTED.sub(",", question))
    for thing in [*_QUOTED.findall(question), *full_names(others_left_out)]:
        found[thing] = next((text for text in known if _says(text, thing)), None)
    texts = dict.fromkeys(text for text in found.values() if text)
    return Support(tuple(texts), tuple(thing for thing, text in found.items() if text is None))


def _known(persona: Mind, in_mind: Iterable[ConceptNode]) -> Iterator[str]:
    """The texts that a persona knows: retrieved memories, all others newest first, and the identity."""
    memory = persona.a_mem
    for node in dict.fromkeys([*in_mind, *reversed(memory.nodes)]):
        if not memory.withholds(node):
            yield _text(node)
    yield from persona.scratch.identity_sheet().split("\n")


def _text(node: ConceptNode) -> str:
    """A memory on one line, a conversation with its lines."""
    if node.type != CHAT:
        return node.description
    return " / ".join([f"{node.description} (with {node.object})", *(f"{line[0]}: {line[1]}" for line in node.filling)])


def _says(text: str, phrase: str) -> bool:
    """Whether a text has all words of a phrase, in any order and with any ending."""
    folded, stems = text.casefold(), [word.removesuffix("s") for word in words(phrase)]
    if not stems:
        return phrase.strip().casefold() in folded
    return all(stem in folded for stem in stems) and all(
        any(word.startswith(stem) for word in words(folded)) for stem in stems
    )

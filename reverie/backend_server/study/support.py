"""Whether what somebody answers rests on something they know: the check of the generative agents paper (7.1.2).

An answer that is not a no claims to know the people of the town whom question and answer name, and what the question
has in quotation marks or calls by a name, such as a person who is made up. It is supported when a memory, or a line of
what the person is told to be, names each of them; a place may also be one that the person knows. Words decide, and not
the similarity of embeddings, whose scale differs from model to model; it only says which of several memories is shown.
Asks no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from persona.memory_structures.associative_memory import CHAT, ConceptNode
from persona.memory_structures.places import in_words
from persona.memory_structures.word_index import full_names, words
from persona.mind import Mind
from study.names import Names

_QUOTED = re.compile(r"[\"“„«「]([^\"“”„«»「」]+)[\"”“»」]")


class Support(NamedTuple):
    """What an answer rests on: a text for each thing it claims to know; the things that nothing names."""

    texts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """yes, no, or "" for an answer that claims nothing that could be looked up."""
        return "no" if self.unknown else "yes" if self.texts else ""


def support(persona: Mind, question: str, answer: str, town: Names, in_mind: Sequence[ConceptNode]) -> Support:
    """What an answer rests on.

    Args:
        in_mind: the memories that came to mind, best first: of several that name a thing the first of them is taken.
    """
    others = [name for name in town.in_text(f"{question} {answer}") if name != persona.name]
    known = list(_known(persona, in_mind))
    found = {name: next((text for text in known if name in town.in_text(text)), None) for name in others}
    known += map(in_words, persona.s_mem.addresses())
    others_left_out = re.sub("|".join(map(re.escape, town.people)), ",", _QUOTED.sub(",", question))
    for thing in [*_QUOTED.findall(question), *full_names(others_left_out)]:
        found[thing] = next((text for text in known if _says(text, thing)), None)
    texts = dict.fromkeys(text for text in found.values() if text)
    return Support(tuple(texts), tuple(thing for thing, text in found.items() if text is None))


def _known(persona: Mind, in_mind: Iterable[ConceptNode]) -> Iterator[str]:
    """What somebody knows: memories in mind, all others from the newest on, what they are told to be."""
    memory = persona.a_mem
    for node in dict.fromkeys([*in_mind, *reversed(memory.nodes)]):
        if not memory.withholds(node):
            yield _text(node)
    yield from persona.scratch.identity_sheet().split("\n")


def _text(node: ConceptNode) -> str:
    """A memory in one line, a conversation with its lines."""
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

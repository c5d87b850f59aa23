"""Whether a line is spoken: new in its talk, and words of the speaker instead of text about them.

Knows how models slip out of a role; not who talks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from persona.prompt_template.parsers import bare
from persona.prompt_template.prompt_text import Line
from persona.prompt_template.questions import scripts

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
SHORTEST_STATEMENT = 25
"""Characters; what is shorter ("How have you been?") may be said again."""
_NO_LINE = ("no answer", "no response", "n/a", "null", "undefined", "silence")


def why_not_spoken(line: str, names: Sequence[str], lines: Sequence[Line], language: str = "") -> str | None:
    """What is wrong with a line as the next one of a talk between two people; None for a good one.

    Args:
        names: the speaker's and the hearer's.
        language: that of the talk; "" for that of the lines so far.
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
    expected = scripts.of_language(language)
    if not language:  # then a line may quote another one
        said = scripts.of_text(" ".join(_without(names, before) for _, before in lines))
        expected = frozenset() if said & scripts.of_text(words) else said
    if expected and scripts.is_in_another(words, expected):
        return f"this must be said in {language or 'the language of the conversation so far'}"
    return None


def _speaks_to(name: str, line: str) -> bool:
    """Whether a line calls its hearer by this name: "Hello Ada", "How are you, Ada?"; not "It's me, Ada."."""
    called = rf"^(?:hi|hey|hello|good \w+),? {re.escape(name)}\b|(?<!\bme), {re.escape(name)}[.!?]"
    return bool(re.search(called, line, re.IGNORECASE))


def _statements(line: str) -> set[str]:
    """The sentences that say more than a greeting."""
    return {bare(sentence) for sentence in _SENTENCE.findall(line) if len(bare(sentence)) >= SHORTEST_STATEMENT}


def _without(names: Sequence[str], text: str) -> str:
    """The text without the names of who talks, which may be in another script."""
    for name in (called for whole in names for called in (whole, *whole.split())):
        text = text.replace(name, " ")
    return text

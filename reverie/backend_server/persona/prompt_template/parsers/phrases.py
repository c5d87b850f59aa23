"""Phrases: an activity, a sentence, a memo, the topic of a conversation.

It knows what models put around a phrase (labels, bullets, quotes, markdown); it must not know where it is used.
"""

from __future__ import annotations

import re
from typing import Any

from .clock import without_clocks
from .text import NOTHING, QUOTES, ParseError, bare, said, shown, unwrapped

# The words that label an answer or a part of it: "Answer: ...", "**Insight 2:** ...", "见解：...".
_LABEL_WORDS = (
    r"(?:final |high-level )?(?:answer|output|response|result|activity|action|task|subtask|sentence|utterance|"
    r"insight|summary|state|description|question|thought|memo)s?|答案|输出|回答|活动|任务|总结|结果|描述|问题"
)
LABEL = re.compile(
    rf"(?:the )?(?:{_LABEL_WORDS})(?: ?#?\d{{1,2}})?(?: is| are)? ?[:：]\s?|"
    r"[^:：\n]{0,20}(?:见解|洞察)[^:：\n]{0,10}[:：]",
    re.IGNORECASE,
)
BARE_LABEL = re.compile(rf"(?:(?:{_LABEL_WORDS})|.{{0,6}}(?:见解|洞察))(?: ?#?\d{{1,2}})?", re.IGNORECASE)
# "Sure! Here is the answer: " in front of an answer, and the same with nothing after it.
_LEAD_IN = re.compile(
    r"(?:(?:sure|certainly|of course|okay|ok|absolutely)\b[^:：\n]{0,60}|"
    r"(?:here (?:is|are)|here['’]s|below (?:is|are)|the following|based on|these are)\b[^:：\n]{0,120})[:：]\s?",
    re.IGNORECASE,
)
LEAD_IN_ONLY = re.compile(
    r"(?:(?:sure|certainly|of course|okay|ok|absolutely)[!.,]? ?)?(?:\Z|(?:here (?:is|are)|here['’]s|below (?:is|are)) "
    r"[^:：\n]{0,80}?\b(?:schedule|list|plan|answer|response|json|triple|(?:sub)?tasks|activities|insights|questions|"
    r"summary)\b[^:：\n]*\Z)",
    re.IGNORECASE,
)
# The bullet or number in front of a row: "- ", "1) ", "2.", "[3] ", "④ ".
MARKER = re.compile(r"(?:[-*•●·‣▪◦–—>+]|#{1,6}|\(?\d{1,2}[.．)、）:](?!\d)|\d{1,2} ?[.)]|\[\d{1,2}\]|[①-⑳]) ?(?=\S)")
BOLD = re.compile(r"\*\*|__")
# The placeholders of a form: "<fill in>", "[your activity]", "(fill in)".
PLACEHOLDER = re.compile(
    r"[<＜][^<>＜＞\n]{1,40}[>＞]|[\[{](?:fill|insert|your |blank|empty|填)[^\[\]{}\n]{0,40}[\]}]|"
    r"[(（](?:fill in|填)[^()（）\n]{0,40}[)）]",
    re.IGNORECASE,
)
# Between the items of a list in quotes, whose outer quotes are not a pair.
_QUOTED_LIST = re.compile(r"""["”'] ?, ?["“']""")
# A horizontal rule: "---", "|---|---|".
RULE = re.compile(r"[\s|:+=_*#~-]{3,}")
# The words between a name, or a pronoun, and the statement about it.
_IS = re.compile(r"(?:['’]s(?= \w+ing\b)|(?: is| are| was| were| will be)(?: currently| now)?) ", re.IGNORECASE)
_PRONOUN_IS = re.compile(
    r"(?:(?:she|he|they|i|it)(?:['’](?:s|re|m)| is| are| am| was| were| will be)|is|are) ", re.IGNORECASE
)
NO_TITLE = r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\bProf)"
# The beginning of a sentence: a capital, or a letter of a script without capitals.
_CAPITAL = r"[A-Z\"“À-Þ\u0386-\u03ab\u0400-\u042f\u0590-\u10ff\u1100-\uffff]"
SENTENCE_END = re.compile(NO_TITLE + r"[.!?؟۔][\"”']?(?=\s+" + _CAPITAL + r")|[。！？।]")
# Where the first clause of an activity ends: a comma or dash before more text, a sentence's end, a bracket, or the next
# row of a form that the model continued to fill in.
_CLAUSE_END = re.compile(
    r",(?=\s|\Z)|[，、。；！？،؛؟۔।…\n\[|]|;|(?<=\w)[(（]|(?: [–—-]|—)(?= )|" + NO_TITLE + r"[.!?](?=\s|\Z)"
)
_UNDERSCORE = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")  # "go_to_sleep"
_NEXT_ROW = re.compile(r"(?<=\w) ?\[")
# "There is nothing worth remembering."
_NOTHING_WORTH = re.compile(r"(?:there (?:is|was) )?nothing\b[^.\n]{0,60}\.?\Z", re.IGNORECASE)
# "They are talking about ", "This is a conversation between A and B about ": a sentence that leads to the topic.
_TALK = re.compile(
    r"(?:this|it) (?:is|was)\b|(?:the|a|an|their|our) (?:conversation|chat|discussion|talk|dialogue|two)\b|"
    r"(?:they|both|conversing|talking|chatting|discussing)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"[^\n]{0,120}?\b(?:about|discuss(?:ed|ing)?|on the topic of)(?: |\Z)", re.IGNORECASE)


def sentence(value: Any, most_chars: int = 400) -> str:
    """The first line of content, without label, bullet, number, quotes or markdown, at most `most_chars` long.

    Raises ParseError if only a heading, a placeholder or a word for nothing is left.
    """
    return shortened(_phrases(value)[0], most_chars)


def prose(value: Any, most_chars: int = 1200) -> str:
    """All lines of content as one paragraph, at most `most_chars` long. Raises ParseError like `sentence`."""
    return shortened(" ".join(_phrases(value)), most_chars)


def memo(value: Any, name: str, most_chars: int = 400) -> str | None:
    """The memo that `name` wants to remember, or None if the answer says that there is nothing.

    A name in an address or in front of a whole sentence is dropped ("Nora, you know ...").
    """
    said_so = unwrapped(value)
    if isinstance(said_so, str) and said_so.strip() and (bare(said_so) in NOTHING or _NOTHING_WORTH.match(said_so)):
        return None
    text = sentence(value, most_chars)
    full, first = (re.escape(called) for called in (name, name.split(" ")[0]))
    start = re.match(rf"{full}(?:[,，] ?(?=\w)| (?=[A-Z]))|{first}[,，] ?(?=\w)", text) if name else None
    return text[start.end() :] if start else text


def activity(value: Any, name: str = "", most_chars: int = 160) -> str:
    """The activity or state of `name` (a persona, or an object): the first clause, without times of day.

    "Nora Quill is reading a book at 3 pm. She likes it." becomes "reading a book".
    """
    written = _UNDERSCORE.sub(" ", _NEXT_ROW.split(said(value))[0])
    text = without_name(phrase(without_clocks(_phrases(written)[0])), name)
    clauses = (unended(tidy(clause)) for clause in _CLAUSE_END.split(text))
    clause = next((clause for clause in clauses if clause and bare(clause) not in NOTHING), None)
    if clause is None:
        raise ParseError(f"an activity is needed, was {shown(value)}")
    if re.match(r"[A-Z][a-z]+ing(?: |\Z)", clause):  # "Reading a map"
        clause = clause[0].lower() + clause[1:]
    return shortened(clause, most_chars)


def topic(value: Any, names: tuple[str, ...] = (), most_chars: int = 160) -> str:
    """The topic of a conversation, to follow "conversing about": without lead-in and "between A and B"."""
    text = _phrases(value)[0]
    about = _ABOUT.match(text)
    if about and (_TALK.match(text) or text.startswith(tuple(name.split(" ")[0] for name in names if name))):
        text = text[about.end() :]
    for name in names:
        text = re.sub(rf" between [^,.\n]{{0,60}}{re.escape(name)}[^,.\n]{{0,60}}", "", text)
    text = unended(re.split(r", (?:focusing|including|and (?:planning|their)|with)\b|[.。](?:\s|\Z)", text)[0])
    if not text:
        raise ParseError(f"what the talk was about is needed, was {shown(value)}")
    return shortened(text, most_chars)


def without_name(text: str, name: str) -> str:
    """The text without "Nora Quill is ", "Nora is ", "The bed is " or "She is " in front."""
    for called in filter(None, (name, name.split(" ")[0])):
        start = re.match(rf"(?:the )?{re.escape(called)}(?:(?!\w)|(?=[^\x00-\u2e7f]))", text, re.IGNORECASE)
        if start:
            rest = text[start.end() :]
            linked = _IS.match(rest)
            return rest[linked.end() :] if linked else rest.lstrip(" ,，:：")
    linked = _PRONOUN_IS.match(text)
    return text[linked.end() :] if linked else text


def phrase(line: str) -> str:
    """One line without bullet, number, label, quotes, markdown and placeholders; "" if nothing is left."""
    text = tidy(PLACEHOLDER.sub("", BOLD.sub("", line)))
    for _ in range(3):
        for front in (MARKER, LABEL, _LEAD_IN):
            start = front.match(text)
            text = text[start.end() :] if start and start.end() < len(text) else text
        text = tidy(text)
    return "" if is_heading(text) or bare(text) in NOTHING else text


def is_heading(text: str) -> bool:
    """Whether the line only introduces the next ones, or is the rule of a table."""
    text = BOLD.sub("", text).strip()
    if text.endswith((":", "：")) or text.startswith("#") or RULE.fullmatch(text):
        return True
    return bool(BARE_LABEL.fullmatch(bare(text)) or LEAD_IN_ONLY.match(text))


def tidy(text: str) -> str:
    """The text without spaces, quotes and unpaired brackets around it."""
    text = text.strip(" \t\n,，;；|*_`")
    while len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES and not _QUOTED_LIST.search(text):
        text = text[1:-1].strip()
    for opening, closing in ("()", "（）", "[]", "{}"):
        if text.count(opening) != text.count(closing):
            text = text.strip(opening + closing + " ")
    return text.strip()


def unended(text: str) -> str:
    """The text without its final period; "..." is kept."""
    return text if text.endswith("..") else text.rstrip(".。۔।").strip()


def shortened(text: str, most_chars: int) -> str:
    """The text, cut if it has more than `most_chars` characters: after a sentence, or else a word.

    Some scripts have hardly any spaces.
    """
    if len(text) <= most_chars:
        return text
    head = text[:most_chars]
    ends = [end.end() for end in SENTENCE_END.finditer(text, 0, most_chars)]
    blank = head.rfind(" ")
    cut = ends[-1] if ends else blank if blank > most_chars // 2 else most_chars
    return head[:cut].strip() or head


def _phrases(value: Any) -> list[str]:
    text = said(value)
    phrases = [found for line in text.split("\n") if not is_heading(line) and (found := phrase(line))]
    if not phrases:
        raise ParseError(f"a phrase is needed, was {shown(text)}")
    return phrases

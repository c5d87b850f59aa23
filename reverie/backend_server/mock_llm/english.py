"""A little English grammar: persons, gerunds, articles, sentences. Knows words, and nothing of towns or prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_BASES = {"is": "be", "has": "have", "does": "do", "goes": "go", "was": "was", "lies": "lie", "ties": "tie"}
_GERUNDS = {"be": "being", "begin": "beginning", "forget": "forgetting", "see": "seeing"}
_ONE_SYLLABLE = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")
_SIBILANT = ("sses", "shes", "ches", "xes", "zzes", "oes")
_ADVERBS = ("also", "always", "often", "never", "still", "now", "usually", "sometimes", "really", "currently")
ADVERB = rf"(?:(?:{'|'.join(_ADVERBS)}) )?"
MODALS = frozenset(re.findall(r"\w+", "was will would can could should might must may had did perhaps never"))
PAST = frozenset(
    re.findall(
        r"\w+",
        """
        found wrote came took grew saw heard met made built bought sold lost kept left gave told
        thought began learned learnt taught won got knew
        """,
    )
)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_KNOWN_TEXTS = 4096  # what is worked out for a text is kept: the same sentences come in prompt after prompt
_CUT_BEFORE = re.compile(
    r"\s+(?:at|on|in|for|with|from|to|by|until|because|out of|so that|that|which|who|and|before|after)\s+|[,.;:(]"
)
COMMON_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
        arrange ask attend bake be begin bring browse brew build buy call care carve catch check clean close
        collect come cook deliver do draw drink drop eat enjoy feed fetch fill finish fish garden get give go
        grade grow hang have head help hope invite join keep know lead leave learn like listen live look love
        make meet mend miss need open order paint plan play polish potter practice practise prepare pick pour
        print read repair research rest restore rent row sail return run say see sell serve set sew shop sing
        sit sketch spend start stay stock stop stroll study sweep swim take talk teach tell tend think tidy
        tinker try tune tutor unwind visit walk want wash watch water wonder work worry write
        """,
    )
)
_NO_MATTER = re.compile(r"(?:going|being|getting|taking things|looking forward)\b")
_WISHES = "wants?|hopes?|needs?|plans?|wish(?:es)?|would like|['’]d like|tr(?:y|ies)"
_NO_NOUN = r"over|up|out|off|away|down|were|was|is|are|in|at|of|on|by|from|and|with|to|for|that|who|which|as|until"
_THING = rf"(?:an?|the|my|our|her|his) [a-z][\w'’-]+(?: (?!(?:{_NO_NOUN})\b)[a-z][\w'’-]+)?"
_POINTING = re.compile(r" (?:life|friend|time|day|way|her|that)$| (?:it|them|him|this)\b")
_FINITE = r"is|was|were|are|has|had|will|reads|\w+ed"
_SOMEBODY = r"(?:I|[A-Z][\w'’]+(?: [A-Z][\w'’]+)?)"
_DANGLING = {
    "a",
    "an",
    "the",
    "of",
    "and",
    "or",
    "to",
    "with",
    "for",
    "in",
    "on",
    "at",
    "by",
    "from",
    "his",
    "her",
    "their",
}


def sentence(text: str) -> str:
    """The text with a capital letter first and a full stop last."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?。！？" else ".")


@lru_cache(maxsize=_KNOWN_TEXTS)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text."""
    return tuple(part.strip() for part in _BETWEEN_SENTENCES.split(text) if part.strip())


def bare(text: str) -> str:
    """The text without its closing punctuation."""
    return text.strip().rstrip(".!?; ")


def base_form(verb: str) -> str:
    """`work` for `works`, `carry` for `carries`; a word that is no third person stays."""
    if verb in _BASES:
        return _BASES[verb]
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(_SIBILANT):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def gerund(verb: str) -> str:
    """`working` for `works` or `work`; a gerund stays."""
    if verb.endswith("ing") and len(verb) > 5:
        return verb
    base = base_form(verb)
    if base in _GERUNDS:
        return _GERUNDS[base]
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    return base + (base[-1] if _ONE_SYLLABLE.match(base) else "") + "ing"


def third_form(verb: str) -> str:
    """`works` for `work`, `is` for `am`."""
    irregular = {"am": "is", "have": "has", "do": "does", "go": "goes", "are": "is", "were": "was"}
    if verb in irregular or verb in MODALS:
        return irregular.get(verb, verb)
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def doing(text: str, name: str) -> str:
    """The activity in a statement about `name`: `restoring a boat` of `Ada Bell is restoring a boat.`, or nothing."""
    found = re.match(rf"{_names(name)} is {ADVERB}(\w+ing\b.*)", bare(text))
    return found[1] if found else ""


def core(phrase: str, most: int = 7) -> str:
    """The head of a phrase: as far as its first preposition or comma, at most `most` words, nothing left hanging."""
    cut = _CUT_BEFORE.search(phrase, phrase.find(" ") + 1)
    whole = (phrase[: cut.start()] if cut else phrase).split()
    words = whole[:most]
    if len(whole) > most and "of" in words[2:]:
        words = words[: len(words) - 1 - words[::-1].index("of")]
    while words and words[-1].lower() in _DANGLING:
        words.pop()
    return " ".join(words)


def topic(phrase: str) -> str:
    """What an activity is about: `the tasting evening` of `preparing a tasting evening at the cafe`; may be empty."""
    _, _, about = core(phrase).partition(" ")
    about = re.sub(r"^(?:on|about|for|up)\s+", "", about)
    return _article(about)


@lru_cache(maxsize=_KNOWN_TEXTS)
def matter(text: str) -> str:
    """What a spoken or told sentence is about, as a phrase: `restoring a harmonium`; empty when there is no telling."""
    told = (re.sub(r" (?:I|we|they)\b.*", "", about) for about in _matters(bare(text[:1].upper() + text[1:])))
    return next((about for about in told if about and not _POINTING.search(about)), "")


def _matters(text: str) -> Iterator[str]:
    """From the surest form to the least sure one."""
    if found := re.search(rf"(?:\bI['’]m|\bis|\bam|\bare|\bbeen) {ADVERB}(\w{{3,}}ing\b .+)", text):
        yield "" if _NO_MATTER.match(found[1]) else core(found[1], 8)
    if found := re.search(rf"\b(?:{_WISHES}) to {ADVERB}(\w+)( .+)", text):
        asked = re.search(r" for (\w+)", found[2]) if found[1] == "ask" else None
        yield f"asking for {asked[1]}" if asked else core(gerund(found[1]) + found[2], 6)
    if found := re.search(rf"\b(?:{_WISHES}) ((?:an?|the|more|some|new|help)\b.+)", text):
        yield _article(core(found[1], 5))
    if found := re.search(r"\bglad that (.+?) went well", text):
        yield _article(core(found[1], 6))
    if found := re.match(rf"((?:The|An?|My|Her|His|Our) (?:[\w'’-]+ ){{1,5}}?)(?:{_FINITE})\b", text):
        yield _article(core((found[1][0].lower() + found[1][1:]).strip(), 4))
    if found := re.match(rf"{_SOMEBODY}(?:['’]ve)? \w+ .*?\b({_THING})", text):
        yield _article(core(found[1], 3))


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def first_name(name: str) -> str:
    """How people call each other."""
    return name.split(" ")[0] if name else name


def _article(phrase: str) -> str:
    """With the article for what is known already."""
    return re.sub(r"^(?:an?|his|her|their|my|our|some)\s+", "the ", phrase)


def _names(name: str) -> str:
    """A pattern for the full and the first name; nobody's name is found nowhere."""
    if not name.strip():
        return r"(?!)"
    whole, first = re.escape(name), re.escape(first_name(name))
    return rf"\b(?:{whole}|{first})(?!\w)"

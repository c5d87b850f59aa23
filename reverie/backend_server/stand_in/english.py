"""A little English grammar: persons, gerunds, articles, sentences. Knows words, and nothing of towns or prompts."""

from __future__ import annotations

import re

_BASES = {"is": "be", "has": "have", "does": "do", "goes": "go", "was": "was", "lies": "lie", "ties": "tie"}
_GERUNDS = {"be": "being", "begin": "beginning", "forget": "forgetting", "see": "seeing"}
_ONE_SYLLABLE = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")
_SIBILANT = ("sses", "shes", "ches", "xes", "zzes", "oes")
_ADVERBS = ("also", "always", "often", "never", "still", "now", "usually", "sometimes", "really", "currently")
_ADVERB = rf"(?:(?:{'|'.join(_ADVERBS)}) )?"
_PERSON = re.compile(r"(?<![Tt]he )\b[A-Z][a-z]+ [A-Z][a-z]+\b(?! (?:[A-Z&]))")
_KEPT_VERBS = {"was", "will", "would", "can", "could", "should", "might", "must", "may", "had", "did", "perhaps"}
_NO_ARTICLE = ("park", "square", "house", "cottage", "hall", "street", "lane", "farm", "home", "green", "bend")
_CUT_BEFORE = re.compile(
    r"\s+(?:at|on|in|for|with|from|to|by|until|because|out of|so that|that|which|who|and|before|after)\s+|[,.;:(]"
)
COMMON_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
        ask attend bake be begin browse build buy call carve catch check clean close collect come cook deliver do
        draw drink drop eat enjoy feed fetch finish fish garden get give go grade grow have head help hope invite join
        keep know lead leave learn like listen live look love make meet mend miss need open order paint plan play
        polish potter practice practise prepare pick pour print read repair research rest restore return run say see
        sell serve set sew shop sing sit sketch spend start stay stock stop stroll study sweep swim take talk teach
        tell tend think tidy tinker try tune tutor unwind visit walk want wash watch water wonder work worry write
        """,
    )
)
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


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip()]


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
    if verb in irregular or verb in _KEPT_VERBS:
        return irregular.get(verb, verb)
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def first_person(text: str, name: str) -> str:
    """A sentence about `name` as `name` says it: `I'm restoring a boat.`"""
    somebody_else = _PERSON.search(re.sub(_names(name), "", text))
    text = re.sub(rf"{_names(name)}['’]s\b", "my", text)
    text = re.sub(rf"{_names(name)}", "I", text)
    text = re.sub(r"\b(?:[Ss]he|[Hh]e)\b", "I", text)
    text = re.sub(r"\b(?:herself|himself)\b", "myself", text)
    if not somebody_else:
        text = re.sub(r"\b(?:her|his)\b(?= \w)(?! (?:to|about|for|with|and|that|at|on|in)\b)", "my", text)
        text = re.sub(r"\b(?:her|him)\b", "me", text)
    text = re.sub(rf"\bI ({_ADVERB})(\w+)", _after_i, text)
    text = re.sub(rf"\band ({_ADVERB})(\w+)\b", _after_and, text) if re.search(r"\bI\b", text) else text
    return text[:1].upper() + text[1:]


def third_person(text: str, name: str) -> str:
    """What `name` said of itself as others tell it: `Ada Bell is restoring a boat and they hope to sail it.`"""
    subjects = _Subjects(name)
    text = re.sub(rf"\bI(?:['’](m|ve|ll|d))?\b(?: ({_ADVERB})(\w+))?", subjects.next, text)
    text = re.sub(rf"\band ({_ADVERB})(\w+)\b", _after_and_third, text)
    text = re.sub(r"\bmyself\b", "themselves", text)
    text = re.sub(r"\b([Mm])y\b", lambda m: "Their" if m[1] == "M" else "their", text)
    return re.sub(r"\bme\b", "them", text)


def doing(text: str, name: str) -> str:
    """The activity in a statement about `name`: `restoring a boat` of `Ada Bell is restoring a boat.`, or nothing."""
    found = re.match(rf"{_names(name)} is {_ADVERB}(\w+ing\b.*)", bare(text))
    return found[1] if found else ""


def core(phrase: str, most: int = 7) -> str:
    """The head of a phrase: as far as its first preposition or comma, at most `most` words, nothing left hanging."""
    cut = _CUT_BEFORE.search(phrase, phrase.find(" ") + 1)
    words = (phrase[: cut.start()] if cut else phrase).split()[:most]
    while words and words[-1].lower() in _DANGLING:
        words.pop()
    return " ".join(words)


def topic(phrase: str) -> str:
    """What an activity is about: `the tasting evening` of `preparing a tasting evening at the cafe`; may be empty."""
    _, _, about = core(phrase).partition(" ")
    about = re.sub(r"^(?:on|about|for|up)\s+", "", about)
    return re.sub(r"^(?:an?|his|her|their|my|some)\s+", "the ", about)


def spoken_subject(text: str) -> str:
    """What a spoken sentence is about, as a phrase of a few words; empty for small talk."""
    found = re.search(r"(?:\bI['’]m|\bis) (?!\w+ing\b[.!?]?$)(?:also |still )?(\w{3,}ing\b .+)", bare(text))
    return core(found[1], 6) if found and not re.match(r"going|being|getting|taking things", found[1]) else ""


def the(place: str) -> str:
    """A place name with the article it takes in a sentence."""
    if place.lower().startswith(("the ", "a ")):
        return place
    owned = re.search(r"['’]s? (?:\w+ )?(?:house|home|apartment|cottage|flat|room)$", place)
    named = place[:1].isupper() and place.lower().endswith(_NO_ARTICLE)
    return place if owned or named else f"the {place}"


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def first_name(name: str) -> str:
    """How people call each other."""
    return name.split(" ")[0] if name else name


def _names(name: str) -> str:
    """A pattern for the full and the first name; nobody's name is found nowhere."""
    if not name.strip():
        return r"(?!)"
    whole, first = re.escape(name), re.escape(first_name(name))
    return rf"\b(?:{whole}|{first})(?!\w)"


def _after_i(found: re.Match[str]) -> str:
    adverb, verb = found[1], found[2]
    if verb == "is":
        return f"I'm {adverb}".rstrip() if adverb else "I'm"
    return f"I {adverb}{verb if verb in _KEPT_VERBS or not verb.endswith('s') else base_form(verb)}"


def _after_and(found: re.Match[str]) -> str:
    adverb, verb = found[1], found[2]
    spoken = base_form(verb) if verb.endswith("s") and base_form(verb) in COMMON_VERBS else verb
    return f"and {adverb}{spoken}"


def _after_and_third(found: re.Match[str]) -> str:
    adverb, verb = found[1], found[2]
    return f"and {adverb}{third_form(verb) if verb in COMMON_VERBS else verb}"


class _Subjects:
    """Puts the name for the first `I` of a text and `they` for the others."""

    _HELPERS = {"m": ("is", "are"), "ve": ("has", "have"), "ll": ("will", "will"), "d": ("would", "would")}

    def __init__(self, name: str) -> None:
        self._name = name
        self._used = False

    def next(self, found: re.Match[str]) -> str:
        first, self._used = not self._used, True
        helper, adverb, verb = found[1], found[2] or "", found[3] or ""
        parts = [self._name if first else "they"]
        if helper:
            parts.append(self._HELPERS[helper][0 if first else 1])
            parts.append(adverb + verb)
        else:
            parts.append(adverb + (third_form(verb) if first and verb else verb))
        return " ".join(parts).strip()

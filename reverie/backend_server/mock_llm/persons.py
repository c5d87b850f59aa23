"""Whose words they are: sentences turned from the third person into the first and back, where that is safe.

Knows grammar only. What cannot be turned safely is not turned: the caller quotes it or says something else.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

from mock_llm.english import ADVERB, COMMON_VERBS, MODALS, PAST, bare, base_form, first_name, third_form
from mock_llm.place_names import CAPITALS

_JOINT = r"(?:,? and|,? but|,? or|,? then|,)"
_BEFORE_A_CLAUSE = (
    "all|and|but|or|that|because|when|while|where|if|so|which|whom|what|as|until|since|everyone|everybody|everything|how|why|"
    "whether|who|than|think|thinks|hope|hopes"
)
_CLAUSE = re.compile(rf"(?:^|[,;:]|\b(?:{_BEFORE_A_CLAUSE}))\s*$", re.I)
_RELATIVE = re.compile(r"\b(?:who|that|which|whose)\b")
# Words that name things as often as acts: `sells books and drinks`.
_TWOFOLD = frozenset(
    re.findall(
        r"\w+",
        """
        call catch cook drink fish garden order paint plan play polish print read rest run set shop
        sketch stock study talk tune visit walk wash watch water wish wonder work
        """,
    )
)
_VOLITION = frozenset(re.findall(r"\w+", "hope want plan wish ask need try like love enjoy"))
_FOLLOWS_A_VERB = r"(?= (?:to|the|an?|her|his|their|my|it|them|that|whether|everyone|everybody|[A-Z])\b)"
_BARE_VERB_BEFORE = re.compile(r"\b(?:to \w+|will|would|can|could|should|might|must|may)\b")
_SINGULAR_THEY = re.compile(r"\b(?:they|their|them|themselves|theirs)\b")
_MANY = re.compile(r"\b(?:everyone|everybody|people|anyone|anybody|children|folk|(?P<plural>[a-z]{3,}(?<![s'’])s))\b")
_SELF = re.compile(r"\b(?:I|[Mm]e|[Mm]y|mine|myself|[Ww]e|us|[Oo]ur|ours|[Yy]ou|[Yy]our)\b")
_CALENDAR = frozenset((*calendar.month_name[1:], *calendar.day_name))
_PLACED = re.compile(rf"\b(?:at|in|near|the|The|an?) (?:the )?{CAPITALS}")
_KNOWN_TEXTS = 4096
_FIRST = {"is": "am", "are": "am", "has": "have", "does": "do", "goes": "go", "were": "was"}


@lru_cache(maxsize=_KNOWN_TEXTS)
def first_person(text: str, name: str) -> str | None:
    """A sentence about `name` as `name` says it (`I'm restoring a boat.`); None when that cannot be said safely."""
    text = text.strip()
    marked = re.sub(rf"{_names(name)}['’]s?(?= )", "my", text)
    head = re.match(r"They\b", marked)
    marked = re.sub(r"^They\b", "\x01", marked)
    marked = re.sub(_names(name), "\x01", marked)
    if _is_doubtful(marked, bool(head), name):
        return None
    marked = re.sub(r"\b(?:[Ss]he|[Hh]e)\b", "\x01", marked)
    marked = re.sub(r"\b(?:herself|himself)\b", "myself", marked)
    marked = re.sub(r"\b([Hh]er|[Hh]is)\b(?= \w)(?! (?:to|about|for|with|and|that|at|on|in|by|from)\b)", _my, marked)
    marked = re.sub(r"\b(?:her|him)\b", "me", marked)
    spoken = _joined(_subjects(marked) or "")
    return spoken[:1].upper() + spoken[1:] if spoken else None


def reported(text: str, speaker: str) -> str | None:
    """What `speaker` said of itself as others tell it: `Ada Bell is restoring a boat`; None when it is to be quoted."""
    text = bare(text)
    selves = _SELF.findall(text)
    if not selves:
        return _lowered(text)
    found = re.search(rf"\bI(?:['’](?P<short>m|ve|ll|d))?(?: (?P<adverb>{ADVERB})(?P<verb>[\w'’]+))", text)
    if selves != ["I"] or not found:
        return None
    verb = _told(found["short"], found["verb"])
    joined = _joined_again(text[found.end() :])
    if verb is None or joined is None:
        return None
    return _lowered(f"{text[: found.start()]}{speaker} {_with_adverb(verb, found['adverb'])}{joined}")


def addressed(text: str, listener: str) -> str:
    """The sentence as it is said to whom it names: `I want to ask you`; empty where the listener is its subject."""
    named = rf"(?<!\w){re.escape(listener)}(?!\w)"
    if not listener or not re.search(named, text):
        return text
    if re.search(rf"(?:^|[,;]|\b(?:and|but|where|when|that|because|while|who|which)) ?{named}(?!['’]| for\b)", text):
        return re.sub(rf"(?<=and ){named}(?= for\b)", "you", text) if re.search(rf"and {named} for\b", text) else ""
    return re.sub(named, "you", re.sub(rf"{named}['’]s?(?= )", "your", text))


def quoted(text: str) -> str:
    """The sentence in quotation marks."""
    return f"“{text.strip()}”"


def _is_doubtful(marked: str, they: bool, name: str) -> bool:
    """Whether a pronoun may mean somebody else."""
    pronouns = [
        found.start() for found in re.finditer(r"\b(?:[Ss]he|[Hh]e|her|his|him|hers|herself|himself)\b", marked)
    ]
    genders = {found[0].lower() in ("she", "her", "hers", "herself") for found in
               re.finditer(r"\b(?:[Ss]he|[Hh]e|[Hh]er|[Hh]is|him|hers|herself|himself)\b", marked)}  # fmt: skip
    other = _somebody_else(marked, name)
    if len(genders) > 1 or other is not None and any(at > other for at in pronouns):
        return True
    plural = _SINGULAR_THEY.search(marked)
    return bool(plural and not _tells_of_many(marked[: plural.start()])) or they and bool(pronouns)


def _tells_of_many(text: str) -> bool:
    return any(base_form(found["plural"] or "") not in COMMON_VERBS for found in _MANY.finditer(text))


def _somebody_else(marked: str, name: str) -> int | None:
    """Where the first name stands that may be a person's; names of places, months and days are none."""
    hidden = _PLACED.sub(lambda found: " " * len(found[0]), marked)
    hidden = re.sub(r"[“\"].*?[”\"]", lambda found: " " * len(found[0]), hidden)
    for found in re.finditer(r"(?<=[\w,;:’'] )[A-Z]\w+", hidden):
        if found[0] not in _CALENDAR and found[0] not in name.split():
            return found.start()
    return None


def _subjects(marked: str) -> str | None:
    """The marks become `I` with its verb, or `me`; None when one is part of something else."""
    parts = re.split("(\x01)", marked)
    out = ""
    for k, part in enumerate(parts):
        if part != "\x01":
            out += part
            continue
        after = parts[k + 1]
        found = re.match(rf" ({ADVERB})([\w'’]+)", after)
        if _CLAUSE.search(out) and found and (spoken := _verb(found[1], found[2])):
            out += spoken
            parts[k + 1] = after[found.end() :]
        elif re.search(r"\b(?:to|with|for|of|by|from|about|at|after|helps?|asks?|tells?|told|near) $", out):
            out += "me"
        else:
            return None
    return out


def _verb(adverb: str, verb: str) -> str | None:
    """`I'm also`, `I have`, `I found`; None for what is no verb of one person."""
    if verb in ("is", "are"):
        return f"I'm {adverb}".rstrip()
    if verb.endswith(("n't", "n’t")):
        return {"is": "I'm not", "are": "I'm not", "has": "I haven't", "does": "I don't"}.get(verb[:-3], f"I {verb}")
    if verb in ("and", "or", "who", "which", "that"):
        return None
    return f"I {adverb}{_base(verb)}"


def _base(verb: str) -> str:
    if verb in _FIRST or verb in MODALS or not verb.endswith("s"):
        return _FIRST.get(verb, verb)
    return base_form(verb)


def _joined(text: str) -> str | None:
    """The verbs that share the subject `I` in its form; None when one of them may belong to something else."""
    if not text or not re.search(r"\bI\b", text):
        return text or None
    out, at = "", 0
    for found in re.finditer(rf"({_JOINT} {ADVERB})([a-z]+s)\b", text):
        if found.start() < text.index("I") or found.start() < at:
            continue
        spoken = _shared_verb(found[2], text[: found.start()], text[found.end() :])
        if spoken is None:
            return None
        out += text[at : found.start()] + found[1] + spoken
        at = found.end()
    return out + text[at:]


def _shared_verb(verb: str, before: str, after: str) -> str | None:
    base = _FIRST.get(verb, base_form(verb))
    clause = re.split(r"\bI\b", before)[-1]
    if verb in ("is", "has", "does", "was"):
        return None if _RELATIVE.search(clause) else base if verb != "was" else verb
    if base not in COMMON_VERBS:
        return None if re.match(r" (?:the|an?|my|to)\b", after) else verb
    if _RELATIVE.search(clause) and base not in _VOLITION:
        return None
    if base in _TWOFOLD and not re.match(_FOLLOWS_A_VERB, after) and not re.match(r" (?:home|again|every)\b", after):
        return None
    return base


def _told(short: str | None, verb: str) -> str | None:
    """The verb of a first person as others tell it; None when it is not known for one."""
    if short:
        return {"m": "is", "ve": "has", "ll": "will", "d": "would"}[short] + f" {verb}"
    if verb in ("am", "have", "do", "go"):
        return third_form(verb)
    if verb in MODALS or verb in PAST:
        return verb
    if verb in COMMON_VERBS:
        return third_form(verb)
    return verb if verb.endswith("ed") else None


def _with_adverb(verb: str, adverb: str) -> str:
    helper, _, rest = verb.partition(" ")
    return f"{helper} {adverb}{rest}" if rest else f"{adverb}{verb}"


def _joined_again(rest: str) -> str | None:
    """What follows the verb, verbs that share its subject in their form; None when they may not share it."""
    for found in re.finditer(rf"{_JOINT} {ADVERB}([a-z]+)\b", rest):
        verb = found[1]
        if verb in ("am", "have"):
            form = third_form(verb)
        elif verb in COMMON_VERBS:
            before = rest[: found.start()]
            if _BARE_VERB_BEFORE.search(before) or verb in _TWOFOLD:
                return None
            form = third_form(verb)
        else:
            continue
        return rest[: found.start(1)] + form + (_joined_again(rest[found.end(1) :]) or rest[found.end(1) :])
    return rest


def _my(found: re.Match[str]) -> str:
    return "My" if found[1][0].isupper() else "my"


def _lowered(text: str) -> str:
    """Without the capital of a sentence, where the first word is no name."""
    return (
        text[0].lower() + text[1:] if re.match(r"(?:The|A|An|There|It|They|Their|Every|All|Some|This) ", text) else text
    )


def _names(name: str) -> str:
    """A pattern for the full and the first name; nobody's name is found nowhere."""
    if not name.strip():
        return r"(?!)"
    return rf"(?<!\w)(?:{re.escape(name)}|{re.escape(first_name(name))})(?!\w)"

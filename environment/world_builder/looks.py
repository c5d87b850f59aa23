"""Selects the look of a persona: the one that is described for it, else one that fits its age and its pronoun.

Knows `looks.json`, which `draw.py` writes next to the pictures, and descriptions in people files and `scratch.json`;
does not need Pillow, since the pages use it too.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from build_faults import FaultBook

CHARACTERS = Path(__file__).resolve().parents[1] / "frontend_server" / "static_dirs" / "assets" / "characters"
_INDEX = "looks.json"
SHEET_SIZE = (128, 128)

_CHILD, _OLD, _UNKNOWN_AGE = 18, 55, 30
_BETWEEN_PARTS = re.compile(r",|\b(?:and|with|in|on)\b", re.IGNORECASE)
_SAY_NOTHING = {"a", "an", "the", "his", "her", "their", "wears", "wearing"}
_ENGLISH = {"the", "is", "and", "at"}
_PRONOUNS = (
    {"he": {"he"}, "she": {"she"}},
    {"he": {"him", "his", "himself"}, "she": {"her", "hers", "herself"}},
    {"they": {"they", "them", "their", "themself", "themselves"}},
)
"""The words that reveal a pronoun; "they" and "their" only if no others do, since they may mean several people."""
_PNG = b"\x89PNG\r\n\x1a\n"


class Look(NamedTuple):
    """`not_for` lists the groups of people it does not fit, `parts` the words for each of its parts."""

    not_for: frozenset[str]
    parts: tuple[frozenset[str], ...]


class Wearer(NamedTuple):
    """A person who needs a look. `told` are texts about them; the first that has a pronoun decides it."""

    name: str
    age: Any
    told: Sequence[Any]
    description: str = ""


def read_index() -> dict[str, Look]:
    """The looks in CHARACTERS by name; none if there is no `looks.json`."""
    file = CHARACTERS / _INDEX
    if not file.is_file():
        return {}
    rows = json.loads(file.read_text(encoding="utf-8"))["looks"]
    return {
        name: Look(
            frozenset(row["not_for"].split()), tuple(frozenset(part.split()) for part in row["words"].split(","))
        )
        for name, row in rows.items()
    }


def choose(wearers: Iterable[Wearer], looks: Mapping[str, Look], taken: Iterable[str] = ()) -> dict[str, str]:
    """{name: look} by description, age, pronoun and a hash of the name; "" if there are no looks.

    Of the looks that fit, everyone gets an unused one, as long as there are any. Later people do not affect earlier
    ones.
    """
    taken, chosen = set(taken), {}
    for wearer in wearers:
        chosen[wearer.name] = _best(wearer, looks, taken)
        taken.add(chosen[wearer.name])
    return chosen


def note_unknown_words(description: str, looks: Mapping[str, Look], where: str, book: FaultBook) -> None:
    """Note the words of a description that apply to no look."""
    known = {word for look in looks.values() for part in look.parts for word in part}
    for word in (word for part in _parts(description) for word in sorted(part - known)):
        close = "".join(f'"{meant}" or another' for meant in get_close_matches(word, sorted(known), n=1)) or "one"
        remedy = f"Leave it out, or take {close} of those in {CHARACTERS / _INDEX}"
        book.note(where, f'`look`: "{word}" describes no look', remedy)


def own_sheet(file: Path, where: str, book: FaultBook) -> str:
    """The unique name of a custom picture in the folder of characters.

    Notes a fault if the file is not a sprite sheet.
    """
    remedy = f"Put a PNG of {SHEET_SIZE[0]} x {SHEET_SIZE[1]} pixels there, laid out like those in {CHARACTERS}"
    try:
        content = file.read_bytes()
    except OSError as error:
        book.note(where, f"`look`: {file} cannot be read ({error.strerror})", remedy)
        return ""
    size = struct.unpack(">II", content[16:24]) if content.startswith(_PNG) and len(content) >= 24 else None
    if size != SHEET_SIZE:
        book.note(where, f"`look`: {file} is {f'{size[0]} x {size[1]} pixels' if size else 'not a PNG'}", remedy)
    return f"own-{hashlib.sha256(content).hexdigest()[:16]}"


def _best(wearer: Wearer, looks: Mapping[str, Look], taken: set[str]) -> str:
    names, described, groups = list(looks), _parts(wearer.description), _groups(wearer)
    start = int.from_bytes(hashlib.sha256(wearer.name.encode()).digest()[:4], "big")

    def rank(place: int) -> tuple[Any, ...]:
        look = looks[names[place]]
        said = sum(max(len(words & part) for part in look.parts) for words in described)
        fits = groups.isdisjoint(look.not_for)
        return -said, not fits, names[place] in taken, "young" not in look.not_for, (place - start) % len(names)

    return names[min(range(len(names)), key=rank)] if names else ""


def _parts(description: str) -> list[set[str]]:
    parts = (set(re.findall(r"[\w-]+", part.lower())) - _SAY_NOTHING for part in _BETWEEN_PARTS.split(description))
    return [words for words in parts if words]


def _groups(wearer: Wearer) -> set[str]:
    """The groups in `not_for` that a person belongs to: by pronoun, if known, and by age."""
    try:
        age = int(wearer.age)
    except (TypeError, ValueError, OverflowError):
        age = _UNKNOWN_AGE
    return {_pronoun(wearer.told), *(["young"] if age < _OLD else []), *(["child"] if age < _CHILD else [])}


def _pronoun(told: Sequence[Any]) -> str:
    """`he`, `she` or `they`, by the first English text that reveals it; "" if none does."""
    texts = [re.findall(r"[^\W\d_]+", text.lower()) for text in told if isinstance(text, str)]
    for pronouns in _PRONOUNS:
        for words in (words for words in texts if not _ENGLISH.isdisjoint(words)):
            counts = [(sum(word in forms for word in words), pronoun) for pronoun, forms in pronouns.items()]
            (most, pronoun), (next_most, _) = sorted([*counts, (0, "")], reverse=True)[:2]
            if most > next_most:
                return pronoun
    return ""

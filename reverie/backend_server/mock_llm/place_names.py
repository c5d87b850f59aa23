"""Names of places in running text: which place words speak of, where its name ends, how it stands in a sentence.

Knows names and the words around them; nothing of maps, acts or hours.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

# A name such as `Gull and Anchor`, `Kettle & Crumb Cafe` or `Harbour of the Winds`, as far as capitals carry it.
CAPITALS = r"[A-Z][\w'’]*(?:(?: (?:&|and|of|of the|at|de|la|der))? [A-Z][\w'’]*)*"

_ARTICLE = re.compile(r"^the\s+", re.I)
_OWNED = r"(?:the|an?|her|his|their|my|our|its)"
_AFTER_NAME = (
    r"(?=\s*$|[.,;:!?()]|\s+(?:a|again|and|around|at|about|after|all|as|before|by|daily|during|each|every|for|from|in|is|on|"
    r"once|or|till|to|twice|until|where|when|while|with|\d)\b)"
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        and the of old new little big great small town east west north south upper lower house
        """,
    )
)
_NO_ARTICLE = (
    *("park", "gardens", "square", "house", "cottage", "hall"),
    *("street", "lane", "farm", "home", "green", "bend"),
)
_NAMED = re.compile(rf"\b(?:at|in|to|by) (?:[Tt]he )?({CAPITALS})")
_CALENDAR = frozenset((*calendar.month_name[1:], *calendar.day_name))
_DWELLING = re.compile(r"['’]s?\b.*\b(?:house|home|room|apartment|flat|cottage)\b|\b(?:house|lodge|apartment)$", re.I)
_HELD = "\x1e"
_WORD = re.compile(r"\w+")
_KNOWN_NAMES = 4096


def the(place: str) -> str:
    """A place name with the article it takes within a sentence."""
    if _ARTICLE.match(place):
        return f"the {bare_name(place)}"
    owned = re.search(r"['’]s? (?:\w+ )?(?:house|home|apartment|cottage|flat|room)$", place)
    named = place[:1].isupper() and (place.lower().endswith(_NO_ARTICLE) or re.match(r"\w+['’]s? \w+$", place))
    return place if owned or named or place.lower().startswith(("a ", "an ")) else f"the {place}"


def bare_name(place: str) -> str:
    """`Copper Kettle` of `The Copper Kettle`."""
    return _ARTICLE.sub("", place)


def mentioned_place(text: str, places: Iterable[str]) -> str:
    """The place a text names: the whole name, else a word for it that no other place has; nothing when in doubt."""
    places, small = tuple(places), text.lower()
    whole = [place for place in places if bare_name(place).lower() in small and _whole(place).search(text)]
    if whole:
        return max(whole, key=len)
    telling = {
        place: sum(word in small and bool(_alias(word).search(text)) for word in words)
        for place, words in _telling(places).items()
    }
    return max(telling, key=telling.__getitem__, default="") if any(telling.values()) else ""


def named_places(text: str) -> list[str]:
    """What a text itself calls places: names with capitals after `at`, `in` or `to`; no months, no dwellings."""
    found = (name for name in _NAMED.findall(text) if not _CALENDAR & set(name.split()))
    return [name for name in dict.fromkeys(found) if not _DWELLING.search(name)]


def with_place(activity: str, place: str) -> str:
    """`having lunch at the Green Cafe`; `in` after another `at`; as it stands when it names the place already."""
    if not place or _whole(place).search(activity):
        return activity
    if place == "home":
        return f"{activity} at home"
    return f"{activity} {'in' if ' at ' in activity else 'at'} {the(place)}"


def without_place(text: str, place: str, places: Sequence[str]) -> str:
    """The text without its words for a place, where these can be taken out whole; else with the place's full name."""
    if place == "home":
        return re.sub(r"\s*\b(?:at |back )?home\b", "", text, count=1)
    if not place:
        return text
    telling = sorted(_telling((*places,)).get(place, ()), key=len, reverse=True)
    name = "|".join((_whole(place).pattern, *(rf"\b{re.escape(word)}\b{_AFTER_NAME}" for word in telling)))
    where = re.search(rf"\s*\b(?:over at|at|in|to|into|of|by|from) (?:{_OWNED} )*(?:own )?(?:{name})", text, re.I)
    if where:
        return text[: where.start()] + text[where.end() :]
    return re.sub(rf"\b{_OWNED} (?:{name})", lambda _: the(place), text, count=1, flags=re.I)


def held_together(text: str, places: Iterable[str]) -> str:
    """The text with the blanks within names of places held, so that no joint within a name is taken for one."""
    for name in sorted({bare_name(place) for place in places if place}, key=len, reverse=True):
        text = re.sub(re.escape(name), lambda found: found[0].replace(" ", _HELD), text, flags=re.I)
    return text


def let_go(text: str) -> str:
    """The text with its blanks again."""
    return text.replace(_HELD, " ")


@lru_cache(maxsize=_KNOWN_NAMES)
def _whole(place: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(bare_name(place))}(?!\w)", re.I)


@lru_cache(maxsize=_KNOWN_NAMES)
def _alias(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_OWNED}|at|in|to|into) {re.escape(word)}\b{_AFTER_NAME}", re.I)


@lru_cache(maxsize=_KNOWN_NAMES)
def _telling(places: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words of each name that may stand for it: those that no other name has."""
    words = {place: tuple(_WORD.findall(place.lower())) for place in places}
    had_by = Counter(word for own in words.values() for word in set(own))
    return {
        place: tuple(word for word in own if len(word) > 2 and had_by[word] == 1 and word not in _COMMON)
        for place, own in words.items()
    }

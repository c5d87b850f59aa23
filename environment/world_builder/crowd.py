"""Generates a cast of any size for any town: with homes, jobs, friends and topics of conversation.

Knows the places of a town by the words of their names; the names and sentences are in `crowd_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import crowd_words as words
from build_faults import FaultBook
from cast import Cast, Person
from crowd_words import Shift, Trade
from town_tiles import Town

START = datetime(2024, 3, 4, 7)
SEED = 20240304
MOST_PEOPLE = 1000

_WITHOUT_ARTICLE = re.compile(r"(?:park|square|hall|green|house|court|street|lane|farm|road|'s? \w+)$", re.I)
_PENSION_AGE, _WORKING_AGES, _OLDEST = 67, (18, 66), 88
_FIRST_JOB, _YEARS = 16, (2, 19)  # the age at which work begins; the range of years that are mentioned
_RETIRED_OF_TEN, _OCCASIONS_OF_TEN, _OUT_OF_TEN = 1, 2, 3
_AT_LEISURE = Shift(7, 10, 12, 22)
_EVENING, _LATEST = 20, 22


@dataclass(frozen=True)
class Crowd:
    """The number of people to generate. The same number, seed and town give the same people."""

    count: int
    seed: int = SEED


def make_cast(crowd: Crowd, town: Town, book: FaultBook) -> Cast | None:
    """This number of people in the homes of a town, several per bed if there are more people than starts.

    None, with the fault noted in `book`, if nobody can live there.
    """
    beds = _beds(town)
    if not beds:
        book.note(
            "file", "nobody can live here: no home has a start", "Draw an @ in a room of a place with home = true"
        )
        return None
    chance = Random(crowd.seed)
    places = _Places(town)
    people = list(_residents(crowd.count, beds, places, chance))
    return Cast(
        name="",
        start=START,
        seed=crowd.seed,
        people=tuple(_person(resident, people, places, chance) for resident in people),
        shares_starts=True,
    )


@dataclass(frozen=True)
class _Resident:
    """The decisions about a person before any text is written. `work` is "" for people without a job."""

    name: str
    woman: bool
    age: int
    home: str
    work: str
    trade: Trade
    shift: Shift


class _Places:
    """The public places of a town, by the activities there."""

    def __init__(self, town: Town) -> None:
        public = [sector for sector in town.places() if sector not in town.homes]
        self.work = public
        self.eating = _named(words.EATING, public)
        self.evening = _named(words.EVENING, public)
        self.outdoors = _named(words.OUTDOORS, public)

    def trade(self, place: str) -> Trade:
        """The job at a place."""
        return next((trade for trade in words.TRADES if re.search(trade.words, place, re.I)), words.ANY_TRADE)


def _named(pattern: str, places: Sequence[str]) -> list[str]:
    return [place for place in places if re.search(pattern, place, re.I)]


def _beds(town: Town) -> list[str]:
    """The room of every start in a home, row by row."""
    return [f"{tile.sector}:{tile.arena}" for _, tile in town.tiles() if tile.start and tile.sector in town.homes]


def _residents(count: int, beds: Sequence[str], places: _Places, chance: Random) -> Iterator[_Resident]:
    """People who share a room have the same family name; workplaces are filled one after another."""
    families = chance.sample(words.FAMILIES, len(words.FAMILIES))
    given = {woman: chance.sample(names, len(names)) for woman, names in ((True, words.WOMEN), (False, words.MEN))}
    households: dict[tuple[str, int], str] = {}
    taken: set[str] = set()
    for number in range(count):
        home, woman = beds[number % len(beds)], number % 2 == 0
        family = households.setdefault((home, number // len(beds)), families[len(households) % len(families)])
        name = next(name for first in _from(given[woman], number) if (name := f"{first} {family}") not in taken)
        taken.add(name)
        retired = chance.randrange(10) < _RETIRED_OF_TEN or not places.work
        age = chance.randint(_PENSION_AGE, _OLDEST) if retired else chance.randint(*_WORKING_AGES)
        work = "" if retired else places.work[number % len(places.work)]
        trade = places.trade(work)
        yield _Resident(name, woman, age, home, work, trade, chance.choice(trade.shifts) if work else _AT_LEISURE)


def _from(names: Sequence[str], number: int) -> Iterator[str]:
    """All names once, beginning with a different one for each number."""
    return (names[(number + step) % len(names)] for step in range(len(names)))


def _person(resident: _Resident, people: Sequence[_Resident], places: _Places, chance: Random) -> Person:
    friends = _friends(resident, people, chance)
    eats, sits, drinks = (_one(kind, chance) for kind in (places.eating, places.outdoors, places.evening))
    goes_out = chance.randrange(10) < _OUT_OF_TEN
    drinks = drinks if goes_out and resident.shift.end < _EVENING < resident.shift.bed - 1 else ""
    visited = [place for place in (eats, sits, drinks) if place]
    return Person(
        name=resident.name,
        age=resident.age,
        traits=", ".join(chance.sample(words.TRAITS, 3)),
        past=_past(resident, friends, chance),
        currently=_currently(resident, visited, chance),
        lifestyle=_lifestyle(resident),
        daily_plan=_daily_plan(resident, eats, sits, drinks, chance),
        home=resident.home,
        **({"workplace": resident.work} if resident.work else {}),
        knows=tuple(dict.fromkeys(visited)),
        whispers=_ties(resident, friends, chance),
    )


def _friends(resident: _Resident, people: Sequence[_Resident], chance: Random) -> list[_Resident]:
    """Three others: from the room, the workplace and the town; fewer if there are not enough people."""
    everybody = {other.name: other for other in people}
    circles = (
        [other.name for other in people if other.home == resident.home],
        [other.name for other in people if other.work == resident.work],
        everybody,
    )
    friends = [resident.name]
    for circle in circles:
        others = sorted({*circle} - {*friends}) or sorted({*everybody} - {*friends})
        friends += chance.sample(others, min(1, len(others)))
    return [everybody[name] for name in friends[1:]]


def _ties(resident: _Resident, friends: Sequence[_Resident], chance: Random) -> tuple[str, ...]:
    patterns = chance.sample(words.ACQUAINTANCES, len(friends))
    return tuple(
        pattern.format(friend=friend.name, years=_years(chance, resident, friend))
        for friend, pattern in zip(friends, patterns, strict=True)
    )


def _past(resident: _Resident, friends: Sequence[_Resident], chance: Random) -> str:
    told: Sequence[str] = words.PASTS if resident.work else words.PASTS_WITHOUT_WORK
    if resident.age - _FIRST_JOB <= _YEARS[0]:
        told = [pattern for pattern in told if "{years}" not in pattern]
    years, work = _years(chance, resident), _in_text(resident.work)
    sentences = [chance.choice(told).format(name=resident.name, doing=resident.trade.doing, work=work, years=years)]
    if friends:
        years = _years(chance, resident, friends[-1])
        sentences.append(chance.choice(words.COMPANY).format(name=resident.name, friend=friends[-1].name, years=years))
    return " ".join(sentences)


def _years(chance: Random, *concerned: _Resident) -> int:
    """The number of years of something: no more than since the youngest of them was old enough."""
    fewest, most = _YEARS
    return chance.randint(fewest, min(most, *(resident.age - _FIRST_JOB for resident in concerned)))


def _currently(resident: _Resident, visited: Sequence[str], chance: Random) -> str:
    if not visited or chance.randrange(10) >= _OCCASIONS_OF_TEN:
        return chance.choice(words.PROJECTS).format(name=resident.name)
    day, hour = START + timedelta(days=chance.randint(1, 5)), chance.randint(15, 19)
    return chance.choice(words.OCCASIONS).format(
        name=resident.name,
        place=_in_text(chance.choice(visited)),
        date=f"{day:%B} {day.day}, {day.year}",
        start=_clock(hour),
        end=_clock(hour + 2),
    )


def _lifestyle(resident: _Resident) -> str:
    dinner = 17 if resident.shift.bed <= 20 else 18 + (resident.shift.bed == 23)
    hours = {"goes to bed": resident.shift.bed, "wakes up": resident.shift.up, "eats dinner": dinner}
    return f"{resident.name} {', '.join(f'{what} around {_clock(hour)}' for what, hour in hours.items())}."


def _daily_plan(resident: _Resident, eats: str, sits: str, drinks: str, chance: Random) -> str:
    return " ".join([_morning(resident, eats), _afternoon(resident, sits, drinks, chance)])


def _morning(resident: _Resident, eats: str) -> str:
    """Work, with lunch in the middle of it or after it."""
    shift, lunch = resident.shift, f"eats lunch at {_in_text(eats) if eats else 'home'} around noon"
    if not resident.work:
        return f"{resident.name} reads the newspaper at home around 9am and {lunch}."
    place = _in_text(resident.work)
    first = f"{resident.trade.doing} at {place} from {_clock(shift.start)}"
    if shift.start > 12:
        return f"{resident.name} {lunch} and {first} until {_clock(shift.end)}."
    if shift.end <= 12:
        return f"{resident.name} {first} until {_clock(shift.end)} and {lunch}."
    return f"{resident.name} {first}, {lunch} and works at {place} until {_clock(shift.end)}."


def _afternoon(resident: _Resident, sits: str, drinks: str, chance: Random) -> str:
    """The free hours; people who work late have them before work."""
    she = "She" if resident.woman else "He"
    hour = 10 if resident.shift.start > 12 else max(resident.shift.end, 13) + 1
    free = f"{she} {chance.choice(words.PASTIMES)} at {_in_text(sits) if sits else 'home'} around {_clock(hour)}"
    if not drinks:
        return f"{free}."
    hours = f"from {_clock(_EVENING)} until {_clock(min(resident.shift.bed - 1, _LATEST))}"
    return f"{free} and spends the evening at {_in_text(drinks)} {hours}."


def _one(places: Sequence[str], chance: Random) -> str:
    return chance.choice(places) if places else ""


def _in_text(place: str) -> str:
    """The place's name within a sentence."""
    if place.startswith("The "):
        return f"the {place.removeprefix('The ')}"
    return place if not place or _WITHOUT_ARTICLE.search(place) else f"the {place}"


def _clock(hour: int) -> str:
    """`7am`, `noon`, `1am` for 25: an hour as people say it."""
    hour %= 24
    if hour in (0, 12):
        return "noon" if hour else "midnight"
    return f"{hour % 12}{'am' if hour < 12 else 'pm'}"

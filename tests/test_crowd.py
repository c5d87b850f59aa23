"""Generated people: the requested number, each with a home, work, friends and days that fit the town."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import build
import looks
from build_faults import BuildRefused
from crowd import MOST_PEOPLE, Crowd
from crowd_words import WOMEN
from person_texts import hours, named_places, usual_entries
from terminal import read
from tiny_town import BUILDER, COTTAGE_ONLY, changed, printed_for_any_order_of_hashes, town_files

pytestmark = pytest.mark.slow

PLAN = BUILDER / "worlds" / "willow_bend" / "plan.toml"


@pytest.fixture(scope="module")
def world():
    return build.read_world(PLAN, Crowd(300))


@pytest.fixture
def tiny(tmp_path):
    """A function that generates a crowd in a town with one home and no public place, with a changed plan."""

    def crowd_of(count: int, old: str = "#B1@#", new: str = "#B1@#") -> build.World:
        return build.read_world(town_files(tmp_path, changed(COTTAGE_ONLY, old, new)), Crowd(count))

    return crowd_of


def names(world: build.World) -> list[str]:
    return [person.name for person in world.cast.people]


@pytest.mark.parametrize("count", [1, 2, 39, MOST_PEOPLE])
def test_the_requested_number_of_people_is_made_with_unique_names(count):
    made = names(build.read_world(PLAN, Crowd(count)))
    assert len(set(made)) == len(made) == count


def test_the_seed_determines_the_people(world):
    assert build.read_world(PLAN, Crowd(300)).cast == world.cast
    assert build.read_world(PLAN, Crowd(300, seed=1)).cast.people != world.cast.people


def test_the_people_are_the_same_whatever_the_order_of_hashes():
    script = (
        "import build, sys; from crowd import Crowd; from pathlib import Path;"
        "print(build.read_world(Path(sys.argv[1]), Crowd(60)).cast)"
    )
    assert len(printed_for_any_order_of_hashes(script, PLAN)) == 1


def test_beds_are_shared_evenly(world):
    places = {person.home: person.home.split(":") for person in world.cast.people}
    beds = {home: len(world.town.starts(*place)) for home, place in places.items()}
    residents = Counter(person.home for person in world.cast.people)
    a_bed = [residents[home] / beds[home] for home in beds]
    assert sum(beds.values()) == sum(tile.start for _, tile in world.town.tiles())
    assert max(a_bed) - min(a_bed) <= 1


def test_people_who_move_in_together_have_one_family_name(tiny):
    families = [name.split()[-1] for name in names(tiny(4, "#B1@#", "#@1@#"))]
    assert families[0] == families[1] != families[2] == families[3]


def test_every_workplace_has_its_people(world):
    places = set(world.town.places()) - world.town.homes
    assert {person.workplace for person in world.cast.people} == {*places, ""}


def test_everybody_goes_to_known_places_on_the_map(world):
    sectors = set(world.town.places())
    for person in world.cast.people:
        known = {*person.knows, person.workplace}
        assert set(named_places(f"{person.daily_plan} {person.currently}")) <= known & sectors, person.name


def test_days_differ_and_all_habits_fit_into_the_waking_hours(world):
    up, bed = zip(*map(hours, world.cast.people), strict=True)
    assert {4 * 60, 6 * 60, 7 * 60, 9 * 60} <= set(up)
    assert {20 * 60, 22 * 60, 23 * 60, 25 * 60} <= set(bed)
    for person, first, last in zip(world.cast.people, up, bed, strict=True):
        usual = usual_entries(person)
        assert len(usual) >= 3, person.name
        assert all(first <= start < end <= last for _, start, end in usual), (person.name, person.daily_plan)


def test_everybody_has_friends_among_the_others(world):
    everybody = names(world)
    for person in world.cast.people:
        friends = {name for name in everybody if any(name in whisper for whisper in person.whispers)}
        assert len(friends) == 3 and person.name not in friends, person.name


def test_nobody_has_worked_or_known_others_longer_than_their_age_allows(world):
    ages = {person.name: person.age for person in world.cast.people}
    told = 0
    for person in world.cast.people:
        for sentence in (*person.past.split(". "), *person.whispers):
            others = [age for name, age in ages.items() if name in sentence]
            for years in map(int, re.findall(r"(\d+) years", sentence)):
                told += 1
                assert 2 <= years <= min(19, *(age - 16 for age in (person.age, *others))), (person.name, sentence)
    assert told > 100


def test_people_who_have_just_left_school_mention_no_years_at_work(world):
    young = [person for person in world.cast.people if person.age <= 18]
    assert young
    assert [person.name for person in young if "years" in person.past.partition(". ")[0]] == []


def test_the_cast_has_news_to_tell(world):
    told = [person.currently.replace(person.name, "") for person in world.cast.people]
    assert len(set(told)) >= 40
    assert sum("2024 from" in text for text in told) >= 30
    assert [person.name for person in world.cast.people if "{" in repr(person)] == []


def test_looks_fit_the_made_people(world):
    index = looks.read_index()
    told = [
        looks.Wearer(person.name, person.age, (person.past, person.lifestyle, person.currently, person.daily_plan))
        for person in world.cast.people
    ]
    for name, look in looks.choose(told, index).items():
        assert ("she" if name.split()[0] in WOMEN else "he") not in index[look].not_for, name


def test_people_of_a_town_without_public_places_stay_at_home(tiny):
    (person,) = tiny(1).cast.people
    assert (person.home, person.workplace, person.knows) == ("Cottage:bedroom", "", ())
    assert person.daily_plan.count(" at home ") == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("@", "1", r"plan\.toml: file: nobody can live here: no home has a start\. Draw an @"),
        ("at = [1, 2]", "at = [9, 2]", "it covers x 9 to 13"),
    ],
    ids=["no start", "faulty plan"],
)
def test_a_town_where_nobody_can_live_is_refused(tiny, old, new, said):
    with pytest.raises(BuildRefused, match=said):
        tiny(3, old, new)


# ---------------------------------------------------------------- the command line


def test_the_command_builds_a_base_with_the_given_number_of_people(tmp_path, capsys):
    assert build.main(["--people", "40", "--seed", "8", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.endswith(f"cast of 40: built in {tmp_path}\n")  # where the program does not look for it
    base = tmp_path / "storage" / "base_willow_bend_n40"
    meta, standing = read(base / "reverie" / "meta.json"), read(base / "environment" / "0.json")
    assert meta["seed"] == 8
    assert list(standing) == meta["persona_names"] == names(build.read_world(PLAN, Crowd(40, seed=8)))
    assert {folder.name for folder in (base / "personas").iterdir()} == set(standing)


@pytest.mark.parametrize("count", ["0", "-4", str(MOST_PEOPLE + 1), "99999999999999"])
def test_the_command_refuses_too_few_and_too_many(tmp_path, capsys, count):
    with pytest.raises(SystemExit, match="2"):
        build.main(["--people", count, "--out", str(tmp_path)])
    assert f"{count} people cannot be made: ask for 1 to {MOST_PEOPLE}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

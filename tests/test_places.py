"""Places: where a persona may go for what it is about to do."""

import pytest

from persona.cognitive_modules.places import usable_places
from persona.memory_structures.places import RANDOM, Places, in_words
from scripted import persona, town
from small_world import ADA, ADAS_HOUSE, BEN, BENS_HOUSE, CAFE, CLEO, PARK, PEOPLE, WORLD

HOMES = {person.name: person.home for person in PEOPLE}


@pytest.fixture
def maze(tmp_path):
    return town(tmp_path)


def who_knows_all(who, maze):
    someone = persona(who)
    someone.s_mem.learn(maze.address_tiles)
    return someone


def test_own_home_and_public_places_are_offered_with_their_things(maze):
    places = usable_places(persona(ADA), maze, HOMES, "baking")
    assert places.sectors() == [ADAS_HOUSE, CAFE, PARK]
    assert "stove" in places.objects(ADAS_HOUSE, "kitchen")


def test_other_peoples_homes_are_closed(maze):
    assert BENS_HOUSE not in usable_places(who_knows_all(ADA, maze), maze, HOMES, "visiting a friend").sectors()


def test_an_activity_that_names_somebody_opens_their_home(maze):
    assert BENS_HOUSE in usable_places(who_knows_all(ADA, maze), maze, HOMES, "visiting Ben Moss").sectors()


def test_a_shared_home_is_open_to_all_who_live_there(maze):
    assert BENS_HOUSE in usable_places(who_knows_all(CLEO, maze), maze, HOMES, "resting").sectors()


def test_a_house_named_after_somebody_who_is_not_in_the_simulation_is_closed_too(maze):
    alone = {BEN.name: BEN.home}
    assert ADAS_HOUSE not in usable_places(who_knows_all(BEN, maze), maze, alone, "resting").sectors()


def test_places_that_are_not_on_the_map_are_not_offered(maze):
    ada = persona(ADA)
    ada.s_mem.learn([f"{WORLD}:Atlantis:temple:altar", f"{WORLD}:{CAFE}:cellar:barrel"])
    places = usable_places(ada, maze, HOMES, "diving")
    assert "Atlantis" not in places.sectors()
    assert "cellar" not in places.arenas(CAFE)


def test_the_spelling_is_the_maps(maze):
    ada = persona(ADA)
    ada.s_mem.tree, ada.s_mem._known = {}, frozenset()
    ada.s_mem.learn([f"{WORLD.upper()}:{CAFE.upper()}:CAFE:Cafe Counter"])
    assert usable_places(ada, maze, HOMES, "serving").tree == {CAFE: {"cafe": ["cafe counter"]}}


def test_somebody_who_knows_no_place_can_stay_at_home(maze):
    ada = persona(ADA)
    ada.s_mem.restore(({}, frozenset()))
    assert usable_places(ada, maze, HOMES, "resting").tree == {ADAS_HOUSE: {"bedroom": []}}


def test_a_room_without_a_thing_means_any_of_its_tiles():
    places = Places("W", {"Park": {"meadow": []}}, "W:Park:meadow")
    assert places.address("Park", "meadow", None) == f"W:Park:meadow:{RANDOM}"
    assert places.address("Park", "meadow", "bench") == "W:Park:meadow:bench"


def test_places_are_worded_one_place_a_line():
    places = Places("W", {"Park": {"meadow": []}, "Inn": {"bar": ["stool", "tap"], "cellar": []}}, "")
    assert places.as_text() == "- Park: meadow\n- Inn: bar (stool, tap); cellar"


def test_where_somebody_stands_is_worded_likewise(maze):
    assert in_words(maze.address(ADA.tile, "arena")) == f"{ADAS_HOUSE} > bedroom"
    assert in_words(maze.address((10, 5), "arena")) == "the street"

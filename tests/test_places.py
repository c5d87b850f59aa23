"""Places: where a persona may go for its next action."""

import pytest

from persona.cognitive_modules.places import usable_places
from persona.memory_structures.places import RANDOM, Places, in_words
from scripted import persona
from small_world import ADA, ADAS_HOUSE, BEN, BENS_HOUSE, CAFE, CLEO, PARK, PEOPLE, WORLD

HOMES = {person.name: person.home for person in PEOPLE}


def test_own_home_and_public_places_are_offered_with_their_objects(maze):
    places = usable_places(persona(ADA), maze, HOMES, "baking")
    assert places.sectors() == [ADAS_HOUSE, CAFE, PARK]
    assert "stove" in places.objects(ADAS_HOUSE, "kitchen")


@pytest.mark.parametrize(
    ("who", "activity", "homes", "house", "is_open"),
    [
        pytest.param(ADA, "visiting a friend", HOMES, BENS_HOUSE, False, id="of somebody else"),
        pytest.param(ADA, "visiting Ben Moss", HOMES, BENS_HOUSE, True, id="of who is named"),
        pytest.param(CLEO, "resting", HOMES, BENS_HOUSE, True, id="shared"),
        pytest.param(BEN, "resting", {BEN.name: BEN.home}, ADAS_HOUSE, False, id="of who is not in the simulation"),
    ],
)
def test_homes_are_open_to_residents_and_to_visits_that_name_a_resident(maze, who, activity, homes, house, is_open):
    someone = persona(who)
    someone.s_mem.learn(maze.address_tiles)
    assert (house in usable_places(someone, maze, homes, activity).sectors()) is is_open


def test_places_that_are_not_on_the_map_are_not_offered(maze):
    ada = persona(ADA)
    ada.s_mem.learn([f"{WORLD}:Atlantis:temple:altar", f"{WORLD}:{CAFE}:cellar:barrel"])
    places = usable_places(ada, maze, HOMES, "diving")
    assert "Atlantis" not in places.sectors()
    assert "cellar" not in places.arenas(CAFE)


def test_places_are_spelled_as_on_the_map(maze):
    ada = persona(ADA)
    ada.s_mem.tree, ada.s_mem._known = {}, frozenset()
    ada.s_mem.learn([f"{WORLD.upper()}:{CAFE.upper()}:CAFE:Cafe Counter"])
    assert usable_places(ada, maze, HOMES, "serving").tree == {CAFE: {"cafe": ["cafe counter"]}}


def test_a_persona_without_known_places_can_stay_at_home(maze):
    ada = persona(ADA)
    ada.s_mem.restore(({}, frozenset()))
    assert usable_places(ada, maze, HOMES, "resting").tree == {ADAS_HOUSE: {"bedroom": []}}


def test_a_room_without_an_object_means_any_of_its_tiles():
    places = Places("W", {"Park": {"meadow": []}}, "W:Park:meadow")
    assert places.address("Park", "meadow", None) == f"W:Park:meadow:{RANDOM}"
    assert places.address("Park", "meadow", "bench") == "W:Park:meadow:bench"


def test_places_are_listed_one_per_line():
    places = Places("W", {"Park": {"meadow": []}, "Inn": {"bar": ["stool", "tap"], "cellar": []}}, "")
    assert places.as_text() == "- Park: meadow\n- Inn: bar (stool, tap); cellar"


def test_the_current_place_is_written_in_the_same_way(maze):
    assert in_words(maze.address(ADA.tile, "arena")) == f"{ADAS_HOUSE}, bedroom"
    assert in_words(maze.address((10, 5), "arena")) == "the street"

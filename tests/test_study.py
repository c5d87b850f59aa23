"""The analysis of a town: acquaintance, news, appointments and attendance, how time is spent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from saves.tables import Tables
from small_world import ADA, ADAS_HOUSE, BEN, CAFE, CLEO, PARK, SmallWorld, write_json
from study import acquaintance, days, news
from study.acquaintance import AT_START, HEARD, SEEN, TALKED, THOUGHT, mutual
from study.appointments import appointment, came, made_in_talks
from study.names import Names
from study.news import CONCLUDED, GIVEN, NOTICED, TOLD, UNKNOWN, WHISPERED, UnusablePhrase
from synthetic_town import ADAS_ROOM, BENS_ROOM, CAFE_TILE, GARDEN, KITCHEN, STREET, SyntheticTown
from terminal import read

NOW = datetime(2024, 5, 6, 7, 0)  # a Monday
PLACES = [CAFE, PARK, "Park"]


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def made(world: SmallWorld) -> SyntheticTown:
    return SyntheticTown(world)


def announces(made: SyntheticTown, text: str) -> None:
    """Sets Ada's `currently` in the base."""
    base = made.simulation.path.parent / made.simulation.meta["fork_sim_code"]
    file = base / "personas" / ADA.name / "bootstrap_memory" / "scratch.json"
    write_json(file, read(file) | {"currently": text})


# Who knows whom


OTHERS = ("Sam Jr.", "Sam Sr.", "Zoë D’Arcy", "Zoë Bell")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Finch met Ben.", ["Ada Finch", "Ben Moss"]),
        ("Adam and Benny", []),
        ("Moss grows", []),
        ("Finn saw Finn Ray", ["Finn Ray"]),
        ("李雷在公园", ["李雷"]),
        ("李雷明在公园", ["李雷明"]),
        ("Zoë D’Arcys and Sam Jr. saw Zoë D’Arcy", ["Sam Jr.", "Zoë D’Arcy"]),
    ],
)
def test_people_are_found_by_full_names_and_unique_first_names(text: str, found: list[str]):
    assert Names(["Ada Finch", "Ben Moss", "Finn Ray", "Finn Day", "李雷", "李雷明", *OTHERS]).in_text(text) == found


def test_an_acquaintance_begins_with_the_first_memory_of_a_name(made: SyntheticTown):
    made.remembers(ADA, 1, "Ben Moss is reading", kind="event")
    made.remembers(ADA, 3, "Ben Moss is kind")
    made.remembers(BEN, 1, "I wonder about Ada")
    made.step(times=2).step(talk=((ADA, "Hello."), (BEN, "How is Cleo?"))).step()
    found = acquaintance.acquaintance(made.saved())
    ties = [(tie.persona, tie.other, tie.since, tie.how) for tie in found.known if tie.persona != CLEO.name]
    assert ties == [
        (BEN.name, ADA.name, at(10), THOUGHT),
        (ADA.name, BEN.name, at(20), TALKED),
        (ADA.name, CLEO.name, at(20), HEARD),
        (BEN.name, CLEO.name, at(20), HEARD),
    ]
    assert (ADA.name, BEN.name, at(10), SEEN) in [(tie[0], tie[1], tie.since, tie.how) for tie in found.seen]


def test_density_is_the_share_of_pairs_that_know_each_other(made: SyntheticTown):
    """Cleo's identity names Ben, Ben learns of her at minute 10; Ada and Ben know each other from minute 20 on."""
    made.remembers(BEN, 1, "Cleo Dunn is loud")
    made.remembers(BEN, 1, "Ada Finch bakes")
    made.remembers(ADA, 2, "Ben Moss counts fish")
    made.remembers(ADA, 2, "Cleo Dunn sings")  # and Cleo does not know of her
    found = acquaintance.acquaintance(made.step(times=3).saved())
    assert found.curve(found.known) == [(at(0), 0.0), (at(10), pytest.approx(1 / 3)), (at(20), pytest.approx(2 / 3))]
    assert mutual(found.known) == {(ADA.name, BEN.name): at(20), (BEN.name, CLEO.name): at(10)}


def test_people_known_at_the_start_count_from_the_start(made: SyntheticTown):
    made.remembers(ADA, 0, "You have known Cleo Dunn for ten years")
    found = acquaintance.acquaintance(made.step().saved())
    assert [(tie.persona, tie.other, tie.how) for tie in found.known] == [
        (CLEO.name, BEN.name, AT_START),
        (ADA.name, CLEO.name, AT_START),
    ]


def test_conversations_are_counted_by_pair(made: SyntheticTown):
    made.step(talk=((ADA, "Hello."), (BEN, "Hello.")), times=2).step().step(talk=((BEN, "Bye."), (ADA, "Bye.")))
    assert acquaintance.acquaintance(made.saved()).talked == [(ADA.name, BEN.name, 2, 4)]


# Appointments


@pytest.mark.parametrize(
    ("text", "place", "start", "end"),
    [
        ("a feast at the Corner Cafe on May 7, 2024 from 6pm to 9pm", CAFE, "07 18:00", "07 21:00"),
        ("a feast at the corner cafe on May 7 2024, 18:00 - 21:00", CAFE, "07 18:00", "07 21:00"),
        ("meet at Linden Park on the 8th of May at noon", PARK, "08 12:00", "08 13:00"),
        ("meet at Linden Park on 2024-05-08 at 14:30", PARK, "08 14:30", "08 15:30"),
        ("a dance at Linden Park tomorrow from 8pm to midnight", PARK, "07 20:00", "08 00:00"),
        ("a swim at Linden Park on Wednesday at 9am", PARK, "08 09:00", "08 10:00"),
        ("lunch at the Corner Cafe at 12:30 pm", CAFE, "06 12:30", "06 13:30"),
        ("a feast at the Corner Cafe on May 7th", CAFE, "07 00:00", "08 00:00"),
    ],
)
def test_an_appointment_is_a_place_and_a_time(text: str, place: str, start: str, end: str):
    found = appointment(text, NOW, PLACES)
    assert found is not None
    assert (found.place, f"{found.start:%d %H:%M}", f"{found.end:%d %H:%M}") == (place, start, end)


@pytest.mark.parametrize(
    "text",
    [
        "a feast on May 7 from 6pm to 9pm",
        "a feast at the Corner Cafe",
        "breakfast at the Corner Cafe at 5am",
        "it was on May 1, 2024 at Linden Park",
        "a feast at the Corner Cafe on May 32",
    ],
    ids=["no place", "no time", "this morning's", "over", "no such day"],
)
def test_without_a_place_and_a_future_time_there_is_no_appointment(text: str):
    assert appointment(text, NOW, PLACES) is None


def test_attendees_are_people_at_the_place_in_time(made: SyntheticTown):
    """Ada is in the cafe from minute 0 to 30, Ben from 20 to 40; it takes place from 10 to 30."""
    made.step({ADA: CAFE_TILE}, times=2).step({BEN: CAFE_TILE}).step({ADA: STREET}).step({BEN: STREET})
    tables = made.saved()
    where = appointment(f"at the {CAFE} from 07:10 to 07:30", NOW, PLACES)
    assert where is not None
    assert came(tables, tables.timeline.stays, where) == {ADA.name: 20.0, BEN.name: 10.0}


def test_appointments_are_kept_missed_or_still_in_the_future(made: SyntheticTown):
    chat = made.remembers(ADA, 0, "talking", kind="chat")
    for text in (f"Ben at the {CAFE} at 07:20", f"Ben at the {PARK} at 07:20", f"Ben at the {PARK} on May 9 at noon"):
        made.remembers(ADA, 0, text, evidence=[chat])
    made.remembers(ADA, 0, f"alone at the {CAFE} at 07:30")
    made.step({ADA: CAFE_TILE}, times=9)
    kept = [(each.persona, each.place, each.start, each.kept) for each in made_in_talks(made.saved())]
    assert kept == [
        (ADA.name, CAFE, at(20), True),
        (ADA.name, PARK, at(20), False),
        (ADA.name, PARK, datetime(2024, 5, 9, 12), None),
    ]


# Who knows what


FEAST = f"Ada Finch is giving a plum feast at the {CAFE} on May 6, 2024 from 7:30am to 8am."


def learned(tables: Tables, phrase: str) -> list[tuple[str, datetime, str, str, int]]:
    [found] = [each for each in news.spread(tables, [news.phrase(phrase)]) if each.news.title == phrase]
    return [each[:5] for each in found.learned]


def test_news_is_passed_on_from_person_to_person(made: SyntheticTown):
    announces(made, FEAST)
    made.step(talk=((ADA, "I have heard of nothing."), (BEN, "A plum, please.")))
    made.step(talk=((ADA, "Come to my plum feast!"), (BEN, "I will.")))
    made.step().step(talk=((BEN, "Ada gives a feast with plums."), (CLEO, "Oh.")))
    assert learned(made.saved(), "plum feast") == [
        (ADA.name, at(0), GIVEN, "", 0),
        (BEN.name, at(10), TOLD, ADA.name, 2),
        (CLEO.name, at(30), TOLD, BEN.name, 3),
    ]


def test_the_words_of_an_announcement_before_its_place_and_time_are_news(made: SyntheticTown):
    announces(made, f"She likes cake. {FEAST}")
    [spread] = news.spread(made.step().saved())
    assert (spread.news.title, spread.news.words) == ("plum feast", {"plum", "feast"})
    assert spread.news.takes_place is not None
    assert spread.news.takes_place[:3] == (CAFE, at(30), at(60))


def test_a_phrase_that_was_announced_is_reported_once(made: SyntheticTown):
    announces(made, FEAST)
    assert [each.news.title for each in news.spread(made.step().saved(), [news.phrase("feasts, plums")])] == [
        "feasts, plums"
    ]


def test_news_not_heard_from_others_was_noticed_concluded_or_invented(made: SyntheticTown):
    seen = made.remembers(BEN, 1, "Ada Finch is conversing about the flood", kind="event")
    made.remembers(CLEO, 2, "There will be a flood", evidence=[seen])
    made.step(times=3).step(talk=((ADA, "A flood comes."), (BEN, "I know.")))
    assert learned(made.saved(), "flood") == [
        (BEN.name, at(10), NOTICED, "", 0),
        (CLEO.name, at(20), CONCLUDED, "", 0),
        (ADA.name, at(30), UNKNOWN, "", 1),
    ]


def test_a_thought_after_a_talk_is_from_the_partner_who_knows_it(made: SyntheticTown):
    lines = ((ADA, "You know what."), (BEN, "Yes."))
    made.remembers(ADA, 0, "The comet comes back")
    chat = made.remembers(BEN, 2, "talking", kind="chat", talk=lines)
    made.remembers(BEN, 2, "Ada told of the comet", evidence=[chat])
    made.step().step(talk=lines).step()
    assert learned(made.saved(), "comet") == [(ADA.name, at(0), GIVEN, "", 0), (BEN.name, at(20), TOLD, ADA.name, 1)]


def test_a_later_whisper_is_news(made: SyntheticTown):
    made.whispers(ADA, 0, "The mill is old")
    made.whispers(ADA, 2, "The bridge at the mill is closed after the storm")
    made.step(times=3).step(talk=((ADA, "The storm has closed the bridge."), (BEN, "Oh.")))
    [spread] = news.spread(made.saved())
    assert spread.news.title == "The bridge at the mill is closed after the storm"
    assert [each[:4] for each in spread.learned] == [
        (ADA.name, at(20), WHISPERED, ""),
        (BEN.name, at(30), TOLD, ADA.name),
    ]


def test_an_embedding_near_the_first_memory_makes_up_for_a_missing_word(made: SyntheticTown):
    made.remembers(ADA, 0, "The plum feast is near")
    for number in range(40):
        made.remembers(BEN, 1, f"unlike {number}", kind="event")
    made.remembers(BEN, 2, "A banquet of plums is near", kind="event")
    made.remembers(BEN, 3, "A plum is on the table", kind="event")
    tables = made.step(times=4).saved()
    unlike = {f"unlike {number}": [0.0, 1.0, number / 40] for number in range(40)}
    vectors = {
        ADA.name: {"The plum feast is near": [1.0, 0.0, 0.0]},
        BEN.name: {**unlike, "A banquet of plums is near": [0.9, 0.1, 0.0], "A plum is on the table": [0.0, 1.0, 0.1]},
    }
    tables.vectors_of = lambda name: vectors.get(name, {})
    assert learned(tables, "plum feast") == [(ADA.name, at(0), GIVEN, "", 0), (BEN.name, at(20), NOTICED, "", 0)]


@pytest.mark.parametrize("phrase", ["", "  ", "at the", "5 of 9"])
def test_a_phrase_without_a_word_is_refused(phrase: str):
    with pytest.raises(UnusablePhrase, match="no word"):
        news.phrase(phrase)


# How time is spent


def test_minutes_at_places(made: SyntheticTown):
    made.step({ADA: ADAS_ROOM}, times=3).step({ADA: STREET}).step({ADA: KITCHEN}).step({ADA: GARDEN}, times=2)
    minutes = days.minutes(days.places(made.saved()))
    assert {place: count for (name, _, place), count in minutes.items() if name == ADA.name} == {
        ADAS_HOUSE: 40,
        days.BETWEEN: 10,
        PARK: 20,
    }


def test_a_stay_over_midnight_is_split(made: SyntheticTown):
    spans = days.places(made.step({ADA: GARDEN}, times=110).saved())
    mine = [(span.start, span.end) for span in spans if span.persona == ADA.name]
    assert mine == [(NOW, datetime(2024, 5, 7)), (datetime(2024, 5, 7), datetime(2024, 5, 7, 1, 20))]
    assert {date for _, date, _ in days.minutes(spans)} == {"2024-05-06", "2024-05-07"}


def test_presence_is_the_average_number_of_people(made: SyntheticTown):
    made.step({ADA: GARDEN, BEN: BENS_ROOM, CLEO: BENS_ROOM}, times=3).step({BEN: GARDEN}, times=3)
    presence = days.presence(days.places(made.saved()))
    assert presence[PARK][7] == pytest.approx(1.5)
    assert sum(map(sum, presence.values())) == pytest.approx(3)


def test_talks_and_memories_are_counted(made: SyntheticTown):
    first = made.remembers(ADA, 0, "The stove is hot", kind="event", depth=0)
    made.remembers(ADA, 1, "Stoves are hot", evidence=[first])
    made.step(talk=((ADA, "Hello."), (BEN, "Hi."))).step()
    [mine, *_] = days.remembered(made.saved())
    assert mine == (ADA.name, 1, 1, len("Hello."), 1, 1, 1, 4.0)


def test_the_deepest_reflections_come_first(made: SyntheticTown):
    nodes = [made.remembers(ADA, 0, "It rains", kind="event")]
    for depth in (1, 2):
        nodes.append(made.remembers(ADA, depth, f"depth {depth}", evidence=[nodes[-1]], depth=depth))
    made.remembers(ADA, 2, "whispered")
    found = days.reflections(made.step(times=3).saved().memories_of(ADA.name))
    assert [memory.text for memory in found] == ["depth 2", "depth 1"]

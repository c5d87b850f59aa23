"""React: who talks to whom, who waits, and what that does to a day."""

from datetime import datetime

import pytest

from persona.cognitive_modules import converse, react
from persona.memory_structures.associative_memory import Concept
from persona.memory_structures.schedule import MINUTES_A_DAY, entry_at
from scripted import START, ScriptedModel, busy, persona, town
from small_world import ADA, BEN, CAFE, CLEO, WORLD

COUNTER = f"{WORLD}:{CAFE}:cafe:cafe counter"


def refill(prompt):
    start = prompt.split("fill the time from ")[1][:5]
    return {"schedule": [{"start": start, "activity": "catching up"}]}


@pytest.fixture
def maze(tmp_path):
    return town(tmp_path)


@pytest.fixture
def model(monkeypatch):
    return ScriptedModel(
        decide_to_talk={"answer": "yes"},
        decide_to_wait={"option": 1},
        relationship={"relationship": "They are friends."},
        utterance=[
            {"utterance": "Have you seen a recipe for plum bread?", "end": False},
            {"utterance": "Not yet, but I will look.", "end": True},
        ],
        conversation_summary={"about": "a lost recipe"},
        schedule_after_reaction=refill,
    ).install(monkeypatch)


@pytest.fixture
def people():
    return {who.name: busy(persona(who), f"doing {k}", COUNTER) for k, who in enumerate((ADA, BEN, CLEO))}


def seen(someone, *others):
    """What somebody has newly noticed: these people."""
    found = []
    for other in others:
        concept = Concept(other.name, "is", "busy", f"{other.name} is busy", "busy", 3, {other.name})
        found.append(someone.a_mem.add_event(concept, START))
    return found


def one_by_one(function, items):
    return [function(item) for item in items]


def meet(people, maze, **noticed):
    by_first_name = {name.split()[0].lower(): name for name in people}
    perceived = {name: [] for name in people}
    for first, others in noticed.items():
        name = by_first_name[first]
        perceived[name] = seen(people[name], *(people[by_first_name[other]] for other in others))
    react.meet(people, perceived, maze, one_by_one)


def test_two_who_talk_both_act_at_each_other_with_the_lines_and_a_buffer(people, maze, model):
    meet(people, maze, ada=["ben"])
    ada, ben, cleo = (someone.scratch for someone in people.values())
    assert (ada.chatting_with, ben.chatting_with, cleo.chatting_with) == ("Ben Moss", "Ada Finch", None)
    assert (ada.act_address, ben.act_address) == ("<persona> Ben Moss", "<persona> Ada Finch")
    assert ada.act_event == ("Ada Finch", "chat with", "Ben Moss")
    assert ada.act_description == ben.act_description == "conversing about a lost recipe"
    assert ada.chat == ben.chat
    assert ada.chat[0] == ("Ada Finch", "Have you seen a recipe for plum bread?")
    assert ada.chatting_with_buffer == {"Ben Moss": 800}
    assert ben.chatting_with_buffer == {"Ada Finch": 800}


def test_both_days_are_cut_at_the_talk_and_filled_anew(people, maze, model):
    meet(people, maze, ada=["ben"])
    for name in ("Ada Finch", "Ben Moss"):
        rows = people[name].scratch.f_daily_schedule
        assert sum(minutes for _, minutes in rows) == MINUTES_A_DAY
        assert entry_at(rows, 9 * 60) == ("conversing about a lost recipe", 540, 541)
        assert entry_at(rows, 9 * 60 + 1).activity == "catching up"


def test_a_talk_that_begins_within_a_minute_lasts_its_whole_time(people, maze, model):
    for someone in people.values():
        someone.scratch.curr_time = START.replace(second=50)
    meet(people, maze, ada=["ben"])
    assert people["Ada Finch"].scratch.chatting_end_time == START.replace(minute=2)


def test_whether_to_talk_is_decided_from_a_bounded_part_of_memory(people, maze, model):
    memory = people["Ada Finch"].a_mem
    for k in range(60):
        memory.add_event(Concept("Ben Moss", "is", f"{k}", f"old news {k}", "key", 3, {"Ben Moss"}), START)
        memory.add_event(Concept("Ben Moss", "is", "fishing", "Ben Moss is fishing", "key", 3, {"Ben Moss"}), START)
    meet(people, maze, ada=["ben"])
    (prompt,) = model.prompts("decide to talk")
    assert prompt.count("old news") < 15
    assert "old news 59" in prompt
    assert prompt.count("Ben Moss is fishing") == 1


def test_who_says_no_goes_on_as_before(people, maze, model):
    model.answers["decide to talk"] = {"answer": "no"}
    meet(people, maze, ada=["ben"])
    assert people["Ada Finch"].scratch.act_description == "doing 0"
    assert model.prompts("utterance") == []


def test_after_a_no_the_other_may_still_start_the_talk(people, maze, model):
    model.answers["decide to talk"] = [{"answer": "no"}, {"answer": "yes"}]
    meet(people, maze, ada=["ben"], ben=["ada"])
    assert people["Ada Finch"].scratch.chat[0][0] == "Ben Moss"


def test_nobody_is_in_two_conversations(people, maze, model):
    meet(people, maze, ada=["ben"], ben=["cleo"], cleo=["ada"])
    assert [someone.scratch.chatting_with for someone in people.values()] == ["Ben Moss", "Ada Finch", None]
    assert len(model.prompts("decide to talk")) == 1


@pytest.mark.parametrize(
    "hindrance",
    [
        lambda ada, ben: busy(ben, "sleeping", COUNTER),
        lambda ada, ben: busy(ada, "sleeping", COUNTER),
        lambda ada, ben: ben.scratch.start_chat("Cleo Dunn", (("Ben Moss", "Hm."),), 800),
        lambda ada, ben: vars(ada.scratch).update(chatting_with_buffer={"Ben Moss": 3}),
        lambda ada, ben: vars(ben.scratch).update(act_address=None),
        lambda ada, ben: vars(ben.scratch).update(act_address="<waiting> 1 2"),
        lambda ada, ben: [vars(x.scratch).update(curr_time=datetime(2024, 5, 6, 23, 5)) for x in (ada, ben)],
    ],
    ids=["other asleep", "asleep", "other in a talk", "talked lately", "no action", "other waits", "late"],
)
def test_what_keeps_two_from_talking(people, maze, model, hindrance):
    ada, ben = people["Ada Finch"], people["Ben Moss"]
    busy(ada, "reading", f"{WORLD}:somewhere:else:desk")
    hindrance(ada, ben)
    meet(people, maze, ada=["ben"])
    assert model.prompts("decide to talk") == []


def test_who_wants_the_same_place_and_has_talked_lately_may_wait(people, maze, model):
    ada, ben = people["Ada Finch"].scratch, people["Ben Moss"].scratch
    ada.chatting_with_buffer = {"Ben Moss": 3}
    ada.act_path_set, ada.planned_path = True, ((1, 3), (1, 4))
    ben.act_path_set = True
    meet(people, maze, ada=["ben"])
    assert ada.act_address == "<waiting> 1 2"
    assert ada.act_description == "waiting to start doing 0"
    assert ada.act_end == ben.act_end
    assert sum(minutes for _, minutes in ada.f_daily_schedule) == MINUTES_A_DAY


def test_who_would_rather_go_on_does_not_wait(people, maze, model):
    model.answers["decide to wait"] = {"option": 2}
    ada, ben = people["Ada Finch"].scratch, people["Ben Moss"].scratch
    ada.chatting_with_buffer = {"Ben Moss": 3}
    ben.act_path_set = True
    meet(people, maze, ada=["ben"])
    assert len(model.prompts("decide to wait")) == 1
    assert ada.act_description == "doing 0"


def test_a_crowd_of_twelve_on_one_tile_is_no_trouble(maze, model):
    crowd = {}
    for k in range(12):
        someone = busy(persona(ADA), f"doing {k}", COUNTER)
        someone.name = someone.scratch.name = f"Guest {k}"
        crowd[someone.name] = someone
    perceived = {name: seen(someone, *crowd.values()) for name, someone in crowd.items()}
    model.answers["utterance"] = {"utterance": "Hello.", "end": True}
    react.meet(crowd, perceived, maze, one_by_one)
    partners = {name: someone.scratch.chatting_with for name, someone in crowd.items()}
    assert all(partners[partner] == name for name, partner in partners.items())
    assert len(model.prompts("decide to talk")) == 6
    assert all(sum(m for _, m in s.scratch.f_daily_schedule) == MINUTES_A_DAY for s in crowd.values())


# The conversation itself


def test_speakers_take_turns_until_one_has_nothing_left_to_say(people, maze, model):
    talk = converse.converse(people["Ada Finch"], people["Ben Moss"], maze)
    assert [speaker for speaker, _ in talk.lines] == ["Ada Finch", "Ben Moss"]
    assert talk.description == "conversing about a lost recipe"


def test_a_talk_has_at_most_sixteen_lines(people, maze, model):
    model.answers["utterance"] = {"utterance": "And another thing.", "end": False}
    assert len(converse.converse(people["Ada Finch"], people["Ben Moss"], maze).lines) == 16


def test_a_silent_end_says_nothing(people, maze, model):
    model.answers["utterance"] = [{"utterance": "Hello.", "end": False}, {"utterance": "", "end": True}]
    assert converse.converse(people["Ada Finch"], people["Ben Moss"], maze).lines == (("Ada Finch", "Hello."),)


def test_who_never_says_a_word_has_no_conversation(people, maze, model):
    model.answers["utterance"] = {"utterance": "", "end": True}
    meet(people, maze, ada=["ben"])
    assert people["Ada Finch"].scratch.chatting_with is None


@pytest.mark.parametrize(("characters", "minutes"), [(1, 1), (240, 1), (241, 2), (2400, 10)])
def test_a_talk_takes_as_long_as_its_characters(characters, minutes):
    assert converse.minutes_of([("Ada Finch", "x" * characters)]) == minutes


def test_each_speaks_from_its_own_memories_alone(people, maze, model):
    for name, secret in (("Ada Finch", "plum bread is on page nine"), ("Ben Moss", "eleven fish are missing")):
        memory = people[name].a_mem
        memory.add_event(Concept(name, "know", "secret", secret, secret, 8, {"secret"}), START)
    converse.converse(people["Ada Finch"], people["Ben Moss"], maze)
    first, second = model.prompts("utterance")
    assert "plum bread is on page nine" in first
    assert "eleven fish are missing" not in first
    assert "eleven fish are missing" in second
    assert "plum bread is on page nine" not in second


def test_the_relationship_is_asked_once_a_side(people, maze, model):
    model.answers["utterance"] = {"utterance": "And another thing.", "end": False}
    converse.converse(people["Ada Finch"], people["Ben Moss"], maze)
    assert len(model.prompts("relationship")) == 2

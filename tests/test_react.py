"""React: who talks to whom, who waits, and the changes to their days."""

from datetime import datetime, timedelta

import pytest

from path_finder import PathFinder
from persona.cognitive_modules import converse, perceive, react
from persona.cognitive_modules.perceive import Observation
from persona.memory_structures.associative_memory import Concept
from persona.memory_structures.schedule import MINUTES_A_DAY, entry_at
from scripted import START, ScriptedModel, busy, one_by_one, persona, ratings
from small_world import ADA, BEN, CAFE, CLEO, WORLD
from town.phases import Phases

COUNTER = f"{WORLD}:{CAFE}:cafe:cafe counter"
YES, NO = {"ratings": [3], "talk": True}, {"ratings": [3], "talk": False}
FRIENDS = "They are friends."
HELLO = {"relationship": FRIENDS, "utterance": "Hello.", "end": False}
ANSWERED = {**HELLO, "utterance": "Hello to you."}
SILENT_END = {**HELLO, "utterance": "", "end": True}


def something_new(prompt):
    """A line for each position in a conversation."""
    lines = prompt.split("The conversation so far:\n")[1].split("\n\n")[0]
    return {"utterance": f"And thing number {lines.count(chr(10))}.", "end": False, "about": ""}


def take_away(prompt):
    """What is kept of a talk, and the hours after it; for the hours after anything else only these are read."""
    start = prompt.split("fill the time from ")[1][:5]
    return {
        "planning": "Somebody should bake plum bread.",
        "planning_poignancy": 6,
        "memo": "Somebody has lost a recipe.",
        "memo_poignancy": 3,
        "poignancy": 5,
        "schedule": [{"start": start, "activity": "catching up"}],
    }


@pytest.fixture
def model(monkeypatch):
    return ScriptedModel(
        decide_to_talk=YES,
        poignancy=ratings,
        decide_to_wait={"wait": True},
        first_utterance=[
            {**HELLO, "utterance": "Have you seen a recipe for plum bread?"},
            {**HELLO, "utterance": "Not yet, but I will look.", "end": True},
        ],
        utterance=something_new,
        conversation_summary={"about": "a lost recipe"},
        after_chat=take_away,
        schedule_after_reaction=take_away,
    ).install(monkeypatch)


@pytest.fixture
def people():
    return {who.name: busy(persona(who), f"doing {k}", COUNTER) for k, who in enumerate((ADA, BEN, CLEO))}


@pytest.fixture
def ada(people):
    return people["Ada Finch"]


@pytest.fixture
def ben(people):
    return people["Ben Moss"]


def seen(*others):
    """The new observations: these people."""
    return [Observation(other.name, "is", "busy", f"{other.name} is busy") for other in others]


def meet(people, maze, **noticed):
    """The encounters if people, given by their first names, notice others."""
    named = {name.split()[0].lower(): someone for name, someone in people.items()}
    news = {named[first].name: seen(*(named[other] for other in others)) for first, others in noticed.items()}
    Phases(maze, PathFinder(maze), people, one_by_one, 10).meet(people, news)


def talk_of(ada, ben, maze):
    """Ada starts a conversation with Ben."""
    initiator = converse.Side(ada, ben)
    initiator.prepare()
    return converse.converse(initiator, converse.Side(ben, ada), maze, one_by_one)


def test_a_conversation_is_reported_line_by_line_and_then_its_end(ada, ben, maze, model):
    heard = []
    ada.model.heard = ben.model.heard = lambda *said: heard.append(said)
    talk = talk_of(ada, ben, maze)
    assert len(talk.lines) > 1
    listeners = {ada.name: ben.name, ben.name: ada.name}
    assert heard == [*((who, listeners[who], line) for who, line in talk.lines), (ada.name, ben.name, "")]


def test_both_speakers_have_the_conversation_as_their_action_with_lines_and_a_buffer(people, maze, model):
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


def test_both_schedules_are_cut_at_the_conversation_and_refilled(people, maze, model):
    meet(people, maze, ada=["ben"])
    for name in ("Ada Finch", "Ben Moss"):
        rows = people[name].scratch.f_daily_schedule
        assert sum(minutes for _, minutes in rows) == MINUTES_A_DAY
        assert entry_at(rows, 9 * 60) == ("conversing about a lost recipe", 540, 541)
        assert entry_at(rows, 9 * 60 + 1).activity == "catching up"


def test_a_conversation_that_starts_within_a_minute_keeps_its_length(people, ada, maze, model):
    for someone in people.values():
        someone.scratch.curr_time = START.replace(second=50)
    meet(people, maze, ada=["ben"])
    assert ada.scratch.chatting_end_time == START.replace(minute=2)


def test_whether_to_talk_is_decided_from_a_bounded_part_of_memory(people, ada, maze, model):
    memory = ada.a_mem
    for k in range(60):
        memory.add_event(Concept("Ben Moss", "is", f"{k}", f"old news {k}", "key", 3, {"Ben Moss"}), START)
        memory.add_event(Concept("Ben Moss", "is", "fishing", "Ben Moss is fishing", "key", 3, {"Ben Moss"}), START)
    meet(people, maze, ada=["ben"])
    (prompt,) = model.prompts("decide to talk")
    assert prompt.count("old news") < 15
    assert "old news 59" in prompt
    assert prompt.count("Ben Moss is fishing") == 1


def test_after_a_no_the_persona_continues_and_is_not_asked_again_at_once(people, ada, ben, maze, model):
    model.answers["decide to talk"] = NO
    meet(people, maze, ada=["ben"])
    meet(people, maze, ada=["ben"])
    assert ada.scratch.act_description == "doing 0"
    assert model.prompts("first utterance") == []
    assert len(model.prompts("decide to talk")) == 1
    assert ada.scratch.chatting_with_buffer == {"Ben Moss": react.BUFFER_AFTER_NO}
    assert ben.scratch.chatting_with_buffer == {}


def test_if_two_notice_each_other_the_first_in_the_roster_decides(people, ben, maze, model):
    model.answers["decide to talk"] = NO
    meet(people, maze, ada=["ben"], ben=["ada"])
    assert len(model.prompts("decide to talk")) == 1
    assert ben.scratch.chatting_with_buffer == {}


def test_after_a_no_the_other_may_start_the_talk_when_it_notices_something_new(people, ada, maze, model):
    model.answers["decide to talk"] = [NO, YES]
    meet(people, maze, ada=["ben"])
    meet(people, maze, ben=["ada"])
    assert ada.scratch.chat[0][0] == "Ben Moss"


def test_nobody_is_in_two_conversations(people, maze, model):
    meet(people, maze, ada=["ben"], ben=["cleo"], cleo=["ada"])
    assert [someone.scratch.chatting_with for someone in people.values()] == ["Ben Moss", "Ada Finch", None]


def test_new_events_are_rated_in_the_question_whether_to_talk(people, ada, maze, model):
    model.answers["decide to talk"] = {"ratings": [3, 8], "talk": False}
    meet(people, maze, ada=["ben", "cleo"])
    assert [node.poignancy for node in ada.a_mem.nodes] == [3, 8]
    assert model.prompts("poignancy") == []


def test_events_rated_the_same_day_keep_their_rating(people, ben, maze, model):
    model.answers["decide to talk"] = {"ratings": [9], "talk": False}
    ada, (observation,) = people["Ada Finch"], seen(ben)
    perceive.remember(ada, [observation], [2])
    meet(people, maze, ada=["ben"])
    assert [node.poignancy for node in ada.a_mem.nodes] == [2, 2]


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
def test_two_people_do_not_talk_if_one_is_unavailable(people, ada, ben, maze, model, hindrance):
    busy(ada, "reading", f"{WORLD}:somewhere:else:desk")
    hindrance(ada, ben)
    meet(people, maze, ada=["ben"])
    assert model.prompts("decide to talk") == []


@pytest.fixture
def on_the_way(ada, ben):
    """Ada is on the way to Ben's place; the two have just talked."""
    ada.scratch.chatting_with_buffer = {"Ben Moss": 3}
    ada.scratch.act_path_set, ada.scratch.planned_path, ben.scratch.act_path_set = True, ((1, 3), (1, 4)), True
    return ada.scratch


def test_a_persona_that_needs_the_same_place_and_has_just_talked_may_wait(people, on_the_way, ben, maze, model):
    meet(people, maze, ada=["ben"])
    assert on_the_way.act_address == "<waiting> 1 2"
    assert on_the_way.act_description == "waiting to start doing 0"
    assert on_the_way.act_end == ben.scratch.act_end
    assert sum(minutes for _, minutes in on_the_way.f_daily_schedule) == MINUTES_A_DAY


def test_a_persona_that_decides_not_to_wait_continues(people, on_the_way, maze, model):
    model.answers["decide to wait"] = {"wait": False}
    meet(people, maze, ada=["ben"])
    assert len(model.prompts("decide to wait")) == 1
    assert on_the_way.act_description == "doing 0"


def test_several_may_wait_for_a_person_who_talks_to_another(people, maze, model):
    dora = people["Dora"] = busy(persona(ADA), "doing 3", f"{WORLD}:somewhere:else:desk")
    dora.name = dora.scratch.name = "Dora"
    for name in ("Ada Finch", "Cleo Dunn"):
        people[name].scratch.chatting_with_buffer = {"Ben Moss": 3}
    people["Ben Moss"].scratch.act_path_set = True
    news = {"Ada Finch": ["Ben Moss"], "Ben Moss": ["Dora"], "Cleo Dunn": ["Ben Moss"]}
    encounters = react.encounters(people, {name: seen(people[other]) for name, [other] in news.items()})
    assert [(name, one.other.name, one.may_talk) for name, one in encounters.items()] == [
        ("Ada Finch", "Ben Moss", False),
        ("Ben Moss", "Dora", True),
        ("Cleo Dunn", "Ben Moss", False),
    ]
    ada, ben, cleo = encounters.values()
    assert react.disjoint([ada, ben, cleo]) == [ben]
    assert react.disjoint([ada, cleo]) == [ada, cleo]
    assert react.disjoint([ada, ben._replace(may_talk=False)]) == [ada]


def test_a_crowd_of_twelve_on_one_tile_pairs_up(maze, model):
    crowd = {}
    for k in range(12):
        someone = busy(persona(ADA), f"doing {k}", COUNTER)
        someone.name = someone.scratch.name = f"Guest {k}"
        crowd[someone.name] = someone
    news = {name: seen(*crowd.values()) for name in crowd}
    model.answers["first utterance"] = {**HELLO, "end": True}
    model.answers["decide to talk"] = {"ratings": [3] * 12, "talk": True}
    Phases(maze, PathFinder(maze), crowd, one_by_one, 10).meet(crowd, news)
    partners = {name: someone.scratch.chatting_with for name, someone in crowd.items()}
    assert all(partner and partners[partner] == name for name, partner in partners.items())
    assert len(model.prompts("decide to talk")) == 6
    assert all(sum(m for _, m in s.scratch.f_daily_schedule) == MINUTES_A_DAY for s in crowd.values())


# The conversation itself


def test_speakers_take_turns_until_one_ends_the_talk(ada, ben, maze, model):
    talk = talk_of(ada, ben, maze)
    assert [speaker for speaker, _ in talk.lines] == ["Ada Finch", "Ben Moss"]
    assert talk.description == "conversing about a lost recipe"


def test_a_talk_has_at_most_sixteen_lines(ada, ben, maze, model):
    model.answers["first utterance"] = [HELLO, ANSWERED]
    assert len(talk_of(ada, ben, maze).lines) == 16


@pytest.mark.parametrize("second", [HELLO, SILENT_END], ids=["says the same", "says nothing"])
def test_a_speaker_with_nothing_new_to_say_ends_the_talk(ada, ben, maze, model, second):
    model.answers["first utterance"] = [HELLO, second]
    assert talk_of(ada, ben, maze).lines == (("Ada Finch", "Hello."),)
    if second is HELLO:
        assert "has been said already" in model.prompts("first utterance")[2]


def test_without_a_first_line_there_is_no_conversation(people, ada, maze, model):
    model.answers["first utterance"] = SILENT_END
    meet(people, maze, ada=["ben"])
    assert ada.scratch.chatting_with is None


def test_the_length_of_a_talk_follows_from_its_characters():
    lengths = {1: 1, 240: 1, 241: 2, 2400: 10}
    assert {count: converse.minutes_of([("Ada Finch", "x" * count)]) for count in lengths} == lengths


def test_each_speaks_from_its_own_memories_alone(people, ada, ben, maze, model):
    for name, secret in (("Ada Finch", "plum bread is on page nine"), ("Ben Moss", "eleven fish are missing")):
        memory = people[name].a_mem
        memory.add_event(Concept(name, "know", "secret", secret, secret, 8, {"secret"}), START)
    talk_of(ada, ben, maze)
    first, second = model.prompts("first utterance")
    assert "plum bread is on page nine" in first
    assert "eleven fish are missing" not in first
    assert "eleven fish are missing" in second
    assert "plum bread is on page nine" not in second


def test_feelings_are_asked_with_the_first_lines_and_given_in_all_others(ada, ben, maze, model):
    model.answers["first utterance"] = [HELLO, ANSWERED]
    talk_of(ada, ben, maze)
    assert len(model.prompts("first utterance")) == 2
    later = model.prompts("utterance")
    assert len(later) == 14
    assert all(FRIENDS in prompt for prompt in later)


def test_the_meaning_of_a_conversation_and_the_hours_after_it_are_one_request_per_side(people, maze, model):
    meet(people, maze, ada=["ben"])
    assert len(model.prompts("after chat")) == 2
    assert model.prompts("schedule after reaction") == []
    for name, partner in (("Ada Finch", "Ben Moss"), ("Ben Moss", "Ada Finch")):
        scratch = people[name].scratch
        assert scratch.act_poignancy == 5
        assert scratch.chat_thoughts == (
            ("Somebody should bake plum bread.", name, "plan with", partner, 6),
            ("Somebody has lost a recipe.", name, "talk with", partner, 3),
        )


def test_the_last_speaker_may_summarize_the_conversation(people, ada, maze, model):
    model.answers["first utterance"] = [HELLO, {**HELLO, "utterance": "Bye.", "end": True, "about": "plum bread"}]
    meet(people, maze, ada=["ben"])
    assert ada.scratch.act_description == "conversing about plum bread"
    assert model.prompts("conversation summary") == []


def test_a_line_retrieves_related_memories_of_the_listener(ada, ben, maze, model):
    memory = ben.a_mem
    for k in range(40):
        memory.add_event(Concept("gull", "is", "here", f"a gull is here, {k}", "gull", 9, {"gull"}), START)
    plums = "plums ripen late this year"
    memory.add_event(Concept("tree", "is", "late", plums, "z", 1, {"tree"}), START.replace(day=1))
    model.answers["first utterance"] = [{**HELLO, "utterance": "How are your plums?"}, ANSWERED]
    talk_of(ada, ben, maze)
    first_of_ada, first_of_ben = model.prompts("first utterance")
    assert plums in first_of_ben
    assert plums not in first_of_ada


def test_the_decision_to_talk_has_the_number_of_conversations_today(people, ada, maze, model):
    memory = ada.a_mem
    for day, partner in ((5, "Ben Moss"), (6, "Ben Moss"), (6, "Cleo Dunn")):
        concept = Concept("Ada Finch", "chat with", partner, "conversing", "conversing", 3, {"Ada Finch", partner})
        memory.add_chat(concept, START.replace(day=day, hour=8), [("Ada Finch", "Hello.")])
    meet(people, maze, ada=["ben"])
    (prompt,) = model.prompts("decide to talk")
    assert "Ada Finch has talked 2 times today, last with Cleo Dunn at 08:00." in prompt


@pytest.mark.parametrize(("talks", "minutes", "asked"), [(1, 14, 0), (1, 15, 1), (3, 34, 0), (3, 35, 1)])
def test_the_more_conversations_today_the_longer_the_pause(people, ben, maze, model, talks, minutes, asked):
    """Counted from the end of the last conversation, which took five minutes, for both of them."""
    model.answers["decide to talk"] = NO
    lines = [("Ben Moss", "x" * 1200)]
    last = START - timedelta(minutes=minutes)
    concept = Concept("Ben Moss", "chat with", "Cleo Dunn", "conversing", "conversing", 3, {"Ben Moss"})
    for hours in range(talks):
        ben.a_mem.add_chat(concept, last - timedelta(hours=talks - 1 - hours), lines)
    meet(people, maze, ada=["ben"], ben=["cleo"])
    assert len(model.prompts("decide to talk")) == asked


def test_memories_in_prompts_are_listed_by_day_and_hour(ada, ben, maze, model):
    memory = ada.a_mem
    for day, text in ((4, "the mill is for sale"), (6, "the mill is sold")):
        memory.add_event(Concept("mill", "is", text, text, text, 5, {"mill"}), datetime(2024, 5, day, 8, 5))
    talk_of(ada, ben, maze)
    first, _ = model.prompts("first utterance")
    assert "Saturday, May 4:\n- 08:05 the mill is for sale\nMonday, May 6:\n- 08:05 the mill is sold\n" in first

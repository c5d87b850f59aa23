"""The questions: what follows from the model of an answer, what is not believed, and what stands in for an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.cognitive_modules.places import Places
from persona.memory_structures.schedule import Entry, clock, entries
from persona.prompt_template import parsers
from persona.prompt_template.asking import ask
from persona.prompt_template.model import Model
from persona.prompt_template.questions import (
    QUESTIONS,
    Action,
    AfterChat,
    Day,
    FirstLine,
    FocalPoints,
    HoursAfter,
    Insights,
    Interview,
    NextLine,
    Poignancy,
    Revision,
    Summary,
    Tasks,
    Whisper,
    WouldTalk,
    WouldWait,
    spots,
)
from persona.prompt_template.questions.actions import state_of
from persona.prompt_template.questions.day import why_no_day
from persona.prompt_template.questions.speech import why_not_spoken
from persona.prompt_template.questions.usual_day import usual_day, usual_minute, wake_up_time
from reading import unreadable
from scripted import DAY, ScriptedModel, persona
from small_world import ADA, BEN

PLACES = Places(
    "W",
    {
        "Inn": {"bar": ["stool", "tap"], "kitchen": ["stove"]},
        "Ann Lee's house": {"bedroom": ["desk", "bed"], "bathroom": ["toilet", "shower"]},
        "Park": {"meadow": []},
    },
    "W:Ann Lee's house:bedroom",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
HOUR = Entry("baking", 480, 540)
PLANNED = [Entry("baking", 540, 560), Entry("serving", 560, 600)]


def busy(who):
    scratch = persona(who).scratch
    scratch.start_action(address="a:b:c:d", minutes=5, description="x", pronunciatio="🙂", event=("a", "b", "c"))
    return scratch


def every_question():
    ada, ben = busy(ADA), busy(BEN)
    talk = (ada, ben, "They are friends.", [], "the cafe", "never", [("Ben Moss", "Hm.")])
    return [
        Action(ada, "baking", PLACES, "Inn"),
        AfterChat(ada, "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580),
        Day(ada, ["Corner Cafe"]),
        FirstLine(*talk),
        FocalPoints(ada, [], 3),
        HoursAfter(ada, PLANNED, "a flood", 545, 580),
        Insights(ada, ["why?"], [], 5),
        Interview(ada, [], "the cafe", [("Interviewer", "Why?")]),
        NextLine(*talk),
        Poignancy(ada, ["one", "two"]),
        Revision(ada, []),
        Summary(ada, "Ben Moss", [("Ben Moss", "Hm.")]),
        Tasks(ada, HOUR, PLACES, "Inn"),
        Whisper(ada, ["You like plums"]),
        WouldTalk(ada, ben, [], "never", "not once"),
        WouldWait(ada, ben, "cafe"),
    ]


each_question = pytest.mark.parametrize("question", every_question(), ids=lambda question: question.template)


def objects_in(schema):
    if schema["type"] == "object":
        yield schema
    for part in (*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])):
        yield from objects_in(part)


def answer(question, monkeypatch, *answers):
    ScriptedModel(**{question.template: list(answers)}).install(monkeypatch)
    return ask(Model(), question, "Ada Finch")


# What follows from the model of an answer


def test_every_question_is_known_by_its_template():
    assert sorted(QUESTIONS) == sorted(question.template for question in every_question())


@each_question
def test_the_prompt_ends_with_the_fields_of_the_answer(question):
    form = question.prompt().partition("Answer with JSON only")[2]
    assert all(f'"{name}": ' in form for name in question.Answer.model_fields)
    assert "{" not in question.prompt()
    assert "..." not in form


@each_question
def test_the_schema_is_of_the_strict_subset(question):
    schema = question.response_format()["json_schema"]["schema"]
    for part in objects_in(schema):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    sent = json.dumps(schema)
    assert not any(f'"{word}"' in sent for word in ("default", "$ref", "title", "description", "anyOf", "maxLength"))


@each_question
def test_the_form_said_back_is_no_answer(question):
    echo = {line.split('"')[1]: line.partition(": ")[2] for line in question.form().split("\n")}
    assert question.read(json.dumps(echo), {})
    assert question.read(question.form(), {})


@each_question
def test_a_question_without_a_usable_answer_has_one_all_the_same(question, monkeypatch):
    answer(question, monkeypatch, "{}")


def test_the_places_and_starts_offered_are_the_only_ones_of_the_schema():
    task = Tasks(busy(ADA), HOUR, PLACES, "Inn").response_format()["json_schema"]["schema"]["properties"]["tasks"]
    fields = task["items"]["properties"]
    assert fields["place"]["enum"][0] == "Inn: bar: stool"
    assert "Park: meadow" in fields["place"]["enum"]
    assert fields["start"]["enum"][:2] == ["08:00", "08:05"]
    assert fields["poignancy"] == {"type": "integer", "minimum": 1, "maximum": 10}


def test_there_are_as_many_ratings_as_statements_in_the_schema():
    schema = Poignancy(busy(ADA), ["one", "two"]).response_format()["json_schema"]["schema"]
    assert (schema["properties"]["ratings"]["minItems"], schema["properties"]["ratings"]["maxItems"]) == (2, 2)


# A day


def day(**changed):
    return {**DAY, **changed}


def rows(*starts):
    return [{"start": start, "activity": activity} for start, activity in starts]


def why_not(answered):
    question = Day(busy(ADA), ["Corner Cafe"])
    return "; ".join(map(str, question.read(json.dumps(answered), {})))


def test_a_good_day_is_read_from_midnight_to_midnight(monkeypatch):
    found = answer(Day(busy(ADA), ["Corner Cafe"]), monkeypatch, DAY)
    assert [(clock(entry.start), entry.activity) for entry in entries(found.schedule)][:3] == [
        ("00:00", "sleeping"),
        ("06:00", "having breakfast"),
        ("08:00", "baking at the Corner Cafe"),
    ]
    assert found.schedule[-1] == ("sleeping", 120)
    assert found.plan[0] == "having breakfast at 06:00"


def test_a_day_that_ends_with_sleep_need_not_say_so_twice(monkeypatch):
    without = {"wake_up": "06:00", "schedule": [*DAY["schedule"], {"start": "21:00", "activity": "going to sleep"}]}
    assert answer(Day(busy(ADA), []), monkeypatch, without).schedule[-1] == ("sleeping", 180)


def test_what_comes_after_bed_is_left_out(monkeypatch):
    late = rows(("22:00", "going to bed"), ("12:00", "lunch"), ("23:00", "reading"))
    found = answer(Day(busy(ADA), []), monkeypatch, day(schedule=DAY["schedule"] + late))
    assert found.schedule[-2:] == (("reading", 180), ("sleeping", 120))


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (day(wake_up="13:00"), "wake_up: it is usually around 06:00, was 13:00"),
        (day(sleep="12:00"), "sleep: it is usually around 22:00"),
        (day(schedule=DAY["schedule"][:3] + DAY["schedule"][4:]), "at least 6"),
        (day(schedule=rows(*[(f"{7 + k:02d}:00", "working") for k in range(12)])), "6 different"),
        (day(schedule=[*DAY["schedule"][:5], *DAY["schedule"][3:]]), "must start later than"),
        (
            day(schedule=rows(*[(f"{6 + k:02d}:00", f"doing {'abcdef'[k]} things") for k in range(6)])),
            "for 11 hours ('doing f things')",
        ),
    ],
    ids=["up at noon", "asleep at noon", "too few entries", "one activity", "out of order", "eleven hours"],
)
def test_a_day_that_cannot_be_believed_is_asked_for_again(answered, reason):
    assert reason in why_not(answered)


def test_a_day_that_cannot_be_believed_becomes_the_usual_one(monkeypatch):
    found = answer(Day(busy(ADA), []), monkeypatch, {"wake_up": "05:30", "schedule": rows(("05:30", "breakfast"))})
    assert found.schedule[0] == ("sleeping", 330)
    assert found.schedule[-1] == ("sleeping", 120)
    assert not list(why_no_day(found.schedule))


REQUIREMENT = (
    "Ada Finch opens the Corner Cafe at 8am, eats lunch at the cafe around noon with her guests and works at the "
    "counter until 5pm. She takes a walk in the park around 5pm and buys flour and eggs at the shop from 6pm until 7pm."
)


def test_the_usual_day_keeps_the_habits_that_are_known():
    ada = busy(ADA)
    ada.daily_plan_req = REQUIREMENT
    usual = {clock(entry.start): entry.activity for entry in entries(usual_day(ada, 360))}
    assert usual["06:00"] == "getting ready for the day at home"
    assert usual["08:00"] == "opening the Corner Cafe"
    assert usual["12:00"] == "eating lunch at the cafe with her guests"
    assert usual["13:00"] == "working at the counter"
    assert usual["17:00"] == "taking a walk in the park"
    assert usual["18:00"] == "buying flour and eggs at the shop"
    assert usual["22:00"] == "sleeping"


@given(
    lifestyle=st.text(max_size=80)
    | st.from_regex(r"x goes to bed around \d{1,2}[ap]m, wakes up around \d{1,2}[ap]m", fullmatch=True),
    requirement=st.text(max_size=80)
    | st.from_regex(r"([a-z]{2,9} (at|from|until) \d{1,2}[ap]m[,. ]){0,6}", fullmatch=True),
)
def test_every_lifestyle_makes_a_whole_day_that_can_be_believed(lifestyle, requirement):
    who = busy(ADA)
    who.lifestyle, who.daily_plan_req = lifestyle, requirement
    usual = usual_day(who, wake_up_time(who))
    assert sum(minutes for _, minutes in usual) == 1440
    assert all(minutes > 0 and activity for activity, minutes in usual)
    assert not list(why_no_day(usual))


@pytest.mark.parametrize(
    ("habit", "minute"), [(r"(?:wakes?) up", 360), (r"dinner", 1080), (r"to bed", 1320), (r"swims", None)]
)
def test_a_lifestyle_says_when_somebody_usually_does_something(habit, minute):
    assert usual_minute(ADA.lifestyle, habit) == minute


# Other languages

CHINESE_PLACES = Places(
    "W", {"河边咖啡馆": {"大厅": ["柜台", "座位"]}, "诺拉的家": {"卧室": ["床"]}}, "W:诺拉的家:卧室"
)


def test_a_day_in_another_language_is_awake_and_asleep_when_it_says_so(monkeypatch):
    told = [("06:00", "起床"), ("07:00", "吃早饭"), ("09:00", "在河边咖啡馆工作"), ("12:00", "吃午饭")]
    told += [("13:00", "在公园散步"), ("17:00", "看书"), ("22:00", "في السرير")]
    found = answer(Day(busy(ADA), []), monkeypatch, {"wake_up": "06:00", "sleep": "22:00", "schedule": rows(*told)})
    assert found.schedule[:2] == (("sleeping", 360), ("起床", 60))
    assert found.schedule[-2:] == (("看书", 300), ("sleeping", 120))


def test_a_place_in_another_language_is_where_the_activity_says():
    assert spots.spot("河边咖啡馆：大厅：柜台", CHINESE_PLACES, "在河边咖啡馆工作").thing == "柜台"
    assert unreadable(spots.spot, "诺拉的家: 卧室: 床", CHINESE_PLACES, "在河边咖啡馆工作")


# Tasks


def tasks_of(*starts):
    return {"tasks": [{"start": start, "task": task} for start, task in starts]}


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (tasks_of(("08:10", "kneading"), ("08:30", "shaping")), "the first task must start at 08:00"),
        (tasks_of(("08:00", "kneading"), ("08:10", "shaping")), "'shaping' takes more than half of the time"),
        (tasks_of(("08:00", "kneading"), ("08:30", "Kneading")), "stands twice in a row"),
        (tasks_of(("08:00", "kneading"), ("08:40", "shaping"), ("08:30", "baking")), "must start later"),
        (tasks_of(("08:00", "baking")), "takes more than half"),
    ],
    ids=["late", "too long", "twice", "out of order", "one for all"],
)
def test_tasks_that_cannot_be_believed_are_asked_for_again(answered, reason):
    (fault, *_) = Tasks(busy(ADA), HOUR, PLACES, "Inn").read(json.dumps(answered), {})
    assert reason in str(fault)


@pytest.mark.parametrize(
    "answered",
    [
        tasks_of(("08:00", "kneading"), ("08:28", "shaping")),
        {"tasks": [{"task": "kneading", "minutes": 30}, {"task": "shaping", "minutes": 30}]},
        "1) Ada is kneading. (30 min)\n2) Ada is shaping. (30 min)",
    ],
    ids=["starts", "lengths", "text"],
)
def test_tasks_fill_their_entry_from_its_five_minute_marks(monkeypatch, answered):
    found = answer(Tasks(busy(ADA), HOUR, PLACES, "Inn"), monkeypatch, answered)
    assert [(task.activity, task.minutes) for task in found] == [("baking (kneading)", 30), ("baking (shaping)", 30)]


def test_a_room_without_things_needs_no_state_of_one(monkeypatch):
    shown = {"place": "Park: meadow", "emoji": "🌳", "predicate": "walks", "object": "about", "thing_state": ""}
    found = answer(Action(busy(ADA), "walking in the Park", PLACES, "Inn"), monkeypatch, shown, "{}")
    assert found.address == "W:Park:meadow:<random>"
    assert (found.thing_state, found.thing_emoji, found.thing_poignancy) == (None, None, None)
    assert found.emoji == "🌳"


# Places


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Inn: kitchen: stove", ("Inn", "kitchen", "stove")),
        ("the inn: Bar: a tap", ("Inn", "bar", "tap")),
        ("Inn > bar > tap", ("Inn", "bar", "tap")),
        ("Inn: cellar: stove", ("Inn", "kitchen", "stove")),
        ("Inn: cellar: barrel", ("Inn", "bar", "stool")),
        ("somewhere: bedroom: bed", ("Ann Lee's house", "bedroom", "bed")),
        ("home", ("Ann Lee's house", "bedroom", "desk")),
        ("Ann's house", ("Ann Lee's house", "bedroom", "desk")),
        ("Park", ("Park", "meadow", None)),
        (["Inn: bar: tap"], ("Inn", "bar", "tap")),
    ],
)
def test_a_place_is_always_one_that_was_offered(text, spot):
    assert spots.spot(text, PLACES, "resting") == spot


def test_a_place_nobody_offered_cannot_be_read():
    assert "letter for letter" in unreadable(spots.spot, "Atlantis: temple: altar", PLACES, "resting")


@given(ANYTHING)
def test_no_answer_leads_to_a_place_that_does_not_exist(value):
    try:
        found = spots.spot(value, PLACES, "resting")
    except parsers.ParseError:
        return
    assert found in spots.offered(PLACES)


@pytest.mark.parametrize(
    ("activity", "place"),
    [
        ("having breakfast at the Inn", "Ann Lee's house: bedroom: desk"),
        ("working at the Inn (walking in the Park)", "Inn: bar: tap"),
        ("eating dinner", "Ann Lee's house: bedroom: bed"),
        ("having lunch at home", "Ann Lee's house: bathroom: toilet"),
        ("having lunch at home", "Inn: bar: stool"),
    ],
)
def test_an_action_happens_where_it_can(activity, place):
    assert unreadable(spots.spot, place, PLACES, activity)


@pytest.mark.parametrize(
    "activity", ["talking about the Inn", "parking the bike", "walking home from the Inn", "eating"]
)
def test_what_an_activity_only_speaks_of_ties_it_to_no_place(activity):
    assert spots.spot("Ann Lee's house: bedroom: desk", PLACES, activity).arena == "bedroom"


@pytest.mark.parametrize(
    ("activity", "place"),
    [
        ("sleeping", "Ann Lee's house: bedroom: bed"),
        ("thinking", "Ann Lee's house: bedroom: desk"),
        ("cooking dinner at the Inn", "Inn: kitchen: stove"),
        ("taking a shower", "Ann Lee's house: bathroom: shower"),
        ("walking in the Park", "Park: meadow"),
    ],
)
def test_what_has_no_place_goes_where_it_fits(activity, place):
    assert spots.as_text(spots.fitting(PLACES, activity)) == place


@pytest.mark.parametrize(
    ("state", "shown"),
    [("The bed is being slept in", "being slept in"), ("unmade", "unmade"), ("the bed", "being used")],
)
def test_the_state_of_a_thing_follows_its_name(state, shown):
    assert state_of("bed", state) == shown


# What is said


@pytest.mark.parametrize(
    "line",
    [
        "To answer this question, let's analyze the conversation: 1. Ada begins. 2. Ben answers.",
        "1. I like fish. 2. I like bread.",
        "Ada Finch walks over and says hello.",
        "Ben Moss began to read about the flood.",
        "No answer",
        '{"utterance": "Hello"}',
        "hello there",
    ],
    ids=["analysis", "list", "narration", "narration of the other", "nothing", "JSON", "said before"],
)
def test_what_nobody_says_is_no_line(line):
    assert why_not_spoken(line, ("Ada Finch", "Ben Moss"), [("Ben Moss", "Hello there!")])


@pytest.mark.parametrize(
    "line", ["Hello, Ben!", "I have two things: bread and fish.", "Ada Finch? That's me.", "你好！"]
)
def test_what_somebody_says_is_a_line(line):
    assert why_not_spoken(line, ("Ada Finch", "Ben Moss"), [("Ben Moss", "Hello there!")]) is None


def test_a_line_that_nobody_says_is_not_kept_when_another_part_is_missing(monkeypatch):
    told = "To answer this question, let's analyze the conversation: Ada Finch begins."
    line = FirstLine(busy(ADA), busy(BEN), "", [], "a", "", [])
    assert answer(line, monkeypatch, {"utterance": told, "end": False}).said == ("", True, None)


# Fail-safes, made from what is known


def test_a_rating_that_cannot_be_read_is_middling(monkeypatch):
    assert answer(Poignancy(busy(ADA), ["one", "two"]), monkeypatch, "{}") == [4, 4]


def test_who_is_undecided_neither_talks_nor_waits(monkeypatch):
    assert answer(WouldTalk(busy(ADA), busy(BEN), [], "never", "not once"), monkeypatch, "{}") is False
    assert answer(WouldWait(busy(ADA), busy(BEN), "cafe"), monkeypatch, "{}") is False


def test_who_cannot_be_understood_ends_the_talk(monkeypatch):
    line = NextLine(busy(ADA), busy(BEN), "", [], "a", "", [])
    assert answer(line, monkeypatch, "{}") == ("", True, None)


def test_a_whisper_that_cannot_be_turned_is_thought_as_it_stands(monkeypatch):
    (thought,) = answer(Whisper(busy(ADA), ["You like plums"]), monkeypatch, "{}")
    assert thought.text == "You like plums"
    assert all(thought[:4])


def test_nothing_is_concluded_from_an_unreadable_answer(monkeypatch):
    assert answer(Insights(busy(ADA), ["why?"], [], 5), monkeypatch, "{}") == []
    after = AfterChat(busy(ADA), "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580)
    thoughts, hours = answer(after, monkeypatch, "{}")
    assert thoughts == []
    assert hours == ([("baking", 15), ("serving", 20)], None)


# Thoughts


@given(items=st.lists(ANYTHING, min_size=1, max_size=3))
def test_a_thought_always_has_three_parts_and_a_rating(items):
    question, parts = Whisper(busy(ADA), ["It rains."] * len(items)), {}
    question.read(json.dumps({"thoughts": items}), parts)
    for thought in parts.get("thoughts", ()):
        assert all(part.strip() for part in (thought.thought, thought.subject, thought.predicate, thought.object))
        assert 1 <= thought.poignancy <= 10


@given(value=ANYTHING, count=st.integers(0, 5))
def test_insights_keep_only_evidence_there_is(value, count):
    question, parts = Insights(busy(ADA), ["why?"], [None] * count, 5), {}
    question.inputs = list
    question.read(json.dumps({"insights": value}), parts)
    for insight in parts.get("insights", ()):
        assert insight.insight.strip()
        assert all(0 <= k < count for k in insight.evidence)


@pytest.mark.parametrize("nothing", [None, "", "none", "无"])
def test_nothing_to_remember_is_no_thought(nothing, monkeypatch):
    after = AfterChat(busy(ADA), "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580)
    hours = [{"start": "09:05", "activity": "baking"}]
    told = {"planning": nothing, "memo": nothing, "poignancy": 3, "schedule": hours}
    assert answer(after, monkeypatch, told).thoughts == []

"""Towns in other languages: prompts and answers, and a morning up to its memories, pages and export."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build
import fluent
import reverie
import small_world
import terminal
from build_faults import BuildRefused
from fluent import ARABIC, CHINESE, Fluent, TownTexts
from persona.memory_structures.associative_memory import AssociativeMemory, Concept
from persona.memory_structures.places import Places
from persona.memory_structures.schedule import MINUTES_A_DAY, SLEEPING, Entry, is_sleep
from persona.memory_structures.scratch import Scratch
from persona.memory_structures.word_index import words
from persona.prompt_template.asking import ask
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Day, HoursAfter, NextLine, Summary, sleeping
from persona.prompt_template.questions.speech import why_not_spoken
from persona.prompt_template.questions.usual_day import usual_day
from question_cases import PLACES, answer
from saves.storage import BadName, DamagedSimulation, Storage
from scripted import START, ScriptedModel, persona
from small_world import ADA, BASE, BEN

STEPS = 720  # from 06:00 to 08:00


# What is asked


def test_texts_are_requested_in_the_language_and_prompts_are_otherwise_unchanged():
    question = Summary(persona(ADA).scratch, "Ben Moss", [("Ben Moss", "Hm.")])
    before = question.prompt()
    question.language = "Chinese"
    added = " Write every text in Chinese; names, places of a list and names of fields stay as they are."
    assert question.prompt().replace(added, "") == before != question.prompt()
    assert question.most_tokens == 2 * question.max_tokens


def test_the_model_knows_the_requested_language(monkeypatch):
    scripted = ScriptedModel(conversation_summary={"about": "鱼"}).install(monkeypatch)
    asked = Summary(persona(ADA).scratch, "Ben Moss", [("Ben Moss", "Hm.")])
    assert ask(Model(Client(), language="Chinese"), asked, "Ada Finch") == "鱼"
    assert "in Chinese;" in scripted.prompts("conversation summary")[0]


def test_no_english_usual_day_is_shown_with_another_language():
    asked = Day(persona(ADA).scratch, [])
    assert "A usual day of Ada Finch" in asked.prompt()
    asked = Day(persona(ADA).scratch, [])
    asked.language = "Arabic"
    assert "A usual day of Ada Finch" not in asked.prompt()
    assert "usually 06:00" in asked.prompt()


# Getting up and going to sleep


def test_wake_up_and_bed_time_are_fields(monkeypatch):
    who = persona(ADA, wake_up="8:30", bed_time="00:15").scratch
    form = Day(who, []).prompt()
    assert "gets up, usually 08:30" in form
    assert "goes to sleep, usually 00:15" in form
    plan = answer(Day(who, []), monkeypatch, "no")
    assert plan.schedule[0] == (SLEEPING, 510)
    assert not is_sleep(plan.schedule[-1][0])  # awake until after midnight


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 23), st.integers(0, 59))
def test_any_hours_make_a_whole_day(up: int, up_minute: int, bed: int, bed_minute: int):
    who = persona(ADA, wake_up=f"{up:02d}:{up_minute:02d}", bed_time=f"{bed:02d}:{bed_minute:02d}").scratch
    rows = usual_day(who, up * 60 + up_minute)
    assert sum(minutes for _, minutes in rows) == MINUTES_A_DAY


@pytest.mark.parametrize("value", ["early", "24:00", 7, ["06:30"], ""])
def test_a_field_that_is_not_a_time_of_day_is_named(value: Any):
    with pytest.raises(ValueError, match="'wake_up' in scratch.json must be a time of day like '06:30'"):
        Scratch.from_json({**small_world.scratch(ADA), "wake_up": value})


def test_the_fields_are_saved_unchanged():
    saved = Scratch.from_json({**small_world.scratch(ADA), "wake_up": "06:30"}).to_json()
    assert saved["wake_up"] == "06:30"
    assert "bed_time" not in saved  # as in simulations that know nothing of these fields


def after_something(*rows: tuple[str, str]) -> Any:
    return {"schedule": [{"start": start, "activity": activity} for start, activity in rows], "poignancy": 3}


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([("21:40", "收拾"), ("22:30", "睡觉")], [("收拾", 50), (SLEEPING, 90)]),
        ([("21:40", "يقرأ"), ("22:00", "ينام")], [("يقرأ", 20), (SLEEPING, 120)]),
        ([("21:40", "看书")], [("看书", 20), (SLEEPING, 120)]),
        ([("21:40", "reading"), ("21:50", "sleeping")], [("reading", 10), (SLEEPING, 130)]),
    ],
)
def test_planned_sleep_stays_sleep_under_any_name_in_the_answer(rows, kept, monkeypatch):
    planned = [Entry("看书", 1290, 1320), Entry(SLEEPING, 1320, 1440)]
    asked = HoursAfter(persona(ADA).scratch, planned, "talking", 1300, 1440)
    assert answer(asked, monkeypatch, after_something(*rows)).rows == kept


def test_a_bed_is_recognized_only_by_its_name():
    at_home = sleeping(SLEEPING, PLACES)
    assert at_home and at_home.address == "W:Ann Lee's house:bedroom:bed"
    assert sleeping(SLEEPING, Places("W", {"王家": {"卧室": ["书桌", "垫子"]}}, "W:王家:卧室")) is None


# What may be said


@pytest.mark.parametrize(
    ("line", "language", "is_good"),
    [
        ("Good morning, how are you today?", "Chinese", False),
        ("王小明, I will be at the concert tonight", "Chinese", False),
        ("I was just writing something down at the 长椅. What have you been doing?", "Chinese", False),
        ("Yes, gladly. I will be at 镇草坪 tomorrow.", "Chinese", False),
        ("我今天下午要去听音乐会，你来吗？", "English", False),
        ("我今天下午要去听音乐会，你来吗？", "한국어", False),
        ("Good morning, how are you today?", "العربية", False),
        ("صباح الخير، كيف حالك اليوم؟", "Russian", False),
        ("Доброе утро, как у тебя дела?", "Brazilian Portuguese", False),
        ("Isabella Rodriguez! 你好！", "Chinese", True),
        ("我去 Willow Market and Pharmacy 找 Isabella Rodriguez。", "Chinese", True),
        ("我今天听了 Beethoven 的 Symphony No. 5。", "Chinese", True),
        ("我们去 Corner Cafe 吧。", "Chinese", True),
        ("OK!", "Chinese", True),
        ("12:30?", "Chinese", True),
        ("Isabella Rodriguez, Willow Market?", "Arabic", True),
        ("Yes, 王小明, at 5, see you there.", "English", True),
        ("王小明！李芳！", "English", True),
        ("今日はとても寒いですね。", "Japanese", True),
        ("カフェで会いましょう。", "日本語", True),
        ("Добро јутро, како си данас?", "Serbian", True),
        ("Dobro jutro, kako si danas?", "Serbian", True),
        ("Good morning, how are you today?", "Klingon", True),
    ],
)
def test_a_line_that_is_mostly_in_another_script_than_its_language_is_a_fault(line: str, language: str, is_good: bool):
    reason = why_not_spoken(line, ("王小明", "李芳"), [], language)
    assert reason == (None if is_good else f"this must be said in {language}")


def test_without_a_language_the_script_is_that_of_the_lines_so_far():
    names, said = ("Ada Finch", "王小明"), [("Ada Finch", "Good morning, 王小明, did you sleep well?")]
    reason = "this must be said in the language of the conversation so far"
    assert why_not_spoken("我今天下午要去听音乐会，你来吗？", names, said) == reason
    assert why_not_spoken("My name is 王小明, and yours?", names, said) is None
    assert why_not_spoken("我今天下午要去听音乐会，你来吗？", names, []) is None


@given(
    st.text(max_size=60),
    st.sampled_from([("Chinese", "音"), ("Arabic", "ا"), ("English", "a"), ("Klingon", "a"), ("", "a")]),
    st.text(max_size=20),
)
def test_a_line_mostly_in_the_language_is_never_refused_for_its_script(text: str, spoken: tuple[str, str], before: str):
    language, letter = spoken
    own = letter * 20 * (len(text) + 1)  # a sign may stand for 18 letters
    lines = [("Ada", f"{before} a")] if before else []
    assert "must be said in" not in (why_not_spoken(f"{text} {own}", ("Ada", "Bo"), lines, language) or "")


def test_a_line_in_another_script_is_reported_to_the_model(monkeypatch):
    good = {"utterance": "好的，晚上见。", "end": False, "about": ""}
    english = {**good, "utterance": "Good, see you tonight then."}
    scripted = ScriptedModel(utterance=[english, good]).install(monkeypatch)
    ada, ben = persona(ADA).scratch, persona(BEN).scratch
    asked = NextLine(ada, ben, "朋友", [], "park", "", [("Ben Moss", "你晚上来听音乐会吗？")])
    assert ask(Model(Client(), language="Chinese"), asked, "Ada Finch").utterance == "好的，晚上见。"
    assert "utterance: this must be said in Chinese" in scripted.prompts("utterance")[-1]


# What comes to mind


def remembering(*descriptions: str) -> AssociativeMemory:
    memory = AssociativeMemory()
    for at, text in enumerate(descriptions):
        memory.add_event(Concept("x", "is", "y", text, text, 3, ("x",)), START + timedelta(minutes=at))
    return memory


@pytest.mark.parametrize(
    ("texts", "asked", "found"),
    [
        (("在面馆煮面", "去听音乐会", "打扫房间"), "音乐会几点开始？", "去听音乐会"),
        (("カフェで働く", "音楽会に行く"), "音楽会はいつ？", "音楽会に行く"),
        (("커피를 마신다", "편지를 쓴다"), "커피가 있어요?", "커피를 마신다"),
        (("กินข้าวเช้า", "ฟังดนตรี"), "ดนตรีเริ่มเมื่อไร", "ฟังดนตรี"),
        (("يشرب القهوة", "يكتب رسالة"), "هل القهوة جاهزة؟", "يشرب القهوة"),
        (("हिन्दी में पढ़ता है", "चाय पीता है"), "हिन्दी कौन पढ़ता है?", "हिन्दी में पढ़ता है"),
    ],
)
def test_rare_words_are_found_in_any_script(texts, asked, found):
    assert remembering(*texts).sharing_words(asked, 1)[0].description == found


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_index_of_any_texts_can_be_restored(first: str, second: str):
    memory = remembering(first)
    mark = memory.snapshot()
    memory.add_event(Concept("x", "is", "y", second, second, 3, ("x",)), START)
    memory.restore(mark)
    found = memory.sharing_words(second, 5)
    assert [node.description for node in found] == ([first] if set(words(first)) & set(words(second)) else [])


# The language of a simulation


def test_a_fork_has_a_language_and_its_forks_inherit_it(world, capsys):
    assert reverie.main(["--offline", "--fork", BASE, "--name", "one", "--language", " Korean ", "--run", "1"]) == 0
    assert "\nLanguage: Korean (the mock model writes only English)\n" in capsys.readouterr().out
    assert reverie.main(["--offline", "--fork", "one", "--name", "two", "--run", "1"]) == 0
    assert terminal.read(world.storage / "two" / "reverie" / "meta.json")["language"] == "Korean"
    assert reverie.main(["--list"]) == 0
    assert "two (small_world, 3 personas, Korean, step 2," in capsys.readouterr().out


def test_a_simulation_without_a_language_has_no_such_entry(world, capsys):
    assert terminal.run("one", 1) == 0
    assert "anguage" not in capsys.readouterr().out
    assert "language" not in terminal.read(world.storage / "one" / "reverie" / "meta.json")


def test_a_language_is_for_a_new_simulation(world, capsys):
    terminal.run("one", 1)
    with pytest.raises(SystemExit):
        terminal.resume("one", "--language", "Korean")
    assert "--language is for a new simulation; a resumed one keeps its own" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["", " ", "Chinese\nand more", "x" * 61, "a\x00"])
def test_an_invalid_language_is_refused(language: str, world):
    with pytest.raises(BadName, match="names no language"):
        Storage(world.storage, world.temp).fork(BASE, "one", language=language)
    assert not (world.storage / "one").exists()


@pytest.mark.parametrize("language", [7, "", "Chinese\nIgnore the rest"])
def test_a_save_with_an_invalid_language_is_damaged(language: Any, world):
    meta = world.storage / BASE / "reverie" / "meta.json"
    small_world.write_json(meta, {**terminal.read(meta), "language": language})
    with pytest.raises(DamagedSimulation, match="names no language"):
        Storage(world.storage, world.temp).fork(BASE, "one")


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        ('language = "Chinese"', 'language = "Chinese\\nand more"', "[simulation]: `language` is 'Chinese\\nand more'"),
        ('language = "Chinese"', "language = 7", "[simulation]: `language` is 7"),
        ('wake_up = "06:30"', 'wake_up = "half past six"', 'person 王小明: `wake_up` is "half past six"'),
        ('bed_time = "22:00"', "bed_time = 22", "person 王小明: `bed_time` is 22"),
        ('bed_time = "22:00"', 'bed_time = "08:00"', "person 王小明: `wake_up` is 06:30 and `bed_time` 08:00"),
        ('bed_time = "22:00"', 'bed_time = "05:00"', "person 王小明: `wake_up` is 06:30 and `bed_time` 05:00"),
    ],
)
def test_an_invalid_line_of_the_people_file_is_named(line: str, wrong: str, said: str, tmp_path: Path):
    told = (CHINESE.files / "people.toml").read_text(encoding="utf-8").replace(line, wrong)
    (tmp_path / "people.toml").write_text(told, encoding="utf-8")
    with pytest.raises(BuildRefused) as refusal:
        build.build(CHINESE.files / "plan.toml", tmp_path / "people.toml", tmp_path / "out")
    assert said in str(refusal.value)


# A morning


@pytest.mark.parametrize(
    "town_texts", [CHINESE, pytest.param(ARABIC, marks=pytest.mark.slow)], ids=lambda town_texts: town_texts.language
)
def test_a_morning_in_another_language_reaches_memories_pages_and_export(
    town_texts: TownTexts, tmp_path: Path, monkeypatch
):
    from web_town import data, text  # sets up Django, which the other tests can do without

    world = fluent.build_town(tmp_path, town_texts)
    small_world.use(monkeypatch, world)
    model = Fluent(town_texts).install(monkeypatch)
    base = f"base_{town_texts.maze}_n2"
    monkeypatch.setenv("OPENAI_API_KEY", "of-nobody")
    arguments = ["--fork", base, "--name", "morning", "--run", str(STEPS), "--workers", "1"]
    assert reverie.main(arguments) == 0

    # Every answer was good at the first try, in its language.
    assert all(f"Write every text in {town_texts.language};" in prompt for prompt in model.prompts)
    assert not any("could not be used" in prompt for prompt in model.last_words)

    # They slept in their bed until the hour that their fields name.
    at_night, up = (movement(world, step)[town_texts.people[0]]["description"] for step in (0, 180))
    assert at_night == f"{SLEEPING} @ {town_texts.world}:{town_texts.home}:{town_texts.bedroom}:{town_texts.bed}"
    assert up.startswith(town_texts.day[0])

    # It is saved as it was said, and found again by its rare words.
    simulation = Storage(world.storage, world.temp).open("morning")
    files = simulation.read_persona(town_texts.people[0])
    memory = AssociativeMemory(files.nodes)
    lines = memory.chats()[0].filling
    assert [speaker for speaker, _ in lines] == [*town_texts.people] * 2 or [*reversed(town_texts.people)] * 2
    assert [line.rpartition(" ")[0] for _, line in lines] == list(town_texts.spoken)
    assert town_texts.told in {node.description for node in memory.sharing_words(town_texts.rare, 8)}
    seen = {node.description for node in memory.events()}
    assert seen & {f"{name}: {town_texts.day[0]} ({town_texts.tasks[0]})" for name in town_texts.people}
    simulation.close()

    # Pages and export have it.
    name = town_texts.people[0].replace(" ", "_")
    state = text(f"/replay_persona_state/morning/{STEPS - 1}/{name}/")
    assert f'<p dir="auto">{town_texts.told}</p>' in state
    assert f"<bdi>{lines[0][1]}</bdi>" in state
    assert f"<dd>{town_texts.language}</dd>" in text("/").replace(' dir="auto"', "")
    for page in ("/replay/morning/100/", "/simulator_home"):
        people = data(page)["people"]
        assert [person["name"] for person in people] == list(town_texts.people)
    for document in ("conversations.md", "conversations.csv"):
        assert lines[1][1] in text(f"/export/morning/{document}")
    assert town_texts.day[1] in text("/export/morning/timeline.csv")


def movement(world: small_world.SmallWorld, step: int) -> dict[str, Any]:
    return terminal.read(world.storage / "morning" / "movement" / f"{step}.json")["persona"]

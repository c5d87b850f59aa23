"""Answers in other languages: digits and signs of their own, no capitals, no blanks between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.prompt_template import parsers
from persona.prompt_template.parsers import ParseError, Start

ZEROS = "0٠۰०๐０"


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("٠٧:٣٠", 450),
        ("۰۷:۳۰", 450),
        ("０７：３０", 450),
        ("他每天早上7点起床", 420),
        ("下午3点半", 930),
        ("午後3時", 900),
        ("오후 3시 30분", 930),
        ("오전 7시", 420),
        ("٧:٣٠ صباحًا", 450),
        ("10:00 مساءً", 1320),
        ("晚上12点", 0),
        ("오전 12시", 0),
        ("中午12点", 720),
        ("中午1点", 780),
        ("夜里11点", 1380),
        ("夜里2点", 120),
        ("今晚8点", 1200),
    ],
)
def test_times_of_day(text: str, minute: int):
    assert parsers.hour(text) == minute


@pytest.mark.parametrize("text", ["学习3小时", "3時間勉強する", "3시간 공부", "下午3个人来吃饭", "第3点"])
def test_how_long_or_how_many_is_no_time_of_day(text: str):
    assert parsers.times(text) == []


@given(st.sampled_from(ZEROS), st.integers(0, 23), st.integers(0, 59))
def test_a_time_in_digits_of_any_script(zero: str, hour: int, minute: int):
    written = "".join(chr(ord(zero) + int(digit)) if digit != ":" else digit for digit in f"{hour:02d}:{minute:02d}")
    assert parsers.hour(written) == parsers.times(written)[0] == hour * 60 + minute


@pytest.mark.parametrize(
    "text", ["٧", "７", "重要性：7", "评分7", "7分", "7점", "الأهمية: ٧", '{"rating": ٧}', '{"rating"：7}']
)
def test_ratings(text: str):
    assert parsers.rating(text) == 7


@pytest.mark.parametrize("text", ["7分钟", "有7个人", "7点"])
def test_what_counts_or_times_something_is_no_rating(text: str):
    with pytest.raises(ParseError):
        parsers.rating(text)


def test_several_ratings_on_one_line():
    assert parsers.ratings("3、5、7", 3) == parsers.ratings("٣، ٥، ٧", 3) == [3, 5, 7]


@pytest.mark.parametrize(
    ("text", "verdict"), [("نعم", True), ("لا، شكرًا", False), ("네", True), ("否", False), ("不会，太忙了", False)]
)
def test_verdicts(text: str, verdict: bool):
    assert parsers.yes_no(text) is verdict


@pytest.mark.parametrize("text", ["لاحقًا", "对不起", "好像很忙", "дайте подумать"])
def test_a_longer_word_is_no_verdict(text: str):
    with pytest.raises(ParseError):
        parsers.yes_no(text)


def test_json_with_full_width_signs():
    assert parsers.fields('{"talk"："好"，"poignancy": 5}', ["talk", "poignancy"]) == {"talk": "好", "poignancy": 5}


def test_an_activity_is_one_clause():
    assert parsers.activity("王小明在面馆煮面。客人很多。", "王小明") == "在面馆煮面"
    assert parsers.activity("أحمد يشرب القهوة، ثم يقرأ.", "أحمد علي") == "يشرب القهوة"


def test_lists_on_one_line():
    assert parsers.lines("面条、音乐会、客人") == ["面条", "音乐会", "客人"]
    assert parsers.lines("القهوة، الحفلة") == ["القهوة", "الحفلة"]
    assert parsers.lines("ماذا أفعل اليوم؟ من سيأتي؟") == ["ماذا أفعل اليوم؟", "من سيأتي؟"]
    assert parsers.lines("１．面条\n２．音乐会") == ["面条", "音乐会"]


def test_only_the_lines_of_the_speaker_are_spoken():
    assert parsers.utterance("王小明：你好！\n李芳：早！", "王小明") == "你好！"
    assert parsers.utterance("李芳：早！\n王小明：你好！", "王小明") == "你好！"
    assert parsers.utterance("أحمد: صباح الخير\nليلى: أهلًا", "أحمد علي") == "صباح الخير"


def test_nothing_to_remember():
    assert parsers.memo("没有。", "王小明") is parsers.memo("لا شيء.", "أحمد علي") is None


def test_a_day_in_rows():
    assert parsers.day_starts("07:00 起床\n８：００ 煮面\n２２：００ 睡觉", 420, 1320) == [
        Start(420, "起床"),
        Start(480, "煮面"),
    ]


@given(st.text(alphabet="面条咖啡馆 ", min_size=1), st.integers(10, 60))
def test_a_long_text_keeps_half_of_its_room_at_least(text: str, most: int):
    told = "面" + text * 60
    assert most // 2 <= len(parsers.sentence(told, most)) <= most


@given(st.text(alphabet=st.characters(categories=["Lo", "Nd", "Po", "Mn"]), max_size=40))
def test_no_text_is_refused_by_an_exception_of_another_kind(text: str):
    for parser in (parsers.hour, parsers.rating, parsers.yes_no, parsers.activity, parsers.lines):
        parsers.read_or(None, parser, text)
    assert all(0 <= minute < 1440 for minute in parsers.times(text))

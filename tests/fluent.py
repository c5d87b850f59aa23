"""A model that answers every schema in one language, and two small towns, one in Chinese and one in Arabic.

from fluent import CHINESE, Fluent, build_town
world = build_town(tmp_path, CHINESE)
Fluent(CHINESE).install(monkeypatch)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import build
from persona.memory_structures.schedule import SLEEPING
from persona.prompt_template.gpt_structure import Client
from small_world import SmallWorld

DAY = ("06:30", "07:30", "09:00", "12:00", "13:00", "15:00", "18:00", "20:00")
LINES_OF_A_TALK = 4


@dataclass(frozen=True)
class TownTexts:
    """The names in the files of a small town, and the actions and lines of its two people; `day` has eight."""

    language: str
    maze: str
    world: str
    home: str
    bedroom: str
    bed: str
    people: tuple[str, str]
    day: Sequence[str]
    tasks: Sequence[str]
    spoken: Sequence[str]
    told: str
    rare: str

    @property
    def files(self) -> Path:
        """The folder with the plan of the town and its people."""
        return Path(__file__).parent / "data" / self.maze


CHINESE = TownTexts(
    language="Chinese",
    maze="willow_creek",
    world="柳溪镇",
    home="王家",
    bedroom="卧室",
    bed="床",
    people=("王小明", "李芳"),
    day=("吃早饭", "打扫房间", "写信", "吃午饭", "听音乐", "看书", "吃晚饭", "和朋友聊天"),
    tasks=("准备材料", "慢慢地做", "休息一下", "做完收拾"),
    spoken=("早上好！昨天睡得好吗？", "很好，谢谢。你今天做什么？", "我要写信，晚上去听音乐会。", "好的，我们晚上见。"),
    told="对方晚上要去听音乐会",
    rare="音乐会几点开始？",
)
ARABIC = TownTexts(
    language="Arabic",
    maze="palm_spring",
    world="عين النخيل",
    home="بيت أحمد",
    bedroom="غرفة النوم",
    bed="سرير",
    people=("أحمد علي", "ليلى حسن"),
    day=(
        "يتناول الفطور",
        "ينظف الغرفة",
        "يكتب رسالة",
        "يتناول الغداء",
        "يسمع الموسيقى",
        "يقرأ كتابا",
        "يتناول العشاء",
        "يتحدث مع صديق",
    ),
    tasks=("يجهز الأدوات", "يعمل ببطء", "يستريح قليلا", "يرتب المكان"),
    spoken=(
        "صباح الخير! هل نمت جيدا؟",
        "نعم، شكرا. ماذا تفعل اليوم؟",
        "أكتب رسالة، وفي المساء أذهب إلى الحفلة.",
        "حسنا، نلتقي في المساء.",
    ),
    told="يذهب صديقي في المساء إلى الحفلة",
    rare="متى تبدأ الحفلة؟",
)


def build_town(folder: Path, town_texts: TownTexts) -> SmallWorld:
    """Builds the town and its base below a folder, with the builder."""
    build.build(town_texts.files / "plan.toml", town_texts.files / "people.toml", folder / "out")
    return SmallWorld(folder / "out" / "static_dirs" / "assets", folder / "out" / "storage", folder / "temp_storage")


class Fluent:
    """Takes the place of the client: fills each schema it is sent, all texts in one language.

    `prompts` keeps what was asked, `last_words` what was said last: the prompt again, or what was wrong with an answer.
    """

    def __init__(self, town_texts: TownTexts) -> None:
        self.town_texts = town_texts
        self.prompts: list[str] = []
        self.last_words: list[str] = []
        self._said = count()
        self._lines, self._texts = count(), count()

    def install(self, monkeypatch: Any) -> Fluent:
        """Answers from now on until the end of the test."""
        monkeypatch.setattr(Client, "chat", lambda client, messages, **asked: self.chat(messages, **asked))
        monkeypatch.setattr(Client, "embed", lambda client, texts, **_: [_vector(text) for text in texts])
        return self

    def chat(self, messages: Sequence[Mapping[str, str]], *, response_format: Mapping[str, Any], **_: Any) -> str:
        prompt = messages[0]["content"]
        self.prompts.append(prompt)
        self._is_of_sleep = f"do this: {SLEEPING}\n" in prompt
        self.last_words.append(messages[-1]["content"])
        return json.dumps(self._object(response_format["json_schema"]["schema"]), ensure_ascii=False)

    def _object(self, schema: Mapping[str, Any], turn: int = 0, turns: int = 1) -> dict[str, Any]:
        return {name: self._value(name, field, turn, turns) for name, field in schema["properties"].items()}

    def _value(self, name: str, field: Mapping[str, Any], turn: int, turns: int) -> Any:
        if "enum" in field:
            beds = [spot for spot in field["enum"] if self._is_of_sleep and spot.endswith(self.town_texts.bed)]
            return (beds or field["enum"])[0 if beds else len(field["enum"]) * turn // turns]
        if field["type"] == "array":
            turns = field.get("minItems", 2)
            items = field["items"]
            of_objects = "properties" in items
            return [
                self._object(items, at, turns) if of_objects else self._value(name, items, at, turns)
                for at in range(turns)
            ]
        if field["type"] == "boolean":
            return name == "talk" or name == "end" and next(self._said) % LINES_OF_A_TALK == LINES_OF_A_TALK - 1
        if field["type"] == "integer":
            return 1 if name == "evidence" else 5
        return self._text(name, field, turn)

    def _text(self, name: str, field: Mapping[str, Any], turn: int) -> str:
        town_texts = self.town_texts
        if "pattern" in field:
            return {"wake_up": DAY[0], "sleep": "22:00"}.get(name, DAY[turn])
        if "emoji" in name:
            return "🙂"
        if name == "utterance":
            number = next(self._lines)
            return f"{town_texts.spoken[number % len(town_texts.spoken)]} {number}"
        if name == "object":
            return town_texts.tasks[next(self._texts) % len(town_texts.tasks)]
        known = {"activity": town_texts.day, "task": town_texts.tasks}.get(name)
        return known[turn] if known else town_texts.told


def _vector(text: str) -> list[float]:
    """Counts letters: equal texts are equal."""
    return [1.0, *(float(sum(ord(letter) % 16 == at for letter in text)) for at in range(16))]

"""Words for places: which things and rooms each kind of act wants, and how things look in use. Data only."""

from __future__ import annotations

import re
from typing import NamedTuple


class Act(NamedTuple):
    """A kind of act: a pattern for its words, its emoji, parts of the names of the things and rooms it wants."""

    words: re.Pattern[str]
    emoji: str
    things: tuple[str, ...]
    rooms: tuple[str, ...]


AT_HOME = re.compile(r"\bsleep|\bin bed\b|for bed|the bed\b|\bshower|brushing teeth|getting dressed|combing hair|diary")


def _act(words: str, emoji: str, things: tuple[str, ...] = (), rooms: tuple[str, ...] = ()) -> Act:
    return Act(re.compile(words), emoji, things, rooms)


ACTS: tuple[Act, ...] = (
    _act(r"sleep", "😴", ("bed",), ("bedroom",)),
    _act(r"shower|\bbath\b", "🚿", ("shower", "bath", "toilet"), ("bathroom",)),
    _act(r"teeth|combing|mirror|washing up in", "🪥", ("bathroom sink", "sink", "toilet"), ("bathroom",)),
    _act(r"packing a bag", "🎒", ("desk", "closet"), ()),
    _act(r"toilet|restroom", "🚽", ("toilet",), ("bathroom", "restroom")),
    _act(r"closet|dressed|clothes|shirts", "👕", ("closet", "wardrobe", "bed"), ("bedroom",)),
    _act(r"\bbed\b|alarm clock", "🛏️", ("bed",), ("bedroom",)),
    _act(r"oven|dough|bak(?:e|ing)", "🥖", ("oven", "stove"), ("bakery", "kitchen")),
    _act(r"stove|frying|simmering|seasoning|boiling|cook", "🍳", ("stove", "oven"), ("kitchen",)),
    _act(r"refrigerator|leftovers|butter and jam", "🧈", ("refrigerator", "fridge"), ("kitchen",)),
    _act(
        r"dishes|washing cups|vegetables at the kitchen|rinsing",
        "🧼",
        ("kitchen sink", "sink", "stove", "table"),
        ("kitchen",),
    ),
    _act(r"bathroom sink", "🧽", ("bathroom sink", "sink", "toilet"), ("bathroom",)),
    _act(r"wiping the stove", "🧽", ("stove",), ("kitchen",)),
    _act(r"sweeping|wiping|dusting|scrubbing|\bclean|tidy|shaking out", "🧹", ("table", "counter", "shel", "sink"), ()),
    _act(r"chopping|slicing bread|kitchen", "🔪", ("table", "kitchen sink", "stove", "counter"), ("kitchen",)),
    _act(r"radio|music on", "📻", ("radio",), ("living",)),
    _act(r"sofa|armchair|cushion", "🛋️", ("sofa", "armchair"), ("living", "common")),
    _act(r"piano|scales|passage|tune|melody|songbook|tuning", "🎵", ("piano", "accordion", "harmonium", "music"), ()),
    _act(r"lathe|peg", "🪵", ("lathe", "workbench"), ("workshop",)),
    _act(
        r"workbench|planing|gluing|clamping|sawing|joints|string|the piece",
        "🔧",
        ("workbench", "harmonium"),
        ("workshop",),
    ),
    _act(r"tools|oil into|measuring", "🧰", ("tool", "workbench"), ("workshop",)),
    _act(r"seasoned wood|timber|shavings", "🪵", ("timber", "workbench"), ("timber", "workshop")),
    _act(r"blackboard|lesson|sum", "🧑‍🏫", ("blackboard", "teacher"), ("classroom",)),
    _act(r"exercise books|register at|desk to desk", "📝", ("teacher", "desk"), ("classroom", "staff")),
    _act(
        r"box of papers|old newspapers|faded letter|archive|maps|register",
        "📜",
        ("archive", "map", "reading"),
        ("archive",),
    ),
    _act(r"shelves|goods|stock", "📦", ("shel", "stand", "counter", "crate"), ()),
    _act(
        r"notes|note cards|drafting|reading table|copying|chapter",
        "📖",
        ("reading table", "desk", "sofa"),
        ("reading",),
    ),
    _act(
        r"writing|pencil|sheet of paper|envelope|clumsy|bill|diary|\blist\b",
        "✍️",
        ("desk", "reading table", "table", "counter"),
        (),
    ),
    _act(r"bookshel|book|shelf|shelves|volume|(?:a|better) word", "📚", ("bookshelf", "shelf", "shelves", "sofa"), ()),
    _act(r"apples|vegetables|weighing", "🥕", ("vegetable stand", "counter", "shelf"), ("store",)),
    _act(r"crates|storeroom", "📦", ("crates",), ("storeroom",)),
    _act(r"flour|cheese|shopping|price tags", "🛒", ("shelf", "stand", "counter"), ("store",)),
    _act(r"behind the|grinding|till|counting|takings|pouring|tapping|polishing", "☕", ("behind", "counter"), ()),
    _act(r"order|paying|counter|pastries|menu|landlord|cake", "🧾", ("counter", "bar"), ()),
    _act(r"darts", "🎯", ("dart",), ()),
    _act(r"stage|song|music|story", "🎶", ("stage", "seat"), ()),
    _act(r"cider|drink|joke|card players|neighbours|chips", "🍻", ("seating", "seat", "bar"), ("pub",)),
    _act(
        r"eating|table|soup|coffee|tea\b|lunch|dinner|supper|breakfast|biscuit",
        "🍽️",
        ("dining table", "seating", "table", "chair", "sofa", "counter", "stove"),
        (),
    ),
    _act(r"ducks|pond|birds", "🦆", ("bench",), ("pond",)),
    _act(r"children", "🛝", ("bench", "swing", "climbing"), ("playground", "yard")),
    _act(
        r"bench|blossoms|willows|trees|clouds|passer|path|picnic|walk|stroll|park",
        "🌳",
        ("bench", "picnic", "bandstand"),
        ("lawn", "pond", "bandstand"),
    ),
    _act(r"weeds|vegetable patch|radishes|beans|leaves|garden", "🌱", ("vegetable patch", "garden chair"), ("garden",)),
    _act(r"guest|hosting|joining|welcoming|hello|serving|plates", "🏮", ("seating", "counter", "table"), ()),
    _act(r"meeting|waiting|familiar face|company", "👋", ("seat", "bench", "table"), ()),
    _act(
        r"\brest|relax|window|magazine|\bbreak\b|sitting",
        "😌",
        ("sofa", "armchair", "seat", "bench", "chair", "table", "bed"),
        ("living", "common"),
    ),
    _act(r"work|idea|detail|mistake|plan", "💡", ("desk", "workbench", "counter", "table"), ()),
)
OTHER_ACT = _act("", "🙂", ("table", "desk", "counter", "bench", "seat", "sofa"))

# (parts of the thing's name, how it looks in use: words and emoji)
THINGS: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (("bedside", "lamp"), (("switched on", "💡"),)),
    (("bed",), (("being lain in", "🛏️"), ("being made neatly", "🛏️"))),
    (("stall", "stand"), (("set out neatly", "🧺"),)),
    (("closet", "wardrobe"), (("standing wide open", "🚪"), ("being looked through", "👕"))),
    (("bathroom sink",), (("filled with warm water", "🪥"), ("splashed with water", "💧"))),
    (("shower", "bath"), (("running hot water", "🚿"), ("full of steam", "♨️"))),
    (("toilet",), (("occupied", "🚽"),)),
    (("sink",), (("full of suds", "🧼"), ("filled with dishes", "🍽️"), ("running cold water", "💧"))),
    (("stove",), (("heating a pan", "🍳"), ("simmering a soup", "🍲"), ("switched on", "🔥"))),
    (("oven",), (("glowing hot", "🔥"), ("full of fresh loaves", "🥖"))),
    (("refrigerator", "fridge"), (("standing open", "🧊"), ("being filled up", "🥛"))),
    (("behind",), (("being worked at", "☕"), ("busy with orders", "🧾"))),
    (("bar counter",), (("lined with glasses", "🍻"), ("being wiped", "🧽"))),
    (("cafe counter",), (("set with cups", "☕"), ("covered with pastries", "🥐"))),
    (("counter",), (("covered with receipts", "🧾"), ("being tended", "🛎️"))),
    (
        ("dining table", "customer seating"),
        (("set with plates", "🍽️"), ("laid for a meal", "🥣"), ("being sat at", "🪑")),
    ),
    (("seating", "seats", "chair"), (("being sat on", "🪑"), ("taken by company", "👥"))),
    (("sofa",), (("being sat on", "🛋️"), ("strewn with cushions", "🛋️"))),
    (("reading table",), (("covered with notes", "📝"), ("piled with books", "📚"))),
    (("archive",), (("being searched", "📜"), ("spread out in order", "📜"))),
    (("map cabinet",), (("standing open", "🗺️"),)),
    (("desk",), (("covered with papers", "📝"), ("being written at", "✍️"))),
    (("bookshelf", "shelf", "shelves"), (("being browsed", "📚"), ("being put in order", "📚"))),
    (("piano", "harmonium", "accordion", "music"), (("being played softly", "🎹"), ("being looked over", "🎶"))),
    (("workbench",), (("strewn with shavings", "🪵"), ("covered with tools", "🔧"))),
    (("lathe",), (("turning steadily", "🪵"),)),
    (("tool",), (("standing open", "🧰"), ("being put in order", "🧰"))),
    (("radio",), (("playing the news", "📻"), ("playing quiet music", "🎶"))),
    (("bench",), (("being sat on", "🌳"), ("warm with sun", "☀️"))),
    (("picnic",), (("being sat at", "🧺"),)),
    (("vegetable patch",), (("being weeded", "🌱"), ("freshly watered", "💧"))),
    (("blackboard",), (("covered with chalk", "🖍️"),)),
    (("dart",), (("stuck with darts", "🎯"),)),
    (("stage",), (("lit and in use", "🎶"),)),
)
# For names in the plural, which take no verb of their own.
MANY_THINGS = ("in good use", "✨")
OTHER_THING: tuple[tuple[str, str], ...] = (("in good use", "✨"), ("in use now", "✨"))

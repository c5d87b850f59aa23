"""Words for places: which things and rooms each kind of act wants, and how things look in use. Data only."""

from __future__ import annotations

from typing import NamedTuple


class Act(NamedTuple):
    """A kind of act: a pattern for its words, its emoji, patterns for the things and parts of the rooms it wants."""

    words: str
    emoji: str
    things: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


AT_HOME = r"\bsleep|\bin bed\b|for bed|the bed\b|\bshower|brushing teeth|getting dressed|combing hair|diary"

ACTS: tuple[Act, ...] = (
    Act(r"sleep", "😴", ("bed",), ("bedroom",)),
    Act(r"shower|\bbath\b", "🚿", ("shower", "bath", "toilet"), ("bathroom",)),
    Act(r"teeth|combing|mirror|washing up in", "🪥", ("bathroom sink", "sink", "toilet"), ("bathroom",)),
    Act(r"packing a bag", "🎒", ("desk", "closet"), ()),
    Act(r"toilet|restroom", "🚽", ("toilet",), ("bathroom", "restroom")),
    Act(r"closet|dressed|clothes|shirts", "👕", ("closet", "wardrobe", "bed"), ("bedroom",)),
    Act(r"\bbed\b|alarm clock", "🛏️", ("bed",), ("bedroom",)),
    Act(r"oven|dough|bak(?:e|ing)", "🥖", ("oven", "stove"), ("bakery", "kitchen")),
    Act(r"stove|frying|simmering|seasoning|boiling|cook", "🍳", ("stove", "oven"), ("kitchen",)),
    Act(r"refrigerator|leftovers|butter and jam", "🧈", ("refrigerator", "fridge"), ("kitchen",)),
    Act(
        r"dishes|washing cups|vegetables at the kitchen|rinsing",
        "🧼",
        ("kitchen sink", "sink", "stove", "table"),
        ("kitchen",),
    ),
    Act(r"bathroom sink", "🧽", ("bathroom sink", "sink", "toilet"), ("bathroom",)),
    Act(r"wiping the stove", "🧽", ("stove",), ("kitchen",)),
    Act(r"sweeping|wiping|dusting|scrubbing|\bclean|tidy|shaking out", "🧹", ("table", "counter", "shel", "sink"), ()),
    Act(r"chopping|slicing bread|kitchen", "🔪", ("table", "kitchen sink", "stove", "counter"), ("kitchen",)),
    Act(r"radio|music on", "📻", ("radio",), ("living",)),
    Act(r"sofa|armchair|cushion", "🛋️", ("sofa", "armchair"), ("living", "common")),
    Act(r"piano|scales|passage|tune|melody|songbook|tuning", "🎵", ("piano", "accordion", "harmonium", "music"), ()),
    Act(r"lathe|peg", "🪵", ("lathe", "workbench"), ("workshop",)),
    Act(
        r"workbench|planing|gluing|clamping|sawing|joints|string|the piece",
        "🔧",
        ("workbench", "harmonium"),
        ("workshop",),
    ),
    Act(r"tools|oil into|measuring", "🧰", ("tool", "workbench"), ("workshop",)),
    Act(r"seasoned wood|timber|shavings", "🪵", ("timber", "workbench"), ("timber", "workshop")),
    Act(r"blackboard|lesson|sum", "🧑‍🏫", ("blackboard", "teacher"), ("classroom",)),
    Act(r"exercise books|register at|desk to desk", "📝", ("teacher", "desk"), ("classroom", "staff")),
    Act(
        r"box of papers|old newspapers|faded letter|archive|maps|register",
        "📜",
        ("archive", "map", "reading"),
        ("archive",),
    ),
    Act(r"shelves|goods|stock", "📦", ("shel", "stand", "counter", "crate"), ()),
    Act(
        r"notes|note cards|drafting|reading table|copying|chapter",
        "📖",
        ("reading table", "desk", "sofa"),
        ("reading",),
    ),
    Act(
        r"writing|pencil|sheet of paper|envelope|clumsy|bill|diary|\blist\b",
        "✍️",
        ("desk", "reading table", "table", "counter"),
        (),
    ),
    Act(r"bookshel|book|shelf|shelves|volume|(?:a|better) word", "📚", ("bookshelf", "shelf", "shelves", "sofa"), ()),
    Act(r"apples|vegetables|weighing", "🥕", ("vegetable stand", "counter", "shelf"), ("store",)),
    Act(r"crates|storeroom", "📦", ("crates",), ("storeroom",)),
    Act(r"flour|cheese|shopping|price tags", "🛒", ("shelf", "stand", "counter"), ("store",)),
    Act(r"behind the|grinding|till|counting|takings|pouring|tapping|polishing", "☕", ("behind", "counter"), ()),
    Act(r"order|paying|counter|pastries|menu|landlord|cake", "🧾", ("counter", "bar"), ()),
    Act(r"darts", "🎯", ("dart",), ()),
    Act(r"stage|song|music|story", "🎶", ("stage", "seat"), ()),
    Act(r"cider|drink|joke|card players|neighbours|chips", "🍻", ("seating", "seat", "bar"), ("pub",)),
    Act(
        r"eating|table|soup|coffee|tea\b|lunch|dinner|supper|breakfast|biscuit",
        "🍽️",
        ("dining table", "seating", "table", "chair", "sofa", "counter", "stove"),
        (),
    ),
    Act(r"ducks|pond|birds", "🦆", ("bench",), ("pond",)),
    Act(r"children", "🛝", ("bench", "swing", "climbing"), ("playground", "yard")),
    Act(
        r"bench|blossoms|willows|trees|clouds|passer|path|picnic|walk|stroll|park",
        "🌳",
        ("bench", "picnic", "bandstand"),
        ("lawn", "pond", "bandstand"),
    ),
    Act(r"weeds|vegetable patch|radishes|beans|leaves|garden", "🌱", ("vegetable patch", "garden chair"), ("garden",)),
    Act(r"guest|hosting|joining|welcoming|hello|serving|plates", "🏮", ("seating", "counter", "table"), ()),
    Act(r"meeting|waiting|familiar face|company", "👋", ("seat", "bench", "table"), ()),
    Act(
        r"\brest|relax|window|magazine|\bbreak\b|sitting",
        "😌",
        ("sofa", "armchair", "seat", "bench", "chair", "table", "bed"),
        ("living", "common"),
    ),
    Act(r"work|idea|detail|mistake|plan", "💡", ("desk", "workbench", "counter", "table"), ()),
)
OTHER_ACT = Act("", "🙂", ("table", "desk", "counter", "bench", "seat", "sofa"))

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

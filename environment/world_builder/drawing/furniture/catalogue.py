"""Which drawing belongs to which object, found by the words of its name.

Knows all drawings and their words; not where the objects stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from PIL import ImageFont

from drawing import palette
from drawing.canvas import Canvas
from drawing.furniture import home, kitchen_and_bath, outdoors, play, rest, shop, trades, work_and_school


class Joined(Enum):
    """What tiles of one object that touch each other become."""

    ALL = auto()
    """One drawing."""
    ROWS = auto()
    """A drawing for each row, one in front of the other."""
    NEVER = auto()
    """A drawing for each tile."""


class Drawing(NamedTuple):
    """How to draw an object: `draw(canvas, seed)`; what is `flat` throws no shadow."""

    draw: Callable[[Canvas, int], None]
    joined: Joined = Joined.ALL
    flat: bool = False


def drawing_of(name: str) -> Drawing | None:
    """The drawing for an object's name; None if no word of it is known."""
    return next((drawing for words, drawing in _DRAWINGS.items() if re.search(words, name, re.IGNORECASE)), None)


def labelled_crate(name: str) -> Drawing:
    """The drawing of an object that is not known: a crate that bears its name."""

    def draw(canvas: Canvas, seed: int) -> None:
        shop.crate(canvas, 3 + seed % 2, 0, 25, palette.OAK)
        canvas.panel(1, 12, 30, 11, palette.PAPER)
        canvas.text(3, 12, name[:6], ImageFont.load_default(8), palette.INK.line)

    return Drawing(draw, Joined.NEVER)


_DRAWINGS = {
    r"\bbehind\b": Drawing(shop.staff_mat, flat=True),
    r"market stall|\bstalls?\b|booth": Drawing(trades.market_stall, Joined.ROWS),
    r"seedling|greenhouse": Drawing(trades.seedling_table, Joined.ROWS),
    r"potting": Drawing(trades.potting_table, Joined.ROWS),
    r"vegetable stand|fruit|produce": Drawing(shop.vegetable_stand),
    r"vegetable|herb|allotment": Drawing(outdoors.vegetable_patch, flat=True),
    r"garden (chair|seat)|deck ?chair": Drawing(outdoors.garden_chair, Joined.NEVER),
    r"garden|flower|lawn": Drawing(outdoors.flower_garden, flat=True),
    r"fountain|pond|well\b": Drawing(outdoors.fountain),
    r"sickbed|hospital bed|patient": Drawing(trades.sickbed),
    r"examination|massage": Drawing(trades.examination_couch),
    r"medicine|first aid": Drawing(trades.medicine_cabinet, Joined.NEVER),
    r"\bbeds?\b|bunk|cot\b": Drawing(rest.bed),
    r"closet|wardrobe": Drawing(home.closet, Joined.ROWS),
    r"teacher|lectern": Drawing(work_and_school.teachers_desk, Joined.ROWS),
    r"(pupil|student)s?'?s? (desk|seat)": Drawing(work_and_school.pupils_desk, Joined.ROWS),
    r"computer|laptop": Drawing(home.computer_desk, Joined.NEVER),
    r"desk": Drawing(home.desk, Joined.ROWS),
    r"book ?(shelf|case)": Drawing(home.bookshelf, Joined.ROWS),
    r"archive|boxes": Drawing(shop.archive_boxes, Joined.ROWS),
    r"letter (rack|shel)|pigeonhole|mailbox": Drawing(trades.letter_racks, Joined.ROWS),
    r"ballot|voting": Drawing(trades.ballot_box, Joined.NEVER),
    r"printing|\bpress\b": Drawing(trades.printing_press),
    r"type case|typeset": Drawing(trades.type_case, Joined.NEVER),
    r"paper": Drawing(trades.paper_stacks, Joined.ROWS),
    r"bicycle|\bbikes?\b": Drawing(trades.bicycle_stand, Joined.NEVER),
    r"flour|sacks?\b": Drawing(trades.flour_sacks, Joined.ROWS),
    r"dough|trough": Drawing(trades.dough_trough, Joined.ROWS),
    r"shelf|shelves": Drawing(shop.goods_shelf, Joined.ROWS),
    r"timber|lumber|planks?": Drawing(work_and_school.timber_rack, Joined.ROWS),
    r"crate|barrel|parcel": Drawing(shop.crates, Joined.ROWS),
    r"tool": Drawing(work_and_school.tool_cabinet, Joined.NEVER),
    r"map|atlas|drawers": Drawing(home.map_cabinet, Joined.ROWS),
    r"radio|record player|gramophone": Drawing(home.radio, Joined.NEVER),
    r"game console|television|\btv\b": Drawing(home.game_console, Joined.ROWS),
    r"sofa|couch": Drawing(rest.sofa, Joined.ROWS),
    r"armchair": Drawing(rest.armchair, Joined.NEVER),
    r"pool table|billiard": Drawing(play.pool_table),
    r"picnic": Drawing(outdoors.picnic_table, Joined.ROWS),
    r"(reading|library) table": Drawing(rest.reading_table, Joined.ROWS),
    r"dining": Drawing(rest.dining_table, Joined.ROWS),
    r"(council|conference|meeting) table": Drawing(trades.council_table),
    r"\btable": Drawing(rest.table, Joined.ROWS),
    r"bread oven|pizza|bakery oven": Drawing(kitchen_and_bath.bread_oven, Joined.NEVER),
    r"stove|cook|oven": Drawing(kitchen_and_bath.stove, Joined.NEVER),
    r"refrigerator|fridge|freezer": Drawing(kitchen_and_bath.refrigerator, Joined.NEVER),
    r"kitchen sink": Drawing(kitchen_and_bath.kitchen_sink, Joined.NEVER),
    r"sink|basin": Drawing(kitchen_and_bath.bathroom_sink, Joined.NEVER),
    r"toaster|kettle|microwave|coffee machine": Drawing(kitchen_and_bath.appliance, Joined.NEVER),
    r"toilet": Drawing(kitchen_and_bath.toilet, Joined.NEVER),
    r"shower": Drawing(kitchen_and_bath.shower, Joined.NEVER),
    r"bath": Drawing(kitchen_and_bath.bathtub),
    r"(cafe|coffee|bakery) counter": Drawing(shop.cafe_counter),
    r"(bar|pub) counter|^bar$": Drawing(shop.bar_counter),
    r"library counter": Drawing(shop.library_counter),
    r"workshop counter": Drawing(shop.workshop_counter),
    r"bread counter": Drawing(trades.bread_counter),
    r"(post|mail|bank) ?(office )?counter": Drawing(trades.post_counter),
    r"(clinic|pharmacy) counter": Drawing(trades.clinic_counter),
    r"counter|till|reception": Drawing(shop.counter),
    r"cafe|coffee": Drawing(rest.cafe_table, Joined.NEVER),
    r"(pub|bar)\b": Drawing(rest.pub_table, Joined.NEVER),
    r"bandstand stage": Drawing(play.stage),
    r"stage": Drawing(play.small_stage),
    r"school piano": Drawing(play.school_piano, Joined.ROWS),
    r"piano": Drawing(play.piano, Joined.ROWS),
    r"harmonium|organ": Drawing(play.harmonium, Joined.ROWS),
    r"accordion|concertina": Drawing(play.accordion, Joined.NEVER),
    r"guitar|fiddle|violin|cello": Drawing(play.guitar, Joined.NEVER),
    r"harp": Drawing(play.harp, Joined.NEVER),
    r"music stand": Drawing(play.music_stand, Joined.NEVER),
    r"microphone": Drawing(play.microphone, Joined.NEVER),
    r"dart": Drawing(play.dart_board, Joined.NEVER),
    r"blackboard|whiteboard": Drawing(work_and_school.blackboard, Joined.ROWS),
    r"notice|bulletin": Drawing(work_and_school.notice_board, Joined.NEVER),
    r"podium": Drawing(work_and_school.podium, Joined.NEVER),
    r"easel": Drawing(work_and_school.easel, Joined.NEVER),
    r"work ?bench": Drawing(work_and_school.workbench, Joined.ROWS),
    r"lathe|\bsaw\b|drill": Drawing(work_and_school.lathe, Joined.NEVER),
    r"weight|barbell": Drawing(work_and_school.lifting_weight, Joined.ROWS),
    r"bench": Drawing(outdoors.park_bench, Joined.ROWS),
    r"waiting": Drawing(trades.waiting_chairs, Joined.ROWS),
    r"gallery|pew": Drawing(trades.gallery_seats, Joined.ROWS),
    r"seat|chair|stool": Drawing(outdoors.seats, Joined.ROWS),
    r"climbing": Drawing(outdoors.climbing_frame, Joined.NEVER),
    r"sand": Drawing(outdoors.sandpit),
    r"swing": Drawing(outdoors.swings, Joined.ROWS),
    r"slide": Drawing(outdoors.slide, Joined.NEVER),
}
"""The first entry whose words are found in a name counts, so that the more exact ones come first."""

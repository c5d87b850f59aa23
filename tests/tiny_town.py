"""A town of two buildings and a cast of one, in the files that the world builder reads.

plan = town_files(folder, people=changed(PEOPLE, "age = 30", "age = -1"))     # with people.toml beside it
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import build

BUILDER = Path(build.__file__).resolve().parent

PLAN = """
world = "Tiny"
maze = "tiny"
floor = "wood"

[ground]
"." = "grass"
"," = "path"
"+" = "door"
":" = "wood"

[barriers]
"#" = "wall"
"~" = "water"

[objects]
B = "bed"
c = "counter"

[town]
map = '''
.............
,,,,,,,,,,,,,
.............
.............
.............
............~
'''

[[place]]
name = "Cottage"
home = true
at = [1, 2]
rooms = { 1 = "bedroom" }
drawing = '''
##+##
#B1@#
#####
'''
"""
COTTAGE_ONLY = PLAN
PLAN += """
[[place]]
name = "Shop"
at = [7, 2]
rooms = { 1 = "store", 2 = "yard" }
floors = { 2 = "grass" }
drawing = '''
##+##
#1cc#
##+##
-222-
'''
"""

PEOPLE = """
[simulation]
start = 2024-05-01T07:00:00
seed = 5

[[person]]
name = "Ada Moss"
age = 30
traits = "calm"
past = "Ada Moss keeps the shop."
currently = "Ada Moss is counting jars."
lifestyle = "Ada Moss goes to bed around 10pm, wakes up around 6am, eats dinner around 6pm."
daily_plan = "Ada Moss works in the shop from 9am."
home = "Cottage:bedroom"
workplace = "Shop:store"
whispers = ["You know that the well is dry", "You like plums"]
"""
SECOND_PERSON = PEOPLE[PEOPLE.index("[[person]]") :].replace("Ada Moss", "Ben Moss")


def changed(text: str, old: str, new: str) -> str:
    """The text with the first occurrence of something in it replaced."""
    assert old in text
    return text.replace(old, new, 1)


def town_files(folder: Path, plan: str = PLAN, **casts: str) -> Path:
    """Writes the plan and `<name>.toml` for each cast (people=..., people_b=...); returns the plan's file."""
    for name, text in {"plan": plan, **casts}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / "plan.toml"


def printed_for_any_order_of_hashes(script: str, *arguments: object) -> set[bytes]:
    """The outputs of a script that uses the world builder, run with several orders of hashes."""
    path = os.pathsep.join([str(BUILDER), str(BUILDER.parents[1] / "reverie" / "backend_server")])
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return {
        subprocess.run(
            command, env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

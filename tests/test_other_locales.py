"""Other languages and systems: text is UTF-8 everywhere, with any locale, folders and names."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest

import own_checkout
import terminal
from own_checkout import OwnCheckout
from small_world import ADA, BASE, BEN, Inhabitant

ZOE = dataclasses.replace(ADA, name="Zoë Åström", currently="Zoë Åström cherche une crème brûlée 🍮.")
ADA_IN_FRENCH = dataclasses.replace(ADA, currently="Ada Finch cherche une crème brûlée 🍮.")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0"}
PARTS = ("reverie", "environment", "tests")
MODE = re.compile(r"[rwaxbt+]{1,4}")


# Running


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "variables"),
    [
        (ZOE, {}),
        (ZOE, {"LC_ALL": "C"}),
        (ZOE, {"PYTHONUTF8": "0"}),
        # Here even the names of files are ASCII, unless they were found on the disk.
        (ADA_IN_FRENCH, ASCII),
    ],
    ids=["as here", "C", "no UTF-8 mode", "ASCII"],
)
def test_a_simulation_runs_continues_and_is_compressed(tmp_path: Path, who: Inhabitant, variables: dict[str, str]):
    checkout = OwnCheckout(tmp_path / "Été à la mer" / "mon dépôt", [who, BEN])
    variables = {**variables, "PYTHONWARNDEFAULTENCODING": "1"}
    whisper = f"call -- whisper {who.name}: You like crème brûlée 🍮"
    runs = [
        checkout.reverie(
            "--offline", "--fork", BASE, "--name", "village", typed=f"{whisper}\nrun 2\nfin\n", **variables
        ),
        checkout.reverie("--offline", "--resume", "village", "--run", 2, **variables),
        checkout.compress("village", **variables),
    ]
    assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 3
    assert terminal.read(checkout.storage / "village" / "reverie" / "meta.json")["step"] == 4
    assert set(terminal.read(checkout.storage / "village" / "movement" / "3.json")["persona"]) == {who.name, BEN.name}
    assert set(terminal.read(checkout.demos / "village" / "master_movement.json")["0"]) == {who.name, BEN.name}
    scratch = terminal.read(checkout.demos / "village" / "personas" / who.name / "bootstrap_memory" / "scratch.json")
    assert scratch["currently"] == who.currently


# The sources


@pytest.mark.slow
def test_every_text_file_is_opened_as_utf_8():
    files = [file for part in PARTS for file in (own_checkout.PROJECT / part).rglob("*.py")]
    trees = [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in files]
    assert [f"{file}:{call.lineno}" for file, tree in trees for call in calls(tree) if leaves_encoding_open(call)] == []


OPEN = """
open(file)
open(file, 'w')
open(file, mode='a')
file.open()
file.open('r+')
folder.joinpath(name).read_text()
file.write_text(text)
io.TextIOWrapper(stream)
tempfile.TemporaryFile('w+')
gzip.open(file, 'rt')
"""
NOT_OPEN = """
open(file, 'rb')
open(file, encoding='utf-8')
file.open('ab')
file.open('w', encoding='utf-8')
file.read_text(encoding='utf-8')
storage.open('town')
tempfile.TemporaryFile()
"""


@pytest.mark.parametrize("line", OPEN.split("\n")[1:-1])
def test_a_text_file_without_an_encoding_is_found(line: str):
    assert leaves_encoding_open(calls(ast.parse(line))[0])


@pytest.mark.parametrize("line", NOT_OPEN.split("\n")[1:-1])
def test_calls_that_need_no_encoding_are_not_reported(line: str):
    assert not any(leaves_encoding_open(call) for call in calls(ast.parse(line)))


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def leaves_encoding_open(call: ast.Call) -> bool:
    """Whether a call opens text in the machine's default encoding."""
    keywords = {word.arg: word.value for word in call.keywords}
    is_method = isinstance(call.func, ast.Attribute)
    name = getattr(call.func, "attr" if is_method else "id", "")
    if "encoding" in keywords:
        return False
    if name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        return "b" not in (mode_of(call, keywords) or "b")
    if name == "open":
        mode = mode_of(call, keywords)
        return "b" not in (mode or "") and (mode is not None or not is_method or not call.args)
    return is_method and name in ("read_text", "write_text", "TextIOWrapper")


def mode_of(call: ast.Call, keywords: dict[str | None, ast.expr]) -> str | None:
    """The mode that a file is opened in, if given."""
    said = [keywords.get("mode"), *call.args[:2]]
    texts = [part.value for part in said if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return next((text for text in texts if MODE.fullmatch(text)), None)

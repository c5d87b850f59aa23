"""History files: which are read, and how what is wrong with one is said."""

from pathlib import Path

import pytest

import history
import small_world
from history import HistoryError
from small_world import ADA, BEN, MAZE

NAMES = [ADA.name, BEN.name]
FILE = f"{MAZE}/history.csv"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the small world, where its histories lie."""
    world = small_world.build(tmp_path)
    small_world.use(monkeypatch, world)
    return world.assets / MAZE


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> None:
    (folder / "history.csv").write_text("\n".join(lines), encoding=encoding)


def test_whispers_are_separated_by_semicolons(folder: Path):
    write(folder, "Name,Whisper", "Ada Finch,You like plums; You know Ben Moss", "Ben Moss,You count fish")
    assert history.read(FILE, NAMES) == {
        "Ada Finch": ["You like plums", "You know Ben Moss"],
        "Ben Moss": ["You count fish"],
    }


@pytest.mark.parametrize("row", ["Ada Finch,In spring, you bake", 'Ada Finch,"In spring, you bake"'])
def test_a_comma_in_a_whisper_is_kept_quoted_or_not(folder: Path, row: str):
    write(folder, "Name,Whisper", row)
    assert history.read(FILE, NAMES) == {"Ada Finch": ["In spring, you bake"]}


def test_rows_of_the_same_persona_add_up(folder: Path):
    write(folder, "Name,Whisper", "Ada Finch,one", "Ben Moss,two", "Ada Finch,three")
    assert history.read(FILE, NAMES) == {"Ada Finch": ["one", "three"], "Ben Moss": ["two"]}


def test_blanks_blank_rows_and_empty_whispers_are_passed_over(folder: Path):
    write(folder, " Name , Whisper ", "", " Ada Finch , one ;; two ; ", ",", "")
    assert history.read(FILE, NAMES) == {"Ada Finch": ["one", "two"]}


def test_a_file_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(folder: Path):
    write(folder, "Name,Whisper", "Ada Finch,one", encoding="utf-8-sig")
    assert history.read(FILE, NAMES) == {"Ada Finch": ["one"]}


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["Who,Whisper", "Ada Finch,one"], r"row 1: the header must be Name,Whisper, is 'Who,Whisper'"),
        (["Ada Finch,one"], r"row 1: the header must be Name,Whisper"),
        (["Name,Whisper", "Ada Finch,one", "Zoe,two"], r"row 3: there is no persona 'Zoe'; there are: Ada Finch, Ben"),
        (["Name,Whisper", "Ada Finch, ; "], r"holds no whispers"),
        ([], r"the header must be Name,Whisper"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_row(folder: Path, lines: list[str], fault: str):
    write(folder, *lines)
    with pytest.raises(HistoryError, match=fault):
        history.read(FILE, NAMES)


def test_a_file_that_is_not_utf_8_is_refused(folder: Path):
    write(folder, "Name,Whisper", "Ada Finch,Pflaumenbrötchen", encoding="latin-1")
    with pytest.raises(HistoryError, match="history.csv cannot be read as a CSV file in UTF-8"):
        history.read(FILE, NAMES)


def test_a_missing_file_is_answered_with_those_there_are(folder: Path):
    write(folder, "Name,Whisper")
    with pytest.raises(HistoryError, match=r"There is no file 'small_world/other.csv' in .*There: small_world/history"):
        history.read("small_world/other.csv", NAMES)


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "small_world/matrix/maze_meta_info.json", ""])
def test_only_csv_files_of_the_worlds_are_read(folder: Path, name: str):
    (folder.parents[1] / "secret.csv").write_text("Name,Whisper\nAda Finch,one\n", encoding="utf-8")
    with pytest.raises(HistoryError, match="is no CSV file of a world; give <maze>/<file>.csv"):
        history.read(name, NAMES)

"""History files: which are read, and the messages about errors in them."""

from pathlib import Path

import pytest

from cli import whispers
from saves.text_files import UnusableFile
from small_world import ADA, BEN, MAZE

NAMES = [ADA.name, BEN.name]
FILE = f"{MAZE}/history.csv"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a world, with its history files."""
    folder = tmp_path / "assets" / MAZE
    folder.mkdir(parents=True)
    monkeypatch.setattr("utils.maze_assets_loc", str(folder.parent))
    return folder


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> None:
    (folder / "history.csv").write_text("\n".join(lines), encoding=encoding)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Ada Finch,You like plums; You know Ben Moss"], {ADA.name: ["You like plums", "You know Ben Moss"]}),
        (["Ada Finch,In spring, you bake 1,000"], {ADA.name: ["In spring, you bake 1,000"]}),
        (['Ada Finch,"In spring, you bake 1,000"'], {ADA.name: ["In spring, you bake 1,000"]}),
        (["Ada Finch,one", "Ben Moss,two", "Ada Finch,three"], {ADA.name: ["one", "three"], BEN.name: ["two"]}),
        (["", " Ada Finch , one ;; two ; ", ",", ""], {ADA.name: ["one", "two"]}),
    ],
    ids=["semicolons", "a comma", "a quoted comma", "rows that add up", "blanks and empty rows"],
)
def test_the_whispers_of_each_persona_are_read(folder: Path, lines: list[str], found: dict[str, list[str]]):
    write(folder, "Name,Whisper", *lines)
    assert whispers.read(FILE, NAMES) == found


@pytest.mark.parametrize("header", ["name,whisper", "NAME,WHISPER", " Name , Whisper "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])  # with the byte order mark of a spreadsheet
def test_the_header_may_be_in_any_case_and_follow_a_byte_order_mark(folder: Path, header: str, encoding: str):
    write(folder, header, "Ada Finch,one", encoding=encoding)
    assert whispers.read(FILE, NAMES) == {"Ada Finch": ["one"]}


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["Who,Whisper", "Ada Finch,one"], r"line 1: the header must be Name,Whisper, not 'Who,Whisper'"),
        (["Ada Finch,one"], r"line 1: the header must be Name,Whisper"),
        (["", "Name", "Ada Finch"], r"line 2: the header must be Name,Whisper, not 'Name'"),
        (["Name;Whisper", "Ada Finch;one"], r"line 1: the header must be Name,Whisper, not 'Name;Whisper'"),
        (["Name,Whisper", "Ada Finch,one", "Zoe,two"], r"line 3: there is no persona 'Zoe'. Available: Ada Finch, Ben"),
        (["Name,Whisper", "", 'Ada Finch,"one', 'two"', "Zoe,three"], r"line 5: there is no persona 'Zoe'"),
        (["Name,Whisper", "Ada Finch,one", ",two"], r"line 3: there is no persona ''"),
        (["Name,Whisper", "Ada Finch,one", "Ben Moss"], r"line 3: a comma and a whisper are missing after Ben Moss"),
        (["Name,Whisper", "\ufeffAda Finch,one"], r"line 2: there is no persona '.ufeffAda Finch'"),
        (
            ["Name,Whisper", "Ada Finch,one", 'Ben Moss,"two', "Ada Finch,three"],
            r"line 3: unexpected end .* Close each",
        ),
        (["Name,Whisper", 'Ada Finch,"one', 'Ben Moss,"two"'], r"line 2: ',' expected after '\"'.* Close each"),
        (["Name,Whisper", 'Ada Finch,You say "so', "Zoe,two"], r"line 3: there is no persona 'Zoe'"),
        (["Name,Whisper", "Ada Finch," + "x" * 200_000], r"line 2: field larger than field limit"),
        (["Name,Whisper", "Ada Finch, ; "], r"contains no whispers"),
        ([], r"the header must be Name,Whisper"),
    ],
)
def test_errors_in_a_file_are_reported_with_their_line(folder: Path, lines: list[str], fault: str):
    write(folder, *lines)
    with pytest.raises(UnusableFile, match=fault):
        whispers.read(FILE, NAMES)


def test_a_file_that_is_not_utf_8_is_refused(folder: Path):
    write(folder, "Name,Whisper", "Ada Finch,Pflaumenbrötchen", encoding="latin-1")
    with pytest.raises(
        UnusableFile, match="history.csv, line 2: a letter that is not in UTF-8. Save it as CSV in UTF-8"
    ):
        whispers.read(FILE, NAMES)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_the_byte_order_mark_of_another_encoding_is_explained(folder: Path, encoding: str):
    write(folder, "\ufeffName,Whisper" if encoding == "utf-16-be" else "Name,Whisper", encoding=encoding)
    with pytest.raises(UnusableFile, match="line 1: a byte order mark says that this is UTF-16. Save it as CSV in UTF"):
        whispers.read(FILE, NAMES)


def test_a_file_that_cannot_be_opened_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    write(folder, "Name,Whisper")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnusableFile, match=r"history.csv cannot be read \(Permission denied\)"):
        whispers.read(FILE, NAMES)


def test_a_missing_file_is_answered_with_the_available_ones(folder: Path):
    write(folder, "Name,Whisper")
    with pytest.raises(UnusableFile, match="no file 'small_world/other.csv' in .*Available: small_world/history"):
        whispers.read("small_world/other.csv", NAMES)


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "small_world/matrix/maze_meta_info.json", ""])
def test_only_csv_files_of_the_worlds_are_read(folder: Path, name: str):
    (folder.parents[1] / "secret.csv").write_text("Name,Whisper\nAda Finch,one\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match="is not a CSV file of a world: give <maze>/<file>.csv"):
        whispers.read(name, NAMES)

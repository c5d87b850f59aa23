"""The report on a simulation: its files, its page, and how it is requested."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import reverie
import small_world
from cli import console
from doubles import Create
from saves.json_files import DamagedSimulation
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BASE, BEN, CAFE, CLEO, SmallWorld
from study import report
from study.news import UnusablePhrase
from study.report import FILES, write_report
from synthetic_town import CAFE_TILE, GARDEN, SyntheticTown
from terminal import files
from web_town import client, text

RISKY = '<script>alert("ha")</script>'


def feast(world: SmallWorld) -> Simulation:
    """Ada tells Ben of a feast, and he comes; nobody tells Cleo, who comes too. Ada has a risky thought."""
    made = SyntheticTown(world, "town")
    given = made.remembers(ADA, 0, f"A plum feast at the {CAFE} on May 6, 2024 from 7:30am to 8am {RISKY}")
    made.remembers(ADA, 1, f"=1+1 {RISKY}", evidence=[given])
    made.simulation.write_usage(
        {"total": {"requests": 3}, "by_purpose": {RISKY: {"requests": 3}}, "fallback_reasons": {"talk": {RISKY: 1}}}
    )
    made.step(talk=((ADA, f"A plum feast! {RISKY}"), (BEN, "Fine."))).step(times=2)
    made.step({BEN: CAFE_TILE, CLEO: CAFE_TILE}, times=3).step({ADA: GARDEN}).saved()
    return made.simulation


@pytest.fixture
def feast_run(world: SmallWorld) -> Simulation:
    return feast(world)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, _shared_assets: Path) -> Iterator[Path]:
    """The report on the town of the feast, made once for the tests that only read it."""
    with pytest.MonkeyPatch.context() as patch:
        small_world.use(patch, world := small_world.build(tmp_path_factory.mktemp("reported"), assets=_shared_assets))
        yield write_report(feast(world), [RISKY]).parent


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()))


def test_a_report_is_a_page_and_the_files_behind_it(folder: Path, page: str):
    assert {file.name for file in folder.iterdir()} == set(FILES)
    assert set(re.findall(r'href="([^"]*)"', page)) - {""} >= {name for name in FILES if name.endswith(".csv")}


def test_the_same_simulation_gives_the_same_bytes(feast_run: Simulation):
    write_report(feast_run, ["plum"])
    first = files(feast_run.path)
    write_report(feast_run, ["plum"])
    assert files(feast_run.path) == first


def test_a_page_is_self_contained_and_shows_markup_as_text(page: str):
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 3
    assert not re.search(r'(?:src|href)="(?!#|[a-z]+\.csv")|url\((?!#)|@import', page)


def test_every_plot_has_a_name_and_a_text_alternative(page: str):
    plots = re.findall(r'<figure[^>]*><svg role="img" aria-label="[^"]+" .*?</svg>\s*<figcaption>\S', page, re.DOTALL)
    assert len(plots) == page.count("<svg") >= 5


def test_element_ids_of_a_page_are_unique(page: str):
    found = re.findall(r' id="([^"]*)"', page)
    assert len(found) == len(set(found))


def test_attendance_is_reported_with_those_who_knew(folder: Path):
    came, known = (
        [row for row in rows(folder, name) if row["news"] == "plum feast"] for name in ("attendance.csv", "news.csv")
    )
    assert [(row["persona"], row["knew"], row["minutes"]) for row in came] == [
        (ADA.name, "True", "0.0"),
        (BEN.name, "True", "30.0"),
        (CLEO.name, "False", "30.0"),
    ]
    assert [(row["persona"], row["how"], row["source"]) for row in known] == [
        (ADA.name, "from the start", ""),
        (BEN.name, "told", ADA.name),
    ]


def test_no_cell_is_read_as_a_formula(folder: Path):
    [row] = rows(folder, "reflections.csv")
    assert row["text"] == f"'=1+1 {RISKY}"


def test_an_older_record_of_usage_has_no_hours(page: str):
    assert "By purpose" in page
    assert "By hour" not in page


def test_a_report_without_talks_memories_and_usage(world: SmallWorld):
    made = SyntheticTown(world)
    made.step().saved()
    assert "No news." in write_report(made.simulation).read_text(encoding="utf-8")


@pytest.mark.parametrize("phrase", [r"plums $\frac$ feast", "plums for $5 or $6"])
def test_dollar_signs_are_not_a_formula(feast_run: Simulation, phrase: str):
    page = write_report(feast_run, [phrase]).read_text(encoding="utf-8")
    assert f">{phrase}<" in page.split('aria-label="people who know it"')[1].split("</svg>")[0]


def test_one_person_with_a_name_in_other_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn):
    zofie = small_world.Inhabitant(**{**vars(CLEO), "name": "Žofie O'Neil-木村"})
    small_world.use(monkeypatch, world := small_world.build(tmp_path, (zofie,)))
    found = Storage(world.storage, world.temp).fork(BASE, "town")
    found.write_step(0, {"persona": {zofie.name: {"movement": [1, 2]}}}, {zofie.name: (1, 2)})
    found.checkpoint({**found.meta, "step": 1}, {zofie.name: found.read_persona(zofie.name)})
    assert "木村</text>" in write_report(found).read_text(encoding="utf-8")
    assert [str(each.message) for each in recwarn] == []


# What cannot be reported


def test_a_simulation_without_steps_has_no_report(storage: Storage):
    base = storage.look(BASE)
    with pytest.raises(DamagedSimulation, match="not been run"):
        write_report(base)
    assert not (base.path / "report").exists()


def test_a_bad_phrase_is_named_before_anything_is_read(feast_run: Simulation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "Tables", Create())
    with pytest.raises(UnusablePhrase, match="'of'"):
        write_report(feast_run, ["plum feast", "of"])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--report", "nowhere"], "There is no simulation 'nowhere'"),
        (["--report", "../town"], "cannot name a simulation"),
        (["--report", BASE], "has not been run yet"),
        (["--report", "town", "--about", "plum", "--about", "!"], "'!' has no word"),
    ],
)
def test_bad_input_is_named_in_one_line(feast_run: Simulation, arguments: list[str], why: str, capsys):
    assert reverie.main(arguments) == 2
    said = capsys.readouterr()
    assert why in said.err and said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    "arguments", [["--about", "plum"], ["--report", "town", "--list"], ["--report", "a", "--fork", "b"]]
)
def test_conflicting_options_are_refused(arguments: list[str], capsys):
    with pytest.raises(SystemExit):
        reverie.main(arguments)


# How it is asked for


def test_the_program_writes_a_report_without_a_key_and_exits(feast_run: Simulation, capsys):
    assert reverie.main(["--report", "town", "--about", "plum", "--about", "feast"]) == 0
    assert capsys.readouterr().out.strip().endswith("report.html")
    assert {row["news"] for row in rows(feast_run.path / "report", "news.csv")} == {
        "plum",
        "feast",
        "plum feast",
    }


def test_the_prompt_writes_a_report(feast_run: Simulation, capsys):
    class Server:
        simulation = feast_run

    assert console.run_command(Server(), "report plum; feast")  # type: ignore[arg-type]
    assert capsys.readouterr().out.strip().endswith("report.html")
    assert {row["news"] for row in rows(feast_run.path / "report", "news.csv")} == {
        "plum",
        "feast",
        "plum feast",
    }


def test_the_page_creates_a_report_and_then_shows_it(feast_run: Simulation):
    assert "Make the report" in text("/report/town/")
    made = client().post("/report/town/new/", {"about": "plum\r\n\r\nfeast"})
    assert (made.status_code, made.headers["Location"]) == (302, "/report/town/")
    page = client().get("/report/town/")
    assert "What happened in town" in page.content.decode()
    assert "script-src" not in page["Content-Security-Policy"]
    assert client().get("/report/town/news.csv").content.startswith(b"news,persona,")


def test_a_report_of_an_earlier_step_is_offered_next_to_a_new_one(feast_run: Simulation):
    write_report(feast_run)
    feast_run.keep_meta(step=5)
    assert "Read the report as of step 7" in text("/report/town/")


def test_a_bad_phrase_is_named_on_the_page_and_kept_there(feast_run: Simulation):
    response = client().post("/report/town/new/", {"about": f"{RISKY}\n!"})
    assert response.status_code == 400
    assert "&#x27;!&#x27; has no word" in response.content.decode()
    assert "&lt;script&gt;" in response.content.decode()


@pytest.mark.parametrize("name", ["meta.json", "..", "%2e%2e%2freverie%2fmeta.json", "report.htm"])
def test_only_the_files_of_a_report_are_served(feast_run: Simulation, name: str):
    (feast_run.path / "report").mkdir()
    assert client().get(f"/report/town/{name}").status_code == 404

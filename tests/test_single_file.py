"""The town as one HTML file: its content, what must not be in it, and how it is written."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

import looks
import small_world
from maze import MazeError
from own_checkout import PROJECT
from pages import chunks, lookup, pictures, single_file
from saves.json_files import CannotWrite, DamagedSimulation
from saves.simulation import Simulation
from small_world import ADA, BASE, MAZE, SmallWorld
from terminal import read
from web_town import STEPS, client, json_at, memory_file, simulated

INJECTED = "</script><script>alert('in')</script><img src=x onerror=alert(1)>"
SCRIPTS = Path(single_file.__file__).parent / "static" / "pages"


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Avoids drawing the map for each test."""

    def draw(assets: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"a picture")

    monkeypatch.setattr(pictures, "_draw", draw)


def inside(page: str) -> dict[str, Any]:
    """{address: answer}: everything that the page would otherwise request from a server."""
    packed = re.findall(r'<script type="text/plain" id="([^"]+)">([^<]*)</script>', page)
    return {address: json.loads(gzip.decompress(base64.b64decode(answer))) for address, answer in packed}


def given(page: str) -> dict[str, Any]:
    """The data of the page for its scripts."""
    return json.loads(page.partition('<script id="town" type="application/json">')[2].partition("</script>")[0])


def modules(page: str) -> dict[str, str]:
    """{name: source} of the scripts in the page."""
    imports = json.loads(page.partition('<script type="importmap">')[2].partition("</script>")[0])["imports"]
    return {name: content(url, "text/javascript").decode() for name, url in imports.items()}


def content(url: str, kind: str) -> bytes:
    """The content of a data URL of this kind."""
    head, _, text = url.partition(",")
    assert head == f"data:{kind};base64"
    return base64.b64decode(text, validate=True)


def change_step(town: Simulation, step: int, person: str, **changes: Any) -> None:
    """Changes a persona's action in a step."""
    file = town.path / "movement" / f"{step}.json"
    movement = read(file)
    movement["persona"][person] |= changes
    small_world.write_json(file, movement)


# What is in it


def test_the_file_contains_all_responses_that_the_player_requests(seen_town: Simulation):
    page = single_file.page(seen_town)
    addresses = ("/steps/town/0/", "/talks/town/0/", f"/tiles/{MAZE}/")
    assert inside(page) == {address: json_at(address) for address in addresses}
    assert content(given(page)["map"], "image/png") == client().get(f"/map/{MAZE}/").getvalue()


def test_a_long_run_is_stored_in_the_chunks_that_the_player_requests(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chunks, "STEPS", 5)
    town = simulated(world, "long", 13)
    for step in range(7):  # an older part that was taken away
        (town.path / "movement" / f"{step}.json").unlink()
    page = single_file.page(town)
    found = {address: (part["first"], part["last"]) for address, part in inside(page).items() if "steps" in address}
    assert found == {"/steps/long/5/": (7, 9), "/steps/long/10/": (10, 12)}
    assert (given(page)["first"], given(page)["last"], given(page)["chunk"]) == (7, 12, 5)


def test_the_file_contains_all_imported_scripts_and_they_resolve(seen_town: Simulation):
    page = single_file.page(seen_town)
    found, wanted = modules(page), {"player.js"}
    for name, source in found.items():
        imported = set(re.findall(r'^import .* from "([^"]+)";', source, re.MULTILINE))
        assert len(imported) == len(re.findall(r"^import ", (SCRIPTS / name).read_text(encoding="utf-8"), re.MULTILINE))
        wanted |= imported
    assert set(found) == wanted
    assert '<script type="module">import "player.js";</script>' in page


def test_people_have_their_looks_even_custom_ones(town: Simulation, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(looks, "CHARACTERS", tmp_path)
    (tmp_path / "own-1.png").write_bytes(b"a sheet")
    small_world.write_json(tmp_path / "looks.json", {"looks": {"lost": {"not_for": "", "words": ""}}})
    file = memory_file(town, ADA.name, "scratch.json")
    small_world.write_json(file, {**read(file), "look": "own-1"})
    worn = {person["name"]: person["picture"] for person in given(single_file.page(town))["people"]}
    assert content(worn.pop(ADA.name), "image/png") == b"a sheet"
    assert set(worn.values()) == {""}


def test_the_file_starts_shortly_before_the_first_new_action(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(single_file, "STEPS_BEFORE", 2)
    town = simulated(world, "town")
    assert given(single_file.page(town))["step"] == 0  # all do the same all the time, so there is nothing to skip
    for step in range(7, STEPS):
        change_step(town, step, ADA.name, description="waking up @ bed")
    assert given(single_file.page(town))["step"] == 5


def test_the_file_has_a_title_and_a_description_for_link_previews(seen_town: Simulation):
    page = single_file.page(seen_town)
    assert "<title>Small World, May 6, 2024</title>" in page
    assert "3 people of Small World, a simulated town, from May 6, 2024, 07:00:00 to May 6, 2024, 07:02:00" in page


# What is not


def test_the_file_makes_no_requests(seen_town: Simulation):
    page = single_file.page(seen_town)
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', page) == []
    assert re.findall(r"https?:|/static/|url\(|@import", page + "".join(modules(page).values())) == []


def test_the_file_contains_no_paths_memories_or_costs(town: Simulation):
    town.write_usage({"total": {"requests": 4711, "cost_usd": "0.0815"}})
    page = single_file.page(town)
    everything = page + json.dumps(inside(page))
    for secret in (str(town.path.parent), str(PROJECT), "csrf", "cardamom", "/card/", "/interview/", "4711", "0815"):
        assert secret not in everything
    assert "cardamom" in json.dumps(json_at("/card/town/11/Ada_Finch/"))


def test_texts_of_a_model_are_never_markup(town: Simulation):
    change_step(town, 3, ADA.name, description=INJECTED, pronunciatio=INJECTED, chat=[[ADA.name, INJECTED]])
    page = single_file.page(town)
    assert INJECTED[:20] not in page
    assert INJECTED in json.dumps(inside(page))


# Writing it


def test_the_file_is_written_next_to_the_other_exports_and_its_size_is_printed(town: Simulation, capsys):
    call_command("export_html", "town")
    file = town.path / "export" / "town.html"
    size = file.stat().st_size / 1e6
    said = f"Wrote {file} ({size:.1f} MB): open it in a browser or put it on any web host.\n"
    assert (capsys.readouterr().out, size > 0) == (said, True)


def test_both_pages_offer_the_file_for_download(seen_town: Simulation):
    for address in ("/", "/replay/town/0/"):
        assert b'href="/share/town.html"' in client().get(address).content
    response = client().get("/share/town.html")
    assert response["Content-Disposition"] == 'attachment; filename="town.html"'
    assert inside(response.content.decode())


def test_no_page_offers_a_file_of_a_simulation_without_steps(seen_town: Simulation):
    assert f"/share/{BASE}.html" not in client().get("/").content.decode()
    assert f"/share/{BASE}.html" not in client().get(f"/replay/{BASE}/0/").content.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none", f"There is no simulation “none”. Available: {BASE}, town.\n"),
        ("../town", f"There is no simulation “../town”. Available: {BASE}, town.\n"),
        (BASE, f"'{BASE}' has not been run yet: there is nothing to export.\n"),
    ],
)
def test_an_impossible_export_is_refused_in_one_line(seen_town: Simulation, capsys, name: str, said: str):
    with pytest.raises(SystemExit) as left:
        call_command("export_html", name)
    assert (left.value.code, capsys.readouterr().err) == (2, said)


@pytest.mark.parametrize("text", [None, "{", '{"persona": {"Ada Finch": {}}}'], ids=["missing", "half", "empty"])
def test_an_unreadable_step_is_named(town: Simulation, text: str | None):
    file = town.path / "movement" / "4.json"
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DamagedSimulation, match=re.escape(str(file))):
        single_file.write(lookup.simulation("town"))
    assert not (town.path / "export").exists()


@pytest.mark.own_maze
def test_an_unusable_world_is_named(town: Simulation, world: SmallWorld):
    (world.assets / MAZE / "matrix" / "maze_meta_info.json").write_text("{", encoding="utf-8")
    with pytest.raises(MazeError, match=r"maze_meta_info\.json"):
        single_file.page(town)


def test_a_disk_error_is_reported(town: Simulation):
    (town.path / "export").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(CannotWrite, match="export 'town'"):
        single_file.write(town)

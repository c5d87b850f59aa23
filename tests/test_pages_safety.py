"""The web pages without a browser: unknown names, refused requests, and what must not be sent or loaded."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings

import small_world
from frontend.secret_key import secret_key
from pages import pictures
from saves.simulation import Simulation
from small_world import ADA, BASE, CLEO, MAZE
from web_town import client, data, json_at, post, text

POSTS = ["/interview/town/Ada_Finch/", "/path_tester_update/", "/update_environment/"]


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("/replay/nowhere/0/", "town"),
        ("/live/nowhere", "town"),
        ("/replay/town/13/", "0 to 11"),
        ("/replay/town/-1/", "0 to 11"),
        ("/replay/town/²/", "0 to 11"),
        ("/replay/town/٣/", "0 to 11"),
        ("/demo/nowhere/0/1/", "town"),
        ("/demo/town/0/7/", "1 to 6"),
        ("/replay_persona_state/town/0/Dora_Hill/", "Cleo Dunn"),
        ("/replay_persona_state/town/99/Ada_Finch/", "0 to 11"),
        ("/steps/nowhere/0/", "town"),
        ("/card/town/0/Dora_Hill/", "Cleo Dunn"),
        ("/card/town/99999999999999/Ada_Finch/", "0 to 11"),
        ("/tiles/atlantis/", MAZE),
        ("/map/atlantis/", MAZE),
        ("/path_tester/?maze=atlantis", MAZE),
        ("/export/town/secrets.csv", "timeline.csv"),
        (f"/export/{BASE}/timeline.csv", "not been run"),
        (f"/share/{BASE}.html", "not been run"),
        ("/share/nowhere.html", "town"),
        ("/demo_steps/town/0/", "no demo"),
        ("/report/nowhere/", "town"),
        ("/report/nowhere/new/", "town"),
        ("/report/town/news.csv", "no “news.csv”"),
        ("/admin/", "/admin/"),
    ],
)
def test_the_page_for_an_unknown_name_lists_the_available_ones(seen_town: Simulation, address: str, known: str):
    assert known in text(address, 404)


@pytest.mark.parametrize("name", ["..", "%2e%2e", "..%2fstorage%2ftown", "town%00", "C:", "~", "%5c..%5ctown"])
@pytest.mark.parametrize(
    "address",
    [
        *("/replay/{}/0/", "/steps/{}/0/", "/demo/{}/0/1/", "/live/{}", "/tiles/{}/", "/map/{}/", "/share/{}.html"),
        *("/report/{}/", "/report/{}/new/"),
    ],
)
def test_a_name_is_never_a_path(seen_town: Simulation, address: str, name: str):
    assert client().get(address.format(name)).status_code == 404


PAGES = [
    "/",
    "/simulator_home",
    "/live/town",
    "/replay/town/0/",
    "/replay_persona_state/town/3/Ada_Finch/",
    "/path_tester/",
    "/report/town/new/",
]


@pytest.mark.parametrize("address", PAGES)
def test_pages_load_only_from_this_server_and_forbid_framing_and_type_sniffing(seen_town: Simulation, address: str):
    response = client().get(address)
    assert "default-src 'none'; script-src 'self'" in response["Content-Security-Policy"]
    assert re.findall(r'(?:src|href)="(?!/)[^"]*"', response.content.decode()) == []
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("SAMEORIGIN", "nosniff")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_top_level_heading(seen_town: Simulation, address: str):
    assert text(address).count("<h1") == 1


def test_scripts_and_styles_contact_no_other_server():
    folder = Path(pictures.__file__).parent / "static" / "pages"
    sources = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir() if file.suffix in (".js", ".css"))
    assert re.findall(r"https?://|url\(|@import", sources) == []


def test_static_files_are_served_although_debug_is_off():
    assert settings.DEBUG is False
    assert client().get("/static/pages/style.css").status_code == 200


def test_another_host_is_refused(seen_town: Simulation):
    assert client().get("/", headers={"host": "town.example"}).status_code == 400


@pytest.mark.parametrize("address", [*POSTS, "/make_demo/town/0/1/", "/process_environment/", "/report/town/new/"])
def test_requests_from_other_sites_are_refused(seen_town: Simulation, address: str):
    assert post(address, {}, enforce_csrf_checks=True).status_code == 403


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[" * 100_000,
        "7",
        b"\xff",
        '{"lines": 1e999, "maze": "m", "tiles": [[1e999, 1]], "sim_code": "town", "step": 1e999}',
    ],
)
def test_a_malformed_body_is_refused(seen_town: Simulation, address: str, body: str | bytes):
    assert post(address, body).status_code == 400


def test_a_form_of_our_pages_is_accepted(town: Simulation):
    browser = client(enforce_csrf_checks=True)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get("/demo/town/0/1/").content.decode())
    assert browser.post("/make_demo/town/0/1/", {"csrfmiddlewaretoken": token and token[1]}).status_code == 302


def test_the_secret_key_is_created_once_and_readable_only_by_its_owner(tmp_path: Path):
    first = secret_key(tmp_path / "temp")
    assert (len(first) > 50, secret_key(tmp_path / "temp")) == (True, first)
    assert stat.S_IMODE((tmp_path / "temp" / "secret_key").stat().st_mode) == 0o600


def test_a_name_in_any_script_has_its_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = "Žofie O'Neil-木村"
    zofie = small_world.Inhabitant(**{**vars(CLEO), "name": name})
    small_world.use(monkeypatch, small_world.build(tmp_path, (ADA, zofie)))
    ways = data(f"/replay/{BASE}/0/")["people"][1]
    assert (ways["name"], json_at(ways["card"])["name"]) == (name, name)
    assert name.partition("'")[0] in text(ways["state"])

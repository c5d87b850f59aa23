"""The town as one file in a real browser: it plays from disk, without requests."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from pages import single_file
from saves.simulation import Simulation
from small_world import ADA
from web_town import STEPS, TALKING, ada_at

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")

from selenium.webdriver.common.keys import Keys  # noqa: E402

from browser import PATIENCE, Page, hosts  # noqa: E402

pytestmark = pytest.mark.slow

MARKUP = "</script><script>window.injected = true</script>"


@pytest.fixture
def file(town: Simulation) -> Path:
    """The town as one file, in which a line of Ada looks like markup."""
    for step in TALKING:
        movement = town.path / "movement" / f"{step}.json"
        movement.write_text(movement.read_text(encoding="utf-8").replace("the plums?", MARKUP), encoding="utf-8")
    return single_file.write(town)


def open_file(page: Page, file: Path, moment: str = "") -> None:
    page.driver.get("about:blank")  # a change of what follows # loads nothing
    page.driver.get(file.as_uri() + moment)


def test_a_file_plays_without_a_server(page: Page, file: Path):
    open_file(page, file)
    page.assert_at_step(STEPS - 1)
    assert page.one("#play").get_attribute("aria-label") == "Play"
    page.slide_to(7)
    page.assert_standing(ADA.name, ada_at(7))
    page.card("Day")
    page.assert_soon(lambda: "taking a walk" in page.text("#card .body"))
    page.one("[data-card=Day]").send_keys(Keys.ARROW_RIGHT)
    page.assert_soon(lambda: MARKUP in page.text("#card .body"))
    page.one("#card h2 button").click()
    page.press(Keys.HOME)
    page.assert_standing(ADA.name, ada_at(0))
    page.one("[data-tab=talks]").click()
    page.one("#talks button").click()
    page.assert_at_step(TALKING[0])
    page.assert_soon(lambda: MARKUP in page.text("#talks"))
    page.keep_screenshot("file")
    assert hosts(page.driver) == set()


def test_a_file_offers_nothing_that_needs_a_server(page: Page, file: Path):
    open_file(page, file)
    page.card()
    assert [tab.text for tab in page.all("[role=tab]") if tab.is_displayed()] == [
        "People",
        "Conversations",
        "Now",
        "Day",
    ]
    assert [link.text for link in page.all("a") if link.is_displayed()] == []


def test_a_link_to_a_moment_in_a_file_stays_there(page: Page, file: Path):
    open_file(page, file, "#4")
    page.assert_standing(ADA.name, ada_at(4))
    assert page.one("#play").get_attribute("aria-label") == "Play"
    page.press(Keys.ARROW_RIGHT)
    page.assert_soon(lambda: page.driver.current_url.endswith("town.html#5"))


@pytest.mark.parametrize("fault", ["undefined", "class { constructor() { throw new Error('broken'); } }"])
def test_an_unsupported_browser_shows_which_ones_can_play_a_file(page: Page, file: Path, fault: str):
    script = page.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": f"window.DecompressionStream = {fault}"}
    )
    open_file(page, file)
    page.assert_soon(lambda: "Firefox 113, Safari 16.4" in page.text("#drawing"))
    page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    page.driver.get_log("browser")


@pytest.mark.parametrize("path", ["/", "/replay/town/0/"])
def test_share_says_that_the_file_is_being_made_until_its_download_begins(
    page: Page, town: Simulation, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, may_finish, make = tmp_path / "downloads", threading.Event(), single_file.page
    page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    monkeypatch.setattr(single_file, "page", lambda found: may_finish.wait(PATIENCE) and make(found))
    page.open(path).one(".share").click()
    page.assert_soon(lambda: page.text(".share") == "Making the file …")
    page.keep_screenshot("share")
    may_finish.set()
    page.assert_soon(lambda: page.text(".share") == "Share")
    page.assert_soon((folder / "town.html").is_file)
    assert "</html>" in (folder / "town.html").read_text(encoding="utf-8")


def test_share_shows_why_no_file_could_be_made(page: Page, town: Simulation):
    page.replay()
    shutil.rmtree(town.path / "movement")
    page.one(".share").click()
    page.assert_soon(lambda: "has not been run yet" in page.text("main"))
    page.driver.get_log("browser")  # has the failed requests


def test_a_file_fits_a_phone(phone: Page, file: Path):
    open_file(phone, file, "#3")
    phone.assert_standing(ADA.name, ada_at(3))
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") == 390
    phone.card()
    assert phone.one("#card .body").rect["height"] > 150
    phone.keep_screenshot("file_phone")


def test_axe_finds_no_barriers_in_a_file(page: Page, file: Path, scheme: str):
    open_file(page, file, "#6")
    page.card()
    assert page.barriers() == []

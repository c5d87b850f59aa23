"""The report in a real browser: it is requested on a page, and accessible."""

from __future__ import annotations

import pytest

from small_world import ADA, BEN, CAFE, SmallWorld
from synthetic_town import GARDEN, SyntheticTown

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")


from browser import Page  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture
def feast_town(world: SmallWorld) -> None:
    """A town in which Ada, who knows it from the start, tells Ben about a feast that begins later."""
    made = SyntheticTown(world, "town")
    made.remembers(ADA, 0, f"A plum feast at the {CAFE} on May 6, 2024 from 9am to 10am")
    made.remembers(ADA, 1, "Plums are good", evidence=["node_1"])
    made.step({ADA: GARDEN, BEN: GARDEN}, talk=((ADA, "A plum feast!"), (BEN, "When?")), times=3).saved()


def make(page: Page, about: str) -> None:
    """Makes a report, starting from the landing page."""
    assert page.open("/").all('a[href="/report/town/new/"]') == []
    page.one('a[href="/report/town/"]').click()
    page.one("#about").send_keys(about)
    page.one("form button").click()
    page.assert_soon(lambda: page.text("h1") == "What happened in town")


def test_a_report_is_requested_and_shown_on_the_pages(page: Page, feast_town: None):
    make(page, "feasts of plums\nlanterns")
    rows = [" ".join(row.text.split()) for row in page.all("tbody tr")]
    assert {f"feasts of plums {CAFE}, May 6, 09:00 1 2 67% not yet", "lanterns 0 0 0%"} <= set(rows)
    tree = next(each for each in page.all("details") if "“feasts of plums”" in each.text)
    tree.click()
    assert tree.text.splitlines()[1:] == [
        f"Ada Finch (from the start, May 6, 07:00): A plum feast at the {CAFE} on May 6, 2024 from 9am to 10am",
        "Ben Moss (told, May 6, 07:00, talk 1): A plum feast!",
    ]
    page.keep_screenshot("report")
    assert page.open("/").text('a[href="/report/town/new/"]') == "make it again"


def test_a_phrase_without_a_word_is_named_and_the_others_are_kept(page: Page, feast_town: None):
    page.open("/report/town/").one("#about").send_keys("plums\n!")
    page.one("form button").click()
    page.assert_soon(lambda: page.text("[role=alert]").startswith("'!' has no word"))
    assert page.one("#about").get_attribute("value") == "plums\n!"
    page.driver.get_log("browser")  # the refusal is logged


def test_a_report_fits_a_phone(phone: Page, feast_town: None):
    make(phone, "plums")
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    phone.keep_screenshot("report_phone")


def test_axe_finds_no_barriers_in_a_report(page: Page, feast_town: None, scheme: str):
    make(page, "plums")
    page.driver.execute_script("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.keep_screenshot(f"report_{scheme}")
    assert page.barriers() == []

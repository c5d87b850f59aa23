"""Two simulations side by side in a real browser: one timeline moves both, with the measures below."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from saves.simulation import Simulation
from small_world import ADA, SmallWorld
from web_town import STEPS, ada_at, simulated, write_step

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")

from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

from browser import Page  # noqa: E402

pytestmark = pytest.mark.slow
PAGE = "/compare/other/town/"


@pytest.fixture
def two_towns(town: Simulation, world: SmallWorld) -> Simulation:
    """The town of twelve steps, and another one of five."""
    other = simulated(world, "other", 5)
    for step in range(5):
        write_step(other, step)
    return other


@contextmanager
def inside(page: Page, number: int):
    """The page's methods apply to a frame within the block."""
    page.driver.switch_to.frame(page.all("iframe")[number])
    yield
    page.driver.switch_to.default_content()


def assert_showing(page: Page, one: int, other: int) -> None:
    """Waits until the frames show these steps, with Ada in her position."""
    for number, step in enumerate((one, other)):
        with inside(page, number):
            page.assert_at_step(step)
            page.assert_standing(ADA.name, ada_at(step))


def test_two_simulations_can_be_chosen_on_the_landing_page(page: Page, two_towns: Simulation):
    page.open("/")
    Select(page.one("[name=sim]")).select_by_visible_text("other")
    Select(page.one("[name=other]")).select_by_visible_text("town")
    page.one("form button").click()
    page.assert_soon(lambda: page.text("h1") == "other and town")
    page.assert_soon(lambda: "conversations 0 1 +1" in page.one_line("#measures"))
    assert page.text("#measuring") == ""


def test_one_slider_moves_both_up_to_the_last_step_of_each(page: Page, two_towns: Simulation):
    page.open(PAGE + "?step=3")
    assert_showing(page, 3, 3)
    page.slide_to(9)
    assert_showing(page, 4, 9)
    assert page.text("#step") == f"step 9 of {STEPS - 1}"
    page.assert_soon(lambda: page.driver.current_url.endswith("?step=9"))


def test_keys_move_both_even_with_the_focus_in_a_map(page: Page, two_towns: Simulation):
    page.open(PAGE)
    assert_showing(page, 0, 0)
    page.press(Keys.ARROW_RIGHT)
    assert_showing(page, 1, 1)
    with inside(page, 1):
        page.one("#map").send_keys(Keys.ARROW_RIGHT)
    assert_showing(page, 2, 2)
    page.press(Keys.END)
    assert_showing(page, 4, STEPS - 1)


def test_playing_moves_both_to_the_end(page: Page, two_towns: Simulation):
    page.open(PAGE)
    assert_showing(page, 0, 0)
    Select(page.one("#speed")).select_by_index(7)
    page.one("#play").click()
    assert_showing(page, 4, STEPS - 1)


def test_a_frame_shows_the_map_alone(page: Page, two_towns: Simulation):
    page.open(PAGE)
    assert_showing(page, 0, 0)
    with inside(page, 0):
        assert [page.one(each).is_displayed() for each in ("#map", "#time", ".panel", ".timeline", "nav")] == [
            *(True, True),
            *(False, False, False),
        ]
    page.keep_screenshot("compare")


def test_on_a_phone_the_two_are_stacked_with_the_timeline_visible(phone: Page, two_towns: Simulation):
    phone.open(PAGE)
    assert_showing(phone, 0, 0)
    one, other = (frame.rect for frame in phone.all("iframe"))
    assert (one["x"], one["width"]) == (other["x"], other["width"]) == (0, 390)
    assert one["y"] + one["height"] <= other["y"]
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    assert phone.one("#slider").rect["y"] < 844
    phone.keep_screenshot("compare_phone")


def test_axe_finds_no_barriers_in_choosing_and_comparing(page: Page, two_towns: Simulation, scheme: str):
    page.open("/")
    found = page.barriers()
    page.open(PAGE)
    assert_showing(page, 0, 0)
    page.assert_soon(lambda: page.one("#measures").is_displayed())
    found += page.barriers()
    page.keep_screenshot(f"compare_{scheme}")
    assert found == []

"""Events from outside in a real browser: a mark above the slider, and a text at the step."""

from __future__ import annotations

import pytest

from pages import single_file
from saves.simulation import Simulation
from small_world import ADA, CAFE, WORLD, SmallWorld
from web_town import STEPS, TALKING, add_event, simulated, write_step

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")


from browser import Page, hosts  # noqa: E402

pytestmark = pytest.mark.slow

MARKUP = "<b>Plums</b>"
WHISPERED = f"07:00: Whispered to {ADA.name}: “{MARKUP}”"
CLOSED = f"07:01: {CAFE} closed"


@pytest.fixture
def closed(town: Simulation) -> Simulation:
    """A town with a whisper at step 2, in which the cafe closed at step 7."""
    add_event(town, 2, "whisper", MARKUP, to=[ADA.name])
    add_event(town, 7, "close", place=f"{WORLD}:{CAFE}")
    return town


def marks(page: Page) -> list[str]:
    """The texts of the marks above the slider, visible and for screen readers."""
    names = [" ".join(str(mark.get_attribute("title")).split()) for mark in page.all("#events button")]
    assert names == [mark.accessible_name for mark in page.all("#events button")]
    return names


def test_the_slider_has_a_mark_at_each_event_from_outside(page: Page, closed: Simulation):
    page.replay(3)
    page.assert_soon(lambda: len(page.all("#events button")) == 2)
    assert marks(page) == [
        f"Mon, May 6, 07:00 Whispered to {ADA.name}: “{MARKUP}”",
        f"Mon, May 6, 07:01 {CAFE} closed",
    ]
    left, right = (mark.rect for mark in page.all("#events button"))
    track = page.one("#slider").rect
    assert track["x"] < left["x"] < track["x"] + track["width"] / 3 < right["x"] < track["x"] + track["width"]


def test_an_event_from_outside_is_shown_at_its_step_and_for_some_minutes(page: Page, closed: Simulation):
    page.replay(0)
    page.assert_soon(lambda: len(page.all("#events button")) == 2)
    assert not page.one("#event").is_displayed()
    page.one("#events li:last-child button").click()
    page.assert_at_step(7)
    assert page.text("#event").splitlines() == [WHISPERED, CLOSED]
    assert page.one("#play").get_attribute("aria-label") == "Play"
    page.slide_to(2)
    page.assert_soon(lambda: page.text("#event") == WHISPERED)
    page.slide_to(1)
    page.assert_soon(lambda: not page.one("#event").is_displayed())


def test_an_event_from_outside_is_hidden_after_ten_minutes(page: Page, closed: Simulation):
    closed.keep_meta(sec_per_step=300)
    page.replay(3)
    page.assert_soon(lambda: MARKUP in page.text("#event"))
    page.slide_to(4)
    page.assert_soon(lambda: not page.one("#event").is_displayed())


def test_the_live_page_shows_an_event_once_even_during_a_conversation(page: Page, world: SmallWorld):
    first, second, *_ = TALKING
    town = simulated(world, "town", second)
    add_event(town, first, "close", place=f"{WORLD}:{CAFE}")
    page.open("/live/town").assert_at_step(first)
    page.assert_soon(lambda: page.text("#event") == f"07:00: {CAFE} closed")
    add_event(town, second, "open", place=f"{WORLD}:{CAFE}")
    write_step(town, second)
    page.assert_soon(lambda: page.text("#event") == f"07:00: {CAFE} closed\n07:01: {CAFE} opened")


def test_the_live_page_shows_an_event_from_outside_when_it_takes_effect(page: Page, town: Simulation):
    page.open("/live/town").assert_at_step(STEPS - 1)
    add_event(town, STEPS, "close", place=f"{WORLD}:{CAFE}")
    write_step(town, STEPS)
    page.assert_soon(lambda: page.text("#event") == f"07:02: {CAFE} closed")
    assert len(marks(page)) == 1


def test_an_exported_file_has_the_marks_and_texts_of_events_from_outside(page: Page, closed: Simulation):
    page.driver.get(single_file.write(closed).as_uri() + "#2")
    page.assert_soon(lambda: page.text("#event") == WHISPERED)
    assert len(marks(page)) == 2
    assert hosts(page.driver) == set()


def test_axe_finds_no_barriers(page: Page, closed: Simulation, scheme: str):
    page.replay(8)
    page.assert_soon(lambda: page.text("#event").splitlines() == [WHISPERED, CLOSED])
    page.keep_screenshot(f"outside_{scheme}")
    assert page.barriers() == []


def test_on_a_phone_nothing_is_cut_off(phone: Page, closed: Simulation):
    phone.replay(8)
    phone.assert_soon(lambda: phone.text("#event").splitlines() == [WHISPERED, CLOSED])
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") == 390
    phone.keep_screenshot("outside_phone")

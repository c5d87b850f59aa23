"""Conversations in a real browser: the tab with all of them, and what the slider says of days."""

from __future__ import annotations

import json

import pytest

from pages import conversations
from saves.simulation import Simulation
from small_world import ADA, BEN, CLEO, SmallWorld
from web_town import STEPS, TALK, TALKING, let_talk, lived, write_step

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")

from selenium.webdriver.common.keys import Keys  # noqa: E402

from browser import Page  # noqa: E402

pytestmark = pytest.mark.slow

SCRIPT = ((BEN.name, "<script>alert('plums')</script> & <b>plums</b>"), (CLEO.name, "I like pears more."))


def talks(page: Page, step: int = 0) -> None:
    """Opens the tab in the replay from a step on."""
    page.replay(step)
    page.one("[data-tab=talks]").click()
    page.assert_soon(lambda: page.text("#talk-count") != "No conversation yet.")


def listed(page: Page) -> list[str]:
    return [row.text for row in page.all("#talks button strong")]


def said_now(page: Page) -> list[str]:
    return [line.text for line in page.all("#talks [aria-current=true]")]


def line(place: int) -> str:
    return f"{TALK[place][0]} {TALK[place][1]}"


def test_a_conversation_that_is_chosen_is_shown_with_its_lines_and_on_the_map(page: Page, town: Simulation):
    talks(page)
    picture = "return document.getElementById('map').toDataURL()"
    before = page.driver.execute_script(picture)
    page.one("#talks button").click()
    page.assert_at_step(TALKING[0])
    assert [row.text for row in page.all("#talks .lines p")] == [line(0), line(1)]
    page.assert_soon(lambda: page.driver.execute_script(picture) != before)
    assert not page.one("#card").is_displayed()
    page.keep_screenshot("conversations")


def test_the_line_that_is_being_said_is_marked_in_the_list(page: Page, town: Simulation):
    talks(page)
    page.one("#talks button").click()
    page.assert_soon(lambda: said_now(page) == [line(0)])
    page.slide_to(TALKING[-1])
    page.assert_soon(lambda: said_now(page) == [line(1)])
    page.slide_to(TALKING[-1] + 1)
    page.assert_soon(lambda: said_now(page) == [])


def test_conversations_are_searched_by_words_person_and_place(page: Page, town: Simulation):
    let_talk(town, [1, 2], SCRIPT)
    talks(page)
    both = [f"{BEN.name} and {CLEO.name}", f"{ADA.name} and {CLEO.name}"]
    assert listed(page) == both
    page.one("#talk-words").send_keys("plums BENCH")
    page.assert_soon(lambda: listed(page) == both[1:])
    assert page.text("#talk-count") == "1 of 2"
    page.one("#talk-words").send_keys(Keys.BACKSPACE * 20)
    page.one("#talk-person").send_keys(BEN.name)
    page.assert_soon(lambda: listed(page) == both[:1])
    page.one("#talk-words").send_keys("bench")
    page.assert_soon(lambda: listed(page) == [])
    assert page.text("#talk-count") == "0 of 2"
    page.one("#talk-words").send_keys(Keys.BACKSPACE * 20)
    page.one("#talk-person").send_keys("Everybody")
    page.one("#talk-place").send_keys("main room, Ben")
    page.assert_soon(lambda: listed(page) == both[:1])


def test_what_is_said_is_text_whatever_it_looks_like(page: Page, town: Simulation):
    let_talk(town, [1, 2], SCRIPT)
    talks(page)
    page.one("#talks button").click()
    assert page.text("#talks .lines p").endswith(SCRIPT[0][1])
    assert page.all("#talks script, #talks b") == []


def test_of_many_conversations_some_are_shown_and_the_others_on_demand(
    page: Page, town: Simulation, monkeypatch: pytest.MonkeyPatch
):
    made_up = [
        {"first": 5, "last": 8, "people": [ADA.name], "place": "", "lines": [[ADA.name, f"Number {number}."]]}
        for number in range(450)
    ]
    body = json.dumps({"last": STEPS - 1, "talks": made_up}).encode()
    monkeypatch.setattr(conversations, "recorded", lambda *_: body)
    talks(page)
    for shown in (200, 400, 450):
        page.assert_soon(lambda shown=shown: len(page.all("#talks > li")) == shown)
        if shown < 450:
            page.one("#more-talks").click()
    assert not page.one("#more-talks").is_displayed()


def test_the_list_grows_with_a_run_newest_first_and_keeps_what_is_open(page: Page, world: SmallWorld):
    town = lived(world, "town", 3)
    let_talk(town, [1, 2], SCRIPT)
    page.open("/live/town")
    page.one("[data-tab=talks]").click()
    page.one("#talks button").click()
    for step in range(3, STEPS):
        write_step(town, step)
    page.assert_soon(lambda: listed(page) == [f"{ADA.name} and {CLEO.name}", f"{BEN.name} and {CLEO.name}"])
    assert len(page.all("#talks .lines p")) == 2
    assert page.driver.switch_to.active_element == page.all("#talks button")[1]


def test_the_slider_has_dates_and_times_of_day(page: Page, town: Simulation):
    town.keep_meta(sec_per_step=2 * 3600, curr_time="May 07, 2024, 07:00:00")
    page.replay(3)
    labels = [label.text for label in page.all("#axis li")]
    assert labels[0] == "Mon, May 6, 09:00"
    assert {"12:00", "Tue, May 7"} <= set(labels)
    assert page.text("#axis .midnight") == "Tue, May 7"
    assert not page.one("#slider-time").is_displayed()
    page.one("#slider").send_keys(Keys.ARROW_RIGHT)
    page.assert_soon(lambda: page.text("#slider-time") == "Mon, May 6, 15:00")


def test_days_are_marked_over_the_slider(page: Page, town: Simulation):
    town.keep_meta(sec_per_step=5 * 3600, curr_time="May 08, 2024, 19:00:00")  # 55 hours from seven o'clock on
    page.replay()
    columns = page.driver.execute_script(
        "const canvas = document.getElementById('marks');"
        "const drawn = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "const isMarked = (x) => drawn.data[(11 * drawn.width + x) * 4 + 3] > 100;"
        "return [...Array(drawn.width).keys()].filter(isMarked).map((x) => x / drawn.width);"
    )
    assert {round((x * 55 + 7) / 24, 1) for x in columns} == {1.0, 2.0}
    assert len(page.all("#axis .midnight")) == 2

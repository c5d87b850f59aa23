"""Conversations in a real browser: on the map, and in their tab; the labels of days at the slider."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest

from pages import conversations
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BEN, CLEO, SmallWorld
from web_town import STEPS, TALK, TALKING, add_conversation, crowd, simulated, write_step

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")

from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
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


# On the map


@pytest.fixture
def written(page: Page) -> Iterator[Callable[[], dict[str, dict[str, float]]]]:
    """The texts on the map, for pages opened from now on: {text: its box on the screen}."""
    hook = """
        window.written = {};
        const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          const half = this.measureText(text).width / 2;
          const { left, top } = this.canvas.getBoundingClientRect();
          const box = { left: left + x - half, right: left + x + half, top: top + y - 6, bottom: top + y + 6 };
          if (this.canvas.id === "map") window.written[text] = box;
          fillText.call(this, text, x, y);
        };
        CanvasRenderingContext2D.prototype.clearRect = function (...box) {
          if (this.canvas.id === "map") window.written = {};
          clearRect.apply(this, box);
        };
    """
    script = page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": hook})
    yield lambda: page.driver.execute_script("return window.written")
    page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def bubbles(page: Page) -> list[str]:
    """The lines shown on the map."""
    return [bubble.text for bubble in page.all("#said button:not(.small)")]


def boxes(page: Page) -> list[dict[str, Any]]:
    script = "return [...document.querySelectorAll('#said button')].filter((each) => !each.hidden)"
    return page.driver.execute_script(script + ".map((each) => each.getBoundingClientRect().toJSON())")


def is_hiding(a: dict[str, float], b: dict[str, float]) -> bool:
    return a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]


def assert_over(page: Page, name: dict[str, float]) -> None:
    """The only bubble is above the person with this name."""
    (bubble,) = boxes(page)
    assert bubble["left"] < (name["left"] + name["right"]) / 2 < bubble["right"]
    assert 0 < name["top"] - bubble["bottom"] < 120


def test_lines_appear_next_to_their_speakers_one_after_the_other(page: Page, town: Simulation, written):
    page.replay(TALKING[0])
    page.assert_soon(lambda: bubbles(page) == [TALK[0][1]])
    assert_over(page, written()[ADA.name])
    page.keep_screenshot("two_talk")
    page.slide_to(TALKING[-1])
    page.assert_soon(lambda: bubbles(page) == [TALK[1][1]])
    assert_over(page, written()[CLEO.name])
    page.slide_to(TALKING[-1] + 1)
    page.assert_soon(lambda: bubbles(page) == [])


def test_clicking_a_line_opens_its_conversation(page: Page, town: Simulation):
    add_conversation(town, [1, 2], SCRIPT)
    page.replay(TALKING[0])
    page.one("#said button").click()
    page.assert_soon(lambda: said_now(page) == [line(0)])
    assert page.one("#tab-talks").is_displayed()
    page.slide_to(1)
    page.assert_soon(lambda: bubbles(page) == [SCRIPT[0][1]])
    assert page.all("#said script, #said b") == []


@pytest.mark.parametrize("zooms", [0, 2])
def test_in_a_crowd_no_bubble_covers_a_name_or_another_bubble_and_the_rest_become_markers(
    page: Page, town: Simulation, written, zooms: int
):
    names = crowd(town, STEPS)
    page.replay(STEPS)
    for _ in range(zooms):
        page.one("#zoom-in").click()
    assert len(page.assert_soon(lambda: page.all("#said button"))) == len(names) / 2
    page.keep_screenshot(f"twenty_talk_{zooms}")
    shown, tags = boxes(page), [box for text, box in written().items() if text in names]
    assert len(tags) == len(names)
    assert [pair for pair in combinations(shown, 2) if is_hiding(*pair)] == []
    assert [(bubble, tag) for bubble in shown for tag in tags if is_hiding(bubble, tag)] == []
    assert page.all("#said .small")
    assert len(shown) == len(names) / 2
    assert bubbles(page)


def test_a_marker_shows_its_line_on_hover_and_focus(page: Page, town: Simulation):
    crowd(town, STEPS)
    page.replay(STEPS)
    marker = page.one("#said .small:not([hidden])")
    assert not marker.find_element("css selector", "bdi").is_displayed()
    ActionChains(page.driver).move_to_element(marker).perform()
    assert marker.text.startswith("Have you seen the plums?")
    assert marker.rect["height"] > 40
    page.keep_screenshot("twenty_talk_hover")
    ActionChains(page.driver).move_to_element(page.one("#play")).perform()
    assert not marker.find_element("css selector", "bdi").is_displayed()
    page.driver.execute_script("arguments[0].focus()", marker)
    assert marker.text.startswith("Have you seen the plums?")


def test_on_a_phone_a_marker_opens_when_touched(phone: Page, town: Simulation):
    crowd(town, STEPS)
    phone.replay(STEPS)
    marker = phone.one("#said .small:not([hidden])")
    marker.click()
    phone.assert_soon(lambda: phone.all("#talks .lines p"))
    assert marker.text.startswith("Have you seen the plums?")
    box, width = marker.rect, phone.driver.execute_script("return document.documentElement.scrollWidth")
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width == 390
    assert phone.one("#map").rect["y"] <= box["y"]
    phone.keep_screenshot("twenty_talk_phone")


def test_a_thinking_persona_has_a_cloud_and_an_unfinished_conversation_shows_its_latest_line(
    page: Page, town: Simulation, storage: Storage, written
):
    opened = storage.open("town")
    said = {"state": "thinking", "text": "Ada Finch is thinking", "since": time.time(), "opened": 1.0, "step": STEPS}
    opened.front_end.write_status({**said, "people": [ADA.name], "lines": {CLEO.name: "Behind the <b>bench</b>?"}})
    page.open("/live/town")
    page.assert_soon(lambda: "…" in written() and bubbles(page) == ["Behind the <b>bench</b>?"])
    assert abs(written()["…"]["left"] - written()[ADA.name]["left"]) < 80
    page.keep_screenshot("thinking")
    page.slide_to(3)
    page.assert_soon(lambda: "…" not in written() and bubbles(page) == [])
    opened.close()


def test_the_map_is_dark_at_night_and_names_stay_bright(page: Page, town: Simulation):
    script = """
        const canvas = document.getElementById("map");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let [sum, pixels, brightest] = [0, 0, 0];
        for (let at = 0; at < data.length; at += 4) {
          const light = data[at] + data[at + 1] + data[at + 2];
          if (data[at + 3] < 255) continue; // outside the map
          [sum, pixels] = [sum + light, pixels + 1];
          brightest = Math.max(brightest, light);
        }
        return [sum / pixels, brightest];
    """
    seen = {}
    for hour in (2, 12):
        town.keep_meta(curr_time=f"May 06, 2024, {hour:02}:00:00")
        page.replay(0)
        page.assert_soon(lambda: page.has_loaded("/map/small_world/"))
        time.sleep(0.5)
        page.keep_screenshot(f"hour_{hour}")
        seen[hour] = page.driver.execute_script(script)
    assert seen[2][0] < 0.65 * seen[12][0]
    assert seen[2][1] > 700


# In the list


def test_a_chosen_conversation_is_shown_with_its_lines_and_on_the_map(page: Page, town: Simulation):
    talks(page)
    picture = "return document.getElementById('map').toDataURL()"
    before = page.driver.execute_script(picture)
    page.one("#talks button").click()
    page.assert_at_step(TALKING[0])
    assert [row.text for row in page.all("#talks .lines p")] == [line(0), line(1)]
    page.assert_soon(lambda: page.driver.execute_script(picture) != before)
    assert not page.one("#card").is_displayed()
    page.keep_screenshot("conversations")


def test_the_current_line_is_marked_in_the_list(page: Page, town: Simulation):
    talks(page)
    page.one("#talks button").click()
    page.assert_soon(lambda: said_now(page) == [line(0)])
    page.slide_to(TALKING[-1])
    page.assert_soon(lambda: said_now(page) == [line(1)])
    page.slide_to(TALKING[-1] + 1)
    page.assert_soon(lambda: said_now(page) == [])


def test_conversations_are_searched_by_words_person_and_place(page: Page, town: Simulation):
    add_conversation(town, [1, 2], SCRIPT)
    talks(page)
    both = [f"{BEN.name} and {CLEO.name}", f"{ADA.name} and {CLEO.name}"]
    assert listed(page) == both
    page.one("#talk-words").send_keys("plums BENCH")
    page.assert_soon(lambda: listed(page) == both[1:])
    assert page.text("#talk-count") == "1 of 2 conversations"
    page.one("#talk-words").send_keys(Keys.BACKSPACE * 20)
    page.one("#talk-person").send_keys(BEN.name)
    page.assert_soon(lambda: listed(page) == both[:1])
    page.one("#talk-words").send_keys("bench")
    page.assert_soon(lambda: listed(page) == [])
    assert page.text("#talk-count") == "0 of 2 conversations"
    page.one("#talk-words").send_keys(Keys.BACKSPACE * 20)
    page.one("#talk-person").send_keys("Everybody")
    page.one("#talk-place").send_keys("main room, Ben")
    page.assert_soon(lambda: listed(page) == both[:1])


def marks(page: Page, selector: str) -> list[str]:
    return [mark.text for mark in page.all(f"{selector} mark")]


def test_a_search_shows_the_line_that_was_found_and_opens_the_conversation_there(page: Page, town: Simulation):
    talks(page)
    assert page.text("#talks .snippet") == TALK[0][1]
    page.one("#talk-words").send_keys("BENCH")
    page.assert_soon(lambda: page.text("#talks .snippet") == TALK[1][1])
    assert marks(page, "#talks .snippet") == ["bench"]
    page.keep_screenshot("talks_found")
    page.one("#talks button").click()
    page.assert_soon(lambda: said_now(page) == [line(1)])
    assert marks(page, "#talks .lines") == ["bench"]
    page.one("#talk-words").send_keys(Keys.BACKSPACE * 5, "plums")
    page.assert_soon(lambda: marks(page, "#talks .lines") == ["plums"])
    page.one("#talk-words").send_keys(Keys.BACKSPACE * 5)
    page.assert_soon(lambda: marks(page, "#talks") == [])


def test_a_line_that_was_found_in_a_long_conversation_is_scrolled_into_view(phone: Page, town: Simulation):
    script = [*[(BEN.name, f"Number {number}. " * 9) for number in range(40)], (CLEO.name, "Here are the figs.")]
    add_conversation(town, [1, 2], script)
    talks(phone)
    phone.one("#talk-words").send_keys("figs")
    phone.assert_soon(lambda: marks(phone, "#talks .snippet") == ["figs"])
    phone.one("#talks button").click()
    phone.assert_soon(lambda: marks(phone, "#talks .lines") == ["figs"])
    box, panel = phone.one("#talks .lines mark").rect, phone.one("#tab-talks").rect
    assert panel["y"] <= box["y"] <= box["y"] + box["height"] <= panel["y"] + panel["height"]
    phone.keep_screenshot("talks_found_phone")


@pytest.mark.parametrize(
    ("words", "found"),
    [("<b>", ["<b>"]), (".", [".", "."]), ("(", ["("]), ("ALERT(' </b>", ["alert('", "</b>"])],
)
def test_searched_words_are_marked_as_they_are_and_never_as_markup(
    page: Page, town: Simulation, words: str, found: list[str]
):
    add_conversation(town, [1, 2], SCRIPT)
    talks(page)
    page.one("#talk-words").send_keys(words)
    page.assert_soon(lambda: marks(page, "#talks .snippet") == found)
    assert page.all("#talks script, #talks b") == []


def test_markup_in_a_line_is_shown_as_text(page: Page, town: Simulation):
    add_conversation(town, [1, 2], SCRIPT)
    talks(page)
    page.one("#talks button").click()
    assert page.text("#talks .lines p").endswith(SCRIPT[0][1])
    assert page.all("#talks script, #talks b") == []


def test_a_long_list_of_conversations_is_shown_in_parts(page: Page, town: Simulation, monkeypatch: pytest.MonkeyPatch):
    synthetic_town = [
        {"first": 5, "last": 8, "people": [ADA.name], "place": "", "lines": [[ADA.name, f"Number {number}."]]}
        for number in range(450)
    ]
    body = json.dumps({"last": STEPS - 1, "talks": synthetic_town, "events": []}).encode()
    monkeypatch.setattr(conversations, "recorded", lambda *_: body)
    talks(page)
    for shown in (200, 400, 450):
        page.assert_soon(lambda shown=shown: len(page.all("#talks > li")) == shown)
        if shown < 450:
            page.one("#more-talks").click()
    assert not page.one("#more-talks").is_displayed()


def test_the_list_grows_with_a_run_newest_first_and_open_conversations_stay_open(page: Page, world: SmallWorld):
    town = simulated(world, "town", 3)
    add_conversation(town, [1, 2], SCRIPT)
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
    assert labels[0] == "Mon, May 6, 12:00"
    assert {"18:00", "Tue, May 7"} <= set(labels)
    assert page.text("#axis .midnight") == "Tue, May 7"
    assert not page.one("#slider-time").is_displayed()
    page.one("#slider").send_keys(Keys.ARROW_RIGHT)
    page.assert_soon(lambda: page.text("#slider-time") == "Mon, May 6, 15:00")


def test_days_are_marked_above_the_slider(page: Page, town: Simulation):
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


# For everybody


def test_axe_finds_no_barriers_in_conversations(page: Page, town: Simulation, scheme: str):
    crowd(town, STEPS)
    talks(page, STEPS)
    page.one("#talk-words").send_keys("plums")
    page.one("#talks button").click()
    page.keep_screenshot(f"talks_{scheme}")
    assert page.barriers() == []


def test_the_tab_can_be_used_with_keys_alone(page: Page, town: Simulation):
    page.replay()
    page.one("[data-tab=people]").send_keys(Keys.ARROW_RIGHT)
    page.assert_soon(lambda: listed(page))
    page.driver.switch_to.active_element.send_keys(Keys.TAB, Keys.TAB)
    page.one("#talk-words").send_keys("plums", Keys.TAB, Keys.TAB, Keys.TAB)
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    page.assert_at_step(TALKING[0])
    assert page.one("#talks button").get_attribute("aria-expanded") == "true"

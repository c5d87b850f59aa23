"""The web pages in a real browser: their content and controls. Skipped without Chromium."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest

import small_world
from pages import interviews, pictures
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, PEOPLE, SmallWorld
from terminal import read
from web_town import STEPS, TALKING, ada_at, simulated, write_step

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")

from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

from browser import PATIENCE, Page, set_screen  # noqa: E402

pytestmark = pytest.mark.slow

# Live


def test_the_live_page_shows_everyone_even_after_a_refresh(page: Page, town: Simulation):
    page.open("/simulator_home")
    for _ in range(2):
        page.assert_standing(ADA.name, ada_at(STEPS - 1))
        page.assert_at_step(STEPS - 1)
        assert len(page.all("#people button")) == page.map_label().count(" at ") == len(PEOPLE)
        page.driver.refresh()
    page.assert_at_step(STEPS - 1)
    page.keep_screenshot("live")


def test_the_live_page_offers_a_speed_only_for_past_steps(page: Page, town: Simulation):
    page.open("/live/town").assert_at_step(STEPS - 1)
    assert not page.one("#speed").is_enabled()
    page.slide_to(3)
    page.assert_soon(lambda: page.one("#speed").is_enabled())
    page.one("#follow-live").click()
    page.assert_soon(lambda: not page.one("#speed").is_enabled())


def test_the_first_steps_of_a_fresh_simulation_are_shown(page: Page, world: SmallWorld):
    fresh = Storage(world.storage, world.temp).fork(small_world.BASE, "fresh")
    fresh.front_end.announce(fresh.meta["step"])
    page.open("/simulator_home")
    page.assert_standing(ADA.name, ADA.tile)
    for step in range(3):
        write_step(fresh, step)
    page.assert_standing(ADA.name, ada_at(2))
    fresh.close()


def test_the_page_of_a_simulation_saved_without_its_steps_is_not_reloaded_again_and_again(page: Page, town: Simulation):
    shutil.rmtree(town.path / "movement")
    page.open("/simulator_home")
    asked = "return performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/status/')).length"
    page.assert_soon(lambda: page.driver.execute_script(asked) >= 3)


def test_the_live_page_switches_to_a_newly_opened_simulation(page: Page, town: Simulation, world: SmallWorld):
    page.open("/simulator_home").assert_at_step(STEPS - 1)
    simulated(world, "other", 5)
    page.assert_soon(lambda: page.driver.title.startswith("other"))
    page.assert_at_step(4)


def test_the_live_page_shows_the_first_simulation_as_soon_as_it_exists(page: Page, world: SmallWorld):
    page.open("/simulator_home")
    assert "Nothing is running" in page.text("h1")
    simulated(world, "town")
    page.assert_at_step(STEPS - 1)


def test_two_pages_each_follow_their_own_simulation(page: Page, town: Simulation, world: SmallWorld):
    page.open("/live/town").assert_at_step(STEPS - 1)
    page.driver.execute_script("window.isTheSamePage = true")
    simulated(world, "other", 5)
    write_step(town, STEPS)
    page.assert_at_step(STEPS)
    assert page.driver.execute_script("return window.isTheSamePage")
    page.open("/live/other").assert_at_step(4)


def write_status(
    simulation: Simulation, state: str, text: str, seconds_ago: float = 0.0, end: int | None = None
) -> None:
    """Writes the status of a run."""
    said = {"state": state, "text": text, "since": time.time() - seconds_ago, "opened": 1_700_000_000.0}
    simulation.front_end.write_status(
        {**said, "step": STEPS, "end": end, "go_on": "/home/ada/reverie.py --resume town --run 7"}
    )


def test_the_page_shows_the_state_of_the_run_and_its_duration(page: Page, town: Simulation, storage: Storage):
    opened = storage.open("town")
    write_status(opened, "thinking", "Ada Finch is thinking (day plan)", seconds_ago=42)
    page.open("/live/town")
    page.assert_soon(lambda: page.one_line(".run").startswith("Ada Finch is thinking (day plan) 4"))
    write_status(opened, "pausing", "Waiting until 20:00:00: the provider limits the rate", seconds_ago=600)
    page.assert_soon(lambda: page.one_line(".run") == "Waiting until 20:00:00: the provider limits the rate 10 min")
    write_status(opened, "saved", f"Saved after {STEPS} steps", seconds_ago=7200)
    page.assert_soon(
        lambda: (
            page.one_line(".run") == f"Saved after {STEPS} steps. To continue, type “run 360” in the terminal 2 h ago"
        )
    )
    assert not page.one("#ended").is_displayed()
    opened.close()


def test_room_for_the_state_of_the_run_is_reserved_from_the_start(page: Page, town: Simulation, storage: Storage):
    opened = storage.open("town")
    write_status(opened, "thinking", "")
    page.open("/live/town")
    places = [page.one("#map").rect]
    for words in ("Running", "The provider limits the rate. " * 20):
        write_status(opened, "running", words)
        page.assert_soon(lambda words=words: page.text("#message") == words.strip())
        places.append(page.one("#map").rect)
    opened.close()
    page.assert_soon(lambda: page.one("#ended").is_displayed())
    assert [page.one("#map").rect, *places] == places[:1] * 4


def test_a_finished_run_offers_the_replay_and_the_command_to_continue(page: Page, town: Simulation, storage: Storage):
    opened = storage.open("town")
    write_status(opened, "running", "Running")
    page.open("/live/town")
    page.assert_soon(lambda: page.text("#message") == "Running")
    write_status(opened, "stopped", "Stopped after 12 steps: the key was refused (401). Check it")
    opened.close()
    page.assert_soon(lambda: page.text("#ended-text").endswith("the key was refused (401). Check it."))
    assert page.text("#ended-command") == "/home/ada/reverie.py --resume town --run 7"
    page.keep_screenshot("ended")
    page.one("#ended-close").click()
    assert not page.one("#ended").is_displayed()
    page.driver.refresh()
    page.assert_soon(lambda: page.one("#ended-replay").is_displayed())
    page.one("#ended-replay").click()
    page.assert_at_step(0)
    assert page.driver.current_url.endswith("/replay/town/0/")


def test_during_a_run_the_page_shows_its_last_step(page: Page, town: Simulation, storage: Storage):
    opened = storage.open("town")
    write_status(opened, "running", "Running", end=8640)
    page.open("/live/town")
    page.assert_soon(lambda: page.text("#step") == f"step {STEPS - 1} of 8639")
    write_status(opened, "saved", f"Saved after {STEPS} steps")
    page.assert_soon(lambda: page.text("#step") == f"step {STEPS - 1} of {STEPS - 1}")
    opened.close()


@pytest.fixture
def connect(page: Page) -> Iterator[Callable[..., None]]:
    """Takes the server away from the page, and brings it back."""

    def connect(*, is_offline: bool) -> None:
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": is_offline, **speed})

    yield connect
    connect(is_offline=False)
    page.driver.get_log("browser")  # has the failed requests


def test_a_page_says_that_its_server_is_gone_and_continues_when_it_is_back(page: Page, town: Simulation, connect):
    page.open("/live/town")
    page.assert_soon(lambda: page.one("#ended-replay").is_displayed())
    assert not page.one("#serve-command").is_displayed()
    connect(is_offline=True)
    page.assert_soon(lambda: page.text("#ended-title") == "The pages have closed")
    assert not page.one("#ended-replay").is_displayed()
    assert page.text("#serve-command").endswith(f"manage.py serve --port {page.address.rpartition(':')[2]}")
    page.keep_screenshot("closed")
    connect(is_offline=False)
    page.assert_soon(lambda: page.text("#ended-title") == "Nothing is running")
    assert page.one("#ended-replay").is_displayed()
    assert not page.one("#serve-command").is_displayed()


def test_the_command_to_continue_stays_on_the_page_when_the_program_has_ended(
    page: Page, town: Simulation, storage: Storage, connect
):
    opened = storage.open("town")
    write_status(opened, "stopped", f"Stopped after {STEPS} steps")
    page.open("/live/town")
    page.assert_soon(lambda: page.text("#message").startswith("Stopped after"))
    opened.close()
    connect(is_offline=True)
    page.assert_soon(lambda: page.text("#ended-title") == "The pages have closed")
    assert page.text("#ended-command") == "/home/ada/reverie.py --resume town --run 7"
    page.one('[data-copies="serve-command"]').click()
    page.assert_soon(lambda: page.text('[data-copies="serve-command"]') == "Copied")
    assert page.text('[data-copies="ended-command"]') == "Copy"


def test_a_command_is_broken_only_at_its_blanks(phone: Page, town: Simulation, connect):
    phone.open("/live/town")
    phone.assert_soon(lambda: phone.one("#ended-replay").is_displayed())
    connect(is_offline=True)
    phone.assert_soon(lambda: phone.text("#ended-title") == "The pages have closed")
    phone.keep_screenshot("closed_phone")
    words = "return [...document.querySelectorAll('#ended code span')].map((word) => word."
    assert set(phone.driver.execute_script(words + "getClientRects().length)")) == {1}
    assert len(set(phone.driver.execute_script(words + "offsetTop)"))) > 2
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") == 390


def test_a_killed_run_is_shown_as_ended(page: Page, town: Simulation, storage: Storage):
    write_status(town, "thinking", "Ada Finch is thinking")
    page.open("/live/town")
    page.assert_soon(lambda: page.one_line(".run") == "The run has ended unexpectedly; --resume continues it")
    page.assert_soon(lambda: page.text("#ended-command").endswith("--resume town --run 7"))


def test_a_deleted_simulation_is_shown_as_gone(page: Page, town: Simulation, storage: Storage):
    page.open("/live/town").assert_at_step(STEPS - 1)
    storage.remove("town")
    page.assert_soon(lambda: "no longer exists" in page.text("#message"))
    assert not page.one("#ended").is_displayed()


def test_people_move_when_the_simulation_runs_as_soon_as_a_step_is_complete(page: Page, town: Simulation):
    page.open("/simulator_home").assert_at_step(STEPS - 1)
    file = town.path / "movement" / f"{STEPS}.json"
    file.write_text('{"persona": {"Ada', encoding="utf-8")
    page.assert_soon(lambda: page.has_loaded(f"/steps/town/{STEPS}/"))
    page.assert_at_step(STEPS - 1)
    for step in range(STEPS, STEPS + 3):
        write_step(town, step)
    page.assert_standing(ADA.name, ada_at(STEPS + 2))


# Replay


def test_the_slider_moves_to_any_step(page: Page, town: Simulation):
    page.replay()
    page.slide_to(7)
    page.assert_standing(ADA.name, ada_at(7))
    assert page.text("#time") == "Monday, May 6, 07:01:10"
    page.assert_soon(lambda: page.driver.current_url.endswith("/replay/town/7/"))


def test_arrow_keys_move_one_step_back_or_forward(page: Page, town: Simulation):
    page.replay(4)
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    page.assert_at_step(6)
    page.press(Keys.ARROW_LEFT)
    page.assert_at_step(5)
    page.press(Keys.END)
    page.assert_at_step(STEPS - 1)


def test_playback_stops_at_the_end(page: Page, town: Simulation):
    page.replay()
    page.one("#play").click()
    page.assert_at_step(STEPS - 1)
    page.assert_soon(lambda: page.one("#play").get_attribute("aria-label") == "Play")


def test_the_slider_has_marks_at_conversations(page: Page, town: Simulation):
    page.replay()
    script = (
        "const canvas = document.getElementById('marks');"
        "const drawn = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "const isMarked = (x) => drawn.data[(6 * drawn.width + x) * 4 + 3] > 200;"
        "return [...Array(drawn.width).keys()].filter(isMarked).map((x) => x / drawn.width);"
    )
    page.assert_soon(lambda: page.all("#talks li"))
    columns = page.driver.execute_script(script)
    assert columns
    assert [round(x * (STEPS - 1)) for x in columns] == [TALKING[0]] * len(columns)


def test_a_demo_plays_by_itself(page: Page, town: Simulation):
    page.open("/demo/town/0/6/")
    page.one("form button").click()
    page.assert_at_step(STEPS - 1)


# The card


def test_clicking_a_name_opens_the_card_and_moves_the_camera_there(page: Page, town: Simulation):
    page.replay(3)
    picture = "return document.getElementById('map').toDataURL()"
    before = page.driver.execute_script(picture)
    page.one("#people button").click()
    assert "taking a walk" in page.text("#card")
    page.assert_soon(lambda: page.driver.execute_script(picture) != before)


def test_the_card_shows_memories_and_links_to_the_full_state(page: Page, town: Simulation):
    page.replay(3)
    page.card("Memories")
    page.assert_soon(lambda: "needs cardamom" in page.text("#card"))
    page.one("#card a.state").click()
    page.assert_soon(lambda: "Ada Finch at step 3" in page.driver.title)


def test_after_a_jump_the_card_shows_the_memories_of_that_step(page: Page, world: SmallWorld):
    simulated(world, "long", 50)
    page.replay(sim="long")
    page.card("Memories")
    page.assert_soon(lambda: page.has_loaded("/card/long/0/Ada_Finch/"))
    page.slide_to(40)
    page.assert_soon(lambda: "needs cardamom" in page.text("#card"))
    page.slide_to(0)
    page.assert_soon(lambda: "No memories" in page.text("#card"))


def test_in_a_replay_interviews_are_as_of_the_step_shown(page: Page, town: Simulation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(interviews.OFFLINE_VARIABLE, "1")
    page.replay(3)
    page.card("Interview")
    assert "Asked as of Monday, May 6, 07:00:30." in page.text(".interview")
    page.slide_to(4)
    page.assert_soon(lambda: "Asked as of Monday, May 6, 07:00:40." in page.text(".interview"))
    page.one(".interview textarea").send_keys("What are you looking for?", Keys.ENTER)
    page.assert_soon(lambda: len(page.all(".interview .lines p")) == 2)
    page.assert_soon(lambda: "Answered as of Monday, May 6, 07:00:40." in page.text(".interview"))
    assert page.all(".interview .lines p")[1].text.startswith(ADA.name)
    assert read(town.path / "reverie" / "llm_usage.json")["total"]["requests"] > 0
    page.keep_screenshot("interview")


def test_on_the_live_page_interviews_are_as_of_the_last_save(
    page: Page, town: Simulation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(interviews.OFFLINE_VARIABLE, "1")
    page.open("/live/town").card("Interview")
    assert "Asked as last saved." in page.text(".interview")
    page.one(".interview textarea").send_keys("What are you looking for?", Keys.ENTER)
    page.assert_soon(lambda: f"As saved after {STEPS} steps." in page.text(".interview"))


def spend(town: Simulation) -> None:
    """A record of the cost of two hours, with fallbacks; a name in it looks like markup."""

    def used(requests: int, tokens: int, cost: str) -> dict[str, object]:
        return {"requests": requests, "input_tokens": tokens, "cost_usd": cost}

    town.write_usage(
        {
            "total": used(6, 4_200, "0.0351"),
            "by_purpose": {"day plan": used(2, 3_000, "0.03"), "<b>talk</b>": used(4, 1_200, "0.0051")},
            "by_persona": {ADA.name: used(6, 4_200, "0.0351")},
            "by_hour": {
                "2024-05-06 07": used(2, 3_000, "0.03"),
                "2024-05-06 09": used(4, 1_200, "0.0051"),
                "-": used(1, 7, "0"),
            },
            "questions": {"day plan": 3},
            "fallbacks": {"day plan": 2},
            "fallback_reasons": {"day plan": {"cut off": 2}},
        }
    )


@pytest.mark.parametrize("path", ["/live/town", "/replay/town/0/"])
def test_the_cost_is_shown_by_purpose_person_and_hour_with_fallbacks_and_why(page: Page, town: Simulation, path: str):
    spend(town)
    page.open(path).one("[data-tab=usage]").click()
    page.assert_soon(lambda: len(page.all(".cost table")) == 4)
    rows = [" ".join(row.text.split()) for row in page.all(".cost tbody tr")]
    assert rows == [
        "May 6, 07:00 2 3,000 $0.0300",
        "May 6, 09:00 4 1,200 $0.0051",
        "outside steps 1 7 $0.0000",
        "day plan 2 3,000 $0.0300",
        "<b>talk</b> 4 1,200 $0.0051",
        "Ada Finch 6 4,200 $0.0351",
        "day plan 2 of 3 2 cut off",
    ]
    heights = [round(float(bar.get_attribute("height") or 0), 2) for bar in page.all(".cost rect")]
    places = [float(bar.get_attribute("x") or 0) for bar in page.all(".cost rect")]
    assert (heights, places) == ([1.0, 0.17], [0.08, 2.08])
    assert "Highest: $0.0300 in a game hour" in page.text(".cost")
    page.keep_screenshot("cost")


def test_the_cost_shown_grows_with_the_run(page: Page, town: Simulation):
    page.open("/live/town").one("[data-tab=usage]").click()
    page.assert_soon(lambda: "None: every question got a usable answer." in page.text(".cost"))
    spend(town)
    page.assert_soon(lambda: "day plan 2 of 3 2 cut off" in page.one_line(".cost"))


def test_all_tabs_of_the_card_fit_in_a_row_and_open_scrolled_to_the_top(page: Page, town: Simulation):
    set_screen(page.driver, 1280, 440)
    page.replay(9)
    page.card()
    script = """
        const [body, tabs] = arguments;
        body.scrollTop = 9999;
        return [body.scrollTop, tabs.scrollWidth - tabs.clientWidth];
    """
    body, tabs = page.one("#card .body"), page.one("#card .tabs")
    for tab in page.all("[data-card]:not([data-card=Now], [data-card=Day])"):  # a day begins where it is now
        scrolled, too_wide = page.driver.execute_script(script, body, tabs)
        assert too_wide == 0
        tab.click()
        assert body.get_property("scrollTop") == 0
    assert scrolled > 0
    set_screen(page.driver, 1280, 800)


def test_escape_closes_the_card_and_returns_the_focus_to_the_name(page: Page, town: Simulation):
    page.replay(3)
    page.card()
    assert page.one("#card").is_displayed()
    page.press(Keys.ESCAPE)
    assert not page.one("#card").is_displayed()
    assert page.driver.switch_to.active_element == page.one("#people button")
    page.assert_soon(lambda: page.one("#people button").get_attribute("aria-pressed") == "false")


# Other screens and other senses


def test_on_a_phone_the_slider_the_time_and_the_card_can_be_used(phone: Page, town: Simulation):
    phone.replay(3)
    assert phone.one("#slider").rect["width"] > 300
    assert phone.text("#time") == "Monday, May 6, 07:00:30"
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") == 390
    phone.card("Memories")
    phone.assert_soon(lambda: "needs cardamom" in phone.text("#card"))
    assert phone.one("#card .body").rect["height"] > 150
    phone.keep_screenshot("phone")
    phone.one("#card .close").click()
    assert phone.one("#people").is_displayed()


def test_on_a_phone_the_header_has_the_name_the_time_and_steps_of_four_digits(phone: Page, town: Simulation):
    write_status(town, "saved", "Saved", end=8641)
    phone.open("/live/town")
    phone.assert_soon(lambda: phone.text("#step") == f"step {STEPS - 1} of 8640")
    phone.keep_screenshot("phone_header")
    for selector in (".now h1", ".now .badge", "#time", "#step"):
        shown, width = phone.one(selector), "return arguments[0].scrollWidth"
        assert shown.rect["width"] >= phone.driver.execute_script(width, shown) > 0
        assert shown.rect["x"] >= 0
        assert shown.rect["x"] + shown.rect["width"] <= 390


def test_on_a_phone_the_path_tester_has_buttons(phone: Page, town: Simulation):
    phone.open("/path_tester/")
    start = phone.assert_soon(lambda: phone.text("#tile"))
    phone.one("[data-move=ArrowDown]").click()
    phone.assert_soon(lambda: phone.text("#tile") != start)
    far = phone.one("[data-move=ArrowRight]")
    ActionChains(phone.driver).click_and_hold(far).perform()
    phone.assert_soon(lambda: int(phone.text("#walked")) > 4)
    ActionChains(phone.driver).release().perform()
    phone.keep_screenshot("phone_walk")
    assert phone.one("#map").rect["height"] > 250
    assert phone.one("#save").is_displayed()


def test_two_fingers_zoom_the_map(phone: Page, town: Simulation):
    phone.replay(3)
    picture = "return document.getElementById('map').toDataURL()"

    def still_picture() -> str | None:
        seen = phone.driver.execute_script(picture)
        time.sleep(0.3)
        return seen if seen == phone.driver.execute_script(picture) else None

    phone.assert_soon(lambda: phone.has_loaded(f"/map/{small_world.MAZE}/"))
    before = phone.assert_soon(still_picture)
    map_ = phone.one("#map").rect
    middle = (map_["x"] + map_["width"] / 2, map_["y"] + map_["height"] / 2)

    def touch(kind: str, *apart: int) -> None:
        points = [{"x": middle[0] + side * far, "y": middle[1], "id": side} for far in apart for side in (-1, 1)]
        phone.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 20)
    touch("touchMove", 60)
    touch("touchMove", 100)
    phone.assert_soon(lambda: phone.driver.execute_script(picture) != before)
    touch("touchMove", 20)
    touch("touchEnd")
    phone.assert_soon(lambda: phone.driver.execute_script(picture) == before)


def test_at_night_the_page_is_dark(page: Page, town: Simulation):
    def brightness(selector: str, kind: str) -> int:
        script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
        return sum(map(int, re.findall(r"\d+", page.driver.execute_script(script, selector, kind))[:3]))

    page.replay(3)
    page.use_scheme("dark")
    page.card("Memories")
    page.assert_soon(lambda: "needs cardamom" in page.text("#card"))
    for selector in ("html", ".panel", ".timeline", ".top", ".kind"):
        assert brightness(selector, "backgroundColor") < 300 < brightness(selector, "color")
    page.keep_screenshot("dark")
    page.use_scheme("light")
    assert brightness("html", "backgroundColor") > 600


def test_the_slider_and_the_tabs_work_with_screen_readers_and_keys(page: Page, town: Simulation):
    page.replay(7)
    page.assert_soon(lambda: page.one("#slider").get_attribute("aria-valuetext") == "Monday, May 6, 07:01:10, step 7")
    page.one("[data-tab=people]").send_keys(Keys.ARROW_RIGHT)
    assert page.one("[data-tab=talks]").get_attribute("aria-selected") == "true"
    assert page.one("#tab-talks").is_displayed()
    page.assert_at_step(7)


# State and path tester


def test_memories_are_filtered_while_typing(page: Page, town: Simulation):
    page.open("/replay_persona_state/town/11/Ada_Finch/")
    page.one("#q").send_keys("cardamom")
    page.assert_soon(lambda: page.text("#shown") == "1 shown")
    assert [row.is_displayed() for row in page.all(".memories > li")] == [False, True]


def test_a_walk_stops_at_a_wall_and_is_saved(page: Page, town: Simulation, world: SmallWorld):
    page.open("/path_tester/")
    page.assert_soon(lambda: page.text("#tile"))
    page.press(Keys.ARROW_RIGHT)
    page.assert_soon(lambda: page.text("#walked") == "2")
    assert small_world.PLAN[0] == "#" * len(small_world.PLAN[0])
    page.press(Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_DOWN)
    page.assert_soon(lambda: page.text("#tile").endswith(", 2)"))
    page.one("#save").click()
    page.assert_soon(lambda: "places are in" in page.text("#message"))
    assert (world.temp / "path_tester_spatial_memory.json").is_file()


def test_a_town_can_be_used_while_its_map_is_drawn_and_says_so(page: Page, town: Simulation, monkeypatch):
    let_go = threading.Event()
    draw = pictures._draw
    monkeypatch.setattr(pictures, "_draw", lambda *given: (let_go.wait(PATIENCE), draw(*given)))
    page.replay(3)
    page.assert_soon(lambda: page.text("#drawing").startswith("The map is being drawn."))
    page.keep_screenshot("being_drawn")
    page.press(Keys.ARROW_RIGHT)
    page.assert_at_step(4)
    let_go.set()
    page.assert_soon(lambda: page.text("#drawing") == "")


# For everybody


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/live/town",
        "/replay/town/2/",
        "/replay_persona_state/town/2/Ada_Finch/",
        "/path_tester/",
        "/report/town/new/",
        "/replay/none/0/",
    ],
)
def test_axe_finds_no_barriers(page: Page, town: Simulation, path: str, scheme: str):
    spend(town)
    page.open(path)
    if page.all("#people button"):
        page.card()
    found = page.barriers()
    if page.all("[data-tab=usage]"):
        page.one("[data-tab=usage]").click()
        page.assert_soon(lambda: page.all(".cost table"))
        found += page.barriers()
    page.driver.get_log("browser")  # a page that is not there is logged
    assert found == []

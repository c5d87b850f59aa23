"""Why? in a real browser: for the action and for each line of a conversation, by mouse, keyboard and on a phone."""

from __future__ import annotations

import pytest

from explained import PLAN, WALK, act, asked, record, said
from saves.game_time import TIME_FORMAT, time_at
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import CLEO
from web_town import STEPS, TALK, TALKING, write_step

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")

from selenium.webdriver.common.keys import Keys  # noqa: E402

from browser import Page  # noqa: E402

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert(1)</script>"
MEMORIES = [["node_2"], ["node_1", 0.5, 0.25, 0.875, 3.4]]


@pytest.fixture
def explained(town: Simulation) -> Simulation:
    """A town with explanations of Ada's walk and of her conversation with Cleo."""
    place = f"Name: Ada Finch\n\nTask: Ada Finch is about to do this: {WALK}\n{SCRIPT}"
    record(
        town,
        asked("day plan", PLAN),
        asked("action", '{"place": "Linden Park: garden", "emoji": "🚶"}', prompt=place, memories=MEMORIES),
        said(0, prompt="What does Ada Finch say?", memories=MEMORIES),
        said(1, prompt="What does Cleo Dunn say?", fallback="wrong form"),
    )
    return town


def whys(page: Page) -> str:
    """The text below Why?, once it is there."""
    page.assert_soon(lambda: "Looking" not in page.text(".why"))
    return page.one_line(".why")


def test_the_card_explains_the_action_shown(page: Page, explained: Simulation):
    page.replay(3)
    page.card("Why?")
    page.assert_soon(lambda: f"“{WALK}”" in page.text(".why"))
    shown = whys(page)
    assert "Action Ada Finch, " in shown
    assert "Linden Park: garden" in shown
    assert "700 tokens in, 20 out, $0.0001" in shown
    assert "Day plan" in shown
    page.keep_screenshot("why_action")


def test_memories_are_listed_with_their_scores_highest_first(page: Page, explained: Simulation):
    page.replay(3)
    page.card("Why?")
    page.assert_soon(lambda: len(page.all(".why li")) == 2)
    first, second = (" ".join(row.text.split()) for row in page.all(".why li"))
    assert "needs cardamom score 3.40: relevance 0.88, importance 0.25, recency 0.50" in first
    assert "conversing about plums found by shared words, without a score" in second


def test_a_prompt_is_shown_verbatim_and_never_as_markup(page: Page, explained: Simulation):
    page.replay(3)
    page.card("Why?")
    page.one(".why summary").click()
    page.assert_soon(lambda: SCRIPT in page.text(".why"))
    assert page.all(".why script") == []


def test_an_answer_in_json_is_shown_with_its_parts_on_lines_of_their_own(page: Page, town: Simulation):
    answer = f'{{"place": "{SCRIPT}", "emoji": ["🚶"]}}'
    record(town, asked("action", answer, prompt=f"Task: {WALK}"), asked("day plan", "Not {json"))
    page.replay(3)
    page.card("Why?")
    page.assert_soon(lambda: page.text(".why pre") == f'{{\n  "place": "{SCRIPT}",\n  "emoji": [\n    "🚶"\n  ]\n}}')
    assert "Not {json" in whys(page)
    page.keep_screenshot("why_json")


def test_the_keyboard_opens_the_explanation_of_a_line(page: Page, explained: Simulation):
    page.replay(TALKING[-1])
    page.card()
    page.assert_soon(lambda: len(page.all(".why-line")) == 2)
    page.all(".why-line")[1].send_keys(Keys.ENTER)
    page.assert_soon(lambda: f"“{TALK[1][1]}”" in page.text(".why"))
    assert f"Utterance {CLEO.name}" in whys(page)
    assert "a fail-safe" in whys(page)
    assert page.driver.switch_to.active_element == page.one('[data-card="Why?"]')
    page.keep_screenshot("why_line")
    page.one(".why button").click()
    page.assert_soon(lambda: f"“{WALK}”" in page.text(".why"))


def test_after_a_conversation_the_action_is_explained(page: Page, explained: Simulation):
    page.replay(TALKING[-1])
    page.card()
    page.one(".why-line").click()
    page.assert_soon(lambda: f"“{TALK[0][1]}”" in page.text(".why"))
    page.slide_to(STEPS - 1)
    page.assert_soon(lambda: f"“{WALK}”" in page.text(".why"))


def test_the_card_says_when_nothing_was_recorded(page: Page, town: Simulation):
    page.replay(3)
    page.card("Why?")
    page.assert_soon(lambda: "--no-explain" in page.text(".why"))


def test_the_live_page_shows_an_explanation_once_a_checkpoint_has_saved_it(
    page: Page, explained: Simulation, storage: Storage
):
    def run_to(step: int) -> None:
        for number in range(max(Recording(opened.path).steps()) + 1, step):
            write_step(opened, number)
            act(opened, number, "running @ somewhere")

    opened = storage.open("town")
    page.open("/live/town").card("Why?")
    page.assert_soon(lambda: f"“{WALK}”" in page.text(".why"))
    run_to(STEPS + 10)
    page.assert_soon(lambda: "“running”" in page.text(".why") and "once a checkpoint" in page.text(".why"))
    meta = {**opened.meta, "step": STEPS + 10, "curr_time": time_at(opened.meta, STEPS + 10).strftime(TIME_FORMAT)}
    people = {name: opened.read_persona(name) for name in meta["persona_names"]}
    opened.checkpoint(meta, people, [asked("action", "{}", STEPS, prompt="Task: running")])
    run_to(STEPS + 50)
    page.assert_soon(lambda: "“running” Action Ada Finch" in page.one_line(".why"))
    opened.close()


def test_on_a_phone_nothing_is_cut_off(phone: Page, explained: Simulation):
    phone.replay(3)
    phone.card("Why?")
    phone.assert_soon(lambda: len(phone.all(".why li")) == 2)
    phone.one(".why summary").click()
    widths = "return [...document.querySelectorAll('.why, .why *')].map((part) => part.scrollWidth)"
    assert max(phone.driver.execute_script(widths)) <= 390
    assert phone.one("#card").rect["height"] > 1.5 * phone.one("#map").rect["height"]
    assert all(tab.rect["x"] + tab.rect["width"] < 391 for tab in phone.all("[data-card]"))  # widths are rounded up
    phone.keep_screenshot("why_phone")


def test_axe_finds_no_barriers(page: Page, explained: Simulation, scheme: str):
    page.replay(3)
    page.card("Why?")
    page.assert_soon(lambda: len(page.all(".why li")) == 2)
    page.keep_screenshot(f"why_{scheme}")
    assert page.barriers() == []

"""Whispering in a real browser, and the card until a run takes the whisper in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import offline_llm
import reverie
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from saves import events
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BEN, CLEO

selenium = pytest.importorskip("selenium", reason="needs selenium, from tests/requirements.txt")


from browser import Page  # noqa: E402

pytestmark = pytest.mark.slow

HEARD = "You <b>like</b> plums"
WAITS = f"Whispered; will become a thought before the next step of a run: “{HEARD}”"


@pytest.fixture
def run(town: Simulation, storage: Storage) -> Iterator[reverie.ReverieServer]:
    """The town, opened by a process that can run it with the mock model."""
    mock_model = offline_llm.start()
    llm_config.init_llm_api(offline_base=mock_model.base_url)
    server = reverie.ReverieServer(storage.open("town"), Client(), forked=False)
    yield server
    server.close()
    mock_model.stop()


def whisper(page: Page, text: str = HEARD) -> None:
    page.one(".interview textarea").send_keys(text)
    page.one(".interview button").click()


def test_a_whisper_is_shown_until_it_becomes_a_thought(page: Page, run: reverie.ReverieServer):
    page.open("/live/town").card("Whisper")
    whisper(page)
    page.assert_soon(lambda: page.text(".whispered") == WAITS)
    page.keep_screenshot("whisper")
    assert page.barriers() == []
    run.start_server(1)
    page.assert_soon(lambda: page.all(".whispered")[0].text == "")
    page.one("[data-card=Memories]").click()
    page.assert_soon(lambda: "plums" in page.text("#card .memory-list"))
    assert [event["persona"] for event in run.outside.record] == [ADA.name]


def test_a_whisper_to_everybody_is_shown_on_every_card_even_after_a_refresh(page: Page, town: Simulation):
    page.replay(3)
    page.card("Whisper")
    page.one(".interview input").click()
    whisper(page)
    page.assert_soon(lambda: "Whispered to everybody." in page.text(".interview"))
    page.replay(3)
    for row in page.all("#people button"):
        row.click()
        page.assert_soon(lambda: page.text(".whispered") == WAITS)
    assert set(events.waiting_texts(town.path, [ADA.name, BEN.name, CLEO.name])) == {ADA.name, BEN.name, CLEO.name}


def test_the_page_says_why_whispers_are_not_possible(page: Page, town: Simulation):
    page.replay(3)
    page.card("Whisper")
    whisper(page, " ; ")
    page.assert_soon(lambda: "Whisper something, in at most 2,000 characters." in page.text(".interview .error"))
    page.driver.get_log("browser")  # the answer that refuses it is logged


def test_a_whisper_to_a_deleted_simulation_says_so(page: Page, town: Simulation, storage: Storage):
    page.replay(3)
    page.card("Whisper")
    storage.remove("town")
    whisper(page)
    page.assert_soon(lambda: "There is no simulation “town”. It was deleted" in page.text(".interview .error"))
    page.driver.get_log("browser")  # the answer that refuses it is logged


def test_whispers_work_on_a_phone(phone: Page, town: Simulation):
    phone.replay(3)
    phone.card("Whisper")
    whisper(phone)
    phone.assert_soon(lambda: phone.text(".whispered") == WAITS)
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") == 390
    phone.keep_screenshot("whisper_phone")

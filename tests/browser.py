"""A real browser in tests: the page in their words. Needs selenium, Chromium and its driver.

page.replay(3)                       # the fixture `page`: a browser and a server of the small world
page.one("#people button").click()
page.assert_soon(lambda: "taking a walk" in page.text("#card"))

Screenshots are kept in the folder that TOWN_SCREENSHOTS names, else in one of the system's temporary folder.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_core_python.selenium import Axe  # type: ignore[import-untyped]
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from pages.management.commands.serve import listening
from web_town import HOST

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
PATIENCE = 20  # seconds; nothing takes as long, but a machine may be busy


class Page:
    """A page in the browser, with the operations of the tests."""

    def __init__(self, driver: WebDriver, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self, path: str) -> Page:
        self.driver.get(self.address + path)
        return self

    def replay(self, step: int = 0, sim: str = "town") -> None:
        """Opens the replay of a simulation and waits until it shows the step."""
        self.open(f"/replay/{sim}/{step}/").assert_at_step(step)

    def card(self, tab: str = "Now") -> None:
        """Opens the card of the first person."""
        self.one("#people button").click()
        self.one(f'[data-card="{tab}"]').click()

    def one(self, selector: str) -> WebElement:
        return self.assert_soon(lambda: self.all(selector))[0]

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.one(selector).text

    def one_line(self, selector: str) -> str:
        return " ".join(self.text(selector).split())

    def press(self, *keys: str) -> None:
        self.one("body").send_keys(*keys)

    def assert_soon(self, condition):
        """Waits until a condition holds; the elements it reads may be replaced while it does."""

        def holds(_: WebDriver):
            try:
                return condition()
            except WebDriverException as error:
                # The driver has a second error for elements replaced while they are read, without a class of its own.
                if isinstance(error, StaleElementReferenceException) or "does not belong to the document" in str(error):
                    return False
                raise

        return WebDriverWait(self.driver, PATIENCE, 0.05).until(holds)

    def map_label(self) -> str:
        return self.one("#map").get_attribute("aria-label") or ""

    def assert_standing(self, name: str, tile: tuple[int, int]) -> None:
        """Waits until the map shows a person on a tile."""
        self.assert_soon(lambda: f"{name} at {tile[0]}, {tile[1]}." in self.map_label())

    def assert_at_step(self, step: int) -> None:
        """Waits until a step is shown."""
        self.assert_soon(lambda: self.text("#step").startswith(f"step {step} of"))

    def slide_to(self, step: int) -> None:
        self.driver.execute_script(
            "const slider = document.getElementById('slider'); slider.value = arguments[0];"
            "slider.dispatchEvent(new Event('input'));",
            step,
        )

    def has_loaded(self, path: str) -> bool:
        """Whether the page has received a response from this address."""
        script = "return performance.getEntriesByName(arguments[0]).some((entry) => entry.responseEnd > 0)"
        return self.driver.execute_script(script, self.address + path)

    def use_scheme(self, scheme: str = "") -> None:
        """Shows pages in a color scheme, light or dark; by default in the browser's own."""
        features = [{"name": "prefers-color-scheme", "value": scheme}] if scheme else []
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def barriers(self) -> list[str]:
        """The accessibility rules that the page breaks, each with the element that breaks it."""
        found = Axe().run(self.driver)["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def keep_screenshot(self, name: str) -> None:
        folder = Path(os.environ.get("TOWN_SCREENSHOTS") or Path(tempfile.gettempdir(), "town_screenshots"))
        folder.mkdir(parents=True, exist_ok=True)
        assert self.driver.save_screenshot(str(folder / f"{name}.png"))


@contextmanager
def browser(profile: Path) -> Iterator[WebDriver]:
    """A Chromium without a window; skips the test where there is none."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs Chromium and its driver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", f"user-data-dir={profile}"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    set_screen(driver, 1280, 800)
    yield driver
    driver.quit()


def set_screen(driver: WebDriver, width: int, height: int, *, is_phone: bool = False) -> None:
    """Gives the page so many pixels, under a finger or a mouse."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": is_phone})


@contextmanager
def served(driver: WebDriver) -> Iterator[Page]:
    """The browser and a server; at the end nothing must have gone wrong in the page or asked elsewhere."""
    server = listening(0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    driver.get_log("browser")
    driver.get_log("performance")
    yield Page(driver, f"http://{HOST}:{server.server_port}")
    driver.get("about:blank")
    server.shutdown()
    server.server_close()
    logged = [entry["message"] for entry in driver.get_log("browser")]
    assert logged == [], logged
    assert hosts(driver) <= {HOST}


def hosts(driver: WebDriver) -> set[str | None]:
    """Whom the browser asked for anything since the last look."""
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    sent = (event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent")
    return {urlsplit(url).hostname for url in sent if url.startswith(("http", "ws"))}

"""For every test: no provider from the environment, no state of other tests, no network except this host."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
import responses
from hypothesis import settings

import doubles
import small_world
from maze import Maze
from persona.prompt_template import gpt_structure, llm_config, trace, usage_records
from saves.storage import Storage
from terminal import files

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

    from browser import Page
    from saves.simulation import Simulation

settings.register_profile("same-each-time", derandomize=True, database=None, deadline=None)
settings.register_profile("fewer", settings.get_profile("same-each-time"), max_examples=20)
settings.load_profile("same-each-time")

_PROVIDER_VARIABLES = ("OPENROUTER_", "OPENAI_", "LLM_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_OPENAI_STATE = {
    "api_key": None,
    "api_base": "https://api.openai.com/v1",
    "api_type": "open_ai",
    "api_version": None,
    "api_key_path": None,
    "organization": None,
    "proxy": None,
    "requestssession": None,
}


_MEMORY = Path("/dev/shm")  # a file system in memory, where there is one
_ROOM, _ROOM_FOR_ALL = 2**30, 2**33


def pytest_configure(config: pytest.Config) -> None:
    """Quick tests try fewer examples; the many small files of all tests are written to memory if there is room."""
    is_quick = config.option.markexpr == "not slow"
    if is_quick:
        settings.load_profile("fewer")
    room = _ROOM if is_quick else _ROOM_FOR_ALL
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > room:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.fixture(autouse=True)
def _neutral_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_PROVIDER_VARIABLES) or name.lower() in _PROXIES:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _fresh_model_state(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _OPENAI_STATE.items():
        monkeypatch.setattr(openai, name, value)
    vars(openai.api_requestor._thread_context).clear()
    trace.STEP.set(None)
    trace.HOUR.set(trace.OUTSIDE_STEPS)
    trace.CHAIN.set(0)
    fresh: dict[str, Any] = {
        "_api_type": None,
        "_custom_model": None,
        "_embedding_model": None,
        "_current_model": "gpt-4o-mini",
        "_key_source": "",
        "_embedding_server": {},
        "_openai_account": None,
        "_live_prices": {},
        "_keys_used": set(),
        "_usage_stats": dict.fromkeys(llm_config.get_usage_stats(), 0),
        "notes": [],
    }
    for name, kept in fresh.items():
        monkeypatch.setattr(llm_config, name, kept)
    monkeypatch.setattr(llm_config, "_fetch_prices", lambda url: {})
    monkeypatch.setattr(gpt_structure, "current", gpt_structure.Client())


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real_connect = socket.socket.connect

    def connect(this: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        assert host in ("127.0.0.1", "::1", "localhost"), f"a test wants to reach {host}"
        real_connect(this, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written without syncing: there is no power cut."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@contextmanager
def _unchanged(folder: Path, advice: str) -> Iterator[None]:
    """Fails if the files that tests share have changed at the end."""
    before = files(folder)
    yield
    assert files(folder) == before, advice


@pytest.fixture(scope="session")
def _shared_assets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    assets = tmp_path_factory.mktemp("shared") / "assets"
    small_world.write_maze(assets)
    with _unchanged(assets, "a test that changes the maze must be marked own_maze"):
        yield assets


@pytest.fixture
def world(
    tmp_path: Path, request: pytest.FixtureRequest, _shared_assets: Path, monkeypatch: pytest.MonkeyPatch
) -> small_world.SmallWorld:
    """The small world, set in utils.py; all tests share its maze, except those marked own_maze."""
    has_own = request.node.get_closest_marker("own_maze")
    built = small_world.build(tmp_path, assets=None if has_own else _shared_assets)
    small_world.use(monkeypatch, built)
    return built


@pytest.fixture
def maze(_shared_assets: Path) -> Maze:
    """The map of the small world."""
    return Maze(small_world.MAZE, _shared_assets)


@pytest.fixture
def storage(world: small_world.SmallWorld) -> Storage:
    """All simulations of the small world."""
    return Storage(world.storage, world.temp)


@pytest.fixture
def town(world: small_world.SmallWorld) -> Simulation:
    """A simulation of the small world that has run for some steps, as the pages show it."""
    from web_town import simulated  # sets up Django, which the other tests can do without

    return simulated(world, "town")


@pytest.fixture(scope="session")
def _shared_town(
    tmp_path_factory: pytest.TempPathFactory, _shared_assets: Path
) -> Iterator[tuple[small_world.SmallWorld, Simulation]]:
    from web_town import simulated

    shared = small_world.build(tmp_path_factory.mktemp("shared"), assets=_shared_assets)
    simulation = simulated(shared, "town")
    with _unchanged(shared.storage, "a test that changes the town must use the fixture town"):
        yield shared, simulation


@pytest.fixture
def seen_town(_shared_town: tuple[small_world.SmallWorld, Simulation], monkeypatch: pytest.MonkeyPatch) -> Simulation:
    """The same town, shared by tests that only read it."""
    shared, simulation = _shared_town
    small_world.use(monkeypatch, shared)
    return simulation


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    """A browser, for all tests of pages."""
    from browser import browser  # needs selenium, which the other tests can do without

    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def page(driver: WebDriver, world: small_world.SmallWorld) -> Iterator[Page]:
    """The browser and a server of the small world."""
    from browser import served

    with served(driver) as opened:
        yield opened


@pytest.fixture
def phone(page: Page) -> Iterator[Page]:
    """The same on the screen of a phone."""
    from browser import set_screen

    set_screen(page.driver, 390, 844, is_phone=True)
    yield page
    set_screen(page.driver, 1280, 800)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, page: Page) -> Iterator[str]:
    """The color scheme in which the page is shown."""
    page.use_scheme(request.param)
    yield request.param
    page.use_scheme()


@pytest.fixture
def key_in_utils(monkeypatch: pytest.MonkeyPatch):
    """Sets the `openai_api_key` in utils; None: a utils.py without it."""

    def put(key: str | None) -> None:
        utils = types.ModuleType("utils")
        if key is not None:
            vars(utils)["openai_api_key"] = key
        monkeypatch.setitem(sys.modules, "utils", utils)

    return put


@pytest.fixture
def client() -> gpt_structure.Client:
    """An unused client."""
    return gpt_structure.Client()


@pytest.fixture
def ledger(client: gpt_structure.Client) -> usage_records.Ledger:
    """The ledger of the client's usage."""
    made = usage_records.Ledger()
    client.ledgers.append(made)
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a client would have slept between tries, in place of sleeping."""
    slept: list[float] = []
    monkeypatch.setattr(gpt_structure.Client, "pause", lambda client, seconds: slept.append(seconds))
    return slept


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch):
    """Makes the chat return the answers of the test; returns the double, which keeps the requests."""

    def answer(*answers: object) -> doubles.Create:
        create = doubles.Create(*answers)
        monkeypatch.setattr(openai.ChatCompletion, "create", create)
        return create

    return answer


@pytest.fixture
def embedding(monkeypatch: pytest.MonkeyPatch):
    """As `chat`, for embeddings."""

    def answer(*answers: object) -> doubles.Create:
        create = doubles.Create(*answers)
        monkeypatch.setattr(openai.Embedding, "create", create)
        return create

    return answer


@pytest.fixture
def openrouter(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenRouter is the provider."""
    monkeypatch.setenv("OPENROUTER_API_KEY", doubles.KEY)


@pytest.fixture
def local_server(monkeypatch: pytest.MonkeyPatch) -> str:
    """The provider is a local server; returns its address."""
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:11434")
    return "http://127.0.0.1:11434"


@pytest.fixture
def wire(pauses: list[float]):
    """Every request gets the replies registered here, in order, all of which must be used; without pauses."""
    with responses.RequestsMock(registry=responses.registries.OrderedRegistry) as mock:
        yield mock


@pytest.fixture
def replies(wire: responses.RequestsMock):
    """Registers the replies to the next requests; `base`: their address."""

    def register(*given: dict[str, Any], path: str = "chat/completions", base: str = doubles.OPENROUTER) -> None:
        for reply in given:
            wire.post(f"{base}/{path}", **reply)

    return register


@pytest.fixture
def serve():
    """Starts a server with these replies, which becomes the provider."""
    servers: list[doubles.Server] = []

    def start(reply: Callable[..., Any] = doubles.reply_immediately) -> doubles.Server:
        servers.append(doubles.Server(reply))
        llm_config.init_llm_api(offline_base=servers[-1].base)
        return servers[-1]

    yield start
    for server in servers:
        server.close()

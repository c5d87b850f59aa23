"""Interviews of a persona, as last saved or as of a step, with the backend's client; they are not remembered.

Knows how a visitor asks and where the cost is recorded: in the usage of the simulation.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import offline_llm
from offline_llm import OfflineServer
from pages import live, lookup
from persona.as_of import persona_as_of
from persona.cognitive_modules import converse
from persona.memory_structures.embeddings import Embeddings
from persona.persona import Persona
from persona.prompt_template import budget, llm_config, usage_records
from persona.prompt_template.budget import Budget
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from saves import usage_inbox
from saves.json_files import IsBase
from saves.simulation import Simulation

INTERVIEWER = "Interviewer"
MOST_LINES = 60
LONGEST_LINE = 2000
OFFLINE_VARIABLE = "LLM_OFFLINE"
_TRIES = 3

_logger = logging.getLogger(__name__)
_clients: dict[str | None, Client] = {}  # by the budget they share
_remade: dict[tuple[str, str], tuple[str, Embeddings]] = {}


def answer(found: Simulation, name: str, lines: Sequence[converse.Line], step: int | None = None) -> str:
    """A persona's answer to the last of the lines (speaker, text), as of a step; None: as last saved.

    Raises:
        LLMError: the model cannot be used; the text says what to do.
        StorageError: it is a base; the persona's state cannot be read, or the usage cannot be written.
    """
    if found.is_base:
        raise IsBase(f"{found.name!r} is a base and has not been run. Fork it, and ask in the fork.")
    with _paid_by(found) as ledger:
        _choose_model()
        persona, checkpoint = _persona(found.name, name, step, _client().entering(ledger))
        with _remade_once(found.name, persona, checkpoint):
            return converse.interview(persona, lines)


def _persona(simulation: str, name: str, step: int | None, client: Client) -> tuple[Persona, str]:
    """A persona, and the time of its checkpoint; reads again if the checkpoint is replaced in the meantime."""
    for _ in range(_TRIES):
        before = lookup.simulation(simulation)
        client.models.load(before.read_models())
        model = Model(client, notify=_logger.info, language=before.meta.get("language") or "")
        persona = persona_as_of(before, name, before.meta["step"] if step is None else step, model)
        if lookup.simulation(simulation).meta == before.meta:
            break
    return persona, before.meta["curr_time"]


@contextmanager
def _remade_once(simulation: str, persona: Persona, checkpoint: str) -> Iterator[None]:
    """Keeps embeddings that had to be recomputed with another model, so that the next question need not pay again."""
    key, saved = (simulation, persona.name), persona.a_mem.embeddings
    known, kept = _remade.get(key, ("", saved))
    if known == checkpoint and kept.model == persona.model.embedding_model:
        persona.a_mem.embeddings = kept
    try:
        yield
    finally:
        if persona.a_mem.embeddings is not saved:
            _remade[key] = checkpoint, persona.a_mem.embeddings


@contextmanager
def _paid_by(found: Simulation) -> Iterator[usage_records.Ledger]:
    """Yields a ledger whose entries are added to the simulation's record, even without an answer."""
    ledger = usage_records.Ledger()
    try:
        yield ledger
    finally:
        if ledger.entries:
            usage_inbox.leave(found.path, ledger.to_json())
            _add_visits(found)


def _add_visits(found: Simulation) -> None:
    """Adds the visits to the record, unless another process has the simulation open and will do so."""
    with live.unopened(found.name) as is_ours:
        if is_ours:
            visits = usage_inbox.waiting(found.path)
            if visits:  # none if the simulation was deleted in the meantime
                found.write_usage(usage_inbox.with_visits(found.read_usage(), visits))
                usage_inbox.forget(visits)


def _client() -> Client:
    """The client of all interviews of this web server, which share the budget LLM_BUDGET_USD, if it is set."""
    setting = llm_config.variable(budget.VARIABLE)
    if setting in _clients:
        return _clients[setting]
    client = Client()
    if setting:
        try:
            Budget(budget.limit_of(setting), client).install()
        except ValueError as error:
            raise llm_config.FatalError(f"{budget.VARIABLE}: {error}") from error
    return _clients.setdefault(setting, client)  # the first one, if several threads created one


def _choose_model() -> None:
    """The provider selected by the environment, or the mock model. Raises LLMError if there is no key."""
    if not os.environ.get(OFFLINE_VARIABLE):
        llm_config.ensure_initialised()
    elif llm_config.current_provider().name != "offline":
        llm_config.init_llm_api(offline_base=_mock_model().base_url)


@cache
def _mock_model() -> OfflineServer:
    return offline_llm.start()

"""The model usage of a running simulation, written to its folder as it grows.

Knows when to write and which usage from the pages to add (`usage_inbox`); the client counts the usage.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from persona.prompt_template import usage_records
from persona.prompt_template.gpt_structure import Client
from saves import usage_inbox
from saves.json_files import DamagedSimulation
from saves.simulation import Simulation

USAGE_SECONDS = 1.0


class Usage:
    """The usage of one simulation, and what its process has learned about models.

    `ledger` counts everything that the simulation itself has ever used, `since_start` only this process.

    Raises:
        DamagedSimulation: its file cannot be read.
    """

    def __init__(self, simulation: Simulation, client: Client) -> None:
        try:
            self.ledger = usage_records.Ledger.from_json(simulation.read_usage())
        except ValueError as error:
            raise DamagedSimulation(f"{simulation.path}, llm_usage.json: {error}. Fix or remove it.") from error
        self.since_start = usage_records.Ledger()
        self._simulation, self._client = simulation, client
        client.ledgers[:] = [self.since_start, self.ledger]
        self._written = self.ledger.entries
        self._time = time.monotonic()
        self._lock = threading.Lock()
        self._visits: dict[str, Any] = {}
        self._models = simulation.read_models()
        client.models.load(self._models)

    def with_visits(self) -> usage_records.Ledger:
        """The total usage of the simulation so far, including interviews on the pages."""
        self.write()
        return usage_records.Ledger.from_json(usage_inbox.total(self.ledger.to_json(), self._visits))

    def write_at_times(self) -> None:
        """Writes at most once a second, so that a crash loses track of no more than a second's spending."""
        if time.monotonic() - self._time > USAGE_SECONDS:
            self.write()

    def write(self) -> None:
        """Writes the usage and the findings on models, if they have changed."""
        with self._lock:
            entries, visits = self.ledger.entries, usage_inbox.waiting(self._simulation.path)
            if visits or entries != self._written:
                self._visits = usage_inbox.with_visits(self._visits, visits)
                self._simulation.write_usage(usage_inbox.total(self.ledger.to_json(), self._visits))
                usage_inbox.forget(visits)
                self._written = entries
                self._time = time.monotonic()
            models = self._client.models.to_json()
            if models != self._models:
                self._simulation.write_models(models)
                self._models = models

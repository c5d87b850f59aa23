"""Limits the number of concurrent requests, and slows all of them down if the provider cannot keep up.

Knows which failures mean that; not what is asked, nor how a request is made or retried.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import TIMED_OUT, UNREACHABLE, TransientError
from persona.prompt_template.turns import NotBegun, Turns

VARIABLE = "LLM_MAX_CONCURRENCY"
DEFAULT = 16
MOST = 1000
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 32.0  # seconds, where the provider does not say how long
LONGEST_WAIT = 60.0  # seconds; a longer one is left to the retries, which announce it and know when to give up
_WHOLE_NUMBER = re.compile(r"0*[1-9]\d{0,3}", re.ASCII)


def limit_of(setting: str) -> int:
    """The limit in a text such as "16". Raises ValueError, which says what is wrong, for anything else."""
    if not _WHOLE_NUMBER.fullmatch(setting) or int(setting) > MOST:
        raise ValueError(f"{setting!r} is not a valid number of requests at once; give a whole number from 1 to {MOST}")
    return int(setting)


class Concurrency:
    """A limit on concurrent attempts. Thread-safe.

    If the provider rejects an attempt or does not answer in time, the next ones begin only after the time it asked
    for, or else after a pause that doubles with each such failure; and the limit is halved (after a timeout: to half of
    the attempts in progress). It grows by one after as many answers in a row as it allows. Attempts that began before a
    failure belong to the same overload: their failures do not halve or double anything again, and their answers do
    not count toward growth.

    limit: the most concurrent attempts; 1: one after another.
    now, sleep: the clock, in seconds; by default, the client's pauses.
    """

    def __init__(
        self,
        limit: int,
        client: Client,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.limit = limit
        self.allowed = limit  # as things are now
        self._now, self._sleep = now, sleep or client.pause
        self._turns = Turns(client)
        self._under_way = 0
        self._not_before = now()
        self._pause = FIRST_PAUSE  # the next one
        self._era = 0  # grows whenever all slow down
        self._answers = 0  # in a row, since the limit changed

    @contextmanager
    def turn(self, request: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Callable[..., None]]:
        """Wraps one attempt, after waiting until it may begin.

        Raises:
            TransientError: it would have to wait for more than LONGEST_WAIT.
            NotBegun: interrupted while it waited.
        """
        try:
            era, paused = self._begun()
        except KeyboardInterrupt:
            raise NotBegun from None
        try:
            yield _Turn(paused)
            self._answered(era)
        except TransientError as failure:
            is_turned_away = failure.retry_after or not failure.maybe_billed
            if failure.kind == TIMED_OUT or (is_turned_away and failure.kind != UNREACHABLE):
                self._slow_down(failure, era)
            raise
        finally:
            self._over()

    def _begun(self) -> tuple[int, float]:
        """Waits for a turn and takes it; returns the era that it began in, and the seconds the provider asked for."""
        rested_until, paused = None, 0.0
        while True:
            with self._turns:
                while self._under_way >= self.allowed:
                    self._turns.wait()
                not_before = self._not_before
                rest = not_before - self._now()
                if rest <= 0 or not_before == rested_until:  # a sleep may end a little early
                    self._under_way += 1
                    return self._era, paused
            _raise_if_too_long(rest)
            self._sleep(rest)
            rested_until, paused = not_before, paused + rest

    def _answered(self, era: int) -> None:
        with self._turns:
            if era != self._era:
                return
            self._pause = FIRST_PAUSE
            self._answers += 1
            if self._answers >= self.allowed:
                self._answers = 0
                self.allowed = min(self.allowed + 1, self.limit)

    def _slow_down(self, failure: TransientError, era: int) -> None:
        with self._turns:
            rest = failure.retry_after or 0.0
            if era == self._era:
                self._era += 1
                self._answers = 0
                were = min(self.allowed, self._under_way) if failure.kind == TIMED_OUT else self.allowed
                self.allowed = max(were // 2, 1)
                rest = failure.retry_after or self._pause
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._not_before = max(self._not_before, self._now() + rest)

    def _over(self) -> None:
        with self._turns:
            self._under_way -= 1
            self._turns.notify_all()


@dataclass(frozen=True)
class _Turn:
    """The callback, which does nothing. paused: seconds that the attempt waited at the provider's request."""

    paused: float

    def __call__(self, answer: Any, cost: Any) -> None:
        """Nothing is done with it."""


def _raise_if_too_long(rest: float) -> None:
    if rest > LONGEST_WAIT:
        what = f"{llm_config.current_provider().label} asked for a pause of {rest:.0f} s."
        raise TransientError(what, retry_after=rest)

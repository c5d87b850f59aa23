"""Reports what a run is doing: next to the progress bar in a terminal, and in a file that the pages read.

Knows how to phrase it; the town and the scheduler tell it what is happening.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tqdm import tqdm

from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client

RUNNING, THINKING, PAUSING, SAVED, STOPPED = "running", "thinking", "pausing", "saved", "stopped"
_SECONDS = 0.5
"""The least time between two writes of the same state."""


def saved_after(steps: int) -> str:
    """How far a simulation is saved, in the words of terminal and pages. Its last step has the number steps - 1."""
    return f"Saved after {llm_config.counted(steps, 'step')}"


class Progress:
    """The state of a run.

    Args:
        client: makes the requests.
        write: takes what the pages read: {"state": one of those above, "text": in words, "since": when the state began,
            "opened": when the simulation was opened, both in seconds since the epoch, "people": who is thinking,
            "lines": {speaker: the latest line of a conversation still being generated}, "step": the first step that is
            not whole, "end": the first step after the current run, None without a run, "go_on": from `go_on`}.
        now: seconds since the epoch.
        go_on: returns the command that continues from the last save; "" if there is none.
    """

    def __init__(
        self,
        client: Client,
        write: Callable[[Mapping[str, Any]], object],
        now: Callable[[], float] = time.time,
        *,
        go_on: Callable[[], str] = str,
    ) -> None:
        self._client, self._write, self._go_on, self._now = client, write, go_on, now
        self._opened = now()
        self._asked: dict[object, tuple[str | None, str]] = {}
        self._heard: dict[frozenset[str], tuple[str, str]] = {}
        self._bar: tqdm[Any] | None = None
        self._state, self._since, self._written = "", 0.0, 0.0
        self._step, self._time = 0, ""
        self._end: int | None = None
        self._thread: int | None = None
        client.middleware.append(self._attempt)

    @contextmanager
    def bar(self, steps: int) -> Iterator[None]:
        """Shows a progress bar, if the output is a terminal, while this thread runs steps."""
        self._thread = threading.get_ident()
        with tqdm(total=steps, unit="step", disable=not sys.stderr.isatty(), leave=False) as self._bar:
            try:
                yield
            finally:
                self._bar = self._thread = None

    def begin(self, step: int, steps: int) -> None:
        """A run of this many steps begins; none of them is whole yet."""
        self._step, self._end = step, step + steps
        self._heard.clear()
        self._say(RUNNING, "Starting")

    def step(self, step: int, now: datetime) -> None:
        """All steps before this one are whole."""
        self._step, self._time = step, f"{now:%B} {now.day}, {now:%H:%M}"
        self._say(RUNNING, "Running")
        if self._bar is not None:
            self._bar.update()

    def wait(self, names: Sequence[str]) -> None:
        """These people are thinking, and the next step waits for them."""
        until, why = self._client.patience.long_wait
        if until > self._now():
            self._say(PAUSING, f"Waiting until {time.strftime('%H:%M:%S', time.localtime(until))}: {why}")
        else:
            asked = [
                (persona, purpose) for persona, purpose in list(self._asked.values()) if persona and persona in names
            ]
            purposes = sorted({purpose for _, purpose in asked})
            who = f"{names[0]} is" if len(names) == 1 else f"{len(names)} people are"
            about = f" ({', '.join(purposes)})" if purposes else ""
            lines = {speaker: line for speaker, line in list(self._heard.values()) if speaker in names}
            self._say(THINKING, f"{who} thinking{about}", sorted({persona for persona, _ in asked}), lines)
        if self._bar is not None:
            self._bar.refresh()

    def hear(self, speaker: str, listener: str, line: str) -> None:
        """A line of a conversation that is still being generated; "" once it is complete."""
        talk = frozenset((speaker, listener))
        if line:
            self._heard[talk] = speaker, line
        else:
            self._heard.pop(talk, None)

    def end(self, step: int, failure: BaseException | None) -> None:
        """No run is in progress; everything before this step is saved."""
        self._step, self._end, self._state = step, None, ""
        if failure is None:
            self._say(SAVED, saved_after(step))
        else:
            self._say(STOPPED, f"Stopped after {llm_config.counted(step, 'step')}: {str(failure) or 'interrupted'}")

    def _say(self, state: str, text: str, people: Sequence[str] = (), lines: Mapping[str, str] | None = None) -> None:
        now = self._now()
        if self._bar is not None and not self._bar.disable:
            cost = f"${llm_config.run_cost():.4f}"
            self._bar.set_postfix_str(", ".join(filter(None, (self._time, cost, text))), refresh=False)
        if state == self._state and now - self._written < _SECONDS:
            return
        if state != self._state:
            self._state, self._since = state, now
        self._written = now
        said = {"state": state, "text": text, "since": self._since, "opened": self._opened}
        said |= {"people": list(people), "lines": dict(lines or {})}
        self._write({**said, "step": self._step, "end": self._end, "go_on": self._go_on()})

    @contextmanager
    def _attempt(self, request: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Callable[..., None]]:
        """Wraps a request: remembers its persona and purpose while it is in progress.

        With a single worker, the thread of the run makes the request itself, so the wait is reported from here.
        """
        key, persona = object(), labels.get("persona")
        self._asked[key] = persona, labels.get("purpose") or "other"
        if persona and self._thread == threading.get_ident():
            self.wait([persona])
        try:
            yield lambda answer, cost: None
        finally:
            del self._asked[key]

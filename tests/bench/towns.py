"""Towns to measure: a checkout of the project to run in, and the results of whole runs in it.

Knows how a run is started and where its trace lies; not what is measured.
"""

from __future__ import annotations

import json
import math
import random
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import offline_llm
import whole_days
from bench.eager import eager
from bench.traced import Request, read_trace
from mock_llm.api import CHARACTERS_A_TOKEN, Reply, Respond
from mock_llm.api import Request as ApiRequest
from whole_days import PROJECT, Checkout, Day, launch, model_variables

BASES = {3: whole_days.MIDNIGHT, 25: "base_willow_bend_n25"}
WORKERS = 16
UNEVEN = -1.0
"""In place of a latency: as long as those of real providers, of which one in twenty takes three times the mean."""
_SPREAD = 0.8
_WITHOUT_HTTP = Path(__file__).with_name("without_http.py")


class Run(NamedTuple):
    """A run that is over: wall time in seconds, its requests, and the day it left behind.

    schema_tokens: what the JSON schemas of its requests come to, at four characters a token; some providers bill them.
    """

    seconds: float
    requests: Sequence[Request]
    day: Day
    schema_tokens: int


class Towns:
    """Runs of the town, each made once. `folder` takes the checkout, with all simulations, and the traces."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.checkout = Checkout(folder / "checkout")
        if not (self.checkout.storage / BASES[25]).exists():
            base = PROJECT / "environment" / "frontend_server" / "storage" / BASES[25]
            shutil.copytree(base, self.checkout.storage / BASES[25])
        self._days: dict[tuple[int, int], Run] = {}
        self.base = cache(self._base)
        self.run = cache(self._run)
        self.run_without_http = cache(self._run_without_http)

    def days(self, steps: int) -> dict[int, Sequence[Request]]:
        """{people: requests} of the runs there have been of so many steps."""
        return {people: run.requests for (people, length), run in self._days.items() if length == steps}

    def _base(self, people: int) -> str:
        """The base of so many people, made if the project has none."""
        if people in BASES:
            return BASES[people]
        builder = self.checkout.folder / "environment" / "world_builder" / "build.py"
        _started([builder, "--people", people], self.checkout.folder, {})
        return f"base_willow_bend_n{people}"

    def _run(
        self,
        people: int,
        steps: int,
        latency: float = 0.0,
        workers: int = WORKERS,
        *,
        is_eager: bool = False,
        lockstep: bool = False,
        at_nine: bool = False,
    ) -> Run:
        """`steps` of a town, with a mock model of its own that takes `latency` seconds an answer, or UNEVEN ones.

        at_nine: begins at nine in the morning, and not when the base does.
        """
        name = f"n{people}_{steps}_steps_{latency * 1000:.0f}_ms_{workers}_workers"
        name += "_eager" * is_eager + "_lockstep" * lockstep + "_at_nine" * at_nine
        trace = self._folder / f"{name}.jsonl"
        program = self.checkout.folder / "reverie" / "backend_server" / "reverie.py"
        answers = _uneven(offline_llm.layered()) if latency == UNEVEN else offline_llm.layered(latency=latency)
        schemas = list[Any]()
        measured = _measuring_schemas(eager(answers) if is_eager else answers, schemas)
        with offline_llm.OfflineServer(0, measured) as model:
            variables = {**model_variables(model.base_url), "LLM_TRACE": str(trace)}
            base = self.base(people)
            arguments = ["--fork", self._at_nine(base) if at_nine else base, "--name", name, "--run", steps]
            arguments += ["--workers", workers, *["--lockstep"] * lockstep]
            seconds = _started([program, *arguments], self.checkout.folder, variables)
        run = Run(seconds, read_trace(trace), Day(self.checkout, name), sum(schemas))
        if not is_eager and not at_nine:
            self._days.setdefault((people, steps), run)
        return run

    def _at_nine(self, base: str) -> str:
        """A base like this one, but that it begins at nine in the morning."""
        folder = self.checkout.storage / f"{base}_at_nine"
        if not folder.exists():
            shutil.copytree(self.checkout.storage / base, folder)
            meta = folder / "reverie" / "meta.json"
            text = re.sub(r"\d\d:00:00", "09:00:00", meta.read_text(encoding="utf-8"))
            meta.write_text(text.replace(f'"{base}"', f'"{folder.name}"'), encoding="utf-8")
        return folder.name

    def _run_without_http(self, people: int, steps: int) -> dict[str, Any]:
        """What `without_http.py` reports of a run."""
        report = self._folder / f"without_http_{people}_{steps}.json"
        backend = self.checkout.folder / "reverie" / "backend_server"
        variables = {**model_variables("http://127.0.0.1:9/v1"), "PYTHONPATH": str(backend)}
        arguments = ["--fork", self.base(people), "--name", f"without_http_{people}_{steps}", "--run", steps]
        _started([_WITHOUT_HTTP, report, *arguments], self.checkout.folder, variables)
        return json.loads(report.read_text(encoding="utf-8"))


def _measuring_schemas(respond: Respond, tokens: list[int]) -> Respond:
    """The same answers; `tokens` gets the tokens of the schema of each request that has one."""

    def measured(request: ApiRequest) -> Reply:
        asked = json.loads(request.body) if request.body else {}
        if schema := asked.get("response_format"):
            tokens.append(len(json.dumps(schema, ensure_ascii=False)) // CHARACTERS_A_TOKEN)
        return respond(request)

    return measured


def _uneven(respond: Respond) -> Respond:
    """The same answers, that take 1.5 s on average, log-normal; the same for the same request."""

    def late(request: ApiRequest) -> Reply:
        time.sleep(random.Random(request.body).lognormvariate(math.log(1.5) - _SPREAD**2 / 2, _SPREAD))
        return respond(request)

    return late


def _started(command: Sequence[object], folder: Path, variables: Mapping[str, str]) -> float:
    """Runs a Python program to its end; the seconds that took. Raises RuntimeError with what it said if it failed."""
    began = time.perf_counter()
    run = launch(command, folder, variables)
    output, _ = run.communicate()
    if run.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {run.returncode}:\n{output}")
    return time.perf_counter() - began

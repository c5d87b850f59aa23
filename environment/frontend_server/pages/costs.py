"""The model usage of a simulation for the Cost tab: by purpose, by persona, over time, and fallbacks.

Reads the record of usage; does not know what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from persona.prompt_template.llm_config import Tally
from persona.prompt_template.trace import OUTSIDE_STEPS
from persona.prompt_template.usage_records import Ledger
from saves import usage_inbox
from saves.json_files import StorageError
from saves.simulation import Simulation

Row = list[Any]
"""[label, requests, tokens in, tokens out, tokens embedded, USD as exact decimal text, requests without a price]"""


def split(found: Simulation) -> dict[str, Any]:
    """The splits; {} if the record cannot be read. The most expensive come first, hours and days in order of time.

    `unit` of `over_time` is "hour" or "day"; `outside` is the usage outside of steps, None if there is none.
    `fallbacks`: [purpose, fallbacks, questions, {reason: count}], the most frequent first.
    """
    try:
        ledger = Ledger.from_json(usage_inbox.with_visits(found.read_usage(), usage_inbox.waiting(found.path)))
    except (StorageError, ValueError):
        return {}
    unit, over_time = ledger.over_time()
    outside = over_time.pop(OUTSIDE_STEPS, None)
    fallbacks = [
        [purpose, sum(reasons.values()), ledger.counts["questions"].get(purpose, 0), dict(sorted(reasons.items()))]
        for purpose, reasons in ledger.fallbacks.items()
    ]
    return {
        "by_purpose": _dearest_first(ledger.by_purpose.items()),
        "by_persona": _dearest_first(ledger.by_persona.items()),
        "unit": unit,
        "over_time": [_row(*item) for item in over_time.items()],
        "outside": _row("", outside) if outside else None,
        "fallbacks": sorted(fallbacks, key=lambda row: (-row[1], row[0])),
    }


def _dearest_first(split: Iterable[tuple[str, Tally]]) -> list[Row]:
    def order(item: tuple[str, Tally]) -> tuple[Any, ...]:
        label, tally = item
        return -tally.cost, -sum(tally.counters.values()), label

    return [_row(*item) for item in sorted(split, key=order)]


def _row(label: str, tally: Tally) -> Row:
    counters = tally.counters
    tokens = (counters[f"{kind}_tokens"] for kind in ("input", "output", "embedding"))
    return [label, counters["requests"], *tokens, format(tally.cost, "f"), tally.unpriced]

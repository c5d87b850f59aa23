"""What a simulation used, split by purpose and persona: counted, kept and shown.

Knows the ledgers' form as text and as JSON; llm_config.py says what an answer used, and whoever calls reads and writes
the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from persona.prompt_template import llm_config
from persona.prompt_template.llm_config import PRICES, PROVIDERS, Entry, Tally, priced

_SPLITS = ("by_model", "by_purpose", "by_persona")
_COUNTS = ("estimated", "unmetered", "questions")
_UNKNOWN_REASON = "reason not kept"


@dataclass
class Ledger(llm_config.Ledger):
    """A ledger that is also split by purpose and by persona. `revision` changes whenever it does."""

    by_purpose: dict[str, Tally] = field(default_factory=dict)
    by_persona: dict[str, Tally] = field(default_factory=dict)
    revision: int = 0

    def add(self, entry: Entry) -> None:
        """Enters one answer, under its labels too."""
        super().add(entry)
        self.revision += 1
        if entry.tokens is not None:
            self.by_purpose.setdefault(entry.purpose, Tally()).add(entry.tokens, entry.cost)
            self.by_persona.setdefault(entry.persona, Tally()).add(entry.tokens, entry.cost)

    def count_question(self, purpose: str) -> None:
        """One question was put to the model."""
        super().count_question(purpose)
        self.revision += 1

    def count_fallback(self, purpose: str, reason: str) -> None:
        """One question got its fail-safe."""
        super().count_fallback(purpose, reason)
        self.revision += 1


_session, _simulation = Ledger(), Ledger()  # since the start of the program; of the simulation over all its starts
llm_config.ledgers[:] = [_session, _simulation]


def usage_report() -> str:
    """What was used since the start of the program, by model, purpose and persona, as text."""
    session, simulation = deepcopy((_session, _simulation))
    lines = ["Since the start of the program", *llm_config.summary_lines(session)]
    for split in _SPLITS:
        lines += _table(split.replace("_", " "), getattr(session, split))
    requests = llm_config.counted(simulation.total.counters["requests"], "request")
    return "\n".join([*lines, "", f"This simulation in all: {requests}, ${simulation.total.cost:.4f}"])


def simulation_usage() -> dict[str, Any]:
    """The simulation's ledger, ready for json: the same calls, in any order, give the same bytes."""
    ledger = deepcopy(_simulation)
    splits = {name: {label: _tally_as_json(row) for label, row in getattr(ledger, name).items()} for name in _SPLITS}
    fallbacks = {purpose: sum(reasons.values()) for purpose, reasons in ledger.fallbacks.items()}
    reasons = {"fallbacks": fallbacks, "fallback_reasons": ledger.fallbacks}
    return _sorted({"total": _tally_as_json(ledger.total), **splits, **ledger.counts, **reasons})


def open_simulation_usage(saved: Mapping[str, Any] | None) -> None:
    """Starts the simulation's ledger at what simulation_usage once gave; None: at zero.

    Missing parts are zero.

    Raises:
        ValueError: `saved` is something else; the ledger stays as it was.
    """
    global _simulation
    ledger = Ledger() if saved is None else _ledger_from_json(saved)
    ledger.revision = _simulation.revision + 1
    _simulation = llm_config.ledgers[1] = ledger


def usage_revision() -> int:
    """A number that changes whenever the simulation's ledger does."""
    return _simulation.revision


def cost_elsewhere(ledger: llm_config.Ledger) -> list[str]:
    """A note on what the tokens of the offline mock model would have cost with the default models."""
    offline = ledger.by_model.get(PROVIDERS["offline"].only_model)
    if offline is None:
        return []
    embedded = {"embedding_tokens": offline.counters["embedding_tokens"]}
    chats = {**offline.counters, "embedding_tokens": 0}
    cost = priced(chats, PRICES["openai/gpt-4o-mini"]) + priced(embedded, PRICES["openai/text-embedding-3-small"])
    return [f"  With gpt-4o-mini:  ${cost:.4f} for the same tokens"]


def _table(title: str, split: Mapping[str, Tally]) -> list[str]:
    if not split:
        return []
    width = max(len(name) for name in (*split, title)) + 2
    lines = ["", f"  {title:<{width}}{'requests':>10}{'in':>13}{'out':>11}{'embedded':>12}{'USD':>11}"]
    for name, row in sorted(split.items()):
        counts = "{requests:>10,}{input_tokens:>13,}{output_tokens:>11,}{embedding_tokens:>12,}"
        mark = " + ?" if row.unpriced else ""
        lines.append(f"  {name or '-':<{width}}{counts.format(**row.counters)}{row.cost:>11.4f}{mark}")
    return lines


def _sorted(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _sorted(part) if isinstance(part, Mapping) else part for name, part in sorted(record.items())}


def _tally_as_json(tally: Tally) -> dict[str, Any]:
    """The cost as exact decimal text."""
    return {**tally.counters, "cost_usd": format(tally.cost.normalize(), "f"), "unpriced": tally.unpriced}


def _ledger_from_json(saved: Mapping[str, Any]) -> Ledger:
    try:
        counts = {part: {k: _whole(count) for k, count in saved.get(part, {}).items()} for part in _COUNTS}
        splits: dict[str, Any] = {part: _split_from_json(saved.get(part, {})) for part in _SPLITS}
        total = _tally_from_json(saved.get("total", {}))
        return Ledger(total, counts=counts, fallbacks=_fallbacks_from_json(saved), **splits)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"this is not a record of usage: {error}") from None


def _split_from_json(saved: Mapping[str, Any]) -> dict[str, Tally]:
    return {name: _tally_from_json(row) for name, row in saved.items()}


def _fallbacks_from_json(saved: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """{purpose: {reason: count}}; what an older record counted without a reason has an unknown one."""
    known = saved.get("fallback_reasons", {})
    fallbacks = {purpose: {why: _whole(n) for why, n in reasons.items()} for purpose, reasons in known.items()}
    for purpose, count in saved.get("fallbacks", {}).items():
        reasons = fallbacks.setdefault(purpose, {})
        if (unknown := _whole(count) - sum(reasons.values())) > 0:
            reasons[_UNKNOWN_REASON] = reasons.get(_UNKNOWN_REASON, 0) + unknown
    return fallbacks


def _tally_from_json(saved: Mapping[str, Any]) -> Tally:
    counters = {name: _whole(saved.get(name, 0)) for name in Tally().counters}
    return Tally(counters, _amount(saved.get("cost_usd", "0")), _whole(saved.get("unpriced", 0)))


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{value!r} is not an amount")
    return amount

"""What the usage ledgers look like outside: the report for the operator, and the record that a simulation keeps.

Knows their form as text and as JSON; llm_config.py counts, and whoever calls reads and writes the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from persona.prompt_template import llm_config
from persona.prompt_template.llm_config import Tally, Usage


def usage_report() -> str:
    """What was used since the start of the program, by model, purpose and persona, as text."""
    session, simulation = llm_config.ledgers()
    lines = ["Since the start of the program", *llm_config.summary_lines(session)]
    for split, rows in session.splits.items():
        lines += _table(split.replace("_", " "), rows)
    requests = llm_config.counted(simulation.total.counters["requests"], "request")
    return "\n".join([*lines, "", f"This simulation in all: {requests}, ${simulation.total.cost:.4f}"])


def simulation_usage() -> dict[str, Any]:
    """The simulation's ledger, ready for json: the same calls, in any order, give the same bytes."""
    _, ledger = llm_config.ledgers()
    splits = {split: {name: _tally_as_json(row) for name, row in rows.items()} for split, rows in ledger.splits.items()}
    return _sorted({"total": _tally_as_json(ledger.total), **splits, **ledger.counts})


def open_simulation_usage(saved: Mapping[str, Any] | None) -> None:
    """Starts the simulation's ledger at what simulation_usage once gave; None: at zero.

    Missing parts are zero.

    Raises:
        ValueError: `saved` is something else; the ledger stays as it was.
    """
    llm_config.open_simulation_usage(None if saved is None else _usage_from_json(saved))


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


def _usage_from_json(saved: Mapping[str, Any]) -> Usage:
    empty = Usage()
    try:
        return Usage(
            _tally_from_json(saved.get("total", {})),
            {part: {k: _tally_from_json(row) for k, row in saved.get(part, {}).items()} for part in empty.splits},
            {part: {k: _whole(count) for k, count in saved.get(part, {}).items()} for part in empty.counts},
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"this is no record of usage: {error}") from None


def _tally_from_json(saved: Mapping[str, Any]) -> Tally:
    counters = {name: _whole(saved.get(name, 0)) for name in Tally().counters}
    return Tally(counters, _amount(saved.get("cost_usd", "0")), _whole(saved.get("unpriced", 0)))


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{value!r} is no amount")
    return amount

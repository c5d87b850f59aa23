"""A ledger split by purpose, persona and game hour, as JSON and as text.

llm_config.py says what an answer used, trace.py in which hour; callers read and write the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from persona.prompt_template import llm_config, trace
from persona.prompt_template.llm_config import PRICES, PROVIDERS, Entry, Tally, priced

_SPLITS = ("by_model", "by_purpose", "by_persona", "by_hour")
_MOST_HOURS = 48
_DATE = len("2024-03-04")
_UNKNOWN_REASON = "reason not kept"


@dataclass
class Ledger(llm_config.Ledger):
    """A ledger that is also split by purpose, by persona, and by game hour: "2024-03-04 07", "-" outside of steps."""

    by_purpose: dict[str, Tally] = field(default_factory=dict)
    by_persona: dict[str, Tally] = field(default_factory=dict)
    by_hour: dict[str, Tally] = field(default_factory=dict)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Ledger:
        """A ledger from an earlier `to_json`; missing parts are zero. Raises ValueError for anything else."""
        try:
            counts = {part: {k: _whole(count) for k, count in saved.get(part, {}).items()} for part in cls().counts}
            splits: dict[str, Any] = {part: _split_from_json(saved.get(part, {})) for part in _SPLITS}
            total = _tally_from_json(saved.get("total", {}))
            return cls(total, counts=counts, fallbacks=_fallbacks_from_json(saved), **splits)
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"this is not a record of usage: {error}") from None

    def add(self, entry: Entry) -> None:
        """Adds one answer, also under its labels."""
        super().add(entry)
        if entry.tokens is not None:
            hour = trace.HOUR.get()
            splits = (self.by_purpose, entry.purpose), (self.by_persona, entry.persona), (self.by_hour, hour)
            for split, label in splits:
                split.setdefault(label, Tally()).add(entry.tokens, entry.cost)

    @property
    def entries(self) -> int:
        """The number of answers, questions and fallbacks in it."""
        fallbacks = sum(sum(reasons.values()) for reasons in self.fallbacks.values())
        counted = sum(sum(self.counts[what].values()) for what in ("unmetered", "questions"))
        return self.total.counters["requests"] + counted + fallbacks

    def over_time(self) -> tuple[str, dict[str, Tally]]:
        """("hour", the split by game hour) or, if that is long, ("day", the split by game day); in order of time."""
        if len(self.by_hour) <= _MOST_HOURS:
            return "hour", dict(sorted(self.by_hour.items()))
        by_day: dict[str, Tally] = {}
        for hour, row in sorted(self.by_hour.items()):
            day = by_day.setdefault(hour[:_DATE], Tally())
            day.add(row.counters, row.cost)
            day.unpriced += row.unpriced
        return "day", by_day

    def to_json(self) -> dict[str, Any]:
        """The ledger as JSON values: the same calls, in any order, give the same bytes."""
        now = self.copy()
        splits = {part: {label: _tally_as_json(row) for label, row in getattr(now, part).items()} for part in _SPLITS}
        fallbacks = {purpose: sum(reasons.values()) for purpose, reasons in now.fallbacks.items()}
        reasons = {"fallbacks": fallbacks, "fallback_reasons": now.fallbacks}
        return _sorted({"total": _tally_as_json(now.total), **splits, **now.counts, **reasons})


def report(session: Ledger, simulation: Ledger) -> str:
    """The usage since the start of the program, and in total for the simulation: split, and with its fallbacks."""
    whole = simulation.copy()
    unit, over_time = whole.over_time()
    requests = llm_config.counted(whole.total.counters["requests"], "request")
    return "\n".join(
        [
            *("Since the start of the program", *llm_config.summary_lines(session.copy())),
            *("", f"This simulation in total: {requests}, ${whole.total.cost:.4f}"),
            *_table("by model", {named([name]): row for name, row in whole.by_model.items()}),
            *_table("by purpose", whole.by_purpose),
            *_table("by persona", whole.by_persona),
            *_table(f"by game {unit}", over_time),
            *_fallbacks(whole),
        ]
    )


def named(models: Iterable[str]) -> str:
    """The names of models in a line, for people: that of the mock model is what everybody calls it."""
    mock_model = PROVIDERS["offline"]
    return ", ".join("the mock model" if name == mock_model.only_model else name for name in sorted(set(models)))


def cost_elsewhere(ledger: llm_config.Ledger) -> list[str]:
    """A note on what the tokens of the mock model would have cost with the default models."""
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


def _fallbacks(ledger: Ledger) -> list[str]:
    """For each purpose with fallbacks: how many of its questions fell back, and why."""
    if not ledger.fallbacks:
        return []
    width = max(len(name) for name in (*ledger.fallbacks, "fallbacks of")) + 2
    lines = ["", f"  {'fallbacks of':<{width}}{'fallbacks':>10}{'questions':>11}  why"]
    for purpose, reasons in sorted(ledger.fallbacks.items()):
        asked = ledger.counts["questions"].get(purpose, 0)
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        lines.append(f"  {purpose:<{width}}{sum(reasons.values()):>10,}{asked:>11,}  {why}")
    return lines


def _sorted(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _sorted(part) if isinstance(part, Mapping) else part for name, part in sorted(record.items())}


def _tally_as_json(tally: Tally) -> dict[str, Any]:
    """The cost as exact decimal text."""
    return {**tally.counters, "cost_usd": format(tally.cost.normalize(), "f"), "unpriced": tally.unpriced}


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

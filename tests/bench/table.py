"""Figures and their table: each with its limit and the figure of the original.

Knows how figures are written down; not how they are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bench.traced import Request, by_purpose, on_critical_path


class Figure(NamedTuple):
    """One figure; its name ends in the unit. people: of how many, where that matters."""

    name: str
    value: float
    people: int | None = None
    at_most: float | None = None
    at_least: float | None = None
    original: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether it meets its limit; None without one."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least


def table(figures: Iterable[Figure]) -> str:
    """All figures as a table in Markdown."""
    return markdown(["figure", "people", "here", "bar", "", "the original", "original / here"], map(_row, figures))


def missed(figures: Iterable[Figure]) -> list[str]:
    """The figures that miss their limits, in words."""
    return [f"{f.name}, {f.people or 'any'} people: {number(f.value)}, {_bar(f)}" for f in figures if f.is_met is False]


def purposes(days: Mapping[int, Sequence[Request]]) -> str:
    """For each number of people: calls and tokens by purpose, and how many answers were on the critical path."""
    heads = ["purpose"]
    for people in days:
        heads += [f"{people} people: calls each", "tokens in / out a call", "on the critical path"]
    found = {people: by_purpose(requests) for people, requests in days.items()}
    waited = {people: on_critical_path(requests) for people, requests in days.items()}
    names = dict.fromkeys(name for people in reversed(list(days)) for name in found[people])
    rows = []
    for name in names:
        row = [name]
        for people in days:
            row += _purpose(found[people].get(name), waited[people][name], people)
        rows.append(row)
    return markdown(heads, rows)


def number(value: float) -> str:
    """Rounded to significant digits: 1,234, 12.3, 1.23, 0.012."""
    if value and abs(value) < 0.1:
        return f"{value:.2g}"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _row(figure: Figure) -> list[str]:
    ratio = f"{number(figure.original / figure.value)} x" if figure.original and figure.value else ""
    met = {None: "", True: "met", False: "missed"}[figure.is_met]
    original = "" if figure.original is None else number(figure.original)
    people = "" if figure.people is None else str(figure.people)
    return [figure.name, people, number(figure.value), _bar(figure), met, original, ratio]


def _bar(figure: Figure) -> str:
    if figure.at_most is not None:
        return f"at most {number(figure.at_most)}"
    return "" if figure.at_least is None else f"at least {number(figure.at_least)}"


def _purpose(found: tuple[int, int, int] | None, waited: int, people: int) -> list[str]:
    if found is None:
        return ["", "", ""]
    calls, tokens_in, tokens_out = found
    return [number(calls / people), f"{tokens_in / calls:,.0f} / {tokens_out / calls:,.0f}", f"{waited:,}"]


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose columns also line up where Markdown is read as it is; all but the first column to the right."""
    cells = [list(heads), *map(list, rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(heads))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [_line(cells[0], widths), _line(rule, widths), *(_line(row, widths) for row in cells[1:])]
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        text.ljust(width) if k == 0 else text.rjust(width)
        for k, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join([first, *rest])} |"

"""The plots of a report as SVG text, to be included in a page: the same figures give the same bytes.

The only module that knows matplotlib; knows nothing about simulations.
"""

from __future__ import annotations

import io
import math
import re
import threading
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, NamedTuple

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import Patch

COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#b8a800", "#7f5fbf")
"""Eight that people with any color vision can tell apart (after Okabe and Ito)."""
GRAY, LIGHT, DARK = "#8a8f98", "#d5d9df", "#4a515c"
MOST_LINES = len(COLORS)
_WIDTH = 8.0  # inches
_STYLE = {"svg.fonttype": "none", "font.size": 9.0, "axes.spines.top": False, "axes.spines.right": False}
_STYLE |= {"text.parse_math": False}  # dollar signs in texts are literal
_UNUSED_ID = re.compile(r' id="[A-Za-z2.]+_\d+"')
_one_at_a_time = threading.Lock()
"""The style of plots is global to the process, and pages are made in threads."""

Pair = tuple[str, str]


class Bars(NamedTuple):
    """Spans of one kind on a day: {persona: [(start hour, hours)]}; thin ones are drawn on top."""

    label: str
    color: str
    spans: Mapping[str, Sequence[tuple[float, float]]]
    is_thin: bool = False


def network(title: str, people: Sequence[str], known: Sequence[Pair], talks: Mapping[Pair, int]) -> str:
    """People in a circle: thin lines between people who know each other, thick ones between those who talked."""
    turns = {name: 2 * math.pi * number / len(people) for number, name in enumerate(people)}
    spots = {name: (math.sin(turn), math.cos(turn)) for name, turn in turns.items()}
    most = max(talks.values(), default=1)

    def draw(axes: Axes) -> None:
        axes.add_collection(LineCollection([[spots[a], spots[b]] for a, b in known], colors=GRAY, linewidths=0.5))
        shares = [count / most for count in talks.values()]
        colors = [to_rgba(COLORS[0], 0.2 + 0.7 * share) for share in shares]
        lines, widths = [[spots[a], spots[b]] for a, b in talks], [0.8 + 4 * share for share in shares]
        axes.add_collection(LineCollection(lines, colors=colors, linewidths=widths))
        axes.plot(*zip(*spots.values(), strict=True), "o", color=COLORS[4])
        for name, (x, y) in spots.items():
            angle, is_left = 90 - math.degrees(turns[name]), turns[name] > math.pi
            turned, side = (angle + 180, "right") if is_left else (angle, "left")
            axes.text(1.05 * x, 1.05 * y, name, rotation=turned, ha=side, va="center", rotation_mode="anchor")
        axes.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
        axes.axis("off")

    return _svg(title, 5.5, draw)


def curves(title: str, lines: Mapping[str, Sequence[tuple[datetime, float]]], end: datetime, most: float) -> str:
    """Values that hold from one time to the next, at most MOST_LINES of them, from 0 to `most`."""

    def draw(axes: Axes) -> None:
        for (label, points), color in zip(lines.items(), COLORS, strict=False):
            times, values = zip(*points, (end, points[-1][1]), strict=True)
            axes.step(times, values, where="post", label=label, color=color)
        locator = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        axes.set(ylim=(0, most * 1.05), ylabel=title)
        _legend(axes)

    return _svg(title, 3.0, draw)


def day(title: str, people: Sequence[str], kinds: Sequence[Bars]) -> str:
    """One row per persona, from 0 to 24 o'clock."""

    def draw(axes: Axes) -> None:
        for kind in kinds:
            for row, name in enumerate(people):
                height = (row - 0.4, 0.2) if kind.is_thin else (row - 0.4, 0.8)
                axes.broken_barh(kind.spans.get(name, ()), height, facecolors=kind.color)
        axes.set(xlim=(0, 24), xticks=range(0, 25, 3))
        _name_rows(axes, people)
        _legend(axes, handles=[Patch(color=kind.color, label=kind.label) for kind in kinds])

    return _svg(title, 1 + 0.22 * len(people), draw)


def hours(title: str, rows: Mapping[str, Sequence[float]]) -> str:
    """A row of 24 cells each, darker for higher values, with the number in those of at least 0.5."""

    def draw(axes: Axes) -> None:
        axes.pcolormesh(list(rows.values()), cmap="Blues", edgecolors="white", linewidth=0.5)
        most = max(map(max, rows.values()))
        for row, values in enumerate(rows.values()):
            for hour, value in enumerate(values):
                if value >= 0.5:
                    color = "white" if value > most / 2 else "black"
                    axes.text(hour + 0.5, row + 0.5, f"{value:.0f}", color=color, ha="center", va="center", size=7)
        axes.set(xlim=(0, 24), ylim=(len(rows), 0), xticks=range(0, 25, 3))
        axes.set_yticks([row + 0.5 for row in range(len(rows))], rows)

    return _svg(title, 1 + 0.22 * len(rows), draw)


def bars(title: str, values: Mapping[str, float]) -> str:
    """A bar each, the first one on top."""

    def draw(axes: Axes) -> None:
        axes.barh(range(len(values)), list(values.values()), color=COLORS[0])
        _name_rows(axes, values, title)

    return _svg(title, 1 + 0.22 * len(values), draw)


def dots(title: str, values: Mapping[str, Sequence[float]]) -> str:
    """One row each: a dot per value, and a line at their mean."""

    def draw(axes: Axes) -> None:
        for row, found in enumerate(values.values()):
            axes.plot(found, [row] * len(found), "o", color=COLORS[0], alpha=0.6)
            if found:
                axes.vlines(sum(found) / len(found), row - 0.3, row + 0.3, color=COLORS[4], linewidth=2)
        _name_rows(axes, values, title)

    return _svg(title, 0.8 + 0.3 * len(values), draw)


def _name_rows(axes: Axes, names: Collection[str], label: str = "") -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set(ylim=(len(names) - 0.5, -0.5), xlabel=label)


def _legend(axes: Axes, **options: Any) -> None:
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), **options)


def _svg(title: str, height: float, draw: Callable[[Axes], None]) -> str:
    """The plot drawn by `draw`, `height` inches high, as an `<svg>` element with a title."""
    with _one_at_a_time, warnings.catch_warnings(), matplotlib.style.context(["default", _STYLE]):
        warnings.simplefilter("ignore")  # letters missing in matplotlib's font are drawn by the browser
        matplotlib.rcParams["svg.hashsalt"] = title
        figure = Figure(figsize=(_WIDTH, height))
        draw(figure.add_subplot())
        written = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(written, format="svg", transparent=True, bbox_inches="tight", metadata=nothing)
    text = written.getvalue()
    text = _UNUSED_ID.sub("", text[text.index("<svg") :])
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)

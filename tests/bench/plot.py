"""The plot of a day: requests over time, and how many were concurrent.

Knows a trace and how it is drawn; not what the purposes mean to the people of the town.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.traced import Request, mean_under_way, most_under_way

GROUPS = {
    "perceiving": ("poignancy",),
    "planning": ("day plan", "identity", "task decomposition", "schedule after reaction"),
    "acting": ("action",),
    "deciding to react": ("decide to talk", "decide to wait"),
    "talking": ("first utterance", "utterance", "conversation summary", "after chat"),
    "reflecting": ("focal points", "insights"),
    "embedding": ("embedding",),
}
OTHER = "other"
_COLOURS = ("#4e79a7", "#f28e2b", "#edc948", "#b07aa1", "#e15759", "#59a14f", "#bab0ac", "#79706e")
_LINE, _FAINT = "#333333", "#9c9c9c"
_STEPS_A_BIN, _BINS_AN_HOUR = 60, 6


def draw(requests: Sequence[Request], file: Path, title: str) -> None:
    """Draws a day as a PNG: above the requests by ten game minutes and group, below how many were under way.

    Raises:
        ImportError: matplotlib is not installed.
    """
    from matplotlib import pyplot

    lived = [request for request in requests if request.step is not None]
    figure, (above, below) = pyplot.subplots(
        2, 1, sharex=True, figsize=(10, 5.6), height_ratios=(3, 1.4), layout="constrained"
    )
    _draw_requests(above, lived)
    _draw_under_way(below, lived)
    above.set_title(title, loc="left", fontsize=11)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def counts(requests: Sequence[Request]) -> dict[str, list[int]]:
    """{group: requests in each ten game minutes of the day}, in the order of GROUPS; none that is empty."""
    group_of = {purpose: group for group, purposes in GROUPS.items() for purpose in purposes}
    found = Counter((group_of.get(request.purpose, OTHER), _bin(request)) for request in requests)
    rows = {group: [found[group, k] for k in range(_bins(requests))] for group in (*GROUPS, OTHER)}
    return {group: row for group, row in rows.items() if any(row)}


def _draw_requests(axes, requests: Sequence[Request]) -> None:
    rows = counts(requests)
    colours = dict(zip((*GROUPS, OTHER), _COLOURS, strict=True))
    hours = [k / _BINS_AN_HOUR for k in range(_bins(requests))]
    bottom = [0] * len(hours)
    for group, row in rows.items():
        axes.bar(hours, row, 1 / _BINS_AN_HOUR, bottom, align="edge", color=colours[group], label=group)
        bottom = [low + high for low, high in zip(bottom, row, strict=True)]
    axes.set_ylabel("requests in ten game minutes")
    axes.legend(frameon=False, fontsize=9, loc="upper left", reverse=True)
    _tidy(axes)


def _draw_under_way(axes, requests: Sequence[Request]) -> None:
    by_bin: dict[int, list[Request]] = defaultdict(list)
    for request in requests:
        by_bin[_bin(request)].append(request)
    bins = range(_bins(requests))
    edges = [k / _BINS_AN_HOUR for k in range(len(bins) + 1)]
    axes.stairs([most_under_way(by_bin[k]) for k in bins], edges, fill=True, color="#c9d6e8", label="most")
    axes.stairs([mean_under_way(by_bin[k]) for k in bins], edges, color=_LINE, label="mean while any is")
    axes.set_ylabel("under way at once")
    axes.set_xlabel("hour of the day")
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(0.02, 1.05))
    axes.set_xticks(range(0, int(edges[-1]) + 1, 2))
    axes.set_xlim(0, edges[-1])
    _tidy(axes)


def _tidy(axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=_FAINT, alpha=0.3, linewidth=0.6)
    axes.set_axisbelow(True)


def _bin(request: Request) -> int:
    return (request.step or 0) // _STEPS_A_BIN


def _bins(requests: Sequence[Request]) -> int:
    return max(map(_bin, requests), default=0) + 1

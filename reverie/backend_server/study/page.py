"""The parts of a report's page as HTML that needs nothing else: headings, tables, figures, trees.

Everything from a simulation is escaped here. Knows HTML; not what is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any, TypeVar

_STYLE = """
:root { color-scheme: light dark; --text: #1d232b; --back: #fff; --line: #d0d5dc; --soft: #58616e; --link: #0a58a8 }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8ee; --back: #14181d; --line: #39424e; --soft: #a3adba; --link: #7db8f2 }
  figure svg { filter: invert(1) hue-rotate(180deg) }
}
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif }
body, pre { color: var(--text); background: var(--back) }
a { color: var(--link) }
h2 { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem }
figure, .wide { margin: 1rem 0; overflow-x: auto }
figure svg { display: block; min-width: 36rem; width: 100%; height: auto }
.square { max-width: 40rem }
figcaption, .soft { color: var(--soft) }
table { border-collapse: collapse; font-size: .9rem }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
ul { padding-left: 1.3rem }
@media print { body { max-width: none } details > * { display: block } figure, tr { break-inside: avoid } }
"""
Item = TypeVar("Item")


STEP = re.compile(r'<meta name="step" content="(\d+)">')
"""The text on a page about its step."""


def page(title: str, step: int, parts: Iterable[str]) -> str:
    """The whole page, of a simulation as of a step."""
    body = "\n".join([_tag("h1", title), *parts])
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="step" content="{step}">
<meta name="viewport" content="width=device-width, initial-scale=1">
{_tag("title", title)}
<style>{_STYLE}</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""


def heading(text: str, level: int = 2) -> str:
    return _tag(f"h{level}", text)


def paragraph(text: str) -> str:
    return _tag("p", text)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; numbers are right-aligned."""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{cells}</tr></thead><tbody>\n{body}\n</tbody></table></div>'
    )


def figure(svg: str, words: str, shape: str = "") -> str:
    """A plot with a caption; a "square" one takes less than the whole width."""
    return f'<figure class="{shape}" tabindex="0">{svg}{_tag("figcaption", words)}</figure>'


def files(names: Iterable[str]) -> str:
    """Links to the files next to the page."""
    links = ", ".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in names)
    return f'<p class="soft">The figures: {links}</p>'


def folded(summary: str, inside: str) -> str:
    """A section that is shown when opened."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def tree(items: Iterable[Item], text: Callable[[Item], str], below: Callable[[Item], Sequence[Item]]) -> str:
    """Items in a list, with their children below each."""
    rows = [
        f"<li>{escape(text(item))}{tree(more, text, below) if (more := below(item)) else ''}</li>" for item in items
    ]
    return f"<ul>{''.join(rows)}</ul>"


def moment(time: datetime) -> str:
    """A game time for a reader: March 5, 18:00."""
    return f"{time:%B} {time.day}, {time:%H:%M}"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        value = f"{value:,.2f}"
    elif isinstance(value, int):
        value = f"{value:,}"
    else:
        return f"<td>{escape(str(value))}</td>"
    return f'<td class="number">{value}</td>'

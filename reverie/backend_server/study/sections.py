"""The sections of a report: the figures of a town, in words, plots, tables and CSV.

Knows what a reader wants to see; other modules of this package compute it, page.py and plots.py display it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from persona.prompt_template.llm_config import counted
from saves.export import csv_text
from saves.table_rows import Fallback, Memory, Usage
from saves.tables import Tables
from study import acquaintance, appointments, days, news, page, plots
from study.page import moment

_MOST_TREES = 20
_MOST_REFLECTIONS = 5
_MOST_HOURS = 48
_HOME = "at home"


class Section(NamedTuple):
    """A part of the page, and {name: text} of the CSV files behind it."""

    html: Sequence[str]
    files: Mapping[str, str]


def who_knows_whom(tables: Tables) -> Section:
    """Talks and acquaintance, with the density of the network over time."""
    found = acquaintance.acquaintance(tables)
    known, seen = found.curve(found.known), found.curve(found.seen)
    pairs = list(acquaintance.mutual(found.known))
    talks = {(row.persona, row.other): row.talks for row in found.talked}
    count = len(tables.names) * (len(tables.names) - 1) // 2
    words = (
        f"Of {count} pairs of people {_share(known[0][1])} knew each other at the start, {_share(known[-1][1])} at the "
        f"end (with those they have only seen: {_share(seen[0][1])} and {_share(seen[-1][1])}). "
        f"{counted(len(talks), 'pair')} talked, {counted(sum(talks.values()), 'time')} in total."
    )
    meaning = (
        "A knows B if A was given B's name at the start, has talked with B, has heard of B in a talk or has had a "
        "thought that names B; an edge means that both know each other. Density is 2E / (V (V - 1))."
    )
    title = "Who knows whom and who talks with whom"
    density = {"known": known, "known or seen": seen}
    often = sorted(found.talked, key=lambda row: (-row.talks, -row.lines, row))
    return Section(
        [
            page.heading("Who knows whom"),
            page.paragraph(words),
            page.figure(plots.network(title, tables.names, pairs, talks), meaning, "square"),
            page.figure(plots.curves("density", density, tables.end, 1.0), f"Density over time. {words}"),
            page.folded("Who talked most", page.table(("", "with", "talks", "lines"), often[:20])),
        ],
        {
            "acquaintance.csv": csv_text(acquaintance.Tie._fields, found.seen),
            "density.csv": csv_text(
                ("network", "time", "density"), [(name, *row) for name, rows in density.items() for row in rows]
            ),
            "talks.csv": csv_text(acquaintance.Talked._fields, found.talked),
        },
    )


def who_knows_what(tables: Tables, about: Sequence[news.News]) -> Section:
    """How each piece of news spread, and who came to announced occasions."""
    spreads = news.spread(tables, about)
    head = ("news", "takes place", "knew at the start", "know it at the end", "share", "came")
    meaning = (
        "News includes the phrases asked about, occasions with a place, day and time that people knew of at the start, "
        "and later whispers. People know it from the first line they heard or the first memory of theirs that has its "
        "words, or some of them and an embedding near that of the first memory of it."
    )
    shown = spreads[:_MOST_TREES]
    learned = [(each.news.title, *row) for each in spreads for row in each.learned]
    came = [(each.news.title, *row) for each in spreads for row in _attendance(tables, each)]
    return Section(
        [
            page.heading("Who knows what"),
            page.paragraph(meaning),
            page.table(head, [_summary(tables, each) for each in spreads]) if spreads else page.paragraph("No news."),
            *(
                _curves(tables, spreads[first : first + plots.MOST_LINES])
                for first in range(0, len(shown), plots.MOST_LINES)
            ),
            *(page.folded(f"How “{each.news.title}” spread", _tree(each)) for each in shown),
            *(page.folded(f"Who came: “{each.news.title}”", table) for each in shown if (table := _came(tables, each))),
        ],
        {
            "news.csv": csv_text(("news", *news.Learned._fields), learned),
            "attendance.csv": csv_text(("news", *_Attended._fields), came),
        },
    )


def how_time_is_spent(tables: Tables) -> Section:
    """Days of people and places, appointments, talks, memories and reflections."""
    spans = days.places(tables)
    made = appointments.made_in_talks(tables)
    remembered = days.remembered(tables)
    over = [each for each in made if each.kept is not None]
    kept = f"{len(made)} appointments were made in talks; {_count(over)} of the {len(over)} past ones were kept."
    reflections = [each for name in tables.names for each in days.reflections(tables.memories_of(name))]
    presence = days.presence(spans)
    return Section(
        [
            page.heading("How time is spent"),
            *_days(tables, spans),
            page.figure(
                plots.hours("People in each place by the hour of the day", presence),
                f"People in each place in each hour, on average over the days. {_busiest(presence)}",
            ),
            page.heading("Appointments", 3),
            page.paragraph(
                f"{kept} Kept means: there at any time from {appointments.EARLY.seconds // 60} minutes before it on."
            ),
            page.folded("All appointments", page.table(appointments.Made._fields, map(_made, made))),
            page.heading("Talk and memory", 3),
            page.table(days.Remembered._fields, remembered),
            page.heading("Reflections", 3),
            page.paragraph("The deepest of each person, with the memories they are based on."),
            *(page.folded(name, _reflections(tables.memories_of(name))) for name in tables.names),
        ],
        {
            "minutes.csv": csv_text(
                ("persona", "date", "place", "minutes"),
                [(*key, round(count, 1)) for key, count in sorted(days.minutes(spans).items())],
            ),
            "presence.csv": csv_text(
                ("place", *range(days.HOURS)), [(place, *(round(n, 3) for n in row)) for place, row in presence.items()]
            ),
            "appointments.csv": csv_text(appointments.Made._fields, made),
            "memories.csv": csv_text(days.Remembered._fields, remembered),
            "reflections.csv": csv_text(
                ("persona", "node", "created", "depth", "poignancy", "text", "evidence"),
                [
                    (r.persona, r.node, r.created, r.depth, r.poignancy, r.text, " ".join(r.evidence))
                    for r in reflections
                ],
            ),
        },
    )


def cost(tables: Tables) -> Section:
    """The requests to the model and their cost."""
    total = tables.usage[0]
    words = (
        f"{total.requests:,} requests for {total.questions:,} questions, {total.input_tokens:,} tokens in, "
        f"{total.output_tokens:,} out, {total.embedding_tokens:,} embedded: ${total.cost_usd:,.4f}"
        f"{f' and {total.unpriced:,} requests without a known price' if total.unpriced else ''}. "
        f"{total.fallbacks:,} questions fell back to a fail-safe, since no answer was usable."
    )
    splits = {name: [row for row in tables.usage if row.split == name] for name in ("purpose", "persona", "hour")}
    return Section(
        [
            page.heading("Cost"),
            page.paragraph(words),
            *(_used(name, rows) for name, rows in splits.items() if rows),
            page.folded("Why questions fell back", page.table(Fallback._fields, tables.fallbacks)),
        ],
        {
            "usage.csv": csv_text(Usage._fields, tables.usage),
            "fallbacks.csv": csv_text(Fallback._fields, tables.fallbacks),
        },
    )


# Who knows what


class _Attended(NamedTuple):
    place: str
    start: object
    end: object
    persona: str
    knew: bool
    minutes: float


def _attendance(tables: Tables, spread: news.Spread) -> list[_Attended]:
    """Everyone who knew of the occasion before its end, or came; nobody before it begins."""
    where = spread.news.takes_place
    if where is None or where.start >= tables.end:
        return []
    knew = {each.persona for each in spread.learned if each.time < where.end}
    came = appointments.came(tables, tables.timeline.stays, where)
    names = [name for name in tables.names if name in knew or name in came]
    return [_Attended(*where[:3], name, name in knew, round(came.get(name, 0.0), 1)) for name in names]


def _summary(tables: Tables, spread: news.Spread) -> Sequence[Any]:
    given = sum(each.how == news.GIVEN for each in spread.learned)
    where, attended = spread.news.takes_place, _attendance(tables, spread)
    came = f"{sum(each.minutes > 0 for each in attended)}" if attended else "" if where is None else "not yet"
    when = f"{where.place}, {moment(where.start)}" if where else ""
    share = _share(len(spread.learned) / len(tables.names))
    return spread.news.title, when, given, len(spread.learned), share, came


def _curves(tables: Tables, spreads: Sequence[news.Spread]) -> str:
    lines = {}
    for each in spreads:
        times = sorted({tables.start, *(learned.time for learned in each.learned)})
        lines[each.news.title[:40]] = [
            (time, float(sum(learned.time <= time for learned in each.learned))) for time in times
        ]
    known = "; ".join(
        f"{title}: {points[0][1]:.0f} at the start, {points[-1][1]:.0f} at the end" for title, points in lines.items()
    )
    plot = plots.curves("people who know it", lines, tables.end, len(tables.names))
    return page.figure(plot, f"How many of the {len(tables.names)} people know of it. {known}.")


def _tree(spread: news.Spread) -> str:
    def text(each: news.Learned) -> str:
        talk = f", talk {each.talk}" if each.talk else ""
        likely = ", by its embedding" if each.found_by == news.BY_EMBEDDING else ""
        return f"{each.persona} ({each.how}, {moment(each.time)}{talk}{likely}): {each.evidence}"

    return page.tree(spread.told_by(""), text, lambda each: spread.told_by(each.persona))


def _came(tables: Tables, spread: news.Spread) -> str:
    if not (attended := _attendance(tables, spread)):
        return ""
    groups = {
        "knew of it and came": [each for each in attended if each.knew and each.minutes],
        "knew of it and did not come": [each for each in attended if each.knew and not each.minutes],
        "came without knowing of it": [each for each in attended if not each.knew],
    }
    rows = [
        (what, len(group), ", ".join(f"{each.persona} ({each.minutes:.0f} min)" for each in group))
        for what, group in groups.items()
    ]
    return page.table(("", "people", "who"), rows)


# How time is spent


def _days(tables: Tables, spans: Sequence[days.Span]) -> Iterable[str]:
    """A chart of each day, in the same colors."""
    homes = {who.name: who.home.split(":")[1] if ":" in who.home else "" for who in tables.people_at_start}
    out = days.total(span for span in spans if span.what not in (days.BETWEEN, homes.get(span.persona)))
    colors = dict(zip(list(out)[: plots.MOST_LINES - 1], plots.COLORS, strict=False))

    def kind(span: days.Span) -> str:
        if span.what == days.BETWEEN or span.what in colors:
            return span.what
        return _HOME if span.what == homes.get(span.persona) else "elsewhere"

    layers = [
        ({_HOME: plots.LIGHT, **colors, "elsewhere": plots.GRAY}, [span._replace(what=kind(span)) for span in spans]),
        ({"asleep": plots.DARK}, days.sleep(tables)),
        ({days.TALKING: "black"}, days.talks(tables)),
    ]
    for day in sorted({span.start.date() for span in spans}):
        bars = [
            plots.Bars(what, color, _on(day, what, of_layer), what == days.TALKING)
            for kinds, of_layer in layers
            for what, color in kinds.items()
        ]
        title = f"Where people are on {day:%A, %B} {day.day}"
        yield page.figure(plots.day(title, tables.names, bars), f"{title}. {_time_in_words(day, layers[0][1])}")


def _on(day: date, what: str, spans: Iterable[days.Span]) -> dict[str, list[tuple[float, float]]]:
    """{persona: [(start hour, hours)]}."""
    found: dict[str, list[tuple[float, float]]] = {}
    for span in spans:
        if span.what == what and span.start.date() == day:
            start = span.start.hour + span.start.minute / 60 + span.start.second / 3600
            found.setdefault(span.persona, []).append((start, span.minutes / 60))
    return found


def _time_in_words(day: date, spans: Sequence[days.Span]) -> str:
    total = days.total(span for span in spans if span.start.date() == day)
    parts = (f"{what} {_share(minutes / sum(total.values()))}" for what, minutes in total.items())
    return f"Shares of the time: {', '.join(parts)}."


def _busiest(presence: Mapping[str, Sequence[float]]) -> str:
    place = max(presence, key=lambda name: max(presence[name]))
    hour = max(range(days.HOURS), key=lambda hour: presence[place][hour])
    return f"Highest: {presence[place][hour]:.1f} at {place}, from {hour}:00 to {hour + 1}:00."


def _made(each: appointments.Made) -> Sequence[str]:
    kept = {True: "yes", False: "no", None: "not yet"}[each.kept]
    return each.persona, moment(each.made), each.place, moment(each.start), moment(each.end), kept, each.text


def _count(over: Sequence[appointments.Made]) -> int:
    return sum(bool(each.kept) for each in over)


def _reflections(memories: Sequence[Memory]) -> str:
    by_node = {memory.node: memory for memory in memories}

    def text(memory: Memory) -> str:
        return f"{memory.text} ({memory.kind}, {moment(memory.created)}, poignancy {memory.poignancy})"

    def evidence(memory: Memory) -> list[Memory]:
        return [by_node[node] for node in memory.evidence if node in by_node]

    return page.tree(days.reflections(list(memories))[:_MOST_REFLECTIONS], text, evidence)


# Cost


def _used(split: str, rows: Sequence[Usage]) -> str:
    head = (split, *Usage._fields[2:])
    tokens: dict[str, float] = {}
    for row in rows:  # many hours are summed by day
        label = row.label.partition(" ")[0] if split == "hour" and len(rows) > _MOST_HOURS else row.label or "-"
        tokens[label] = tokens.get(label, 0) + row.input_tokens + row.output_tokens
    most = max(tokens, key=lambda label: tokens[label])
    plot = plots.bars(f"tokens by {split}", tokens)
    words = f"Tokens in and out by {split}; most for {most}: {tokens[most]:,.0f}."
    return page.figure(plot, words) + page.folded(f"By {split}", page.table(head, [row[1:] for row in rows]))


def _share(part: float) -> str:
    return f"{part:.0%}"

"""The mock model's way of bringing somebody up to date: what still holds, what has come to its end, what is promised.

Knows the identity sheet and statements; sentences about the past keep their dates only as long as they are news.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from mock_llm import appointments
from mock_llm.english import sentences
from mock_llm.memos import tells_of_news
from mock_llm.occasions import Occasion, is_over, occasion
from mock_llm.prompt import DATE, Prompt, date_text, read_date

_WENT_WELL = re.compile(rf" is glad that .+ of {DATE} went well")
_NEWS_FOR = timedelta(days=3)
_MOST_MATTERS = 3
_MOST_PROMISES = 3


def identity(prompt: Prompt) -> dict[str, Any]:
    """At most three sentences of what one is about; the usual days, and what is promised for this one."""
    name, today = prompt.name, prompt.today
    memories = prompt.remembered(f"What {name} remembers of late:")
    told, usual = sentences(prompt.sheet("Currently")), sentences(prompt.sheet("Daily requirement"))
    promised = appointments.upcoming(name, [*told, *usual, *memories], today)
    later = [text for text in promised if today and read_date(text, today) != today]
    due = [text for text in promised if text not in later]
    matters = _matters(told, name, today)[: _MOST_MATTERS - bool(later)]
    habits = [text for text in usual if not appointments.is_promise(text)]
    return {
        "currently": " ".join([*matters, *_merged(later[:_MOST_PROMISES], name)]),
        "daily_requirement": " ".join([*(habits or [f"{name} goes about the usual day."]), *due[:_MOST_PROMISES]]),
    }


def _matters(told: list[str], name: str, today: date | None) -> list[str]:
    """What one was about and still is; what took place turns into the gladness of those who gave it."""
    own = [text for text in told if not appointments.is_promise(text) and not tells_of_news(text)]
    held = (text if not is_over(text, today) else _looked_back_on(text, name, today) for text in own)
    return list(filter(None, held)) or [f"{name} is thinking of something new to begin."]


def _looked_back_on(text: str, name: str, today: date | None) -> str:
    if _WENT_WELL.search(text):
        day = read_date(text, today)
        return text if today and day and today - day <= _NEWS_FOR else ""
    found = occasion(text, today)
    return _glad(name, found) if found and found.what else ""


def _glad(name: str, found: Occasion) -> str:
    day = date_text(found.day).partition(", ")[2]
    return f"{name} is glad that {found.called} of {day} went well."


def _merged(promised: list[str], name: str) -> list[str]:
    """Promises of one person as one sentence, each with its own day."""
    parts = [text.removeprefix(f"{name} ").rstrip(".") for text in promised]
    return [f"{name} {' and '.join(parts)}."] if parts else []

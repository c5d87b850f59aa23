"""Readers of model answers: each turns whatever a model answered into one typed value, or says why it cannot.

They know the forms that answers come in; they must not know models, prompts, memories or the maze.
"""

from __future__ import annotations

from .answer import Unreadable, bare, shown
from .blocks import fill, merged
from .clock import times
from .insights import insights
from .lists import items, lines
from .objects import by_name, fields
from .phrases import activity, memo, prose, sentence, topic
from .pronunciatio import emoji_of
from .schedules import Start, block_starts, day_starts, sleep_start, task_starts
from .talk import turn, utterance
from .triples import triple
from .values import choice, hour, option, place_text, rating, ratings, yes_no

__all__ = [
    "Start",
    "Unreadable",
    "activity",
    "bare",
    "block_starts",
    "by_name",
    "choice",
    "day_starts",
    "emoji_of",
    "fields",
    "fill",
    "hour",
    "insights",
    "items",
    "lines",
    "memo",
    "merged",
    "option",
    "place_text",
    "prose",
    "rating",
    "ratings",
    "sentence",
    "shown",
    "sleep_start",
    "task_starts",
    "times",
    "topic",
    "triple",
    "turn",
    "utterance",
    "yes_no",
]

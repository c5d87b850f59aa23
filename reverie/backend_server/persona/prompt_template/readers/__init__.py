"""Readers of model answers: each turns whatever a model answered into one typed value, or says why it cannot.

They know the forms that answers come in; they must not know models, prompts, memories or the maze.
"""

from __future__ import annotations

from .answer import Unreadable
from .insights import insights
from .lists import items, lines
from .objects import fields, without
from .phrases import activity, memo, prose, sentence, topic
from .pronunciatio import emoji_of
from .schedules import hourly, schedule_block, tasks
from .talk import turn, utterance
from .triples import triple
from .values import choice, hour, option, rating, ratings, yes_no

__all__ = [
    "Unreadable",
    "activity",
    "choice",
    "emoji_of",
    "fields",
    "hour",
    "hourly",
    "insights",
    "items",
    "lines",
    "memo",
    "option",
    "prose",
    "rating",
    "ratings",
    "schedule_block",
    "sentence",
    "tasks",
    "topic",
    "triple",
    "turn",
    "utterance",
    "without",
    "yes_no",
]

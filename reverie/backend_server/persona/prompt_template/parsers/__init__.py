"""Parsers of model answers: each turns an answer into one typed value, or says why it cannot.

They know the forms that answers take; they must not know models, prompts, memories or the maze.
"""

from .clock import times
from .fields import by_name, fields
from .lists import lines
from .phrases import activity, memo, prose, sentence, topic
from .schedules import Start, block_starts, day_starts, sleep_start, task_starts
from .statements import insights, triple
from .talk import turn, utterance
from .text import ParseError, bare, read_or, shown
from .values import choice, emoji_of, hour, place_text, rating, ratings, yes_no

__all__ = [
    "ParseError",
    "Start",
    "activity",
    "bare",
    "block_starts",
    "by_name",
    "choice",
    "day_starts",
    "emoji_of",
    "fields",
    "hour",
    "insights",
    "lines",
    "memo",
    "place_text",
    "prose",
    "rating",
    "ratings",
    "read_or",
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

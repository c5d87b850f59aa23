"""The questions to the model, one class each: inputs, the model of the answer, checks and fail-safes.

To add one, copy `Summary`, write its template, and import it here.
"""

from .actions import Action, Task, Tasks, sleeping
from .day import Day
from .poignancy import Poignancy
from .question import Question
from .reactions import AfterChat, HoursAfter, Refilled, WouldTalk, WouldWait
from .reflect import FocalPoints, Insights, Revision
from .talk import FirstLine, Interview, NextLine, Said, Summary
from .thought import Thought, Whisper

__all__ = [
    "Action",
    "AfterChat",
    "Day",
    "FirstLine",
    "FocalPoints",
    "HoursAfter",
    "Insights",
    "Interview",
    "NextLine",
    "Poignancy",
    "Question",
    "Refilled",
    "Revision",
    "Said",
    "Summary",
    "Task",
    "Tasks",
    "Thought",
    "Whisper",
    "WouldTalk",
    "WouldWait",
    "sleeping",
]

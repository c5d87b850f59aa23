"""What is asked of the model, one class a question: its inputs, the model of its answer, its checks, its fail-safes.

To add one, copy `Summary`, write its template, and list it in `QUESTIONS`.
"""

from typing import Any

from .actions import Action, Task, Tasks, sleeping
from .day import Day, DayPlan
from .poignancy import Poignancy
from .question import Question
from .reactions import AfterChat, Aftermath, HoursAfter, Refilled, WouldTalk, WouldWait
from .reflect import FocalPoints, Identity, Insights, Revision
from .talk import FirstLine, NextLine, Opening, Said, Summary
from .thought import Thought
from .voices import Interview, Whisper

QUESTIONS: dict[str, type[Question[Any]]] = {
    question.template: question
    for question in (Action, AfterChat, Day, FirstLine, FocalPoints, HoursAfter, Insights, Interview, NextLine)
    + (Poignancy, Revision, Summary, Tasks, Whisper, WouldTalk, WouldWait)
}
"""Every question by the name of its template."""

__all__ = [
    "QUESTIONS",
    "Action",
    "AfterChat",
    "Aftermath",
    "Day",
    "DayPlan",
    "FirstLine",
    "FocalPoints",
    "HoursAfter",
    "Identity",
    "Insights",
    "Interview",
    "NextLine",
    "Opening",
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

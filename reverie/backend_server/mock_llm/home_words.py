"""Words for tasks at home, at table and in company: what people do, step by step. Data only."""

from __future__ import annotations

import re
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of activity: a pattern for its words, and its tasks in their order."""

    words: re.Pattern[str]
    tasks: tuple[str, ...]


def kind(words: str, *tasks: str) -> Kind:
    """A kind by the text of its pattern."""
    return Kind(re.compile(words), tasks)


HOME_KINDS: tuple[Kind, ...] = (
    kind(
        r"^meeting\b",
        "looking out for a familiar face",
        "choosing a quiet spot for company",
        "going over the news of the week",
        "listening with interest",
        "thinking over a good question",
        "taking leave in good spirits",
    ),
    kind(
        r"getting up|ready for the day|morning routine|waking up",
        "stretching beside the bed",
        "making the bed",
        "taking a warm shower",
        "brushing teeth at the bathroom sink",
        "combing hair in front of the mirror",
        "choosing clothes from the closet",
        "getting dressed at the closet",
        "packing a bag for the day at the desk",
    ),
    kind(
        r"for bed|winding down|going to bed|evening routine",
        "putting the dishes away in the kitchen",
        "laying out clothes for tomorrow at the closet",
        "writing a few lines in a diary at the desk",
        "washing up in the bathroom",
        "brushing teeth at the bathroom sink",
        "reading a few pages in bed",
        "setting the alarm clock by the bed",
    ),
    kind(
        r"breakfast.*at home",
        "boiling water for tea on the stove",
        "frying eggs on the stove",
        "taking butter and jam from the refrigerator",
        "slicing bread in the kitchen",
        "eating breakfast at the table",
        "listening to the morning news on the radio",
        "finishing a second cup of tea at the table",
        "rinsing the breakfast dishes at the kitchen sink",
    ),
    kind(
        r"(?:lunch|dinner|supper|cook|meal).*at home",
        "looking through the refrigerator",
        "washing vegetables at the kitchen sink",
        "chopping onions and carrots in the kitchen",
        "simmering a soup on the stove",
        "tasting and seasoning the soup on the stove",
        "setting the table",
        "eating at the table",
        "putting the leftovers in the refrigerator",
        "washing the dishes at the kitchen sink",
    ),
    kind(
        r"hosting.*(?:supper|dinner|lunch|brunch|breakfast|meal|feast|banquet)",
        "moving the tables together",
        "putting out plates and glasses",
        "welcoming the guests at the door",
        "serving the first course",
        "saying a few words to everybody",
        "going from table to table",
        "bringing out the dessert",
        "thanking the guests and saying goodbye",
    ),
    kind(
        r"hosting|celebrat",
        "getting everything into its place",
        "welcoming the guests",
        "saying a few words to everybody",
        "explaining how everything goes",
        "seeing that nobody is left out",
        "answering questions from all sides",
        "thanking the guests and saying goodbye",
    ),
    kind(
        r"joining|taking part|attending|party",
        "saying hello to everybody",
        "finding a good place among the neighbours",
        "watching what goes on",
        "listening to a story",
        "clapping along with the others",
        "trying a little of everything",
        "helping to tidy up afterwards",
    ),
    kind(
        r"lunch|dinner|supper|brunch|breakfast",
        "reading the menu at the counter",
        "ordering the dish of the day",
        "finding a free table",
        "breaking bread while the soup cools",
        "eating a bowl of soup at a table",
        "eating a slice of pie at a table",
        "stirring a cup of coffee",
        "clearing the table",
        "paying at the counter",
    ),
    kind(
        r"having a (?:coffee|tea)|coffee break|tea break",
        "ordering a coffee at the counter",
        "sitting down at a table with a coffee",
        "leafing through the newspaper",
        "nibbling a biscuit",
        "watching people pass by the window",
    ),
)

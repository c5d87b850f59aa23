"""Words for company: greetings, reactions, questions with their answers, partings. Data, and what is known by it."""

from __future__ import annotations

import re

GREETINGS = (
    "How is your day going?",
    "What are you up to today?",
    "I was hoping to run into you.",
    "What is new with you?",
    "How good to see a familiar face!",
)
WELL = ("Thanks for asking.", "I'm well, only busy.", "It's a good day so far.", "I can't complain.")
REACTIONS = (
    "That sounds wonderful.",
    "I would never have guessed.",
    "Now that is news to me.",
    "I like the sound of that.",
    "You must tell me more one day.",
    "Who would have thought?",
)
ON_KNOWN = ("So I have heard.", "Yes, I remember that.", "People talk about it.", "I had that in mind, too.")
ON_INVITATIONS = (
    "I would love to come.",
    "What a good idea, I'll be there.",
    "You can count on me.",
    "I wouldn't miss it.",
)
ON_GOOD_ENDS = ("I'm glad to hear it.", "People will talk about it for a long time.", "You deserve it.")
ON_SAD_NEWS = (
    "I'm so sorry to hear that.",
    "That is hard. If there is anything you need, tell me.",
    "Oh no. My thoughts are with you.",
)
ON_QUIET = (
    "Quiet days have their charm.",
    "A little peace does everybody good.",
    "Then you can enjoy the calm for once.",
    "Long may it stay so.",
)
ON_DOINGS = (
    "Then I won't keep you from it for long.",
    "That sounds like a good way to spend the time.",
    "It suits you.",
    "I could do with some of that myself.",
)
ON_PLANS = (
    "Then I know where to find you.",
    "I hope that it goes well.",
    "That is something to look forward to.",
    "You have it all planned, I see.",
)
ON_SIGHTINGS = (
    "There is always something going on.",
    "I must stop by one of these days.",
    "Everybody is about, it seems.",
    "That sounds just like them.",
)
ON_ANSWERS = ("I see.", "That makes sense.", "I had been wondering.", "Good to know.")
QUIET = ("I'm taking things as they come.", "Otherwise all is quiet with me.", "I have told you all my news.")
HEARSAY = "I hear that "
TURNS = ("Have you heard?", "Here is something else:", "By the way,")
REASONS = ("Let's talk about it at leisure.", "I would like to hear more.", "There is more to tell than I can now.")
PARTINGS = (
    "I should be getting on now.",
    "I had better be going.",
    "It was good to talk with you.",
    "I won't keep you any longer.",
)
WISHES = ("See you soon", "Until next time", "Take care")

# A question about what the other has just told, and what one answers to it.
QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Is there anything I can do to help?",
        ("That is kind of you. Just tell the others about it.", "Not yet, but I'll come back to that offer."),
    ),
    (
        "Who else knows about it?",
        ("Only a few people so far.", "You are one of the first."),
    ),
    (
        "How long have you been thinking about that?",
        ("Longer than I would like to admit.", "For a few weeks now, on and off."),
    ),
    (
        "What made you begin with it?",
        ("Somebody has to, and I like it.", "It was a whim at first, and then it would not let me go."),
    ),
    (
        "What will you do next?",
        ("One thing after the other, as always.", "First of all I'll sleep on it."),
    ),
)
# A question about a matter of the other's that one has heard of: `How are you getting on with restoring a boat?`
HOW_GOES = ("How are you getting on with {matter}?", "How is it going with {matter}?", "Any progress with {matter}?")
IT_GOES = (
    "Slowly but surely, thank you.",
    "Better than I had feared.",
    "It keeps me busier than I thought.",
    "There is still a good deal to do, but I enjoy it.",
)

_SAD = re.compile(
    r"\b(?:died|death|funeral|lost|ill|sick|hospital|broke(?:n)?|burn(?:t|ed)|robbed|stolen|accident|grie(?:f|ving)|"
    r"sad|misses|heartbroken|worried|quarrel\w*|closing down|sold up)\b",
    re.I,
)
_QUIET = re.compile("|".join(map(re.escape, QUIET)))
_DOING = re.compile(r"(?:I was just|Lately I have been|(?:This morning|Earlier today|Yesterday) I was)\b")
_PLAN = re.compile(r"At (?:noon|\d[\d:]*[ap]m) I['’]ll be\b")
_SIGHTING = re.compile(r"I saw .+? (?:just now|this morning|earlier today|yesterday),")
_SMALL_WORDS = re.compile(
    r"With pleasure|Yes, let|Gladly|Tomorrow at|Good (?:morning|evening)|Hello|See you|That suits|At that hour|"
    r"We meet again|Here we are|I haven['’]t seen you|It has been a while|"
    r"(?:I['’]ll be at|I['’]m looking forward|That name)\b"
)
_SAID = (
    *(GREETINGS + WELL + REACTIONS + ON_INVITATIONS + ON_GOOD_ENDS + ON_SAD_NEWS + ON_QUIET + ON_DOINGS + ON_ANSWERS),
    *(QUIET + REASONS + PARTINGS + IT_GOES + ON_KNOWN + ON_PLANS + ON_SIGHTINGS),
    *(answer for _, answers in QUESTIONS for answer in answers),
)
_TURN = re.compile(rf"^(?:{'|'.join(map(re.escape, TURNS))})\s*")
_PHRASES = frozenset(part.strip() for said in _SAID for part in re.split(r"(?<=[.!?])\s+", said))


def without_turn(text: str) -> str:
    """What is told, without the words that lead over to it."""
    return _TURN.sub("", text.strip()).removeprefix(HEARSAY)


def is_small_talk(text: str) -> bool:
    """Whether a sentence is said for company's sake."""
    return (
        text.strip() in _PHRASES
        or is_doing(text)
        or is_plan(text)
        or is_sighting(text)
        or bool(_SMALL_WORDS.match(text))
    )


def is_doing(text: str) -> bool:
    """Whether a sentence tells of what somebody does or has just done."""
    return bool(_DOING.match(text))


def is_plan(text: str) -> bool:
    """Whether a sentence tells of what somebody has before it."""
    return bool(_PLAN.match(text))


def is_sighting(text: str) -> bool:
    """Whether a sentence tells of somebody seen."""
    return bool(_SIGHTING.match(text))


def is_quiet(text: str) -> bool:
    """Whether somebody says that nothing is new."""
    return bool(_QUIET.search(text))


def is_sad(text: str) -> bool:
    """Whether a sentence tells of something sad."""
    return bool(_SAD.search(text))


def answers_to(question: str) -> tuple[str, ...]:
    """What one answers to a question about one's matters; nothing to others."""
    known = next((answers for asked, answers in QUESTIONS if asked in question), ())
    how = any(re.search(re.escape(form).replace(r"\{matter\}", ".+"), question) for form in HOW_GOES)
    return known or (IT_GOES if how else ())

"""The figures of others: the original code, measured, and the best that its successors have published.

The original's figures were measured by running its own code with its two base simulations (3 and 25 people) against a
local server that answers every prompt in the right form at once, on one core. Knows no figure of ours.
"""

from __future__ import annotations

from typing import NamedTuple

STEPS_A_DAY = 8640
LATENCY = 0.5  # seconds an answer takes where wall times are compared
PAUSE_A_STEP = 0.1  # seconds the original sleeps in each step


class Original(NamedTuple):
    """A run of the original code, as counted: `steps` of `people` persons."""

    people: int
    steps: int
    chat_calls: int
    prompt_tokens: int
    embedding_requests: int
    cpu_seconds: float

    def a_day(self, count: float) -> float:
        """What a count of the run makes in a whole day at the same rate."""
        return count * STEPS_A_DAY / self.steps

    def each_day(self, count: float) -> float:
        """The same for one person."""
        return self.a_day(count) / self.people

    @property
    def wall_seconds(self) -> float:
        """The time of a day, at LATENCY per answer, since it sends one request after another."""
        return self.a_day((self.chat_calls + self.embedding_requests) * LATENCY + PAUSE_A_STEP * self.steps)


ORIGINAL = {
    3: Original(
        people=3,
        steps=8_700,
        chat_calls=3_647,
        prompt_tokens=1_090_000,
        embedding_requests=939,
        cpu_seconds=36,
    ),
    25: Original(
        people=25,
        steps=6_434,
        chat_calls=44_830,
        prompt_tokens=18_600_000,
        embedding_requests=16_574,
        cpu_seconds=887,
    ),
}

IDLE_STEP_US = 370.0  # of one persona, awake, 3 people
PATH_MS = 9.0  # its cheapest
RETRIEVAL_MS_A_MEMORY = 0.24

SUCCESSORS = (
    "AI Metropolis (arXiv 2411.03519), 25 agents, a day: 3.25 x over one request after the other; nothing saved.",
    "Affordable Generative Agents (arXiv 2402.02053): 31% (3 agents) and 43% (25) of the original's tokens, once warm.",
    "A packed rewrite (Rumorwoods): 232 calls, 59,000 tokens per persona and day, in ticks of ten minutes.",
)

"""Surveys: the same questions to many people as of a step, asked concurrently; nobody remembers them.

Knows the questions, the people and the evaluation of answers; converse.py interviews a person, survey_files.py writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import NamedTuple

from persona.cognitive_modules import converse
from persona.memory_structures.associative_memory import ConceptNode
from persona.mind import Mind
from persona.parallel_map import ParallelMap
from persona.prompt_template import llm_config
from persona.prompt_template.asking import ask, first_prompt
from persona.prompt_template.gpt_structure import CHAT_MODEL
from persona.prompt_template.parsers import ParseError, yes_no
from persona.prompt_template.questions import Interview
from study.names import Names
from study.question_file import Asked, Question
from study.support import Support, support

YES, NO, UNCLEAR, NONE = "yes", "no", "unclear", "no answer"
INTERVIEWER = "Interviewer"
_TOKENS_OF_AN_ANSWER = 60
_BYTES_A_TOKEN = 4
_NO_ANSWER = Interview.Answer.model_fields["answer"].default
_SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])\s*|, but ")
_DENIAL = re.compile(
    r"\b(?:do not|don['’]t|did not|didn['’]t|not) (?:really |actually )?"
    r"(?:know|recall|remember|sure who|familiar|aware)\b"
    r"|\b(?:never|not|haven['’]t) (?:yet )?(?:heard|met)\b"
    r"|\A(?:of course|certainly|absolutely|definitely) not\b",
    re.IGNORECASE,
)
_AFFIRMATION = re.compile(
    r"(?:(?:of course|certainly|absolutely|definitely|indeed|sure)\b"
    r"|I(?: do| know|(?: have|['’]ve) (?:heard|met))\b)(?! no)",
    re.IGNORECASE,
)


class Answer(NamedTuple):
    """A person's answer; "" if the model gave none.

    verdict: yes, no, unclear or no answer to a yes/no question; "" for others. memories: retrieved ones, best first.
    """

    persona: str
    asked: Asked
    text: str
    verdict: str
    support: Support
    memories: tuple[str, ...]


class Estimate(NamedTuple):
    """The number of answers already recorded; the estimated usage of the others: tokens, USD by list price if known."""

    recorded: int
    tokens: int
    usd: Decimal | None


class _Reminded(NamedTuple):
    """A question to a persona, and the memories retrieved for it, best first."""

    persona: Mind
    asked: Asked
    nodes: Sequence[ConceptNode]


class Survey:
    """Questions, and the people who are asked them.

    Args:
        questions: in the order of their file.
        people: those who are asked, as of the step; the objects are used for nothing else.
        town: the names of everybody, in roster order.
    """

    def __init__(self, questions: Sequence[Question], people: Sequence[Mind], town: Sequence[str]) -> None:
        self.questions, self.town = questions, town
        self._names = Names(town)
        self.people = {persona.name: persona for persona in people}
        self._asked = {name: [a for q in questions for a in q.asked_of(name, town)] for name in self.people}
        self._answers: dict[tuple[str, Asked], Answer] = {}
        self._recalled: list[_Reminded] = []

    @property
    def answers(self) -> list[Answer]:
        """The answers so far, question by question, in roster order."""
        pairs = ((name, asked) for name, all_asked in self._asked.items() for asked in all_asked)
        return sorted((self._answers[pair] for pair in pairs if pair in self._answers), key=lambda a: a.asked.number)

    @property
    def size(self) -> int:
        """The final number of answers."""
        return sum(map(len, self._asked.values()))

    @property
    def is_complete(self) -> bool:
        """Whether every question has been answered."""
        return len(self._answers) == self.size

    def estimate(self, each: ParallelMap) -> Estimate:
        """The estimate, from the prompts that are still to be sent, with the memories retrieved for them.

        Raises:
            LLMError: the model cannot be used: the questions are embedded.
        """
        price, _ = llm_config.list_price(llm_config.get_model_name(CHAT_MODEL))
        lengths = [length for length in each(_length, self._reminded(each)) if length]
        read, written = sum(lengths) // _BYTES_A_TOKEN, len(lengths) * _TOKENS_OF_AN_ANSWER
        usd = None if price is None else (read * price.input + written * price.output) / 1_000_000
        return Estimate(self.size - len(lengths), read + written, usd)

    def ask(self, each: ParallelMap, answered: Callable[[], object]) -> None:
        """Asks everybody everything, as if each question were the only one; `answers` grows as they come in.

        Args:
            answered: is called after each answer.

        Raises:
            LLMError: the model cannot be used. Answers so far are kept.
        """

        def put(reminded: _Reminded) -> None:
            self._answers[reminded.persona.name, reminded.asked] = self._answer(*reminded)
            answered()

        each(put, self._reminded(each))

    def _reminded(self, each: ParallelMap) -> list[_Reminded]:
        """Every question to everybody, question by question; the memories are retrieved once."""
        if not self._recalled:
            found = zip(self.people.values(), each(self._recall, self.people.values()), strict=True)
            self._recalled = [
                _Reminded(persona, asked, nodes)
                for persona, lists in found
                for asked, nodes in zip(self._asked[persona.name], lists, strict=True)
            ]
            self._recalled.sort(key=lambda one: one.asked.number)  # a survey stopped early has complete questions
        return self._recalled

    def _recall(self, persona: Mind) -> list[list[ConceptNode]]:
        return converse.recall(persona, [asked.text for asked in self._asked[persona.name]])

    def _answer(self, persona: Mind, asked: Asked, nodes: Sequence[ConceptNode]) -> Answer:
        said = ask(persona.model, _interview(persona, asked, nodes), persona.name)
        text = "" if said == _NO_ANSWER else said
        decided = (verdict(text) if text else NONE) if asked.is_yes_no else ""
        claims = text and (decided == YES or (decided != NO and not _DENIAL.search(_first_sentence(text))))
        rests_on = support(persona, asked.text, text, self._names, nodes) if claims else Support()
        return Answer(persona.name, asked, text, decided, rests_on, tuple(node.description for node in nodes))


def verdict(text: str) -> str:
    """Whether an answer begins with yes or no in a known language, or says whether a person is known."""
    first = _first_sentence(text)
    with suppress(ParseError):
        return YES if yes_no(first) else NO
    return NO if _DENIAL.search(first) else YES if _AFFIRMATION.match(first) else UNCLEAR


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text.strip())[0]


def _interview(persona: Mind, asked: Asked, nodes: Sequence[ConceptNode]) -> Interview:
    return converse.interview_question(persona, nodes, [(INTERVIEWER, asked.text)])


def _length(reminded: _Reminded) -> int:
    """Bytes of the prompt; 0 if its answer is recorded."""
    persona, question = reminded.persona, _interview(*reminded)
    prompt = first_prompt(persona.model, question)
    is_recorded = persona.model.is_recorded(prompt, purpose=question.purpose, persona=persona.name)
    return 0 if is_recorded else len(prompt.encode("utf-8", "surrogatepass"))

"""A question: the inputs of its template, the model of its answer, its checks, and the fail-safe of each part.

Knows how a form, a JSON schema and a parser follow from the model of an answer; not what any question is about.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.scratch import Scratch
from persona.prompt_template.gpt_structure import generate_prompt
from persona.prompt_template.parsers import ParseError, bare, fields, shown
from persona.prompt_template.questions import schemas

TEMPLATES = Path(__file__).parent.parent / "templates"
ASK_FOR_JSON = "Answer with JSON only, on one line: one object with these fields."
IN_LANGUAGE = " Write every text in {}; names, places of a list and names of fields stay as they are."
MOST_FAULTS = 3
"""How many faults of one part are reported to the model."""

Value = TypeVar("Value")


class Fault(NamedTuple):
    """A part of an answer that cannot be used, and the reason, which can be sent to the model."""

    part: str
    reason: str

    def __str__(self) -> str:
        return f"{self.part}: {self.reason}" if self.part else self.reason


@dataclass
class Question(ABC, Generic[Value]):
    """One question of one persona.

    The fields of `Answer` are the parts of the answer: each is separately read, asked for again and finally replaced by
    its default. In their validators, `info.context` is this question, and its `raw` the fields being read.
    """

    template: ClassVar[str]
    """Name of the template; with spaces it is the purpose of the request."""
    Answer: ClassVar[type[BaseModel]]
    """Its descriptions are shown to the model, with `words` filled in."""

    who: Scratch
    max_tokens: int = field(init=False, default=300)
    language: str = field(init=False, default="")
    """The language in which texts are requested."""
    raw: Mapping[str, Any] = field(init=False, default_factory=dict)

    @abstractmethod
    def inputs(self) -> Sequence[str]:
        """The inputs of the template, after the identity sheet and the name."""

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fail-safes for parts that are not in `read`, if they differ from the default of the field."""
        return {}

    def words(self) -> Mapping[str, str]:
        """The values of the names in braces in the descriptions of the fields."""
        return {"name": self.who.name}

    def choices(self) -> Mapping[str, Sequence[str]]:
        """The allowed values of fields, by the field's name, for the schema."""
        return {}

    def counts(self) -> Mapping[str, int]:
        """The length of lists of fixed length, by the field's name."""
        return {}

    def opened(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The raw fields by the requested names, from others that models are known to use."""
        return raw

    def check(self, answer: Any) -> Iterable[Fault]:
        """The faults of readable parts: inconsistent or implausible ones."""
        return ()

    def value(self, answer: Any) -> Value:
        """The result, from the parts of the answer as attributes: by default, the only part."""
        (only,) = vars(answer).values()
        value: Value = only
        return value

    # Derived from the above

    @property
    def purpose(self) -> str:
        """The name under which the request is counted."""
        return self.template.replace("_", " ")

    @property
    def memories_shown(self) -> list[ConceptNode]:
        """The memories in the prompt: all those in the fields of the question."""
        lists = (value for value in vars(self).values() if isinstance(value, (list, tuple)))
        return [item for values in lists for item in values if isinstance(item, ConceptNode)]

    def prompt(self) -> str:
        """The filled template, and below it the form of the answer."""
        language = IN_LANGUAGE.format(self.language) if self.language else ""
        return f"{self._filled}\n{ASK_FOR_JSON}{language}\n{self.form()}"

    @property
    def most_tokens(self) -> int:
        """The token limit of the answer: languages other than English need more tokens."""
        return self.max_tokens * (2 if self.language else 1)

    def form(self) -> str:
        """The fields of the answer, one per line; nothing in it can be mistaken for a value."""
        return schemas.as_text(schemas.of(self.Answer, {}, self.counts()), self.words())

    def response_format(self) -> dict[str, Any]:
        """The same as the schema of a structured output."""
        schema = schemas.strict(schemas.of(self.Answer, self.choices(), self.counts()))
        return {"type": "json_schema", "json_schema": {"name": self.template, "strict": True, "schema": schema}}

    def read(self, text: str, parts: dict[str, Any]) -> list[Fault]:
        """Adds the readable parts of an answer to `parts`; returns the faults of the others."""
        parsers = _parsers(self.Answer)
        try:
            self.raw = self.opened(fields(text, list(parsers)))
        except ParseError as error:
            return [Fault("", str(error))]
        faults = [fault for name in parsers if name not in parts for fault in self._read_part(name, parts)]
        if not faults:
            faults = list(self.check(SimpleNamespace(**parts)))
            for fault in faults:
                parts.pop(fault.part, None)
        return faults

    def fallback(self, parts: Mapping[str, Any]) -> Value:
        """The final answer: with fail-safes for parts that were not read or are inconsistent."""
        fail_safes = {**self._defaults(), **self.fail_safes(parts)}
        whole = {**fail_safes, **parts}
        for fault in self.check(SimpleNamespace(**whole)):
            whole[fault.part] = fail_safes[fault.part]
        return self.value(SimpleNamespace(**whole))

    def _read_part(self, name: str, parts: dict[str, Any]) -> Iterator[Fault]:
        given = self.raw.get(name)
        if _echoes(given, self._asked):
            yield Fault(name, "this only repeats the question")
            return
        try:
            parts[name] = _parsers(self.Answer)[name].validate_python(given, context=self)
        except ValidationError as error:
            yield from (Fault(name, reason) for reason in _reasons(error))

    def _defaults(self) -> dict[str, Any]:
        """The defaults of the parts that have one, and the values of omitted optional parts."""
        parts: dict[str, Any] = {}
        for name, part in self.Answer.model_fields.items():
            with suppress(ValidationError):
                without = _parsers(self.Answer)[name].validate_python
                parts[name] = without(None, context=self) if part.is_required() else part.default
        return parts

    @cached_property
    def _filled(self) -> str:
        inputs = [self.who.identity_sheet(), self.who.name, *self.inputs()]
        return generate_prompt(inputs, str(TEMPLATES / f"{self.template}.txt"))

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The parts of the task and the form that models repeat; and ellipses."""
        task = re.split(r"(?<=[.?:])\s+", self._filled.rpartition("Task: ")[2])
        said = [line.partition(": ")[2] for line in self.form().split("\n")]
        parts = [*task, *(part for text in said for part in (text, *text.split(", ", 1)))]
        return frozenset(filter(None, map(bare, parts))) | {"..", "..."}


@cache
def _parsers(answer: type[BaseModel]) -> dict[str, TypeAdapter[Any]]:
    """The validator of each field of an answer."""
    kinds: dict[str, Any] = {name: Annotated[field.annotation, field] for name, field in answer.model_fields.items()}
    return {name: TypeAdapter(kind) for name, kind in kinds.items()}


def _echoes(value: Any, phrases: frozenset[str]) -> bool:
    """Whether the value, or a text within it, only repeats the question."""
    if isinstance(value, Mapping):
        return any(_echoes(part, phrases) for part in value.values())
    if isinstance(value, list):
        return any(_echoes(part, phrases) for part in value)
    lines = value.split("\n") if isinstance(value, str) else ()
    return any(
        text.strip() in phrases or bare(text) in phrases for line in lines for text in (line, line.partition(": ")[2])
    )


def _reasons(error: ValidationError) -> Iterator[str]:
    """The errors of pydantic in plain words: "3.start: should be a valid string, was 7"."""
    for found in error.errors(include_url=False)[:MOST_FAULTS]:
        where = ".".join(str(key + 1) if isinstance(key, int) else key for key in found["loc"])
        reason = found["msg"].removeprefix("Value error, ").removeprefix("Input ").replace(" after validation", "")
        if found["type"] != "value_error" and not isinstance(found["input"], (dict, list)):
            reason += ", was missing" if found["input"] is None else f", was {shown(found['input'])}"
        yield f"{where}: {reason}" if where else reason

"""What `meta.json` must contain: the clock of a simulation, its world and its people.

Knows the values; not the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StrictInt, ValidationError

from matrix_files import FOLDER_NAME
from saves.forms import TIME_LIKE, Text, complaint, form
from saves.game_time import DATE_FORMAT, TIME_FORMAT
from saves.json_files import DamagedSimulation

_LONGEST_LANGUAGE = 60
LANGUAGE_FORM = f"Write its name on one line, in at most {_LONGEST_LANGUAGE} characters, such as Chinese"


def check_meta(file: Path, meta: Mapping[str, Any]) -> None:
    """Raises DamagedSimulation, naming the file and the fault, if anything is wrong in it."""
    try:
        _Meta.model_validate(meta)
    except ValidationError as error:
        raise DamagedSimulation(f"{complaint(error, str(file))}.") from error


def is_language(name: Any) -> bool:
    """Whether this can name a language in a prompt: a short text on one line, as "Chinese" or "العربية"."""
    return isinstance(name, str) and name.isprintable() and 0 < len(name.strip()) <= _LONGEST_LANGUAGE


def _spoken(language: str | None) -> str | None:
    if language is not None and not is_language(language):
        raise ValueError(f"is {language!r}, which names no language. {LANGUAGE_FORM} or leave it out")
    return language


def _named_once(names: list[Any]) -> list[Any]:
    for name in names:
        if not isinstance(name, str) or not FOLDER_NAME.fullmatch(name):
            raise ValueError(f"must name people and their folders: {name!r} cannot name a persona")
    if not names or len(set(names)) < len(names):
        raise ValueError("must name at least one persona, and each once")
    return names


class _Meta(BaseModel):
    """What `meta.json` must contain; it may contain more."""

    fork_sim_code: Text
    start_date: Annotated[Any, form("a date like 'May 06, 2024'", lambda text: datetime.strptime(text, DATE_FORMAT))]
    curr_time: Annotated[Any, form(TIME_LIKE, lambda text: datetime.strptime(text, TIME_FORMAT))]
    sec_per_step: Annotated[StrictInt, Field(ge=1), form("a whole number, at least 1")]
    maze_name: Text
    persona_names: Annotated[list[Any], form("a list of names"), AfterValidator(_named_once)]
    step: Annotated[StrictInt, Field(ge=0), form("a whole number, at least 0")]
    language: Annotated[Any, AfterValidator(_spoken)] = None
    without: Annotated[list[Text], form("a list of kinds of memories")] = []

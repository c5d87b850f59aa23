"""Whispering to people from the page: whispers wait in the simulation until a run takes them in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from cli.whispers import separated
from pages import lookup
from pages.views import json_body
from saves import events
from saves.json_files import StorageError
from saves.simulation import Simulation

LONGEST = 2000
MOST_WAITING = 100


class _Whisper(NamedTuple):
    to: str | None
    texts: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
def whispers(request: HttpRequest, sim: str) -> JsonResponse:
    """Waiting whispers: `{"waiting": {persona: [text]}}`. POST `{"to": persona or null for all, "text": ...}` adds one.

    Semicolons separate whispers, as at the prompt. 400 for a malformed body, 409 if whispers are not possible now;
    `error` then says why.
    """
    found = lookup.simulation(sim)
    people = found.meta["persona_names"]
    if request.method == "POST":
        whisper = json_body.read(request.body, _read)
        if whisper is None:
            return _refused(f"Whisper something, in at most {LONGEST:,} characters.", 400)
        named = people if whisper.to is None else [lookup.persona(found, whisper.to)]
        if problem := _leave(found, named, whisper.texts):
            return _refused(problem, 409)
    return JsonResponse({"waiting": events.waiting_texts(found.path, people)})


def _read(given: Any) -> _Whisper:
    to, text = given["to"], given["text"]
    if not isinstance(text, str) or len(text) > LONGEST or not (texts := separated(" ".join(text.split()))):
        raise ValueError(text)
    return _Whisper(None if to is None else str(to), texts)


def _leave(found: Simulation, people: list[str], texts: list[str]) -> str:
    """Leaves a whisper; returns why it cannot be left, "" on success."""
    inbox = events.inbox(found.path)
    if found.is_base:
        return f"{found.name!r} is a base and cannot be changed. Fork it, and whisper in the fork."
    if len(inbox.waiting()) >= MOST_WAITING:
        return f"{MOST_WAITING} whispers are already waiting. Run the simulation first."
    try:
        inbox.leave(events.Entry(kind=events.WHISPER, people=people, texts=texts).model_dump())
    except StorageError as error:
        return str(error)
    return ""


def _refused(why: str, status: int) -> JsonResponse:
    return JsonResponse({"error": why}, status=status)

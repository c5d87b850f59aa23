"""Interviewing a persona from the page."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from pages import interviews, live, lookup
from pages.views import json_body
from persona.cognitive_modules.converse import Line
from persona.prompt_template.llm_config import LLMError
from saves.json_files import StorageError
from saves.recording import Recording
from saves.simulation import Simulation


@require_POST
def interview(request: HttpRequest, sim: str, persona: str) -> JsonResponse:
    """`{"lines": [[speaker, text], ...]}`, the last one a question -> `{"answer": ..., "step": ..., "usage": ...}`.

    With `?step=` it is asked as of that step, else as last saved; `step` says which step that is.
    400 for a malformed body, 502 if the model gives no answer; `error` then says why and what to do.
    """
    found = lookup.simulation(sim)
    name = lookup.persona(found, persona)
    step = _step(request, found)
    lines = _lines(request.body, name)
    if lines is None:
        wanted = f"Ask something, in at most {interviews.LONGEST_LINE} characters; after 30 questions start over."
        return JsonResponse({"error": wanted}, status=400)
    try:
        said = interviews.answer(found, name, lines, step)
    except (LLMError, StorageError) as error:
        return JsonResponse({"error": str(error)}, status=502)
    as_of = found.meta["step"] if step is None else step
    return JsonResponse({"answer": said, "step": as_of, "usage": live.usage(found)})


def _step(request: HttpRequest, found: Simulation) -> int | None:
    """The step in the query, if any. Raises lookup.Unknown if it does not exist."""
    text = request.GET.get("step")
    return None if text is None else lookup.step(text, lookup.last_step(found, Recording(found.path)))


def _lines(body: bytes, name: str) -> list[Line] | None:
    """The lines of a valid body: alternately the interviewer's and the persona's. None for an invalid one."""
    lines = json_body.read(
        body, lambda given: [(str(speaker), " ".join(str(text).split())) for speaker, text in given["lines"]]
    )
    if lines is None:
        return None
    turns = [(interviews.INTERVIEWER, name)[turn % 2] for turn in range(len(lines))]
    if len(lines) % 2 == 0 or len(lines) > interviews.MOST_LINES or [speaker for speaker, _ in lines] != turns:
        return None
    return lines if all(0 < len(text) <= interviews.LONGEST_LINE for _, text in lines) else None

"""The two addresses through which a browser used to drive the simulation. Now they only answer."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from pages import lookup
from pages.views import json_body
from saves.json_files import DamagedSimulation, read_object
from saves.recording import Recording


@require_POST
def process_environment(request: HttpRequest) -> JsonResponse:
    """`/process_environment/`: used to receive everyone's position for the next step from the browser.

    The backend is authoritative and writes the environment itself: the body is ignored, and nothing changes.
    """
    return JsonResponse({"status": "ignored", "because": "the backend writes the environment itself"})


@require_POST
def update_environment(request: HttpRequest) -> JsonResponse:
    """`/update_environment/`: `{"sim_code": name, "step": n}` -> the movement of that step, as in its file.

    The answer's `<step>` is -1 as long as the step does not exist; the caller has to ask again.
    """
    given = json_body.read(request.body, lambda body: (str(body["sim_code"]), int(body["step"])))
    if given is None:
        return JsonResponse({"error": 'Expected {"sim_code": name, "step": number}.'}, status=400)
    name, step = given
    file = Recording(lookup.simulation(name).path).file(step)
    try:
        return JsonResponse({**read_object(file), "<step>": step})
    except DamagedSimulation:  # missing, or half-written
        return JsonResponse({"<step>": -1})

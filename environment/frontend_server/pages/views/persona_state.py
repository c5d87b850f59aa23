"""The page with the full state of a persona at a step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from pages import lookup, minds
from persona.memory_structures.associative_memory import CHAT, EVENT, THOUGHT
from persona.prompt_template.llm_config import counted
from saves.game_time import shown_time, time_at
from saves.json_files import DamagedSimulation
from saves.recording import Act, Recording, place_in_words
from saves.simulation import Simulation
from town.progress import saved_after

_IDENTITY = (
    ("Age", "age"),
    ("Traits", "innate"),
    ("Background", "learned"),
    ("Currently", "currently"),
    ("Lifestyle", "lifestyle"),
    ("Usual days", "daily_plan_req"),
)


@require_GET
def persona_state(request: HttpRequest, sim: str, step: str, persona: str) -> HttpResponse:
    """`/replay_persona_state/<sim>/<step>/<First_Last>/?q=words&kind=event|thought|chat`"""
    found = lookup.simulation(sim)
    number = lookup.step(step, lookup.last_step(found, Recording(found.path)))
    name = lookup.persona(found, persona)
    now = time_at(found.meta, number)
    mind = minds.mind(found, name, now.date())
    known = mind.known_at(now)
    words, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    act = _act(found, number, name)
    counts = [(each, sum(memory.kind == each for memory in known)) for each in (EVENT, THOUGHT, CHAT)]
    context = {
        "sim": sim,
        "step": number,
        "saved": saved_after(found.meta["step"]),
        "name": name,
        "people": [(each, _way(sim, number, each)) for each in found.meta["persona_names"]],
        "now": f"{now:%A}, {shown_time(now)}",
        "act": act,
        "place": place_in_words(act.address) if act else "",
        "identity": [*((label, mind.scratch.get(key)) for label, key in _IDENTITY), ("Home", _home(mind))],
        "schedule": mind.schedule,
        "minute": now.hour * 60 + now.minute,
        "memories": [memory for memory in known if _fits(memory, words, kind)],
        "kinds": [each for each, _ in counts],
        "in_all": ", ".join(counted(count, each) for each, count in counts if count) or "none",
        "places": mind.places,
        "q": words,
        "kind": kind,
    }
    return render(request, "pages/persona_state.html", context)


def _way(sim: str, step: int, name: str) -> str:
    return reverse("persona_state", args=[sim, step, lookup.in_address(name)])


def _act(found: Simulation, step: int, name: str) -> Act | None:
    """Its action in that step; None if it was not recorded."""
    try:
        return Recording(found.path).read(step).people.get(name)
    except DamagedSimulation:
        return None


def _home(mind: minds.Mind) -> str:
    return place_in_words(str(mind.scratch.get("living_area") or ""))


def _fits(memory: minds.Memory, words: str, kind: str) -> bool:
    """Whether a memory is of this kind and has all the words in it."""
    text = " ".join((memory.text, *memory.because, *(" ".join(line) for line in memory.lines))).casefold()
    return (not kind or memory.kind == kind) and all(word in text for word in words.casefold().split())

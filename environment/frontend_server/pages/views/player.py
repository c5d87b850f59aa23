"""The pages that show the moving town (live, replay, demo), and the data they request."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from compress_sim_storage import compress
from maze import Maze, MazeError
from pages import chunks, commands, conversations, costs, live, lookup, minds, pictures, player_data, why
from pages.lookup import Demo
from saves.game_time import time_at
from saves.json_files import to_bytes
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import Storage


@require_GET
def simulator_home(request: HttpRequest) -> HttpResponse:
    """`/simulator_home`: follows the simulation that was opened last, whichever that is."""
    name = live.latest()
    if name is None:
        town = {"mode": "nothing", "status": reverse("latest_status")}
        return render(request, "pages/nothing.html", {"town": town, "command": commands.first_run()})
    return _live(request, lookup.simulation(name), reverse("latest_status"))


@require_GET
def follow(request: HttpRequest, sim: str) -> HttpResponse:
    """`/live/<sim>`: follows this simulation, even if others are opened."""
    found = lookup.simulation(sim)
    return _live(request, found, reverse("live_status", args=[found.name]))


def _live(request: HttpRequest, found: Simulation, news: str) -> HttpResponse:
    steps = Recording(found.path).steps()
    more = {
        "status": news,
        "opened": live.status(found.name).get("opened"),
        "replay": reverse("replay", args=[found.name, steps[0] if steps else found.meta["step"]]),
        "serve": commands.serve(request.get_port()),
    }
    return _player(request, found, "live", steps, more, step=steps[-1] if steps else found.meta["step"])


@require_GET
def replay(request: HttpRequest, sim: str, step: str) -> HttpResponse:
    """`/replay/<sim>/<step>/`: every step that was recorded, from this one on; `?framed`: the map in another page."""
    found = lookup.simulation(sim)
    recording = Recording(found.path)
    number = lookup.step(step, lookup.last_step(found, recording))
    more = {"isFramed": True} if "framed" in request.GET else None
    return _player(request, found, "replay", recording.steps(), more, step=number)


@require_GET
def demo(request: HttpRequest, sim: str, step: str, speed: str) -> HttpResponse:
    """`/demo/<sim>/<step>/<speed>/`: the same from compressed_storage; if it is missing, an offer to make it."""
    if speed not in map(str, range(1, len(player_data.SPEEDS) + 1)):
        raise lookup.Unknown(f"There is no speed “{speed}”.", [f"1 to {len(player_data.SPEEDS)}"])
    made = lookup.demo(sim)
    if made is None:
        found = lookup.simulation(sim)
        number = lookup.step(step, lookup.last_step(found, Recording(found.path)))
        context = {"sim": sim, "step": number, "speed": speed, "has_steps": bool(Recording(found.path).steps())}
        return render(request, "pages/no_demo.html", {**context, "command": commands.make_demo(found.name)})
    recording = chunks.compressed_recording(made.path)
    number = lookup.step(step, lookup.last_step(made, recording))
    return _player(request, made, "demo", recording.steps(), step=number, speed=int(speed))


@require_POST
def make_demo(request: HttpRequest, sim: str, step: str, speed: str) -> HttpResponse:
    """Makes the demo of a simulation, then shows it."""
    found = lookup.simulation(sim)
    compress(Storage.of_checkout(), found.name)
    return redirect("demo", sim=found.name, step=step, speed=speed)


# The data of the pages


@require_GET
def latest_status(request: HttpRequest) -> HttpResponse:
    """The state of the simulation that was opened last; 304 as long as nothing changes."""
    return _json(request, to_bytes(live.status(live.latest())))


@require_GET
def live_status(request: HttpRequest, sim: str) -> HttpResponse:
    """The state of a simulation, in the same form."""
    return _json(request, to_bytes(live.status(sim)))


@require_GET
def steps(request: HttpRequest, sim: str, first: int) -> HttpResponse:
    """The steps from `first` to the end of its chunk of 500, in the form of chunks.py."""
    return _json(request, chunks.recorded(lookup.simulation(sim).path, first))


@require_GET
def demo_steps(request: HttpRequest, sim: str, first: int) -> HttpResponse:
    """The same of a demo."""
    return _json(request, chunks.compressed(_demo(sim).path, first))


@require_GET
def talks(request: HttpRequest, sim: str, first: int) -> HttpResponse:
    """The conversations that began in a stretch of steps from `first` on, in the form of conversations.py."""
    found = lookup.simulation(sim)
    return _json(request, conversations.recorded(found, _map_of(found), first))


@require_GET
def demo_talks(request: HttpRequest, sim: str, first: int) -> HttpResponse:
    """The same of a demo."""
    made = _demo(sim)
    return _json(request, conversations.compressed(made.path, _map_of(made), first))


@require_GET
def tiles(request: HttpRequest, maze: str) -> HttpResponse:
    """The data of a map for the browser."""
    return _json(request, to_bytes(pictures.tiles(pictures.maze(maze))))


@require_GET
def map_picture(request: HttpRequest, maze: str) -> FileResponse:
    """The picture of a map, 32 pixels per tile."""
    return FileResponse(pictures.map_picture(maze).open("rb"), content_type="image/png")


@require_GET
def cost(request: HttpRequest, sim: str) -> HttpResponse:
    """The model usage of a simulation, in the format of costs.py."""
    return _json(request, to_bytes(costs.split(lookup.simulation(sim))))


@require_GET
def persona_card(request: HttpRequest, sim: str, step: int, persona: str) -> HttpResponse:
    """The content of a persona's card besides its action: its identity, day and latest memories."""
    found = lookup.simulation(sim)
    name = lookup.persona(found, persona)
    number = lookup.step(str(step), lookup.last_step(found, Recording(found.path)))
    now = time_at(found.meta, number)
    mind = minds.mind(found, name, now.date())
    card = {
        "name": name,
        "saved_step": found.meta["step"],
        **{key: mind.scratch.get(key) for key in ("age", "innate", "learned", "currently")},
        "schedule": mind.schedule,
        "memories": [
            [memory.kind, memory.created.isoformat(), memory.text] for memory in minds.latest(mind.known_at(now))
        ],
    }
    return _json(request, to_bytes(card))


@require_GET
def reasons(request: HttpRequest, sim: str, step: int, persona: str) -> HttpResponse:
    """The explanation of a person's action in a step, or, with `?line=`, of a line of the conversation; see why.py."""
    found = lookup.simulation(sim)
    name, line = lookup.persona(found, persona), request.GET.get("line")
    found_out = why.of_action(found, step, name) if line is None else why.of_line(found, step, name, line)
    return _json(request, to_bytes(found_out._asdict()))


def _player(
    request: HttpRequest,
    found: Simulation | Demo,
    mode: str,
    recorded: list[int],
    more: Mapping[str, Any] | None = None,
    *,
    step: int,
    speed: int = 2,
) -> HttpResponse:
    """The page with the initial data of its scripts."""
    town = {**player_data.of(found, mode, recorded, step=step, speed=speed), **(more or {})}
    return render(
        request,
        "pages/player.html",
        {"town": town, "found": found.name, "mode": mode, "known": player_data.is_kept(found)},
    )


def _demo(sim: str) -> Demo:
    if made := lookup.demo(sim):
        return made
    raise lookup.Unknown(f"There is no demo of “{sim}”.")


def _map_of(found: Simulation | Demo) -> Maze | None:
    """The world of a simulation; None if it has been removed since."""
    with suppress(lookup.Unknown, MazeError):
        return pictures.maze(found.meta["maze_name"])
    return None


def _json(request: HttpRequest, body: bytes) -> HttpResponse:
    """JSON that the browser caches, and revalidates each time."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"], response["Cache-Control"] = tag, "no-cache"
    return response

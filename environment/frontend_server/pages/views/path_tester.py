"""The path tester: walks a map by arrow keys; the places seen on the way become a spatial memory on disk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cli import path_tester as recorder
from maze import Maze, Position
from pages import live, pictures
from pages.lookup import Unknown, simulation
from pages.views import json_body
from persona.memory_structures.spatial_memory import MemoryTree
from saves.json_files import write_json, writing
from saves.storage import Storage

_MOST_TILES = 20_000


@require_GET
def walk(request: HttpRequest) -> HttpResponse:
    """`/path_tester/?maze=<world>`: the map of a world, else of the live simulation, else of the first world."""
    worlds = pictures.worlds()
    if not worlds:
        raise Unknown("There is no world to walk in; build one first.")
    running = live.latest()
    default = simulation(running).meta["maze_name"] if running else worlds[0]
    maze = pictures.maze(request.GET.get("maze", default))
    town = {
        "tiles": reverse("tiles", args=[maze.name]),
        "map": reverse("map_picture", args=[maze.name]),
        "save": reverse("path_tester_update"),
        "start": _first_free(maze),
        "picture": pictures.address_of(pictures.look_of(["Walker"])["Walker"]),
    }
    return render(request, "pages/path_tester.html", {"town": town, "maze": maze.name, "worlds": worlds})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """`/path_tester_update/`: `{"maze": name, "tiles": [[x, y], ...]}`, the tiles that were walked on.

    Writes the tree of the places seen from them to `temp_storage`; answers with its path and the number of places.
    """
    walked = json_body.read(request.body, _walked)
    if walked is None:
        return JsonResponse({"error": "Expected the name of a world and the tiles walked on."}, status=400)
    name, tiles = walked
    maze = pictures.maze(name)
    outside = [tile for tile in tiles if not maze.contains(tile)]
    if outside or not tiles:
        return JsonResponse({"error": f"Not on the map: {outside[:3]}" if outside else "No tiles."}, status=400)
    seen = MemoryTree()
    for tile in tiles:
        seen.learn(maze.visible_places(tile, recorder.VISION))
    file = Storage.of_checkout().temp / recorder.FILE
    with writing(f"keep {file.name!r}"):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_json(file, seen.to_json(), indent=True)
    return JsonResponse({"saved": str(file), "places": len(seen.addresses())})


def _walked(body: Any) -> tuple[str, list[Position]]:
    return str(body["maze"]), [(int(x), int(y)) for x, y in body["tiles"][:_MOST_TILES]]


def _first_free(maze: Maze) -> Position:
    """The start of the walk: the first tile with a start for personas, else the first free one."""
    free = [(x, y) for y, row in enumerate(maze.tiles) for x, tile in enumerate(row) if not tile.collision]
    spawns = [(x, y) for x, y in free if maze.tiles[y][x].spawning_location]
    return (spawns or free)[0]

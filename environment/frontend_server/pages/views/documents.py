"""Downloads of a simulation: its conversations and timeline, and the town as one file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pages import lookup
from pages import single_file as town_file
from saves.export import DOCUMENTS, Export


@require_GET
def document(request: HttpRequest, sim: str, name: str) -> HttpResponse:
    """`/export/<sim>/<name>`: one of export.DOCUMENTS."""
    found = lookup.lived(sim)
    if name not in DOCUMENTS:
        raise lookup.Unknown(f"There is no document “{name}”.", DOCUMENTS)
    kind = "text/csv" if name.endswith(".csv") else "text/markdown"
    response = HttpResponse(Export(found.path, found.meta).document(name), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.name}_{name}"'
    return response


@require_GET
def single_file(request: HttpRequest, sim: str) -> HttpResponse:
    """`/share/<sim>.html`: the town as one file that plays without a server."""
    found = lookup.lived(sim)
    response = HttpResponse(town_file.page(found))
    response["Content-Disposition"] = f'attachment; filename="{found.name}.html"'
    return response

"""Conversations and timeline of a simulation, to be kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pages import lookup
from saves.export import DOCUMENTS, Export
from saves.recording import Recording


@require_GET
def document(request: HttpRequest, sim: str, name: str) -> HttpResponse:
    """`/export/<sim>/<name>`: one of export.DOCUMENTS."""
    found = lookup.simulation(sim)
    if name not in DOCUMENTS:
        raise lookup.Unknown(f"There is no document “{name}”.", DOCUMENTS)
    if not Recording(found.path).steps():
        raise lookup.Unknown(f"“{sim}” has not been run yet: there is nothing to export.")
    kind = "text/csv" if name.endswith(".csv") else "text/markdown"
    response = HttpResponse(Export(found.path, found.meta).document(name), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.name}_{name}"'
    return response

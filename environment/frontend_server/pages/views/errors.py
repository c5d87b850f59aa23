"""Error responses to unknown, refused or failed requests: a page, or JSON for a script that has sent JSON."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from pages.lookup import Unknown


def fault(request: HttpRequest, status: int, title: str, text: str, known: Sequence[str] = ()) -> HttpResponse:
    """A response with this status that says what is wrong, and what exists instead; as JSON `{"error": text}`."""
    if _is_from_script(request):
        return JsonResponse({"error": text}, status=status)
    return render(request, "pages/error.html", {"title": title, "text": text, "known": known}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the unknown name, and the existing ones."""
    if isinstance(exception, Unknown):
        since = " It was deleted after this page was loaded." if _is_from_script(request) else ""
        return fault(request, 404, "Not found", exception.what + since, exception.known)
    return fault(request, 404, "Not found", f"There is no page {request.path}.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that none of our pages sends."""
    return fault(request, 400, "This request cannot be answered", "It does not have the format that the pages use.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was not sent from one of our pages."""
    text = "This was not sent from a page of this server. Reload the page and try again."
    return fault(request, 403, "Refused", text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an error in our code; the terminal of the web server shows where."""
    return fault(request, 500, "Error", "Something went wrong. The terminal of the web server shows what.")


def _is_from_script(request: HttpRequest) -> bool:
    """Whether a script of our pages sent this."""
    return request.content_type == "application/json"

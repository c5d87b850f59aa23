"""The pages for what is unknown, refused or broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages.lookup import Unknown


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what is unknown, and what there is in its place."""
    known = exception.known if isinstance(exception, Unknown) else []
    text = exception.what if isinstance(exception, Unknown) else f"There is no page {request.path}."
    return render(request, "pages/error.html", {"title": "Not found", "text": text, "known": known}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that none of our pages makes."""
    context = {"title": "This request cannot be answered", "text": "It is not in the form that the pages use."}
    return render(request, "pages/error.html", context, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was not sent from one of our pages."""
    context = {
        "title": "Refused",
        "text": "This was not sent from a page of this server. Reload the page and try again.",
    }
    return render(request, "pages/error.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an error in our code; the terminal of the web server shows where."""
    text = "Something went wrong. The terminal of the web server shows what."
    return render(request, "pages/error.html", {"title": "Error", "text": text}, status=500)

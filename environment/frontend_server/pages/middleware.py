"""Middleware for every response: browsers load nothing from other servers, and errors in files are shown as a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from matrix_files import MazeError
from pages.views import errors
from saves.json_files import StorageError

Answer = Callable[[HttpRequest], HttpResponse]

_OWN_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def content_security_policy(answer: Answer) -> Answer:
    """Middleware: everything a page loads must come from this server, except for pages with their own policy."""

    def with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", _OWN_ONLY)
        return response

    return with_policy


class FaultsAsPages:
    """Middleware: a damaged simulation or world is not a crash; the page names the file and says what to do."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for errors in files; None lets Django handle all others."""
        if isinstance(fault, StorageError | MazeError):
            return errors.fault(request, 500, "This cannot be shown", str(fault))
        return None

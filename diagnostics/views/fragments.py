"""How polled fragments answer: nothing when the viewer has it already, else the parts with their version."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from diagnostics.models import Snapshot


def is_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part; a page restored from the history is asked for as a whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def answer_poll(
    request: HttpRequest, template: str, context: dict[str, object], *, snapshot: Snapshot, version: str
) -> HttpResponse:
    """Render the fragment. The answer tells how old the snapshot is, which the page shows as its freshness."""
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


def unchanged(request: HttpRequest, *, snapshot: Snapshot, version: str) -> HttpResponse | None:
    """Return the empty answer when the viewer's copy has this version: 204 for htmx, 304 for any other client."""
    if _etag(version) not in request.headers.get("If-None-Match", ""):
        return None
    return stamped(HttpResponse(status=204 if is_fragment(request) else 304), snapshot=snapshot, version=version)


def stamped(response: HttpResponse, *, snapshot: Snapshot, version: str) -> HttpResponse:
    response["ETag"] = _etag(version)
    response["X-Made-At"] = snapshot.made_at.isoformat(timespec="seconds")
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["HX-Request", "Cookie", "Accept-Language"])
    return response


def _etag(version: str) -> str:
    return f'"{version}"'

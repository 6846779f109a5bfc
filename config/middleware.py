"""What every response carries and every request passes: security headers, the login, the viewer's time zone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from ipaddress import ip_address
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
OPEN_PATHS = ("/login/", "/language/")
# Asked by other machines, which prove themselves otherwise or are told nothing of the host.
OPEN_ADDRESSES = ("/healthz", "/readyz", "/metrics", "/api/v1/availability", "/api/v1/markers")


def client_address(request: HttpRequest) -> str:
    """Return the address that a request came from: as the outermost of TRUSTED_PROXY_COUNT proxies saw it, else the peer's.

    What stands left of that in X-Forwarded-For was written by the client, and is not believed.
    """
    peer, count = str(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    found = seen[-count] if 0 < count <= len(seen) else peer
    try:
        return str(ip_address(found))
    except ValueError:
        return peer


def security_headers(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def login_required(get_response: Handler) -> Handler:
    """Send who is not signed in to the login; a fragment's request gets 401 and the address to go to."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # The path first: who asks for what is open is not looked up, so that it answers without our database.
        if _is_open(request.path) or request.user.is_authenticated:
            return get_response(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": _login_address(request)})
        return redirect_to_login(request.get_full_path())

    return middleware


def _is_open(path: str) -> bool:
    return path in OPEN_ADDRESSES or path.startswith((*OPEN_PATHS, settings.STATIC_URL))


def _login_address(request: HttpRequest) -> str:
    """The login, and from there back to the page that the fragment was for."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return resolve_url(settings.LOGIN_URL)
    here = urlunsplit(("", "", "/" + page.path.lstrip("/"), page.query, ""))
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here})}"


def viewer_time_zone(get_response: Handler) -> Handler:
    """Show times in the zone that the viewer's browser named in its cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = unquote(request.COOKIES.get("time_zone", ""))
        with timezone.override(ZoneInfo(name) if name in _zones() else None):
            return get_response(request)

    return middleware


@cache
def _zones() -> frozenset[str]:
    """The zones' names, read from disk once in a process."""
    return frozenset(available_timezones())

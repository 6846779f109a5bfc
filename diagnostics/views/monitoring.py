"""What other machines ask: is this process alive, can it serve pages, and the metrics for Prometheus."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from secrets import compare_digest

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from diagnostics.metrics import exposition
from diagnostics.models import Snapshot
from diagnostics.notes import worker_is_alive
from diagnostics.snapshot import NAME

NOT_ALLOWED = (
    "Not allowed: send METRICS_TOKEN as a bearer token, or ask from an address in METRICS_NETWORKS. "
    "Where neither is set, nobody is answered.\n"
)


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked, so that a database that is away restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether pages can be served (our own database answers), and, for people, how fresh they are."""
    now = timezone.now()
    try:
        made_at = Snapshot.objects.filter(name=NAME).values_list("made_at", flat=True).first()
        is_alive = worker_is_alive(now)
    except (DatabaseError, InterfaceError):
        return JsonResponse({"ready": False, "database": "does not answer"}, status=503)
    age = None if made_at is None else round((now - made_at).total_seconds(), 1)
    worker = "alive" if is_alive else "silent"
    return JsonResponse({"ready": True, "database": "answers", "worker": worker, "figures_age_seconds": age})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_scrape(request):
        return HttpResponse(NOT_ALLOWED, status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_scrape(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    try:
        address = ip_address(get_client_ip_address(request) or "")
    except ValueError:
        return False
    return any(address in ip_network(network, strict=False) for network in settings.METRICS_NETWORKS)

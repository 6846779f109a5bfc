"""POST /api/v1/markers: another machine, which knows MARKER_TOKEN, says what happened (a deploy, say)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sessions_admin.actors import address_of
from sessions_admin.desk import markers
from sessions_admin.marker_forms import MachineMarkerForm

MOST_BYTES = 8_192
FIELDS = ("at", "kind", "text", "key")
NOT_ALLOWED = "Send MARKER_TOKEN as a bearer token. Where it is not set, nobody may set markers."
NO_OBJECT = 'Send one JSON object, as {"text": "web 2.4.1", "kind": "deploy", "at": "2026-11-24T14:05:00+08:00"}.'


@csrf_exempt  # no cookie counts here, only the token
@require_POST
def marker_add(request: HttpRequest) -> HttpResponse:
    """Answer 201 with the marker, 200 where its key was known; 400 says of each field what is wrong with it."""
    if not _may_mark(request):
        return JsonResponse({"error": NOT_ALLOWED}, status=401, headers={"WWW-Authenticate": "Bearer"})
    if _length(request) > MOST_BYTES:
        return JsonResponse({"error": f"At most {MOST_BYTES} bytes, please."}, status=413)
    told = _object(request.body)
    if told is None:
        return JsonResponse({"error": NO_OBJECT}, status=400)
    if wrong := _unknown(told):
        return JsonResponse({"error": "This is no marker.", "fields": wrong}, status=400)
    form = MachineMarkerForm(told)
    if not form.is_valid():
        fields = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        return JsonResponse({"error": "This is no marker.", "fields": fields}, status=400)
    marker, is_new = markers.add(form.wanted, markers.By(markers.MACHINE, address_of(request)), timezone.now())
    at = marker.at.astimezone(UTC).isoformat()
    answer = {"id": marker.pk, "at": at, "kind": marker.kind, "text": marker.text, "key": marker.key}
    return JsonResponse(answer, status=201 if is_new else 200)


def _may_mark(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not settings.MARKER_TOKEN or scheme.lower() != "bearer":
        return False
    return compare_digest(token.strip().encode(), settings.MARKER_TOKEN.encode())


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else MOST_BYTES + 1


def _object(body: bytes) -> Mapping[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return {name: value for name, value in found.items() if value is not None} if isinstance(found, dict) else None


def _unknown(told: Mapping[str, object]) -> dict[str, list[str]]:
    known = f"Known are {', '.join(FIELDS)}."
    unknown = {name[:40].encode("ascii", "backslashreplace").decode(): [known] for name in told if name not in FIELDS}
    return unknown | {name: ["This is no text."] for name in FIELDS if not isinstance(told.get(name, ""), str)}

"""The quarantine: which files are held, were brought back or deleted for good; how many bytes come free on which day; one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from django.db.models import Count, Min, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from diagnostics.probes.local_store import modified_at
from diagnostics.views.access import needs
from sessions_admin import permissions
from sessions_admin.audit_words import audit_words
from sessions_admin.models import HeldFile

PAGE_SIZE = 50
SHOWN_DAYS = 14
LONGEST_NUMBER = 18  # digits


@dataclass(frozen=True, slots=True)
class Day:
    """What comes free on a day (UTC), if nobody brings it back before."""

    day: date
    files: int
    bytes: int


@require_safe
@needs(permissions.QUARANTINE)
def quarantine_list(request: HttpRequest) -> HttpResponse:
    """Show files put aside, newest first, in keyset pages; those that are held unless asked for others."""
    asked = request.GET.get("state", HeldFile.State.HELD)
    state = asked if asked in HeldFile.State.values else ""
    files = HeldFile.objects.filter(state=state) if state else HeldFile.objects.all()
    after = request.GET.get("after", "")
    is_later_page = after.isascii() and after.isdigit() and len(after) <= LONGEST_NUMBER
    files = files.defer("path", "reason").order_by("-pk")
    shown = list((files.filter(pk__lt=int(after)) if is_later_page else files)[: PAGE_SIZE + 1])
    context = {
        "files": shown[:PAGE_SIZE],
        "older": str(shown[PAGE_SIZE - 1].pk) if len(shown) > PAGE_SIZE else "",
        "is_later_page": is_later_page,
        "state": state,
        "states": HeldFile.State.choices,
        "sums": _sums(),
        "days": _days(),
        "is_empty": not shown and not is_later_page and not HeldFile.objects.exists(),
    }
    return render(request, "sessions_admin/quarantine_list.html", context)


@require_safe
@needs(permissions.QUARANTINE)
def held_file(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is known of one file that was put aside, also when it is back or gone."""
    held = get_object_or_404(HeldFile, pk=number)
    context = {"held": held, "modified_at": modified_at(held.mtime_ns), "titles": audit_words()}
    return render(request, "sessions_admin/held_file.html", context)


def _sums() -> dict[str, object]:
    held = HeldFile.objects.filter(state=HeldFile.State.HELD)
    found = held.aggregate(files=Count("pk"), bytes=Sum("size_bytes"), next=Min("expires_at"))
    return {**found, "bytes": found["bytes"] or 0}


def _days() -> list[Day]:
    held = HeldFile.objects.filter(state=HeldFile.State.HELD)
    by_day = held.annotate(day=TruncDate("expires_at", tzinfo=UTC)).values("day").order_by("day")
    rows = by_day.annotate(files=Count("pk"), bytes=Sum("size_bytes"))[:SHOWN_DAYS]
    return [Day(row["day"], row["files"], row["bytes"]) for row in rows]

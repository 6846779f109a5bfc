"""What was done while an episode lasted, as the viewer may know it: runs, pauses and other decisions, and markers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from diagnostics import permissions
from sessions_admin.audit_words import audit_words
from sessions_admin.decisions import DECISIONS
from sessions_admin.models import AuditEntry, Marker, Run
from sessions_admin.permissions import ACT_ON_MANY, VIEW_AUDIT

MOST_OF_A_KIND = 20
# A run says itself that it was planned, begun and approved.
TOLD_BY_RUNS = {"plan", "run_begin", "run_ask", "run_approve", "run_decline", "run_abort"}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did. `kind`: run, decision or marker; `url` is '' where there is no page of it."""

    at: datetime
    kind: str
    text: str
    who: str
    why: str
    url: str


def deeds(viewer: AbstractBaseUser | AnonymousUser, since: datetime, until: datetime) -> list[Deed]:
    """Return what was done in [since, until], the first first; of each kind at most twenty, and of those the viewer may see."""
    kinds = ((ACT_ON_MANY, _runs), (VIEW_AUDIT, _decisions), (permissions.VIEW_FIGURES, _markers))
    found = [
        deed
        for permission, read in kinds
        if viewer.has_perm(permission)  # type: ignore[union-attr]
        for deed in read(since, until)
    ]
    return sorted(found, key=lambda deed: deed.at)


def _runs(since: datetime, until: datetime) -> Iterator[Deed]:
    words = audit_words()
    for run in Run.objects.filter(queued_at__gte=since, queued_at__lte=until).select_related("plan")[:MOST_OF_A_KIND]:
        url = reverse("sessions_admin:run_detail", args=[run.pk])
        yield Deed(run.queued_at, "run", str(words.get(run.plan.action, run.plan.action)), run.actor, run.reason, url)


def _decisions(since: datetime, until: datetime) -> Iterator[Deed]:
    told = AuditEntry.objects.filter(
        is_intent=False,
        at__gte=since,
        at__lte=until,
        action__in=set(DECISIONS) - TOLD_BY_RUNS,
        outcome=AuditEntry.Outcome.DONE,
    )
    for entry in told.defer("before", "after")[:MOST_OF_A_KIND]:
        url = reverse("sessions_admin:audit_entry", args=[entry.pk])
        yield Deed(entry.at, "decision", str(DECISIONS[entry.action]), entry.actor, entry.reason, url)


def _markers(since: datetime, until: datetime) -> Iterator[Deed]:
    for marker in Marker.objects.filter(at__gte=since, at__lte=until)[:MOST_OF_A_KIND]:
        yield Deed(marker.at, "marker", f"{marker.get_kind_display()}{_(': ')}{marker.text}", marker.made_by, "", "")

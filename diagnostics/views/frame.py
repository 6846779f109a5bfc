"""What the frame of every page shows: navigation, standing conditions, freshness, environment."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from diagnostics import permissions
from diagnostics.models import Snapshot
from diagnostics.snapshot import read_snapshot
from diagnostics.views.conditions import Band, standing
from diagnostics.views.late_alerts import late_alerts


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation: shown when its address exists and the role may see it."""

    word: str | Promise
    url_name: str
    icon: str
    permission: str
    also: tuple[str, ...] = ()
    is_child: bool = False


NAVIGATION = (
    Entry(_("Overview"), "diagnostics:overview", "overview", permissions.VIEW_FIGURES),
    Entry(
        _("Passes"),
        "diagnostics:pass_list",
        "passes",
        permissions.VIEW_SYSTEM,
        also=("diagnostics:pass_detail", "diagnostics:file_finding_list"),
        is_child=True,
    ),
    Entry(_("Worker"), "sessions_admin:worker", "process", permissions.VIEW_SYSTEM, is_child=True),
    Entry(
        _("Sessions"),
        "diagnostics:session_list",
        "sessions",
        permissions.VIEW_SESSIONS,
        also=(
            "diagnostics:session_detail",
            "diagnostics:client_report",
            "sessions_admin:reset_session",
            "sessions_admin:session_handle",
        ),
    ),
    Entry(
        _("Incidents"),
        "diagnostics:incident_list",
        "incidents",
        permissions.VIEW_SESSIONS,
        also=("diagnostics:incident_detail", "sessions_admin:incident_handle"),
    ),
    Entry(_("Player errors"), "diagnostics:player_errors", "message", permissions.VIEW_SESSIONS),
    Entry(_("Resources"), "diagnostics:resources", "resources", permissions.VIEW_SYSTEM),
    Entry(_("Rates"), "diagnostics:rates", "rates", permissions.VIEW_FIGURES),
    Entry(
        _("Markers"),
        "sessions_admin:marker_list",
        "flag",
        permissions.VIEW_FIGURES,
        ("sessions_admin:marker_set",),
        is_child=True,
    ),
    Entry(
        _("Report"),
        "sessions_admin:report",
        "mail",
        permissions.VIEW_FIGURES,
        also=("sessions_admin:report_subscribe",),
        is_child=True,
    ),
    Entry(
        _("Alerts"),
        "sessions_admin:alert_list",
        "alerts",
        permissions.VIEW_FIGURES,
        also=("sessions_admin:episode", "sessions_admin:silence_begin"),
    ),
    Entry(
        _("Rules"),
        "sessions_admin:alert_rule_list",
        "filter",
        permissions.VIEW_FIGURES,
        also=("sessions_admin:alert_rule", "sessions_admin:alert_levels", "sessions_admin:alert_recipients"),
        is_child=True,
    ),
    Entry(
        _("Channels"),
        "sessions_admin:channel_list",
        "message",
        permissions.VIEW_FIGURES,
        also=("sessions_admin:channel_detail", "sessions_admin:channel_new"),
        is_child=True,
    ),
    Entry(
        _("Runs"),
        "sessions_admin:run_list",
        "wrench",
        "sessions_admin.act_on_many",
        also=("sessions_admin:run_detail", "sessions_admin:plan_detail", "sessions_admin:plan_new"),
    ),
    Entry(
        _("Quarantine"),
        "sessions_admin:quarantine_list",
        "folder",
        "sessions_admin.quarantine",
        also=("sessions_admin:held_file",),
        is_child=True,
    ),
    Entry(
        _("Policies"),
        "sessions_admin:policy_list",
        "history",
        "sessions_admin.quarantine",
        also=(
            "sessions_admin:policy_detail",
            "sessions_admin:policy_decide",
            "sessions_admin:policy_off",
            "sessions_admin:emergency",
        ),
        is_child=True,
    ),
    Entry(
        _("Pause"),
        "sessions_admin:pause",
        "pause",
        permissions.VIEW_FIGURES,
        also=("sessions_admin:pause_switch", "sessions_admin:pause_end"),
    ),
    Entry(
        _("Audit"),
        "sessions_admin:audit_list",
        "audit",
        "sessions_admin.view_audit",
        also=("sessions_admin:audit_entry",),
    ),
)


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template the frame's values; what needs the database is read when a template uses it, and once."""
    context: dict[str, object] = {"environment_name": settings.ENVIRONMENT_NAME, "page_made_at": timezone.now()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    return {
        **context,
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "bands": SimpleLazyObject(lambda: _bands(request)),
        "alerts_firing": SimpleLazyObject(lambda: _alerts_firing(request)),
        "may_search": SimpleLazyObject(lambda: user.has_perm(permissions.VIEW_SESSIONS)),
    }


def snapshot_of(request: HttpRequest) -> Snapshot:
    """Return the snapshot that this whole answer shows, read once a request."""
    found: Snapshot | None = getattr(request, "snapshot", None)
    if found is None:
        found = read_snapshot()
        request.snapshot = found  # type: ignore[attr-defined]  # a request carries what its answer shares
    return found


def _bands(request: HttpRequest) -> list[Band]:
    now = timezone.now()
    late = late_alerts(now)
    return standing(snapshot_of(request).content, now) + ([late] if late else [])


def _alerts_firing(request: HttpRequest) -> int:
    """Return how many alerts fire that somebody is told of; 0 of a snapshot of an earlier version."""
    told = snapshot_of(request).content.get("alerts", {})
    return int(told.get("firing", 0))


def _navigation(request: HttpRequest) -> list[dict[str, object]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"entry": entry, "url": url, "is_current": here in (entry.url_name, *entry.also)}
        for entry in NAVIGATION
        if request.user.has_perm(entry.permission) and (url := _address(entry.url_name))
    ]


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""

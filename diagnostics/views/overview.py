"""The overview: is anything wrong now, and since when? Everything on it comes from the worker's snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.gauges import Level
from diagnostics.domain.wording import alerts as alert_wording
from diagnostics.models import Snapshot
from diagnostics.templatetags.charts import Stack
from diagnostics.templatetags.formats import hour
from diagnostics.templatetags.labels import VERDICTS
from diagnostics.views.access import needs
from diagnostics.views.fragments import answer_poll, unchanged
from diagnostics.views.frame import snapshot_of
from diagnostics.views.incident_shown import ranked
from diagnostics.views.parts import named_parts
from diagnostics.views.resources import GAUGES, LEVELS, PLACES

# In the order of the tiles, and of the columns of the chart from the bottom up.
TILES = (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.NOT_READY, Verdict.PLAYABLE, Verdict.EXPIRED)
CHARTED = (Verdict.PLAYABLE, Verdict.NOT_READY, Verdict.EXPIRED, Verdict.UNKNOWN, Verdict.BROKEN)
# Of fewer than this no rate is shown: two sessions make no rate.
FEWEST_FOR_A_RATE = 10


@require_safe
@needs(permissions.VIEW_FIGURES)
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "diagnostics/overview.html", _context(request, snapshot_of(request)))


@require_safe
@needs(permissions.VIEW_FIGURES)
def overview_panels(request: HttpRequest) -> HttpResponse:
    snapshot = snapshot_of(request)
    if (nothing_new := unchanged(request, snapshot=snapshot, version=snapshot.version)) is not None:
        return nothing_new
    context = _context(request, snapshot)
    return answer_poll(
        request, "diagnostics/_overview_panels.html", context, snapshot=snapshot, version=snapshot.version
    )


def _context(request: HttpRequest, snapshot: Snapshot) -> dict[str, object]:
    content: Mapping[str, Any] = snapshot.content
    causes = content["causes"]
    may_see_sessions = request.user.has_perm(permissions.VIEW_SESSIONS)
    return {
        "snapshot": snapshot,
        "live_version": snapshot.version,
        "live_url": reverse("diagnostics:overview_panels"),
        "headline": _headline(content),
        "tiles": _tiles(content),
        "handled": content.get("handled", {}),
        "faults": [cause for cause in causes if cause["verdict"] != Verdict.PLAYABLE],
        "notices": [cause for cause in causes if cause["verdict"] == Verdict.PLAYABLE],
        "rates": _rates(content["today"]),
        "hours": _hours(content["today"]["hours"]),
        "gauges": _gauges(content["gauges"]),
        "faulty_parts": named_parts(content.get("parts", ())),
        "incidents": ranked(content, is_named=may_see_sessions),
        "incidents_standing": content.get("incidents", {}).get("standing", 0),
        "alerts": _alerts(content.get("alerts", {})),
        "incidents_handled": content.get("incidents", {}).get("handled", 0),
        "may_see_sessions": may_see_sessions,
        "may_see_system": request.user.has_perm(permissions.VIEW_SYSTEM),
    }


def _alerts(told: Mapping[str, Any]) -> dict[str, object]:
    """Return what fires, in words; a snapshot of an earlier version tells of none."""
    language = get_language() or "en"
    rows = [
        {
            **row,
            "title": alert_wording.title(row["rule"], language),
            "subject": alert_wording.subject_text(row["rule"], row["subject"], language),
        }
        for row in told.get("rows", ())
    ]
    return {"firing": told.get("firing", 0), "rows": rows, "more": told.get("firing", 0) - len(rows)}


def _tiles(content: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return the verdicts with their numbers: the record, whatever was handled; and how many of them are."""
    handled = content.get("handled", {}).get("verdicts", {})
    return [
        {"verdict": verdict.value, "count": content["verdicts"].get(verdict, 0), "handled": handled.get(verdict, 0)}
        for verdict in TILES
    ]


def _headline(content: Mapping[str, Any]) -> dict[str, object]:
    """Return what the first sentence says: its tone, how many are broken and not handled, how many are new, since when."""
    handled = content.get("handled", {}).get("verdicts", {})
    broken, unknown = (
        content["verdicts"].get(verdict, 0) - handled.get(verdict, 0) for verdict in (Verdict.BROKEN, Verdict.UNKNOWN)
    )
    faults = [cause for cause in content["causes"] if cause["verdict"] == Verdict.BROKEN]
    since = [cause["since"] for cause in faults if cause["since"]]
    latest = [cause["latest"] for cause in faults if cause["latest"]]
    if content["passes"]["complete"] is None:
        tone = "unknown"
    elif broken:
        tone = "broken"
    else:
        tone = "unknown" if unknown else "playable"
    return {
        "tone": tone,
        "icon": VERDICTS[tone].icon,
        "is_checked": content["passes"]["complete"] is not None,
        "broken": broken,
        "unknown": unknown,
        "handled": handled.get(Verdict.BROKEN, 0),
        "sessions": content["sessions"],
        "recent": sum(cause["recent"] for cause in faults),
        "since": min(since, default=None),
        "latest": max(latest, default=None),
    }


def _rates(today: Mapping[str, Any]) -> dict[str, object]:
    def rate(part: Mapping[str, int]) -> dict[str, object]:
        return {"good": part["good"], "of": part["of"], "is_rate": part["of"] >= FEWEST_FOR_A_RATE}

    return {
        "since": today["since"],
        "by_status": rate(today["by_status"]),
        "by_file": rate(today["by_file"]),
        "unchecked": today["unchecked"],
    }


def _hours(hours: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return the last day hour by hour as columns of a chart and as the rows of its table."""
    columns = [verdict for verdict in CHARTED if any(row.get(verdict) for row in hours)]
    stacks, rows = [], []
    for row in hours:
        numbers = [(verdict, row.get(verdict, 0)) for verdict in columns]
        told = ", ".join(f"{VERDICTS[verdict].word} {number}" for verdict, number in numbers if number)
        stacks.append(Stack(f"{hour(row['at'])} · {told or 0}", tuple((VERDICTS[v].tone, n) for v, n in numbers)))
        rows.append({"at": row["at"], "numbers": [number for _verdict, number in numbers]})
    first = hour(hours[0]["at"]) if hours else ""
    return {"stacks": stacks, "columns": [verdict.value for verdict in columns], "rows": rows, "first": first}


def _gauges(gauges: Mapping[str, Any] | None) -> list[dict[str, object]]:
    """Return the gauges with their words; a file system is named for what lies on it, never by its path."""
    rows = gauges["rows"] if gauges else []
    return [{**row, "words": _gauge_words(row), "label": LEVELS[Level(row["level"])]} for row in rows]


def _gauge_words(row: Mapping[str, Any]) -> list[str]:
    if "roles" in row:
        return [str(PLACES.get(role, role)) for role in row["roles"]]
    return [str(GAUGES[row["name"]][0])]

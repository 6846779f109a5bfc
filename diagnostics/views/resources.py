"""Resources: what the worker measured last, with the last 24 hours of each gauge. Nothing is probed in a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.domain.gauges import Level
from diagnostics.models import LedgerFile, SessionEntry, Snapshot
from diagnostics.part_days import read_parts
from diagnostics.probes.local_store import modified_at
from diagnostics.sampling import BUCKETS, HISTORY, read_resources
from diagnostics.templatetags.labels import Label
from diagnostics.views.access import needs
from diagnostics.views.folder_rights import rights_of
from diagnostics.views.fragments import answer_poll, unchanged
from diagnostics.views.frame import snapshot_of
from diagnostics.views.parts import shown_parts

NEWEST_FILES = 5
# Four quarters of an hour make a row of the table.
TABLE_STEP = 4
LEVELS = {
    Level.OK: Label(_("Fine"), "playable", "playable"),
    Level.NOTICE: Label(_("High"), "warning", "warning"),
    Level.CRITICAL: Label(_("Critical"), "broken", "broken"),
    Level.UNKNOWN: Label(_("Unknown"), "unknown", "unknown"),
}
PLACES: dict[str, str | Promise] = {
    "audio": _("Audio folder"),
    "host_database": _("Host’s database"),
    "own_database": _("Dashboard’s database"),
    "temporary": _("Temporary files"),
}
GAUGES: dict[str, tuple[str | Promise, str]] = {
    "memory_percent": (_("Memory"), "memory"),
    "swap_percent": (_("Swap"), "memory"),
    "processor_percent": (_("Processor"), "cpu"),
    "load_percent": (_("Load"), "cpu"),
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge as it is shown: its bar, its level in words, its last day. `top` is what the bar's end stands for."""

    name: str
    word: str | Promise
    icon: str
    percent: float | None
    level: Label
    notice: float
    critical: float | None
    history: list[float | None]
    top: float = 100.0

    @property
    def bar(self) -> dict[str, float | None]:
        """The same in percent of the bar's length: the load may pass 100 percent."""
        scale = 100 / self.top
        critical = self.critical * scale if self.critical is not None else None
        value = self.percent * scale if self.percent is not None else None
        return {"value": value, "warn": self.notice * scale, "limit": critical}


@require_safe
@needs(permissions.VIEW_SYSTEM)
def resources(request: HttpRequest) -> HttpResponse:
    return render(request, "diagnostics/resources.html", _context(request, read_resources(), read_parts()))


@require_safe
@needs(permissions.VIEW_SYSTEM)
def resource_panels(request: HttpRequest) -> HttpResponse:
    found, parts, snapshot = read_resources(), read_parts(), snapshot_of(request)
    version = _version(found, parts, snapshot)
    if (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    context = _context(request, found, parts)
    return answer_poll(request, "diagnostics/_resource_panels.html", context, snapshot=snapshot, version=version)


def _version(found: Snapshot | None, parts: Snapshot | None, snapshot: Snapshot) -> str:
    """A new sample of the machine or of the parts, or a pass that changed the verdicts of the newest files."""
    samples = "-".join(sample.version if sample else "none" for sample in (found, parts))
    return f"{samples}-{snapshot.content['rows_version']}"


def _context(request: HttpRequest, found: Snapshot | None, parts: Snapshot | None) -> dict[str, object]:
    snapshot = snapshot_of(request)
    content: Mapping[str, Any] = found.content if found else {}
    return {
        "snapshot": snapshot,
        "live_version": _version(found, parts, snapshot),
        "live_url": reverse("diagnostics:resource_panels"),
        "sample": content,
        "parts": shown_parts(parts),
        "folder_rights": rights_of(content.get("audio_folder")),
        "file_systems": [_file_system(row, content["history"]) for row in content.get("file_systems", [])],
        "gauges": [_machine_gauge(row, content["history"]) for row in content.get("gauges", [])],
        "history_rows": _history_rows(content),
        "newest_files": newest_files(),
        "may_see_sessions": request.user.has_perm(permissions.VIEW_SESSIONS),
    }


def _file_system(row: Mapping[str, Any], history: Mapping[str, list[float | None]]) -> dict[str, object]:
    return {
        **row,
        "places": [(PLACES.get(role, role), path) for role, path in row["roles"].items()],
        "bytes_gauge": _gauge(row["bytes"], _("Space"), "disk", history),
        "inodes_gauge": _gauge(row["inodes"], _("Inodes"), "files", history),
    }


def _machine_gauge(row: Mapping[str, Any], history: Mapping[str, list[float | None]]) -> Gauge:
    word, icon = GAUGES.get(row["name"], (row["name"], "resources"))
    return _gauge(row, word, icon, history)


def _gauge(row: Mapping[str, Any], word: str | Promise, icon: str, history: Mapping[str, list[float | None]]) -> Gauge:
    values = history.get(row["name"], [])
    highest = max([100.0, *(value for value in values if value is not None), row["critical"] or 0])
    return Gauge(
        row["name"],
        word,
        icon,
        row["percent"],
        LEVELS[Level(row["level"])],
        row["notice"],
        row["critical"],
        values,
        highest,
    )


def _history_rows(content: Mapping[str, Any]) -> dict[str, object]:
    """Return the last day as a table: one row an hour, newest first, the highest value of each gauge in it."""
    at = datetime.fromisoformat(content["at"]) if content else timezone.now()
    columns = {name: values for name, values in content.get("history", {}).items() if name.endswith("_percent")}
    rows = []
    for start in range(BUCKETS - TABLE_STEP, -1, -TABLE_STEP):
        hours = [_highest(column[start : start + TABLE_STEP]) for column in columns.values()]
        if any(value is not None for value in hours):
            rows.append({"at": at - HISTORY + HISTORY * start / BUCKETS, "values": hours})
    return {"columns": [_column_word(name) for name in columns], "rows": rows}


def _highest(values: list[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _column_word(name: str) -> str:
    if name in GAUGES:
        return str(GAUGES[name][0])
    for role, place in PLACES.items():
        if name.startswith(role):
            return f"{place} · {_('Inodes') if 'inodes' in name else _('Space')}"
    return name


def newest_files() -> list[dict[str, object]]:
    """Return the newest audio files that the last pass saw, with the session that their name bears."""
    files = list(LedgerFile.objects.filter(missed_at=None, role="audio").order_by("-mtime_ns")[:NEWEST_FILES])
    named = [file.named_session for file in files if file.named_session]
    sessions = {entry.key: entry for entry in SessionEntry.objects.filter(key__in=named, gone_at=None)}
    return [
        {
            "path": file.shown_path,
            "size_bytes": file.size_bytes,
            "modified_at": modified_at(file.mtime_ns),
            "session": sessions.get(file.named_session),
        }
        for file in files
    ]

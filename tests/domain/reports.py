"""Evidence of a healthy session that a client reported something of."""

from __future__ import annotations

from typing import Any

from diagnostics.domain import paths
from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.facts import Evidence
from tests.domain.build import LAYOUT, NOW, evidence

NETWORK = ("client.network",)


def error(source: str, code: str, *suspects: str) -> PlayerError:
    return PlayerError(source, code, {"en": "What it means.", "zh-hans": "含义。"}, suspects, text=f"text of {code}")


def reported(
    report: ClientReport, *, row: dict[str, Any] | None = None, layout: paths.StoreLayout = LAYOUT, **changes: Any
) -> Evidence:
    """Return the healthy session's evidence with a report, whose URL is understood as `examine` does it."""
    given = evidence(row=row)
    asked = paths.understand(report.url, layout) if report.url else None
    claim = paths.understand(given.record.path, layout)
    return evidence(row=row, **{"report": report, "asked": asked, "claim": claim, **changes})


def failing(*errors: PlayerError, **fields: Any) -> ClientReport:
    return ClientReport(errors=errors, reported_at=NOW, **fields)

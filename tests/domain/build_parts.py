"""Samples of the host's parts, and sessions that failed or wait among them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from diagnostics.domain import resources
from diagnostics.domain.facts import Evidence, Finding, Limits, Moment
from diagnostics.domain.parts import PARTS, PartFacts
from tests.domain.build import NOW, evidence, moment

FAILED_SECONDS_AGO = 3_600.0
FAILED_AT = NOW - timedelta(seconds=FAILED_SECONDS_AGO)
ALL = frozenset(PARTS)


def part(name: str, state: str, problem: str = "", *, at: datetime = FAILED_AT, **more: Any) -> PartFacts:
    return PartFacts(name, at, state, problem, since=at - timedelta(minutes=3), **more)


def failed(*parts: PartFacts, message: str | None = None, ago: float = FAILED_SECONDS_AGO, **more: Any) -> Evidence:
    row = {"status": "failed", "error_message": message, "completed": Moment(None, None), "path": None}
    found = {"watched_parts": ALL, **more}
    near = resources.near(parts, NOW - timedelta(seconds=ago), Limits())
    return evidence(row={**row, "updated": moment(ago)}, audio=None, parts=near, **found)


def pending(*parts: PartFacts) -> Evidence:
    near = resources.near(parts, NOW, Limits())
    return evidence(row={"status": "pending", "path": None}, audio=None, parts=near, watched_parts=ALL)


def now(name: str, state: str, problem: str = "", **more: Any) -> PartFacts:
    return part(name, state, problem, at=more.pop("at", NOW), **more)


def facts(finding: Finding) -> list[tuple[str, str]]:
    return [(line.fact, line.value) for line in finding.evidence]

"""What an API told, as evidence; and what was found of it, for tests of the host's own answer."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from diagnostics.domain import paths, wording
from diagnostics.domain.chain import Check, Step, chain
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence, Finding
from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.rules import diagnose
from diagnostics.domain.rules.host_answer import api_disagrees
from tests.domain.build import LAYOUT, NAME, NOW, PREFIX, evidence

CODE = "record.api_disagrees"
ASKED = NOW + timedelta(seconds=1)
CDN = "https://cdn.other.cn/ai/" + NAME
FAILED = {"status": "failed", "error_message": "MemoryError: out of it", "path": None, "size_bytes": None}


def answer(layout: paths.StoreLayout = LAYOUT, **fields: Any) -> HostAnswer:
    """What the API told: the fields that are given, and no others."""
    claim = paths.understand(fields["path"], layout) if "path" in fields else None
    return HostAnswer(ASKED, http_status=200, told=frozenset(fields), claim=claim, **fields)


def problem(name: str, http_status: int | None = None, *, is_shaped: bool = True) -> HostAnswer:
    return HostAnswer(ASKED, name, http_status=http_status, is_shaped=is_shaped)


def told(row: dict[str, Any] | None = None, **fields: Any) -> Evidence:
    return evidence(row=row, host_answer=answer(**fields))


def found(given: Evidence) -> Finding | None:
    return next(api_disagrees(given), None)


def the(given: Evidence) -> Finding:
    finding = found(given)
    assert finding is not None
    return finding


def lines(finding: Finding) -> list[tuple[str, str, str]]:
    return [(str(line.source), line.fact, line.value) for line in finding.evidence]


def said(given: Evidence, language: str = "en") -> str:
    return wording.finding_sentence(the(given), language, UTC)


def steps_of(given: Evidence) -> tuple[tuple[Step, ...], Diagnosis]:
    diagnosis = diagnose(given)
    return chain(given, diagnosis), diagnosis


def check(given: Evidence) -> Check:
    return next(one for step in steps_of(given)[0] for one in step.checks if one.name == "record.answer")


SAME: dict[str, Any] = {"status": "completed", "path": PREFIX + NAME, "size_bytes": 24_044, "error_message": None}

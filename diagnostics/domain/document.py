"""The diagnosis document: what the API, the shell and the export carry (causes.md, "The diagnosis document")."""

from __future__ import annotations

from datetime import datetime, tzinfo

from diagnostics.domain import wording
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Finding, Observation

LANGUAGES = ("en", "zh-hans")


def document(diagnosis: Diagnosis, zone: tzinfo) -> dict[str, object]:
    """Return one session's document, ready for JSON; times are ISO 8601 with the offset of `zone`."""
    return {
        "session_id": diagnosis.session_id,
        "status": diagnosis.status,
        "verdict": str(diagnosis.verdict),
        "state": str(diagnosis.state),
        "cause": diagnosis.cause,
        "confidence": str(diagnosis.confidence),
        "summary": {language: wording.summary(diagnosis, language, zone) for language in LANGUAGES},
        "evidence": evidence_lines(diagnosis.evidence, zone),
        "findings": [_finding(finding, zone) for finding in diagnosis.findings],
        "actions": list(diagnosis.actions),
        "observed_at": iso(diagnosis.observed_at, zone),
    }


def evidence_lines(evidence: tuple[Observation, ...], zone: tzinfo) -> list[dict[str, str | None]]:
    return [
        {
            "source": str(line.source),
            "fact": line.fact,
            "value": line.value,
            "observed_at": iso(line.observed_at, zone),
        }
        for line in evidence
    ]


def iso(time: datetime | None, zone: tzinfo) -> str | None:
    return time.astimezone(zone).isoformat(timespec="seconds") if time else None


def _finding(finding: Finding, zone: tzinfo) -> dict[str, object]:
    return {
        "code": finding.code,
        "confidence": str(finding.confidence),
        "evidence": evidence_lines(finding.evidence, zone),
    }

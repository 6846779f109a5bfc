"""What a client said, ready for JSON: its errors decoded, its suspects weighed, its statements held against the row."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.domain import client_claims
from diagnostics.domain.chain import chain, suspects_of
from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence
from diagnostics.domain.suspects import Suspect


def client_section(evidence: Evidence, diagnosis: Diagnosis) -> dict[str, object]:
    """Return the section `client` of a diagnosis document that a report was weighed for.

    `other_session` is the id of the session that the text is about, where that is another: nothing of it counted then.
    """
    report = evidence.report or ClientReport()
    return {
        "session_id": report.session_id,
        "other_session": client_claims.other_session(report, evidence.record.key) or None,
        "url": report.url,
        "errors": [_error(error) for error in report.errors],
        "suspects": _suspects(suspects_of(evidence, chain(evidence, diagnosis))),
        "statements": [
            {"fact": one.fact, "said": one.said, "known": one.known, "outcome": one.outcome}
            for one in client_claims.statements(evidence)
        ],
    }


def _error(error: PlayerError) -> dict[str, object]:
    return {"source": error.source, "code": error.code, "meaning": dict(error.meaning), "check": dict(error.check)}


def _suspects(found: Sequence[Suspect]) -> list[dict[str, str]]:
    return [{"code": suspect.code, "state": suspect.state} for suspect in found]

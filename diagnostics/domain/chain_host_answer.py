"""What the chain answers of the host's own status call where it does not disagree with the row."""

from __future__ import annotations

from diagnostics.domain import observations
from diagnostics.domain.chain_answers import Answer, not_checked, ok
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence
from diagnostics.domain.rules.host_answer import differences, told_lines

UNCLEAR = ("status", "not_json", "no_success", "no_data")


def told(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    """In order where it tells what the row says; of a session that was cleared away a difference is a notice."""
    answer = evidence.host_answer
    if answer is None:
        return not_checked("no_host_api")
    if answer.problem == "changed":
        return not_checked("row_changed")
    if answer.problem in UNCLEAR:
        line = observations.answered("HTTP status", answer.http_status, answer.asked_at)
        return not_checked("no_session_answered", line)
    if answer.problem:
        return not_checked("not_answered")
    lines = told_lines(answer)
    differs = differences(evidence.record, evidence.claim, answer)
    return Answer("notice", lines) if differs else ok(*lines)

"""The chain's answers to what the client asked for, what it was answered, and what its player said."""

from __future__ import annotations

from diagnostics.domain import chain_answers, client_claims, client_lines
from diagnostics.domain.chain_answers import Answer, not_checked, ok
from diagnostics.domain.client_claims import Statement
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence

PLAYER = "client.player"


def parameters(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    """The row's parameters, and beside them what the client asked for, where it says so."""
    by_row = chain_answers.parameters(evidence, diagnosis)
    said = client_claims.of_parameters(evidence)
    if not said:
        return by_row
    lines = (*(client_lines.said(evidence, statement) for statement in said), *by_row.lines)
    return Answer("notice", lines, "parameters_differ") if _any_differs(said) else ok(*lines)


def answer(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    """The answers that the client printed, against the row as it stands."""
    report = client_claims.report_on(evidence)
    if report is None:
        return _unreported(evidence)
    received = client_claims.of_answer(evidence)
    lines = (
        *client_lines.of_create(evidence, report),
        *(line for one in received for line in client_lines.both_sides(evidence, one)),
    )
    if not lines:
        return not_checked("not_in_report")
    return Answer("notice", lines, "answer_differs") if _any_differs(received) else ok(*lines)


def player(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    """The player's error; what it suggests is told when all other checks are made (`with_suspects`)."""
    report = client_claims.report_on(evidence)
    if report is None:
        return _unreported(evidence)
    lines = (*client_lines.of_errors(evidence, report), *client_lines.of_address(evidence))
    if not report.errors:
        return not_checked("no_player_error", *lines)
    if all(error.source == "unknown" for error in report.errors):
        return not_checked("not_understood", *lines)
    return Answer("notice", lines)


def _any_differs(found: tuple[Statement, ...]) -> bool:
    return any(statement.differs for statement in found)


def _unreported(evidence: Evidence) -> Answer:
    return not_checked("no_client_report" if evidence.report is None else "other_session")

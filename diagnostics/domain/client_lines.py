"""Lines of evidence from what a client said: of its answers, its errors, its URL, and what they make likely."""

from __future__ import annotations

from diagnostics.domain import client_claims, observations
from diagnostics.domain.client_claims import Statement
from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.facts import Evidence, Observation
from diagnostics.domain.suspects import Suspect

SUSPECTED = {"confirmed": "suspected, confirmed", "ruled_out": "suspected, ruled out", "not_checked": "suspected"}


def of_create(evidence: Evidence, report: ClientReport) -> tuple[Observation, ...]:
    """What the answer of the create call held."""
    told = {
        "success": report.answer_success,
        "answer holds session_id": report.answer_has_session_id,
        "answer holds a path": report.answer_has_path,
    }
    return tuple(
        observations.said(evidence, fact, str(value).lower()) for fact, value in told.items() if value is not None
    )


def of_errors(evidence: Evidence, report: ClientReport) -> tuple[Observation, ...]:
    return tuple(of_error(evidence, error) for error in report.errors)


def of_error(evidence: Evidence, error: PlayerError) -> Observation:
    return observations.said(evidence, "player's error", error.text or error.code)


def of_address(evidence: Evidence) -> tuple[Observation, ...]:
    return tuple(line for statement in client_claims.of_url(evidence) for line in both_sides(evidence, statement))


def of_suspects(evidence: Evidence, suspects: tuple[Suspect, ...]) -> tuple[Observation, ...]:
    return tuple(observations.said(evidence, SUSPECTED[suspect.state], suspect.code) for suspect in suspects)


def both_sides(evidence: Evidence, statement: Statement) -> tuple[Observation, ...]:
    """What the client says, and where it differs, what the row says instead."""
    fact = "URL the client builds" if statement.fact == "URL" else statement.fact
    row = (observations.recorded(evidence, fact, statement.known),) if statement.differs else ()
    return (said(evidence, statement), *row)


def said(evidence: Evidence, statement: Statement) -> Observation:
    fact = "URL the client asked for" if statement.fact == "URL" else statement.fact
    return observations.said(evidence, fact, statement.said)

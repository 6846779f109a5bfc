"""The chain's first step with a client's report: parameters, answer, the player's error and what it makes likely."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.domain.chain import Check, chain, suspects_of
from diagnostics.domain.client_document import client_section
from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.facts import Evidence, FormerFile
from diagnostics.domain.wording import checks
from tests.domain.build import ABSENT, NAME, NOW, PREFIX, diagnosed
from tests.domain.reports import NETWORK, error, failing, reported

GONE = error("ios", "-1100", "file.deleted", "delivery.wrong_url", "delivery.not_served")
DELETED: dict[str, Any] = {"audio": ABSENT, "former": FormerFile(NAME, 24_044, NOW - timedelta(hours=2), NOW)}


def check(given: Evidence, name: str) -> Check:
    steps = chain(given, diagnosed(given))
    return next(check for check in steps[0].checks if check.name == name)


def facts(found: Check) -> list[tuple[str, str, str]]:
    return [(str(line.source), line.fact, line.value) for line in found.evidence]


def states(given: Evidence) -> dict[str, str]:
    return {found.code: found.state for found in suspects_of(given, chain(given, diagnosed(given)))}


def test_parameters_as_in_the_row_are_in_order() -> None:
    given = reported(ClientReport(parameters={"duration_minutes": "1"}))
    assert check(given, "client.parameters").result == "ok"
    assert facts(check(given, "client.parameters")) == [("client", "duration", "1 min"), ("record", "duration", "60 s")]


def test_other_parameters_than_in_the_row_are_a_notice() -> None:
    found = check(reported(ClientReport(parameters={"duration_minutes": "30"})), "client.parameters")
    assert (found.result, found.why) == ("notice", "parameters_differ")


def test_the_answer_is_in_order_or_differs_or_is_not_there() -> None:
    well = ClientReport(answer_success=True, answer_has_session_id=True, status="completed")
    found = check(reported(well), "client.answer")
    assert (found.result, facts(found)) == (
        "ok",
        [
            ("client", "success", "true"),
            ("client", "answer holds session_id", "true"),
            ("client", "status", "completed"),
        ],
    )
    other = check(reported(replace(well, size_bytes=7)), "client.answer")
    assert (other.result, other.why) == ("notice", "answer_differs")
    assert facts(other)[-2:] == [("client", "final_file_size", "7"), ("record", "final_file_size", "24044")]
    assert check(reported(failing(GONE)), "client.answer").why == "not_in_report"


def test_an_answer_without_session_id_is_found_there() -> None:
    found = check(reported(ClientReport(answer_success=True, answer_has_session_id=False)), "client.answer")
    assert found.finding is not None
    assert (found.result, found.finding.code) == ("notice", "client.bad_response")


def test_an_error_that_the_examination_explains() -> None:
    given = reported(failing(GONE), **DELETED)
    assert states(given) == {
        "file.deleted": "confirmed",
        "delivery.wrong_url": "ruled_out",
        "delivery.not_served": "not_checked",
    }
    found = check(given, "client.player")
    assert (found.result, found.why) == ("notice", "explained")
    assert facts(found) == [
        ("client", "player's error", "text of -1100"),
        ("client", "suspected, confirmed", "file.deleted"),
        ("client", "suspected, ruled out", "delivery.wrong_url"),
        ("client", "suspected", "delivery.not_served"),
    ]


@pytest.mark.parametrize(
    ("suspects", "why"),
    [
        (("file.deleted", "file.corrupt"), "contradicted"),
        (("file.deleted", "delivery.not_served"), "undecided"),
        ((), "of_the_phone"),
    ],
)
def test_an_error_that_does_not_fit_what_was_found(suspects: tuple[str, ...], why: str) -> None:
    found = check(reported(failing(error("ios", "-1100", *suspects))), "client.player")
    assert (found.result, found.why) == ("notice", why)


def test_a_network_error_is_found_there_and_tells_its_suspects_too() -> None:
    given = reported(failing(error("ios", "-1009", *NETWORK)))
    found = check(given, "client.player")
    assert (found.result, found.why) == ("notice", "")
    assert found.finding is not None
    assert facts(found)[-1] == ("client", "suspected, confirmed", "client.network")
    assert states(given) == {"client.network": "confirmed"}


def test_what_its_own_check_does_not_tell_is_not_checked() -> None:
    """A notice without a finding rules nothing out, and neither does the player's check itself."""
    given = reported(
        failing(error("ios", "-1100", "client.network", "delivery.wrong_url")), row={"path": NAME}, **DELETED
    )
    assert states(given) == {"client.network": "not_checked", "delivery.wrong_url": "not_checked"}


def test_another_finding_of_the_same_check_rules_a_suspect_out() -> None:
    assert states(reported(failing(error("ios", "-1100", "file.never_written")), **DELETED)) == {
        "file.never_written": "ruled_out"
    }


def test_a_suspect_without_a_check_is_not_checked() -> None:
    assert states(reported(failing(error("ios", "-1", "no.such_code")))) == {"no.such_code": "not_checked"}


@pytest.mark.parametrize("name", ["client.answer", "client.player"])
@pytest.mark.parametrize(
    ("report", "why"),
    [(None, "no_client_report"), (failing(GONE, session_id="6", status="failed"), "other_session")],
)
def test_nothing_counts_without_a_report_of_this_session(name: str, report: ClientReport | None, why: str) -> None:
    given = reported(report) if report else replace(reported(ClientReport()), report=None)
    assert (check(given, name).result, check(given, name).why) == ("not_checked", why)
    assert states(given) == {}


@pytest.mark.parametrize(
    ("report", "why"),
    [(ClientReport(status="completed"), "no_player_error"), (failing(error("unknown", "")), "not_understood")],
)
def test_a_report_without_a_known_error(report: ClientReport, why: str) -> None:
    assert check(reported(report), "client.player").why == why


@pytest.mark.parametrize("report", [failing(GONE, url=f"https://x.cn/api{PREFIX}{NAME}"), ClientReport(), failing()])
def test_every_line_and_reason_has_its_words(report: ClientReport) -> None:
    for found in chain(reported(report), diagnosed(reported(report)))[0].checks:
        assert not found.why or found.why in checks.REASONS
        for line in found.evidence:
            assert line.source != "client" or line.fact in checks.FACTS or "_" in line.fact or line.fact == "status"


def section(report: ClientReport, **changes: Any) -> dict[str, Any]:
    given = reported(report, **changes)
    return client_section(given, diagnosed(given))


def test_the_documents_section_tells_errors_suspects_and_statements() -> None:
    told = section(failing(GONE, session_id="5", size_bytes=7), **DELETED)
    assert told["session_id"] == "5"
    assert told["other_session"] is None
    assert told["errors"][0]["code"] == "-1100"
    assert told["suspects"][0] == {"code": "file.deleted", "state": "confirmed"}
    assert told["statements"] == [
        {"fact": "session_id", "said": "5", "known": "5", "outcome": "agrees"},
        {"fact": "final_file_size", "said": "7", "known": "24044", "outcome": "differs"},
    ]


def test_the_section_says_that_the_text_is_about_another_session() -> None:
    told = section(failing(GONE, session_id="6"))
    assert (told["other_session"], told["suspects"]) == ("6", [])

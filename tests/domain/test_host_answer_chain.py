"""Where a session broke by what the host's API tells, and what the chain says where it told nothing: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from diagnostics.domain import wording
from diagnostics.domain.causes import CATALOGUE, PRECEDENCE
from diagnostics.domain.facts import Limits, Source
from diagnostics.domain.rules import diagnose
from diagnostics.domain.wording import checks
from tests.domain.build import ABSENT, NAME, PREFIX, codes, evidence, moment
from tests.domain.told import (
    ASKED,
    CDN,
    CODE,
    FAILED,
    SAME,
    answer,
    check,
    lines,
    problem,
    said,
    steps_of,
    the,
    told,
)


def test_a_session_that_the_api_does_not_know_leads_the_client_astray() -> None:
    given = evidence(host_answer=problem("status", 404))
    assert lines(the(given)) == [("record", "status", "completed"), ("http", "HTTP status", "404")]
    assert (diagnose(given).verdict, diagnose(given).cause, the(given).confidence) == ("broken", CODE, "certain")
    assert said(given).startswith("The host's API answers 404 for this session")
    assert said(given, "zh-hans").startswith("主系统接口对该会话返回 404")


def test_a_404_that_is_not_the_apis_own_breaks_nothing() -> None:
    given = evidence(host_answer=problem("status", 404, is_shaped=False))
    assert (diagnose(given).verdict, diagnose(given).cause, the(given).confidence) == ("playable", CODE, "possible")
    assert "HOST_API_URL" in said(given)
    assert "HOST_API_URL" in said(given, "zh-hans")


PROBLEMS = [
    ("status", 500, "no_session_answered"),
    ("status", 302, "no_session_answered"),
    ("not_json", 200, "no_session_answered"),
    ("no_success", 200, "no_session_answered"),
    ("no_data", 200, "no_session_answered"),
    ("timeout", None, "not_answered"),
    ("refused", None, "not_answered"),
    ("certificate_expired", None, "not_answered"),
    ("changed", 200, "row_changed"),
]


@pytest.mark.parametrize(("name", "status", "why"), PROBLEMS)
def test_no_answer_is_no_finding_and_a_check_that_was_not_made(name: str, status: int | None, why: str) -> None:
    silent = replace(answer(status="failed"), problem=name, http_status=status)
    given = evidence(host_answer=silent)
    assert codes(given) == set()
    assert (check(given).result, check(given).why) == ("not_checked", why)
    assert why in checks.REASONS
    shown = [("HTTP status", str(status))] if why == "no_session_answered" else []
    assert [(line.fact, line.value) for line in check(given).evidence] == shown


def test_without_an_address_the_check_says_which_setting_is_missing() -> None:
    assert (check(evidence()).result, check(evidence()).why) == ("not_checked", "no_host_api")
    for language in wording.LANGUAGES:
        assert "HOST_API_URL" in checks.word(checks.REASONS, "no_host_api", language)


def test_a_check_in_order_says_what_was_told_and_when() -> None:
    made = check(told(**SAME))
    assert (made.result, made.observed_at) == ("ok", ASKED)
    assert [(line.source, line.fact, line.value) for line in made.evidence] == [
        (Source.HTTP, "status", "completed"),
        (Source.HTTP, "final_file_path", PREFIX + NAME),
        (Source.HTTP, "final_file_size", "24044"),
        (Source.HTTP, "error_message", "NULL"),
    ]
    assert check(told(path=CDN + "?token=GEHEIM", row={"path": CDN})).evidence[0].value == CDN + "?…"


def test_it_broke_in_the_second_step_where_the_client_is_led_astray() -> None:
    steps, diagnosis = steps_of(told(status="generating"))
    assert [step.number for step in steps if step.is_where_it_broke] == [2]
    assert (diagnosis.verdict, diagnosis.state, diagnosis.cause) == ("broken", "faulty", CODE)
    assert check(told(status="generating")).result == "bad"
    assert wording.speaking_code(diagnosis) == CODE
    assert wording.summary(diagnosis, "en", UTC).startswith("The host's API tells the client the status")


def test_it_broke_nowhere_where_only_a_size_differs() -> None:
    steps, diagnosis = steps_of(told(size_bytes=5))
    assert [step.number for step in steps if step.is_where_it_broke] == []
    assert check(told(size_bytes=5)).result == "notice"
    assert wording.summary(diagnosis, "en", UTC).startswith("The audio is there and whole")


@pytest.mark.parametrize("status", ["pending", "generating"])
def test_a_session_under_way_stays_so_beside_another_size(status: str) -> None:
    row = {"status": status, "path": None, "size_bytes": None, "created": moment(300), "updated": moment(120)}
    diagnosis = diagnose(replace(told(row=row, size_bytes=7), audio=None))
    assert (diagnosis.verdict, diagnosis.cause) == ("not_ready", CODE)
    assert wording.tell_user(diagnosis, "en") == wording.tell_user(str(diagnosis.state), "en")
    assert wording.summary(diagnosis, "en", UTC).endswith("a size of 7 bytes, and the row says NULL.")


def test_a_failed_session_keeps_its_reason() -> None:
    given = replace(told(row=FAILED, status="completed"), audio=None)
    diagnosis = diagnose(given)
    assert (diagnosis.verdict, diagnosis.state, diagnosis.cause) == ("broken", "failed", "generation.out_of_memory")
    assert CODE in {finding.code for finding in diagnosis.findings}


def test_a_file_that_is_gone_stays_the_cause() -> None:
    diagnosis = diagnose(replace(told(status="generating"), audio=ABSENT))
    assert diagnosis.cause == "file.never_written"
    assert CODE in {finding.code for finding in diagnosis.findings}


def test_of_a_session_that_was_cleared_away_a_difference_is_a_notice_without_a_finding() -> None:
    row = {"created": moment(900_000), "updated": moment(899_000), "completed": moment(899_000)}
    old = replace(told(row=row, status="failed"), audio=ABSENT, limits=Limits(audio_retention_days=1.0))
    assert (diagnose(old).verdict, diagnose(old).findings) == ("expired", ())
    assert check(old).result == "notice"


def test_it_stands_behind_delivery_and_before_the_client() -> None:
    assert PRECEDENCE["delivery.no_range"] < PRECEDENCE[CODE] < PRECEDENCE["client.timed_out"]
    cause = CATALOGUE[CODE]
    assert (cause.family, cause.step, cause.verdict, cause.actions) == ("delivery", 2, None, ())

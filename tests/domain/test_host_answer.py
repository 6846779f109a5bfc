"""Where the host's own answer and the row disagree, and where they say the same in other words: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from diagnostics.domain import paths, wording
from diagnostics.domain.causes import CATALOGUE, PRECEDENCE
from diagnostics.domain.chain import Check, Step, chain
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Confidence, Evidence, Finding, Limits, Source
from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.rules import diagnose
from diagnostics.domain.rules.host_answer import api_disagrees
from diagnostics.domain.ticket import as_text
from diagnostics.domain.wording import checks
from tests.domain.build import ABSENT, LAYOUT, NAME, NOW, PREFIX, codes, evidence, moment

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


def test_the_same_told_is_no_finding_and_the_session_plays() -> None:
    given = told(**SAME)
    assert found(given) is None
    assert (diagnose(given).verdict, diagnose(given).findings) == ("playable", ())


def test_nothing_is_found_where_nobody_asked() -> None:
    assert found(evidence()) is None


@pytest.mark.parametrize("status", ["completed", "pending", "generating", "failed"])
@pytest.mark.parametrize("other", ["completed", "pending", "generating", "failed", "COMPLETED", "done", "", None])
def test_another_status_leads_the_client_astray(status: str, other: str | None) -> None:
    row = {**FAILED, "status": status} if status == "failed" else {"status": status, "updated": moment(120)}
    given = told(row=row, status=other)
    assert (found(given) is None) is (status == other)
    if status != other:
        assert the(given).values["is_misleading"] is True
        assert diagnose(given).verdict == "broken"


def test_a_status_that_differs_is_said_from_both_sides() -> None:
    given = told(status="generating")
    assert lines(the(given)) == [("record", "status", "completed"), ("http", "status", "generating")]
    assert [line.observed_at for line in the(given).evidence] == [NOW, ASKED]
    assert the(given).confidence is Confidence.CERTAIN
    assert said(given) == "The host's API tells the client the status “generating”, and the row says “completed”."
    assert said(given, "zh-hans") == "主系统接口返回给客户端的状态是“generating”，记录中是“completed”。"
    assert "“NULL”" in said(told(status=None))
    assert "“''”" in said(told(status=""))


EQUAL_IN_EFFECT = [
    (PREFIX + NAME, PREFIX + NAME),
    (PREFIX + NAME, PREFIX[1:] + NAME),
    (PREFIX[1:] + NAME, PREFIX + NAME),
    (PREFIX + NAME, "https://app.example.cn" + PREFIX + NAME),
    (PREFIX + NAME, PREFIX + NAME + "?e=1759046400&token=abc"),
    (PREFIX + NAME + "?token=abc", PREFIX + NAME + "?token=other"),
    (CDN, CDN),
    (CDN, CDN + "?e=1&token=new"),
    (CDN + "?e=1&token=old", CDN + "?e=2&token=new"),
    (NAME, NAME),
    ("/etc/passwd", "/etc/passwd"),
    (None, ""),
    ("", None),
    (" ", None),
    (None, "?"),
]


@pytest.mark.parametrize(("recorded", "other"), EQUAL_IN_EFFECT)
def test_paths_that_lead_to_the_same_are_the_same(recorded: str | None, other: str | None) -> None:
    assert found(told(row={"path": recorded}, path=other)) is None


DIFFERENT = [
    (PREFIX + NAME, "/api" + PREFIX + NAME),
    (PREFIX + NAME, PREFIX + "long_sequence_6_20250825_120316.wav"),
    (PREFIX + NAME, NAME),
    (PREFIX + NAME, None),
    (PREFIX + NAME, ""),
    (PREFIX + NAME, CDN),
    (PREFIX + NAME, "/srv/app" + PREFIX + NAME),
    (None, CDN),
    (CDN, PREFIX + NAME),
    (CDN + "?e=1&token=old", CDN),
    (CDN, CDN.replace("cdn", "other")),
    (CDN, CDN.replace("https", "http")),
    (NAME, "../" + NAME),
    ("/etc/passwd", "/etc/shadow"),
]


@pytest.mark.parametrize(("recorded", "other"), DIFFERENT)
def test_paths_that_lead_elsewhere_lead_the_client_astray(recorded: str | None, other: str | None) -> None:
    finding = the(told(row={"path": recorded}, path=other))
    assert finding.values["difference"] == "path"
    assert finding.values["is_misleading"] is True


@pytest.mark.parametrize(
    ("recorded", "other"),
    [
        (NAME, PREFIX + NAME),
        ("/srv/app" + PREFIX + NAME, PREFIX + NAME),
        (PREFIX + NAME, "https://m.example.cn" + PREFIX + NAME),
        (PREFIX + NAME, "http://app.example.cn" + PREFIX + NAME),
        (PREFIX + NAME + "?token=abc", PREFIX + NAME),
    ],
)
def test_another_path_that_leads_to_the_same_file_leads_nobody_astray(recorded: str, other: str) -> None:
    finding = the(told(row={"path": recorded}, path=other))
    assert finding.values["is_misleading"] is False


def test_where_the_servers_origin_is_not_set_that_of_the_api_stands_for_it() -> None:
    bare = replace(LAYOUT, base_url="")
    of_api = replace(LAYOUT, base_url="https://api.example.cn/v1")

    def given(path: str) -> Evidence:
        row_claim = paths.understand(PREFIX + NAME, bare)
        return evidence(claim=row_claim, host_answer=answer(of_api, path=path))

    assert found(given("https://api.example.cn" + PREFIX + NAME)) is None
    assert found(given(PREFIX[1:] + NAME)) is None
    assert found(given(CDN)) is not None
    assert found(given("https://api.example.cn/api" + PREFIX + NAME)) is not None


def test_a_path_that_differs_is_said_with_the_address_that_the_client_builds_from_it() -> None:
    given = told(path="/api" + PREFIX + NAME + "?token=GEHEIM")
    assert lines(the(given)) == [
        ("record", "final_file_path", PREFIX + NAME),
        ("http", "final_file_path", "/api" + PREFIX + NAME + "?…"),
        ("http", "URL the client builds", "https://app.example.cn/api" + PREFIX + NAME),
    ]
    assert said(given) == (
        f"The host's API tells the client the path “/api{PREFIX}{NAME}?…”, and the row says “{PREFIX}{NAME}”."
    )
    assert "GEHEIM" not in repr(the(given))


def test_no_path_builds_no_address() -> None:
    assert [fact for _source, fact, _value in lines(the(told(path=None)))] == ["final_file_path", "final_file_path"]


@pytest.mark.parametrize("status", ["pending", "generating", "failed"])
def test_a_path_alone_leads_nobody_astray_before_there_is_anything_to_play(status: str) -> None:
    row = {**FAILED, "status": status} if status == "failed" else {"status": status, "updated": moment(120)}
    finding = the(told(row={**row, "path": PREFIX + NAME}, path=None))
    assert finding.values["is_misleading"] is False


@pytest.mark.parametrize(("recorded", "other"), [(24_044, 24_044), (None, None), (None, 0), (0, None)])
def test_sizes_that_say_the_same(recorded: int | None, other: int | None) -> None:
    assert found(told(row={"size_bytes": recorded}, size_bytes=other)) is None


@pytest.mark.parametrize(("recorded", "other"), [(24_044, 24_043), (24_044, None), (None, 24_044), (24_044, 0)])
def test_another_size_is_a_notice_and_the_session_plays(recorded: int | None, other: int | None) -> None:
    given = told(row={"size_bytes": recorded}, size_bytes=other)
    assert the(given).values["is_misleading"] is False
    assert (diagnose(given).verdict, diagnose(given).cause) == ("playable", CODE)


def test_a_size_that_differs_is_said_to_the_byte() -> None:
    given = told(size_bytes=158_760_044)
    assert said(given) == (
        "The host's API tells the client a size of 158.8 MB (158,760,044 bytes), and the row says 24 KB (24,044 bytes)."
    )
    assert said(given, "zh-hans") == (
        "主系统接口返回给客户端的大小是 158.8 MB（158,760,044 字节），记录中是 24 KB（24,044 字节）。"
    )
    assert "a size of NULL" in said(told(size_bytes=None))


def test_a_table_without_sizes_has_none_to_compare() -> None:
    absent = frozenset({"final_file_size"})
    assert found(told(row={"size_bytes": None, "absent": absent}, size_bytes=5)) is None


@pytest.mark.parametrize(
    ("recorded", "other"),
    [
        ("boom", "boom"),
        ("boom", "  boom\r\n"),
        ("a\n  b", "a b"),
        ("a long error, told in full", "a long error"),
        ("a long error", "a long error, told in full"),
        ("a long error, told in full", "a long err..."),
        ("a long error, told in full", "a long err …"),
        (None, ""),
        ("", None),
        (" \n", None),
        ("错" * 50_000, "错" * 20_000 + "another end"),
    ],
)
def test_errors_that_say_the_same(recorded: str | None, other: str | None) -> None:
    assert found(told(row={**FAILED, "error_message": recorded}, error_message=other)) is None


@pytest.mark.parametrize(
    ("recorded", "other"), [("boom", "bang"), ("boom", None), ("boom", " "), (None, "boom"), ("boom", "a boom")]
)
def test_another_error_of_a_failed_session_is_a_notice(recorded: str | None, other: str | None) -> None:
    finding = the(told(row={**FAILED, "error_message": recorded}, error_message=other))
    assert (finding.values["difference"], finding.values["is_misleading"]) == ("error", False)


@pytest.mark.parametrize("status", ["completed", "pending", "generating"])
def test_an_error_is_compared_of_failed_sessions_only(status: str) -> None:
    assert found(told(row={"status": status, "error_message": "boom"}, error_message="bang")) is None


def test_a_long_error_is_cut_and_its_secrets_are_hidden() -> None:
    long = f"{'x' * 47} Bearer GEHEIM-und-lang {'y' * 50_000} token=GEHEIM-und-lang"
    given = told(row={**FAILED, "error_message": "boom"}, status="completed", error_message=long)
    alone = told(row={**FAILED, "error_message": "boom"}, error_message=long)
    for one in (given, alone):
        for language in wording.LANGUAGES:
            assert "GEH" not in said(one, language)
            assert len(said(one, language)) < 500
        assert "GEHEIM" not in repr(the(one).evidence)
    assert "GEHEIM" not in as_text(diagnose(given), "en", UTC)


@pytest.mark.parametrize("field", SAME)
def test_only_what_was_told_can_disagree(field: str) -> None:
    """All that the API left out reads as none here, and is held against nothing."""
    other: dict[str, Any] = dict.fromkeys(SAME)
    whole = answer(**{**other, field: SAME[field]})
    assert found(evidence(host_answer=replace(whole, told=frozenset({field})))) is None
    assert found(evidence(host_answer=whole)) is not None


def test_several_differences_are_one_finding_that_names_them_all() -> None:
    given = told(status="generating", path=None, size_bytes=None)
    assert the(given).values["difference"] == "several"
    assert len(list(api_disagrees(given))) == 1
    assert said(given) == (
        "The host's API tells the client: status generating, final_file_path NULL, final_file_size NULL. "
        f"The row says: status completed, final_file_path {PREFIX}{NAME}, final_file_size 24044."
    )
    assert said(given, "zh-hans").startswith("主系统接口返回给客户端：status generating, final_file_path NULL")
    assert len(the(given).evidence) == 6


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

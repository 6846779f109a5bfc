"""What a client's report makes of a session whose file is in order, and when it makes nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.domain import wording
from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import Evidence, Finding, Limits, Source
from diagnostics.domain.paths import StoreLayout
from tests.domain.build import ABSENT, LAYOUT, NAME, NOW, PREFIX, codes, diagnosed, moment
from tests.domain.reports import NETWORK, error, failing, reported

RIGHT = f"https://app.example.cn{PREFIX}{NAME}"
EXPIRED = error("ios", "-1013", "delivery.link_expired")
OFFLINE = error("ios", "-1009", *NETWORK)
TIME_OUT = error("client", "request:fail timeout", "client.timed_out", "client.network")
WELL = DeliveryFacts(RIGHT, NOW, status=206, is_partial=True, content="wave", length_bytes=24_044)
LATE = {"created": moment(7_200)}


def found(given: Evidence, code: str) -> Finding:
    return next(finding for finding in diagnosed(given).findings if finding.code == code)


def told(given: Evidence, code: str) -> str:
    return wording.finding_sentence(found(given, code), "en", NOW.tzinfo)  # type: ignore[arg-type]  # NOW is aware


@pytest.mark.parametrize(
    ("url", "how"),
    [
        (RIGHT, ""),
        (RIGHT.replace("https", "HTTPS"), ""),
        (RIGHT.replace("https", "http"), ""),
        (f"https://m.example.cn{PREFIX}{NAME}", ""),
        (f"https://app.example.cn/x/..{PREFIX}./{NAME}", ""),
        (RIGHT.replace("long_sequence_5", "long%5Fsequence_5"), ""),
        (f"{PREFIX}{NAME}", ""),
        (f"https://app.example.cn/api{PREFIX}{NAME}", "api"),
        (f"http://192.168.124.3:5000/api{PREFIX}{NAME}", "api"),
        (f"http://192.168.124.3:5000{PREFIX}{NAME}", "origin"),
        (f"https://app.example.cn:8443{PREFIX}{NAME}", "origin"),
        (f"https://app.example.cn/{NAME}", "path"),
        (f"https://app.example.cn{PREFIX}long_sequence_6_20250825_120316.wav", "path"),
        ("https://app.example.cn/undefined", "path"),
        (f"https://app.example.cn{PREFIX}", "path"),
        (RIGHT.replace("long_sequence_5", "long%255Fsequence_5"), "path"),
        ("https://app.example.cn/api/music/long_sequence_status/5", ""),
        ("https://app.example.cn/pages/player", ""),
        (RIGHT[:-9] + "…", ""),
    ],
)
def test_the_url_that_was_asked_for_is_held_against_the_right_one(url: str, how: str) -> None:
    given = reported(ClientReport(url=url))
    assert codes(given) == ({"delivery.wrong_url"} if how else set())
    if how:
        assert found(given, "delivery.wrong_url").values["how"] == how


def test_without_a_known_origin_only_the_path_counts() -> None:
    homeless = StoreLayout(LAYOUT.roots, PREFIX)
    assert codes(reported(ClientReport(url=f"http://10.0.0.1{PREFIX}{NAME}"), layout=homeless)) == set()
    assert codes(reported(ClientReport(url=f"http://10.0.0.1/api{PREFIX}{NAME}"), layout=homeless)) == {
        "delivery.wrong_url"
    }


def test_the_sentence_names_both_urls() -> None:
    inserted = told(reported(ClientReport(url=f"https://app.example.cn/api{PREFIX}{NAME}")), "delivery.wrong_url")
    assert inserted == (
        f"The file “{NAME}” is whole, but the client put “/api” before its path: it asked for "
        f"https://app.example.cn/api{PREFIX}{NAME} instead of {RIGHT}."
    )
    other = told(reported(ClientReport(url=f"https://app.example.cn/{NAME}")), "delivery.wrong_url")
    assert f"the client asked for https://app.example.cn/{NAME} instead of {RIGHT}." in other


@pytest.mark.parametrize(
    ("url", "confidence"), [(f"https://x.cn/{NAME}", "certain"), ("https://app.example.cn/undefined", "possible")]
)
def test_it_is_certain_where_the_url_names_this_very_file(url: str, confidence: str) -> None:
    assert found(reported(ClientReport(url=url)), "delivery.wrong_url").confidence == confidence


def test_another_path_as_the_client_received_it_is_evidence() -> None:
    report = ClientReport(url=f"https://app.example.cn/old/{NAME}", path=f"old/{NAME}", has_path=True)
    lines = found(reported(report), "delivery.wrong_url").evidence
    assert [(line.source, line.fact, line.value) for line in lines] == [
        (Source.CLIENT, "URL the client asked for", f"https://app.example.cn/old/{NAME}"),
        (Source.RECORD, "URL the client builds", RIGHT),
        (Source.CLIENT, "final_file_path", f"old/{NAME}"),
        (Source.RECORD, "final_file_path", PREFIX + NAME),
    ]
    same = replace(report, path=PREFIX[1:] + NAME)
    assert len(found(reported(same), "delivery.wrong_url").evidence) == 2


def test_a_row_that_leads_astray_itself_is_one_finding() -> None:
    given = reported(ClientReport(url=f"https://app.example.cn/{NAME}"), row={"path": NAME})
    assert [finding.code for finding in diagnosed(given).findings] == ["delivery.wrong_url"]
    assert found(given, "delivery.wrong_url").values.get("expected_url") is None


@pytest.mark.parametrize("code", ["-1013", "401"])
def test_a_refused_signature_alone_is_possible(code: str) -> None:
    given = reported(failing(error("ios", code, "delivery.link_expired")))
    assert codes(given) == {"delivery.link_expired"}
    assert found(given, "delivery.link_expired").confidence == "possible"
    assert told(given, "delivery.link_expired") == "The client reports that the signed link has expired."


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"delivery": DeliveryFacts(RIGHT, NOW, status=401)}, {}),
        ({}, {"link_expires_at": NOW - timedelta(hours=1)}),
    ],
    ids=["the server refuses it too", "its link is over"],
)
def test_a_second_sign_of_it_is_likely(changes: dict[str, Any], fields: dict[str, Any]) -> None:
    given = reported(failing(EXPIRED, **fields), **changes)
    assert found(given, "delivery.link_expired").confidence == "likely"
    assert len(found(given, "delivery.link_expired").evidence) >= 2


def test_a_link_that_is_still_valid_is_no_second_sign() -> None:
    given = reported(failing(EXPIRED, link_expires_at=NOW + timedelta(hours=1)))
    assert found(given, "delivery.link_expired").confidence == "possible"


def test_a_row_whose_link_has_expired_says_so_itself_once() -> None:
    given = reported(failing(EXPIRED), row={"path": f"{RIGHT}?e=1&token=x"})
    assert [(f.code, f.confidence) for f in diagnosed(given).findings] == [("delivery.link_expired", "certain")]


def test_a_remote_link_counts_too() -> None:
    given = reported(failing(EXPIRED), row={"path": f"https://cdn.other.cn/{NAME}"}, audio=None)
    assert codes(given) == {"path.remote", "delivery.link_expired"}


@pytest.mark.parametrize(
    ("report", "changes"),
    [
        (failing(EXPIRED), {"delivery": WELL}),
        (failing(EXPIRED), {"audio": ABSENT}),
        (failing(EXPIRED), {"row": {"status": "generating"}}),
        (failing(error("browser", "401"), url="https://app.example.cn/api/music/long_sequence_status/5"), {}),
        (failing(error("browser", "403")), {}),
    ],
    ids=["served well now", "the file is gone", "not completed", "a call of the API", "another refusal"],
)
def test_it_is_no_expired_link_where_something_speaks_against_it(report: ClientReport, changes: dict[str, Any]) -> None:
    assert "delivery.link_expired" not in codes(reported(report, **changes))


@pytest.mark.parametrize(
    ("row", "limit", "is_late"),
    [
        ({"created": moment(6_720)}, 120, False),
        ({"created": moment(6_721)}, 120, True),
        ({"created": moment(6_721)}, 180, False),
        (LATE, 0, False),
        ({**LATE, "status": "failed"}, 120, False),
        ({**LATE, "size_bytes": 7}, 120, False),
        ({"created": moment(6_000)}, 120, False),
    ],
)
def test_a_generation_that_took_longer_than_the_client_waits(row: dict[str, Any], limit: int, is_late: bool) -> None:
    given = reported(ClientReport(), row=row, limits=Limits(client_timeout_seconds=limit))
    assert ("client.timed_out" in codes(given)) is is_late


def test_it_needs_no_report_and_tells_both_times() -> None:
    given = replace(reported(ClientReport(), row=LATE), report=None)
    diagnosis = diagnosed(given)
    assert (diagnosis.verdict, diagnosis.cause, diagnosis.confidence) == ("playable", "client.timed_out", "certain")
    assert told(given, "client.timed_out") == (
        "Generation took 10 min, longer than the 2 min that the client waits, so the client had given up; "
        "the audio is well now."
    )


def test_it_counts_from_the_last_reset_and_from_when_it_was_seen_generating() -> None:
    assert codes(reported(ClientReport(), row=LATE, reset_at=NOW - timedelta(seconds=6_700))) == set()
    assert codes(reported(ClientReport(), row=LATE, generating_since=NOW - timedelta(seconds=6_720))) == set()


def test_a_time_out_that_the_times_show_is_a_line_of_it_and_one_that_they_do_not_is_the_network() -> None:
    late = reported(failing(TIME_OUT), row=LATE)
    assert codes(late) == {"client.timed_out"}
    assert [line.source for line in found(late, "client.timed_out").evidence] == ["record", "record", "client"]
    assert codes(reported(failing(TIME_OUT))) == {"client.network"}


NO_SESSION: dict[str, Any] = {"answer_success": True, "answer_has_session_id": False}
NO_PATH = {"answer_success": True, "answer_has_session_id": True, "answer_has_path": False}


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (NO_SESSION, "session_id"),
        ({"answer_has_session_id": False}, "session_id"),
        ({**NO_SESSION, "answer_success": False}, ""),
        (NO_PATH, ""),
        ({**NO_PATH, "status": "pending"}, ""),
        ({**NO_PATH, "status": "completed"}, "path"),
        ({**NO_PATH, "status": "completed", "has_path": True, "path": PREFIX + NAME}, ""),
        ({"status": "completed", "has_path": False}, "path"),
        ({"status": "generating", "has_path": False}, ""),
        ({"status": "completed", "has_path": True}, ""),
        ({}, ""),
    ],
)
def test_an_answer_that_lacks_what_the_client_needs(fields: dict[str, Any], missing: str) -> None:
    given = reported(ClientReport(**fields))
    assert codes(given) == ({"client.bad_response"} if missing else set())
    if missing:
        assert diagnosed(given).verdict == "playable"
        assert found(given, "client.bad_response").values == {"missing": missing}
        assert found(given, "client.bad_response").evidence
        assert ("without session id" in told(given, "client.bad_response")) is (missing == "session_id")


@pytest.mark.parametrize(
    ("source", "code", "suspects", "is_network"),
    [
        *(("ios", code, (), True) for code in ("-1001", "-1003", "-1004", "-1005", "-1009")),
        ("ios", "-1100", ("file.deleted",), False),
        ("android", "-1004", ("file.corrupt",), False),
        ("client", "request:fail", NETWORK, True),
        ("client", "request:fail timeout", ("client.timed_out", "client.network"), True),
        ("client", "request:fail url not in domain list", (), False),
        ("android", "80", NETWORK, True),
        ("browser", "net::ERR_INTERNET_DISCONNECTED", NETWORK, True),
        ("browser", "404", ("file.deleted", "client.network"), False),
        ("unknown", "", (), False),
    ],
)
def test_a_network_error_of_the_client(source: str, code: str, suspects: tuple[str, ...], is_network: bool) -> None:
    given = reported(failing(error(source, code, *suspects)))
    assert codes(given) == ({"client.network"} if is_network else set())
    assert diagnosed(given).verdict == "playable"


@pytest.mark.parametrize(
    ("delivery", "confidence"),
    [
        (None, "possible"),
        (WELL, "likely"),
        (DeliveryFacts(RIGHT, NOW, problem="not_allowed"), "possible"),
        (DeliveryFacts(RIGHT, NOW, problem="busy"), "possible"),
        (DeliveryFacts(RIGHT, NOW, problem="timeout"), "possible"),
        (DeliveryFacts(RIGHT, NOW, status=302), "possible"),
        (DeliveryFacts(RIGHT, NOW, status=429), "possible"),
        (DeliveryFacts(RIGHT, NOW, problem="certificate_expired"), ""),
        (DeliveryFacts(RIGHT, NOW, status=404), ""),
        (DeliveryFacts(RIGHT, NOW, status=503), ""),
        (replace(WELL, status=200, is_partial=False), ""),
        (replace(WELL, content="html"), ""),
        (replace(WELL, length_bytes=9), ""),
        (replace(WELL, length_bytes=None), "likely"),
    ],
)
def test_a_probe_that_just_found_delivery_at_fault_speaks_instead(
    delivery: DeliveryFacts | None, confidence: str
) -> None:
    diagnosis = diagnosed(reported(failing(OFFLINE), delivery=delivery))
    network = [finding for finding in diagnosis.findings if finding.code == "client.network"]
    assert [str(finding.confidence) for finding in network] == ([confidence] if confidence else [])


def test_the_network_sentence_says_only_what_was_seen() -> None:
    asked = told(reported(failing(OFFLINE), delivery=WELL), "client.network")
    assert "well and delivered now" in asked
    assert "delivered" not in told(reported(failing(OFFLINE)), "client.network")


@pytest.mark.parametrize(
    "report",
    [
        failing(EXPIRED),
        failing(OFFLINE),
        ClientReport(**NO_SESSION),
        ClientReport(url=f"https://app.example.cn/{NAME}"),
    ],
    ids=["link", "network", "answer", "url"],
)
def test_what_is_said_of_another_session_or_of_a_broken_file_counts_for_nothing(report: ClientReport) -> None:
    assert codes(reported(report)) != set()
    assert codes(reported(replace(report, session_id="6"))) == set()
    assert codes(reported(replace(report, session_id=" 5 "))) != set()
    assert codes(reported(report, row={"size_bytes": 7})) == {"file.size_mismatch"}
    assert codes(reported(report, row={"status": "pending"}, audio=None)) == {"worker.not_picked_up"}

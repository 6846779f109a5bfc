"""Each thing that a client says, held against the row: as it is there, otherwise, or nothing to compare with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diagnostics.domain.client_claims import other_session, statements, with_unit
from diagnostics.domain.client_report import ClientReport
from tests.domain.build import NAME, PREFIX, evidence
from tests.domain.reports import reported

ROW = {
    "assessment_id": "12",
    "scene_id": "3",
    "generation_mode": "comprehensive",
    "segment_count": "30",
    "user_id": "7",
    "duration_seconds": 1_800.0,
}
AGREES, DIFFERS, NOTHING = "agrees", "differs", "not_comparable"


def outcome(report: ClientReport, **row: Any) -> str:
    (one,) = statements(reported(report, row={**ROW, **row}))
    return one.outcome


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("assessment_id", "12", AGREES),
        ("assessmentId", " 12 ", AGREES),
        ("assessment_id", "12.0", AGREES),
        ("assessment_id", "13", DIFFERS),
        ("duration_minutes", "30", AGREES),
        ("total_duration_minutes", "30.0", AGREES),
        ("total_duration_minutes", "45", DIFFERS),
        ("duration_seconds", "1800", AGREES),
        ("duration_seconds", "30", DIFFERS),
        ("duration", "30", AGREES),
        ("duration", "1800", AGREES),
        ("duration", "31", DIFFERS),
        ("duration_minutes", "half an hour", NOTHING),
        ("scene_id", "3", AGREES),
        ("scene", "0", DIFFERS),
        ("generation_mode", "Comprehensive", AGREES),
        ("mode", "single", DIFFERS),
        ("segmentCount", "30", AGREES),
        ("user_id", "8", DIFFERS),
        ("volume", "11", NOTHING),
    ],
)
def test_a_parameter_is_held_against_its_column(name: str, said: str, expected: str) -> None:
    assert outcome(ClientReport(parameters={name: said})) == expected


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [(None, "0", AGREES), ("0", "null", AGREES), ("", "0", AGREES), (None, "3", NOTHING), ("0", "3", DIFFERS)],
)
def test_scene_0_is_no_scene(known: str | None, said: str, expected: str) -> None:
    assert outcome(ClientReport(parameters={"scene_id": said}), scene_id=known) == expected


def test_a_column_that_the_table_lacks_is_nothing_to_compare_with() -> None:
    report = ClientReport(parameters={"scene_id": "0"})
    assert outcome(report, scene_id=None, absent=frozenset({"scene_id"})) == NOTHING


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("completed", "completed", AGREES),
        ("pending", "completed", NOTHING),
        ("generating", "failed", NOTHING),
        ("completed", "failed", DIFFERS),
        ("failed", "completed", DIFFERS),
        ("completed", "pending", DIFFERS),
        ("pending", "generating", DIFFERS),
    ],
)
def test_a_status_of_then_says_nothing_against_an_end_since(said: str, known: str, expected: str) -> None:
    assert outcome(ClientReport(status=said), status=known) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"path": PREFIX + NAME, "has_path": True}, AGREES),
        ({"path": PREFIX[1:] + NAME, "has_path": True}, AGREES),
        ({"path": "/other/" + NAME, "has_path": True}, DIFFERS),
        ({"has_path": False}, DIFFERS),
    ],
)
def test_the_path_as_it_was_received(fields: dict[str, Any], expected: str) -> None:
    assert outcome(ClientReport(**fields)) == expected


def test_a_path_that_neither_has_agrees() -> None:
    assert outcome(ClientReport(has_path=False), path=None) == AGREES


def test_a_size_that_was_printed_rounded_is_compared_so() -> None:
    size = {"size_bytes": 158_760_044}
    assert outcome(ClientReport(size_bytes=158_760_044), **size) == AGREES
    assert outcome(ClientReport(size_bytes=158_760_000), **size) == DIFFERS
    assert outcome(ClientReport(size_bytes=151_400_000, is_size_rounded=True), **size) == AGREES
    assert outcome(ClientReport(size_bytes=120_000_000, is_size_rounded=True), **size) == DIFFERS
    assert outcome(ClientReport(size_bytes=5), size_bytes=None) == NOTHING
    assert outcome(ClientReport(size_bytes=5, is_size_rounded=True), size_bytes=None) == NOTHING


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("boom", "Traceback …\nValueError: boom", AGREES),
        ("ValueError: boom, and more of it", "ValueError: boom", AGREES),
        ("token=[hidden] bad", "token=abcdef bad", AGREES),
        ("boom", "bang", DIFFERS),
        ("boom", None, DIFFERS),
    ],
)
def test_a_message_may_be_a_part_of_the_other(said: str, known: str | None, expected: str) -> None:
    assert outcome(ClientReport(error_message=said), error_message=known) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://app.example.cn{PREFIX}{NAME}", AGREES),
        (f"https://app.example.cn/api{PREFIX}{NAME}", DIFFERS),
        ("https://app.example.cn/api/music/long_sequence_status/5", NOTHING),
    ],
)
def test_the_url_that_was_asked_for(url: str, expected: str) -> None:
    assert outcome(ClientReport(url=url)) == expected


def test_a_url_has_nothing_against_it_where_the_row_names_no_file() -> None:
    assert outcome(ClientReport(url=f"https://app.example.cn{PREFIX}{NAME}"), path=None) == NOTHING


def test_another_sessions_id_is_all_that_is_compared() -> None:
    full = ClientReport(session_id="6", status="failed", parameters={"scene_id": "1"}, url="https://x.cn/a.wav")
    (one,) = statements(reported(full))
    assert (one.fact, one.said, one.known, one.outcome) == ("session_id", "6", "5", DIFFERS)
    own = statements(reported(replace(full, session_id="5")))
    assert [statement.fact for statement in own] == ["session_id", "scene_id", "status", "URL"]
    assert own[0].outcome == AGREES


@pytest.mark.parametrize(
    ("said", "key", "other"), [(None, 5, ""), ("5", 5, ""), (" 5", 5, ""), ("05", 5, "05"), ("a", "a", ""), ("", 5, "")]
)
def test_ids_are_compared_as_they_are_written(said: str | None, key: int | str, other: str) -> None:
    assert other_session(ClientReport(session_id=said), key) == other


def test_without_a_report_nothing_is_said() -> None:
    assert statements(evidence()) == ()


def test_no_secret_of_the_row_is_told() -> None:
    row = {"path": f"https://app.example.cn{PREFIX}{NAME}?token=s3cret", "error_message": "password=s3cret"}
    report = ClientReport(path="/x.wav", has_path=True, error_message="boom", url="https://app.example.cn/x.wav")
    assert "s3cret" not in repr(statements(reported(report, row=row)))


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("duration_minutes", "30", "30 min"),
        ("duration_seconds", "30", "30 s"),
        ("duration", "30", "30"),
        ("duration_minutes", "long", "long"),
        ("scene_id", "3", "3"),
    ],
)
def test_a_length_is_told_with_its_unit_where_its_name_has_one(name: str, said: str, shown: str) -> None:
    assert with_unit(name, said) == shown

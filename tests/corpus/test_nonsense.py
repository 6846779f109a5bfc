"""Nonsense in any column of a row: it becomes a record, nothing raises, and the rules have an answer."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.facts import Evidence, Limits
from diagnostics.domain.paths import understand
from diagnostics.domain.rules import diagnose
from diagnostics.host import FIELDS
from diagnostics.host_values import moment, number, record_of, whole
from tests.domain.build import LAYOUT, NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2025, 8, 25, 4, 3, 16, tzinfo=UTC)
RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), st.binary(max_size=60), st.decimals(),
    st.sampled_from([b"2025-02-31", "yesterday", "9" * 400, "1e999", "NaN", "-0", "0001-01-01", "9999-12-31 23:59:59", b"\xff"]),
)  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        "2025-08-25 12:03:16",
        b"2025-08-25 12:03:16",
        "2025-08-25T12:03:16",
        "2025-08-25T04:03:16Z",
        "2025-08-25 12:03:16+08:00",
        " 2025-08-25 12:03:16.000000 ",
        int(AT.timestamp()),
        str(int(AT.timestamp())),
        str(int(AT.timestamp() * 1000)),
        "2025-08-25 12:03:16.000",
    ],
)
def test_a_time_is_read_in_the_hosts_zone(raw: object) -> None:
    assert moment(raw, SHANGHAI).at == AT


@pytest.mark.parametrize(
    "raw",
    [None, "", " ", "yesterday", "2025-02-31 10:00:00", "0000-00-00 00:00:00", "25/08/2025", b"\xff", "12345", 0, -1, "9" * 30,
     "0001-01-01 00:00:00", "9999-12-31 23:59:59", "2025-08-25 25:00:00", "NULL", True],
)  # fmt: skip
def test_what_is_no_time_is_none(raw: object) -> None:
    assert moment(raw, SHANGHAI).at is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [(5, 5.0), ("5", 5.0), (b" 5.5 ", 5.5), (Decimal("7"), 7.0), ("五", None), ("", None), (None, None), (math.nan, None),
     ("inf", None), ("1e999", None), (True, None), (b"\xff", None), ("1,000", None), (Decimal("NaN"), None)],
)  # fmt: skip
def test_a_number_is_finite_or_none(raw: object, value: float | None) -> None:
    assert number(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"), [("24044", 24_044), (2**70, 2**70), (7.0, 7), (7.5, None), ("x", None), ("1e3", 1000)]
)
def test_a_size_is_whole_or_none(raw: object, value: int | None) -> None:
    assert whole(raw) == value


@settings(max_examples=500, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, RAW)))
def test_any_row_is_a_record_and_has_a_diagnosis(row: dict[str, object]) -> None:
    record = record_of(row, frozenset(), SHANGHAI)
    evidence = Evidence(record=record, now=NOW, limits=Limits(), claim=understand(record.path, LAYOUT))
    found = diagnose(evidence)
    assert "rule.crashed" not in {finding.code for finding in found.findings}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["pending", "generating", "completed", "failed"]),
    st.lists(st.integers(-(10**12), 10**12), min_size=3, max_size=3),
)
def test_any_times_have_a_diagnosis(status: str, shifts: list[int]) -> None:
    times = [(NOW + timedelta(milliseconds=shift)).isoformat() for shift in shifts]
    row = dict(zip(("created_at", "updated_at", "completed_at"), times, strict=True))
    record = record_of({"session_id": 5, "status": status, **row}, frozenset(), SHANGHAI)
    limits = Limits(audio_retention_days=30)
    found = diagnose(Evidence(record=record, now=NOW, limits=limits, claim=understand(None, LAYOUT)))
    assert "rule.crashed" not in {finding.code for finding in found.findings}
    assert found.due_at is None or found.due_at.tzinfo is not None

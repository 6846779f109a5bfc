"""The diagnosis document: the shape that the API, the shell and the export share."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from diagnostics.domain.document import document
from diagnostics.domain.facts import Evidence
from tests.domain.build import ABSENT, diagnosed, evidence

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEYS = {
    "session_id", "status", "verdict", "state", "cause", "confidence", "summary", "evidence", "findings", "actions", "observed_at"
}  # fmt: skip


def made(found: Evidence) -> dict[str, object]:
    """Return a document after its way through JSON."""
    read: dict[str, object] = json.loads(json.dumps(document(diagnosed(found), SHANGHAI)))
    return read


def test_it_has_the_keys_of_the_contract() -> None:
    assert set(made(evidence())) == KEYS


def test_a_healthy_session_has_no_cause_and_no_findings() -> None:
    found = made(evidence())
    assert (found["verdict"], found["state"], found["cause"], found["findings"]) == ("playable", "ok", None, [])


def test_the_cause_is_the_first_finding_also_of_a_playable_session() -> None:
    found = made(evidence(row={"error_message": "boom", "progress_percent": 9.0}))
    assert (found["verdict"], found["cause"]) == ("playable", "record.stale_error")
    assert [line["code"] for line in found["findings"]] == ["record.stale_error", "record.progress_odd"]  # type: ignore[attr-defined]  # read from JSON


def test_it_speaks_both_languages() -> None:
    summary = made(evidence(audio=ABSENT))["summary"]
    assert isinstance(summary, dict)
    assert set(summary) == {"en", "zh-hans"}
    assert all(summary.values())


def test_times_bear_the_offset_of_the_hosts_zone() -> None:
    at = datetime.fromisoformat(str(made(evidence())["observed_at"]))
    assert at.utcoffset() == SHANGHAI.utcoffset(at.replace(tzinfo=None))


def test_it_holds_names_that_no_encoding_knows() -> None:
    found = document(diagnosed(evidence(row={"path": "\udcff.wav", "key": "a\udcff"})), SHANGHAI)
    assert json.loads(json.dumps(found))["cause"]

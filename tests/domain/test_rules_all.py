"""All rules together: every code has one, each that crashes is a finding, and the order is the catalogue's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.domain.causes import CATALOGUE, PRECEDENCE
from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import Evidence, Finding, FormerFile, Moment, Presence, QueueFacts, StoreFacts
from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.processes import ProcessFacts
from diagnostics.domain.rules import RULES, diagnose
from diagnostics.domain.sound import SoundFacts
from diagnostics.domain.traces import OtherRequest, Reason, Removal
from tests.domain.build import ABSENT, AUDIO, HEADER, NAME, NOW, PREFIX, codes, evidence, moment

FORMER = FormerFile(NAME, 24_044, NOW - timedelta(hours=2), NOW)
OTHER = "long_sequence_6_20250825_120316.wav"
CANDIDATE = replace(AUDIO, path="archive/" + NAME)
REMOVAL = Removal("delete_file", "eve", NOW - timedelta(minutes=5), Reason.ACTION, NOW + timedelta(days=7))
CDN = "https://cdn.other.cn/" + NAME
STILL = {"status": "generating", "updated": moment(3_600), "path": None, "progress_percent": 40.0}


def _answer(**facts: Any) -> dict[str, Any]:
    told = {"status": 200, "content": "wave", "length_bytes": AUDIO.size_bytes, **facts}
    return {"delivery": DeliveryFacts(f"https://app.example.cn{PREFIX}{NAME}", NOW, **told)}


def _audio(**changes: Any) -> dict[str, Any]:
    return {"audio": replace(AUDIO, **changes)}


def _header(**changes: Any) -> dict[str, Any]:
    return _audio(header=replace(HEADER, **changes))


BREAKERS: dict[str, Evidence] = {
    "storage.unavailable": evidence(store=StoreFacts("missing", "ENOENT", NOW), audio=None),
    "path.remote": evidence(row={"path": CDN}, audio=None),
    "record.unknown_status": evidence(row={"status": "done"}),
    "path.unsafe": evidence(row={"path": "/etc/" + NAME}, audio=None),
    "path.missing": evidence(row={"path": None}, audio=None),
    "file.purged": evidence(audio=ABSENT, former=FORMER, removal=REMOVAL),
    "file.misplaced": evidence(audio=ABSENT, candidates=(CANDIDATE,)),
    "file.deleted": evidence(audio=ABSENT, former=FORMER),
    "file.never_written": evidence(audio=ABSENT),
    "file.unreadable": evidence(**_audio(presence=Presence.UNREADABLE, header=None)),
    "file.not_a_file": evidence(**_audio(presence=Presence.NOT_A_FILE, kind="fifo", header=None)),
    "file.empty": evidence(**_audio(size_bytes=0, header=replace(HEADER, problem="not_wave"))),
    "file.corrupt": evidence(**_header(problem="not_wave")),
    "file.truncated": evidence(**_header(data_present=9_000)),
    "file.name_collision": evidence(row={"path": PREFIX + OTHER}, other_claimants=("6",)),
    "path.names_other_session": evidence(row={"path": PREFIX + OTHER}),
    "file.size_mismatch": evidence(row={"size_bytes": 7}),
    "file.wrong_duration": evidence(row={"duration_seconds": 1_800.0}),
    "file.silent": evidence(sound=SoundFacts(60.0, 30.0, 30.0, 50.0, heard_at=NOW)),
    "record.half_committed": evidence(row={"status": "failed", "error_message": "boom"}),
    "generation.disk_full": evidence(row={"status": "failed", "error_message": "ENOSPC"}, audio=None),
    "generation.out_of_memory": evidence(row={"status": "failed", "error_message": "MemoryError"}, audio=None),
    "generation.permission_denied": evidence(row={"status": "failed", "error_message": "EACCES"}, audio=None),
    "generation.unrecognised": evidence(row={"status": "failed", "error_message": "boom"}, audio=None),
    "generation.unexplained": evidence(row={"status": "failed"}, audio=None),
    "record.status_lagging": evidence(row={"status": "generating", "updated": moment(60)}),
    "worker.not_picked_up": evidence(row={"status": "pending", "path": None}, audio=None),
    "worker.crashed": evidence(row=STILL, audio=None, processes=ProcessFacts("", observed_at=NOW)),
    "worker.stalled": evidence(row=STILL, audio=None),
    "delivery.link_expired": evidence(row={"path": CDN + "?e=1&token=x"}, audio=None),
    "delivery.wrong_url": evidence(row={"path": NAME}),
    "delivery.not_served": evidence(**_answer(status=404, content="html")),
    "delivery.not_audio": evidence(**_answer(content="html")),
    "delivery.no_range": evidence(**_answer()),
    "delivery.bad_certificate": evidence(**_answer(status=None, content="", problem="certificate_expired")),
    "record.api_disagrees": evidence(host_answer=HostAnswer(NOW, told=frozenset({"status"}), status="generating")),
    "client.timed_out": evidence(row={"created": moment(7_200)}),
    "client.bad_response": evidence(report=ClientReport(answer_success=True, answer_has_session_id=False)),
    "client.network": evidence(report=ClientReport(errors=(PlayerError("ios", "-1009", {}, ("client.network",)),))),
    "record.stale_error": evidence(row={"error_message": "boom"}),
    "record.time_disorder": evidence(row={"created": moment(-7_200)}),
    "record.duplicate_request": evidence(
        row={"user_id": "7", "assessment_id": "4"}, other_requests=(OtherRequest("6", NOW - timedelta(seconds=6_650)),)
    ),
    "path.bad_name": evidence(row={"path": PREFIX + "song.wav"}),
    "record.progress_odd": evidence(row={"progress_percent": 99.0}),
    "file.trailing_bytes": evidence(**_header(trailing=9)),
    "file.predates_session": evidence(**_audio(modified_at=NOW - timedelta(days=3))),
}


def test_a_healthy_session_has_no_findings() -> None:
    found = diagnose(evidence())
    assert (found.verdict, found.state, found.findings) == ("playable", "ok", ())


@pytest.mark.parametrize("code", BREAKERS)
def test_every_code_is_raised_and_is_in_the_catalogue(code: str) -> None:
    assert code in CATALOGUE
    assert code in codes(BREAKERS[code])


@pytest.mark.parametrize("code", BREAKERS)
def test_every_finding_says_how_it_is_known(code: str) -> None:
    finding = next(finding for finding in diagnose(BREAKERS[code]).findings if finding.code == code)
    assert finding.evidence
    assert all(line.fact and line.value is not None for line in finding.evidence)


@pytest.mark.parametrize("broken", BREAKERS.values(), ids=BREAKERS)
def test_findings_stand_in_the_order_of_precedence(broken: Evidence) -> None:
    found = [PRECEDENCE[finding.code] for finding in diagnose(broken).findings]
    assert found == sorted(found)


def _crash(_: Evidence) -> Iterator[Finding]:
    raise RuntimeError("as rules do")
    yield


@pytest.mark.parametrize("number", range(len(RULES)))
def test_a_rule_that_raises_is_a_finding_and_the_others_still_answer(number: int) -> None:
    """Whichever rule crashes, what the others say of a session with faults of several chapters stays the same."""
    faulty = evidence(row={"path": PREFIX + "song.wav", "size_bytes": 7, "progress_percent": 3.0, "error_message": "x"})
    spared = RULES[:number] + RULES[number + 1 :]
    found = {finding.code for finding in diagnose(faulty, (*RULES[:number], _crash, *RULES[number + 1 :])).findings}
    assert found == {finding.code for finding in diagnose(faulty, spared).findings} | {"rule.crashed"}


def test_a_crashed_rule_is_named() -> None:
    crashed = diagnose(evidence(), (_crash,)).findings[0]
    assert crashed.values["rule"] == "_crash"


@pytest.mark.parametrize("status", [None, "", "failed", "pending", "generating", "completed", "COMPLETED"])
def test_nothing_known_is_diagnosed_as_well(status: str | None) -> None:
    bare = evidence(
        row={"status": status, "created": Moment(None, None), "updated": Moment(None, None),
             "completed": Moment(None, None), "path": None, "size_bytes": None, "duration_seconds": None,
             "progress_percent": None},
        audio=None,
    )  # fmt: skip
    assert "rule.crashed" not in codes(bare)


def test_a_moving_queue_makes_a_long_wait_no_fault() -> None:
    row = {"status": "pending", "path": None, "progress_percent": 0.0}
    moving = QueueFacts(position=2, is_moving=True)
    assert codes(evidence(row=row, audio=None, queue=moving)) == set()
    assert codes(evidence(row=row, audio=None, queue=replace(moving, was_overtaken=True))) == {"worker.not_picked_up"}

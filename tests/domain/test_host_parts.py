"""The host's parts near a failure: second signs, reasons where there is no message, and what the chain says of each."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from diagnostics.domain import host_parts, wording
from diagnostics.domain.facts import Evidence, Finding, ResourceFacts
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, MOUNT, PARTS, PartFacts
from diagnostics.domain.processes import ProcessFacts
from diagnostics.domain.rules import diagnose
from tests.domain.build import NOW, evidence, moment
from tests.domain.build_parts import ALL, FAILED_AT, facts, failed, now, part, pending

REFUSED = "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused."
IMPORT_FAILED = "ModuleNotFoundError: No module named 'fluidsynth'"


def generation(found: Evidence) -> Finding:
    return next(finding for finding in diagnose(found).findings if finding.code.startswith("generation."))


@pytest.mark.parametrize("name", host_parts.DEPENDENCIES)
def test_a_service_that_was_down_is_a_second_sign_of_what_the_message_says(name: str) -> None:
    found = generation(failed(part(name, "down", "refused", detail="Connection refused"), message=REFUSED))
    assert (found.code, found.confidence) == ("generation.dependency_down", "certain")
    assert facts(found)[1:] == [
        (name, "down (refused)"),
        ("so since", (FAILED_AT - timedelta(minutes=3)).isoformat()),
        ("its own words", "Connection refused"),
    ]
    assert {str(line.source) for line in found.evidence[1:]} == {"resources"}


@pytest.mark.parametrize("name", host_parts.DEPENDENCIES)
def test_without_a_message_a_service_that_was_down_is_a_possible_reason(name: str) -> None:
    diagnosis = diagnose(failed(part(name, "down", "refused")))
    assert (diagnosis.cause, diagnosis.confidence) == ("generation.dependency_down", "possible")
    assert diagnosis.findings[0].values == {"part": name, "problem": "refused", "sampled_at": FAILED_AT}
    words = {"database": ("database was down", "数据库不可用"), "cache": ("cache was down", "缓存不可用"),
             "broker": ("task queue was down", "任务队列不可用")}[name]  # fmt: skip
    for language, told in zip(("en", "zh-hans"), words, strict=True):
        sentence = wording.summary(diagnosis, language, UTC)
        assert told in sentence
        assert "11:00" in sentence


def test_without_a_message_an_engine_that_was_down_is_a_possible_reason() -> None:
    diagnosis = diagnose(failed(part(ENGINE, "down", "exit_code")))
    assert (diagnosis.cause, diagnosis.confidence) == ("generation.engine_failed", "possible")
    assert "smoke test failed" in wording.summary(diagnosis, "en", UTC)
    assert "自检失败" in wording.summary(diagnosis, "zh-hans", UTC)


def test_an_engine_that_was_down_is_a_second_sign_of_its_message() -> None:
    found = generation(failed(part(ENGINE, "down", "exit_code"), message=IMPORT_FAILED))
    assert (found.code, found.confidence) == ("generation.engine_failed", "certain")
    assert ("engine", "down (exit_code)") in facts(found)


def test_each_message_is_joined_by_its_own_part_alone() -> None:
    down = [part(name, "down", "refused") for name in PARTS]
    assert [fact for fact, _ in facts(generation(failed(*down, message=IMPORT_FAILED)))][1::2] == ["engine"]
    assert "engine" not in dict(facts(generation(failed(*down, message=REFUSED))))
    assert len(generation(failed(*down, message="boom")).evidence) == 1


def test_a_locked_database_is_a_second_sign_and_possibly_the_reason_of_a_silence() -> None:
    locked = part(DATABASE, "impaired", "locked")
    message = "sqlite3.OperationalError: database is locked"
    assert ("database", "impaired (locked)") in facts(generation(failed(locked, message=message)))
    silent = diagnose(failed(locked))
    assert (silent.cause, silent.confidence) == ("generation.dependency_down", "possible")


@pytest.mark.parametrize("state", ["unknown", "up", "impaired"])
@pytest.mark.parametrize("name", PARTS)
def test_only_what_was_down_explains_a_silence(name: str, state: str) -> None:
    assert diagnose(failed(part(name, state, "hung"))).cause == "generation.unexplained"
    assert len(generation(failed(part(name, state, "hung"), message=REFUSED)).evidence) == 1


def test_a_lost_mount_is_no_service_that_the_generation_needs() -> None:
    assert diagnose(failed(part(MOUNT, "down", "not_mounted"))).cause == "generation.unexplained"


@pytest.mark.parametrize(
    ("seconds", "cause"), [(300, "dependency_down"), (-300, "dependency_down"), (301, "unexplained")]
)
def test_only_samples_within_the_window_count(seconds: int, cause: str) -> None:
    sample = part(BROKER, "down", at=FAILED_AT + timedelta(seconds=seconds))
    assert diagnose(failed(sample)).cause == f"generation.{cause}"


def test_the_order_is_that_of_the_catalogue() -> None:
    full = ResourceFacts(FAILED_AT, disk_percent=99.0)
    exhausted = ResourceFacts(FAILED_AT, memory_percent=99.0)
    parts = part(ENGINE, "down"), part(CACHE, "down", at=FAILED_AT + timedelta(seconds=200))
    causes = [
        diagnose(failed(*some, resources=samples)).cause
        for some, samples in ((parts, (full, exhausted)), (parts, (exhausted,)), (parts, ()), (parts[:1], ()))
    ]
    assert causes == [
        f"generation.{name}" for name in ("disk_full", "out_of_memory", "dependency_down", "engine_failed")
    ]


def test_the_nearest_is_named() -> None:
    far, near = part(CACHE, "down", at=FAILED_AT - timedelta(seconds=60)), part(DATABASE, "down")
    assert generation(failed(far, near)).values["part"] == "database"


@pytest.mark.parametrize(
    ("message", "watched", "seconds_ago", "is_due"),
    [
        (REFUSED, ALL, 60, True),
        (IMPORT_FAILED, ALL, 60, True),
        (REFUSED, frozenset(), 60, False),
        (REFUSED, ALL, 400, False),
        ("boom", ALL, 60, False),
        (None, ALL, 60, True),
    ],
)
def test_a_late_sample_may_still_explain_it(
    message: str | None, watched: frozenset[str], seconds_ago: float, *, is_due: bool
) -> None:
    due_at = diagnose(failed(message=message, ago=seconds_ago, watched_parts=watched)).due_at
    assert (due_at is not None and due_at <= NOW) == is_due


@pytest.mark.parametrize(
    ("sample", "english", "chinese"),
    [
        (now(BROKER, "down", "refused"), "task queue has been down since 25 Aug 2025, 11:57", "任务队列自"),
        (now(BROKER, "impaired", "no_consumers"), "nobody has taken tasks from the queue since", "没有进程从队列领取"),
        (now(BROKER, "impaired", "suspended"), "nobody has taken tasks from the queue since", "没有进程从队列领取"),
        (now(DATABASE, "impaired", "locked"), "database has been locked since", "被锁"),
        (now(DATABASE, "down", "refused"), "database has been down since", "主系统数据库自"),
    ],
)
def test_a_session_that_waits_is_told_why_nobody_takes_it(sample: PartFacts, english: str, chinese: str) -> None:
    diagnosis = diagnose(pending(sample))
    assert diagnosis.cause == "worker.not_picked_up"
    assert (sample.part, f"{sample.state} ({sample.problem})") in facts(diagnosis.findings[0])
    assert english in wording.summary(diagnosis, "en", UTC)
    assert chinese in wording.summary(diagnosis, "zh-hans", UTC)


@pytest.mark.parametrize(
    "samples",
    [
        (now(BROKER, "unknown", "hung"),),
        (now(BROKER, "up"), now(BROKER, "down", "refused", at=NOW - timedelta(minutes=2))),
        (now(BROKER, "unknown", "hung"), now(BROKER, "down", at=NOW - timedelta(minutes=2))),
        (now(BROKER, "impaired", "full"), now(DATABASE, "impaired", "long_transaction"), now(CACHE, "down")),
    ],
)
def test_what_is_not_known_now_or_over_is_no_reason(samples: tuple[PartFacts, ...]) -> None:
    diagnosis = diagnose(pending(*samples))
    assert diagnosis.cause == "worker.not_picked_up"
    assert not {"broker", "database", "cache"} & {fact for fact, _ in facts(diagnosis.findings[0])}
    assert "does not move for it" in wording.summary(diagnosis, "en", UTC)


@pytest.mark.parametrize(
    ("processes", "cause"),
    [(ProcessFacts("", observed_at=NOW), "crashed"), (ProcessFacts("not_configured"), "stalled")],
)
def test_what_may_keep_a_generation_still_joins_its_evidence(processes: ProcessFacts, cause: str) -> None:
    row = {"status": "generating", "updated": moment(3_600), "path": None, "progress_percent": 40.0}
    parts = (
        now(DATABASE, "impaired", "locked", detail="held by 42"), now(ENGINE, "down", "timeout"),
        now(CACHE, "down"), now(BROKER, "unknown", "hung"),
    )  # fmt: skip
    found = diagnose(evidence(row=row, audio=None, processes=processes, parts=parts, watched_parts=ALL))
    assert found.cause == f"worker.{cause}"
    told = facts(found.findings[0])
    assert ("database", "impaired (locked)") in told
    assert ("its own words", "held by 42") in told
    assert ("engine", "down (timeout)") in told
    assert not {"cache", "broker"} & {fact for fact, _ in told}


def test_what_a_finding_was_made_of_is_read_back_from_its_lines() -> None:
    samples = (
        part(DATABASE, "down", "refused", detail="Connection refused (111)"),
        PartFacts(ENGINE, FAILED_AT + timedelta(minutes=1), "down", "exit_code", since=FAILED_AT),
        PartFacts(BROKER, FAILED_AT + timedelta(minutes=2), "down"),
    )
    lines = [line for sample in samples for line in host_parts.lines(sample)]
    told = [(line.fact, line.value, line.observed_at) for line in lines if line.observed_at]
    assert host_parts.remembered(told) == samples
    assert host_parts.remembered([("so since", FAILED_AT.isoformat(), NOW), ("disk used", "5 %", NOW)]) == ()


def test_the_lines_hide_secrets() -> None:
    sample = part(CACHE, "down", "denied", detail="AUTH password=hunter2-secret failed")
    assert "hunter2-secret" not in str(host_parts.lines(sample))

"""The host's parts near a failure: second signs, reasons where there is no message, and what the chain says of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diagnostics.domain import host_parts, resources, wording
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import Evidence, Finding, Limits, Moment, ResourceFacts
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, MOUNT, PARTS, PartFacts
from diagnostics.domain.processes import ProcessFacts
from diagnostics.domain.rules import diagnose
from diagnostics.domain.wording import checks
from diagnostics.domain.wording import parts as part_words
from tests.domain.build import NOW, evidence, moment

FAILED_SECONDS_AGO = 3_600.0
FAILED_AT = NOW - timedelta(seconds=FAILED_SECONDS_AGO)
REFUSED = "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused."
IMPORT_FAILED = "ModuleNotFoundError: No module named 'fluidsynth'"
ALL = frozenset(PARTS)


def part(name: str, state: str, problem: str = "", *, at: datetime = FAILED_AT, **more: Any) -> PartFacts:
    return PartFacts(name, at, state, problem, since=at - timedelta(minutes=3), **more)


def failed(*parts: PartFacts, message: str | None = None, ago: float = FAILED_SECONDS_AGO, **more: Any) -> Evidence:
    row = {"status": "failed", "error_message": message, "completed": Moment(None, None), "path": None}
    found = {"watched_parts": ALL, **more}
    near = resources.near(parts, NOW - timedelta(seconds=ago), Limits())
    return evidence(row={**row, "updated": moment(ago)}, audio=None, parts=near, **found)


def generation(found: Evidence) -> Finding:
    return next(finding for finding in diagnose(found).findings if finding.code.startswith("generation."))


def facts(finding: Finding) -> list[tuple[str, str]]:
    return [(line.fact, line.value) for line in finding.evidence]


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


def test_a_locked_database_is_a_second_sign_but_no_reason_by_itself() -> None:
    locked = part(DATABASE, "impaired", "locked")
    message = "sqlite3.OperationalError: database is locked"
    assert ("database", "impaired (locked)") in facts(generation(failed(locked, message=message)))
    assert diagnose(failed(locked)).cause == "generation.unexplained"


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


def pending(*parts: PartFacts) -> Evidence:
    near = resources.near(parts, NOW, Limits())
    return evidence(row={"status": "pending", "path": None}, audio=None, parts=near, watched_parts=ALL)


def now(name: str, state: str, problem: str = "", **more: Any) -> PartFacts:
    return part(name, state, problem, at=more.pop("at", NOW), **more)


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


def check(found: Evidence, name: str) -> Check:
    return next(check for step in chain(found, diagnose(found)) for check in step.checks if check.name == name)


CHECKED = (ENGINE, DATABASE, CACHE, BROKER)


@pytest.mark.parametrize("name", CHECKED)
def test_the_chain_tells_how_a_part_stood(name: str) -> None:
    well = evidence(parts=(now(name, "up", values={"queue_length": 7, "consumers": 2}),), watched_parts=ALL)
    found = check(well, f"server.{name}")
    assert (found.result, found.observed_at) == ("ok", NOW)
    assert [(line.fact, line.value) for line in found.evidence][-2:] == [
        ("length of the queue", "7"),
        ("consumers", "2"),
    ]
    assert check(failed(part(name, "down", "refused")), f"server.{name}").result == "bad"
    assert check(failed(part(name, "impaired", "locked")), f"server.{name}").result == "notice"
    unknown = check(failed(part(name, "unknown", "hung")), f"server.{name}")
    assert (unknown.result, unknown.why) == ("not_checked", "part_unknown")
    assert unknown.evidence


@pytest.mark.parametrize("name", CHECKED)
def test_a_part_that_was_down_is_a_notice_beside_a_session_that_plays(name: str) -> None:
    assert check(evidence(parts=(now(name, "down"),), watched_parts=ALL), f"server.{name}").result == "notice"


@pytest.mark.parametrize("name", CHECKED)
def test_the_chain_says_why_a_part_was_not_asked(name: str) -> None:
    settings = {"engine": "ENGINE_COMMAND", "database": "WATCH_HOST_DATABASE", "cache": "HOST_CACHE_URL",
                "broker": "HOST_BROKER_URL"}  # fmt: skip
    off = check(evidence(), f"server.{name}")
    assert (off.result, off.why) == ("not_checked", f"{name}_not_watched")
    for language in ("en", "zh-hans"):
        assert settings[name] in checks.word(checks.REASONS, off.why, language)
    assert check(evidence(watched_parts=ALL), f"server.{name}").why == "no_part_samples"
    assert check(pending(), f"server.{name}").why == "no_recent_part"
    nowhere = evidence(row={"status": "archived"}, watched_parts=ALL)
    assert check(nowhere, f"server.{name}").why == "no_moment"


def test_parts_that_are_off_do_not_make_a_step_look_unchecked() -> None:
    samples = (ResourceFacts(NOW, disk_percent=1.0, memory_percent=1.0),)
    step = next(step for step in chain(evidence(resources=samples), diagnose(evidence())) if step.key == "server")
    assert step.result == "ok"
    silent = evidence(watched_parts=ALL)
    step = next(step for step in chain(silent, diagnose(silent)) if step.key == "server")
    assert step.result == "not_checked"


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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_fact_and_part_has_its_words(language: str) -> None:
    for fact in (*PARTS, *host_parts.MEASURED.values(), host_parts.SINCE, host_parts.WORDS):
        assert fact in checks.FACTS
    for table in part_words.TABLES:
        assert all(texts[language].strip() for texts in table.values())


@pytest.mark.parametrize(
    ("name", "state", "problem", "english"),
    [
        (BROKER, "down", "refused", "It refuses connections: nothing listens at its address."),
        (ENGINE, "down", "timeout", "Its smoke test did not end in time, and was stopped."),
        (DATABASE, "unknown", "timeout", "It did not answer in time."),
        (CACHE, "impaired", "of another version", "It answers, but something is wrong with it."),
        (CACHE, "down", "of another version", "It does not work."),
        (CACHE, "elsewhere", "of another version", "How it stands could not be told."),
        (CACHE, "up", "", ""),
    ],
)
def test_every_problem_has_a_sentence(name: str, state: str, problem: str, english: str) -> None:
    assert part_words.problem_sentence(name, state, problem, "en") == english
    assert bool(part_words.problem_sentence(name, state, problem, "zh-hans")) is bool(english)

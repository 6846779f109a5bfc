"""The chain: every check of the guide with its result, and the step where it broke; the same as text for a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.chain import QUESTIONS, Check, Step, chain
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import (
    AudioFacts,
    Evidence,
    FormerFile,
    Limits,
    Moment,
    Presence,
    SessionRecord,
    StoreFacts,
    WavHeader,
)
from diagnostics.domain.paths import StoreLayout, understand
from diagnostics.domain.redaction import hide_secrets
from diagnostics.domain.rules import diagnose
from diagnostics.domain.ticket import as_text
from diagnostics.domain.wording import checks

NOW = datetime(2025, 8, 25, 8, 0, tzinfo=UTC)
BEGUN = NOW - timedelta(hours=3)
ENDED = BEGUN + timedelta(seconds=90)
CHINA = timezone(timedelta(hours=8))
NAME = "long_sequence_5_20250825_120316.wav"
LAYOUT = StoreLayout(("/srv/audio",), base_url="http://music.example")
BYTES = 30 * 60 * 88_200


def evidence(**changes: object) -> Evidence:
    """A session in order: completed in a minute and a half, its file whole; each keyword replaces one part."""
    record = SessionRecord(
        key=5,
        status="completed",
        created=Moment("2025-08-25 05:00:00", BEGUN),
        updated=Moment("2025-08-25 05:01:30", ENDED),
        error_message=None,
        path=f"/static/generated_music/long_sequences/{NAME}",
        size_bytes=BYTES + 44,
        duration_seconds=1800.0,
        progress_percent=100.0,
        assessment_id="9",
    )
    for name in [name for name in changes if name in SessionRecord.__slots__]:
        record = replace(record, **{name: changes.pop(name)})  # type: ignore[arg-type]  # each test gives the right type
    header = WavHeader(None, "RIFF", 1, 1, 44_100, 16, 88_200, BYTES, BYTES)
    audio = AudioFacts(
        NAME, Presence.REGULAR, NOW, BYTES + 44, ENDED, header=header, owner="www-data", mode="-rw-r--r--"
    )
    whole = Evidence(record, NOW, Limits(), understand(record.path, LAYOUT), StoreFacts(observed_at=NOW), audio)
    return replace(whole, **changes)  # type: ignore[arg-type]  # as above


def examined(given: Evidence) -> tuple[tuple[Step, ...], Diagnosis]:
    diagnosis = diagnose(given)
    return chain(given, diagnosis), diagnosis


def check(given: Evidence, name: str) -> Check:
    steps, _diagnosis = examined(given)
    return next(check for step in steps for check in step.checks if check.name == name)


def gone() -> AudioFacts:
    return AudioFacts(NAME, Presence.ABSENT, NOW, error="ENOENT")


def test_a_session_in_order_breaks_nowhere() -> None:
    steps, diagnosis = examined(evidence())
    assert diagnosis.cause is None
    assert [step.number for step in steps] == [1, 2, 3, 4]
    assert not any(step.is_where_it_broke for step in steps)
    assert {step.result for step in steps} == {"ok"}


def test_a_deleted_file_breaks_the_fourth_step_at_its_existence() -> None:
    former = FormerFile(NAME, BYTES + 44, NOW - timedelta(minutes=10), NOW - timedelta(minutes=5))
    given = evidence(audio=gone(), former=former)
    steps, _diagnosis = examined(given)
    assert [step.is_where_it_broke for step in steps] == [False, False, False, True]
    found = check(given, "file.exists")
    assert found.result == "bad"
    assert found.finding is not None
    assert found.finding.code == "file.deleted"
    assert found.observed_at == NOW
    assert check(given, "file.header").why == "no_file"


def test_a_failed_generation_breaks_the_third_step() -> None:
    given = evidence(status="failed", error_message="OSError: [Errno 28] No space left on device", audio=None)
    steps, _diagnosis = examined(given)
    assert [step.number for step in steps if step.is_where_it_broke] == [3]
    assert check(given, "server.disk").result == "bad"
    assert check(given, "record.error").result == "ok"
    assert check(given, "file.exists").why == "not_completed"


@pytest.mark.parametrize(
    ("changes", "number", "name"),
    [
        ({"store": StoreFacts("missing", "", NOW), "audio": None}, 4, "file.store"),
        ({"path": "https://cdn.example.cn/a.wav"}, 4, "file.path"),
        ({"status": "archived"}, 2, "record.status"),
    ],
)
def test_what_could_not_be_told_is_unknown_and_breaks_nothing(
    changes: dict[str, object], number: int, name: str
) -> None:
    given = evidence(**changes)
    steps, diagnosis = examined(given)
    assert diagnosis.verdict == "unknown"
    assert not any(step.is_where_it_broke for step in steps)
    assert check(given, name).result == "unknown"
    assert [step.number for step in steps if step.result == "unknown"] == [number]


def test_a_notice_marks_its_check_and_breaks_nothing() -> None:
    given = evidence(error_message="old")
    steps, _diagnosis = examined(given)
    assert not any(step.is_where_it_broke for step in steps)
    assert check(given, "record.error").result == "notice"
    assert steps[1].result == "notice"


def test_what_was_not_looked_at_is_not_checked_and_says_why() -> None:
    steps, _diagnosis = examined(evidence())
    unmade = [check for step in steps for check in step.checks if check.result == "not_checked"]
    assert {"client.player", "server.disk", "server.memory", "file.sound", "file.delivery"} <= {c.name for c in unmade}
    assert all(check.why in checks.REASONS for check in unmade)


@pytest.mark.parametrize(
    ("changes", "name", "why"),
    [
        ({"store": StoreFacts("missing", "", NOW), "audio": None}, "file.exists", "no_store"),
        ({"claim": understand("https://other.example/a.wav", LAYOUT), "audio": None}, "file.exists", "remote"),
        ({"claim": understand("../../etc/passwd", LAYOUT), "audio": None}, "file.exists", "unsafe"),
        ({"claim": understand("", LAYOUT), "audio": None}, "file.exists", "no_path"),
        ({"status": "pending", "audio": None}, "file.exists", "not_completed"),
        ({"status": "pending", "audio": None}, "client.waiting", "not_finished"),
        ({"audio": AudioFacts(NAME, Presence.UNREADABLE, NOW)}, "file.header", "unreadable"),
        ({"audio": gone(), "updated": Moment("now", NOW)}, "file.exists", "settling"),
        ({"audio": gone(), "limits": Limits(audio_retention_days=0.01)}, "file.header", "cleared"),
        ({"progress_percent": None, "absent": frozenset({"progress_percentage"})}, "record.progress", "no_column"),
        ({"duration_seconds": None}, "file.length", "no_claim"),
        ({"created": Moment(None, None)}, "client.waiting", "no_times"),
    ],
)
def test_the_reason_is_the_one_that_applies(changes: dict[str, object], name: str, why: str) -> None:
    found = check(evidence(**changes), name)
    assert (found.result, found.why) == ("not_checked", why)


def test_a_generation_longer_than_the_client_waits_is_a_notice() -> None:
    late = Moment("2025-08-25 05:10:00", BEGUN + timedelta(minutes=10))
    assert check(evidence(updated=late), "client.waiting").result == "notice"
    assert check(evidence(updated=late, limits=Limits(client_timeout_seconds=0)), "client.waiting").result == "ok"


def test_expired_audio_is_a_notice() -> None:
    assert check(evidence(audio=gone(), limits=Limits(audio_retention_days=0.01)), "file.exists").result == "notice"


@pytest.mark.parametrize("status", ["pending", "generating", "completed", "failed", "odd", None])
@pytest.mark.parametrize("presence", list(Presence))
def test_every_mix_of_status_and_file_has_its_chain(status: str | None, presence: Presence) -> None:
    for audio in (
        None,
        AudioFacts(NAME, presence, NOW),
        AudioFacts(NAME, presence, NOW, 9, header=WavHeader("not_wave")),
    ):
        steps, diagnosis = examined(evidence(status=status, audio=audio))
        for step in steps:
            for made in step.checks:
                assert made.result in checks.RESULTS
                assert made.name in checks.CHECKS
                assert (made.why in checks.REASONS) is (made.result == "not_checked" or bool(made.why))
        as_text(diagnosis, "zh-hans", CHINA)


def test_every_code_has_one_check_in_its_own_step() -> None:
    placed = {
        code: place for place, key in enumerate(QUESTIONS, 1) for question in QUESTIONS[key] for code in question.codes
    }
    assert placed == {code: cause.step for code, cause in CATALOGUE.items()}


def test_the_text_for_a_ticket_says_what_why_and_when() -> None:
    former = FormerFile(NAME, BYTES + 44, NOW - timedelta(minutes=10), NOW - timedelta(minutes=5))
    _steps, diagnosis = examined(evidence(audio=gone(), former=former, progress_percent=40.0))
    text = as_text(diagnosis, "en", CHINA, row=[("final_file_path", "/a.wav?token=abc&e=1"), ("user_id", "NULL")])
    assert text.startswith("Session 5 · Broken (broken, file.deleted, certain)\nThe file was deleted between")
    assert "Examined: 2025-08-25 16:00:00 UTC+8" in text
    assert "Earlier passes · last seen: 158760044 bytes (2025-08-25 15:50:00 UTC+8)" in text
    assert "record.progress_odd (certain): The row says completed, yet its progress stands at 40%." in text
    assert "final_file_path: /a.wav?token=[hidden]&e=[hidden]" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://c.cn/a.wav?e=17&token=a:b=&x=1", "https://c.cn/a.wav?e=[hidden]&token=[hidden]&x=1"),
        ("?X-Amz-Signature=aa&X-Amz-Date=b", "?X-Amz-Signature=[hidden]&X-Amz-Date=[hidden]"),
        ("?Expires=1&OSSAccessKeyId=2&Signature=3", "?Expires=[hidden]&OSSAccessKeyId=[hidden]&Signature=[hidden]"),
        ("Authorization: Bearer abcdefghij", "Authorization: Bearer [hidden]"),
        ("mysql://root:pa55@db/x", "mysql://root:[hidden]@db/x"),
        ("password='hunter22', user='a'", "password='[hidden]', user='a'"),
        ("jwt eyJhbGciOiJIUzI1.eyJzdWIi.c2ln end", "jwt [hidden] end"),
        ("scene=1 size=2 the key was missing", "scene=1 size=2 the key was missing"),
        ("KeyError: 'token'", "KeyError: 'token'"),
        ("/a.wav?v=3&ticket=0123456789abcdef0123&x=1", "/a.wav?v=3&ticket=[hidden]&x=1"),
        (
            "/play?file=/static/music/long_sequence_5_20250825_120316.wav",
            "/play?file=/static/music/long_sequence_5_20250825_120316.wav",
        ),
        ("engine --api-key=abc123 --rate 44100", "engine --api-key=[hidden] --rate 44100"),
        ("engine --password hunter2 --token t0ken", "engine --password [hidden] --token [hidden]"),
        ("engine --password --token", "engine --password --token"),
        (
            "Access denied for user 'a'@'h' (using password: YES)",
            "Access denied for user 'a'@'h' (using password: YES)",
        ),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert hide_secrets(text) == shown

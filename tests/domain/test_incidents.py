"""The state of an incident, and what is said of each kind in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diagnostics.domain.incidents import state_of
from diagnostics.domain.wording import incidents as wording
from diagnostics.domain.wording.incident_kinds import ENGLISH, Told
from diagnostics.domain.wording.incident_kinds_chinese import CHINESE

NOW = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
VALUES: dict[str, dict[str, object]] = {
    "error": {"error": "OSError: No space left on device"},
    "folder": {"folder": "2025-08", "owner": "root", "mode": "drwx------"},
    "permissions": {"owner": "root", "mode": "-rw-------"},
    "device": {"folder": "2025-08", "error": "EIO"},
    "base": {"base": "/srv/old"},
    "link": {"folder": "/mnt/old"},
    "moved": {"folder": "2025-08", "found": "archive"},
    "host": {"host": "cdn.example.cn"},
    "delivery": {"host": "cdn.example.cn", "answer": "404"},
    "deletion": {"seen_at": "2025-08-25T03:00:00+08:00", "missed_at": "2025-08-25T03:05:00+08:00"},
    "content": {"size_bytes": 1234, "problem": "not_wave"},
    "file": {"path": "a.wav"},
    "status": {"status": "archived"},
    "queue": {},
    "worker": {},
}
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,.;:?!()]|[,;:?!(][\u3400-\u9fff]")
WITHOUT_SPACE = re.compile(r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u3400-\u9fff]")


def said(kind: str, language: str, sessions: int = 214, code: str = "", **more: object) -> str:
    since = datetime(2025, 8, 25, 3, 12, tzinfo=SHANGHAI)
    values = {**VALUES[kind], **more}
    return wording.incident_sentence(kind, code, values, language, SHANGHAI, sessions=sessions, since=since)


def every_told(language: str) -> list[tuple[str, Told]]:
    return sorted((CHINESE if language == "zh-hans" else ENGLISH).items())


@pytest.mark.parametrize(
    ("age_hours", "times", "is_resolved", "state"),
    [
        (1, 1, False, "new"),
        (24, 1, False, "ongoing"),
        (1, 2, False, "regressed"),
        (25, 2, False, "ongoing"),
        (1, 1, True, "resolved"),
    ],
)
def test_new_and_regressed_wear_off(age_hours: float, times: int, *, is_resolved: bool, state: str) -> None:
    opened = NOW - timedelta(hours=age_hours)
    resolved = NOW if is_resolved else None
    assert state_of(opened_at=opened, resolved_at=resolved, times_opened=times, now=NOW) == state


def test_the_sentences_of_the_issue() -> None:
    assert said("folder", "en") == (
        "214 sessions: the folder “2025-08” cannot be read since 25 Aug 2025, 03:12 (UTC+8)"
    )
    assert said("base", "en", 500).startswith("500 rows carry the old base “/srv/old”")
    assert said("deletion", "en", 120) == "120 files were deleted between 25 Aug 2025, 03:00 and 03:05 (UTC+8)"
    assert said("folder", "zh-hans") == "214 个会话：目录“2025-08”自 2025 年 8 月 25 日 03:12（UTC+8）起无法读取"
    assert said("error", "zh-hans", 37) == "37 个会话因同一错误失败：“OSError: No space left on device”"


def test_one_that_is_left_is_told_as_one() -> None:
    assert said("base", "en", 1).startswith("1 row carries ")
    assert said("deletion", "en", 1).startswith("1 file was deleted ")
    assert said("error", "en", 1200).startswith("1,200 sessions ")


def test_codes_and_values_choose_their_own_sentence() -> None:
    assert "bare file name" in said("base", "en", code="delivery.wrong_url", base="")
    assert "wrong address" in said("base", "en", code="delivery.wrong_url")
    assert "expired" in said("host", "en", code="delivery.link_expired")
    assert "answers 404" in said("delivery", "en", code="delivery.not_served")
    assert "another length" in said("delivery", "en", code="delivery.not_served", answer="length")
    assert "something else" in said("delivery", "en", code="delivery.not_audio", answer="html")
    assert "Range" in said("delivery", "en", code="delivery.no_range", answer="whole")
    assert "certificate" in said("delivery", "en", code="delivery.bad_certificate", answer="expired")
    assert "cut off" in said("content", "en", code="file.truncated")
    assert "process is gone" in said("worker", "en", code="worker.crashed")
    assert "in the audio folder" in said("device", "en", folder="")


def test_both_languages_tell_the_same_kinds_and_variants() -> None:
    assert {kind: set(told.variants) for kind, told in ENGLISH.items()} == {
        kind: set(told.variants) for kind, told in CHINESE.items()
    }
    assert set(VALUES) == set(ENGLISH)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_is_filled_and_set_as_its_language_is(language: str) -> None:
    for kind, told in every_told(language):
        assert len(wording.incident_title(kind, language)) <= 40
        for sentence in (said(kind, language), told.title, told.label):
            assert "{" not in sentence, sentence
            assert "unknown" not in sentence.replace("unknown status", ""), sentence
            assert "未知" not in sentence.replace("未知状态", ""), sentence
            if language == "zh-hans":
                bare = re.sub(r"“[^”]*”", "“”", sentence)
                assert not HALF_WIDTH.search(bare), sentence
                assert not WITHOUT_SPACE.search(bare), sentence


def test_what_is_over_is_told_as_over() -> None:
    for language, word in (("en", "could not be read"), ("zh-hans", "曾无法读取")):
        sentence = wording.incident_sentence(
            "folder", "", VALUES["folder"], language, SHANGHAI, sessions=214, since=NOW, is_over=True
        )
        assert sentence.endswith(word)


def test_hostile_values_are_one_printable_line() -> None:
    sentence = said("folder", "en", folder="a\nb{since_at}\x00" + "x" * 5_000)
    assert "\n" not in sentence
    assert "{since_at}" in sentence
    assert len(sentence) < 400
    assert len(wording.incident_value("folder", {"folder": "x" * 5_000}, "en", UTC)) <= wording.LONGEST_VALUE


def test_an_unknown_kind_is_its_own_word() -> None:
    assert wording.incident_sentence("new_kind", "", {}, "en", UTC, sessions=3, since=None) == "new_kind"
    assert wording.incident_value("new_kind", {}, "en", UTC) == ""


def test_the_shared_value_can_be_copied() -> None:
    shown = {kind: wording.incident_value(kind, VALUES[kind], "en", SHANGHAI) for kind in VALUES}
    assert shown["moved"] == "2025-08 → archive"
    assert shown["permissions"] == "root -rw-------"
    assert shown["content"] == "1.2 KB (1,234 bytes)"
    assert shown["deletion"] == "2025-08-25 03:00:00+08:00 – 2025-08-25 03:05:00+08:00"
    assert (shown["queue"], shown["worker"]) == ("", "")

"""When silence is a fault, and what is said of it: pure, from what was heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from diagnostics.domain import wording
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import Confidence, Evidence, Finding, Limits, StoreFacts
from diagnostics.domain.rules import diagnose
from diagnostics.domain.rules.files import silent_file
from diagnostics.domain.sound import SoundFacts, clock_of
from diagnostics.domain.wording import checks
from tests.domain.build import ABSENT, AUDIO, HEADER, NOW, PREFIX, codes, evidence

LONG = SoundFacts(1_800.0, 751.0, 1_049.0, 58.28, heard_at=NOW)


def ending(seconds: float, of: float = 1_800.0) -> SoundFacts:
    return SoundFacts(of, of - seconds if seconds else None, seconds, round(100 * seconds / of, 2), heard_at=NOW)


def found(sound: SoundFacts, limits: Limits | None = None) -> Finding | None:
    return next(silent_file(replace(evidence(sound=sound), limits=limits or Limits())), None)


@pytest.mark.parametrize(
    ("sound", "is_silent"),
    [
        (ending(0), False),
        (ending(0.3), False),
        (ending(36.0), False),
        (ending(36.1), True),
        (ending(1.0, 20.0), False),
        (ending(1.1, 20.0), True),
        (ending(0.4, 0.4), True),
        (SoundFacts(), False),
        (SoundFacts(problem="format"), False),
        (replace(LONG, problem="io_error"), False),
    ],
)
def test_an_end_is_silent_beyond_an_ending_and_the_tolerance(sound: SoundFacts, is_silent: bool) -> None:
    assert (found(sound) is not None) is is_silent


def test_the_tolerance_is_that_of_the_length() -> None:
    limits = Limits(duration_tolerance_percent=60.0)
    assert found(LONG) is not None
    assert found(LONG, limits) is None
    assert found(replace(LONG, silent_from_seconds=0.0), limits) is not None


def test_it_is_certain_where_it_was_measured_wholly() -> None:
    whole, part = found(LONG), found(replace(LONG, is_complete=False))
    assert whole is not None
    assert part is not None
    assert (whole.confidence, part.confidence) == (Confidence.CERTAIN, Confidence.LIKELY)
    assert [line.observed_at for line in whole.evidence] == [NOW, NOW]
    assert [line.value for line in whole.evidence] == ["12:31–30:00 (1049.000 s, 58.28 %)", "1800.000 s"]
    assert part.evidence[0].value == "12:31–30:00 (≥ 1049.000 s, 58.28 %)"


@pytest.mark.parametrize(
    "changes",
    [
        {"row": {"status": "failed", "error_message": "boom"}},
        {"row": {"status": "generating"}},
        {"audio": replace(AUDIO, header=replace(HEADER, data_present=9_000))},
        {"audio": ABSENT},
        {"store": StoreFacts("missing", "", NOW)},
        {"sound": None},
    ],
)
def test_it_speaks_of_whole_files_of_completed_sessions_that_were_heard(changes: dict[str, Any]) -> None:
    assert "file.silent" not in codes(evidence(**{"sound": LONG, **changes}))


def test_a_silent_file_is_not_in_order_for_the_chapters_behind_it() -> None:
    bare = {"path": "long_sequence_5_20250825_120316.wav"}
    assert codes(evidence(row=bare)) == {"delivery.wrong_url"}
    assert codes(evidence(row=bare, sound=LONG)) == {"file.silent"}
    assert codes(evidence(row={"path": PREFIX + bare["path"], "size_bytes": 1}, sound=LONG)) == {
        "file.size_mismatch",
        "file.silent",
    }


@pytest.mark.parametrize(
    ("values", "english", "chinese"),
    [
        (
            {"silent_from_seconds": 751.0, "silent_seconds": 1_049.0, "silent_percent": 58.28, "is_complete": True},
            "The audio is silent from 12 min 31 s to its end: 17 min 29 s, 58.3% of the piece.",
            "音频从 12 分 31 秒起直到结尾都没有声音，共 17 分 29 秒，占全长的 58.3%。",
        ),
        (
            {"silent_from_seconds": 0.0, "silent_seconds": 1_800.0, "silent_percent": 100.0, "is_complete": True},
            "The audio is silent from beginning to end: 30 min, and not one sound.",
            "音频从头到尾没有声音，共 30 分钟。",
        ),
        (
            {"silent_from_seconds": 900.0, "silent_seconds": 900.0, "silent_percent": 50.0, "is_complete": False},
            "The audio is silent to its end for 15 min at least (50% of the piece): it was not listened to further "
            "than that.",
            "音频结尾至少有 15 分钟没有声音（占全长的 50%），更早的部分还没有检听。",
        ),
    ],
    ids=["to_the_end", "throughout", "at_least"],
)
def test_it_is_said_in_both_languages(values: dict[str, object], english: str, chinese: str) -> None:
    assert wording.sentence("file.silent", values, "en", UTC) == english
    assert wording.sentence("file.silent", values, "zh-hans", UTC) == chinese


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00"), (7.9, "0:07"), (751, "12:31"), (3_599.99, "59:59"), (3_723, "1:02:03")]
)
def test_a_place_in_a_piece_is_shown_as_players_do(seconds: float, shown: str) -> None:
    assert clock_of(seconds) == shown


def answer(given: Evidence) -> Check:
    steps = chain(given, diagnose(given))
    return next(check for step in steps for check in step.checks if check.name == "file.sound")


@pytest.mark.parametrize(
    ("sound", "result", "why", "values"),
    [
        (None, "not_checked", "deep_only", []),
        (SoundFacts(problem="format"), "not_checked", "unhearable", []),
        (SoundFacts(problem="busy"), "not_checked", "not_heard_in_time", []),
        (SoundFacts(problem="unreadable"), "not_checked", "not_heard", []),
        (ending(0), "ok", "", ["30:00 / 30:00"]),
        (ending(0.5), "ok", "", ["29:59–30:00 (0.500 s, 0.03 %)"]),
        (replace(ending(9), is_complete=False), "not_checked", "heard_in_part", ["29:51–30:00 (≥ 9.000 s, 0.5 %)"]),
        (LONG, "bad", "", ["12:31–30:00 (1049.000 s, 58.28 %)", "1800.000 s"]),
    ],
)
def test_the_chain_says_what_was_heard_or_why_nothing_was(
    sound: SoundFacts | None, result: str, why: str, values: list[str]
) -> None:
    check = answer(evidence(sound=sound))
    assert (check.result, check.why, [line.value for line in check.evidence]) == (result, why, values)
    assert not why or why in checks.REASONS
    assert all(line.fact in checks.FACTS for line in check.evidence)


def test_of_no_whole_file_the_chain_says_why_it_was_not_heard() -> None:
    assert answer(evidence(audio=ABSENT, sound=None)).why == "no_file"

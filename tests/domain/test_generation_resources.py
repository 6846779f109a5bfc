"""What the server looked like when a generation failed: samples of disk and memory as evidence, and in the chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from diagnostics.domain import resources, wording
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import Evidence, Limits, Moment, ResourceFacts
from diagnostics.domain.rules import diagnose
from tests.domain.build import NOW, diagnosed, evidence, moment

FAILED_SECONDS_AGO = 3_600.0
FAILED_AT = NOW - timedelta(seconds=FAILED_SECONDS_AGO)
NO_SPACE = "OSError: [Errno 28] No space left on device"


def sample(seconds_after: float = 0, **percent: float | None) -> ResourceFacts:
    return ResourceFacts(FAILED_AT + timedelta(seconds=seconds_after), **percent)


def failed(*samples: ResourceFacts, message: str | None = None, **row: Any) -> Evidence:
    """A session that failed an hour ago; `samples` are all that there are, near or far."""
    values = {"status": "failed", "error_message": message, "completed": Moment(None, None), "path": None}
    found = evidence(row={**values, "updated": moment(FAILED_SECONDS_AGO), **row}, audio=None)
    at = resources.moment_of(found.record, NOW)
    return replace(found, resources=resources.near(samples, at, found.limits) if at else ())


def told(found: Evidence) -> tuple[str, str, list[tuple[str, str, str]]]:
    diagnosis = diagnosed(found)
    [finding] = [finding for finding in diagnosis.findings if finding.code.startswith("generation.")]
    lines = [(str(line.source), line.fact, line.value) for line in finding.evidence]
    return finding.code, str(finding.confidence), lines


SILENCE = ("record", "error_message", "NULL")


@pytest.mark.parametrize("seconds_after", [-300, -1, 0, 299.9, 300])
def test_a_full_disk_within_the_window_is_one_sign(seconds_after: float) -> None:
    found = failed(sample(seconds_after, disk_percent=98.0, inodes_percent=3.5))
    lines = [SILENCE, ("resources", "disk used", "98 %"), ("resources", "inodes used", "3.5 %")]
    assert told(found) == ("generation.disk_full", "possible", lines)
    assert diagnosed(found).findings[0].evidence[1].observed_at == FAILED_AT + timedelta(seconds=seconds_after)


@pytest.mark.parametrize(
    "samples",
    [
        [],
        [sample(-301, disk_percent=100.0)],
        [sample(301, disk_percent=100.0)],
        [sample(disk_percent=97.9, inodes_percent=97.9, memory_percent=94.9)],
        [sample(disk_percent=None, inodes_percent=None, memory_percent=None, swap_percent=100.0)],
        [sample(memory_percent=99.9, swap_percent=89.9)],  # there is swap left
        [sample(memory_percent=40.0, swap_percent=100.0)],  # what lies in swap and is not asked for is no shortage
    ],
)
def test_room_or_no_sample_explains_nothing(samples: list[ResourceFacts]) -> None:
    assert told(failed(*samples)) == ("generation.unexplained", "certain", [SILENCE])


def test_used_up_inodes_are_a_full_disk() -> None:
    found = failed(sample(disk_percent=20.0, inodes_percent=100.0))
    assert told(found)[:2] == ("generation.disk_full", "possible")
    assert diagnosed(found).findings[0].values["inodes_percent"] == 100.0


@pytest.mark.parametrize("swap", [None, 90.0, 100.0])
def test_exhausted_memory_is_one_sign(swap: float | None) -> None:
    code, confidence, lines = told(failed(sample(disk_percent=50.0, memory_percent=99.3, swap_percent=swap)))
    assert (code, confidence) == ("generation.out_of_memory", "possible")
    assert lines[1] == ("resources", "memory used", "99.3 %")
    assert lines[2:] == ([] if swap is None else [("resources", "swap used", f"{swap:g} %")])


def test_of_both_precedence_decides() -> None:
    found = failed(sample(-100, memory_percent=99.0), sample(200, disk_percent=99.0))
    assert told(found)[0] == "generation.disk_full"


def test_the_nearest_sample_tells() -> None:
    found = failed(sample(-200, disk_percent=99.1), sample(20, disk_percent=50.0), sample(60, disk_percent=99.2))
    assert told(found)[2][1] == ("resources", "disk used", "99.2 %")


def test_the_limit_is_the_setting_s() -> None:
    found = replace(failed(sample(disk_percent=91.0)), limits=Limits(disk_full_percent=90.0))
    assert told(found)[0] == "generation.disk_full"


def test_a_message_that_says_it_is_joined_by_what_shows_it() -> None:
    samples = (sample(disk_percent=99.5, memory_percent=99.0),)
    record = ("record", "error_message", NO_SPACE)
    assert told(failed(*samples, message=NO_SPACE)) == (
        "generation.disk_full", "certain", [record, ("resources", "disk used", "99.5 %")],
    )  # fmt: skip
    assert told(failed(*samples, message="MemoryError"))[2][1:] == [("resources", "memory used", "99 %")]


@pytest.mark.parametrize("message", ["ConnectionError: Connection refused", "boom", "PermissionError: [Errno 13]"])
def test_a_message_of_another_reason_stands_for_itself(message: str) -> None:
    found = failed(sample(disk_percent=100.0, memory_percent=100.0), message=message)
    code, confidence, lines = told(found)
    assert code not in ("generation.disk_full", "generation.out_of_memory")
    assert (confidence, lines) == ("certain", [("record", "error_message", message)])


def test_a_sample_that_shows_room_says_nothing_against_a_message() -> None:
    assert told(failed(sample(disk_percent=12.0), message=NO_SPACE))[1:] == (
        "certain",
        [("record", "error_message", NO_SPACE)],
    )


def test_completed_at_stands_for_a_missing_time_of_failure() -> None:
    found = failed(sample(disk_percent=99.0), updated=Moment(None, None), completed=moment(FAILED_SECONDS_AGO))
    assert told(found)[0] == "generation.disk_full"


def test_a_failure_without_any_time_is_unexplained() -> None:
    assert told(failed(sample(disk_percent=99.0), updated=Moment("x", None)))[0] == "generation.unexplained"


@pytest.mark.parametrize(
    ("seconds_ago", "message", "is_due"),
    [
        (10, None, True),
        (359, None, True),
        (361, None, False),
        (10, NO_SPACE, True),
        (10, "MemoryError", True),
        (10, "boom", False),
        (-3_600, None, False),  # a time in the future: looked at again when it has come
    ],
)
def test_it_is_looked_at_again_while_samples_may_come(seconds_ago: float, message: str | None, is_due: bool) -> None:
    found = failed(message=message, updated=moment(seconds_ago), created=moment(7_200))
    due_at = diagnose(found).due_at
    assert (due_at is not None and due_at <= NOW) == is_due


@pytest.mark.parametrize(
    ("percent", "english", "chinese"),
    [
        ({"disk_percent": 99.1}, "the disk was 99.1% full", "磁盘已用 99.1%"),
        ({"inodes_percent": 100.0}, "100% of the disk's inodes were used", "inode 已用 100%"),
        ({"memory_percent": 99.0}, "99% of the memory was used", "内存已用 99%"),
    ],
)
def test_the_sentence_names_value_and_time(percent: dict[str, float], english: str, chinese: str) -> None:
    diagnosis = diagnosed(failed(sample(**percent)))
    for language, words in (("en", english), ("zh-hans", chinese)):
        sentence = wording.summary(diagnosis, language, UTC)
        assert words in sentence
        assert "11:00" in sentence
        assert "{" not in sentence


def check(found: Evidence, name: str) -> Check:
    return next(check for step in chain(found, diagnose(found)) for check in step.checks if check.name == name)


def shown(found: Check) -> tuple[str, str, list[str]]:
    return found.result, found.why, [line.value for line in found.evidence]


def test_the_chain_shows_the_samples_of_a_session_in_order() -> None:
    values = {"disk_percent": 41.5, "inodes_percent": 2.0, "memory_percent": 60.0, "swap_percent": 1.0}
    found = evidence(resources=(ResourceFacts(NOW, **values),))
    assert shown(check(found, "server.disk")) == ("ok", "", ["41.5 %", "2 %"])
    assert shown(check(found, "server.memory")) == ("ok", "", ["60 %", "1 %"])
    assert check(found, "server.disk").observed_at == NOW


def test_the_chain_marks_the_finding() -> None:
    found = failed(sample(disk_percent=99.0, memory_percent=50.0))
    assert shown(check(found, "server.disk")) == ("bad", "", ["NULL", "99 %"])
    assert shown(check(found, "server.memory")) == ("ok", "", ["50 %"])


def test_a_full_disk_beside_another_reason_is_a_notice() -> None:
    found = failed(sample(disk_percent=99.0, memory_percent=99.0), message="boom")
    assert shown(check(found, "server.disk")) == ("notice", "", ["99 %"])
    assert shown(check(found, "server.memory")) == ("notice", "", ["99 %"])


@pytest.mark.parametrize(
    ("row", "samples", "why"),
    [
        ({}, (), "no_samples"),
        ({}, (ResourceFacts(NOW),), "no_sampled_value"),
        ({"status": "pending"}, (), "no_recent_sample"),
        ({"status": "generating"}, (), "no_recent_sample"),
        ({"status": "archived"}, (), "no_moment"),
        ({"status": "failed", "updated": Moment(None, None), "completed": Moment(None, None)}, (), "no_moment"),
    ],
)
def test_the_chain_says_why_it_could_not_tell(
    row: dict[str, Any], samples: tuple[ResourceFacts, ...], why: str
) -> None:
    found = evidence(row=row, resources=samples)
    assert shown(check(found, "server.disk")) == ("not_checked", why, [])
    assert shown(check(found, "server.memory")) == ("not_checked", why, [])


def test_what_a_finding_was_made_of_is_read_back_from_its_lines() -> None:
    facts = sample(disk_percent=99.1, inodes_percent=3.0), sample(60, memory_percent=99.0, swap_percent=95.5)
    lines = [line for one in facts for line in (*resources.disk_lines(one), *resources.memory_lines(one))]
    read = resources.remembered((line.fact, line.value, line.observed_at) for line in lines if line.observed_at)
    assert read == facts
    assert resources.remembered([("size", "5 bytes", NOW), ("disk used", "nonsense", NOW)]) == ()

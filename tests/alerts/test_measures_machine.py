"""What the rules over file systems and the host's parts read of the newest samples."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from diagnostics import sampling
from diagnostics.alerts import measures
from diagnostics.alerts.look import look_at
from diagnostics.domain.alerts.course import Reading
from diagnostics.models import PartSample, ResourceSample
from tests.alerts.scene import HOUR, MINUTE, NOON, Desk, rule, sample, session

GIGABYTE = 10**9


@pytest.fixture(autouse=True)
def with_an_audio_folder(desk: Desk) -> None:
    """The desk's settings."""


def read(name: str) -> dict[str, Reading]:
    return measures.read(name, look_at(NOON), rule(name).levels, ())


def test_it_is_the_newest_sample_that_counts_unrounded() -> None:
    sample(NOON - MINUTE, audio_bytes_percent=20.0)
    sample(NOON, audio_bytes_percent=85.00001, temporary_bytes_percent=10.0)
    assert {subject: reading.value for subject, reading in read("disk_used").items()} == {
        "audio": 85.00001, "temporary": 10.0,
    }  # fmt: skip


def test_a_real_sample_keeps_what_was_measured() -> None:
    taken = sampling.take_sample(NOON)
    used = taken.values["audio_bytes_percent"]
    assert read("disk_used")["audio"].value == used
    assert round(used, 1) != used


def test_three_intervals_are_not_too_old_and_more_are(settings: Settings) -> None:
    settings.SAMPLE_INTERVAL_SECONDS = 60
    row = sample(NOON - 3 * MINUTE, audio_bytes_percent=20.0)
    assert read("disk_used")["audio"].value == 20
    row.at -= timedelta(milliseconds=1)
    row.save()
    assert (read("disk_used")["audio"].kind, read("disk_used")["audio"].problem) == ("error", "stale")


def test_a_file_system_that_hangs_is_an_error() -> None:
    sample(NOON, audio_bytes_percent=None, audio_inodes_percent=None, audio_free_bytes=None)
    for name in ("disk_used", "inodes_used", "disk_full_soon"):
        assert (read(name)["audio"].kind, read(name)["audio"].problem) == ("error", "no_answer")


def test_a_file_system_without_inodes_has_none_to_use_up() -> None:
    sample(NOON, audio_bytes_percent=20.0, audio_inodes_percent=None)
    assert read("inodes_used") == {}


def test_before_the_first_sample_nothing_is_known() -> None:
    assert read("disk_used")["audio"].problem == "no_sample"


def test_it_is_full_soon_when_fewer_than_twenty_pieces_will_fit() -> None:
    session(NOON, is_whole=True, completed_at=NOON, file_size=GIGABYTE)
    for hours in range(6):
        sample(NOON - hours * HOUR, audio_bytes_percent=50.0, audio_free_bytes=(40 + 5 * hours) * GIGABYTE)
    reading = read("disk_full_soon")["audio"]
    assert reading.value == pytest.approx(4)
    assert reading.detail["piece_bytes"] == GIGABYTE


def test_a_disk_that_does_not_fill_is_not_full_soon() -> None:
    for minutes in range(0, 40, 10):
        sample(NOON - minutes * MINUTE, audio_bytes_percent=50.0, audio_free_bytes=GIGABYTE)
    assert read("disk_full_soon")["audio"].detail["is_filling"] is False


def test_a_day_of_samples_is_read_as_one_line_however_many_they_are() -> None:
    rows = [
        ResourceSample(at=NOON - n * timedelta(seconds=10), values={"audio_bytes_percent": 1.0, "audio_free_bytes": 10**9 + n * 10**6})
        for n in range(2000)
    ]  # fmt: skip
    ResourceSample.objects.bulk_create(rows)
    reading = read("disk_full_soon")["audio"]
    assert reading.sample is not None
    assert reading.sample <= 721
    assert reading.detail["is_filling"] is True


@pytest.mark.parametrize(
    ("state", "kind", "value"),
    [("up", "value", 0.0), ("impaired", "value", 0.0), ("down", "value", 1.0), ("unknown", "no_data", None)],
)
def test_a_part_is_down_only_where_it_is_known_to_be(
    state: str, kind: str, value: float | None, settings: Settings
) -> None:
    settings.HOST_CACHE_URL = "redis://127.0.0.1:1/0"
    PartSample.objects.create(part="cache", at=NOON, state=state, problem="refused", since=NOON - HOUR)
    reading = read("part_down")["cache"]
    assert (reading.kind, reading.value) == (kind, value)


def test_a_part_that_nobody_asked_lately_is_an_error_and_one_that_is_off_is_no_subject(settings: Settings) -> None:
    settings.PARTS_INTERVAL_SECONDS = 60
    PartSample.objects.create(part="cache", at=NOON - 4 * MINUTE, state="up", since=NOON - HOUR)
    settings.HOST_CACHE_URL = "redis://127.0.0.1:1/0"
    assert read("part_down")["cache"].problem == "stale"
    settings.HOST_CACHE_URL = ""
    assert "cache" not in read("part_down")

"""A month worked out by hand: the reference for every figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from diagnostics.domain.rates.figures import CauseCount, LeftOut, Rate, Rates, Users
from diagnostics.domain.rates.periods import Period, before
from diagnostics.rates.reading import compare, read
from tests.rates.kept import count, keep

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
FULL, STALLED, CUT = "generation.disk_full", "worker.stalled", "file.truncated"

# Local time, kind, playable when first seen, cause, seconds it took, minutes planned, user
MONTH = (
    ("07-31 23:59:59.999", "completed", True, "", 77, 5, 9),  # the month before
    ("08-01 00:00:00", "completed", True, "", 100, 5, 1),
    ("08-01 23:59:59.5", "completed", True, "", 120, 10, 2),
    ("08-02 08:10:00", "failed", False, FULL, None, 10, 1),
    ("08-02 08:20:00", "failed", False, FULL, None, 10, 3),
    ("08-05 12:00:00", "stuck", False, STALLED, None, 10, 2),
    ("08-10 12:30:00", "completed", False, CUT, 300, 20, 4),
    ("08-15 03:00:00", "completed", True, "", 121, 29.99, 5),  # lost later
    ("08-15 03:59:59", "completed", True, "", 600, 45, 5),
    ("08-20 10:00:00", "completed", None, "", 240, 60, 6),  # settles
    ("08-21 10:00:00", "completed", None, "storage.unavailable", 60, None, 6),
    ("08-25 10:00:00", "completed", True, "", None, 5, 8),  # undated
    ("08-28 10:00:00", "failed", False, "generation.timed_out", None, 5, None),
    ("08-31 23:00:00", "completed", True, "", -5, 30, 7),  # ended before it began
    ("08-31 23:59:59", "completed", True, "", 90_000, 30, 7),  # took 25 hours
    ("09-01 00:00:00", "failed", False, FULL, None, 5, 9),  # the month after
)
AUGUST = Period(datetime(2025, 8, 1, tzinfo=SHANGHAI), datetime(2025, 9, 1, tzinfo=SHANGHAI))


@pytest.fixture
def month(settings: Settings) -> Rates:
    settings.TIME_ZONE = "Asia/Shanghai"
    for at, kind, is_playable, cause, took, minutes, user in MONTH:
        ended_at = datetime.fromisoformat(f"2025-{at}").replace(tzinfo=SHANGHAI)
        ending = keep(
            ended_at,
            kind,
            is_playable=is_playable,
            cause=cause,
            took_seconds=took,
            length_seconds=minutes and 60 * minutes,
            user_hash=user and -(2**62) * (user % 3) + user * 10**15,
            is_dated=not at.startswith("08-25"),
        )
        if at.startswith("08-15 03:00"):
            ending.lost_at, ending.lost_cause = ended_at + timedelta(days=9), "file.deleted"
            ending.save()
    count()
    return read(AUGUST)


def test_the_rate_by_file(month: Rates) -> None:
    """Playable: 08-01 twice, 08-15 twice, 08-31 twice. Against them: 08-10, three that failed, one stuck."""
    assert month.by_file == Rate(6, 6 + 1 + 3 + 1)
    assert month.by_file.is_enough
    assert (month.playable, month.unplayable, month.stuck) == (6, 1, 1)


def test_the_rate_by_status(month: Rates) -> None:
    """The row says completed: those six, the one that is cut off, and the two that nobody could check."""
    assert month.by_status == Rate(9, 9 + 3)


def test_what_is_left_out_and_what_was_lost(month: Rates) -> None:
    assert month.left_out == LeftOut(settling=1, unchecked=1, undated=1)
    assert (month.lost, month.lost_causes) == (1, (CauseCount("file.deleted", 1),))


def test_the_users_whom_something_failed(month: Rates) -> None:
    """Users 1 (failed), 3 (failed), 2 (stuck) and 4 (cut off); who the last failure belongs to is not told."""
    assert month.users == Users(4)


def test_the_times(month: Rates) -> None:
    """In order: 60, 100, 120, 121, 240, 300, 600. The fourth of seven is in the middle; 0.9 * 7 = 6.3, the seventh."""
    times = month.times
    assert (times.number, times.absurd) == (7, 2)
    assert (times.median, times.p90, times.p95) == (121, 600, 600)
    assert times.mean == pytest.approx((60 + 100 + 120 + 121 + 240 + 300 + 600) / 7)
    assert [row for row in times.histogram if row[2]] == [
        (50, 60, 1),
        (90, 105, 1),
        (105, 120, 1),
        (120, 150, 1),
        (210, 240, 1),
        (240, 300, 1),
        (480, 600, 1),
    ]
    assert all(row[1] == following[0] for row, following in zip(times.histogram, times.histogram[1:], strict=False))


def test_what_the_patience_of_clients_costs(month: Rates) -> None:
    """Good pieces took 100, 120, 121 and 600 s; who waits for 120 s has the one of 120 s, and misses two of four."""
    patience = month.times.patience
    assert {wait: patience[wait] for wait in (60, 120, 180, 300, 480, 600)} == {
        60: 100,
        120: 50,
        180: 25,
        300: 25,
        480: 25,
        600: 0,
    }


def test_the_times_by_planned_length(month: Rates) -> None:
    """Exactly 10 minutes belong to 10-20, and 45 to 45-60; of 30-45 there are only times that cannot be."""
    numbers = {band: (times.number, times.median, times.absurd) for band, times in month.by_length.items()}
    assert numbers == {
        "0-10": (1, 100, 0),
        "10-20": (1, 120, 0),
        "20-30": (2, 121, 0),
        "30-45": (0, None, 2),
        "45-60": (1, 600, 0),
        "60-": (1, 240, 0),
        "?": (1, 60, 0),
    }


def test_the_causes_the_most_frequent_first(month: Rates) -> None:
    assert [(cause.code, cause.number) for cause in month.causes] == [
        (FULL, 2),
        (CUT, 1),
        ("generation.timed_out", 1),
        (STALLED, 1),
    ]


def test_the_days(month: Rates) -> None:
    days = {bar.since.astimezone(SHANGHAI).day: bar for bar in month.bars}
    assert len(month.bars) == 31
    assert (days[1].by_file, days[2].by_file, days[3].by_file) == (Rate(2, 2), Rate(0, 2), Rate(0, 0))
    assert (days[2].causes, days[15].lost, days[31].times.absurd) == ({FULL: 2}, 1, 2)
    assert sum(bar.completed for bar in month.bars) == month.completed
    assert month.bars[0].since == AUGUST.since
    assert month.bars[-1].until == AUGUST.until


def test_the_month_against_the_one_before(month: Rates) -> None:
    assert before(AUGUST, SHANGHAI).since == datetime(2025, 7, 1, tzinfo=SHANGHAI)
    now, then = compare(AUGUST)
    assert now.by_file == month.by_file
    assert then.by_file == Rate(1, 1)
    assert [(cause.number, cause.before) for cause in now.causes] == [(2, 0), (1, 0), (1, 0), (1, 0)]


def test_a_day_of_it_read_by_the_hour(month: Rates) -> None:
    day = read(Period(datetime(2025, 8, 15, tzinfo=SHANGHAI), datetime(2025, 8, 16, tzinfo=SHANGHAI)))
    assert (len(day.bars), day.by_file, day.times.median) == (24, Rate(2, 2), 121)
    assert [bar.completed for bar in day.bars[2:5]] == [0, 2, 0]

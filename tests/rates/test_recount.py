"""Counting anew: whatever is killed between two steps, and whoever counts at the same time, the figures are the same."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.rates.figures import Rate, Rates
from diagnostics.domain.rates.periods import Period, named
from diagnostics.domain.rates.tally import Tally
from diagnostics.models import Ending, RateFigures, StaleHour
from diagnostics.rates import recount as module
from diagnostics.rates.reading import read
from tests.rates.kept import count, keep, mark

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)


class Killed(Exception):
    """The process ended here."""


@contextmanager
def killed_at(number: int) -> Iterator[list[str]]:
    """Let the query of this number, and all behind it, never be made; gives those that were. What began is rolled back."""
    made: list[str] = []

    def step(execute: Callable[..., Any], sql: str, params: object, many: bool, context: object) -> object:
        if len(made) == number and not sql.startswith("ROLLBACK"):
            raise Killed
        made.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(step):
        yield made


def stored() -> dict[tuple[str, datetime], Tally]:
    return {(row.grain, row.at): Tally.from_bytes(bytes(row.tally)) for row in RateFigures.objects.all()}


def spread(number: int = 30) -> None:
    chosen = random.Random(1)
    for place in range(number):
        at = NOON - timedelta(minutes=chosen.randrange(60 * 70))
        keep(at, ("completed", "failed", "stuck")[place % 3], user_hash=place, took_seconds=60.0 * place)


def test_it_can_be_killed_between_any_two_steps() -> None:
    spread(8)
    count()
    wanted, hours = stored(), list(StaleHour.objects.values_list("at", flat=True))
    assert hours == []
    for number in range(1, 400):
        RateFigures.objects.all().delete()
        for ending in Ending.objects.all():
            mark(ending.ended_at)
        with killed_at(number) as made:
            try:
                count()
            except Killed:
                pass
            else:
                assert number >= len(made)
                break
        assert not [row for row in RateFigures.objects.all() if not bytes(row.tally)]
        count()
        assert stored() == wanted
        assert not StaleHour.objects.exists()
    else:
        pytest.fail("it never came to an end")


def test_an_hour_that_changed_again_stays_stale() -> None:
    keep(NOON)
    stale = list(StaleHour.objects.values_list("at", "mark"))
    mark(NOON, 2)
    assert module._count_day(NOON.replace(hour=0), stale, NOON) == 0
    assert StaleHour.objects.get().mark == 2
    assert not RateFigures.objects.exists()
    assert count() == 1


def test_an_hour_and_a_day_without_endings_have_no_row() -> None:
    keep(NOON)
    count()
    assert len(stored()) == 2
    Ending.objects.all().delete()
    mark(NOON)
    count()
    assert stored() == {}
    found = read(Period(NOON - timedelta(days=3), NOON))
    assert (found.by_file, found.by_file.percent, found.times.median, found.causes) == (Rate(0, 0), None, None, ())
    assert len(found.bars) == 72


def test_it_stops_when_it_is_told_to() -> None:
    spread()
    stop = threading.Event()
    stop.set()
    assert module.recount(NOON, stop) == 0
    assert StaleHour.objects.exists()


def test_reading_takes_the_same_number_of_queries_for_a_day_and_a_year() -> None:
    spread(60)
    count()
    for days in (1, 365):
        with CaptureQueriesContext(connection) as captured:
            read(Period(NOON - timedelta(days=days), NOON))
        assert len(captured) == 4
        assert not any("diagnostics_ending" in query["sql"] for query in captured.captured_queries)


def naive(since: datetime, until: datetime, known: list[Ending] | None = None) -> tuple[Any, ...]:
    """The same figures, counted one by one from what is stored."""
    stored = list(Ending.objects.all()) if known is None else known
    rows = [row for row in stored if row.is_dated and since <= row.ended_at < until]
    bad = [row for row in rows if row.kind != "completed" or row.is_playable is False]
    took = sorted(row.took_seconds for row in rows if row.kind == "completed" and row.took_seconds is not None)
    causes = {row.cause for row in bad}
    return (
        sum(row.kind == "completed" for row in rows),
        sum(row.kind == "failed" for row in rows),
        sum(row.kind == "stuck" for row in rows),
        sum(row.kind == "completed" and row.is_playable is True for row in rows),
        sum(row.lost_at is not None for row in rows),
        len({row.user_hash for row in bad} - {None}),
        {code: sum(row.cause == code for row in bad) for code in causes},
        len(took),
        pytest.approx(took[(len(took) + 1) // 2 - 1], rel=0.016, abs=1) if took else None,
        pytest.approx(sum(took) / len(took), abs=0.001) if took else None,
    )


def figures(found: Rates) -> tuple[object, ...]:
    causes = {cause.code: cause.number for cause in found.causes}
    counted = (found.completed, found.failed, found.stuck, found.playable, found.lost, found.users.number, causes)
    return (*counted, found.times.number, found.times.median, found.times.mean)


def history(seed: int, begin: datetime, days: int) -> random.Random:
    """Endings at random, some of which are changed, moved and deleted after they were counted."""
    chosen = random.Random(seed)
    for _ in range(120):
        at = begin + timedelta(seconds=chosen.randrange(86_400 * days))
        kind = chosen.choice(["completed"] * 4 + ["failed", "stuck"])
        is_playable = chosen.choice([True, True, False, None]) if kind == "completed" else False
        cause = "" if is_playable in (True, None) else chosen.choice(["file.empty", "file.truncated"])
        took = chosen.choice([None, chosen.lognormvariate(5, 1)]) if kind == "completed" else None
        user = chosen.choice([None, chosen.randrange(40)])
        keep(at, kind, is_playable=is_playable, cause=cause, took_seconds=took, user_hash=user)
    count()
    for ending in chosen.sample(list(Ending.objects.all()), 30):
        mark(ending.ended_at, 2)
        if chosen.random() < 0.3:
            ending.delete()
            continue
        if chosen.random() < 0.3:
            ending.ended_at += timedelta(hours=chosen.randrange(-30, 30))
            mark(ending.ended_at, 2)
        if ending.is_playable:
            ending.lost_at, ending.lost_cause = ending.ended_at, "file.deleted"
        ending.save()
    count()
    return chosen


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Shanghai", date(2025, 8, 25)),
        ("Europe/Berlin", date(2026, 3, 29)),  # 23 hours
        ("Europe/Berlin", date(2026, 10, 25)),  # 25 hours
        ("Asia/Kolkata", date(2026, 1, 1)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour more
    ],
)
def test_random_histories_against_a_plain_recount(zone: str, day: date, settings: Settings) -> None:
    settings.TIME_ZONE = zone
    here = ZoneInfo(zone)
    begin = datetime(day.year, day.month, day.day, tzinfo=here) - timedelta(days=20)
    chosen = history(day.toordinal(), begin, 40)
    whole = named("90d", begin + timedelta(days=45), here)
    periods = [whole, named("30d", begin + timedelta(days=30), here), named("7d", begin + timedelta(days=24), here)]
    for days in (1, 2, 17, 23):
        since = begin + timedelta(days=chosen.randrange(1, 20), hours=chosen.randrange(24))
        periods.append(Period(since, since + timedelta(days=days)))
    known = list(Ending.objects.all())
    for period in periods:
        found = read(period)
        assert figures(found) == naive(period.since, period.until, known)
        for bar in found.bars:
            assert (bar.completed, bar.failed, bar.stuck) == naive(bar.since, bar.until, known)[:3]


def test_another_time_zone_counts_everything_anew(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    for minutes in range(0, 60 * 30, 17):
        keep(NOON + timedelta(minutes=minutes))
    count()
    keep(NOON + timedelta(minutes=5))  # not counted yet
    settings.TIME_ZONE = "Asia/Kolkata"
    count()
    hours = RateFigures.objects.filter(grain="hour").values_list("at", flat=True)
    assert {at.minute for at in hours} == {30}
    period = named("7d", NOON + timedelta(days=2), timezone.get_default_timezone())
    assert figures(read(period)) == naive(period.since, period.until)
    assert read(period).completed == Ending.objects.count()
    days = named("90d", NOON + timedelta(days=2), timezone.get_default_timezone())
    assert read(days).completed == Ending.objects.count()

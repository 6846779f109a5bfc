"""Reads the figures of a period: days where a whole one fits, hours at the edges, and never single endings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from diagnostics.domain.rates import hours, periods, summing
from diagnostics.domain.rates.figures import CauseCount, Rates
from diagnostics.domain.rates.periods import Period
from diagnostics.domain.rates.tally import Tally, total
from diagnostics.models import Pass, RateFigures, StaleHour
from diagnostics.rates.going import going

HOUR, DAY = RateFigures.Grain.HOUR, RateFigures.Grain.DAY
# Up to so long a bar may be shorter than a day, and is made of hours.
HOURS_ONLY = timedelta(days=14, hours=1)


def read(period: Period, *, with_bars: bool = True) -> Rates:
    """Return the figures of a period, which begins and ends at full hours of the dashboard's zone; four queries."""
    zone = timezone.get_default_timezone()
    rows = _tallies(period, zone)
    spans = periods.bars(period, zone) if with_bars else ()
    bars = tuple(
        summing.bar_of(since, until, total(part, with_users=False)) for (since, until), part in _shared_out(rows, spans)
    )
    everything = total(tally for _at, tally in rows)
    figures = summing.rates_of(period.since, period.until, everything, bars=bars, waits=_waits())
    number, oldest = going(period.since)
    return replace(figures, going=number, oldest_going_at=oldest, counted_to=counted_to())


def compare(period: Period, *, with_bars: bool = True) -> tuple[Rates, Rates]:
    """Return the figures of a period and of the one before; causes of the first say how many there were before."""
    zone = timezone.get_default_timezone()
    now = read(period, with_bars=with_bars)
    then = read(periods.before(period, zone), with_bars=False)
    return replace(
        now,
        causes=_against(now.causes, then.causes),
        lost_causes=_against(now.lost_causes, then.lost_causes),
    ), then


def counted_to() -> datetime | None:
    """Return when the last complete pass ended whose changes are all counted in."""
    complete = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("-id")
    oldest = StaleHour.objects.aggregate(oldest=Min("mark"))["oldest"]
    if oldest is not None:
        complete = complete.filter(finished_at__lt=datetime.fromtimestamp(oldest / 1e9, UTC))
    return complete.values_list("finished_at", flat=True).first()


def _tallies(period: Period, zone: tzinfo) -> list[tuple[datetime, Tally]]:
    """The tallies of the hours and days that make up the period, in their order."""
    first, last = period.since, period.since
    if period.until - period.since > HOURS_ONLY:
        first = hours.day_of(period.since, zone)
        first = first if first == period.since else hours.next_day(period.since, zone)
        last = hours.day_of(period.until, zone)
    edges = Q(at__gte=period.since, at__lt=first) | Q(at__gte=last, at__lt=period.until)
    rows = RateFigures.objects.filter(Q(edges, grain=HOUR) | Q(grain=DAY, at__gte=first, at__lt=last))
    return [(at, Tally.from_bytes(bytes(data))) for at, data in rows.order_by("at").values_list("at", "tally")]


def _shared_out(
    rows: list[tuple[datetime, Tally]], spans: Iterable[tuple[datetime, datetime]]
) -> Iterable[tuple[tuple[datetime, datetime], list[Tally]]]:
    """Yield each bar with the tallies that lie in it."""
    place = 0
    for since, until in spans:
        begin = place
        while place < len(rows) and rows[place][0] < until:
            place += 1
        yield (since, until), [tally for _at, tally in rows[begin:place]]


def _waits() -> tuple[int, ...]:
    own = settings.LIMITS.client_timeout_seconds
    return (*summing.WAITS, own) if own else summing.WAITS


def _against(causes: tuple[CauseCount, ...], before: tuple[CauseCount, ...]) -> tuple[CauseCount, ...]:
    """The causes with their numbers before; one that there is none of any more stands last."""
    then = {cause.code: cause.number for cause in before}
    known = {cause.code for cause in causes}
    gone = tuple(CauseCount(code, 0, number) for code, number in then.items() if code not in known)
    return (*(replace(cause, before=then.get(cause.code, 0)) for cause in causes), *gone)

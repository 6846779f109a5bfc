"""The figures of the rates page as a file: the period, the one before, each bar, and the times by length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.csv_cells import BYTE_ORDER_MARK, csv_lines
from diagnostics.domain.rates.figures import Bar, Rate, Rates, Times
from diagnostics.rates.reading import compare
from diagnostics.views.access import needs
from diagnostics.views.rates import asked_of

COUNTS = ("completed", "failed", "stuck", "playable", "unplayable", "lost")
QUANTILES = ("median", "p90", "p95", "mean")
LEFT_OUT = ("settling", "unchecked", "undated")
COLUMNS = (
    "part", "since", "until", *COUNTS, "finished", "playable_rate_percent", "status_rate_percent", "timed",
    *(f"{name}_seconds" for name in QUANTILES), *LEFT_OUT, "users_affected", "users_exact", "begun_before_and_going",
)  # fmt: skip


@require_safe
@needs(permissions.VIEW_FIGURES)
def rates_export(request: HttpRequest) -> HttpResponse:
    """Give what the page shows for the same parameters; times in the dashboard's zone with their offset."""
    asked = asked_of(request)
    if asked.problem:
        return HttpResponse(str(asked.problem), status=422, content_type="text/plain; charset=utf-8")
    content = BYTE_ORDER_MARK + "".join(csv_lines(_rows(*compare(asked.period))))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    zone = timezone.get_default_timezone()
    name = f"rates-{asked.period.since.astimezone(zone):%Y%m%d}-{asked.period.until.astimezone(zone):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(figures: Rates, earlier: Rates) -> Iterator[Sequence[object]]:
    """Yield the head, and the lines; each cause has a column of its own, behind those that are always there."""
    codes = [cause.code for cause in figures.causes]
    yield [*COLUMNS, *(f"cause:{code or 'none'}" for code in codes)]
    for part, told in (("period", figures), ("before", earlier)):
        counted = {cause.code: cause.number for cause in told.causes}
        yield [*_counted(part, told), *_of_period(told), *(counted.get(code, 0) for code in codes)]
    for bar in figures.bars:
        yield [*_counted("bar", bar), *_blank(6), *(bar.causes.get(code, 0) for code in codes)]
    for band, times in figures.by_length.items():
        yield [f"length_minutes:{band}", *_blank(11), *_timed(times), *_blank(6 + len(codes))]


def _counted(part: str, told: Rates | Bar) -> list[object]:
    counts = [getattr(told, name) for name in COUNTS]
    rates = [_percent(told.by_file), _percent(told.by_status)]
    return [part, _local(told.since), _local(told.until), *counts, told.by_file.of, *rates, *_timed(told.times)]


def _percent(rate: Rate) -> float | None:
    """Below the smallest sample there is no rate: the numbers stand beside it."""
    return round(rate.percent, 2) if rate.is_enough and rate.percent is not None else None


def _timed(times: Times) -> list[object]:
    return [times.number, *(None if value is None else round(value, 1) for value in _quantiles(times))]


def _quantiles(times: Times) -> list[float | None]:
    return [getattr(times, name) for name in QUANTILES]


def _of_period(told: Rates) -> list[object]:
    left = [getattr(told.left_out, name) for name in LEFT_OUT]
    return [*left, told.users.number, "yes" if told.users.is_exact else "no", told.going]


def _blank(number: int) -> list[None]:
    return [None] * number


def _local(at: datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="minutes")

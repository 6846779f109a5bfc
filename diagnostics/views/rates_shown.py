"""The figures of a period as the rates page says them: the head, the table of causes, the tables beside the charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.domain.rates.figures import SMALLEST_SAMPLE, Bar, CauseCount, LeftOut, Rate, Rates, Times, Users
from diagnostics.domain.rates.reasons import SMALLEST_CHANGE_POINTS, points_between, reasons_of
from diagnostics.domain.wording.formatting import offset
from diagnostics.domain.wording.incidents import incident_title
from diagnostics.domain.wording.rates import signed_points, why_sentence
from diagnostics.ended_query import OUTCOMES
from diagnostics.models import Incident
from diagnostics.templatetags.formats import count, duration, percent
from diagnostics.views.rates_drawn import Link, bar_name

MOST_INCIDENTS = 20


@dataclass(frozen=True, slots=True)
class Head:
    """What stands first: the playable rate, how it changed, the rate by status, and what the difference hides."""

    by_file: Rate
    by_status: Rate
    points: str  # "+1.4"; '' where either period has too few samples
    tone: str
    hidden: int
    lost: int
    stuck: int
    users: Users
    left_out: LeftOut
    left_out_total: int
    going: int | None
    oldest_going_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause: how often, how much more than in the period before ('': not compared), over the bars, and its sessions."""

    code: str
    number: int
    more: str
    course: tuple[float | None, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An incident that opened in the period, as a marker of the charts."""

    at: datetime
    word: str
    text: str
    href: str
    kind: str = "incident"


def head_of(figures: Rates, earlier: Rates) -> Head:
    change, left = reasons_of(figures, earlier), figures.left_out
    points = points_between(figures.by_file, earlier.by_file)
    return Head(
        by_file=figures.by_file,
        by_status=figures.by_status,
        points="" if points is None else signed_points(points),
        tone=_tone(points),
        hidden=figures.unplayable + figures.stuck,
        lost=figures.lost,
        stuck=figures.stuck,
        users=figures.users,
        left_out=left,
        left_out_total=left.settling + left.unchecked + left.undated,
        going=figures.going,
        oldest_going_at=figures.oldest_going_at,
        why=why_sentence(change, get_language() or "en") if change else "",
    )


def _tone(points: float | None) -> str:
    if points is None or abs(points) < SMALLEST_CHANGE_POINTS:
        return "none"
    return "playable" if points > 0 else "broken"


def cause_rows(figures: Rates, earlier: Rates, link: Link) -> list[CauseRow]:
    """Return the causes that what finished ended with, the most frequent first, and those that are no more last."""
    return [_cause_row(cause, figures, earlier, link, "all") for cause in figures.causes]


def lost_rows(figures: Rates, earlier: Rates, link: Link) -> list[CauseRow]:
    """Return the causes that pieces were lost by after they could be played."""
    return [_cause_row(cause, figures, earlier, link, "lost") for cause in figures.lost_causes if cause.number]


def _cause_row(cause: CauseCount, figures: Rates, earlier: Rates, link: Link, outcome: str) -> CauseRow:
    course = tuple(float(bar.causes.get(cause.code, 0)) for bar in figures.bars) if outcome == "all" else ()
    href = link(figures.since, figures.until, outcome, cause.code) if cause.number else ""
    return CauseRow(cause.code, cause.number, _more(cause, earlier), course, href)


def _more(cause: CauseCount, earlier: Rates) -> str:
    """Return the difference with its sign; '' where nothing finished before, which is nothing to compare with."""
    if cause.before is None or not earlier.by_file.of:
        return ""
    more = cause.number - cause.before
    return f"+{more:,}" if more > 0 else f"−{-more:,}" if more else "±0"


def total_links(figures: Rates, link: Link) -> dict[str, str]:
    """Return the addresses of the sessions behind the figures of the head, by outcome."""
    return {outcome: link(figures.since, figures.until, outcome) for outcome in OUTCOMES}


def session_links(*, may_open: bool) -> Link:
    """Return what gives the address of the sessions that ended in [since, until); '' for who may not see sessions."""

    page = reverse("diagnostics:session_list")

    def link(since: datetime, until: datetime, outcome: str, cause: str = "") -> str:
        if not may_open:
            return ""
        named = f"&ended_cause={quote(cause)}" if cause else ""
        return f"{page}?ended_from={_iso(since)}&ended_to={_iso(until)}&outcome={outcome}{named}"

    return link


def _iso(at: datetime) -> str:
    """Return a full hour as it stands in an address without being quoted."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def bar_rows(figures: Rates, zone: tzinfo, link: Link) -> list[dict[str, object]]:
    """Return the bars as rows of the tables beside the charts; empty ones too, for a gap is told."""
    return [
        {
            "name": bar_name(bar, zone),
            "rates": [*_rate_cells(bar.by_file), *_rate_cells(bar.by_status)],
            "numbers": [
                (count(number), link(bar.since, bar.until, outcome) if number else "")
                for outcome, number in _numbers(bar)
            ],
            "times": _time_cells(bar.times),
        }
        for bar in figures.bars
    ]


def _rate_cells(rate: Rate) -> tuple[str, str]:
    """Return the rate, or of too few the number of good ones, and of how many."""
    return percent(rate.good, rate.of) if rate.is_enough else count(rate.good), count(rate.of)


def _time_cells(times: Times) -> list[str]:
    return [count(times.number), *(duration(value) for value in (times.median, times.mean, times.p90, times.p95))]


def _numbers(bar: Bar) -> list[tuple[str, int]]:
    return [
        ("all", bar.by_file.of),
        ("playable", bar.playable),
        ("lost", bar.lost),
        ("unplayable", bar.unplayable),
        ("failed", bar.failed),
        ("stuck", bar.stuck),
    ]


def length_rows(by_length: Iterable[tuple[str, Times]]) -> list[tuple[str, Times, bool]]:
    """Return (band in words, its times, whether they are enough) of the lengths of pieces, the shortest first."""
    return [(_band(band), times, times.number >= SMALLEST_SAMPLE) for band, times in by_length if times.number]


def _band(band: str) -> str:
    low, _dash, high = band.partition("-")
    if not low.isdigit():
        return _("not known")
    if not high:
        return _("{low} min and more").replace("{low}", low)
    return _("{low} to {high} min").replace("{low}", low).replace("{high}", high)


def span_words(since: datetime, until: datetime, zone: tzinfo) -> str:
    """Return a period as people say it: whole days by their dates, all else to the minute."""
    first, last = since.astimezone(zone), until.astimezone(zone)
    if not (first.hour or first.minute or last.hour or last.minute):
        last_day = (last - timedelta(hours=1)).date()
        return f"{first:%Y-%m-%d}" if last_day == first.date() else f"{first:%Y-%m-%d} – {last_day:%Y-%m-%d}"
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"


def zone_words(zone: tzinfo, at: datetime) -> str:
    """Return the zone with its distance from UTC: "Asia/Shanghai (UTC+8)"."""
    name, distance = str(zone), offset(at.astimezone(zone))
    return name if name == distance else f"{name} ({distance})"


def incidents_of(since: datetime, until: datetime) -> Sequence[Happened]:
    """Return the incidents that opened in the period, the newest where there are many; of each only its kind."""
    rows = Incident.objects.ever().filter(opened_at__gte=since, opened_at__lt=until).order_by("-opened_at")
    language = get_language() or "en"
    return [
        Happened(
            row.opened_at,
            _("Incident {number}").replace("{number}", str(row.pk)),
            incident_title(row.kind, language),
            reverse("diagnostics:incident_detail", args=[row.pk]),
        )
        for row in rows[:MOST_INCIDENTS]
        if row.opened_at is not None
    ]

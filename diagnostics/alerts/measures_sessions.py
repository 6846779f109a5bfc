"""What the rules over sessions read: the playable rate, the generation time, failures, and a queue that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce

from diagnostics.alerts import windows
from diagnostics.alerts.look import Look
from diagnostics.domain.alerts.course import Reading
from diagnostics.domain.alerts.rules import DAY, HOUR, Levels
from diagnostics.models import Ending, LedgerFile, SessionEntry

Readings = dict[str, Reading]
P95 = 0.95
MOST_GENERATING = 50


def success_rate(look: Look, levels: Levels) -> Readings:
    """The share of what ended in the window whose file was whole, in percent; what is stuck counts against it."""
    since = look.since(levels.window_seconds or DAY)
    ended = windows.ended_within(since, look.now)
    by_file, by_status = ended.by_file, ended.by_status
    detail = {
        "by_file": [by_file.good, by_file.of],
        "by_status": [by_status.good, by_status.of],
        **_going(look),
    }
    if by_file.percent is None or by_file.of < (levels.smallest_sample or 1):
        return {"": Reading.too_few(by_file.of, levels.smallest_sample or 1, **detail)}
    return {"": Reading(value=by_file.percent, sample=by_file.of, detail=detail)}


def generation_time(look: Look, levels: Levels) -> Readings:
    """The mean of what completed in the window, in seconds; the mean hides what never ends, so that is told beside it."""
    since = look.since(levels.window_seconds or DAY)
    took = windows.took_within(since, look.now)
    detail = {"absurd": took.absurd, **_going(look)}
    if took.mean is None or took.number < (levels.smallest_sample or 1):
        return {"": Reading.too_few(took.number, levels.smallest_sample or 1, **detail)}
    p95 = windows.quantile_within(since, look.now, P95, took.number)
    return {"": Reading(value=took.mean, sample=took.number, detail={**detail, "p95": p95})}


def failures(look: Look, levels: Levels) -> Readings:
    """How many failed in (now - window, now]: what failed exactly a window ago is out."""
    number = windows.failed_within(look.since(levels.window_seconds or HOUR), look.now)
    return {"": Reading(value=float(number), sample=number)}


def queue_still(look: Look, levels: Levels) -> Readings:
    """Seconds in which nothing was picked up, moved or ended while sessions waited, as the last complete pass knows it."""
    waiting = SessionEntry.objects.filter(status="pending", gone_at=None).order_by()
    queue = waiting.aggregate(number=Count("id"), since=Min(Coalesce("reset_at", "listed_at")))
    if queue["since"] is None or look.indexed_at is None:
        return {"": Reading(value=0.0, sample=0)}
    last = max(at for at in (queue["since"], _moved_at(look.indexed_at), _ended_at(look.indexed_at)) if at is not None)
    detail = {"waiting": queue["number"], "waiting_since": queue["since"].isoformat(), "moved_at": last.isoformat()}
    return {"": Reading(value=_seconds(look.indexed_at - last), sample=queue["number"], detail=detail)}


def _moved_at(until: datetime) -> datetime | None:
    """When something that is generated moved last: picked up, progressed, touched by the host, or its file written."""
    running = SessionEntry.objects.filter(status="generating", gone_at=None).order_by()
    newest = running.aggregate(
        moved=Max("moved_at"),
        picked_up=Max("generating_since"),
        updated=Max("updated_at", filter=Q(updated_at__lte=until)),
    )
    keys = list(running.order_by("-listed_at").values_list("key", flat=True)[:MOST_GENERATING])
    files = LedgerFile.objects.filter(named_session__in=keys, missed_at=None, mtime_ns__lte=until.timestamp() * 1e9)
    written = files.aggregate(newest=Max("mtime_ns"))["newest"]
    times = [*newest.values(), datetime.fromtimestamp(written / 1e9, UTC) if written else None]
    return max((at for at in times if at is not None), default=None)


def _ended_at(until: datetime) -> datetime | None:
    ended = Ending.objects.exclude(kind=Ending.Kind.STUCK).filter(ended_at__lte=until).order_by("-ended_at")
    return ended.values_list("ended_at", flat=True).first()


def _seconds(span: timedelta) -> float:
    return max(span.total_seconds(), 0.0)


def _going(look: Look) -> dict[str, object]:
    """Since when the oldest is generated that has not ended: it is in no rate and in no mean."""
    running = SessionEntry.objects.filter(status="generating").order_by()
    begun = Coalesce("reset_at", "generating_since", "created_at", "first_seen_at")
    oldest: datetime | None = running.annotate(begun=begun).aggregate(oldest=Min("begun", filter=Q(gone_at=None)))[
        "oldest"
    ]
    return {} if oldest is None else {"oldest_going_at": oldest.isoformat()}

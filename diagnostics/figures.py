"""The figures of the overview, read from the session index and the findings; everything returned fits into JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Case, Count, Max, Min, Q, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.host_parts import FAULTY
from diagnostics.domain.rates.figures import Rate
from diagnostics.domain.rates.hours import day_of, next_hour
from diagnostics.domain.rates.periods import Period
from diagnostics.models import Condition, Finding, Pass, SessionEntry
from diagnostics.part_days import read_parts
from diagnostics.parts import watched
from diagnostics.rates.reading import read
from diagnostics.sampling import read_resources

Figures = dict[str, object]
NEWEST_FAILURES = 10
# Failed rows are found by the index (status, listed_at): the newest by creation, then ordered by when they failed.
FAILURES_LOOKED_AT = 50
# A session that ends today was begun at most this long ago; it keeps the search for today's ends inside an index.
LONGEST_LIFE = timedelta(days=7)
HOURS = 24
MACHINE_GAUGES = ("memory_percent", "processor_percent")


def counts() -> Figures:
    """Return how many sessions have each verdict and each state, and how many there are."""
    verdicts: Counter[str] = Counter({verdict.value: 0 for verdict in Verdict})
    states: Counter[str] = Counter()
    for verdict, state, number in (
        SessionEntry.objects.filter(gone_at=None)
        .order_by()
        .values_list("verdict", "state")
        .annotate(number=Count("id"))
    ):
        verdicts[verdict] += number
        states[state] += number
    return {"verdicts": dict(verdicts), "states": dict(states), "sessions": sum(verdicts.values())}


def handled() -> Figures:
    """Return how many sessions of each verdict somebody dealt with; `sessions` are those that the list of them shows."""
    rows = SessionEntry.objects.filter(handled_at__isnull=False, gone_at=None).order_by()
    verdicts: dict[str, int] = dict(rows.values_list("verdict").annotate(number=Count("id")))
    newest = rows.aggregate(newest=Max("handled_at"))["newest"]
    sessions = sum(number for verdict, number in verdicts.items() if verdict != Verdict.EXPIRED)
    return {"verdicts": verdicts, "sessions": sessions, "newest_at": _iso(newest)}


def causes(now: datetime) -> list[Figures]:
    """Return each cause with its number of sessions, but those that are handled, worst verdict first, then the most frequent; and since when.

    `since` is when the oldest finding still open began, `latest` the newest, `recent` how many began in the last day.
    """
    numbers: dict[str, Counter[str]] = {}
    rows = SessionEntry.objects.filter(gone_at=None).exclude(cause="").filter(handled_at=None).order_by()
    for cause, verdict, number in rows.values_list("cause", "verdict").annotate(number=Count("id")):
        numbers.setdefault(cause, Counter())[verdict] += number
    lives = _lives(now)
    ranked = [_cause(code, counter, lives.get(code)) for code, counter in numbers.items()]
    return sorted(ranked, key=lambda entry: (entry["rank"], -int(str(entry["count"])), entry["code"]))


def _cause(code: str, counter: Counter[str], life: Figures | None) -> Figures:
    order = [Verdict.BROKEN, Verdict.UNKNOWN, Verdict.NOT_READY, Verdict.EXPIRED, Verdict.PLAYABLE]
    worst = next((verdict for verdict in order if counter[verdict]), Verdict.UNKNOWN)
    unknown_life: Figures = {"since": None, "latest": None, "recent": 0}
    return {
        "code": code,
        "count": counter.total(),
        "verdict": worst.value,
        "rank": order.index(worst),
        **(life or unknown_life),
    }


def _lives(now: datetime) -> dict[str, Figures]:
    """Return the life of each code's open findings."""
    rows = (
        Finding.objects.filter(resolved_at=None, session__handled_at=None)
        .order_by()
        .annotate(begun=begun(now))
        .values("code")
    )
    recent = Count("id", filter=Q(begun__gte=now - timedelta(days=1)))
    return {
        row["code"]: {"since": _iso(row["since"]), "latest": _iso(row["latest"]), "recent": row["recent"]}
        for row in rows.annotate(since=Min("begun"), latest=Max("begun"), recent=recent)
    }


def begun(now: datetime) -> Case:
    """Return when a finding began, as an expression: what the first pass found is as old as its row, not as that pass."""
    first = (
        Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("id").values_list("finished_at", flat=True).first()
    )
    changed = Coalesce("session__updated_at", "session__listed_at")
    return Case(When(opened_at__lte=first or now, then=Least("opened_at", changed)), default="opened_at")


def conditions() -> list[Figures]:
    standing = Condition.objects.filter(resolved_at=None).order_by("opened_at")
    return [
        {"code": row.code, "detail": row.detail, "opened_at": _iso(row.opened_at), "seen_at": _iso(row.seen_at)}
        for row in standing
    ]


def passes() -> Figures:
    """Return the pass that runs, the last that ended, and the last that was complete (each None where there is none)."""
    ended = Pass.objects.exclude(outcome=Pass.Outcome.RUNNING).first()
    complete = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).first()
    running = Pass.objects.filter(outcome=Pass.Outcome.RUNNING).first()
    return {"ended": _pass(ended), "complete": _pass(complete), "running": _pass(running)}


def _pass(row: Pass | None) -> Figures | None:
    if row is None:
        return None
    return {
        "id": row.pk,
        "outcome": row.outcome,
        "trigger": row.trigger,
        "phase": row.phase,
        "started_at": _iso(row.started_at),
        "finished_at": _iso(row.finished_at),
        "heartbeat_at": _iso(row.heartbeat_at),
        "rows": row.rows,
        "files": row.files,
        "changed": row.changed,
        "done": row.done,
        "total": row.total,
        "seconds": row.seconds,
        "error": row.error[:200],
    }


def newest_failures() -> list[Figures]:
    """Return the sessions that failed last and are not handled, with the beginning of their error and their cause."""
    rows = (
        SessionEntry.objects.filter(gone_at=None, status="failed", handled_at=None)
        .order_by("-listed_at", "-id")
        .values("key", "user_id", "error_head", "cause", "verdict", "listed_at", "updated_at")[:FAILURES_LOOKED_AT]
    )
    newest = sorted(rows, key=lambda row: row["updated_at"] or row["listed_at"], reverse=True)[:NEWEST_FAILURES]
    return [
        {
            "key": row["key"],
            "user": row["user_id"],
            "error": row["error_head"],
            "cause": row["cause"],
            "verdict": row["verdict"],
            "at": _iso(row["updated_at"] or row["listed_at"]),
        }
        for row in newest
    ]


def today(now: datetime) -> Figures:
    """Return today's success two ways, each as good of all, and the ends of the last 24 hours hour by hour.

    The rates are those of the rates page since midnight in the dashboard's own time zone: `by_file` is the playable rate,
    `by_status` believes the host; `unchecked` are in neither the one nor lost, for nobody could look at their files. The
    hours tell of the same ends what is known of each session now.
    """
    zone = timezone.get_default_timezone()
    midnight = day_of(now, zone)
    rates = read(Period(midnight, next_hour(now, zone)), with_bars=False)
    return {
        "since": _iso(midnight),
        "by_status": _good_of(rates.by_status),
        "by_file": _good_of(rates.by_file),
        "unchecked": rates.left_out.unchecked,
        "hours": _hours(now),
    }


def _good_of(rate: Rate) -> Figures:
    return {"good": rate.good, "of": rate.of}


def _hours(now: datetime) -> list[Figures]:
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    hours = [Counter[str]() for _hour in range(HOURS)]
    for at, verdict in _ends(first, now):
        hours[int((at - first).total_seconds() // 3600)][verdict] += 1
    return [{"at": _iso(first + timedelta(hours=place)), **dict(hour)} for place, hour in enumerate(hours)]


def _ends(since: datetime, now: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield (end, verdict) of the sessions that were completed or failed between the two times."""
    sessions = SessionEntry.objects.filter(gone_at=None)
    within = {"updated_at__gte": since, "updated_at__lte": now, "listed_at__gte": since - LONGEST_LIFE}
    completed = sessions.filter(status="completed", completed_at__gte=since, completed_at__lte=now)
    undated = sessions.filter(status="completed", completed_at=None, **within)
    failed = sessions.filter(status="failed", **within)
    for rows in (
        completed.values_list("completed_at", "verdict"),
        undated.values_list("updated_at", "verdict"),
        failed.values_list("updated_at", "verdict"),
    ):
        yield from ((at, verdict) for at, verdict in rows.iterator() if at)


def gauges() -> Figures | None:
    """Return the gauges of the newest sample that an overview shows: file systems, memory, processor; None: no sample."""
    sample = read_resources()
    if sample is None:
        return None
    content = sample.content
    systems = [
        {**row["bytes"], "roles": list(row["roles"]), "room": row["room"], "free_bytes": row["free_bytes"]}
        for row in content["file_systems"]
    ]
    machine = [row for row in content["gauges"] if row["name"] in MACHINE_GAUGES]
    return {"at": content["at"], "rows": systems + machine}


def faulty_parts() -> list[dict[str, str]]:
    """Return the parts of the host that are on, and down or impaired by the last round."""
    kept, on = read_parts(), watched()
    rows = kept.content["parts"] if kept else []
    return [
        {"part": row["part"], "state": row["state"]} for row in rows if row["part"] in on and row["state"] in FAULTY
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None

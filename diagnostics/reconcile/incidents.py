"""Incidents while a pass runs: what sessions share is noted with their diagnosis, and counted when the pass is complete.

Only what changed is counted: a diagnosis that changes what its session shares marks both incidents, in one transaction
with it, so that no kill forgets them. Sessions that are held as unknown, while the store is away, share what they did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q

from diagnostics import bulk
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.handled import End
from diagnostics.domain.incidents import FEWEST_SESSIONS
from diagnostics.domain.sharing import TOLD_BY_ROWS, Shared
from diagnostics.figures import begun
from diagnostics.identity import shown
from diagnostics.models import Finding, Incident, Leaving, SessionEntry
from diagnostics.reconcile.parts import parts

LONGEST_VALUE = 1000
KEPT = (
    "first_seen_at",
    "opened_at",
    "seen_at",
    "resolved_at",
    "times_opened",
    "sessions",
    "users",
    "most_sessions",
    "oldest_at",
    "newest_at",
    "is_changed",
    "handled_at",
    "handled_end",
)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sessions that share one fault now."""

    sessions: int = 0
    users: int = 0
    oldest_at: datetime | None = None
    newest_at: datetime | None = None


def note(
    shares: Mapping[int, Shared], changed: Iterable[int | None], left: Iterable[tuple[int, int]], now: datetime
) -> None:
    """Note faults that a batch of sessions shares, and mark those whose sessions changed; `left` are (session, hash)."""
    marked = {number for number in changed if number is not None}
    if not marked:
        return
    known = dict(Incident.objects.filter(shared_hash__in=marked).values_list("shared_hash", "opened_at"))
    Incident.objects.filter(shared_hash__in=known, is_changed=False).update(is_changed=True)
    bulk.insert([_noted(number, shares[number], now) for number in sorted((marked - known.keys()) & shares.keys())])
    _note_leaving([(session, number) for session, number in left if known.get(number) is not None], now)


def _note_leaving(left: Iterable[tuple[int, int]], now: datetime) -> None:
    """Keep who left an incident, for it to say what became of them; what was never one has nothing to say."""
    rows = [Leaving(shared_hash=number, session_id=session, left_at=now) for session, number in left]
    bulk.upsert(rows, unique=("shared_hash", "session"), renew=("left_at",))


def _noted(number: int, shared: Shared, now: datetime) -> Incident:
    cause = CATALOGUE.get(shared.code)
    verdict = cause.verdict if cause and cause.verdict else Verdict.UNKNOWN
    values = {
        name: shown(value)[:LONGEST_VALUE] if isinstance(value, str) else value for name, value in shared.values.items()
    }
    return Incident(
        shared_hash=number, kind=shared.kind, code=shared.code, verdict=str(verdict), values=values, noted_at=now
    )


def leave(entries: Iterable[SessionEntry], now: datetime) -> None:
    """Sessions whose rows are gone share nothing any more."""
    sharing = [(entry.pk, number) for entry in entries if (number := entry.shared_hash) is not None]
    if not sharing:
        return
    SessionEntry.objects.filter(pk__in=[pk for pk, _number in sharing]).update(shared_hash=None)
    touched = Incident.objects.filter(shared_hash__in={number for _pk, number in sharing})
    opened = set(touched.ever().values_list("shared_hash", flat=True))
    _note_leaving([(pk, number) for pk, number in sharing if number in opened], now)
    touched.update(is_changed=True)


def settle(now: datetime, last_at: datetime | None) -> None:
    """Open, count, resolve and reopen what changed; `last_at` is when the last complete pass before this one began."""
    marked = Incident.objects.filter(is_changed=True).values_list("pk", flat=True)
    for keys in parts(list(marked)):
        with transaction.atomic():
            rows = list(Incident.objects.filter(pk__in=keys))
            tallies = _tallies(row.shared_hash for row in rows)
            _settle(rows, tallies, now, last_at)


def _settle(rows: list[Incident], tallies: dict[int, Tally], now: datetime, last_at: datetime | None) -> None:
    opening = [row for row in rows if row.opened_at is None and _is_enough(tallies.get(row.shared_hash))]
    begins = _begins(opening, now)
    empty = {row.pk for row in rows if row.opened_at is None and row.shared_hash not in tallies}
    Incident.objects.filter(pk__in=empty).delete()  # what was never more than two sessions leaves nothing behind
    joined = _bring_back(rows)
    changes = []
    for row in rows:
        if row.pk in empty:
            continue
        before = {name: getattr(row, name) for name in KEPT}
        tally = tallies.get(row.shared_hash, Tally())
        if row.shared_hash in joined:
            row.handled_at, row.handled_end = None, str(End.JOINED)
        _live(row, tally, begins.get(row.shared_hash, now), now, last_at)
        _count(row, tally)
        changes.append((row.pk, {name: new for name in KEPT if (new := getattr(row, name)) != before[name]}))
    bulk.update(Incident, changes)


def _is_enough(tally: Tally | None) -> bool:
    return tally is not None and tally.sessions >= FEWEST_SESSIONS


def _live(row: Incident, tally: Tally, begun_at: datetime, now: datetime, last_at: datetime | None) -> None:
    """Open what has become one, resolve what has no session left, open again what came back."""
    if row.opened_at is None or row.resolved_at is not None:
        if not _is_enough(tally):
            return
        row.opened_at = begun_at if row.opened_at is None else now
        row.first_seen_at = row.first_seen_at or row.opened_at
        row.resolved_at, row.seen_at, row.times_opened = None, None, row.times_opened + 1
        row.handled_end = str(End.REOPENED) if row.handled_end == End.MENDED else row.handled_end
    elif not tally.sessions:
        row.resolved_at, row.seen_at = now, last_at or now
        row.handled_end = str(End.MENDED) if row.handled_at else ""
        row.handled_at = None


def _bring_back(rows: list[Incident]) -> set[int]:
    """Return the handled ones that a session has joined since; all their sessions are to be seen again."""
    handled = [row.shared_hash for row in rows if row.handled_at is not None]
    if not handled:
        return set()
    sessions = SessionEntry.objects.filter(gone_at=None, shared_hash__in=handled)
    new = sessions.filter(handled_at=None).order_by().values_list("shared_hash", flat=True).distinct()
    joined = {number for number in new if number is not None}
    sessions.filter(shared_hash__in=joined, handled_cause="", handled_at__isnull=False).update(handled_at=None)
    return joined


def _count(row: Incident, tally: Tally) -> None:
    """Take over the numbers; of what is resolved, the times of its sessions stay."""
    row.sessions, row.users, row.is_changed = tally.sessions, tally.users, False
    row.most_sessions = max(row.most_sessions, tally.sessions)
    if tally.sessions:
        row.oldest_at, row.newest_at = tally.oldest_at, tally.newest_at


def _tallies(numbers: Iterable[int]) -> dict[int, Tally]:
    rows = SessionEntry.objects.filter(shared_hash__in=list(numbers), gone_at=None).order_by().values("shared_hash")
    counted = rows.annotate(
        number=Count("id"),
        people=Count("user_id", distinct=True, filter=~Q(user_id="")),
        oldest=Min("listed_at"),
        newest=Max("listed_at"),
    )
    return {
        number: Tally(row["number"], row["people"], row["oldest"], row["newest"])
        for row in counted
        if (number := row["shared_hash"]) is not None
    }


def _begins(opening: list[Incident], now: datetime) -> dict[int, datetime]:
    """When each began: where rows tell of the fault, it is as old as they are; else as the pass that saw it first."""
    kinds = {row.shared_hash: row.kind for row in opening}
    found = Finding.objects.filter(session__shared_hash__in=list(kinds), code=F("session__cause"), resolved_at=None)
    lives = found.order_by().values("session__shared_hash")
    told = lives.annotate(by_rows=Min(begun(now)), by_passes=Min("opened_at"))
    return {
        number: row["by_rows"] if kinds[number] in TOLD_BY_ROWS else row["by_passes"]
        for row in told
        if (number := row["session__shared_hash"]) is not None
    }

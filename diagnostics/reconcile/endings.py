"""How the attempts at pieces end, as a pass sees it: followed with each diagnosis, written in its transaction.

What changes marks its hour as stale; `rates.recount` counts it anew. Nothing is written for what did not change.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from diagnostics import bulk
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence, SessionKey
from diagnostics.domain.rates.endings import Ended, ended, is_unfinished
from diagnostics.domain.rates.follow import Last, Look, Step, follow
from diagnostics.domain.rates.hours import hour_of
from diagnostics.domain.rules.worker import may_move_unseen
from diagnostics.identity import hash64
from diagnostics.models import Ending, SessionEntry, StaleHour

READ = ("session_id", "id", "kind", "ended_at", "is_playable", "cause", "lost_at", "is_closed")
OVER = ("completed", "failed")
UNCOUNTED = frozenset({"is_closed"})  # fields that no figure is made of


def note(
    pairs: Iterable[tuple[Evidence, Diagnosis]],
    entries: Mapping[SessionKey, SessionEntry],
    statuses: Mapping[SessionKey, str],
    changed: Container[SessionKey],
    now: datetime,
) -> None:
    """Follow the endings of one batch; `statuses` are those that the look before saw, `changed` whose rows are others."""
    moved = [
        (evidence, diagnosis)
        for evidence, diagnosis in pairs
        if diagnosis.session_id in changed or not _is_same(diagnosis, entries[diagnosis.session_id])
    ]
    known = _last(entries[diagnosis.session_id].pk for _evidence, diagnosis in moved)
    found = _Found()
    for evidence, diagnosis in moved:
        entry = entries[diagnosis.session_id]
        number, last = known.get(entry.pk, (None, None))
        look = _look(evidence, diagnosis, entry, statuses.get(diagnosis.session_id), now)
        step = follow(last, look)
        found.add(step, number, last)
        if step.new is not None:
            found.new.append(_row(entry.pk, step.new, evidence.record.user_id))
    found.write()


def _is_same(diagnosis: Diagnosis, entry: SessionEntry) -> bool:
    """Whether a row that did not change, and is over, is diagnosed as before: then its ending is what it was."""
    told = (str(diagnosis.verdict), str(diagnosis.state), diagnosis.cause or "")
    return diagnosis.status in OVER and told == (entry.verdict, entry.state, entry.cause)


@dataclass(slots=True)
class _Found:
    """What one batch changes, and the moments whose hours are to be counted anew."""

    new: list[Ending] = field(default_factory=list)
    changes: list[tuple[int, Mapping[str, object]]] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    moments: set[datetime] = field(default_factory=set)

    def add(self, step: Step, number: int | None, last: Last | None) -> None:
        if step.new is not None:
            self.moments.add(step.new.ended_at)
        if number is None or last is None:
            return
        if step.is_deleted:
            self.deleted.append(number)
        elif step.changes:
            self.changes.append((number, step.changes))
        if step.is_deleted or not UNCOUNTED.issuperset(step.changes):
            self.moments.add(last.ended_at)
        moved = step.changes.get("ended_at")
        if isinstance(moved, datetime):
            self.moments.add(moved)

    def write(self) -> None:
        if self.deleted:
            Ending.objects.filter(pk__in=self.deleted).delete()
        bulk.update(Ending, self.changes)
        bulk.insert(self.new)
        zone, mark = timezone.get_default_timezone(), time.time_ns()
        stale = sorted({hour_of(moment, zone) for moment in self.moments})
        bulk.upsert([StaleHour(at=at, mark=mark) for at in stale], unique=("at",), renew=("mark",))


def _last(ids: Iterable[int]) -> dict[int, tuple[int, Last]]:
    """The last ending of each session, by the session's number in the index."""
    rows = Ending.objects.filter(session_id__in=list(ids)).order_by("id").values_list(*READ)
    return {session: (number, Last(*told)) for session, number, *told in rows}


def _look(evidence: Evidence, diagnosis: Diagnosis, entry: SessionEntry, status: str | None, now: datetime) -> Look:
    unfinished = is_unfinished(evidence)
    return Look(
        ended(evidence, diagnosis),
        now,
        is_unfinished=unfinished,
        may_move_unseen=unfinished and may_move_unseen(evidence),
        was_over=status in OVER,
        reset_at=entry.reset_at,
    )


def _row(session: int, new: Ended, user_id: str | None) -> Ending:
    user = (user_id or "").strip()
    return Ending(
        session_id=session,
        kind=str(new.kind),
        ended_at=new.ended_at,
        is_dated=new.is_dated,
        is_playable=new.is_playable,
        cause=new.cause,
        took_seconds=new.took_seconds,
        length_seconds=new.length_seconds,
        user_hash=hash64(user.encode(errors="surrogatepass")) if user else None,
    )

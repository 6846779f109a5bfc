"""What stands above a whole pass: opened, kept and resolved; and the index while the store is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet

from diagnostics.domain.diagnosis import State, Verdict
from diagnostics.models import Condition, Finding, SessionEntry

MASS_ROWS = 20
MASS_SHARE = 0.20
UNAVAILABLE = "storage.unavailable"
LOST = ("file.deleted", "file.never_written")
Conditions = dict[str, dict[str, object]]


def settle(standing: Mapping[str, Mapping[str, object]], known: set[str], now: datetime) -> None:
    """Open, keep or resolve conditions: `standing` are those that stand, `known` those that this pass could judge."""
    open_now = {row.code: row for row in Condition.objects.filter(resolved_at=None)}
    for code, detail in standing.items():
        row = open_now.get(code)
        if row is None:
            Condition.objects.create(code=code, detail=dict(detail), opened_at=now, seen_at=now)
        else:
            Condition.objects.filter(pk=row.pk).update(seen_at=now, detail=dict(detail))
    over = [row.pk for code, row in open_now.items() if code in known and code not in standing]
    Condition.objects.filter(pk__in=over).update(resolved_at=now)


def mass_missing(now: datetime) -> dict[str, object] | None:
    """Return the detail of storage.mass_missing, where it begins with this pass or still stands; else None.

    Sessions that were whole at the last complete pass and have no file now count as lost: they are still marked as
    whole, until `forget_lost`. Once the condition stands, it does so until enough of the files are back: findings that
    were opened then, and are open still.
    """
    lost = _lost().count()
    whole = SessionEntry.objects.filter(is_whole=True, gone_at=None).count() if lost > MASS_ROWS else 0
    if _is_mass(lost, whole):
        return {"lost": lost, "of": whole, "opened_at": now.isoformat()}
    row = Condition.objects.filter(code="storage.mass_missing", resolved_at=None).first()
    if row is None:
        return None
    still = Finding.objects.filter(code__in=LOST, opened_at__gte=row.opened_at, resolved_at=None).count()
    return {**row.detail, "lost": still} if _is_mass(still, int(row.detail.get("of", 0))) else None


def forget_lost() -> None:
    """A complete pass has counted them: what lost its file is whole no more."""
    if _lost().exists():
        _lost().update(is_whole=False)


def _lost() -> QuerySet[SessionEntry]:
    """No word of `gone_at` here: a planner without statistics would read every row by its index. What goes is not whole."""
    return SessionEntry.objects.filter(cause__in=LOST, is_whole=True)


def _is_mass(lost: int, of: int) -> bool:
    return lost > MASS_ROWS and lost > MASS_SHARE * of


def hold_completed() -> int:
    """The store is unknown: every completed session is, until it is back; what was known of it is kept aside."""
    held = (
        SessionEntry.objects.filter(status="completed", held_verdict="")
        .exclude(cause__in=(UNAVAILABLE, "path.remote"))
        .exclude(cause="delivery.link_expired", claim_hash=None)  # remote as well
    )
    if not held.exists():
        return 0
    return held.update(
        held_verdict=F("verdict"),
        held_state=F("state"),
        held_cause=F("cause"),
        verdict=Verdict.UNKNOWN,
        state=State.FAULTY,
        cause=UNAVAILABLE,
    )


def release_held() -> int:
    """The store is back: what was known before stands again."""
    held = SessionEntry.objects.filter(cause=UNAVAILABLE).exclude(held_verdict="")
    if not held.exists():
        return 0
    return held.update(
        verdict=F("held_verdict"),
        state=F("held_state"),
        cause=F("held_cause"),
        held_verdict="",
        held_state="",
        held_cause="",
    )

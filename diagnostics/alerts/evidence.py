"""What was known when an alert fired: lines of facts, the sessions and users concerned, and the incident behind it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from diagnostics.alerts import windows
from diagnostics.alerts.levels import InForce
from diagnostics.alerts.look import Look
from diagnostics.domain.alerts.course import Reading
from diagnostics.domain.alerts.rules import DAY, ROOM_SESSIONS
from diagnostics.models import Ending, Incident

logger = logging.getLogger(__name__)
Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`lines` are as `models.Episode` keeps them.

    Facts: value, level, sample, window_seconds; what the measure had to tell (by_file and by_status as [good, of],
    oldest_going_at, p95, absurd, waiting, free_bytes, piece_bytes, state, seen_at …); causes as [[code, number], …],
    worst_hour as [time, number]; room as pieces that fit.
    """

    lines: list[Line] = field(default_factory=list)
    sessions: int | None = None
    users: int | None = None
    incident: int | None = None


def of_firing(force: InForce, subject: str, reading: Reading, look: Look) -> Evidence:
    """Gather it. What cannot be gathered keeps no alert from firing."""
    facts: dict[str, object] = {
        "value": reading.value,
        "level": force.levels.raise_at if force.rule.has_levels else None,
        "sample": reading.sample,
        "window_seconds": force.levels.window_seconds,
        **reading.detail,
    }
    try:
        return _with_more(force, subject, facts, look)
    except Exception:
        logger.exception("The evidence of the alert %s could not be gathered", force.rule.name)
        return Evidence(_lines(facts))


def of_error(reading: Reading) -> Evidence:
    return Evidence(_lines({"problem": reading.problem, **reading.detail}))


def _with_more(force: InForce, subject: str, facts: Mapping[str, object], look: Look) -> Evidence:
    kinds = KINDS.get(force.rule.name)
    if kinds is not None:
        return _of_endings(kinds, force, facts, look)
    if force.rule.name == "generation_time":
        return _of_slow(force, facts, look)
    if force.rule.subjects == "incident" and subject.isdecimal():
        row = Incident.objects.get(pk=int(subject))
        return Evidence(_lines(facts), row.sessions, row.users, row.pk)
    return Evidence(_lines({**facts, **_room(facts)}))


def _of_endings(kinds: Q, force: InForce, facts: Mapping[str, object], look: Look) -> Evidence:
    since = look.since(force.levels.window_seconds or DAY)
    worst = windows.worst_hour_within(since, look.now, kinds)
    more = {
        "causes": [[code, number] for code, number in windows.causes_within(since, look.now, kinds)],
        "worst_hour": [worst[0].isoformat(), worst[1]] if worst else None,
    }
    touched = windows.touched_within(since, look.now, kinds)
    incident = _main_incident(windows.endings(since, look.now).filter(kinds).values("session__shared_hash"))
    return Evidence(_lines({**facts, **more}), touched["sessions"], touched["users"], incident)


def _of_slow(force: InForce, facts: Mapping[str, object], look: Look) -> Evidence:
    """Concerned are those whose piece took longer than the level."""
    slow = windows.SOUND_TIME & Q(took_seconds__gt=force.levels.raise_at)
    touched = windows.touched_within(look.since(force.levels.window_seconds or DAY), look.now, slow)
    return Evidence(_lines(facts), touched["sessions"], touched["users"])


def _main_incident(rows: windows.Counted) -> int | None:
    """Return the incident that at least half of them are part of."""
    counts = list(rows.annotate(number=Count("id")).order_by("-number")[:2])
    hashes = [row for row in counts if row["session__shared_hash"] is not None]
    if not hashes or 2 * hashes[0]["number"] < sum(row["number"] for row in rows.annotate(number=Count("id"))):
        return None
    known = Incident.objects.ever().filter(shared_hash=hashes[0]["session__shared_hash"])
    return known.values_list("pk", flat=True).first()


def _room(facts: Mapping[str, object]) -> dict[str, object]:
    free, piece = facts.get("free_bytes"), facts.get("piece_bytes")
    if not (isinstance(free, int | float) and isinstance(piece, int | float) and piece > 0):
        return {}
    return {"room": int(free / piece), "room_wanted": ROOM_SESSIONS}


def _lines(facts: Mapping[str, object]) -> list[Line]:
    return [{"fact": fact, "value": value} for fact, value in facts.items() if value not in (None, "", [])]


KINDS = {"success_rate": windows.NOT_WELL, "failures": Q(kind=Ending.Kind.FAILED)}

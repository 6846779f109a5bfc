"""The switch itself: pauses are begun, changed and ended here, by whoever may, and each time the audit says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from sessions_admin import permissions
from sessions_admin.actions import LONGEST_REASON, is_reason, results, trail
from sessions_admin.actions.trail import Attempt, Columns
from sessions_admin.actors import By
from sessions_admin.models import AuditHead, Pause
from sessions_admin.refused import Refused
from sessions_admin.roles import roles_of

BEGUN = gettext_noop("Long sequences are paused.")
CHANGED = gettext_noop("The pause was changed.")
ENDED = gettext_noop("Long sequences are available again.")
ALREADY = gettext_noop("Refused: %(name)s has paused long sequences already.")
OVERTAKEN = gettext_noop("Refused: %(name)s has changed the pause meanwhile.")
OVER = gettext_noop("Refused: the pause has ended already.")
NO_PASSWORD = gettext_noop("Refused: the password was not right.")
SHOWN = ("begun_by", "reason", "text_en", "text_zh", "contact", "ended_by", "end_reason")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pause tells: when somebody looks again, the texts for users, and whom they may ask."""

    review_at: datetime
    text_en: str
    text_zh: str
    contact: str


class PauseRefused(Refused):
    """Nothing was switched: a key of the catalogues and what fills it. The attempt stands in the audit."""


def begin(terms: Terms, by: By, now: datetime) -> Pause:
    """Pause long sequences. Raises PauseRefused, also where somebody was quicker."""
    attempt = _attempt("pause", by)
    try:
        with _one_at_a_time():
            pause = Pause(begun_at=now, begun_by=attempt.actor, reason=attempt.reason, **asdict(terms))
            pause.save(force_insert=True)
            trail.add_decision(attempt, BEGUN, after=_columns(pause))
    except IntegrityError:
        standing = Pause.standing()
        raise _refused(attempt, ALREADY, {"name": standing.begun_by if standing else "?"}) from None
    return pause


def revise(seen: str, terms: Terms, by: By, now: datetime) -> Pause:
    """Change what the pause tells, where it still is as it was seen. Raises PauseRefused."""
    attempt = _attempt("pause_change", by)
    with _one_at_a_time():
        pause = _held(seen)
        if isinstance(pause, Pause):
            before = _columns(pause)
            for name, value in asdict(terms).items():
                setattr(pause, name, value)
            pause.revision, pause.changed_at, pause.changed_by = pause.revision + 1, now, attempt.actor
            pause.save()
            trail.add_decision(attempt, CHANGED, before=before, after=_columns(pause))
            return pause
    raise _refused(attempt, *pause)


def end(seen: str, by: By, now: datetime) -> Pause:
    """Switch long sequences on again, where the pause still is as it was seen. Raises PauseRefused."""
    attempt = _attempt("pause_end", by)
    with _one_at_a_time():
        pause = _held(seen)
        if isinstance(pause, Pause):
            before = _columns(pause)
            pause.is_open, pause.ended_at, pause.ended_by, pause.end_reason = None, now, attempt.actor, attempt.reason
            pause.save()
            trail.add_decision(attempt, ENDED, before=before, after=_columns(pause))
            return pause
    raise _refused(attempt, *pause)


def refuse(action: str, by: By, message: str) -> None:
    """Note an attempt that came no further than the page: no right, or not the right password."""
    trail.add_refusal(_attempt_of(action, by), "", message)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the audit's end first, and all through: whoever switches at once waits here, and not in a circle (MariaDB)."""
    with transaction.atomic():
        AuditHead.locked()
        yield


def _held(seen: str) -> Pause | tuple[str, dict[str, object]]:
    """Return the pause, held until the transaction ends; or why it is no longer the one that was seen."""
    pause = Pause.objects.select_for_update().filter(is_open=True).first()
    if pause is None:
        return OVER, {}
    if pause.seen != seen:
        return OVERTAKEN, {"name": pause.changed_by or pause.begun_by}
    return pause


def _attempt(action: str, by: By) -> Attempt:
    """Return the attempt of somebody who may, with a reason. Raises PauseRefused otherwise."""
    attempt = _attempt_of(action, by)
    if not by.person.has_perm(permissions.PAUSE):
        raise _refused(attempt, results.NO_RIGHT)
    if not is_reason(by.reason):
        raise _refused(attempt, results.NO_REASON)
    return attempt


def _attempt_of(action: str, by: By) -> Attempt:
    name, reason = by.person.get_username(), by.reason.strip()[:LONGEST_REASON]
    return Attempt(action, "", "", name, roles_of(by.person), by.address, trail.visible(reason))


def _refused(attempt: Attempt, message: str, values: Mapping[str, object] | None = None) -> PauseRefused:
    trail.add_refusal(attempt, "", message, values)
    return PauseRefused(message, values or {})


def _columns(pause: Pause) -> Columns:
    times = {name: _time(getattr(pause, name)) for name in ("begun_at", "review_at", "ended_at")}
    return {**times, **{name: str(getattr(pause, name)) or None for name in SHOWN}}


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None

"""The parts of an episode's page: its course by its changes of state, and who was told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diagnostics.domain.wording import alerts as wording
from diagnostics.domain.wording.formatting import safe
from diagnostics.models import Episode, Flip
from diagnostics.templatetags.charts import Bar
from diagnostics.templatetags.formats import exact
from diagnostics.templatetags.labels import Label
from sessions_admin.models import Notified
from sessions_admin.templatetags.notifications import MESSAGES, state_of
from sessions_admin.views.alerts_history import kept_levels
from sessions_admin.views.alerts_shown import label_of

TONES = {
    "pending": "warning",
    "firing": "broken",
    "recovering": "not-ready",
    "no_data": "unknown",
    "error": "expired",
    "ok": "playable",
}
KINDS: dict[str, str | Promise] = {
    Notified.Kind.FIRING: _("that it fires"),
    Notified.Kind.REPEAT: _("that it still fires"),
    Notified.Kind.FLAPPING: _("that it flaps"),
    Notified.Kind.RESOLVED: _("that it is over"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One change of state: when, from which to which, and the value then."""

    at: datetime
    old: Label
    new: Label
    value: str


@dataclass(frozen=True, slots=True)
class Course:
    """An episode's changes, and the same as a strip of states."""

    steps: tuple[Step, ...]
    bars: tuple[Bar, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that one channel was told. `went` says whether it arrived there, `error` why not (or not at first)."""

    row: Notified
    what: str | Promise
    went: Label
    at: datetime
    error: str


def course(row: Episode, flips: Sequence[Flip], now: datetime) -> Course:
    """Return how an episode went, from its first breach to its end, or to now."""
    language, levels = get_language() or "en", kept_levels(row)
    steps = tuple(
        Step(
            flip.at, label_of(flip.old), label_of(flip.new), wording.value_text(row.rule, flip.value, language, levels)
        )
        for flip in flips
    )
    bars = tuple(_bars(row, flips, row.ended_at or now))
    return Course(steps, bars, " · ".join(bar.title for bar in bars))


def _bars(row: Episode, flips: Sequence[Flip], until: datetime) -> Iterator[Bar]:
    length = max((until - row.begun_at).total_seconds(), 1.0)
    inside = [(flip.at, flip.new) for flip in flips if row.begun_at <= flip.at < until]
    if not inside or inside[0][0] > row.begun_at:
        first = flips[0].old if flips else str(row.kind)
        inside.insert(0, (row.begun_at, "pending" if first == "ok" else first))
    for (at, state), (end, _state) in pairwise([*inside, (until, "")]):
        x, width = (
            1000 * seconds / length for seconds in ((at - row.begun_at).total_seconds(), (end - at).total_seconds())
        )
        title = f"{label_of(state).word}: {exact(at)}"
        yield Bar(round(x, 2), 0, round(max(width, 2.0), 2), 14, TONES.get(state, "unknown"), title)


def told(rows: Sequence[Notified], *, sees_texts: bool) -> list[Told]:
    return [_told(row, sees_texts=sees_texts) for row in rows]


def _told(row: Notified, *, sees_texts: bool) -> Told:
    message = row.notification
    went = MESSAGES[state_of(message)]
    error = safe(message.error) if message.error and sees_texts else ""
    at = message.sent_at or message.given_up_at or row.at
    return Told(row, KINDS.get(row.kind, row.kind), went, at, error)

"""Alerts as pages read them: where each rule stands now, and what happened; the same few queries however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from diagnostics.alerts.levels import InForce, in_force
from diagnostics.domain.alerts.rules import RULES, Levels
from diagnostics.models import AlertRound, AlertState, Episode, Flip

State = AlertState.State
# A state older than so many rounds tells nothing of now (ops research, 1.1).
STALE_ROUNDS = 2
# Rounds are kept for eight days; before that nobody knows whether anything looked.
ROUNDS_KEPT = timedelta(days=8)
MOST_EPISODES, MOST_FLIPS = 1000, 2000
UNTOLD = (State.NO_DATA, State.ERROR)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule stands for one subject: its row, the levels in force, and whether the row is too old to tell of now."""

    row: AlertState
    levels: Levels
    is_on: bool
    is_stale: bool

    @property
    def is_firing(self) -> bool:
        """Whether it is wrong as far as is known: what cannot be evaluated any more has not ended for that."""
        episode = self.row.episode
        open_one = episode is not None and episode.kind == Episode.Kind.FIRING
        return self.row.state == State.FIRING or (self.row.state in UNTOLD and open_one)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything as it stands. `looked_at` is the end of the last round (None: none ended); `off` names rules switched off."""

    places: tuple[Place, ...]
    looked_at: datetime | None
    off: frozenset[str]

    @property
    def firing(self) -> list[Place]:
        """What fires, that which is told before that which another alert explains, the newest first."""
        found = sorted((place for place in self.places if place.is_firing), key=_since, reverse=True)
        return sorted(found, key=lambda place: bool(place.row.muted_by))

    def in_states(self, *states: str) -> list[Place]:
        return [place for place in self.places if place.row.state in states and not place.is_firing]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a rule (None: any) was not evaluated."""

    since: datetime
    until: datetime
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened in [since, until): the episodes, the newest first, and where nothing was evaluated.

    `is_cut`: there are more episodes than are read. `known_from` is when what is known of rounds begins.
    """

    since: datetime
    until: datetime
    episodes: tuple[Episode, ...]
    gaps: tuple[Gap, ...]
    is_cut: bool
    known_from: datetime


def standing(now: datetime) -> Standing:
    """Return where every rule stands, in the order of the rules. Three queries."""
    forces = {force.rule.name: force for force in in_force()}
    order = {rule.name: place for place, rule in enumerate(RULES)}
    rows = sorted(
        AlertState.objects.select_related("episode"), key=lambda row: (order.get(row.rule, len(order)), row.subject)
    )
    last = AlertRound.objects.exclude(finished_at=None).order_by("-finished_at").first()
    off = frozenset(name for name, force in forces.items() if not force.is_on)
    places = tuple(_place(row, forces.get(row.rule), now) for row in rows)
    return Standing(places, last.finished_at if last else None, off)


def levels_from(kept: Mapping[str, Any], own: Levels) -> Levels:
    """Return levels as an episode keeps them; what is missing or None is the rule's own."""
    told = {field.name: kept.get(field.name) for field in fields(Levels)}
    return Levels(**{name: getattr(own, name) if value is None else value for name, value in told.items()})


def episodes(rule: str, before: int | None, size: int) -> list[Episode]:
    """Return one page of the episodes (of one rule, or of all for ''), newest first, and one more where it goes on."""
    found = Episode.objects.filter(rule=rule) if rule else Episode.objects.all()
    edge = Episode.objects.filter(pk=before).first() if before else None
    if edge is not None:
        found = found.filter(Q(fired_at__lt=edge.fired_at) | Q(fired_at=edge.fired_at, pk__lt=edge.pk))
    return list(found[: size + 1])


def history(rule: str, days: int, now: datetime) -> History:
    """Return what happened in the last days. Three queries."""
    since = now - timedelta(days=days)
    found = Episode.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), begun_at__lt=now)
    found = found.filter(rule=rule) if rule else found
    rows = list(found[: MOST_EPISODES + 1])
    known_from = max(since, now - ROUNDS_KEPT)
    gaps = (*_round_gaps(known_from, now), *_rule_gaps(rule, since, now))
    return History(since, now, tuple(rows[:MOST_EPISODES]), gaps, len(rows) > MOST_EPISODES, known_from)


def flips_of(episode: Episode, now: datetime) -> list[Flip]:
    """Return the changes of state during an episode, the first first, with those before it fired."""
    return list(
        Flip.objects.filter(
            rule=episode.rule, subject=episode.subject, at__gte=episode.begun_at, at__lte=episode.ended_at or now
        ).order_by("at", "pk")[:MOST_FLIPS]
    )


def firing_figures() -> dict[str, object]:
    """Return what fires, for the snapshot: the number that is told, and each as rule, subject and since when."""
    now_firing = AlertState.objects.filter(
        Q(state=State.FIRING) | Q(state__in=UNTOLD, episode__kind=Episode.Kind.FIRING)
    ).select_related("episode")
    rows = sorted(now_firing, key=lambda row: (row.episode.begun_at if row.episode else row.since, row.pk))
    told = [_told(row) for row in rows if not row.muted_by]
    return {"firing": len(told), "muted": len(rows) - len(told), "rows": told[:MOST_TOLD]}


MOST_TOLD = 5


def _told(row: AlertState) -> dict[str, object]:
    begun = row.episode.begun_at if row.episode else row.since
    return {
        "rule": row.rule,
        "subject": row.subject,
        "since": begun.isoformat(timespec="seconds"),
        "episode": row.episode_id,
    }


def _place(row: AlertState, force: InForce | None, now: datetime) -> Place:
    oldest = now - timedelta(seconds=STALE_ROUNDS * settings.ALERT_INTERVAL_SECONDS)
    levels, is_on = (force.levels, force.is_on) if force else (Levels(0, 0), True)
    return Place(row, levels, is_on, row.evaluated_at < oldest)


def _since(place: Place) -> datetime:
    return place.row.episode.begun_at if place.row.episode else place.row.since


def _round_gaps(since: datetime, now: datetime) -> Iterable[Gap]:
    """Yield where no round ended for longer than two intervals; before the very first round nothing is called a gap."""
    rounds: QuerySet[AlertRound, datetime | None] = AlertRound.objects.filter(finished_at__gt=since).values_list(
        "finished_at", flat=True
    )
    ends = sorted(end for end in rounds if end is not None)
    longest = timedelta(seconds=STALE_ROUNDS * settings.ALERT_INTERVAL_SECONDS)
    begun = [since] if AlertRound.objects.filter(finished_at__lte=since).exists() else []
    for before, after in pairwise([*begun, *ends, now]):
        if after - before > longest:
            yield Gap(before, after)


def _rule_gaps(rule: str, since: datetime, now: datetime) -> Iterable[Gap]:
    """Yield where a rule had no data, or could not be evaluated, by its flips."""
    found = Flip.objects.filter(Q(new__in=UNTOLD) | Q(old__in=UNTOLD), at__gt=since)
    rows = list((found.filter(rule=rule) if rule else found).order_by("-at", "-pk")[:MOST_FLIPS])
    begun: dict[tuple[str, str], datetime] = {}
    for flip in reversed(rows):
        key = (flip.rule, flip.subject)
        if flip.old in UNTOLD:
            yield Gap(begun.pop(key, since), flip.at, flip.rule)
        if flip.new in UNTOLD:
            begun[key] = flip.at
    yield from (Gap(at, now, name) for (name, _subject), at in begun.items())


def newest_of_rule(episode: Episode, number: int) -> Sequence[Episode]:
    """Return the same rule's episodes before this one, the newest first."""
    earlier = Q(fired_at__lt=episode.fired_at) | Q(fired_at=episode.fired_at, pk__lt=episode.pk)
    return list(Episode.objects.filter(earlier, rule=episode.rule)[:number])

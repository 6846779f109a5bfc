"""Puts into the outbox what each channel is to be told of the alerts; what that is, `domain.alerts.telling` says."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q

from diagnostics.domain.alerts.flapping import is_flapping
from diagnostics.domain.alerts.telling import Case, Said, plan
from diagnostics.models import AlertState, Episode, Flip
from sessions_admin.alerting import outbox, silences
from sessions_admin.models import Channel, Notification, Notified

HOUR = timedelta(hours=1)
# A silence lasts a week at most; who was told before it began is told of the end after it.
LATELY = timedelta(days=8)
Alert = tuple[str, str]  # rule and subject


@dataclass(frozen=True, slots=True)
class World:
    """What is the same for every channel: the episodes, and which of their alerts are held or flap."""

    episodes: Sequence[Episode]
    held: frozenset[int]
    flapping: frozenset[Alert]


def group(now: datetime, stop: threading.Event) -> int:
    """Bring the outbox up to what the alerts are now; return the number of channels that were looked at."""
    outbox.give_up_old(now)
    channels = list(Channel.objects.filter(is_on=True, switched_off_at=None))
    if not channels:
        return 0
    world, sent = _world(now), _sent(now)
    told = _told(channels, world)
    looked_at = 0
    for channel in channels:
        if stop.is_set():
            break
        _group_for(channel, world, told[channel.pk], sent.get(channel.pk), now)
        looked_at += 1
    return looked_at


def _group_for(
    channel: Channel, world: World, told: Mapping[int, Sequence[Notified]], sent_at: datetime | None, now: datetime
) -> None:
    waiting = list(outbox.waiting().filter(channel=channel, kind=outbox.ALERTS).prefetch_related("told").order_by("id"))
    if any(row.claimed_until for row in waiting):
        return  # it is being sent; what came of that is known soon
    row = waiting[0] if waiting else None
    cases = [
        _case(episode, world, told.get(episode.pk, ()), row)
        for episode in world.episodes
        if channel.rules is None or episode.rule in channel.rules
    ]
    planned = plan(cases, sent_at=sent_at, repeat=timedelta(seconds=channel.repeat_seconds), now=now)
    outbox.put(channel, row, planned, now)


def _case(episode: Episode, world: World, told: Sequence[Notified], row: Notification | None) -> Case:
    alert = (episode.rule, episode.subject, episode.kind)
    return Case(
        episode.pk,
        alert,
        episode.fired_at,
        episode.ended_at,
        is_held=episode.pk in world.held,
        is_flapping=alert[:2] in world.flapping and episode.kind == Episode.Kind.FIRING,
        said=tuple(_said(one, row) for one in told),
    )


def _said(one: Notified, row: Notification | None) -> Said:
    message = one.notification
    if row and message.pk == row.pk:
        return Said(one.kind, one.number, one.at, "waiting")
    return Said(one.kind, one.number, message.sent_at or one.at, "lost" if message.given_up_at else "sent")


def _world(now: datetime) -> World:
    ended = Q(ended_at__gte=now - LATELY, notified__isnull=False) | Q(ended_at__gte=now - HOUR)
    is_held = _holder(now)
    episodes = list(Episode.objects.filter(Q(ended_at=None) | ended).distinct())
    return World(episodes, frozenset(one.pk for one in episodes if is_held(one)), _flapping(now))


def _holder(now: datetime) -> Callable[[Episode], bool]:
    """What another alert explains while it lasts, be it a breach or that it cannot be evaluated; and what is silenced."""
    muted = set(AlertState.objects.exclude(muted_by="").values_list("rule", "subject"))
    standing = list(silences.standing(now))

    def is_held(one: Episode) -> bool:
        is_muted = one.ended_at is None and (one.rule, one.subject) in muted
        return is_muted or any(silences.holds(silence, one.rule, one.subject) for silence in standing)

    return is_held


def _flapping(now: datetime) -> frozenset[Alert]:
    changes: dict[Alert, list[tuple[datetime, str, str]]] = defaultdict(list)
    flips = Flip.objects.filter(at__gt=now - HOUR).values_list("rule", "subject", "at", "old", "new")
    for rule, subject, at, old, new in flips:
        changes[rule, subject].append((at, old, new))
    return frozenset(alert for alert, found in changes.items() if is_flapping(found, now))


def _sent(now: datetime) -> dict[int, datetime]:
    """When the last message about alerts went to each channel."""
    sent = Notification.objects.filter(kind=outbox.ALERTS, sent_at__gte=now - HOUR)
    return dict(sent.values_list("channel").annotate(last=Max("sent_at")).order_by())


def _told(channels: Sequence[Channel], world: World) -> Mapping[int, Mapping[int, Sequence[Notified]]]:
    """Channel -> episode -> what it was told of that."""
    found: dict[int, dict[int, list[Notified]]] = defaultdict(lambda: defaultdict(list))
    rows = Notified.objects.filter(channel__in=channels, episode__in=[one.pk for one in world.episodes])
    for one in rows.select_related("notification").order_by("id"):
        found[one.channel_id][one.episode_id].append(one)
    return found

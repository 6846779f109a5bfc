"""The outbox: messages put there and changed while nothing of them went out, claimed for sending, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from diagnostics.domain.alerts.telling import Line, Plan
from sessions_admin.models import Channel, Notification, Notified, Silence
from sessions_admin.telling.reply import Reply

LEASE = timedelta(seconds=60)  # longer than any attempt may take: then whoever claimed it is gone
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5, 900
GIVEN_UP_AFTER = timedelta(days=1)
KEPT = timedelta(days=90)
TOO_OLD = "It could not be delivered within a day."
ALERTS, TEST = Notification.Kind.ALERTS, Notification.Kind.TEST


def waiting() -> QuerySet[Notification]:
    return Notification.objects.filter(sent_at=None, given_up_at=None)


def put(channel: Channel, row: Notification | None, plan: Plan, now: datetime) -> bool:
    """Make the channel's next message (`row`: the one that waits) say what is planned. False: somebody was quicker."""
    before = set(lines_of(row)) if row else set()
    if before == set(plan.lines):
        return True
    try:
        with transaction.atomic():
            return _put(channel, row, plan, before, now)
    except IntegrityError:
        return False


def lines_of(row: Notification) -> list[Line]:
    return [Line(one.episode_id, one.kind, one.number) for one in row.told.all()]


def _put(channel: Channel, row: Notification | None, plan: Plan, before: Collection[Line], now: datetime) -> bool:
    key = key_of(channel, plan.lines)
    if row is None:
        made = {"channel": channel, "language": channel.language, "made_at": now, "next_at": plan.at}
        row = Notification.objects.create(kind=ALERTS, key=key, **made)
    elif not _unclaimed(row).update(key=key, language=channel.language, made_at=now):
        return False
    for line in before:
        if line not in plan.lines:
            row.told.filter(episode=line.episode, kind=line.kind, number=line.number).delete()
    Notified.objects.bulk_create(
        Notified(episode_id=line.episode, channel=channel, kind=line.kind, number=line.number, notification=row, at=now)
        for line in plan.lines
        if line not in before
    )
    if not plan.lines:
        row.delete()
    return True


def key_of(channel: Channel, lines: Sequence[Line]) -> str:
    """Return the id of a message, by which its receiver knows it again: another one, as soon as it says something else."""
    told = ",".join(f"{line.episode}-{line.kind}-{line.number}" for line in sorted(lines))
    return f"alerts-{channel.pk}-{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}"


def _unclaimed(row: Notification) -> QuerySet[Notification]:
    """The row as it was read, where nobody has claimed, sent or changed it since."""
    return waiting().filter(pk=row.pk, key=row.key, attempts=row.attempts, claimed_until=None)


def due(now: datetime) -> list[Notification]:
    """Return what may be sent now, the oldest first; of a channel that is off, or refused for good, only tests."""
    is_free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    is_open = Q(channel=None) | Q(kind=TEST) | Q(channel__is_on=True, channel__switched_off_at=None)
    return list(
        waiting().filter(is_free, is_open, next_at__lte=now).select_related("channel").order_by("next_at", "id")
    )


def claim(row: Notification, now: datetime) -> bool:
    """Take a message that was read as due; of two who try, one gets it."""
    is_as_read = {"pk": row.pk, "key": row.key, "attempts": row.attempts, "claimed_until": row.claimed_until}
    until = now + LEASE
    if not waiting().filter(**is_as_read).update(claimed_until=until, attempts=F("attempts") + 1):
        return False
    row.claimed_until, row.attempts = until, row.attempts + 1
    return True


def note(row: Notification, reply: Reply, now: datetime) -> None:
    """Keep what came of an attempt, and of its channel; a worker that dies before this sends it again, by the same id."""
    is_over = reply.is_refused or (bool(reply.error) and now - row.made_at >= GIVEN_UP_AFTER)
    told = {
        "claimed_until": None,
        "error": reply.error,
        "next_at": None if is_over or not reply.error else now + wait_after(row.attempts),
        "sent_at": None if reply.error else now,
        "given_up_at": now if is_over else None,
    }
    with transaction.atomic():
        if not waiting().filter(pk=row.pk, claimed_until=row.claimed_until).update(**told):
            return  # it took longer than its lease: whoever has it now says how it ends
        if row.channel_id:
            _note_channel(row.channel_id, reply, now)


def _note_channel(number: int, reply: Reply, now: datetime) -> None:
    channel = Channel.objects.filter(pk=number)
    if not reply.error:
        channel.update(sent_at=now, error="", switched_off_at=None)
    elif reply.is_refused:
        channel.update(error=reply.error, switched_off_at=now)
    else:
        channel.update(error=reply.error)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait behind so many attempts: twice as long each time, up to a quarter of an hour."""
    return timedelta(seconds=min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 20)))


def put_test(channel: Channel, by: str, now: datetime) -> Notification:
    """Put a test into the outbox; it is sent although the channel is off."""
    key = f"test-{channel.pk}-{int(now.timestamp() * 1_000_000)}"
    told = {"channel": channel, "language": channel.language, "content": {"by": by}, "made_at": now, "next_at": now}
    return Notification.objects.create(kind=TEST, key=key, **told)


def try_again(row: Notification, now: datetime) -> bool:
    """Let what was given up, or waits, be sent now; False where it is under way or was sent."""
    asked = {"next_at": now, "given_up_at": None, "made_at": now}
    return Notification.objects.filter(pk=row.pk, sent_at=None, claimed_until=None).update(**asked) == 1


def give_up_old(now: datetime) -> None:
    """What waits for a channel that is off does not wait for ever: what is still so is told anew then."""
    old = waiting().filter(made_at__lt=now - GIVEN_UP_AFTER, claimed_until=None)
    is_off = Q(channel__is_on=False) | Q(channel__switched_off_at__isnull=False)
    if numbers := list(old.filter(is_off).values_list("pk", flat=True)):
        waiting().filter(pk__in=numbers, claimed_until=None).update(given_up_at=now, next_at=None, error=TOO_OLD)


def forget_old(now: datetime) -> None:
    """Forget messages that are over and silences that ended, after 90 days; of an episode that lasts, nothing."""
    old = Notification.objects.filter(made_at__lt=now - KEPT).exclude(sent_at=None, given_up_at=None)
    old.exclude(told__episode__ended_at=None, kind=ALERTS).delete()
    Silence.objects.filter(ends_at__lt=now - KEPT).delete()

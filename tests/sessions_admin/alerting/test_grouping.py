"""What the states in the database make of the telling: mutes, silences, flapping, channels that are off, what is forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from diagnostics.domain.alerts.telling import Line, Plan
from diagnostics.models import AlertState, Episode, Flip
from sessions_admin.alerting import outbox, silences
from sessions_admin.alerting.grouping import group
from sessions_admin.models import AuditEntry, Channel, Notification, Notified, Silence
from tests.servers.hook_receiver import Receiver
from tests.sessions_admin.alerting.desk import channel, ends, episode, only, send, states, work

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def silence(user: User, rule: str = "success_rate", subject: str = "", hours: float = 1) -> Silence:
    now = timezone.now()
    return silences.begin(rule, subject, "we know", now + timedelta(hours=hours), user, address="", now=now)


def test_it_waits_half_a_minute_for_those_that_come_together(receiver: Receiver) -> None:
    channel(receiver.url)
    now = timezone.now()
    episode(at=now)
    group(now, threading.Event())
    episode("failures", at=now)
    group(now + timedelta(seconds=2), threading.Event())
    assert only().next_at == now + timedelta(seconds=30)
    assert Notified.objects.count() == 2
    send()
    assert states(receiver) == [["firing", "firing"]]


def test_another_alert_that_explains_it_holds_it(receiver: Receiver) -> None:
    channel(receiver.url)
    one, now = episode(), timezone.now()
    state = AlertState.objects.create(
        rule=one.rule, state="firing", since=now, evaluated_at=now, episode=one, muted_by="condition"
    )
    assert work() == 0
    state.muted_by = ""
    state.save()
    assert work() == 1


def test_that_it_cannot_be_evaluated_is_held_as_well(receiver: Receiver) -> None:
    channel(receiver.url)
    one, now = episode(kind="error"), timezone.now()
    told = {"state": "error", "since": now, "evaluated_at": now}  # the episode that a state names is that of a breach
    state = AlertState.objects.create(rule=one.rule, muted_by="condition", **told)
    assert work() == 0
    state.muted_by = ""
    state.save()
    assert work() == 1
    assert receiver.events[0]["alerts"][0]["kind"] == "error"


def test_a_silence_of_a_subject_is_about_that_alone(receiver: Receiver, cast: dict[str, User]) -> None:
    channel(receiver.url)
    episode("disk_used", "audio")
    episode("disk_used", "own_database")
    silence(cast["eve"], "disk_used", "audio")
    work()
    (event,) = receiver.events
    assert [alert["subject"] for alert in event["alerts"]] == ["own_database"]


def test_a_silence_that_ends_early_tells_what_still_fires(receiver: Receiver, cast: dict[str, User]) -> None:
    channel(receiver.url)
    episode()
    begun = silence(cast["eve"])
    assert work() == 0
    assert silences.end(begun, cast["eve"], address="", now=timezone.now())
    assert work() == 1
    assert not silences.end(begun, cast["eve"], address="", now=timezone.now())
    decided = AuditEntry.objects.order_by("seq").values_list("action", "actor", "reason")
    assert list(decided) == [("silence", "eve", "we know"), ("silence_end", "eve", "")]


def test_a_silence_ends_by_itself_and_lasts_a_week_at_most(receiver: Receiver, cast: dict[str, User]) -> None:
    channel(receiver.url)
    episode()
    silence(cast["eve"])
    assert work(timezone.now() + timedelta(minutes=59)) == 0
    assert work(timezone.now() + timedelta(minutes=61)) == 1
    for hours in (0, -1, 168.1):
        with pytest.raises(ValueError, match="20"):
            silence(cast["eve"], hours=hours)


def test_flips_within_the_hour_make_it_flapping(receiver: Receiver) -> None:
    channel(receiver.url)
    now, one = timezone.now(), episode()
    for number in range(6):
        old, new = ("ok", "firing") if number % 2 == 0 else ("firing", "ok")
        Flip.objects.create(rule=one.rule, at=now - (7 - number) * MINUTE, old=old, new=new)
    work()
    ends(one)
    episode()
    work(timezone.now() + 6 * MINUTE)
    assert states(receiver) == [["flapping"]]
    assert "six times" in receiver.events[0]["text"]


def test_who_is_off_is_not_told_and_hears_of_it_once_on(receiver: Receiver) -> None:
    made = channel(receiver.url, is_on=False)
    episode()
    assert work() == 0
    Channel.objects.filter(pk=made.pk).update(is_on=True)
    assert work() == 1


def test_what_waits_for_a_channel_that_is_off_is_given_up_after_a_day() -> None:
    made = channel("https://hooks.invalid/")
    episode()
    now = timezone.now()
    group(now, threading.Event())
    Channel.objects.filter(pk=made.pk).update(is_on=False)
    group(now + timedelta(hours=25), threading.Event())
    assert (only().error, only().next_at) == (outbox.TOO_OLD, None)


def test_what_is_being_sent_is_not_changed(receiver: Receiver) -> None:
    channel(receiver.url)
    one, now = episode(), timezone.now()
    group(now, threading.Event())
    row = only()
    assert outbox.claim(row, row.next_at or now)
    ends(one)
    group(now + MINUTE / 10, threading.Event())
    assert [line.kind for line in outbox.lines_of(only())] == ["firing"]


def test_of_two_that_plan_the_same_one_wins() -> None:
    made, one, now = channel("https://hooks.invalid/"), episode(), timezone.now()
    planned = Plan((Line(one.pk, "firing"),), now)
    assert outbox.put(made, None, planned, now)
    assert not outbox.put(made, None, planned, now)
    assert Notification.objects.count() == 1


def test_of_two_that_change_a_message_one_wins() -> None:
    made, now = channel("https://hooks.invalid/"), timezone.now()
    first, second = episode(), episode("failures")
    outbox.put(made, None, Plan((Line(first.pk, "firing"),), now), now)
    mine, other = only(), only()
    both = Plan((Line(first.pk, "firing"), Line(second.pk, "firing")), now)
    assert outbox.put(made, mine, both, now)
    assert not outbox.put(made, other, Plan((Line(second.pk, "firing"),), now), now)
    assert Notified.objects.count() == 2


def test_of_two_senders_one_gets_a_message() -> None:
    channel("https://hooks.invalid/")
    episode()
    now = timezone.now()
    group(now, threading.Event())
    mine, other = only(), only()
    at = mine.next_at or now
    assert outbox.claim(mine, at)
    assert not outbox.claim(other, at)
    assert outbox.due(at + outbox.LEASE) == []
    assert outbox.due(at + outbox.LEASE + timedelta(seconds=1)) == [mine]


def test_old_messages_are_forgotten_but_of_what_lasts(receiver: Receiver, cast: dict[str, User]) -> None:
    channel(receiver.url)
    over, lasting = episode(), episode("failures")
    work()
    Notification.objects.update(made_at=timezone.now() - timedelta(days=91))
    outbox.forget_old(timezone.now())
    assert Notification.objects.count() == 1, "else the failures would be told anew"
    for one in (over, lasting):
        ends(one)
    silence(cast["eve"])
    Silence.objects.update(ends_at=timezone.now() - timedelta(days=91))
    outbox.forget_old(timezone.now())
    assert (Notification.objects.count(), Silence.objects.count(), Episode.objects.count()) == (0, 0, 2)


def test_what_was_given_up_is_sent_again_when_somebody_asks(receiver: Receiver) -> None:
    receiver.statuses = [500]
    channel(receiver.url)
    episode()
    work()
    Notification.objects.update(given_up_at=timezone.now(), next_at=None)
    assert outbox.try_again(only(), timezone.now())
    assert send() == 1
    assert not outbox.try_again(only(), timezone.now())
    assert len(set(receiver.keys)) == 1

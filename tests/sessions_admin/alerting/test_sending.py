"""Sending over a real HTTP receiver and a real mail server: what arrives, what is tried again, what switches a channel off."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_admin.alerting import outbox, sending, webhook
from sessions_admin.models import Channel, Notification
from tests.mail_server import MailServer, html_of, smtp_server, text_of
from tests.servers.hook_receiver import Receiver
from tests.sessions_admin.alerting.desk import channel, ends, episode, only, send, states, until, work
from tests.web_servers import free_port, resetting, serving

__all__ = ["smtp_server"]
pytestmark = pytest.mark.django_db


def mute(connection: socket.socket, _head: str) -> None:
    """Takes all that comes, and says nothing for longer than any test waits."""
    connection.settimeout(30)
    while connection.recv(4096):
        pass


def test_a_webhook_is_told_what_is_wrong(receiver: Receiver) -> None:
    channel(receiver.url)
    one = episode()
    assert work() == 1
    (event,) = receiver.events
    (alert,) = event["alerts"]
    assert (event["event"], event["id"], receiver.keys, receiver.forged) == ("alerts", only().key, [only().key], 0)
    assert (alert["state"], alert["rule"], alert["kind"], alert["episode"]) == (
        "firing",
        "success_rate",
        "firing",
        one.pk,
    )
    assert (alert["value"], alert["unit"], alert["sessions"], alert["users"]) == (85.25, "percent", 12, 5)
    assert alert["url"] == f"https://desk.example.com/alerts/episodes/{one.pk}/"
    assert alert["first_check"]
    assert alert["since"] == one.begun_at.isoformat(timespec="seconds")
    assert work() == 0


def test_the_end_of_an_episode_is_told_once(receiver: Receiver) -> None:
    channel(receiver.url)
    one = episode()
    work()
    ends(one)
    for _ in range(3):
        work(timezone.now() + timedelta(minutes=6))
    assert states(receiver) == [["firing"], ["resolved"]]
    assert len(set(receiver.keys)) == 2


def test_what_ended_before_it_was_sent_is_one_message(receiver: Receiver) -> None:
    receiver.statuses = [500]
    channel(receiver.url)
    one = episode()
    assert work() == 0
    ends(one)
    assert work() == 1
    assert states(receiver) == [["firing"], ["was"]]  # the first was not taken
    assert receiver.keys[0] != receiver.keys[1], "it says something else, so it must not pass for the same"


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_trouble_of_the_moment_is_tried_again_with_the_same_id(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status, status]
    channel(receiver.url)
    episode()
    assert work() == 0
    assert (only().error, only().given_up_at, only().claimed_until) == (f"HTTP {status}: said so", None, None)
    assert send() == 0
    assert send() == 1
    assert len(receiver.keys) == 3
    assert len(set(receiver.keys)) == 1
    assert Channel.objects.get().error == ""


@pytest.mark.parametrize("status", [400, 404, 410, 301])
def test_a_refusal_for_good_switches_the_channel_off(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    made = channel(receiver.url)
    one = episode()
    assert work() == 0
    made.refresh_from_db()
    assert made.switched_off_at is not None
    assert made.error == f"HTTP {status}: said so"
    assert only().given_up_at is not None
    episode("failures")
    assert (work(), len(receiver.events)) == (0, 1)
    outbox.put_test(made, "ada", timezone.now())
    assert send() == 1
    made.refresh_from_db()
    assert made.error == ""
    assert not Channel.objects.exclude(switched_off_at=None).exists()
    assert work() == 1
    assert [alert["episode"] for alert in receiver.events[-1]["alerts"]].count(one.pk) == 1


def test_nobody_there_is_tried_again(receiver: Receiver) -> None:
    made = channel(f"http://127.0.0.1:{free_port()}/hook")
    episode()
    assert work() == 0
    assert "refused" in only().error
    Channel.objects.filter(pk=made.pk).update(target=receiver.url)
    assert send() == 1


def test_one_that_breaks_off_is_tried_again() -> None:
    with serving(resetting) as server:
        channel(f"{server.origin}/hook")
        episode()
        assert work() == 0
    assert only().error.startswith("closed")
    assert only().given_up_at is None


def test_one_that_hangs_holds_nobody_else(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 2.0)
    with serving(mute) as server:
        slow, quick = channel(f"{server.origin}/hook"), channel(receiver.url)
        episode()
        begun = time.monotonic()
        worker = threading.Thread(target=lambda: until(lambda: bool(receiver.events), 1.5))
        worker.start()
        assert work() == 1
        worker.join()
        assert 1.5 < time.monotonic() - begun < 6
    assert states(receiver) == [["firing"]]
    told = {one.channel_id: one.error for one in Notification.objects.all()}
    assert told == {slow.pk: "timeout", quick.pk: ""}


def test_one_that_never_ends_is_left_behind(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 5.0)
    monkeypatch.setattr(sending, "LONGEST_SECONDS", 0.5)
    with serving(mute) as server:
        made = channel(f"{server.origin}/hook")
        episode()
        assert work() == 0
        assert only().error == sending.NOT_IN_TIME
        Channel.objects.filter(pk=made.pk).update(target=receiver.url)
        assert send() == 0, "while its thread still waits there is no second one"
        assert only().attempts == 1


def test_the_waits_grow_to_a_quarter_of_an_hour() -> None:
    waits = [outbox.wait_after(attempts).total_seconds() for attempts in range(1, 12)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_after_a_day_it_is_given_up(receiver: Receiver) -> None:
    receiver.statuses = [500, 500]
    channel(receiver.url)
    episode()
    work()
    Notification.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert send() == 0
    assert only().given_up_at is not None
    assert Channel.objects.get().switched_off_at is None


def test_mail_says_it_in_the_receivers_language(smtp_server: MailServer) -> None:
    channel("ops@example.com", "mail", language="zh-hans")
    one = episode()
    assert work() == 1
    (letter,) = smtp_server.letters
    link = f"https://desk.example.com/alerts/episodes/{one.pk}/"
    assert letter["Subject"].startswith("【告警】")
    for text in (text_of(letter), html_of(letter)):
        assert "12 个会话，5 位用户" in text
        assert "首先检查：" in text
        assert link in text


def test_a_mail_server_that_refuses_for_good_switches_off_and_one_that_is_busy_does_not(
    smtp_server: MailServer,
) -> None:
    made = channel("ops@example.com", "mail")
    episode()
    smtp_server.answers["RCPT"] = "451 later"
    assert work() == 0
    assert Channel.objects.get().switched_off_at is None
    smtp_server.answers["RCPT"] = "550 no such user"
    assert send() == 0
    made.refresh_from_db()
    assert made.switched_off_at is not None
    assert "550" in made.error


def test_without_an_address_of_the_dashboard_it_says_why_there_is_no_link(receiver: Receiver, settings: object) -> None:
    settings.DASHBOARD_URL = ""  # type: ignore[attr-defined]
    channel(receiver.url)
    episode()
    work()
    assert "DASHBOARD_URL" in receiver.events[0]["text"]
    assert receiver.events[0]["alerts"][0]["url"] == ""


def test_a_channel_hears_of_its_rules_alone(receiver: Receiver) -> None:
    channel(receiver.url, rules=["disk_used"])
    episode()
    assert work() == 0
    episode("disk_used", "audio")
    assert work() == 1


def test_no_secret_of_an_address_is_kept_with_what_went_wrong() -> None:
    with serving(mute) as server:
        port = server.port
    channel(f"http://127.0.0.1:{port}/hooks/GEHEIMES-ZEICHEN?token=ANDERES-GEHEIMNIS")
    channel("http://no-such-host.invalid/GEHEIMES-ZEICHEN")
    episode()
    work()
    for text in [
        *Notification.objects.values_list("error", flat=True),
        *Channel.objects.values_list("error", flat=True),
    ]:
        assert text
        assert "GEHEIM" not in text


def test_a_weekly_report_goes_to_its_own_address(smtp_server: MailServer) -> None:
    now = timezone.now()
    told = {"content": {"week": "2026-11-16"}, "made_at": now, "next_at": now}
    Notification.objects.create(kind="report", key="report-1", address="boss@example.com", **told)
    assert send() == 1
    (letter,) = smtp_server.letters
    assert letter["To"] == "boss@example.com"
    assert letter["Subject"]


def test_one_that_cannot_be_worded_holds_no_other(smtp_server: MailServer, receiver: Receiver) -> None:
    now = timezone.now()
    Notification.objects.create(kind="report", key="report-1", address="a@example.com", made_at=now, next_at=now)
    channel(receiver.url)
    episode()
    assert work() == 1
    assert "could not be worded" in Notification.objects.get(kind="report").error

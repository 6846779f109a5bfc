"""The pages of channels and silences: who sees what, what a form refuses, and how a test goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import AuditEntry, Channel, Notification, Silence
from tests.servers.hook_receiver import SECRET, Receiver
from tests.sessions_admin.alerting.desk import channel, episode, send, work

pytestmark = pytest.mark.django_db
LIST, NEW = "/alerts/channels/", "/alerts/channels/new/"
GEHEIM = "https://hooks.example.com/GEHEIM"
GOOD: dict[str, Any] = {"name": "on call", "kind": "webhook", "target": GEHEIM, "secret": SECRET,
        "language": "en", "repeat_hours": "6", "rules": ["failures", "disk_used"]}  # fmt: skip


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_an_administrator_makes_a_channel_and_it_stands_in_the_audit(ada: Client) -> None:
    answer = ada.post(NEW, GOOD)
    made = Channel.objects.get()
    assert answer.headers["Location"] == f"/alerts/channels/{made.pk}/"
    assert (made.name, made.target, made.secret, made.repeat_seconds) == ("on call", GOOD["target"], SECRET, 6 * 3600)
    assert (sorted(made.rules or []), made.made_by) == (["disk_used", "failures"], "ada")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("channel_add", "ada")
    assert "GEHEIM" not in str(entry.values)
    assert SECRET not in str(entry.values)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "A name is needed"),
        ({"name": "taken"}, "Another channel has this name"),
        ({"kind": "mail"}, "no mail address"),
        ({"target": "ftp://example.com"}, "no web address"),
        ({"target": "https://user:pw@example.com/"}, "no web address"),
        ({"kind": "apprise", "target": "json://example.com"}, "no address of a chat"),
        ({"secret": "short"}, "At least 32 characters"),
        ({"repeat_hours": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_form_says_what_is_wrong(ada: Client, change: dict[str, str], said: str) -> None:
    channel("https://hooks.example.com/", name="taken")
    answer = ada.post(NEW, {**GOOD, **change})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "GEHEIM" not in text_of(answer)
    assert SECRET not in text_of(answer)
    assert Channel.objects.count() == 1


def test_no_page_shows_an_address_or_a_secret(ada: Client, sam: Client) -> None:
    made = channel(GEHEIM)
    shown = text_of(ada.get(LIST)) + text_of(ada.get(f"{LIST}{made.pk}/"))
    assert "https://hooks.example.com/••••" in shown
    assert "GEHEIM" not in shown
    assert SECRET not in shown
    assert "hooks.example.com/••••" not in text_of(sam.get(LIST))


def test_what_is_left_empty_stays_as_it_is(ada: Client) -> None:
    made = channel(GEHEIM)
    ada.post(f"{LIST}{made.pk}/", {**GOOD, "target": "", "secret": "", "kind": "mail"})
    made.refresh_from_db()
    assert (made.name, made.target, made.secret, made.kind) == ("on call", GOOD["target"], SECRET, "webhook")
    other = SECRET[::-1]
    ada.post(f"{LIST}{made.pk}/", {**GOOD, "target": "https://other.example.com/ANDERES", "secret": other})
    made.refresh_from_db()
    assert (made.target, made.secret) == ("https://other.example.com/ANDERES", other)
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert (entry.values["target_changed"], entry.values["secret_changed"]) == ("True", "True")
    assert "ANDERES" not in str(entry.values)


def test_a_test_is_seen_to_arrive(ada: Client, receiver: Receiver) -> None:
    made = channel(receiver.url)
    page = f"{LIST}{made.pk}/"
    ada.post(f"{page}test/")
    assert "Waiting" in text_of(ada.get(page, headers={"HX-Request": "true"}))
    before = ada.get(page, headers={"HX-Request": "true"})
    unchanged = ada.get(page, headers={"HX-Request": "true", "If-None-Match": before.headers["ETag"]})
    assert unchanged.status_code == 204
    assert send() == 1
    assert receiver.events[0]["event"] == "test"
    assert "ada sent this" in receiver.events[0]["text"]
    after = ada.get(page, headers={"HX-Request": "true", "If-None-Match": before.headers["ETag"]})
    assert "Delivered" in text_of(after)
    assert AuditEntry.objects.get().action == "channel_test"


def test_a_refusal_is_shown_and_a_test_mends_it(ada: Client, receiver: Receiver) -> None:
    receiver.statuses = [404]
    made = channel(receiver.url)
    episode()
    work()
    page = f"{LIST}{made.pk}/"
    assert "The receiver refused for good: HTTP 404: said so" in text_of(ada.get(page))
    assert "it refused for good" in text_of(ada.get(LIST))
    ada.post(f"{page}test/")
    send()
    assert "refused for good" not in text_of(ada.get(page))


def test_it_is_switched_off_and_on_and_removed(ada: Client) -> None:
    made = channel("https://hooks.example.com/")
    for word in ("no", "no", "yes"):
        ada.post(f"{LIST}{made.pk}/switch/", {"on": word})
    made.refresh_from_db()
    assert made.is_on
    ada.post(f"{LIST}{made.pk}/remove/")
    assert Channel.objects.count() == 0
    actions = AuditEntry.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["channel_switch", "channel_switch", "channel_remove"]


def test_who_may_not_is_refused_and_that_is_noted(eve: Client) -> None:
    made = channel("https://hooks.example.com/")
    assert eve.post(f"{LIST}{made.pk}/remove/").status_code == 403
    assert Channel.objects.count() == 1
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome, entry.actor) == ("channel_remove", "refused", "eve")


def test_the_list_says_what_is_missing(ada: Client, settings: Settings) -> None:
    settings.SMTP_URL, settings.DASHBOARD_URL = "", ""
    page = text_of(ada.get(LIST))
    assert "SMTP_URL" in page
    assert "DASHBOARD_URL" in page
    assert "Make the first channel" in page


def test_what_was_not_delivered_stands_on_the_alert_page_and_is_sent_again(ada: Client, receiver: Receiver) -> None:
    receiver.statuses = [500]
    channel(receiver.url)
    episode()
    work()
    page = text_of(ada.get("/alerts/"))
    assert "Not delivered" in page
    assert "HTTP 500: said so" in page
    row = Notification.objects.get()
    Notification.objects.update(given_up_at=timezone.now(), next_at=None)
    ada.post(f"/alerts/notifications/{row.pk}/again/")
    assert send() == 1
    assert "Not delivered" not in text_of(ada.get("/alerts/"))
    assert AuditEntry.objects.get().action == "notification_again"


def test_an_engineer_silences_an_alert_and_ends_that(eve: Client) -> None:
    asked = {"rule": "disk_used", "subject": "audio", "reason": "being moved", "hours": "4"}
    answer = eve.post("/alerts/silences/", asked)
    assert answer.headers["Location"] == "/alerts/"
    begun = Silence.objects.get()
    assert (begun.rule, begun.subject, begun.reason, begun.made_by) == ("disk_used", "audio", "being moved", "eve")
    assert abs(begun.ends_at - timezone.now() - timedelta(hours=4)) < timedelta(minutes=1)
    eve.post(f"/alerts/silences/{begun.pk}/end/")
    begun.refresh_from_db()
    assert begun.ended_by == "eve"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "A reason is needed"),
        ({"hours": "169"}, "At most 168 hours"),
        ({"hours": "x"}, "as a number"),
        ({"rule": "nothing"}, "not one of the available choices"),
    ],
)
def test_a_silence_without_reason_or_end_is_none(eve: Client, change: dict[str, str], said: str) -> None:
    asked = {"rule": "disk_used", "reason": "being moved", "hours": "4", **change}
    answer = eve.post("/alerts/silences/", asked)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Silence.objects.count() == 0


def test_the_list_takes_the_same_number_of_queries_for_many(ada: Client) -> None:
    numbers = []
    for more in (1, 20):
        for _ in range(more):
            channel("https://hooks.example.com/")
        with CaptureQueriesContext(connection) as queries:
            ada.get(LIST)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]

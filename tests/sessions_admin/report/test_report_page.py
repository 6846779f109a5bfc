"""The report as a page, and who gets it by mail: subscribed, changed, ended, each in the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import AuditEntry, Notification, ReportSubscription
from sessions_admin.report.weekly import key_of
from sessions_admin.report.weeks import last_week
from tests.diagnostics.views.pages import is_whole_page, text_of
from tests.sessions_admin.report.week import MONDAY, ZONE, bad, figures, good

pytestmark = pytest.mark.django_db
PAGE = "/report/"


def subscribe(client: Client, address: str = "max@example.com", language: str = "en") -> int:
    return client.post(f"{PAGE}subscribe/", {"address": address, "language": language}).status_code


def test_it_shows_the_last_week(max_: Client) -> None:
    monday = last_week(timezone.now(), ZONE)
    figures(timezone.now() - timedelta(days=timezone.now().astimezone(ZONE).weekday() + 3), [*good(9), *bad(1)])
    page = text_of(max_, PAGE)
    assert is_whole_page(page)
    assert f"{monday.isoformat()} to " in page
    assert "90.0 % of 10 sessions that ended were playable" in page
    assert "Disk was full" in page
    assert "Week after" not in page


def test_an_older_week_has_its_page_and_none_that_is_not_over(max_: Client) -> None:
    page = text_of(max_, f"{PAGE}?week=2026-11-05")
    assert "2026-11-02 to 2026-11-08 (Asia/Shanghai)" in page
    assert "No session ended in this week." in page
    assert 'href="?week=2026-10-26"' in page
    assert [max_.get(f"{PAGE}?week={week}").status_code for week in ("2999-01-01", "x", "0001-01-01")] == [404] * 3


def test_somebody_subscribes_and_the_audit_says_so(max_: Client) -> None:
    assert subscribe(max_, "max@example.com", "zh-hans") == 302
    row = ReportSubscription.objects.get()
    assert (row.user.get_username(), row.address, row.language, row.sent_for) == (
        "max",
        "max@example.com",
        "zh-hans",
        None,
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.roles) == ("report_subscribe", "max", "manager")
    assert entry.sentence == "The weekly report goes to max@example.com (zh-hans)."
    assert "It goes to max@example.com, on Mondays from 07:00." in text_of(max_, PAGE)


def test_what_waits_goes_to_the_new_address(max_: Client) -> None:
    subscribe(max_)
    user = ReportSubscription.objects.get().pk
    told = {"kind": "report", "address": "max@example.com", "made_at": timezone.now()}
    Notification.objects.create(key=key_of(MONDAY, user), **told)
    Notification.objects.create(key=f"report:{MONDAY}:1{user}", **told)  # somebody else's
    made_at = ReportSubscription.objects.get().made_at
    subscribe(max_, "max@example.org", "zh-hans")
    assert (ReportSubscription.objects.get().made_at, AuditEntry.objects.count()) == (made_at, 2)
    told_now = list(Notification.objects.order_by("id").values_list("address", "language"))
    assert told_now == [("max@example.org", "zh-hans"), ("max@example.com", "en")]
    subscribe(max_, "max@example.org", "zh-hans")
    assert AuditEntry.objects.count() == 2, "nothing changed"


@pytest.mark.parametrize(
    ("address", "language", "says"),
    [
        ("", "en", "Give the address that the report goes to."),
        ("max", "en", "This is no mail address; write one such as eve@example.com."),
        ("a@example.com, b@example.com", "en", "This is no mail address; write one such as eve@example.com."),
        ("a@example.com\r\nBcc: b@example.com", "en", "This is no mail address; write one such as eve@example.com."),
        ("max@example.com", "fr", "Choose one of the languages."),
    ],
)
def test_a_wrong_address_is_refused_and_not_lost(max_: Client, address: str, language: str, says: str) -> None:
    answer = max_.post(f"{PAGE}subscribe/", {"address": address, "language": language})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    if "\n" not in address:
        assert f'value="{address}"' in answer.content.decode()
    assert (ReportSubscription.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_somebody_ends_it_and_what_waits_is_not_sent(max_: Client) -> None:
    subscribe(max_)
    key = key_of(MONDAY, ReportSubscription.objects.get().pk)
    waiting = Notification.objects.create(kind="report", key=key, made_at=timezone.now())
    assert max_.post(f"{PAGE}unsubscribe/").status_code == 302
    assert not ReportSubscription.objects.exists()
    assert not Notification.objects.filter(pk=waiting.pk).exists()
    assert AuditEntry.objects.latest("seq").sentence == "The weekly report goes to max@example.com no more."
    assert max_.post(f"{PAGE}unsubscribe/").status_code == 302
    assert AuditEntry.objects.count() == 2


def test_the_page_says_what_became_of_the_last_ones(max_: Client) -> None:
    subscribe(max_)
    user, now = ReportSubscription.objects.get().pk, timezone.now()
    told = {"kind": "report", "address": "max@example.com", "made_at": now}
    Notification.objects.create(key=f"report:2026-11-02:{user}", sent_at=now, **told)
    Notification.objects.create(key=f"report:2026-11-09:{user}", given_up_at=now, error="SMTP 550: nobody", **told)
    Notification.objects.create(key=f"report:2026-11-16:{user}", error="SMTP 450: later", **told)
    page = text_of(max_, PAGE)
    assert page.index("Waits to be sent") < page.index("Not sent to") < page.index("Sent to max@example.com")
    assert "SMTP 550: nobody" in page
    assert "SMTP 450: later" in page


def test_without_a_mail_server_the_page_says_so(max_: Client, settings: Settings) -> None:
    assert "No mail server is set up" not in text_of(max_, PAGE)
    settings.SMTP_URL = ""
    assert "No mail server is set up" in text_of(max_, PAGE)


def test_everybody_has_a_subscription_of_their_own(max_: Client, sam: Client) -> None:
    subscribe(max_)
    assert "max@example.com" not in text_of(sam, PAGE)
    sam.post(f"{PAGE}unsubscribe/")
    assert ReportSubscription.objects.count() == 1

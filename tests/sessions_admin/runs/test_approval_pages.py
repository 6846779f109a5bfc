"""The pages of two people: asked in a plan's form, seen by who may answer, answered there, and told to all others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_admin.fresh_login import FRESH
from sessions_admin.models import AuditEntry, Run
from sessions_admin.runs.carry import work_on_runs
from tests.conftest import signed_in
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import GRAVE_REASON, fail_sessions

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def host(host_database: HostDatabase, grave: str) -> HostDatabase:
    fail_sessions(host_database, [1, 2, 3])
    return host_database


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def planned(client: Client, **chosen: object) -> str:
    return str(client.post("/plans/", {"action": "regenerate", **chosen})["Location"])


def asked(client: Client, **chosen: object) -> str:
    """Ask for a run of two sessions, and return its address."""
    sent = client.post(planned(client, key=["1", "2"]), {"reason": "by mistake", "typed": "2", "at_once": "0"})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


def digest() -> str:
    return Run.objects.select_related("plan").get().plan.digest


def test_the_plan_says_that_two_are_needed_and_who_may(eve: Client, host: HostDatabase) -> None:
    page = text(eve, planned(eve, key=["1", "2"]))
    assert "A second person must approve this." in page
    assert GRAVE_REASON in page
    assert "Who may: ada" in page
    assert "Ask for approval: Regenerate 2 for good" in page
    assert "btn-loud" in page


def test_whoever_may_is_told_and_approves(eve: Client, ada: Client, host: HostDatabase) -> None:
    address = asked(eve)
    assert "waiting for your approval" in text(ada, "/sessions/")
    assert "Look and answer" in text(ada, "/runs/")
    page = text(ada, address)
    for words in ("Approve: Regenerate 2 for good", "by mistake", GRAVE_REASON, "/sessions/1", digest()):
        assert words in page
    assert ada.post(f"{address}approve/", {"digest": digest()}).status_code == 302
    work_on_runs(timezone.now(), threading.Event())
    assert "Approved by" in text(eve, address)
    assert host.row(1)["status"] == "pending"
    assert "waiting for your approval" not in text(ada, "/sessions/")


def test_the_asker_sees_that_they_wait_and_withdraws(eve: Client, host: HostDatabase) -> None:
    address = asked(eve)
    page = text(eve, address)
    assert "You asked for this, so somebody else must approve it." in page
    assert "Approve: " not in page
    assert "waiting for your approval" not in text(eve, "/sessions/")
    assert eve.post(f"{address}abort/").status_code == 302
    assert "stopped by eve" in text(eve, address)
    assert "Withdraw it" not in text(eve, address)


def test_declined_it_tells_why(eve: Client, ada: Client, host: HostDatabase) -> None:
    address = asked(eve)
    unsaid = ada.post(f"{address}decline/", {"digest": digest(), "reason": ""})
    assert (unsaid.status_code, "A reason is needed" in unsaid.content.decode()) == (422, True)
    assert ada.post(f"{address}decline/", {"digest": digest(), "reason": "they are well"}).status_code == 302
    page = text(eve, address)
    for words in ("Declined", "they are well", "ada"):
        assert words in page
    assert "Declined" in text(eve, "/runs/")


def test_an_answer_to_another_plan_is_refused_and_nothing_typed_is_lost(
    eve: Client, ada: Client, host: HostDatabase
) -> None:
    address = asked(eve)
    refused = ada.post(f"{address}approve/", {"digest": "0" * 64})
    assert (refused.status_code, "this is not the plan that was shown" in refused.content.decode()) == (422, True)
    assert Run.objects.get().state == "asked"


@pytest.mark.parametrize("answer", ["approve", "decline"])
def test_whoever_may_not_answer_is_refused_and_recorded(
    eve: Client, sam: Client, max_: Client, client: Client, host: HostDatabase, answer: str
) -> None:
    address = f"{asked(eve)}{answer}/"
    given = {"digest": digest(), "reason": "just so"}
    assert [person.post(address, given).status_code for person in (sam, eve, max_, client)] == [403, 403, 403, 302]
    assert eve.get(address).status_code == 405
    refused = AuditEntry.objects.filter(outcome="refused").order_by("seq").values_list("actor", "action")
    assert list(refused) == [(who, f"run_{answer}") for who in ("sam", "eve", "max")]
    assert Run.objects.get().state == "asked"


def test_nobody_answers_in_time_and_the_pages_say_so(eve: Client, ada: Client, host: HostDatabase) -> None:
    address = asked(eve)
    Run.objects.update(queued_at=timezone.now() - timedelta(minutes=31))
    page = text(ada, address)
    assert "Nobody approved it in time" in page
    assert "Approve: " not in page
    assert "Waiting for a second person" not in text(ada, "/runs/")
    assert ada.post(f"{address}approve/", {"digest": digest()}).status_code == 422
    assert Run.objects.get().halted_by == "unanswered"


def test_its_living_part_changes_when_it_is_answered(eve: Client, ada: Client, host: HostDatabase) -> None:
    address = asked(eve)
    part = eve.get(address, headers=FRAGMENT)
    assert b"Will be done" in part.content
    ada.post(f"{address}approve/", {"digest": digest()})
    again = eve.get(address, headers={**FRAGMENT, "If-None-Match": part["ETag"]})
    assert (again.status_code, b"Waiting for the worker" in again.content) == (200, True)


def test_an_old_sign_in_is_asked_for_the_password_and_loses_nothing(cast: dict[str, User], host: HostDatabase) -> None:
    old = signed_in(cast["eve"], timezone.now() - FRESH - timedelta(minutes=1))
    address = planned(old, key=["1", "2"])
    assert 'name="password"' in text(old, address)
    given = {"reason": "after the outage", "typed": "2", "at_once": "7"}
    for password, words in (("", "your password is needed once more"), ("wrong", "This is not your password")):
        refused = old.post(address, {**given, "password": password})
        page = refused.content.decode()
        assert (refused.status_code, words in page) == (422, True)
        assert all(typed in page for typed in ("after the outage", 'value="2"', 'value="7"'))
    assert not Run.objects.exists()
    assert old.post(address, {**given, "password": "the-password-of-eve"}).status_code == 302
    assert Run.objects.get().state == "asked"


def test_guesses_are_throttled_and_still_lose_nothing(cast: dict[str, User], host: HostDatabase) -> None:
    old = signed_in(cast["eve"], timezone.now() - FRESH - timedelta(minutes=1))
    address = planned(old, key=["1", "2"])
    given = {"reason": "after the outage", "typed": "2", "at_once": "0"}
    for _ in range(5):
        refused = old.post(address, {**given, "password": "wrong"})
    right = old.post(address, {**given, "password": "the-password-of-eve"})
    for page in (refused, right):
        assert page.status_code == 422
        assert "Too many wrong passwords" in page.content.decode()
        assert "after the outage" in page.content.decode()
    assert not Run.objects.exists()


def test_whoever_approves_shows_that_it_is_them(eve: Client, cast: dict[str, User], host: HostDatabase) -> None:
    address, old = asked(eve), signed_in(cast["ada"], timezone.now() - FRESH - timedelta(minutes=1))
    assert 'name="password"' in text(old, address)
    assert old.post(f"{address}approve/", {"digest": digest()}).status_code == 422
    assert Run.objects.get().state == "asked"
    given = {"digest": digest(), "password": "the-password-of-ada"}
    assert old.post(f"{address}approve/", given).status_code == 302
    assert Run.objects.get().approved_by == "ada"

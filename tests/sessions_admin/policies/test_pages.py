"""The pages of the policies: what each would do, its terms before and after, and the answer of a second person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import AuditEntry, Policy
from tests.conftest import signed_in
from tests.sessions_admin.policies.conftest import DAY, TERMS, SwitchOn, found, named, seen

pytestmark = pytest.mark.django_db
FORM = {**TERMS.kept, "reason": "the disk fills up"}
LONG_AGO = timedelta(hours=1, minutes=1)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def propose(client: Client, **told: object) -> str:
    """Propose terms through the form, and return their digest."""
    response = client.post("/policies/orphans/", {**FORM, **told})
    assert response.status_code == 302, response.content
    return Policy.objects.get(pk="orphans").proposed_digest


def answer(client: Client, digest: str, **told: object) -> int:
    form = {"digest": digest, "answer": "approve", "reason": "agreed", **told}
    return client.post("/policies/orphans/decide/", form).status_code


def test_each_policy_is_listed_with_what_it_would_do(eve: Client, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    Policy.objects.update(counted_at=timezone.now(), files_now=12, bytes_now=3_400_000_000)
    page = text(eve, "/policies/")
    for title in ("Audio past its retention", "Remains of failed sessions", "Orphans", "Leftovers"):
        assert title in page
    assert "12 files" in page
    assert "3.4 GB" in page
    assert "not looked at yet" in page
    assert 'aria-current="page"' in page


def test_terms_are_proposed_shown_before_and_after_and_approved(eve: Client, ada: Client) -> None:
    digest = propose(eve)
    assert "Terms by eve" in text(ada, "/policies/")
    page = text(ada, "/policies/orphans/decide/")
    for words in ("30 days", "14 days", "3 files", "1 GB", "the disk fills up", "Approve these terms", digest):
        assert words in page
    assert answer(ada, digest) == 302
    detail = text(eve, "/policies/orphans/")
    assert "Switch it off" in detail
    assert "Propose other terms" in detail
    assert Policy.objects.get().is_on


def test_the_second_person_sees_what_the_proposed_terms_would_take(ada: Client, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    found(seen(named("901"), 10 * DAY), "file.orphan")
    for days, words in ((10, "1 file<"), (11, "0 files<")):
        propose(ada, age_days=days)
        assert words in text(ada, "/policies/orphans/decide/")


def test_the_author_is_told_to_wait_and_may_take_it_back(ada: Client) -> None:
    digest = propose(ada)
    page = text(ada, "/policies/orphans/decide/")
    assert "You proposed these terms yourself" in page
    assert "Approve these terms" not in page
    refused = ada.post("/policies/orphans/decide/", {"digest": digest, "answer": "approve", "reason": "my own"})
    assert refused.status_code == 422
    assert "nobody approves what they proposed themselves" in refused.content.decode()
    assert not Policy.objects.get().is_on
    assert answer(ada, digest, answer="decline") == 302
    assert Policy.objects.get().proposed is None


def test_who_may_not_approve_is_told_who_may(eve: Client, ada: Client) -> None:
    digest = propose(ada)
    page = text(eve, "/policies/orphans/decide/")
    assert "Whoever may administer can approve these terms" in page
    assert "Approve these terms" not in page
    assert answer(eve, digest) == 422
    assert AuditEntry.objects.filter(actor="eve", action="policy_approve", outcome="refused").exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"age_days": ""}, "This field is required."),
        ({"hold_days": "0"}, "greater than or equal to 1"),
        ({"most_files": "20001"}, "less than or equal to 20000"),
        ({"most_gigabytes": "1.5"}, "Enter a whole number."),
        ({"reason": ""}, "A reason is needed"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_lost(eve: Client, told: dict[str, str], words: str) -> None:
    refused = eve.post("/policies/orphans/", {**FORM, "age_days": "77", **told})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page
    assert 'value="14"' in page or "hold_days" in told
    assert not Policy.objects.filter(proposed__isnull=False).exists()


def test_an_old_login_gives_the_password_with_the_same_form(cast: dict[str, User], ada: Client) -> None:
    client = signed_in(cast["eve"], timezone.now() - LONG_AGO)
    refused = client.post("/policies/orphans/", FORM)
    assert refused.status_code == 422
    assert "id_password" in refused.content.decode()
    digest = propose(client, password="the-password-of-eve")
    client = signed_in(cast["ada"], timezone.now() - LONG_AGO)
    assert answer(client, digest) == 422
    assert answer(client, digest, password="wrong") == 422
    assert answer(client, digest, password="the-password-of-ada") == 302


def test_it_is_switched_off_for_a_reason(eve: Client, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    assert "Leave it on" in text(eve, "/policies/orphans/off/")
    assert eve.post("/policies/orphans/off/", {"reason": ""}).status_code == 422
    assert eve.post("/policies/orphans/off/", {"reason": "an accident"}).status_code == 302
    assert not Policy.objects.get().is_on
    assert "Propose to switch it on" in text(eve, "/policies/orphans/")
    assert "off already" in text(eve, "/policies/orphans/off/")


def test_retention_begins_with_the_setting_or_with_nothing(eve: Client, settings: Settings) -> None:
    assert (
        'name="age_days" type="number" inputmode="numeric" autocomplete="off" required min="1" max="36500" value=""'
        in (text(eve, "/policies/retention/"))
    )
    settings.LIMITS = type(settings.LIMITS)(audio_retention_days=44.5)
    assert 'value="45"' in text(eve, "/policies/retention/")


def test_what_stands_in_its_way_is_told(eve: Client, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    Policy.objects.update(hindrance="pass.stale")
    assert "Nothing is put aside while this stands" in text(eve, "/policies/orphans/")
    assert "held up" in text(eve, "/policies/")
    Policy.objects.update(hindrance="unwanted")
    assert "It asks again a day later." in text(eve, "/policies/orphans/")


def test_somebody_may_have_it_look_again(eve: Client, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    Policy.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert eve.post("/policies/orphans/look/").status_code == 302
    policy = Policy.objects.get()
    assert policy.due_at is not None
    assert policy.due_at <= timezone.now()
    assert policy.ask_again_at == policy.due_at


@pytest.mark.parametrize("address", ["", "decide/", "off/"])
def test_a_policy_that_is_none_is_not_found(eve: Client, address: str) -> None:
    assert eve.get(f"/policies/nothing/{address}").status_code == 404
    assert eve.post(f"/policies/nothing/{address}").status_code == 404
    assert eve.post("/policies/nothing/look/").status_code == 404


def test_it_is_told_in_chinese(eve: Client, ada: Client) -> None:
    propose(eve)
    ada.cookies["language"] = "zh-hans"
    page = text(ada, "/policies/orphans/decide/")
    assert "批准这些条款" in page
    assert "30 天" in page
    assert "策略" in text(ada, "/policies/")

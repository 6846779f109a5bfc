"""The disk emergency: one engineer deletes what no session claims, with the bytes typed; everybody is told for a day."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from diagnostics.models import Condition
from sessions_admin.models import ActionPlan, AuditEntry, EmergencyNotice, HeldFile, Run
from sessions_admin.policies import emergency
from sessions_admin.policies.emergency import freeable, note_freed
from sessions_admin.runs.carry import work_on_runs
from tests.conftest import signed_in
from tests.sessions_admin.policies.conftest import DAY, known
from tests.sessions_admin.quarantine.conftest import CONTENT, Store, store

__all__ = ["store"]
pytestmark = pytest.mark.django_db
PAGE = "/policies/emergency/"
SIZE = 2 * len(CONTENT)


@pytest.fixture
def held(store: Store) -> Store:
    """Two files that no session claims, one that a session claimed when it was put aside, one that a session claims now."""
    for name in ("a.wav", "b.wav", "now.wav"):
        store.put_aside(store.file(name))
    store.put_aside(store.file("then.wav"), was_claimed=True)
    known("9", DAY, claims="now.wav")
    return store


def send(client: Client, **told: object) -> int:
    form = {"typed": str(SIZE), "reason": "the disk is full", **told}
    return client.post(PAGE, form).status_code


def text(client: Client, address: str = "/") -> str:
    return client.get(address).content.decode()


def carry() -> None:
    work_on_runs(timezone.now(), threading.Event())
    note_freed()


def states() -> dict[str, str]:
    return dict(HeldFile.objects.values_list("shown_path", "state"))


def test_only_what_no_session_claims_then_or_now_is_offered(eve: Client, held: Store) -> None:
    assert (len(freeable().numbers), freeable().size_bytes) == (2, SIZE)
    assert f"{SIZE:,}" in text(eve, PAGE)


@pytest.mark.parametrize(
    "typed", [str(SIZE), f"{SIZE:,}", f" {SIZE:,} ".replace(",", "\u202f"), f"{SIZE:,}".replace(",", ".")]
)
def test_the_bytes_are_typed_however_they_are_grouped(eve: Client, held: Store, typed: str) -> None:
    assert send(eve, typed=typed) == 302
    carry()
    assert states() == {"a.wav": "expired", "b.wav": "expired", "now.wav": "held", "then.wav": "held"}
    run = Run.objects.get()
    assert (run.state, run.actor, run.reason, run.plan.second_reason) == ("done", "eve", "the disk is full", "")
    begun = AuditEntry.objects.get(action="run_begin")
    assert (begun.actor, begun.reason, begun.values["bytes"]) == ("eve", "the disk is full", str(SIZE))


@pytest.mark.parametrize("typed", ["", str(SIZE - 1), "all", f"{SIZE}0", "12 KB"])
def test_other_bytes_are_refused_and_nothing_is_lost(eve: Client, held: Store, typed: str) -> None:
    response = eve.post(PAGE, {"typed": typed, "reason": "the disk is full"})
    assert response.status_code == 422
    assert "the disk is full" in response.content.decode()
    assert set(states().values()) == {"held"}
    assert not Run.objects.exists()
    if typed:
        refused = AuditEntry.objects.get()
        assert (refused.outcome, refused.message) == ("refused", emergency.OTHER_BYTES)


def test_a_reason_and_a_fresh_login_are_needed(cast: dict[str, User], held: Store) -> None:
    client = signed_in(cast["eve"], timezone.now() - timedelta(minutes=61))
    assert send(client, reason="") == 422
    assert send(client) == 422
    assert send(client, password="wrong") == 422
    assert not Run.objects.exists()
    assert send(client, password="the-password-of-eve") == 302


def test_conditions_are_acknowledged(eve: Client, held: Store) -> None:
    now = timezone.now()
    Condition.objects.create(code="storage.listing_incomplete", opened_at=now, seen_at=now)
    assert send(eve) == 422
    assert send(eve, acknowledged="storage.listing_incomplete") == 302
    carry()
    assert Run.objects.get().state == "done"


def test_sent_twice_it_is_one_run(eve: Client, ada: Client, held: Store) -> None:
    assert [send(eve), send(eve), send(ada)] == [302, 302, 302]
    assert Run.objects.count() == ActionPlan.objects.count() == 1
    carry()
    assert send(eve) == 422  # nothing is left


def test_the_others_are_told_on_every_page_for_a_day(eve: Client, sam: Client, max_: Client, held: Store) -> None:
    assert "Disk emergency" not in text(sam)
    send(eve)
    assert "eve frees 10.0 KB of files that no session claims, since" in text(sam, "/sessions/")
    (held.root / ".quarantine").joinpath(HeldFile.objects.get(shown_path="a.wav").operation, "0", "file").unlink()
    carry()
    for client, address in ((sam, "/sessions/"), (max_, "/"), (eve, "/audit/")):
        page = text(client, address)
        assert "of files that no session claims, at" in page
        assert "the disk is full" in page
    assert f"/runs/{Run.objects.get().pk}/" in text(eve)
    assert "/runs/" not in text(sam)
    EmergencyNotice.objects.update(shown_until=timezone.now())
    assert "Disk emergency" not in text(sam)


def test_it_says_how_much_was_really_freed(eve: Client, held: Store) -> None:
    send(eve)
    HeldFile.objects.filter(shown_path="a.wav").update(state="restored")
    carry()
    assert EmergencyNotice.objects.get().bytes_freed == SIZE // 2
    assert "eve freed 5.0 KB" in text(eve)


def test_who_is_not_signed_in_is_told_nothing(client: Client, eve: Client, held: Store) -> None:
    send(eve)
    assert "eve" not in text(client, "/login/")


def test_it_is_told_in_chinese(eve: Client, held: Store) -> None:
    send(eve)
    eve.cookies["language"] = "zh-hans"
    assert "磁盘应急" in text(eve)
    assert "永久删除" in text(eve, PAGE)

"""The page of the pause: switched by who may, after a fresh login; seen by everybody, on every page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_admin.fresh_login import FRESH
from sessions_admin.models import AuditEntry, Pause
from sessions_admin.pause_texts import READY
from tests.conftest import signed_in
from tests.host_database import HostDatabase
from tests.sessions_admin.pausing import CHINESE, ENGLISH, REASON, begun
from tests.test_roles import MATRIX, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
FILLED = {
    "reason": REASON, "review": "1h", "text_en": ENGLISH, "text_zh": CHINESE, "contact": "support@example.com",
}  # fmt: skip


def test_it_is_paused_changed_and_switched_on_again(eve: Client) -> None:
    assert "Long sequences are available." in eve.get("/pause/").content.decode()
    page = eve.post("/pause/switch/", FILLED, follow=True).content.decode()
    pause = Pause.objects.get()
    assert timedelta(minutes=59) < pause.review_at - timezone.now() < timedelta(minutes=61)
    assert (ENGLISH in page, CHINESE in page, REASON in page) == (True, True, True)
    assert 'value="keep" checked' in eve.get("/pause/?change").content.decode()
    changed = {**FILLED, "seen": pause.seen, "review": "keep", "text_en": "Another text."}
    page = eve.post("/pause/switch/", changed, follow=True).content.decode()
    assert "Another text." in page
    again = Pause.objects.get()
    assert again.review_at == pause.review_at
    page = eve.post("/pause/end/", {"seen": again.seen, "reason": "all is well"}, follow=True).content.decode()
    assert "Long sequences are available again." in page
    assert "all is well" in page, "in the history"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reason": ""}, "A reason is needed"),
        ({"review": ""}, "Choose when somebody looks again."),
        ({"review": "at", "review_at": ""}, "Give day and time."),
        ({"review": "at", "review_at": "soon"}, "Give day and time."),
        ({"review": "at", "review_at": "2020-01-01T09:00"}, "still to come"),
        ({"review": "keep"}, "Give day and time."),
        ({"text_en": " "}, "Users need this"),
        ({"text_zh": "{when} 前"}, "{when} is not known here"),
        ({"contact": ""}, "Users need this"),
    ],
)
def test_a_wrong_form_says_so_and_loses_nothing(wrong: dict[str, str], told: str, eve: Client) -> None:
    answer = eve.post("/pause/switch/", {**FILLED, **wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert all(value in page for name, value in FILLED.items() if name not in wrong and name != "review")
    assert Pause.standing() is None


def test_a_ready_text_and_the_preview_switch_nothing_and_lose_nothing(eve: Client) -> None:
    page = eve.post("/pause/switch/", {**FILLED, "fill": "slow"}).content.decode()
    assert READY["slow"].chinese in page
    assert REASON in page
    page = eve.post("/pause/switch/", {**FILLED, "text_en": "More by {time}.", "preview": "on"}).content.decode()
    assert "More by {time}.</textarea>" in page
    assert "(UTC).</blockquote>" in page
    assert "act-error" not in page
    assert Pause.standing() is None


def test_the_second_of_two_is_shown_the_first(ada: Client, cast: dict[str, User]) -> None:
    pause = begun(cast["eve"])
    answer = ada.post("/pause/switch/", {**FILLED, "text_en": "My own words."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "eve has paused long sequences already" in page
    assert "My own words." in page
    assert f'name="seen" value="{pause.seen}"' in page, "sent again, it changes the one there is"
    assert Pause.objects.get().text_en == ENGLISH


def test_the_same_form_twice_is_one_pause(eve: Client) -> None:
    assert [eve.post("/pause/switch/", FILLED).status_code for _time in range(2)] == [302, 302]
    assert Pause.objects.count() == 1


def test_ending_what_another_has_ended_or_changed_says_so(eve: Client, cast: dict[str, User]) -> None:
    answer = eve.post("/pause/end/", {"seen": "1.1", "reason": "all is well"})
    assert (answer.status_code, "ended it already" in answer.content.decode()) == (409, True)
    pause = begun(cast["ada"])
    answer = eve.post("/pause/end/", {"seen": f"{pause.pk}.0", "reason": "all is well"})
    assert (answer.status_code, "all is well" in answer.content.decode()) == (409, True)
    assert Pause.standing() is not None


@pytest.mark.parametrize("address", ["/pause/switch/", "/pause/end/"])
def test_it_asks_who_signed_in_long_ago_for_the_password(address: str, cast: dict[str, User]) -> None:
    pause = begun(cast["ada"]) if address == "/pause/end/" else None
    client = signed_in(cast["eve"], timezone.now() - FRESH - timedelta(seconds=5))
    filled = {**FILLED, "seen": pause.seen if pause else ""}
    for wrong in ({}, {"password": "wrong"}):
        answer = client.post(address, {**filled, **wrong})
        assert (answer.status_code, REASON in answer.content.decode()) == (422, True)
    assert AuditEntry.objects.filter(outcome="refused", message__contains="password").count() == 1
    assert (Pause.standing() is None) is (pause is None)
    assert client.post(address, {**filled, "password": "the-password-of-eve"}).status_code == 302
    assert (Pause.standing() is None) is (pause is not None)


@pytest.mark.parametrize("who", ["sam", "max"])
def test_the_other_roles_see_it_and_why_there_is_no_switch(who: str, cast: dict[str, User]) -> None:
    begun(cast["eve"])
    client = signed_in(cast[who])
    page = client.get("/pause/").content.decode()
    assert ENGLISH in page
    assert "Your role sees the pause, and does not switch it." in page
    assert 'action="/pause/' not in page
    assert client.post("/pause/end/", {"reason": "all is well"}).status_code == 403
    refused = AuditEntry.objects.get(outcome="refused")
    assert (refused.actor, refused.action) == (who, "pause_end")
    assert Pause.standing() is not None


def test_it_is_written_in_chinese_too(eve: Client, cast: dict[str, User]) -> None:
    eve.post("/language/", {"language": "zh-hans", "next": "/"})
    assert "长音频" in eve.get("/pause/").content.decode()
    begun(cast["eve"])
    assert "长音频已暂停。" in eve.get("/").content.decode()


@pytest.mark.parametrize("who", ["eve", "max"])
def test_the_band_is_on_every_page(who: str, cast: dict[str, User], world: HostDatabase) -> None:
    begun(cast["eve"])
    client = signed_in(cast[who])
    for row in MATRIX.values():
        answer = client.get(row.address)
        if not answer.streaming and b"<main" in answer.content:
            assert answer.content.count(b'id="pause-band"') == 1, row.address
            assert b"Paused by eve." in answer.content, row.address
    assert b"Paused by eve." in client.get("/nowhere/").content


def test_open_pages_are_told_when_it_comes_changes_and_goes(sam: Client, cast: dict[str, User]) -> None:
    none = "/pause/band/?version=none"
    assert sam.get(none).status_code == 204
    now = timezone.now()
    pause = begun(cast["eve"], at=now - timedelta(hours=2), due=now + timedelta(minutes=1))
    fresh = sam.get(none)
    assert (fresh.status_code, b"tone-warning" in fresh.content) == (200, True)
    assert sam.get(f"/pause/band/?version={pause.seen}").status_code == 204
    Pause.objects.update(review_at=now - timedelta(minutes=1))
    assert b"Overdue:" in sam.get(f"/pause/band/?version={pause.seen}").content


def test_the_words_for_a_user_of_a_broken_session_name_it(
    sam: Client, cast: dict[str, User], world: HostDatabase
) -> None:
    assert ENGLISH not in sam.get("/sessions/5").content.decode()
    begun(cast["eve"])
    assert ENGLISH in sam.get("/sessions/5").content.decode()

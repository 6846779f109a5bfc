"""Telling by webhook: what counts as told, what is tried again and for how long, and whom it never asks."""

from __future__ import annotations

import socket
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from diagnostics.probes.webhook import signature
from sessions_admin.models import Telling
from sessions_admin.telling.tell import AT_ONCE, MOST_ATTEMPTS, MOST_REFUSALS, wait_after
from tests.api_host import closed_port
from tests.servers.hook_receiver import Receiver, is_genuine
from tests.sessions_admin.telling.conftest import told, told_later
from tests.web_servers import answering, resetting, saying, serving

pytestmark = pytest.mark.django_db


def due(number: int = 0, session: str = "5") -> Telling:
    now = timezone.now()
    return Telling.objects.create(
        operation="a" * 32, number=number, session=session, action="reset", kind="webhook", made_at=now, next_at=now
    )


def test_the_signature_is_over_time_and_body() -> None:
    """By `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac …`."""
    assert signature("k" * 32, b'{"a":1}', 1_700_000_000) == (
        "t=1700000000,v1=6935b796c0fec66e5dee52c86c7fd1218a424c32f1adb239ff2893c31e54f033"
    )


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_2xx_is_told(receiver: Receiver, status: int) -> None:
    due()
    receiver.statuses = [status]
    assert told() == 1
    assert Telling.objects.get().attempts == 1


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_receiver_that_says_no_is_asked_some_times_then_given_up(receiver: Receiver, status: int) -> None:
    due()
    receiver.statuses = [status] * 50
    one = told_later()
    assert (one.error, one.is_over) == (f"HTTP {status}: said so", False)
    for _ in range(MOST_REFUSALS - 1):
        one = told_later()
    assert (one.attempts, one.is_over, one.told_at) == (MOST_REFUSALS, True, None)
    assert one.given_up_at is not None
    told()
    assert len(receiver.events) == MOST_REFUSALS
    assert len(set(receiver.keys)) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_one_in_trouble_is_asked_for_about_a_day(receiver: Receiver, status: int) -> None:
    due()
    receiver.statuses = [status] * (MOST_REFUSALS + 1)
    for _ in range(MOST_REFUSALS + 1):
        assert told_later().is_over is False
    assert told_later().told_at is not None
    assert timedelta(hours=20) < sum(map(wait_after, range(1, MOST_ATTEMPTS)), timedelta()) < timedelta(hours=30)


def test_it_waits_twice_as_long_each_time(receiver: Receiver) -> None:
    due()
    receiver.statuses = [500] * 3
    waits = []
    for _ in range(3):
        one, now = told_later(), timezone.now()
        assert one.next_at is not None
        waits.append(round((one.next_at - now).total_seconds()))
    assert waits == [2, 4, 8]
    assert wait_after(90) == timedelta(seconds=900)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    due()
    receiver.statuses = [307]
    assert told_later().error.startswith("HTTP 307")
    assert len(receiver.events) == 1


def test_what_was_answered_late_or_in_part_is_told_where_the_status_came(
    receiver: Receiver, settings: Settings
) -> None:
    due()
    with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf")) as server:
        settings.HOST_WEBHOOK_URL = server.origin
        assert told() == 1


def silent(_connection: socket.socket, _head: str) -> None:
    time.sleep(1)


@pytest.mark.parametrize(
    ("speak", "error"), [(resetting, "closed"), (silent, "timeout"), (saying(b"SSH-2"), "not_http")]
)
def test_silence_is_tried_again(
    settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, speak: object, error: str
) -> None:
    monkeypatch.setattr("sessions_admin.telling.webhook.SECONDS", 0.5)
    due()
    with serving(speak) as server:  # type: ignore[arg-type]  # as the others
        settings.HOST_WEBHOOK_URL = server.origin
        one = told_later()
    assert one.error.startswith(error)
    assert one.is_over is False
    settings.HOST_WEBHOOK_URL = receiver.url
    assert told_later().error == ""


def test_a_closed_port_ends_the_round_and_the_others_keep_their_turn(settings: Settings, receiver: Receiver) -> None:
    for number in range(AT_ONCE + 5):
        due(number)
    settings.HOST_WEBHOOK_URL = f"http://127.0.0.1:{closed_port()}/"
    assert told() == 0
    assert Telling.objects.filter(attempts=0).count() == 5


def test_one_that_is_refused_holds_up_nobody(receiver: Receiver) -> None:
    for number in range(AT_ONCE * 2):
        due(number)
    receiver.statuses = [404]
    assert told() == AT_ONCE * 2 - 1


def test_a_public_name_that_turns_to_a_private_address_is_not_told(
    settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diagnostics.probes.web_address._system_resolve", lambda _host, _port: ["127.0.0.1"])
    settings.HOST_WEBHOOK_URL = f"http://app.example.com:{receiver.port}/hook"
    due()
    assert told_later().error.startswith("private_address")
    assert receiver.events == []
    settings.DELIVERY_NETWORKS = ["127.0.0.0/8"]
    assert told_later().told_at is not None


def test_a_secret_in_an_answer_is_not_kept(settings: Settings, receiver: Receiver) -> None:
    due()
    with serving(answering("401 Unauthorized", b"no: token=GEHEIM123456")) as server:
        settings.HOST_WEBHOOK_URL = server.origin
        assert told_later().error == "HTTP 401: no: token=[hidden]"


def test_a_signature_of_another_secret_is_told_from_ours() -> None:
    assert is_genuine(signature("a" * 32, b"x", 0), b"x", "a" * 32) is False  # too old


def test_what_is_undelivered_can_be_told_again_once_the_receiver_is_mended(
    receiver: Receiver, settings: Settings
) -> None:
    due()
    receiver.statuses = [404] * MOST_REFUSALS
    for _ in range(MOST_REFUSALS):
        told_later()
    call_command("tell_again")
    assert told() == 1
    settings.HOST_PICKUP = "poll"
    with pytest.raises(CommandError, match="HOST_PICKUP is poll"):
        call_command("tell_again")

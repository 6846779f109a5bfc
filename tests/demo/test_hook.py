"""The demo host told by webhook: what it takes in, and a worker that does not poll."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from http import HTTPStatus

import pytest

from demo import clock, hook, table
from demo.place import Place

SECRET = "only-for-the-tests-of-the-demo-0123456789"


@pytest.fixture(autouse=True)
def is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_WEBHOOK_SECRET", SECRET)


def signed(body: bytes, at: float, secret: str = SECRET) -> str:
    mac = hmac.new(secret.encode(), f"{at:.0f}.".encode() + body, hashlib.sha256)
    return f"t={at:.0f},v1={mac.hexdigest()}"


def test_a_signed_event_is_noted_once_however_often_it_comes(place: Place) -> None:
    body = json.dumps({"event": "session.pending", "session_id": 5}).encode()
    for _ in range(2):
        assert hook.take_in(place, signed(body, time.time()), body)[0] == HTTPStatus.ACCEPTED
    assert list(hook.told(place)) == [5]


@pytest.mark.parametrize("signature", ["", "t=1", "v1=2", "t=x,v1=y"])
def test_without_a_signature_nothing_is_noted(place: Place, signature: str) -> None:
    assert hook.take_in(place, signature, b"{}")[0] == HTTPStatus.UNAUTHORIZED
    assert list(hook.told(place)) == []


def test_a_forged_or_old_one_is_refused(place: Place) -> None:
    body = b'{"event": "session.pending", "session_id": 5}'
    now = time.time()
    for wrong in (signed(body, now, "another"), signed(body, now - 301), signed(b"other", now)):
        assert hook.take_in(place, wrong, body)[0] == HTTPStatus.UNAUTHORIZED
    assert list(hook.told(place)) == []


@pytest.mark.parametrize(("body", "status"), [(b'{"event": "ping"}', 202), (b"[]", 400), (b"{", 400), (b"{}", 400)])
def test_other_events_are_taken_and_nonsense_is_not(place: Place, body: bytes, status: int) -> None:
    assert hook.take_in(place, signed(body, time.time()), body)[0] == status


def test_a_host_that_polls_has_no_such_address(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_WEBHOOK_SECRET")
    assert hook.take_in(place, "", b"{}")[0] == HTTPStatus.NOT_FOUND
    hook.announce(place, 5)
    assert list(hook.told(place)) == []


def test_the_worker_takes_what_it_was_told_of_and_nothing_else(place: Place) -> None:
    with table.writing(place) as database:
        ids = [table.insert(database, table.as_requested(table.Request(1, 1, 1), clock.now())) for _ in range(2)]
    assert table.take_told(place) is None
    for session_id in (ids[1], 1):  # the first of the history is completed
        hook.announce(place, session_id)
    taken = table.take_told(place)
    assert taken is not None
    assert taken.session_id == ids[1]
    assert table.take_told(place) is None
    assert list(hook.told(place)) == []


def test_when_it_begins_it_takes_what_waits(place: Place) -> None:
    with table.writing(place) as database:
        waiting = table.insert(database, table.as_requested(table.Request(1, 1, 1), clock.now()))
    table.announce_waiting(place)
    assert list(hook.told(place)) == [waiting]

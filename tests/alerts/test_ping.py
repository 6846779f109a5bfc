"""A watcher elsewhere is told of each finished round, and never keeps one from finishing."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from pytest_django import Settings

from diagnostics.alerts import ping
from diagnostics.alerts.rounds import look_at_rules
from tests.alerts.scene import Desk
from tests.web_servers import serving


def answering(status: str) -> object:
    def speak(connection: socket.socket, _head: str) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nOK".encode())

    return speak


def test_a_finished_round_is_told(desk: Desk, settings: Settings) -> None:
    with serving(answering("200 OK")) as watcher:  # type: ignore[arg-type]
        settings.ALERT_PING_URL = f"{watcher.origin}/ping/secret-of-ours"
        done = desk.look()
    assert [head.partition("\r\n")[0] for head in watcher.requests] == ["GET /ping/secret-of-ours HTTP/1.1"]
    done.refresh_from_db()
    assert (done.pinged_at is not None, done.ping_error) == (True, "")


def test_a_watcher_that_refuses_is_noted_and_the_round_is_finished(desk: Desk, settings: Settings) -> None:
    with serving(answering("404 Not Found")) as watcher:  # type: ignore[arg-type]
        settings.ALERT_PING_URL = f"{watcher.origin}/ping/secret-of-ours"
        done = desk.look()
    done.refresh_from_db()
    assert (done.finished_at is not None, done.pinged_at, done.ping_error) == (True, None, "HTTP 404")


def test_a_watcher_that_is_away_is_noted_without_its_address(desk: Desk, settings: Settings) -> None:
    settings.ALERT_PING_URL = "http://127.0.0.1:9/ping/secret-of-ours"
    done = desk.look()
    assert done.ping_error.startswith("refused")
    assert "secret-of-ours" not in done.ping_error


def test_a_watcher_that_hangs_keeps_nobody(desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ping, "SECONDS", 0.3)
    with serving(lambda *_: time.sleep(1)) as watcher:
        settings.ALERT_PING_URL = f"{watcher.origin}/"
        begun = time.monotonic()
        done = desk.look()
        assert time.monotonic() - begun < 5
    assert (done.finished_at is not None, done.ping_error) == (True, "timeout")


def test_an_unfinished_round_is_not_told(desk: Desk, settings: Settings) -> None:
    with serving(answering("200 OK")) as watcher:  # type: ignore[arg-type]
        settings.ALERT_PING_URL = f"{watcher.origin}/"
        stop = threading.Event()
        stop.set()
        look_at_rules(desk.now, stop)
    assert watcher.requests == []

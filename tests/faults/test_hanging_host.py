"""A host's database that is locked, silent or stopped: said within two seconds, and what the last pass knew is shown."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics import sources
from diagnostics.examine import examine
from diagnostics.host import HostTable, open_host
from diagnostics.probes.databases import HostUnavailable, Problem
from tests.examine.test_examine import locked
from tests.faults.hang import Hang, put_in, stopped, within
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
SECONDS = 2.0
FRAGMENT = {"HX-Request": "true"}
# Passes bytes on between a port of its own, which it prints, and the server; stopped, it is a server that is silent.
PROXY = """
import socket, sys, threading
def pump(a, b):
    while data := a.recv(65536): b.sendall(data)
door = socket.create_server(("127.0.0.1", 0)); print(door.getsockname()[1], flush=True)
while True:
    ours, theirs = door.accept()[0], socket.create_connection((sys.argv[1], int(sys.argv[2])))
    for pair in ((ours, theirs), (theirs, ours)): threading.Thread(target=pump, args=pair, daemon=True).start()
"""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


@pytest.fixture
def proxy(host_on_each_server: HostDatabase, settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """What stands between us and the host's real server, so that it can be stopped."""
    parts = urlsplit(host_on_each_server.url)
    default = {"postgresql": 5432, "mysql": 3306}[host_on_each_server.engine]
    arguments = [sys.executable, "-c", PROXY, parts.hostname or "127.0.0.1", str(parts.port or default)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    user = parts.netloc.rpartition("@")[0]
    settings.HOST_DATABASE_URL = parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()
    host_on_each_server.insert_failed()
    yield process
    process.kill()
    process.wait()


@pytest.mark.databases
@pytest.mark.parametrize(
    ("language", "words"), [("en", "What stands here is what the last pass knew"), ("zh-hans", "巡检")]
)
def test_a_locked_host_shows_what_the_last_pass_knew(
    scene_on_each_engine: Scene, sam: Client, language: str, words: str
) -> None:
    scene_on_each_engine.failed(5)
    scene_on_each_engine.run()
    sam.cookies["language"] = language
    sam.get("/sessions/5")
    with locked(scene_on_each_engine):
        with within(SECONDS):
            fragment = sam.get("/examinations/5", headers=FRAGMENT)
        page = sam.get("/sessions/5")
    text = fragment.content.decode()
    assert (fragment.status_code, page.status_code) == (200, 200)
    assert words in text
    assert {"en": "Disk was full", "zh-hans": "磁盘"}[language] in text
    assert ("host&#x27;s database" in text) is (language == "en")
    assert sam.get("/examinations/5", headers=FRAGMENT).content.decode() != text  # the lock is gone: examined


@pytest.mark.parametrize("scheme", ["postgres", "mysql"])
def test_a_server_that_never_answers_is_said(
    scene: Scene, silent_port: int, settings: Settings, sam: Client, scheme: str
) -> None:
    scene.failed(5)
    scene.run()
    settings.HOST_DATABASE_URL = f"{scheme}://someone:secret@127.0.0.1:{silent_port}/host"
    with within(SECONDS):
        found = examine("5")
    assert (found.found, found.diagnosis, found.problems[0].code) == (True, None, "host.timeout")
    assert "secret" not in found.problems[0].detail
    assert "Disk was full" in sam.get("/examinations/5", headers=FRAGMENT).content.decode()


@pytest.mark.databases
def test_a_server_that_is_stopped_in_the_middle_is_said(proxy: subprocess.Popen[str]) -> None:
    table = open_host(sources.host_source(timeout_seconds=0.5, total_seconds=1.0))
    with closing(table.connection):
        assert table.find("5") is not None
        os.kill(proxy.pid, signal.SIGSTOP)
        stopped(proxy.pid)
        with within(SECONDS), pytest.raises(HostUnavailable) as told:
            table.find("5")
        assert told.value.problem in (Problem.TIMEOUT, Problem.UNREACHABLE)
        with within(SECONDS), pytest.raises(HostUnavailable):
            table.find("5")
    with within(SECONDS):
        assert examine("5").problems[0].code in ("host.timeout", "host.unreachable")
    os.kill(proxy.pid, signal.SIGCONT)
    assert examine("5").diagnosis is not None


def test_slow_sources_do_not_add_up(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is within its own limit, and all together are within one."""
    scene.now = timezone.now().replace(microsecond=0)
    scene.pending(3, ago=timedelta(minutes=40))
    scene.run()
    hang = Hang(tmp_path / "hang", name="scandir")
    put_in(monkeypatch, hang.helper(tmp_path / "store.lock"))
    assert examine("3").problems == ()
    hang.begin()
    for name in ("find", "waiting_and_generating", "newest_picked_up"):
        monkeypatch.setattr(HostTable, name, _slow(getattr(HostTable, name)))
    with within(SECONDS):
        found = examine("3")
    hang.end()
    assert found.diagnosis is not None
    assert found.diagnosis.state == "waiting"  # longer than the limit, but nobody knows whether the queue moves


def _slow(real: Callable[..., object]) -> Callable[..., object]:
    """A statement that takes as long as it may: a lock that another process holds for so long."""

    def call(table: HostTable, *arguments: object) -> object:
        clock = table.connection.clock
        clock.start()
        time.sleep(max(0.0, min(0.8, clock.ends_at - time.monotonic())))
        if time.monotonic() >= clock.gives_up_at:
            raise HostUnavailable(Problem.TIMEOUT, "a slow host")
        return real(table, *arguments)

    return call


def test_a_host_that_is_locked_after_the_row_was_read_leaves_the_rest_standing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.session(1)
    scene.row(6, final_file_path=f"/static/generated_music/long_sequences/{scene.name(1)}")
    scene.run()
    real = HostTable.find
    holding: list[Any] = []

    def find(table: HostTable, key: str) -> object:
        row = real(table, key)
        if not holding:
            holding.append(locked(scene))
            holding[0].__enter__()
        return row

    monkeypatch.setattr(HostTable, "find", find)
    with within(SECONDS):
        found = examine("6")
    holding[0].__exit__(None, None, None)
    assert found.diagnosis is not None
    codes = {finding.code for finding in found.diagnosis.findings}
    assert "path.names_other_session" not in codes  # nobody could say that only this session claims the file
    assert found.evidence is not None
    assert "claimants" in found.evidence.unanswered


def test_our_own_database_locked_as_well_is_no_error(scene: Scene, sam: Client) -> None:
    """Every statement about sessions, files and passes fails; who is signed in is still known."""
    scene.session(1)
    scene.row(2)
    scene.run()

    def refuse(execute: Callable[..., object], sql: str, *arguments: object) -> object:
        if "diagnostics_" in sql:
            raise OperationalError("database is locked")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        found = [examine(key) for key in ("1", "2")]
        answer = sam.get("/examinations/1", headers=FRAGMENT)
    told = [(each.diagnosis.verdict, each.diagnosis.cause) for each in found if each.diagnosis]
    assert told == [("playable", None), ("unknown", "storage.unavailable")]
    assert [each.problems[0].code for each in found] == ["own.unavailable"] * 2
    assert answer.status_code == 200
    assert "own database did not answer" in answer.content.decode()


def test_threads_of_a_silent_host_end_with_their_examination(
    scene: Scene, silent_port: int, settings: Settings
) -> None:
    settings.HOST_DATABASE_URL = f"postgres://someone@127.0.0.1:{silent_port}/host"
    before = threading.active_count()
    for _ in range(3):
        examine("1")
    assert threading.active_count() == before

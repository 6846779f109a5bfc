"""The live look at one session: whatever a source does, the others stand, and it comes within two seconds."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics import store
from diagnostics.domain.diagnosis import Verdict
from diagnostics.examine import Examination, examine
from diagnostics.models import SessionEntry
from diagnostics.probes.databases import HostUnavailable, Problem
from diagnostics.probes.store_client import Direct
from tests.host_database import TABLE
from tests.reconcile.scene import PREFIX, Scene

pytestmark = pytest.mark.django_db
QUICK_SECONDS = 6.0


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    scene.now = timezone.now().replace(microsecond=0)
    scene.session(1)
    scene.row(2)
    scene.pending(3, ago=timedelta(minutes=2))
    scene.pending(4, ago=timedelta(minutes=2), status="generating", progress=10)
    scene.file(f"{scene.name(4)}.tmp", b"RIFF", ago=timedelta(seconds=5))
    scene.failed(5)
    scene.run()
    return scene


def quickly(key: str) -> Examination:
    begun = time.monotonic()
    found = examine(key)
    assert time.monotonic() - begun < QUICK_SECONDS
    return found


def test_it_sees_what_happened_since_the_last_pass(peopled: Scene) -> None:
    (peopled.root / peopled.name(1)).unlink()
    peopled.file(peopled.name(2))
    peopled.host.update(5, status="pending", error_message=None, created_at=peopled.text(), updated_at=peopled.text())
    diagnoses = [quickly(key).diagnosis for key in ("1", "2", "5")]
    told = [(found.verdict, found.cause) for found in diagnoses if found]
    assert told == [("broken", "file.deleted"), ("playable", None), ("not_ready", None)]


def test_it_sees_a_row_that_no_pass_has_seen(peopled: Scene) -> None:
    peopled.session(9)
    found = quickly("9")
    assert found.diagnosis is not None
    assert found.diagnosis.verdict is Verdict.PLAYABLE
    assert found.raw_row["status"] == b"completed"
    assert not SessionEntry.objects.filter(key="9").exists()


def test_it_writes_nothing(peopled: Scene) -> None:
    assert peopled.writes_of(lambda: [examine(key) for key in ("1", "2", "3", "4", "5", "6")]) == []


def test_a_row_that_is_not_there_is_not_found(peopled: Scene) -> None:
    found = quickly("77")
    assert (found.found, found.diagnosis) == (False, None)


@contextmanager
def locked(scene: Scene) -> Iterator[None]:
    """Another process holds the host's table for itself."""
    if scene.host.engine == "sqlite":
        connection = sqlite3.connect(scene.host.url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.close()
        return
    with scene.host.connected() as other:
        if other.engine == "postgresql":
            other.change("BEGIN")
            other.change(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        else:
            other.change(f"LOCK TABLES {TABLE} WRITE")
        yield


@pytest.mark.databases
def test_a_host_that_is_locked_is_said_within_two_seconds(scene_on_each_engine: Scene) -> None:
    scene_on_each_engine.session(1)
    with locked(scene_on_each_engine):
        found = quickly("1")
    assert (found.found, found.diagnosis, len(found.problems)) == (True, None, 1)
    assert found.problems[0].code in ("host.locked", "host.timeout")


def test_a_host_that_does_not_answer_is_said(peopled: Scene, settings: Settings) -> None:
    settings.HOST_DATABASE_URL = "postgres://nobody@127.0.0.1:1/nothing"
    found = quickly("1")
    assert (found.found, found.diagnosis) == (True, None)
    assert [problem.code for problem in found.problems] == ["host.unreachable"]


def test_a_table_too_large_to_be_searched_leaves_the_rest_standing(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diagnostics.host import HostTable

    def naming(_: HostTable, name: str) -> object:
        raise HostUnavailable(Problem.TIMEOUT, name)

    peopled.row(6, final_file_path=PREFIX + peopled.name(1))
    peopled.run()
    monkeypatch.setattr(HostTable, "naming", naming)
    found = quickly("6")
    assert found.diagnosis is not None
    assert found.diagnosis.cause == "file.name_collision"
    assert [problem.code for problem in found.problems] == ["claimants.as_of_last_pass"]


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ELOOP])
@pytest.mark.parametrize("name", ["stat", "lstat", "scandir", "open", "pread"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_look_that_fails_is_never_an_absence(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, name: str, error: int, number: int
) -> None:
    real, calls = getattr(os, name), []

    def fail(*args: object, **options: object) -> object:
        if isinstance(args[0], int) or b"/audio" in os.fsencode(args[0]):  # type: ignore[arg-type]
            calls.append(1)
            if len(calls) == number:
                raise OSError(error, os.strerror(error))
        return real(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(store, "asker", Direct)
        patched.setattr(os, name, fail)
        found = examine("1")
    assert found.diagnosis is not None
    assert found.diagnosis.cause not in ("file.deleted", "file.never_written", "rule.crashed")


def test_a_root_that_went_is_unknown(peopled: Scene) -> None:
    peopled.root.rename(peopled.root.with_name("away"))
    found = quickly("1")
    assert found.diagnosis is not None
    assert (found.diagnosis.verdict, found.diagnosis.cause) == ("unknown", "storage.unavailable")
    Path(peopled.root).mkdir()
    found = quickly("1")
    assert found.diagnosis is not None
    assert (found.diagnosis.verdict, found.diagnosis.cause) == ("unknown", "storage.unavailable")

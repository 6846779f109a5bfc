"""The n-th call of an examination fails, to a file, a database or a process: nothing is missing for it, nothing is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from diagnostics import store
from diagnostics.domain.diagnosis import Verdict
from diagnostics.examine import Examination, examine
from diagnostics.probes import name_search
from diagnostics.probes.databases import Connection, HostUnavailable, Problem
from diagnostics.probes.store_client import PROJECT, Direct, Helper
from tests.reconcile.scene import PREFIX, Scene
from tests.reconcile.test_failing_calls import CALLS, failing

pytestmark = pytest.mark.django_db
ERRORS = (errno.EACCES, errno.EIO, errno.ENOSPC, errno.ELOOP, errno.ESTALE, errno.ETIMEDOUT)
MOST = 20
GONE = frozenset({"file.deleted", "file.never_written", "path.missing", "file.misplaced", "path.names_other_session"})
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
# What is really so, and what of it the row alone tells: that is found whatever else fails.
TRUE: dict[str, set[str]] = {
    "1": {"record.progress_odd"},
    "2": {"file.never_written"},
    "3": {"file.misplaced"},
    "4": {"file.deleted", "path.bad_name"},
    "5": {"file.corrupt", "file.size_mismatch"},
    "6": {"generation.disk_full"},
    "7": set(),
    "8": set(),
    "9": {"file.name_collision"},
    "10": {"worker.not_picked_up"},
}
BY_THE_ROW = {"1": {"record.progress_odd"}, "4": {"path.bad_name"}, "6": {"generation.disk_full"}}
BROKEN_BY_FAILURE = {"storage.unavailable", "file.unreadable", "file.not_a_file"}


@pytest.fixture
def peopled(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """One session of each kind; a pass saw all but what happened after it."""
    scene.now = timezone.now().replace(microsecond=0)
    scene.session(1, progress_percentage=70)
    scene.row(2)
    scene.row(3, final_file_path=f"{PREFIX}away/{scene.name(3)}")
    scene.file(scene.name(3), folder="away")
    scene.row(4, final_file_path=f"{PREFIX}song.wav")
    scene.file("song.wav")
    scene.row(5)
    scene.file(scene.name(5), b"RIFF")
    scene.failed(6)
    scene.pending(7, ago=timedelta(minutes=2))
    scene.pending(8, ago=timedelta(minutes=40), status="generating", progress=10)
    scene.file(f"{scene.name(8)}.tmp", b"RIFF", ago=timedelta(seconds=5))
    scene.row(9, final_file_path=f"{PREFIX}{scene.name(1)}")
    scene.pending(10, ago=timedelta(hours=2))
    scene.session(11, created_at=scene.text(ago=timedelta(hours=1)), updated_at=scene.text(ago=timedelta(minutes=50)))
    scene.run()
    (scene.root / "away" / scene.name(3)).rename(scene.root / scene.name(3))
    (scene.root / "song.wav").unlink()
    monkeypatch.setattr(store, "asker", Direct)
    monkeypatch.setattr(name_search, "KEPT_SECONDS", -1.0)
    return scene


def codes(found: Examination) -> set[str]:
    return {finding.code for finding in found.diagnosis.findings} if found.diagnosis else set()


def judge(key: str, found: Examination, told: object) -> None:
    """Nothing wrong is found, nothing that the row tells is lost, and what could not be looked at is never called well."""
    seen = codes(found)
    assert "rule.crashed" not in seen, (key, told)
    assert not (seen & GONE) - TRUE[key], (key, told, seen)
    if found.diagnosis is None:
        assert found.found, (key, told)
        assert found.problems, (key, told)
        return
    assert BY_THE_ROW.get(key, set()) <= seen, (key, told, seen)
    assert not seen - TRUE[key] - BROKEN_BY_FAILURE - _lone(key, seen), (key, told, seen)
    if TRUE[key] - BY_THE_ROW.get(key, set()) and not seen - BY_THE_ROW.get(key, set()):
        assert found.diagnosis.verdict is not Verdict.PLAYABLE or found.problems, (key, told)


def _lone(key: str, seen: set[str]) -> set[str]:
    """A file that is there although the row says another thing of it."""
    return {"file.predates_session"} & seen if key == "3" else set()


def test_what_is_so_is_found_where_nothing_fails(peopled: Scene) -> None:
    assert {key: codes(examine(key)) - {"file.size_mismatch"} for key in KEYS} == {
        key: found - {"file.size_mismatch"} for key, found in TRUE.items()
    }


@pytest.mark.parametrize("name", CALLS)
def test_a_look_that_fails_is_no_absence(peopled: Scene, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for key in KEYS:
        for number in range(1, MOST):
            for error in ERRORS:
                with failing(monkeypatch, name, number, error) as calls:
                    judge(key, examine(key), (name, number, errno.errorcode[error]))
            if len(calls) < number:
                break
    assert {key: codes(examine(key)) >= TRUE[key] - {"file.size_mismatch"} for key in KEYS} == dict.fromkeys(KEYS, True)


@contextmanager
def host_failing(monkeypatch: pytest.MonkeyPatch, number: int, problem: Problem) -> Iterator[list[str]]:
    """Let the n-th statement on the host's database fail, and (a lost connection) all that come after it."""
    asked: list[str] = []

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(of: Connection, sql: str, *arguments: Any) -> Any:
            asked.append(sql)
            if len(asked) == number or (len(asked) > number and problem is Problem.UNREACHABLE):
                raise HostUnavailable(problem, of.url)
            return real(of, sql, *arguments)

        return call

    with monkeypatch.context() as patched:
        for name in ("rows", "columns"):
            patched.setattr(Connection, name, counted(getattr(Connection, name)))
        yield asked


@pytest.mark.parametrize("problem", [Problem.LOCKED, Problem.TIMEOUT, Problem.UNREACHABLE])
def test_a_statement_of_the_host_that_fails_is_unknown(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, problem: Problem
) -> None:
    for key in KEYS:
        for number in range(1, MOST):
            with host_failing(monkeypatch, number, problem) as asked:
                judge(key, examine(key), (problem, number))
            if len(asked) < number:
                break
        else:
            pytest.fail(f"{key}: more statements than an examination may take")


@contextmanager
def own_failing(number: int, *, for_good: bool) -> Iterator[list[str]]:
    """Let the n-th statement on our own database fail."""
    asked: list[str] = []

    def refuse(execute: Callable[..., object], sql: str, *arguments: object) -> object:
        asked.append(sql)
        if len(asked) == number or (for_good and len(asked) > number):
            raise OperationalError("database is locked")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        yield asked


@pytest.mark.parametrize("for_good", [True, False])
def test_a_query_of_ours_that_fails_is_unknown(peopled: Scene, *, for_good: bool) -> None:
    for key in KEYS:
        for number in range(1, MOST):
            with own_failing(number, for_good=for_good) as asked:
                found = examine(key)
            judge(key, found, ("own", number))
            if len(asked) < number:
                break
            assert [problem.code for problem in found.problems] == ["own.unavailable"], (key, number)
        else:
            pytest.fail(f"{key}: more queries than an examination may take")


def test_the_page_stands_whatever_fails(peopled: Scene, monkeypatch: pytest.MonkeyPatch, sam: Client) -> None:
    def stands(key: str, told: object) -> None:
        page = sam.get(f"/examinations/{key}", headers={"HX-Request": "true"})
        assert page.status_code == 200, (key, told)

    for key in KEYS:
        for number in range(1, 12):
            with host_failing(monkeypatch, number, Problem.UNREACHABLE) as asked:
                stands(key, ("host", number))
            if len(asked) < number:
                break
        for name in ("stat", "lstat", "scandir", "open"):
            for number in range(1, 12):
                with failing(monkeypatch, name, number, errno.EIO) as calls:
                    stands(key, (name, number))
                if len(calls) < number:
                    break


@pytest.mark.parametrize("error", [errno.EACCES, errno.EAGAIN, errno.ENOMEM, errno.ENOENT, errno.EMFILE])
def test_a_helper_that_cannot_be_started_is_unknown(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: int
) -> None:
    def popen(*_: object, **__: object) -> object:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(store, "asker", lambda: Helper(str(tmp_path / "store.lock")))
    for key in KEYS:
        with monkeypatch.context() as patched:
            patched.setattr(subprocess, "Popen", popen)
            found = examine(key)
        judge(key, found, errno.errorcode[error])
        if error == errno.EACCES:  # who may not start a Python looks himself
            assert not found.problems, key
        elif key in ("1", "2", "3"):
            assert [problem.code for problem in found.problems] == ["store.no_helper"], key


FAILING_HELPER = """
import os, sys
sys.path.insert(0, {project!r})
from diagnostics.probes import store_helper
real, calls = os.{name}, []
def fail(*arguments, **options):
    if isinstance(arguments[0], int) and arguments[0] < 3 or not isinstance(arguments[0], int) and b"/audio" not in os.fsencode(arguments[0]):
        return real(*arguments, **options)
    calls.append(1)
    if len(calls) == {number}: raise OSError({error}, "failed")
    return real(*arguments, **options)
os.{name} = fail
store_helper.main(*sys.argv[1:])
"""


@pytest.mark.parametrize("name", ["stat", "lstat", "scandir", "open", "pread"])
def test_a_call_that_fails_inside_the_real_helper_is_no_absence(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    for number, error in enumerate(ERRORS, start=1):
        code = FAILING_HELPER.format(project=PROJECT, name=name, number=number, error=error)
        helper = Helper(str(tmp_path / "store.lock"), (sys.executable, "-I", "-c", code))
        monkeypatch.setattr(store, "asker", lambda helper=helper: helper)
        for key in KEYS:
            judge(key, examine(key), (name, number, errno.errorcode[error]))
        helper.close()

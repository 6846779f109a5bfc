"""The n-th look at a file, or the n-th query, fails: nothing is called missing for it, and nothing is lost by it."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from diagnostics import store
from diagnostics.models import Finding, Pass
from diagnostics.probes.databases import Connection, HostUnavailable, Problem
from diagnostics.probes.store_client import Direct, Helper
from tests.reconcile.scene import PREFIX, Scene, observed

pytestmark = pytest.mark.django_db
CALLS = ("scandir", "next of scandir", "entry.is_dir", "entry.stat", "stat", "lstat", "open", "pread", "readlink")
ERRORS = (errno.EACCES, errno.EIO, errno.ENOSPC, errno.ELOOP, errno.ESTALE, errno.ETIMEDOUT)
MOST = 14
GONE = ("file.deleted", "file.never_written", "path.missing")


@pytest.fixture
def peopled(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Whole files, one of them in a folder, one behind a link; a cut one, a missing one, an orphan; not yet seen."""
    scene.session(1)
    scene.row(2, final_file_path=f"{PREFIX}sub/{scene.name(2)}")
    scene.file(scene.name(2), folder="sub")
    scene.row(3)
    (scene.root / scene.name(3)).symlink_to(scene.file(scene.name(3), folder="sub"))
    scene.row(4)
    scene.file(scene.name(4), b"RIFF")
    scene.row(5)
    scene.failed(6)
    scene.pending(7, ago=timedelta(minutes=3), status="generating", progress=10)
    scene.file(f"{scene.name(7)}.tmp", b"RIFF", ago=timedelta(minutes=1))
    scene.file(scene.name(9), ago=timedelta(days=3))
    scene.row(10, final_file_path=f"{PREFIX}away/{scene.name(10)}")
    scene.file(scene.name(10))
    monkeypatch.setattr(store, "asker", Direct)  # the looks of a helper process are made here, where they can fail
    return scene


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, name: str, number: int, error: int) -> Iterator[list[int]]:
    """Let the n-th call of one function of `os` below the audio root fail; yield how many calls there were."""
    calls: list[int] = []

    def count() -> None:
        calls.append(1)
        if len(calls) == number:
            raise OSError(error, os.strerror(error))

    with monkeypatch.context() as patched:
        if hasattr(os, name):
            patched.setattr(os, name, _counted(getattr(os, name), count))
        else:
            patched.setattr(os, "scandir", partial(_Folder, os.scandir, name, count))
        yield calls


def _counted(real: Callable[..., Any], count: Callable[[], None]) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        if _is_ours(args[0]):
            count()
        return real(*args, **options)

    return call


class _Folder:
    """What `os.scandir` returns, with one of its parts counted."""

    def __init__(self, real: Callable[..., Any], part: str, count: Callable[[], None], path: Any) -> None:
        self.entries, self.part, self.count = real(path), part, count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.entries.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        if self.part == "next of scandir":
            self.count()
        return _Entry(next(self.entries), self.part, self.count)


class _Entry:
    """One entry of a folder; asking it may fail."""

    def __init__(self, entry: Any, part: str, count: Callable[[], None]) -> None:
        self.entry, self.part, self.count = entry, part, count
        self.name, self.path = entry.name, entry.path

    def is_dir(self, **options: bool) -> Any:
        if self.part == "entry.is_dir":
            self.count()
        return self.entry.is_dir(**options)

    def stat(self, **options: bool) -> Any:
        if self.part == "entry.stat":
            self.count()
        return self.entry.stat(**options)


def _is_ours(at: object) -> bool:
    """Calls about files below the audio root, or about an open file; not those of the interpreter and the database."""
    if isinstance(at, int):
        return True
    return b"/audio" in os.fsencode(at)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("name", CALLS)
def test_a_look_that_fails_never_makes_a_file_missing(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, name: str, *, is_first: bool
) -> None:
    clean = None
    if not is_first:
        peopled.run()
        clean = observed()
    for number in range(1, MOST):
        error = ERRORS[number % len(ERRORS)]
        for key in (1, 2, 3, 4, 10):  # their stamps move, so that each is looked at again
            os.utime(peopled.root / peopled.name(key) if key != 2 else peopled.root / "sub" / peopled.name(2))
        peopled.later(minutes=2)
        with failing(monkeypatch, name, number, error) as calls:
            row = peopled.run()
        assert row.outcome in ("complete", "failed")  # failed: the root itself did not answer when it was asked again
        wrong = Finding.objects.filter(code__in=GONE, resolved_at=None).exclude(session__key="5")
        assert not wrong.exists(), (number, errno.errorcode[error], list(wrong.values_list("session__key", "code")))
        if len(calls) < number:
            break
    peopled.later(minutes=2)
    peopled.run()
    assert peopled.codes(10) == {"file.misplaced"}
    codes = {key: peopled.codes(key) - {"worker.stalled"} for key in range(1, 8)}
    expected: dict[int, set[str]] = {key: set() for key in range(1, 8)}
    expected |= {4: {"file.corrupt", "file.size_mismatch"} & codes[4], 5: {"file.never_written"}}
    expected[4] |= {"file.corrupt"}
    expected[6] = {"generation.disk_full"}
    assert codes == expected
    assert peopled.strays() == {peopled.name(9): "file.orphan"}
    if clean is not None:
        assert [row[0] for row in observed()["ledger"]] == [row[0] for row in clean["ledger"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", range(1, 12))
def test_a_query_that_fails_is_a_condition_and_loses_nothing(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    peopled.run()
    (peopled.root / peopled.name(1)).unlink()
    peopled.host.update(4, error_message="old")
    peopled.row(8)
    real = Connection.rows
    asked: list[str] = []

    def rows(connection: Connection, sql: str, parameters: Any = ()) -> Any:
        asked.append(sql)
        if len(asked) == number:
            raise HostUnavailable(Problem.UNREACHABLE, connection.url)
        return real(connection, sql, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(Connection, "rows", rows)
        row = peopled.run()
    assert row.outcome == ("failed" if number <= len(asked) else "complete")
    assert Pass.objects.latest("id").pk == row.pk
    peopled.run()
    assert (peopled.cause(1), peopled.cause(8), peopled.conditions()) == ("file.deleted", "file.never_written", set())
    assert "file.corrupt" in peopled.codes(4)


@pytest.mark.parametrize("error", [errno.EAGAIN, errno.ENOMEM, errno.ENOENT])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_helper_that_cannot_be_started_takes_no_file_with_it(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, error: int
) -> None:
    """Neither at the beginning of a pass nor when it is asked again, before a file is called missing."""
    peopled.run()
    before = observed()
    real, started = subprocess.Popen, []

    def popen(*arguments: Any, **options: Any) -> Any:
        started.append(1)
        if len(started) >= number:
            raise OSError(error, os.strerror(error))
        return real(*arguments, **options)

    monkeypatch.setattr(store, "asker", lambda: Helper(str(tmp_path / "store.lock")))
    (peopled.root / peopled.name(1)).unlink()
    peopled.later(minutes=2)
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", popen)
        row = peopled.run()
    assert row.conditions[0]["detail"]["problem"] == "no_helper"
    assert peopled.codes(1) == set()
    peopled.later(minutes=2)
    peopled.run()
    assert peopled.cause(1) == "file.deleted"
    peopled.file(peopled.name(1))
    peopled.later(minutes=2)
    peopled.run()
    assert observed() == before

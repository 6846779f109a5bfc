"""A store that hangs: said within two seconds, at the cost of one helper, and over when it answers again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from diagnostics import store
from diagnostics.examine import Examination, examine
from diagnostics.models import Finding
from diagnostics.probes import store_client
from diagnostics.probes.store_client import Helper, StoreSilent
from tests.faults.hang import Hang, children, eventually, has_ended, put_in, stopped, threads, within
from tests.reconcile.scene import Scene, observed

pytestmark = pytest.mark.django_db
SECONDS = 2.0
MISSING = ("file.deleted", "file.never_written", "path.missing", "file.misplaced")
LOOKS = ("stat", "lstat", "scandir", "open", "pread")


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """Whole, missing, pending, generating and failed, each seen by a pass."""
    scene.now = timezone.now().replace(microsecond=0)
    scene.session(1)
    scene.row(2)
    scene.pending(3, ago=timedelta(minutes=2))
    scene.pending(4, ago=timedelta(minutes=40), status="generating", progress=10)
    scene.file(f"{scene.name(4)}.tmp", b"RIFF", ago=timedelta(seconds=5))
    scene.failed(5)
    scene.run()
    return scene


@pytest.fixture
def hang(tmp_path: Path) -> Iterator[Hang]:
    made = Hang(tmp_path / "hang")
    yield made
    made.end()
    for helper in made.made:
        helper.close()


@pytest.fixture
def helper(hang: Hang, peopled: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Helper:
    """The helper that this process asks, already at work."""
    made = hang.helper(tmp_path / "store.lock")
    put_in(monkeypatch, made)
    assert examine("1").problems == ()
    return made


def codes(found: Examination) -> set[str]:
    return {finding.code for finding in found.diagnosis.findings} if found.diagnosis else set()


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_that_hangs_is_unknown_and_no_absence(
    peopled: Scene, hang: Hang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    hang.name = name
    put_in(monkeypatch, hang.helper(tmp_path / "store.lock"))
    assert examine("1").problems == ()
    hang.begin()
    for key in ("1", "2", "3", "4", "5"):
        with within(SECONDS):
            found = examine(key)
        assert found.diagnosis is not None
        assert codes(found).isdisjoint(
            {*MISSING, "worker.stalled", "worker.not_picked_up", "rule.crashed"} - _so(key, name)
        )
    assert len(hang.looks) <= 1


def _so(key: str, name: str) -> set[str]:
    """The second session's file is not there, which is known without opening or reading anything."""
    return {"file.never_written"} if key == "2" and name in ("open", "pread") else set()


def test_it_is_the_same_session_when_the_store_answers(peopled: Scene, helper: Helper) -> None:
    assert [codes(examine(key)) for key in ("1", "2", "3", "4", "5")] == [
        set(), {"file.never_written"}, set(), set(), {"generation.disk_full"},
    ]  # fmt: skip


def test_it_costs_one_helper_and_no_thread_and_no_second_look(peopled: Scene, hang: Hang, helper: Helper) -> None:
    before = children(), threads()
    hang.begin()
    for _ in range(3):
        assert examine("1").problems[0].code == "store.timeout"
    with within(0.5):  # after the first time-out nobody waits
        assert [examine("1").diagnosis.cause for _ in range(5)] == ["storage.unavailable"] * 5  # type: ignore[union-attr]
    assert (children(), threads(), hang.looks) == (*before, [helper.pid])


def test_several_at_once_wait_for_one_look(peopled: Scene, hang: Hang, helper: Helper) -> None:
    hang.begin()
    silent: list[float] = []

    def ask() -> None:
        begun = time.monotonic()
        with pytest.raises(StoreSilent):
            store.ask("look", str(peopled.root), peopled.name(1), timezone.now(), False, seconds=0.7)
        silent.append(time.monotonic() - begun)

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(5)
    assert len(silent) == 8
    assert max(silent) < SECONDS
    assert hang.looks == [helper.pid]


def test_it_tells_since_when_and_forgets_it_when_the_store_answers(peopled: Scene, hang: Hang, helper: Helper) -> None:
    begun = timezone.now()
    hang.begin()
    first, second = examine("1").problems[0].values["since_at"], examine("1").problems[0].values["since_at"]
    assert first == second
    assert begun <= first <= timezone.now()  # type: ignore[operator]
    pid = helper.pid
    hang.end()
    found = examine("1")
    assert (found.problems, codes(found), helper.pid) == ((), set(), pid)


def test_a_helper_that_is_stopped_is_the_same(peopled: Scene, helper: Helper) -> None:
    """The second way to hang: the process itself stands still, whatever it was doing."""
    assert helper.pid is not None
    os.kill(helper.pid, signal.SIGSTOP)
    stopped(helper.pid)
    with within(SECONDS):
        found = examine("1")
    assert (codes(found), found.problems[0].code) == ({"storage.unavailable"}, "store.timeout")
    os.kill(helper.pid, signal.SIGCONT)
    assert eventually(lambda: examine("1").problems == ())


def test_a_helper_that_dies_is_replaced_within_the_same_look(peopled: Scene, helper: Helper) -> None:
    first = helper.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    found = examine("1")
    assert (found.problems, codes(found)) == ((), set())
    assert helper.pid not in (None, first)


def test_a_helper_that_does_not_come_back_is_told_to_end_after_a_minute(
    peopled: Scene, hang: Hang, helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang.begin()
    examine("1")
    first = helper.pid
    monkeypatch.setattr(store_client, "GIVEN_UP_SECONDS", 0.0)
    examine("1")
    assert eventually(lambda: has_ended(first or 0))
    hang.end()
    assert eventually(lambda: examine("1").problems == ())
    assert helper.pid != first


def test_another_process_is_told_at_once_and_looks_at_nothing(
    peopled: Scene, hang: Hang, helper: Helper, tmp_path: Path
) -> None:
    """A second helper, as of another web process, finds that the first one's look hangs."""
    hang.begin()
    examine("1")
    other = hang.helper(tmp_path / "store.lock")
    with pytest.raises(StoreSilent):
        other.ask("look", str(peopled.root), peopled.name(1), timezone.now(), False, seconds=1.5)
    with within(0.4), pytest.raises(StoreSilent) as told:
        other.ask("look", str(peopled.root), peopled.name(1), timezone.now(), False, seconds=0.3)
    assert abs((told.value.since - examine("1").problems[0].values["since_at"]).total_seconds()) < 1.0  # type: ignore[operator]
    assert hang.looks == [helper.pid]
    hang.end()
    assert eventually(lambda: examine("1").problems == ())
    assert other.ask("look", str(peopled.root), peopled.name(1), timezone.now(), False, seconds=1.0).size_bytes > 0


def test_the_lock_dies_with_its_holder(peopled: Scene, hang: Hang, helper: Helper, tmp_path: Path) -> None:
    hang.begin()
    examine("1")
    assert helper.pid is not None
    os.kill(helper.pid, signal.SIGKILL)
    hang.end()
    other = hang.helper(tmp_path / "store.lock")
    assert other.ask("check", str(peopled.root), timezone.now(), seconds=2.0).facts.problem == ""


def test_no_helper_stays_behind_when_its_parent_is_killed(peopled: Scene, hang: Hang, tmp_path: Path) -> None:
    """Also one that hangs: what the kernel lets die, dies."""
    hang.begin()
    script = (
        "import sys; sys.path.insert(0, {!r}); from datetime import *; from diagnostics.probes.store_client import *\n"
        "helper = Helper({!r}, {!r})\n"
        "try: helper.ask('look', {!r}, {!r}, datetime.now(UTC), False, seconds=1.0)\n"
        "except StoreSilent: print(helper.pid, flush=True)\n"
        "sys.stdin.read()"
    ).format(
        store_client.PROJECT,
        str(tmp_path / "store.lock"),
        hang.helper(tmp_path / "unused.lock").command,
        str(peopled.root),
        peopled.name(1),
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert psutil.pid_exists(pid)
    parent.kill()
    parent.wait()
    assert eventually(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_a_pass_does_not_begin_to_list_a_root_that_hangs(
    peopled: Scene, hang: Hang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, findings = observed(), list(Finding.objects.order_by("id").values())
    hang.name = "scandir"
    put_in(monkeypatch, hang.helper(tmp_path / "store.lock"))
    monkeypatch.setattr(store, "PASS_SECONDS", 0.5)
    hang.begin()
    peopled.later(minutes=2)
    row = peopled.run()
    assert (row.outcome, row.conditions[0]["code"], row.conditions[0]["detail"]["problem"]) == (
        "complete", "storage.unavailable", "timeout",
    )  # fmt: skip
    assert list(Finding.objects.order_by("id").values()) == findings
    assert peopled.entry(1).verdict == "unknown"
    hang.end()
    peopled.later(minutes=2)
    assert (peopled.run().conditions, observed()) == ([], before)


@pytest.mark.parametrize(("language", "words"), [("en", "has not answered since"), ("zh-hans", "起没有响应")])
def test_the_page_comes_at_once_and_its_chain_says_what_is_unknown(
    peopled: Scene, hang: Hang, helper: Helper, sam: Client, language: str, words: str
) -> None:
    sam.cookies["language"] = language
    sam.get("/sessions/1")  # templates are read once
    hang.begin()
    with within(0.3):
        page = sam.get("/sessions/1")
    with within(SECONDS):
        fragment = sam.get("/examinations/1", headers={"HX-Request": "true"})
    assert (page.status_code, fragment.status_code) == (200, 200)
    text = fragment.content.decode()
    assert words in text
    assert {"en": "Unknown", "zh-hans": "未知"}[language] in text
    assert {"en": "so the file was not checked", "zh-hans": "没有检查文件"}[language] in text
    assert connection.is_usable()

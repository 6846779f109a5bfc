"""Whole worker processes on a database of their own: they stop when told, take over, and outlive trouble."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of a worker process: its own database, an empty host, the schedule of this file."""
    (tmp_path / "audio").mkdir()
    values = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-the-tests-of-the-worker-0123456789-abcdefghij",
        "DEBUG": "on",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "AUDIO_ROOT": str(tmp_path / "audio"),
        "PYTHONUNBUFFERED": "1",
        "SNAPSHOT_INTERVAL_SECONDS": "1",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=values, check=True)
    return values


@pytest.fixture
def started(surroundings: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start workers; those that still run at the end are killed."""
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def asked(surroundings: dict[str, str], code: str) -> str:
    """Run a few lines against the worker's database and return what they print."""
    lines = (
        f"import django; django.setup()\nfrom diagnostics.models import *\nfrom django.utils import timezone\n{code}"
    )
    environment = {**surroundings, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", lines], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def wait_until(surroundings: dict[str, str], condition: str, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while asked(surroundings, f"print(bool({condition}))") != "True":
        assert time.monotonic() < ends, condition
        time.sleep(0.2)


SNAPSHOT_DONE = "RecurringTask.objects.filter(name='snapshot', outcome='done')"


class TestProcess:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_it_works_until_told_to_stop_and_ends_at_once(
        self,
        number: signal.Signals,
        surroundings: dict[str, str],
        started: Callable[[], subprocess.Popen[str]],
    ) -> None:
        worker = started()
        wait_until(surroundings, SNAPSHOT_DONE)
        assert (
            asked(surroundings, "from diagnostics.notes import worker_is_alive as a; print(a(timezone.now()))")
            == "True"
        )
        begun = time.monotonic()
        worker.send_signal(number)
        output, _ = worker.communicate(timeout=60)
        assert time.monotonic() - begun < 8
        assert worker.returncode == 0
        assert "Traceback" not in output
        assert asked(surroundings, "print(RecurringTask.objects.exclude(holder='').count())") == "0"
        assert (
            asked(surroundings, "from diagnostics.notes import worker_is_alive as a; print(a(timezone.now()))")
            == "False"
        )

    def test_what_a_killed_worker_held_is_taken_over_and_not_before(
        self, surroundings: dict[str, str], started: Callable[[], subprocess.Popen[str]]
    ) -> None:
        times = "from datetime import timedelta\n"
        lease = "lease_until=timezone.now() + timedelta(seconds={})"
        held = (
            "RecurringTask.objects.create(name='snapshot', holder='dead', outcome='running', next_at=timezone.now(), "
        )
        asked(surroundings, times + held + lease.format(600) + ")")
        started()
        wait_until(surroundings, "RecurringTask.objects.filter(name='sample', outcome='done')")
        assert asked(surroundings, "print(RecurringTask.objects.get(name='snapshot').holder)") == "dead"
        asked(surroundings, times + "RecurringTask.objects.filter(name='snapshot').update(" + lease.format(-1) + ")")
        wait_until(surroundings, SNAPSHOT_DONE)
        taken_over = "print(RecurringTask.objects.get(name='snapshot').taken_over_at is not None)"
        assert asked(surroundings, taken_over) == "True"

    def test_it_outlives_trouble_with_its_own_database(
        self, surroundings: dict[str, str], started: Callable[[], subprocess.Popen[str]]
    ) -> None:
        worker = started()
        wait_until(surroundings, SNAPSHOT_DONE)
        rename = "from django.db import connection as c; c.cursor().execute('ALTER TABLE {} RENAME TO {}')"
        asked(surroundings, rename.format("diagnostics_recurringtask", "away"))
        time.sleep(2)
        assert worker.poll() is None
        asked(surroundings, rename.format("away", "diagnostics_recurringtask"))
        since = asked(surroundings, "print(repr(timezone.now().isoformat()))")
        wait_until(surroundings, f"RecurringTask.objects.filter(name='snapshot', finished_at__gt={since})")

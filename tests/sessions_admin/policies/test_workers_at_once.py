"""Several workers look at one policy at the same moment: there is one run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host_database import made_on

ROOT = Path(__file__).resolve().parents[3]
WORKERS = 3
BEGINNING = "import django\ndjango.setup()\nfrom django.utils import timezone\n"
PREPARING = (
    BEGINNING
    + """
from diagnostics.reconcile import run_pass
from sessions_admin.models import Policy
from sessions_admin.policies.terms import Terms
run_pass()
terms = Terms(age_days=30, hold_days=14, most_files=3, most_gigabytes=1).kept
now = timezone.now()
Policy.objects.create(name="orphans", is_on=True, terms=terms, digest="d", approved_by="ada", approved_at=now)
"""
)
WORKING = (
    BEGINNING
    + """
import threading
from sessions_admin.policies.rounds import work_on_policies
print("ready", flush=True)
input()
work_on_policies(timezone.now(), threading.Event())
"""
)
COUNTING = (
    BEGINNING
    + """
from sessions_admin.models import ActionPlan, Run
print(Run.objects.count(), ActionPlan.objects.count(), Run.objects.get().plan.to_do)
"""
)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A dashboard with a database of its own, a host with one session, and one old orphan in its audio folder."""
    for folder in ("own", "host", "audio"):
        (tmp_path / folder).mkdir()
    orphan = tmp_path / "audio" / "long_sequence_901_20261101_101500.wav"
    orphan.write_bytes(b"RIFF")
    os.utime(orphan, (1_700_000_000, 1_700_000_000))
    with made_on("sqlite", tmp_path / "own") as own, made_on("sqlite", tmp_path / "host") as host:
        host.create_table()
        host.insert_failed(5)
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        key = "only-for-the-tests-of-databases-0123456789-abcdefghij"
        yield {
            **kept, "ENV_FILE": os.devnull, "SECRET_KEY": key, "DEBUG": "on", "DATABASE_URL": own.url,
            "HOST_DATABASE_URL": host.url, "AUDIO_ROOT": str(tmp_path / "audio"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip


def test_they_make_one_run(environment: dict[str, str]) -> None:
    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    python("manage.py", "migrate", "--verbosity=0")
    python("-c", PREPARING)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": environment}
    workers = [subprocess.Popen([sys.executable, "-c", WORKING], **pipes) for _ in range(WORKERS)]  # type: ignore[call-overload]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert [worker.wait(60) for worker in workers] == [0] * WORKERS
    assert python("-c", COUNTING) == "1 1 1"

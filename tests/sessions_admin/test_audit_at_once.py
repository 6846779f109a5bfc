"""Many who write the audit at once leave one chain, on each engine that may carry the dashboard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host_database import ENGINES, HostDatabase, made_on

ROOT = Path(__file__).resolve().parents[2]
WRITERS, ENTRIES = 4, 25
WRITING = """
import sys, django
django.setup()
from django.utils import timezone
from sessions_admin.models import AuditEntry
for number in range(int(sys.argv[2])):
    AuditEntry(at=timezone.now(), operation=sys.argv[1], number=number, actor="sam", action="reset", outcome="done",
               reason="内存 🙈", before={"status": "failed"}, values={"session": "5"}).save()
"""


@pytest.fixture(params=[pytest.param(engine, marks=pytest.mark.databases) for engine in ENGINES])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    with made_on(request.param, tmp_path) as own:
        yield of_dashboard(own)


def of_dashboard(own: HostDatabase) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    key = "only-for-the-tests-of-databases-0123456789-abcdefghij"
    settings = {"ENV_FILE": os.devnull, "SECRET_KEY": key, "DEBUG": "on", "DATABASE_URL": own.url}
    return {**kept, **settings, "DJANGO_SETTINGS_MODULE": "config.settings"}


def test_their_entries_stand_in_one_chain(environment: dict[str, str]) -> None:
    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    manage("migrate", "--verbosity=0")
    command = [sys.executable, "-c", WRITING]
    writers = [
        subprocess.Popen([*command, f"writer {number}", str(ENTRIES)], cwd=ROOT, env=environment)
        for number in range(WRITERS)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * WRITERS
    found = json.loads(manage("audit", "verify", "--json"))
    assert (found["entries"], found["broken"]) == (WRITERS * ENTRIES, None)

"""Two people who pause at the same moment make one pause: on MariaDB, which knows no index of a part of a table."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host_database import made_on
from tests.sessions_admin.test_audit_at_once import of_dashboard

ROOT = Path(__file__).resolve().parents[2]
# Waits for the moment, then pauses and ends it, five times; says how many pauses stand, and how many entries are its own.
SWITCHING = """
import json, sys, time, django
django.setup()
from datetime import timedelta
from django.contrib.auth.models import Group, User
from django.utils import timezone
from sessions_admin import pausing
from sessions_admin.models import AuditEntry, Pause
name = sys.argv[1]
person, _made = User.objects.get_or_create(username=name)
person.groups.add(Group.objects.get(name="engineer"))
by, told = pausing.By(person, "at once", ""), pausing.Terms(timezone.now() + timedelta(hours=1), "en", "中文", "us")
print("ready", flush=True)
sys.stdin.readline()
for _round in range(5):
    try:
        pause = pausing.begin(told, by, timezone.now())
        pausing.end(pause.seen, by, timezone.now())
    except pausing.PauseRefused:
        pass
print(json.dumps([Pause.objects.filter(is_open=True).count(), AuditEntry.objects.filter(actor=name).count()]))
"""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with made_on("mysql", tmp_path) as own:
        yield of_dashboard(own)


@pytest.mark.databases
def test_there_is_one_at_most_however_many_switch(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)
    people = [
        subprocess.Popen(
            [sys.executable, "-c", SWITCHING, name], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for name in ("eve", "ada")
    ]  # fmt: skip
    for person in people:
        assert person.stdout is not None
        assert person.stdout.readline() == "ready\n"
    ends = []
    for person in people:
        assert person.stdin is not None
        person.stdin.write("now\n")
        person.stdin.flush()
    for person in people:
        told, _complaints = person.communicate(timeout=60)
        assert person.returncode == 0
        ends.append(json.loads(told))
    assert [standing <= 1 for standing, _entries in ends] == [True, True]
    # Each round left two decisions, or one refusal.
    assert all(5 <= entries <= 10 for _standing, entries in ends), ends

"""Many at once, on each engine that may carry the dashboard: one chain of the audit, one run of a plan, one answer to it, one pause."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.host_database import ENGINES, HostDatabase, made_on

FORMS, ASKED = 20, 6  # as tests.sessions_admin.runs.racing has them

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


@pytest.fixture(scope="module", params=[pytest.param(engine, marks=pytest.mark.databases) for engine in ENGINES])
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A dashboard's own database with its tables, empty at first."""
    with made_on(request.param, tmp_path_factory.mktemp("own")) as own:
        made = of_dashboard(own)
        told_by(made, "manage.py", "migrate", "--verbosity=0")
        yield made


def of_dashboard(own: HostDatabase) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    key = "only-for-the-tests-of-databases-0123456789-abcdefghij"
    settings = {"ENV_FILE": os.devnull, "SECRET_KEY": key, "DEBUG": "on", "DATABASE_URL": own.url}
    return {**kept, **settings, "DJANGO_SETTINGS_MODULE": "config.settings"}


def told_by(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_their_entries_stand_in_one_chain(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", WRITING]
    writers = [
        subprocess.Popen([*command, f"writer {number}", str(ENTRIES)], cwd=ROOT, env=environment)
        for number in range(WRITERS)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * WRITERS
    found = json.loads(told_by(environment, "manage.py", "audit", "verify", "--json"))
    assert (found["entries"], found["broken"]) == (WRITERS * ENTRIES, None)


def test_there_is_one_pause_at_most_however_many_switch(environment: dict[str, str]) -> None:
    people = [
        subprocess.Popen(
            [sys.executable, "-c", SWITCHING, name], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for name in ("pat", "kim")
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


def test_a_plan_has_one_run_and_an_asked_run_one_answer(environment: dict[str, str]) -> None:
    told = json.loads(told_by(environment, "-m", "tests.sessions_admin.runs.racing"))
    assert told["forms"] == {"statuses": {"302": FORMS}, "runs": 1, "begun": 1}
    assert len(told["answers"]) == ASKED
    for answer in told["answers"]:
        assert_one_counts(answer)


def assert_one_counts(answer: dict[str, Any]) -> None:
    """Of all answers one was taken, and stands in the audit; only a run that was approved is told to stop as well."""
    answers = [decision for decision in answer["decisions"] if decision != "run_abort"]
    taken = [kind for kind in answer["taken"] if kind in ("approved", "declined")]
    assert len(answers) == len(taken) <= 1
    assert answer["state"] == ("queued" if taken == ["approved"] else "aborted")
    assert len(answer["decisions"]) == 1 or taken == ["approved"]

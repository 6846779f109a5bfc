"""Two workers that group and send at the same moment, on SQLite and PostgreSQL: every message goes once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.host_database import made_on
from tests.servers.hook_receiver import SECRET, hook_receiver
from tests.sessions_admin.test_at_once import ROOT, of_dashboard, told_by

CHANNELS, EPISODES = 6, 5
PREPARING = """
import sys, django; django.setup()
from datetime import timedelta
from django.utils import timezone
from diagnostics.models import Episode
from sessions_admin.models import Channel
at = timezone.now() - timedelta(minutes=10)
for number in range(int(sys.argv[3])):
    told = {"secret": sys.argv[2], "made_at": at, "made_by": "ada"}
    Channel.objects.create(name=f"hook {number}", kind="webhook", target=f"{sys.argv[1]}?{number}", **told)
for number in range(int(sys.argv[4])):
    Episode.objects.create(rule="part_down", subject=str(number), begun_at=at, fired_at=at)
"""
# Waits for the moment, then works until nothing waits.
WORKING = """
import sys, threading, time, django; django.setup()
from django.utils import timezone
from sessions_admin.alerting import grouping, outbox, sending
print("ready", flush=True)
sys.stdin.readline()
for _round in range(8):
    grouping.group(timezone.now(), threading.Event())
    sending.notify(timezone.now(), threading.Event())
"""


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.databases)])
def test_every_message_goes_once(engine: str, tmp_path: Path) -> None:
    with made_on(engine, tmp_path) as own, hook_receiver() as receiver:
        environment = of_dashboard(own)
        told_by(environment, "manage.py", "migrate", "--verbosity=0")
        told_by(environment, "-c", PREPARING, receiver.url, SECRET, str(CHANNELS), str(EPISODES))
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORKING], cwd=ROOT, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )
            for _ in range(2)
        ]  # fmt: skip
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            worker.communicate("now\n", timeout=60)
            assert worker.returncode == 0
        assert len(receiver.keys) == len(set(receiver.keys)) == CHANNELS
        assert {len(event["alerts"]) for event in receiver.events} == {EPISODES}

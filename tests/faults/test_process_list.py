"""What is kept of the generators that samples see, and a process list that hangs."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics import generators, housekeeping, sampling
from diagnostics.models import GeneratorSighting
from tests.faults.generators import Studio, studio_in, wait_for
from tests.faults.test_workers import HOURS_AGO, called, told
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio(tmp_path: Path, settings: Settings) -> Iterator[Studio]:
    with studio_in(tmp_path) as studio:
        settings.GENERATOR_PROCESS = studio.pattern
        yield studio


def test_a_sample_keeps_each_once_with_its_last_sight(studio: Studio) -> None:
    now = timezone.now()
    first, second = studio.start("a"), studio.start("b")
    generators.note_sightings(now)
    second.end()
    generators.note_sightings(now + timedelta(minutes=1))
    rows = {row.pid: row for row in GeneratorSighting.objects.all()}
    assert set(rows) == {first.pid, second.pid}
    assert (rows[first.pid].seen_at, rows[first.pid].missed_at) == (now + timedelta(minutes=1), None)
    assert (rows[second.pid].seen_at, rows[second.pid].missed_at) == (now, now + timedelta(minutes=1))


def test_nothing_is_kept_without_a_pattern(studio: Studio, settings: Settings) -> None:
    studio.start("a")
    settings.GENERATOR_PROCESS = ""
    generators.note_sightings(timezone.now())
    assert not GeneratorSighting.objects.exists()


def test_one_that_another_pattern_no_longer_names_is_not_gone(studio: Studio, settings: Settings) -> None:
    studio.start("a")
    generators.note_sightings(timezone.now())
    settings.GENERATOR_PROCESS = "nothing runs under this name"
    generators.note_sightings(timezone.now())
    assert GeneratorSighting.objects.get().missed_at is None
    assert generators.look(timezone.now()).gone == ()


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "no"), OSError(errno.EIO, "no"), RuntimeError("odd")])
def test_one_that_cannot_be_looked_at_is_not_gone(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Neither by the process list, which has another generator to show, nor by its number."""
    now = timezone.now()
    first, second = studio.start("a"), studio.start("b")
    generators.note_sightings(now)
    real = psutil.Process

    def refused(number: int) -> psutil.Process:
        if number == first.pid:
            raise error
        return real(number)

    monkeypatch.setattr(psutil, "Process", refused)
    later = now + timedelta(minutes=1)
    generators.note_sightings(later)
    assert [one.pid for one in generators.look(later).alive] == [second.pid]
    assert generators.look(later).gone == ()
    assert not GeneratorSighting.objects.exclude(missed_at=None).exists()
    studio.started.remove(second)
    second.end()
    assert generators.look(later).problem == "unreadable"


def test_secrets_in_its_command_line_are_hidden(settings: Settings) -> None:
    secret = f"--db-password=hunter2-{uuid.uuid4().hex}"
    settings.GENERATOR_PROCESS = secret
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)", secret]) as process:
        wait_for(lambda: psutil.Process(process.pid).cmdline()[-1:] == [secret])
        generators.note_sightings(timezone.now())
        process.kill()
    kept = GeneratorSighting.objects.get()
    assert kept.command.endswith("time.sleep(60) --db-password=[hidden]")


def test_the_worker_s_samples_keep_them(studio: Studio) -> None:
    generator = studio.start("a")
    sampling.take_sample(timezone.now())
    assert GeneratorSighting.objects.get().pid == generator.pid


def test_old_sightings_are_forgotten(studio: Studio) -> None:
    studio.start("a")
    now = timezone.now()
    generators.note_sightings(now - timedelta(days=9))
    assert housekeeping.forget_old(now - timedelta(days=2), threading.Event()) == 0
    assert housekeeping.forget_old(now, threading.Event()) == 1


def test_who_waits_is_told_whether_a_generator_is_alive(scene: Scene, studio: Studio, settings: Settings) -> None:
    scene.now = timezone.now()
    scene.session(9)
    scene.pending(1, ago=HOURS_AGO)
    diagnosis = called(scene)
    assert (diagnosis.cause, told(diagnosis)["generator processes"]) == ("worker.not_picked_up", "0")
    generator = studio.start("a")
    diagnosis = called(scene)
    assert diagnosis.cause == "worker.not_picked_up"
    assert told(diagnosis)["generator alive"].startswith(f"{generator.pid} ")
    settings.GENERATOR_PROCESS = ""
    assert not any(line.source == "process" for line in called(scene).evidence)


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A process list in which the command line of one process never comes, as of one that the kernel holds."""
    listed = tmp_path / "proc" / "4711"
    listed.mkdir(parents=True)
    for name in ("stat", "uptime"):
        shutil.copy(f"/proc/{name}", listed.parent / name)
    (listed / "stat").write_text(Path("/proc/self/stat").read_text().replace(str(os.getpid()), "4711", 1))
    os.mkfifo(listed / "cmdline")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(listed.parent))
    yield listed / "cmdline"
    with (listed / "cmdline").open("wb"):  # whoever waits reads nothing, and ends
        pass
    wait_for(lambda: not generators.LOOKING.locked())


def test_a_process_list_that_hangs_is_unknown_in_time_and_costs_one_thread(
    scene: Scene, studio: Studio, hanging: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generators, "PASS_SECONDS", 0.5)
    monkeypatch.setattr(generators, "LIVE_SECONDS", 0.5)
    scene.now = timezone.now()
    scene.session(9)
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    threads = threading.active_count()
    begun = time.monotonic()
    diagnosis = called(scene)
    assert time.monotonic() - begun < 5
    assert (diagnosis.cause, diagnosis.findings[0].values["generator"]) == ("worker.stalled", "unknown")
    generators.note_sightings(scene.now, seconds=0.1)
    assert not GeneratorSighting.objects.exists()
    assert threading.active_count() <= threads + 1

"""Generators that really die, stop and hang, and those that only look so: what pass and page call their sessions."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics import generators
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Confidence
from diagnostics.examine import examine
from diagnostics.models import GeneratorSighting
from tests.faults.generators import Generator, Studio, studio_in, wait_for
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
HOURS_AGO = timedelta(hours=3)


@pytest.fixture
def studio(scene: Scene, settings: Settings) -> Iterator[Studio]:
    """Generators write where the scene's audio lies; the scene's clock is the machine's."""
    scene.now = timezone.now()
    scene.session(9)
    with studio_in(scene.root) as studio:
        settings.GENERATOR_PROCESS = studio.pattern
        yield studio


def called(scene: Scene, key: int = 1) -> Diagnosis:
    """What the page calls a session, before the next pass and after it; the pass says the same."""
    before = examine(str(key), clock=lambda: scene.now).diagnosis
    scene.run()
    after = examine(str(key), clock=lambda: scene.now).diagnosis
    assert before is not None
    assert after is not None
    entry = scene.entry(key)
    seen = [(d.cause or "", str(d.state), str(d.confidence), {f.code for f in d.findings}) for d in (before, after)]
    assert seen[0] == seen[1] == (entry.cause, entry.state, entry.confidence, scene.codes(key))
    return after


def told(diagnosis: Diagnosis) -> dict[str, str]:
    """The evidence by its facts; of several lines of one fact the last."""
    return {line.fact: line.value for line in diagnosis.evidence}


def composing(scene: Scene, studio: Studio) -> Generator:
    """A session that a real generator is at; its row has not been touched for hours."""
    generator = studio.start(f"{scene.name(1)}.tmp")
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    scene.now = timezone.now()
    return generator


def stop(generator: Generator) -> None:
    os.kill(generator.pid, signal.SIGSTOP)
    wait_for(lambda: generator.is_in_state(psutil.STATUS_STOPPED))


def written(path: Path, ago: timedelta) -> None:
    stamp = (timezone.now() - ago).timestamp()
    os.utime(path, (stamp, stamp))


def begun_just_now(scene: Scene, studio: Studio) -> Generator:
    """A session whose row was written just after its generator was started, which a sample saw; it hangs since then."""
    generator = composing(scene, studio)
    stop(generator)
    scene.host.update(1, updated_at=scene.now.strftime("%Y-%m-%d %H:%M:%S.%f"))
    scene.later(minutes=2)
    generators.note_sightings(scene.now)
    scene.run()
    return generator


def test_a_row_untouched_for_hours_whose_file_just_grew_is_at_work(scene: Scene, studio: Studio) -> None:
    composing(scene, studio)
    diagnosis = called(scene)
    assert (diagnosis.cause, diagnosis.state) == (None, "generating")


def test_it_crashed_when_it_was_killed(scene: Scene, studio: Studio) -> None:
    generator = begun_just_now(scene, studio)
    generator.end()
    scene.later(minutes=20)
    diagnosis = called(scene)
    assert (diagnosis.cause, diagnosis.confidence) == ("worker.crashed", Confidence.CERTAIN)
    assert diagnosis.actions == ("reset_stuck", "mark_failed")
    assert told(diagnosis)["generator last seen alive"].startswith(f"{generator.pid} ")
    assert told(diagnosis)["generator gone"] == str(generator.pid)
    assert diagnosis.findings[0].values["pid"] == generator.pid


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("last seen alive on", "generator gone", "process {pid} is gone")),
        ("zh-hans", ("最后一次看到它在运行", "已不在的生成进程", "生成进程 {pid} 已经不在")),
    ],
)
def test_its_page_says_who_died_and_when_it_was_seen_last(
    scene: Scene, studio: Studio, sam: Client, language: str, words: tuple[str, ...]
) -> None:
    generator = begun_just_now(scene, studio)
    generator.end()
    minutes_ago = {"created_at": scene.text(ago=HOURS_AGO), "updated_at": scene.text(ago=timedelta(minutes=20))}
    scene.host.update(1, **minutes_ago)
    written(generator.path, timedelta(minutes=20))
    GeneratorSighting.objects.update(started_at=F("started_at") - HOURS_AGO)
    sam.cookies["language"] = language
    page = sam.get("/sessions/1?examine=1").content.decode()
    for word in words:
        assert word.format(pid=generator.pid) in page


def test_it_crashed_when_it_ended_of_itself(scene: Scene, studio: Studio) -> None:
    generator = studio.start(f"{scene.name(1)}.tmp", times=1)
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    generator.process.wait(10)
    scene.now = timezone.now() + timedelta(minutes=20)
    diagnosis = called(scene)
    assert (diagnosis.cause, diagnosis.confidence) == ("worker.crashed", Confidence.LIKELY)


def test_a_zombie_is_dead(scene: Scene, studio: Studio) -> None:
    generator = begun_just_now(scene, studio)
    generator.process.kill()
    wait_for(lambda: generator.is_in_state(psutil.STATUS_ZOMBIE))
    scene.later(minutes=20)
    assert called(scene).cause == "worker.crashed"


def test_it_is_stalled_while_it_is_stopped_and_at_work_when_it_goes_on(scene: Scene, studio: Studio) -> None:
    generator = composing(scene, studio)
    stop(generator)
    written(generator.path, timedelta(minutes=20))
    diagnosis = called(scene)
    assert (diagnosis.cause, diagnosis.confidence) == ("worker.stalled", Confidence.LIKELY)
    assert told(diagnosis)["generator alive"].endswith("(stopped)")
    assert diagnosis.findings[0].values["generator"] == "stopped"
    size = generator.path.stat().st_size
    os.kill(generator.pid, signal.SIGCONT)
    wait_for(lambda: generator.path.stat().st_size > size)
    assert called(scene).state == "generating"


def test_a_file_that_grows_is_movement_though_its_time_stands(scene: Scene, studio: Studio) -> None:
    """As on a file system whose times lag behind; only a look before can tell, the pass's or the page's."""
    generator = composing(scene, studio)
    stop(generator)
    written(generator.path, timedelta(hours=1))
    assert called(scene).cause == "worker.stalled"
    with generator.path.open("ab") as file:
        file.write(b"x" * 4096)
    written(generator.path, timedelta(hours=1))
    assert called(scene).state == "generating"
    scene.later(minutes=14)
    assert called(scene).state == "generating"
    scene.later(minutes=2)
    assert called(scene).cause == "worker.stalled"


def test_a_file_that_was_cut_or_dated_ahead_is_no_movement(scene: Scene, studio: Studio) -> None:
    generator = composing(scene, studio)
    stop(generator)
    written(generator.path, timedelta(hours=1))
    assert called(scene).cause == "worker.stalled"
    os.truncate(generator.path, 100)
    written(generator.path, timedelta(hours=-1))
    assert called(scene).cause == "worker.stalled"


def test_a_file_dated_ahead_hides_no_other(scene: Scene, studio: Studio) -> None:
    composing(scene, studio)
    scene.file(f"{scene.name(1)}.part", b"RIFF", ago=timedelta(hours=-1))
    assert called(scene).state == "generating"


def test_progress_is_movement_though_updated_at_stands(scene: Scene, studio: Studio) -> None:
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    assert called(scene).cause == "worker.crashed"
    scene.host.update(1, progress_percentage=11)
    assert called(scene).state == "generating"
    scene.later(minutes=16)
    assert called(scene).cause == "worker.crashed"


def test_another_generator_that_was_started_later_is_said(scene: Scene, studio: Studio) -> None:
    """Any generator alive is a generator alive; that it cannot have been at this session is evidence beside it."""
    first = begun_just_now(scene, studio)
    first.end()
    studio.start("another.tmp")
    scene.host.update(1, updated_at=scene.text(ago=timedelta(minutes=30)))
    first.path.unlink()
    scene.later(minutes=20)
    GeneratorSighting.objects.update(started_at=scene.now - timedelta(hours=4))
    diagnosis = called(scene)
    assert diagnosis.cause == "worker.stalled"
    assert "started after the last movement" in told(diagnosis)
    assert told(diagnosis)["generator last seen alive"].startswith(f"{first.pid} ")


def test_without_a_pattern_nobody_knows(scene: Scene, studio: Studio, settings: Settings) -> None:
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    assert called(scene).cause == "worker.crashed"
    settings.GENERATOR_PROCESS = ""
    diagnosis = called(scene)
    assert (diagnosis.cause, diagnosis.confidence) == ("worker.stalled", Confidence.POSSIBLE)
    assert told(diagnosis)["generator processes"].startswith("unknown")


def test_without_a_process_list_nobody_knows(
    scene: Scene, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path / "nowhere"))
    diagnosis = called(scene)
    assert (diagnosis.cause, diagnosis.findings[0].values["generator"]) == ("worker.stalled", "unknown")
    monkeypatch.undo()
    assert called(scene).cause == "worker.crashed"


def test_a_generator_that_was_seen_is_not_gone_because_nobody_can_look(
    scene: Scene, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun_just_now(scene, studio)
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path / "nowhere"))
    generators.note_sightings(scene.now)
    assert GeneratorSighting.objects.get().missed_at is None


def test_a_number_that_was_given_to_another_process_is_said(scene: Scene, studio: Studio) -> None:
    generator = begun_just_now(scene, studio)
    generator.end()
    time.sleep(2.1)  # starts nearer to one another than this are one
    with process_numbered(generator.pid) as other:
        scene.later(minutes=20)
        diagnosis = called(scene)
        other.kill()
    assert diagnosis.cause == "worker.crashed"
    assert other.pid == diagnosis.findings[0].values["pid"]
    assert "its number is another process's since" in told(diagnosis)


def test_a_number_that_was_given_to_another_generator_is_another_generator(scene: Scene, studio: Studio) -> None:
    begun_just_now(scene, studio)
    start = timedelta(hours=1)
    GeneratorSighting.objects.update(started_at=F("started_at") - start, seen_at=scene.now - start)
    scene.host.update(1, updated_at=scene.text(ago=start))
    generators.note_sightings(scene.now)
    assert GeneratorSighting.objects.count() == 2
    scene.run()
    scene.later(minutes=20)
    diagnosis = called(scene)
    assert diagnosis.cause == "worker.stalled"
    assert [row.missed_at is None for row in GeneratorSighting.objects.order_by("started_at")] == [False, True]


def process_numbered(pid: int) -> subprocess.Popen[bytes]:
    """Start a process that gets this number, as the kernel gives it when numbers have gone round once."""
    last = Path("/proc/sys/kernel/ns_last_pid")
    for _ in range(200):
        try:
            last.write_text(str(pid - 1))
        except OSError:
            pytest.skip("needs the right to say which number a process gets")
        process = subprocess.Popen(["sleep", "60"])
        if process.pid == pid:
            return process
        process.kill()
        process.wait()
    pytest.skip("another process was faster each time")

"""The host's small file: whole at every moment, written where it differs, and what keeps it from being so is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.schedule import SCHEDULE
from diagnostics.doctor import Check
from sessions_admin import availability_file, pausing
from sessions_admin.actors import By
from sessions_admin.availability import document_now, written
from sessions_admin.doctor import check_pause
from tests.another_user import NOBODY, as_nobody, needs_root
from tests.sessions_admin.pausing import begun
from tests.sessions_admin.test_pause_page import FILLED

pytestmark = pytest.mark.django_db
# Reads until it is told to stop; says how often, how many documents it saw, and every time it was not a whole one.
READING = """
import json, pathlib, sys
path, stop, versions, times = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), set(), 0
while not stop.exists():
    versions.add(json.loads(path.read_bytes())["version"])
    times += 1
    if times == 1:
        print("reading", flush=True)
print(times, len(versions))
"""


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    (tmp_path / "shared").mkdir()
    settings.AVAILABILITY_FILE = str(tmp_path / "shared" / "availability.json")
    return Path(settings.AVAILABILITY_FILE)


def doctor() -> dict[str, Check]:
    return {check.name: check for check in check_pause(timezone.now())}


def test_the_worker_writes_it_where_it_is_missing_or_differs(file: Path, cast: dict[str, User]) -> None:
    (task,) = (task for task in SCHEDULE if task.name == "availability")
    task.call(threading.Event())
    assert file.read_bytes() == written(document_now())
    assert file.stat().st_mode & 0o777 == 0o644
    before = file.stat()
    task.call(threading.Event())
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns), (
        "it was as it should be"
    )
    begun(cast["eve"])
    task.call(threading.Event())
    assert json.loads(file.read_text())["long_sequences"]["available"] is False
    file.unlink()
    task.call(threading.Event())
    assert file.exists()


def test_it_is_readable_for_the_host_whatever_the_umask(file: Path) -> None:
    before = os.umask(0o077)
    try:
        assert availability_file.write_now() == ""
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_reader_never_sees_half_of_it(file: Path, tmp_path: Path, cast: dict[str, User]) -> None:
    assert availability_file.write_now() == ""
    stop, by = tmp_path / "stop", By(cast["eve"], "to and fro", "")
    reader = subprocess.Popen(
        [sys.executable, "-c", READING, str(file), str(stop)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    for number in range(100):
        pause = begun(cast["eve"], text_en=f"{number} " * 1000)
        assert availability_file.write_now() == ""
        pausing.end(pause.seen, by, timezone.now())
        assert availability_file.write_now() == ""
    stop.touch()
    told, complaints = reader.communicate(timeout=20)
    assert complaints == ""
    times, versions = map(int, told.split())
    assert times > 200
    assert versions > 10


def test_what_a_killed_writer_left_is_in_nobodys_way(file: Path) -> None:
    file.with_name(".availability.json.new").write_text('{"half')
    assert availability_file.write_now() == ""
    assert file.read_bytes() == written(document_now())
    assert sorted(path.name for path in file.parent.iterdir()) == [".availability.json.lock", "availability.json"]


@needs_root
def test_what_root_wrote_there_once_is_replaced(settings: Settings, cast: dict[str, User]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "availability.json")
        settings.AVAILABILITY_FILE = str(file)
        assert availability_file.write_now() == ""
        os.chown(folder, NOBODY, NOBODY)
        begun(cast["eve"])
        with as_nobody():
            assert availability_file.write_now() == ""
        assert (file.stat().st_uid, file.stat().st_mode & 0o777) == (NOBODY, 0o644)
        os.chown(folder, 0, 0)
        Path(folder).chmod(0o755)
        file.unlink()
        with as_nobody():
            assert availability_file.write_now() == "Permission denied"


def test_two_writers_wait_for_each_other(file: Path) -> None:
    with availability_file._locked(file):
        began = time.monotonic()
        assert availability_file.write_now() == "another process is writing it"
        assert time.monotonic() - began < 5
    assert availability_file.write_now() == ""


def test_a_failure_is_told_and_loses_nothing(
    file: Path, eve: Client, cast: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    file.mkdir()
    page = eve.post("/pause/switch/", FILLED, follow=True).content.decode()
    assert "Long sequences are paused." in page
    assert "The file for the host cannot be written" in page
    assert "cannot be read" in page
    for _round in range(3):
        availability_file.keep_up()
    assert len([record for record in caplog.records if "cannot be written" in record.message]) == 1
    assert doctor()["pause.file"].result == "error"
    file.rmdir()
    availability_file.keep_up()
    assert json.loads(file.read_text())["long_sequences"]["available"] is False
    assert "tells what stands now" in eve.get("/pause/").content.decode()


def test_the_doctor_tells_how_long_it_lasts_and_whether_the_file_is_right(file: Path, cast: dict[str, User]) -> None:
    assert doctor()["pause"].value == "long sequences are available"
    assert doctor()["pause.file"].value == "it does not tell what stands now"
    availability_file.keep_up()
    assert doctor()["pause.file"].result == "ok"
    now = timezone.now()
    begun(cast["eve"], at=now - timedelta(hours=5, minutes=2), due=now - timedelta(hours=1))
    assert doctor()["pause"].value.startswith(
        "long sequences are paused, for 5 h 2 min by eve; to be looked at again by"
    )
    assert doctor()["pause"].result == "warning"


def test_without_the_setting_nothing_is_written(tmp_path: Path, settings: Settings) -> None:
    settings.AVAILABILITY_FILE = ""
    availability_file.keep_up()
    assert list(tmp_path.iterdir()) == []
    assert list(doctor()) == ["pause"]

"""Generations that really failed: the text that the worker left, or the state of the server, tells the cause."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from diagnostics import sampling
from diagnostics.examine import examine
from diagnostics.models import Finding, ResourceSample
from tests.faults.broken_workers import killed_by, last_words
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
Mount = Callable[[str], Path]
LIMITED = (
    "import resource",
    "pages = int(open('/proc/self/statm').read().split()[0])",
    "limit = pages * resource.getpagesize() + 32 * 2**20",
    "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))",
)


@pytest.fixture
def scene(db: None, host_database: HostDatabase, settings: Settings) -> Scene:
    found = Scene(host_database, Path(settings.AUDIO_ROOT))
    (found.root / "readme.txt").write_text("a foreign file, so that the folder is never empty")
    return found


@pytest.fixture
def mount(scene: Scene) -> Iterator[Mount]:
    """Mount a small file system where the audio lies. This needs root, which CI has."""
    with ExitStack() as stack:

        def at_the_audio(options: str) -> Path:
            done = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", options, "audio", str(scene.root)], capture_output=True, text=True
            )
            if done.returncode != 0:
                pytest.skip(f"a file system can be mounted by root only (CI runs this test): {done.stderr.strip()}")
            stack.callback(subprocess.run, ["umount", "-l", str(scene.root)], check=True)
            return scene.root

        yield at_the_audio


def told(scene: Scene, message: str | None, key: int = 1) -> str:
    """Record a failure of this moment as the host does, and return its cause by a pass; the live look must agree."""
    scene.failed(key, message)
    scene.host.update(key, updated_at=scene.text())
    scene.run()
    [cause] = scene.codes(key)
    live = examine(str(key), clock=lambda: scene.now).diagnosis
    assert live is not None
    assert (live.cause, str(live.confidence)) == (cause, scene.entry(key).confidence)
    return cause


def lines_of(key: int) -> list[tuple[str, str]]:
    finding = Finding.objects.get(session__key=str(key), resolved_at=None)
    return [(line["source"], line["fact"]) for line in finding.evidence]


WRITING = ("with open(sys.argv[1], 'ab', buffering=0) as file:", "    while True: file.write(bytes(4096))")


def test_a_worker_on_a_full_disk_says_so_and_the_sample_shows_it(scene: Scene, mount: Mount) -> None:
    root = mount("size=256k")
    message = last_words(*WRITING, arguments=(str(root / "ballast"),))
    assert "[Errno 28] No space left on device" in message
    sampling.take_sample(scene.now)
    assert ResourceSample.objects.get().values["audio_bytes_percent"] == 100.0
    assert told(scene, message) == "generation.disk_full"
    assert (scene.entry(1).confidence, ("resources", "disk used") in lines_of(1)) == ("certain", True)


def test_a_worker_that_left_no_message_on_a_full_disk(scene: Scene, mount: Mount) -> None:
    root = mount("size=256k")
    last_words(*WRITING, arguments=(str(root / "ballast"),))
    sampling.take_sample(scene.now)
    assert told(scene, None) == "generation.disk_full"
    assert (scene.entry(1).confidence, ("resources", "disk used") in lines_of(1)) == ("possible", True)


def test_a_disk_without_inodes_is_full_whatever_its_bytes(scene: Scene, mount: Mount) -> None:
    root = mount("size=1m,nr_inodes=12")
    creating = ("for n in range(99): open(f'{sys.argv[1]}/{segment}_{n}.tmp', 'x').close()",)
    message = last_words(*creating, arguments=(str(root),))
    assert "[Errno 28]" in message
    sampling.take_sample(scene.now)
    values = ResourceSample.objects.get().values
    assert values["audio_bytes_percent"] < 50
    assert values["audio_inodes_percent"] >= 98
    assert told(scene, None) == "generation.disk_full"
    assert told(scene, message, key=2) == "generation.disk_full"


def test_a_disk_with_room_explains_no_silence(scene: Scene, mount: Mount) -> None:
    root = mount("size=256k")
    (root / "ballast").write_bytes(bytes(128 * 1024))
    sampling.take_sample(scene.now)
    assert told(scene, None) == "generation.unexplained"


def test_a_disk_that_was_full_at_another_time_explains_no_silence(scene: Scene, mount: Mount) -> None:
    root = mount("size=256k")
    last_words(*WRITING, arguments=(str(root / "ballast"),))
    sampling.take_sample(scene.now)
    (root / "ballast").unlink()
    (root / "readme.txt").touch()
    scene.later(minutes=10)
    sampling.take_sample(scene.now)
    assert told(scene, None) == "generation.unexplained"


def test_a_device_that_is_always_full(scene: Scene) -> None:
    message = last_words(*WRITING, arguments=("/dev/full",))
    assert told(scene, message) == "generation.disk_full"


def test_a_worker_at_the_end_of_its_memory(scene: Scene) -> None:
    message = last_words(*LIMITED, "bus = bytearray(600 * 2**20)")
    assert "MemoryError" in message
    assert told(scene, message) == "generation.out_of_memory"


def test_a_kernel_that_refuses_memory(scene: Scene) -> None:
    message = last_words(*LIMITED, "import mmap", "mmap.mmap(-1, 600 * 2**20)")
    assert "[Errno 12] Cannot allocate memory" in message
    assert told(scene, message) == "generation.out_of_memory"


def test_a_worker_that_is_killed(scene: Scene) -> None:
    code = killed_by(signal.SIGKILL)
    assert code == -9
    assert told(scene, f"worker exited with code {code}") == "generation.out_of_memory"
    shell = subprocess.run(["sh", "-c", "sh -c 'kill -9 $$'; echo exit status $?"], capture_output=True, text=True)
    assert "137" in shell.stdout
    assert told(scene, shell.stdout, key=2) == "generation.out_of_memory"
    calling = ("import subprocess", "subprocess.run(['sh', '-c', 'kill -9 $$'], check=True)")
    assert told(scene, last_words(*calling), key=3) == "generation.out_of_memory"


def test_a_worker_that_is_asked_to_end_is_no_victim_of_memory(scene: Scene) -> None:
    code = killed_by(signal.SIGTERM)
    assert told(scene, f"worker exited with code {code}") == "generation.unrecognised"


def test_a_word_about_memory_in_a_program_is_no_shortage(scene: Scene) -> None:
    assert told(scene, last_words("raise {}['MemoryError']")) == "generation.unrecognised"
    assert told(scene, last_words("SharedMemory.MemoryError"), key=2) == "generation.unrecognised"


@contextmanager
def _closed_folder() -> Iterator[Path]:
    """A folder that everybody may look into and nobody but its owner may write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_worker_without_the_right_to_write(scene: Scene) -> None:
    with _closed_folder() as folder:
        opening = f"open('{folder}/x.wav', 'wb')"
        message = last_words(opening, is_nobody=True)
        assert "[Errno 13] Permission denied" in message
        assert told(scene, message) == "generation.permission_denied"
        absent = last_words(f"open('{folder}/x.wav', 'rb')", is_nobody=True)
    assert told(scene, absent, key=2) == "generation.unrecognised"


def test_a_worker_on_a_read_only_file_system(scene: Scene, mount: Mount) -> None:
    root = mount("size=256k,ro")
    message = last_words("open(sys.argv[1], 'wb')", arguments=(str(root / "x.wav"),))
    assert "[Errno 30]" in message
    assert told(scene, message) == "generation.permission_denied"


def test_a_worker_that_may_not_change_an_owner(scene: Scene) -> None:
    message = last_words("import os", "os.chown('/', 0, 0)", is_nobody=True)
    assert told(scene, message) == "generation.permission_denied"


def test_a_locked_database(scene: Scene, tmp_path: Path) -> None:
    database = tmp_path / "jobs.sqlite3"
    asking = ("import sqlite3", "sqlite3.connect(sys.argv[1], timeout=0.1).execute('UPDATE jobs SET done = 1')")
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("CREATE TABLE jobs (done)")
        holder.execute("BEGIN EXCLUSIVE")
        message = last_words(*asking, arguments=(str(database),))
        assert "database is locked" in message
        assert told(scene, message) == "generation.dependency_down"
        holder.execute("ROLLBACK")
        holder.execute("DROP TABLE jobs")
    absent = last_words(*asking, arguments=(str(database),))
    assert "no such table" in absent
    assert told(scene, absent, key=2) == "generation.unrecognised"


def test_a_service_that_refuses_or_drops_the_connection(scene: Scene) -> None:
    connecting = ("import socket", "broker = socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        dropping = threading.Thread(target=_drop_one, args=(server,))
        dropping.start()
        dropped = last_words(*connecting, "broker.recv(1); broker.sendall(b'x'); broker.recv(1)", arguments=(port,))
        dropping.join()
    refused = last_words(*connecting, arguments=(port,))
    assert "ConnectionRefusedError" in refused
    assert told(scene, refused) == "generation.dependency_down"
    assert told(scene, dropped, key=2) == "generation.dependency_down"


def _drop_one(server: socket.socket) -> None:
    """Answer one connection with a reset."""
    connection, _address = server.accept()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_service_that_answers_nonsense_is_not_down(scene: Scene) -> None:
    message = last_words("import json", "json.loads('<html>')")
    assert told(scene, message) == "generation.unrecognised"


def test_a_time_limit_that_stops_the_rendering(scene: Scene) -> None:
    waiting = ("import subprocess", "subprocess.run(['sleep', '60'], timeout=0.2)")
    assert told(scene, last_words(*waiting)) == "generation.timed_out"
    alarmed = (
        "import signal, time",
        "def stop(*_): raise TimeoutError('generation took longer than allowed')",
        "signal.signal(signal.SIGALRM, stop)",
        "signal.setitimer(signal.ITIMER_REAL, 0.2)",
        "time.sleep(60)",
    )
    assert told(scene, last_words(*alarmed), key=2) == "generation.timed_out"


def test_an_engine_that_cannot_be_loaded(scene: Scene, tmp_path: Path) -> None:
    assert told(scene, last_words("import synthesis_of_tomorrow")) == "generation.engine_failed"
    library = last_words("import ctypes", "ctypes.CDLL('libsynth_of_tomorrow.so.3')")
    assert "cannot open shared object file" in library
    assert told(scene, library, key=2) == "generation.engine_failed"
    broken = tmp_path / "engine.so"
    broken.write_bytes(b"\x7fELF" + bytes(60))
    assert told(scene, last_words("import ctypes", f"ctypes.CDLL('{broken}')"), key=3) == "generation.engine_failed"


def test_an_engine_that_crashes(scene: Scene) -> None:
    crash = [sys.executable, "-X", "faulthandler", "-c", "import ctypes; ctypes.string_at(0)"]
    done = subprocess.run(crash, capture_output=True, text=True, cwd=os.sep)
    assert done.returncode == -11
    assert told(scene, done.stderr) == "generation.engine_failed"
    assert told(scene, f"worker exited with code {done.returncode}", key=2) == "generation.engine_failed"


def test_an_engine_that_is_there_and_is_misused_is_no_engine_that_failed(scene: Scene) -> None:
    assert told(scene, last_words("import wave", "wave.compose(1)")) == "generation.unrecognised"


def test_one_fault_of_many_sessions_has_one_fingerprint(scene: Scene) -> None:
    for key in (1, 2, 3):
        told(scene, last_words(f"stage = {key * 17}", "raise KeyError(stage)"), key=key)
    told(scene, last_words("raise KeyError('stage_two')"), key=4)
    prints = [scene.entry(key).error_fingerprint for key in (1, 2, 3, 4)]
    assert len(set(prints[:3])) == 1
    assert prints[3] != prints[0]

"""The process list as it really is: by command line and by name, the dead, the hidden, and a list that hangs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from diagnostics.probes.processes import ProcessListUnreadable, find, is_generator, started_at
from tests.faults.generators import wait_for

REPOSITORY = Path(__file__).resolve().parents[2]
# As nobody, below a /proc that keeps other users' processes from it.
AS_NOBODY = """
import os
from diagnostics.probes.processes import ProcessListUnreadable, find
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    print(len(find(os.environ["SOUGHT"])))
except ProcessListUnreadable:
    print("unreadable")
"""


@pytest.fixture
def composer(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose name its command line does not say."""
    program = tmp_path / "composer-x7q"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    process = subprocess.Popen(["something-else", "61.75"], executable=program)
    wait_for(lambda: psutil.Process(process.pid).name() == "composer-x7q")
    yield process
    process.kill()
    process.wait()


def test_it_is_found_by_its_name_and_by_its_command_line(composer: subprocess.Popen[bytes]) -> None:
    for pattern in ("composer-x7q", "something-else 61.75"):
        (found,) = find(pattern)
        assert (found.generator.pid, found.generator.name) == (composer.pid, "composer-x7q")
        assert found.command == "something-else 61.75"
        assert found.generator.memory_bytes > 0
        assert abs((datetime.now(UTC) - found.generator.started_at).total_seconds()) < 60


def test_part_of_a_name_is_no_name(composer: subprocess.Popen[bytes]) -> None:
    assert find("composer-x7") == ()


def test_a_zombie_has_ended_though_it_still_has_its_name(composer: subprocess.Popen[bytes]) -> None:
    composer.kill()
    wait_for(lambda: psutil.Process(composer.pid).status() == psutil.STATUS_ZOMBIE)
    assert find("composer-x7q") == ()
    assert started_at(composer.pid) is None


def test_a_stopped_one_is_alive(composer: subprocess.Popen[bytes]) -> None:
    psutil.Process(composer.pid).suspend()
    wait_for(lambda: find("composer-x7q")[0].generator.is_stopped)
    assert started_at(composer.pid) == find("composer-x7q")[0].generator.started_at


@pytest.mark.parametrize(
    "line",
    [
        "grep -r celery -A app",
        "/usr/bin/pgrep -f celery -A app",
        "tail -f /var/log/celery -A app.log",
        "vim celery -A app",
        "sh -c GENERATOR_PROCESS='celery -A app' python manage.py worker",
        "docker run -e GENERATOR_PROCESS=celery -A app dashboard",
    ],
)
def test_who_only_speaks_of_a_generator_is_none(line: str) -> None:
    assert not is_generator(line, "celery -A app")


@pytest.mark.parametrize(
    "line", ["celery -A app worker", "/srv/venv/bin/python /srv/venv/bin/celery -A app worker -P solo"]
)
def test_what_contains_the_pattern_is_one(line: str) -> None:
    assert is_generator(line, "celery -A app")


def test_a_list_that_cannot_be_read_is_no_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(ProcessListUnreadable):
        find("celery")


def test_a_process_that_may_not_be_read_leaves_open_whether_it_is_one(
    composer: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_process: psutil.Process) -> list[str]:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "cmdline", denied)
    with pytest.raises(ProcessListUnreadable):
        find("composer-x7q")


def test_processes_that_are_hidden_leave_open_whether_one_of_them_is_one(composer: subprocess.Popen[bytes]) -> None:
    """Nobody below a /proc with hidepid sees none of root's processes, and must not take them for gone."""
    if (plain := as_nobody("true")) is None:
        pytest.skip("needs the right to mount another /proc")
    hidden, shown = "mount -t proc -o hidepid=2 proc /proc", "mount -t proc -o hidepid=0 proc /proc"
    assert plain == "1"
    assert as_nobody(hidden) == "unreadable"
    assert as_nobody(f"{hidden} && {shown}") == "1"
    assert as_nobody(hidden.replace("hidepid=2", "hidepid=2,gid=65534")) == "1"


def as_nobody(before: str) -> str | None:
    """What an unprivileged process finds in a mount namespace of its own; None where there may be none."""
    script = f'{before} && exec "$0" -c "$1"'
    command = ["unshare", "-m", "sh", "-c", script, sys.executable, AS_NOBODY]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "SOUGHT": "composer-x7q"},
            capture_output=True,
            text=True,
            timeout=30,
            cwd=REPOSITORY,
        )
    except FileNotFoundError:
        return None
    if os.geteuid() != 0 or "Operation not permitted" in done.stderr or "permission denied" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()

"""Real worker processes on one database: none does a thing that another does, and what a killed one did goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions_admin.worker import lanes, leases
from tests.faults.hang import eventually
from tests.host_database import HostDatabase, made_on
from tests.sessions_admin.probing import DAILY, LEASE_SECONDS, SCHEDULE
from tests.sessions_admin.test_at_once import ROOT, of_dashboard, told_by

ENGINES = [pytest.param(engine, marks=pytest.mark.databases) for engine in ("sqlite", "postgresql")]
TASK = "SELECT {} FROM diagnostics_recurringtask WHERE name = 'held'"
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module", params=ENGINES)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostDatabase]:
    with made_on(request.param, tmp_path_factory.mktemp("own")) as database:
        told_by(of_dashboard(database), "manage.py", "migrate", "--verbosity=0")
        yield database


@pytest.fixture
def own(migrated: HostDatabase) -> HostDatabase:
    """A dashboard's database on which no worker ever ran."""
    for table in ("diagnostics_recurringtask", "diagnostics_workerlife"):
        migrated.run(f"DELETE FROM {table}")
    return migrated


@pytest.fixture
def start(own: HostDatabase, tmp_path: Path) -> Iterator[Start]:
    """Start workers over the probing schedule; those that still run at the end are killed."""
    processes: list[subprocess.Popen[str]] = []

    def begin(how: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.sessions_admin.probing", str(tmp_path), *([how] if how else [])]
        process = subprocess.Popen(
            command, cwd=ROOT, env=of_dashboard(own), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Return with what it ended, and all that it said."""
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def stopped(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    code, said = ended(process)
    assert code == 0, said


def ran(folder: Path) -> list[tuple[str, int]]:
    """Return the task and the process of every run so far."""
    path = folder / "ran"
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [(line.split()[0], int(line.split()[1])) for line in lines]


def value(own: HostDatabase, column: str) -> object:
    with own.connected() as connection:
        rows = connection.rows(TASK.format(column))
    return rows[0][0] if rows else None


def test_two_that_start_at_once_never_do_a_thing_twice(start: Start, own: HostDatabase, tmp_path: Path) -> None:
    workers = [start(), start()]
    both = {worker.pid for worker in workers}

    def have_shared() -> bool:
        counts = Counter(ran(tmp_path))
        shared = all(counts[task, pid] > 3 for task in ("quick", "other") for pid in both)
        return shared and set(DAILY) <= {task for task, _ in counts}

    assert eventually(have_shared, 60, every=0.1), Counter(ran(tmp_path))
    for worker in workers:
        stopped(worker)
    assert not (tmp_path / "twice").exists()
    times = Counter(task for task, _ in ran(tmp_path))
    assert {task: times[task] for task in DAILY} == dict.fromkeys(DAILY, 1)
    with own.connected() as connection:
        assert connection.rows("SELECT name FROM diagnostics_recurringtask WHERE outcome = 'running'") == []


def test_what_a_killed_one_did_is_abandoned_then_taken_over(start: Start, own: HostDatabase, tmp_path: Path) -> None:
    (tmp_path / "hold").touch()
    killed = start()
    assert eventually(lambda: "held" in dict(ran(tmp_path)))
    assert told(start, killed.pid) == ("running", "alive")
    killed.kill()
    killed.wait()
    assert eventually(lambda: told(start, killed.pid) == ("abandoned", "silent"), every=0.5)
    heir = start()
    assert eventually(lambda: ("held", heir.pid) in ran(tmp_path))
    assert value(own, "taken_over_at") is not None
    (tmp_path / "hold").unlink()
    assert eventually(lambda: value(own, "outcome") == "done")
    stopped(heir)
    assert not (tmp_path / "twice").exists()


def told(start: Start, pid: int) -> tuple[str, str]:
    """Return what the page says of the held task, and of a worker."""
    code, said = ended(start("--tell"))
    assert code == 0, said
    tasks, lives = json.loads(said)
    return tasks["held"], lives[str(pid)]


def test_a_worker_takes_over_what_another_still_did_when_it_was_killed(
    start: Start, own: HostDatabase, tmp_path: Path
) -> None:
    """It need not be started for that: one that was there all the time does so when the lease is over, and not before."""
    (tmp_path / "hold").touch()
    first = start()
    assert eventually(lambda: "held" in dict(ran(tmp_path)))
    second = start()
    assert eventually(lambda: second.pid in {pid for _, pid in ran(tmp_path)})
    assert value(own, "taken_over_at") is None
    first.kill()
    assert eventually(lambda: ("held", second.pid) in ran(tmp_path))
    assert not (tmp_path / "twice").exists()


def test_real_leases_are_taken_over_within_a_minute() -> None:
    assert leases.LEASE.total_seconds() + lanes.LONGEST_WAIT_SECONDS < 60
    assert leases.LEASE.total_seconds() > 3 * leases.RENEWAL_SECONDS
    assert leases.LEASE.total_seconds() > LEASE_SECONDS


def test_once_does_everything_once_and_leaves_to_a_worker_what_it_does(start: Start, tmp_path: Path) -> None:
    code, said = ended(start("--once"))
    assert (code, Counter(task for task, _ in ran(tmp_path))) == (0, Counter(task.name for task in SCHEDULE)), said
    (tmp_path / "hold").touch()
    worker = start()
    assert eventually(lambda: ("held", worker.pid) in ran(tmp_path))
    (tmp_path / "fail").touch()
    once = start("--once")
    code, said = ended(once)
    assert code == 1
    assert "Failed: bad." in said
    assert "ValueError: the disk is gone" in said
    lines = {line.split()[0]: line for line in said.splitlines() if line.startswith("  ")}
    assert lines["held"].endswith("another worker has it")
    assert set(DAILY) <= {task for task, pid in ran(tmp_path) if pid == once.pid}
    assert max(Counter(task for task, pid in ran(tmp_path) if pid == once.pid).values()) == 1
    (tmp_path / "hold").unlink()
    stopped(worker)
    assert not (tmp_path / "twice").exists()

"""`make run`: the settings it adds, and processes that start, end and die together. Real processes, no Django."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config import local, run
from config.children import Child, stop_all
from config.env import BASE_DIR

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(61.5)']); time.sleep(60)"


@pytest.fixture(autouse=True)
def own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(local, "VAR_DIR", tmp_path)
    monkeypatch.setattr(local, "SECRET_KEY_FILE", tmp_path / "secret_key")
    monkeypatch.setattr(run, "LOGS", tmp_path / "log")
    return tmp_path


def child(tmp_path: Path, code: str) -> Child:
    return Child("child", [sys.executable, "-c", code], environment=os.environ, log=tmp_path / "child.log")


def wait_until(is_so: object, seconds: float = 10) -> None:
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_without_a_host_the_demo_host_is_used() -> None:
    values = local.local_settings({"DEMO_ROOT": "/srv/a demo", "DEMO_PORT": "9001", "PATH": "/bin"})
    assert values["HOST_DATABASE_URL"] == "sqlite:////srv/a%20demo/host.sqlite3" == values["HOST_WRITE_DATABASE_URL"]
    assert values["AUDIO_ROOT"] == "/srv/a demo/static/generated_music/long_sequences"
    assert (values["PUBLIC_BASE_URL"], values["HOST_TIME_ZONE"]) == ("http://127.0.0.1:9001", "Asia/Shanghai")
    assert values["HOST_API_URL"] == "http://127.0.0.1:9001"
    assert (values["HTTPS"], values["PATH"]) == ("off", "/bin")


def test_what_is_given_goes_before_the_defaults() -> None:
    given = {
        "HOST_DATABASE_URL": "sqlite:////srv/host.sqlite3",
        "SECRET_KEY": "given",
        "HTTPS": "on",
        "ALLOWED_HOSTS": "",
    }
    values = local.local_settings(given)
    assert not local.is_demo(given)
    assert (values["SECRET_KEY"], values["HTTPS"]) == ("given", "on")
    assert "127.0.0.1" in values["ALLOWED_HOSTS"]
    assert "AUDIO_ROOT" not in values
    assert "HOST_WRITE_DATABASE_URL" not in values


def test_the_secret_key_is_made_once_and_for_this_user_alone(own_var: Path) -> None:
    first = local.kept_secret_key()
    assert len(first) >= 50
    assert local.kept_secret_key() == first
    assert stat.S_IMODE((own_var / "secret_key").stat().st_mode) == 0o600


def test_a_port_in_use_is_one_line_with_advice() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(run.CannotRun, match=rf"port {port} .*PORT={port + 10} make run"):
            run.check_port("PORT", "127.0.0.1", port)


def test_one_port_for_both_is_refused() -> None:
    with pytest.raises(run.CannotRun, match="DEMO_PORT=8801 make run"):
        run.check_ports_differ(8800, 8800)


def test_a_folder_that_cannot_be_written_is_one_line(own_var: Path) -> None:
    (own_var / "log").touch()
    with pytest.raises(run.CannotRun, match="cannot be written"):
        run.prepare_folders()


def test_a_failed_step_tells_its_last_line_and_keeps_the_rest(own_var: Path) -> None:
    run.prepare_folders()
    with pytest.raises(run.CannotRun, match="Could not set up the logins: second"):
        run.step("the logins", [sys.executable, "-c", "import sys; sys.exit('first\\nsecond')"], os.environ)
    assert "first" in (own_var / "log" / "setup.log").read_text()


def test_passwords_are_told_and_not_kept(own_var: Path) -> None:
    run.prepare_folders()
    said = run.step("the logins", [sys.executable, "-c", "print('pass', 'word', sep='')"], os.environ, is_secret=True)
    assert said == "password"
    assert "password" not in (own_var / "log" / "setup.log").read_text()


def test_children_end_when_they_are_asked_to(tmp_path: Path) -> None:
    running = child(tmp_path, "import time; time.sleep(60)")
    assert stop_all([running]) == []
    assert running.has_ended


def test_a_child_that_does_not_listen_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.children.STOP_SECONDS", 0.3)
    stubborn = child(tmp_path, STUBBORN)
    wait_until(lambda: stubborn.last_lines() == ["up"])
    assert stop_all([stubborn]) == [stubborn]
    assert stubborn.has_ended


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    parent = child(tmp_path, PARENT)
    process = psutil.Process(parent.process.pid)
    wait_until(lambda: process.children())
    grandchild = process.children()[0]
    stop_all([parent])
    wait_until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    for word in ("before", "now"):
        told = child(tmp_path, f"print('{word}')")
        told.process.wait(10)
    assert told.last_lines() == ["now"]
    assert (tmp_path / "child.old.log").read_text() == "before\n"


def test_a_child_that_dies_is_named_with_its_last_lines(tmp_path: Path) -> None:
    dying = child(tmp_path, "print('my last words'); raise SystemExit(3)")
    dying.process.wait(10)
    with pytest.raises(run.CannotRun, match=r"(?s)The child ended by itself \(exit code 3\).*my last words"):
        run.refuse_ended([dying])


def test_a_signal_ends_everything_without_a_traceback(tmp_path: Path) -> None:
    """The supervisor as a process of its own, with stand-ins for what it would start."""
    code = f"""
import sys
from pathlib import Path
from config import run
run.LOGS = Path({str(tmp_path)!r})
def stand_in():
    started = {{"web": [sys.executable, "-c", "import time; time.sleep(60)"], "worker": ["sleep", "60"]}}
    with run.running(started, {{"PATH": "/usr/bin:/bin"}}) as children:
        print(*(child.process.pid for child in children), flush=True)
        run.watch(children)
run.run = stand_in
sys.exit(run.main())
"""
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    pids = [int(pid) for pid in supervisor.stdout.readline().split()]
    supervisor.send_signal(signal.SIGINT)
    out, err = supervisor.communicate(timeout=15)
    assert (supervisor.returncode, out, err) == (0, "Stopped.\n", "")
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    code = f"""
import os, time
from pathlib import Path
from config.children import Child
print(Child("child", ["sleep", "60"], environment=os.environ, log=Path({str(tmp_path)!r}, "child.log")).process.pid, flush=True)
time.sleep(60)
"""
    supervisor = subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    orphan = psutil.Process(int(supervisor.stdout.readline()))
    supervisor.kill()
    supervisor.communicate()
    wait_until(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE)


def test_the_demo_host_is_told_by_webhook_where_that_is_wanted() -> None:
    assert "HOST_PICKUP" not in local.local_settings({"PATH": "/bin"})
    values = local.local_settings({"DEMO_PICKUP": "webhook", "DEMO_PORT": "9001"})
    assert (values["HOST_PICKUP"], values["HOST_WEBHOOK_URL"]) == ("webhook", "http://127.0.0.1:9001/hooks/sessions")
    assert values["HOST_WEBHOOK_SECRET"] == values["DEMO_WEBHOOK_SECRET"]
    assert len(values["HOST_WEBHOOK_SECRET"]) >= 32
    with pytest.raises(run.CannotRun, match="DEMO_PICKUP: 'mail' is not known; use poll or webhook"):
        run.check_demo_pickup({"DEMO_PICKUP": "mail"})

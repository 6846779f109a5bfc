"""The whole demo host: its processes, its answers, its end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo import processes
from demo.place import Place
from tests.demo.conftest import Demo, free_port, rows, wait_for

Start = Callable[..., subprocess.Popen[str]]
Call = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def serving(place: Place, start: Start, port: int) -> subprocess.Popen[str]:
    process = start("serve", "--port", str(port), "--rate", "0", "--pace", "0.2", "--grace", "1")
    wait_for(lambda: answers(port) and place.worker_pid.exists())
    return process


@pytest.fixture
def call(serving: subprocess.Popen[str], port: int) -> Call:
    def ask(method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        seen = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return seen

    return ask


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def first_path(place: Place) -> str:
    smallest = min(rows(place).values(), key=lambda row: row["final_file_size"])
    return str(smallest["final_file_path"])


def test_it_serves_a_whole_file_and_a_part_of_it(place: Place, call: Call) -> None:
    path = first_path(place)
    size = (place.root / path.lstrip("/")).stat().st_size
    status, headers, _ = call("HEAD", path)
    assert (status, headers["Content-Type"], headers["Content-Length"]) == (200, "audio/wav", str(size))
    status, headers, body = call("GET", path, Range="bytes=0-3")
    assert (status, body, headers["Content-Range"]) == (206, b"RIFF", f"bytes 0-3/{size}")
    assert call("GET", path, Range="bytes=-5")[1]["Content-Range"] == f"bytes {size - 5}-{size - 1}/{size}"
    assert call("GET", path, Range=f"bytes={size}-")[0] == 416


@pytest.mark.parametrize(
    "path",
    [
        "/static/generated_music/long_sequences/nothing.wav",
        "/static/../host.sqlite3",
        "/static/%2e%2e/host.sqlite3",
        "/static/generated_music",
        "/static/%00",
        "/api/static/generated_music/long_sequences/nothing.wav",
        "/api/music/check_long_sequence_file/1",
        "/api/music/long_sequence_status/999999",
    ],
)
def test_it_answers_404_for_what_is_not_there(call: Call, path: str) -> None:
    assert call("GET", path)[0] == 404


def test_it_takes_a_request_and_the_worker_composes_it(place: Place, call: Call) -> None:
    asked = json.dumps({"user_id": 1003, "assessment_id": 5, "total_duration_minutes": 1})
    status, _, body = call("POST", "/api/music/create_long_sequence", asked)
    session_id = json.loads(body)["data"]["session_id"]
    assert status == 200

    def finished() -> dict[str, Any]:
        data: dict[str, Any] = json.loads(call("GET", f"/api/music/long_sequence_status/{session_id}")[2])["data"]
        return data if data["status"] == "completed" else {}

    data = wait_for(finished)
    assert call("HEAD", data["final_file_path"])[1]["Content-Length"] == str(data["final_file_size"])


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"user_id": "x"}', '{"user_id": 1, "assessment_id": 1, "total_duration_minutes": 99}']
)
def test_it_refuses_a_request_that_makes_no_sense(place: Place, call: Call, body: str) -> None:
    assert call("POST", "/api/music/create_long_sequence", body)[0] == 400
    assert len(rows(place)) == 60


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_everything_at_once(serving: subprocess.Popen[str], place: Place, port: int, number: int) -> None:
    worker = processes.alive(place.worker_pid)
    began = time.monotonic()
    serving.send_signal(number)
    assert serving.wait(30) == 0
    assert time.monotonic() - began < 8
    assert worker
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    assert not answers(port)
    assert not place.serve_pid.exists()


def test_it_stops_a_worker_that_was_stopped(serving: subprocess.Popen[str], place: Place, demo: Demo) -> None:
    said = demo("break", "worker.not_picked_up", "--json")
    worker = processes.alive(place.worker_pid)
    assert worker
    assert processes.is_stopped(worker)
    assert rows(place)[json.loads(said.stdout)["session_id"]]["status"] == "pending"
    serving.terminate()
    assert serving.wait(3) == 0
    assert processes.alive(place.worker_pid) is None


def test_it_mends_a_stopped_worker(serving: subprocess.Popen[str], place: Place, demo: Demo) -> None:
    session_id = json.loads(demo("break", "worker.stalled", "--json").stdout)["session_id"]
    assert rows(place)[session_id]["status"] == "generating"
    demo("mend")
    wait_for(lambda: rows(place)[session_id]["status"] == "completed")


def test_a_worker_killed_at_its_work_stays_dead_until_it_is_mended(
    serving: subprocess.Popen[str], place: Place, demo: Demo, call: Call
) -> None:
    """What it was at is left behind, and afterwards another worker composes it from its beginning."""
    worker = processes.alive(place.worker_pid)
    asked = json.dumps({"user_id": 1003, "assessment_id": 5, "total_duration_minutes": 1})
    under_way = json.loads(call("POST", "/api/music/create_long_sequence", asked)[2])["data"]["session_id"]
    wait_for(lambda: list(place.audio.glob(f"long_sequence_{under_way}_*.tmp")))
    said = json.loads(demo("break", "worker.crashed", "--json").stdout)
    assert f"session {under_way}" in said["did"]
    assert processes.alive(place.worker_pid) is None
    time.sleep(1.5)  # longer than the grace of this host
    assert processes.alive(place.worker_pid) is None
    left = rows(place)
    assert [left[key]["status"] for key in (under_way, said["session_id"])] == ["generating"] * 2
    demo("mend")
    assert wait_for(lambda: processes.alive(place.worker_pid)) != worker
    wait_for(lambda: all(row["status"] == "completed" for row in rows(place).values()))
    assert not list(place.audio.glob("*.tmp"))


def test_it_starts_a_dead_worker_again_after_its_grace(serving: subprocess.Popen[str], place: Place) -> None:
    worker = processes.alive(place.worker_pid)
    assert worker
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: processes.alive(place.worker_pid) is None)
    assert wait_for(lambda: processes.alive(place.worker_pid)) != worker


def test_it_leaves_no_child_behind_when_it_is_killed(serving: subprocess.Popen[str], place: Place, port: int) -> None:
    serving.kill()
    wait_for(lambda: processes.alive(place.worker_pid) is None and not answers(port))


def test_it_says_in_one_line_that_the_port_is_in_use(place: Place, demo: Demo, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        said = demo("serve", "--port", str(port))
    assert said.returncode == 1
    assert said.stderr.splitlines() == [f"demo: cannot listen on 127.0.0.1:{port}: Address already in use"]


def test_it_runs_once_and_is_not_reset_while_it_runs(serving: subprocess.Popen[str], demo: Demo) -> None:
    for arguments in (("serve", "--port", str(free_port())), ("reset",)):
        said = demo(*arguments)
        assert (said.returncode, len(said.stderr.splitlines())) == (1, 1)


def test_it_says_in_one_line_that_the_folder_cannot_be_written(tmp_path: Path, demo: Demo) -> None:
    (tmp_path / "demo").write_text("no folder")
    said = demo("serve", "--port", str(free_port()))
    assert (said.returncode, len(said.stderr.splitlines())) == (1, 1)


def test_it_asks_for_new_sessions(place: Place, start: Start, port: int) -> None:
    start("serve", "--port", str(port), "--rate", "0.3", "--most", "2", "--pace", "0.1")
    wait_for(lambda: len(rows(place)) == 62)
    time.sleep(0.6)
    newest = rows(place)[62]
    assert len(rows(place)) == 62
    assert 1 <= newest["total_duration_minutes"] <= 3

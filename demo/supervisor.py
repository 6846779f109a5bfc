"""Runs the demo host: starts its worker and its server, asks for sessions, and ends everything together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from demo import hook, processes, server
from demo.place import Place
from demo.requester import Requester

STOP_SECONDS = 1.2
TICK_SECONDS = 0.1
SERVER_GRACE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What `serve` was asked for. `grace_seconds`: how long a dead worker stays dead, so that it can be seen."""

    place: Place
    address: str = "127.0.0.1"
    port: int = 8801
    rate_seconds: float = 45.0
    most_sessions: int = 1000
    pace_seconds: float = 3.0
    grace_seconds: float = 90.0


class Child:
    """A process that is started again, some time after it ended by itself; not while the file `hold` is there."""

    def __init__(self, place: Place, arguments: list[str], grace_seconds: float, hold: Path | None = None) -> None:
        self.arguments = [sys.executable, "-m", "demo", *arguments, "--parent", str(os.getpid())]
        self.environment = {**os.environ, "DEMO_ROOT": str(place.root)}
        self.grace_seconds = grace_seconds
        self.hold = hold
        self.died: float | None = None
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.arguments, env=self.environment, stdin=subprocess.DEVNULL)

    def look_after(self, monotonic: float) -> None:
        if self.process.poll() is None:
            return
        if self.died is None:
            self.died = monotonic
            print(f"demo: the {self.arguments[3]} ended ({self.process.returncode})", file=sys.stderr, flush=True)
        elif monotonic - self.died >= self.grace_seconds and not (self.hold and self.hold.exists()):
            self.died = None
            self.process = self.start()

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.send_signal(signal.SIGCONT)

    def wait(self, end: float) -> None:
        try:
            self.process.wait(max(0.05, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def problem(plan: Plan) -> str | None:
    """Why the demo host cannot start, in one line; None where it can."""
    if pid := processes.alive(plan.place.serve_pid):
        return f"a demo host already serves {plan.place.root} (process {pid})"
    if not os.access(plan.place.root, os.W_OK | os.X_OK):
        return f"cannot write to {plan.place.root}: set DEMO_ROOT to a folder of yours"
    return server.port_problem(plan.address, plan.port)


def serve(plan: Plan) -> None:
    stop = processes.StopFlag()
    processes.leave_pid(plan.place.serve_pid)
    # Its folder stands in the worker's command line, so that it can be told from the worker of another demo host.
    worker = ["worker", "--root", str(plan.place.root), "--pace", str(plan.pace_seconds)]
    if hook.secret():
        worker.append("--told")
    children = [
        Child(plan.place, worker, plan.grace_seconds, plan.place.worker_held),
        Child(plan.place, ["server", "--address", plan.address, "--port", str(plan.port)], SERVER_GRACE_SECONDS),
    ]
    requester = Requester(plan.place, plan.rate_seconds, plan.most_sessions, time.monotonic() + 1)
    print(f"demo host: http://{plan.address}:{plan.port}  state: {plan.place.root}", flush=True)
    try:
        while not stop.is_up:
            for child in children:
                child.look_after(time.monotonic())
            requester.ask_when_due(time.monotonic())
            time.sleep(TICK_SECONDS)
    finally:
        end_all(children)
        processes.forget_pid(plan.place.serve_pid)


def end_all(children: list[Child]) -> None:
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait(end)

"""A whole pass against its floor, in one run: nothing changed, then one row and file in a hundred changed.

    python -m benchmarks.pass_ratio [--sessions 300000] [--runs 5] [--keep FOLDER]

Both are whole commands, start-up included, run in turn; the ratio is that of the medians of wall time. The
changed pass runs once a round of changes, and is checked to have found every one of them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AUDIO = "static/generated_music/long_sequences"


@dataclass(frozen=True, slots=True)
class Run:
    """One finished command: wall seconds, the largest resident size in MB, what it printed."""

    seconds: float
    megabytes: float
    output: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", help="a folder to use and leave, so that it need not be filled again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(options.keep or scratch)
        environment = prepared(place, options.sessions)
        report(place, environment, options.sessions, options.runs)


def prepared(place: Path, sessions: int) -> dict[str, str]:
    """Fill a host, make our database and take the first pass, where that was not done before."""
    host = place / "host"
    environment = {
        **os.environ,
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "a-key-for-benchmarks-only-0123456789",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{place / 'dashboard.sqlite3'}",
        "HOST_DATABASE_URL": f"sqlite:///{host / 'host.sqlite3'}",
        "HOST_TIME_ZONE": "Asia/Shanghai",
        "AUDIO_ROOT": str(host / AUDIO),
        "DEMO_ROOT": str(host),
    }
    if not (host / "host.sqlite3").exists():
        run(["-m", "demo", "fill", "--sessions", str(sessions), "--into", str(host)], environment)
    run(["manage.py", "migrate", "-v0"], environment)
    first = run(["manage.py", "reconcile", "--json"], environment)
    print(f"first pass: {first.seconds:.1f} s, {first.megabytes:.0f} MB")
    return environment


def report(place: Path, environment: dict[str, str], sessions: int, runs: int) -> None:
    host = place / "host"
    floor = ["benchmarks/floor.py", str(host / AUDIO), str(host / "host.sqlite3")]
    reconcile = ["manage.py", "reconcile", "--json"]
    run(floor, environment)
    floors, unchanged, changed = [], [], []
    for number in range(runs):
        floors.append(run(floor, environment))
        unchanged.append(run(reconcile, environment))
        expected = change(host, sessions // 100, seed=number)
        changed.append(run(reconcile, environment))
        check(changed[-1], expected)
    base = statistics.median(each.seconds for each in floors)
    print(f"floor: {base:.2f} s (median of {runs})")
    for name, done in (("nothing changed", unchanged), ("1 % changed", changed)):
        median = statistics.median(each.seconds for each in done)
        most = max(each.megabytes for each in done)
        print(f"{name}: {median:.2f} s, {median / base:.2f} times the floor, {most:.0f} MB at most")


def change(host: Path, count: int, *, seed: int) -> int:
    """Change rows and files, as many each: titles of errors in the rows; new times of files, one overwritten in place."""
    chooser = random.Random(seed)
    database = sqlite3.connect(host / "host.sqlite3")
    keys = [key for (key,) in database.execute("SELECT session_id FROM long_sequence_sessions")]
    chosen = chooser.sample(keys, count)
    with database:
        database.executemany(
            "UPDATE long_sequence_sessions SET error_message = ? WHERE session_id = ?",
            [(f"retried at {time.time_ns()}", key) for key in chosen],
        )
    names = sorted(os.listdir(host / AUDIO))
    for name in chooser.sample(names, count):
        os.utime(host / AUDIO / name, (time.time() - 7200 - seed, time.time() - 7200 - seed))
    overwrite_in_place(host / AUDIO / chooser.choice(names))
    return 2 * count


def overwrite_in_place(path: Path) -> None:
    """Other bytes, the same size, and the modification time of before: only the inode's change time tells."""
    found = path.stat()
    with path.open("r+b") as file:
        file.write(b"<htm")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def check(done: Run, expected: int) -> None:
    summary = json.loads(done.output)
    if summary["changed"] < expected or not summary["by_cause"].get("file.corrupt"):
        sys.exit(f"a pass missed changes: {summary['changed']} of {expected} and {summary['by_cause']}")


def run(arguments: list[str], environment: dict[str, str]) -> Run:
    """Run a Python command of this project to its end and measure it as the operating system does."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    if status:
        sys.exit(f"{' '.join(arguments)} ended with {status}: {output}")
    return Run(seconds, usage.ru_maxrss / 1024, output)


if __name__ == "__main__":
    main()

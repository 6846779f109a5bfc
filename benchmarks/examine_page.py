"""One session's page, examined live, in a host of many: the median and the slowest of twenty, by what is wrong with it.

    python -m benchmarks.examine_page [--sessions 300000] [--each 12] [--keep FOLDER]

A demo host is filled and passed over once; then some sessions of each kind are made, a second pass sees them, and their
pages are asked for, mixed, through Django's own client. "At once" is the page before it is examined, "examined" the same
page with the live examination in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pass_ratio import AUDIO, prepared, run

KINDS = ("ok", "deleted", "misplaced", "failed", "pending", "generating")
ROW = (
    "UPDATE long_sequence_sessions SET status = ?, error_message = ?, final_file_path = ?, final_file_size = ?, "
    "completed_at = NULL, progress_percentage = 40, created_at = ?, updated_at = ? WHERE session_id = ?"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=300_000)
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--keep", help="a folder to use and leave, so that it need not be filled again")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(json.loads(options.measure))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(options.keep or scratch)
        environment = prepared(place, options.sessions)
        run(["manage.py", "collectstatic", "--no-input", "--verbosity=0"], environment)
        chosen = made(place / "host", options.each)
        run(["manage.py", "reconcile", "--json"], environment)
        asked = json.dumps(chosen)
        done = run(["-m", "benchmarks.examine_page", "--measure", asked], environment)
    report(json.loads(done.output))


def made(host: Path, each: int) -> dict[str, list[int]]:
    """Make so many sessions of each kind out of those in the table; return their ids by kind."""
    database = sqlite3.connect(host / "host.sqlite3")
    query = "SELECT session_id, final_file_path FROM long_sequence_sessions WHERE status = 'completed' AND final_file_path IS NOT NULL"
    whole = [(key, path) for key, path in database.execute(query) if (host / AUDIO / Path(path).name).is_file()]
    picked = iter(random.Random(7).sample(whole, each * len(KINDS)))
    chosen: dict[str, list[int]] = {kind: [] for kind in KINDS}
    with database:
        for kind in KINDS:
            for _ in range(each):
                key, path = next(picked)
                become(kind, database, key, host / AUDIO / Path(path).name)
                chosen[kind].append(key)
    return chosen


def become(kind: str, database: sqlite3.Connection, key: int, file: Path) -> None:
    if kind == "misplaced":
        (file.parent / "moved").mkdir(exist_ok=True)
        file.rename(file.parent / "moved" / file.name)
    elif kind in ("deleted", "failed", "pending"):
        file.unlink()
    elif kind == "generating":
        file.rename(file.with_name(f"{file.name}.tmp"))
    if kind in ("failed", "pending", "generating"):
        error = "OSError: [Errno 28] No space left on device" if kind == "failed" else None
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600 - 120))
        database.execute(ROW, (kind, error, None, None, at, at, key))


def measured(chosen: dict[str, list[int]]) -> dict[str, dict[str, list[float]]]:
    """Ask for each session's page, at once and examined, in a mixed order; return milliseconds by kind."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils import timezone

    from diagnostics.snapshot import make_snapshot

    make_snapshot(timezone.now())  # as the worker does
    viewer, _ = User.objects.get_or_create(username="benchmark", is_superuser=True)
    client = Client(SERVER_NAME="localhost", headers={"X-Forwarded-Proto": "https"})
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    times: dict[str, dict[str, list[float]]] = {kind: {"at once": [], "examined": []} for kind in chosen}
    for way, query in (("at once", ""), ("examined", "?examine=1")):
        client.get(f"/sessions/{chosen['ok'][0]}{query}", secure=True)  # templates are read, the helper is started
        for kind, key in mixed(chosen):
            begun = time.perf_counter()
            answer = client.get(f"/sessions/{key}{query}", secure=True)
            times[kind][way].append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                sys.exit(f"/sessions/{key}{query} answered {answer.status_code}")
    return times


def mixed(chosen: dict[str, list[int]]) -> Iterator[tuple[str, int]]:
    pairs = [(kind, key) for kind, keys in chosen.items() for key in keys]
    yield from random.Random(11).sample(pairs, len(pairs))


def report(times: dict[str, dict[str, list[float]]]) -> None:
    for way in ("at once", "examined"):
        everything = [ms for kind in times.values() for ms in kind[way]]
        for kind, found in (*((kind, times[kind][way]) for kind in times), ("all", everything)):
            slowest = statistics.quantiles(found, n=20)[-1]
            print(f"page {way}, {kind}: median {statistics.median(found):.0f} ms, p95 {slowest:.0f} ms ({len(found)})")


if __name__ == "__main__":
    main()

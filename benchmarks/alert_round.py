"""A round over all alert rules on an index of many sessions with their endings, against one plain count of the sessions.

    python -m benchmarks.alert_round [--sessions 300000] [--days 90] [--rounds 20] [--keep FOLDER]

The sessions end evenly over so many days; samples of eight days lie beside them. Every round reads what a real one reads,
and writes where each rule stands. "Firing" is the first round in which rules fire, which gathers their evidence.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diagnostics.models import Ending, SessionEntry

BATCH = 5_000
MOST_SECONDS = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=300_000)
    parser.add_argument("--days", type=float, default=90.0)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", help="a folder to use and leave")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        set_up(Path(options.keep or scratch))
        now = datetime.now(UTC).replace(microsecond=0)
        fill(options.sessions, timedelta(days=options.days), now)
        report(options.rounds, now)


def set_up(place: Path) -> None:
    os.environ |= {
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "a-key-for-benchmarks-only-0123456789",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{place / 'dashboard.sqlite3'}",
        "AUDIO_ROOT": str(place),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(sessions: int, span: timedelta, now: datetime) -> None:
    from diagnostics.models import Ending, Pass, ResourceSample, SessionEntry

    Pass.objects.create(started_at=now, heartbeat_at=now, finished_at=now, outcome="complete")
    values = {"audio_bytes_percent": 91.5, "audio_inodes_percent": 4.25, "audio_free_bytes": 10**11}
    samples = [ResourceSample(at=now - n * timedelta(minutes=1), values=values) for n in range(8 * 24 * 60)]
    ResourceSample.objects.bulk_create(samples, batch_size=BATCH)
    for start in range(0, sessions, BATCH):
        entries = [_session(n, now - span * (n / sessions)) for n in range(start, min(start + BATCH, sessions))]
        SessionEntry.objects.bulk_create(entries)
        Ending.objects.bulk_create([_ending(entry) for entry in entries])


def _session(number: int, at: datetime) -> SessionEntry:
    from diagnostics.models import SessionEntry

    is_whole = number % 7 > 0
    return SessionEntry(
        pk=number + 1, key=str(number), listed_at=at - timedelta(minutes=5), created_at=at, updated_at=at,
        completed_at=at, status="completed" if is_whole else "failed", verdict="playable" if is_whole else "broken",
        state="ok", cause="" if is_whole else "generation.disk_full", is_whole=is_whole, file_size=10**8,
        first_seen_at=at, changed_at=at, shared_hash=None if is_whole else 77,
    )  # fmt: skip


def _ending(entry: SessionEntry) -> Ending:
    from diagnostics.models import Ending

    kind = "completed" if entry.is_whole else "failed"
    return Ending(
        session_id=entry.pk, kind=kind, ended_at=entry.changed_at, is_playable=entry.is_whole, cause=entry.cause,
        took_seconds=120.0 + entry.pk % 600, user_hash=entry.pk % 5000,
    )  # fmt: skip


def report(rounds: int, now: datetime) -> None:
    from diagnostics.alerts.rounds import look_at_rules
    from diagnostics.models import Episode, SessionEntry

    counts = [timed(lambda: SessionEntry.objects.filter(gone_at=None).count()) for _ in range(rounds)]
    looks = [now + n * timedelta(seconds=30) for n in range(rounds)]
    took = [timed(lambda at=at: look_at_rules(at, threading.Event())) for at in looks]  # type: ignore[misc]
    firing = max(took[: rounds // 2])
    median, count = statistics.median(took), statistics.median(counts)
    print(
        f"a round: {median * 1000:.0f} ms in the median, {max(took) * 1000:.0f} ms at most; firing {firing * 1000:.0f} ms"
    )
    print(f"one plain count of the sessions: {count * 1000:.1f} ms; a round takes {median / count:.1f} times that")
    print(f"episodes that fired: {Episode.objects.count()}")
    if max(took) > MOST_SECONDS:
        raise SystemExit(f"a round took {max(took):.2f} s, more than {MOST_SECONDS} s")


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()

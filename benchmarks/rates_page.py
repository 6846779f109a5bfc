"""The figures of a day and of a year, as of ten million endings a year: reading them, and the page that shows them.

    python -m benchmarks.rates_page [--sessions 10000000] [--runs 20]

No single ending is needed: what is read are the 8,760 hours and 365 days of the year, each with as many pieces, causes and
users as so many endings would leave. The page is asked through Django's own client. Medians and slowest, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.pass_ratio import run

PERIODS = ("24h", "7d", "30d", "90d", "year")
HOURS = 24 * 365
USERS = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options, _others = parser.parse_known_args()  # `python -m benchmarks` hands its own to all
    if options.measure:
        print(json.dumps(measured(options.sessions, options.runs)))
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = surroundings(Path(folder))
        run(["manage.py", "migrate", "-v0"], environment)
        run(["manage.py", "collectstatic", "--no-input", "--verbosity=0"], environment)
        told = ["--measure", "--sessions", str(options.sessions), "--runs", str(options.runs)]
        report(json.loads(run(["-m", "benchmarks.rates_page", *told], environment).output))


def surroundings(place: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "a-key-for-benchmarks-only-0123456789",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{place / 'dashboard.sqlite3'}",
        "HOST_TIME_ZONE": "Asia/Shanghai",
    }


def measured(sessions: int, runs: int) -> dict[str, dict[str, list[float]]]:
    """Fill a year and return milliseconds by way (reading, page) and period."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.utils import timezone

    from diagnostics.domain.rates.periods import Period, named
    from diagnostics.rates.reading import read

    now, zone = timezone.now(), timezone.get_default_timezone()
    fill(now, sessions // HOURS)
    month = named("30d", now, zone)
    year = Period(month.until - timedelta(days=365), month.until)
    periods = {name: year if name == "year" else named(name, now, zone) for name in PERIODS}
    found = read(year)
    if not 0.95 * sessions < found.by_file.of < 1.05 * sessions:
        sys.exit(f"the year has {found.by_file.of} of {sessions}")
    reading = {name: timed(partial(read, period), runs) for name, period in periods.items()}
    return {"reading": reading, "page": pages(year.since, runs)}


def fill(now: datetime, an_hour: int) -> None:
    """Write the figures of a year and two days, hour by hour and day by day."""
    from django.utils import timezone

    from diagnostics.domain.rates.hours import day_of, hour_of
    from diagnostics.domain.rates.sketch import sketch_of
    from diagnostics.domain.rates.tally import Counted, Tally, tally_of, total
    from diagnostics.models import RateFigures

    chosen, zone = random.Random(9), timezone.get_default_timezone()
    causes = ("generation.disk_full", "generation.timed_out", "file.never_written", "file.truncated")

    def ending() -> Counted:
        user, is_good = chosen.randrange(USERS) * 46_116_860_184_273 - 2**63, chosen.random() < 0.93
        length = chosen.choice((300.0, 600.0, 900.0, 1_800.0, 3_600.0))
        took = chosen.lognormvariate(5, 0.6)
        kind = "completed" if is_good else chosen.choice(("completed", "failed"))
        cause = "" if is_good else chosen.choice(causes)
        return Counted(
            kind,
            is_dated=True,
            is_playable=is_good,
            cause=cause,
            took_seconds=took,
            length_seconds=length,
            user_hash=user,
        )

    kinds = [[ending() for _ in range(an_hour)] for _ in range(48)]  # an hour is one of these, with users of its own
    counted = [tally_of(hour) for hour in kinds]
    days: dict[datetime, list[int]] = {}
    rows = []
    for number in range(HOURS + 48):
        at, kind = hour_of(now, zone) - timedelta(hours=number), chosen.randrange(len(kinds))
        rows.append(RateFigures(grain="hour", at=at, tally=counted[kind].to_bytes(), counted_at=now))
        days.setdefault(day_of(at, zone), []).append(kind)
    for day, members in days.items():
        others = Tally(users=sketch_of(chosen.getrandbits(64) for _ in range(1_500)))  # hours share their users
        whole = total([*(counted[kind] for kind in members), others])
        rows.append(RateFigures(grain="day", at=day, tally=whole.to_bytes(), counted_at=now))
    RateFigures.objects.bulk_create(rows, batch_size=500)


def pages(since: datetime, runs: int) -> dict[str, list[float]]:
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils import timezone

    from diagnostics.snapshot import make_snapshot

    make_snapshot(timezone.now())  # as the worker does
    viewer, _ = User.objects.get_or_create(username="benchmark", is_superuser=True)
    client = Client(SERVER_NAME="localhost", headers={"X-Forwarded-Proto": "https"})
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for name in PERIODS:
        query = f"from={since:%Y-%m-%d}" if name == "year" else f"period={name}"
        if client.get(f"/rates/?{query}", secure=True).status_code != 200:
            return {}
        found[name] = timed(partial(client.get, f"/rates/?{query}", secure=True), runs)
    return found


def timed(work: Callable[[], object], runs: int) -> list[float]:
    work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return times


def report(times: dict[str, dict[str, list[float]]]) -> None:
    for way, found in times.items():
        for name, each in found.items():
            print(
                f"rates {way}, {name}: median {statistics.median(each):.0f} ms, slowest {max(each):.0f} ms ({len(each)})"
            )
        if found:
            ratio = statistics.median(found["year"]) / statistics.median(found["24h"])
            print(f"rates {way}: a year takes {ratio:.1f} times a day")
        else:
            print(f"rates {way}: not answered")


if __name__ == "__main__":
    main()

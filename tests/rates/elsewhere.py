"""Counts figures with our own database wherever DATABASE_URL says, several workers at once, and prints them as JSON.

Run as a process of its own: `python -m tests.rates.elsewhere`, with the settings in the environment.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from diagnostics.domain.rates.periods import Period  # noqa: E402
from diagnostics.models import Ending, RateFigures, StaleHour  # noqa: E402
from diagnostics.rates import recount  # noqa: E402
from diagnostics.rates.reading import read  # noqa: E402
from tests.rates.kept import count, keep  # noqa: E402
from tests.rates.plain_windows import window  # noqa: E402

NOON = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
PERIOD = Period(NOON - timedelta(days=20), NOON)


def main() -> None:
    call_command("migrate", verbosity=0)
    count(NOON)
    meet()
    ended = threading.Event()
    workers = [threading.Thread(target=work, args=(ended,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    end_and_change()
    ended.set()
    for worker in workers:
        worker.join()
    count(NOON)
    found = asdict(read(PERIOD))
    measured = asdict(window(NOON - timedelta(days=3), NOON))
    print(json.dumps([found, measured, read(PERIOD).completed, stored(), StaleHour.objects.count()], default=str))


def meet() -> None:
    """One worker counted an hour of a day, and is about to write the day, when another counts the next hour of it."""
    early, late = (keep(NOON - timedelta(days=9, hours=number)).ended_at for number in (1, 2))
    day = early.replace(hour=0)
    is_about, is_done = threading.Event(), threading.Event()

    def slowly(execute: Callable[..., Any], sql: str, lines: Any, many: bool, context: object) -> object:
        if many and lines[0][0] == "day" and lines[0][2]:
            is_about.set()
            is_done.wait(0.5)
        return execute(sql, lines, many, context)

    def first() -> None:
        with connection.execute_wrapper(slowly):
            recount._count_day(day, [(early, 1)], NOON)
        connection.close()

    worker = threading.Thread(target=first)
    worker.start()
    is_about.wait(10)
    recount._count_day(day, [(late, 1)], NOON)
    is_done.set()
    worker.join()


def work(ended: threading.Event) -> None:
    while not ended.is_set():
        count(NOON)
    connection.close()


def end_and_change() -> None:
    """Endings in few hours, so that the workers meet, and changes of those that were counted."""
    chosen = random.Random(3)
    for number in range(150):
        with transaction.atomic():
            at = NOON - timedelta(hours=chosen.choice([1, 2, 3, 30, 31]), microseconds=chosen.randrange(1, 10**9))
            keep(at, ("completed", "failed")[number % 4 == 0], user_hash=number % 7, took_seconds=float(number))
    for ending in list(Ending.objects.order_by("id"))[2::3]:
        with transaction.atomic():
            Ending.objects.filter(pk=ending.pk).delete()
            keep(ending.ended_at, "stuck", user_hash=-(2**63) + 1, cause="worker.stalled")


def stored() -> list[int]:
    """How many endings there are, and how many the hours and the days have."""
    figures = dict.fromkeys(("hour", "day"), 0)
    for grain, at in RateFigures.objects.values_list("grain", "at"):
        length = timedelta(hours=1) if grain == "hour" else timedelta(days=1)
        found = read(Period(at, at + length), with_bars=False)
        figures[grain] += found.completed + found.failed + found.stuck
    return [Ending.objects.count(), *figures.values()]


if __name__ == "__main__":
    main()

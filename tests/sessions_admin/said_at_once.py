"""Says the same at once from many sides, with our own database wherever DATABASE_URL says, and prints what stands after it.

Run as a process of its own: `python -m tests.sessions_admin.said_at_once`, with the settings in the environment.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from tests.reconcile.killing import NOW  # sets Django up

from django.conf import settings  # isort: skip
from django.contrib.auth.models import User  # isort: skip
from django.core.management import call_command  # isort: skip
from django.db import connection  # isort: skip
from django.utils import timezone  # isort: skip

from sessions_admin.desk import markers  # isort: skip
from sessions_admin.models import AuditEntry, Marker, Notification, ReportSubscription  # isort: skip
from sessions_admin.report.weekly import queue_reports  # isort: skip
from sessions_admin.report.weeks import due_at, last_week  # isort: skip
from tests.sessions_admin.report.week import counted  # isort: skip

SIDES, ROUNDS = 4, 3
TEXT = "网关 3.2 😀"


def main() -> None:
    call_command("migrate", verbosity=0)
    settings.SMTP_URL = "smtp://127.0.0.1:25"
    for number in range(ROUNDS):
        wanted = markers.Wanted(NOW, "deploy", TEXT, f"build-{number}")
        new = at_once(partial(is_new, wanted))
        print(json.dumps([sum(new), Marker.objects.filter(text=TEXT).count(), AuditEntry.objects.count()]))
    marker = Marker.objects.earliest("pk")
    gone = at_once(lambda: markers.take_away(marker.pk, markers.By(markers.SHELL, "")))
    print(json.dumps([sum(gone), Marker.objects.count(), AuditEntry.objects.count()]))
    tell_reports()


def is_new(wanted: markers.Wanted) -> bool:
    return markers.add(wanted, markers.By(markers.MACHINE, ""), NOW)[1]


def tell_reports() -> None:
    zone = timezone.get_default_timezone()
    seven = due_at(last_week(NOW, zone), zone)
    counted(seven)
    for number in range(3):
        user = User.objects.create_superuser(f"ada{number}")
        made_at = seven - timedelta(days=1)
        ReportSubscription.objects.create(user=user, address="ada@example.com", made_at=made_at)
    queued = at_once(lambda: queue_reports(seven))
    print(json.dumps([sum(queued), Notification.objects.count()]))


def at_once(say: Callable[[], int]) -> list[int]:
    together = Barrier(SIDES)

    def one(_side: int) -> int:
        together.wait()
        try:
            return say()
        finally:
            connection.close()

    with ThreadPoolExecutor(SIDES) as threads:
        return list(threads.map(one, range(SIDES)))


if __name__ == "__main__":
    main()

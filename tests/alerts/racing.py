"""Two evaluators at once on whichever database DATABASE_URL names: `python -m tests.alerts.racing` prints what came of it.

Each round is made by four threads at the same moment.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.db import connection  # noqa: E402

from diagnostics.alerts.rounds import look_at_rules  # noqa: E402
from diagnostics.models import AlertRound, AlertState, Condition, Episode, Flip  # noqa: E402
from tests.alerts.scene import MINUTE, NOON, complete_pass, ending  # noqa: E402

EVALUATORS, ROUNDS = 4, 6


def main() -> None:
    call_command("migrate", verbosity=0)
    for _ in range(6):
        ending(NOON, kind="failed", cause="generation.disk_full")
        ending(NOON, took_seconds=400.0, is_playable=False, cause="file.deleted")
    Condition.objects.create(code="host.schema", opened_at=NOON, seen_at=NOON)
    with ThreadPoolExecutor(EVALUATORS) as pool:
        for number in range(1, ROUNDS + 1):
            complete_pass(NOON + number * MINUTE)
            if number == 3:
                Condition.objects.update(resolved_at=NOON + number * MINUTE)
            together = threading.Barrier(EVALUATORS)
            list(pool.map(lambda _, number=number, together=together: look(number, together), range(EVALUATORS)))
    told = {
        "episodes": [[row.rule, row.ended_at is None] for row in Episode.objects.order_by("rule")],
        "facts": {row.rule: sorted(line["fact"] for line in row.evidence) for row in Episode.objects.all()},
        "flips": [list(Flip.objects.filter(rule=rule).order_by("pk").values_list("new", flat=True)) for rule in ("condition", "failures")],
        "rounds": AlertRound.objects.filter(finished_at__isnull=False).count(),
        "states": AlertState.objects.filter(rule="failures").count(),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


def look(number: int, together: threading.Barrier) -> None:
    together.wait()
    look_at_rules(NOON + number * MINUTE, threading.Event())
    connection.close()


if __name__ == "__main__":
    main()

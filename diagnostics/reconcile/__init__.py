"""The pass over all rows and files: one listing, one reading, and a diagnosis of whatever differs.

The way of a pass: `files` lists the audio root into the ledger, and `reading` reads a large table at the same time;
`rows` tells which rows differ; `indexing` puts what changed rows say into the `index`; `affected` gathers whom it
concerns; `gather` makes their evidence; `results` writes the conclusions; `strays` judges files without a session;
`conditions` says what stands above it all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from diagnostics.garbage import rare_search_for_cycles
from diagnostics.models import Pass
from diagnostics.reconcile.running import PassRunningError, PassStoppedError, Running, end_turn, take_turn
from diagnostics.reconcile.steps import Steps

__all__ = ["PassRunningError", "PassStoppedError", "run_pass"]

Sink = Callable[[dict[str, object]], None]


def run_pass(
    *,
    trigger: str = "worker",
    sink: Sink | None = None,
    everything: bool = False,
    accept_store: bool = False,
    stop: threading.Event | None = None,
    progress: Callable[[Pass], None] | None = None,
    wait_seconds: float = 30.0,
    clock: Callable[[], datetime] = timezone.now,
) -> Pass:
    """Run one pass and return its row; `outcome` says whether it was complete.

    `sink` takes one diagnosis document a session with a finding (with `everything`: of every session), then the file
    findings. `accept_store` trusts a root that is suddenly empty or on another device. Raises PassRunningError where
    another pass does not end within `wait_seconds`. A pass that is stopped or killed leaves what it did; the next resumes.
    """
    holder = take_turn(wait_seconds)
    begun = time.monotonic()
    now = clock()
    row = Pass.objects.create(started_at=now, heartbeat_at=now, trigger=trigger)
    running = Running(row, holder, stop, progress, clock)
    try:
        with rare_search_for_cycles():
            Steps(running, sink, everything=everything, accept_store=accept_store).run()
    except PassStoppedError:
        row.outcome, row.error = Pass.Outcome.INTERRUPTED, "It was asked to stop, or lost its turn."
    except BaseException as error:
        row.outcome, row.error = Pass.Outcome.FAILED, f"{type(error).__name__}: {error}"[:2000]
        raise
    finally:
        row.finished_at, row.seconds = clock(), round(time.monotonic() - begun, 3)
        row.save()
        end_turn(holder)
    return row

"""The reading of a large table beside the listing of the files: two processes, so that neither waits for the other.

Rows are read a little earlier than the files are seen then. That misleads nobody: whatever differs is read once more,
after the listing, before it is diagnosed.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from django.conf import settings

from diagnostics import row_lines, sources
from diagnostics.models import Pass
from diagnostics.reconcile.basis import basis
from diagnostics.reconcile.running import Running
from diagnostics.row_lines import Lines

WORTH_A_PROCESS_ROWS = 20_000  # below, it takes longer to start a process than to read the table
LOOK_SECONDS = 0.5


@dataclass(slots=True)
class Reading:
    """A reading under way, in a process of its own; or none."""

    process: subprocess.Popen[bytes] | None = None
    output: IO[bytes] | None = None

    def lines(self, running: Running) -> Lines | None:
        """Wait for the lines and return them; None where there is no such reading, or it came to nothing."""
        if self.process is None or self.output is None:
            return None
        while self.process.poll() is None:
            running.beat()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(LOOK_SECONDS)
        if self.process.returncode:
            return None  # why is told by whoever reads the table himself then
        self.output.seek(0)
        lines: Lines = marshal.load(self.output)  # noqa: S302  what our own process wrote
        return lines

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        if self.output is not None:
            self.output.close()


def begin(last: Pass | None) -> Reading:
    """Begin to read the table in another process where the last complete pass found it large and a processor is free."""
    if last is None or last.rows < WORTH_A_PROCESS_ROWS or (os.cpu_count() or 1) < 2:
        return Reading()
    told = row_lines.orders(sources.host_source(), settings.HOST_TIME_ZONE, basis())
    try:
        output = tempfile.TemporaryFile()  # noqa: SIM115  the reading closes it
        process = subprocess.Popen(
            [sys.executable, "-m", row_lines.__name__],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
    except OSError:  # no room, no memory or no process left: the pass reads for itself
        return Reading()
    assert process.stdin is not None  # noqa: S101  it is a pipe
    with suppress(BrokenPipeError), process.stdin as pipe:
        pipe.write(told)
    return Reading(process, output)

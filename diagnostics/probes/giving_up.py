"""Giving up a process that may be held by the kernel: killed, and not waited for."""

from __future__ import annotations

import subprocess
from contextlib import suppress

TICK_SECONDS = 0.05


def give_up(process: subprocess.Popen[bytes]) -> bool:
    """Kill a process, and return whether it has ended. No long wait: one that the kernel holds dies of no signal.

    Whoever is told that it has not ended keeps it, and polls it later, so that it does not stay a zombie.
    """
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe:
                pipe.close()
    try:
        process.wait(TICK_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True

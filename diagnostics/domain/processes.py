"""What is known of the generator's processes: which are alive, which were seen before, and why it may not be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# The start of a process is told from the machine's clock, which is set now and then; no number is given away so soon.
SAME_START = timedelta(seconds=2)
STOPPED = ("stopped", "tracing-stop")


@dataclass(frozen=True, slots=True)
class Generator:
    """One process that is alive. `state` is the kernel's word (running, sleeping, stopped, …)."""

    pid: int
    name: str
    started_at: datetime
    state: str = ""
    memory_bytes: int = 0

    @property
    def is_stopped(self) -> bool:
        return self.state in STOPPED


@dataclass(frozen=True, slots=True)
class FormerGenerator:
    """One that samples saw, and that is gone: alive last at `seen_at`, first missed at `missed_at`.

    `number_given_at` is when another process was started that bears its number now; None where none does.
    """

    pid: int
    name: str
    started_at: datetime
    seen_at: datetime
    missed_at: datetime
    number_given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """One look at the process list. With a `problem` nobody knows whether a generator is alive."""

    problem: str = "not_asked"  # not_asked, not_configured, unreadable, timeout
    alive: tuple[Generator, ...] = ()
    gone: tuple[FormerGenerator, ...] = ()
    observed_at: datetime | None = None


NOT_ASKED = ProcessFacts()


def is_same(pid: int, started_at: datetime, other_pid: int, other_started_at: datetime) -> bool:
    """Whether two sights are of one process: numbers are given away again, together with a start they are not."""
    return pid == other_pid and abs(started_at - other_started_at) <= SAME_START

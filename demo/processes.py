"""Which of the demo's processes are alive, told by their pid files."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def leave_pid(path: Path) -> None:
    pid = os.getpid()
    path.write_text(f"{pid}\n{started_at(pid)}\n")


def forget_pid(path: Path) -> None:
    if alive(path) in (None, os.getpid()):
        path.unlink(missing_ok=True)


def alive(path: Path) -> int | None:
    """The pid in this file, if that very process still runs: a number given away again does not count, nor a zombie."""
    try:
        pid, start = path.read_text().split()
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return None
    is_zombie = status_fields(int(pid))[:1] == ["Z"]
    return int(pid) if started_at(int(pid)) == start and not is_zombie else None


def started_at(pid: int) -> str:
    """When the kernel started it, in ticks since boot; "unknown" where there is no /proc."""
    fields = status_fields(pid)
    return fields[19] if fields else "unknown"


def is_stopped(pid: int) -> bool:
    fields = status_fields(pid)
    return bool(fields) and fields[0] in ("T", "t")


def holds_locks(pid: int) -> bool:
    """Whether it has locked any part of any file; False where there is no /proc/locks."""
    try:
        lines = Path("/proc/locks").read_text().splitlines()
    except OSError:
        return False
    return any(str(pid) in line.split() for line in lines)


def open_files(pid: int) -> list[Path]:
    """What it has open; nothing where there is no /proc."""
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return []
    found = []
    for link in links:
        with suppress(OSError):  # closed meanwhile
            found.append(link.readlink())
    return found


def status_fields(pid: int) -> list[str]:
    """/proc/PID/stat behind the command's name, which may hold blanks and brackets itself."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


class Stopped(Exception):
    """Somebody asked this process to end."""


class StopFlag:
    """Notes SIGTERM and SIGINT, and the end of the parent, to be looked at between two steps."""

    def __init__(self, parent: int | None = None) -> None:
        self.parent = parent
        self.raised = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.note)

    def note(self, _number: int, _frame: object) -> None:
        self.raised = True

    @property
    def is_up(self) -> bool:
        return self.raised or (self.parent is not None and os.getppid() != self.parent)

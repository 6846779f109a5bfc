"""The generator's processes, each by its number and its start, told from the process list. No Django here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from diagnostics.domain.processes import Generator

# Those that only speak of a generator: whoever searches for it, reads its log or edits its settings.
ONLOOKER = re.compile(r"[efz]?grep|p(?:grep|kill|idof)|rg|ag|ack|watch|tail|less|more|cat|n?vim?|nano|emacs|man|ssh")
SETTING = "GENERATOR_PROCESS="  # a command line that sets the pattern is not what the pattern is for
ENDED = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
# What psutil raises where the system refuses, or answers in a way that it does not understand.
UNTOLD = (psutil.Error, OSError, RuntimeError, ValueError, LookupError)
NOT_HIDING = ("0", "off")


class ProcessListUnreadable(Exception):
    """What was seen of the process list does not tell that no generator is alive."""


@dataclass(frozen=True, slots=True)
class Running:
    """One generator that is alive, with its whole command line, which may hold secrets."""

    generator: Generator
    command: str


def find(pattern: str) -> tuple[Running, ...]:
    """Return the generators that are alive, the oldest first. Raises ProcessListUnreadable where nobody can tell.

    Every process is looked at anew: psutil's own iterator remembers by number alone, and numbers are given away again.
    """
    try:
        numbers = psutil.pids()
    except UNTOLD as error:
        raise ProcessListUnreadable(str(error)) from error
    found, is_partial = [], _hides_others()
    for number in numbers:
        try:
            running = _running(psutil.Process(number), pattern)
        except psutil.NoSuchProcess:  # a zombie among them: it has ended, and only its parent does not know it yet
            continue
        except UNTOLD:
            is_partial = True
            continue
        found += [running] if running else []
    if is_partial and not found:
        raise ProcessListUnreadable("some processes cannot be seen from here")
    return tuple(sorted(found, key=lambda one: one.generator.started_at))


def started_at(number: int) -> datetime | None:
    """Return when the process that bears this number was started; None where none does that is alive.

    Raises ProcessListUnreadable where nobody can tell.
    """
    try:
        process = psutil.Process(number)
        return None if process.status() in ENDED else _start(process)
    except psutil.NoSuchProcess:
        return None
    except UNTOLD as error:
        raise ProcessListUnreadable(str(error)) from error


def is_generator(command_line: str, pattern: str, name: str = "") -> bool:
    """Return whether a process is the generator: its command line contains the pattern, or its name is the pattern."""
    program = command_line.partition(" ")[0].rpartition("/")[2]
    if ONLOOKER.fullmatch(program) or SETTING in command_line:
        return False
    return pattern in command_line or pattern == name


def _running(process: psutil.Process, pattern: str) -> Running | None:
    command = " ".join(process.cmdline())
    name = process.name()
    if not is_generator(command, pattern, name):
        return None
    with process.oneshot():
        state = process.status()
        if state in ENDED:
            return None
        found = Generator(process.pid, name, _start(process), str(state), int(process.memory_info().rss))
    return Running(found, command or name)


def _start(process: psutil.Process) -> datetime:
    return datetime.fromtimestamp(process.create_time(), UTC)


def _hides_others() -> bool:
    """Whether /proc is mounted so that it keeps the processes of other users from us."""
    options = dict(option.partition("=")[::2] for option in _options_of_proc())
    if os.geteuid() == 0 or options.get("hidepid", "0") in NOT_HIDING:
        return False
    return int(options.get("gid", "0")) not in (os.getegid(), *os.getgroups())


def _options_of_proc() -> list[str]:
    """What is mounted last covers what was there before."""
    try:
        lines = Path("/proc/self/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return []
    mounts = [fields for line in lines if (fields := line.split())[1:3] == ["/proc", "proc"]]
    return mounts[-1][3].split(",") if mounts else []

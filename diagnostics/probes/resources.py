"""Memory, processor and processes of this machine, by psutil. No Django here; what cannot be told is None."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil

from diagnostics.probes.processes import is_generator

LARGEST = 5
MOST_GENERATORS = 20
COMMAND_CHARACTERS = 160
PROCESSOR_SECONDS = 0.3
CREDENTIALS = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")
SECRETS = re.compile(r"(?i)((?:pass(?:word|wd)?|token|secret|api[-_]?key|credential)[\w-]*[= ])\S+")
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess, OSError)


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory and processor at one time."""

    memory_total_bytes: int
    memory_available_bytes: int
    swap_total_bytes: int
    swap_used_bytes: int
    processor_percent: float | None
    processors: int
    load: tuple[float, float, float] | None

    @property
    def memory_percent(self) -> float:
        return 100 * (1 - self.memory_available_bytes / self.memory_total_bytes)

    @property
    def swap_percent(self) -> float | None:
        """None where there is no swap: then it cannot fill up either."""
        return 100 * self.swap_used_bytes / self.swap_total_bytes if self.swap_total_bytes else None

    @property
    def load_percent(self) -> float | None:
        """The load of the last minute by processor: above 100 something waits."""
        return 100 * self.load[0] / self.processors if self.load else None


@dataclass(frozen=True, slots=True)
class Process:
    """One process; the command line is cut, and what looks like a secret in it is hidden."""

    pid: int
    name: str
    command: str
    memory_bytes: int
    processor_percent: float | None
    started_at: datetime
    user: str


@dataclass(frozen=True, slots=True)
class Processes:
    """The largest processes, and the generator's: `generators` is None where no pattern names them."""

    largest: tuple[Process, ...]
    generators: tuple[Process, ...] | None
    generators_found: int = 0


def measure(generator_pattern: str = "") -> tuple[Machine, Processes]:
    """Return machine and processes; the processor is watched for a third of a second."""
    found = [(process, _command(process)) for process in psutil.process_iter()]
    largest = _largest(process for process, _command_line in found)
    generators = [
        process for process, line in found if generator_pattern and _is_generator(process, line, generator_pattern)
    ]
    shown = dict(found)
    for process in {*largest, *generators}:
        _processor_percent(process)
    machine = _machine(psutil.cpu_percent(interval=PROCESSOR_SECONDS))
    processes = Processes(
        tuple(sorted(_described(largest, shown), key=lambda process: -process.memory_bytes)),
        tuple(_described(generators[:MOST_GENERATORS], shown)) if generator_pattern else None,
        len(generators),
    )
    return machine, processes


def redacted(command_line: str) -> str:
    """Hide passwords in addresses and the values of options that are named like secrets; cut what is long."""
    hidden = SECRETS.sub(r"\1[hidden]", CREDENTIALS.sub(r"\1[hidden]@", command_line))
    return hidden if len(hidden) <= COMMAND_CHARACTERS else hidden[: COMMAND_CHARACTERS - 1] + "…"


def _machine(processor_percent: float) -> Machine:
    memory, swap = psutil.virtual_memory(), _swap()
    return Machine(
        memory_total_bytes=memory.total,
        memory_available_bytes=memory.available,
        swap_total_bytes=swap[0],
        swap_used_bytes=swap[1],
        processor_percent=processor_percent,
        processors=psutil.cpu_count() or 1,
        load=_load(),
    )


def _swap() -> tuple[int, int]:
    try:
        swap = psutil.swap_memory()
    except (OSError, RuntimeError):
        return 0, 0
    return swap.total, swap.used


def _load() -> tuple[float, float, float] | None:
    try:
        return os.getloadavg()
    except OSError:
        return None


def _command(process: psutil.Process) -> str:
    with suppress(*GONE):
        return " ".join(process.cmdline()) or process.name()
    return ""


def _is_generator(process: psutil.Process, line: str, pattern: str) -> bool:
    """One that has ended has no command line any more."""
    with suppress(*GONE):
        return bool(line) and is_generator(line, pattern, process.name())
    return False


def _largest(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    sizes = [(_memory(process), process) for process in processes]
    return [process for _size, process in sorted(sizes, key=lambda pair: -pair[0])[:LARGEST]]


def _memory(process: psutil.Process) -> int:
    with suppress(*GONE):
        return int(process.memory_info().rss)
    return 0


def _processor_percent(process: psutil.Process) -> float | None:
    """Return the share of one processor since the last call for this process; the first call only begins to count."""
    with suppress(*GONE):
        return float(process.cpu_percent(interval=None))
    return None


def _described(processes: Iterable[psutil.Process], lines: dict[psutil.Process, str]) -> Iterable[Process]:
    for process in processes:
        with suppress(*GONE):
            yield Process(
                pid=process.pid,
                name=process.name(),
                command=redacted(lines[process]),
                memory_bytes=_memory(process),
                processor_percent=_processor_percent(process),
                started_at=datetime.fromtimestamp(process.create_time(), UTC),
                user=process.username(),
            )

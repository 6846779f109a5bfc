"""Tries the synthesis engine by the operator's own command: no shell, a time limit, its output cut and redacted."""

from __future__ import annotations

import errno
import os
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from diagnostics.domain.error_texts import last_line, reason_of
from diagnostics.domain.redaction import HIDDEN, hide_secrets
from diagnostics.probes.parts.told import PartTold

KEPT_BYTES = 2048  # of the beginning, and of the end, of each stream
READ_BYTES = 65_536
MOST_LEFT_READS = 32  # of what stands in a pipe when the command has ended: as much as a pipe holds at most
TICK_SECONDS = 0.02
KILLED_SECONDS = 0.5
# Whatever else is in our environment is ours, passwords among it. `env NAME=value COMMAND` gives a command what it needs.
PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
NOT_FOUND, NOT_EXECUTABLE = (errno.ENOENT, errno.ENOTDIR), (errno.EACCES, errno.EPERM, errno.ENOEXEC)


@dataclass(slots=True)
class _Ends:
    """The beginning and the end of a stream, however long it is."""

    beginning: bytes = b""
    end: bytes = b""
    length: int = 0

    def add(self, more: bytes) -> None:
        self.beginning += more[: KEPT_BYTES - len(self.beginning)]
        self.end = (self.end + more)[-KEPT_BYTES:]
        self.length += len(more)

    def text(self) -> str:
        """What was kept. Where something was left out between, the lines that it parted go too: half a secret is one."""
        after = max(0, self.length - KEPT_BYTES)
        if after <= KEPT_BYTES:
            return (self.beginning + self.end[len(self.end) - after :]).decode(errors="replace")
        whole = self.beginning.rpartition(b"\n")[0], self.end.partition(b"\n")[2]
        return b"\n".join(whole).decode(errors="replace")


@dataclass(slots=True)
class _Run:
    """A command at work, and what it wrote."""

    process: subprocess.Popen[bytes]
    ends_at: float
    output: _Ends = field(default_factory=_Ends)
    errors: _Ends = field(default_factory=_Ends)

    def has_ended(self) -> bool:
        """Its number stays its own until it is waited for, and with it that of its group."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def look(how: Mapping[str, Any], seconds: float) -> PartTold:
    """Return whether a command (`command`, quoted as for a shell) ends with 0; one that takes too long is down."""
    begun = time.monotonic()
    try:
        words = shlex.split(how["command"])
        run = _Run(_started(words), begun + seconds)
    except OSError as error:
        return _not_started(error)
    except (ValueError, IndexError):  # open quotes, a NUL, nothing at all
        return PartTold("unknown", "failed", "the command cannot be read")
    try:
        is_over_time = not _follow(run)
    finally:
        _end(run.process)
    told = _told(run, sorted(_secrets(words), key=len, reverse=True), is_over_time=is_over_time)
    exit_code = None if is_over_time or run.process.returncode < 0 else run.process.returncode
    return replace(told, values={"took_seconds": round(time.monotonic() - begun, 3), "exit_code": exit_code})


def _started(words: list[str]) -> subprocess.Popen[bytes]:
    """Start it as leader of a session. Descriptors close when the program has really started: until then it has our turn."""
    return subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, cwd="/",
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        start_new_session=True, close_fds=False,
    )  # fmt: skip


def _not_started(error: OSError) -> PartTold:
    detail = f"{error.strerror}: {error.filename}" if error.filename else error.strerror or ""
    if error.errno in NOT_FOUND:
        return PartTold("down", "not_found", detail)
    if error.errno in NOT_EXECUTABLE:
        return PartTold("down", "denied", detail)
    return PartTold("unknown", "failed", detail)


def _follow(run: _Run) -> bool:
    """Read what it writes until it has ended; return False where its time ends first."""
    with selectors.DefaultSelector() as watch:
        for pipe, ends in ((run.process.stdout, run.output), (run.process.stderr, run.errors)):
            watch.register(pipe, selectors.EVENT_READ, ends)  # type: ignore[arg-type]  # pipes of ours
        while not run.has_ended():
            if time.monotonic() > run.ends_at:
                return False
            _read(watch, TICK_SECONDS)
        for _ in range(MOST_LEFT_READS):  # others may hold the pipes still, and write for ever
            if not _read(watch, 0):
                break
    return True


def _read(watch: selectors.BaseSelector, seconds: float) -> bool:
    """Take in what came within so many seconds; return whether anything did."""
    ready = watch.select(seconds)
    for key, _ in ready:
        more = os.read(key.fd, READ_BYTES)
        if more:
            key.data.add(more)
        else:
            watch.unregister(key.fileobj)
    return bool(ready)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it with all that it started, and what it left behind; wait only a moment, for the kernel may hold it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(KILLED_SECONDS)
    for pipe in (process.stdout, process.stderr):
        pipe.close()  # type: ignore[union-attr]  # pipes of ours


def _told(run: _Run, secrets: list[str], *, is_over_time: bool) -> PartTold:
    output, errors = (_hidden(ends.text(), secrets) for ends in (run.output, run.errors))
    code = run.process.returncode
    if code == 0 and not is_over_time:
        return PartTold("up", "", last_line(output) or last_line(errors))
    words = reason_of(f"{output}\n{errors}")[1]
    if is_over_time:
        return PartTold("down", "timeout", words)
    if code < 0:
        return PartTold("down", "killed", f"{_signal(-code)}: {words}" if words else _signal(-code))
    return PartTold("down", "exit_code", words)


def _hidden(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return hide_secrets(text)


def _secrets(words: list[str]) -> Iterator[str]:
    """The command's own: `API_KEY=value`, `--api-key=value` and `--api-key value`, which it may print in any form."""
    for before, word in zip(["", *words], words, strict=False):
        named, value = word.lstrip("-"), word.partition("=")[2]
        if value and hide_secrets(named) != named:
            yield value
        elif before.startswith("-") and hide_secrets(f"{before.lstrip('-')}={word}").endswith(HIDDEN):
            yield word


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"

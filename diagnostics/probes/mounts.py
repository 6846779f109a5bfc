"""Asks file systems how full they are, without ever waiting for one that does not answer. No Django here."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HELPER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("mount.py")))
TIME_LIMIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class FileSystem:
    """One file system with all that we keep on it: `roles` maps audio, own_database, host_database, temporary to a path.

    `problem` is empty when it answered; with a problem nothing else is known, and `since` is when it began.
    """

    roles: Mapping[str, str]
    mount: str = ""
    total_bytes: int = 0
    used_bytes: int = 0
    free_bytes: int = 0
    total_inodes: int = 0
    used_inodes: int = 0
    free_inodes: int = 0
    is_read_only: bool = False
    problem: str = ""
    since: datetime | None = None

    @property
    def bytes_percent(self) -> float | None:
        return _percent(self.used_bytes, self.free_bytes, is_known=not self.problem and self.total_bytes > 0)

    @property
    def inodes_percent(self) -> float | None:
        """None also where the file system does not count inodes (btrfs and others say 0)."""
        return _percent(self.used_inodes, self.free_inodes, is_known=not self.problem and self.total_inodes > 0)


@dataclass(slots=True)
class Question:
    """One helper that looks at one path; it may outlive many rounds where its file system hangs."""

    process: subprocess.Popen[bytes]
    asked_at: datetime


@dataclass(slots=True)
class Mounts:
    """Keeps at most one helper a path, so that a file system that hangs never gathers processes or threads."""

    helper: Sequence[str] = HELPER
    time_limit_seconds: float = TIME_LIMIT_SECONDS
    _open: dict[str, Question] = field(default_factory=dict)
    _failing_since: dict[str, datetime] = field(default_factory=dict)

    def look(
        self, paths: Mapping[str, str], now: datetime, *, reader: str = "", writer: str = "", lock: str = ""
    ) -> tuple[list[FileSystem], dict[str, dict[str, object]]]:
        """Return the file systems behind role -> path, each once, and what was found at each role's path itself.

        Of the audio folder also what two users may do to it, under `reader` and `writer`, where they are given. It is
        looked at under the `lock` of all who look at it, where one is named.
        """
        for path in set(paths.values()):
            self._ask(path, now, *((reader, writer, lock) if path == paths.get("audio") else ()))
        end = time.monotonic() + self.time_limit_seconds
        answers = {path: self._answer(path, end, now) for path in sorted(set(paths.values()))}
        return _by_device(paths, answers), {role: answers[path] for role, path in paths.items()}

    def _ask(self, path: str, now: datetime, *users: str) -> None:
        waiting = self._open.get(path)
        if waiting is not None and waiting.process.poll() is None:
            return
        if waiting is not None:
            _close(waiting.process)
        process = subprocess.Popen(
            [*self.helper, path, *users], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._open[path] = Question(process, now)

    def _answer(self, path: str, end: float, now: datetime) -> dict[str, object]:
        question = self._open[path]
        try:
            question.process.wait(max(end - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            # No second wait: a process that the kernel holds does not die of a signal. It is looked for next time.
            question.process.kill()
            return self._failed(path, {"error": "no answer"}, question.asked_at)
        del self._open[path]
        answer = _read(question.process)
        if "error" in answer:
            return self._failed(path, answer, now)
        self._failing_since.pop(path, None)
        return answer

    def _failed(self, path: str, answer: dict[str, object], now: datetime) -> dict[str, object]:
        held_since = answer.get("held_since")
        begun = datetime.fromtimestamp(held_since, UTC) if isinstance(held_since, float) else now
        return {**answer, "since": self._failing_since.setdefault(path, begun)}


def _read(process: subprocess.Popen[bytes]) -> dict[str, object]:
    output = process.stdout.read() if process.stdout else b""
    _close(process)
    try:
        answer = json.loads(output)
    except ValueError:
        return {"error": f"the helper ended with code {process.returncode}"}
    return answer if isinstance(answer, dict) else {"error": "the helper said nothing useful"}


def _close(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if process.stdout:
            process.stdout.close()


def _by_device(paths: Mapping[str, str], answers: Mapping[str, Mapping[str, object]]) -> list[FileSystem]:
    """Put roles on one device together, in the order in which they were given."""
    together: dict[object, dict[str, str]] = {}
    for role, path in paths.items():
        together.setdefault(answers[path].get("device", path), {})[role] = path
    return [_file_system(roles, answers[next(iter(roles.values()))]) for roles in together.values()]


def _file_system(roles: dict[str, str], answer: Mapping[str, object]) -> FileSystem:
    if "error" in answer:
        since = answer.get("since")
        return FileSystem(roles, problem=str(answer["error"]), since=since if isinstance(since, datetime) else None)

    def number(name: str) -> int:
        return int(str(answer[name]))

    return FileSystem(
        roles,
        str(answer["mount"]),
        total_bytes=number("total_bytes"),
        used_bytes=number("used_bytes"),
        free_bytes=number("free_bytes"),
        total_inodes=number("total_inodes"),
        used_inodes=number("used_inodes"),
        free_inodes=number("free_inodes"),
        is_read_only=bool(answer["is_read_only"]),
    )


def _percent(used: int, free: int, *, is_known: bool) -> float | None:
    """As `df`: what root alone may use counts neither as used nor as free."""
    if not is_known:
        return None
    return 100 * used / (used + free) if used + free else 100.0

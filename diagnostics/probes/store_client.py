"""Asks the store by one helper process, within a time limit: what hangs costs that process, and no thread."""

from __future__ import annotations

import os
import pickle
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diagnostics.probes.store_questions import QUESTIONS

PROJECT = str(Path(__file__).resolve().parents[2])
BEGINNING = (
    "import sys; sys.path.insert(0, sys.argv[1]); from diagnostics.probes.store_helper import main; main(*sys.argv[2:])"
)
HELPER = (sys.executable, "-I", "-S", "-c", BEGINNING, PROJECT)
LENGTH = struct.Struct("<I")
# A helper that is silent for so long is told to end. One that the kernel holds does not, and stays the only one.
GIVEN_UP_SECONDS = 60.0
MOST_BYTES = 60_000  # of a question: a pipe takes so many at once, so that writing never waits


class StoreSilent(Exception):
    """The store does not answer, since `since`."""

    def __init__(self, since: datetime) -> None:
        super().__init__(since)
        self.since = since


class NoHelper(Exception):
    """No helper could be started, or it ended without an answer: nothing is known of the store."""


class Direct:
    """Answers in this process, without any limit: for tests that reach into the looks themselves."""

    def ask(self, name: str, *arguments: object, seconds: float) -> Any:
        return QUESTIONS[name](*arguments)


@dataclass(slots=True)
class Helper:
    """One helper process for one root; threads take turns. It is started when it is needed first, and again if it ended."""

    lock: str
    command: Sequence[str] = HELPER
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _process: subprocess.Popen[bytes] | None = None
    _number: int = 0
    _came: bytearray = field(default_factory=bytearray)
    _silent_since: datetime | None = None
    _unanswered_at: float | None = None  # monotonic: when the question was put that has no answer yet

    def ask(self, name: str, *arguments: object, seconds: float) -> Any:
        """Return the answer to a question of `store_questions`. Raises StoreSilent or NoHelper, within the limit."""
        until = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            raise StoreSilent(self._silent_since or datetime.now(UTC))
        try:
            self._refuse_while_silent()
            return self._asked(name, arguments, until)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let the helper go: it ends by itself, at once or as soon as the kernel lets it."""
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _refuse_while_silent(self) -> None:
        """While a question has no answer no other is put: a second one could only hang as well."""
        if self._unanswered_at is None:
            return
        if self._answer_to(self._number, time.monotonic()) is not None:
            return
        process = self._process
        if process is None:  # it ended meanwhile, and was forgotten with its question
            return
        if time.monotonic() - self._unanswered_at > GIVEN_UP_SECONDS:
            process.kill()
        if process.poll() is None:
            raise StoreSilent(self._silent_since or datetime.now(UTC))
        self._forget()

    def _asked(self, name: str, arguments: tuple[object, ...], until: float) -> Any:
        asked_at = datetime.now(UTC)
        for is_last in (False, True):
            try:
                self._put((name, arguments, until - time.monotonic()))
            except PermissionError:  # who may not start a Python, as after giving up rights, has to look himself
                return Direct().ask(name, *arguments, seconds=0)
            answer = self._answer_to(self._number, until)
            if answer is not None:
                return self._taken(*answer)
            if self._process is not None:
                self._unanswered_at = time.monotonic()
                self._silent_since = self._silent_since or asked_at
                raise StoreSilent(self._silent_since)
            if is_last:
                raise NoHelper("it ended without an answer")
        return None

    def _taken(self, kind: str, value: Any) -> Any:
        if kind == "busy":
            raise StoreSilent(datetime.fromtimestamp(value, UTC))
        self._silent_since = None
        if kind == "error":
            raise NoHelper(value)
        return value

    def _put(self, question: tuple[object, ...]) -> None:
        """Write a question; a helper that ended meanwhile is noticed by its missing answer."""
        process = self._started()
        self._number += 1
        body = pickle.dumps((self._number, *question))
        if len(body) > MOST_BYTES:
            raise NoHelper("the question is too long")
        with suppress(OSError, ValueError):
            process.stdin.write(LENGTH.pack(len(body)) + body)  # type: ignore[union-attr]  # a pipe of ours
            process.stdin.flush()  # type: ignore[union-attr]

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    [*self.command, self.lock, *_effective_rights()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, cwd="/", start_new_session=True, user=_real_user(),
                )  # fmt: skip
            except PermissionError:
                raise
            except OSError as error:
                raise NoHelper(error.strerror or str(error)) from None
        return self._process

    def _answer_to(self, number: int, until: float) -> tuple[str, Any] | None:
        """Return the answer to a question, or None where it did not come in time, or the helper ended."""
        while self._process is not None:
            while (frame := self._frame()) is not None:
                if frame[0] == number:
                    self._unanswered_at = None
                    return frame[1], frame[2]
            if not self._read_more(until):
                return None
        return None

    def _frame(self) -> tuple[int, str, Any] | None:
        came = self._came
        if len(came) < LENGTH.size:
            return None
        end = LENGTH.size + LENGTH.unpack_from(came)[0]
        if len(came) < end:
            return None
        body = bytes(came[LENGTH.size : end])
        del came[:end]
        frame: tuple[int, str, Any] = pickle.loads(body)  # noqa: S301  written by our own child
        return frame

    def _read_more(self, until: float) -> bool:
        """Take in what the helper wrote; return False where the time is over."""
        assert self._process is not None  # noqa: S101  the caller saw it
        assert self._process.stdout is not None  # noqa: S101  a pipe of ours
        output = self._process.stdout.fileno()
        watch = select.poll()
        watch.register(output, select.POLLIN)
        if not watch.poll(max(0.0, until - time.monotonic()) * 1000):
            return False
        more = os.read(output, 65536)
        if more:
            self._came += more
        else:
            self._forget()
        return True

    def _forget(self) -> None:
        """The helper has ended: the next question starts another."""
        process = self._process
        self._process, self._unanswered_at = None, None
        self._came.clear()
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)


def _real_user() -> int | None:
    """Who gave up rights for a while could not start a Python with what is left: the helper gives them up itself."""
    return os.getuid() if os.getuid() != os.geteuid() else None


def _effective_rights() -> tuple[str, str]:
    return str(os.geteuid()), str(os.getegid())

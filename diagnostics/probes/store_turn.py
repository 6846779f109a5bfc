"""One look at one mount at a time, over all processes: a lock that dies with its holder, and since when it is held."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STEP_SECONDS = 0.005
PATIENCE_SECONDS = 2.0


class TurnHeldError(OSError):
    """Another process looks at the mount for so long that it seems to hang: no second look is made there."""

    def __init__(self, since: float) -> None:
        super().__init__(errno.ETIMEDOUT, "another process's look at it hangs")
        self.since = since  # time.time()


class Turn:
    """The right to look at a mount. A holder that the kernel holds keeps it as long as it hangs: nobody else looks then.

    Where the file cannot be opened (none is named, another user's, a full disk), there is no lock, and each process looks
    by itself.
    """

    def __init__(self, path: str) -> None:
        self._descriptor: int | None = None
        with suppress(OSError, ValueError):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def take(self, *, until: float, patience_seconds: float) -> float | None:
        """Wait for the turn; return None with it, or else since when (`time.time()`) another holds it.

        Nobody waits for one who has been looking for longer than `patience_seconds`, nor beyond `until` (monotonic).
        """
        while self._is_taken():
            since = self._held_since()
            if time.time() - since > patience_seconds or time.monotonic() >= until:
                return since
            time.sleep(STEP_SECONDS)
        return None

    @contextmanager
    def held(self, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Have the turn for one look. Raises TurnHeldError where another's look does not come back within the time."""
        since = self.take(until=time.monotonic() + seconds, patience_seconds=seconds)
        if since is not None:
            raise TurnHeldError(since)
        try:
            yield
        finally:
            self.give_back()

    @property
    def descriptor(self) -> int | None:
        """What a process may inherit: the turn is held until the last that has it open has closed it."""
        return self._descriptor

    def let_go(self) -> None:
        """Close it here; whoever inherited it holds the turn on, as long as it lives."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def give_back(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _is_taken(self) -> bool:
        """Take the lock where it is free, and write down since when."""
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.pwrite(self._descriptor, f"{time.time():017.3f}".encode(), 0)
        except BlockingIOError:
            return True
        except OSError:  # a file system without locks, or without room for the time
            return False
        return False

    def _held_since(self) -> float:
        now = time.time()
        try:
            return min(float(os.pread(self._descriptor or 0, 17, 0)), now)
        except (OSError, ValueError):
            return now

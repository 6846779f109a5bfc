"""The one door to the audio store for whoever must not hang with it: pages, the shell, and a pass before it lists."""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from diagnostics.domain.facts import StoreFacts
from diagnostics.probes.mount_table import mount_number
from diagnostics.probes.store_client import Helper, NoHelper, StoreSilent
from diagnostics.probes.store_questions import Root

__all__ = ["NoHelper", "StoreSilent", "ask", "check_root"]

PASS_SECONDS = 10.0


class Asker(Protocol):
    """What answers questions about the store: a helper process, or in tests this process itself."""

    def ask(self, name: str, *arguments: object, seconds: float) -> Any: ...


@dataclass(slots=True)
class _Current:
    """The helper of this process: another one for another root, another mount at the same place, or other rights."""

    of: tuple[object, ...] = ()
    helper: Helper | None = None

    def get(self) -> Helper:
        root = settings.AUDIO_ROOT
        of = (os.getpid(), os.geteuid(), os.getegid(), settings.LOCKS_DIR, root, mount_number(root))
        with TURN:
            if self.helper is None or self.of != of:
                self.close()
                self.of, self.helper = of, Helper(_lock(*of[-3:]))
            return self.helper

    def close(self) -> None:
        if self.helper is not None and self.of[0] == os.getpid():
            self.helper.close()
        self.helper = None


TURN = threading.Lock()
CURRENT = _Current()
# A seam for tests that let single calls fail: they put `Direct` in its place.
asker: Callable[[], Asker] = CURRENT.get
atexit.register(CURRENT.close)


def ask(name: str, *arguments: object, seconds: float) -> Any:
    """Return the store's answer to a question of `probes.store_questions`. Raises StoreSilent or NoHelper."""
    return asker().ask(name, *arguments, seconds=seconds)


def check_root(now: datetime, *, seconds: float | None = None) -> Root:
    """Return the audio root as it is now; what does not answer in time is a problem of the store. Never raises."""
    limit = PASS_SECONDS if seconds is None else seconds
    try:
        root: Root = ask("check", settings.AUDIO_ROOT, now, seconds=limit)
    except (StoreSilent, NoHelper) as error:
        return Root(settings.AUDIO_ROOT, silence(error, now))
    return root


def lock_path() -> str:
    """Return the file whose lock is the right to look at the audio root, for helpers of other kinds."""
    return _lock(settings.LOCKS_DIR, settings.AUDIO_ROOT, mount_number(settings.AUDIO_ROOT))


def silence(error: StoreSilent | NoHelper, now: datetime) -> StoreFacts:
    """Return what is said of a store that was asked and did not answer."""
    if isinstance(error, StoreSilent):
        return StoreFacts("timeout", "", now, since=error.since)
    return StoreFacts("no_helper", str(error), now)


def _lock(*of: object) -> str:
    """Return the file whose lock is the right to look at one root on one mount; it is ours alone to write."""
    folder = Path(settings.LOCKS_DIR)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = hashlib.blake2b(repr(of[1:]).encode(errors="surrogatepass"), digest_size=8).hexdigest()
    return str(folder / f"store-{name}.lock")

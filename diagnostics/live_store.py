"""The audio store for one live examination: asked within a time limit, its names listed at most once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.conf import settings

from diagnostics import sources
from diagnostics.domain import names, paths
from diagnostics.domain.access import Access
from diagnostics.domain.facts import AudioFacts, Presence, SessionKey, StoreFacts
from diagnostics.domain.paths import Claim, ClaimKind
from diagnostics.identity import shown
from diagnostics.models import Condition, LedgerFile, Pass
from diagnostics.other_users import OtherUsers
from diagnostics.probes import local_store

STORE_SECONDS = 1.0
SILENT = "The audio store did not answer in time."
Answer = TypeVar("Answer")


@dataclass(slots=True)
class LiveStore:
    """One look at the store. After the first time-out it is not asked again: everything else of it is unknown."""

    root: str
    now: datetime
    facts: StoreFacts
    problems: list[str] = field(default_factory=list)
    is_silent: bool = False
    _names: list[str] | None = None
    _others: OtherUsers | None = None

    def look(self, path: str, *, with_header: bool = True) -> AudioFacts:
        facts = self._ask(lambda: local_store.look_at(self.root, path, self.now, with_header=with_header))
        return facts or AudioFacts(shown(path), Presence.ERROR, self.now, error="ETIMEDOUT")

    def reading(self, path: str) -> Access | None:
        """Return whether READING_USER may read a file that was seen there; None where that user is not set."""
        if not settings.READING_USER:
            return None
        found = self._ask(lambda: self.others().reading(path))
        return found or Access(settings.READING_USER, None, error="ETIMEDOUT")

    def at_root(self) -> tuple[Access | None, Access | None]:
        """Return whether READING_USER gets into the root, and whether GENERATOR_USER may write there."""
        if self.facts.problem or not (settings.READING_USER or settings.GENERATOR_USER):
            return None, None
        return self._ask(lambda: (self.others().entering(), self.others().writing())) or (None, None)

    def others(self) -> OtherUsers:
        self._others = self._others or OtherUsers(self.root)
        return self._others

    def resembling(self, key: SessionKey, claim: Claim) -> list[tuple[str, str]]:
        """Return (path, session id in the name) of files by the convention's name with this id, or of a like name."""
        wanted = paths.fold(claim.name) if claim.name else None
        found = []
        for path in self.listed():
            name = path.rsplit("/", 1)[-1]
            if names.is_temporary(name) or (claim.kind is ClaimKind.INSIDE and path == claim.path):
                continue
            if names.bears(name, key) or (wanted is not None and paths.fold(name) == wanted):
                found.append((path, names.session_in(name)))
        return sorted(found)

    def own_files(self, key: SessionKey) -> list[AudioFacts]:
        """Return what bears this session's id, finished or temporary; headers are not read."""
        if self.facts.problem:
            return []
        own = [path for path in self.listed() if names.bears(path.rsplit("/", 1)[-1], key)]
        return [self.look(path, with_header=False) for path in own]

    def listed(self) -> list[str]:
        if self._names is None:
            self._names = [] if self.facts.problem else self._ask(self._list) or []
        return self._names

    def _ask(self, ask: Callable[[], Answer]) -> Answer | None:
        answer = None if self.is_silent else within(STORE_SECONDS, ask)
        if answer is None and not self.is_silent:
            self.is_silent = True
            self.problems.append(SILENT)
        return answer

    def _list(self) -> list[str]:
        listing = local_store.Listing()
        try:
            return [
                os.fsdecode(path)
                for path in local_store.list_names(self.root, listing, skip=sources.unlisted_folders())
            ]
        except OSError as error:
            self.problems.append(f"The audio folder could not be listed: {error.strerror}.")
            return []


def open_store(now: datetime) -> LiveStore:
    """Return the store with what can be said of its root: the same distrust as a pass has."""
    found = within(STORE_SECONDS, lambda: _check(now))
    if found is None:
        return LiveStore("", now, StoreFacts("timeout", "", now), [SILENT], is_silent=True)
    root, facts, is_empty, device = found
    if not facts.problem:
        facts = _distrusted(root, facts, now, is_empty=is_empty, device=device)
    return LiveStore(root, now, facts)


def _check(now: datetime) -> tuple[str, StoreFacts, bool, int | None]:
    """Return the root, whether it can be looked at, whether it is empty, and its device: all that may take for ever."""
    root = sources.audio_root()
    facts = local_store.check_root(root, now)
    if facts.problem:
        return root, facts, False, None
    try:
        with os.scandir(root) as entries:
            return root, facts, next(entries, None) is None, local_store.root_device(root)
    except OSError as error:
        return root, StoreFacts("io_error", os.strerror(error.errno or 0), now), False, None


def within(seconds: float, ask: Callable[[], Answer]) -> Answer | None:
    """Return an answer, or None where it did not come in time; the thread that still waits holds up nobody."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(ask()), daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else None


def _distrusted(root: str, facts: StoreFacts, now: datetime, *, is_empty: bool, device: int | None) -> StoreFacts:
    """A root that is suddenly empty, or another device that a pass did not accept, is not the store that we know."""
    if is_empty and LedgerFile.objects.filter(missed_at=None).exists():
        return StoreFacts("empty", root, now)
    last = Pass.objects.filter(root_device__isnull=False).order_by("-id").first()
    standing = Condition.objects.filter(code="storage.unavailable", resolved_at=None).exists()
    if standing and last is not None and last.root_device != device:
        return StoreFacts("other_device", root, now)
    return facts

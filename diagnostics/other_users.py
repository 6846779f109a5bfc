"""What READING_USER and GENERATOR_USER may do to the audio: asked of the disk at most once a component, for one pass or look.

A user that is not set is not asked about, and costs nothing; one that this machine does not know is said to be so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from django.conf import settings

from diagnostics import sources
from diagnostics.domain.access import Access
from diagnostics.domain.facts import AudioFacts, Presence
from diagnostics.identity import shown
from diagnostics.probes import access
from diagnostics.probes.access import ENTER, READ, WRITE, UnknownUserError, User, Walk

GONE = ("ENOENT", "ENOTDIR")


@dataclass(slots=True)
class OtherUsers:
    """The two users below and above one audio root (a real path), as they are met now."""

    root: str = ""  # else looked for when it is needed: a root that hangs is not even asked for its real path
    user: User | None = field(default_factory=lambda: reading_user())
    _walk: Walk | None = None
    _to_root: dict[tuple[str, int], Access] = field(default_factory=dict)

    def reading(self, path: str) -> Access | None:
        """Return whether READING_USER may read a file, from the first folder below the root on; None: it is not set."""
        if not settings.READING_USER:
            return None
        if self.user is None:
            return Access(settings.READING_USER, None, problem="no_such_user")
        return self._below(self.user).judge(path, READ)

    def closed(self, folder: bytes) -> Access | None:
        """Return what keeps READING_USER out of a folder below the root, where that folder itself does; else None."""
        if self.user is None:
            return None
        path = os.fsdecode(folder).rstrip("/")
        found = self._below(self.user).judge(path, ENTER)
        return found if found.is_allowed is False and found.blocked_at == shown(path) else None

    def entering(self) -> Access | None:
        """Return whether READING_USER gets from / into the audio root; None: it is not set."""
        return self._at_root(settings.READING_USER, ENTER)

    def writing(self) -> Access | None:
        """Return whether GENERATOR_USER may make files in the audio root; None: it is not set."""
        return self._at_root(settings.GENERATOR_USER, WRITE | ENTER)

    def _below(self, user: User) -> Walk:
        self._walk = self._walk or Walk(user, self._real_root())
        return self._walk

    def _at_root(self, user: str, wanted: int) -> Access | None:
        root = self._real_root() if user else ""
        if not root:
            return None
        if (user, wanted) not in self._to_root:
            self._to_root[user, wanted] = access.of_folder(user, root, wanted)
        return self._to_root[user, wanted]

    def _real_root(self) -> str:
        self.root = self.root or sources.audio_root()
        return self.root


def reading_user() -> User | None:
    """Return READING_USER with its groups; None where it is not set, or not known to this machine."""
    try:
        return access.user_of(settings.READING_USER) if settings.READING_USER else None
    except UnknownUserError:
        return None


def as_met(audio: AudioFacts | None, reader: Access | None) -> AudioFacts | None:
    """Return the file as it was seen, or as one of which nothing is known where a second look at it failed."""
    if audio is None or reader is None or not reader.error or reader.error in GONE:
        return audio
    return AudioFacts(audio.path, Presence.ERROR, audio.observed_at, error=reader.error)

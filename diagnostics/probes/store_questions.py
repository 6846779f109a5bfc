"""What may be asked of the audio store: each question in one call, so that a helper process can answer it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diagnostics.domain.access import Access
from diagnostics.domain.facts import AudioFacts, StoreFacts
from diagnostics.probes import access, local_store
from diagnostics.probes.access import ENTER, READ, WRITE, UnknownUserError, Walk
from diagnostics.probes.file_identity import identities
from diagnostics.probes.name_search import search
from diagnostics.probes.stamps import stamps


@dataclass(frozen=True, slots=True)
class Root:
    """The audio root: its real path, whether it can be looked at, whether it holds nothing, and its device."""

    path: str
    facts: StoreFacts
    is_empty: bool = False
    device: int | None = None


def check(configured: str, now: datetime) -> Root:
    """Return the root as it is now; never raises OSError."""
    path = os.path.realpath(configured) if configured else ""
    facts = local_store.check_root(path, now)
    if facts.problem:
        return Root(path, facts)
    try:
        with os.scandir(path) as entries:
            return Root(path, facts, next(entries, None) is None, local_store.root_device(path))
    except OSError as error:
        return Root(path, StoreFacts("io_error", os.strerror(error.errno or 0), now))


def look(root: str, path: str, now: datetime, with_header: bool) -> AudioFacts:  # noqa: FBT001  as it comes over the pipe
    return local_store.look_at(root, path, now, with_header=with_header)


def reading(user: str, root: str, path: str) -> Access:
    """Return whether a user may read a file, from the first folder below the root on."""
    try:
        return Walk(access.user_of(user), root).judge(path, READ)
    except UnknownUserError:
        return Access(user, None, problem="no_such_user")


def at_root(reader: str, writer: str, root: str) -> tuple[Access | None, Access | None]:
    """Return whether one user gets from / into the root, and another may make files there; None: no such user is set."""
    entering = access.of_folder(reader, root, ENTER) if reader else None
    return entering, access.of_folder(writer, root, WRITE | ENTER) if writer else None


QUESTIONS: Mapping[str, Callable[..., Any]] = {
    "check": check,
    "look": look,
    "reading": reading,
    "at_root": at_root,
    "search": search,
    "stamps": stamps,
    "identities": identities,
}

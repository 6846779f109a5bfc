"""What stands where a lost session's audio should be: put aside before its row is changed, or left where it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_noop

from diagnostics import sources
from diagnostics.domain import paths
from diagnostics.domain.facts import AudioFacts, Evidence, Presence
from diagnostics.domain.rules.files import is_anothers
from diagnostics.host import HostSchemaError
from diagnostics.probes.stamps import Stamp, seen_at
from sessions_admin import quarantine
from sessions_admin.actions.action import Intent
from sessions_admin.actions.plans import Item
from sessions_admin.actions.results import Kind, Result
from sessions_admin.actions.row_files import open_neighbours
from sessions_admin.actions.rows import FILE_CHANGED, of_row
from sessions_admin.models import HeldFile

# Beside the row's columns an intent holds what stands at its path; the stamp only where that is to be put aside.
NAME = "remains"

CLAIMS_UNKNOWN = gettext_noop(
    "Session %(session)s was left alone: it could not be told whether another session’s row names its file."
)


@dataclass(frozen=True, slots=True)
class Remains:
    """What stands at a session's path, as it is shown; without a `stamp` it is left where it is."""

    shown_path: str
    stamp: Stamp | None = None


class Unsure(Exception):
    """What stands there cannot be told well enough; `result` says why the session is left alone."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.result = Result(Kind.SKIPPED, message, {"session": key})


def remains_in(evidence: Evidence) -> Remains | None:
    """Return what stands at the path of an examined session, None for nothing; a file is bound to what was examined.

    What is no regular file, lies behind a link, bears another session's id, or is named by another row is left where it is.
    Raises Unsure, and StoreTrouble where files cannot be put aside at all.
    """
    audio, key = evidence.audio, str(evidence.record.key)
    if audio is None or audio.presence is Presence.ABSENT:
        return None
    is_own = audio.presence is Presence.REGULAR and not is_anothers(evidence) and not evidence.other_claimants
    if not is_own or _is_claimed_by_others(evidence.claim.path, key):
        return Remains(audio.path)
    with quarantine.open_place() as place:
        found = seen_at(place.audio, os.fsencode(evidence.claim.path))
    if found.kind in ("absent", "error") or (found.stamp is not None and not _is_examined(found.stamp, audio)):
        raise Unsure(FILE_CHANGED, key)
    return Remains(audio.path, found.stamp)


def with_remains(intent: Intent, remains: Remains | None) -> Intent:
    """Return the intent with what stands at the path, so that the audit keeps it and `stamp_in` finds it again."""
    if remains is None:
        return intent
    seen = {} if remains.stamp is None else {name: value[1:] for name, value in _as_seen(remains.stamp).items()}
    after = {NAME: None} if remains.stamp else {}
    return replace(intent, before={**intent.before, NAME: remains.shown_path, **seen}, after={**intent.after, **after})


def row_of(intent: Intent) -> Intent:
    """Return the intent without what stands at the path: what is to become of the row."""
    return replace(intent, before=of_row(intent.before), after=of_row(intent.after))


def stamp_in(before: Mapping[str, str | None]) -> Stamp | None:
    """Return the stamp of what is to be put aside; None where nothing is."""
    return Stamp.from_seen({name: f"={value}" for name, value in before.items() if value is not None})


def put_aside(place: quarantine.Place, item: Item, intent: Intent, stamp: Stamp) -> HeldFile:
    """Move it to the quarantine. Raises NotMoved, StoreTrouble and DatabaseError, as `quarantine.put_aside` does."""
    attempt = intent.attempt
    assert attempt is not None  # noqa: S101  execution tells it before anything is carried out
    label = quarantine.Label(
        operation=attempt.operation,
        number=intent.number,
        action=attempt.action,
        actor=attempt.actor,
        reason=attempt.reason,
        session=item.key,
        policy="",
        expires_at=intent.at + timedelta(days=settings.QUARANTINE_DAYS),
        was_claimed=True,
    )
    claim = paths.understand(intent.before.get("final_file_path"), sources.store_layout())
    return quarantine.put_aside(place, os.fsencode(claim.path), stamp, label)


def _is_claimed_by_others(path: str, own: str) -> bool:
    """Whether any other row names the file; the whole table is asked, also where the file bears this session's id."""
    try:
        with open_neighbours() as neighbours:
            others = neighbours.claiming(path, own)
    except HostSchemaError:
        others = None
    if others is None:
        raise Unsure(CLAIMS_UNKNOWN, own)
    return bool(others)


def _is_examined(stamp: Stamp, audio: AudioFacts) -> bool:
    return (stamp.size_bytes, stamp.mtime_ns) == (audio.size_bytes, audio.changed_ns[0])


def _as_seen(stamp: Stamp) -> dict[str, str]:
    return {name: value for name, value in stamp.as_seen().items() if value is not None}

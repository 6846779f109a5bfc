"""Our table of held files, and the notes by which the rules know of them: written together, out of the manifest."""

from __future__ import annotations

import os
import stat
from datetime import datetime

from django.db import transaction

from diagnostics.domain.traces import Reason, Removal
from diagnostics.identity import hash64, shown
from diagnostics.notes import note_removal, note_restored
from diagnostics.probes.access import owner_of
from diagnostics.removals import removals_of
from sessions_admin.models import HeldFile
from sessions_admin.quarantine.manifest import Manifest

RETENTION = "retention"


def find_held(operation: str, number: int) -> HeldFile | None:
    """Return what one step of a run put aside, whatever became of it since; None where it put nothing aside."""
    return HeldFile.objects.filter(operation=operation, number=number).first()


def record_held(manifest: Manifest) -> HeldFile:
    """Add the row of a file that now lies in the quarantine."""
    label, stamp = manifest.label, manifest.stamp
    with transaction.atomic():
        held = HeldFile.objects.create(
            operation=label.operation,
            number=label.number,
            path=manifest.path,
            shown_path=shown(manifest.path),
            path_hash=hash64(manifest.path),
            session=shown(label.session)[:255],
            was_claimed=label.was_claimed,
            action=label.action,
            policy=label.policy,
            size_bytes=stamp.size_bytes,
            mtime_ns=stamp.mtime_ns,
            device=stamp.device,
            inode=stamp.inode,
            owner=owner_of(manifest.uid)[:64],
            mode=stat.filemode(manifest.mode),
            first_sha256=manifest.first_sha256,
            last_sha256=manifest.last_sha256,
            moved_at=manifest.moved_at,
            actor=shown(label.actor)[:150],
            reason=shown(label.reason),
            expires_at=label.expires_at,
        )
        note_removal(os.fsdecode(manifest.path), _removal(held, label.expires_at))
    return held


def record_restored(held: HeldFile, by: str, at: datetime) -> None:
    with transaction.atomic():
        _end(held, HeldFile.State.RESTORED, by, at)
        note_restored(os.fsdecode(bytes(held.path)))


def record_expired(held: HeldFile, by: str, at: datetime) -> None:
    """What the rules know of the file stays: that we moved it away. It can no longer be restored."""
    with transaction.atomic():
        _end(held, HeldFile.State.EXPIRED, by, at)
        standing = removals_of([held.path_hash]).get(held.path_hash)
        if standing is not None and standing.at == held.moved_at:
            note_removal(os.fsdecode(bytes(held.path)), _removal(held, None))


def _end(held: HeldFile, state: str, by: str, at: datetime) -> None:
    held.state, held.ended_at, held.ended_by = state, at, by[:150]
    held.save(update_fields=["state", "ended_at", "ended_by"])


def _removal(held: HeldFile, until: datetime | None) -> Removal:
    reason = Reason.RETENTION if held.policy == RETENTION else Reason.ACTION
    return Removal(held.action, held.actor, held.moved_at, reason, until)

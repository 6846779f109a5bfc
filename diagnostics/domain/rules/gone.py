"""Chapter 4 of the guide, its first half: nothing lies where a completed session's row says."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import observations
from diagnostics.domain.facts import Confidence, Evidence, Finding, Presence
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.rules import files
from diagnostics.domain.traces import Reason

CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE


def purged_file(evidence: Evidence) -> Iterator[Finding]:
    """An action of this dashboard moved the file away; retention is no fault."""
    removal, audio = evidence.standing_removal, evidence.audio
    if removal is None or removal.reason is Reason.RETENTION or audio is None or not files.is_gone(evidence):
        return
    values = {
        "path": audio.path,
        "action": removal.action,
        "actor": removal.actor,
        "removed_at": removal.at,
        "restorable_until_at": removal.restorable_until,
        "is_restorable": removal.is_restorable(evidence.now),
    }
    lines = (*observations.moved_away(removal), observations.seen(audio, "stat", audio.error or "ENOENT"))
    yield Finding("file.purged", CERTAIN, lines, values)


def misplaced_file(evidence: Evidence) -> Iterator[Finding]:
    """Nothing lies where the row says, but a file elsewhere in the root is plainly this session's."""
    if not files.is_completed(evidence) or evidence.store.problem or not evidence.candidates:
        return
    outside = evidence.audio is not None and evidence.audio.presence is Presence.OUTSIDE
    if not (evidence.claim.kind in (ClaimKind.BLANK, ClaimKind.UNSAFE) or files.is_gone(evidence) or outside):
        return
    found = [candidate.path for candidate in evidence.candidates]
    lines = [observations.claim(evidence), *(observations.seen(c, "found", c.path) for c in evidence.candidates)]
    values = {"path": evidence.record.path, "found": "; ".join(found), "count": len(found)}
    yield Finding("file.misplaced", LIKELY if len(found) == 1 else POSSIBLE, tuple(lines), values)


def deleted_file(evidence: Evidence) -> Iterator[Finding]:
    """An earlier pass saw the file, and it is gone now; that a clean-up took it is possible, where many went."""
    former = evidence.standing_former
    if former is None or not files.is_gone_without_reason(evidence):
        return
    assert evidence.audio is not None  # noqa: S101  files.is_gone() looked at it
    lines = [
        observations.last_seen(former),
        observations.remembered("first missed", former.path, former.missed_at),
        observations.seen(evidence.audio, "stat", "ENOENT"),
    ]
    values: dict[str, object] = {
        "path": former.path,
        "seen_at": former.seen_at,
        "missed_at": former.missed_at or evidence.audio.observed_at,
        "size_bytes": former.size_bytes,
    }
    if former.cleanup and former.cleanup.covers(former.modified_at):
        lines.append(observations.gone_together(former.cleanup, former.missed_at))
        values |= {"cleanup_count": former.cleanup.count, "cleanup_age_seconds": former.cleanup.age_seconds}
    yield Finding("file.deleted", CERTAIN, tuple(lines), values)


def missing_file(evidence: Evidence) -> Iterator[Finding]:
    """Nothing lies where the row says, and no pass ever saw anything there, of this generation."""
    if evidence.standing_former or not files.is_gone_without_reason(evidence):
        return
    assert evidence.audio is not None  # noqa: S101  files.is_gone() looked at it
    watched = evidence.first_complete_pass_at
    finished = evidence.record.finished_at
    under_our_eyes = watched is not None and finished is not None and finished >= watched
    lines = (
        observations.claim(evidence),
        observations.seen(evidence.audio, "stat", evidence.audio.error or "ENOENT"),
        observations.remembered("watched since", watched or "no complete pass yet", watched),
    )
    values = {
        "path": evidence.audio.path,
        "watched_since_at": None if under_our_eyes else watched,
        "is_certain": under_our_eyes,
    }
    yield Finding("file.never_written", LIKELY if under_our_eyes else POSSIBLE, lines, values)

"""Chapter 5 of the guide: what the row itself says, and whether it could be checked at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from diagnostics.domain import links, names, observations
from diagnostics.domain.error_texts import last_line
from diagnostics.domain.facts import STATUSES, AudioFacts, Confidence, Evidence, Finding, Moment, Presence
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.rules import files

CERTAIN, LIKELY = Confidence.CERTAIN, Confidence.LIKELY
FUTURE_TOLERANCE = timedelta(minutes=1)


def unavailable_storage(evidence: Evidence) -> Iterator[Finding]:
    """The audio root, or this one file, could not be looked at; nothing is said of the file then."""
    if evidence.record.status not in ("completed", "failed") or evidence.claim.kind is ClaimKind.REMOTE:
        return
    store = evidence.store
    if store.problem:
        lines = [observations.audio_root(f"{store.problem} {store.detail}".strip(), store.observed_at)]
        if store.since is not None:
            lines.append(observations.away_since(store.since, store.observed_at))
        values = {"problem": store.problem, "detail": store.detail, "since_at": store.since}
        yield Finding("storage.unavailable", CERTAIN, tuple(lines), values)
        return
    audio = evidence.audio
    if audio and audio.presence is Presence.ERROR:
        problem = "timeout" if audio.error == "ETIMEDOUT" else "io_error"
        line = observations.seen(audio, "stat", audio.error)
        yield Finding("storage.unavailable", CERTAIN, (line,), {"problem": problem, "detail": audio.error})


def remote_path(evidence: Evidence) -> Iterator[Finding]:
    """The path is a URL on a host that no configured store serves: only a delivery check can say more."""
    if files.is_completed(evidence) and evidence.claim.kind is ClaimKind.REMOTE and not link_has_expired(evidence):
        line = observations.recorded(evidence, "host", evidence.claim.host)
        yield Finding("path.remote", CERTAIN, (line,), {"host": evidence.claim.host})


def unknown_status(evidence: Evidence) -> Iterator[Finding]:
    """The status is none of the four."""
    if evidence.record.status not in STATUSES:
        line = observations.recorded(evidence, "status", evidence.record.status)
        yield Finding("record.unknown_status", CERTAIN, (line,), {"status": evidence.record.status})


def unsafe_path(evidence: Evidence) -> Iterator[Finding]:
    """The path leaves the audio root, or cannot name a file; what it names is never touched."""
    outside = evidence.audio if evidence.audio and evidence.audio.presence is Presence.OUTSIDE else None
    if evidence.candidates or (evidence.claim.kind is not ClaimKind.UNSAFE and outside is None):
        return
    reason = evidence.claim.reason or "link_leaves_root"
    lines = [observations.claim(evidence)]
    if outside:
        lines.append(observations.seen(outside, "links to", outside.link_target))
    yield Finding("path.unsafe", CERTAIN, tuple(lines), {"path": evidence.record.path, "reason": reason})


def missing_path(evidence: Evidence) -> Iterator[Finding]:
    """Completed, but the row names no file, and none bears the session's name."""
    if not files.is_completed(evidence) or evidence.claim.kind is not ClaimKind.BLANK:
        return
    if not evidence.candidates and not evidence.store.problem:
        yield Finding("path.missing", CERTAIN, (observations.claim(evidence),))


def half_committed(evidence: Evidence) -> Iterator[Finding]:
    """The row says failed, yet its whole, valid file is there."""
    audio = finished_file(evidence)
    if evidence.record.status == "failed" and audio:
        lines = (observations.recorded(evidence, "status", "failed"), observations.size(audio))
        values = {"path": audio.path, "size_bytes": audio.size_bytes}
        yield Finding("record.half_committed", CERTAIN, lines, values)


def finished_file(evidence: Evidence) -> AudioFacts | None:
    """The whole file of a session that is not completed: where its row says, or by the convention's name.

    Whole means here: of the length that the row asks for as well, so that a cut piece is never taken for the result. A
    file that is older than the session is what an id used again left behind, and no result either; nor is another
    session's, which a row that was put back to pending may still name.
    """
    if evidence.store.problem:
        return None
    named = None if files.is_anothers(evidence) else evidence.audio
    for audio in (named, *evidence.candidates):
        if audio is None or files.is_older_than_session(evidence, audio):
            continue
        if audio.is_whole and files.is_as_long_as_claimed(evidence, audio):
            return audio if audio.header and audio.header.data_present else None
    return None


def expired_link(evidence: Evidence) -> Iterator[Finding]:
    """The path is a signed link whose time is over; of a local file only where all else of it is in order."""
    if not files.is_completed(evidence) or not link_has_expired(evidence):
        return
    if evidence.claim.kind is ClaimKind.REMOTE or files.file_in_order(evidence):
        expiry = link_ends_at(evidence)
        line = observations.recorded(evidence, "link valid until", expiry.isoformat() if expiry else None)
        yield Finding("delivery.link_expired", CERTAIN, (line,), {"expired_at": expiry})


def stale_error(evidence: Evidence) -> Iterator[Finding]:
    """Completed and whole, but an old error message still stands."""
    message = (evidence.record.error_message or "").strip()
    if files.whole_file(evidence) and message:
        telling = last_line(message)
        line = observations.recorded(evidence, "error_message", telling)
        yield Finding("record.stale_error", CERTAIN, (line,), {"error": telling})


def time_disorder(evidence: Evidence) -> Iterator[Finding]:
    """A time is missing, unreadable, out of order or in the future: often a wrong HOST_TIME_ZONE."""
    record = evidence.record
    problem, value = _disorder(record.created, record.updated, evidence.now)
    if problem:
        lines = (
            observations.recorded(evidence, "created_at", record.created.raw),
            observations.recorded(evidence, "updated_at", record.updated.raw),
        )
        yield Finding("record.time_disorder", CERTAIN, lines, {"problem": problem, "value": value})


def bad_name(evidence: Evidence) -> Iterator[Finding]:
    """The file's name does not follow the convention, or bears an impossible date."""
    if evidence.claim.kind is ClaimKind.BLANK or not evidence.claim.name:
        return
    problem = names.problem(evidence.claim.name)
    if problem:
        line = observations.recorded(evidence, "file name", evidence.claim.name)
        yield Finding("path.bad_name", CERTAIN, (line,), {"name": evidence.claim.name, "problem": problem})


def odd_progress(evidence: Evidence) -> Iterator[Finding]:
    """Completed below 100, or a progress that no session can have."""
    progress = evidence.record.progress_percent
    if progress is None:
        return
    if not 0 <= progress <= 100 or (files.is_completed(evidence) and progress < 100):
        line = observations.recorded(evidence, "progress_percentage", f"{progress:g}")
        yield Finding("record.progress_odd", CERTAIN, (line,), {"progress_percent": progress})


def link_ends_at(evidence: Evidence) -> datetime | None:
    """When the signed link of a row ends; None where it holds none."""
    return links.link_ends_at(evidence.claim.raw)


def link_has_expired(evidence: Evidence) -> bool:
    expiry = link_ends_at(evidence)
    return expiry is not None and expiry <= evidence.now


def _disorder(created: Moment, updated: Moment, now: datetime) -> tuple[str, str | None]:
    for name, moment in (("created", created), ("updated", updated)):
        if moment.at is None:
            return f"{name}_missing" if not (moment.raw or "").strip() else f"{name}_unreadable", moment.raw
    for name, moment in (("created", created), ("updated", updated)):
        if moment.at and moment.at > now + FUTURE_TOLERANCE:
            return f"{name}_in_future", moment.raw
    if created.at and updated.at and updated.at < created.at:
        return "updated_before_created", updated.raw
    return "", None

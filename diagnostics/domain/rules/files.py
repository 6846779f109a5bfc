"""Chapter 4 of the guide: the file behind a completed session, where it lies and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import clock, names, observations
from diagnostics.domain.facts import (
    AudioFacts,
    Confidence,
    Evidence,
    Finding,
    Observation,
    Presence,
    Source,
    WavHeader,
)
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.traces import Reason

CERTAIN, LIKELY = Confidence.CERTAIN, Confidence.LIKELY


def is_completed(evidence: Evidence) -> bool:
    return evidence.record.status == "completed"


def is_checkable(evidence: Evidence) -> bool:
    """Whether the row names a path below a root that is healthy, so that the file rules may speak."""
    return is_completed(evidence) and not evidence.store.problem and evidence.claim.kind is ClaimKind.INSIDE


def named_file(evidence: Evidence) -> AudioFacts | None:
    """The regular file that a completed row names, when it was seen."""
    audio = evidence.audio if is_checkable(evidence) else None
    return audio if audio and audio.presence is Presence.REGULAR else None


def whole_file(evidence: Evidence) -> AudioFacts | None:
    audio = named_file(evidence)
    return audio if audio and audio.is_whole else None


def file_in_order(evidence: Evidence) -> AudioFacts | None:
    """The whole file that is this session's own, that may be read, is as the row says, and is not known as silent."""
    faults = (unreadable_file, name_collision, names_other_session, size_mismatch, wrong_duration, silent_file)
    return None if any(list(rule(evidence)) for rule in faults) else whole_file(evidence)


def is_gone(evidence: Evidence) -> bool:
    audio = evidence.audio
    return is_checkable(evidence) and audio is not None and audio.presence is Presence.ABSENT


def is_cleared_on_purpose(evidence: Evidence) -> bool:
    """Whether the file is gone, and the session older than AUDIO_RETENTION_DAYS or a policy cleared it: no fault."""
    ends, removal = clock.retention_ends_at(evidence), evidence.standing_removal
    is_old = ends is not None and ends <= evidence.now
    is_cleared = removal is not None and removal.reason is Reason.RETENTION
    return is_gone(evidence) and not evidence.candidates and (is_old or is_cleared)


def is_gone_without_reason(evidence: Evidence) -> bool:
    """Whether the file is gone, lies nowhere else, and neither time nor this dashboard took it away."""
    is_explained = bool(evidence.candidates) or evidence.standing_removal is not None
    return is_gone(evidence) and not is_explained and not is_cleared_on_purpose(evidence)


def unreadable_file(evidence: Evidence) -> Iterator[Finding]:
    """The file is there, but permissions keep out this process, or the user who serves it."""
    audio = evidence.audio if is_checkable(evidence) else None
    reader = evidence.reader if named_file(evidence) else None
    if audio is not None and audio.presence is Presence.UNREADABLE:
        blocked = audio.blocked_at or audio.path
        line = observations.seen(audio, "blocked at", f"{blocked} (owner {audio.owner}, mode {audio.mode})")
        values = {"path": audio.path, "blocked": blocked, "owner": audio.owner, "mode": audio.mode, "user": ""}
        yield Finding("file.unreadable", CERTAIN, (line,), values)
    elif audio is not None and reader is not None and reader.is_allowed is False:
        lines = observations.kept_out(reader, audio.observed_at)
        values = {"path": audio.path, "blocked": reader.blocked_at, "owner": reader.owner, "mode": reader.mode}
        yield Finding("file.unreadable", CERTAIN, lines, {**values, "user": reader.user})


def not_a_file(evidence: Evidence) -> Iterator[Finding]:
    """Something else than a file stands at the path: a folder, a pipe, a link that leads nowhere."""
    audio = evidence.audio if is_checkable(evidence) else None
    if audio is not None and audio.presence is Presence.NOT_A_FILE:
        lines = (observations.seen(audio, "kind", audio.kind),)
        yield Finding("file.not_a_file", CERTAIN, lines, {"path": audio.path, "kind": audio.kind})


def empty_file(evidence: Evidence) -> Iterator[Finding]:
    """The file holds nothing at all."""
    audio = named_file(evidence)
    if audio and audio.size_bytes == 0:
        yield Finding("file.empty", CERTAIN, (observations.size(audio),), {"path": audio.path})


def corrupt_file(evidence: Evidence) -> Iterator[Finding]:
    """The file is no WAVE file that could be played."""
    audio = named_file(evidence)
    if audio and audio.size_bytes and audio.header and audio.header.problem:
        lines = (observations.size(audio), observations.read(audio, "problem", audio.header.problem))
        yield Finding("file.corrupt", CERTAIN, lines, {"path": audio.path, "problem": audio.header.problem})


def truncated_file(evidence: Evidence) -> Iterator[Finding]:
    """The header promises more audio than the file holds, or was never finished."""
    audio = named_file(evidence)
    header = audio.header if audio else None
    if audio is None or header is None or header.problem or not header.is_truncated:
        return
    values = {
        "path": audio.path,
        "present_seconds": header.seconds_present,
        "declared_seconds": _promised_seconds(evidence, header),
        "present_percent": _percent(header.seconds_present, _promised_seconds(evidence, header)),
        "is_unfinalised": header.is_unfinalised,
    }
    lines = (
        observations.read(audio, "data declared", f"{header.data_declared} bytes"),
        observations.seen(audio, "data present", f"{header.data_present} bytes"),
        observations.read(audio, "length present", f"{header.seconds_present:.3f} s"),
    )
    yield Finding("file.truncated", CERTAIN, lines, values)


def name_collision(evidence: Evidence) -> Iterator[Finding]:
    """Other sessions claim the same file; whose id its name bears owns it."""
    audio = named_file(evidence)
    if audio is None or not evidence.other_claimants or names.bears(evidence.claim.name, evidence.record.key):
        return
    owner = names.session_in(evidence.claim.name)
    values = {
        "path": audio.path,
        "others": ", ".join(evidence.other_claimants[:10]),
        "owner_id": owner if owner in evidence.other_claimants else "",
    }
    lines = (observations.claim(evidence), observations.recorded(evidence, "also claimed by", values["others"]))
    yield Finding("file.name_collision", CERTAIN, lines, values)


def names_other_session(evidence: Evidence) -> Iterator[Finding]:
    """Only this session claims the file, but its name bears another session's id."""
    is_shared = evidence.other_claimants or "claimants" in evidence.unanswered
    audio = None if is_shared else named_file(evidence)
    other = names.session_in(evidence.claim.name) if audio else ""
    if audio and other and other != str(evidence.record.key):
        lines = (observations.claim(evidence), observations.recorded(evidence, "id in the name", other))
        yield Finding("path.names_other_session", CERTAIN, lines, {"path": audio.path, "other_id": other})


def size_mismatch(evidence: Evidence) -> Iterator[Finding]:
    """A whole WAV file, but not of the size that the row states."""
    audio = whole_file(evidence)
    claimed = evidence.record.size_bytes
    if audio and claimed is not None and claimed != audio.size_bytes:
        lines = (observations.recorded(evidence, "final_file_size", claimed), observations.size(audio))
        values = {"path": audio.path, "size_bytes": audio.size_bytes, "claimed_bytes": claimed}
        yield Finding("file.size_mismatch", CERTAIN, lines, values)


def wrong_duration(evidence: Evidence) -> Iterator[Finding]:
    """A whole WAV file, but longer or shorter than the row states, beyond the tolerance."""
    audio = whole_file(evidence)
    claimed = evidence.record.duration_seconds
    if audio is None or audio.header is None or claimed is None or is_as_long_as_claimed(evidence, audio):
        return
    present = audio.header.seconds_present
    lines = (
        observations.recorded(evidence, "duration", f"{claimed:g} s"),
        observations.read(audio, "length", f"{present:.3f} s"),
    )
    values = {"path": audio.path, "duration_seconds": present, "claimed_seconds": claimed}
    yield Finding("file.wrong_duration", CERTAIN, lines, values)


def silent_file(evidence: Evidence) -> Iterator[Finding]:
    """The file was listened to: it is silent throughout, or from some point to its end."""
    audio, sound = whole_file(evidence), evidence.sound
    if audio is None or sound is None or not sound.is_silent(evidence.limits.duration_tolerance_percent):
        return
    values = {
        "path": audio.path,
        "silent_from_seconds": sound.silent_from_seconds,
        "silent_seconds": sound.silent_seconds,
        "silent_percent": sound.silent_percent,
        "is_complete": sound.is_complete,
    }
    lines = (observations.silence(sound), observations.read(audio, "length", f"{sound.length_seconds:.3f} s"))
    yield Finding("file.silent", CERTAIN if sound.is_complete else LIKELY, lines, values)


def trailing_bytes(evidence: Evidence) -> Iterator[Finding]:
    """Bytes stand behind the last chunk: another file glued on, or garbage."""
    audio = whole_file(evidence)
    if audio and audio.header and audio.header.trailing:
        lines = (observations.read(audio, "behind the last chunk", f"{audio.header.trailing} bytes"),)
        yield Finding(
            "file.trailing_bytes", CERTAIN, lines, {"path": audio.path, "trailing_bytes": audio.header.trailing}
        )


def is_anothers(evidence: Evidence) -> bool:
    """Whether the file that the row names is another session's: by the id in its name, or because another row names it."""
    bears = names.session_in(evidence.claim.name)
    return bears != str(evidence.record.key) and bool(bears or evidence.other_claimants)


def is_as_long_as_claimed(evidence: Evidence, audio: AudioFacts) -> bool:
    """Whether a whole file's length is that of the row within the tolerance; a row that states none agrees."""
    claimed = evidence.record.duration_seconds
    if claimed is None or audio.header is None:
        return True
    allowed = abs(claimed) * evidence.limits.duration_tolerance_percent / 100
    return abs(audio.header.seconds_present - claimed) <= allowed


def predates_session(evidence: Evidence) -> Iterator[Finding]:
    """The file is older than its session: an id was used again, or another session's audio lies there."""
    created = evidence.record.created.at
    files = [evidence.audio, *evidence.candidates] if evidence.audio else list(evidence.candidates)
    if created is None or created > evidence.now or evidence.store.problem:
        return
    for audio in files:
        if audio.presence is Presence.REGULAR and audio.modified_at and is_older_than_session(evidence, audio):
            lines = (
                Observation(Source.DISK, "modified", audio.modified_at.isoformat(), audio.observed_at),
                observations.recorded(evidence, "created_at", evidence.record.created.raw),
            )
            values = {"path": audio.path, "modified_at": audio.modified_at, "created_at": created}
            yield Finding("file.predates_session", CERTAIN, lines, values)
            return


def is_older_than_session(evidence: Evidence, audio: AudioFacts) -> bool:
    """Clocks of a host and its file server may differ a little: one minute, as for times in the future."""
    created = evidence.record.created.at
    return bool(created and audio.modified_at and (created - audio.modified_at).total_seconds() > 60)


def _promised_seconds(evidence: Evidence, header: WavHeader) -> float:
    """How long the piece should be: by its header where that was finished, else by the row."""
    if not header.is_unfinalised:
        return header.seconds_declared
    return evidence.record.duration_seconds or 0.0


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None

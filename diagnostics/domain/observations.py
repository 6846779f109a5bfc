"""Lines of evidence: the facts behind a finding, each with its source and the time it was observed."""

from __future__ import annotations

from datetime import datetime

from diagnostics.domain.access import Access
from diagnostics.domain.facts import AudioFacts, Evidence, FormerFile, Observation, Source
from diagnostics.domain.redaction import hide_secrets
from diagnostics.domain.sound import SoundFacts, clock_of
from diagnostics.domain.traces import CleanUp, Removal

VALUE_CHARACTERS = 500


def recorded(evidence: Evidence, fact: str, value: object) -> Observation:
    """What the row says, as read now."""
    return _line(Source.RECORD, fact, value, evidence.now)


def seen(audio: AudioFacts, fact: str, value: object) -> Observation:
    """What the file system says."""
    return _line(Source.DISK, fact, value, audio.observed_at)


def read(audio: AudioFacts, fact: str, value: object) -> Observation:
    """What the file's own header says."""
    return _line(Source.HEADER, fact, value, audio.observed_at)


def remembered(fact: str, value: object, at: datetime | None) -> Observation:
    """What an earlier pass saw."""
    return _line(Source.LEDGER, fact, value, at)


def sampled(fact: str, value: object, at: datetime) -> Observation:
    """What the server's resources were at one time."""
    return _line(Source.RESOURCES, fact, value, at)


def running(fact: str, value: object, at: datetime | None) -> Observation:
    """What the process list says, or said then."""
    return _line(Source.PROCESS, fact, value, at)


def answered(fact: str, value: object, at: datetime) -> Observation:
    """What a web server answered, or was asked."""
    return _line(Source.HTTP, fact, value, at)


def said(evidence: Evidence, fact: str, value: object) -> Observation:
    """What the client says, by a text that was pasted."""
    reported_at = evidence.report.reported_at if evidence.report else None
    return _line(Source.CLIENT, fact, value, reported_at or evidence.now)


def claim(evidence: Evidence) -> Observation:
    return recorded(evidence, "final_file_path", evidence.record.path)


def size(audio: AudioFacts) -> Observation:
    return seen(audio, "size", f"{audio.size_bytes} bytes")


def silence(sound: SoundFacts) -> Observation:
    """From where to where a file that was listened to is silent at its end, and how much of it that is."""
    begin, end = clock_of(sound.silent_from_seconds or 0.0), clock_of(sound.length_seconds)
    share = f"{'' if sound.is_complete else '≥ '}{sound.silent_seconds:.3f} s, {sound.silent_percent:g} %"
    return _line(Source.DISK, "silent at the end", f"{begin}–{end} ({share})", sound.heard_at)


def sounding(sound: SoundFacts) -> Observation:
    """Where the last sound of a file that was listened to is heard."""
    last = sound.length_seconds - sound.silent_seconds
    return _line(Source.DISK, "last sound", f"{clock_of(last)} / {clock_of(sound.length_seconds)}", sound.heard_at)


def audio_root(state: str, at: datetime | None) -> Observation:
    """How the audio folder itself was met."""
    return _line(Source.DISK, "audio root", state, at)


def away_since(since: datetime, at: datetime | None) -> Observation:
    """Since when the audio folder is met as it is."""
    return _line(Source.DISK, "so since", since, at)


def kept_out(access: Access, at: datetime) -> tuple[Observation, ...]:
    """Who is kept out, and by what: the owner and mode of the component, or the whole mount."""
    barrier = "read-only file system" if access.problem == "read_only" else f"owner {access.owner}, mode {access.mode}"
    return (
        _line(Source.DISK, "kept out", access.user, at),
        _line(Source.DISK, "blocked at", f"{access.blocked_at} ({barrier})", at),
    )


def right(access: Access, fact: str, at: datetime) -> Observation:
    """Who may read or write, or of whom that could not be told, and why."""
    if access.is_allowed is not None:
        return _line(Source.DISK, fact, access.user, at)
    why = access.error or access.problem.replace("_", " ")
    return _line(Source.DISK, "not known of", f"{access.user} ({why})", at)


def last_seen(former: FormerFile) -> Observation:
    return remembered("last seen", f"{former.size_bytes} bytes", former.seen_at)


def gone_together(cleanup: CleanUp, missed_at: datetime | None) -> Observation:
    return remembered("gone together", f"{cleanup.count} files older than {cleanup.age_seconds:.0f} s", missed_at)


def moved_away(removal: Removal) -> tuple[Observation, ...]:
    """What this dashboard did with a file, and how long it can be undone."""
    done = remembered("moved away", f"{removal.action} by {removal.actor}", removal.at)
    return done, remembered("restorable until", removal.restorable_until or "never", removal.at)


def of_healthy(evidence: Evidence) -> tuple[Observation, ...]:
    """The facts behind a session that nothing is wrong with."""
    lines = [recorded(evidence, "status", evidence.record.status)]
    if evidence.standing_removal:
        lines += moved_away(evidence.standing_removal)
    if evidence.record.status == "generating":
        lines.append(recorded(evidence, "progress_percentage", evidence.record.progress_percent))
    if evidence.audio and evidence.audio.is_whole and evidence.audio.header:
        lines += [
            size(evidence.audio),
            read(evidence.audio, "length", f"{evidence.audio.header.seconds_present:.3f} s"),
        ]
    if evidence.growing:
        lines.append(size(evidence.growing))
    return tuple(lines)


def _line(source: Source, fact: str, value: object, at: datetime | None) -> Observation:
    text = _text(value)
    text = hide_secrets(text.encode(errors="backslashreplace").decode().replace("\0", "\\x00"))
    if len(text) > VALUE_CHARACTERS:
        text = f"{text[: VALUE_CHARACTERS // 2]} … {text[-VALUE_CHARACTERS // 2 :]}"
    return Observation(source, fact, text, at)


def _text(value: object) -> str:
    """A time with its zone is written so that a page can tell it in the viewer's."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "NULL" if value is None else str(value)

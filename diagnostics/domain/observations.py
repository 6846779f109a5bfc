"""Lines of evidence: the facts behind a finding, each with its source and the time it was observed."""

from __future__ import annotations

from datetime import datetime

from diagnostics.domain.facts import AudioFacts, Evidence, FormerFile, Observation, Source
from diagnostics.domain.redaction import hide_secrets

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


def running(fact: str, value: object, at: datetime | None) -> Observation:
    """What the process list says, or said then."""
    return _line(Source.PROCESS, fact, value, at)


def claim(evidence: Evidence) -> Observation:
    return recorded(evidence, "final_file_path", evidence.record.path)


def size(audio: AudioFacts) -> Observation:
    return seen(audio, "size", f"{audio.size_bytes} bytes")


def audio_root(state: str, at: datetime | None) -> Observation:
    """How the audio folder itself was met."""
    return _line(Source.DISK, "audio root", state, at)


def last_seen(former: FormerFile) -> Observation:
    return remembered("last seen", f"{former.size_bytes} bytes", former.seen_at)


def of_healthy(evidence: Evidence) -> tuple[Observation, ...]:
    """The facts behind a session that nothing is wrong with."""
    lines = [recorded(evidence, "status", evidence.record.status)]
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

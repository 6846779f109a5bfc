"""What was heard of a session's file, as its page shows it; and having it listened to now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from diagnostics.domain.facts import Evidence
from diagnostics.domain.sound import SoundFacts
from diagnostics.templatetags.formats import duration


@dataclass(frozen=True, slots=True)
class ShownSound:
    """A file that may be listened to. `heard_at` is None where it never was; `silent_percent` counts from the end."""

    heard_at: datetime | None = None
    peaks: bytes = b""
    silent_percent: float = 0.0
    label: str = ""


def shown_sound(evidence: Evidence) -> ShownSound | None:
    """Return the sound of a whole file; any other is not listened to."""
    if evidence.audio is None or not evidence.audio.is_whole or evidence.store.problem:
        return None
    sound = evidence.sound
    if sound is None or sound.problem:
        return ShownSound()
    return ShownSound(sound.heard_at, sound.peaks, sound.silent_percent, _outline(sound))


def _outline(sound: SoundFacts) -> str:
    """The waveform in words."""
    if sound.is_silent_throughout:
        return _("Waveform of {length}: silent throughout").replace("{length}", duration(sound.length_seconds))
    if sound.silent_from_seconds is None:
        return _("Waveform of {length}: sound up to the end").replace("{length}", duration(sound.length_seconds))
    words = _("Waveform of {length}: silent from {begin} to the end")
    begin = duration(sound.silent_from_seconds)
    return words.replace("{length}", duration(sound.length_seconds)).replace("{begin}", begin)

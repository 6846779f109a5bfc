"""What the chain answers of a file's sound where no rule found fault with it."""

from __future__ import annotations

from diagnostics.domain import observations
from diagnostics.domain.chain_answers import Answer, header, not_checked, ok
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence

WHY = {"format": "unhearable", "no_answer": "not_heard_in_time", "busy": "not_heard_in_time"}


def heard(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    """In order where the file was listened to and its end sounds; a file that is not whole is not listened to."""
    seen, sound = header(evidence, diagnosis), evidence.sound
    if seen.result != "ok":
        return not_checked(seen.why)
    if sound is None:
        return not_checked("deep_only")
    if sound.problem:
        return not_checked(WHY.get(sound.problem, "not_heard"))
    ending = observations.sounding(sound) if sound.silent_from_seconds is None else observations.silence(sound)
    return ok(ending) if sound.is_complete else not_checked("heard_in_part", ending)

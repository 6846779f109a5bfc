"""Chapter 1 of the guide, at the server: what the right URL of a file in order answers when it is asked as a player asks."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain.delivery import CERTIFICATE, DeliveryFacts
from diagnostics.domain.delivery_lines import lines_of
from diagnostics.domain.facts import AudioFacts, Confidence, Evidence, Finding
from diagnostics.domain.rules import files, records

CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
UNAUTHORISED, PART = 401, 206


def leads_to_file(evidence: Evidence, audio: AudioFacts) -> bool:
    """Whether the client's URL is the file's by its form, or a server led from it to audio of just this length."""
    delivery = evidence.delivery
    return evidence.claim.leads_to_file or (delivery is not None and delivery.sends_audio_of(audio.size_bytes))


def refused_link(evidence: Evidence) -> Iterator[Finding]:
    """The server asks for a valid signature, though the link names no end, or one that is still to come."""
    judged = _judged(evidence)
    if judged and judged[1].status == UNAUTHORISED:
        values = {**_values(*judged, str(UNAUTHORISED)), "expired_at": None}
        yield Finding("delivery.link_expired", LIKELY, lines_of(judged[1]), values)


def not_served(evidence: Evidence) -> Iterator[Finding]:
    """The right URL answers with an error, or with audio of another length than the file has."""
    judged = _judged(evidence)
    if judged is None:
        return
    audio, delivery = judged
    if delivery.is_refusal and delivery.status != UNAUTHORISED:
        yield Finding(
            "delivery.not_served", CERTAIN, lines_of(delivery), _values(audio, delivery, str(delivery.status))
        )
    elif delivery.is_audio and delivery.length_bytes not in (None, audio.size_bytes):
        yield Finding("delivery.not_served", CERTAIN, lines_of(delivery), _values(audio, delivery, "length"))


def not_audio(evidence: Evidence) -> Iterator[Finding]:
    """The right URL answers with success, but what comes does not begin as the file does."""
    judged = _judged(evidence)
    if judged and judged[1].is_success and not judged[1].is_audio:
        answer = "encoded" if judged[1].content_encoding not in ("", "identity") else judged[1].content
        yield Finding("delivery.not_audio", CERTAIN, lines_of(judged[1]), _values(*judged, answer))


def no_range(evidence: Evidence) -> Iterator[Finding]:
    """Two bytes were asked for, and all of the audio, or another part of it, came."""
    judged = _judged(evidence)
    if judged and judged[1].is_audio and not judged[1].is_partial:
        answer = "part" if judged[1].status == PART else "whole"
        yield Finding("delivery.no_range", CERTAIN, lines_of(judged[1]), _values(*judged, answer))


def bad_certificate(evidence: Evidence) -> Iterator[Finding]:
    """The server's certificate is out of time or another name's; or nobody vouches for it of whom we know."""
    judged = _judged(evidence)
    if judged and judged[1].has_bad_certificate:
        confidence = POSSIBLE if judged[1].problem == "certificate_untrusted" else CERTAIN
        values = _values(*judged, judged[1].problem.removeprefix(CERTIFICATE))
        yield Finding("delivery.bad_certificate", confidence, lines_of(judged[1]), values)


def _judged(evidence: Evidence) -> tuple[AudioFacts, DeliveryFacts] | None:
    """The file in order and what its URL answered, where that tells anything; of a link that is over it does not."""
    delivery = evidence.delivery
    if delivery is None or not delivery.is_telling or records.link_has_expired(evidence):
        return None
    audio = files.file_in_order(evidence)
    return (audio, delivery) if audio and leads_to_file(evidence, audio) else None


def _values(audio: AudioFacts, delivery: DeliveryFacts, answer: str) -> dict[str, object]:
    """What the sentences tell; `answer` is what sessions with the same fault have in common."""
    return {
        "answer": answer,
        "path": audio.path,
        "url": delivery.url,
        "host": delivery.host,
        "status": delivery.status,
        "content_type": delivery.content_type,
        "encoding": delivery.content_encoding,
        "range": delivery.content_range,
        "length_bytes": delivery.length_bytes,
        "size_bytes": audio.size_bytes,
    }

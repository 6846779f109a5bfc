"""One healthy session's evidence; each test breaks one thing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from diagnostics.domain import paths
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import AudioFacts, Evidence, Limits, Moment, Presence, SessionRecord, WavHeader
from diagnostics.domain.rules import diagnose

NOW = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
NAME = "long_sequence_5_20250825_120316.wav"
PREFIX = "/static/generated_music/long_sequences/"
LAYOUT = paths.StoreLayout(
    ("/srv/audio", "/srv/app/static/generated_music/long_sequences"),
    PREFIX,
    "https://app.example.cn",
    ("m.example.cn",),
)
HEADER = WavHeader(
    format_tag=1, channels=1, sample_rate=200, bits=16, bytes_per_second=400, data_declared=24_000, data_present=24_000
)


def moment(seconds_ago: float) -> Moment:
    at = NOW - timedelta(seconds=seconds_ago)
    return Moment(at.isoformat(), at)


RECORD = SessionRecord(
    key=5,
    status="completed",
    created=moment(6_690),
    updated=moment(6_600),
    completed=moment(6_600),
    error_message=None,
    path=PREFIX + NAME,
    size_bytes=24_044,
    duration_seconds=60.0,
    progress_percent=100.0,
)
AUDIO = AudioFacts(
    NAME, Presence.REGULAR, NOW, size_bytes=24_044, modified_at=NOW - timedelta(seconds=6_605), header=HEADER
)
ABSENT = AudioFacts(NAME, Presence.ABSENT, NOW, error="ENOENT")


def evidence(*, row: dict[str, Any] | None = None, **changes: Any) -> Evidence:
    """Return the evidence of a healthy session with fields of its row (`row`) and of itself changed."""
    record = replace(RECORD, **(row or {}))
    known: dict[str, Any] = {"limits": Limits(), "audio": AUDIO, "claim": paths.understand(record.path, LAYOUT)}
    return Evidence(record=record, now=NOW, **{**known, **changes})


def codes(found: Evidence) -> set[str]:
    return {finding.code for finding in diagnosed(found).findings}


def diagnosed(found: Evidence) -> Diagnosis:
    return diagnose(found)

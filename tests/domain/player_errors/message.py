"""One real message and what it has to be decoded to."""

from __future__ import annotations

from typing import NamedTuple

GONE = ("file.deleted", "file.never_written", "delivery.wrong_url", "delivery.not_served", "path.missing")
FILE = "static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav"


class Message(NamedTuple):
    """`suspects` are the first of those that are named; () means that none is."""

    text: str
    source: str
    code: str
    suspects: tuple[str, ...] = ()
    outer: str = ""
    session_id: str | None = None
    url: str | None = None

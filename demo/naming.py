"""How the host names an audio file, and which path it writes into the row."""

from __future__ import annotations

import re
from datetime import datetime

AUDIO_URL_PREFIX = "/static/generated_music/long_sequences/"
CONVENTION = re.compile(r"long_sequence_(\d+)_(\d{8})_(\d{6})\.wav")


def file_name(session_id: int, moment: datetime) -> str:
    return f"long_sequence_{session_id}_{moment:%Y%m%d_%H%M%S}.wav"


def temporary_name(name: str) -> str:
    return f"{name}.tmp"


def stored_path(name: str) -> str:
    return AUDIO_URL_PREFIX + name

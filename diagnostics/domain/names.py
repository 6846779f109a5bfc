"""What a file's name says: whose it is by the host's convention, whether it is a temporary one, what is ignored."""

from __future__ import annotations

import re
from datetime import datetime

# long_sequence_{session_id}_{YYYYmmdd}_{HHMMSS}.wav (host_app.md, "Files").
CONVENTION = re.compile(r"long_sequence_(?P<id>.+)_(?P<day>\d{8})_(?P<time>\d{6})\.wav", re.DOTALL)
TEMPORARY_ENDINGS = (".tmp", ".part", ".partial", ".temp")
IGNORED = frozenset({".DS_Store", "Thumbs.db", "@eaDir"})


def is_ignored(name: str) -> bool:
    return name in IGNORED or name.startswith("._")


def is_temporary(name: str) -> bool:
    return name.lower().endswith(TEMPORARY_ENDINGS)


def role(name: str) -> str:
    """Return what a file in the audio folder is, by its name: temporary, audio (the convention's), or foreign."""
    if is_temporary(name):
        return "temporary"
    return "audio" if CONVENTION.fullmatch(name) else "foreign"


def session_in(name: str) -> str:
    """Return the session id that a finished or temporary name bears, or ''."""
    match = CONVENTION.fullmatch(_finished(name))
    return match["id"] if match else ""


def bears(name: str, key: int | str) -> bool:
    return session_in(name) == str(key)


def problem(name: str) -> str:
    """Return why a name is not the convention's: 'convention', 'date' (an impossible one), or '' where it is."""
    match = CONVENTION.fullmatch(name)
    if match is None:
        return "convention"
    try:
        datetime.fromisoformat(f"{match['day']}T{match['time']}")
    except ValueError:
        return "date"
    return ""


def _finished(name: str) -> str:
    lowered = name.lower()
    for ending in TEMPORARY_ENDINGS:
        if lowered.endswith(ending):
            return name[: -len(ending)]
    return name

"""What the host reads: whether long sequences are available, and what users are told while they are not.

Made of the pause's texts, times and contact alone: no names and no reasons. The same bytes are served at
/api/v1/availability and written to AVAILABILITY_FILE.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from sessions_admin.models import Pause
from sessions_admin.pause_texts import for_users

FALLBACK = "60_second_audio"
Document = dict[str, object]


def document_now() -> Document:
    """Return what stands now. Raises DatabaseError where our own database does not tell."""
    return document_of(Pause.standing())


def document_of(pause: Pause | None) -> Document:
    """Return the document of a pause, or that there is none; `version` is another one whenever anything else is."""
    told = _paused(pause) if pause else _available()
    text = json.dumps(told, sort_keys=True)
    return {"long_sequences": told, "version": hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}


def written(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _available() -> Document:
    return {
        "available": True, "since": None, "review_at": None, "message": None, "contact": None, "fallback": None,
    }  # fmt: skip


def _paused(pause: Pause) -> Document:
    return {
        "available": False,
        "since": _time(pause.begun_at),
        "review_at": _time(pause.review_at),
        "message": {
            "en": for_users(pause.text_en, "en", pause.review_at),
            "zh-hans": for_users(pause.text_zh, "zh-hans", pause.review_at),
        },
        "contact": pause.contact,
        "fallback": FALLBACK,
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")

"""Whether the host takes new requests, as the dashboard tells it: by its address or by its small file.

An answer that cannot be had, or not understood, pauses nothing: the host then goes on (a file keeps its last word).
"""

from __future__ import annotations

import http.client
import json
import os
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from demo.place import Place

PATIENCE_SECONDS = 1.0
MOST_BYTES = 65_536
SORRY = {"en": "Long audio is paused.", "zh-hans": "长音频暂停使用。"}


def paused(place: Place) -> dict[str, Any] | None:
    """What is told of the pause; None where long sequences are available, or nobody tells."""
    try:
        told = json.loads(read(os.environ.get("DEMO_AVAILABILITY") or str(place.availability)))["long_sequences"]
        return dict(told) if told["available"] is False else None
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None


def read(where: str) -> bytes:
    """Raises OSError (urllib's own errors are ones), HTTPException."""
    if not where.startswith(("http://", "https://")):
        with Path(where).open("rb") as file:
            return file.read(MOST_BYTES)
    with urlopen(where, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - its scheme was looked at
        content: bytes = answer.read(MOST_BYTES)
        return content


def refusal(told: dict[str, Any]) -> dict[str, Any]:
    """The create call's answer while it lasts: what its client shows, and what it offers in its place."""
    message = told.get("message")
    words = {**SORRY, **(message if isinstance(message, dict) else {})}
    data = {"message": words, "contact": told.get("contact"), "fallback": told.get("fallback")}
    return {"success": False, "error": words["zh-hans"], "data": {"paused": True, **data}}

"""Which error messages are the same one: numbers, ids, paths and times taken out."""

from __future__ import annotations

import hashlib
import re

VARIABLE = (
    (re.compile(r"https?://\S+"), "<url>"),
    (re.compile(r"(?:[A-Za-z]:)?(?:[/\\][\w.@+-]+){2,}"), "<path>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<n>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\d+"), "<n>"),
    (re.compile(r"\s+"), " "),
)


def without_variables(message: str) -> str:
    """Return the last line of a message (a traceback's telling one) with its variable parts taken out."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    text = lines[-1][:2000] if lines else ""
    for pattern, stands_for in VARIABLE:
        text = pattern.sub(stands_for, text)
    return text.strip()


def fingerprint(message: str) -> str:
    """Return 16 hexadecimal digits that equal messages share."""
    digest = hashlib.blake2b(without_variables(message).encode(errors="replace"), digest_size=8)
    return digest.hexdigest()

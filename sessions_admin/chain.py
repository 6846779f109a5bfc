"""The chain of the audit: each entry's hash covers all that it holds and the hash before it, with a key of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "sessions_admin.audit"
# What an entry is; its own hash and the one before it stand beside this.
COVERED = (
    "seq", "at", "operation", "number", "is_intent", "actor", "roles", "address", "action", "session", "reason",
    "plan_digest", "before", "after", "outcome", "message", "values",
)  # fmt: skip
BEGINNING = ""  # what stands before the first entry


def link(before: str, content: Mapping[str, Any]) -> str:
    """Return the hash (HMAC-SHA256, 64 hexadecimal digits) of an entry with this content behind that hash."""
    told = json.dumps([content[name] for name in COVERED], sort_keys=True, default=_written, separators=(",", ":"))
    key = settings.AUDIT_KEY or settings.SECRET_KEY
    return salted_hmac(SALT, f"{before}\n{told}", secret=key, algorithm="sha256").hexdigest()


def _written(value: object) -> str:
    """A time as every database gives it back."""
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no place in the audit")
    return value.astimezone(UTC).isoformat(timespec="microseconds")

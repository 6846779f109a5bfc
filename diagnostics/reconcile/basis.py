"""What a pass judges by, beside rows and files: settings and rules. Where they differ, every row is examined again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from diagnostics import other_users, sources

PERSON_BYTES = 16  # what blake2b takes as its `person`
JUDGING = (
    "domain/**/*.py",
    "host*.py",
    "probes/wav.py",
    "probes/local_store.py",
    "probes/access.py",
    "reconcile/gather.py",
    "samples.py",
    "cleanups.py",
    "other_requests.py",
)


def basis() -> bytes:
    """Return a digest of the settings that the rules read, and of the rules themselves: 16 bytes."""
    told = (sources.limits(), sources.store_layout(), settings.HOST_TIME_ZONE, settings.HOST_COLUMNS, *_reader())
    return hashlib.blake2b(repr(told).encode() + _rules(), digest_size=PERSON_BYTES).digest()


def _reader() -> tuple[object, ...]:
    """READING_USER and its groups: who comes into a group may read what it could not."""
    user = other_users.reading_user()
    return (user.name, user.uid, sorted(user.groups or ()), user.groups is None) if user else ()


@cache
def _rules() -> bytes:
    """The source of what judges: a new version of the product looks at every session once."""
    app = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b()
    for pattern in JUDGING:
        for path in sorted(app.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.digest()

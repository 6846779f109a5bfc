"""What a pass judges by, beside rows and files: settings and rules. Where they differ, every row is examined again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from diagnostics import sources

PERSON_BYTES = 16  # what blake2b takes as its `person`
JUDGING = (
    "domain/**/*.py",
    "host*.py",
    "probes/wav.py",
    "probes/local_store.py",
    "reconcile/gather.py",
    "cleanups.py",
    "other_requests.py",
)


def basis() -> bytes:
    """Return a digest of the settings that the rules read, and of the rules themselves: 16 bytes."""
    told = (sources.limits(), sources.store_layout(), settings.HOST_TIME_ZONE, settings.HOST_COLUMNS)
    return hashlib.blake2b(repr(told).encode() + _rules(), digest_size=PERSON_BYTES).digest()


@cache
def _rules() -> bytes:
    """The source of what judges: a new version of the product looks at every session once."""
    app = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b()
    for pattern in JUDGING:
        for path in sorted(app.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.digest()

"""Certificates for tests: an authority of our own, and what it vouches for, in order and not."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from diagnostics.probes import web

NAME = "music.internal"


@contextmanager
def trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """An authority that this process trusts meanwhile, by the variable that OpenSSL reads, and no other."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    web._trust.cache_clear()
    yield authority
    web._trust.cache_clear()


def issued(authority: trustme.CA, *names: str, days: float = 30) -> ssl.SSLContext:
    """A server's certificate for these names, valid for so many days from now; below 0 it ended so long ago."""
    end = datetime.now(UTC) + timedelta(days=days)
    certificate = authority.issue_cert(*names, not_before=end - timedelta(days=90), not_after=end)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context

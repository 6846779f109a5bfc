"""Files of the ledger and sessions of the index, as a pass would leave them; and the way of terms into force."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from diagnostics.domain import names
from diagnostics.domain.facts import WavHeader
from diagnostics.identity import fold_hash, path_hash
from diagnostics.ledger import as_kept, header_stamp
from diagnostics.models import FileFinding, LedgerFile, Pass, SessionEntry
from sessions_admin.models import Policy
from sessions_admin.policies import decide
from sessions_admin.policies.decide import Decider
from sessions_admin.policies.terms import Terms

NOW = timezone.now().replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TERMS = Terms(age_days=30, hold_days=14, most_files=3, most_gigabytes=1)
WHOLE = WavHeader(bytes_per_second=1, data_declared=10, data_present=10)
CUT = WavHeader(bytes_per_second=1, data_declared=10, data_present=5)


def named(key: str) -> str:
    return f"long_sequence_{key}_20250825_123000.wav"


def seen(name: str, age: timedelta, *, header: WavHeader | None = WHOLE, **told: object) -> LedgerFile:
    """A file as the last pass saw it, changed last so long ago."""
    at = NOW - age
    stamp = int(at.timestamp()) * 10**9
    values: dict[str, object] = {
        "path": os.fsencode(name), "shown_path": name, "fold_hash": fold_hash(name), "role": names.role(name),
        "named_session": names.session_in(name), "size_bytes": 1_000, "mtime_ns": stamp, "ctime_ns": stamp, "inode": 1,
        "header": as_kept(header) if header else None, "header_stamp": header_stamp(), "first_seen_at": at,
        "seen_at": NOW, "changed_pass": 1, **told,
    }  # fmt: skip
    return LedgerFile.objects.create(path_hash=path_hash(name), **values)


def known(key: str, age: timedelta, *, claims: str = "", **told: object) -> SessionEntry:
    """A session as the last pass saw it, completed so long ago."""
    at = NOW - age
    values: dict[str, object] = {
        "listed_at": at, "first_seen_at": at, "changed_at": at, "status": "completed", "verdict": "playable",
        "state": "ok", "created_at": at, "completed_at": at, "claim": claims,
        "claim_hash": path_hash(claims) if claims else None, **told,
    }  # fmt: skip
    return SessionEntry.objects.create(key=key, **values)


def found(file: LedgerFile, code: str, **told: object) -> FileFinding:
    return FileFinding.objects.create(file=file, code=code, opened_at=NOW, **told)


def passed(finished_at: datetime = NOW, outcome: str = Pass.Outcome.COMPLETE) -> Pass:
    return Pass.objects.create(
        started_at=finished_at, heartbeat_at=finished_at, finished_at=finished_at, outcome=outcome
    )


def by(person: User, reason: str = "the disk fills up") -> Decider:
    return Decider(person, "10.0.0.7", reason)


SwitchOn = Callable[..., Policy]


@pytest.fixture
def switch_on(cast: dict[str, User]) -> SwitchOn:
    """Let eve propose terms and ada approve them."""

    def on(name: str, **told: int) -> Policy:
        assert decide.propose(name, replace(TERMS, **told), by(cast["eve"]), NOW) is None
        digest = Policy.objects.get(pk=name).proposed_digest
        assert decide.approve(name, digest, by(cast["ada"]), NOW) is None
        return Policy.objects.get(pk=name)

    return on

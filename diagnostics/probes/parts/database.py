"""Asks the host's database: whether it answers, who waits for locks in it, which transaction is open too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from diagnostics.probes.database_errors import SENTENCES, where
from diagnostics.probes.databases import Connection, HostUnavailable, Problem, connect
from diagnostics.probes.parts import mysql_waits, postgres_waits, sqlite_waits
from diagnostics.probes.parts.told import PartTold
from diagnostics.probes.parts.waits import Waits

# A statement of the host takes milliseconds: who waits longer for a lock waits for somebody who forgot to let it go.
LOCKED_SECONDS = 5.0
# A generation's own transactions are short; one that is open for a minute keeps locks, and old rows from being cleared.
LONG_TRANSACTION_SECONDS = 60.0
WAITS: Mapping[str, Callable[[Connection], Waits]] = {
    "postgresql": postgres_waits.waits_of,
    "mysql": mysql_waits.waits_of,
}
SAVED_SECONDS = 1.0  # of the time, for all but watching a file
PROBLEMS = {
    Problem.NO_FILE: "missing",
    Problem.CREDENTIALS: "denied",
    Problem.DENIED: "denied",
    Problem.TIMEOUT: "timeout",
    Problem.DAMAGED: "damaged",
}
# Why a server cannot be reached is in the drivers' words alone.
WORDS = {
    "refused": ("connection refused",),
    "no_name": ("could not translate host name", "name or service", "name resolution", "no address associated"),
    "too_many_connections": ("too many clients", "too many connections", "remaining connection slots"),
}


def look(how: Mapping[str, Any], seconds: float) -> PartTold:
    """Return what the database at `url` tells.

    It is impaired where somebody waits for a lock as long as `locked_seconds`, or a transaction is open for as long as
    `long_transaction_seconds`; and where it answers, but not to what is asked of its locks.
    """
    url, begun = how["url"], time.monotonic()
    patience = float(how.get("locked_seconds", LOCKED_SECONDS))
    state = "down"
    try:
        with connect(url, read_only=True, timeout_seconds=seconds, total_seconds=seconds) as connection:
            connection.rows("SELECT 1")
            took_seconds = round(time.monotonic() - begun, 3)
            state = "impaired"
            waits = _waits(connection)
        if waits is None:
            left_seconds = seconds - SAVED_SECONDS - (time.monotonic() - begun)
            waits = sqlite_waits.waits_of(where(url), watched_seconds=min(patience, left_seconds))
    except HostUnavailable as error:
        return _unavailable(error, state)
    told = _judged(waits, patience, float(how.get("long_transaction_seconds", LONG_TRANSACTION_SECONDS)))
    return replace(told, values={"took_seconds": took_seconds, **waits.values()})


def _waits(connection: Connection) -> Waits | None:
    """What a server keeps from this login altogether is not told; None: a file, which tells nothing while it is open."""
    try:
        return WAITS[connection.engine](connection) if connection.engine in WAITS else None
    except HostUnavailable as error:
        if error.problem != Problem.DENIED:
            raise
        return Waits(missing_right="the right to read the server's own views")


def _judged(waits: Waits, patience: float, longest: float) -> PartTold:
    missing = f"not all is told: the login lacks {waits.missing_right}" if waits.missing_right else ""
    if waits.longest_wait_seconds is not None and waits.longest_wait_seconds >= patience:
        held = f"held by {waits.blocked_by}" if waits.blocked_by else ""
        waiting = f"waited for during {waits.longest_wait_seconds:g} s"
        return PartTold("impaired", "locked", _joined(waiting, held, missing))
    if waits.longest_transaction_seconds is not None and waits.longest_transaction_seconds >= longest:
        is_open = f"open for {waits.longest_transaction_seconds:g} s: {waits.longest_transaction}"
        return PartTold("impaired", "long_transaction", _joined(is_open, missing))
    return PartTold("up", "", missing)


def _unavailable(error: HostUnavailable, state: str) -> PartTold:
    detail = error.detail or SENTENCES[error.problem]
    if error.problem == Problem.LOCKED:
        return PartTold("impaired", "locked", detail)
    return PartTold(state, _problem(error, detail), detail)


def _problem(error: HostUnavailable, detail: str) -> str:
    if error.problem != Problem.UNREACHABLE:
        return PROBLEMS.get(error.problem, "failed")
    words = detail.lower()
    return next((problem for problem, known in WORDS.items() if any(each in words for each in known)), "unreachable")


def _joined(*words: str) -> str:
    return "; ".join(filter(None, words))

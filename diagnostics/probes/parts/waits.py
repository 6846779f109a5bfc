"""What a database tells of who waits in it: locks, the longest open transaction, connections in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

OURSELVES = "session-diagnostics"  # the application's name that our own connections give


@dataclass(frozen=True, slots=True)
class Waits:
    """None: not told. `missing_right` is what the login would need to be told all of it.

    Advisory locks do not count: the application gives them their meaning, and to wait for one may be meant. SQLite tells
    of no one who waits: `longest_wait_seconds` is for how long the lock of its writer was seen held.
    """

    lock_waits: float | None = None
    longest_wait_seconds: float | None = None
    blocked_by: str | None = None
    longest_transaction_seconds: float | None = None
    longest_transaction: str | None = None
    connections: float | None = None
    max_connections: float | None = None
    missing_right: str = ""

    def values(self) -> Mapping[str, float | str | None]:
        told = asdict(self)
        del told["missing_right"]
        return told


def who(kind: str, number: object, name: object, *, is_idle: bool) -> str:
    """Return a session in words: what an operator needs to find it, and nothing of what it asks."""
    named = f" ({name})" if name else ""
    return f"{kind} {number}{named}{', idle in transaction' if is_idle else ''}"


def number_of(value: object) -> float | None:
    """Return a number that may come as text, as decimals do."""
    return None if value is None else round(float(str(value)), 3)

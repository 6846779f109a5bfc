"""The host's parts as probes see them: engine, database, cache, broker, the audio root's mount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ENGINE, DATABASE, CACHE, BROKER, MOUNT = "engine", "database", "cache", "broker", "mount"
PARTS = (ENGINE, DATABASE, CACHE, BROKER, MOUNT)


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One part at one time. `state`: up, impaired (it answers, but something is wrong), down, unknown.

    `problem` is a code of what is wrong (refused, timeout, no_name, unreachable, denied, exit_code, killed, not_found,
    locked, no_consumers, hung, read_only, not_mounted, …); `detail` its own words without secrets, at most 300 characters.
    `values` hold what was measured, with the unit in the name: queue_length, consumers, oldest_seconds, failed_jobs,
    lock_waits, longest_transaction_seconds, took_seconds; None where the part does not tell. A part that hangs is unknown
    since `since`, which otherwise is when `state` and `problem` were first seen as they are.
    """

    part: str
    at: datetime
    state: str
    problem: str = ""
    detail: str = ""
    values: Mapping[str, float | str | None] = field(default_factory=dict)
    since: datetime | None = None

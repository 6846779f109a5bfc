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

    `problem` is a code of what is wrong, `detail` the part's own words without secrets, at most 300 characters. Of all:
    refused, timeout, no_name, unreachable, denied, failed; and where it is unknown: hung, busy (too many ask at once),
    no_answer (no helper process), stopped. Of the engine: exit_code, killed, not_found. Of the database: locked,
    long_transaction, too_many_connections, missing, damaged. Of the mount: missing, not_mounted, read_only, io_error. Of
    cache and broker: closed, tls, protocol (another answers there), bad_address, too_many_clients, loading, busy_script,
    no_writes (it cannot save), no_master, read_only, full, error. Of the broker: no_consumers, no_queue, wrong_type,
    locked, suspended.

    `values` hold what was measured, with the unit in the name: queue_length, consumers, oldest_seconds, failed_jobs,
    lock_waits, longest_wait_seconds, blocked_by, longest_transaction_seconds, longest_transaction, connections,
    max_connections, exit_code, took_seconds, device, file_system, source, mounted_at, is_read_only, used_memory_bytes,
    max_memory_bytes, evicted_keys, connected_clients, uptime_seconds, version, queues, head (a sign of the message that is
    taken next), unacknowledged, longest_unacknowledged_seconds, waiting_clients, listening_clients,
    newest_heartbeat_seconds, newest_failure_seconds, deferred_jobs, scheduled_jobs; None where the part
    does not tell. A part that hangs is unknown since `since`, which otherwise is when `state` and `problem` were first
    seen as they are.
    """

    part: str
    at: datetime
    state: str
    problem: str = ""
    detail: str = ""
    values: Mapping[str, float | str | None] = field(default_factory=dict)
    since: datetime | None = None

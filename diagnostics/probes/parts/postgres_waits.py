"""Who waits in a PostgreSQL database, from its own views (manual: "The Cumulative Statistics System", "pg_locks")."""

from __future__ import annotations

from diagnostics.probes.databases import Connection
from diagnostics.probes.parts.waits import OURSELVES, Waits, number_of, who

# Since version 14 a lock says since when it is waited for; before, the statement's own time is the nearest there is.
WAITING = """
    SELECT w.pid, coalesce((to_jsonb(w) ->> 'waitstart')::timestamptz, s.query_start) AS since
    FROM pg_locks w JOIN pg_stat_activity s ON s.pid = w.pid
    WHERE NOT w.granted AND w.locktype <> 'advisory' AND s.datname = current_database()
"""
COUNTED = f"SELECT count(DISTINCT pid), max(extract(epoch FROM clock_timestamp() - since)) FROM ({WAITING}) waiting"  # noqa: S608  constants
# Who holds up others and waits for nobody: the head of the queue. A prepared transaction has the number 0 and no session.
BLOCKING = f"""
    SELECT held.pid, s.application_name, s.state
    FROM (SELECT DISTINCT unnest(pg_blocking_pids(pid)) AS pid FROM ({WAITING}) waiting) held
    LEFT JOIN pg_stat_activity s ON s.pid = held.pid
    WHERE cardinality(pg_blocking_pids(held.pid)) = 0
    ORDER BY s.xact_start LIMIT 1
"""  # noqa: S608  constants
LONGEST = f"""
    SELECT extract(epoch FROM clock_timestamp() - xact_start), pid, application_name, state
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> '{OURSELVES}'
    AND xact_start IS NOT NULL
    ORDER BY xact_start LIMIT 1
"""  # noqa: S608  constants
# The views keep even the kind of another role's session from a login without the right.
HIDDEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type IS NULL"
CONNECTIONS = "SELECT (SELECT sum(numbackends) FROM pg_stat_database), current_setting('max_connections')"
RIGHT = "pg_read_all_stats"
IDLE = ("idle in transaction", "idle in transaction (aborted)")


def waits_of(connection: Connection) -> Waits:
    """Locks and connections are shown to every login; transactions of other roles to those with RIGHT alone."""
    count, longest_wait = connection.rows(COUNTED)[0]
    is_hidden = connection.rows(HIDDEN)[0][0] > 0
    transaction = [] if is_hidden else connection.rows(LONGEST)
    seconds, *session = transaction[0] if transaction else (None if is_hidden else 0,)
    connections, most = connection.rows(CONNECTIONS)[0]
    return Waits(
        lock_waits=count,
        longest_wait_seconds=number_of(longest_wait) if count else 0,
        blocked_by=_blocker(connection) if count else None,
        longest_transaction_seconds=number_of(seconds),
        longest_transaction=_session(*session) if session else None,
        connections=number_of(connections),
        max_connections=number_of(most),
        missing_right=RIGHT if is_hidden else "",
    )


def _blocker(connection: Connection) -> str | None:
    found = connection.rows(BLOCKING)
    return _session(*found[0]) if found else None


def _session(pid: int, application: str | None, state: str | None) -> str:
    return who("pid", pid, application, is_idle=state in IDLE) if pid else "a prepared transaction"

"""Who waits in a MariaDB or MySQL database, from its own views (MariaDB: "Information Schema"; MySQL: "InnoDB")."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.probes.databases import Connection, HostUnavailable, Problem, Row
from diagnostics.probes.parts.waits import Waits, number_of, who

# InnoDB's views give times in the zone of the server's machine, whichever zone the session has.
AGO = "TIMESTAMPDIFF(SECOND, CONVERT_TZ({}, 'SYSTEM', '+00:00'), UTC_TIMESTAMP())"
SESSIONS = "information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
# Row locks are InnoDB's; those of tables (an ALTER TABLE behind an open transaction) stand in the list of threads alone.
COUNTED = f"""
    SELECT count(*), max(seconds) FROM (
        SELECT {AGO.format("t.trx_wait_started")} AS seconds FROM {SESSIONS}
        WHERE t.trx_wait_started IS NOT NULL AND p.db = DATABASE()
        UNION ALL
        SELECT time FROM information_schema.processlist WHERE state LIKE 'Waiting for %lock' AND db = DATABASE()
    ) waiting
"""  # noqa: S608  constants
LONGEST = f"""
    SELECT {AGO.format("t.trx_started")}, p.id, p.user, p.command FROM {SESSIONS}
    WHERE p.db = DATABASE() AND t.trx_autocommit_non_locking = 0 AND p.id <> CONNECTION_ID()
    ORDER BY t.trx_started LIMIT 1
"""  # noqa: S608  constants
# Who holds up others and waits for nobody: the head of the queue.
BLOCKING = f"""
    SELECT p.id, p.user, p.command FROM {SESSIONS} JOIN {{waits}} = t.trx_id
    WHERE t.trx_wait_started IS NULL ORDER BY t.trx_started LIMIT 1
"""  # noqa: S608  constants
MARIADB_WAITS = "information_schema.innodb_lock_waits w ON w.blocking_trx_id"
MYSQL_WAITS = "performance_schema.data_lock_waits w ON w.blocking_engine_transaction_id"
CONNECTED = "SHOW GLOBAL STATUS LIKE 'Threads_connected'"
MOST = "SELECT @@GLOBAL.max_connections"


def waits_of(connection: Connection) -> Waits:
    """Connections are told to every login, all else to those with the right PROCESS alone."""
    connected, most = connection.rows(CONNECTED)[0][1], connection.rows(MOST)[0][0]
    waits = Waits(connections=number_of(connected), max_connections=number_of(most))
    counted = _allowed(connection, COUNTED)
    if counted is None:
        return replace(waits, missing_right="PROCESS")
    count, longest_wait = counted[0]
    seconds, *session = next(iter(connection.rows(LONGEST)), (0,))
    blocker, missing_right = _blocker(connection) if count else (None, "")
    return replace(
        waits,
        lock_waits=count,
        longest_wait_seconds=number_of(longest_wait or 0),
        blocked_by=blocker,
        longest_transaction_seconds=number_of(seconds),
        longest_transaction=_session(*session) if session else None,
        missing_right=missing_right,
    )


def _allowed(connection: Connection, sql: str) -> list[Row] | None:
    try:
        return connection.rows(sql)
    except HostUnavailable as error:
        if error.problem == Problem.DENIED:
            return None
        raise


def _blocker(connection: Connection) -> tuple[str | None, str]:
    """Return who holds up the others, or else which right is missing to be told."""
    is_mariadb = "mariadb" in str(connection.rows("SELECT VERSION()")[0][0]).lower()
    found = _allowed(connection, BLOCKING.format(waits=MARIADB_WAITS if is_mariadb else MYSQL_WAITS))
    if found is None:
        return None, "SELECT on performance_schema"
    return (_session(*found[0]) if found else None), ""


def _session(number: int, user: str, command: str) -> str:
    return who("connection", number, user, is_idle=command == "Sleep")

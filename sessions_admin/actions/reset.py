"""Puts one failed session back to pending, so that the host's worker takes it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy, gettext_noop

from diagnostics.host_values import moment
from diagnostics.notes import note_reset
from diagnostics.probes.databases import HostUnavailable
from sessions_admin import host_time, permissions
from sessions_admin.actions.action import Action, Intent
from sessions_admin.actions.plans import Expectation, Item, Plan, is_as_seen, new_plan, seen_as
from sessions_admin.actions.results import Kind, Result, failure
from sessions_admin.actions.trail import visible
from sessions_admin.host_writer import AmbiguousKey, ChangeUncertain, HostRow, HostWriter, open_writer
from sessions_admin.models import AuditEntry

NAME = "reset"
NEEDED = ("status", "error_message", "updated_at")
NEW_VALUES: dict[str, str | None] = {"status": "pending", "error_message": None, "progress_percentage": "0"}
# A server may round the time that it is given.
ROUNDING = timedelta(seconds=1)

DONE = gettext_noop("Session %(session)s is pending again. Its old error text is kept in the audit.")
CHANGED = gettext_noop("Session %(session)s was left alone: it changed meanwhile (now %(status)s).")
GONE = gettext_noop("Session %(session)s was left alone: its row is gone.")
NOT_FAILED = gettext_noop("Session %(session)s was left alone: only failed sessions are reset (it is %(status)s).")
AMBIGUOUS = gettext_noop("Session %(session)s was left alone: more than one row has this id.")
NOT_GRANTED = gettext_noop("Not done: the writing connection may not change %(columns)s.")
UNCERTAIN = gettext_noop(
    "It is not known whether session %(session)s was reset: the connection was lost at the last step. "
    "The worker will look again within minutes."
)
SETTLED_DONE = gettext_noop("Session %(session)s was reset; this was found afterwards, the work was interrupted.")
SETTLED_NOT_DONE = gettext_noop("Session %(session)s was not reset: the work was interrupted before the change.")
SETTLED_UNKNOWN = gettext_noop(
    "It cannot be told any more whether session %(session)s was reset: it has changed since (now %(status)s)."
)


def plan_for(row: HostRow, now: datetime) -> Plan:
    """Return the plan to reset the session of this row, with every column frozen as it was read."""
    seen = {name: seen_as(value) for name, value in row.values.items()}
    is_failed = row.status == "failed"
    item = Item(row.key, seen, Expectation.DO if is_failed else Expectation.SKIP, "" if is_failed else NOT_FAILED)
    return new_plan(NAME, (item,), now)


def changes(writer: HostWriter, row: HostRow, now: datetime) -> dict[str, str | None]:
    """Return field -> new value: the optional ones only where the column exists and may be changed."""
    like = (row.values.get("updated_at"), row.values.get("created_at"))
    wanted = {**NEW_VALUES, "updated_at": host_time.written(now, writer.source.zone, like)}
    return {name: value for name, value in wanted.items() if name in NEEDED or writer.may_update(name)}


def not_granted(writer: HostWriter) -> list[str]:
    """Return the needed columns that this connection may not change."""
    return [name for name in NEEDED if not writer.may_update(name)]


def intend(writer: HostWriter, item: Item, now: datetime) -> Intent | Result:
    try:
        row = writer.read(item.key)
    except AmbiguousKey:
        return _left(AMBIGUOUS, item.key)
    if row is None:
        return _left(GONE, item.key)
    if not is_as_seen(item.seen, row.values):
        return _left(CHANGED, item.key, row)
    if row.status != "failed":
        return _left(NOT_FAILED, item.key, row)
    if missing := not_granted(writer):
        return Result(Kind.FAILED, NOT_GRANTED, {"columns": ", ".join(missing)})
    return Intent(row.values, changes(writer, row, now), now)


def carry_out(writer: HostWriter, item: Item, intent: Intent) -> Result:
    """Change the row where every column still is as the intent says."""
    try:
        if not writer.update(HostRow(item.key, intent.before), intent.after):
            return _changed_meanwhile(writer, item)
    except AmbiguousKey:
        return _left(AMBIGUOUS, item.key)
    except ChangeUncertain:
        return Result(Kind.UNKNOWN, UNCERTAIN, {"session": item.key}, is_settled=False)
    except HostUnavailable as error:
        return failure(error)
    note_reset(item.key, intent.at)
    return Result(Kind.DONE, DONE, {"session": item.key})


def settle(writer: HostWriter, entry: AuditEntry) -> Result:
    """Find out by the row what an interrupted reset has done."""
    row = writer.read(entry.session)
    if row is None:
        return Result(Kind.UNKNOWN, SETTLED_UNKNOWN, {"session": entry.session, "status": "–"})
    values = {"session": entry.session, "status": row.status}
    now = {name: None if value is None else visible(value) for name, value in row.values.items()}
    if now == entry.before:
        return Result(Kind.FAILED, SETTLED_NOT_DONE, values)
    if _is_as_written(writer, entry.after or {}, row):
        note_reset(entry.session, entry.at)
        return Result(Kind.DONE, SETTLED_DONE, values)
    return Result(Kind.UNKNOWN, SETTLED_UNKNOWN, values)


def _changed_meanwhile(writer: HostWriter, item: Item) -> Result:
    try:
        row = writer.read(item.key)
    except (HostUnavailable, AmbiguousKey):
        return _left(CHANGED, item.key, HostRow(item.key, {"status": "?"}))
    return _left(CHANGED, item.key, row) if row else _left(GONE, item.key)


def _is_as_written(writer: HostWriter, after: dict[str, str | None], row: HostRow) -> bool:
    zone = writer.source.zone
    wanted, found = (moment(values.get("updated_at"), zone).at for values in (after, row.values))
    if wanted is None or found is None or abs(found - wanted) > ROUNDING:
        return False
    return row.status == after.get("status") and row.values.get("error_message") is None


def _left(message: str, key: str, row: HostRow | None = None) -> Result:
    values = {"session": key} | ({"status": row.status} if row else {})
    return Result(Kind.SKIPPED, message, values)


RESET = Action(
    name=NAME,
    title=gettext_lazy("Reset a failed session"),
    permission=permissions.RESET_SESSION,
    opening=open_writer,
    intend=intend,
    carry_out=carry_out,
    settle=settle,
)

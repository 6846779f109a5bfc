"""Puts one failed session back to pending, so that the host's worker takes it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics.host_values import moment
from diagnostics.notes import note_resets
from diagnostics.probes.databases import HostUnavailable
from sessions_admin import host_time, outlook, permissions
from sessions_admin.actions.action import Action, Intent, Looked, Meant
from sessions_admin.actions.plans import Expectation, Item, Plan, is_as_seen, new_plan, seen_of
from sessions_admin.actions.results import Kind, Result, failure
from sessions_admin.actions.trail import visible
from sessions_admin.host_writer import AmbiguousKey, ChangeUncertain, HostRow, HostWriter, open_preview, open_writer
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
GENERATING = gettext_noop("Session %(session)s is left alone: it is being generated now.")
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
    return new_plan(NAME, (_item(row.key, row),), now)


def expect(writer: HostWriter, keys: Sequence[str]) -> list[Item]:
    """Freeze each session as it is now, and say which ones a reset would not help, or not yet."""
    rows, hindrances = writer.read_many(keys), outlook.hindrances_to_composing(keys)
    items = [_item(key, rows.get(key)) for key in keys]
    return [
        replace(item, expectation=Expectation.SKIP, why=hindrances[item.key])
        if item.expectation is Expectation.DO and item.key in hindrances
        else item
        for item in items
    ]


def _item(key: str, row: HostRow | AmbiguousKey | None) -> Item:
    if not isinstance(row, HostRow):
        return Item(key, {}, Expectation.SKIP, GONE if row is None else AMBIGUOUS)
    is_failed = row.status == "failed"
    why = "" if is_failed else GENERATING if row.status == "generating" else NOT_FAILED
    return Item(key, seen_of(row.values), Expectation.DO if is_failed else Expectation.SKIP, why)


def changes(writer: HostWriter, row: HostRow, now: datetime) -> dict[str, str | None]:
    """Return field -> new value: the optional ones only where the column exists and may be changed."""
    return _new_values(writer, row, now, [name for name in NEW_VALUES if name in NEEDED or writer.may_update(name)])


def _new_values(writer: HostWriter, row: HostRow, now: datetime, names: Sequence[str]) -> dict[str, str | None]:
    like = (row.values.get("updated_at"), row.values.get("created_at"))
    wanted = {name: NEW_VALUES[name] for name in names}
    return wanted | {"updated_at": host_time.written(now, writer.source.zone, like)}


def not_granted(writer: HostWriter) -> list[str]:
    """Return the needed columns that this connection may not change."""
    return [name for name in NEEDED if not writer.may_update(name)]


def intend(writer: HostWriter, items: Sequence[Item], now: datetime) -> Looked:
    rows = writer.read_many(item.key for item in items)
    missing = not_granted(writer)
    names = [name for name in NEW_VALUES if name in NEEDED or writer.may_update(name)]

    def look(item: Item) -> Intent | Result:
        row = rows.get(item.key)
        if isinstance(row, AmbiguousKey):
            return _left(AMBIGUOUS, item.key)
        if row is None:
            return _left(GONE, item.key)
        if not is_as_seen(item.seen, row.values):
            return _left(CHANGED, item.key, row)
        if row.status != "failed":
            return _left(NOT_FAILED, item.key, row)
        if missing:
            return Result(Kind.FAILED, NOT_GRANTED, {"columns": ", ".join(missing)})
        return Intent(row.values, _new_values(writer, row, now, names), now)

    return {item.key: look(item) for item in items}


def carry_out(writer: HostWriter, meant: Meant) -> list[Result]:
    """Change each row where every column still is as its intent says: all in one transaction of the host."""
    try:
        changed = writer.update_many([(HostRow(item.key, intent.before), intent.after) for item, intent in meant])
    except AmbiguousKey as error:
        if len(meant) == 1:
            return [_left(AMBIGUOUS, str(error))]
        return [result for one in meant for result in carry_out(writer, [one])]
    except ChangeUncertain:
        return [Result(Kind.UNKNOWN, UNCERTAIN, {"session": item.key}, is_settled=False) for item, _ in meant]
    except HostUnavailable as error:
        return [failure(error) for _ in meant]
    done = [item.key for (item, _), is_changed in zip(meant, changed, strict=True) if is_changed]
    note_resets(done, meant[0][1].at)
    left = _changed_meanwhile(writer, [item.key for item, _ in meant if item.key not in set(done)])
    return [left.get(item.key) or Result(Kind.DONE, DONE, {"session": item.key}) for item, _ in meant]


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
        note_resets([entry.session], entry.at)
        return Result(Kind.DONE, SETTLED_DONE, values)
    return Result(Kind.UNKNOWN, SETTLED_UNKNOWN, values)


def _changed_meanwhile(writer: HostWriter, keys: Sequence[str]) -> dict[str, Result]:
    """Say how the rows stand now that were no longer as they should be."""
    if not keys:
        return {}
    try:
        rows = writer.read_many(keys)
    except HostUnavailable:
        return {key: _left(CHANGED, key, HostRow(key, {"status": "?"})) for key in keys}
    return {key: _left_as(rows.get(key), key) for key in keys}


def _left_as(row: HostRow | AmbiguousKey | None, key: str) -> Result:
    if row is None:
        return _left(GONE, key)
    return _left(AMBIGUOUS, key) if isinstance(row, AmbiguousKey) else _left(CHANGED, key, row)


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
    title_of_many=gettext_lazy("Reset failed sessions"),
    button=lambda number: ngettext("Reset %(number)s session", "Reset %(number)s sessions", number),
    explanation=gettext_lazy(
        "Each goes back to pending, and the host’s worker composes it again. Its old error stays in the audit."
    ),
    permission=permissions.RESET_SESSION,
    opening=open_writer,
    intend=intend,
    carry_out=carry_out,
    looking=open_preview,
    expect=expect,
    settle=settle,
    is_to_be_picked_up=True,
)

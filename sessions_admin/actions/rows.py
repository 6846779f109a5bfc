"""What every action does that changes nothing but a session's row; one such action is a `RowChange`, a small description.

plan:   read the rows -> `takes`? -> `foresee` (hindrances, the file) -> `wants` -> granted? -> frozen items
run:    read again -> as seen? -> `takes`? -> `look`, live -> as seen? -> `wants` -> granted? -> intents
        `last_look` -> one UPDATE a row, where every column still is as its intent says, all in one transaction
after:  `noted`; what a crash left open is settled by reading the row again
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from diagnostics.host import FIELDS
from diagnostics.probes.databases import HostUnavailable
from sessions_admin import host_time
from sessions_admin.actions.action import Action, Intent, Looked, Meant
from sessions_admin.actions.plans import Expectation, Item, seen_of
from sessions_admin.actions.results import Kind, Result, failure
from sessions_admin.actions.rows_settled import is_as_before, is_as_written
from sessions_admin.host_writer import (
    AmbiguousKey,
    ChangeUncertain,
    HostRow,
    HostWriter,
    open_preview,
    open_writer,
)
from sessions_admin.models import AuditEntry

Columns = Mapping[str, str | None]
Found = HostRow | AmbiguousKey | None

CHANGED = gettext_noop("Session %(session)s was left alone: it changed meanwhile (now %(status)s).")
GONE = gettext_noop("Session %(session)s was left alone: its row is gone.")
AMBIGUOUS = gettext_noop("Session %(session)s was left alone: more than one row has this id.")
FILE_CHANGED = gettext_noop("Session %(session)s was left alone: its file changed meanwhile.")
NOT_GRANTED = gettext_noop("Not done: the writing connection may not change %(columns)s.")
NEEDS_GRANT = gettext_noop(
    "Session %(session)s is left alone: the writing connection needs the right to change %(columns)s."
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen beside the row, in its file for instance.

    `facts` stand in the plan beside the row's columns, under names of their own, and must be the same at the change;
    `path` is the file, as it is shown. `why` is the sentence (a key of the catalogues) that tells why the session is left
    alone, '' where it is not; `told` fills it, beside session and status.
    """

    facts: Columns = field(default_factory=dict)
    path: str = ""
    why: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """New values by column. Without the `needed` ones nothing is done; the `wanted` ones where the host has and allows them.

    `updated_at` is added to the needed ones, as the host writes it.
    """

    needed: Columns
    wanted: Columns = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """How an action's ends are told: keys of the catalogues, with session, status and path to fill them."""

    done: str
    uncertain: str = gettext_noop(
        "It is not known whether session %(session)s was changed: the connection was lost at the last step. "
        "The worker will look again within minutes."
    )
    settled_done: str = gettext_noop(
        "Session %(session)s was changed as planned; this was found afterwards, the work was interrupted."
    )
    settled_not_done: str = gettext_noop(
        "Session %(session)s was not changed: the work was interrupted before the change."
    )
    settled_unknown: str = gettext_noop(
        "It cannot be told any more whether session %(session)s was changed: it has changed since (now %(status)s)."
    )


def sees_nothing(_rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    """Nothing but the row is looked at for the plan."""
    return {}


def look_at_nothing(_row: HostRow) -> Sight:
    """Nothing but the row is looked at for the change."""
    return Sight()


def nothing_changed(_item: Item) -> str:
    return ""


def note_nothing(_keys: Sequence[str], _at: datetime) -> None:
    """The next pass sees the change by itself."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One action on a row; its methods are what an `Action` wants.

    `takes` says by the row alone why a session is left alone ('' where it is taken: a key of the catalogues). `wants`
    gives the new values, by the row, what was seen beside it, and the time. `foresee` looks for the plan at many (by the
    last pass where it would take long; keys may be left out), `look` at one, live, at the moment of the change; both only
    at rows that are taken. `last_look` says what is no longer so an instant before it ('' where all is). `noted` is
    told which were changed, and when.
    """

    takes: Callable[[HostRow], str]
    wants: Callable[[HostRow, Sight, datetime], Change]
    words: Words
    foresee: Callable[[Sequence[HostRow]], Mapping[str, Sight]] = sees_nothing
    look: Callable[[HostRow], Sight] = look_at_nothing
    last_look: Callable[[Item], str] = nothing_changed
    noted: Callable[[Sequence[str], datetime], None] = note_nothing

    def action(self, **told: Any) -> Action:
        """Return the action that does this; `told` are its name, words, right and the rest of an `Action`."""
        return Action(
            opening=open_writer,
            looking=open_preview,
            expect=self.expect,
            intend=self.intend,
            carry_out=self.carry_out,
            settle=self.settle,
            **told,
        )

    def expect(self, writer: HostWriter, keys: Sequence[str]) -> list[Item]:
        """Freeze each session as it is now, with what will become of it."""
        rows, granted, now = writer.read_many(keys), Grants(writer), timezone.now()
        taken = [row for row in rows.values() if isinstance(row, HostRow) and not self.takes(row)]
        sights = self.foresee(taken)
        return [self._expected(key, rows.get(key), sights.get(key, Sight()), granted, now) for key in keys]

    def item_of(self, key: str, row: Found, sight: Sight) -> Item:
        """Freeze one session, as far as its row and what was seen beside it tell."""
        if not isinstance(row, HostRow):
            return Item(key, {}, Expectation.SKIP, GONE if row is None else AMBIGUOUS)
        why = self.takes(row) or sight.why
        expectation = Expectation.SKIP if why else Expectation.DO
        told = sight.told if why else {}
        return Item(key, seen_of({**row.values, **sight.facts}), expectation, why, sight.path, told=told)

    def _expected(self, key: str, row: Found, sight: Sight, granted: Grants, now: datetime) -> Item:
        item = self.item_of(key, row, sight)
        if not isinstance(row, HostRow) or item.expectation is Expectation.SKIP:
            return item
        if missing := self.not_granted(granted, row, sight, now):
            told = {"columns": ", ".join(missing)}
            return Item(key, item.seen, Expectation.SKIP, NEEDS_GRANT, item.path, told=told)
        return item

    def not_granted(self, granted: Grants, row: HostRow, sight: Sight, now: datetime) -> list[str]:
        """Return the needed columns that this connection may not change, or that the host does not have."""
        return [name for name in (*self.wants(row, sight, now).needed, "updated_at") if not granted.allow(name)]

    def new_values(self, granted: Grants, row: HostRow, sight: Sight, now: datetime) -> dict[str, str | None]:
        """Return field -> new value: the wanted ones only where the column exists and may be changed."""
        change = self.wants(row, sight, now)
        wanted = {name: value for name, value in change.wanted.items() if granted.allow(name)}
        return {**change.needed, **wanted, "updated_at": as_host_writes(granted.writer, row, now)}

    def intend(self, writer: HostWriter, items: Sequence[Item], now: datetime) -> Looked:
        rows, granted = writer.read_many(item.key for item in items), Grants(writer)
        return {item.key: self._intended(item, rows.get(item.key), granted, now) for item in items}

    def _intended(self, item: Item, row: Found, granted: Grants, now: datetime) -> Intent | Result:
        if not isinstance(row, HostRow):
            return _left_as(row, item.key)
        if of_row(item.seen) != seen_of(row.values):
            return _left(CHANGED, item.key, row)
        if why := self.takes(row):
            return _left(why, item.key, row)
        sight = self.look(row)
        if sight.why:
            return _left(sight.why, item.key, row, sight.told)
        if seen_of(sight.facts) != {name: seen for name, seen in item.seen.items() if name not in FIELDS}:
            return _left(FILE_CHANGED, item.key, row)
        if missing := self.not_granted(granted, row, sight, now):
            return Result(Kind.FAILED, NOT_GRANTED, {"columns": ", ".join(missing)})
        return Intent({**row.values, **sight.facts}, self.new_values(granted, row, sight, now), now)

    def carry_out(self, writer: HostWriter, meant: Meant) -> list[Result]:
        """Change each row where every column still is as its intent says: all in one transaction of the host."""
        ends = {item.key: _left(why, item.key) for item, _ in meant if (why := self.last_look(item))}
        still = [(item, intent) for item, intent in meant if item.key not in ends]
        if still:
            results = self._changed(writer, still)
            ends |= {item.key: result for (item, _), result in zip(still, results, strict=True)}
        return [ends[item.key] for item, _ in meant]

    def _changed(self, writer: HostWriter, meant: Meant) -> list[Result]:
        pairs = [(HostRow(item.key, of_row(intent.before)), intent.after) for item, intent in meant]
        try:
            changed = writer.update_many(pairs)
        except AmbiguousKey as error:
            if len(meant) == 1:
                return [_left(AMBIGUOUS, str(error))]
            return [result for one in meant for result in self._changed(writer, [one])]
        except ChangeUncertain:
            return [self._end(Kind.UNKNOWN, self.words.uncertain, one, is_settled=False) for one in meant]
        except HostUnavailable as error:
            return [failure(error) for _ in meant]
        done = [item.key for (item, _), is_changed in zip(meant, changed, strict=True) if is_changed]
        self.noted(done, meant[0][1].at)
        left = _changed_meanwhile(writer, [item.key for item, _ in meant if item.key not in set(done)])
        return [left.get(item.key) or self._end(Kind.DONE, self.words.done, (item, intent)) for item, intent in meant]

    def _end(self, kind: Kind, message: str, one: tuple[Item, Intent], *, is_settled: bool = True) -> Result:
        item, intent = one
        values = {"session": item.key, "status": intent.after.get("status") or intent.before.get("status") or "?"}
        return Result(kind, message, values | ({"path": item.path} if item.path else {}), is_settled=is_settled)

    def settle(self, writer: HostWriter, entry: AuditEntry) -> Result:
        """Find out by the row what an interrupted change has done."""
        row = writer.read(entry.session)
        values = {"session": entry.session, "status": row.status if row else "–"}
        if row is not None and is_as_before(of_row(entry.before or {}), row):
            return Result(Kind.FAILED, self.words.settled_not_done, values)
        if row is not None and is_as_written(entry.after or {}, row, writer.source.zone):
            self.noted([entry.session], entry.at)
            return Result(Kind.DONE, self.words.settled_done, values)
        return Result(Kind.UNKNOWN, self.words.settled_unknown, values)


class Grants:
    """What a connection may change, each column asked for once."""

    def __init__(self, writer: HostWriter) -> None:
        self.writer = writer
        self._known: dict[str, bool] = {}

    def allow(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = self.writer.may_update(name)
        return self._known[name]


def of_row(values: Columns) -> dict[str, str | None]:
    """Return what of a plan's or an intent's values stands in the host's row."""
    return {name: value for name, value in values.items() if name in FIELDS}


def as_host_writes(writer: HostWriter, row: HostRow, at: datetime) -> str:
    """Return a time in the form that this row's own times have."""
    return host_time.written(at, writer.source.zone, (row.values.get("updated_at"), row.values.get("created_at")))


def _changed_meanwhile(writer: HostWriter, keys: Sequence[str]) -> dict[str, Result]:
    """Say how the rows stand now that were no longer as they should be."""
    if not keys:
        return {}
    try:
        rows = writer.read_many(keys)
    except HostUnavailable:
        return {key: _left(CHANGED, key, HostRow(key, {"status": "?"})) for key in keys}
    return {key: _left_as(rows.get(key), key) for key in keys}


def _left_as(row: Found, key: str) -> Result:
    if row is None:
        return _left(GONE, key)
    return _left(AMBIGUOUS, key) if isinstance(row, AmbiguousKey) else _left(CHANGED, key, row)


def _left(message: str, key: str, row: HostRow | None = None, told: Mapping[str, str] | None = None) -> Result:
    values = {"session": key} | ({"status": row.status} if row else {})
    return Result(Kind.SKIPPED, message, values | dict(told or {}))

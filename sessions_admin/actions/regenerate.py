"""Puts a completed session whose audio is lost or spoiled back to pending, so that the host composes it again.

What is left of its file is put aside first, then the row is changed, or else the file is brought back: a host that writes
the new file never meets the old one, and nothing is lost. Items are done one at a time, each looked at live before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics.domain import paths
from diagnostics.examine import Examination, examine
from diagnostics.notes import note_resets
from diagnostics.probes.databases import HostUnavailable
from diagnostics.sources import store_layout
from sessions_admin import outlook, permissions, quarantine
from sessions_admin.actions import lost_audio, results
from sessions_admin.actions.action import Action, Intent, Looked, Meant
from sessions_admin.actions.lost_audio import NOT_JUDGED, refusal, refusal_by_status, refusals_of_last_pass
from sessions_admin.actions.plans import Item
from sessions_admin.actions.remains import NAME as REMAINS
from sessions_admin.actions.remains import Unsure, put_aside, remains_in, row_of, stamp_in, with_remains
from sessions_admin.actions.results import Kind, Result, failure
from sessions_admin.actions.rows import CHANGED, GONE, Change, RowChange, Sight, Words
from sessions_admin.host_writer import HostRow, HostWriter, open_preview, open_writer
from sessions_admin.models import AuditEntry, HeldFile

NAME = "regenerate"
NEW_VALUES = Change(
    needed={"status": "pending", "error_message": None},
    wanted={"progress_percentage": "0", "final_file_path": None, "final_file_size": None, "completed_at": None},
)

LOOKS = 3
UNDECIDED = "undecided"
SLOW = ("timeout", UNDECIDED)

DISK_FULL = gettext_noop(
    "Session %(session)s is left alone: the disk is full, and composing needs room; make room first."
)
DONE_ASIDE = gettext_noop(
    "Session %(session)s is pending again. What was left of its audio, %(path)s, was put aside and can be restored; "
    "what its row held is kept in the audit."
)
DONE_LEFT = gettext_noop(
    "Session %(session)s is pending again. What stands at %(path)s was left where it is, as it is no file of this "
    "session’s alone; what its row held is kept in the audit."
)
NOT_BACK_YET = gettext_noop(
    "Session %(session)s was not changed, but what is left of its audio, %(path)s, could not be brought back yet; "
    "the worker will try again within minutes."
)
NOT_BACK = gettext_noop(
    "Session %(session)s was not changed. What was left of its audio, %(path)s, is kept among the files put aside, as "
    "it could not be brought back."
)
WORDS = Words(
    done=gettext_noop("Session %(session)s is pending again. What its row held is kept in the audit."),
    uncertain=gettext_noop(
        "It is not known whether session %(session)s was put back to pending: the connection was lost at the last "
        "step. The worker will look again within minutes."
    ),
    settled_done=gettext_noop(
        "Session %(session)s was put back to pending; this was found afterwards, the work was interrupted."
    ),
    settled_not_done=gettext_noop(
        "Session %(session)s was not put back to pending: the work was interrupted before the change."
    ),
    settled_unknown=gettext_noop(
        "It cannot be told any more whether session %(session)s was put back to pending: it has changed since (now "
        "%(status)s)."
    ),
)


def takes(row: HostRow) -> str:
    return refusal_by_status(row.status)


def foresee(rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    """Say by the last pass which sessions composing again would not help, or not yet."""
    refusals, otherwise = refusals_of_last_pass(row.key for row in rows), DISK_FULL if outlook.disk_is_full() else ""
    return {row.key: Sight(why=refusals.get(row.key, NOT_JUDGED) or otherwise) for row in rows}


def wants(_row: HostRow, _sight: Sight, _now: datetime) -> Change:
    return NEW_VALUES


def noted(keys: Sequence[str], at: datetime) -> None:
    note_resets(keys, at)


ON_ROW = RowChange(takes=takes, foresee=foresee, wants=wants, words=WORDS, noted=noted)


def expect(writer: HostWriter, keys: Sequence[str]) -> list[Item]:
    """Freeze each session as it is now; of one that is not completed the last pass may know its whole file."""
    items = ON_ROW.expect(writer, keys)
    unfinished = [item.key for item in items if item.why in (lost_audio.RESET, lost_audio.ON_ITS_WAY)]
    known = refusals_of_last_pass(unfinished)
    whole = {key for key in unfinished if known.get(key) == outlook.WHOLE_FILE}
    return [replace(item, why=outlook.WHOLE_FILE) if item.key in whole else item for item in items]


def intend(writer: HostWriter, items: Sequence[Item], now: datetime) -> Looked:
    """Look at each row, and then, live, at all that makes its audio lost: by the same rules that found it so."""
    looked = ON_ROW.intend(writer, items, now)
    return {key: _examined(key, found) if isinstance(found, Intent) else found for key, found in looked.items()}


def _examined(key: str, intent: Intent) -> Intent | Result:
    seen = _look(key)
    if seen.diagnosis is None or seen.evidence is None:
        told = {"detail": "; ".join(problem.detail or problem.code for problem in seen.problems)}
        return Result(Kind.FAILED, results.UNREACHABLE, told) if seen.found else _left(GONE, key)
    if seen.evidence.store.problem not in ("", UNDECIDED):
        return Result(Kind.FAILED, results.STORE_GONE, {"detail": seen.evidence.store.problem})
    if seen.evidence.claim.path != paths.understand(intent.before.get("final_file_path"), store_layout()).path:
        return _left(CHANGED, key, seen.diagnosis.status)
    if why := refusal_by_status(seen.diagnosis.status or "") or refusal(seen.diagnosis):
        return _left(why, key, seen.diagnosis.status)
    if outlook.disk_is_full():
        return _left(DISK_FULL, key)
    try:
        return with_remains(intent, remains_in(seen.evidence))
    except (Unsure, quarantine.StoreTrouble) as error:
        return error.result
    except HostUnavailable as error:
        return failure(error)


def _look(key: str) -> Examination:
    """Look live, as a page does, but with more patience: a worker may ask again where an answer took too long."""
    for _ in range(LOOKS - 1):
        seen = examine(key)
        if seen.diagnosis is not None and seen.evidence is not None and seen.evidence.store.problem not in SLOW:
            return seen
    return examine(key)


def carry_out(writer: HostWriter, meant: Meant) -> list[Result]:
    """Put aside what is left of each file, then change its row; where the row changed meanwhile, bring the file back."""
    return [_carried_out(writer, item, intent) for item, intent in meant]


def _carried_out(writer: HostWriter, item: Item, intent: Intent) -> Result:
    stamp, shown = stamp_in(intent.before), intent.before.get(REMAINS) or ""
    if stamp is None:
        return _told(_row_changed(writer, item, intent), DONE_LEFT if shown else "", shown)
    try:
        with quarantine.open_place() as place:
            held = put_aside(place, item, intent, stamp)
            end = _row_changed(writer, item, intent)
            if end.kind == Kind.DONE:
                _note_generation_after(held, item.key)
            elif end.is_settled:
                return _brought_back(place, held, end)
            return _told(end, DONE_ASIDE, shown)
    except (quarantine.NotMoved, quarantine.StoreTrouble) as error:
        return error.result


def _brought_back(place: quarantine.Place, held: HeldFile, end: Result) -> Result:
    """The row was not changed: the file goes back, or, where it cannot now, the intent stays open for the worker."""
    try:
        quarantine.bring_back(place, held, held.actor)
    except (quarantine.NotMoved, quarantine.StoreTrouble):
        told = {"session": held.session, "path": held.shown_path}
        return Result(Kind.UNKNOWN, NOT_BACK_YET, told, is_settled=False)
    return end


def _row_changed(writer: HostWriter, item: Item, intent: Intent) -> Result:
    return ON_ROW.carry_out(writer, [(item, row_of(intent))])[0]


def settle(writer: HostWriter, entry: AuditEntry) -> Result:
    """Find out by the row and the quarantine what an interrupted item has come to; undone in both, or done in both."""
    before = entry.before or {}
    if stamp_in(before) is None:
        return ON_ROW.settle(writer, entry)
    with quarantine.open_place() as place:
        held = quarantine.settle(place, entry.operation, entry.number)
        end = ON_ROW.settle(writer, entry)
        if held is None or not held.is_held:
            return end
        if end.kind == Kind.DONE:
            _note_generation_after(held, entry.session)
        elif _is_to_come_back(writer, entry, end):
            try:
                quarantine.bring_back(place, held, held.actor)
            except quarantine.NotMoved:
                return Result(Kind.FAILED, NOT_BACK, {"session": entry.session, "path": held.shown_path})
        return end


def _is_to_come_back(writer: HostWriter, entry: AuditEntry, end: Result) -> bool:
    """Whether the row was certainly not put back to pending: it is as it was, or still completed with the same path."""
    if end.kind == Kind.FAILED:
        return True
    row = writer.read(entry.session)
    path = (entry.before or {}).get("final_file_path")
    return row is not None and row.status == "completed" and row.values.get("final_file_path") == path


def _note_generation_after(held: HeldFile, key: str) -> None:
    """The next generation began behind the move: no rule shall look for its file among what was moved away."""
    note_resets([key], held.moved_at)


def _told(end: Result, message: str, shown: str) -> Result:
    if end.kind != Kind.DONE or not message:
        return end
    return replace(end, message=message, values={**end.values, "path": shown})


def _left(message: str, key: str, status: str | None = None) -> Result:
    return Result(Kind.SKIPPED, message, {"session": key, "status": status or "?"})


REGENERATE = Action(
    name=NAME,
    title=gettext_lazy("Regenerate a completed session"),
    title_of_many=gettext_lazy("Regenerate completed sessions"),
    button=lambda number: ngettext("Regenerate %(number)s session", "Regenerate %(number)s sessions", number),
    explanation=gettext_lazy(
        "Each goes back to pending, and the host’s worker composes its audio again. What is left of its old file is put "
        "aside first and can be restored. The row’s path, size and time of completion are cleared where the database’s "
        "rights allow it; otherwise they stay until the worker overwrites them. What the row held stays in the audit."
    ),
    permission=permissions.REGENERATE_SESSION,
    opening=open_writer,
    intend=intend,
    carry_out=carry_out,
    looking=open_preview,
    expect=expect,
    settle=settle,
    is_to_be_picked_up=True,
    chunk=1,
)

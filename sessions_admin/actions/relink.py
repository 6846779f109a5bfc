"""Relinks a session whose file lies elsewhere: its row gets the file's real place, as the client can play it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics.domain.rules import files
from diagnostics.models import Finding
from diagnostics.reconcile.parts import parts
from sessions_admin import permissions
from sessions_admin.actions.complete import TWO_FILES, is_size_right
from sessions_admin.actions.live import FEW, UNKNOWN, by_the_pass, judge
from sessions_admin.actions.row_files import FILE_GONE, foreseen, sight_of, still_as_seen
from sessions_admin.actions.rows import Change, RowChange, Sight, Words
from sessions_admin.host_writer import HostRow

NAME = "relink"
CODE = "file.misplaced"

NOT_COMPLETED = gettext_noop(
    "Session %(session)s was left alone: only completed sessions are relinked (it is %(status)s)."
)
NOT_WHOLE = gettext_noop(
    "Session %(session)s is left alone: the file that was found is not whole, or not as long as its row asks for (%(file)s)."
)
WORDS = Words(done=gettext_noop("Session %(session)s is linked to its file %(path)s."))


def takes(row: HostRow) -> str:
    return "" if row.status == "completed" else NOT_COMPLETED


def look(row: HostRow) -> Sight:
    """The file still lies elsewhere, it is the only one, whole, nobody else names it, and the client can play it."""
    judged = judge(row, (CODE,), NAME)
    if judged.evidence is None:
        return _two_named(judged.sight, judged.candidates)
    if unsure := next((code for code in sorted(judged.troubles) if code.startswith("search.")), ""):
        return Sight(why=UNKNOWN, told={"problem": unsure})
    (audio,) = judged.evidence.candidates
    if not (audio.is_whole and files.is_as_long_as_claimed(judged.evidence, audio)):
        return Sight(why=NOT_WHOLE, told={"file": audio.path})
    return sight_of(row, audio)


def _two_named(sight: Sight, candidates: Sequence[str]) -> Sight:
    """Where two could be the session's own, that is the reason to be told."""
    if sight.told.get("cause") != CODE or len(candidates) < 2:
        return sight
    return Sight(why=TWO_FILES, told={"files": "; ".join(candidates)})


def foresee(rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    """A few are looked at live; of many, the last pass tells what they are and where their files lie."""
    if len(rows) <= FEW:
        return {row.key: look(row) for row in rows}
    sights = by_the_pass(rows, (CODE,))
    taken = {row.key: row for row in rows if not sights[row.key].why}
    found = _found(taken)
    single = {key: places[0] for key, places in found.items() if len(places) == 1}
    two = {key: Sight(why=TWO_FILES, told={"files": "; ".join(places)}) for key, places in found.items() if places[1:]}
    missing = {key: Sight(why=FILE_GONE) for key in taken if not found.get(key)}
    return {**sights, **missing, **two, **foreseen(taken, single)}


def wants(row: HostRow, sight: Sight, _now: datetime) -> Change:
    size = sight.facts.get("size_bytes")
    path = {"final_file_path": sight.told.get("new_path")}
    if is_size_right(row, sight):
        return Change(path, {"final_file_size": size})
    return Change({**path, "final_file_size": size})


def _found(rows: Mapping[str, HostRow]) -> dict[str, list[str]]:
    """Return where the last pass found each session's file, by the evidence of its finding."""
    found: dict[str, list[str]] = {}
    for part in parts(rows):
        standing = Finding.objects.filter(session__key__in=part, session__gone_at=None, code=CODE, resolved_at=None)
        for key, evidence in standing.values_list("session__key", "evidence"):
            found[key] = [str(line["value"]) for line in evidence if line.get("fact") == "found"]
    return found


ON_ROW = RowChange(takes=takes, foresee=foresee, look=look, last_look=still_as_seen, wants=wants, words=WORDS)

RELINK = ON_ROW.action(
    name=NAME,
    title=gettext_lazy("Relink a session to its file"),
    title_of_many=gettext_lazy("Relink sessions to their files"),
    button=lambda number: ngettext("Relink %(number)s session", "Relink %(number)s sessions", number),
    explanation=gettext_lazy(
        "The file of each lies elsewhere than its row says: the row gets the file’s real place, in a form that the client "
        "plays. No file is touched. The old path stays in the audit."
    ),
    permission=permissions.CORRECT_SESSION,
    chunk=1,
)

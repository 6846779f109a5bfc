"""Completes a session from its file: the whole file is there, only its row lags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics import sources
from diagnostics.domain.facts import AudioFacts, Evidence
from diagnostics.domain.rules import files, records
from diagnostics.host_values import whole
from diagnostics.models import LedgerFile, SessionEntry
from diagnostics.probes.local_store import modified_at
from diagnostics.reconcile.parts import parts
from sessions_admin import host_time, permissions
from sessions_admin.actions.live import FEW, UNKNOWN, by_the_pass, judge
from sessions_admin.actions.row_files import FILE_GONE, foreseen, sight_of, still_as_seen
from sessions_admin.actions.rows import Change, RowChange, Sight, Words
from sessions_admin.host_writer import HostRow

NAME = "complete"
CAUSES = ("record.half_committed", "record.status_lagging")

COMPLETED = gettext_noop("Session %(session)s was left alone: its status is %(status)s.")
TWO_FILES = gettext_noop(
    "Session %(session)s is left alone: more than one file could be its own (%(files)s); none is chosen."
)
WORDS = Words(done=gettext_noop("Session %(session)s is completed from its file %(path)s."))


def takes(row: HostRow) -> str:
    return "" if row.status in ("failed", "pending", "generating") else COMPLETED


def look(row: HostRow) -> Sight:
    """The cause still stands, one whole file is there, nobody else names it, and the client can play it."""
    judged = judge(row, CAUSES, NAME)
    if judged.evidence is None:
        return judged.sight
    audio = records.finished_file(judged.evidence)
    if audio is None:
        return Sight(why=FILE_GONE)
    if audio is not judged.evidence.audio:
        if unsure := next((code for code in sorted(judged.troubles) if code.startswith("search.")), ""):
            return Sight(why=UNKNOWN, told={"problem": unsure})
        if len(several := whole_ones(judged.evidence)) > 1:
            return Sight(why=TWO_FILES, told={"files": "; ".join(one.path for one in several)})
    return sight_of(row, audio)


def whole_ones(evidence: Evidence) -> list[AudioFacts]:
    return [
        one
        for one in evidence.candidates
        if one.is_whole
        and files.is_as_long_as_claimed(evidence, one)
        and not files.is_older_than_session(evidence, one)
    ]


def foresee(rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    """A few are looked at live; of many, the last pass tells what they are and where their files lie."""
    if len(rows) <= FEW:
        return {row.key: look(row) for row in rows}
    sights = by_the_pass(rows, CAUSES)
    taken = {row.key: row for row in rows if not sights[row.key].why}
    places = _places(taken)
    missing = {key: Sight(why=FILE_GONE) for key in taken if key not in places}
    return {**sights, **missing, **foreseen(taken, places)}


def wants(row: HostRow, sight: Sight, _now: datetime) -> Change:
    """The path and the size are needed where a wrong one stands there: the session would be broken without them."""
    path, size = sight.told.get("new_path"), sight.facts.get("size_bytes")
    needed: dict[str, str | None] = {"status": "completed", "error_message": None}
    wanted: dict[str, str | None] = {"progress_percentage": "100", "completed_at": _finished_at(row, sight)}
    if path != row.values.get("final_file_path"):
        needed["final_file_path"] = path
    (wanted if is_size_right(row, sight) else needed)["final_file_size"] = size
    return Change(needed, wanted)


def is_size_right(row: HostRow, sight: Sight) -> bool:
    """Whether no other size stands in the row than the file has; none is not wrong."""
    return whole(row.values.get("final_file_size")) in (None, whole(sight.facts.get("size_bytes")))


def _finished_at(row: HostRow, sight: Sight) -> str | None:
    """The file's own time, as this host writes times."""
    at = modified_at(int(sight.facts.get("mtime_ns") or 0))
    like = (row.values.get(name) for name in ("completed_at", "updated_at", "created_at"))
    return host_time.written(at, sources.host_zone(), like) if at else None


def _places(rows: Mapping[str, HostRow]) -> dict[str, str]:
    """Return where the last pass saw each session's file: where its row says, else the one file that bears its id."""
    found: dict[str, str] = {}
    for part in parts(rows):
        claims = dict(SessionEntry.objects.filter(key__in=part, gone_at=None).values_list("key", "claim_hash"))
        ledger = LedgerFile.objects.filter(missed_at=None, kind="file")
        claimed = dict(ledger.filter(pk__in=[each for each in claims.values() if each]).values_list("pk", "shown_path"))
        named: dict[str, list[str]] = {}
        for key, path in ledger.filter(named_session__in=part, role="audio").values_list("named_session", "shown_path"):
            named.setdefault(key, []).append(path)
        found |= {key: paths[0] for key, paths in named.items() if len(paths) == 1}
        found |= {key: claimed[number] for key, number in claims.items() if number in claimed}
    return found


ON_ROW = RowChange(takes=takes, foresee=foresee, look=look, last_look=still_as_seen, wants=wants, words=WORDS)

COMPLETE = ON_ROW.action(
    name=NAME,
    title=gettext_lazy("Complete a session from its file"),
    title_of_many=gettext_lazy("Complete sessions from their files"),
    button=lambda number: ngettext("Complete %(number)s session", "Complete %(number)s sessions", number),
    explanation=gettext_lazy(
        "The whole file of each is there, only its row lags: the row becomes completed, with the file’s path, size and time. "
        "No file is touched. The old values stay in the audit."
    ),
    permission=permissions.CORRECT_SESSION,
    chunk=1,
)

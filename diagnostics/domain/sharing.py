"""What a session's cause shares with those of other sessions: an error, a folder, an old base, one interval of deletion.

Two sessions share a fault where their keys are equal. Only what points to one thing behind many sessions is shared: that
three sessions have a cause of the same code is told by the list of causes, and is no incident.
"""

from __future__ import annotations

import logging
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.error_texts import read_part
from diagnostics.domain.facts import Evidence, Finding, Presence
from diagnostics.domain.fingerprints import PLACEHOLDERS, fingerprint, without_variables
from diagnostics.domain.paths import StoreLayout, cut_query
from diagnostics.domain.redaction import hide_secrets

SEPARATOR = "\x1f"
LONGEST = 200
# What stands in a fingerprint's text for the parts that differ from session to session.


@dataclass(frozen=True, slots=True)
class Shared:
    """What a cause shares. `values` are for its sentence, as JSON can hold them; `parts` make the key.

    `kind`: error, folder, device, permissions, base, link, moved, host, delivery, deletion, content, file, status, queue,
    worker.
    """

    kind: str
    code: str
    parts: tuple[str, ...]
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A text that sessions with the same fault have in common, and others have not."""
        return SEPARATOR.join((self.kind, *self.parts))


# Faults that the row tells of are as old as the row; all others are as old as the pass that saw them first.
TOLD_BY_ROWS = frozenset({"error", "base", "status", "queue", "worker"})


def shared(diagnosis: Diagnosis, evidence: Evidence, layout: StoreLayout) -> Shared | None:
    """Return what this session's cause shares with others, or None where it stands for itself. Never raises."""
    try:
        return _of_cause(diagnosis.findings[0], evidence, layout) if diagnosis.findings else None
    except Exception:
        logging.getLogger(__name__).exception("what session %r shares is not known", evidence.record.key)
        return None


def _of_cause(cause: Finding, evidence: Evidence, layout: StoreLayout) -> Shared | None:
    if cause.code.startswith("generation."):
        return _error(cause, evidence)
    share = SHARES.get(cause.code)
    return share(cause, evidence, layout) if share else None


def _error(cause: Finding, evidence: Evidence) -> Shared | None:
    """One fingerprint. No message is no common ground: sessions that failed without one share nothing that is known."""
    message = read_part(evidence.record.error_message)
    if not message:
        return None
    return Shared("error", cause.code, (cause.code, fingerprint(message)), {"error": _without_variables(message)})


def _without_variables(message: str) -> str:
    """The message as all its sessions have it: their own numbers, ids and paths are dots."""
    text = without_variables(hide_secrets(message))
    for name in PLACEHOLDERS:
        text = text.replace(name, "…")
    return text[:LONGEST]


def _unreadable(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """The folder that keeps readers out; of files by themselves, the owner and mode that do."""
    blocked, path = str(cause.values.get("blocked") or ""), str(cause.values.get("path") or "")
    owner, mode = str(cause.values.get("owner") or ""), str(cause.values.get("mode") or "")
    if blocked and blocked != path:
        return Shared("folder", cause.code, (blocked,), {"folder": blocked, "owner": owner, "mode": mode})
    if not mode:
        return None
    return Shared("permissions", cause.code, (owner, mode), {"owner": owner, "mode": mode})


def _device(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """Single files below a healthy root whose device fails; a root that is not available is a condition, and no incident."""
    audio = evidence.audio
    if evidence.store.problem or audio is None or audio.presence is not Presence.ERROR:
        return None
    folder = posixpath.dirname(audio.path)
    return Shared("device", cause.code, (folder, audio.error), {"folder": folder, "error": audio.error})


def _unsafe(cause: Finding, evidence: Evidence, layout: StoreLayout) -> Shared | None:
    """The base of a path that lies elsewhere, or where links lead to; a path that can name no file shares nothing."""
    reason = cause.values.get("reason")
    if reason == "link_leaves_root":
        return _link(cause, evidence)
    return _base(cause, evidence, layout) if reason == "leaves_root" else None


def _link(cause: Finding, evidence: Evidence) -> Shared | None:
    """Where links lead: to the folder of the file, where the file itself is the link."""
    target = evidence.audio.link_target.rstrip("/") if evidence.audio else ""
    folder = posixpath.dirname(target) if posixpath.basename(target) == evidence.claim.name else target
    return Shared("link", cause.code, (folder,), {"folder": folder}) if folder else None


def _base(cause: Finding, evidence: Evidence, layout: StoreLayout) -> Shared | None:
    """What rows carry in front of the known part of their paths; '' where they carry a bare file name.

    A URL that only the client's report names says nothing of the row, and so nothing of others.
    """
    if cause.values.get("expected_url"):
        return None
    base = base_of(evidence.record.path or "", layout)
    return Shared("base", cause.code, (base,), {"base": hide_secrets(base)})


def base_of(raw: str, layout: StoreLayout) -> str:
    """Return a stored path without its file name and, where it ends in it, without the known URL prefix."""
    folder = posixpath.dirname(unquote(cut_query(raw), errors="surrogateescape"))
    known = "/" + layout.url_prefix.strip("/")
    return folder[: -len(known)] if folder.endswith(known) and folder != known else folder


def _misplaced(cause: Finding, evidence: Evidence, layout: StoreLayout) -> Shared | None:
    """The base that rows still carry, or the folder that files were moved from and to."""
    if cause.values.get("count") != 1 or not evidence.candidates:
        return None
    if evidence.claim.reason == "leaves_root":
        return _base(cause, evidence, layout)
    folder, found = posixpath.dirname(evidence.claim.path), posixpath.dirname(evidence.candidates[0].path)
    if not evidence.claim.path or folder == found:
        return None
    return Shared("moved", cause.code, (folder, found), {"folder": folder or "/", "found": found or "/"})


def _host(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """The host of the links; one whose links have expired is another fault than one that is not checked."""
    host = evidence.claim.host or str(cause.values.get("host") or "")
    return Shared("host", cause.code, (cause.code, host), {"host": host}) if host else None


def _delivery(cause: Finding, _evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """One server that answers all of them alike."""
    values = {name: str(cause.values.get(name) or "") for name in ("host", "answer")}
    return Shared("delivery", cause.code, (cause.code, values["host"], values["answer"]), values)


def _deletion(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """The pass that saw the files last: they went in one interval, also where the pass that missed them was killed."""
    former = evidence.standing_former
    if former is None:
        return None
    missed_at = former.missed_at or evidence.now
    times = {"seen_at": former.seen_at.isoformat(), "missed_at": missed_at.isoformat()}
    return Shared("deletion", cause.code, (times["seen_at"],), times)


def _content(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """Files of the very same size with the very same problem: an error page saved as audio, a limit that cuts them."""
    audio = evidence.audio
    if audio is None or not audio.size_bytes:
        return None
    problem = str(cause.values.get("problem") or "truncated")
    values: dict[str, str | int] = {"size_bytes": audio.size_bytes, "problem": problem}
    return Shared("content", cause.code, (problem, str(audio.size_bytes)), values)


def _file(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    path = evidence.claim.path
    return Shared("file", cause.code, (path,), {"path": path})


def _status(cause: Finding, evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    status = evidence.record.status or ""
    return Shared("status", cause.code, (status,), {"status": status})


def _queue(cause: Finding, _evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    """One queue stands still, whoever waits in it."""
    return Shared("queue", cause.code, (cause.code,))


def _worker(cause: Finding, _evidence: Evidence, _layout: StoreLayout) -> Shared | None:
    return Shared("worker", cause.code, (cause.code,))


SHARES: dict[str, Callable[[Finding, Evidence, StoreLayout], Shared | None]] = {
    "storage.unavailable": _device,
    "path.remote": _host,
    "record.unknown_status": _status,
    "path.unsafe": _unsafe,
    "file.misplaced": _misplaced,
    "file.deleted": _deletion,
    "file.unreadable": _unreadable,
    "file.corrupt": _content,
    "file.truncated": _content,
    "file.name_collision": _file,
    "worker.not_picked_up": _queue,
    "worker.crashed": _worker,
    "worker.stalled": _worker,
    "delivery.link_expired": _host,
    "delivery.wrong_url": _base,
    "delivery.not_served": _delivery,
    "delivery.not_audio": _delivery,
    "delivery.no_range": _delivery,
    "delivery.bad_certificate": _delivery,
}

"""Has files listened to: one on demand within seconds, and recent ones by the worker within a budget a round."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db.models import Q

from diagnostics import sounds, store
from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.sound import SoundFacts
from diagnostics.models import Condition, LedgerFile, SessionEntry, Sound
from diagnostics.probes import hearing
from diagnostics.probes.hearing import Effort

ON_DEMAND = Effort(budget_bytes=512 * 1000 * 1000, seconds=4.0)
FILE_SECONDS = 10.0
ROUND_SECONDS = 30.0
NICENESS = 10
RECENT = timedelta(days=7)
RETRY = timedelta(hours=1)
AT_ONCE = 500
LASTING = ("", "format")  # what another try would not change
SILENT = "file.silent"


def listen_now(path: str, now: datetime) -> SoundFacts:
    """Listen to a file below the audio root and keep what was heard; ends within seconds, whatever the store does."""
    heard = hearing.hear(settings.AUDIO_ROOT, path, replace(ON_DEMAND, lock=store.lock_path()))
    if heard.stamp is not None and heard.facts.problem in LASTING:
        sounds.keep(path, heard.facts, heard.stamp, now)
    return replace(heard.facts, heard_at=now)


def listen_to_recent(now: datetime, stop: threading.Event) -> int:
    """Listen to files of sessions that play, the newest first, that nobody has heard as they are; return how many.

    A round begins no further file after LISTEN_MEGABYTES or half a minute, and no single file is read further than
    that. It ends at the first file that gets no answer: it will be tried again after an hour.
    """
    budget = settings.LISTEN_MEGABYTES * 1000 * 1000
    if not budget or not settings.AUDIO_ROOT or _store_is_unavailable():
        return 0
    effort = Effort(budget, FILE_SECONDS, NICENESS, store.lock_path())
    ends, spent, done = time.monotonic() + ROUND_SECONDS, 0, 0
    for file in _unheard(now):
        if stop.is_set() or spent >= budget or time.monotonic() >= ends:
            break
        facts = _listen_to(file, effort, now, stop)
        if facts.problem in ("no_answer", "busy"):
            break
        spent += facts.bytes_read
        done += not facts.problem
    return done


def _listen_to(file: LedgerFile, effort: Effort, now: datetime, stop: threading.Event) -> SoundFacts:
    """Keep what was heard, and also that nothing could be: so that one bad file does not hold up all others."""
    path = bytes(file.path).decode(errors="surrogateescape")
    heard = hearing.hear(settings.AUDIO_ROOT, path, effort, stop=stop)
    stamp = heard.stamp
    if heard.facts.problem in ("no_answer", "unreadable", "io_error") and not stop.is_set():
        stamp = _stamp(file)
    if stamp is not None:
        sounds.keep(path, heard.facts, stamp, now)
    return heard.facts


def _store_is_unavailable() -> bool:
    return Condition.objects.filter(code="storage.unavailable", resolved_at=None).exists()


def _unheard(now: datetime) -> Iterator[LedgerFile]:
    """Yield the files of the ledger that wait to be heard, the newest first; read in parts, as far as they are wanted."""
    since = int((now - RECENT).timestamp() * 1e9)
    newest = LedgerFile.objects.filter(missed_at=None, kind="file", mtime_ns__gte=since).order_by("-mtime_ns")
    files = newest.only("path", "size_bytes", "mtime_ns", "ctime_ns")
    for start in count(0, AT_ONCE):
        part = list(files[start : start + AT_ONCE])
        kept = sounds.of_files(file.path_hash for file in part)
        waiting = [file for file in part if _must_be_heard(file, kept.get(file.path_hash), now)]
        playing = _playing({file.path_hash for file in waiting})
        yield from (file for file in waiting if file.path_hash in playing)
        if len(part) < AT_ONCE:
            return


def _must_be_heard(file: LedgerFile, row: Sound | None, now: datetime) -> bool:
    if row is None or not sounds.holds(row, _stamp(file)):
        return True
    return row.problem not in LASTING and row.heard_at < now - RETRY


def _playing(hashes: set[int]) -> set[int]:
    """Those files that a completed session plays, or would, were it not silent when it was heard last."""
    rows = SessionEntry.objects.filter(Q(verdict=Verdict.PLAYABLE) | Q(cause=SILENT), claim_hash__in=hashes)
    return {number for number in rows.values_list("claim_hash", flat=True) if number is not None}


def _stamp(file: LedgerFile) -> tuple[int, int, int]:
    return file.size_bytes, file.mtime_ns, file.ctime_ns

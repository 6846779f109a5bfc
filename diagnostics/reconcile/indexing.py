"""What changed rows say, put into the session index before anything is diagnosed, and what is kept of it for later."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from diagnostics.domain.facts import SessionKey, SessionRecord
from diagnostics.host import HostTable, Row
from diagnostics.models import Finding, SessionEntry
from diagnostics.reconcile import incidents, index, neighbours
from diagnostics.reconcile.parts import parts
from diagnostics.reconcile.results import Before, timeline
from diagnostics.reconcile.rows import RowChanges
from diagnostics.reconcile.running import Running

MOST_KEPT_BYTES = 32 * 1024 * 1024
MOST_KEPT_ROWS = 20_000  # changed rows that are kept between two steps, not read a second time


@dataclass(slots=True)
class Indexing:
    """Puts the changes of one pass into the index; `run()` once.

    Afterwards it knows the records and the index's entries of changed sessions (where they are few), what their timeline
    said `before`, which are new, and what may be written `later`, together with their diagnosis.
    """

    running: Running
    is_first: bool
    records: dict[SessionKey, SessionRecord] = field(default_factory=dict)
    entries: dict[SessionKey, SessionEntry] = field(default_factory=dict)
    before: Before = field(default_factory=dict)
    new_keys: set[SessionKey] = field(default_factory=set)
    later: index.Later = field(default_factory=dict)
    kept_bytes: int = 0
    claims_moved: bool = False

    def run(self, table: HostTable, changes: RowChanges) -> None:
        """Note also whose claim came, went or moved: that concerns others too."""
        self.running.enter("index", len(changes.changed))
        for keys in parts(changes.gone):
            still = table.rows_of(keys)  # a row that came back, or another of the same key
            self._forget([key for key in keys if key not in still])
            changes.changed += still
        are_few = len(changes.changed) <= MOST_KEPT_ROWS
        for keys in parts(changes.changed):
            rows = table.rows_of(keys)
            records = {key: table.record(row) for key, row in rows.items()}
            if are_few:
                self._keep(rows, records, table)
            known = index.entries_of(list(records))
            with transaction.atomic():
                written = index.write_records(records, known, self.running.clock(), self.later if are_few else None)
                self._note_all(dict(zip(records, written, strict=True)), known)
            self.running.beat(len(keys))

    def _keep(self, rows: dict[SessionKey, Row], records: dict[SessionKey, SessionRecord], table: HostTable) -> None:
        """Keep records for their diagnosis; where their errors are long, they are read again then."""
        self.kept_bytes += sum(table.error_size(row) for row in rows.values())
        if self.kept_bytes <= MOST_KEPT_BYTES:
            self.records |= records

    def _note_all(self, written: dict[SessionKey, SessionEntry], known: dict[SessionKey, SessionEntry]) -> None:
        """Note what was known of changed sessions, and mark whom it concerns that a claim or a request came or moved."""
        for key, entry in written.items():
            before = known.get(key)
            self.claims_moved = self.claims_moved or before is None or neighbours.claims_otherwise(before, entry)
            if before is None or not before.confidence:  # or a pass that was killed put it there, and no more
                self.new_keys.add(key)
            else:
                self._note(key, before, entry)
        if not self.is_first:  # the first pass looks at everything anyway
            neighbours.mark_changes(written, known, self.running.clock())

    def _note(self, key: SessionKey, before: SessionEntry, entry: SessionEntry) -> None:
        self.before[key] = timeline(before)
        if len(self.before) <= MOST_KEPT_ROWS:
            self.entries[key] = index.with_observations(entry, before)

    def _forget(self, keys: list[SessionKey]) -> None:
        """Rows that are gone from the host's table: their findings end, their files may become orphans."""
        now = self.running.clock()
        entries = list(index.entries_of(keys).values())
        ids = [entry.pk for entry in entries]
        self.claims_moved = self.claims_moved or bool(ids)
        with transaction.atomic():
            neighbours.mark_gone(entries, now)
            incidents.leave(entries, now)
            unnamed: dict[str, object] = {"claim_hash": None, "fold_hash": None, "request_hash": None}
            unnamed |= {"handled_at": None, "handled_cause": "", "handled_end": ""}
            SessionEntry.objects.filter(pk__in=ids).update(gone_at=now, due_at=None, is_whole=False, **unnamed)
            Finding.objects.filter(session_id__in=ids, resolved_at=None).update(resolved_at=now)

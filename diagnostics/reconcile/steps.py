"""The steps of a pass, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from diagnostics import sources
from diagnostics.domain.document import document
from diagnostics.domain.facts import Evidence, Presence, SessionKey, SessionRecord, StoreFacts
from diagnostics.domain.rules import diagnose
from diagnostics.host import HostSchemaError, HostTable, Row, open_host
from diagnostics.ledger import keep_headers
from diagnostics.models import Chunk, Finding, LedgerFile, Pass, SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.reconcile import chunks, conditions, files, index, neighbours, strays
from diagnostics.reconcile.affected import Affected
from diagnostics.reconcile.gather import Gatherer
from diagnostics.reconcile.parts import parts
from diagnostics.reconcile.queue import queue_of_index
from diagnostics.reconcile.results import Before, Results
from diagnostics.reconcile.rows import RowChanges, read_rows
from diagnostics.reconcile.running import Running

Sink = Callable[[dict[str, object]], None]
MOST_KEPT_BYTES = 32 * 1024 * 1024
MOST_KEPT_ROWS = 20_000  # changed rows that are kept between two steps, not read a second time


class StoreLostError(Exception):
    """The audio root went away in the middle of the pass."""

    def __init__(self, store: StoreFacts) -> None:
        super().__init__(store.problem)
        self.store = store


@dataclass(slots=True)
class Steps:
    """One pass at work; `run()` once."""

    running: Running
    sink: Sink | None
    everything: bool
    accept_store: bool
    store: StoreFacts = field(default_factory=StoreFacts)
    standing: conditions.Conditions = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)
    affected: Affected = field(default_factory=Affected)
    before: Before = field(default_factory=dict)
    new_keys: set[SessionKey] = field(default_factory=set)
    last: Pass | None = None  # the last complete one
    rows: dict[SessionKey, Row] = field(default_factory=dict)
    kept_bytes: int = 0
    entries: dict[SessionKey, SessionEntry] = field(default_factory=dict)
    later: index.Later = field(default_factory=dict)

    @property
    def row(self) -> Pass:
        return self.running.row

    @property
    def is_first(self) -> bool:
        return self.last is None

    def run(self) -> None:
        self.last = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("-id").first()
        self._survey()
        try:
            table = open_host(sources.host_source())
            with closing(table.connection):
                self._rows(table)
            self.row.outcome = Pass.Outcome.COMPLETE
        except HostSchemaError as error:
            self._stand("host.schema", missing=error.missing, advice=error.advice)
        except HostUnavailable as error:
            self._stand("host.unavailable", problem=str(error.problem), detail=str(error))
        except StoreLostError as error:
            self._lose(error.store)
        self._conclude()
        if self.sink and self.row.outcome == Pass.Outcome.COMPLETE:
            for line in strays.documents():
                self.sink(line)

    def _survey(self) -> None:
        self.store = files.survey(self.running, accept_store=self.accept_store)
        self.judged.add("storage.unavailable")
        if self.store.problem:
            self._lose(self.store)
            return
        conditions.release_held()
        self.judged.add("storage.listing_incomplete")
        if self.row.listing_errors:
            folder, name = self.row.listing_errors[0]
            self._stand("storage.listing_incomplete", count=len(self.row.listing_errors), folder=folder, error=name)

    def _lose(self, store: StoreFacts) -> None:
        conditions.hold_completed()
        since = {"since_at": store.since.isoformat()} if store.since else {}
        self._stand("storage.unavailable", problem=store.problem, detail=store.detail, **since)

    def _rows(self, table: HostTable) -> None:
        changes = read_rows(self.running, table)
        self.judged |= {"host.unavailable", "host.schema", "host.table_empty"}
        self.row.rows = changes.rows
        self.row.notes = _notes(table)
        if not changes.rows and (self.row.files or LedgerFile.objects.filter(missed_at=None).exists()):
            self._stand("host.table_empty", files=self.row.files)
            return
        self.row.changed += len(changes.changed) + len(changes.gone)
        self._index(table, changes)
        self._gather_affected(changes)
        self._diagnose(table)
        if not self.store.problem:
            self._judge_files()
        chunks.remember(Chunk.Kind.ROWS, changes.packed)  # last: what is not done by then is done by the next pass

    def _index(self, table: HostTable, changes: RowChanges) -> None:
        """Put changed rows into the index, and note whose claim came, went or moved: that concerns others too."""
        self.running.enter("index", len(changes.changed))
        for keys in parts(changes.gone):
            still = table.rows_of(keys)  # a row that came back, or another of the same key
            self._forget([key for key in keys if key not in still])
            changes.changed += still
        are_few = len(changes.changed) <= MOST_KEPT_ROWS
        for keys in parts(changes.changed):
            rows = table.rows_of(keys)
            if are_few:
                self._keep(rows, table)
            records = {key: table.record(row) for key, row in rows.items()}
            known = index.entries_of(list(records))
            with transaction.atomic():
                written = index.write_records(records, known, self.running.clock(), self.later if are_few else None)
                self._note_all(dict(zip(records, written, strict=True)), known)
            self.running.beat(len(keys))

    def _keep(self, rows: dict[SessionKey, Row], table: HostTable) -> None:
        """Keep rows for their diagnosis; where their errors are long, they are read again then."""
        self.kept_bytes += sum(table.error_size(row) for row in rows.values())
        if self.kept_bytes <= MOST_KEPT_BYTES:
            self.rows |= rows

    def _note_all(self, written: dict[SessionKey, SessionEntry], known: dict[SessionKey, SessionEntry]) -> None:
        """Note what was known of changed sessions, and mark whom it concerns that a claim came or moved."""
        came, went = [], []
        for key, entry in written.items():
            before = known.get(key)
            if before is None or not before.confidence:  # or a pass that was killed put it there, and no more
                self.new_keys.add(key)
            else:
                self._note(key, before, entry)
            if before is None or _has_moved(before, entry):
                came.append(entry)
                went += [before] if before else []
        if not self.is_first:  # the first pass looks at everything anyway
            neighbours.mark(came, went, self.running.clock())

    def _note(self, key: SessionKey, before: SessionEntry, entry: SessionEntry) -> None:
        self.before[key] = _timeline(before)
        if len(self.before) <= MOST_KEPT_ROWS:
            self.entries[key] = index.with_observations(entry, before)

    def _forget(self, keys: list[SessionKey]) -> None:
        """Rows that are gone from the host's table: their findings end, their files may become orphans."""
        now = self.running.clock()
        entries = list(index.entries_of(keys).values())
        ids = [entry.pk for entry in entries]
        with transaction.atomic():
            neighbours.mark((), entries, now)
            SessionEntry.objects.filter(pk__in=ids).update(gone_at=now, due_at=None, claim_hash=None, fold_hash=None)
            Finding.objects.filter(session_id__in=ids, resolved_at=None).update(resolved_at=now)

    def _gather_affected(self, changes: RowChanges) -> None:
        affected = self.affected
        affected.keys.update(changes.changed)
        affected.add_changed_files(self.last.pk if self.last else 0)
        affected.add_due(self.running.clock())
        affected.add_below(folder for folder, _ in self.row.listing_errors)
        if self.sink and self.store.problem:
            affected.add_completed_and_failed()
        if self.sink:
            affected.add_with_findings()
        if self.everything:
            affected.add_all()

    def _diagnose(self, table: HostTable) -> None:
        self.running.enter("sessions", len(self.affected.keys))
        first = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE, root_device__isnull=False).order_by("id").first()
        queue = queue_of_index(self.running.clock())
        gatherer = Gatherer(self.store, first.started_at if first else None, queue)
        gatherer.unlisted = tuple(path for path, _ in self.row.listing_errors)
        results = Results(set(self.before) | self.new_keys, self.later)
        for keys in self.affected.in_order():
            unread = table.rows_of([key for key in keys if key not in self.rows])
            rows = [row for key in keys if (row := self.rows.get(key) or unread.get(key)) is not None]
            records = [table.record(row) for row in rows]
            self._diagnose_batch(records, gatherer, results)
            self.running.beat(len(keys))
        if self.store.problem:
            return
        self.judged.add("storage.mass_missing")
        mass = conditions.mass_missing(self.row.started_at)
        if mass:
            self._stand("storage.mass_missing", **mass)

    def _diagnose_batch(self, records: list[SessionRecord], gatherer: Gatherer, results: Results) -> None:
        now = self.running.clock()
        keys = [record.key for record in records]
        entries = {key: self.entries[key] for key in keys if key in self.entries}
        entries |= index.entries_of([key for key in keys if key not in entries], fields=index.JUDGED)
        records = [record for record in records if record.key in entries]
        pairs = [(evidence, diagnose(evidence)) for evidence in gatherer.evidence(records, entries, now)]
        self._doubt_absence([evidence for evidence, _ in pairs])
        for evidence, diagnosis in pairs:
            if diagnosis.state == "generating":
                entry = entries[diagnosis.session_id]
                gatherer.queue.note_moving(diagnosis.session_id, evidence.record.created.at, entry.reset_at)
        before = {
            key: self.before.get(key, _timeline(entry)) for key, entry in entries.items() if key not in self.new_keys
        }
        with transaction.atomic():
            results.write(pairs, entries, before, now)
            keep_headers(gatherer.headers)
        gatherer.headers.clear()
        if self.sink:
            for _, diagnosis in pairs:
                if self.everything or diagnosis.findings:
                    self.sink(document(diagnosis, sources.host_zone()))

    def _doubt_absence(self, looked: list[Evidence]) -> None:
        """Files are only missing below a root that is still there. Raises StoreLostError."""
        if any(evidence.audio and evidence.audio.presence is Presence.ABSENT for evidence in looked):
            store = files.check_again(self.row.root_device, self.running.clock())
            if store.problem:
                raise StoreLostError(store)

    def _judge_files(self) -> None:
        self.running.enter("strays")
        strays.judge_changed(self.last.pk if self.last else 0, self.running.clock())
        is_as_before = self.last is not None and self.last.root_device is not None and not self.row.changed
        self.row.foreign_files = self.last.foreign_files if self.last and is_as_before else strays.foreign_files()

    def _conclude(self) -> None:
        conditions.settle(self.standing, self.judged, self.row.started_at)
        if self.row.outcome == Pass.Outcome.COMPLETE:
            conditions.forget_lost()
        self.row.phase = "summary"
        self.row.conditions = [{"code": code, "detail": detail} for code, detail in self.standing.items()]
        if self.row.outcome != Pass.Outcome.COMPLETE:
            self.row.outcome = Pass.Outcome.FAILED
            self.row.error = "; ".join(_told(detail) for detail in self.standing.values())
        live = SessionEntry.objects.filter(gone_at=None).values_list("verdict", "state", "cause")
        counted = list(live.annotate(count=Count("id")).order_by())
        self.row.by_verdict, self.row.by_state, self.row.by_cause = (_totals(counted, place) for place in range(3))

    def _stand(self, code: str, **detail: object) -> None:
        self.standing[code] = detail


def _notes(table: HostTable) -> list[str]:
    """What this pass could not check because of how the host's table is."""
    absent = table.absent
    if len(absent & {"total_duration_minutes", "duration_seconds"}) == 1:  # either of the two is enough
        absent -= {"total_duration_minutes", "duration_seconds"}
    notes = [f"no column {name}: what depends on it is not checked" for name in sorted(absent)]
    nameless = table.count_nameless()
    return (
        [*notes, f"rows without a {table.source.column('session_id')}, which nobody can ask for: {nameless}"]
        if nameless
        else notes
    )


def _has_moved(before: SessionEntry, entry: SessionEntry) -> bool:
    return (before.claim_hash, before.fold_hash, before.gone_at) != (entry.claim_hash, entry.fold_hash, None)


def _told(detail: dict[str, object]) -> str:
    return str(detail.get("detail") or ": ".join(map(str, detail.values())))


def _timeline(entry: SessionEntry) -> tuple[str, float | None, datetime | None, str, str, str]:
    return entry.status, entry.progress_percent, entry.updated_at, entry.verdict, entry.state, entry.cause


def _totals(counted: list[tuple[str, str, str, int]], place: int) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for row in counted:
        totals[str(row[place])] += row[3]
    totals.pop("", None)
    return dict(totals)

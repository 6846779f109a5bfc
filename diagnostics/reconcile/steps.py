"""The steps of a pass, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count

from diagnostics import sources
from diagnostics.domain.document import document
from diagnostics.domain.facts import Evidence, Presence, SessionRecord, StoreFacts
from diagnostics.domain.rules import diagnose
from diagnostics.host import HostSchemaError, HostTable, open_host
from diagnostics.ledger import keep_headers
from diagnostics.models import Chunk, LedgerFile, Pass, SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.reconcile import chunks, conditions, files, handled, incidents, index, reading, strays
from diagnostics.reconcile.affected import Affected
from diagnostics.reconcile.closed_folders import ClosedFolders
from diagnostics.reconcile.gather import Gatherer
from diagnostics.reconcile.indexing import Indexing
from diagnostics.reconcile.queue import queue_of_index
from diagnostics.reconcile.results import Results, timeline
from diagnostics.reconcile.rows import RowChanges, read_rows
from diagnostics.reconcile.running import Running

Sink = Callable[[dict[str, object]], None]


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
    closed: ClosedFolders = field(default_factory=ClosedFolders)
    last: Pass | None = None  # the last complete one
    indexing: Indexing = field(init=False)

    @property
    def row(self) -> Pass:
        return self.running.row

    def run(self) -> None:
        self.last = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("-id").first()
        self.indexing = Indexing(self.running, is_first=self.last is None)
        with closing(reading.begin(self.last)) as under_way:
            self._survey()
            self._read(under_way)
        self._conclude()
        if self.sink and self.row.outcome == Pass.Outcome.COMPLETE:
            for line in strays.documents():
                self.sink(line)

    def _read(self, under_way: reading.Reading) -> None:
        try:
            table = open_host(sources.host_source())
            with closing(table.connection):
                self._rows(table, under_way)
            self.row.outcome = Pass.Outcome.COMPLETE
        except HostSchemaError as error:
            self._stand("host.schema", missing=error.missing, advice=error.advice)
        except HostUnavailable as error:
            self._stand("host.unavailable", problem=str(error.problem), detail=str(error))
        except StoreLostError as error:
            self._lose(error.store)

    def _survey(self) -> None:
        self.store = files.survey(self.running, self.closed, accept_store=self.accept_store)
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

    def _rows(self, table: HostTable, under_way: reading.Reading) -> None:
        changes = read_rows(self.running, table, under_way)
        self.judged |= {"host.unavailable", "host.schema", "host.table_empty"}
        self.row.rows = changes.rows
        self.row.notes = _notes(table)
        if not changes.rows and (self.row.files or LedgerFile.objects.filter(missed_at=None).exists()):
            self._stand("host.table_empty", files=self.row.files)
            return
        self.row.changed += len(changes.changed) + len(changes.gone)
        self.indexing.run(table, changes)
        self._gather_affected(changes)
        self._diagnose(table)
        if not self.store.problem:
            self._judge_files()
        self.closed.remember()
        chunks.remember(Chunk.Kind.ROWS, changes.packed)  # last: what is not done by then is done by the next pass

    def _gather_affected(self, changes: RowChanges) -> None:
        affected = self.affected
        affected.keys.update(changes.changed)
        affected.add_changed_files(self.last.pk if self.last else 0)
        affected.add_heard(self.last.pk if self.last else 0)
        affected.add_asked(self.last.pk if self.last else 0)
        affected.add_due(self.running.clock())
        affected.add_below(folder for folder, _ in self.row.listing_errors)
        self.closed.add_to(affected)
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
        gatherer = Gatherer(self.store, first.started_at if first else None, queue, self.closed.others)
        gatherer.unlisted = tuple(path for path, _ in self.row.listing_errors)
        kept = self.indexing.records
        results = Results(set(self.indexing.before) | self.indexing.new_keys, self.indexing.later)
        for keys in self.affected.in_order():
            unread = table.rows_of([key for key in keys if key not in kept])
            read = {key: table.record(row) for key, row in unread.items()}
            records = [record for key in keys if (record := kept.get(key) or read.get(key)) is not None]
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
        entries = {key: self.indexing.entries[key] for key in keys if key in self.indexing.entries}
        entries |= index.entries_of([key for key in keys if key not in entries], fields=index.JUDGED)
        records = [record for record in records if record.key in entries]
        pairs = [(evidence, diagnose(evidence)) for evidence in gatherer.evidence(records, entries, now)]
        self._doubt_absence([evidence for evidence, _ in pairs])
        for evidence, diagnosis in pairs:
            if diagnosis.state == "generating":
                entry = entries[diagnosis.session_id]
                gatherer.queue.note_moving(diagnosis.session_id, evidence.record.created.at, entry.reset_at)
        before = {
            key: self.indexing.before.get(key) or timeline(entry)
            for key, entry in entries.items()
            if key not in self.indexing.new_keys
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
        known = self.last.foreign_files if self.last and self.last.root_device is not None else None
        if known is None or self.indexing.claims_moved or strays.foreign_changed(self.last.pk if self.last else 0):
            known = strays.foreign_files()
        self.row.foreign_files = known

    def _conclude(self) -> None:
        conditions.settle(self.standing, self.judged, self.row.started_at)
        handled.settle(self.row.started_at)
        if self.row.outcome == Pass.Outcome.COMPLETE:
            conditions.forget_lost()
            incidents.settle(self.running.clock(), self.last.started_at if self.last else None)
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
    notes = [f"no column {name}: what depends on it is not checked" for name in sorted(table.missed)]
    nameless = table.count_nameless()
    return (
        [*notes, f"rows without a {table.source.column('session_id')}, which nobody can ask for: {nameless}"]
        if nameless
        else notes
    )


def _told(detail: dict[str, object]) -> str:
    return str(detail.get("detail") or ": ".join(map(str, detail.values())))


def _totals(counted: list[tuple[str, str, str, int]], place: int) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for row in counted:
        totals[str(row[place])] += row[3]
    totals.pop("", None)
    return dict(totals)

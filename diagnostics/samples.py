"""Resource samples as evidence: what the worker measured around the times at which sessions failed."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from diagnostics import sources
from diagnostics.domain import resources
from diagnostics.domain.facts import ResourceFacts, SessionKey, SessionRecord
from diagnostics.models import Finding, ResourceSample, SessionEntry
from diagnostics.reconcile.index import storable

# The names under which `sampling` stores them; the audio's file system is named for the audio, whatever else lies on it.
NAMES = {
    "disk_percent": "audio_bytes_percent",
    "inodes_percent": "audio_inodes_percent",
    "memory_percent": "memory_percent",
    "swap_percent": "swap_percent",
}
SEEN_BY_SAMPLES = ("generation.disk_full", "generation.out_of_memory")
Resources = dict[SessionKey, tuple[ResourceFacts, ...]]


@dataclass(slots=True)
class Samples:
    """The samples of one pass, each read once: a batch only reads what lies beyond what earlier ones read."""

    facts: list[ResourceFacts] = field(default_factory=list)  # in the order of time
    since: datetime | None = None
    until: datetime | None = None

    def of_failed(
        self, records: Iterable[SessionRecord], entries: Mapping[SessionKey, SessionEntry], now: datetime
    ) -> Resources:
        """Return the samples around the failure of each failed session that has any."""
        moments = {
            record.key: moment
            for record in records
            if record.status == "failed" and (moment := storable(resources.moment_of(record, now))) is not None
        }
        if not moments:
            return {}
        self._read(min(moments.values()), max(moments.values()))
        found = {key: self._around(moment) for key, moment in moments.items()}
        judged = {key: entry for key, entry in entries.items() if key in found and entry.confidence}
        unseen = {entry.pk: key for key, entry in judged.items() if not found[key]}
        for key, facts in _remembered(unseen).items():
            found[key] = resources.near(facts, moments[key], sources.limits())
        return {key: facts for key, facts in found.items() if facts}

    def _around(self, moment: datetime) -> tuple[ResourceFacts, ...]:
        first, last = _window(moment)
        begin = bisect_left(self.facts, first, key=_time)
        end = bisect_right(self.facts, last, key=_time)
        return resources.near(self.facts[begin:end], moment, sources.limits())

    def _read(self, first_moment: datetime, last_moment: datetime) -> None:
        first, last = _window(first_moment)[0], _window(last_moment)[1]
        if self.since is None or self.until is None:
            self.facts, self.since, self.until = (
                _facts(ResourceSample.objects.filter(at__gte=first, at__lte=last)),
                first,
                last,
            )
            return
        if first < self.since:
            self.facts[:0] = _facts(ResourceSample.objects.filter(at__gte=first, at__lt=self.since))
            self.since = first
        if last > self.until:
            self.facts += _facts(ResourceSample.objects.filter(at__gt=self.until, at__lte=last))
            self.until = last


def resources_of(record: SessionRecord, entry: SessionEntry | None, now: datetime) -> tuple[ResourceFacts, ...]:
    """Return the samples around what matters of one session, whatever its status: for the live look."""
    moment = storable(resources.moment_of(record, now))
    if moment is None:
        return ()
    first, last = _window(moment)
    found = resources.near(_facts(ResourceSample.objects.filter(at__gte=first, at__lte=last)), moment, sources.limits())
    if found or entry is None or record.status != "failed":
        return found
    remembered = _remembered({entry.pk: record.key})
    return resources.near(remembered.get(record.key, ()), moment, sources.limits())


def _remembered(keys: Mapping[int, SessionKey]) -> Resources:
    """Samples are forgotten after some days; what a finding was made of is not."""
    found: Resources = defaultdict(tuple)
    if not keys:
        return found
    known = Finding.objects.filter(session_id__in=list(keys), code__in=SEEN_BY_SAMPLES)
    for session_id, lines in known.values_list("session_id", "evidence"):
        told = [
            (line["fact"], line["value"], datetime.fromisoformat(line["observed_at"]))
            for line in lines
            if line["source"] == "resources" and line["observed_at"]
        ]
        found[keys[session_id]] += resources.remembered(told)
    return found


def _window(moment: datetime) -> tuple[datetime, datetime]:
    window = timedelta(seconds=sources.limits().evidence_window_seconds)
    return moment - window, moment + window


def _facts(rows: QuerySet[ResourceSample]) -> list[ResourceFacts]:
    found = []
    for at, values in rows.order_by("at").values_list("at", "values").iterator(chunk_size=2_000):
        known = values if isinstance(values, dict) else {}
        found.append(ResourceFacts(at, **{name: _number(known.get(stored)) for name, stored in NAMES.items()}))
    return found


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else None  # type: ignore[arg-type]  # a number, as just found


def _time(facts: ResourceFacts) -> datetime:
    return facts.at

"""Resource samples as evidence: what the worker measured around the times at which sessions failed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from diagnostics import sources
from diagnostics.domain import resources
from diagnostics.domain.facts import ResourceFacts, SessionKey, SessionRecord
from diagnostics.host_values import storable
from diagnostics.models import Finding, ResourceSample, SessionEntry
from diagnostics.samples_read import SamplesRead, window

# The names under which `sampling` stores them; the audio's file system is named for the audio, whatever else lies on it.
NAMES = {
    "disk_percent": "audio_bytes_percent",
    "inodes_percent": "audio_inodes_percent",
    "memory_percent": "memory_percent",
    "swap_percent": "swap_percent",
}
SEEN_BY_SAMPLES = ("generation.disk_full", "generation.out_of_memory")
Resources = dict[SessionKey, tuple[ResourceFacts, ...]]
Line = tuple[str, str, datetime]


class Samples:
    """The samples of one pass, each read once: a batch only reads what lies beyond what earlier ones read."""

    def __init__(self) -> None:
        self.read = SamplesRead(ResourceSample.objects.all, _facts)

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
        self.read.read(moments.values())
        found = {key: self.read.around(moment) for key, moment in moments.items()}
        judged = {key: entry for key, entry in entries.items() if key in found and entry.confidence}
        unseen = {entry.pk: key for key, entry in judged.items() if not found[key]}
        for key, facts in _remembered(unseen).items():
            found[key] = resources.near(facts, moments[key], sources.limits())
        return {key: facts for key, facts in found.items() if facts}


def resources_of(record: SessionRecord, entry: SessionEntry | None, now: datetime) -> tuple[ResourceFacts, ...]:
    """Return the samples around what matters of one session, whatever its status: for the live look."""
    moment = storable(resources.moment_of(record, now))
    if moment is None:
        return ()
    first, last = window(moment)
    found = resources.near(_facts(ResourceSample.objects.filter(at__gte=first, at__lte=last)), moment, sources.limits())
    if found or entry is None or record.status != "failed":
        return found
    remembered = _remembered({entry.pk: record.key})
    return resources.near(remembered.get(record.key, ()), moment, sources.limits())


def _remembered(keys: Mapping[int, SessionKey]) -> Resources:
    """Samples are forgotten after some days; what a finding was made of is not."""
    told = lines_of_samples(keys, SEEN_BY_SAMPLES)
    return {keys[session_id]: resources.remembered(lines) for session_id, lines in told.items()}


def lines_of_samples(session_ids: Iterable[int], codes: Iterable[str]) -> dict[int, list[Line]]:
    """Return the lines that samples gave to the findings of some codes, by session: (fact, value, time)."""
    wanted = list(session_ids)
    found: dict[int, list[Line]] = defaultdict(list)
    if not wanted:
        return found
    known = Finding.objects.filter(session_id__in=wanted, code__in=list(codes))
    for session_id, lines in known.values_list("session_id", "evidence"):
        found[session_id] += [
            (line["fact"], line["value"], datetime.fromisoformat(line["observed_at"]))
            for line in lines
            if line["source"] == "resources" and line["observed_at"]
        ]
    return found


def _facts(rows: QuerySet[ResourceSample]) -> list[ResourceFacts]:
    found = []
    for at, values in rows.order_by("at").values_list("at", "values").iterator(chunk_size=2_000):
        known = values if isinstance(values, dict) else {}
        found.append(ResourceFacts(at, **{name: _number(known.get(stored)) for name, stored in NAMES.items()}))
    return found


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else None  # type: ignore[arg-type]  # a number, as just found

"""Samples of the host's parts as evidence: what they showed around the times at which sessions failed, or show now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from diagnostics import sources
from diagnostics.domain import host_parts, resources
from diagnostics.domain.facts import SessionKey, SessionRecord
from diagnostics.domain.parts import MOUNT, PartFacts
from diagnostics.host_values import storable
from diagnostics.models import PartSample, SessionEntry
from diagnostics.parts import UNWATCHED, last_samples, watched
from diagnostics.samples import lines_of_samples
from diagnostics.samples_read import SamplesRead, window

SEEN_BY_SAMPLES = ("generation.dependency_down", "generation.engine_failed")
FIELDS = ("part", "at", "state", "problem", "detail", "values", "since")
Parts = dict[SessionKey, tuple[PartFacts, ...]]


class PartSamples:
    """The samples of one pass. Of a failure only those tell that show a fault, and they are few."""

    def __init__(self) -> None:
        self.watched = watched()
        self.faulty = SamplesRead(lambda: self._rows().filter(state__in=host_parts.FAULTY), _facts)

    def of(self, records: Iterable[SessionRecord], entries: Mapping[SessionKey, SessionEntry], now: datetime) -> Parts:
        """Return the samples around what matters of each session that is failed, pending or generating and has any."""
        moments: dict[str, dict[SessionKey, datetime]] = {"failed": {}, "pending": {}, "generating": {}}
        for record in records:
            moment = storable(resources.moment_of(record, now))
            if record.status in moments and moment is not None:
                moments[record.status][record.key] = moment
        found = self._of_failed(moments["failed"], entries)
        unfinished = moments["pending"] | moments["generating"]
        if unfinished and (newest := self._now(now)):
            found |= dict.fromkeys(unfinished, newest)
        return found

    def _of_failed(self, moments: Mapping[SessionKey, datetime], entries: Mapping[SessionKey, SessionEntry]) -> Parts:
        if not moments:
            return {}
        if self.watched:
            self.faulty.read(moments.values())
        found = {key: self.faulty.around(moment) for key, moment in moments.items()}
        unseen = {
            entry.pk: key for key, entry in entries.items() if key in found and entry.confidence and not found[key]
        }
        for key, facts in _remembered(unseen).items():
            found[key] = resources.near(facts, moments[key], sources.limits())
        return {key: facts for key, facts in found.items() if facts}

    def _now(self, now: datetime) -> tuple[PartFacts, ...]:
        return _around(self._rows(), now) if self.watched else ()

    def _rows(self) -> QuerySet[PartSample]:
        return PartSample.objects.filter(part__in=self.watched)


def parts_of(record: SessionRecord, entry: SessionEntry | None, now: datetime) -> tuple[PartFacts, ...]:
    """Return the samples around what matters of one session, whatever its status: for the live look."""
    moment = storable(resources.moment_of(record, now))
    if moment is None:
        return ()
    found = _around(PartSample.objects.filter(part__in=watched()), moment)
    is_told = any(sample.state in host_parts.FAULTY for sample in found)
    if is_told or entry is None or record.status != "failed":
        return found
    remembered = _remembered({entry.pk: record.key}).get(record.key, ())
    return resources.near((*found, *remembered), moment, sources.limits())


def mount_lost_since(now: datetime) -> datetime | None:
    """Return since when the mount of the audio root is not well by its newest sample; None where it is, or none tells."""
    last = last_samples({MOUNT} & watched()).get(MOUNT)
    if last is None or last.state not in (host_parts.DOWN, host_parts.UNKNOWN) or now - last.at > UNWATCHED:
        return None
    return last.since


def _around(rows: QuerySet[PartSample], moment: datetime) -> tuple[PartFacts, ...]:
    first, last = window(moment)
    return resources.near(_facts(rows.filter(at__gte=first, at__lte=last)), moment, sources.limits())


def _remembered(keys: Mapping[int, SessionKey]) -> Parts:
    """Samples are forgotten after some days; what a finding was made of is not."""
    told = lines_of_samples(keys, SEEN_BY_SAMPLES)
    return {keys[session_id]: host_parts.remembered(lines) for session_id, lines in told.items()}


def _facts(rows: QuerySet[PartSample]) -> list[PartFacts]:
    return [PartFacts(**row) for row in rows.order_by("at", "id").values(*FIELDS).iterator(chunk_size=2_000)]

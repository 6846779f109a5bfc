"""Other sessions of the same user and assessment, as the session index knows them: one query for a batch."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from diagnostics.domain import clock
from diagnostics.domain.facts import Evidence
from diagnostics.domain.traces import OtherRequest
from diagnostics.domain.wording.variants import MOST_NAMED
from diagnostics.identity import Identity, identity, request_hash
from diagnostics.models import SessionEntry

MOST = MOST_NAMED + 1  # one more than a finding names: it says that there are more
MOST_AT_ONCE = 5_000
TOLD = ("created_at", "key", "key_is_number")
Begun = tuple[datetime, Identity]


@dataclass(frozen=True, slots=True)
class Span:
    """Who asked for what, and from when to when that session was generated."""

    request: int
    begun: datetime
    ended: datetime


def span_of(evidence: Evidence) -> Span | None:
    """Return what another session would have to meet, or None where nothing can be said of this one."""
    request = request_hash(evidence.record.user_id, evidence.record.assessment_id)
    times = clock.generation_span(evidence) if request is not None else None
    return Span(request, *times) if request is not None and times else None


def with_others(gathered: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence of a batch, told of the other sessions that were begun meanwhile, where there are any."""
    spans = {place: span for place, evidence in enumerate(gathered) if (span := span_of(evidence))}
    told = list(gathered)
    if not spans:
        return told
    begun = _begun(list(spans.values()))
    for place, span in spans.items():
        others = _others(begun, span, identity(told[place].record.key))
        if others:
            told[place] = replace(told[place], other_requests=others)
    return told


def others_of(evidence: Evidence) -> tuple[OtherRequest, ...]:
    """Return the same for one session, by its own query."""
    span = span_of(evidence)
    return _others(None, span, identity(evidence.record.key)) if span else ()


def _begun(spans: list[Span]) -> dict[int, list[Begun]] | None:
    """Sessions by their request, in the order of time; None where so many are alike that each is better asked for."""
    first, last = min(span.begun for span in spans), max(span.ended for span in spans)
    wanted = SessionEntry.objects.filter(
        request_hash__in={span.request for span in spans}, created_at__gte=first, created_at__lt=last
    )
    found: dict[int, list[Begun]] = defaultdict(list)
    rows = list(wanted.values_list("request_hash", "gone_at", *TOLD)[: MOST_AT_ONCE + 1])
    for request, gone_at, created, key, is_number in rows:
        if request is not None and created is not None and gone_at is None:
            found[request].append((created, (key, is_number)))
    return {request: sorted(group) for request, group in found.items()} if len(rows) <= MOST_AT_ONCE else None


def _others(begun: dict[int, list[Begun]] | None, span: Span, own: Identity) -> tuple[OtherRequest, ...]:
    if begun is None:
        group = _asked_alone(span)
    else:
        group = begun.get(span.request, [])
        group = group[bisect_left(group, span.begun, key=lambda one: one[0]) :][: MOST + 1]
    others = (OtherRequest(one[0], at) for at, one in group if at < span.ended and one != own)
    return tuple(others)[:MOST]


def _asked_alone(span: Span) -> list[Begun]:
    alike = SessionEntry.objects.filter(
        request_hash=span.request, created_at__gte=span.begun, created_at__lt=span.ended, gone_at=None
    )
    rows = alike.order_by("created_at").values_list(*TOLD)[: MOST + 1]
    return sorted((created, (key, is_number)) for created, key, is_number in rows if created is not None)

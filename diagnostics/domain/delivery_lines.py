"""Lines of evidence of what a server answered: what was asked for, and whatever came."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import observations
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import Observation


def lines_of(delivery: DeliveryFacts) -> tuple[Observation, ...]:
    """Return the lines of one question and its answer; what did not come has no line."""
    return tuple(
        observations.answered(fact, value, delivery.asked_at)
        for fact, value in _told(delivery)
        if value not in ("", None)
    )


def _told(delivery: DeliveryFacts) -> Iterator[tuple[str, object]]:
    yield "URL asked", delivery.url
    yield "no answer", f"{delivery.problem} {delivery.detail}".strip()
    yield "answer", delivery.status
    yield "type", delivery.content_type
    yield "encoding", delivery.content_encoding
    yield "range", delivery.content_range
    yield "length told", f"{delivery.length_bytes} bytes" if delivery.length_bytes is not None else None
    yield "first bytes", delivery.content
    yield "leads on to", delivery.redirects_to
    yield "answered by", delivery.address
    yield "took", f"{delivery.took_seconds:.3f} s" if delivery.status is not None else None

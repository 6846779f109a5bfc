"""What servers answered for sessions' audio, kept and found again: valid only for the same URL and the same file."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from django.conf import settings

from diagnostics import sources
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import AudioFacts
from diagnostics.domain.paths import Claim
from diagnostics.identity import hash64
from diagnostics.models import DeliveryAnswer, Pass
from diagnostics.probes.delivery import Allowed

FACTS = tuple(field.name for field in fields(DeliveryFacts))
File = tuple[int, int]  # size in bytes, mtime in nanoseconds


def allowed() -> Allowed:
    """What the settings let us ask."""
    networks = tuple(ipaddress.ip_network(text) for text in settings.DELIVERY_NETWORKS)
    return Allowed(sources.store_layout(), networks)


def keep(session_id: int, url: str, file: File, facts: DeliveryFacts, due_at: datetime) -> None:
    """Keep an answer, and have the next pass judge the session by it.

    One that tells nothing does not take the place of one that does and still holds. A pass that began meanwhile may
    have looked before this was written: then it is left to the one after.
    """
    kept = DeliveryAnswer.objects.filter(pk=session_id)
    former = kept.first()
    if not facts.is_telling and former is not None and _facts(former).is_telling and _holds(former, url, file):
        kept.update(due_at=due_at)
        return
    begun = Pass.newest()
    size, mtime = file
    values = {name: getattr(facts, name) for name in FACTS}
    about = {"url_hash": url_hash(url), "size_bytes": size, "mtime_ns": mtime, "due_at": due_at, "asked_pass": begun}
    DeliveryAnswer.objects.update_or_create(pk=session_id, defaults={**values, **about})
    if (newer := Pass.newest()) != begun:
        kept.update(asked_pass=newer)


def of_sessions(ids: Iterable[int]) -> dict[int, DeliveryAnswer]:
    """Return what is kept by the session's entry, whether it still holds or not."""
    return DeliveryAnswer.objects.in_bulk(list(ids))


def answered(row: DeliveryAnswer | None, claim: Claim, audio: AudioFacts | None) -> DeliveryFacts | None:
    """Return what the server answered for the file that stands there now; None: nothing, or for another one."""
    if row is None or audio is None or not _holds(row, claim.client_url, (audio.size_bytes, audio.changed_ns[0])):
        return None
    return _facts(row)


def url_hash(url: str) -> int:
    """Return the number of a whole URL, from which its query cannot be told."""
    return hash64(url.encode(errors="surrogatepass"))


def _holds(row: DeliveryAnswer, url: str, file: File) -> bool:
    return row.url_hash == url_hash(url) and (row.size_bytes, row.mtime_ns) == file


def _facts(row: DeliveryAnswer) -> DeliveryFacts:
    return DeliveryFacts(**{name: getattr(row, name) for name in FACTS})

"""The client's URL asked aside, from the beginning of a live look, while everything else is looked at."""

from __future__ import annotations

from datetime import datetime

from diagnostics import deliveries
from diagnostics.aside import Aside
from diagnostics.budget import Budget
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import AudioFacts, SessionRecord
from diagnostics.domain.paths import Claim, ClaimKind
from diagnostics.domain.trouble import Trouble
from diagnostics.live_memory import Memory
from diagnostics.models import SessionEntry
from diagnostics.probes.delivery import may_be_asked, probe, without_query

LIVE_SECONDS = 1.2
UNTOLD = ("", "not_allowed", "bad_url", "redirect")  # nothing stood in the way: the check says it


class LiveDelivery:
    """One question, and the worker's last answer where it comes to nothing."""

    def __init__(self, record: SessionRecord, claim: Claim, now: datetime, budget: Budget) -> None:
        self.claim, self.now, self.budget = claim, now, budget
        self.troubles: tuple[Trouble, ...] = ()
        self.seconds = budget.at_most(LIVE_SECONDS)
        self.ends = budget.spent + self.seconds
        self._asked = self._ask() if record.status == "completed" and claim.kind is ClaimKind.INSIDE else None

    def answer(self, memory: Memory, entry: SessionEntry | None, audio: AudioFacts | None) -> DeliveryFacts | None:
        """Return what is known of how the file is delivered; a silent server is a trouble where there is one to deliver."""
        if self._asked is None:
            return None
        late = DeliveryFacts(without_query(self.claim.client_url), self.now, problem="timeout")
        found = self._asked.answer(self.budget.at_most(self.ends - self.budget.spent)) or late
        if found.is_telling or audio is None or not audio.is_whole:
            return found
        if found.why_not_telling not in UNTOLD:
            self.troubles = (Trouble(f"delivery.{found.why_not_telling}", found.detail),)
        kept = memory.delivered(entry, self.claim, audio) if entry else None
        return kept if kept is not None and kept.is_telling else found

    def _ask(self) -> Aside[DeliveryFacts] | None:
        allowed, url = deliveries.allowed(), self.claim.client_url
        if not may_be_asked(url, allowed):
            return None
        return Aside(lambda: probe(url, allowed, now=self.now, seconds=self.seconds))

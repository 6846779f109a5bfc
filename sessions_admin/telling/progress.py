"""How far the host has been told of what an action put back to pending, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from sessions_admin.models import Telling

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How many were told, wait (some perhaps after a failure), or were given up; `troubled` are some of the last two."""

    told: int
    waiting: int
    undelivered: int
    troubled: tuple[Telling, ...]

    @property
    def version(self) -> str:
        return f"{self.told} {self.waiting} {self.undelivered} {[one.attempts for one in self.troubled]}"


def progress_of(operation: str) -> Progress | None:
    """Return how far it is with one action; None where there was nothing to tell."""
    tellings = Telling.objects.filter(operation=operation)
    counts = tellings.aggregate(
        all=Count("id"),
        told=Count("id", filter=Q(told_at__isnull=False)),
        undelivered=Count("id", filter=Q(given_up_at__isnull=False)),
    )
    if not counts["all"]:
        return None
    waiting = counts["all"] - counts["told"] - counts["undelivered"]
    troubled = _troubled(tellings).order_by("-given_up_at", "number")[:SHOWN]
    return Progress(counts["told"], waiting, counts["undelivered"], tuple(troubled))


def trouble_with(session: str) -> Telling | None:
    """Return the newest telling of a session, where that could not be delivered, or not yet."""
    newest = Telling.objects.filter(session=session).aggregate(newest=Max("id"))["newest"]
    return _troubled(Telling.objects.filter(pk=newest)).first()


def _troubled(tellings: QuerySet[Telling]) -> QuerySet[Telling]:
    return tellings.filter(told_at=None).exclude(error="")

"""Rows of alerts as the rounds leave them, for tests of what reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from diagnostics.models import AlertRound, AlertState, Episode, Flip

LEVELS = {
    "raise_at": 90,
    "clear_at": 92,
    "window_seconds": 86_400,
    "smallest_sample": 10,
    "for_seconds": 120,
    "keep_seconds": 600,
}


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def a_round(at: datetime | None = None) -> AlertRound:
    """A round that ended now, or then."""
    ended = at or timezone.now()
    return AlertRound.objects.create(started_at=ended, finished_at=ended, rules=12)


def an_episode(rule: str = "success_rate", subject: str = "", **values: Any) -> Episode:
    """An episode that began ten minutes ago and lasts."""
    begun = values.pop("begun_at", ago(minutes=10))
    told = {
        "fired_at": begun + timedelta(minutes=2),
        "peak": 81.3,
        "levels": LEVELS,
        "sessions": 21,
        "users": 17,
        **values,
    }
    return Episode.objects.create(rule=rule, subject=subject, begun_at=begun, **told)


def a_state(rule: str = "success_rate", state: str = "ok", subject: str = "", **values: Any) -> AlertState:
    """A rule as the last round saw it; what fires has an episode."""
    if state == "firing" and "episode" not in values:
        values["episode"] = an_episode(rule, subject)
    told = {"since": ago(minutes=10), "value": 96.0, "sample": 133, "evaluated_at": timezone.now(), **values}
    return AlertState.objects.create(rule=rule, subject=subject, state=state, **told)


def a_flip(episode: Episode, new: str, at: datetime, old: str = "ok", value: float | None = 84.2) -> Flip:
    told = {"rule": episode.rule, "subject": episode.subject, "episode": episode}
    return Flip.objects.create(**told, at=at, old=old, new=new, value=value)


def a_quiet_host() -> None:
    """Every rule that has one subject is well, and so are the audio folder's file system and a worker; a round just ended."""
    a_round()
    a_state("success_rate", value=97.4)
    a_state("generation_time", value=212.0)
    a_state("disk_used", subject="audio", value=61.3)
    a_state("failures", value=1)
    a_state("disk_full_soon", subject="audio", value=None)
    a_state("inodes_used", subject="audio", value=12.0)
    a_state("queue_still", value=4.0)
    a_state("worker_silent", subject="build-7:4242", value=2.0)
    a_state("pass_late", value=0.0)

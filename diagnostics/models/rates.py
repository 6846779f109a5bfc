"""Rates: how each attempt at a piece ended, and the hourly and daily figures made of that."""

from __future__ import annotations

from django.db import models

from diagnostics.models.sessions import SessionEntry


class Ending(models.Model):
    """How one attempt at a session's piece ended, as the first pass saw it that could tell; kept for good.

    A session has one more with each reset that a pass saw. `ended_at` is the host's own time of the end (of a stuck one:
    when it went past its limit), or, with `is_dated` False, when a pass saw it first, for the host tells no usable time.
    `is_playable` says whether the file was whole when first seen after finishing (None: no pass could tell yet; False for
    what failed or is stuck). `cause` is the code that it ended with, '' where it was well; `lost_at` and `lost_cause` tell
    of a piece that was playable and is no more, other than by being cleared away on purpose. `is_closed`: a later attempt
    has begun, nothing of this one changes any more. `user_hash` stands for the user (`diagnostics.identity`).
    """

    class Kind(models.TextChoices):
        COMPLETED = "completed"
        FAILED = "failed"
        STUCK = "stuck"

    session = models.ForeignKey(SessionEntry, models.CASCADE, related_name="endings", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    ended_at = models.DateTimeField()
    is_dated = models.BooleanField(default=True)
    is_playable = models.BooleanField(null=True)
    cause = models.CharField(max_length=48, default="", blank=True)
    took_seconds = models.FloatField(null=True)
    length_seconds = models.FloatField(null=True)
    user_hash = models.BigIntegerField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_cause = models.CharField(max_length=48, default="", blank=True)
    is_closed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["session", "-id"], name="ending_by_session"),
            models.Index(fields=["ended_at"], name="ending_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.kind} at {self.ended_at}"


class StaleHour(models.Model):
    """An hour of which an ending changed since it was counted: `rates.recount` counts it anew. `mark` tells a later change."""

    at = models.DateTimeField(primary_key=True)
    mark = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.at}"


class RateFigures(models.Model):
    """The figures of one hour or one day (of the dashboard's time zone), which begins at `at`; none: nothing ended then.

    `tally` is a `domain.rates.tally.Tally` as its own `to_bytes` packs it.
    """

    class Grain(models.TextChoices):
        HOUR = "hour"
        DAY = "day"

    grain = models.CharField(max_length=4, choices=Grain.choices)
    at = models.DateTimeField()
    tally = models.BinaryField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grain", "at"], name="figures_once")]

    def __str__(self) -> str:
        return f"{self.grain} {self.at}"

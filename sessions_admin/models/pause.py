"""Pauses of long sequences: who switched them off, why, what users are told meanwhile, and who switched them on again."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Pause(models.Model):
    """One pause, from its beginning to its end.

    `is_open` is True while it lasts and NULL afterwards, so that its being unique lets there be one at most, on every
    engine. `revision` counts its changes: who changes it says which one was seen. `review_at` reminds, and ends nothing.
    The reasons are for the staff; the host reads the texts and the contact alone (`sessions_admin.availability`).
    """

    begun_at = models.DateTimeField(db_index=True)
    begun_by = models.CharField(max_length=150)
    reason = models.TextField()
    review_at = models.DateTimeField()
    text_en = models.TextField()
    text_zh = models.TextField()
    contact = models.CharField(max_length=200)
    revision = models.IntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=150, default="", blank=True)
    is_open = models.BooleanField(null=True, default=True, unique=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, default="", blank=True)
    end_reason = models.TextField(default="", blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_open=True, ended_at=None) | models.Q(is_open=None, ended_at__isnull=False),
                name="pause_open_or_ended",
            )
        ]

    def __str__(self) -> str:
        return f"pause {self.pk} since {self.begun_at}"

    @classmethod
    def standing(cls) -> Pause | None:
        """Return the pause that lasts now. Raises DatabaseError where our database does not tell."""
        return cls.objects.filter(is_open=True).first()

    @property
    def seen(self) -> str:
        """What a form brings back, so that nobody changes or ends what has become something else meanwhile."""
        return f"{self.pk}.{self.revision}"

    @property
    def lasted_seconds(self) -> float | None:
        return (self.ended_at - self.begun_at).total_seconds() if self.ended_at else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether somebody meant to have looked again by now."""
        return self.ended_at is None and now > self.review_at

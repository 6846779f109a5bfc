"""The outbox: which sessions the host's worker must be told of, and what came of telling it."""

from __future__ import annotations

from django.db import models


class Telling(models.Model):
    """One session that an action put back to pending, written in one step with the outcome that says so.

    `operation` and `number` are those of the audit's entries, and together the id by which a receiver knows it again.
    `kind` is the way (HOST_PICKUP) it is told by, `error` what came of the last attempt. It is over once `told_at` or
    `given_up_at` is set.
    """

    operation = models.CharField(max_length=32)
    number = models.IntegerField()
    session = models.CharField(max_length=255)
    action = models.CharField(max_length=48)
    kind = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["operation", "number"], name="telling_once")]
        indexes = [
            models.Index(fields=["next_at"], name="telling_by_next"),
            models.Index(fields=["session"], name="telling_by_session"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.session}"

    @property
    def key(self) -> str:
        """The id of this telling, the same however often it is told."""
        return f"{self.operation}-{self.number}"

    @property
    def is_over(self) -> bool:
        return self.next_at is None

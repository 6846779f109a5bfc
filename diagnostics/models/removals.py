"""Files that actions of the dashboard moved away: the trace that the rules read."""

from __future__ import annotations

from django.db import models


class Removal(models.Model):
    """The last time that a file below the audio root was moved away by us; a restored one leaves no row."""

    path_hash = models.BigIntegerField(primary_key=True)
    action = models.CharField(max_length=48)
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.CharField(max_length=16)  # action, retention
    restorable_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"

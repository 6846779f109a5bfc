"""The parts of the host as the worker asked them: engine, database, cache, broker, the audio root's mount."""

from __future__ import annotations

from django.db import models


class PartSample(models.Model):
    """What one part told at one time. The newest row of a part tells all that is known of it now.

    `since` is when `state` and `problem` were first seen as they are, without a change in between; `well_at` when the part
    was up last. Secrets in `detail` and `values` are hidden before they come here.
    """

    part = models.CharField(max_length=16)
    at = models.DateTimeField()
    state = models.CharField(max_length=16)
    problem = models.CharField(max_length=32, default="", blank=True)
    detail = models.CharField(max_length=300, default="", blank=True)
    values = models.JSONField(default=dict)
    since = models.DateTimeField()
    well_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["part", "at"], name="part_at"),
            models.Index(fields=["state", "at"], name="part_state_at"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.state} at {self.at}"

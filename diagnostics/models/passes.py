"""A pass over all rows and files: what it did, what stood in its way, and what the next one compares itself with."""

from __future__ import annotations

from django.db import models

from diagnostics import permissions


class Pass(models.Model):
    """One pass. `rows_done` of `rows_total` is its progress; `by_*` and `conditions` are its summary."""

    class Outcome(models.TextChoices):
        RUNNING = "running"
        COMPLETE = "complete"
        FAILED = "failed"
        INTERRUPTED = "interrupted"

    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.RUNNING)
    trigger = models.CharField(max_length=16, default="worker")  # worker or command
    phase = models.CharField(max_length=16, default="files")  # files, rows, sessions, summary
    rows = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    foreign_files = models.BigIntegerField(default=0)
    bytes_seen = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    changed = models.BigIntegerField(default=0)
    by_verdict = models.JSONField(default=dict)
    by_cause = models.JSONField(default=dict)
    by_state = models.JSONField(default=dict)
    conditions = models.JSONField(default=list)
    listing_errors = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    root_device = models.BigIntegerField(null=True)
    error = models.TextField(default="")
    seconds = models.FloatField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["outcome", "-id"], name="pass_by_outcome")]
        permissions = permissions.DECLARED

    def __str__(self) -> str:
        return f"pass {self.pk} ({self.outcome})"

    @classmethod
    def newest(cls) -> int:
        """Return the number of the pass that began last; 0 before the first."""
        return cls.objects.aggregate(newest=models.Max("pk"))["newest"] or 0


class Condition(models.Model):
    """What stands above a whole pass (storage.unavailable, host.schema …), from when to when."""

    code = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["resolved_at", "code"], name="condition_standing")]

    def __str__(self) -> str:
        return self.code


class Chunk(models.Model):
    """The members of one chunk of rows, files or closed folders, as the last pass saw them; equal bytes mean that nothing changed."""

    class Kind(models.TextChoices):
        ROWS = "rows"
        FILES = "files"
        FOLDERS = "folders"  # those that keep READING_USER out

    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.IntegerField()
    members = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

"""The ledger: every file that a pass ever saw below the audio root, and the findings about files."""

from __future__ import annotations

from django.db import models


class LedgerFile(models.Model):
    """One file. `path` is its exact bytes relative to the root, `shown_path` the same as text; times are observations.

    Present while `missed_at` is null: seen last by the last complete pass. Gone otherwise: between `seen_at` and
    `missed_at`. `kind` is file, or what stands there instead (directory, fifo, socket, device, link).
    """

    path_hash = models.BigIntegerField(primary_key=True)
    path = models.BinaryField()
    shown_path = models.TextField()
    fold_hash = models.BigIntegerField()
    named_session = models.CharField(max_length=255, default="", blank=True)
    role = models.CharField(max_length=10)  # audio, temporary, foreign
    kind = models.CharField(max_length=10, default="file")
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    ctime_ns = models.BigIntegerField()
    inode = models.DecimalField(max_digits=20, decimal_places=0)
    header = models.JSONField(null=True)
    header_stamp = models.CharField(max_length=80, default="", blank=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True)
    changed_pass = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["fold_hash"], name="ledger_by_fold"),
            models.Index(fields=["named_session"], name="ledger_by_session"),
            models.Index(fields=["changed_pass"], name="ledger_by_pass"),
            models.Index(fields=["due_at"], name="ledger_due"),
            models.Index(fields=["-mtime_ns"], name="ledger_newest"),
            models.Index(fields=["missed_at", "mtime_ns"], name="ledger_gone"),
        ]

    def __str__(self) -> str:
        return self.shown_path


class FileFinding(models.Model):
    """An orphan or a leftover, from when to when."""

    file = models.ForeignKey(LedgerFile, models.CASCADE, related_name="findings", db_index=False)
    code = models.CharField(max_length=48)
    evidence = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "code"], name="file_finding_once")]
        indexes = [models.Index(fields=["resolved_at", "code"], name="file_finding_open")]

    def __str__(self) -> str:
        return f"{self.code} of {self.file_id}"

"""The session index (one row a session, written only on change), the findings with their life, and the timeline."""

from __future__ import annotations

from django.db import models


class SessionEntry(models.Model):
    """A session as the last pass saw it: what lists, filters, counts and groups read.

    `key` is the host's key as text (`key_is_number` says how to ask the host for it); `listed_at` is the time that
    lists are ordered by: `created_at`, or the first sight of a row without one. While the audio root is unavailable the
    three `held_*` fields keep what was known before. `shared_hash` is that of the incident which the cause is part of.
    `handled_at` is set while somebody's word, that it is dealt with, leaves it out of the lists; `handled_cause` is what it
    was handled for ('': with its incident), `handled_end` how that ended (`domain.handled`).
    """

    key = models.CharField(max_length=255)
    key_is_number = models.BooleanField(default=True)
    listed_at = models.DateTimeField()
    user_id = models.CharField(max_length=255, default="", blank=True)
    status = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    duration_seconds = models.FloatField(null=True)
    progress_percent = models.FloatField(null=True)
    claim = models.TextField(default="", blank=True)
    claim_hash = models.BigIntegerField(null=True)
    fold_hash = models.BigIntegerField(null=True)
    request_hash = models.BigIntegerField(null=True)  # of user and assessment
    file_name = models.CharField(max_length=255, default="", blank=True)
    file_size = models.BigIntegerField(null=True)
    error_head = models.CharField(max_length=120, default="", blank=True)
    error_fingerprint = models.CharField(max_length=32, default="", blank=True)
    verdict = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    cause = models.CharField(max_length=48, default="", blank=True)
    confidence = models.CharField(max_length=10, default="", blank=True)
    further = models.IntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    generating_since = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    held_verdict = models.CharField(max_length=12, default="", blank=True)
    held_state = models.CharField(max_length=12, default="", blank=True)
    held_cause = models.CharField(max_length=48, default="", blank=True)
    shared_hash = models.BigIntegerField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_cause = models.CharField(max_length=48, default="", blank=True)
    handled_end = models.CharField(max_length=8, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "key_is_number"], name="session_once")]
        indexes = [
            models.Index(fields=["gone_at", "-listed_at", "-id"], name="session_newest"),
            models.Index(fields=["gone_at", "verdict", "state", "cause"], name="session_counts"),
            models.Index(fields=["cause", "-listed_at", "-id"], name="session_by_cause"),
            models.Index(fields=["status", "-listed_at", "-id"], name="session_by_status"),
            models.Index(fields=["verdict", "-listed_at", "-id"], name="session_by_verdict"),
            models.Index(fields=["user_id", "-listed_at", "-id"], name="session_by_user"),
            models.Index(fields=["completed_at"], name="session_by_completion"),
            models.Index(fields=["file_name"], name="session_by_file"),
            models.Index(fields=["claim_hash"], name="session_by_claim"),
            models.Index(fields=["fold_hash"], name="session_by_fold"),
            models.Index(fields=["request_hash", "created_at"], name="session_by_request"),
            models.Index(fields=["due_at"], name="session_due"),
            models.Index(fields=["shared_hash", "-listed_at", "-id"], name="session_by_incident"),
            models.Index(fields=["handled_at"], name="session_handled"),
        ]

    def __str__(self) -> str:
        return self.key


class Finding(models.Model):
    """A finding of one session and its life: opened, still open, resolved, regressed (opened again)."""

    session = models.ForeignKey(SessionEntry, models.CASCADE, related_name="findings", db_index=False)
    code = models.CharField(max_length=48)
    confidence = models.CharField(max_length=10)
    evidence = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    times_opened = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "code"], name="finding_once")]
        indexes = [models.Index(fields=["code", "resolved_at"], name="finding_by_code")]

    def __str__(self) -> str:
        return f"{self.code} of {self.session_id}"


class SessionEvent(models.Model):
    """One line of a session's timeline: what a pass saw change."""

    session = models.ForeignKey(SessionEntry, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    status = models.CharField(max_length=64, default="")
    progress_percent = models.FloatField(null=True)
    updated_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, default="")
    state = models.CharField(max_length=12, default="")
    cause = models.CharField(max_length=48, default="")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["session", "at"], name="event_by_session")]

    def __str__(self) -> str:
        return f"{self.session_id} at {self.at}"

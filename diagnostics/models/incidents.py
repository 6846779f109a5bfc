"""Incidents: what many sessions share, as one thing with a life of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from diagnostics.models.sessions import SessionEntry


class Incidents(models.QuerySet["Incident"]):
    """Rows of faults that two sessions or fewer ever shared are kept in readiness, and are none yet."""

    def ever(self) -> Incidents:
        return self.filter(opened_at__isnull=False)

    def standing(self) -> Incidents:
        return self.ever().filter(resolved_at=None)

    def handled(self) -> Incidents:
        return self.filter(handled_at__isnull=False)

    def unhandled(self) -> Incidents:
        return self.filter(handled_at=None)

    def in_order(self) -> Incidents:
        """What breaks sessions before what leaves them unknown ("broken" < "unknown"), the largest first."""
        return self.order_by("verdict", "-sessions", "-id")

    def behind(self, row: Incident) -> Incidents:
        """Return those that come after this one in that order."""
        smaller = Q(sessions__lt=row.sessions) | Q(sessions=row.sessions, id__lt=row.pk)
        return self.filter(Q(verdict__gt=row.verdict) | Q(verdict=row.verdict) & smaller)

    def over_before(self, row: Incident) -> Incidents:
        """Return those that were resolved before this one."""
        return self.filter(Q(resolved_at__lt=row.resolved_at) | Q(resolved_at=row.resolved_at, id__lt=row.pk))


class Incident(models.Model):
    """One shared fault. `shared_hash` stands for its key, and in the session index for this incident.

    `opened_at` is None until enough sessions share it, then the time at which it opened last; `sessions`, `users` and
    the times of its sessions are those of the last complete pass in which they changed. `is_changed`: some session came,
    went or moved, and the next complete pass counts again. `handled_at` and `handled_end`: as of a session.
    """

    shared_hash = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=48)
    verdict = models.CharField(max_length=12)
    values = models.JSONField(default=dict)
    noted_at = models.DateTimeField()
    first_seen_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    times_opened = models.IntegerField(default=0)
    sessions = models.IntegerField(default=0)
    users = models.IntegerField(default=0)
    most_sessions = models.IntegerField(default=0)
    oldest_at = models.DateTimeField(null=True)
    newest_at = models.DateTimeField(null=True)
    is_changed = models.BooleanField(default=True)
    handled_at = models.DateTimeField(null=True)
    handled_end = models.CharField(max_length=8, default="", blank=True)

    objects = Incidents.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["is_changed"], name="incident_changed"),
            models.Index(fields=["opened_at"], name="incident_opened"),
            models.Index(fields=["resolved_at", "verdict", "-sessions", "-id"], name="incident_ranked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.sessions} sessions ({self.code})"


class Leaving(models.Model):
    """A session that was once part of an incident and left it: mended, moved to another fault, or gone from the host.

    Where it came back, its `shared_hash` says so; it has left no more, whatever stands here.
    """

    shared_hash = models.BigIntegerField()
    session = models.ForeignKey(SessionEntry, models.CASCADE, related_name="leavings")
    left_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shared_hash", "session"], name="leaving_once")]

    def __str__(self) -> str:
        return f"{self.session_id} left {self.shared_hash}"

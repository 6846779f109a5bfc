"""Markers on charts (a deploy, say), and who wants the weekly report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class Marker(models.Model):
    """Something that happened at one time and may explain what charts show; made by hand, or by another machine."""

    class Kind(models.TextChoices):
        DEPLOY = "deploy", gettext_lazy("deploy")
        CONFIGURATION = "config", gettext_lazy("configuration")
        OTHER = "other", gettext_lazy("other")

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DEPLOY)
    text = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)  # '' where a machine did, with MARKER_TOKEN
    key = models.CharField(max_length=100, null=True, unique=True)  # by which a machine that says it twice is known

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


class ReportSubscription(models.Model):
    """Somebody who wants the weekly report by mail. `sent_for` is the Monday of the last week that was put in the outbox."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    address = models.EmailField()
    language = models.CharField(max_length=10, default="en")
    made_at = models.DateTimeField()
    sent_for = models.DateField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.address

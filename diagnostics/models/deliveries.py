"""What a web server answered when it was asked for a session's audio: one answer a session, for the passes and the pages."""

from __future__ import annotations

from django.db import models

from diagnostics.models.sessions import SessionEntry


class DeliveryAnswer(models.Model):
    """The last answer that tells anything, else the last try. It holds only for this URL and exactly this file.

    `url_hash` is that of the whole URL, whose query may hold a signature and is not kept; `url` is without it. From
    `due_at` on it may be asked again. `asked_pass` is the newest pass that had begun by then: the next one judges the
    session by it. The facts are as in `domain.delivery.DeliveryFacts`.
    """

    session = models.OneToOneField(SessionEntry, models.CASCADE, primary_key=True, related_name="delivery")
    url_hash = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_pass = models.BigIntegerField(default=0)
    due_at = models.DateTimeField()
    url = models.CharField(max_length=500)
    problem = models.CharField(max_length=24, default="", blank=True)
    detail = models.CharField(max_length=200, default="", blank=True)
    status = models.IntegerField(null=True)
    content_type = models.CharField(max_length=100, default="", blank=True)
    content_encoding = models.CharField(max_length=100, default="", blank=True)
    content_range = models.CharField(max_length=100, default="", blank=True)
    length_bytes = models.BigIntegerField(null=True)
    is_partial = models.BooleanField(default=False)
    content = models.CharField(max_length=8, default="", blank=True)
    redirects_to = models.CharField(max_length=500, default="", blank=True)
    address = models.CharField(max_length=64, default="", blank=True)
    took_seconds = models.FloatField(default=0.0)

    class Meta:
        indexes = [
            models.Index(fields=["asked_pass"], name="delivery_by_pass"),
            models.Index(fields=["asked_at"], name="delivery_by_time"),
        ]

    def __str__(self) -> str:
        return f"delivery of {self.session_id}"

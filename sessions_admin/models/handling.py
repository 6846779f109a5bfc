"""What somebody said is dealt with: an incident or a session, by whom, when, with which note, and how that ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy


class Handling(models.Model):
    """One word of somebody that a thing is dealt with. What lists need of it stands in the index (`diagnostics.notes`).

    Of an incident `shared_hash` names it, of a session `session` (its key). `code`, `sessions` and `times_opened` are how
    it looked then. It ends once: taken back (`ended_by`), or by itself (`end`, as in `diagnostics.domain.handled`).
    """

    class End(models.TextChoices):
        TAKEN_BACK = "taken", gettext_lazy("taken back")
        MENDED = "mended", gettext_lazy("the fault is over")
        OTHER = "other", gettext_lazy("it has another fault now")
        AGAIN = "again", gettext_lazy("it was well in between, and broke again")
        JOINED = "joined", gettext_lazy("a session has joined it that was not handled with it")
        REOPENED = "reopened", gettext_lazy("it was resolved in between, and opened again")
        GONE = "gone", gettext_lazy("it is in the host’s table no more")

    shared_hash = models.BigIntegerField(null=True)
    session = models.CharField(max_length=255, default="", blank=True)
    note = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    code = models.CharField(max_length=48, default="", blank=True)
    sessions = models.IntegerField(default=1)
    times_opened = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, default="", blank=True)
    end = models.CharField(max_length=8, choices=End.choices, default="", blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["shared_hash", "-id"], name="handling_of_incident"),
            models.Index(fields=["session", "-id"], name="handling_of_session"),
            models.Index(fields=["ended_at"], name="handling_open"),
        ]

    def __str__(self) -> str:
        return f"{self.session or self.shared_hash} by {self.by}"

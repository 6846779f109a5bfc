"""Policies: what is put aside regularly, on which terms, who proposed and who approved them; and what everybody is told."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from sessions_admin.models.plans import Run


class Policy(models.Model):
    """One policy. `terms` are in force while it `is_on`, `proposed` ones wait for a second person (None: none do).

    Terms map age_days, hold_days, most_files and most_gigabytes to whole numbers. `digest` covers terms and who proposed
    them when. From `due_at` on the worker looks again; `files_now` and `bytes_now` are what it found last (None: it has not
    looked yet), `hindrance` why it put nothing aside then: the code of a condition, or '' where nothing stood in its way.
    After `ask_again_at` an answer of before that was no, or that never came, keeps it from asking no longer.
    """

    name = models.CharField(max_length=32, primary_key=True)
    is_on = models.BooleanField(default=False)
    terms = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64, default="", blank=True)
    approved_by = models.CharField(max_length=150, default="", blank=True)
    approved_at = models.DateTimeField(null=True)
    proposed = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    proposed_digest = models.CharField(max_length=64, default="", blank=True)
    proposed_by = models.CharField(max_length=150, default="", blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_why = models.TextField(default="", blank=True)
    due_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    files_now = models.IntegerField(null=True)
    bytes_now = models.BigIntegerField(null=True)
    hindrance = models.CharField(max_length=64, default="", blank=True)
    ask_again_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} ({'on' if self.is_on else 'off'})"


class EmergencyNotice(models.Model):
    """What everybody is told for a day: who frees space at once, and why. `bytes_freed` None: the run is not over yet."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="notice")
    shown_until = models.DateTimeField(db_index=True)
    bytes_freed = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"notice of {self.run_id}"
